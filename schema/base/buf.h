/* A growing byte buffer with a ceiling.
 *
 * `struct buf b = BUF(limit)`; append; at the end buf_check tells whether all
 * fitted. Appending after a failure does nothing, so appends need no check of
 * their own. data is always NUL-terminated once something was appended; len
 * does not count the NUL. buf_done frees; buf_take moves the bytes out. */
#ifndef SCHEMA_BASE_BUF_H
#define SCHEMA_BASE_BUF_H

#include <stddef.h>
#include <stdarg.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct buf {
    char *data;
    size_t len, capacity;
    size_t max; /* largest len */
    int failed; /* 0, ERR_MEMORY or ERR_LIMIT */
};

#define BUF(limit) ((struct buf){.max = (limit)})
#define BUF_MIB ((size_t)1 << 20)
#define autobuf cleanup(buf_done)

void buf_done(struct buf *buf);
void buf_reset(struct buf *buf); /* len 0, failure forgotten, memory kept */
/* Room for `length` bytes in all at once, where they are known; more than `max` is left to what is added. */
void buf_reserve(struct buf *buf, size_t length);
void buf_fit(struct buf *buf); /* gives back the room that is not used: for what is kept for long */
void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char byte);
void buf_addf(struct buf *buf, const char *format, ...) printf_like(2, 3);
void buf_addv(struct buf *buf, const char *format, va_list arguments) printf_like(2, 0);
/* 0, or -ERR_MEMORY / -ERR_LIMIT. */
int buf_check(const struct buf *buf, struct err *err) must_check;
/* The text so far ("" when empty); valid until the next append. */
const char *buf_text(const struct buf *buf);
/* The bytes as an owned, NUL-terminated block (never NULL unless the buffer failed); the buffer is empty afterwards. */
char *buf_take(struct buf *buf);

#endif
