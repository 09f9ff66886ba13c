/* Errors as values: a code, a text, where it happened, and what to do about it.
 *
 * A fallible function takes `struct err *` last and returns 0 (or something
 * positive) when it worked and -code when not. The err may be NULL when the
 * caller only wants the code. Library code never prints and never exits: the
 * `main` of a program prints the err once (`error:`, `detail:`, `hint:`).
 * An err owns nothing; it may be copied and dropped freely. */
#ifndef SCHEMA_BASE_ERR_H
#define SCHEMA_BASE_ERR_H

#include "schema/base/attributes.h"

/* code, word in an HTTP error body, exit status, HTTP status.
 * Exit statuses: DESIGN section 4 and sysexits(3). */
#define ERR_CODES(X)                                                                                                   \
    X(ERR_FOUND, "found", 1, 422)                                                                                      \
    X(ERR_NOTHING, "nothing_comparable", 2, 404)                                                                       \
    X(ERR_USAGE, "usage", 64, 400)                                                                                     \
    X(ERR_DATA, "data", 65, 422)                                                                                       \
    X(ERR_SYNTAX, "syntax", 65, 400)                                                                                   \
    X(ERR_LIMIT, "limit", 65, 413)                                                                                     \
    X(ERR_LENGTH_REQUIRED, "length_required", 65, 411)                                                                 \
    X(ERR_MEDIA_TYPE, "media_type", 65, 415)                                                                           \
    X(ERR_BUNDLE_VERSION, "bundle_version", 75, 422)                                                                   \
    X(ERR_HASH_MISMATCH, "hash_mismatch", 65, 422)                                                                     \
    X(ERR_COLLISION, "id_collision", 65, 409)                                                                          \
    X(ERR_GONE, "gone", 65, 410)                                                                                       \
    X(ERR_NOT_FOUND, "not_found", 65, 404)                                                                             \
    X(ERR_METHOD, "method", 65, 405)                                                                                   \
    X(ERR_SERVICE, "service_missing", 69, 503)                                                                         \
    X(ERR_CANNOT_WRITE, "cannot_write", 73, 503)                                                                       \
    X(ERR_IO, "io", 74, 500)                                                                                           \
    X(ERR_MEMORY, "memory", 74, 503)                                                                                   \
    X(ERR_INTERNAL, "internal", 74, 500)                                                                               \
    X(ERR_RETRY, "retry", 75, 503)                                                                                     \
    X(ERR_NOT_ALLOWED, "not_allowed", 77, 403)

enum err_code {
    ERR_NONE = 0,
#define ERR_ENUM(code, word, exit_status, http_status) code,
    ERR_CODES(ERR_ENUM)
#undef ERR_ENUM
};

struct err {
    enum err_code code;
    int line, column; /* in the input, from 1; 0 = not known */
    char text[400];   /* what is wrong, one line, no full stop */
    char path[256];   /* where: a file, a field such as runs[3].model; may be empty */
    char file[256];   /* the file that the field of `path` stands in; may be empty */
    char detail[400]; /* more about it; may be empty */
    char hint[320];   /* what to do; may be empty */
    char sqlstate[6]; /* of PostgreSQL; empty otherwise */
};

/* Fills `err` (path, detail, hint and position are cleared) and returns -code,
 * so that `return err_set(err, ERR_DATA, "…")` is one statement. Control
 * characters in the result are replaced: it is safe to print. */
int err_set(struct err *err, enum err_code code, const char *format, ...) printf_like(3, 4);
/* As err_set, and adds ": " and the text of `errno_value`. */
int err_set_errno(struct err *err, enum err_code code, int errno_value, const char *format, ...) printf_like(4, 5);
/* Each adds one part to an err that is set, and returns its -code. NULL err: returns -ERR_INTERNAL. */
int err_hint(struct err *err, const char *format, ...) printf_like(2, 3);
int err_detail(struct err *err, const char *format, ...) printf_like(2, 3);
int err_path(struct err *err, const char *format, ...) printf_like(2, 3);
/* Names the file of a fault inside it: as the path where there is none, else beside the field that is there. */
int err_file(struct err *err, const char *file);
int err_at(struct err *err, int line, int column);
/* Puts "text: " in front of the text of an err that is set. */
int err_prefix(struct err *err, const char *format, ...) printf_like(2, 3);

/* The static analyzer sees one file at a time: it is told that these never return 0. */
#if defined(__clang_analyzer__) && !defined(ERR_IMPLEMENTATION)
static inline int err_is_negative(enum err_code code)
{
    return code == ERR_NONE ? -1 : -(int)code;
}
#define err_set(err, code, ...) (err_set((err), (code), __VA_ARGS__), err_is_negative(code))
#define err_set_errno(err, code, ...) (err_set_errno((err), (code), __VA_ARGS__), err_is_negative(code))
#define err_hint(...) (err_hint(__VA_ARGS__), err_is_negative(ERR_INTERNAL))
#define err_detail(...) (err_detail(__VA_ARGS__), err_is_negative(ERR_INTERNAL))
#define err_path(...) (err_path(__VA_ARGS__), err_is_negative(ERR_INTERNAL))
#define err_at(...) (err_at(__VA_ARGS__), err_is_negative(ERR_INTERNAL))
#define err_prefix(...) (err_prefix(__VA_ARGS__), err_is_negative(ERR_INTERNAL))
#endif

int err_exit_status(enum err_code code);
int err_http_status(enum err_code code);
const char *err_word(enum err_code code);

#endif
