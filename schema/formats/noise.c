#include "schema/formats/noise.h"

bool noise_was_here(const struct line *line)
{
    struct str text = str_trim(line->text);
    if (text.len > 0 && text.data[0] == '"') /* a line in quotes keeps them */
        text = str_slice(text.data + 1, text.len - 1);
    return str_starts_with(text, STR("[text:")) || str_starts_with(text, STR("[removed:"));
}

struct used_lines used_lines(struct reading *reading, const struct format_input *input)
{
    struct used_lines used = {.count = 2};
    for (size_t at = 0; (at = str_find(input->text, STR("\n"), at)) != SIZE_MAX; at++)
        used.count++;
    used.items = arena_alloc(&reading->arena, used.count, 1);
    return used;
}

void used_lines_add(struct used_lines *used, int first, int last)
{
    for (int i = first; used->items != NULL && i > 0 && i <= last && (size_t)i < used->count; i++)
        used->items[i] = 1;
}

void used_lines_mark_others(const struct used_lines *used, struct reading *reading, const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        if (used->items == NULL || (size_t)line.number >= used->count || used->items[line.number] == 0)
            noise_mark(reading, &line);
}

void noise_mark(struct reading *reading, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (text.len == 0 || noise_was_here(line))
        return;
    reading_add_private(reading, line->begin + (size_t)(text.data - line->text.data), text.len, PRIVATE_TEXT);
}

void noise_hide(struct reading *reading, const struct format_input *input, struct str text, enum private_kind kind)
{
    text = str_trim(text);
    if (text.len > 0 && !str_starts_with(text, STR("[text:")) && !str_starts_with(text, STR("[removed:")))
        reading_add_private(reading, (size_t)(text.data - input->text.data), text.len, kind);
}

bool take_figure(struct str *rest, double *ret, struct str *ret_unit)
{
    struct str text = *rest;
    if (!take_number(&text, ret))
        return false;
    *ret_unit = take_unit(&text);
    *rest = text;
    return ret_unit->len > 0;
}
