/* The query of a request target: name=value pairs, percent-encoded, each name once. */
#ifndef COLLECTOR_HTTP_QUERY_H
#define COLLECTOR_HTTP_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

#define QUERY_VALUE_SIZE 257 /* bytes of a value after decoding, with its NUL */

struct query_value {
    const char *name; /* given; NULL ends the list */
    char text[QUERY_VALUE_SIZE];
    bool given;
};

/* `uri` as it came; fills the values whose names are asked for. ERR_SYNTAX with the name as path: an unknown name, a
 * name twice, a broken encoding, a value that is too long or holds control characters. */
int query_read(const char *uri, struct query_value *values, struct err *err) must_check;
/* A number from `least` to `most`; *ret stays as it is when it was not given. ERR_SYNTAX with the name as path. */
int query_number(const struct query_value *value, int64_t least, int64_t most, int64_t *ret, struct err *err) must_check;

#endif
