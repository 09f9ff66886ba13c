/* Lines of a file of any length, one after the other, in bounded memory. */
#ifndef COLLECTOR_TAKE_LINE_FILE_H
#define COLLECTOR_TAKE_LINE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct line_file {
    int descriptor; /* owned unless standard input */
    char *bytes;
    size_t from, to, capacity; /* bytes[from, to) are read and not given yet */
    size_t max;                /* longest line, and longest whole */
    size_t number;             /* of the line given last, from 1 */
    size_t given;              /* bytes given so far */
    bool ended;
};

/* `path` "-" is standard input. A folder is refused. */
int line_file_open(const char *path, size_t max, struct line_file *ret, struct err *err) must_check;
void line_file_close(struct line_file *lines);
#define autolinefile cleanup(line_file_close)

/* What comes next, without taking it: up to `length` bytes; less only at the end. Valid until the next call. */
int line_file_peek(struct line_file *lines, size_t length, struct str *ret, struct err *err) must_check;
/* 1 and the next line with its line feed (the last one may lack it), 0 at the end, or an error; -ERR_LIMIT for a line
 * above `max`. The text is valid until the next call. */
int line_file_next(struct line_file *lines, struct str *ret, struct err *err) must_check;
/* All that is left; -ERR_LIMIT when it is more than `max`. */
int line_file_rest(struct line_file *lines, struct str *ret, struct err *err) must_check;

#endif
