#include "collector/people/list.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/proof/hash.h"

void list_put_time(struct table *table, const struct db_result *rows, size_t row, int column)
{
    char text[CLOCK_TEXT_SIZE];
    bool missing = db_is_null(rows, row, column);
    table_put_text(table, missing ? NULL : clock_format(text, db_timestamptz(rows, row, column) / 1000000 * 1000000));
}

static void put_id(struct table *table, const struct db_result *rows, size_t row, int column)
{
    struct sha256 hash;
    char id[SHA256_ID_SIZE];
    memcpy(hash.bytes, db_bytes(rows, row, column).data, sizeof hash.bytes); /* its length is a CHECK of the table */
    table_put_text(table, sha256_id(id, &hash));
}

static void put_cell(struct table *table, const struct list_column *column, const struct db_result *rows, size_t row)
{
    switch (column->kind) {
    case LIST_TEXT:
        table_put_text(table, db_text(rows, row, column->column));
        break;
    case LIST_INTEGER:
        table_put_integer(table, db_int64(rows, row, column->column));
        break;
    case LIST_TIME:
        list_put_time(table, rows, row, column->column);
        break;
    case LIST_ID:
        put_id(table, rows, row, column->column);
        break;
    }
}

void list_fill(struct table *table, const struct list_column *columns, size_t count, const struct db_result *rows)
{
    for (size_t i = 0; i < count; i++) {
        table_column(table, columns[i].key, columns[i].title,
                     columns[i].kind == LIST_INTEGER ? ALIGN_RIGHT : ALIGN_LEFT);
        if (columns[i].kind == LIST_ID || i + 1 == count) { /* nothing stands beside the last one */
            table_column_whole(table);
        }
    }
    for (size_t row = 0; row < db_rows(rows); row++) {
        table_row(table);
        for (size_t i = 0; i < count; i++) {
            put_cell(table, &columns[i], rows, row);
        }
    }
}

int list_print(const struct table *table, bool json, const char *nothing, struct buf *into, struct err *err)
{
    if (json) {
        table_print_json(table, into);
    } else if (table->row_count == 0 && nothing != NULL) {
        buf_addf(into, "%s\n", nothing);
    } else {
        table_print_text(table, into);
    }
    return table_check(table, err);
}

int list_show(struct buf *text, struct err *err)
{
    const int code = buf_check(text, err);
    if (code == 0) {
        (void)fwrite(buf_text(text), 1, text->len, stdout);
    }
    return code;
}
