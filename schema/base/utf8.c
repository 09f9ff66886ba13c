#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

void str_copy(char *target, size_t size, struct str source)
{
    if (size == 0)
        return;
    size_t length = source.len;
    if (length >= size) {
        length = size - 1;
        /* At most three steps back: more continuation bytes are no UTF-8 anyway. */
        for (int i = 0; i < 3 && length > 0 && is_continuation(source.data[length]); i++)
            length--;
    }
    if (length > 0)
        memmove(target, source.data, length);
    target[length] = '\0';
}

void text_copy(char *target, size_t size, const char *source)
{
    str_copy(target, size, str_of(source));
}

/* Table 3-7 of the Unicode Standard: what the second byte may be depends on the
 * first; that excludes overlong forms, surrogates and values above U+10FFFF. */
struct utf8_form {
    unsigned char first_least, first_most, second_least, second_most;
    size_t length;
    unsigned char bits; /* of the first byte that carry the value */
};

static const struct utf8_form utf8_forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2, 0x1F}, {0xE0, 0xE0, 0xA0, 0xBF, 3, 0x0F}, {0xE1, 0xEC, 0x80, 0xBF, 3, 0x0F},
    {0xED, 0xED, 0x80, 0x9F, 3, 0x0F}, {0xEE, 0xEF, 0x80, 0xBF, 3, 0x0F}, {0xF0, 0xF0, 0x90, 0xBF, 4, 0x07},
    {0xF1, 0xF3, 0x80, 0xBF, 4, 0x07}, {0xF4, 0xF4, 0x80, 0x8F, 4, 0x07},
};

static const struct utf8_form *form_of(unsigned char first)
{
    for (size_t i = 0; i < ARRAY_LENGTH(utf8_forms); i++)
        if (first >= utf8_forms[i].first_least && first <= utf8_forms[i].first_most)
            return &utf8_forms[i];
    return NULL;
}

size_t utf8_decode(const char *at, const char *end, uint32_t *ret_code_point)
{
    if (at >= end)
        return 0;
    unsigned char first = (unsigned char)*at;
    if (first < 0x80) {
        *ret_code_point = first;
        return 1;
    }
    const struct utf8_form *form = form_of(first);
    if (!form || (size_t)(end - at) < form->length)
        return 0;
    unsigned char second = (unsigned char)at[1];
    if (second < form->second_least || second > form->second_most)
        return 0;
    uint32_t value = first & form->bits;
    for (size_t i = 1; i < form->length; i++) {
        if (!is_continuation(at[i]))
            return 0;
        value = value << 6 | ((unsigned char)at[i] & 0x3Fu);
    }
    *ret_code_point = value;
    return form->length;
}

size_t utf8_encode(uint32_t code_point, char target[4])
{
    if (code_point < 0x80) {
        target[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        target[0] = (char)(0xC0u | code_point >> 6);
        target[1] = (char)(0x80u | (code_point & 0x3Fu));
        return 2;
    }
    if (code_point >= 0xD800 && code_point <= 0xDFFF)
        return 0;
    if (code_point < 0x10000) {
        target[0] = (char)(0xE0u | code_point >> 12);
        target[1] = (char)(0x80u | (code_point >> 6 & 0x3Fu));
        target[2] = (char)(0x80u | (code_point & 0x3Fu));
        return 3;
    }
    if (code_point > 0x10FFFF)
        return 0;
    target[0] = (char)(0xF0u | code_point >> 18);
    target[1] = (char)(0x80u | (code_point >> 12 & 0x3Fu));
    target[2] = (char)(0x80u | (code_point >> 6 & 0x3Fu));
    target[3] = (char)(0x80u | (code_point & 0x3Fu));
    return 4;
}

bool utf8_is_valid(struct str text)
{
    const char *at = text.data, *end = text.data + text.len;
    uint32_t code_point;
    while (at < end) {
        size_t length = utf8_decode(at, end, &code_point);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t utf8_length(struct str text)
{
    const char *at = text.data, *end = text.data + text.len;
    uint32_t code_point;
    size_t count = 0;
    for (; at < end; count++) {
        size_t length = utf8_decode(at, end, &code_point);
        at += length > 0 ? length : 1;
    }
    return count;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (value > ranges[middle].last)
            low = middle + 1;
        else if (value < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

/* Controls, soft hyphen, bidi controls (Bidi_Control of the Unicode Character
 * Database), zero-width and invisible characters, line separators, interlinear
 * annotation, tags. */
static const struct range unsafe_ranges[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

bool utf8_is_unsafe(uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point & 0xFFFEu) == 0xFFFEu)
        return true;
    if (code_point >= 0xD800 && code_point <= 0xDFFF)
        return true;
    return in_ranges(unsafe_ranges, ARRAY_LENGTH(unsafe_ranges), code_point);
}

/* General categories Mn and Me of the Unicode Character Database, 14.0. */
static const struct range combining_ranges[] = {
#include "schema/base/utf8_combining.inc"
};

bool utf8_is_combining(uint32_t code_point)
{
    return code_point >= 0x300 && in_ranges(combining_ranges, ARRAY_LENGTH(combining_ranges), code_point);
}

void text_make_printable(char *target, size_t size, const char *source)
{
    if (size == 0)
        return;
    const char *at = source ? source : "";
    const char *end = at + strlen(at);
    size_t used = 0;
    while (at < end) {
        char part[8];
        uint32_t code_point = 0;
        size_t length = utf8_decode(at, end, &code_point);
        size_t width = length;
        if (length == 0 || (code_point < 0x80 && utf8_is_unsafe(code_point))) {
            bool blank = length == 1 && (code_point == '\n' || code_point == '\t');
            width = (size_t)(blank ? snprintf(part, sizeof part, " ")
                                   : snprintf(part, sizeof part, "\\x%02X", (unsigned)(unsigned char)*at));
            length = 1;
        } else if (utf8_is_unsafe(code_point)) {
            part[0] = '?';
            width = 1;
        } else {
            memcpy(part, at, length);
        }
        if (used + width >= size)
            break;
        memcpy(target + used, part, width);
        used += width;
        at += length;
    }
    target[used] = '\0';
}
