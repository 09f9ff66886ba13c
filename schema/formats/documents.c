#include "schema/formats/documents.h"

#include <math.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/formats/lines.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

#define INNER_DEPTH 3
#define SECONDS_LARGEST 2.5e11 /* the year 9892 */

struct marking {
    struct reading *reading;
    size_t base;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    reading_add_private(marking->reading, marking->base + offset, length, kind);
}

/* Keys are names of benchmarks in some formats, and a name may be a path. */
static void mark_keys(struct reading *reading, struct str raw, size_t base)
{
    size_t at = 0;
    struct str literal, folder, name;
    while (raw_json_next_string(raw, &at, &literal)) {
        size_t next = at;
        while (next < raw.len && raw_json_is_blank(raw.data[next]))
            next++;
        if (next >= raw.len || raw.data[next] != ':' || !reader_path_is_private(literal))
            continue;
        reader_split_path(literal, &folder, &name);
        reading_add_private(reading, base + (size_t)(folder.data - raw.data), folder.len, PRIVATE_PATH);
    }
}

void document_private(const struct document *document, struct reading *reading, const struct json *value,
                      enum private_kind kind)
{
    size_t offset = 0, length = 0;
    if (json_span(document->json, value, &offset, &length) && !reader_is_placeholder(json_string(value)))
        reading_add_private(reading, document->base + offset, length, kind);
}

const char *document_name(const struct document *document, struct reading *reading, const char *name)
{
    (void)document;
    struct format_input none = {0};
    return name == NULL ? NULL : benchmark_name(reading, &none, str_of(name));
}

void document_set_epoch(struct reading *reading, struct run *run, double seconds)
{
    char text[CLOCK_TEXT_SIZE];
    if (!isfinite(seconds) || seconds < 1 || seconds > SECONDS_LARGEST)
        return;
    run->ran_at = arena_strdup(&reading->arena, clock_format(text, (int64_t)llround(seconds * 1e3) * 1000));
}

void document_place(const struct document *document, const char *path, int *ret_line, int *ret_column)
{
    struct str raw = str_slice(document->input->text.data + document->begin, document->end - document->begin);
    struct line_cursor cursor = line_cursor(document->input->text);
    line_cursor_move(&cursor, document->begin + raw_json_locate(raw, path));
    *ret_line = cursor.line;
    *ret_column = line_cursor_column(&cursor);
}

static int add_document(const struct document_reader *reader, const struct document *document,
                        struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(document->format, document->input);
    if (reading == NULL)
        return mem_error(err);
    struct err inner = {0};
    struct str raw = str_slice(document->input->text.data + document->begin, document->end - document->begin);
    struct marking marking = {reading, document->begin};
    int result = reader->read(document, reading, &inner);
    reader_find_private(raw, mark, &marking);
    mark_keys(reading, raw, document->begin);
    if (result < 0 && inner.line == 0) {
        int line = 0, column = 0;
        document_place(document, inner.path, &line, &column);
        err_at(&inner, line, column);
    }
    if (result < 0 && reading->run_count == 0) {
        reading_free(reading);
        if (err != NULL)
            *err = inner;
        return result;
    }
    int finished = lines_finish(reading, document->begin, document->end, reader->nothing, into, err);
    if (result < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

static size_t offset_of(struct str text, int line, int column)
{
    size_t at = 0;
    for (int i = 1; i < line; i++) {
        size_t next = str_find(text, STR("\n"), at);
        if (next == SIZE_MAX)
            return text.len;
        at = next + 1;
    }
    size_t offset = at + (size_t)(column > 0 ? column - 1 : 0);
    return offset < text.len ? offset : text.len;
}

/* Reads what was complete before the fault; the fault itself is what is returned. */
static int read_broken(const struct document_reader *reader, struct document *document, int code,
                       const struct err *fault, struct reading_list *into, struct err *err)
{
    struct str text = document->input->text;
    size_t stop = fault->line > 0 ? offset_of(text, fault->line, fault->column) : text.len, offset = 0, runs = 0;
    autobuf struct buf closed = BUF(text.len + 1024);
    if (raw_json_close(text, document->begin, stop, &closed)) {
        autojson struct json_document *json = NULL;
        struct str whole = str_slice(buf_text(&closed), closed.len);
        int read = json_read_tolerant(whole, &offset, &json_limits_tool, &json, NULL);
        if (read > 0 && reader->is(json_root(json))) {
            document->json = json;
            document->root = json_root(json);
            document->base = document->begin;
            document->end = text.len;
            size_t before = into->count;
            if (add_document(reader, document, into, NULL) == 0 && into->count > before)
                runs = into->items[into->count - 1]->run_count;
        }
    }
    if (err == NULL)
        return code;
    *err = *fault;
    return err_detail(err, "runs read before it: %zu", runs);
}

/* The next list or object at or after `at`, not in a string; SIZE_MAX. */
static size_t next_container(struct str text, size_t at)
{
    struct str literal;
    while (at < text.len && text.data[at] != '{' && text.data[at] != '[')
        if (text.data[at] != '"')
            at++;
        else if (!raw_json_next_string(text, &at, &literal))
            return SIZE_MAX;
    return at < text.len ? at : SIZE_MAX;
}

/* Scripts put several documents into one list, or one beside what they say of the machine: the original is then the
 * document alone. Lists and objects of a value follow one another in the text as in the value. */
static int read_inner(const struct document_reader *reader, const struct document *outer, int depth, size_t *found,
                      struct reading_list *into, struct err *err)
{
    struct str text = str_slice(outer->input->text.data, outer->end);
    size_t at = outer->begin + 1;
    int result = 0;
    if (!json_is(outer->root, JSON_ARRAY) && !json_is(outer->root, JSON_OBJECT))
        return 0;
    for (const struct json *item = json_first(outer->root); item != NULL && result == 0; item = json_next(item)) {
        if (!json_is(item, JSON_ARRAY) && !json_is(item, JSON_OBJECT))
            continue;
        struct document inner = *outer;
        inner.root = item;
        inner.begin = next_container(text, at);
        if (inner.begin == SIZE_MAX || (inner.end = at = raw_json_end(text, inner.begin)) == SIZE_MAX)
            break;
        if (reader->is(item)) {
            ++*found;
            result = add_document(reader, &inner, into, err);
        } else if (depth > 1) {
            result = read_inner(reader, &inner, depth - 1, found, into, err);
        }
    }
    return result;
}

int documents_read(const struct format *format, const struct format_input *input, const struct document_reader *reader,
                   struct reading_list *into, struct err *err)
{
    size_t offset = 0, found = 0;
    struct err fault = {0};
    for (;;) {
        autojson struct json_document *json = NULL;
        int read = json_read_tolerant(input->text, &offset, &json_limits_tool, &json, &fault);
        if (read == 0)
            break;
        struct document document = {.format = format, .input = input, .begin = offset, .end = input->text.len};
        if (read < 0)
            return read_broken(reader, &document, read, &fault, into, err);
        size_t length = 0;
        json_extent(json, &document.begin, &length);
        document.end = document.begin + length;
        document.json = json;
        document.root = json_root(json);
        bool whole = reader->is(document.root);
        found += whole;
        int result = whole ? add_document(reader, &document, into, err)
                           : read_inner(reader, &document, INNER_DEPTH, &found, into, err);
        if (result < 0)
            return result;
    }
    if (found > 0)
        return 0;
    err_set(err, ERR_DATA, "no document of %s was found", format->tool);
    return err_hint(err, "`crosschip-submit formats` lists what can be read");
}
