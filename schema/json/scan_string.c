/* Strings of JSON text: escapes, UTF-8, and the rules on characters. */
#include <string.h>

#include "schema/json/scan.h"

#define COMBINING_MAX 8
#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

struct string_scan {
    enum scan_string_kind kind;
    size_t decoded; /* bytes that the string has after decoding */
    int combining;  /* marks in a row */
    bool escapes;
};

static size_t utf8_width(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* The profile's rules for one character of the strict reader. */
static int check_point(struct json_scan *scan, struct string_scan *string, uint32_t point, const char *at)
{
    string->decoded += utf8_width(point);
    if (point == 0)
        return json_scan_fail(scan, ERR_DATA, at, "U+0000 is not allowed in a string");
    if (string->kind == SCAN_EXEMPT)
        return 0;
    if (string->kind == SCAN_KEY && string->decoded > scan->limits->key_bytes)
        return json_scan_fail(scan, ERR_LIMIT, at, "a member name is too long");
    if (string->kind == SCAN_VALUE && scan->limits->string_bytes != 0 && string->decoded > scan->limits->string_bytes)
        return json_scan_fail(scan, ERR_LIMIT, at, "a string is too long");
    if (point >= 0x20 && point < 0x7F) {
        string->combining = 0;
        return 0;
    }
    if (utf8_is_unsafe(point) && !(point == '\n' && string->kind == SCAN_VALUE))
        return json_scan_fail(scan, ERR_DATA, at,
                              "a control, direction, zero-width or other character that is not allowed in a string");
    string->combining = utf8_is_combining(point) ? string->combining + 1 : 0;
    if (string->combining > COMBINING_MAX)
        return json_scan_fail(scan, ERR_DATA, at, "more than 8 combining marks in a row");
    return 0;
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* The four digits behind "\u" at `at`; -1 when they are not there. */
static int32_t unicode_escape(const struct json_scan *scan, const char *at)
{
    if (scan->end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* A \u escape, with its low half when it is a surrogate: bytes used and the character, 0 when it is broken. */
static size_t escaped_point(const struct json_scan *scan, const char *at, uint32_t *ret_point)
{
    int32_t unit = unicode_escape(scan, at);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return 0;
    if (unit < 0xD800 || unit > 0xDFFF) {
        *ret_point = (uint32_t)unit;
        return 6;
    }
    int32_t low = unicode_escape(scan, at + 6);
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    *ret_point = 0x10000u + (((uint32_t)unit & 0x3FFu) << 10) + ((uint32_t)low & 0x3FFu);
    return 12;
}

/* What a one-letter escape stands for; 0 = none. */
static char plain_escape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

static int strict_escape(struct json_scan *scan, struct string_scan *string)
{
    const char *at = scan->at;
    if (scan->end - at < 2)
        return json_scan_expected(scan, scan->end, "the rest of an escape");
    uint32_t point = 0;
    size_t length = 2;
    if (at[1] == 'u') {
        if (unicode_escape(scan, at) < 0)
            return json_scan_fail(scan, ERR_SYNTAX, at, "\\u must be followed by four hex digits");
        length = escaped_point(scan, at, &point);
        if (length == 0)
            return json_scan_fail(scan, ERR_DATA, at, "half a surrogate pair");
    } else {
        point = (unsigned char)plain_escape(at[1]);
        if (point == 0)
            return json_scan_fail(scan, ERR_SYNTAX, at, "an escape that JSON does not know");
    }
    scan->at += length;
    return check_point(scan, string, point, at);
}

/* Keeps a good escape, writes U+FFFD for half a surrogate or NUL, and takes the backslash of an unknown
 * escape (a Windows path that nobody escaped) literally. */
static void tolerant_escape(struct json_scan *scan)
{
    const char *at = scan->at;
    uint32_t point = 0;
    size_t length = escaped_point(scan, at, &point);
    if (length > 0 && point != 0) {
        scan->at += length;
    } else if (unicode_escape(scan, at) >= 0) {
        scan->at += 6;
        json_scan_replace(scan, at, scan->at, REPLACEMENT, 3);
    } else if (scan->end - at >= 2 && plain_escape(at[1]) != 0) {
        scan->at += 2;
    } else {
        scan->at++;
        json_scan_replace(scan, at, scan->at, "\\\\", 2);
    }
}

static int strict_character(struct json_scan *scan, struct string_scan *string)
{
    const char *at = scan->at;
    if ((unsigned char)*at < 0x20)
        return json_scan_fail(scan, ERR_SYNTAX, at, "a raw control character in a string");
    uint32_t point = 0;
    size_t length = utf8_decode(at, scan->end, &point);
    if (length == 0)
        return json_scan_fail(scan, ERR_SYNTAX, at, "bytes that are not UTF-8");
    scan->at += length;
    return check_point(scan, string, point, at);
}

static void tolerant_character(struct json_scan *scan)
{
    uint32_t point = 0;
    size_t length = utf8_decode(scan->at, scan->end, &point);
    if (length == 0 || point == 0) {
        json_scan_replace(scan, scan->at, scan->at + 1, REPLACEMENT, 3);
        scan->at++;
        return;
    }
    scan->at += length;
}

/* Passes over characters that need no look: printable ASCII but quote and backslash. */
static void plain_run(struct json_scan *scan, struct string_scan *string)
{
    /* clang-format off */
    static const unsigned char plain[256] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    };
    /* clang-format on */
    const char *from = scan->at, *at = from, *end = scan->end;
    while (at < end && plain[(unsigned char)*at] != 0)
        at++;
    scan->at = at;
    if (at > from)
        string->combining = 0;
    string->decoded += (size_t)(at - from);
}

static int scan_characters(struct json_scan *scan, struct string_scan *string)
{
    for (;;) {
        plain_run(scan, string);
        if (scan->at >= scan->end)
            return json_scan_expected(scan, scan->end, "the closing quote of a string");
        if (*scan->at == '"')
            return 0;
        bool escape = *scan->at == '\\';
        string->escapes |= escape;
        int result = 0;
        if (scan->copy != NULL && escape)
            tolerant_escape(scan);
        else if (scan->copy != NULL)
            tolerant_character(scan);
        else
            result = escape ? strict_escape(scan, string) : strict_character(scan, string);
        if (result < 0)
            return result;
    }
}

/* The name behind a raw key: the source itself, or a decoded copy when it holds escapes. */
static int key_name(struct json_scan *scan, struct str raw, bool escapes, struct str *ret)
{
    *ret = raw;
    if (!escapes)
        return 0;
    char *copy = arena_alloc(&scan->decoded, raw.len + 1, 1);
    if (copy == NULL)
        return json_scan_fail(scan, ERR_MEMORY, raw.data, "out of memory");
    size_t length = 0;
    for (const char *at = raw.data, *end = raw.data + raw.len; at < end;) {
        uint32_t point = 0;
        size_t used = *at == '\\' ? escaped_point(scan, at, &point) : 0;
        if (used > 0) {
            length += utf8_encode(point, copy + length);
            at += used;
        } else if (*at == '\\' && end - at >= 2 && plain_escape(at[1]) != 0) {
            copy[length++] = plain_escape(at[1]);
            at += 2;
        } else {
            copy[length++] = *at++;
        }
    }
    *ret = str_slice(copy, length);
    return 0;
}

static int note_span(struct json_scan *scan, struct str raw)
{
    if (mem_grow(&scan->spans, &scan->span_capacity, scan->span_count + 1, sizeof *scan->spans) < 0)
        return json_scan_fail(scan, ERR_MEMORY, raw.data, "out of memory");
    scan->spans[scan->span_count++] = (struct scan_span){(uint32_t)(raw.data - scan->begin), (uint32_t)raw.len};
    return 0;
}

int json_scan_string(struct json_scan *scan, enum scan_string_kind kind)
{
    struct string_scan string = {.kind = kind};
    const char *quote = scan->at++;
    int result = scan_characters(scan, &string);
    if (result < 0)
        return result;
    struct str raw = str_slice(quote + 1, (size_t)(scan->at - quote - 1));
    scan->at++;
    /* Runs of plain characters are counted, not looked at one by one: the limits are checked here once more. */
    if (scan->copy == NULL && kind == SCAN_KEY && string.decoded > scan->limits->key_bytes)
        return json_scan_fail(scan, ERR_LIMIT, quote, "a member name is too long");
    if (scan->copy == NULL && kind == SCAN_VALUE && scan->limits->string_bytes != 0 &&
        string.decoded > scan->limits->string_bytes)
        return json_scan_fail(scan, ERR_LIMIT, quote, "a string is too long");
    if (kind != SCAN_KEY)
        return scan->copy != NULL ? note_span(scan, raw) : 0;
    struct str name = {0};
    result = key_name(scan, raw, string.escapes, &name);
    return result < 0 ? result : json_scan_add_key(scan, name, quote);
}
