/* A bundle from any bytes: what is read can be written, and reads to the same bytes again. The bytes themselves also go
 * through redaction, which must not fail or grow without bound. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/bundle/bundle.h"
#include "schema/bundle/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct identity machine[] = {
    {PRIVATE_HOST, "annas-mbp"},    {PRIVATE_USER, "anna"},       {PRIVATE_PATH, "/home/anna"},
    {PRIVATE_ADDRESS, "10.0.0.17"}, {PRIVATE_SERIAL, "12345678"},
};

static void redact(struct str text)
{
    autobuf struct buf out = BUF(64 * BUF_MIB);
    struct redact_counts counts;
    struct err err = {0};
    const struct private_span spans[] = {
        {text.len / 3, text.len / 4, PRIVATE_PROMPT},
        {text.len / 2, 40, PRIVATE_PATH},
        {text.len, 9, PRIVATE_HOST},
    };
    if (redact_text(text, spans, 3, machine, ARRAY_LENGTH(machine), &out, &counts, &err) < 0 ||
        out.len > 20 * text.len + 100)
        abort();
}

static void write_twice(struct bundle *bundle)
{
    autobuf struct buf first = BUF(BUNDLE_BYTES_MAX), second = BUF(BUNDLE_BYTES_MAX);
    struct err err = {0};
    int result = bundle_write(bundle, &first, &err);
    if (result == -ERR_LIMIT) /* escapes may take more room than in the source */
        return;
    autobundle struct bundle back = {0};
    if (result < 0 || bundle_read(str_slice(first.data, first.len), &back, &err) < 0 ||
        bundle_write(&back, &second, &err) < 0)
        abort();
    if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
        abort();
    struct bundle_key key;
    for (size_t i = 0; i < back.reading->run_count; i++)
        if (bundle_workload_key(&back.reading->runs[i].workload, &key, &err) < 0)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autofree char *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)data[i];
    struct str text = str_slice(bytes, size);
    autobundle struct bundle bundle = {0};
    struct err err = {0};
    int result = bundle_read(text, &bundle, &err);
    if (result < 0 && err.text[0] == '\0')
        abort();
    if (result == 0)
        write_twice(&bundle);
    redact(text);
    return 0;
}
