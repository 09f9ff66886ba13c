/* The summary table of BenchmarkDotNet, whatever file shows it. Exports follow the locale: which mark parts the
 * thousands and which the fraction is told by the times of the whole table. */
#ifndef SCHEMA_FORMATS_BENCHMARKDOTNET_TABLE_H
#define SCHEMA_FORMATS_BENCHMARKDOTNET_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

struct bdn_table {
    const struct format_input *input;
    struct reading *reading;
    bool points, commas;           /* marks that times of the table have */
    bool point_parts, comma_parts; /* one of them leaves no doubt that this mark parts the fraction */
};

/* "Mean", also "Mean [us]", is what each benchmark has, and Method its name. */
size_t bdn_find_column(const struct str *names, size_t count, const char *name);
/* Before any row is taken: learns the marks from the times of a row. */
void bdn_learn(struct bdn_table *table, const struct str *names, const struct str *cells, size_t count);
/* A row as a run. Cells lie in the input, so that what is private of them can be marked. */
int bdn_take_row(struct bdn_table *table, const struct str *names, const struct str *cells, size_t count, int line,
                 struct err *err) must_check;

/* "N=10&Kind=fast", or "[N=10, Kind=fast]": the parameters of a benchmark, one after the other. */
struct bdn_parameters {
    struct str rest;
    char separator;
};
struct bdn_parameters bdn_parameters(struct str text);
/* `name` is empty where an item has no equals sign. False at the end. */
bool bdn_next_parameter(struct bdn_parameters *parameters, struct str *ret_item, struct str *ret_name,
                        struct str *ret_value);

#endif
