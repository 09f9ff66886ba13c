/* How bundle_read takes members into a reading. Inside the room only. */
#ifndef SCHEMA_BUNDLE_BUNDLE_READ_H
#define SCHEMA_BUNDLE_BUNDLE_READ_H

#include "schema/base/err.h"
#include "schema/bundle/fields.h"
#include "schema/bundle/types.h"
#include "schema/json/json.h"

#define TAKE_PATH_SIZE 96

struct taker {
    struct reading *reading;    /* its arena keeps all strings */
    struct err *err;
};

int take_string(const struct taker *taker, const struct json *object, const char *path, const char *key,
                enum json_presence presence, const char **ret) must_check;
/* A whole number from 0; COUNT_UNKNOWN when missing. */
int take_count(const struct taker *taker, const struct json *object, const char *path, const char *key,
               int64_t *ret) must_check;
int take_fields(const struct taker *taker, const struct json *object, const char *path, const struct field *fields,
                void *into) must_check;
int take_parameters(const struct taker *taker, const struct json *object, const char *path, const char *key,
                    struct parameter_list *into) must_check;
int take_flags(const struct taker *taker, const struct json *object, const char *path, struct flag_list *into)
    must_check;
int take_runs(const struct taker *taker, const struct json *root) must_check;
/* "path.key", or "key" at the top, cut to the size. */
const char *take_path(char target[TAKE_PATH_SIZE], const char *path, const char *key);
int take_over_limit(const struct taker *taker, const char *path, const char *key, size_t limit);

#endif
