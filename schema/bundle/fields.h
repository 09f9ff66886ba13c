/* The plain members of the bundle's structs as tables: the writer, the reader,
 * the validator and bundle_fit all walk the same rows, so that none forgets one.
 * Inside the room only. */
#ifndef SCHEMA_BUNDLE_FIELDS_H
#define SCHEMA_BUNDLE_FIELDS_H

#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_NAME,     /* const char *; 128 bytes, 64 code points, one line */
    FIELD_COUNT,    /* int64_t; COUNT_UNKNOWN is left out */
    FIELD_NUMBER    /* double; NAN is left out */
};
struct field {
    const char *key;            /* NULL ends a table */
    enum field_type type;
    size_t offset;
};

/* In the order in which they are written. */
extern const struct field device_fields[], core_kind_fields[], device_chip_fields[], workload_fields[],
    measurement_fields[];

const char **field_name(void *object, const struct field *field);
int64_t *field_count(void *object, const struct field *field);
double *field_number(void *object, const struct field *field);
const char *field_name_of(const void *object, const struct field *field);
int64_t field_count_of(const void *object, const struct field *field);
double field_number_of(const void *object, const struct field *field);

#endif
