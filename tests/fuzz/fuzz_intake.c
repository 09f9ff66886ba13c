/* The intake core on any bytes: a refusal has a code and words, a taken document has rows that PostgreSQL's binary
 * COPY can read, its own bytes, and a state that its rules explain. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "schema/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t load32(const unsigned char *at)
{
    return ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | (uint32_t)at[3];
}

/* Each row: the number of columns, then each column's length and bytes. The first column is the submission's key. */
static void check_rows(const struct db_values *rows, int columns, const unsigned char *key)
{
    const unsigned char *at = (const unsigned char *)rows->bytes.data;
    const unsigned char *const end = at + rows->bytes.len;
    size_t count = 0;
    while (rows->bytes.len > 0 && at < end) {
        if (end - at < 2 || (at[0] << 8 | at[1]) != columns)
            abort();
        at += 2;
        if (end - at < 20 || load32(at) != 16 || memcmp(at + 4, key, 16) != 0)
            abort();
        for (int i = 0; i < columns; i++) {
            if (end - at < 4)
                abort();
            uint32_t length = load32(at);
            at += 4;
            if (length == UINT32_MAX)
                continue;
            if ((size_t)(end - at) < length)
                abort();
            at += length;
        }
        count++;
    }
    if (count != rows->count)
        abort();
}

static void check_refusal(int code, const struct err *err)
{
    if (err->code != ERR_SYNTAX && err->code != ERR_LIMIT && err->code != ERR_DATA && err->code != ERR_BUNDLE_VERSION &&
        err->code != ERR_MEMORY)
        abort();
    if (code != -(int)err->code || err->text[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct intake_policy policy = {
        .anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http", .now_us = INT64_C(1800000000000000)};
    /* A copy without NUL behind it: reading past the end is seen. */
    autofree char *bytes = malloc(size > 0 ? size : 1);
    autoprepared struct prepared *prepared = NULL;
    struct err err = {0};
    if (bytes == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)data[i];
    int code = intake_check(str_slice(bytes, size), NULL, &policy, &prepared, &err);
    if (code != 0) {
        check_refusal(code, &err);
        return 0;
    }
    if (prepared->raw_size != size || memcmp(prepared->raw, bytes, size) != 0 || prepared->run_rows.count == 0)
        abort();
    if (text_equal(prepared->state, "quarantined") && prepared->flags.count == 0)
        abort();
    check_rows(&prepared->run_rows, 17, prepared->hash);
    check_rows(&prepared->measurement_rows, 18, prepared->hash);
    return 0;
}
