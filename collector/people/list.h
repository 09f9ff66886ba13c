/* Rows of the database as a table for a terminal, or as JSON. */
#ifndef COLLECTOR_PEOPLE_LIST_H
#define COLLECTOR_PEOPLE_LIST_H

#include <stdbool.h>

#include "schema/base/buf.h"
#include "schema/db/db.h"
#include "schema/text/table.h"

enum list_kind { LIST_TEXT, LIST_INTEGER, LIST_TIME, LIST_ID };
struct list_column {
    const char *key, *title;
    int column; /* of the rows */
    enum list_kind kind;
};

/* The columns, then a row for each; the table is an empty one. */
void list_fill(struct table *table, const struct list_column *columns, size_t count, const struct db_result *rows);
/* The next cell: a time to the second, in UTC. */
void list_put_time(struct table *table, const struct db_result *rows, size_t row, int column);
/* Columns that a line may take: 80 where people look, on a terminal; 0 = any number. */
size_t list_width(void);
/* As a table, or, where its lines are longer than `width`, row by row: the first cell, then what is there of the
 * others. */
void list_put(const struct table *table, size_t width, struct buf *into);
/* `nothing` stands in the place of a table without rows, for people. */
int list_print(const struct table *table, bool json, const char *nothing, struct buf *into, struct err *err) must_check;
/* Writes what was collected to standard output. */
int list_show(struct buf *text, struct err *err) must_check;

#endif
