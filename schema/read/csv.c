#include "schema/read/csv.h"

#include <stdint.h>
#include <string.h>

struct csv_reader csv_reader(struct str text)
{
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text.data + 3, text.len - 3);
    return (struct csv_reader){
        .text = text,
        .line = 1,
        .separator = ',',
        .fields_max = CSV_FIELDS_MAX,
        .field_bytes_max = CSV_FIELD_BYTES_MAX,
    };
}

static bool more(const struct csv_reader *reader)
{
    return reader->at < reader->text.len;
}

static char here(const struct csv_reader *reader)
{
    return reader->text.data[reader->at];
}

static int fail(const struct csv_reader *reader, enum err_code code, size_t at, const char *text, struct err *err)
{
    size_t line_begin = at;
    while (line_begin > 0 && reader->text.data[line_begin - 1] != '\n')
        line_begin--;
    (void)err_set(err, code, "%s", text);
    return err_at(err, reader->line, (int)(at - line_begin) + 1);
}

/* True at a line end; *ret_length is 1 or 2, or 0 at the end of the text. A CR without LF is none. */
static bool at_line_end(const struct csv_reader *reader, size_t *ret_length)
{
    *ret_length = 0;
    if (!more(reader))
        return true;
    if (here(reader) == '\n') {
        *ret_length = 1;
        return true;
    }
    if (here(reader) == '\r' && reader->at + 1 < reader->text.len && reader->text.data[reader->at + 1] == '\n') {
        *ret_length = 2;
        return true;
    }
    return false;
}

/* Passes over one character of a field, which must be whole UTF-8 and no NUL. */
static int pass_character(struct csv_reader *reader, struct err *err)
{
    const char *at = reader->text.data + reader->at;
    uint32_t point = 0;
    size_t length = utf8_decode(at, reader->text.data + reader->text.len, &point);
    if (length == 0) {
        (void)fail(reader, ERR_SYNTAX, reader->at, "bytes that are not UTF-8", err);
        return err == NULL ? -(int)ERR_SYNTAX : err_hint(err, "save the file as UTF-8");
    }
    if (point == 0)
        return fail(reader, ERR_SYNTAX, reader->at, "a NUL byte", err);
    reader->at += length;
    return 0;
}

static int scan_plain(struct csv_reader *reader, struct str *ret, struct err *err)
{
    size_t from = reader->at, line_end = 0;
    while (!at_line_end(reader, &line_end) && here(reader) != reader->separator) {
        if (here(reader) == '"')
            return fail(reader, ERR_SYNTAX, reader->at, "a quote inside a field that does not begin with one", err);
        if (here(reader) == '\r')
            return fail(reader, ERR_SYNTAX, reader->at, "a carriage return without line feed", err);
        if (pass_character(reader, err) < 0)
            return -ERR_SYNTAX;
    }
    *ret = str_slice(reader->text.data + from, reader->at - from);
    return 0;
}

/* The characters between the quotes, doubled quotes still doubled. */
static int scan_quoted(struct csv_reader *reader, struct str *ret, struct err *err)
{
    size_t open = reader->at++, from = reader->at, line_end = 0;
    int open_line = reader->line;
    for (;;) {
        if (!more(reader)) {
            reader->line = open_line;
            return fail(reader, ERR_SYNTAX, open, "a quoted field that is never closed", err);
        }
        if (here(reader) == '"') {
            if (reader->at + 1 >= reader->text.len || reader->text.data[reader->at + 1] != '"')
                break;
            reader->at++;
        }
        bool line_feed = here(reader) == '\n';
        if (pass_character(reader, err) < 0)
            return -ERR_SYNTAX;
        reader->line += line_feed;
    }
    *ret = str_slice(reader->text.data + from, reader->at - from);
    reader->at++;
    if (!at_line_end(reader, &line_end) && here(reader) != reader->separator)
        return fail(reader, ERR_SYNTAX, reader->at, "text after the closing quote of a field", err);
    return 0;
}

/* Copies a field into the arena, doubled quotes single. */
static int keep_field(struct arena *arena, struct str raw, bool quoted, struct str *ret, struct err *err)
{
    char *copy = arena_alloc(arena, raw.len + 1, 1);
    if (copy == NULL)
        return arena_check(arena, err);
    size_t length = 0;
    for (size_t i = 0; i < raw.len; i++) {
        copy[length++] = raw.data[i];
        if (quoted && raw.data[i] == '"')
            i++;
    }
    *ret = str_slice(copy, length);
    return 0;
}

static int read_field(struct csv_reader *reader, struct arena *arena, struct str *ret, struct err *err)
{
    struct str raw = {0};
    size_t from = reader->at;
    bool quoted = more(reader) && here(reader) == '"';
    int result = quoted ? scan_quoted(reader, &raw, err) : scan_plain(reader, &raw, err);
    if (result < 0)
        return result;
    if (raw.len > reader->field_bytes_max)
        return fail(reader, ERR_LIMIT, from, "a field is too long", err);
    return keep_field(arena, raw, quoted, ret, err);
}

static int read_fields(struct csv_reader *reader, struct arena *arena, struct csv_record *record, struct err *err)
{
    size_t capacity = 0;
    for (;;) {
        if (record->count >= reader->fields_max)
            return fail(reader, ERR_LIMIT, reader->at, "a record has too many fields", err);
        struct str *fields = arena_grow(arena, record->fields, &capacity, record->count + 1, sizeof *fields);
        if (fields == NULL)
            return arena_check(arena, err);
        record->fields = fields;
        int result = read_field(reader, arena, &fields[record->count], err);
        if (result < 0)
            return result;
        record->count++;
        if (!more(reader) || here(reader) != reader->separator)
            return 0;
        reader->at++;
    }
}

static void skip_empty_lines(struct csv_reader *reader)
{
    size_t length = 0;
    while (at_line_end(reader, &length) && length > 0) {
        reader->at += length;
        reader->line++;
    }
}

int csv_next(struct csv_reader *reader, struct arena *arena, struct csv_record *ret, struct err *err)
{
    skip_empty_lines(reader);
    if (!more(reader))
        return 0;
    struct csv_record record = {.line = reader->line};
    int result = read_fields(reader, arena, &record, err);
    if (result < 0)
        return result;
    if (reader->width != 0 && record.count != reader->width) {
        (void)err_set(err, ERR_DATA, "a record of %zu fields where there are %zu columns", record.count, reader->width);
        (void)err_at(err, record.line, 0);
        return -ERR_DATA;
    }
    size_t line_end = 0;
    if (at_line_end(reader, &line_end) && line_end > 0) {
        reader->at += line_end;
        reader->line++;
    }
    *ret = record;
    return 1;
}

size_t csv_column(const struct csv_record *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (str_equal_ignore_case(header->fields[i], str_of(name)))
            return i;
    return SIZE_MAX;
}

const char *csv_text(const struct csv_record *record, size_t index)
{
    return index < record->count ? record->fields[index].data : "";
}
