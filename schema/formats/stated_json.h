/* Figures and samples out of the members of a JSON object. */
#ifndef SCHEMA_FORMATS_STATED_JSON_H
#define SCHEMA_FORMATS_STATED_JSON_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/formats/documents.h"
#include "schema/formats/given_figures.h"

/* The number of a member; NAN when it is missing or null. NaN and Infinity, also as strings, set *ret_not_finite
 * (which may be NULL). -ERR_DATA with path for any other type. */
int stated_number(const struct json *object, const char *path, const char *key, double *ret, bool *ret_not_finite,
                  struct err *err) must_check;
/* Appends the numbers of a list, and of the lists in it, to the samples; null and NaN are kept as NAN. */
int stated_samples(struct reading *reading, const struct json *list, const char *path, struct stated_figures *stated,
                   struct err *err) must_check;
/* A word, number or boolean as a parameter; a string of digits counts as a number. Any other string stays. */
void stated_parameter(const struct document *document, struct reading *reading, struct parameter_list *list,
                      const struct json *member);
/* Text of a string member, NULL when there is none. */
const char *stated_text(struct reading *reading, const struct json *object, const char *key);
/* A whole number above zero, else COUNT_UNKNOWN. */
int64_t stated_count(const struct json *object, const char *key);

#endif
