/* What readers of JSON outputs share beyond schema/json. */
#ifndef SCHEMA_FORMATS_READER_JSON_H
#define SCHEMA_FORMATS_READER_JSON_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/json/json.h"

/* A number, also written as a string; NAN for null, missing and "Unknown", "N/A", "". -ERR_DATA with path otherwise. */
int reader_member_number(const struct json *object, const char *path, const char *key, double *ret,
                         struct err *err) must_check;
/* As reader_member_number, but strings are wrong and NaN and Infinity say so in *ret_not_finite. */
int reader_member_figure(const struct json *object, const char *path, const char *key, double *ret,
                         bool *ret_not_finite, struct err *err) must_check;
/* Puts an unknown member into a list when it is a number, a boolean or a word and names nobody; false otherwise. */
bool reader_take_parameter(struct arena *arena, struct parameter_list *list, const struct json *member);

#endif
