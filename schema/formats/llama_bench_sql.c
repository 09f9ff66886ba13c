/* llama-bench -o sql: a CREATE TABLE and one INSERT a record, every value in
 * single quotes; no samples. The table was named test in 2023, llama_bench
 * later. Rows that do not fit their columns are refused: the README of
 * llama-bench itself shows such rows (27 values for 26 columns). */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/llama_bench_record.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

#define COLUMNS_MAX 256

struct columns {
    const char *names[COLUMNS_MAX];
    size_t count;
};

struct script {
    struct llama_document *document;
    struct line_cursor cursor;
    struct str text;
    struct columns table; /* of the last CREATE TABLE */
    size_t table_begin, table_end;
};

static size_t find_insert(struct str text, size_t from)
{
    return str_find_ignore_case(text, STR("INSERT INTO"), from);
}

static int detect(const struct format_input *input)
{
    size_t insert = find_insert(input->text, 0);
    if (insert == SIZE_MAX)
        return 0;
    bool figures = str_find(input->text, STR("avg_ts"), 0) != SIZE_MAX;
    bool test = str_find(input->text, STR("n_prompt"), 0) != SIZE_MAX;
    if (!figures || !test || str_find(input->text, STR("build_commit"), 0) == SIZE_MAX)
        return 0;
    /* A page that shows SQL beside tables, as the tool's own manual, is read for its tables. */
    if (llama_bench_find_table(input->text, 0) != SIZE_MAX)
        return 0;
    return str_find_ignore_case(input->text, STR("CREATE TABLE"), 0) < insert ? 97 : 92;
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && raw_json_is_blank(text.data[at]))
        at++;
    return at;
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_end(struct str text, size_t at)
{
    while (at < text.len && is_name_character(text.data[at]))
        at++;
    return at;
}

static int fault(struct script *script, size_t at, struct err *err, const char *what)
{
    line_cursor_move(&script->cursor, at);
    err_set(err, ERR_SYNTAX, "%s", what);
    err_detail(err, "records read before it: %zu", script->document->count);
    return err_at(err, script->cursor.line, line_cursor_column(&script->cursor));
}

/* Names up to the closing parenthesis; in a CREATE TABLE each is followed by its type. Behind the parenthesis, or
 * SIZE_MAX. */
static size_t read_columns(struct script *script, size_t at, struct columns *columns)
{
    struct str text = script->text;
    columns->count = 0;
    for (at = skip_blanks(text, at + 1); at < text.len && columns->count < COLUMNS_MAX;) {
        at += strchr("\"`[", text.data[at]) != NULL;
        size_t end = word_end(text, at);
        if (end == at)
            return SIZE_MAX;
        columns->names[columns->count++] = arena_strndup(&script->document->arena, text.data + at, end - at);
        while (end < text.len && text.data[end] != ',' && text.data[end] != ')')
            end++;
        if (end >= text.len)
            return SIZE_MAX;
        if (text.data[end] == ')')
            return end + 1;
        at = skip_blanks(text, end + 1);
    }
    return SIZE_MAX;
}

/* One literal: 'it''s', a number or NULL. Behind it, or SIZE_MAX. */
static size_t read_value(struct script *script, size_t at, const char **ret_value)
{
    struct str text = script->text;
    if (at < text.len && text.data[at] != '\'') {
        size_t end = at;
        while (end < text.len && strchr(",); \t\r\n", text.data[end]) == NULL)
            end++;
        *ret_value = arena_strndup(&script->document->arena, text.data + at, end - at);
        if (*ret_value != NULL && text_equal_ignore_case(*ret_value, "NULL"))
            *ret_value = "";
        return end == at ? SIZE_MAX : end;
    }
    size_t end = at + 1;
    while (end < text.len && (text.data[end] != '\'' || (end + 1 < text.len && text.data[end + 1] == '\'')))
        end += text.data[end] == '\'' ? 2 : 1;
    if (end >= text.len)
        return SIZE_MAX;
    char *value = arena_strndup(&script->document->arena, text.data + at + 1, end - at - 1);
    size_t to = 0;
    for (size_t from = 0; value != NULL && value[from] != '\0'; from++) {
        from += value[from] == '\'' && value[from + 1] == '\'';
        value[to++] = value[from];
    }
    if (value != NULL)
        value[to] = '\0';
    *ret_value = value;
    return end + 1;
}

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    llama_document_private(context, offset, length, kind);
}

/* Within each value, so that what is taken out leaves the statement whole. */
static void mark_paths(struct script *script, size_t begin, size_t end)
{
    struct str text = script->text;
    for (size_t at = begin; at < end;) {
        size_t stop = at;
        while (stop < end && strchr("',\n", text.data[stop]) == NULL)
            stop++;
        struct str piece = str_slice(text.data + at, stop - at), folder, base;
        if (reader_path_is_private(piece)) {
            reader_split_path(piece, &folder, &base);
            llama_document_private(script->document, at, folder.len, PRIVATE_PATH);
        } else {
            reader_find_addresses(piece, at, mark, script->document);
        }
        at = stop + 1;
    }
}

static int ragged(struct script *script, size_t at, size_t values, size_t columns, struct err *err)
{
    line_cursor_move(&script->cursor, at);
    err_set(err, ERR_DATA, "the row has %zu values for %zu columns", values, columns);
    err_detail(err, "records read before it: %zu", script->document->count);
    err_hint(err, "no column can be trusted in such a row: remove it, or write the file again with llama-bench -o sql");
    return err_at(err, script->cursor.line, line_cursor_column(&script->cursor));
}

static int set_fields(struct script *script, struct llama_record *record, const struct columns *columns,
                      const char *const *values, struct err *err)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct llama_field field = {
            .name = columns->names[i], .type = LLAMA_UNTYPED, .text = values[i], .type_name = "text"};
        if (field.name == NULL || field.text == NULL)
            return mem_error(err);
        if (*field.text == '\0')
            continue;
        int result = llama_record_set(script->document, record, &field, err);
        if (result < 0)
            return result;
    }
    return 0;
}

/* The values in parentheses at `at`, of the statement that begins at `head`; *ret_end is behind them. */
static int read_row(struct script *script, size_t head, size_t at, const struct columns *columns, size_t *ret_end,
                    struct err *err)
{
    const char *values[COLUMNS_MAX];
    size_t count = 0, next = skip_blanks(script->text, at + 1);
    for (;;) {
        const char *value = NULL;
        next = read_value(script, next, &value);
        if (next == SIZE_MAX)
            return fault(script, at, err, "the values of an INSERT break off");
        if (count < COLUMNS_MAX)
            values[count] = value;
        count++;
        next = skip_blanks(script->text, next);
        if (next >= script->text.len || strchr(",)", script->text.data[next]) == NULL)
            return fault(script, next, err, "expected a comma or a closing parenthesis between values");
        if (script->text.data[next] == ')')
            break;
        next = skip_blanks(script->text, next + 1);
    }
    *ret_end = next + 1;
    if (count != columns->count)
        return ragged(script, at, count, columns->count, err);
    line_cursor_move(&script->cursor, head);
    struct llama_record *record = llama_document_add(script->document, at, script->cursor.line, "");
    if (record == NULL)
        return mem_error(err);
    record->end = *ret_end;
    int result = set_fields(script, record, columns, values, err);
    if (result < 0)
        script->document->count--;
    else
        mark_paths(script, at, *ret_end);
    return result;
}

/* Behind commas, blanks and what redaction left of another machine's rows. */
static size_t find_row(struct str text, size_t at, bool *ret_taken_out)
{
    for (at = skip_blanks(text, at); at < text.len; at = skip_blanks(text, at + 1)) {
        if (text.data[at] == '[' && reader_is_placeholder(text.data + at)) {
            size_t close = str_find(text, STR("]"), at);
            *ret_taken_out = true;
            at = close == SIZE_MAX ? text.len : close;
        } else if (text.data[at] != ',') {
            break;
        }
    }
    return at < text.len ? at : text.len;
}

/* The rows behind VALUES. One statement may hold those of several machines, so each row is a record of its own and the
 * head of the statement goes with all of them; so does the table, when the statement names no columns. */
static int read_rows(struct script *script, size_t head, size_t values, const struct columns *columns, bool from_table,
                     size_t *ret_end, struct err *err)
{
    struct llama_document *document = script->document;
    struct str text = script->text;
    size_t first = document->count;
    bool taken_out = false;
    size_t at = find_row(text, values, &taken_out);
    *ret_end = values;
    while (at < text.len && text.data[at] == '(') {
        int result = read_row(script, head, at, columns, ret_end, err);
        if (result < 0)
            return result;
        document->records[document->count - 1].context = from_table ? script->table_begin : head;
        if (document->count == first + 1) {
            llama_document_need(document, head, values);
            if (from_table)
                llama_document_need(document, script->table_begin, script->table_end);
        }
        at = skip_blanks(text, *ret_end);
        if (at >= text.len || text.data[at] != ',') {
            *ret_end = at < text.len && text.data[at] == ';' ? at + 1 : *ret_end;
            document->records[document->count - 1].end = *ret_end;
            return 0;
        }
        taken_out = false;
        at = find_row(text, at, &taken_out);
    }
    return taken_out ? 0 : fault(script, head, err, "the INSERT breaks off before its values");
}

static int read_insert(struct script *script, size_t begin, size_t *ret_end, struct err *err)
{
    struct str text = script->text;
    struct columns columns = script->table;
    size_t at = skip_blanks(text, begin + strlen("INSERT INTO"));
    at = skip_blanks(text, word_end(text, at + (at < text.len && strchr("\"`", text.data[at]) != NULL)));
    at += at < text.len && strchr("\"`", text.data[at]) != NULL;
    at = skip_blanks(text, at);
    bool named = at < text.len && text.data[at] == '(';
    if (named)
        at = read_columns(script, at, &columns);
    at = at == SIZE_MAX ? at : skip_blanks(text, at);
    if (at == SIZE_MAX || columns.count == 0 || str_find_ignore_case(text, STR("VALUES"), at) != at)
        return fault(script, begin, err, "expected INSERT INTO table (columns) VALUES (values)");
    return read_rows(script, begin, at + strlen("VALUES"), &columns, !named, ret_end, err);
}

static int read_script(struct script *script, struct err *err)
{
    struct str text = script->text;
    size_t at = 0, create = str_find_ignore_case(text, STR("CREATE TABLE"), 0);
    for (;;) {
        size_t insert = find_insert(text, at);
        while (create < insert) {
            size_t open = str_find(text, STR("("), create);
            size_t end = open == SIZE_MAX ? SIZE_MAX : read_columns(script, open, &script->table);
            script->table_begin = create;
            script->table_end = end == SIZE_MAX ? create : end;
            if (end == SIZE_MAX)
                script->table.count = 0;
            else if (end < text.len && text.data[end] == ';')
                script->table_end++;
            create = str_find_ignore_case(text, STR("CREATE TABLE"), create + 1);
        }
        if (insert == SIZE_MAX)
            return 0;
        int result = read_insert(script, insert, &at, err);
        if (result < 0)
            return result;
    }
}

static int read_sql(const struct format_input *input, struct reading_list *into, struct err *err)
{
    autollama struct llama_document document;
    llama_document_init(&document, &format_llama_bench_sql, input);
    struct script script = {.document = &document, .cursor = line_cursor(input->text), .text = input->text};
    int result = read_script(&script, err);
    if (result < 0 && document.count == 0)
        return result;
    struct err inner = {0};
    int finished = llama_document_finish(&document, into, &inner);
    if (result >= 0 && finished < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

const struct format format_llama_bench_sql = {
    .name = "llama-bench-sql",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench -o sql: one INSERT a test",
    .version = 1,
    .detect = detect,
    .read = read_sql,
};
