/* Rows of Markdown tables, as tools print them and people paste them. */
#ifndef SCHEMA_FORMATS_MARKDOWN_ROW_H
#define SCHEMA_FORMATS_MARKDOWN_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

#define MARKDOWN_CELLS_MAX 64

struct markdown_row {
    struct str cells[MARKDOWN_CELLS_MAX]; /* trimmed, without bold and code marks; \| still escaped */
    size_t count;
    bool rule; /* | --- | ---: | */
};

/* The line without blanks and quote marks ("> ") at its beginning. */
struct str markdown_unquote(struct str line);
/* False when the line is no row of a table. */
bool markdown_read_row(struct str line, struct markdown_row *ret);
/* A row without bars at its ends, or with tabs in their place, as a table is copied from a page that shows it; at least
 * three cells. */
bool markdown_read_bare_row(struct str line, struct markdown_row *ret);
/* Index of the cell with that text, SIZE_MAX when there is none. */
size_t markdown_find_cell(const struct markdown_row *row, const char *text);
/* The cell as text, \| as |. */
char *markdown_cell_text(struct arena *arena, struct str cell);

#endif
