#include "schema/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/str.h"

#define LINE_SIZE 4096

static atomic_int log_level = LOG_INFO;
static atomic_bool line_open;
static atomic_bool as_json;

void log_set_level(enum log_level level)
{
    atomic_store(&log_level, (int)level);
}

enum log_level log_get_level(void)
{
    return (enum log_level)atomic_load(&log_level);
}

void log_set_line_open(bool open)
{
    atomic_store(&line_open, open);
}

void log_set_json(bool json)
{
    atomic_store(&as_json, json);
}

bool log_has_colour(void)
{
    return isatty(STDERR_FILENO) && text_is_empty(getenv("NO_COLOR")) && !text_equal(getenv("TERM"), "dumb");
}

/* One stdio call a line: lines of several threads do not mix. */
static void print_line(const char *colour, const char *label, const char *text)
{
    const char *clear = atomic_exchange(&line_open, false) ? "\r\033[K" : "";
    bool coloured = *label && *colour && log_has_colour();
    (void)fprintf(stderr, "%s%s%s%s%s%s\n", clear, coloured ? colour : "", label, coloured ? "\033[0m" : "",
                  *label ? " " : "", text);
}

/* A string of JSON; `text` was made printable, so that only two characters need an escape (RFC 8259, section 7). */
own_frame static void add_json(char *line, size_t size, size_t *at, const char *key, const char *text)
{
    char raw[LINE_SIZE];
    text_make_printable(raw, sizeof raw, text);
    int length = snprintf(line + *at, size - *at, "%s\"%s\":\"", *at > 1 ? "," : "", key);
    *at += length > 0 ? (size_t)length : 0;
    for (const char *byte = raw; *byte != '\0' && *at + 8 < size; byte++) {
        if (*byte == '"' || *byte == '\\') {
            line[(*at)++] = '\\';
        }
        line[(*at)++] = *byte;
    }
    line[(*at)++] = '"';
    line[*at] = '\0';
}

static void print_json(const char *level, const char *message, const char *detail, const char *hint)
{
    char line[3 * LINE_SIZE] = "{", time[CLOCK_TEXT_SIZE];
    size_t at = 1;
    add_json(line, sizeof line, &at, "time", clock_format(time, clock_wall_us()));
    add_json(line, sizeof line, &at, "level", level);
    add_json(line, sizeof line, &at, "message", message);
    if (detail[0])
        add_json(line, sizeof line, &at, "detail", detail);
    if (hint[0])
        add_json(line, sizeof line, &at, "hint", hint);
    (void)fprintf(stderr, "%s}\n", line);
}

void log_message(enum log_level level, const char *format, ...)
{
    static const struct {
        const char *colour, *label, *name;
    } looks[] = {
        [LOG_ERROR] = {"\033[1;31m", "error:", "error"},
        [LOG_WARNING] = {"\033[1;33m", "warning:", "warning"},
        [LOG_INFO] = {"", "", "info"},
        [LOG_DEBUG] = {"\033[2m", "debug:", "debug"},
    };
    if (level > log_get_level())
        return;
    char raw[LINE_SIZE], line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    text_make_printable(line, sizeof line, length < 0 ? format : raw);
    if (atomic_load(&as_json)) {
        print_json(looks[level].name, line, "", "");
        return;
    }
    print_line(looks[level].colour, looks[level].label, line);
}

static void print_part(const char *colour, const char *label, const char *text)
{
    char line[LINE_SIZE];
    text_make_printable(line, sizeof line, text);
    print_line(colour, label, line);
}

/* "file:3:14: text (field)", "line 3, column 14: text" or plain text. */
static void format_place(const struct err *err, char *target, size_t size)
{
    char place[sizeof err->path + 48] = "";
    const char *where = err->file[0] ? err->file : err->path;
    if (where[0] && err->line > 0 && err->column > 0)
        (void)snprintf(place, sizeof place, "%s:%d:%d: ", where, err->line, err->column);
    else if (where[0] && err->line > 0)
        (void)snprintf(place, sizeof place, "%s:%d: ", where, err->line);
    else if (where[0])
        (void)snprintf(place, sizeof place, "%s: ", where);
    else if (err->line > 0 && err->column > 0)
        (void)snprintf(place, sizeof place, "line %d, column %d: ", err->line, err->column);
    else if (err->line > 0)
        (void)snprintf(place, sizeof place, "line %d: ", err->line);
    const char *text = err->text[0] ? err->text : err_word(err->code);
    if (err->file[0])
        (void)snprintf(target, size, "%s%s (%s)", place, text, err->path);
    else
        (void)snprintf(target, size, "%s%s", place, text);
}

void log_error(const struct err *err)
{
    char text[sizeof err->text + sizeof err->path + sizeof err->file + 64];
    format_place(err, text, sizeof text);
    if (atomic_load(&as_json)) {
        print_json("error", text, err->detail, err->hint);
        return;
    }
    print_part("\033[1;31m", "error:", text);
    if (err->detail[0])
        print_part("", "detail:", err->detail);
    if (err->hint[0])
        print_part("\033[1;36m", "hint:", err->hint);
}
