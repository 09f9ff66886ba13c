#include "schema/text/clean.h"

#define COMBINING_MAX 8
#define REPLACEMENT 0xFFFDU

struct cleaner cleaner_of(struct str text)
{
    return (struct cleaner){text.data, text.data + text.len, 0};
}

static bool is_break(uint32_t code_point)
{
    return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x85 || code_point == 0x2028 ||
           code_point == 0x2029;
}

static bool is_plain(char byte)
{
    return byte >= ' ' && byte <= '~' && byte != '&' && byte != '<' && byte != '>' && byte != '"' && byte != '\'';
}

bool cleaner_next(struct cleaner *cleaner, uint32_t *ret_code_point)
{
    while (cleaner->at < cleaner->end) {
        if (is_plain(*cleaner->at)) {
            cleaner->combining = 0;
            *ret_code_point = (unsigned char)*cleaner->at++;
            return true;
        }
        uint32_t code_point = REPLACEMENT;
        const size_t length = utf8_decode(cleaner->at, cleaner->end, &code_point);

        cleaner->at += length == 0 ? 1 : length;
        if (length == 0)
            code_point = REPLACEMENT;
        if (is_break(code_point))
            code_point = ' ';
        if (utf8_is_unsafe(code_point))
            continue;
        if (utf8_is_combining(code_point) && cleaner->combining >= COMBINING_MAX)
            continue;
        cleaner->combining = utf8_is_combining(code_point) ? cleaner->combining + 1 : 0;
        *ret_code_point = code_point;
        return true;
    }
    return false;
}

struct str cleaner_plain(struct cleaner *cleaner)
{
    const char *from = cleaner->at;

    while (cleaner->at < cleaner->end && is_plain(*cleaner->at))
        cleaner->at++;
    if (cleaner->at > from)
        cleaner->combining = 0;
    return str_slice(from, (size_t)(cleaner->at - from));
}

void clean_put(struct buf *into, uint32_t code_point)
{
    char bytes[4];

    buf_add(into, bytes, utf8_encode(code_point, bytes));
}

bool clean_is_word(uint32_t code_point)
{
    return (code_point >= '0' && code_point <= '9') || (code_point >= 'A' && code_point <= 'Z') ||
           (code_point >= 'a' && code_point <= 'z');
}
