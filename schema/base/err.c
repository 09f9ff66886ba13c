#define ERR_IMPLEMENTATION
#include "schema/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"

struct err_facts {
    const char *word;
    int exit_status, http_status;
};

static const struct err_facts err_facts[] = {[ERR_NONE] = {"none", 0, 200},
#define ERR_FACTS(code, word, exit_status, http_status) [code] = {word, exit_status, http_status},
                                             ERR_CODES(ERR_FACTS)
#undef ERR_FACTS
};

static const struct err_facts *facts_of(enum err_code code)
{
    size_t index = (size_t)code;
    return &err_facts[index < ARRAY_LENGTH(err_facts) ? index : ERR_INTERNAL];
}

int err_exit_status(enum err_code code)
{
    return facts_of(code)->exit_status;
}

int err_http_status(enum err_code code)
{
    return facts_of(code)->http_status;
}

const char *err_word(enum err_code code)
{
    return facts_of(code)->word;
}

/* Formats into a buffer of its own first: an argument may point into `target`. */
static void set_part(char *target, size_t size, const char *format, va_list arguments) printf_like(3, 0);
static void set_part(char *target, size_t size, const char *format, va_list arguments)
{
    char raw[1024];
    if (vsnprintf(raw, sizeof raw, format, arguments) < 0)
        raw[0] = '\0';
    text_make_printable(target, size, raw);
}

static void start(struct err *err, enum err_code code)
{
    err->code = code;
    err->line = err->column = 0;
    err->path[0] = err->file[0] = err->detail[0] = err->hint[0] = err->sqlstate[0] = '\0';
}

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (err) {
        va_list arguments;
        va_start(arguments, format);
        set_part(err->text, sizeof err->text, format, arguments);
        va_end(arguments);
        start(err, code);
    }
    return -(int)code;
}

/* strerror_r comes in two forms, and headers decide which one a file sees. */
static unused const char *described_by_status(int status, const char *buffer)
{
    return status == 0 ? buffer : "unknown error";
}

static unused const char *described_by_pointer(const char *text, const char *buffer)
{
    (void)buffer;
    return text;
}

#define DESCRIBE_ERRNO(value, buffer)                                                                                  \
    _Generic(strerror_r((value), (buffer), sizeof(buffer)), int                          \
             : described_by_status, char *                                               \
             : described_by_pointer)(strerror_r((value), (buffer), sizeof(buffer)), (buffer))

int err_set_errno(struct err *err, enum err_code code, int errno_value, const char *format, ...)
{
    if (!err)
        return -(int)code;
    char front[sizeof err->text];
    char reason[128] = "";
    va_list arguments;
    va_start(arguments, format);
    set_part(front, sizeof front, format, arguments);
    va_end(arguments);
    return err_set(err, code, "%s: %s", front, DESCRIBE_ERRNO(errno_value, reason));
}

int err_hint(struct err *err, const char *format, ...)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    va_list arguments;
    va_start(arguments, format);
    set_part(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
    return -(int)err->code;
}

int err_detail(struct err *err, const char *format, ...)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    va_list arguments;
    va_start(arguments, format);
    set_part(err->detail, sizeof err->detail, format, arguments);
    va_end(arguments);
    return -(int)err->code;
}

int err_path(struct err *err, const char *format, ...)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    va_list arguments;
    va_start(arguments, format);
    set_part(err->path, sizeof err->path, format, arguments);
    va_end(arguments);
    return -(int)err->code;
}

int err_file(struct err *err, const char *file)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    if (!err->path[0])
        return err_path(err, "%s", file);
    char shown[sizeof err->file];
    text_make_printable(shown, sizeof shown, file);
    if (strcmp(err->path, shown) != 0)
        text_copy(err->file, sizeof err->file, shown);
    return -(int)err->code;
}

int err_at(struct err *err, int line, int column)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    err->line = line;
    err->column = column;
    return -(int)err->code;
}

int err_prefix(struct err *err, const char *format, ...)
{
    if (!err)
        return -(int)ERR_INTERNAL;
    char front[sizeof err->text];
    char whole[2 * sizeof err->text + 4];
    va_list arguments;
    va_start(arguments, format);
    set_part(front, sizeof front, format, arguments);
    va_end(arguments);
    (void)snprintf(whole, sizeof whole, "%s: %s", front, err->text);
    text_copy(err->text, sizeof err->text, whole);
    return -(int)err->code;
}
