/* What is drawn for a heading of a column and for the name of a chip. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "plot/names.h"

static void test_headings_give_title_unit_and_direction(void **state)
{
    (void)state;
    static const struct {
        const char *column, *title, *unit;
        bool higher;
    } cases[] = {
        {"Proof time (s)", "Proof time", "s", false},
        {"peak_power_w", "Peak power", "W", false},
        {"eval_rate (tok/s)", "Eval rate", "tok/s", true},
        {"gpu_cores", "GPU cores", "", true},
        {"time_to_first_token_ms", "Time to first token", "ms", false},
        {"read_gb_s", "Read", "GB/s", true},
        {"pp512", "pp512", "", true},
        {"p99_ttft_ms", "P99 TTFT", "ms", false},
        {"MMLU_score", "MMLU score", "", true},
        {"_ms", "_ms", "", true},
        {"tok_s", "Throughput", "tok/s", true},
        {"prompt_tok_s", "Prompt", "tok/s", true},
    };
    struct plot_input input autoinput = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chart_metric metric;
        plot_describe_metric(&input, cases[i].column, &metric);
        assert_string_equal(metric.title, cases[i].title);
        assert_string_equal(metric.unit, cases[i].unit);
        assert_int_equal(metric.higher_is_better, cases[i].higher);
    }
}

static void test_a_result_is_no_resource(void **state)
{
    (void)state;
    const struct chart_metric rate = {"Rate", "tok/s", true}, cores = {"Cores", "", true}, time = {"Time", "s", false};
    assert_true(plot_is_achievement("eval_rate", &rate));
    assert_false(plot_is_achievement("rated_bandwidth", &rate));
    assert_false(plot_is_achievement("gpu_cores", &cores));
    assert_false(plot_is_achievement("time", &time));
}

static void test_vendors_are_left_out_where_the_rest_names_them(void **state)
{
    (void)state;
    assert_string_equal(plot_short_name("NVIDIA RTX 4090"), "RTX 4090");
    assert_string_equal(plot_short_name("AMD Ryzen 9 5950X 16-Core Processor"), "Ryzen 9 5950X 16-Core Processor");
    assert_string_equal(plot_short_name("Apple M1 Max"), "M1 Max");
    assert_string_equal(plot_short_name("NVIDIA 4090"), "NVIDIA 4090");
    assert_string_equal(plot_short_name("Somebody RTX 1"), "Somebody RTX 1");
}

static void test_names_of_one_chart_go_together(void **state)
{
    (void)state;
    static const char *const prover[] = {"RTX 3090 Ti", "NVIDIA L4", "Apple M2 Pro (GPU)", "Linux CPU", "Apple CPU"};
    static const char *const others[] = {"NVIDIA GeForce RTX 4090", "NVIDIA H100 PCIe", "Apple M4 Max 12P+4E+40GPU",
                                         "Intel Core2 Duo CPU L9400"};
    static const char *const short_others[] = {"RTX 4090", "H100 PCIe", "M4 Max 12P+4E+40GPU", "Core2 Duo CPU L9400"};
    struct plot_naming naming = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        plot_naming_see(&naming, others[i]);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        assert_string_equal(plot_naming_short(&naming, others[i]), short_others[i]);
    }
    /* "Apple CPU" cannot lose its vendor, so "L4" does not stand alone beside it; "RTX 4090" may. */
    for (size_t i = 0; i < ARRAY_LENGTH(prover); i++) {
        plot_naming_see(&naming, prover[i]);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(prover); i++) {
        assert_string_equal(plot_naming_short(&naming, prover[i]), prover[i]);
    }
    assert_string_equal(plot_naming_short(&naming, others[0]), "RTX 4090");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings_give_title_unit_and_direction),
        cmocka_unit_test(test_a_result_is_no_resource),
        cmocka_unit_test(test_vendors_are_left_out_where_the_rest_names_them),
        cmocka_unit_test(test_names_of_one_chart_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
