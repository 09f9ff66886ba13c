/* llama-bench -o csv: a header line and one quoted row a record; no samples. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/llama_bench_record.h"
#include "schema/formats/reader.h"
#include "schema/read/csv.h"

static struct str line_at(struct str text, size_t at, size_t *ret_begin)
{
    size_t begin = at, end = at;
    while (begin > 0 && text.data[begin - 1] != '\n')
        begin--;
    while (end < text.len && text.data[end] != '\n')
        end++;
    *ret_begin = begin;
    return str_slice(text.data + begin, end - begin);
}

static bool is_header(struct str line)
{
    size_t commas = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && strchr("_,\" .-\r", c) == NULL)
            return false;
        commas += c == ',';
    }
    bool test = str_find(line, STR("n_prompt"), 0) != SIZE_MAX || str_find(line, STR("n_gen"), 0) != SIZE_MAX;
    return commas >= 2 && test;
}

size_t llama_bench_find_csv(struct str text, size_t from)
{
    size_t begin = from;
    for (size_t at = str_find(text, STR("avg_ts"), from); at != SIZE_MAX;) {
        struct str line = line_at(text, at, &begin);
        if (is_header(line))
            return begin;
        at = str_find(text, STR("avg_ts"), begin + line.len);
    }
    return SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    size_t header = llama_bench_find_csv(input->text, 0);
    if (header == SIZE_MAX)
        return 0;
    if (str_trim(str_slice(input->text.data, header)).len == 0)
        return 95;
    return llama_bench_find_table(input->text, 0) < header ? 60 : 85;
}

/* ---------------------------------------------------------------- rows */

struct table {
    struct llama_document *document;
    struct csv_reader csv;
    struct csv_record header;
    size_t header_begin, header_end;
};

/* Lines between the rows that are none: log lines and what redaction left of them. */
static bool is_noise(const struct table *table, struct str line)
{
    line = str_trim(line);
    if (line.len == 0)
        return true;
    size_t commas = 0;
    for (size_t i = 0; i < line.len; i++)
        commas += line.data[i] == ',';
    bool quoted = line.data[0] == '"';
    return commas * 2 < table->header.count && (!quoted || reader_is_placeholder(line.data + 1));
}

/* Moves over noise; false at the end of the table. */
static bool skip_noise(struct table *table)
{
    struct csv_reader *csv = &table->csv;
    while (csv->at < csv->text.len) {
        struct str rest = str_slice(csv->text.data + csv->at, csv->text.len - csv->at), line;
        size_t before = rest.len;
        str_next_line(&rest, &line);
        if (str_starts_with(line, STR("```")))
            return false;
        if (!is_noise(table, line))
            return true;
        csv->at += before - rest.len;
        csv->line++;
    }
    return false;
}

static int ragged(const struct table *table, const struct csv_record *row, struct err *err)
{
    err_set(err, ERR_DATA, "the row has %zu fields, its header has %zu", row->count, table->header.count);
    err_detail(err, "rows read before it: %zu", table->document->count);
    err_hint(err, "no column can be trusted in such a row: remove it, or write the file again with llama-bench -o csv");
    return err_at(err, row->line, 0);
}

static int set_fields(const struct table *table, struct llama_record *record, const struct csv_record *row,
                      struct err *err)
{
    for (size_t i = 0; i < row->count; i++) {
        struct llama_field field = {
            .name = csv_text(&table->header, i),
            .type = LLAMA_UNTYPED,
            .text = csv_text(row, i),
            .type_name = "text",
        };
        if (row->fields[i].len == 0)
            continue;
        int result = llama_record_set(table->document, record, &field, err);
        if (result < 0)
            return result;
    }
    return 0;
}

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    llama_document_private(context, offset, length, kind);
}

/* Folders of paths, in the bytes of the input: quoted fields hold them as they are. */
static void mark_paths(struct table *table, const struct llama_record *record)
{
    struct str text = table->document->input->text;
    size_t at = record->begin;
    reader_find_addresses(str_slice(text.data + at, record->end - at), at, mark, table->document);
    while (at < record->end) {
        size_t end = at;
        while (end < record->end && strchr("\",\n", text.data[end]) == NULL)
            end++;
        struct str piece = str_slice(text.data + at, end - at), folder, base;
        if (reader_path_is_private(piece)) {
            reader_split_path(piece, &folder, &base);
            llama_document_private(table->document, at, folder.len, PRIVATE_PATH);
        }
        at = end + 1;
    }
}

static int read_header(struct table *table, struct err *err)
{
    table->header_begin = table->csv.at;
    int result = csv_next(&table->csv, &table->document->arena, &table->header, err);
    table->header_end = table->csv.at;
    if (result > 0)
        llama_document_need(table->document, table->header_begin, table->header_end);
    return result;
}

static int read_row(struct table *table, struct err *err)
{
    size_t begin = table->csv.at, line_begin = 0;
    if (is_header(line_at(table->csv.text, begin, &line_begin)))
        return read_header(table, err); /* files of several runs appended */
    struct csv_record row;
    int result = csv_next(&table->csv, &table->document->arena, &row, err);
    if (result <= 0)
        return result;
    if (row.count != table->header.count)
        return ragged(table, &row, err);
    struct llama_record *record = llama_document_add(table->document, begin, row.line, "");
    if (record == NULL)
        return mem_error(err);
    record->end = table->csv.at;
    record->context = table->header_begin;
    result = set_fields(table, record, &row, err);
    if (result < 0)
        table->document->count--;
    else
        mark_paths(table, record);
    return result < 0 ? result : 1;
}

static int read_rows(struct llama_document *document, size_t header, struct err *err)
{
    struct line_cursor cursor = line_cursor(document->input->text);
    line_cursor_move(&cursor, header);
    struct table table = {.document = document, .csv = csv_reader(document->input->text)};
    table.csv.at = header;
    table.csv.line = cursor.line;
    int result = read_header(&table, err);
    while (result > 0 && skip_noise(&table))
        result = read_row(&table, err);
    return result < 0 ? result : 0;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t header = llama_bench_find_csv(input->text, 0);
    if (header == SIZE_MAX)
        return err_set(err, ERR_DATA, "no header line of llama-bench was found: it names n_prompt and avg_ts");
    autollama struct llama_document document;
    llama_document_init(&document, &format_llama_bench_csv, input);
    int result = read_rows(&document, header, err);
    if (result < 0 && document.count == 0)
        return result;
    struct err inner = {0};
    int finished = llama_document_finish(&document, into, &inner);
    if (result >= 0 && finished < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

/* Several tables may follow one another: the last header. */
static void carry_header(struct str before, struct buf *into)
{
    size_t found = SIZE_MAX, begin = 0;
    for (size_t at = llama_bench_find_csv(before, 0); at != SIZE_MAX;
         at = llama_bench_find_csv(before, at + 1 + begin)) {
        found = at;
        begin = line_at(before, at, &begin).len;
    }
    if (found == SIZE_MAX)
        return;
    struct str line = line_at(before, found, &begin);
    buf_add(into, line.data, line.len);
    buf_addc(into, '\n');
}

const struct format format_llama_bench_csv = {
    .name = "llama-bench-csv",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench -o csv: a header and one row a test",
    .version = 1,
    .detect = detect,
    .read = read_csv,
    .pieces = &(const struct format_pieces){.quoted = true, .carry = carry_header},
};
