/* Any bytes through decoding, detection and each reader, or only through the reader that FUZZ_FORMAT names. What is
 * read must stay inside the input and the limits, and what a reader took once it must take again from its own original.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/bundle/redact.h"
#include "schema/formats/formats.h"
#include "schema/formats/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const struct reading *reading, size_t length)
{
    if (reading->original_offset > length || reading->original_length > length - reading->original_offset)
        abort();
    size_t covered = 0;
    for (size_t i = 0; i < reading->private_count; i++) {
        struct private_span span = reading->privates[i];
        if (span.offset < covered || span.length > reading->original_length ||
            span.offset > reading->original_length - span.length)
            abort();
        covered = span.offset + span.length;
    }
}

static void check_runs(const struct reading *reading)
{
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];
        if (run->measurement_count == 0 || run->chip_count < 1)
            abort();
        if (run->chip_name != NULL && !utf8_is_valid(str_of(run->chip_name)))
            abort();
        if (run->workload.model != NULL && !utf8_is_valid(str_of(run->workload.model)))
            abort();
    }
}

/* Holds what looks like a mail address, a path of a home and the like where no reader expects it. */
static bool has_shapes(struct str original)
{
    autobuf struct buf redacted = BUF((size_t)64 * BUF_MIB);
    struct redact_counts counts;
    return redact_text(original, NULL, 0, NULL, 0, &redacted, &counts, NULL) < 0 || redacted.len != original.len ||
           memcmp(buf_text(&redacted), original.data, original.len) != 0;
}

/* The redacted original, read again, gives the same runs: what is sent is all that was understood. Of a file that holds
 * such shapes within its figures nothing is sent: packing refuses it. */
static void check_original(struct str text, const struct reading *reading)
{
    autobuf struct buf redacted = BUF((size_t)64 * BUF_MIB);
    struct redact_counts counts;
    struct str original = str_slice(text.data + reading->original_offset, reading->original_length);
    if (redact_text(original, reading->privates, reading->private_count, NULL, 0, &redacted, &counts, NULL) < 0)
        return;
    struct reading_list list = {0};
    const struct format *format = NULL;
    struct err err = {0};
    int result =
        formats_read("input", str_slice(buf_text(&redacted), redacted.len), reading->format, &format, &list, &err);
    if (result == 0 && list.count == 1)
        result = pack_same_runs(reading, list.items[0], &err);
    if (result < 0 || list.count != 1) {
        (void)fprintf(stderr, "%zu readings: %s\n---- redacted:\n%.*s\n----\n", list.count, err.text, (int)redacted.len,
                      buf_text(&redacted));
        if (!has_shapes(original))
            abort();
    }
    reading_list_done(&list);
}

static void read_as(struct str text, const char *format_name)
{
    struct reading_list list = {0};
    const struct format *format = NULL;
    struct err err = {0};
    int result = formats_read("input", text, format_name, &format, &list, &err);
    if (result < 0 && err.text[0] == '\0')
        abort();
    for (size_t i = 0; i < list.count; i++) {
        check_spans(list.items[i], text.len);
        check_runs(list.items[i]);
        if (result == 0 && list.items[i]->run_count > 0)
            check_original(text, list.items[i]);
    }
    reading_list_done(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *only = getenv("FUZZ_FORMAT"); /* NOLINT(concurrency-mt-unsafe) */
    char *text = NULL;
    size_t length = 0;
    if (formats_decode(str_slice((const char *)data, size), &text, &length, NULL) < 0)
        return 0;
    if (only != NULL && formats_by_name(only) == NULL)
        abort();
    if (only == NULL)
        read_as(str_slice(text, length), NULL);
    for (size_t i = 0; formats_all[i] != NULL; i++)
        if (only == NULL || text_equal(formats_all[i]->name, only))
            read_as(str_slice(text, length), formats_all[i]->name);
    free(text);
    return 0;
}
