#include "schema/read/inflate.h"

#include <string.h>

#include "schema/base/mem.h"
#include "schema/read/inflate_internal.h"

static bool begins_with(const void *bytes, size_t size, const char *magic, size_t length)
{
    return size >= length && memcmp(bytes, magic, length) == 0;
}

enum read_coding read_coding_of(const void *bytes, size_t size)
{
    if (begins_with(bytes, size, "\x1F\x8B", 2))
        return READ_GZIP;
    if (begins_with(bytes, size, "\x28\xB5\x2F\xFD", 4))
        return READ_ZSTD;
    /* Skippable frames have sixteen magic numbers; none of them is how a text begins. */
    if (size >= 4 && begins_with((const char *)bytes + 1, size - 1, "\x2A\x4D\x18", 3) &&
        (((const unsigned char *)bytes)[0] & 0xF0) == 0x50)
        return READ_ZSTD;
    if (begins_with(bytes, size, "PK\x03\x04", 4) || begins_with(bytes, size, "PK\x05\x06", 4))
        return READ_ZIP;
    return READ_PLAIN;
}

const char *read_coding_name(enum read_coding coding)
{
    switch (coding) {
    case READ_GZIP:
        return "gzip";
    case READ_ZSTD:
        return "Zstandard";
    case READ_ZIP:
        return "zip";
    case READ_PLAIN:
        break;
    }
    return "plain";
}

int inflate_corrupt(const char *what, struct err *err)
{
    return err_set(err, ERR_SYNTAX, "%s", what);
}

int inflate_refuse(enum err_code code, const char *what, const char *hint, struct err *err)
{
    int r = err_set(err, code, "%s", what);
    return err == NULL ? r : err_hint(err, "%s", hint);
}

int inflate_put(struct inflate_target *target, const void *bytes, size_t length, struct err *err)
{
    if (length > target->max - target->written)
        return inflate_refuse(ERR_LIMIT, target->reason, "decompress it first, and look at what is in it", err);
    target->written += length;
    buf_add(target->into, bytes, length);
    return buf_check(target->into, err);
}

/* The smaller of both ceilings; which one it was is what the message says. */
static struct inflate_target target_for(size_t size, const struct read_limits *limits, struct buf *into)
{
    struct inflate_target target = {
        .into = into, .max = limits->bytes_out_max, .reason = "decompressed it is larger than the limit"};
    size_t by_ratio =
        limits->ratio_max == 0 || size > SIZE_MAX / limits->ratio_max ? SIZE_MAX : size * limits->ratio_max;
    if (by_ratio < limits->ratio_after)
        by_ratio = limits->ratio_after;
    if (by_ratio < target.max) {
        target.max = by_ratio;
        target.reason = "decompressed it is so much larger that it looks like an attack";
    }
    return target;
}

int read_inflate(enum read_coding coding, const void *bytes, size_t size, const struct read_limits *limits,
                 struct buf *ret, struct err *err)
{
    struct inflate_target target = target_for(size, limits, ret);
    if (coding == READ_PLAIN) {
        target.max = limits->bytes_out_max;
        return inflate_put(&target, bytes, size, err);
    }
    if (size > limits->bytes_in_max)
        return err_set(err, ERR_LIMIT, "%zu compressed bytes are above the limit of %zu", size, limits->bytes_in_max);
    int r = coding == READ_GZIP   ? inflate_gzip(bytes, size, &target, err)
            : coding == READ_ZSTD ? inflate_zstd(bytes, size, &target, err)
                                  : inflate_zip(bytes, size, &target, err);
    return r < 0 && err != NULL ? err_prefix(err, "%s", read_coding_name(coding)) : r;
}

char *read_inner_name(const char *name, const void *bytes, size_t size)
{
    struct str inner = read_zip_name(bytes, size), outer = str_of(name);
    if (inner.len > 0) {
        size_t base = inner.len;
        while (base > 0 && inner.data[base - 1] != '/' && inner.data[base - 1] != '\\')
            base--;
        return mem_strndup(inner.data + base, inner.len - base);
    }
    if (str_ends_with(outer, STR(".gz")))
        outer.len -= strlen(".gz");
    else if (str_ends_with(outer, STR(".zst")))
        outer.len -= strlen(".zst");
    return mem_strndup(outer.data, outer.len);
}
