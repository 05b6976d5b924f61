#include "pgha/err.h"

#include "pgha/arena.h"

#undef err_set
#undef err_wrap

bool err_set(struct err *err, struct arena *arena, enum err_kind kind, const char *format, ...)
{
    if (err) {
        va_list list;

        va_start(list, format);
        err->message = arena_vprintf(arena, format, list);
        va_end(list);
        err->kind = kind;
    }
    return false;
}

bool err_wrap(struct err *err, struct arena *arena, const char *format, ...)
{
    if (err) {
        va_list list;

        va_start(list, format);
        const char *prefix = arena_vprintf(arena, format, list);
        va_end(list);
        err->message = arena_printf(arena, "%s: %s", prefix, err->message);
    }
    return false;
}
