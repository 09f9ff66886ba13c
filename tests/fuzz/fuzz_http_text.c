/* The small texts of HTTP and of bundles, against what the C library makes of them: lengths, words and values of the
 * framing guard, and RFC 3339 times. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/http/guard.h"
#include "collector/intake/intake.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_length(const char *text)
{
    int64_t length = guard_parse_length(text);
    char *end = NULL;
    errno = 0;
    unsigned long long other = strtoull(text, &end, 10);
    const bool digits = text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
    if ((length >= 0) != (digits && strlen(text) <= 18))
        abort();
    if (length >= 0 && (errno != 0 || *end != '\0' || (unsigned long long)length != other))
        abort();
}

static void check_words(const char *text, size_t size)
{
    /* Tokens and field values of RFC 9110, sections 5.6.2 and 5.5, written out another way. */
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    bool is_token = size > 0, is_value = true;
    for (size_t i = 0; i < size; i++) {
        is_token = is_token && text[i] != '\0' && memchr(token, text[i], sizeof token - 1) != NULL;
        const unsigned char byte = (unsigned char)text[i];
        is_value = is_value && (byte == '\t' || byte >= ' ') && byte != 127;
    }
    if (guard_is_token(text, size) != is_token || guard_is_field_value(text, size) != is_value)
        abort();
}

/* What is read prints as a text that reads the same; the date and time of day are those of timegm. */
static void check_time(const char *text, size_t size)
{
    int64_t time = 0, again = 0;
    char printed[CLOCK_TEXT_SIZE];
    struct tm parts = {0};
    if (!clock_parse(str_slice(text, size), &time))
        return;
    if (!clock_parse(str_of(clock_format(printed, time)), &again) || time != again)
        abort();
    const char *rest = strptime(text, "%Y-%m-%d", &parts);
    if (rest == NULL || (*rest != 'T' && *rest != 't' && *rest != ' '))
        abort();
    int64_t day = (int64_t)timegm(&parts) * 1000000;
    if (time < day - INT64_C(86400000000) || time > day + 2 * INT64_C(86400000000))
        abort();
}

static void check_id(const char *text)
{
    unsigned char hash[32];
    const bool good =
        strlen(text) == 71 && strncmp(text, "sha256:", 7) == 0 && strspn(text + 7, "0123456789abcdef") == 64;
    if (intake_id_parse(text, hash) != good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autofree char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        text[i] = (char)data[i];
    text[size] = '\0';
    check_length(text);
    check_words(text, size);
    check_time(text, size);
    check_id(text);
    return 0;
}
