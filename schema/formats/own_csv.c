/* `crosschip-csv` (OWN_FORMATS.md): a header of known columns and one row a measurement. Samples stand in one field,
 * with blanks or semicolons between. Strict: an unknown column, a ragged row and a wrong value are faults with their
 * line and column. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/lines.h"
#include "schema/formats/own_row.h"
#include "schema/formats/reader.h"
#include "schema/read/csv.h"

#define COLUMNS_MAX ((size_t)512)
#define SAMPLES_MAX ((size_t)1000000)

static struct str unquoted(struct str field)
{
    field = str_trim(field);
    if (field.len > 1 && field.data[0] == '"' && field.data[field.len - 1] == '"')
        field = str_slice(field.data + 1, field.len - 2);
    return field;
}

/* The header names the metric and its figures, and most of its columns are ours. */
static int detect(const struct format_input *input)
{
    struct str rest = input->text, line = {0}, field;
    while (str_trim(line).len == 0)
        if (!str_next_line(&rest, &line))
            return 0;
    if (line.len > 16384)
        return 0;
    size_t known = 0, unknown = 0;
    bool metric = false, figures = false;
    while (str_next_field(&line, ',', &field)) {
        char name[128];
        field = unquoted(field);
        (void)text_of(name, sizeof name, field);
        own_is_field(name) ? known++ : unknown++;
        metric = metric || str_equal(field, STR("metric"));
        figures = figures || str_equal(field, STR("value")) || str_equal(field, STR("samples"));
    }
    return metric && figures && known > 2 * unknown ? 80 : 0;
}

struct table {
    struct csv_reader csv;
    struct csv_record header;
    struct arena header_arena;
    struct reading *reading;
};

static int read_samples(struct table *table, const char *text, struct own_value *value)
{
    struct str rest = str_trim(str_of(text));
    size_t count = 1;
    for (size_t i = 0; i < rest.len; i++)
        count += rest.data[i] == ' ' || rest.data[i] == ';';
    if (count > SAMPLES_MAX)
        return -ERR_LIMIT;
    double *samples = arena_alloc(&table->reading->arena, count, sizeof *samples);
    value->is_list = true;
    value->samples = samples;
    while (samples != NULL && rest.len > 0) {
        size_t at = 0;
        while (at < rest.len && rest.data[at] != ' ' && rest.data[at] != ';')
            at++;
        if (at > 0 && !number_parse_loose(str_slice(rest.data, at), &samples[value->sample_count]))
            return -ERR_DATA;
        value->sample_count += at > 0;
        at += at < rest.len;
        rest = str_slice(rest.data + at, rest.len - at);
    }
    return 0;
}

static int set_field(struct table *table, struct own_row *row, const char *name, const char *text, struct err *err)
{
    struct own_value value = {.text = text, .number = MISSING};
    bool grouped = strchr(name, '.') != NULL;
    text_copy(row->field, sizeof row->field, name);
    if (*text == '\0')
        return strcmp(name, "unit") == 0 ? own_row_set(row, name, &value, err) : 0;
    if (strcmp(name, "samples") == 0 && read_samples(table, text, &value) < 0)
        return err_set(err, ERR_DATA, "samples: expected numbers with blanks or semicolons between");
    if (!number_parse_loose(str_of(text), &value.number)) {
        value.number = MISSING;
        value.not_finite = !grouped && reader_is_not_finite(str_of(text));
        value.is_boolean = grouped && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
        if (value.is_boolean)
            value.number = strcmp(text, "true") == 0 ? 1 : 0;
    }
    return own_row_set(row, name, &value, err);
}

static int check_header(const struct csv_record *header, struct err *err)
{
    if (header->count > COLUMNS_MAX) {
        err_set(err, ERR_LIMIT, "more than %zu columns", COLUMNS_MAX);
        return err_at(err, header->line, 0);
    }
    for (size_t i = 0; i < header->count; i++) {
        const char *name = csv_text(header, i);
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || strcmp(csv_text(header, k), name) == 0;
        if (own_is_field(name) && !again)
            continue;
        err_set(err, ERR_DATA, again ? "column %zu, %.60s, is there twice" : "column %zu, %.60s, is not known", i + 1,
                name);
        err_hint(err, "%s", OWN_HINT);
        return err_at(err, header->line, (int)i + 1);
    }
    return 0;
}

static int read_row(struct table *table, const struct csv_record *record, struct err *err)
{
    struct own_row row;
    if (record->count != table->header.count) {
        err_set(err, ERR_DATA, "the row has %zu fields, its header has %zu", record->count, table->header.count);
        return err_at(err, record->line, 0);
    }
    int result = own_row_begin(table->reading, &row, err);
    for (size_t i = 0; result == 0 && i < record->count; i++)
        result = set_field(table, &row, csv_text(&table->header, i), csv_text(record, i), err);
    if (result == 0)
        result = own_row_measure(&row, err);
    if (result >= 0)
        return 0;
    table->reading->run_count -= row.run != NULL;
    size_t column = csv_column(&table->header, row.field);
    if (err != NULL && err->line == 0)
        err_at(err, record->line, column == SIZE_MAX ? 0 : (int)column + 1);
    return result;
}

static int read_rows(struct table *table, struct err *err)
{
    int result = csv_next(&table->csv, &table->header_arena, &table->header, err);
    if (result == 0)
        return err_set(err, ERR_DATA, "the file is empty");
    if (result > 0)
        result = check_header(&table->header, err);
    while (result >= 0) {
        struct arena arena = {0};
        struct csv_record record = {0};
        int next = csv_next(&table->csv, &arena, &record, err);
        result = next > 0 ? read_row(table, &record, err) : next;
        arena_done(&arena);
        if (next <= 0)
            break;
    }
    return result;
}

/* Folders of private paths, as the fields hold them. */
static void mark_paths(struct reading *reading, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && strchr("\",\r\n", text.data[end]) == NULL)
            end++;
        struct str piece = str_trim(str_slice(text.data + at, end - at)), folder, base;
        if (reader_path_is_private(piece)) {
            reader_split_path(piece, &folder, &base);
            reading_add_private(reading, (size_t)(folder.data - text.data), folder.len, PRIVATE_PATH);
        }
        at = end + 1;
    }
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.csv = csv_reader(input->text)};
    table.reading = lines_reading(&format_crosschip_csv, input);
    if (table.reading == NULL)
        return mem_error(err);
    int result = read_rows(&table, err);
    arena_done(&table.header_arena);
    if (result < 0 && table.reading->run_count == 0) {
        reading_free(table.reading);
        return result;
    }
    mark_paths(table.reading, input->text);
    struct err inner = {0};
    int finished = lines_finish(table.reading, 0, input->text.len, "the file holds a header and no row", into, &inner);
    if (result >= 0 && finished < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

const struct format format_crosschip_csv = {
    .name = "crosschip-csv",
    .tool = "Crosschip",
    .summary = "our own CSV for any benchmark, a row a measurement (OWN_FORMATS.md)",
    .version = 1,
    .detect = detect,
    .read = read_csv,
    .pieces = &(const struct format_pieces){.quoted = true, .carry = lines_carry_first},
};
