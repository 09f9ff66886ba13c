#include "schema/base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/mem.h"

void buf_done(struct buf *buf)
{
    free(buf->data);
    *buf = BUF(buf->max);
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->failed = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

static bool resize(struct buf *buf, size_t capacity)
{
    char *moved = realloc(buf->data, capacity);
    if (!moved) {
        buf->failed = (int)ERR_MEMORY;
        return false;
    }
    buf->data = moved;
    buf->capacity = capacity;
    return true;
}

void buf_reserve(struct buf *buf, size_t length)
{
    if (!buf->failed && length <= buf->max && length >= buf->capacity && resize(buf, length + 1))
        buf->data[buf->len] = '\0';
}

void buf_fit(struct buf *buf)
{
    char *fitting = buf->len + 1 < buf->capacity ? realloc(buf->data, buf->len + 1) : NULL;
    if (fitting) {
        buf->data = fitting;
        buf->capacity = buf->len + 1;
    }
}

/* Room for `more` bytes and the NUL; false when the buffer has failed. */
static bool make_room(struct buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    if (more > buf->max || buf->len > buf->max - more || buf->max == SIZE_MAX) {
        buf->failed = (int)ERR_LIMIT;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->capacity)
        return true;
    size_t wanted = buf->capacity < 32 ? 64 : buf->capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    if (wanted > buf->max + 1)
        wanted = buf->max + 1;
    return resize(buf, wanted);
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
    if (!make_room(buf, length))
        return;
    if (length > 0)
        memcpy(buf->data + buf->len, bytes, length);
    buf->len += length;
    buf->data[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
    if (text)
        buf_add(buf, text, strlen(text));
}

void buf_addc(struct buf *buf, char byte)
{
    buf_add(buf, &byte, 1);
}

void buf_addv(struct buf *buf, const char *format, va_list arguments)
{
    /* Into the room that is there: mostly that is enough. */
    size_t room = buf->failed ? 0 : buf->capacity - buf->len;
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(room > 0 ? buf->data + buf->len : NULL, room, format, arguments);
    bool fits = length >= 0 && (size_t)length < room;
    if (!fits && room > 0)
        buf->data[buf->len] = '\0';
    if (length < 0 && !buf->failed)
        buf->failed = (int)ERR_LIMIT;
    else if (fits)
        buf->len += (size_t)length;
    else if (length >= 0 && make_room(buf, (size_t)length)) {
        (void)vsnprintf(buf->data + buf->len, (size_t)length + 1, format, again);
        buf->len += (size_t)length;
    }
    va_end(again);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_addv(buf, format, arguments);
    va_end(arguments);
}

int buf_check(const struct buf *buf, struct err *err)
{
    if (!buf->failed)
        return 0;
    if (buf->failed == (int)ERR_LIMIT)
        return err_set(err, ERR_LIMIT, "larger than %zu bytes, the limit here", buf->max);
    return mem_error(err);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

char *buf_take(struct buf *buf)
{
    if (buf->failed)
        return NULL;
    if (!buf->data && !make_room(buf, 0))
        return NULL;
    char *bytes = TAKE_PTR(buf->data);
    bytes[buf->len] = '\0';
    *buf = BUF(buf->max);
    return bytes;
}
