/* Text inside text: a JavaScript string literal in a page, a quoted reply, the
 * body of a mailto link. The unwrapped text knows where each byte came from, so
 * that faults and private stretches are found again in the input. */
#ifndef SCHEMA_FORMATS_UNWRAP_H
#define SCHEMA_FORMATS_UNWRAP_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct unwrapped {
    char *data;      /* owned; NUL behind length */
    size_t *origins; /* owned; origin of each byte, and of the end: length + 1 of them */
    size_t length, capacity, origin_capacity;
    int failed;
};
void unwrapped_done(struct unwrapped *text);
#define autounwrapped cleanup(unwrapped_done)
struct str unwrapped_text(const struct unwrapped *text);
size_t unwrapped_origin(const struct unwrapped *text, size_t offset);

/* The literal whose opening quote stands at `quote` (' or "): JavaScript's and Python's escapes. Ends with the closing
 * quote, or with the line when there is none; *ret_end is behind it. */
int unwrap_literal(struct str input, size_t quote, struct unwrapped *ret, size_t *ret_end, struct err *err) must_check;
/* Ends a line that `origin` of the input stands for; for texts that are lists of literals. */
void unwrap_end_line(struct unwrapped *text, size_t origin);
/* Mail and issues: "> " at the beginning of lines taken off, no-break spaces and curly quotes made plain. */
int unwrap_mail(struct str input, struct unwrapped *ret, struct err *err) must_check;
/* %XX escapes of a URL. */
int unwrap_percent(struct str input, struct unwrapped *ret, struct err *err) must_check;

#endif
