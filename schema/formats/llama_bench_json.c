/* llama-bench -o json (one array) and -o jsonl (one record a line).
 *
 * Both are read as a sequence of objects: so log lines may stand before and
 * between, several arrays may follow one another, records may be wrapped in
 * other objects, and whatever came before a fault is kept. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/llama_bench_record.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"
#include "schema/json/json.h"

#define SAMPLES_MAX 100000

/* ---------------------------------------------------------------- detection */

static bool has_key(struct str text, struct str quoted_key, size_t from)
{
    return str_find(text, quoted_key, from) != SIZE_MAX;
}

/* Where the first JSON document with llama-bench's keys begins; SIZE_MAX. */
static size_t find_records(struct str text)
{
    size_t at = raw_json_find_object(text, 0);
    if (at == SIZE_MAX)
        return SIZE_MAX;
    bool figures = has_key(text, STR("\"avg_ts\""), at) || has_key(text, STR("\"samples_ts\""), at);
    bool test = has_key(text, STR("\"n_prompt\""), at) || has_key(text, STR("\"n_gen\""), at);
    bool build = has_key(text, STR("\"build_commit\""), at) && has_key(text, STR("\"model_type\""), at);
    return (figures && (test || build)) || (test && build) ? at : SIZE_MAX;
}

static bool is_array(struct str text, size_t object)
{
    while (object > 0 && raw_json_is_blank(text.data[object - 1]))
        object--;
    return object > 0 && text.data[object - 1] == '[';
}

/* One record a line, or several documents each within a line. */
static bool is_lines(struct str text, size_t object)
{
    if (is_array(text, object))
        return false;
    size_t newline = str_find(text, STR("\n"), object);
    size_t end = raw_json_end(text, object);
    return end == SIZE_MAX ? newline != object + 1 && newline != object + 2 : newline == SIZE_MAX || newline >= end;
}

static int confidence(const struct format_input *input, size_t object)
{
    struct str before = str_trim(str_slice(input->text.data, object));
    if (before.len == 0 || (before.len == 1 && before.data[0] == '['))
        return 95;
    size_t table = llama_bench_find_table(input->text, 0);
    size_t header = llama_bench_find_csv(input->text, 0);
    return table < object || header < object ? 70 : 90;
}

static int detect_array(const struct format_input *input)
{
    size_t object = find_records(input->text);
    return object == SIZE_MAX || is_lines(input->text, object) ? 0 : confidence(input, object);
}

static int detect_lines(const struct format_input *input)
{
    size_t object = find_records(input->text);
    return object == SIZE_MAX || !is_lines(input->text, object) ? 0 : confidence(input, object);
}

/* ---------------------------------------------------------------- one record */

static bool is_record(const struct json *object)
{
    if (json_get(object, "avg_ts") != NULL || json_get(object, "samples_ts") != NULL)
        return true;
    return json_get(object, "build_commit") != NULL &&
           (json_get(object, "n_prompt") != NULL || json_get(object, "n_gen") != NULL);
}

static int read_samples(struct llama_document *document, struct llama_record *record, const struct json *list,
                        struct err *err)
{
    if (json_is(list, JSON_NULL))
        return 0;
    size_t count = json_count(list);
    if (!json_is(list, JSON_ARRAY) || count > SAMPLES_MAX) {
        err_set(err, ERR_DATA, "expected a list of at most %d numbers, found %s", SAMPLES_MAX,
                json_type_name(json_type(list)));
        err_path(err, "%s%ssamples_ts", record->path, *record->path != '\0' ? "." : "");
        return err_at(err, record->line, 0);
    }
    double *samples = arena_alloc(&document->arena, count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    size_t at = 0;
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item), at++) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NOT_FINITE) && !json_is(item, JSON_NULL)) {
            err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(item)));
            err_path(err, "%s%ssamples_ts[%zu]", record->path, *record->path != '\0' ? "." : "", at);
            return err_at(err, record->line, 0);
        }
        samples[at] = json_number(item);
    }
    record->samples = samples;
    record->sample_count = count;
    return 0;
}

static struct llama_field field_of(const struct json *member, enum json_type type)
{
    struct llama_field field = {.name = json_key(member), .type_name = json_type_name(type)};
    switch (type) {
    case JSON_STRING:
        field.type = LLAMA_TEXT;
        field.text = json_string(member);
        break;
    case JSON_NUMBER:
        field.type = LLAMA_NUMBER;
        field.number = json_number(member);
        break;
    case JSON_NOT_FINITE:
        field.type = LLAMA_NOT_FINITE;
        break;
    case JSON_BOOLEAN:
        field.type = LLAMA_BOOLEAN;
        field.number = json_boolean(member, false) ? 1 : 0;
        break;
    case JSON_ABSENT:
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        field.type = LLAMA_OTHER;
        break;
    }
    return field;
}

/* A text that was left out stays on the machine, too. */
static void keep_private(struct llama_document *document, const struct llama_record *record, const char *name)
{
    struct str raw = str_slice(document->input->text.data + record->begin, record->end - record->begin), value;
    if (!raw_json_member(raw, name, &value) || value.len <= 2 || value.data[0] != '"')
        return;
    size_t offset = (size_t)(value.data - document->input->text.data) + 1;
    enum private_kind kind = PRIVATE_TEXT;
    reader_name_is_personal(str_of(name), &kind);
    llama_document_private(document, offset, value.len - 2, kind);
}

static int read_record(struct llama_document *document, struct llama_record *record, const struct json *object,
                       struct err *err)
{
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        int result = 0;
        const char *name = json_key(member);
        const enum json_type type = json_type(member);
        if (type == JSON_NULL)
            continue;
        if (name[0] == 's' && strcmp(name, "samples_ts") == 0) {
            result = read_samples(document, record, member, err);
        } else {
            struct llama_field field = field_of(member, type);
            result = llama_record_set(document, record, &field, err);
            if (result > 0 && field.type == LLAMA_TEXT)
                keep_private(document, record, name);
        }
        if (result < 0)
            return result;
    }
    return 0;
}

/* ---------------------------------------------------------------- the sequence */

struct sequence {
    struct llama_document *document;
    struct line_cursor cursor;
    struct str text;
    size_t array;                      /* where the open array begins; SIZE_MAX outside of arrays */
    size_t index;                      /* of the next record in it */
    size_t wrapper_begin, wrapper_end; /* of the outermost object around records; 0 = in none */
    size_t wrapper_first;              /* records before it */
};

/* Follows the list around the records, to tell the path of each and whether the list was closed. Only a bracket right
 * before an object opens one: log lines hold brackets, too. */
static void follow_brackets(struct sequence *sequence, size_t from, size_t to)
{
    struct str gap = str_slice(sequence->text.data + from, to - from);
    if (str_find(gap, STR("]"), 0) != SIZE_MAX)
        sequence->array = SIZE_MAX;
    if (to < sequence->text.len && is_array(sequence->text, to)) {
        sequence->array = to;
        sequence->index = 0;
    }
}

static bool looks_like_record(struct str text)
{
    return str_find(text, STR("\"avg_ts\""), 0) != SIZE_MAX || str_find(text, STR("\"n_prompt\""), 0) != SIZE_MAX ||
           str_find(text, STR("\"build_commit\""), 0) != SIZE_MAX;
}

/* The parser saw only the object: its lines, columns and paths count from there. */
static int move_error(const struct sequence *sequence, struct err *err, int result, int column)
{
    if (err == NULL)
        return result;
    int line = sequence->cursor.line;
    if (err->line <= 1)
        err_at(err, line, err->line == 1 ? err->column + column - 1 : column);
    else
        err_at(err, err->line + line - 1, err->column);
    if (sequence->array != SIZE_MAX) {
        char path[sizeof err->path];
        text_copy(path, sizeof path, err->path);
        err_path(err, "[%zu]%s%.200s", sequence->index, *path != '\0' ? "." : "", path);
    }
    err_detail(err, "complete records read before it: %zu", sequence->document->count);
    return result;
}

/* A field of the wrong type: where its value stands. */
static int place_error(const struct sequence *sequence, struct str record, size_t begin, const char *path,
                       struct err *err)
{
    size_t length = strlen(path);
    const char *field = err->path + (strncmp(err->path, path, length) == 0 ? length : 0);
    struct line_cursor cursor = sequence->cursor;
    line_cursor_move(&cursor, begin + raw_json_locate(record, field));
    err_detail(err, "complete records read before it: %zu", sequence->document->count);
    return err_at(err, cursor.line, line_cursor_column(&cursor));
}

/* Mostly the text begins with a whole object, and its end need not be looked for before it is read. */
static bool read_whole(struct str *text, struct json_document **ret)
{
    size_t begin = 0, length = 0, offset = 0, inside = 1;
    autojson struct json_document *parsed = NULL;
    while (inside < text->len && raw_json_is_blank(text->data[inside]))
        inside++;
    if (inside >= text->len || text->data[inside] != '"') /* nothing in it: the reader would go on behind it */
        return false;
    if (json_read_tolerant(*text, &offset, &json_limits_tool, &parsed, NULL) <= 0)
        return false;
    json_extent(parsed, &begin, &length);
    if (begin != 0)
        return false;
    text->len = length;
    *ret = TAKE_PTR(parsed);
    return true;
}

/* Reads the object at `begin`; *ret_next is where to look on. */
static int read_object(struct sequence *sequence, size_t begin, size_t *ret_next, struct err *err)
{
    struct str text = sequence->text;
    line_cursor_move(&sequence->cursor, begin);
    int line = sequence->cursor.line, column = line_cursor_column(&sequence->cursor);
    autojson struct json_document *parsed = NULL;
    struct str slice = str_slice(text.data + begin, text.len - begin);
    size_t end = SIZE_MAX, offset = 0;
    int result = read_whole(&slice, &parsed) ? 1 : 0;
    if (result == 1) {
        end = begin + slice.len;
        offset = slice.len;
    } else {
        end = raw_json_end(text, begin);
        slice.len = (end == SIZE_MAX ? text.len : end) - begin;
        result = json_read_tolerant(slice, &offset, &json_limits_tool, &parsed, err);
    }
    if (result <= 0 || offset < slice.len) {
        if (!looks_like_record(slice)) {
            *ret_next = begin + slice.len; /* braces of a log line, and no record behind them */
            return 0;
        }
        if (result >= 0)
            result = err_set(err, ERR_SYNTAX, "the record is not valid JSON");
        return move_error(sequence, err, result, column);
    }
    const struct json *object = json_root(parsed);
    if (!is_record(object)) {
        *ret_next = looks_like_record(slice) ? begin + 1 : end; /* inside of it, or behind it */
        if (*ret_next == begin + 1 && sequence->wrapper_end == 0) {
            sequence->wrapper_begin = begin;
            sequence->wrapper_end = end;
            sequence->wrapper_first = sequence->document->count;
        }
        return 0;
    }
    char path[32] = "";
    if (sequence->array != SIZE_MAX)
        (void)snprintf(path, sizeof path, "[%zu]", sequence->index++);
    struct llama_record *record = llama_document_add(sequence->document, begin, line, path);
    if (record == NULL)
        return mem_error(err);
    record->end = end;
    *ret_next = end;
    result = read_record(sequence->document, record, object, err);
    if (result < 0) {
        sequence->document->count--;
        if (err != NULL && result == -ERR_DATA)
            place_error(sequence, slice, begin, path, err);
    }
    return result;
}

struct marking {
    struct llama_document *document;
    size_t base;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    llama_document_private(marking->document, marking->base + offset, length, kind);
}

static void mark_private(struct llama_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct llama_record *record = &document->records[i];
        struct marking marking = {document, record->begin};
        struct str raw = str_slice(document->input->text.data + record->begin, record->end - record->begin);
        reader_find_private(raw, mark, &marking);
    }
}

/* Leaves the wrapper that the last record stands in. When it holds that record alone, its other members
 * (power, memory, temperatures) belong to the record and stay in the original. */
static void leave_wrapper(struct sequence *sequence, size_t next)
{
    struct llama_document *document = sequence->document;
    if (sequence->wrapper_end == 0 || next < sequence->wrapper_end)
        return;
    if (document->count == sequence->wrapper_first + 1) {
        struct llama_record *record = &document->records[document->count - 1];
        record->begin = record->context = sequence->wrapper_begin;
        record->end = sequence->wrapper_end;
    }
    sequence->wrapper_end = 0;
}

/* Keys of a record outside of any object: one whose beginning is broken. */
static int check_gap(struct sequence *sequence, size_t from, size_t to, struct err *err)
{
    size_t key = str_find(str_slice(sequence->text.data + from, to - from), STR("\"avg_ts\""), 0);
    if (key == SIZE_MAX)
        return 0;
    line_cursor_move(&sequence->cursor, from + key);
    err_set(err, ERR_SYNTAX, "a record does not begin like a JSON object");
    err_detail(err, "complete records read before it: %zu", sequence->document->count);
    return err_at(err, sequence->cursor.line, line_cursor_column(&sequence->cursor));
}

static int read_sequence(struct sequence *sequence, struct err *err)
{
    struct str text = sequence->text;
    size_t at = 0, next = 0;
    for (size_t begin = raw_json_find_object(text, 0); begin != SIZE_MAX; begin = raw_json_find_object(text, next)) {
        follow_brackets(sequence, at, begin);
        leave_wrapper(sequence, begin);
        int result = check_gap(sequence, at, begin, err);
        if (result == 0)
            result = read_object(sequence, begin, &next, err);
        if (result < 0)
            return result;
        at = next;
    }
    follow_brackets(sequence, at, text.len);
    leave_wrapper(sequence, text.len);
    int result = check_gap(sequence, at, text.len, err);
    if (result < 0 || sequence->array == SIZE_MAX || sequence->index == 0)
        return result;
    line_cursor_move(&sequence->cursor, text.len);
    err_set(err, ERR_SYNTAX, "the output broke off: the list of records is not closed");
    err_detail(err, "complete records read before it: %zu", sequence->document->count);
    return err_at(err, sequence->cursor.line, line_cursor_column(&sequence->cursor));
}

static int read_json(const struct format *format, const struct format_input *input, struct reading_list *into,
                     struct err *err)
{
    autollama struct llama_document document;
    llama_document_init(&document, format, input);
    struct sequence sequence = {
        .document = &document, .cursor = line_cursor(input->text), .text = input->text, .array = SIZE_MAX};
    int result = read_sequence(&sequence, err);
    mark_private(&document);
    if (result < 0 && document.count == 0)
        return result;
    struct err inner = {0};
    int finished = llama_document_finish(&document, into, &inner);
    if (result >= 0 && finished < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

static int read_array(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_json(&format_llama_bench_json, input, into, err);
}

static int read_lines(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_json(&format_llama_bench_jsonl, input, into, err);
}

const struct format format_llama_bench_json = {
    .name = "llama-bench-json",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench -o json: an array of records",
    .version = 1,
    .detect = detect_array,
    .read = read_array,
};

const struct format format_llama_bench_jsonl = {
    .name = "llama-bench-jsonl",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench -o jsonl: one record a line",
    .version = 1,
    .detect = detect_lines,
    .read = read_lines,
    .pieces = &(const struct format_pieces){.begins = '{'},
};
