#include "schema/formats/tool_json.h"

#include <stdint.h>

#include "schema/base/buf.h"
#include "schema/formats/printed.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

#define OBJECTS_LOOKED_AT 64

struct place {
    const struct tool_json *tool;
    const struct format_input *input;
    size_t begin, end; /* of the document in the input */
};

static int place_error(const struct place *place, size_t offset, int code, struct err *err)
{
    struct line_cursor cursor = line_cursor(place->input->text);
    line_cursor_move(&cursor, offset);
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
    size_t base;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    reading_add_private(marking->reading, marking->base + offset, length, kind);
}

static int add_document(const struct place *place, const struct json_document *parsed, struct str text, bool closed,
                        struct reading_list *into, struct err *err)
{
    struct reading *reading = printed_reading(place->tool->format, into, err);
    if (reading == NULL)
        return -(int)ERR_MEMORY;
    struct tool_document document = {
        .input = place->input,
        .parsed = parsed,
        .root = json_root(parsed),
        .text = text,
        .begin = place->begin,
        .closed = closed,
    };
    int code = place->tool->read(&document, reading, err);
    struct marking marking = {reading, place->begin};
    reader_find_private(str_slice(place->input->text.data + place->begin, place->end - place->begin), mark, &marking);
    reader_set_original(reading, place->begin, place->end);
    return code < 0 ? code : arena_check(&reading->arena, err);
}

/* The document broke off or holds what is no JSON: what came before is read, and the err says what that was. */
static int read_broken(const struct place *place, size_t fault, int code, struct reading_list *into, struct err *err)
{
    place_error(place, fault, code, err);
    autobuf struct buf whole = BUF((size_t)64 * BUF_MIB);
    autojson struct json_document *parsed = NULL;
    size_t offset = 0, before = into->count;
    struct err inner = {0};
    if (!raw_json_close(place->input->text, place->begin, fault, &whole))
        return code;
    struct str text = str_slice(buf_text(&whole), whole.len);
    if (json_read_tolerant(text, &offset, &json_limits_tool, &parsed, NULL) <= 0 ||
        !place->tool->is_document(json_root(parsed)))
        return code;
    struct place rest = *place;
    rest.end = place->input->text.len;
    int added = add_document(&rest, parsed, text, true, into, &inner);
    if (into->count == before)
        return added;
    const struct reading *reading = into->items[before];
    if (err == NULL)
        return code;
    err_detail(err, "still readable: %zu %s with %zu metrics", reading->run_count,
               reading->run_count == 1 ? "run" : "runs",
               reading->run_count > 0 ? reading->runs[0].measurement_count : (size_t)0);
    err_hint(err, "the file was cut off while it was written: run the tool again, or copy its output whole");
    return code;
}

/* Reads the object at `begin`; *ret_next is where to look on. */
static int read_object(struct place *place, size_t *ret_next, struct reading_list *into, struct err *err)
{
    struct str text = place->input->text;
    size_t end = raw_json_end(text, place->begin), offset = 0;
    struct str slice = str_slice(text.data + place->begin, (end == SIZE_MAX ? text.len : end) - place->begin);
    *ret_next = end == SIZE_MAX ? place->begin + 1 : end;
    if (!place->tool->mentions(slice)) {
        *ret_next = place->begin + slice.len;
        return 0;
    }
    autojson struct json_document *parsed = NULL;
    struct err inner = {0};
    int code = json_read_tolerant(slice, &offset, &json_limits_tool, &parsed, &inner);
    if (code <= 0) {
        if (code == 0)
            code = err_set(&inner, ERR_SYNTAX, "the document is not valid JSON");
        if (err != NULL)
            *err = inner;
        size_t fault = place->begin + (inner.line > 0 ? offset_of(slice, inner.line, inner.column) : slice.len);
        return read_broken(place, fault, code, into, err);
    }
    if (!place->tool->is_document(json_root(parsed)))
        return 0;
    size_t at = 0, length = 0;
    json_extent(parsed, &at, &length);
    place->end = place->begin + at + length;
    *ret_next = place->end;
    code = add_document(place, parsed, slice, false, into, &inner);
    if (code < 0 && err != NULL) {
        *err = inner;
        place_error(place, place->begin + raw_json_locate(slice, inner.path), code, err);
    }
    return code;
}

int tool_json_read(const struct tool_json *tool, const struct format_input *input, struct reading_list *into,
                   struct err *err)
{
    size_t next = 0, before = into->count;
    struct place place = {.tool = tool, .input = input};
    for (place.begin = raw_json_find_object(input->text, 0); place.begin != SIZE_MAX;
         place.begin = raw_json_find_object(input->text, next)) {
        int code = read_object(&place, &next, into, err);
        if (code < 0)
            return code;
    }
    if (into->count > before)
        return 0;
    return err_set(err, ERR_DATA, "no result of %s was found in the text", tool->format->tool);
}

bool tool_json_mentioned(const struct tool_json *tool, struct str text)
{
    size_t next = 0;
    for (int i = 0; i < OBJECTS_LOOKED_AT; i++) {
        size_t begin = raw_json_find_object(text, next);
        if (begin == SIZE_MAX)
            return false;
        size_t end = raw_json_end(text, begin);
        if (end == SIZE_MAX)
            end = text.len;
        if (tool->mentions(str_slice(text.data + begin, end - begin)))
            return true;
        next = end;
    }
    return false;
}
