/* Compressed bytes in memory, read within limits that are given beforehand.
 *
 * One coding, one layer, one piece: gzip (RFC 1952) with one member, Zstandard (RFC 8878) with one frame, or a zip
 * archive with one file, stored or deflated. Checksums and stated sizes must be right. Refused are second members and
 * frames, skippable frames, bytes behind the end, a Zstandard window above 2^READ_ZSTD_WINDOW_LOG_MAX, encryption,
 * zip64, and more output than the limits allow. Memory: the output so far and a window that the formats bound. */
#ifndef SCHEMA_READ_INFLATE_H
#define SCHEMA_READ_INFLATE_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

#define READ_ZSTD_WINDOW_LOG_MAX 23

enum read_coding {
    READ_PLAIN, /* not compressed */
    READ_GZIP,
    READ_ZSTD,
    READ_ZIP,
};

struct read_limits {
    size_t bytes_in_max;  /* compressed */
    size_t bytes_out_max; /* decompressed */
    size_t ratio_max;     /* bytes out per byte in, … */
    size_t ratio_after;   /* … of an output above so many bytes */
};

/* By the bytes that each format begins with; READ_PLAIN for anything else. */
enum read_coding read_coding_of(const void *bytes, size_t size);
/* "gzip", "Zstandard", "zip", "plain". */
const char *read_coding_name(enum read_coding coding);
/* Appends the decompressed bytes to *ret, whose own ceiling holds as well; READ_PLAIN copies. -ERR_LIMIT when a limit
 * is passed, -ERR_SYNTAX for bytes that are not exactly one piece of this coding, -ERR_MEMORY. After a failure *ret may
 * hold a part. */
int read_inflate(enum read_coding coding, const void *bytes, size_t size, const struct read_limits *limits,
                 struct buf *ret, struct err *err) must_check;
/* The name of the file in a zip archive, a slice of `bytes`; empty when the archive is none or has no name. */
struct str read_zip_name(const void *bytes, size_t size);
/* What the file inside is called: the base name that a zip archive states, else `name` without .gz or .zst. In memory of
 * the caller; NULL = out of memory. */
char *read_inner_name(const char *name, const void *bytes, size_t size) must_check;

#endif
