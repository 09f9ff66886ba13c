/* ANEMLL-Bench results where people keep them: the document itself, inside the
 * HTML report (one line `const jsonData = '…';`), and pasted into an issue or a
 * mail. Only the document becomes the original; the words around it stay. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/formats/anemll_document.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"
#include "schema/formats/unwrap.h"

/* ---------------------------------------------------------------- detection */

static bool has_document_keys(struct str text)
{
    return str_has(text, "\"system_info\"") &&
           (str_has(text, "\"inference_time_ms\"") || str_has(text, "\"neural_engine\"") ||
            str_has(text, "\"throughput_gb_s\""));
}

static bool is_link(struct str text)
{
    return str_has(text, "%22system_info%22");
}

static bool is_curly(struct str text)
{
    return str_has(text, "system_info\xe2\x80\x9d") || str_has(text, "system_info\xe2\x80\x9c");
}

/* Where the literal that jsonData is set to opens; SIZE_MAX. */
static size_t find_literal(struct str text, size_t from, size_t *ret_begin)
{
    for (size_t at = str_find(text, STR("jsonData"), from); at != SIZE_MAX;
         at = str_find(text, STR("jsonData"), at + 1)) {
        size_t next = at + strlen("jsonData");
        while (next < text.len && (raw_json_is_blank(text.data[next]) || text.data[next] == '='))
            next++;
        if (next < text.len && (text.data[next] == '\'' || text.data[next] == '"') && text.data[next - 1] != 'a') {
            struct str declaration = STR("const ");
            *ret_begin = at >= declaration.len &&
                                 str_equal(str_slice(text.data + at - declaration.len, declaration.len), declaration)
                             ? at - declaration.len
                             : at;
            return next;
        }
    }
    return SIZE_MAX;
}

static int detect_json(const struct format_input *input)
{
    struct str text = str_trim(input->text);
    return text.len > 0 && text.data[0] == '{' && has_document_keys(text) ? 95 : 0;
}

static int detect_html(const struct format_input *input)
{
    size_t begin = 0;
    return str_has(input->text, "system_info") && find_literal(input->text, 0, &begin) != SIZE_MAX ? 98 : 0;
}

static int detect_text(const struct format_input *input)
{
    struct str text = input->text;
    if (detect_json(input) > 0 || detect_html(input) > 0)
        return 0;
    return has_document_keys(text) || is_link(text) || is_curly(text) ? 85 : 0;
}

/* ---------------------------------------------------------------- documents in a text */

/* A text to look for documents in, and where its bytes stand in the input. */
struct source {
    const struct format *format;
    const struct format_input *input;
    struct str text;
    const struct unwrapped *unwrapped; /* NULL: text is the input itself */
    struct {
        size_t begin, end;
    } around; /* what must go with a document to be read again; both 0 = nothing */
};

static size_t origin(const struct source *source, size_t offset)
{
    return source->unwrapped != NULL ? unwrapped_origin(source->unwrapped, offset) : offset;
}

/* Puts the place of `offset` of the source, as a line and a column of the input, into an err. */
static int place_error(const struct source *source, size_t offset, int code, struct err *err)
{
    struct line_cursor cursor = line_cursor(source->input->text);
    line_cursor_move(&cursor, origin(source, offset));
    if (err != NULL)
        err_at(err, cursor.line, line_cursor_column(&cursor));
    return code;
}

/* Offset of a line and a column of `text`, both from 1. */
static size_t offset_of(struct str text, int line, int column)
{
    struct str rest = text, skipped;
    for (int i = 1; i < line; i++)
        if (!str_next_line(&rest, &skipped))
            break;
    size_t offset = text.len - rest.len + (column > 1 ? (size_t)column - 1 : 0);
    return offset < text.len ? offset : text.len;
}

struct marking {
    struct reading *reading;
    const struct source *source;
    size_t base; /* of the document in the source */
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    size_t begin = origin(marking->source, marking->base + offset);
    size_t end = origin(marking->source, marking->base + offset + length);
    reading_add_private(marking->reading, begin, end - begin, kind);
}

static struct reading *new_reading(const struct source *source)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return NULL;
    reading->format = source->format->name;
    reading->reader_version = source->format->version;
    reading->tool = ANEMLL_BENCH_TOOL;
    return reading;
}

static int add_document(const struct source *source, size_t begin, size_t end, const struct json *root, bool closed,
                        struct reading_list *into, struct err *err)
{
    struct reading *reading = new_reading(source);
    int code = reading_list_add(into, reading, err);
    if (code < 0)
        return code;
    code = anemll_read_document(root, closed, reading, err);
    struct marking marking = {reading, source, begin};
    reader_find_private(str_slice(source->text.data + begin, end - begin), mark, &marking);
    if (source->around.end > 0)
        reader_set_original(reading, source->around.begin, source->around.end);
    else
        reader_set_original(reading, origin(source, begin), origin(source, end));
    return code;
}

/* The document broke off or holds what is no JSON: what came before is read, and the err says what that was. */
static int read_broken(const struct source *source, size_t begin, size_t fault, int code, struct reading_list *into,
                       struct err *err)
{
    place_error(source, fault, code, err);
    autobuf struct buf whole = BUF((size_t)64 * BUF_MIB);
    autojson struct json_document *parsed = NULL;
    size_t offset = 0;
    if (!raw_json_close(source->text, begin, fault, &whole) ||
        json_read_tolerant(str_slice(buf_text(&whole), whole.len), &offset, &json_limits_tool, &parsed, NULL) <= 0 ||
        json_get(json_root(parsed), "system_info") == NULL)
        return code;
    size_t before = into->count;
    struct err inner = {0};
    int added = add_document(source, begin, source->text.len, json_root(parsed), true, into, &inner);
    if (into->count == before)
        return added;
    const struct reading *reading = into->items[before];
    if (err != NULL)
        err_detail(err, "still readable: device %s, %zu of its results (%s)",
                   reading->device.chip != NULL ? reading->device.chip : "without a chip", reading->run_count,
                   reading->run_count > 0 ? reading->runs[0].workload.model_as_given : "none");
    return code;
}

/* Reads the object at `begin`; *ret_next is where to look on. */
static int read_object(const struct source *source, size_t begin, size_t *ret_next, struct reading_list *into,
                       struct err *err)
{
    struct str text = source->text;
    size_t end = raw_json_end(text, begin);
    struct str slice = str_slice(text.data + begin, (end == SIZE_MAX ? text.len : end) - begin);
    *ret_next = begin + 1;
    if (!str_has(slice, "\"system_info\"")) {
        *ret_next = begin + slice.len;
        return 0;
    }
    autojson struct json_document *parsed = NULL;
    size_t offset = 0;
    struct err inner = {0};
    int code = json_read_tolerant(slice, &offset, &json_limits_tool, &parsed, &inner);
    if (code <= 0) {
        if (code == 0)
            code = err_set(&inner, ERR_SYNTAX, "the document is not valid JSON");
        if (err != NULL)
            *err = inner;
        size_t fault = inner.line > 0 ? begin + offset_of(slice, inner.line, inner.column) : begin + slice.len;
        return read_broken(source, begin, fault, code, into, err);
    }
    if (!anemll_is_document(json_root(parsed)))
        return 0;
    *ret_next = begin + offset;
    code = add_document(source, begin, begin + offset, json_root(parsed), false, into, &inner);
    if (code < 0 && err != NULL) {
        *err = inner;
        place_error(source, begin + raw_json_locate(slice, inner.path), code, err);
    }
    return code;
}

static int read_source(const struct source *source, struct reading_list *into, struct err *err)
{
    size_t next = 0;
    for (size_t begin = raw_json_find_object(source->text, 0); begin != SIZE_MAX;
         begin = raw_json_find_object(source->text, next)) {
        int code = read_object(source, begin, &next, into, err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int nothing_found(size_t before, const struct reading_list *into, struct err *err)
{
    if (into->count > before)
        return 0;
    err_set(err, ERR_DATA, "no result document of ANEMLL-Bench was found");
    return err_hint(err, "it is a JSON object with \"system_info\" and \"results\"");
}

/* ---------------------------------------------------------------- the three formats */

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    struct source source = {.format = &format_anemll_bench_json, .input = input, .text = input->text};
    int code = read_source(&source, into, err);
    return code < 0 ? code : nothing_found(before, into, err);
}

static int read_html(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count, begin = 0, end = 0;
    for (size_t quote = find_literal(input->text, 0, &begin); quote != SIZE_MAX;
         quote = find_literal(input->text, end, &begin)) {
        autounwrapped struct unwrapped literal = {0};
        int code = unwrap_literal(input->text, quote, &literal, &end, err);
        if (code < 0)
            return code;
        struct source source = {
            .format = &format_anemll_bench_html,
            .input = input,
            .text = unwrapped_text(&literal),
            .unwrapped = &literal,
            .around = {begin, end},
        };
        code = read_source(&source, into, err);
        if (code < 0)
            return code;
    }
    return nothing_found(before, into, err);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    struct str text = input->text;
    autounwrapped struct unwrapped unwrapped = {0};
    struct source source = {.format = &format_anemll_bench_text, .input = input, .text = text};
    bool quoted =
        str_has(text, "\n>") || str_starts_with(text, STR(">")) || str_has(text, "\xc2\xa0") || is_curly(text);
    int code = 0;
    if (!has_document_keys(text) && is_link(text))
        code = unwrap_percent(text, &unwrapped, err);
    else if (quoted)
        code = unwrap_mail(text, &unwrapped, err);
    if (code < 0)
        return code;
    if (unwrapped.data != NULL) {
        source.text = unwrapped_text(&unwrapped);
        source.unwrapped = &unwrapped;
    }
    code = read_source(&source, into, err);
    return code < 0 ? code : nothing_found(before, into, err);
}

const struct format format_anemll_bench_json = {
    .name = "anemll-bench-json",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "the result document that ANEMLL-Bench sends",
    .version = 1,
    .detect = detect_json,
    .read = read_json,
};

const struct format format_anemll_bench_html = {
    .name = "anemll-bench-html",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "the HTML report of ANEMLL-Bench",
    .version = 1,
    .detect = detect_html,
    .read = read_html,
};

const struct format format_anemll_bench_text = {
    .name = "anemll-bench-text",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "an ANEMLL-Bench document in an issue or a mail",
    .version = 1,
    .detect = detect_text,
    .read = read_text,
};
