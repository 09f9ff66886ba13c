/* Which columns of tidy data are drawn, which way they are better, and what factors refer to. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/categories_data.h"
#include "plot/chart/builder.h"
#include "plot/chips_data.h"
#include "plot/columns.h"
#include "plot/heatmap_words.h"
#include "plot/input.h"
#include "plot/names.h"
#include "plot/scatter_data.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

static void read_text(const char *text, struct plot_input *input)
{
    char path[] = "/tmp/crosschip-columns.XXXXXX";
    struct err err = {0};
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(file_write_all(file, text, str_of(text).len, &err), 0);
    assert_int_equal(close(file), 0);
    int result = plot_input_read(path, input, &err);
    assert_int_equal(unlink(path), 0);
    if (result != 0) {
        fail_msg("%s", err.text);
    }
}

static void read_heatmap(const char *text, const struct heatmap_wish *wish, struct plot_input *input,
                         struct heatmap_data *data)
{
    struct err err = {0};
    read_text(text, input);
    if (heatmap_data_make(input, wish, data, &err) != 0) {
        fail_msg("%s", err.text);
    }
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9 * fabs(b);
}

/* Of two chips the one with half the time is twice as good, with twice the bandwidth too. */
static void test_a_heat_map_knows_directions(void **state)
{
    (void)state;
    static const char *const wide[] = {
        "chip,memory_bandwidth,inference_time\nM1,50,8\nM2,100,4\n",
        "chip,Bandwidth (GB/s),Time (ms)\nM1,50,8\nM2,100,4\n",
        "chip,GB/s | llama,Time (ms) | llama\nM1,50,8\nM2,100,4\n",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(wide); i++) {
        struct plot_input input autoinput = {0};
        struct heatmap_data data = {0};
        read_heatmap(wide[i], &(struct heatmap_wish){0}, &input, &data);
        assert_int_equal(data.column_count, 2);
        assert_false(data.lower[0]);
        assert_true(data.lower[1]);
        assert_string_equal(data.rows[0].name, "M2");
        assert_true(near(data.rows[0].cells[0].factor, 2) && near(data.rows[0].cells[1].factor, 2));
    }
    struct plot_input input autoinput = {0};
    struct heatmap_data data = {0};
    read_heatmap("chip,workload,inference_time\nM1,a_tok_s,8\nM2,a_tok_s,4\nM1,b,6\nM2,b,3\n",
                 &(struct heatmap_wish){0}, &input, &data);
    assert_true(data.long_form && data.lower[0] && data.lower[1]);
}

/* Metric and unit are named once where all columns share them, in the headings where they differ, and a remark in
 * brackets is no unit. */
static void test_a_heat_map_names_metric_and_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text, *title, *subtitle, *heading;
        bool unit;
    } cases[] = {
        {"chip,memory_bandwidth,inference_time\nM1,50,8\n", "Results by chip and workload",
         "lower for inference time (ms)", "Memory bandwidth (GB/s)", true},
        {"chip,workload,runtime_ms\nM1,a,8\nM1,b,4\n", "Runtime by chip and workload", "Runtime, ms, lower is better.",
         "a", true},
        {"chip,model,value,unit,metric\nM1,a,8,t/s,generation\nM1,b,4,t/s,generation\n",
         "Generation by chip and workload", "Generation, t/s, higher is better.", "a", true},
        {"chip,model,value,unit\nM1,a,8,s\nM1,b,4,t/s\n", "Results by chip and workload", "lower for a (s)", "a (s)",
         true},
        {"chip,prompt (tok/s),Text (tok/s)\nM1,8,4\n", "Results by chip and workload",
         "Values in tok/s, higher is better.", "Prompt", true},
        {"chip,Prompts (512 tokens) | Q4_0,Text | Q4_0\nM1,8,4\n", "Results by chip and workload", "Higher is better.",
         "Q4_0", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct plot_input input autoinput = {0};
        struct heatmap_data data = {0};
        read_heatmap(cases[i].text, &(struct heatmap_wish){0}, &input, &data);
        assert_string_equal(heatmap_words_title(&input, &data), cases[i].title);
        assert_non_null(strstr(heatmap_words_subtitle(&input, &data), cases[i].subtitle));
        assert_string_equal(data.columns[0].title, cases[i].heading);
        assert_true((strstr(heatmap_words_footer(&input, &data, SORT_VALUE), "neither unit,") == NULL) ==
                    cases[i].unit);
    }
}

/* A vendor has its colour whoever stands beside it. */
static void test_vendors_keep_their_colours(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "chip,vendor,x,y\nA,NVIDIA,1,2\nB,Apple,2,3\nC,AMD,3,4\nD,Apple,4,5\n",
        "chip,vendor,x,y\nA,NVIDIA,1,2\nB,Apple,2,3\nC,Google,3,4\nD,Apple,4,5\n",
        "chip,vendor,x,y\nA,NVIDIA,1,2\nB,Apple,2,3\nC,Google,3,4\nD,Groq,4,5\n",
    };
    static const char *const others[] = {NULL, "Google", "Other"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct plot_input input autoinput = {0};
        struct scatter_data data = {0};
        read_text(texts[i], &input);
        assert_int_equal(scatter_data_make(&input, &(struct scatter_wish){0}, &data, NULL), 0);
        assert_int_equal(data.points[0].category, chart_group_category("NVIDIA"));
        assert_int_equal(data.points[1].category, chart_group_category("Apple"));
        assert_int_equal(data.points[2].category, i == 0 ? chart_group_category("AMD") : CHART_CATEGORIES - 1);
        assert_true(text_equal(data.groups[CHART_CATEGORIES - 1], others[i]));
    }
    /* Where most are no vendors each group has a colour of its own. */
    struct plot_input input autoinput = {0};
    struct scatter_data data = {0};
    read_text("chip,group,x,y\nA,Laptop,1,2\nB,Desktop,2,3\nC,Server,2,3\nD,Apple,3,4\n", &input);
    assert_int_equal(scatter_data_make(&input, &(struct scatter_wish){0}, &data, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(data.points[i].category, i);
    }
}

static void test_variants_are_explained(void **state)
{
    (void)state;
    struct plot_input input autoinput = {0};
    assert_string_equal(plot_variant_words(&input.arena, "Apple M2 Ultra", "76c"), "76c = GPU cores");
    assert_string_equal(plot_variant_words(&input.arena, "M2 Ultra", "24C/76G"), "24C/76G = CPU and GPU cores");
    assert_null(plot_variant_words(&input.arena, "Ryzen 9 5950X", "16c"));
    assert_null(plot_variant_words(&input.arena, "M2 Ultra", "192 GB"));
    assert_null(plot_variant_words(&input.arena, "M2 Ultra", NULL));
}

static void test_options_turn_directions(void **state)
{
    (void)state;
    static const char *const all[] = {"all"}, *const b[] = {"b"};
    struct plot_input input autoinput = {0};
    struct heatmap_data data = {0};
    const struct heatmap_wish wish = {.lower = all, .lower_count = 1, .higher = b, .higher_count = 1};
    read_heatmap("chip,a,b\nM1,50,8\nM2,100,4\n", &wish, &input, &data);
    assert_true(data.lower[0] && !data.lower[1]);
}

#define WITH_COMPANIONS                                                                                                \
    "chip,speed,Speed_low,speed_high,speed_runs,speed_n,speed_factor,speed_factor_low,speed_factor_high\n"             \
    "M1,50,49,51,9,9,1,1,1\nM2,100,99,101,9,9,2,1.9,2.1\n"

static void test_companions_are_no_data(void **state)
{
    (void)state;
    struct plot_input input autoinput = {0};
    struct heatmap_data data = {0};
    read_heatmap(WITH_COMPANIONS, &(struct heatmap_wish){0}, &input, &data);
    assert_int_equal(data.column_count, 1);
    for (size_t i = 1; i < input.column_count; i++) {
        assert_int_equal(column_is_companion(&input, i), i > 1);
        assert_int_equal(column_holds_numbers(&input, i), i == 1);
    }
    struct categories_data bars = {0};
    assert_int_equal(categories_data_make(&input, &(struct categories_wish){0}, &bars, NULL), 0);
    assert_int_equal(bars.series_count, 1);
    struct chips_data chips = {0};
    assert_int_equal(chips_data_make(&input, &(struct chips_wish){0}, &chips, NULL), 0);
    assert_int_equal(chips.metric_count, 1);
    assert_true(near(chips.rows[0].values[0].low, 99));
    /* What is asked for by name is drawn all the same. */
    assert_int_equal(categories_data_make(&input, &(struct categories_wish){.y = "speed_runs"}, &bars, NULL), 0);
    assert_int_equal(bars.series_count, 1);
    assert_true(near(bars.rows[0].values[0], 9));
}

/* A unit that all series share is that of the chart, and no part of their names. */
static void test_series_share_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first, *unit;
    } cases[] = {
        {"prompt_category,Original (tok/s),Quantized (tok/s)\nChat,50,80\n", "Original", "tok/s"},
        {"prompt_category,Speed (tok/s),Load (s)\nChat,50,80\n", "Speed (tok/s)", "tok/s"},
        {"prompt_category,Prompt (tok/s),prompt_tok_s\nChat,50,80\n", "Prompt (tok/s)", ""},
        {"prompt_category,Original,Quantized\nChat,50,80\n", "Original", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct plot_input input autoinput = {0};
        struct categories_data bars = {0};
        read_text(cases[i].text, &input);
        assert_int_equal(categories_data_make(&input, &(struct categories_wish){0}, &bars, NULL), 0);
        assert_string_equal(bars.series[0], cases[i].first);
        assert_string_equal(bars.metric.unit, cases[i].unit);
        assert_string_equal(bars.by, "prompt category");
        assert_true(text_equal(bars.left_out, i == 1 ? "Load (s)" : NULL));
    }
}

static void test_chips_of_groups_go_without_vendor(void **state)
{
    (void)state;
    static const char *const texts[] = {"chip,a,b\nNVIDIA GeForce RTX 4090,1,2\nApple M4 Max,2,3\n",
                                        "mode,a,b\nApple M4 Max,1,2\nApple M1,2,3\n",
                                        "chip,a,b\nNVIDIA RTX 4000,1,2\nRTX 4000,2,3\n"};
    static const char *const first[] = {"RTX 4090", "Apple M4 Max", "NVIDIA RTX 4000"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct plot_input input autoinput = {0};
        struct categories_data bars = {0};
        read_text(texts[i], &input);
        assert_int_equal(categories_data_make(&input, &(struct categories_wish){0}, &bars, NULL), 0);
        assert_string_equal(bars.rows[0].name, first[i]);
    }
}

/* A column whose ending belongs to no other is data like any. */
static void test_an_ending_alone_makes_no_companion(void **state)
{
    (void)state;
    struct plot_input input autoinput = {0};
    read_text("chip,speed_low,power_high,_runs\nM1,50,8,1\n", &input);
    for (size_t i = 1; i < input.column_count; i++) {
        assert_false(column_is_companion(&input, i));
        assert_true(column_holds_numbers(&input, i));
    }
}

static void test_the_wished_column_of_wide_data_is_drawn(void **state)
{
    (void)state;
    struct plot_input input autoinput = {0};
    struct categories_data bars = {0};
    read_text("chip,prompt (tok/s),generation (tok/s)\nM1,50,8\nM2,100,4\n", &input);
    assert_int_equal(categories_data_make(&input, &(struct categories_wish){.y = "generation (tok/s)"}, &bars, NULL),
                     0);
    assert_int_equal(bars.series_count, 1);
    assert_string_equal(bars.series[0], "generation (tok/s)");
    assert_string_equal(bars.metric.unit, "tok/s");
}

static const char *baseline_of(const char *text, const char *wish)
{
    static char name[200];
    struct plot_input input autoinput = {0};
    struct chips_data chips = {0};
    struct heatmap_data map = {0};
    read_text(text, &input);
    assert_int_equal(chips_data_make(&input, &(struct chips_wish){.baseline = wish}, &chips, NULL), 0);
    name[0] = '\0';
    for (size_t i = 0; i < chips.row_count; i++) {
        if (chips.rows[i].baseline) {
            const char *variant = chips.rows[i].variant;
            (void)snprintf(name, sizeof name, "%s%s%s", chips.rows[i].name, variant != NULL ? " " : "",
                           variant != NULL ? variant : "");
        }
    }
    /* Both charts take the same one. */
    assert_int_equal(heatmap_data_make(&input, &(struct heatmap_wish){.baseline = wish}, &map, NULL), 0);
    for (size_t i = 0; i < map.row_count; i++) {
        assert_true(!map.rows[i].baseline || text_starts_with(name, map.rows[i].name));
    }
    return name;
}

#define PRINTED(baseline)                                                                                              \
    "{\"tables\": [{\"baseline\": " baseline ", \"metrics\": [{\"name\": \"memory_bandwidth\"}, {\"name\": "           \
    "\"inference_time\"}], \"rows\": [{\"chip\": \"Apple M2\", \"variant\": \"8C/10G\", \"backend\": \"ANE\", "        \
    "\"memory_bandwidth_gb_s\": 70, \"inference_time_ms\": 9}, {\"chip\": \"Apple M2\", \"variant\": \"8C/8G\", "      \
    "\"backend\": \"ANE\", \"memory_bandwidth_gb_s\": 65, \"inference_time_ms\": 9.5}, {\"chip\": \"Apple M1\", "      \
    "\"memory_bandwidth_gb_s\": 60, \"inference_time_ms\": null}]}]}"

static void test_the_baseline_of_a_printed_table_stays(void **state)
{
    (void)state;
    assert_string_equal(baseline_of(PRINTED("\"M1\""), NULL), "Apple M1");
    assert_string_equal(baseline_of(PRINTED("\"M2 (8C/8G), ANE\""), NULL), "Apple M2 8C/8G");
    assert_string_equal(baseline_of(PRINTED("\"M2 (8C/8G)\""), NULL), "Apple M2 8C/8G");
    assert_string_equal(baseline_of(PRINTED("\"M1\""), "M2 (8C/10G)"), "Apple M2 8C/10G");
    /* One that is not among the rows is passed over. */
    assert_string_equal(baseline_of(PRINTED("\"RTX 4090\""), NULL), "Apple M2 8C/8G");
    assert_string_equal(baseline_of(PRINTED("null"), NULL), "Apple M2 8C/8G");
}

static void test_the_default_baseline_is_an_old_base_chip(void **state)
{
    (void)state;
    assert_string_equal(baseline_of("chip,speed\nNVIDIA Tesla V100,900\nApple M1,50\nUnknown,2000\n", NULL),
                        "NVIDIA Tesla V100");
    assert_string_equal(baseline_of("chip,speed\nApple M2 Ultra,900\nApple M3,50\nApple M4,20\n", NULL), "Apple M3");
    assert_string_equal(baseline_of("chip,speed\nBoard A,900\nBoard B,50\nBoard C,70\n", NULL), "Board B");
    /* The oldest is passed over where it is the fastest too: no factor would say a gain. */
    assert_string_equal(baseline_of("chip,speed\nNVIDIA Tesla V100,900\nApple M1,50\nUnknown,2\n", NULL), "Apple M1");
    assert_string_equal(baseline_of("chip,speed\nApple M1,5\nApple M2,5\n", NULL), "Apple M1");
    assert_string_equal(baseline_of("chip,Time (ms)\nBoard A,900\nBoard B,50\nBoard C,70\n", NULL), "Board A");
}

static void test_small_factors_keep_two_digits(void **state)
{
    (void)state;
    char text[FIGURE_SIZE];
    assert_string_equal(chart_factor_text(text, 0.00057), "0.00057×");
    assert_string_equal(chart_factor_text(text, 0.0048), "0.0048×");
    assert_string_equal(chart_factor_text(text, 0.77), "0.77×");
    assert_string_equal(chart_factor_text(text, 1e-7), "< 0.00001×");
    assert_string_equal(chart_factor_text(text, 2429), "2,429×");
    assert_string_equal(chart_factor_text(text, 12345), "> 9,999×");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_heat_map_knows_directions),
        cmocka_unit_test(test_a_heat_map_names_metric_and_unit),
        cmocka_unit_test(test_vendors_keep_their_colours),
        cmocka_unit_test(test_series_share_their_unit),
        cmocka_unit_test(test_chips_of_groups_go_without_vendor),
        cmocka_unit_test(test_variants_are_explained),
        cmocka_unit_test(test_options_turn_directions),
        cmocka_unit_test(test_companions_are_no_data),
        cmocka_unit_test(test_an_ending_alone_makes_no_companion),
        cmocka_unit_test(test_the_wished_column_of_wide_data_is_drawn),
        cmocka_unit_test(test_the_baseline_of_a_printed_table_stays),
        cmocka_unit_test(test_the_default_baseline_is_an_old_base_chip),
        cmocka_unit_test(test_small_factors_keep_two_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
