/* The runs of a bundle beside its original: what was packed agrees, whatever a person stated; what was invented does
 * not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/buf.h"
#include "schema/formats/original.h"
#include "schema/formats/pack.h"
#include "tests/unit/formats_sample.h"

#define SAMPLES "tests/data/samples"

/* All that people may state beside a file. */
static int complete(void *context, struct reading *reading, struct err *err)
{
    struct arena *arena = &reading->arena;
    (void)context;
    reading->device.memory_bytes = 17179869184.0;
    reading->device.os_name = "Linux";
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        run->workload.model = "A model of mine";
        run->workload.backend = "CPU";
        run->workload.task = "a task";
        run->ran_at = "2025-11-21T08:00:00Z";
        parameters_set_number(arena, &run->workload.parameters, "depth", 7);
        parameters_set_word(arena, &run->conditions, "power_source", "ac");
        parameters_set_number(arena, &run->setup, "threads", 3);
        labels_add(arena, &run->labels, "title", "a title");
        flags_add(arena, &run->flags, "on_battery");
        if (reading_chip_name(reading, run) == NULL) {
            run->chip_name = "Apple M2";
        }
    }
    return arena_check(arena, err);
}

static int pack_one(const struct sample *sample, size_t index, struct pack *ret, struct err *err)
{
    static const struct client_key key = {{1}};
    const struct pack_settings settings = {.key = &key, .complete = complete};
    const struct pack_source source = {"sample", str_slice(sample->text, sample->length), sample->format};
    return pack_bundle(&settings, &source, sample->readings.items[index], ret, err);
}

static struct original_check look(struct str bytes)
{
    autobundle struct bundle bundle = {0};
    struct original_check check;
    struct err err;
    if (bundle_read(bytes, &bundle, &err) != 0) {
        fail_msg("%s: %s", err.path, err.text);
    }
    assert_int_equal(original_check(&bundle, &check, &err), 0);
    return check;
}

/* ---- what was packed agrees */

static size_t agreed;

static void check_file(const char *path)
{
    autosample struct sample sample = {0};
    assert_true(sample_file(path, &sample));
    for (size_t i = 0; sample.result == 0 && i < sample.readings.count; i++) {
        autopack struct pack pack = {.bytes = BUF(BUNDLE_BYTES_MAX)};
        struct err err;
        if (pack_one(&sample, i, &pack, &err) != 0) {
            continue; /* nothing measured, or too large for one bundle */
        }
        const struct original_check check = look(str_slice(pack.bytes.data, pack.bytes.len));
        if (check.verdict != (pack.original_omitted ? ORIGINAL_NOT_READ : ORIGINAL_AGREES)) {
            fail_msg("%s, reading %zu: %d %s", path, i, (int)check.verdict, check.what);
        }
        agreed++;
    }
}

static void walk(const char *folder)
{
    DIR *open = opendir(folder);
    assert_non_null(open);
    /* One thread alone reads this folder. */
    for (struct dirent *entry = readdir(open); entry != NULL;
         entry = readdir(open)) { /* NOLINT(concurrency-mt-unsafe) */
        char path[600];
        struct stat status;
        if (entry->d_name[0] == '.') {
            continue;
        }
        assert_true(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path);
        assert_int_equal(stat(path, &status), 0);
        if (S_ISDIR(status.st_mode)) {
            walk(path);
        } else {
            check_file(path);
        }
    }
    (void)closedir(open);
}

static void test_what_was_packed_agrees(void **state)
{
    (void)state;
    struct stat status;
    walk(SAMPLES);
    assert_true(agreed > 30);
    if (stat(CORPUS "formats", &status) == 0) {
        walk(CORPUS "formats");
        walk(CORPUS "seeds");
        assert_true(agreed > 100);
    }
}

/* ---- what was invented does not */

/* Packs a sample, replaces the first `from` of its bundle by `to`, and looks. */
static struct original_check changed(const char *from, const char *to)
{
    static const char text[] =
        "[{\"build_commit\":\"abc\",\"build_number\":1,\"gpu_info\":\"Apple M2\",\"backends\":\"Metal\","
        "\"model_type\":\"llama 7B Q4_0\",\"model_size\":3825065984,\"model_n_params\":6738415616,\"n_prompt\":0,"
        "\"n_gen\":128,\"test_time\":\"2025-11-21T08:00:00Z\",\"avg_ns\":6400000000,\"stddev_ns\":1000000,"
        "\"avg_ts\":20.5,\"stddev_ts\":0.5,\"samples_ns\":[6400000000,6300000000],\"samples_ts\":[20,21]}]";
    autosample struct sample sample = sample_text(text);
    autopack struct pack pack = {.bytes = BUF(BUNDLE_BYTES_MAX)};
    autobuf struct buf other = BUF(BUNDLE_BYTES_MAX);
    struct err err;
    assert_int_equal(sample.readings.count, 1);
    assert_int_equal(pack_one(&sample, 0, &pack, &err), 0);
    const char *bytes = buf_text(&pack.bytes), *at = strstr(bytes, from);
    if (at == NULL) {
        fail_msg("no %s in %s", from, bytes);
    }
    buf_add(&other, bytes, (size_t)(at - bytes));
    buf_adds(&other, to);
    buf_adds(&other, at + strlen(from));
    return look(str_slice(buf_text(&other), other.len));
}

static void expect_differs(const char *from, const char *to, const char *words)
{
    const struct original_check check = changed(from, to);
    assert_int_equal(check.verdict, ORIGINAL_DIFFERS);
    if (strstr(check.what, words) == NULL) {
        fail_msg("%s: not %s", check.what, words);
    }
}

static void test_what_was_invented_differs(void **state)
{
    (void)state;
    assert_int_equal(changed("a title", "another").verdict, ORIGINAL_AGREES);
    assert_int_equal(changed("A model of mine", "Llama 2 70B").verdict, ORIGINAL_AGREES);
    assert_int_equal(changed("\"name\":\"Apple M2\"", "\"name\":\"apple m2 (8 cores)\"").verdict, ORIGINAL_AGREES);
    expect_differs("\"mean\":20.5", "\"mean\":41", "runs[0] generation_throughput: mean is 41, 20.5 in the original");
    expect_differs("\"samples\":[20,21]", "\"samples\":[20,31]", "sample 2 is 31, 21 in the original");
    expect_differs("\"samples\":[20,21]", "\"samples\":[20,21,22]", "3 samples, 2 in the original");
    expect_differs("\"unit\":\"tok/s\"", "\"unit\":\"tok/h\"", "in tok/h");
    expect_differs("\"name\":\"Apple M2\"", "\"name\":\"Apple M4 Max\"", "Apple M4 Max, Apple M2 in the original");
    expect_differs("\"count\":1", "\"count\":2", "2 chips, 1 in the original");
    expect_differs("\"runs\":[",
                   "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"generation_throughput\",\"mean\":900}]},",
                   "2 runs, 1 in the original");
    expect_differs("\\\"avg_ts\\\":20.5", "\\\"avg_ts\\\":", "the original cannot be read");
    /* A reader that this program does not have: the one that recognises the original looks. */
    assert_int_equal(changed("\"llama-bench-json\"", "\"manual\"").verdict, ORIGINAL_AGREES);
}

static void test_what_cannot_be_read(void **state)
{
    (void)state;
    static const char bundle[] =
        "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"},"
        "\"format\":{\"name\":\"manual\",\"reader\":1},\"device\":{\"chip\":\"Apple M2\"},\"runs\":[{\"workload\":{},"
        "\"metrics\":[{\"name\":\"generation_throughput\",\"mean\":20}]}]%s}\n";
    static const struct {
        const char *original;
        enum original_verdict verdict;
    } cases[] = {
        {"", ORIGINAL_NOT_READ},
        {",\"original\":{\"removed\":{},\"omitted\":\"size\"}", ORIGINAL_NOT_READ},
        {",\"original\":{\"removed\":{},\"encoding\":\"utf-8\",\"text\":\"nothing that anybody reads\"}",
         ORIGINAL_NOT_READ},
        {",\"original\":{\"removed\":{},\"encoding\":\"utf-8\",\"text\":\"BenchmarkCopy-8  100  250 ns/op\\n\"}",
         ORIGINAL_DIFFERS},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char text[1000];
        (void)snprintf(text, sizeof text, bundle, cases[i].original);
        assert_int_equal(look(str_of(text)).verdict, cases[i].verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_was_packed_agrees),
                                       cmocka_unit_test(test_what_was_invented_differs),
                                       cmocka_unit_test(test_what_cannot_be_read)};
    return cmocka_run_group_tests_name("formats_original", tests, NULL, NULL);
}
