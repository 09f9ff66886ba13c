/* Parts of a reading as JSON, written alike in bundles, rows of the database and
 * what the programs print. The writer must stand inside an object. */
#ifndef SCHEMA_BUNDLE_PARTS_JSON_H
#define SCHEMA_BUNDLE_PARTS_JSON_H

#include "schema/bundle/types.h"
#include "schema/json/json_write.h"

/* "name": its number, boolean or word. */
void parameter_write_json(struct json_writer *writer, const struct parameter *parameter);
/* "key": {…} in the order of the list, also when it is empty. */
void parameters_write_json(struct json_writer *writer, const char *key, const struct parameter_list *list);
/* "key": the count, null for COUNT_UNKNOWN. */
void count_write_json(struct json_writer *writer, const char *key, int64_t count);
/* "sample", "population"; NULL when not known. */
const char *stddev_kind_word(enum stddev_kind kind);

#endif
