/* Files as inputs: compressed ones, and long ones cut where a record ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "submit/stream.h"

static char path[] = "/tmp/crosschip-stream-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void put_file(const struct buf *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text->data, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
}

struct total {
    size_t pieces, runs, problems;
    int last_line; /* of a problem or of the fault */
};

static int read_file(struct total *total, struct err *err)
{
    struct input_stream stream autostream = {.descriptor = -1};
    int r = input_stream_open(path, NULL, &stream, err);
    while (r == 0) {
        autoinput struct input input = {0};
        r = input_stream_next(&stream, &input, err);
        if (r <= 0)
            break;
        total->pieces++;
        assert_true(input.bytes.len <= STREAM_PIECE_BYTES + 4096);
        r = input_read(&input, NULL, err);
        for (size_t i = 0; i < input.readings.count; i++) {
            total->runs += input.readings.items[i]->run_count;
            total->problems += input.readings.items[i]->problem_count;
        }
    }
    total->last_line = r < 0 ? err->line : 0;
    return r;
}

#define RECORD                                                                                                         \
    "{\"build_commit\": \"abc\", \"build_number\": 5000, \"cpu_info\": \"AMD Ryzen 7 7800X3D\", \"gpu_info\": \"\", "  \
    "\"backends\": \"CPU\", \"model_filename\": \"m.gguf\", \"model_type\": \"qwen2 7B Q4_K - Medium\", "              \
    "\"n_prompt\": %d, \"n_gen\": 0, \"avg_ts\": 100.5, \"stddev_ts\": 0.5, \"samples_ts\": [100, 101]}\n"

static void test_lines_are_cut(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(64 * BUF_MIB);
    struct total total = {0};
    struct err err = {0};
    for (int i = 0; i < 5001; i++)
        buf_addf(&text, RECORD, i + 1);
    put_file(&text);
    assert_int_equal(read_file(&total, &err), 0);
    assert_int_equal(total.pieces, 3); /* of 2,000 lines */
    assert_int_equal(total.runs, 5001);
    buf_adds(&text, "{\"build_commit\": \"abc\", \"n_prompt\": \"x\", \"n_gen\": 0, \"avg_ts\": 1}\n");
    put_file(&text);
    total = (struct total){0};
    assert_int_equal(read_file(&total, &err), -ERR_DATA);
    assert_int_equal(total.last_line, 5002); /* of the file, not of the piece */
    assert_int_equal(total.runs, 5001);
}

/* One line above the limit of a piece: as much as is needed, but not as much as somebody likes. */
static void test_long_lines(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(64 * BUF_MIB);
    struct total total = {0};
    struct err err = {0};
    buf_addf(&text, RECORD, 1);
    for (size_t i = 0; i < 10 * BUF_MIB; i++)
        buf_addc(&text, 'x');
    buf_adds(&text, "\n");
    buf_addf(&text, RECORD, 2);
    put_file(&text);
    assert_int_equal(read_file(&total, &err), -ERR_LIMIT);
    assert_int_equal(total.last_line, 1); /* where the record begins that has no end */
}

static void test_go_machine_is_carried(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(64 * BUF_MIB);
    struct err err = {0};
    buf_adds(&text, "goos: linux\ngoarch: arm64\ncpu: Neoverse-N1\npkg: example.org/one\n");
    for (int i = 0; i < 3000; i++)
        buf_addf(&text, "BenchmarkA%d-8   \t 100\t %d ns/op\n", i, i + 1);
    put_file(&text);
    struct input_stream stream autostream = {.descriptor = -1};
    assert_int_equal(input_stream_open(path, NULL, &stream, &err), 0);
    size_t runs = 0, pieces = 0;
    for (;;) {
        autoinput struct input input = {0};
        int r = input_stream_next(&stream, &input, &err);
        assert_true(r >= 0);
        if (r == 0)
            break;
        assert_int_equal(input_read(&input, NULL, &err), 0);
        assert_string_equal(input.readings.items[0]->device.chip, "Neoverse-N1");
        assert_string_equal(input.readings.items[0]->runs[0].workload.category, "example.org/one");
        runs += input.readings.items[0]->run_count;
        pieces++;
    }
    assert_int_equal(runs, 3000);
    assert_int_equal(pieces, 2);
}

/* Fields with line ends in quotes stay whole; each piece has the header. */
static void test_csv_is_cut(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(64 * BUF_MIB);
    struct total total = {0};
    struct err err = {0};
    buf_adds(&text, "chip,task,metric,unit,value,labels.note\n");
    for (int i = 0; i < 2500; i++)
        buf_addf(&text, "Apple M4,t%d,time,ns,%d,\"two\nlines, \"\"quoted\"\"\"\n", i, i + 1);
    put_file(&text);
    int r = read_file(&total, &err);
    if (r < 0)
        fail_msg("%s", err.text);
    assert_int_equal(total.runs, 2500);
    assert_int_equal(total.pieces, 3);
}

static void test_compressed(void **state)
{
    (void)state;
    static const char *const names[] = {"one.gz", "one.zst", "stored.zip", "deflated.zip"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autofree char *name = mem_printf("tests/data/fuzz/inflate/%s", names[i]);
        struct input_stream stream autostream = {.descriptor = -1};
        autoinput struct input input = {0};
        struct err err = {0};
        assert_int_equal(input_stream_open(name, NULL, &stream, &err), 0);
        assert_int_equal(input_stream_next(&stream, &input, &err), 1);
        assert_string_equal(input.bytes.data, "name,value\nabc,1.5\nabc,1.5\nabc,1.5\n");
        assert_string_equal(input.name, i < 2 ? "one" : "t.csv");
        assert_false(input_stream_more(&stream));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_cut),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_go_machine_is_carried),
        cmocka_unit_test(test_csv_is_cut),
        cmocka_unit_test(test_compressed),
    };
    return cmocka_run_group_tests_name("submit_stream", tests, make_file, remove_file);
}
