#include "schema/formats/lines.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/reader.h"

#define NUMBER_CHARACTERS 60

struct lines lines_of(struct str input)
{
    return (struct lines){.input = input};
}

bool lines_next(struct lines *lines, struct line *ret)
{
    struct str rest = str_slice(lines->input.data + lines->at, lines->input.len - lines->at);
    size_t before = rest.len;
    if (rest.len == 0 || !str_next_line(&rest, &ret->text))
        return false;
    ret->begin = lines->at;
    ret->number = ++lines->number;
    lines->at += before - rest.len;
    return true;
}

int lines_each(struct str input, int (*take)(void *context, const struct line *line, struct err *err), void *context,
               struct err *err)
{
    struct lines lines = lines_of(input);
    struct line line;
    int code = 0;
    while (code == 0 && lines_next(&lines, &line))
        code = take(context, &line, err);
    return code;
}

void lines_carry_first(struct str before, struct buf *into)
{
    struct lines lines = lines_of(before);
    struct line line;
    while (lines_next(&lines, &line))
        if (str_trim(line.text).len > 0) {
            buf_add(into, before.data + line.begin, lines.at - line.begin);
            return;
        }
}

bool line_is_indented(struct str line)
{
    return line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
}

static struct str behind(struct str text, size_t count)
{
    return count == 0 ? text : str_slice(text.data + count, text.len - count);
}

static struct str skip_blanks(struct str text)
{
    size_t at = 0;
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return behind(text, at);
}

bool take_text(struct str *rest, struct str wanted)
{
    struct str text = skip_blanks(*rest);
    if (!str_starts_with(text, wanted))
        return false;
    *rest = behind(text, wanted.len);
    return true;
}

static bool is_digit(struct str text, size_t at)
{
    return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

/* A comma or underscore between digits, three of which follow. */
static bool is_group(struct str text, size_t at)
{
    return (text.data[at] == ',' || text.data[at] == '_') && is_digit(text, at + 1) && is_digit(text, at + 2) &&
           is_digit(text, at + 3) && !is_digit(text, at + 4);
}

bool take_number(struct str *rest, double *ret)
{
    struct str text = skip_blanks(*rest);
    char digits[NUMBER_CHARACTERS + 4];
    size_t at = 0, length = 0;
    if (at < text.len && (text.data[at] == '-' || text.data[at] == '+'))
        digits[length++] = text.data[at++];
    bool fraction = false;
    for (; at < text.len && length < NUMBER_CHARACTERS; at++) {
        if (!fraction && length > 0 && is_digit(text, at - 1) && is_group(text, at))
            continue;
        if (!is_digit(text, at) && (text.data[at] != '.' || fraction))
            break;
        fraction = fraction || text.data[at] == '.';
        digits[length++] = text.data[at];
    }
    size_t sign = at + 1 < text.len && (text.data[at + 1] == '-' || text.data[at + 1] == '+') ? 1 : 0;
    if (length > 0 && at < text.len && (text.data[at] == 'e' || text.data[at] == 'E') && is_digit(text, at + 1 + sign))
        for (digits[length++] = text.data[at++]; at < text.len && length < NUMBER_CHARACTERS &&
                                                 (is_digit(text, at) || (sign > 0 && strchr("+-", text.data[at])));
             at++, sign = 0)
            digits[length++] = text.data[at];
    if (length == 0 || length >= NUMBER_CHARACTERS || !number_parse_loose(str_slice(digits, length), ret))
        return false;
    *rest = behind(text, at);
    return true;
}

struct str take_unit(struct str *rest)
{
    struct str text = skip_blanks(*rest);
    size_t at = 0;
    for (; at < text.len; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
        if (!letter && byte != '%' && (byte != '/' || at == 0))
            break;
    }
    *rest = behind(text, at);
    return str_slice(text.data, at);
}

bool take_until(struct str *rest, struct str wanted, struct str *ret)
{
    size_t at = str_find(*rest, wanted, 0);
    if (at == SIZE_MAX)
        return false;
    *ret = str_slice(rest->data, at);
    *rest = behind(*rest, at + wanted.len);
    return true;
}

bool whole_number(struct str text, double *ret)
{
    struct str rest = str_trim(text);
    double value = 0;
    if (!take_number(&rest, &value) || rest.len > 0)
        return false;
    *ret = value;
    return true;
}

const char *text_of(char *target, size_t size, struct str text)
{
    size_t length = text.len < size ? text.len : size - 1;
    if (length > 0)
        memcpy(target, text.data, length);
    target[length] = '\0';
    return target;
}

/* ---------------------------------------------------------------- the reading */

struct reading *lines_reading(const struct format *format, const struct format_input *input)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return NULL;
    reading->format = format->name;
    reading->reader_version = format->version;
    reading->tool = format->tool;
    reading->original_length = input->text.len;
    return reading;
}

const char *benchmark_name(struct reading *reading, const struct format_input *input, struct str name)
{
    static const char removed[] = "[removed:path]";
    name = str_trim(name);
    bool redacted = str_starts_with(name, STR(removed));
    if (!redacted && !reader_path_is_private(name))
        return reader_text(&reading->arena, name);
    struct str folder, base;
    reader_split_path(name, &folder, &base);
    bool inside =
        input->text.len > 0 && name.data >= input->text.data && name.data < input->text.data + input->text.len;
    if (inside && !redacted)
        reading_add_private(reading, (size_t)(folder.data - input->text.data), folder.len, PRIVATE_PATH);
    return reader_text(&reading->arena, base);
}

static void drop_empty_runs(struct reading *reading)
{
    size_t kept = 0;
    for (size_t i = 0; i < reading->run_count; i++)
        if (reading->runs[i].measurement_count > 0)
            reading->runs[kept++] = reading->runs[i];
    reading->run_count = kept;
}

int lines_finish(struct reading *reading, size_t begin, size_t end, const char *nothing, struct reading_list *into,
                 struct err *err)
{
    drop_empty_runs(reading);
    if (reading->run_count == 0 && nothing != NULL)
        reading_add_problem(reading, "", 0, 0, "%s", nothing);
    reader_set_original(reading, begin, end);
    int result = arena_check(&reading->arena, err);
    if (result < 0) {
        reading_free(reading);
        return result;
    }
    return reading_list_add(into, reading, err);
}

int lines_end(struct reading *reading, const struct format_input *input, int code, const char *nothing,
              struct reading_list *into, struct err *err)
{
    if (code < 0) {
        reading_free(reading);
        return code;
    }
    return lines_finish(reading, 0, input->text.len, nothing, into, err);
}
