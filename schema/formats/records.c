#include "schema/formats/records.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define HIDE_DEPTH_MAX 200
#define REST_MAX ((size_t)64 * BUF_MIB)

struct hiding {
    struct reading *reading;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct hiding *hiding = context;
    reading_add_private(hiding->reading, offset, length, kind);
}

static void hide(struct record_reader *reader, const struct json *value, int depth)
{
    size_t offset = 0, length = 0;
    if (reader->document == NULL)
        return;
    if (json_is(value, JSON_STRING) && json_span(reader->document, value, &offset, &length) && length > 0 &&
        !reader_is_placeholder(json_string(value)))
        reading_add_private(reader->reading, offset, length, PRIVATE_TEXT);
    if (depth == 0 || (!json_is(value, JSON_ARRAY) && !json_is(value, JSON_OBJECT)))
        return;
    for (const struct json *item = json_first(value); item != NULL; item = json_next(item))
        hide(reader, item, depth - 1);
}

void record_hide(struct record_reader *reader, const struct json *value)
{
    hide(reader, value, HIDE_DEPTH_MAX);
}

void record_take(struct record_reader *reader, struct parameter_list *list, const struct json *member)
{
    const char *text = json_string(member);
    bool sentence = text != NULL && strchr(text, ' ') != NULL; /* people's words, not a setting */
    if (json_is(member, JSON_NULL) || (!sentence && reader_take_parameter(&reader->reading->arena, list, member)))
        return;
    record_hide(reader, member);
    if (text != NULL && *text == '\0')
        return;
    char name[65], message[120];
    text_copy(name, sizeof name, json_key(member) != NULL ? json_key(member) : "");
    (void)snprintf(message, sizeof message, "field left out: %s", json_type_name(json_type(member)));
    for (size_t i = 0; i < reader->reading->problem_count; i++)
        if (text_equal(reader->reading->problems[i].path, name))
            return;
    if (reader->reading->problem_count < 100)
        reading_add_problem(reader->reading, name, 0, 0, "%s", message);
}

/* What stands between documents is not part of any. */
static void hide_gap(struct reading *reading, struct str text, size_t from, size_t to)
{
    struct str gap = str_trim(str_slice(text.data + from, to - from));
    while (gap.len > 0 && (gap.data[0] == ',' || raw_json_is_blank(gap.data[0])))
        gap = str_slice(gap.data + 1, gap.len - 1);
    if (gap.len > 1)
        reading_add_private(reading, (size_t)(gap.data - text.data), gap.len, PRIVATE_TEXT);
}

static int read_document(struct record_reader *reader, record_function *read, struct err *err)
{
    const struct json *root = json_root(reader->document);
    if (json_is(root, JSON_OBJECT))
        return read(reader, root, "", err);
    size_t index = 0;
    for (const struct json *item = json_first(root); item != NULL; item = json_next(item), index++) {
        char path[32];
        (void)snprintf(path, sizeof path, "[%zu]", index);
        if (!json_is(item, JSON_OBJECT)) {
            record_hide(reader, item);
            continue;
        }
        int result = read(reader, item, path, err);
        if (result < 0)
            return result;
    }
    return 0;
}

/* The line and column of the value that err's path leads to. */
static void place(struct str text, size_t begin, struct err *err)
{
    if (err == NULL || err->line > 0)
        return;
    struct line_cursor cursor = line_cursor(text);
    line_cursor_move(&cursor, begin + raw_json_locate(str_slice(text.data + begin, text.len - begin), err->path));
    err_at(err, cursor.line, line_cursor_column(&cursor));
}

/* Of a document that broke off, what was complete: its runs are shown beside the fault, and never sent. */
static void read_rest(struct record_reader *reader, struct str text, size_t begin, record_function *read)
{
    autobuf struct buf closed = BUF(REST_MAX);
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    if (text.len - begin > REST_MAX || !raw_json_close(text, begin, text.len, &closed) ||
        json_read_tolerant(str_slice(buf_text(&closed), closed.len), &offset, &json_limits_tool, &document, NULL) <= 0)
        return;
    const struct json *root = json_root(document);
    struct record_reader blind = {.reading = reader->reading};
    struct record_reader *rest = &blind;
    struct reading *reading = reader->reading;
    size_t index = 0, before = reading->run_count;
    if (json_is(root, JSON_OBJECT))
        (void)read(rest, root, "", NULL);
    for (const struct json *item = json_is(root, JSON_ARRAY) ? json_first(root) : NULL; item != NULL;
         item = json_next(item), index++) {
        char path[32];
        (void)snprintf(path, sizeof path, "[%zu]", index);
        if (!json_is(item, JSON_OBJECT) || read(rest, item, path, NULL) < 0)
            break;
    }
    if (reading->run_count > before) /* the last one may lack figures */
        flags_add(&reading->arena, &reading->runs[reading->run_count - 1].flags, "cut_off");
}

static int read_all(struct record_reader *reader, struct str text, record_function *read, struct err *err)
{
    size_t offset = 0, end = 0;
    for (;;) {
        autojson struct json_document *document = NULL;
        int result = json_read_tolerant(text, &offset, &json_limits_tool, &document, err);
        if (result <= 0) {
            hide_gap(reader->reading, text, end, text.len);
            if (result < 0)
                read_rest(reader, text, offset, read);
            if (result < 0)
                err_detail(err, "still readable: runs: %zu", reader->reading->run_count);
            return result;
        }
        size_t begin = 0, length = 0;
        json_extent(document, &begin, &length);
        hide_gap(reader->reading, text, end, begin);
        end = begin + length;
        reader->document = document;
        result = read_document(reader, read, err);
        reader->document = NULL;
        if (result < 0) {
            place(text, begin, err);
            return result;
        }
    }
}

int records_read(const struct format *format, const struct format_input *input, struct reading_list *into,
                 record_function *read, struct err *err)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return mem_error(err);
    reading->format = format->name;
    reading->reader_version = format->version;
    reading->tool = format->tool;
    int result = reading_list_add(into, reading, err);
    if (result < 0)
        return result;
    struct record_reader reader = {.reading = reading};
    result = read_all(&reader, input->text, read, err);
    struct hiding hiding = {reading};
    reader_find_private(input->text, mark, &hiding);
    reader_set_original(reading, 0, input->text.len);
    return result < 0 ? result : arena_check(&reading->arena, err);
}
