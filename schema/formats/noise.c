#include "schema/formats/noise.h"

void noise_mark(struct reading *reading, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (text.len == 0 || str_starts_with(text, STR("[text:")) || str_starts_with(text, STR("[removed:")))
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
