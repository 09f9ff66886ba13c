#include "collector/people/list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/proof/hash.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

enum { LINE_WIDTH = 80, INDENT = 2 };

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

size_t list_width(void)
{
    return isatty(STDOUT_FILENO) ? LINE_WIDTH : 0;
}

static size_t longest_line(struct str text)
{
    size_t longest = 0;
    struct str line;
    while (str_next_line(&text, &line)) {
        const size_t length = utf8_length(line);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Words of one cell; a word that is longer than a line stays whole, so that it can be copied. */
static void add_words(struct str text, size_t width, size_t *column, struct buf *into)
{
    struct str word;
    while (str_next_field(&text, ' ', &word)) {
        const size_t length = utf8_length(word);
        if (length == 0) {
            continue;
        }
        if (*column > INDENT && *column + 1 + length > width) {
            buf_addf(into, "\n%*s", INDENT, "");
            *column = INDENT;
        } else if (*column > INDENT) {
            buf_addc(into, ' ');
            *column += 1;
        }
        buf_add(into, word.data, word.len);
        *column += length;
    }
}

static bool cell_words(const struct table_cell *cell, struct buf *into)
{
    char figure[FIGURE_SIZE];
    buf_reset(into);
    switch (cell->kind) {
    case CELL_TEXT:
        encode_plain(into, str_of(cell->text));
        break;
    case CELL_NUMBER:
        buf_adds(into, cell->text != NULL ? cell->text : figure_fixed(figure, cell->number, cell->decimals));
        break;
    case CELL_INTEGER:
        buf_adds(into, figure_count(figure, cell->integer));
        break;
    case CELL_MISSING:
        break;
    }
    return into->len > 0;
}

static void put_row(const struct table *table, size_t row, size_t width, struct buf *into)
{
    autobuf struct buf words = BUF(BUF_MIB);
    size_t column = INDENT;
    size_t cells = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].title == NULL || !cell_words(table_at(table, row, i), &words)) {
            continue;
        }
        if (cells++ == 0) {
            const bool named = !table->columns[i].whole; /* an id says itself what it is */
            buf_addf(into, "%s%s%s\n%*s", named ? table->columns[i].title : "", named ? ": " : "", buf_text(&words),
                     INDENT, "");
            continue;
        }
        if (cells > 2) {
            buf_addc(into, ';');
            column++;
        }
        add_words(str_of(table->columns[i].title), width - 2, &column, into); /* room for the signs behind words */
        buf_addc(into, ':');
        column++;
        add_words(str_slice(buf_text(&words), words.len), width - 1, &column, into);
    }
    buf_addc(into, '\n');
}

void list_put(const struct table *table, size_t width, struct buf *into)
{
    autobuf struct buf text = BUF(64 * BUF_MIB);
    table_print_text(table, &text);
    if (text.failed != 0) {
        into->failed = text.failed;
    } else if (width == 0 || longest_line(str_slice(buf_text(&text), text.len)) <= width) {
        buf_add(into, buf_text(&text), text.len);
    } else {
        for (size_t row = 0; row < table->row_count; row++) {
            put_row(table, row, width, into);
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
        list_put(table, list_width(), into);
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
