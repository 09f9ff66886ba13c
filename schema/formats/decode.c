/* From a file's bytes to text: UTF-16 by its byte order mark, no mark, no ANSI escapes, plain blanks, and
 * nothing that logs and mails put before each line. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/formats/formats.h"
#include "schema/formats/line_prefixes.h"

#define TEXT_MAX ((size_t)256 * BUF_MIB)
#define ESCAPE 0x1b

static uint32_t unit_at(struct str bytes, size_t at, bool big)
{
    uint32_t first = (unsigned char)bytes.data[at], second = (unsigned char)bytes.data[at + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* Unpaired surrogates and a lone last byte become U+FFFD. */
static void decode_utf16(struct str bytes, bool big, struct buf *into)
{
    size_t at = 2;
    while (at + 1 < bytes.len) {
        uint32_t unit = unit_at(bytes, at, big);
        at += 2;
        if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < bytes.len) {
            uint32_t low = unit_at(bytes, at, big);
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                at += 2;
            }
        }
        char utf8[4];
        bool surrogate = unit >= 0xd800 && unit < 0xe000;
        buf_add(into, utf8, utf8_encode(surrogate ? 0xfffd : unit, utf8));
    }
    if (at < bytes.len)
        buf_adds(into, "\xef\xbf\xbd");
}

/* Length of the escape sequence at `at` (ECMA-48: CSI … final byte, OSC … BEL or ST, two-byte ones); 0 = none. */
static size_t escape_length(struct str text, size_t at)
{
    if (text.data[at] != ESCAPE || at + 1 >= text.len)
        return 0;
    size_t end = at + 2;
    char kind = text.data[at + 1];
    if (kind == '[') {
        while (end < text.len && text.data[end] >= 0x20 && text.data[end] <= 0x3f)
            end++;
        return end < text.len && text.data[end] >= 0x40 && text.data[end] <= 0x7e ? end + 1 - at : 0;
    }
    if (kind == ']') {
        while (end < text.len && text.data[end] != '\a' && text.data[end] != ESCAPE && text.data[end] != '\n')
            end++;
        if (end < text.len && text.data[end] == '\a')
            return end + 1 - at;
        return end + 1 < text.len && text.data[end] == ESCAPE && text.data[end + 1] == '\\' ? end + 2 - at : 0;
    }
    return kind >= 0x40 && kind <= 0x5f ? 2 : 0;
}

static void drop_escapes(struct str text, struct buf *into)
{
    size_t at = 0;
    while (at < text.len) {
        const char *escape = memchr(text.data + at, ESCAPE, text.len - at);
        size_t next = escape != NULL ? (size_t)(escape - text.data) : text.len;
        buf_add(into, text.data + at, next - at);
        if (escape == NULL)
            return;
        size_t length = escape_length(text, next);
        if (length == 0)
            buf_addc(into, ESCAPE);
        at = next + (length == 0 ? 1 : length);
    }
}

/* What is copied out of a browser has no-break spaces where the tool printed blanks. */
static size_t plain_blanks(char *text, size_t length)
{
    size_t to = 0;
    for (size_t at = 0; at < length; at++) {
        bool no_break = text[at] == '\xc2' && at + 1 < length && text[at + 1] == '\xa0';
        text[to++] = no_break ? ' ' : text[at];
        at += no_break;
    }
    text[to] = '\0';
    return to;
}

int formats_decode(struct str bytes, char **ret, size_t *ret_length, struct err *err)
{
    autobuf struct buf wide = BUF(TEXT_MAX);
    autobuf struct buf text = BUF(TEXT_MAX);
    if (str_starts_with(bytes, STR("\xff\xfe")) || str_starts_with(bytes, STR("\xfe\xff"))) {
        decode_utf16(bytes, bytes.data[0] == '\xfe', &wide);
        int result = buf_check(&wide, err);
        if (result < 0)
            return result;
        bytes = str_slice(buf_text(&wide), wide.len);
    } else if (str_starts_with(bytes, STR("\xef\xbb\xbf"))) {
        bytes = str_slice(bytes.data + 3, bytes.len - 3);
    }
    drop_escapes(bytes, &text);
    int result = buf_check(&text, err);
    if (result < 0)
        return result;
    size_t length = text.len;
    if (text.data == NULL)
        buf_adds(&text, "");
    char *taken = buf_take(&text);
    if (taken == NULL)
        return mem_error(err);
    if (str_find(str_slice(taken, length), STR("\xc2\xa0"), 0) != SIZE_MAX)
        length = plain_blanks(taken, length);
    *ret = taken;
    *ret_length = line_prefixes_drop(taken, length);
    return 0;
}
