#include "schema/bundle/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct str bytes, struct buf *into)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < count ? (unsigned char)bytes.data[i + k] : 0u);
        char quad[4];
        for (size_t k = 0; k < 4; k++)
            quad[k] = k <= count ? alphabet[group >> (18 - 6 * k) & 63u] : '=';
        buf_add(into, quad, sizeof quad);
    }
}

/* Value of a digit, -1 for anything else. */
static int digit_value(char digit)
{
    const char *found = digit != '\0' ? strchr(alphabet, digit) : NULL;
    return found != NULL ? (int)(found - alphabet) : -1;
}

/* Four characters, `digits` of them no padding. */
static bool decode_group(const char *quad, size_t digits, struct buf *into)
{
    uint32_t group = 0;
    for (size_t k = 0; k < 4; k++) {
        int value = k < digits ? digit_value(quad[k]) : 0;
        if (value < 0 || (k >= digits && quad[k] != '='))
            return false;
        group = group << 6 | (uint32_t)value;
    }
    size_t count = digits - 1;
    if (digits < 4 && (group & ((1u << (24 - 8 * count)) - 1u)) != 0)
        return false;
    for (size_t k = 0; k < count; k++)
        buf_addc(into, (char)(unsigned char)(group >> (16 - 8 * k)));
    return true;
}

bool base64_decode(struct str text, struct buf *into)
{
    if (text.len % 4 != 0)
        return false;
    for (size_t i = 0; i < text.len; i += 4) {
        bool last = i + 4 == text.len;
        size_t digits = 4;
        while (last && digits > 2 && text.data[i + digits - 1] == '=')
            digits--;
        if (!decode_group(text.data + i, digits, into))
            return false;
    }
    return into->failed == 0;
}
