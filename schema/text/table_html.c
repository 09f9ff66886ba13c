/* The HTML printer of tables: real tables that read without a script, with the exact values for one. */
#include <string.h>

#include "schema/base/number.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"
#include "schema/text/table.h"

#define WORD_MOST 16 /* bytes; longer ones may break, or a column would be too wide for a phone */

static const char *class_of(enum table_align align)
{
    static const char *const classes[] = {
        [ALIGN_LEFT] = "", [ALIGN_RIGHT] = " class=\"n\"", [ALIGN_CENTRE] = " class=\"c\""};

    return classes[align];
}

static void put_head(const struct table *table, struct buf *into)
{
    size_t shown = 0;

    buf_adds(into, "<thead>\n<tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_column *column = &table->columns[i];

        if (column->title == NULL)
            continue;
        buf_addf(into, "<th scope=\"col\"%s", class_of(column->align));
        /* Where the script finds the value that a factor is made of: so many shown columns before. */
        if (column->factor_of != 0) {
            size_t before = 0;

            for (size_t j = column->factor_of - 1; j < i; j++)
                before += table->columns[j].title != NULL ? 1 : 0;
            buf_addf(into, " data-value=\"%zu\" data-better=\"%d\"", shown - before, column->better);
        }
        buf_adds(into, ">");
        encode_html(into, str_of(column->title));
        buf_adds(into, "</th>");
        shown++;
    }
    buf_adds(into, "</tr>\n</thead>\n");
}

static void put_exact(const struct table_cell *cell, struct buf *into)
{
    char text[NUMBER_TEXT_SIZE];

    if (cell->kind == CELL_NUMBER)
        buf_addf(into, " data-v=\"%s\"", number_shortest(text, cell->number));
    else if (cell->kind == CELL_INTEGER)
        buf_addf(into, " data-v=\"%lld\"", (long long)cell->integer);
    else if (cell->kind == CELL_MISSING)
        buf_adds(into, " data-v=\"\"");
}

static void put_shown(const struct table_cell *cell, struct buf *into)
{
    char scratch[FIGURE_SIZE];

    if (cell->kind == CELL_TEXT)
        encode_html(into, str_of(cell->text));
    else if (cell->kind == CELL_NUMBER)
        buf_adds(into, cell->text != NULL ? cell->text : figure_fixed(scratch, cell->number, cell->decimals));
    else if (cell->kind == CELL_INTEGER)
        buf_adds(into, figure_count(scratch, cell->integer));
    else
        buf_adds(into, "<span aria-label=\"missing\" role=\"img\">" FIGURE_MISSING "</span>");
}

static void put_note(const char *href, const char *note, struct buf *into)
{
    buf_adds(into, " <sup><a href=\"");
    encode_html(into, str_of(href));
    buf_addc(into, '#');
    encode_html(into, str_of(note));
    buf_adds(into, "\" aria-label=\"Remark: see the explanation\">†</a></sup>");
}

/* "2025-03-09", "llama-bench": a browser would break the line after a hyphen. */
static bool is_one_word(const struct table_cell *cell)
{
    return cell->kind == CELL_TEXT && cell->text != NULL && strlen(cell->text) <= WORD_MOST &&
           strchr(cell->text, '-') != NULL && strchr(cell->text, ' ') == NULL;
}

static void put_cell(const struct table *table, const struct table_html *how, size_t row, size_t column,
                     struct buf *into)
{
    const struct table_cell *cell = table_at(table, row, column);
    const bool heads = column == how->head_column;
    autobuf struct buf href = BUF(4096);

    if (heads)
        buf_addf(into, "<th scope=\"row\"%s", cell->bold ? " class=\"base\"" : "");
    else
        buf_addf(into, "<td%s", is_one_word(cell) ? " class=\"w\"" : class_of(table->columns[column].align));
    put_exact(cell, into);
    buf_adds(into, ">");
    if (how->link != NULL && cell->kind != CELL_MISSING)
        how->link(how->context, row, column, &href);
    if (href.len > 0) {
        buf_adds(into, "<a href=\"");
        encode_html(into, str_of(buf_text(&href)));
        buf_adds(into, "\">");
    }
    put_shown(cell, into);
    buf_adds(into, href.len > 0 ? "</a>" : "");
    if (cell->note != NULL && how->notes != NULL)
        put_note(how->notes, cell->note, into);
    buf_adds(into, heads ? "</th>" : "</td>");
}

static void put_row(const struct table *table, const struct table_html *how, size_t row, struct buf *into)
{
    autobuf struct buf name = BUF(4096);

    if (how->row_name != NULL)
        how->row_name(how->context, row, &name);
    if (name.len > 0) {
        buf_adds(into, "<tr id=\"");
        encode_html(into, str_of(buf_text(&name)));
        buf_adds(into, "\">");
    } else {
        buf_adds(into, "<tr>");
    }
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].title != NULL)
            put_cell(table, how, row, i, into);
    buf_adds(into, "</tr>\n");
}

void table_print_html(const struct table *table, const struct table_html *how, struct buf *into)
{
    buf_addf(into, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    encode_html(into, str_of(how->caption));
    buf_addf(into, "\">\n<table id=\"%s\"", how->id);
    if (how->base_row != TABLE_NO_ROW)
        buf_addf(into, " data-base=\"%zu\"", how->base_row);
    buf_adds(into, how->tools ? " data-tools>\n<caption>" : ">\n<caption>");
    encode_html(into, str_of(how->caption));
    buf_adds(into, "</caption>\n");
    put_head(table, into);
    buf_adds(into, "<tbody>\n");
    for (size_t row = 0; row < table->row_count; row++)
        put_row(table, how, row, into);
    buf_adds(into, "</tbody>\n</table>\n</div>\n");
}
