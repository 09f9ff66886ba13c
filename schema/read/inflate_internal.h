/* What the files behind inflate.h share. */
#ifndef SCHEMA_READ_INFLATE_INTERNAL_H
#define SCHEMA_READ_INFLATE_INTERNAL_H

#include "schema/read/inflate.h"

/* The output of one piece, and how much of it there may be. */
struct inflate_target {
    struct buf *into;
    size_t written;
    size_t max;         /* of written */
    const char *reason; /* why there may be no more, for the message */
};

/* Appends what a decoder gave; -ERR_LIMIT above the maximum. */
int inflate_put(struct inflate_target *target, const void *bytes, size_t length, struct err *err) must_check;
int inflate_corrupt(const char *what, struct err *err) must_check;
/* Fills *err, which may be NULL; returns -code. */
int inflate_refuse(enum err_code code, const char *what, const char *hint, struct err *err) must_check;

int inflate_gzip(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err) must_check;
int inflate_zstd(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err) must_check;
int inflate_zip(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err) must_check;
/* Deflated bytes without a frame, exactly `size` of them (inflate_gzip.c). */
int inflate_raw(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err) must_check;

#endif
