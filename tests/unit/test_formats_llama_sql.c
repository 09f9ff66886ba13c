/* llama-bench -o sql. The figures are those of llama.cpp's own README (build 1275), in rows that fit their columns. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/formats_sample.h"

#define COLUMNS                                                                                                        \
    "build_commit, build_number, cuda, cpu_info, gpu_info, model_filename, model_type, n_prompt, n_gen, test_time, "   \
    "avg_ts, stddev_ts"
#define ROW                                                                                                            \
    "('3469684', '1275', '1', '13th Gen Intel(R) Core(TM) i9-13900K', 'NVIDIA GeForce RTX 3090 Ti', "                  \
    "'/home/it''s/ggml-model-q4_0.gguf', 'llama 7B mostly Q4_0', '512', '0', '2023-09-23T12:10:30Z', '2407.240204', "  \
    "'8.409634')"
#define TABLE "CREATE TABLE IF NOT EXISTS test (\n  build_commit TEXT,\n  n_gen INTEGER,\n  avg_ts REAL\n);\n"

static void test_rows(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(TABLE "\nINSERT INTO test (" COLUMNS ") VALUES " ROW ";\r\nnoise\nINSERT INTO test (" COLUMNS
                          ") VALUES " ROW ",\n" ROW ";\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-sql");
    assert_int_equal(sample.readings.count, 1);
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA GeForce RTX 3090 Ti");
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.backend, "CUDA");
    assert_string_equal(run->workload.task, "pp512");
    expect_number(sample_metric(run, "prompt_throughput")->mean, 2407.240204);
    expect_number(sample_metric(run, "prompt_throughput")->stddev, 8.409634);
    expect_same_after_redaction(&sample);
}

static void test_columns_of_the_table(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("CREATE TABLE llama_bench (build_commit TEXT, n_prompt INTEGER, n_gen INTEGER, avg_ts REAL);\n"
                    "INSERT INTO llama_bench VALUES ('abc', 0, 128, 130.9), ('abc', 512, 0, NULL);\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "tg128");
    expect_number(sample_metric(sample_run(&sample, 0), "generation_throughput")->mean, 130.9);
    expect_same_after_redaction(&sample);
}

/* One statement with the rows of two machines: each machine gets the head and its own rows. */
static void test_machines_of_one_statement(void **state)
{
    (void)state;
#define HEAD "INSERT INTO test (build_commit, cpu_info, gpu_info, n_prompt, n_gen, avg_ts) VALUES"
#define OF(cpu, tokens, speed) "('a', '" cpu "', '', '" tokens "', '0', '" speed "')"
    static const char *const texts[] = {
        HEAD " " OF("Xeon A", "512", "1") ", " OF("Core B", "512", "2") ",\n" OF("Xeon A", "64", "3") ";\n",
        HEAD OF("Core B", "512", "2") ", " OF("Xeon A", "512", "1") ";\n" HEAD OF("Xeon A", "64", "3") ";\n",
        HEAD OF("Xeon A", "512", "1") ";\n" HEAD OF("Core B", "512", "2") ";\n" HEAD OF("Xeon A", "64", "3") ";\n",
        HEAD OF("Xeon A", "512", "1") ", " OF("Core B", "512", "2") "\n" HEAD OF("Xeon A", "64", "3"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        autosample struct sample sample = sample_text(texts[i]);
        assert_int_equal(sample.result, 0);
        assert_int_equal(sample.readings.count, 2);
        for (size_t k = 0; k < 2; k++) {
            const struct reading *reading = sample.readings.items[k];
            bool xeon = strcmp(reading->device.chip, "Xeon A") == 0;
            assert_int_equal(reading->run_count, xeon ? 2 : 1);
            expect_number(reading->runs[0].measurements[0].mean, xeon ? 1 : 2);
        }
        expect_same_after_redaction(&sample);
    }
}

static void test_ragged(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES ('a', '512', '7');\n"
                    "INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES ('a', '1', '512', '8');\n");
    assert_true(sample.result < 0);
    assert_string_equal(sample.err.text, "the row has 4 values for 3 columns");
    assert_int_equal(sample.err.line, 2);
    assert_int_equal(sample_run_count(&sample), 1);
}

static void test_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES ('a', '512",
        "INSERT INTO test (build_commit, n_prompt, avg_ts",
        "INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES",
        "INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES ('a' '512', '7')",
        "INSERT INTO test (build_commit, n_prompt, avg_ts) VALUES ('a', '512', '7'), ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        autosample struct sample sample = sample_text(texts[i]);
        assert_true(sample.result < 0);
        assert_int_equal(sample.err.line, 1);
    }
}

/* The file that llama.cpp published: 27 values for 26 columns. */
static void test_published(void **state)
{
    (void)state;
    autosample struct sample sample = {0};
    if (!sample_file(CORPUS "formats/llama-bench-sql/llama-bench_rtx3090ti_b1275_readme0.extract.sql", &sample))
        skip();
    assert_string_equal(sample.format->name, "llama-bench-sql");
    assert_true(sample.result < 0);
    assert_string_equal(sample.err.text, "the row has 27 values for 26 columns");
    assert_int_equal(sample.err.line, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_columns_of_the_table),
        cmocka_unit_test(test_machines_of_one_statement),
        cmocka_unit_test(test_ragged),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
