/* Strings and slices of bytes. A slice owns nothing and need not end in NUL. */
#ifndef SCHEMA_BASE_STR_H
#define SCHEMA_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"

struct str {
    const char *data;
    size_t len;
};

struct str str_of(const char *text); /* NULL: the empty slice */
struct str str_slice(const char *data, size_t length);
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

bool str_equal(struct str a, struct str b);
bool str_equal_ignore_case(struct str a, struct str b); /* ASCII only */
bool str_starts_with(struct str text, struct str prefix);
bool str_ends_with(struct str text, struct str suffix);
struct str str_trim(struct str text); /* ASCII white space at both ends */
/* Where `needle` begins in `text` at or after `from`; SIZE_MAX when it does not. */
size_t str_find(struct str text, struct str needle, size_t from);
bool str_has(struct str text, const char *needle);
size_t str_find_ignore_case(struct str text, struct str needle, size_t from);
/* Takes the next line off *rest (without \n or \r\n); false when none is left. */
bool str_next_line(struct str *rest, struct str *ret_line);
/* Takes the next field up to `separator` off *rest; false when none is left. */
bool str_next_field(struct str *rest, char separator, struct str *ret_field);

/* Plain NUL-terminated helpers; NULL counts as "". */
bool text_equal(const char *a, const char *b);
bool text_equal_ignore_case(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);
bool text_is_empty(const char *text);
/* Orders texts as people do: runs of digits compare as numbers (M2 < M10). */
int text_compare_natural(const char *a, const char *b);
/* By bytes. The second is for bsearch among what it sorted: items are const char *. */
void text_sort(const char **texts, size_t count);
int text_compare_items(const void *left, const void *right);
/* Copies with truncation at a UTF-8 border; always ends in NUL. */
void text_copy(char *target, size_t size, const char *source);
void str_copy(char *target, size_t size, struct str source);
/* As text_copy, safe to print on a terminal: newline and tab become a blank, other
 * control characters and bytes that are no UTF-8 become \\xNN, what utf8_is_unsafe names '?'. */
void text_make_printable(char *target, size_t size, const char *source);

/* UTF-8 (Unicode 15, table 3-7). Decodes one code point of [at, end): returns its
 * length in bytes and the code point, or 0 when the bytes are not valid UTF-8. */
size_t utf8_decode(const char *at, const char *end, uint32_t *ret_code_point);
size_t utf8_encode(uint32_t code_point, char target[4]);
bool utf8_is_valid(struct str text);
size_t utf8_length(struct str text); /* code points; invalid bytes count one each */
/* Characters that change how other text is shown and have no place in a name:
 * C0, DEL, C1, bidi controls, zero-width, line separators, noncharacters
 * (reliability.md 2.5). */
bool utf8_is_unsafe(uint32_t code_point);
bool utf8_is_combining(uint32_t code_point);

#endif
