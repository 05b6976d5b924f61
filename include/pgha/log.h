/*
 * Log lines on stderr, in the form of patronictl's ("2026-11-23 05:19:00,123 - WARNING - text"), filtered by the level
 * that LOGLEVEL, PATRONI_LOGLEVEL and PATRONI_LOG_LEVEL set (the last one wins; WARNING without any).
 */
#ifndef PGHA_LOG_H
#define PGHA_LOG_H

#include <stdarg.h>
#include <stdio.h>

enum log_level { LOG_LEVEL_DEBUG = 10, LOG_LEVEL_INFO = 20, LOG_LEVEL_WARNING = 30, LOG_LEVEL_ERROR = 40 };

/* Lent to everyone through the context; `stream` NULL drops everything. */
struct log {
    FILE *stream;
    int level;
};

void log_write(const struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(log, ...) log_write((log), LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(log, ...) log_write((log), LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warning(log, ...) log_write((log), LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_error(log, ...) log_write((log), LOG_LEVEL_ERROR, __VA_ARGS__)

#endif
