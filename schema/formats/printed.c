#include "schema/formats/printed.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/reader.h"

struct reading *printed_reading(const struct format *format, struct reading_list *into, struct err *err)
{
    struct reading *reading = reading_new();
    if (reading_list_add(into, reading, err) < 0)
        return NULL;
    reading->format = format->name;
    reading->reader_version = format->version;
    reading->tool = format->tool;
    return reading;
}

int printed_open(struct printed *printed, const struct format *format, const struct format_input *input,
                 struct reading_list *into, struct err *err)
{
    *printed = (struct printed){.input = input, .rest = input->text, .first = SIZE_MAX};
    printed->reading = printed_reading(format, into, err);
    return printed->reading != NULL ? 0 : -(int)ERR_MEMORY;
}

/* ---------------------------------------------------------------- lines */

/* Rules and frames: nothing on the line but marks and box-drawing characters (U+2500 to U+257F). */
static bool is_decoration(struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        const unsigned char *at = (const unsigned char *)line.data + i;
        if (i + 2 < line.len && at[0] == 0xe2 && (at[1] == 0x94 || at[1] == 0x95)) {
            i += 2;
            continue;
        }
        if (strchr(" \t=-_*#|+:`~.", line.data[i]) == NULL || line.data[i] == '\0')
            return false;
    }
    return true;
}

static void settle(struct printed *printed)
{
    if (printed->open && !printed->kept && !is_decoration(printed->line))
        reading_add_private(printed->reading, printed->begin, printed->end - printed->begin, PRIVATE_TEXT);
    printed->open = false;
}

bool printed_next(struct printed *printed)
{
    settle(printed);
    struct str line;
    if (!str_next_line(&printed->rest, &line))
        return false;
    printed->line = str_trim(line);
    printed->begin = (size_t)(printed->line.data - printed->input->text.data);
    printed->end = printed->begin + printed->line.len;
    printed->number++;
    printed->open = true;
    printed->kept = false;
    return true;
}

void printed_keep(struct printed *printed)
{
    printed->kept = true;
    if (printed->first == SIZE_MAX)
        printed->first = printed->begin;
    printed->last = printed->end;
}

void printed_hide(struct printed *printed, struct str text, enum private_kind kind)
{
    if (text.len > 0)
        reading_add_private(printed->reading, (size_t)(text.data - printed->input->text.data), text.len, kind);
}

void printed_hide_folder(struct printed *printed, struct str path)
{
    struct str folder, base;
    reader_split_path(path, &folder, &base);
    if (reader_path_is_private(path))
        printed_hide(printed, folder, PRIVATE_PATH);
}

int printed_finish(struct printed *printed, struct err *err)
{
    settle(printed);
    if (printed->first == SIZE_MAX) {
        reader_set_original(printed->reading, 0, 0);
        err_set(err, ERR_DATA, "no result was found in the text");
        return err_hint(err, "paste the output whole, from its first line to its last");
    }
    reader_set_original(printed->reading, printed->first, printed->last);
    return arena_check(&printed->reading->arena, err);
}

/* ---------------------------------------------------------------- words and numbers */

bool printed_has_line(struct str text, const char *beginning)
{
    struct str wanted = str_of(beginning);
    for (size_t at = str_find(text, wanted, 0); at != SIZE_MAX; at = str_find(text, wanted, at + 1)) {
        size_t begin = at;
        while (begin > 0 && (text.data[begin - 1] == ' ' || text.data[begin - 1] == '\t'))
            begin--;
        if (begin == 0 || text.data[begin - 1] == '\n')
            return true;
    }
    return false;
}

static struct str behind_blanks(struct str text)
{
    while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = str_slice(text.data + 1, text.len - 1);
    return text;
}

bool printed_number(struct str *text, double *ret)
{
    struct str rest = behind_blanks(*text);
    size_t length = 0;
    while (length < rest.len && strchr("0123456789.+-eE", rest.data[length]) != NULL && rest.data[length] != '\0')
        length++;
    while (length > 0 && !number_parse_loose(str_slice(rest.data, length), ret))
        length--;
    if (length == 0) {
        static const char *const words[] = {"nan", "inf", "-inf", "NaN", "-NaN"};
        for (size_t i = 0; length == 0 && i < ARRAY_LENGTH(words); i++)
            if (str_starts_with(rest, str_of(words[i]))) {
                length = strlen(words[i]);
                *ret = strchr(words[i], 'i') != NULL ? (double)INFINITY : (double)NAN;
            }
        if (length == 0)
            return false;
    }
    *text = str_slice(rest.data + length, rest.len - length);
    return true;
}

bool printed_word(struct str *text, const char *word)
{
    struct str rest = behind_blanks(*text);
    if (!str_starts_with(rest, str_of(word)))
        return false;
    size_t length = strlen(word);
    *text = str_slice(rest.data + length, rest.len - length);
    return true;
}

bool printed_figure(struct str line, const char *label, const char *unit, double *ret)
{
    double value = 0;
    if (!printed_word(&line, label) || !printed_number(&line, &value) || !printed_word(&line, unit) ||
        str_trim(line).len > 0)
        return false;
    *ret = value;
    return true;
}

bool printed_value(struct str text, const char *label, struct str *ret_value)
{
    if (!printed_word(&text, label))
        return false;
    *ret_value = str_trim(text);
    return true;
}
