/* Messages to people (stderr). Only the rooms of the programs log; the shared
 * rooms return an err instead. */
#ifndef SCHEMA_BASE_LOG_H
#define SCHEMA_BASE_LOG_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);               /* default LOG_INFO */
enum log_level log_get_level(void);
/* Each message as one line of JSON: {"time","level","message","detail","hint"}; default is text for people. */
void log_set_json(bool json);
/* One line, control characters escaped: "warning: …". INFO has no prefix. */
void log_message(enum log_level level, const char *format, ...) printf_like(2, 3);
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_message(LOG_DEBUG, __VA_ARGS__)
/* Prints error:, detail: and hint: lines. */
void log_error(const struct err *err);
/* A progress bar stands on the terminal's last line: messages clear it first. */
void log_set_line_open(bool open);
/* Colours are wanted: stderr is a terminal that has them, and NO_COLOR is unset or empty. */
bool log_has_colour(void);

#endif
