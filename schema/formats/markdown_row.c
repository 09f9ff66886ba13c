#include "schema/formats/markdown_row.h"

#include <stdint.h>
#include <string.h>

struct str markdown_unquote(struct str line)
{
    line = str_trim(line);
    while (line.len > 0 && line.data[0] == '>')
        line = str_trim(str_slice(line.data + 1, line.len - 1));
    return line;
}

static bool is_rule_cell(struct str cell)
{
    size_t dashes = 0;
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.data[i] != '-' && cell.data[i] != ':')
            return false;
        dashes += cell.data[i] == '-';
    }
    return dashes > 0;
}

static struct str without_marks(struct str cell)
{
    static const char *const marks[] = {"**", "`", "__"};
    for (size_t i = 0; i < ARRAY_LENGTH(marks); i++) {
        struct str mark = str_of(marks[i]);
        if (cell.len > 2 * mark.len && str_starts_with(cell, mark) && str_ends_with(cell, mark))
            cell = str_trim(str_slice(cell.data + mark.len, cell.len - 2 * mark.len));
    }
    return cell;
}

bool markdown_read_row(struct str line, struct markdown_row *ret)
{
    line = markdown_unquote(line);
    if (line.len < 2 || line.data[0] != '|')
        return false;
    *ret = (struct markdown_row){.rule = true};
    size_t begin = 1;
    for (size_t at = 1; at <= line.len; at++) {
        if (at < line.len && line.data[at] == '\\') {
            at++;
            continue;
        }
        if (at < line.len && line.data[at] != '|')
            continue;
        struct str cell = str_trim(str_slice(line.data + begin, (at > line.len ? line.len : at) - begin));
        begin = at + 1;
        if (at >= line.len && cell.len == 0)
            break; /* behind the closing bar */
        if (ret->count == MARKDOWN_CELLS_MAX)
            return false;
        ret->rule = ret->rule && is_rule_cell(cell);
        ret->cells[ret->count++] = without_marks(cell);
    }
    return ret->count > 0;
}

bool markdown_read_bare_row(struct str line, struct markdown_row *ret)
{
    line = markdown_unquote(line);
    char separator = line.len > 0 && memchr(line.data, '\t', line.len) != NULL ? '\t' : '|';
    struct str cell;
    *ret = (struct markdown_row){.rule = true};
    if (line.len > 0 && line.data[0] == '|')
        return false;
    while (str_next_field(&line, separator, &cell)) {
        if (ret->count == MARKDOWN_CELLS_MAX)
            return false;
        ret->cells[ret->count] = without_marks(str_trim(cell));
        ret->rule = ret->rule && is_rule_cell(ret->cells[ret->count]);
        ret->count++;
    }
    return ret->count >= 3;
}

size_t markdown_find_cell(const struct markdown_row *row, const char *text)
{
    for (size_t i = 0; i < row->count; i++)
        if (str_equal(row->cells[i], str_of(text)))
            return i;
    return SIZE_MAX;
}

char *markdown_cell_text(struct arena *arena, struct str cell)
{
    char *text = arena_strndup(arena, cell.data, cell.len);
    if (text == NULL)
        return NULL;
    size_t to = 0;
    for (size_t from = 0; text[from] != '\0'; from++) {
        if (text[from] == '\\' && text[from + 1] == '|')
            continue;
        text[to++] = text[from];
    }
    text[to] = '\0';
    return text;
}
