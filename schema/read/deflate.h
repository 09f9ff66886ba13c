/* Bytes as one gzip member (RFC 1952), without a time or a name: the same bytes give the same member. */
#ifndef SCHEMA_READ_DEFLATE_H
#define SCHEMA_READ_DEFLATE_H

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

/* Appends it to *into. -ERR_MEMORY, -ERR_LIMIT. */
int read_deflate(struct str bytes, struct buf *into, struct err *err) must_check;

#endif
