/* The encoders of everything but Markdown. */
#include "schema/text/encode.h"

#include "schema/base/number.h"
#include "schema/text/clean.h"

void encode_plain(struct buf *into, struct str text)
{
    encode_plain_capped(into, text, SIZE_MAX);
}

void encode_plain_capped(struct buf *into, struct str text, size_t most)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;
    size_t length = 0;

    while (cleaner_next(&cleaner, &code_point)) {
        struct cleaner ahead = cleaner;
        uint32_t following = 0;

        if (++length == most && cleaner_next(&ahead, &following)) {
            buf_adds(into, "…");
            return;
        }
        clean_put(into, code_point);
    }
}

static void put_plain(struct buf *into, struct cleaner *cleaner)
{
    const struct str plain = cleaner_plain(cleaner);

    buf_add(into, plain.data, plain.len);
}

static const char *markup_entity(uint32_t code_point)
{
    switch (code_point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void encode_html(struct buf *into, struct str text)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;

    for (put_plain(into, &cleaner); cleaner_next(&cleaner, &code_point); put_plain(into, &cleaner)) {
        const char *entity = markup_entity(code_point);

        if (entity != NULL)
            buf_adds(into, entity);
        else
            clean_put(into, code_point);
    }
}

/* The five entities are those of XML too, and what XML 1.0 forbids (controls, U+FFFE) the cleaning has dropped. */
void encode_xml(struct buf *into, struct str text)
{
    encode_html(into, text);
}

/* What a spreadsheet takes for the beginning of a formula, also in full width and behind blanks. */
static bool begins_formula(struct str text)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;

    while (cleaner_next(&cleaner, &code_point))
        if (code_point != ' ' && code_point != 0xA0)
            break;
    switch (code_point) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '|':
    case '%':
    case 0xFF1D:
    case 0xFF0B:
    case 0xFF0D:
    case 0xFF20:
    case 0x2212:
        return true;
    default:
        return text.len > 0 && (text.data[0] == '\t' || text.data[0] == '\r');
    }
}

void encode_csv_text(struct buf *into, struct str text)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;
    double number = 0;

    buf_addc(into, '"');
    if (begins_formula(text) && !number_parse(text, &number))
        buf_addc(into, '\'');
    for (put_plain(into, &cleaner); cleaner_next(&cleaner, &code_point); put_plain(into, &cleaner)) {
        if (code_point == '"')
            buf_addc(into, '"');
        clean_put(into, code_point);
    }
    buf_addc(into, '"');
}

static bool needs_json_escape(uint32_t code_point)
{
    return code_point < 0x20 || code_point == '<' || code_point == '>' || code_point == '&' || code_point == 0x7F ||
           code_point == 0x2028 || code_point == 0x2029;
}

void encode_json_in_page(struct buf *into, struct str text)
{
    const char *at = text.data, *end = text.data + text.len;

    buf_addc(into, '"');
    while (at < end) {
        uint32_t code_point = 0xFFFD;
        const size_t length = utf8_decode(at, end, &code_point);

        at += length == 0 ? 1 : length;
        if (length == 0)
            code_point = 0xFFFD;
        if (code_point == '"' || code_point == '\\')
            buf_addf(into, "\\%c", (int)code_point);
        else if (needs_json_escape(code_point))
            buf_addf(into, "\\u%04x", (unsigned)code_point);
        else
            clean_put(into, code_point);
    }
    buf_addc(into, '"');
}

#define NAME_MAX_CHARS 40

/* FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923). */
static uint32_t fnv1a(struct str text)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 16777619U;
    return hash;
}

void encode_file_name(struct buf *into, struct str text)
{
    encode_file_name_keyed(into, text, text);
}

void encode_file_name_keyed(struct buf *into, struct str text, struct str key)
{
    size_t written = 0;
    bool gap = false;

    for (size_t i = 0; i < text.len && written < NAME_MAX_CHARS; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        if (!clean_is_word(byte)) {
            gap = written > 0;
            continue;
        }
        if (gap && written + 1 < NAME_MAX_CHARS) {
            buf_addc(into, '-');
            written++;
        }
        gap = false;
        buf_addc(into, (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte));
        written++;
    }
    buf_addf(into, "%s%08x", written > 0 ? "-" : "", fnv1a(key));
}

void encode_terminal(struct buf *into, struct str text)
{
    const char *at = text.data, *end = text.data + text.len;

    while (at < end) {
        uint32_t code_point = 0;
        const size_t length = utf8_decode(at, end, &code_point);

        if (length == 0 || code_point < 0x80) {
            const unsigned char byte = (unsigned char)*at++;

            if (length == 0 || byte < 0x20 || byte == 0x7F)
                buf_addf(into, "\\x%02x", byte);
            else
                buf_addc(into, (char)byte);
            continue;
        }
        at += length;
        if (utf8_is_unsafe(code_point))
            buf_addf(into, "\\u{%x}", (unsigned)code_point);
        else
            clean_put(into, code_point);
    }
}

static bool stands_in_anchor(uint32_t code_point)
{
    if (code_point < 0x80)
        return clean_is_word(code_point) || code_point == '-' || code_point == '_';
    /* Signs of Latin-1 and general punctuation are dropped, letters are kept. */
    return code_point >= 0xC0 && code_point != 0xD7 && code_point != 0xF7 &&
           !(code_point >= 0x2000 && code_point <= 0x2BFF) && code_point != 0xFFFD;
}

void encode_anchor(struct buf *into, struct str text)
{
    struct cleaner cleaner = cleaner_of(text);
    uint32_t code_point = 0;

    while (cleaner_next(&cleaner, &code_point)) {
        if (code_point == ' ')
            buf_addc(into, '-');
        else if (code_point >= 'A' && code_point <= 'Z')
            buf_addc(into, (char)(code_point - 'A' + 'a'));
        else if (stands_in_anchor(code_point))
            clean_put(into, code_point);
    }
}
