/* Numbers of JSON text. cJSON reads at most 63 characters of one, so that the
 * tolerant reader shortens longer ones; what is not finite becomes a number that
 * overflows, which json_type knows again. */
#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/scan.h"

#define CJSON_NUMBER_CHARS 60
#define PLAIN_CHARS_MAX 300
#define OVERFLOW "1e999"

static bool is_digit(const struct json_scan *scan, const char *at)
{
    return at < scan->end && *at >= '0' && *at <= '9';
}

static const char *skip_digits(const struct json_scan *scan, const char *at)
{
    while (is_digit(scan, at))
        at++;
    return at;
}

/* Passes over the characters of a number by the grammar; *ret_whole: it has neither fraction nor exponent. */
static int scan_grammar(struct json_scan *scan, bool *ret_whole)
{
    const char *at = scan->at;
    if (at < scan->end && *at == '-')
        at++;
    if (!is_digit(scan, at))
        return json_scan_expected(scan, at, at == scan->at ? "a value" : "a digit");
    const char *first = at;
    at = skip_digits(scan, at);
    if (*first == '0' && at > first + 1)
        return json_scan_fail(scan, ERR_SYNTAX, first, "a number with a leading zero");
    const char *whole_end = at;
    if (at < scan->end && *at == '.') {
        if (!is_digit(scan, at + 1))
            return json_scan_expected(scan, at + 1, "a digit");
        at = skip_digits(scan, at + 1);
    }
    if (at < scan->end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < scan->end && (*at == '+' || *at == '-'))
            at++;
        if (!is_digit(scan, at))
            return json_scan_expected(scan, at, "a digit");
        at = skip_digits(scan, at);
    }
    *ret_whole = at == whole_end;
    scan->at = at;
    return 0;
}

/* A whole number that a double cannot hold exactly: beyond 2^53. */
static bool is_too_exact(struct str token)
{
    static const char largest[] = "9007199254740992";
    if (token.len > 0 && token.data[0] == '-')
        token = str_slice(token.data + 1, token.len - 1);
    if (token.len != sizeof largest - 1)
        return token.len > sizeof largest - 1;
    return memcmp(token.data, largest, token.len) > 0;
}

/* A number that is written as not zero. */
static bool has_nonzero_digit(struct str token)
{
    for (size_t i = 0; i < token.len && token.data[i] != 'e' && token.data[i] != 'E'; i++)
        if (token.data[i] >= '1' && token.data[i] <= '9')
            return true;
    return false;
}

static int check_strict(struct json_scan *scan, struct str token, bool whole)
{
    if (token.len > scan->limits->number_chars)
        return json_scan_fail(scan, ERR_LIMIT, token.data, "a number has too many characters");
    if (whole && is_too_exact(token))
        return json_scan_fail(scan, ERR_DATA, token.data, "a whole number beyond 2^53 loses digits: write it as text");
    /* Without an exponent the few characters of the limit reach neither end of the range of a double. */
    if (memchr(token.data, 'e', token.len) == NULL && memchr(token.data, 'E', token.len) == NULL &&
        token.len <= PLAIN_CHARS_MAX)
        return 0;
    double value = 0;
    if (!number_parse(token, &value))
        return json_scan_fail(scan, ERR_DATA, token.data, "a number too large for a double");
    if (fpclassify(value) == FP_ZERO && has_nonzero_digit(token))
        return json_scan_fail(scan, ERR_DATA, token.data, "a number too small for a double");
    return 0;
}

/* cJSON reads no longer ones. */
static void shorten_number(struct json_scan *scan, struct str token)
{
    double value = 0;
    char shortest[NUMBER_TEXT_SIZE] = OVERFLOW;
    if (token.len <= CJSON_NUMBER_CHARS)
        return;
    if (number_parse(token, &value))
        (void)number_shortest(shortest, value);
    json_scan_replace(scan, token.data, token.data + token.len, shortest, strlen(shortest));
}

int json_scan_number(struct json_scan *scan)
{
    const char *from = scan->at;
    bool whole = false;
    int result = scan_grammar(scan, &whole);
    if (result < 0)
        return result;
    struct str token = str_slice(from, (size_t)(scan->at - from));
    if (scan->copy == NULL)
        return check_strict(scan, token, whole);
    if (token.len > scan->limits->number_chars)
        return json_scan_fail(scan, ERR_LIMIT, from, "a number has too many characters");
    shorten_number(scan, token);
    return 0;
}

bool json_scan_not_finite(struct json_scan *scan)
{
    static const char *const words[] = {"infinity", "inf", "nan"};
    const char *at = scan->at;
    if (at < scan->end && (*at == '-' || *at == '+'))
        at++;
    if (at >= scan->end || strchr("iInN", *at) == NULL || *at == '\0')
        return false;
    struct str rest = str_slice(at, (size_t)(scan->end - at));
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        struct str word = str_of(words[i]);
        if (rest.len < word.len || !str_equal_ignore_case(str_slice(rest.data, word.len), word))
            continue;
        json_scan_replace(scan, scan->at, at + word.len, OVERFLOW, strlen(OVERFLOW));
        scan->at = at + word.len;
        return true;
    }
    return false;
}
