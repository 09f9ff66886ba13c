/* The contributor's token as it stands in a file: cc1_<8 characters>_<43 characters>
 * (reliability.md 2.8). Never on a command line, never in a message. */
#ifndef SCHEMA_WIRE_TOKEN_H
#define SCHEMA_WIRE_TOKEN_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

#define TOKEN_SIZE (4 + 8 + 1 + 43 + 1)

bool token_is_valid(struct str text);
/* Reads the file; -ERR_NOT_ALLOWED when others may read it, -ERR_DATA when it holds no token. */
int token_read(const char *path, char ret[TOKEN_SIZE], struct err *err) must_check;

#endif
