/* Logs of CI and containers, and quoted mails, put something before each line of
 * what a benchmark printed. */
#ifndef SCHEMA_FORMATS_LINE_PREFIXES_H
#define SCHEMA_FORMATS_LINE_PREFIXES_H

#include <stddef.h>

#include "schema/base/str.h"

/* Takes away what most lines begin with and what is none of them, however often it stands there. Lines stay in number;
 * columns count behind it. `text` is NUL-terminated behind `length`, as what is left is; returns its length. */
size_t line_prefixes_drop(char *text, size_t length);

#endif
