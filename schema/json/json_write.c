#include "schema/json/json_write.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"

#define INTEGER_LARGEST 9007199254740992.0 /* 2^53 */

struct json_writer json_writer(struct buf *out, int indent)
{
    return (struct json_writer){.out = out, .indent = indent};
}

static void new_line(struct json_writer *writer)
{
    if (writer->indent <= 0)
        return;
    buf_addc(writer->out, '\n');
    for (int i = 0; i < writer->indent * writer->depth; i++)
        buf_addc(writer->out, ' ');
}

/* What stands between the previous value and the next one. */
static void before_value(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->need_comma)
        buf_addc(writer->out, ',');
    if (writer->depth > 0)
        new_line(writer);
}

static void begin(struct json_writer *writer, char bracket)
{
    before_value(writer);
    buf_addc(writer->out, bracket);
    writer->depth++;
    writer->need_comma = false;
}

static void end(struct json_writer *writer, char bracket)
{
    writer->depth--;
    if (writer->need_comma) /* an empty container stays on its line */
        new_line(writer);
    buf_addc(writer->out, bracket);
    writer->need_comma = true;
}

void json_begin_object(struct json_writer *writer)
{
    begin(writer, '{');
}

void json_end_object(struct json_writer *writer)
{
    end(writer, '}');
}

void json_begin_array(struct json_writer *writer)
{
    begin(writer, '[');
}

void json_end_array(struct json_writer *writer)
{
    end(writer, ']');
}

static void add_escaped(struct buf *out, unsigned char byte)
{
    switch (byte) {
    case '"':
        buf_adds(out, "\\\"");
        break;
    case '\\':
        buf_adds(out, "\\\\");
        break;
    case '\n':
        buf_adds(out, "\\n");
        break;
    case '\r':
        buf_adds(out, "\\r");
        break;
    case '\t':
        buf_adds(out, "\\t");
        break;
    default:
        buf_addf(out, "\\u%04x", (unsigned)byte);
        break;
    }
}

/* ASCII that stands in a string as it is: most of what is written. */
static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

static void add_quoted(struct buf *out, struct str text)
{
    buf_addc(out, '"');
    const char *at = text.data, *text_end = text.data + text.len;
    while (at < text_end) {
        const char *from = at;
        uint32_t point = 0;
        size_t length = 0;
        for (; at < text_end; at += length) {
            const bool plain = is_plain((unsigned char)*at);
            length = plain ? 1 : utf8_decode(at, text_end, &point);
            if (!plain && (length == 0 || point < 0x80))
                break;
        }
        buf_add(out, from, (size_t)(at - from));
        if (at >= text_end)
            break;
        if (length == 0)
            buf_adds(out, "\xEF\xBF\xBD");
        else
            add_escaped(out, (unsigned char)*at);
        at++;
    }
    buf_addc(out, '"');
}

void json_write_key(struct json_writer *writer, const char *key)
{
    before_value(writer);
    add_quoted(writer->out, str_of(key));
    buf_adds(writer->out, writer->indent > 0 ? ": " : ":");
    writer->after_key = true;
}

void json_write_slice(struct json_writer *writer, struct str text)
{
    before_value(writer);
    add_quoted(writer->out, text);
    writer->need_comma = true;
}

void json_write_raw(struct json_writer *writer, struct str json)
{
    before_value(writer);
    buf_add(writer->out, json.data, json.len);
    writer->need_comma = true;
}

void json_write_null(struct json_writer *writer)
{
    json_write_raw(writer, STR("null"));
}

void json_write_string(struct json_writer *writer, const char *text)
{
    if (text == NULL)
        json_write_null(writer);
    else
        json_write_slice(writer, str_of(text));
}

void json_write_number(struct json_writer *writer, double value)
{
    if (!isfinite(value)) {
        json_write_null(writer);
        return;
    }
    char text[NUMBER_TEXT_SIZE + 2];
    (void)number_shortest(text, value);
    /* Beyond 2^53 a bare whole number would claim digits that a double does not have; the strict reader refuses it. */
    if (fabs(value) > INTEGER_LARGEST && strpbrk(text, ".e") == NULL)
        memcpy(text + strlen(text), ".0", 3);
    json_write_raw(writer, str_of(text));
}

void json_write_int(struct json_writer *writer, int64_t value)
{
    before_value(writer);
    buf_addf(writer->out, "%lld", (long long)value);
    writer->need_comma = true;
}

void json_write_bool(struct json_writer *writer, bool value)
{
    json_write_raw(writer, value ? STR("true") : STR("false"));
}

void json_pair_string(struct json_writer *writer, const char *key, const char *text)
{
    json_write_key(writer, key);
    json_write_string(writer, text);
}

void json_pair_number(struct json_writer *writer, const char *key, double value)
{
    json_write_key(writer, key);
    json_write_number(writer, value);
}

void json_pair_int(struct json_writer *writer, const char *key, int64_t value)
{
    json_write_key(writer, key);
    json_write_int(writer, value);
}

void json_pair_bool(struct json_writer *writer, const char *key, bool value)
{
    json_write_key(writer, key);
    json_write_bool(writer, value);
}
