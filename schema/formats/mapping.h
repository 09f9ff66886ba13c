/* Tables of nobody's format (CSV, JSON, NDJSON), whose columns a person names in our words: --map FIELD=COLUMN, and
 * --set FIELD=VALUE for what no column holds. The rows become a crosschip-json document (OWN_FORMATS.md), which is
 * read, redacted and carried like any other; columns that are not named stay on the machine.
 *
 * FIELD is a field of a row (chip, model, metric, unit, value, parameters.NAME, …) or, for tables with a column a
 * metric, the name of a metric with its unit: time_to_first_token:ms=ttft. The unit may be left out where the column's
 * name ends in it (ttft_ms, decode_tps, "latency (ns)"); it is never guessed from the values. COLUMN is a name of the
 * header or, in JSON, a member's name, with dots for members of members. */
#ifndef SCHEMA_FORMATS_MAPPING_H
#define SCHEMA_FORMATS_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define MAPPING_FORMAT "crosschip-json" /* that mapping_convert writes */
#define MAPPING_ITEMS_MAX 40
#define MAPPING_NAME_MAX 80

struct mapping_item {
    char field[MAPPING_NAME_MAX];
    char unit[24];      /* of a metric, as given; "" = by the column's name */
    const char *column; /* borrowed; NULL: `value` holds for every row */
    const char *value;
    bool metric; /* the field is a metric's name */
};
struct mapping {
    struct mapping_item items[MAPPING_ITEMS_MAX];
    size_t count, columns; /* columns: items that name one */
};

/* "FIELD=COLUMN". -ERR_USAGE for anything else, with the fields that there are. The text is borrowed. */
int mapping_add(struct mapping *mapping, const char *text, struct err *err) must_check;
/* "FIELD=VALUE"; a name that is no field of a row is a parameter's. */
int mapping_set(struct mapping *mapping, const char *text, struct err *err) must_check;

/* The document of all rows, and what was left out. */
struct mapped {
    struct buf document;
    int *lines; /* of each row in the foreign text */
    size_t count, capacity;
    char left_out[400]; /* names of columns that nothing maps, with commas between */
    size_t empty;       /* rows in which no metric had a value */
};
void mapped_done(struct mapped *mapped);
#define automapped cleanup(mapped_done)
/* -ERR_DATA with line and column for a ragged row, a value of the wrong kind, a column that is not there (the header is
 * shown) and a text that is no table; what stood before a fault is in *ret. */
int mapping_convert(const struct mapping *mapping, struct str text, struct mapped *ret, struct err *err) must_check;

#endif
