#include "schema/base/number.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"

#define INTEGER_LARGEST 9007199254740992.0 /* 2^53: every whole number up to here is a double */
#define DECIMALS_MOST 64
#define DECIMALS_FEW 6

bool number_equal(double a, double b)
{
    return a <= b && a >= b;
}

bool number_is_integer(double value)
{
    if (!isfinite(value))
        return false;
    if (fabs(value) >= INTEGER_LARGEST)
        return true;
    return number_equal(value, (double)(int64_t)value);
}

static bool reads_back(const char *text, double value)
{
    return number_equal(strtod(text, NULL), value);
}

/* Adds one to the last digit of "d.ddde-xx"; false when the digits are all 9. */
static bool step_last_digit(char *text)
{
    char *at = strchr(text, 'e');
    while (at-- > text) {
        if (*at >= '0' && *at < '9') {
            (*at)++;
            return true;
        }
        if (*at == '9')
            *at = '0';
    }
    return false;
}

/* Below a power of two the doubles lie twice as close as above it: the nearest
 * text of 16 digits may miss on the narrow side where the next one up hits. */
static bool steps_to_16_digits(char target[NUMBER_TEXT_SIZE], double value)
{
    char text[NUMBER_TEXT_SIZE];
    int exponent;
    if (!number_equal(fabs(frexp(value, &exponent)), 0.5))
        return false;
    (void)snprintf(text, sizeof text, "%.15e", value);
    if (!step_last_digit(text) || !reads_back(text, value))
        return false;
    memcpy(target, text, sizeof text);
    return true;
}

/* The digits of a whole number, at least `least` of them; the end. */
static char *put_digits(char *at, uint64_t whole, int least)
{
    char digits[24];
    int count = 0;
    for (; whole > 0 || count < least; whole /= 10)
        digits[count++] = (char)('0' + whole % 10);
    while (count > 0)
        *at++ = digits[--count];
    *at = '\0';
    return at;
}

/* Most figures have few decimals, and printf and strtod are slow. Both operands are whole and exact, so that their
 * quotient is the double next to the decimal number, as strtod rounds it; with at most 15 digits it is the shortest. */
static bool has_few_decimals(char target[NUMBER_TEXT_SIZE], double value)
{
    double magnitude = fabs(value), power = 1;
    uint64_t below = 1;
    if (!(magnitude >= 1e-4 && magnitude < 1e9)) /* %g has an exponent below; above there are more than 15 digits */
        return false;
    for (int decimals = 1; decimals <= DECIMALS_FEW; decimals++) {
        power *= 10;
        below *= 10;
        uint64_t whole = (uint64_t)(magnitude * power + 0.5);
        if (!number_equal((double)whole / power, magnitude))
            continue;
        char *at = target;
        if (value < 0)
            *at++ = '-';
        at = put_digits(at, whole / below, 1);
        *at++ = '.';
        (void)put_digits(at, whole % below, decimals);
        return true;
    }
    return false;
}

/* A double holds 15 decimal digits and %g drops trailing zeros: when 15 digits
 * read back, no text with fewer digits was missed. That does not hold below
 * DBL_MIN, where digits are lost one by one. */
const char *number_shortest(char target[NUMBER_TEXT_SIZE], double value)
{
    assert(isfinite(value));
    if (fabs(value) <= INTEGER_LARGEST && number_is_integer(value)) {
        const bool negative_zero = fpclassify(value) == FP_ZERO && signbit(value);
        char *at = target;
        if (negative_zero || value < 0)
            *at++ = '-';
        (void)put_digits(at, (uint64_t)fabs(value), 1);
        return target;
    }
    if (has_few_decimals(target, value))
        return target;
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    for (; digits <= DBL_DECIMAL_DIG; digits++) {
        char text[DBL_MAX_10_EXP + 16]; /* what the compiler believes %g may need */
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        text_copy(target, NUMBER_TEXT_SIZE, text);
        if (reads_back(target, value) || (digits == 16 && steps_to_16_digits(target, value)))
            break;
    }
    return target;
}

/* "-0.00" reads as if there were something below zero: the sign goes. */
static void drop_sign_of_zero(char *text)
{
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1))
        memmove(text, text + 1, strlen(text));
}

const char *number_fixed(char *target, size_t size, double value, int decimals)
{
    char whole[DBL_MAX_10_EXP + DECIMALS_MOST + 8] = "";
    int places = decimals < 0 ? 0 : decimals > DECIMALS_MOST ? DECIMALS_MOST : decimals;
    (void)snprintf(whole, sizeof whole, "%.*f", places, value);
    drop_sign_of_zero(whole);
    text_copy(target, size, whole);
    return target;
}

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.len && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    return at;
}

/* Exponent part at `at`, if there is one; SIZE_MAX when it has no digits. */
static size_t skip_exponent(struct str text, size_t at)
{
    if (at >= text.len || (text.data[at] != 'e' && text.data[at] != 'E'))
        return at;
    at++;
    if (at < text.len && (text.data[at] == '+' || text.data[at] == '-'))
        at++;
    size_t end = skip_digits(text, at);
    return end == at ? SIZE_MAX : end;
}

static bool is_json_number(struct str text)
{
    size_t at = text.len > 0 && text.data[0] == '-' ? 1 : 0;
    size_t whole_end = skip_digits(text, at);
    if (whole_end == at || (text.data[at] == '0' && whole_end > at + 1))
        return false;
    at = whole_end;
    if (at < text.len && text.data[at] == '.') {
        size_t fraction_end = skip_digits(text, at + 1);
        if (fraction_end == at + 1)
            return false;
        at = fraction_end;
    }
    return skip_exponent(text, at) == text.len;
}

static bool is_loose_number(struct str text)
{
    size_t at = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    size_t whole_end = skip_digits(text, at);
    size_t digits = whole_end - at;
    at = whole_end;
    if (at < text.len && text.data[at] == '.') {
        size_t fraction_end = skip_digits(text, at + 1);
        digits += fraction_end - (at + 1);
        at = fraction_end;
    }
    return digits > 0 && skip_exponent(text, at) == text.len;
}

/* The grammar was checked, so strtod takes the whole text; what it still needs is a NUL. */
static bool convert(struct str text, double *ret_value)
{
    char small[64];
    autofree char *large = NULL;
    char *copy = small;
    if (text.len >= sizeof small) {
        large = mem_strndup(text.data, text.len);
        if (!large)
            return false;
        copy = large;
    } else {
        memcpy(small, text.data, text.len);
        small[text.len] = '\0';
    }
    double value = strtod(copy, NULL);
    if (!isfinite(value))
        return false;
    *ret_value = value;
    return true;
}

bool number_parse(struct str text, double *ret_value)
{
    return is_json_number(text) && convert(text, ret_value);
}

bool number_parse_loose(struct str text, double *ret_value)
{
    struct str trimmed = str_trim(text);
    return is_loose_number(trimmed) && convert(trimmed, ret_value);
}

bool number_parse_int64(struct str text, int64_t *ret_value)
{
    bool negative = text.len > 0 && text.data[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == text.len)
        return false;
    uint64_t value = 0;
    const uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    for (; at < text.len; at++) {
        if (text.data[at] < '0' || text.data[at] > '9')
            return false;
        uint64_t digit = (uint64_t)(text.data[at] - '0');
        if (value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (!negative)
        *ret_value = (int64_t)value;
    else
        *ret_value = value == most ? INT64_MIN : -(int64_t)value;
    return true;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

bool number_parse_uint64_hex(struct str text, uint64_t *ret_value)
{
    size_t at = str_starts_with(text, STR("0x")) || str_starts_with(text, STR("0X")) ? 2 : 0;
    if (at == text.len)
        return false;
    uint64_t value = 0;
    for (; at < text.len; at++) {
        int digit = hex_digit(text.data[at]);
        if (digit < 0 || value > UINT64_MAX >> 4)
            return false;
        value = value << 4 | (uint64_t)digit;
    }
    *ret_value = value;
    return true;
}
