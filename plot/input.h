/* Tidy data from CSV or JSON, as text cells under named columns. */
#ifndef PLOT_INPUT_H
#define PLOT_INPUT_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

struct plot_input {
    struct arena arena;
    const char *name;     /* for messages */
    const char *subject;  /* what a table of crosschip-analyze is about; NULL = not stated */
    const char *baseline; /* the row that such a table's factors refer to, "M2 (8C/10G), Metal"; NULL = not stated */
    const char **columns;
    size_t column_count, column_capacity;
    const char **cells; /* row by row, column_count each; NULL = empty */
    size_t row_count, cell_capacity;
    int *lines; /* of each row in the file; 0 = not known */
    size_t line_capacity;
};

void plot_input_done(struct plot_input *input);
#define autoinput cleanup(plot_input_done)

/* CSV with a header line, or JSON: an array of flat objects, or an object that holds one (what crosschip-analyze
 * prints with --json). Told apart by the first character. */
int plot_input_read(const char *path, struct plot_input *ret, struct err *err) must_check;
/* SIZE_MAX when there is no such column; case is ignored. */
size_t plot_input_column(const struct plot_input *input, const char *name);
const char *plot_input_cell(const struct plot_input *input, size_t row, size_t column);
/* The number of a cell: NAN when it is empty or says that there is none (null, NaN, n/a, -); -ERR_DATA
 * with line and column name when it is something else. */
int plot_input_number(const struct plot_input *input, size_t row, size_t column, double *ret,
                      struct err *err) must_check;

#endif
