/* Numbers as text, the same in every locale.
 *
 * Shortest decimal that reads back to the same double (Steele & White 1990; here
 * by trying precisions 1 to 17): 0.1 prints as 0.1, 1e23 as 1e+23. Integers up to
 * 2^53 print without exponent or point. */
#ifndef SCHEMA_BASE_NUMBER_H
#define SCHEMA_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/str.h"

#define NUMBER_TEXT_SIZE 32

/* value must be finite (asserted). Returns target. */
const char *number_shortest(char target[NUMBER_TEXT_SIZE], double value);
/* Fixed decimals, "C" locale, true minus is the caller's affair. Returns target. */
const char *number_fixed(char *target, size_t size, double value, int decimals);
/* Whole slice must be a JSON number (RFC 8259 grammar); false otherwise and when it overflows to infinity. */
bool number_parse(struct str text, double *ret_value);
/* As number_parse, and also +1, .5, 5., leading zeros and surrounding blanks, as people and tools write. */
bool number_parse_loose(struct str text, double *ret_value);
bool number_parse_int64(struct str text, int64_t *ret_value);
bool number_parse_uint64_hex(struct str text, uint64_t *ret_value);
/* Bitwise-safe comparisons that say what they mean (-Wfloat-equal). */
bool number_equal(double a, double b);
bool number_is_integer(double value);

#endif
