/* Where the rows of a JSON document are: an array of objects, an object that holds one, or the tables that
 * crosschip-analyze prints, whose metrics are told by name. */
#ifndef PLOT_INPUT_TABLE_H
#define PLOT_INPUT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/mem.h"
#include "schema/json/json.h"

struct input_table {
    const struct json *rows;
    const struct json *metrics; /* objects with "name"; NULL = every key is a column */
    const struct json *table;   /* that of crosschip-analyze; NULL = none */
    const struct json *tables;  /* all of them; NULL = none */
    size_t others;              /* tables that do not go with this one */
};

/* False when there are no rows. */
bool input_table_find(const struct json *root, struct input_table *ret);
/* The rows of the first table (`at` NULL) or of the next one behind `at` that goes with the chosen one, which is one of
 * them: those of crosschip-analyze scaling that tell another generation of the same workload, metric and backend. NULL
 * = no further. */
const struct json *input_table_rows(const struct input_table *table, const struct json **at);
/* The column that a key of a row fills: of a table with metrics "NAME_UNIT" gives NAME, "NAME_UNIT_low" NAME_low,
 * "runs" the runs of its first metric, "backend" the note; NULL = none. In the arena, or the key itself. */
const char *input_table_column(struct arena *arena, const struct input_table *table, const char *key);
/* The row that its factors refer to, as the table names it; NULL = not stated. */
const char *input_table_baseline(struct arena *arena, const struct input_table *table);
/* What the table is about: "Llama 2 7B, Q4_0, tg128"; NULL = not stated. */
const char *input_table_subject(struct arena *arena, const struct input_table *table);

#endif
