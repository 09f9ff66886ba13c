/* Tables: content first, then printers for Markdown, CSV, JSON and the terminal.
 *
 * A table owns its cells and copies of all texts in one arena. Texts are raw (untrusted); every
 * printer encodes them for its context. A number carries its exact value, for CSV and JSON, and
 * the decimals for people. */
#ifndef SCHEMA_TEXT_TABLE_H
#define SCHEMA_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/json/json_write.h"

enum table_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
enum cell_kind {
    CELL_MISSING, /* "–" for people, empty in CSV, null in JSON */
    CELL_TEXT,
    CELL_NUMBER,
    CELL_INTEGER
};

struct table_column {
    const char *key;   /* CSV header and JSON member: snake case with the unit, "bandwidth_gb_s" */
    const char *title; /* heading for people; NULL = only in CSV and JSON */
    enum table_align align;
    bool people_only; /* not in CSV and JSON */
    bool whole;       /* a terminal shows its texts to the end */
    size_t factor_of; /* 1 + the column whose value it is made of; 0 = it holds no factors */
    int better;       /* 1: more of that value is better, -1: less */
};
struct table_cell {
    enum cell_kind kind;
    const char *text; /* CELL_TEXT: raw; of a number: how people read it, NULL = made from decimals */
    double number;
    int64_t integer;
    int decimals;
    bool bold;
    const char *note; /* name of a footnote, [^note] in Markdown; NULL = none */
};
struct table {
    struct arena arena;
    const char *caption; /* for the terminal and JSON; may be NULL */
    struct table_column *columns;
    size_t column_count, column_capacity;
    struct table_cell *cells; /* row by row, column_count each */
    size_t row_count, cell_capacity;
    size_t filled;      /* cells of the last row that are set */
    const char **notes; /* lines below the table in the terminal */
    size_t note_count, note_capacity;
};

void table_init(struct table *table, const char *caption);
void table_done(struct table *table);
#define autotable cleanup(table_done)

/* All columns first, then rows; each table_put_* fills the next cell of the row that table_row began. */
void table_column(struct table *table, const char *key, const char *title, enum table_align align);
void table_column_for_people(struct table *table, const char *title, enum table_align align);
void table_column_whole(struct table *table); /* the column added last: ids to copy, sentences */
/* The column added last holds factors of the values in column number `value`, greater is better. */
void table_factor_of(struct table *table, size_t value, bool more_is_better);
void table_row(struct table *table);
void table_put_missing(struct table *table);
void table_put_text(struct table *table, const char *text); /* NULL: missing */
/* Not finite: missing. `shown` may be NULL. */
void table_put_number(struct table *table, double number, int decimals, const char *shown);
void table_put_integer(struct table *table, int64_t integer); /* negative: missing */
/* Gives the numbers of a column, when all stand there, the one count of decimals that they deserve
 * (figure_column_decimals); those that were put with a text keep it. */
void table_even_decimals(struct table *table, size_t column);
void table_mark_bold(struct table *table);                   /* the cell put last */
void table_mark_note(struct table *table, const char *name); /* the cell put last */
void table_note(struct table *table, const char *text);
int table_check(const struct table *table, struct err *err) must_check;
/* The cell of a row and column, for tests and printers. */
const struct table_cell *table_at(const struct table *table, size_t row, size_t column);

void table_print_markdown(const struct table *table, struct buf *into);
void table_print_csv(const struct table *table, struct buf *into);
/* Several tables: a first column "table" has the caption of each. Tables with equal headers stand together below one
 * header; an empty line stands before another header. */
void tables_print_csv(const struct table *tables, size_t count, struct buf *into);
/* An array of objects, keys in the order of the columns. */
void table_print_json(const struct table *table, struct buf *into);
/* One such object a line. */
void table_print_ndjson(const struct table *table, struct buf *into);
/* The same as a value inside a larger document. */
void table_write_json(const struct table *table, struct json_writer *writer);
void table_print_text(const struct table *table, struct buf *into);

#define TABLE_NO_ROW ((size_t)-1)
/* How a table becomes HTML. Ids and addresses are given by the caller; both functions may be NULL. */
struct table_html {
    const char *id, *caption; /* the caption is untrusted */
    size_t head_column;       /* whose cells head their rows */
    size_t base_row;          /* of the baseline; TABLE_NO_ROW = none */
    bool tools;               /* a script may add a filter and the choice of a baseline */
    const char *notes;        /* page that explains the notes; NULL = notes are left out */
    void *context;
    void (*link)(void *context, size_t row, size_t column, struct buf *into); /* nothing: no link */
    void (*row_name)(void *context, size_t row, struct buf *into);            /* id of the row */
};
void table_print_html(const struct table *table, const struct table_html *how, struct buf *into);

#endif
