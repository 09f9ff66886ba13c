/* The printers of tables. Numbers of ours need no encoder; every text gets the one of its context. */
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"
#include "schema/text/table.h"

/* How people read a cell: raw text of strangers, or a number's text. */
static const char *cell_shown(const struct table_cell *cell, char scratch[FIGURE_SIZE])
{
    switch (cell->kind) {
    case CELL_TEXT:
        return cell->text;
    case CELL_NUMBER:
        return cell->text != NULL ? cell->text : figure_fixed(scratch, cell->number, cell->decimals);
    case CELL_INTEGER:
        return figure_count(scratch, cell->integer);
    case CELL_MISSING:
        break;
    }
    return FIGURE_MISSING;
}

static void put_markdown_cell(const struct table_cell *cell, struct buf *into)
{
    char scratch[FIGURE_SIZE];
    const char *shown = cell_shown(cell, scratch);
    const char *emphasis = cell->bold && cell->kind != CELL_MISSING ? "**" : "";

    buf_adds(into, emphasis);
    if (cell->kind == CELL_TEXT)
        encode_markdown_cell(into, str_of(shown));
    else
        buf_adds(into, shown);
    buf_adds(into, emphasis);
    if (cell->note != NULL)
        buf_addf(into, "[^%s]", cell->note);
}

static void put_markdown_head(const struct table *table, struct buf *into)
{
    static const char *const rules[] = {[ALIGN_LEFT] = ":---", [ALIGN_RIGHT] = "---:", [ALIGN_CENTRE] = ":---:"};

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].title == NULL)
            continue;
        buf_adds(into, "| ");
        encode_markdown_cell(into, str_of(table->columns[i].title));
        buf_addc(into, ' ');
    }
    buf_adds(into, "|\n");
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].title != NULL)
            buf_addf(into, "|%s", rules[table->columns[i].align]);
    buf_adds(into, "|\n");
}

void table_print_markdown(const struct table *table, struct buf *into)
{
    put_markdown_head(table, into);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].title == NULL)
                continue;
            buf_adds(into, "| ");
            put_markdown_cell(table_at(table, row, i), into);
            buf_addc(into, ' ');
        }
        buf_adds(into, "|\n");
    }
}

static bool is_plain_key(const char *key)
{
    return strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

static void put_csv_cell(const struct table_cell *cell, struct buf *into)
{
    char digits[NUMBER_TEXT_SIZE];

    switch (cell->kind) {
    case CELL_TEXT:
        encode_csv_text(into, str_of(cell->text));
        break;
    case CELL_NUMBER:
        buf_adds(into, number_shortest(digits, cell->number));
        break;
    case CELL_INTEGER:
        buf_addf(into, "%lld", (long long)cell->integer);
        break;
    case CELL_MISSING:
        break;
    }
}

static void put_csv_row(const struct table *table, size_t row, struct buf *into)
{
    const char *separator = "";

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].people_only)
            continue;
        buf_adds(into, separator);
        put_csv_cell(table_at(table, row, i), into);
        separator = ",";
    }
    buf_addc(into, '\n');
}

static void put_csv_header(const struct table *table, struct buf *into)
{
    const char *separator = "";

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].people_only)
            continue;
        buf_adds(into, separator);
        if (is_plain_key(table->columns[i].key))
            buf_adds(into, table->columns[i].key);
        else
            encode_csv_text(into, str_of(table->columns[i].key));
        separator = ",";
    }
    buf_addc(into, '\n');
}

void table_print_csv(const struct table *table, struct buf *into)
{
    put_csv_header(table, into);
    for (size_t row = 0; row < table->row_count; row++)
        put_csv_row(table, row, into);
}

/* The next column that a CSV has, from `at` on. */
static size_t csv_column(const struct table *table, size_t at)
{
    while (at < table->column_count && table->columns[at].people_only)
        at++;
    return at;
}

static bool same_header(const struct table *a, const struct table *b)
{
    size_t i = csv_column(a, 0), j = csv_column(b, 0);

    while (i < a->column_count && j < b->column_count) {
        if (!text_equal(a->columns[i].key, b->columns[j].key))
            return false;
        i = csv_column(a, i + 1);
        j = csv_column(b, j + 1);
    }
    return i == a->column_count && j == b->column_count;
}

static bool header_stands(const struct table *tables, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_header(&tables[i], &tables[at]))
            return true;
    return false;
}

void tables_print_csv(const struct table *tables, size_t count, struct buf *into)
{
    for (size_t first = 0; first < count; first++) {
        if (header_stands(tables, first))
            continue;
        buf_adds(into, first > 0 ? "\ntable," : "table,");
        put_csv_header(&tables[first], into);
        for (size_t i = first; i < count; i++)
            for (size_t row = 0; same_header(&tables[first], &tables[i]) && row < tables[i].row_count; row++) {
                encode_csv_text(into, str_of(tables[i].caption));
                buf_addc(into, ',');
                put_csv_row(&tables[i], row, into);
            }
    }
}

static void put_json_cell(struct json_writer *writer, const struct table_cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT:
        json_write_string(writer, cell->text);
        break;
    case CELL_NUMBER:
        json_write_number(writer, cell->number);
        break;
    case CELL_INTEGER:
        json_write_int(writer, cell->integer);
        break;
    case CELL_MISSING:
        json_write_null(writer);
        break;
    }
}

static void write_json_row(const struct table *table, size_t row, struct json_writer *writer)
{
    json_begin_object(writer);
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].people_only)
            continue;
        json_write_key(writer, table->columns[i].key);
        put_json_cell(writer, table_at(table, row, i));
    }
    json_end_object(writer);
}

void table_write_json(const struct table *table, struct json_writer *writer)
{
    json_begin_array(writer);
    for (size_t row = 0; row < table->row_count; row++)
        write_json_row(table, row, writer);
    json_end_array(writer);
}

void table_print_ndjson(const struct table *table, struct buf *into)
{
    for (size_t row = 0; row < table->row_count; row++) {
        struct json_writer writer = json_writer(into, 0);

        write_json_row(table, row, &writer);
        buf_addc(into, '\n');
    }
}

void table_print_json(const struct table *table, struct buf *into)
{
    struct json_writer writer = json_writer(into, 1);

    table_write_json(table, &writer);
    buf_addc(into, '\n');
}
