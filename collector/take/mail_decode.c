#include "collector/take/mail_decode.h"

#include <stddef.h>
#include <stdint.h>

static int base64_value(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return byte - 'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - 'a' + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return byte - '0' + 52;
    }
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* RFC 2045 section 6.8: what is no digit is skipped, "=" ends it. */
static void decode_base64(struct str body, struct buf *into)
{
    uint32_t group = 0;
    int bits = 0;
    for (size_t i = 0; i < body.len && body.data[i] != '='; i++) {
        int value = base64_value(body.data[i]);
        if (value < 0) {
            continue;
        }
        group = (group << 6 | (uint32_t)value) & 0xffffffu;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            buf_addc(into, (char)(unsigned char)(group >> bits & 0xffu));
        }
    }
}

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'A' && byte <= 'F') {
        return byte - 'A' + 10;
    }
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* RFC 2045 section 6.7. Blanks at the end of a line are not part of it; "=" there joins it with the next. */
static void decode_quoted_line(struct str line, bool ended, struct buf *into)
{
    while (line.len > 0 && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t')) {
        line.len--;
    }
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '=' && i + 1 == line.len) {
            return;
        }
        int high = line.data[i] == '=' && i + 2 < line.len ? hex_value(line.data[i + 1]) : -1;
        int low = high >= 0 ? hex_value(line.data[i + 2]) : -1;
        if (low >= 0) {
            buf_addc(into, (char)(unsigned char)(high << 4 | low));
            i += 2;
        } else {
            buf_addc(into, line.data[i]);
        }
    }
    buf_adds(into, ended ? "\n" : "");
}

static void add_line(struct str line, bool ended, struct buf *into)
{
    buf_add(into, line.data, line.len);
    buf_adds(into, ended ? "\n" : "");
}

static void each_line(struct str body, void (*add)(struct str line, bool ended, struct buf *into), struct buf *into)
{
    const char *end = body.data + body.len;
    struct str line;
    while (str_next_line(&body, &line)) {
        add(line, line.data + line.len < end, into);
    }
}

/* Code points of the bytes 0x80 to 0x9f (WHATWG Encoding, index windows-1252). */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

static void decode_latin(struct str bytes, struct buf *into)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        char text[4];
        uint32_t point = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
        buf_add(into, text, utf8_encode(point, text));
    }
}

static bool is_latin(const char *charset)
{
    return text_equal_ignore_case(charset, "iso-8859-1") || text_equal_ignore_case(charset, "windows-1252") ||
           text_equal_ignore_case(charset, "us-ascii");
}

void mail_decode(struct str body, const char *encoding, const char *charset, bool is_text, struct buf *into)
{
    autobuf struct buf plain = BUF(into->max);
    struct str word = str_trim(str_of(encoding));
    if (str_equal_ignore_case(word, STR("base64"))) {
        decode_base64(body, &plain);
    } else if (str_equal_ignore_case(word, STR("quoted-printable"))) {
        each_line(body, decode_quoted_line, &plain);
    } else {
        each_line(body, add_line, &plain);
    }
    struct str bytes = str_slice(buf_text(&plain), plain.len);
    if (plain.failed != 0) {
        into->failed = plain.failed;
    } else if (is_text && is_latin(charset) && !utf8_is_valid(bytes)) {
        decode_latin(bytes, into);
    } else if (is_text && str_equal_ignore_case(word, STR("base64"))) {
        each_line(bytes, add_line, into);
    } else {
        buf_add(into, bytes.data, bytes.len);
    }
}
