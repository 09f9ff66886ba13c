/* The content of a table; the printers are in table_print.c. */
#include "schema/text/table.h"

#include <math.h>
#include <string.h>

#include "schema/text/figure.h"

/* A million rows of measurements take 1.3 GiB. */
#define TABLE_BYTES_MAX ((size_t)8 << 30)

void table_init(struct table *table, const char *caption)
{
    memset(table, 0, sizeof(*table));
    arena_init(&table->arena, TABLE_BYTES_MAX);
    table->caption = arena_strdup(&table->arena, caption);
}

void table_done(struct table *table)
{
    arena_done(&table->arena);
    memset(table, 0, sizeof(*table));
}

static struct table_column *add_column(struct table *table, const char *key, const char *title, enum table_align align)
{
    struct table_column *columns =
        arena_grow(&table->arena, table->columns, &table->column_capacity, table->column_count + 1, sizeof(*columns));

    if (columns == NULL)
        return NULL;
    table->columns = columns;
    struct table_column *column = &columns[table->column_count++];

    column->key = arena_strdup(&table->arena, key);
    column->title = arena_strdup(&table->arena, title);
    column->align = align;
    column->people_only = key == NULL;
    return column;
}

void table_column(struct table *table, const char *key, const char *title, enum table_align align)
{
    (void)add_column(table, key, title, align);
}

void table_column_for_people(struct table *table, const char *title, enum table_align align)
{
    (void)add_column(table, NULL, title, align);
}

void table_column_whole(struct table *table)
{
    if (table->arena.failed == 0 && table->column_count > 0)
        table->columns[table->column_count - 1].whole = true;
}

void table_factor_of(struct table *table, size_t value, bool more_is_better)
{
    if (table->arena.failed != 0 || table->column_count == 0)
        return;
    table->columns[table->column_count - 1].factor_of = value + 1;
    table->columns[table->column_count - 1].better = more_is_better ? 1 : -1;
}

void table_even_decimals(struct table *table, size_t column)
{
    struct figure_column figures = {.most = 0};

    if (table->arena.failed != 0 || table->cells == NULL)
        return;
    for (size_t row = 0; row < table->row_count; row++) {
        const struct table_cell *cell = table_at(table, row, column);

        if (cell != NULL && cell->kind == CELL_NUMBER)
            figure_column_add(&figures, cell->number, (double)NAN);
    }
    for (size_t row = 0; row < table->row_count; row++)
        table->cells[row * table->column_count + column].decimals = figure_column_decimals(&figures);
}

void table_row(struct table *table)
{
    const size_t need = (table->row_count + 1) * table->column_count;
    struct table_cell *cells = arena_grow(&table->arena, table->cells, &table->cell_capacity, need, sizeof(*cells));

    if (cells == NULL)
        return;
    table->cells = cells;
    memset(&cells[need - table->column_count], 0, table->column_count * sizeof(*cells));
    table->row_count++;
    table->filled = 0;
}

/* NULL after a failure or when the row is full. */
static struct table_cell *next_cell(struct table *table)
{
    if (table->arena.failed != 0 || table->row_count == 0 || table->filled >= table->column_count)
        return NULL;
    return &table->cells[(table->row_count - 1) * table->column_count + table->filled++];
}

void table_put_missing(struct table *table)
{
    (void)next_cell(table);
}

void table_put_text(struct table *table, const char *text)
{
    struct table_cell *cell = next_cell(table);

    if (cell == NULL || text == NULL)
        return;
    cell->kind = CELL_TEXT;
    cell->text = arena_strdup(&table->arena, text);
}

void table_put_number(struct table *table, double number, int decimals, const char *shown)
{
    struct table_cell *cell = next_cell(table);

    if (cell == NULL || !isfinite(number))
        return;
    cell->kind = CELL_NUMBER;
    cell->number = number;
    cell->decimals = decimals;
    cell->text = arena_strdup(&table->arena, shown);
}

void table_put_integer(struct table *table, int64_t integer)
{
    struct table_cell *cell = next_cell(table);

    if (cell == NULL || integer < 0)
        return;
    cell->kind = CELL_INTEGER;
    cell->integer = integer;
}

static struct table_cell *last_cell(struct table *table)
{
    if (table->arena.failed != 0 || table->row_count == 0 || table->filled == 0)
        return NULL;
    return &table->cells[(table->row_count - 1) * table->column_count + table->filled - 1];
}

void table_mark_bold(struct table *table)
{
    struct table_cell *cell = last_cell(table);

    if (cell != NULL)
        cell->bold = true;
}

void table_mark_note(struct table *table, const char *name)
{
    struct table_cell *cell = last_cell(table);

    if (cell != NULL)
        cell->note = arena_strdup(&table->arena, name);
}

void table_note(struct table *table, const char *text)
{
    const char **notes =
        arena_grow(&table->arena, table->notes, &table->note_capacity, table->note_count + 1, sizeof(*notes));

    if (notes == NULL)
        return;
    table->notes = notes;
    notes[table->note_count++] = arena_strdup(&table->arena, text);
}

int table_check(const struct table *table, struct err *err)
{
    return arena_check(&table->arena, err);
}

const struct table_cell *table_at(const struct table *table, size_t row, size_t column)
{
    if (row >= table->row_count || column >= table->column_count)
        return NULL;
    return &table->cells[row * table->column_count + column];
}
