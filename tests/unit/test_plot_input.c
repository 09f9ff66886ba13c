/* What crosschip-analyze prints with --json becomes columns of a chart. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plot/chips_data.h"
#include "plot/distribution_data.h"
#include "plot/input.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

static const char tables[] = "{\"tables\": [{\"rows\": []}, {\"tool\": \"llama-bench\", \"model\": \"Llama 2 7B\", "
                             "\"quantization\": null, \"task\": \"pp512\", \"metrics\": [{\"name\": "
                             "\"prompt_throughput\", \"unit\": \"tok/s\"},"
                             "{\"name\": \"load_time\", \"unit\": \"ms\"}], \"rows\": [{\"rank\": 1, \"chip\": \"Apple "
                             "M1 Max\", \"variant\": null, "
                             "\"chip_count\": 1, \"backend\": \"Metal\", \"prompt_throughput_tok_s\": 530.06, "
                             "\"prompt_throughput_tok_s_low\": 529,"
                             "\"prompt_throughput_tok_s_high\": 531.5, \"prompt_throughput_tok_s_factor\": 1, "
                             "\"load_time_ms\": 90, \"runs\": 7, "
                             "\"rated_bandwidth_gb_s\": 400}]}, {\"rows\": [{\"chip\": \"other\"}]}]}";

static void read_text(const char *text, size_t length, struct plot_input *input)
{
    char path[] = "/tmp/crosschip-input.XXXXXX";
    struct err err = {0};
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(file_write_all(file, text, length, &err), 0);
    assert_int_equal(close(file), 0);
    int result = plot_input_read(path, input, &err);
    assert_int_equal(unlink(path), 0);
    if (result != 0) {
        fail_msg("%s", err.text);
    }
}

static void test_a_printed_table_needs_no_option(void **state)
{
    (void)state;
    struct plot_input input autoinput = {0};
    struct chips_data data = {0};
    struct err err = {0};
    const struct chips_wish wish = {0};
    read_text(tables, sizeof tables - 1, &input);
    assert_int_equal(input.row_count, 1);
    assert_int_equal(plot_input_column(&input, "rank"), SIZE_MAX);
    assert_int_equal(plot_input_column(&input, "rated_bandwidth_gb_s"), SIZE_MAX);
    assert_int_equal(chips_data_make(&input, &wish, &data, &err), 0);
    assert_int_equal(data.metric_count, 2);
    assert_string_equal(data.metrics[0].title, "Prompt throughput");
    assert_string_equal(data.metrics[0].unit, "tok/s");
    assert_false(data.metrics[1].higher_is_better);
    const struct chart_value *value = &data.rows[0].values[0];
    assert_true(value->value > 530 && value->value < 530.1 && value->low < 529.1 && value->high > 531.4);
    assert_int_equal(value->runs, 7);
    assert_string_equal(data.rows[0].note, "Metal");
    assert_string_equal(input.subject, "Llama 2 7B, pp512");
}

static void test_other_json_keeps_all_columns(void **state)
{
    (void)state;
    static const char plain[] =
        "{\"seen\": 3, \"rows\": [{\"chip\": \"A\", \"rank\": 1}, {\"chip\": \"B\", \"speed\": 2.5}]}";
    struct plot_input input autoinput = {0};
    read_text(plain, sizeof plain - 1, &input);
    assert_int_equal(input.row_count, 2);
    assert_int_equal(input.column_count, 3);
    assert_string_equal(plot_input_cell(&input, 1, 2), "2.5");
    assert_null(plot_input_cell(&input, 1, 1));
}

static void test_a_comparison_becomes_sides_and_workloads(void **state)
{
    (void)state;
    static const char compare[] =
        "{\"sides\": [\"runs/before.json\", \"M4 Max\"], \"rows\": ["
        "{\"model\": \"L\", \"quantization\": \"F16\", \"task\": \"pp512\", \"metric\": \"prompt_throughput\", "
        "\"value_1\": 600, \"value_2\": 923},"
        "{\"model\": \"L\", \"quantization\": \"Q4_0\", \"task\": \"pp512\", \"metric\": \"prompt_throughput\", "
        "\"value_1\": 530, \"value_2\": null},"
        "{\"model\": \"L\", \"quantization\": \"Q4_0\", \"task\": \"tg128\", \"metric\": "
        "\"generation_throughput\", \"value_1\": 61, \"value_2\": 83}]}";
    struct plot_input input autoinput = {0};
    read_text(compare, sizeof compare - 1, &input);
    assert_int_equal(input.row_count, 4);
    assert_int_equal(input.column_count, 3);
    assert_string_equal(input.columns[2], "prompt_throughput");
    assert_string_equal(plot_input_cell(&input, 0, 0), "before");
    assert_string_equal(plot_input_cell(&input, 1, 0), "M4 Max");
    assert_string_equal(plot_input_cell(&input, 1, 1), "F16");
    assert_string_equal(plot_input_cell(&input, 1, 2), "923");
    assert_string_equal(plot_input_cell(&input, 2, 1), "Q4_0");
    assert_null(plot_input_cell(&input, 3, 2));
    assert_string_equal(input.subject, "L, pp512");
}

static void test_a_printed_distribution_is_a_summary(void **state)
{
    (void)state;
    static const char printed[] =
        "{\"tables\": [{\"title\": \"llama-bench, Q4_0: prompt_throughput, tok/s\", \"rows\": ["
        "{\"chip\": \"A\", \"n\": 12, \"median\": 45, \"quartile_1\": 44, \"quartile_3\": 47, \"least\": 40, "
        "\"greatest\": 50}, {\"chip\": \"B\", \"n\": 1, \"median\": 60, \"quartile_1\": null, \"quartile_3\": null, "
        "\"least\": 60, \"greatest\": 60}]}]}";
    struct plot_input input autoinput = {0};
    struct distribution_data data = {0};
    struct err err = {0};
    read_text(printed, sizeof printed - 1, &input);
    assert_int_equal(distribution_data_make(&input, &(struct distribution_wish){0}, &data, &err), 0);
    assert_true(data.summary);
    assert_string_equal(data.metric.title, "Prompt throughput");
    assert_string_equal(data.metric.unit, "tok/s");
    assert_int_equal(data.row_count, 2);
    /* The faster one first. */
    assert_string_equal(data.rows[0].name, "B");
    assert_int_equal(data.rows[0].count, 1);
    assert_int_equal(data.rows[1].count, 5);
    assert_int_equal(data.rows[1].runs, 12);
    assert_true(fabs(data.rows[1].sorted[1] - 44) < 1e-12 && fabs(data.rows[1].sorted[4] - 50) < 1e-12);
}

/* 200 rows with ties and gaps in the order that each --sort asks for. */
static void test_rows_stand_in_the_order_asked_for(void **state)
{
    (void)state;
    struct buf text autobuf = BUF(BUF_MIB);
    buf_adds(&text, "chip,speed\n");
    unsigned random = 1;
    for (int i = 0; i < 200; i++) {
        random = random * 1103515245U + 12345U;
        unsigned value = random >> 16 & 31;
        buf_addf(&text, value == 0 ? "Chip %d,\n" : "Chip %d,%u\n", i, value);
    }
    static const enum chips_sort sorts[] = {SORT_VALUE, SORT_FAMILY, SORT_INPUT};
    for (size_t k = 0; k < ARRAY_LENGTH(sorts); k++) {
        struct plot_input input autoinput = {0};
        struct chips_data data = {0};
        struct err err = {0};
        read_text(buf_text(&text), text.len, &input);
        assert_int_equal(
            chips_data_make(&input, &(struct chips_wish){.baseline = "none", .sort = sorts[k]}, &data, &err), 0);
        assert_int_equal(data.row_count, 200);
        for (size_t i = 1; i < data.row_count; i++) {
            double a = data.rows[i - 1].values[0].value, b = data.rows[i].values[0].value;
            long first = strtol(data.rows[i - 1].name + 5, NULL, 10), second = strtol(data.rows[i].name + 5, NULL, 10);
            bool tie = isfinite(a) == isfinite(b) && !(a < b) && !(a > b);
            /* What is missing stands last, ties in the natural order of names, digits as numbers. */
            assert_true(sorts[k] != SORT_VALUE || tie || a > b || (isfinite(a) && !isfinite(b)));
            assert_true((sorts[k] == SORT_VALUE && !tie) || first < second);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_printed_distribution_is_a_summary),
        cmocka_unit_test(test_a_comparison_becomes_sides_and_workloads),
        cmocka_unit_test(test_rows_stand_in_the_order_asked_for),
        cmocka_unit_test(test_a_printed_table_needs_no_option),
        cmocka_unit_test(test_other_json_keeps_all_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
