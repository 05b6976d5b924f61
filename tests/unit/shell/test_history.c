#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/shell/history.h"
#include "../../../src/shell/words.h"
#include "pgha/arena.h"
#include "pgha/str.h"

static bool is_secret(const char *text)
{
    struct arena *arena = arena_new(NULL);
    struct words_line line = {.count = 0};

    if (text[0] != '!')
        (void)words_split(arena, text, &line);
    bool secret = history_is_secret(arena, text, line.count, line.words);
    arena_free(arena);
    return secret;
}

static void knows_secrets(void **state)
{
    static const char *const secret[] = {
        "-d etcd3://user:x@127.0.0.1:2379 list",
        "--dcs-url=etcd3://user:x@h list",
        "query -d postgres://u:p@h/db -c 'select 1'",
        "-d etcd3://u:p#p/p?p@h list",
        "-d u:p@h list",
        "query -d //u:p@h/db -c 'select 1'",
        "query -c \"ALTER ROLE x PASSWORD 'x'\"",
        "query -c \"alter role x pass\"'word x'",
        "query -d 'host=h password = x'",
        "edit-config -s postgresql.authentication.superuser.password=x",
        "edit-config -p my_token=1",
        "!PGPASSWORD=x psql",
        "edit-config -p passphrase=x",
        "edit-config -s restapi.authentication='u:x'",
        "query -c \"select pgp_sym_encrypt('x', 'y')\"",
        "!curl -u bob:x http://h/",
        "!mysql -px",
        "!curl http://u:p@h/",
        " list",
        "query -c 'PASSWORD",
    };
    static const char *const harmless[] = {
        "list",
        "query --password -U postgres -c 'select 1'",
        "-d etcd3://127.0.0.1:2379/x list",
        "!ls",
        "!mkdir -p x",
        "use a@c",
        "query -c \"select ':x', '@'\"",
        "query -d postgres://user@h/db",
    };

    (void)state;
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (!is_secret(secret[i]))
            fail_msg("kept: %s", secret[i]);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (is_secret(harmless[i]))
            fail_msg("not kept: %s", harmless[i]);
}

struct place {
    char directory[64];
    struct arena *arena;
    const char *path;
};

static struct place place_make(void)
{
    struct place place = {.directory = "/tmp/pgha-history-XXXXXX", .arena = arena_new(NULL)};

    assert_non_null(mkdtemp(place.directory));
    setenv("XDG_STATE_HOME", place.directory, 1);
    place.path = history_path(place.arena);
    return place;
}

static void place_remove(struct place *place)
{
    unlink(place->path);
    rmdir(arena_printf(place->arena, "%s/pgha", place->directory));
    rmdir(place->directory);
    arena_free(place->arena);
}

static mode_t mode_of(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static void keeps_lines_to_itself(void **state)
{
    struct place place = place_make();
    struct history history, again;

    (void)state;
    umask(0);
    assert_true(history_open(place.arena, place.path, &history, NULL));
    assert_int_equal(history.count, 0);
    assert_true(history_add(place.arena, &history, "list", NULL));
    assert_true(history_add(place.arena, &history, "query -c 'select\n1'", NULL));
    assert_int_equal(mode_of(place.path), 0600);
    assert_int_equal(mode_of(arena_printf(place.arena, "%s/pgha", place.directory)), 0700);
    chmod(place.path, 0644);
    assert_true(history_open(place.arena, place.path, &again, NULL));
    assert_int_equal(mode_of(place.path), 0600);
    assert_int_equal(again.count, 2);
    assert_string_equal(again.lines[0], "list");
    assert_string_equal(again.lines[1], "query -c 'select 1'");
    place_remove(&place);
}

/* As an editor may leave the file. */
static void ends_the_line_of_others(void **state)
{
    struct place place = place_make();
    struct history history, again;

    (void)state;
    assert_true(history_open(place.arena, place.path, &history, NULL));
    int fd = open(place.path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "list", 4), 4);
    close(fd);
    assert_true(history_add(place.arena, &history, "history", NULL));
    assert_true(history_add(place.arena, &history, "topology", NULL));
    assert_true(history_open(place.arena, place.path, &again, NULL));
    assert_int_equal(again.count, 3);
    assert_string_equal(again.lines[0], "list");
    assert_string_equal(again.lines[1], "history");
    place_remove(&place);
}

static void forgets_what_is_old(void **state)
{
    struct place place = place_make();
    struct history history;

    (void)state;
    assert_true(history_open(place.arena, place.path, &history, NULL));
    for (int i = 0; i < HISTORY_MOST + 5; i++)
        assert_true(history_add(place.arena, &history, arena_printf(place.arena, "line %d", i), NULL));
    for (int round = 0; round < 2; round++) {
        assert_true(history_open(place.arena, place.path, &history, NULL));
        assert_int_equal(history.count, HISTORY_MOST);
        assert_string_equal(history.lines[0], "line 5");
        assert_string_equal(history.lines[HISTORY_MOST - 1], arena_printf(place.arena, "line %d", HISTORY_MOST + 4));
    }
    place_remove(&place);
}

static void says_why_it_cannot(void **state)
{
    struct place place = place_make();
    struct history history = {.path = NULL};
    struct err err = ERR_INIT;
    const char *path = "/dev/null/pgha/history";

    (void)state;
    assert_false(history_open(place.arena, path, &history, &err));
    assert_string_equal(err.message, "the history is not kept: /dev/null/pgha/history: Not a directory");
    assert_null(history.path);
    assert_true(history_add(place.arena, &history, "list", NULL)); /* nowhere */
    place_remove(&place);
}

/* More than is read, as lines that are too many and as few that are long. */
static void keeps_the_end_of_a_large_file(void **state)
{
    struct place place = place_make();
    struct history history;

    (void)state;
    assert_true(history_open(place.arena, place.path, &history, NULL));
    for (int length = 10; length <= 60000; length *= 6000) {
        FILE *file = fopen(place.path, "w");

        for (long written = 0, i = 0; written < 5L * 1024 * 1024; i++)
            written += fprintf(file, "%ld %*s\n", i, length, "x");
        fwrite("a\0b\nthe newest\n", 1, sizeof "a\0b\nthe newest\n" - 1, file);
        fclose(file);
        for (int round = 0; round < 2; round++) {
            assert_true(history_open(place.arena, place.path, &history, NULL));
            assert_true(history.count > 50 && history.count <= HISTORY_MOST);
            assert_string_equal(history.lines[history.count - 1], "the newest");
            assert_string_equal(history.lines[history.count - 2], "a b");
            assert_true(strtol(history.lines[0], NULL, 10) > 10);
        }
        struct stat info;
        assert_int_equal(stat(place.path, &info), 0);
        assert_true(info.st_size <= 4 * 1024 * 1024);
    }
    place_remove(&place);
}

static void keeps_no_line_without_end(void **state)
{
    struct place place = place_make();
    struct history history;
    char *line = arena_alloc(place.arena, 5 * 1024 * 1024);

    (void)state;
    memset(line, 'x', 5 * 1024 * 1024 - 1);
    assert_true(history_open(place.arena, place.path, &history, NULL));
    assert_true(history_add(place.arena, &history, "list", NULL));
    assert_true(history_add(place.arena, &history, line, NULL));
    assert_true(history_open(place.arena, place.path, &history, NULL));
    assert_int_equal(history.count, 1);
    FILE *file = fopen(place.path, "a");
    fputs(line, file);
    fclose(file);
    assert_true(history_open(place.arena, place.path, &history, NULL));
    assert_int_equal(history.count, 0);
    assert_true(history_add(place.arena, &history, "list", NULL));
    assert_true(history_open(place.arena, place.path, &history, NULL));
    assert_int_equal(history.count, 1);
    place_remove(&place);
}

static void does_not_wait_for_ever(void **state)
{
    struct place place = place_make();
    struct history history = {.path = NULL};
    struct err err = ERR_INIT;

    (void)state;
    assert_true(history_open(place.arena, place.path, &history, NULL));
    int other = open(place.path, O_RDWR);
    assert_int_equal(flock(other, LOCK_EX), 0);
    assert_false(history_add(place.arena, &history, "list", &err));
    assert_non_null(strstr(err.message, "another process holds its lock"));
    assert_true(history.failed);
    assert_false(history_open(place.arena, place.path, &(struct history){.path = NULL}, &err));
    assert_non_null(strstr(err.message, "another process holds its lock"));
    close(other);
    assert_true(history_add(place.arena, &history, "list", NULL));
    assert_false(history.failed);
    place_remove(&place);
}

static void finds_its_place(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    setenv("HOME", "/home", 1);
    setenv("XDG_STATE_HOME", "/state", 1);
    assert_string_equal(history_path(arena), "/state/pgha/history");
    setenv("XDG_STATE_HOME", "relative", 1);
    assert_string_equal(history_path(arena), "/home/.local/state/pgha/history");
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    assert_null(history_path(arena));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_secrets),
        cmocka_unit_test(keeps_lines_to_itself),
        cmocka_unit_test(ends_the_line_of_others),
        cmocka_unit_test(forgets_what_is_old),
        cmocka_unit_test(says_why_it_cannot),
        cmocka_unit_test(keeps_the_end_of_a_large_file),
        cmocka_unit_test(keeps_no_line_without_end),
        cmocka_unit_test(does_not_wait_for_ever),
        cmocka_unit_test(finds_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
