/* A zip archive with one file (APPNOTE.TXT of PKWARE, sections 4.3 and 4.4): local header, data, perhaps a data
 * descriptor, one entry of the central directory, the end record; nothing before, between or behind. What the central
 * directory states counts, and the local header must agree with it. */
#include <string.h>
#include <zlib.h>

#include "schema/read/inflate_internal.h"

enum {
    LOCAL_SIZE = 30,
    ENTRY_SIZE = 46,
    END_SIZE = 22,
    FLAG_ENCRYPTED = 1,
    FLAG_DESCRIPTOR = 8,
    STORED = 0,
    DEFLATED = 8,
};

struct entry {
    unsigned flags, method;
    uint32_t crc, packed, size;
    struct str name;
    size_t data; /* offset of the packed bytes */
};

static unsigned two(const unsigned char *at)
{
    return (unsigned)at[0] | (unsigned)at[1] << 8;
}

static uint32_t four(const unsigned char *at)
{
    return (uint32_t)two(at) | (uint32_t)two(at + 2) << 16;
}

static bool is(const unsigned char *at, const char *signature)
{
    return memcmp(at, signature, 4) == 0;
}

static int one_file_only(struct err *err)
{
    return inflate_refuse(ERR_SYNTAX, "the archive does not hold exactly one file",
                          "unpack it and give the files themselves", err);
}

/* Where the one entry of the central directory begins. */
static int find_entry(const unsigned char *bytes, size_t size, size_t *ret, struct err *err)
{
    if (size < LOCAL_SIZE + ENTRY_SIZE + END_SIZE)
        return size >= END_SIZE && is(bytes, "PK\5\6") ? one_file_only(err)
                                                       : inflate_corrupt("the archive ends too early", err);
    const unsigned char *end = bytes + size - END_SIZE;
    if (!is(end, "PK\5\6") || two(end + 20) != 0)
        return inflate_corrupt("the archive ends too early, or there are bytes behind its end", err);
    if (two(end + 8) != 1 || two(end + 10) != 1)
        return one_file_only(err);
    uint32_t length = four(end + 12), offset = four(end + 16);
    if (two(end + 4) != 0 || two(end + 6) != 0 || length < ENTRY_SIZE || (size_t)offset + length != size - END_SIZE)
        return inflate_corrupt("the directory of the archive is damaged", err);
    *ret = offset;
    return 0;
}

static int read_entry(const unsigned char *bytes, size_t size, size_t at, struct entry *ret, struct err *err)
{
    const unsigned char *head = bytes + at;
    struct entry entry = {.flags = two(head + 8), .method = two(head + 10), .crc = four(head + 16)};
    entry.packed = four(head + 20);
    entry.size = four(head + 24);
    size_t name = two(head + 28), rest = (size_t)two(head + 30) + two(head + 32);
    if (!is(head, "PK\1\2") || ENTRY_SIZE + name + rest != size - END_SIZE - at || four(head + 42) != 0)
        return inflate_corrupt("the directory of the archive is damaged", err);
    if (entry.packed == UINT32_MAX || entry.size == UINT32_MAX)
        return inflate_corrupt("archives of the zip64 form are not read", err);
    entry.name = str_slice((const char *)head + ENTRY_SIZE, name);
    *ret = entry;
    return 0;
}

/* The local header says the same, and header, data, descriptor and directory follow one another without a gap. */
static int read_local(const unsigned char *bytes, size_t directory, struct entry *entry, struct err *err)
{
    size_t name = two(bytes + 26), rest = two(bytes + 28);
    bool same = is(bytes, "PK\3\4") && two(bytes + 6) == entry->flags && two(bytes + 8) == entry->method &&
                name == entry->name.len && LOCAL_SIZE + name + rest <= directory &&
                str_equal(str_slice((const char *)bytes + LOCAL_SIZE, name), entry->name);
    if (!same)
        return inflate_corrupt("the header of the file and the directory of the archive differ", err);
    entry->data = LOCAL_SIZE + name + rest;
    if (entry->packed > directory - entry->data)
        return inflate_corrupt("the archive ends too early", err);
    size_t gap = directory - entry->data - entry->packed;
    bool descriptor = (entry->flags & FLAG_DESCRIPTOR) != 0;
    if (descriptor ? gap != 12 && gap != 16 : gap != 0)
        return inflate_corrupt("there are bytes between the file and the directory of the archive", err);
    return 0;
}

static int find_file(const unsigned char *bytes, size_t size, struct entry *ret, struct err *err)
{
    size_t at = 0;
    int r = find_entry(bytes, size, &at, err);
    if (r == 0)
        r = read_entry(bytes, size, at, ret, err);
    if (r == 0)
        r = read_local(bytes, at, ret, err);
    return r;
}

int inflate_zip(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err)
{
    struct entry entry = {0};
    int r = find_file(bytes, size, &entry, err);
    if (r < 0)
        return r;
    if ((entry.flags & FLAG_ENCRYPTED) != 0)
        return inflate_corrupt("the file in the archive is encrypted", err);
    if (entry.name.len > 0 && entry.name.data[entry.name.len - 1] == '/')
        return one_file_only(err);
    size_t before = target->into->len;
    if (entry.method == STORED)
        r = entry.packed == entry.size ? inflate_put(target, bytes + entry.data, entry.packed, err)
                                       : inflate_corrupt("the stated sizes differ", err);
    else if (entry.method == DEFLATED)
        r = inflate_raw(bytes + entry.data, entry.packed, target, err);
    else
        r = inflate_corrupt("the file in the archive is neither stored nor deflated", err);
    if (r < 0)
        return r;
    const struct str out = str_slice(buf_text(target->into) + before, target->into->len - before);
    if (out.len != entry.size || crc32(0, (const unsigned char *)out.data, (unsigned)out.len) != entry.crc)
        return inflate_corrupt("the data is damaged: its size or checksum is not the stated one", err);
    return 0;
}

struct str read_zip_name(const void *bytes, size_t size)
{
    struct entry entry = {0};
    if (read_coding_of(bytes, size) != READ_ZIP || find_file(bytes, size, &entry, NULL) < 0)
        return (struct str){0};
    return entry.name;
}
