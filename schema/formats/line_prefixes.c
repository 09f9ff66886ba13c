/* What stands before every line of a text and is none of it: the time that CI and containers print (RFC 3339 and a
 * blank; `gh run view --log` has job and step before it, parted by tabs), the name of a service of Docker Compose
 * ("bench-1  | "), "> " of a quoted mail, and the blanks before the rows of a CSV that somebody indented (a code block
 * of Markdown): CSV itself allows none before a quote. */
#include "schema/formats/line_prefixes.h"

#include <stdint.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* As "0000-00-00T00:00:00": a digit for each 0. */
static bool has_shape(struct str text, const char *shape)
{
    size_t length = strlen(shape);
    if (text.len < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (shape[i] == '0' ? !is_digit(text.data[i]) : text.data[i] != shape[i])
            return false;
    return true;
}

/* Bytes of a time with its zone and the blank behind it; 0 = none. */
static size_t stamp_length(struct str line)
{
    static const char shape[] = "0000-00-00T00:00:00";
    size_t at = sizeof shape - 1;
    if (!has_shape(line, shape))
        return 0;
    if (at < line.len && line.data[at] == '.')
        for (at++; at < line.len && is_digit(line.data[at]);)
            at++;
    struct str zone = str_slice(line.data + at, line.len - at);
    if (zone.len > 0 && zone.data[0] == 'Z')
        at++;
    else if (has_shape(zone, "+00:00") || has_shape(zone, "-00:00"))
        at += 6;
    else
        return 0;
    if (at == line.len)
        return at;
    return line.data[at] == ' ' ? at + 1 : 0;
}

static size_t time_length(struct str line)
{
    struct str rest = line, field;
    size_t length = stamp_length(line);
    if (length > 0)
        return length;
    if (memchr(line.data, '\t', line.len) == NULL || !str_next_field(&rest, '\t', &field) ||
        !str_next_field(&rest, '\t', &field))
        return 0;
    length = stamp_length(rest);
    return length > 0 ? (size_t)(rest.data - line.data) + length : 0;
}

static size_t service_length(struct str line)
{
    size_t at = 0, digits = 0;
    while (at < line.len && line.data[at] != ' ' && line.data[at] != '|' && line.data[at] != '\t') {
        digits = is_digit(line.data[at]) ? digits + 1 : 0;
        at++;
    }
    bool named =
        digits > 0 && at > digits + 1 && (line.data[at - digits - 1] == '-' || line.data[at - digits - 1] == '_');
    while (at < line.len && line.data[at] == ' ')
        at++;
    if (!named || at >= line.len || line.data[at] != '|' || line.data[at - 1] != ' ')
        return 0;
    return at + 1 < line.len && line.data[at + 1] == ' ' ? at + 2 : at + 1;
}

static size_t quote_length(struct str line)
{
    if (line.len == 0 || line.data[0] != '>')
        return 0;
    return line.len > 1 && line.data[1] == ' ' ? 2 : 1;
}

/* The blanks before a row of CSV: fields in quotes, or nothing but words and commas. Members of JSON are no row. */
static size_t indentation_length(struct str line)
{
    size_t at = 0, commas = 0;
    while (at < line.len && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    if (at == 0 || at == line.len)
        return 0;
    struct str row = str_trim(str_slice(line.data + at, line.len - at));
    if (row.len == 0)
        return 0;
    if (row.data[0] == '"')
        return str_find(row, STR("\","), 0) != SIZE_MAX && str_find(row, STR("\":"), 0) == SIZE_MAX ? at : 0;
    for (size_t i = 0; i < row.len; i++) {
        char c = row.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && (c == '\0' || strchr(",_.-", c) == NULL))
            return 0;
        commas += c == ',';
    }
    return commas >= 2 ? at : 0;
}

struct prefix {
    size_t (*length)(struct str line);
    size_t share; /* of ten lines that are not empty, so many must have it */
};

/* Lines that follow one another without it belong to somebody else. */
static bool is_common(struct str text, const struct prefix *prefix)
{
    size_t lines = 0, found = 0;
    struct str line;
    while (str_next_line(&text, &line)) {
        if (str_trim(line).len == 0)
            continue;
        lines++;
        found += prefix->length(line) > 0;
    }
    return lines > 0 && found * 10 >= lines * prefix->share;
}

static size_t drop(char *text, size_t length, const struct prefix *prefix)
{
    struct str rest = str_slice(text, length), line;
    size_t to = 0;
    while (rest.len > 0) {
        const char *begin = rest.data;
        if (!str_next_line(&rest, &line))
            break;
        size_t end = (size_t)(rest.data - begin), skip = prefix->length(line);
        if (rest.len == 0)
            end = length - (size_t)(begin - text);
        memmove(text + to, begin + skip, end - skip);
        to += end - skip;
    }
    text[to] = '\0';
    return to;
}

size_t line_prefixes_drop(char *text, size_t length)
{
    static const struct prefix prefixes[] = {
        {time_length, 5}, {service_length, 10}, {quote_length, 5}, {indentation_length, 5}};
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
        while (length > 0 && is_common(str_slice(text, length), &prefixes[i]))
            length = drop(text, length, &prefixes[i]);
    return length;
}
