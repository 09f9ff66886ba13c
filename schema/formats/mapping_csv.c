/* Foreign CSV: commas, semicolons or tabs, whichever the header has most of; every row as wide as the header. */
#include "schema/formats/mapping_row.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/lines.h"
#include "schema/read/csv.h"

struct table {
    struct csv_reader csv;
    struct csv_record header;
    struct arena arena; /* of the header */
    size_t columns[MAPPING_ITEMS_MAX];
};
struct table_row {
    const struct table *table;
    const struct csv_record *record;
};

static size_t count_of(struct str line, char separator)
{
    size_t count = 0;
    for (size_t i = 0; i < line.len; i++)
        count += line.data[i] == separator;
    return count;
}

static char separator_of(struct str line)
{
    size_t commas = count_of(line, ','), tabs = count_of(line, '\t'), semicolons = count_of(line, ';');
    if (semicolons > commas && semicolons > tabs)
        return ';';
    return tabs > commas ? '\t' : ',';
}

static bool holds(const struct csv_record *header, const char *column)
{
    return csv_column(header, column) != SIZE_MAX;
}

/* The first line that holds every column which is mapped: in front of it may stand words of a log. */
static int find_header(const struct mapping *mapping, struct str text, struct table *table, struct err *err)
{
    struct lines lines = lines_of(text);
    struct line line;
    while (lines_next(&lines, &line)) {
        if (line.number > 200)
            break;
        struct csv_reader reader = csv_reader(str_slice(text.data + line.begin, text.len - line.begin));
        reader.separator = separator_of(line.text);
        reader.line = line.number;
        struct csv_record header = {0};
        arena_done(&table->arena);
        if (str_trim(line.text).len == 0 || csv_next(&reader, &table->arena, &header, NULL) <= 0)
            continue;
        size_t found = 0;
        for (size_t i = 0; i < mapping->count; i++)
            found += mapping->items[i].column != NULL && holds(&header, mapping->items[i].column);
        if (found < mapping->columns)
            continue;
        table->csv = reader;
        table->header = header;
        return 0;
    }
    (void)err;
    return -ERR_DATA;
}

/* The header as it would be, without the columns: for the message. */
static int no_header(const struct mapping *mapping, struct str text, struct err *err)
{
    struct lines lines = lines_of(text);
    struct line line = {0};
    while (lines_next(&lines, &line) && str_trim(line.text).len == 0)
        ;
    char names[241];
    struct arena arena = {0};
    struct csv_record header = {0};
    struct csv_reader reader = csv_reader(line.text);
    reader.separator = separator_of(line.text);
    (void)text_of(names, sizeof names, line.text);
    bool readable = csv_next(&reader, &arena, &header, NULL) > 0;
    const char *missing = NULL;
    for (size_t i = 0; i < mapping->count && missing == NULL; i++)
        if (mapping->items[i].column != NULL && !(readable && holds(&header, mapping->items[i].column)))
            missing = mapping->items[i].column;
    int result = mapping_no_column(missing != NULL ? missing : "", names, err);
    arena_done(&arena);
    (void)err_at(err, line.number, 0);
    return result;
}

static bool parse_list(struct str text, struct arena *arena, struct mapping_cell *cell)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == ' ' || text.data[i] == ';';
    double *list = arena_alloc(arena, count, sizeof *list);
    for (cell->list_count = 0; list != NULL && text.len > 0;) {
        size_t at = 0;
        while (at < text.len && text.data[at] != ' ' && text.data[at] != ';')
            at++;
        if (at > 0 && !number_parse_loose(str_slice(text.data, at), &list[cell->list_count]))
            return false;
        cell->list_count += at > 0;
        at += at < text.len;
        text = str_slice(text.data + at, text.len - at);
    }
    cell->list = list;
    return list != NULL && cell->list_count > 0;
}

static bool lookup(void *context, size_t index, struct mapping_cell *ret)
{
    const struct table_row *row = context;
    size_t column = row->table->columns[index];
    const char *text = csv_text(row->record, column);
    double number = 0;
    ret->column = (int)column + 1;
    ret->kind = *text == '\0' ? CELL_MISSING : CELL_TEXT;
    ret->text = text;
    if (number_parse_loose(str_trim(str_of(text)), &number)) {
        ret->kind = CELL_NUMBER;
        ret->number = number;
    } else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        ret->kind = CELL_BOOLEAN;
        ret->number = *text == 't';
    }
    return true;
}

struct list_row {
    struct table_row row;
    const struct mapping *mapping;
    struct arena *arena;
};

/* Samples are several numbers in one field. */
static bool lookup_list(void *context, size_t index, struct mapping_cell *ret)
{
    struct list_row *row = context;
    if (!lookup(&row->row, index, ret))
        return false;
    if (strcmp(row->mapping->items[index].field, "samples") == 0 && ret->kind != CELL_MISSING &&
        parse_list(str_trim(str_of(ret->text)), row->arena, ret))
        ret->kind = CELL_LIST;
    return true;
}

static int read_rows(struct mapping_writer *writer, struct table *table, struct err *err)
{
    int result = 0;
    while (result == 0) {
        struct arena arena = {0};
        struct csv_record record = {0};
        int next = csv_next(&table->csv, &arena, &record, err);
        struct list_row row = {{table, &record}, writer->mapping, &arena};
        if (next > 0 && record.count != table->header.count) {
            err_set(err, ERR_DATA, "the row has %zu fields, its header has %zu", record.count, table->header.count);
            err_hint(err, "no column can be trusted in such a row: mend or remove it");
            result = err_at(err, record.line, 0);
        } else if (next > 0) {
            result = mapping_write_row(writer, record.line, lookup_list, &row, err);
        }
        arena_done(&arena);
        if (next <= 0)
            return next;
    }
    return result;
}

static int find_columns(struct mapping_writer *writer, struct table *table, struct err *err)
{
    const struct mapping *mapping = writer->mapping;
    for (size_t i = 0; i < mapping->count; i++)
        if (mapping->items[i].column != NULL)
            table->columns[i] = csv_column(&table->header, mapping->items[i].column);
    for (size_t i = 0; i < table->header.count; i++) {
        const char *name = csv_text(&table->header, i);
        bool used = false;
        for (size_t k = 0; k < mapping->count; k++)
            used = used || (mapping->items[k].column != NULL && table->columns[k] == i);
        bool twin = used && csv_column(&table->header, name) != i;
        for (size_t k = 0; used && k < i; k++)
            twin = twin || text_equal_ignore_case(csv_text(&table->header, k), name);
        if (!used)
            mapping_leave_out(writer->mapped, name);
        for (size_t k = i + 1; used && k < table->header.count; k++)
            twin = twin || text_equal_ignore_case(csv_text(&table->header, k), name);
        if (!twin)
            continue;
        err_set(err, ERR_DATA, "two columns are named %.80s: which is meant cannot be told", name);
        err_hint(err, "give one of them another name");
        return err_at(err, table->header.line, (int)i + 1);
    }
    return 0;
}

int mapping_convert_csv(struct mapping_writer *writer, struct str text, struct err *err)
{
    struct table table = {0};
    int result = find_header(writer->mapping, text, &table, err);
    if (result < 0)
        result = no_header(writer->mapping, text, err);
    if (result == 0)
        result = find_columns(writer, &table, err);
    if (result == 0)
        result = read_rows(writer, &table, err);
    arena_done(&table.arena);
    return result;
}
