/* Tables on a terminal: columns as wide as their widest cell, two blanks between. */
#include <stdlib.h>

#include "schema/text/clean.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"
#include "schema/text/table.h"

#define TERMINAL_CELL_MAX ((size_t)48)
#define TERMINAL_WHOLE_MAX ((size_t)1000)
#define TERMINAL_CELL_BYTES (4 * TERMINAL_WHOLE_MAX + 64)
#define HEADING SIZE_MAX

/* Columns that a text takes: combining marks none, East Asian wide characters two (the main blocks of UAX 11). */
static size_t shown_width(struct str text)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;
    size_t width = 0;

    while (cleaner_next(&cleaner, &code_point)) {
        const bool wide =
            (code_point >= 0x1100 && code_point <= 0x115F) || (code_point >= 0x2E80 && code_point <= 0xA4CF) ||
            (code_point >= 0xAC00 && code_point <= 0xD7A3) || (code_point >= 0xF900 && code_point <= 0xFAFF) ||
            (code_point >= 0xFE30 && code_point <= 0xFE6F) || (code_point >= 0xFF00 && code_point <= 0xFF60) ||
            (code_point >= 0x1F300 && code_point <= 0x1FAFF) || (code_point >= 0x20000 && code_point <= 0x3FFFD);

        width += utf8_is_combining(code_point) ? 0 : wide ? 2 : 1;
    }
    return width;
}

/* What stands in a column at a row; row SIZE_MAX is the heading. */
static void cell_text(const struct table *table, size_t row, size_t column, struct buf *into)
{
    char scratch[FIGURE_SIZE];
    const struct table_cell *cell = table_at(table, row, column);

    if (cell == NULL) {
        encode_plain(into, str_of(table->columns[column].title));
        return;
    }
    switch (cell->kind) {
    case CELL_TEXT:
        encode_plain_capped(into, str_of(cell->text),
                            table->columns[column].whole ? TERMINAL_WHOLE_MAX : TERMINAL_CELL_MAX);
        break;
    case CELL_NUMBER:
        buf_adds(into, cell->text != NULL ? cell->text : figure_fixed(scratch, cell->number, cell->decimals));
        break;
    case CELL_INTEGER:
        buf_adds(into, figure_count(scratch, cell->integer));
        break;
    case CELL_MISSING:
        buf_adds(into, FIGURE_MISSING);
        break;
    }
}

static size_t column_width(const struct table *table, size_t column)
{
    autobuf struct buf text = BUF(TERMINAL_CELL_BYTES);
    size_t widest = 0;

    for (size_t i = 0; i <= table->row_count; i++) {
        buf_reset(&text);
        cell_text(table, i == 0 ? HEADING : i - 1, column, &text);
        const size_t width = shown_width(str_of(buf_text(&text)));

        widest = width > widest ? width : widest;
    }
    return widest;
}

static void add_blanks(struct buf *into, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addc(into, ' ');
}

static void put_aligned(struct buf *into, const char *text, size_t width, enum table_align align)
{
    const size_t own = shown_width(str_of(text));
    const size_t gap = width > own ? width - own : 0;

    if (align == ALIGN_RIGHT)
        add_blanks(into, gap);
    buf_adds(into, text);
    if (align != ALIGN_RIGHT)
        add_blanks(into, gap);
}

static void end_line(struct buf *into)
{
    while (into->failed == 0 && into->len > 0 && into->data[into->len - 1] == ' ')
        into->data[--into->len] = '\0';
    buf_addc(into, '\n');
}

static void put_line(const struct table *table, size_t row, const size_t *widths, struct buf *into)
{
    autobuf struct buf text = BUF(TERMINAL_CELL_BYTES);
    const char *gap = "";

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].title == NULL)
            continue;
        buf_reset(&text);
        cell_text(table, row, i, &text);
        buf_adds(into, gap);
        put_aligned(into, buf_text(&text), widths[i], table->columns[i].align);
        gap = "  ";
    }
    end_line(into);
}

void table_print_text(const struct table *table, struct buf *into)
{
    autofree size_t *widths = mem_zalloc(table->column_count + 1, sizeof(*widths));

    if (widths == NULL) {
        into->failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < table->column_count; i++)
        widths[i] = table->columns[i].title != NULL ? column_width(table, i) : 0;
    if (table->caption != NULL) {
        encode_plain(into, str_of(table->caption));
        buf_addc(into, '\n');
    }
    put_line(table, HEADING, widths, into);
    for (size_t row = 0; row < table->row_count; row++)
        put_line(table, row, widths, into);
    for (size_t i = 0; i < table->note_count; i++) {
        encode_plain(into, str_of(table->notes[i]));
        buf_addc(into, '\n');
    }
}
