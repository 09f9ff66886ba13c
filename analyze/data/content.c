#include "analyze/data/content.h"

#include <stdint.h>

#include "schema/base/str.h"

#define HASHED_AT_ONCE ((size_t)64 << 10)

void content_done(struct content *content)
{
    buf_done(&content->pending);
}

static void fold(struct content *content)
{
    const struct str parts[] = {str_slice((const char *)content->chain.bytes, sizeof(content->chain.bytes)),
                                str_slice(buf_text(&content->pending), content->pending.len)};

    content->failed = content->failed || content->pending.failed != 0;
    content->chain = sha256_of_parts(parts, ARRAY_LENGTH(parts));
    buf_reset(&content->pending);
}

void content_add(struct content *content, const void *bytes, size_t length)
{
    const uint64_t head = bytes != NULL ? length : UINT64_MAX;

    if (content == NULL)
        return;
    buf_add(&content->pending, &head, sizeof(head));
    if (bytes != NULL)
        buf_add(&content->pending, bytes, length);
    if (content->pending.len >= HASHED_AT_ONCE || content->pending.failed != 0)
        fold(content);
}

void content_add_text(struct content *content, const char *text)
{
    content_add(content, text, str_of(text).len);
}

bool content_hash(struct content *content, struct sha256 *ret)
{
    fold(content);
    *ret = content->chain;
    return !content->failed;
}
