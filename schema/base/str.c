#include "schema/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* memmem reads several bytes at a step, which pays from there on. */
#define LONG_ENOUGH 256

struct str str_of(const char *text)
{
    return text ? (struct str){text, strlen(text)} : STR("");
}

struct str str_slice(const char *data, size_t length)
{
    return data ? (struct str){data, length} : STR("");
}

static unsigned char lower(char byte)
{
    unsigned char value = (unsigned char)byte;
    return value >= 'A' && value <= 'Z' ? (unsigned char)(value + ('a' - 'A')) : value;
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool same_bytes(const char *a, const char *b, size_t length)
{
    return length == 0 || memcmp(a, b, length) == 0;
}

static bool same_letters(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && same_bytes(a.data, b.data, a.len);
}

bool str_equal_ignore_case(struct str a, struct str b)
{
    return a.len == b.len && same_letters(a.data, b.data, a.len);
}

bool str_starts_with(struct str text, struct str prefix)
{
    return text.len >= prefix.len && same_bytes(text.data, prefix.data, prefix.len);
}

bool str_ends_with(struct str text, struct str suffix)
{
    return text.len >= suffix.len &&
           (suffix.len == 0 || same_bytes(text.data + (text.len - suffix.len), suffix.data, suffix.len));
}

struct str str_trim(struct str text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    return text;
}

size_t str_find(struct str text, struct str needle, size_t from)
{
    if (from > text.len || needle.len > text.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    if (needle.len > 2 && text.len - from >= LONG_ENOUGH) {
        const char *found = memmem(text.data + from, text.len - from, needle.data, needle.len);
        return found ? (size_t)(found - text.data) : SIZE_MAX;
    }
    for (const size_t last = text.len - needle.len; from <= last; from++) {
        const char *hit = memchr(text.data + from, needle.data[0], last - from + 1);
        if (!hit)
            return SIZE_MAX;
        from = (size_t)(hit - text.data);
        if (memcmp(hit, needle.data, needle.len) == 0)
            return from;
    }
    return SIZE_MAX;
}

bool str_has(struct str text, const char *needle)
{
    return str_find(text, str_of(needle), 0) != SIZE_MAX;
}

size_t str_find_ignore_case(struct str text, struct str needle, size_t from)
{
    if (from > text.len || needle.len > text.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const unsigned char first = lower(needle.data[0]);
    for (size_t at = from; at <= text.len - needle.len; at++)
        if (lower(text.data[at]) == first && same_letters(text.data + at, needle.data, needle.len))
            return at;
    return SIZE_MAX;
}

/* Shared walk of lines and fields: an exhausted rest has a NULL data pointer,
 * so that "a," gives two fields and "" gives one. */
static bool take_until(struct str *rest, char separator, struct str *ret)
{
    if (!rest->data)
        return false;
    const char *end = rest->len > 0 ? memchr(rest->data, separator, rest->len) : NULL;
    if (!end) {
        *ret = *rest;
        *rest = (struct str){NULL, 0};
        return true;
    }
    size_t length = (size_t)(end - rest->data);
    *ret = (struct str){rest->data, length};
    *rest = (struct str){end + 1, rest->len - length - 1};
    return true;
}

bool str_next_line(struct str *rest, struct str *ret_line)
{
    if (rest->len == 0)
        return false;
    struct str line;
    if (!take_until(rest, '\n', &line))
        return false;
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    *ret_line = line;
    return true;
}

bool str_next_field(struct str *rest, char separator, struct str *ret_field)
{
    return take_until(rest, separator, ret_field);
}

bool text_equal(const char *a, const char *b)
{
    const char *one = a ? a : "", *other = b ? b : "";
    /* Most that is compared is one text, or differs at once. */
    return one == other || (*one == *other && strcmp(one, other) == 0);
}

bool text_equal_ignore_case(const char *a, const char *b)
{
    return str_equal_ignore_case(str_of(a), str_of(b));
}

bool text_starts_with(const char *text, const char *prefix)
{
    return str_starts_with(str_of(text), str_of(prefix));
}

bool text_ends_with(const char *text, const char *suffix)
{
    return str_ends_with(str_of(text), str_of(suffix));
}

bool text_is_empty(const char *text)
{
    return !text || !*text;
}

/* Both point at a digit. Moves both past their runs; compares them as numbers. */
static int compare_digits(const char **a, const char **b)
{
    while (**a == '0')
        (*a)++;
    while (**b == '0')
        (*b)++;
    const char *first_a = *a, *first_b = *b;
    while (is_digit(**a))
        (*a)++;
    while (is_digit(**b))
        (*b)++;
    size_t length_a = (size_t)(*a - first_a), length_b = (size_t)(*b - first_b);
    if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
    return memcmp(first_a, first_b, length_a);
}

/* Letters first without regard to case; texts that are equal so far are ordered
 * by their bytes, so that only identical texts compare as 0. */
int text_compare_natural(const char *a, const char *b)
{
    a = a ? a : "";
    b = b ? b : "";
    const char *whole_a = a, *whole_b = b;
    while (*a && *b) {
        int order;
        if (is_digit(*a) && is_digit(*b)) {
            order = compare_digits(&a, &b);
        } else {
            order = (int)lower(*a++) - (int)lower(*b++);
        }
        if (order != 0)
            return order;
    }
    if (*a || *b)
        return *a ? 1 : -1;
    return strcmp(whole_a, whole_b);
}

int text_compare_items(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

void text_sort(const char **texts, size_t count)
{
    if (count > 1)
        qsort(texts, count, sizeof *texts, text_compare_items);
}
