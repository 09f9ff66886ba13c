#include "schema/formats/raw_json.h"

#include <stdint.h>
#include <string.h>

#define DEPTH_MAX 200

bool raw_json_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && raw_json_is_blank(text.data[at]))
        at++;
    return at;
}

/* Behind the closing quote of the string that opens at `at`; SIZE_MAX when it is not closed. */
static size_t string_end(struct str text, size_t at)
{
    const size_t begin = at + 1;
    for (size_t from = begin; from < text.len;) {
        const char *quote = memchr(text.data + from, '"', text.len - from);
        if (quote == NULL)
            return SIZE_MAX;
        from = (size_t)(quote - text.data) + 1;
        size_t escapes = 0; /* backslashes right before it: an odd number makes it part of the string */
        while (from - 1 > begin + escapes && quote[-1 - (ptrdiff_t)escapes] == '\\')
            escapes++;
        if (escapes % 2 == 0)
            return from;
    }
    return SIZE_MAX;
}

size_t raw_json_find_object(struct str text, size_t from)
{
    while (from < text.len) {
        const char *brace = memchr(text.data + from, '{', text.len - from);
        if (brace == NULL)
            return SIZE_MAX;
        size_t at = (size_t)(brace - text.data);
        size_t next = skip_blanks(text, at + 1);
        if (next < text.len && (text.data[next] == '"' || text.data[next] == '}'))
            return at;
        from = at + 1;
    }
    return SIZE_MAX;
}

size_t raw_json_end(struct str text, size_t at)
{
    static const bool marks[256] = {['"'] = true, ['{'] = true, ['['] = true, ['}'] = true, [']'] = true};
    size_t depth = 0;
    while (at < text.len) {
        char c = text.data[at];
        if (!marks[(unsigned char)c]) {
            at++;
            continue;
        }
        if (c == '"') {
            at = string_end(text, at);
            if (at == SIZE_MAX)
                return SIZE_MAX;
            continue;
        }
        at++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    return SIZE_MAX;
}

bool raw_json_next_string(struct str text, size_t *at, struct str *ret_literal)
{
    const char *quote = *at < text.len ? memchr(text.data + *at, '"', text.len - *at) : NULL;
    if (quote == NULL)
        return false;
    size_t begin = (size_t)(quote - text.data);
    size_t end = string_end(text, begin);
    if (end == SIZE_MAX)
        return false;
    *ret_literal = str_slice(text.data + begin + 1, end - begin - 2);
    *at = end;
    return true;
}

/* Behind the value that begins at `at`; SIZE_MAX when it does not end. */
static size_t value_end(struct str text, size_t at)
{
    if (text.data[at] == '"')
        return string_end(text, at);
    if (text.data[at] == '{' || text.data[at] == '[')
        return raw_json_end(text, at);
    while (at < text.len && strchr(",]}", text.data[at]) == NULL && !raw_json_is_blank(text.data[at]))
        at++;
    return at;
}

bool raw_json_member(struct str object, const char *key, struct str *ret_value)
{
    size_t at = 1;
    while ((at = skip_blanks(object, at)) < object.len && object.data[at] == '"') {
        size_t name_end = string_end(object, at);
        if (name_end == SIZE_MAX)
            return false;
        struct str name = str_slice(object.data + at + 1, name_end - at - 2);
        at = skip_blanks(object, name_end);
        if (at >= object.len || object.data[at] != ':')
            return false;
        at = skip_blanks(object, at + 1);
        size_t end = at < object.len ? value_end(object, at) : SIZE_MAX;
        if (end == SIZE_MAX)
            return false;
        if (str_equal(name, str_of(key))) {
            *ret_value = str_slice(object.data + at, end - at);
            return true;
        }
        at = skip_blanks(object, end);
        if (at < object.len && object.data[at] == ',')
            at++;
    }
    return false;
}

/* Item `index` of the array that `array` holds. */
static bool item(struct str array, size_t index, struct str *ret_value)
{
    for (size_t at = 1; (at = skip_blanks(array, at)) < array.len && array.data[at] != ']';) {
        size_t end = value_end(array, at);
        if (end == SIZE_MAX || end == at)
            return false;
        if (index-- == 0) {
            *ret_value = str_slice(array.data + at, end - at);
            return true;
        }
        at = skip_blanks(array, end);
        if (at < array.len && array.data[at] == ',')
            at++;
    }
    return false;
}

size_t raw_json_locate(struct str text, const char *path)
{
    struct str value = text;
    while (*path != '\0') {
        struct str inner;
        if (*path == '[') {
            size_t index = 0;
            for (path++; *path >= '0' && *path <= '9' && index < SIZE_MAX / 16; path++)
                index = index * 10 + (size_t)(*path - '0');
            path += *path == ']';
            if (value.len == 0 || value.data[0] != '[' || !item(value, index, &inner))
                break;
        } else {
            path += *path == '.';
            char key[128];
            size_t length = strcspn(path, ".[");
            text_copy(key, length + 1 < sizeof key ? length + 1 : sizeof key, path);
            path += length;
            if (value.len == 0 || value.data[0] != '{' || length == 0 || !raw_json_member(value, key, &inner))
                break;
        }
        value = inner;
    }
    return (size_t)(value.data - text.data);
}

/* ---------------------------------------------------------------- documents that broke off */

/* The open brackets, and where the document could be cut: behind a complete value or a just opened bracket. */
struct open_brackets {
    char closers[DEPTH_MAX];
    size_t depth;
    bool after_key; /* the last string was a key: no place to cut */
    size_t cut;
    char cut_closers[DEPTH_MAX];
    size_t cut_depth;
};

static void may_cut(struct open_brackets *open, size_t at)
{
    open->cut = at;
    open->cut_depth = open->depth;
    memcpy(open->cut_closers, open->closers, open->depth);
}

static bool in_object(const struct open_brackets *open)
{
    return open->depth > 0 && open->closers[open->depth - 1] == '}';
}

/* Reads the string, number or word at `at`; returns behind it, or SIZE_MAX when it is not whole before `stop`. */
static size_t scalar_end(struct str text, size_t at, size_t stop)
{
    if (text.data[at] == '"') {
        size_t end = string_end(text, at);
        return end <= stop ? end : SIZE_MAX;
    }
    size_t end = at;
    while (end < stop && strchr(",]}", text.data[end]) == NULL && !raw_json_is_blank(text.data[end]))
        end++;
    return end > at && end < stop ? end : SIZE_MAX; /* one that ends with the text may have been cut */
}

/* One bracket, punctuation mark or value at `at`; returns behind it, SIZE_MAX at the end of what can be used. */
static size_t step(struct open_brackets *open, struct str text, size_t at, size_t stop)
{
    char c = text.data[at];
    if (c == '{' || c == '[') {
        if (open->depth == DEPTH_MAX)
            return SIZE_MAX;
        open->closers[open->depth++] = c == '{' ? '}' : ']';
        open->after_key = false;
        may_cut(open, at + 1);
        return at + 1;
    }
    if (c == '}' || c == ']') {
        if (open->depth == 0 || open->closers[open->depth - 1] != c || open->after_key)
            return SIZE_MAX;
        open->depth--;
        may_cut(open, at + 1);
        return open->depth == 0 ? SIZE_MAX : at + 1;
    }
    if (c == ',' || c == ':')
        return at + 1;
    size_t end = scalar_end(text, at, stop);
    if (end == SIZE_MAX)
        return SIZE_MAX;
    bool is_key = in_object(open) && !open->after_key;
    open->after_key = is_key;
    if (!is_key)
        may_cut(open, end);
    return end;
}

bool raw_json_close(struct str text, size_t from, size_t stop, struct buf *into)
{
    if (stop > text.len)
        stop = text.len;
    struct open_brackets open = {.cut = from};
    size_t at = from;
    while (at != SIZE_MAX && (at = skip_blanks(text, at)) < stop)
        at = step(&open, text, at, stop);
    if (open.cut <= from + 1)
        return false;
    buf_add(into, text.data + from, open.cut - from);
    for (size_t i = open.cut_depth; i > 0; i--)
        buf_addc(into, open.cut_closers[i - 1]);
    return into->failed == 0;
}
