#include "history.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/clock.h"
#include "pgha/cmd.h"
#include "pgha/conceal.h"
#include "pgha/parse.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* More than that is no history of ours. */
#define MAX_BYTES (4 * 1024 * 1024)
/* For how many seconds the lock is waited for; a prompt is waited for behind it. */
#define OPEN_PATIENCE 1
#define ADD_PATIENCE 0.2
#define LOCK_LOOK 0.02

const char *history_path(struct arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    /* A relative path is invalid there, says the specification, and is to be ignored. */
    if (state && *state == '/')
        return arena_printf(arena, "%s/pgha/history", state);
    return home && *home == '/' ? arena_printf(arena, "%s/.local/state/pgha/history", home) : NULL;
}

static bool make_directories(struct arena *arena, const char *path)
{
    char *copy = arena_strdup(arena, path);

    for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(copy, 0700) && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static void close_file(void *handle)
{
    close(*(int *)handle);
}

/* Another shell needs the lock for a moment only; a process that was stopped may keep it for ever. */
static bool lock(int fd, double patience)
{
    deadline_t deadline = deadline_in(patience);

    while (flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        if (!deadline_left(deadline) || !signals_sleep(deadline_in(LOCK_LOOK))) {
            errno = EWOULDBLOCK;
            return false;
        }
    }
    return true;
}

/* Opens and locks the file; it is closed with the arena. */
static int open_locked(struct arena *arena, const char *path, double patience)
{
    int *fd = arena_alloc(arena, sizeof *fd);
    struct stat info;

    *fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    if (*fd < 0)
        return -1;
    arena_own(arena, fd, close_file);
    if (fstat(*fd, &info))
        return -1;
    if (!S_ISREG(info.st_mode)) {
        errno = EINVAL;
        return -1;
    }
    if (info.st_mode & 077 && fchmod(*fd, 0600))
        return -1;
    return lock(*fd, patience) ? *fd : -1;
}

/* Reads the end of the file, from the beginning of a line on. `*cut` tells whether there is more before it. */
static bool read_end(struct arena *arena, int fd, struct str *text, bool *cut)
{
    char chunk[8192];
    ssize_t length;
    off_t size = lseek(fd, 0, SEEK_END);
    struct str all;

    str_init(&all, arena);
    *cut = size > MAX_BYTES;
    if (size < 0 || lseek(fd, *cut ? size - MAX_BYTES : 0, SEEK_SET) < 0)
        return false;
    while ((length = read(fd, chunk, sizeof chunk)) > 0 && all.length <= MAX_BYTES)
        str_add_bytes(&all, chunk, (size_t)length);
    for (size_t i = 0; i < all.length; i++)
        if (!all.text[i])
            all.text[i] = ' '; /* it would end the text */
    const char *newline = *cut ? strchr(all.text, '\n') : NULL;
    size_t from = newline ? (size_t)(newline + 1 - all.text) : *cut ? all.length : 0;
    str_init(text, arena);
    str_add_bytes(text, all.text + from, all.length - from);
    return length >= 0;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno != EINTR)
            return false;
        text += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* The file is rewritten in place, because another shell may wait for its lock right now. */
static void cut_old(int fd, const struct history *history, const struct str *text)
{
    const char *from = history->count ? history->lines[0] : text->text + text->length;

    if (ftruncate(fd, 0) == 0 && !write_all(fd, from, text->length - (size_t)(from - text->text)))
        errno = 0; /* what could not be written is lost, and nobody can help it */
}

static bool load(struct arena *arena, const char *path, struct history *history)
{
    int fd = open_locked(arena, path, OPEN_PATIENCE);
    struct str text;
    size_t lines = 0;
    bool cut;

    if (fd < 0 || !read_end(arena, fd, &text, &cut))
        return false;
    if (text.length && text.text[text.length - 1] != '\n')
        str_add_char(&text, '\n');
    for (const char *at = text.text; (at = strchr(at, '\n')); at++)
        lines++;
    const char *from = text.text;
    for (size_t skipped = 0; skipped + HISTORY_MOST < lines; skipped++)
        from = strchr(from, '\n') + 1;
    history->lines = arena_calloc(arena, lines < HISTORY_MOST ? lines : HISTORY_MOST, sizeof *history->lines);
    for (const char *end; (end = strchr(from, '\n')); from = end + 1)
        history->lines[history->count++] = from;
    if (cut || lines > HISTORY_MOST)
        cut_old(fd, history, &text);
    for (size_t i = 0; i < history->count; i++)
        history->lines[i] = arena_strndup(arena, history->lines[i], strcspn(history->lines[i], "\n"));
    return true;
}

static const char *reason(int code)
{
    return code == EWOULDBLOCK ? "another process holds its lock" : strerror(code);
}

bool history_open(struct arena *arena, const char *path, struct history *history, struct err *err)
{
    struct arena *scratch = arena_new(NULL);
    struct history found = {.path = path}, kept = {.path = path};
    bool loaded = make_directories(scratch, path) && load(scratch, path, &found);

    if (loaded) {
        kept.lines = arena_calloc(arena, found.count, sizeof *kept.lines);
        for (; kept.count < found.count; kept.count++)
            kept.lines[kept.count] = arena_strdup(arena, found.lines[kept.count]);
        *history = kept;
    } else {
        err_set(err, arena, ERR_FAILED, "the history is not kept: %s: %s", path, reason(errno));
    }
    arena_free(scratch); /* gives up the lock */
    return loaded;
}

/* Whether another program has left the last line without its end. */
static bool is_open_line(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last;

    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

bool history_add(struct arena *arena, struct history *history, const char *line, struct err *err)
{
    size_t length = strlen(line);

    if (!history->path || length > HISTORY_LINE_MOST)
        return true;
    struct arena *scratch = arena_new(arena);
    char *text = arena_printf(scratch, "%s\n", line);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\n')
            text[i] = ' ';
    int fd = open_locked(scratch, history->path, history->failed ? 0 : ADD_PATIENCE);
    bool added = fd >= 0 && (!is_open_line(fd) || write_all(fd, "\n", 1)) && write_all(fd, text, length + 1);
    if (!added)
        err_set(err, arena, ERR_FAILED, "this line is not kept in the history: %s: %s", history->path, reason(errno));
    history->failed = !added;
    arena_free(scratch);
    return added;
}

/* "user:password@" somewhere in the text; a password may have any character but a blank. */
static bool has_credentials(const char *text)
{
    for (const char *at = text; (at = strchr(at, ':')); at++)
        if (!str_starts_with(at, "://") && memchr(at, '@', strcspn(at, " \t\n")))
            return true;
    return false;
}

/* Settings, functions of SQL and options of other programs that come with a secret and whose names do not say so. */
static bool has_secret_name(const char *text)
{
    static const char *const names[] = {"passphrase",  "authentication", "api_key",  "apikey",
                                        "private_key", "encrypt(",       "decrypt(", "hmac("};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasestr(text, names[i]))
            return true;
    const char *joined = strstr(text, " -p"); /* as mysql takes it */
    return *text == '!' && (strstr(text, " -u ") || strstr(text, " --user") || (joined && !strchr(" ", joined[3])));
}

/* Whether the word begins with a name of an option that takes a secret: --name, --name=value, -nvalue. */
static bool names_secret(const struct opt *opts, const char *word)
{
    for (; opts->names; opts++)
        for (const char *name = opts->names; name && opts->secret; name = opt_next_name(name))
            if (strncmp(word, name, strcspn(name, "|")) == 0)
                return true;
    return false;
}

bool history_is_secret(struct arena *arena, const char *line, size_t count, const char *const *words)
{
    const struct cmd *cmd = NULL;
    struct str rest;

    if (isspace((unsigned char)*line))
        return true;
    str_init(&rest, arena);
    for (size_t i = 0; i < count; i++) {
        if (!cmd && words[i][0] != '-')
            cmd = parse_find_command(commands, words[i], differences_for("pgha"));
        if (names_secret(global_opts, words[i]) || (cmd && names_secret(cmd->opts, words[i])))
            return true;
        /* This option of query makes it ask for one, and has none in it. */
        if (!str_equal(words[i], "--password"))
            str_printf(&rest, "%s ", words[i]);
    }
    const char *text = count ? rest.text : line;
    return has_credentials(text) || has_secret_name(text) || conceal_hint(text);
}
