#include "schema/formats/unwrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"

#define UNWRAP_MAX ((size_t)32 << 20)

void unwrapped_done(struct unwrapped *text)
{
    free(text->data);
    free(text->origins);
    *text = (struct unwrapped){0};
}

struct str unwrapped_text(const struct unwrapped *text)
{
    return str_slice(text->data != NULL ? text->data : "", text->length);
}

size_t unwrapped_origin(const struct unwrapped *text, size_t offset)
{
    if (text->origins == NULL)
        return 0;
    return text->origins[offset < text->length ? offset : text->length];
}

static void add(struct unwrapped *text, const char *bytes, size_t count, size_t origin)
{
    if (text->failed)
        return;
    if (text->length + count > UNWRAP_MAX) {
        text->failed = ERR_LIMIT;
        return;
    }
    if (mem_grow(&text->data, &text->capacity, text->length + count + 1, 1) < 0 ||
        mem_grow(&text->origins, &text->origin_capacity, text->length + count + 1, sizeof *text->origins) < 0) {
        text->failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        text->origins[text->length] = origin;
        text->data[text->length++] = bytes[i];
    }
}

static int finish(struct unwrapped *text, size_t end, struct err *err)
{
    add(text, "", 1, end); /* the NUL, with the origin of the end */
    if (text->failed == ERR_LIMIT)
        return err_set(err, ERR_LIMIT, "the text around the result is longer than %zu MiB", UNWRAP_MAX >> 20);
    if (text->failed)
        return mem_error(err);
    text->length--;
    return 0;
}

void unwrap_end_line(struct unwrapped *text, size_t origin)
{
    add(text, "\n", 1, origin);
}

/* ---------------------------------------------------------------- literals */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `count` hex digits at `at`; false when they are not there. */
static bool read_hex(struct str input, size_t at, size_t count, uint32_t *ret)
{
    uint32_t value = 0;
    if (at + count > input.len)
        return false;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_digit(input.data[at + i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *ret = value;
    return true;
}

/* \uXXXX, with its second half when it is one of a pair; bytes of the input read, 0 when it is none. */
static size_t read_unicode(struct str input, size_t at, uint32_t *ret)
{
    uint32_t unit = 0, low = 0;
    if (!read_hex(input, at + 2, 4, &unit))
        return 0;
    *ret = unit;
    if (unit < 0xd800 || unit > 0xdbff)
        return 6;
    if (at + 7 < input.len && input.data[at + 6] == '\\' && input.data[at + 7] == 'u' &&
        read_hex(input, at + 8, 4, &low) && low >= 0xdc00 && low <= 0xdfff) {
        *ret = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return 12;
    }
    return 6;
}

/* One escape at `at`: adds what it stands for, returns its length. */
static size_t unescape(struct unwrapped *text, struct str input, size_t at)
{
    static const char letters[] = "nrtbfv0", values[] = "\n\r\t\b\f\v";
    char kind = at + 1 < input.len ? input.data[at + 1] : '\0';
    const char *letter = kind != '\0' ? strchr(letters, kind) : NULL;
    uint32_t code_point = 0;
    size_t length = 0;
    if (kind == 'x' && read_hex(input, at + 2, 2, &code_point))
        length = 4;
    else if (kind == 'u')
        length = read_unicode(input, at, &code_point);
    if (length > 0) {
        char utf8[4];
        bool surrogate = code_point >= 0xd800 && code_point < 0xe000;
        add(text, utf8, utf8_encode(surrogate ? 0xfffd : code_point, utf8), at);
        return length;
    }
    if (letter != NULL) {
        add(text, &values[letter - letters], 1, at);
        return 2;
    }
    if (kind != '\0')
        add(text, &kind, 1, at); /* \' \" \\ \/ and anything else stand for themselves */
    return at + 1 < input.len ? 2 : 1;
}

int unwrap_literal(struct str input, size_t quote, struct unwrapped *ret, size_t *ret_end, struct err *err)
{
    char close = input.data[quote];
    size_t at = quote + 1;
    while (at < input.len && input.data[at] != close && input.data[at] != '\n') {
        if (input.data[at] == '\\') {
            at += unescape(ret, input, at);
            continue;
        }
        add(ret, &input.data[at], 1, at);
        at++;
    }
    *ret_end = at < input.len && input.data[at] == close ? at + 1 : at;
    return finish(ret, at, err);
}

/* ---------------------------------------------------------------- mail */

/* Bytes of quote marks and the blank behind each at the beginning of a line. */
static size_t quote_marks(struct str input, size_t at)
{
    size_t length = 0;
    while (at + length < input.len) {
        size_t blanks = 0;
        while (at + length + blanks < input.len && input.data[at + length + blanks] == ' ' && blanks < 3)
            blanks++;
        if (at + length + blanks >= input.len || input.data[at + length + blanks] != '>')
            break;
        length += blanks + 1;
    }
    if (length > 0 && at + length < input.len && input.data[at + length] == ' ')
        length++;
    return length;
}

int unwrap_mail(struct str input, struct unwrapped *ret, struct err *err)
{
    static const struct {
        const char *typed, *plain;
    } marks[] = {
        {"\xc2\xa0", " "},
        {"\xe2\x80\x9c", "\""},
        {"\xe2\x80\x9d", "\""},
        {"\xe2\x80\x9e", "\""},
    };
    size_t at = 0;
    bool line_start = true;
    while (at < input.len) {
        if (line_start)
            at += quote_marks(input, at);
        line_start = false;
        if (at >= input.len)
            break;
        size_t length = 1;
        const char *bytes = &input.data[at];
        struct str rest = str_slice(bytes, input.len - at);
        for (size_t i = 0; (unsigned char)*bytes >= 0x80 && i < ARRAY_LENGTH(marks); i++)
            if (str_starts_with(rest, str_of(marks[i].typed))) {
                length = strlen(marks[i].typed);
                bytes = marks[i].plain;
                break;
            }
        add(ret, bytes, 1, at);
        line_start = input.data[at] == '\n';
        at += length;
    }
    return finish(ret, input.len, err);
}

int unwrap_percent(struct str input, struct unwrapped *ret, struct err *err)
{
    size_t at = 0;
    while (at < input.len) {
        uint32_t value = 0;
        if (input.data[at] == '%' && read_hex(input, at + 1, 2, &value)) {
            char byte = (char)(unsigned char)value;
            add(ret, &byte, 1, at);
            at += 3;
            continue;
        }
        add(ret, &input.data[at], 1, at);
        at++;
    }
    return finish(ret, input.len, err);
}
