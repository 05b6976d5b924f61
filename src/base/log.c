#include "pgha/log.h"

#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/terminal.h"
#include "pgha/utf8.h"

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_DEBUG:
        return "DEBUG";
    case LOG_LEVEL_INFO:
        return "INFO";
    case LOG_LEVEL_WARNING:
        return "WARNING";
    case LOG_LEVEL_ERROR:
        break;
    }
    return "ERROR";
}

void log_write(const struct log *log, enum log_level level, const char *format, ...)
{
    struct timeval now;
    struct tm local;
    char stamp[sizeof "2026-11-23 05:19:00"];
    va_list list;

    if (!log || !log->stream || (int)level < log->level)
        return;
    gettimeofday(&now, NULL);
    localtime_r(&now.tv_sec, &local);
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &local);
    struct arena *arena = arena_new(NULL);
    struct str line;
    str_init(&line, arena);
    str_printf(&line, "%s,%03ld - %s - ", stamp, (long)(now.tv_usec / 1000), level_name(level));
    va_start(list, format);
    str_vprintf(&line, format, list);
    va_end(list);
    str_add_char(&line, '\n');
    if (terminal_is(log->stream)) /* a member's name must not be able to move the cursor */
        utf8_clean_line(&line);
    fwrite(line.text, 1, line.length, log->stream);
    fflush(log->stream);
    arena_free(arena);
}
