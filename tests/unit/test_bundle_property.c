/* For every sample and corpus file that a reader knows: what redaction gives reads to the same runs, and what a bundle
 * carries comes back from its bytes as it went in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/bundle/keys.h"
#include "schema/formats/formats.h"

static const struct identity machine[] = {
    {PRIVATE_HOST, "build-host-7"}, {PRIVATE_USER, "georgi"},       {PRIVATE_USER, "arthur"},
    {PRIVATE_PATH, "/home/georgi"}, {PRIVATE_ADDRESS, "10.0.0.17"}, {PRIVATE_SERIAL, "C02XK1ABJGH5"},
    {PRIVATE_HOST, "ubuntu"},       {PRIVATE_USER, "max"},          {PRIVATE_USER, "model"},
};

static size_t files_seen, readings_seen, runs_seen;

static bool same_number(double a, double b)
{
    return isnan(a) ? isnan(b) != 0 : memcmp(&a, &b, sizeof a) == 0;
}

static bool same_measurement(const struct measurement *a, const struct measurement *b)
{
    bool same = text_equal(a->metric, b->metric) && text_equal(a->unit, b->unit) && a->n == b->n &&
                a->direction == b->direction && a->stddev_kind == b->stddev_kind &&
                a->sample_count == b->sample_count && same_number(a->mean, b->mean) &&
                same_number(a->stddev, b->stddev) && same_number(a->min, b->min) && same_number(a->max, b->max) &&
                same_number(a->median, b->median);
    for (size_t i = 0; same && i < a->sample_count; i++)
        same = same_number(a->samples[i], b->samples[i]) || (!isfinite(a->samples[i]) && !isfinite(b->samples[i]));
    return same;
}

static void expect_same_runs(const char *path, const char *when, const struct reading *a, const struct reading *b)
{
    struct err err = {0};
    if (a->run_count != b->run_count)
        fail_msg("%s, %s: %zu runs became %zu", path, when, a->run_count, b->run_count);
    for (size_t r = 0; r < a->run_count; r++) {
        const struct run *x = &a->runs[r], *y = &b->runs[r];
        struct bundle_key key_x, key_y;
        assert_int_equal(bundle_workload_key(&x->workload, &key_x, &err), 0);
        assert_int_equal(bundle_workload_key(&y->workload, &key_y, &err), 0);
        if (memcmp(&key_x, &key_y, sizeof key_x) != 0)
            fail_msg("%s, %s: workload of run %zu differs (%s)", path, when, r, x->workload.task);
        if (!text_equal(reading_chip_name(a, x), reading_chip_name(b, y)) || x->chip_count != y->chip_count ||
            !text_equal(x->variant, y->variant) || !text_equal(x->ran_at, y->ran_at) ||
            x->ran_at_local != y->ran_at_local)
            fail_msg("%s, %s: run %zu differs", path, when, r);
        assert_int_equal(x->measurement_count, y->measurement_count);
        for (size_t m = 0; m < x->measurement_count; m++)
            if (!same_measurement(&x->measurements[m], &y->measurements[m]))
                fail_msg("%s, %s: %s of run %zu differs", path, when, x->measurements[m].metric, r);
    }
}

/* The redacted original of a reading, read again. */
static void read_again(const char *path, const struct reading *first, struct str original, struct buf *redacted,
                       struct redact_counts *counts, struct reading_list *again)
{
    struct err err = {0};
    const struct format *format = NULL;
    if (redact_text(original, first->privates, first->private_count, machine, ARRAY_LENGTH(machine), redacted, counts,
                    &err) < 0)
        fail_msg("%s: %s", path, err.text);
    int result = formats_read(file_base_name(path), str_slice(redacted->data, redacted->len), first->format, &format,
                              again, &err);
    if (again->count != 1 || result == -ERR_MEMORY)
        fail_msg("%s: the redacted original gives %zu readings (%s %d:%d)", path, again->count, err.text, err.line,
                 err.column);
}

static void round_trip(const char *path, struct reading *first, struct str original)
{
    struct err err = {0};
    struct redact_counts counts;
    autobuf struct buf redacted = BUF(64 * BUF_MIB), bytes = BUF(BUNDLE_BYTES_MAX), second = BUF(BUNDLE_BYTES_MAX);
    autoreadings struct reading_list again = {0};
    read_again(path, first, original, &redacted, &counts, &again);
    assert_int_equal(bundle_fit(first, &err), 0);
    assert_int_equal(bundle_fit(again.items[0], &err), 0);
    expect_same_runs(path, "redacted", first, again.items[0]);
    struct bundle bundle = {
        .reading = again.items[0],
        .original = {.text = str_slice(redacted.data, redacted.len), .removed = counts},
    };
    if (bundle_write(&bundle, &bytes, &err) < 0)
        fail_msg("%s: %s (%s)", path, err.text, err.path);
    autobundle struct bundle back = {0};
    if (bundle_read(str_slice(bytes.data, bytes.len), &back, &err) < 0)
        fail_msg("%s: %s (%s)", path, err.text, err.path);
    expect_same_runs(path, "bundled", first, back.reading);
    assert_true(back.original.omitted != NULL || str_equal(back.original.text, bundle.original.text));
    if (back.original.omitted == NULL) {
        assert_int_equal(bundle_write(&back, &second, &err), 0);
        assert_int_equal(bytes.len, second.len);
        assert_memory_equal(bytes.data, second.data, bytes.len);
    }
    readings_seen++;
    runs_seen += first->run_count;
}

static void check_file(const char *path)
{
    struct err err = {0};
    autobuf struct buf bytes = BUF(64 * BUF_MIB);
    if (file_read(path, &bytes, &err) < 0 || bytes.len > 4 * BUF_MIB)
        return;
    autofree char *decoded = NULL;
    size_t length = 0;
    if (formats_decode(str_slice(buf_text(&bytes), bytes.len), &decoded, &length, &err) < 0)
        return;
    autoreadings struct reading_list list = {0};
    const struct format *format = NULL;
    if (formats_read(file_base_name(path), str_slice(decoded, length), NULL, &format, &list, &err) < 0)
        return;
    files_seen++;
    for (size_t i = 0; i < list.count; i++) {
        struct reading *reading = list.items[i];
        assert_true(reading->original_offset + reading->original_length <= length);
        if (reading->run_count > 0)
            round_trip(path, reading, str_slice(decoded + reading->original_offset, reading->original_length));
    }
}

static void walk(const char *folder, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        autofree char *path = mem_printf("%s/%s", folder, entries[i]->d_name);
        bool is_folder = entries[i]->d_type == DT_DIR;
        if (entries[i]->d_name[0] != '.' && is_folder && depth < 4)
            walk(path, depth + 1);
        else if (entries[i]->d_name[0] != '.' && !is_folder)
            check_file(path);
        free(entries[i]);
    }
    free(entries);
}

static void test_samples(void **state)
{
    (void)state;
    files_seen = readings_seen = runs_seen = 0;
    walk("tests/data/samples", 0);
    assert_true(files_seen >= 40);
    assert_true(readings_seen >= files_seen);
}

static void test_corpus(void **state)
{
    (void)state;
    if (!file_exists("../shared/corpus/formats"))
        skip();
    files_seen = readings_seen = runs_seen = 0;
    walk("../shared/corpus/seeds", 0);
    walk("../shared/corpus/formats", 0);
    print_message("%zu files, %zu readings, %zu runs\n", files_seen, readings_seen, runs_seen);
    assert_true(readings_seen > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
