/* ANEMLL-Bench: the document, the page, the pasted text. The M4 figures are those of its issue 5. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

#define SYSTEM                                                                                                         \
    "  \"timestamp\": \"2025-03-09 18:59:02\",\n  \"system_info\": {\n"                                                \
    "    \"os\": {\"name\": \"Darwin\", \"version\": \"Darwin Kernel Version 24.3.0: "                                 \
    "root:xnu-11215.81.4~3/RELEASE_ARM64_T8132\", "                                                                    \
    "\"release\": \"24.3.0\"},\n"                                                                                      \
    "    \"cpu\": {\"brand\": \"Apple M4\", \"architecture\": \"arm64\", \"cores\": 10, \"threads\": 10},\n"           \
    "    \"ram\": {\"total_gb\": 16.0, \"available_gb\": 6.15},\n"                                                     \
    "    \"python_version\": \"3.9.21\", \"mac_model\": \"Mac16,1\", \"macos_version\": \"macOS Sequoia 15.3.1 "       \
    "(24D70)\",\n"                                                                                                     \
    "    \"apple_silicon\": true,\n"                                                                                   \
    "    \"neural_engine\": {\"available\": true, \"cores\": \"Unknown\", \"tflops\": \"Unknown\"}\n  },\n"
#define RESULT(name, time, rate)                                                                                       \
    "    {\n      \"model_name\": \"" name "\",\n      \"backend\": \"ANE\",\n      \"inference_time_ms\": " time      \
    ",\n"                                                                                                              \
    "      \"memory_used_mb\": 0.0,\n      \"throughput_gb_s\": " rate ",\n      \"tflops\": null,\n"                  \
    "      \"input_shape\": \"[1, 1, 4096]\",\n      \"model_size_mb\": 1050.673728\n    }"
#define HEAD RESULT("llama_lm_head", "16.371926466623943", "64.17532659592135")
#define DOCUMENT(results) "{\n" SYSTEM "  \"results\": [\n" results "\n  ]\n}"

static void expect_device(const struct device *device)
{
    assert_string_equal(device->chip, "Apple M4");
    assert_string_equal(device->board, "Mac16,1");
    assert_string_equal(device->architecture, "arm64");
    assert_string_equal(device->os_name, "macOS");
    assert_string_equal(device->os_version, "15.3.1 (24D70)");
    assert_string_equal(device->kernel, "24.3.0");
    assert_int_equal(device->cores, 10);
    assert_int_equal(device->threads, 10);
    expect_number(device->memory_bytes, 16.0 * 0x1p30);
}

static void expect_head(const struct run *run)
{
    assert_string_equal(run->workload.model, "llama_lm_head");
    assert_null(run->workload.quantization);
    assert_string_equal(run->workload.task, "lm_head");
    assert_string_equal(sample_word(&run->setup, "input_shape"), "1x1x4096");
    expect_number(run->workload.model_bytes, 1050673728.0);
    assert_null(run->variant);
    assert_string_equal(run->ran_at, "2025-03-09T18:59:02");
    assert_true(run->ran_at_local);
    const struct measurement *rate = sample_metric(run, "memory_bandwidth");
    expect_number(rate->mean, 64.17532659592135);
    assert_string_equal(rate->unit, "GB/s");
    assert_int_equal(rate->n, COUNT_UNKNOWN);
    expect_number(rate->stddev, none);
    const struct measurement *time = sample_metric(run, "inference_time");
    expect_number(time->mean, 16.371926466623943);
    assert_int_equal(time->direction, DIRECTION_LOWER);
    assert_int_equal(run->measurement_count, 2);
}

static void test_document(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(DOCUMENT(HEAD ",\n" RESULT("llama_lm_head_lut6", "6.446663538614909", "61.43575100944296")));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-json");
    assert_int_equal(sample.readings.count, 1);
    const struct reading *reading = sample.readings.items[0];
    assert_string_equal(reading->tool, "anemll-bench");
    assert_null(reading->tool_version);
    assert_int_equal(reading->problem_count, 0);
    assert_int_equal(reading->private_count, 0);
    assert_int_equal(reading->original_length, sample.length);
    expect_device(&reading->device);
    expect_head(sample_run(&sample, 0));
    assert_string_equal(sample_run(&sample, 1)->workload.model, "llama_lm_head_lut6");
    assert_string_equal(sample_run(&sample, 1)->workload.quantization, "LUT6");
    assert_string_equal(sample_run(&sample, 0)->workload.backend, sample_run(&sample, 1)->workload.backend);
}

static void test_null_and_odd_figures(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(DOCUMENT(RESULT("a_lm_head", "null", "50.5") "," RESULT("b", "NaN", "-3") "," RESULT(
            "c", "null", "null") ","
                                 "{\"model_name\": \"d\", \"inference_time_ms\": 2, \"input_shape\": [1, 2, 3], "
                                 "\"model_size_mb\": 0.0, \"tflops\": \"Unknown\","
                                 " \"runs\": 300, \"remark\": \"a/b\"}"));
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 3);
    assert_int_equal(sample_run(&sample, 0)->measurement_count, 1);
    expect_number(sample_metric(sample_run(&sample, 0), "memory_bandwidth")->mean, 50.5);
    const struct run *odd = sample_run(&sample, 1);
    assert_string_equal(odd->workload.task, "inference");
    expect_number(sample_metric(odd, "inference_time")->mean, none);
    assert_true(flags_has(&sample_metric(odd, "inference_time")->flags, "not_finite"));
    assert_true(flags_has(&sample_metric(odd, "memory_bandwidth")->flags, "not_positive"));
    expect_number(sample_metric(odd, "memory_bandwidth")->mean, -3);
    assert_true(sample_has_problem(&sample, "holds no figure"));
    const struct run *last = sample_run(&sample, 2);
    assert_string_equal(sample_word(&last->workload.parameters, "input_shape"), "1x2x3");
    expect_number(last->workload.model_bytes, none);
    expect_number(sample_number(&last->setup, "runs"), 300);
    assert_true(sample_has_problem(&sample, "field left out"));
    assert_null(last->workload.backend);
}

static void test_dual(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(DOCUMENT(RESULT("llama_lm_head (Parallel Run)", "38.12",
                                    "27.56") ",\n"
                                             "{\"model_name\": \"Combined (llama_lm_head + DeepHermes_lm_head)\", "
                                             "\"backend\": \"ANE\", \"inference_time_ms\": 38.31, "
                                             "\"throughput_gb_s\": 54.85, \"tflops\": null, \"input_shape\": \"[]\", "
                                             "\"model_size_mb\": 2101.347456}"));
    assert_int_equal(sample.result, 0);
    const struct run *parallel = sample_run(&sample, 0), *combined = sample_run(&sample, 1);
    assert_string_equal(parallel->variant, "parallel");
    assert_string_equal(parallel->workload.model, "llama_lm_head");
    assert_string_equal(parallel->workload.model_as_given, "llama_lm_head (Parallel Run)");
    assert_string_equal(combined->variant, "combined");
    assert_string_equal(combined->workload.model, "llama_lm_head + DeepHermes_lm_head");
    assert_int_equal(combined->workload.parameters.count, 0);
}

static void test_other_systems(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"timestamp\": \"soon\", \"system_info\": {\"os\": {\"name\": \"Linux\", \"version\": \"#1 "
                    "SMP\", \"release\": \"6.1.0\"}, \"cpu\": "
                    "{\"brand\": \"\", \"architecture\": \"x86_64\", \"cores\": \"8\", \"threads\": \"Unknown\"}, "
                    "\"mac_model\": null, "
                    "\"neural_engine\": {\"available\": false}, \"hostname\": \"tower\"}, \"results\": "
                    "[{\"model_name\": \"x\", \"backend\": \"CPU\", "
                    "\"inference_time_ms\": 41.9}]}");
    assert_int_equal(sample.result, 0);
    const struct device *device = &sample.readings.items[0]->device;
    assert_null(device->chip);
    assert_null(device->board);
    assert_null(device->os_version);
    assert_string_equal(device->os_name, "Linux");
    assert_string_equal(device->kernel, "6.1.0");
    assert_int_equal(device->cores, 8);
    assert_int_equal(device->threads, COUNT_UNKNOWN);
    expect_number(device->memory_bytes, none);
    assert_null(sample_run(&sample, 0)->ran_at);
    assert_true(sample_has_problem(&sample, "is not a time"));
    assert_true(sample_has_problem(&sample, "does not name the chip"));
    assert_int_equal(sample.readings.items[0]->private_count, 1);
    expect_same_after_redaction(&sample);
}

/* ---------------------------------------------------------------- places */

static void test_page(void **state)
{
    (void)state;
    static const char page[] =
        "<html><body><p>Report saved to /Users/ada/.cache</p><script>\n  const jsonData = '{\\n  \"timestamp\": "
        "\"2025-03-09 18:59:02\",\\n"
        "  \"system_info\": {\"cpu\": {\"brand\": \"Apple M4\"}, \"neural_engine\": {}},\\n  \"results\": "
        "[{\"model_name\": "
        "\"it\\'s \\\\\"x\\\\\" \\u00e9\\xe9 \\\\u00e9\", \"backend\": \"ANE\", \"inference_time_ms\": 6.5, \"path\": "
        "\"/Users/ada/m\"}]\\n}';\n"
        "  const emailBody = \"Here are my benchmark results:\\n\\n\" + jsonData;\n</script></body></html>\n";
    autosample struct sample sample = sample_text(page);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-html");
    assert_int_equal(sample.readings.count, 1);
    assert_string_equal(sample.readings.items[0]->device.chip, "Apple M4");
    assert_string_equal(sample_run(&sample, 0)->workload.model_as_given, "it's \"x\" \xc3\xa9\xc3\xa9 \xc3\xa9");
    const struct reading *reading = sample.readings.items[0];
    const char *original = sample.text + reading->original_offset;
    assert_memory_equal(original, "const jsonData = '{", 19);
    assert_memory_equal(original + reading->original_length - 2, "}'", 2);
    assert_int_equal(reading->private_count, 1);
    assert_memory_equal(original + reading->privates[0].offset, "/Users/ada", 10);
    expect_same_after_redaction(&sample);
}

/* The document with something in front of every line. */
static void quote(struct buf *into, const char *mark, const char *text)
{
    struct str rest = str_of(text), line;
    while (str_next_line(&rest, &line)) {
        buf_adds(into, mark);
        buf_add(into, line.data, line.len);
        buf_adds(into, "\r\n");
    }
}

static void test_pasted(void **state)
{
    (void)state;
    static const char *const marks[] = {"", "> ", ">> ", "> > ", "\xc2\xa0", "  "};
    for (size_t i = 0; i < ARRAY_LENGTH(marks); i++) {
        autobuf struct buf mail = BUF(BUF_MIB);
        buf_adds(&mail, "Hi, from my MacBook {16 GB}.\r\n\r\nHere are my benchmark results:\r\n\r\n");
        quote(&mail, marks[i], DOCUMENT(HEAD));
        buf_adds(&mail, "\r\nBest, Ada\r\nada@example.org\r\n");
        autosample struct sample sample = sample_text(buf_text(&mail));
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, "anemll-bench-text");
        expect_device(&sample.readings.items[0]->device);
        expect_head(sample_run(&sample, 0));
        const struct reading *reading = sample.readings.items[0];
        assert_true(reading->original_length < sample.length - 60);
        assert_true(sample.text[reading->original_offset] == '{');
        expect_same_after_redaction(&sample);
    }
}

static void test_link(void **state)
{
    (void)state;
    autobuf struct buf link = BUF(BUF_MIB);
    buf_adds(&link, "mailto:x@example.org?subject=ANEMLL%20BENCH%20Results&body=Here%20are%20my%20results:%0A%0A");
    for (const char *at = DOCUMENT(HEAD); *at != '\0'; at++)
        buf_addf(&link, "%%%02X", (unsigned)(unsigned char)*at);
    for (char *at = link.data;
         (at = strstr(at, "%73%79%73%74%65%6D%5F")) != NULL;) { /* letters stay, as browsers do it */
        memcpy(at, "system_", 7);
        memmove(at + 7, at + 21, strlen(at + 21) + 1);
    }
    for (char *at = link.data; (at = strstr(at, "%69%6E%66%6F%22")) != NULL;) {
        memcpy(at, "info", 4);
        memmove(at + 4, at + 12, strlen(at + 12) + 1);
    }
    autosample struct sample sample = sample_text(link.data);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-text");
    expect_head(sample_run(&sample, 0));
}

static void test_several_documents(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(DOCUMENT(HEAD) "\n\nand again:\n" DOCUMENT(HEAD));
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 2);
    assert_true(sample.readings.items[1]->original_offset > sample.readings.items[0]->original_length);
    expect_same_after_redaction(&sample);
}

/* ---------------------------------------------------------------- faults */

static void test_truncated(void **state)
{
    (void)state;
    static const char document[] =
        DOCUMENT(HEAD ",\n" RESULT("llama_lm_head_lut6", "6.446663538614909", "61.43575100944296"));
    const char *second = strstr(strstr(document, "lut6"), "throughput_gb_s");
    size_t first_end = (size_t)(strstr(document, "1050.673728") - document) + 11;
    /* Cut anywhere, it never crashes, and what was complete is there. */
    for (size_t length = 1; length < sizeof document - 1; length++) {
        autosample struct sample sample = sample_of(document, length, "anemll-bench-json");
        if (length > strlen("{\n  \"timestamp\": \"2025-03-09 18:59:02\",\n  \"system_info\": {"))
            assert_int_equal(sample.result, -ERR_SYNTAX);
        assert_true(sample.result < 0);
        if (length > first_end) {
            assert_int_equal(sample.readings.count, 1);
            expect_device(&sample.readings.items[0]->device);
            expect_head(sample_run(&sample, 0));
            assert_non_null(strstr(sample.err.detail, "Apple M4"));
        }
    }
    autosample struct sample sample = sample_of(document, (size_t)(second - document) + 20, "anemll-bench-json");
    assert_int_equal(sample.err.line, 27);
    assert_non_null(strstr(sample.err.detail, "2 of its results"));
}

struct fault {
    const char *text;
    int code, line, column;
    const char *path;
    size_t runs;
};

static void test_faults(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {DOCUMENT(HEAD ",\n" RESULT("x", "\"fast\"", "1")), ERR_DATA, 25, 28, "results[1].inference_time_ms", 1},
        {DOCUMENT(RESULT("x", "6.4", "[1]")), ERR_DATA, 17, 26, "results[0].throughput_gb_s", 0},
        {DOCUMENT("5"), ERR_DATA, 12, 1, "results[0]", 0},
        {"{" SYSTEM "\"results\": {}}", ERR_DATA, 10, 12, "results", 0},
        {"{\"system_info\": {\"neural_engine\": {}, \"cpu\": {\"brand\": 4}}, \"results\": []}", ERR_DATA, 1, 56,
         "system_info.cpu.brand", 0},
        {"{\"system_info\": [\"neural_engine\", \"inference_time_ms\"], \"results\": []}", ERR_DATA, 1, 17,
         "system_info", 0},
        {DOCUMENT(HEAD ",\n" RESULT("x", "oops", "1")), ERR_SYNTAX, 25, 28, "results[1].inference_time_ms", 1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        autosample struct sample sample = sample_of(faults[i].text, strlen(faults[i].text), "anemll-bench-json");
        if (sample.result != -(int)faults[i].code || strcmp(sample.err.path, faults[i].path) != 0)
            fail_msg("fault %zu: %d %s: %s", i, sample.result, sample.err.path, sample.err.text);
        assert_int_equal(sample.err.line, faults[i].line);
        assert_int_equal(sample.err.column, faults[i].column);
        assert_int_equal(sample_run_count(&sample), faults[i].runs);
    }
    autosample struct sample empty = sample_text(DOCUMENT(""));
    assert_int_equal(empty.result, 0);
    assert_int_equal(sample_run_count(&empty), 0);
    assert_true(sample_has_problem(&empty, "no result"));
    autosample struct sample other = sample_of("{\"a\": 1}", 8, "anemll-bench-json");
    assert_int_equal(other.result, -ERR_DATA);
}

/* A fault in quoted text is reported at its line of the mail, behind the quote marks. */
static void test_place_in_quoted_text(void **state)
{
    (void)state;
    autobuf struct buf mail = BUF(BUF_MIB);
    buf_adds(&mail, "Hello\r\n");
    quote(&mail, "> ", DOCUMENT(RESULT("x", "\"fast\"", "1")));
    autosample struct sample sample = sample_text(buf_text(&mail));
    assert_int_equal(sample.result, -ERR_DATA);
    assert_int_equal(sample.err.line, 16);
    assert_int_equal(sample.err.column, 28);
}

/* ---------------------------------------------------------------- the examples' documents */

static void test_examples(void **state)
{
    (void)state;
    autosample struct sample profile =
        sample_text("{\"model_path\": \"/Users/ada/llama_lm_head.mlpackage\", \"model_size_bytes\": 1050713856, "
                    "\"model_size_mb\": 1002.04, \"batch_size\": 1, "
                    "\"sequence_length\": 1, \"hidden_size\": 4096, \"iterations\": 300, \"compute_units\": "
                    "\"CPU_AND_NE\", \"inference_time_ms\": 16.37, "
                    "\"throughput_gbps\": 64.19, \"tflops\": null, \"system_info\": {\"cpu\": {\"brand\": \"Apple "
                    "M4\"}}, \"timestamp\": \"2025-03-09 19:04:11\"}");
    assert_int_equal(profile.result, 0);
    const struct run *run = sample_run(&profile, 0);
    assert_string_equal(run->workload.model, "llama_lm_head");
    expect_number(run->workload.model_bytes, 1050713856);
    assert_int_equal(sample_metric(run, "memory_bandwidth")->n, 300);
    assert_string_equal(sample_word(&run->setup, "input_shape"), "1x1x4096");
    assert_int_equal(profile.readings.items[0]->private_count, 1);
    expect_same_after_redaction(&profile);
    autosample struct sample batch =
        sample_text("{\"system_info\": {\"cpu\": {\"brand\": \"Apple M4\"}}, \"models\": [{\"name\": \"a.mlpackage\", "
                    "\"size_bytes\": 5, \"inference_time_ms\": 16.37, "
                    "\"throughput_gbps\": 64.18, \"cpu_inference_time_ms\": 41.9}, {\"name\": \"broken.mlpackage\", "
                    "\"error\": \"failed to load\"}], "
                    "\"iterations\": 300, \"compute_units\": \"CPU_AND_NE\", \"timestamp\": \"2025-03-09 19:10:40\"}");
    assert_int_equal(batch.result, 0);
    assert_int_equal(sample_run_count(&batch), 2);
    assert_string_equal(sample_run(&batch, 1)->workload.backend, "CPU");
    expect_number(sample_metric(sample_run(&batch, 1), "inference_time")->mean, 41.9);
    assert_true(sample_has_problem(&batch, "failed on broken"));
    autosample struct sample local =
        sample_text("{\"timestamp\": \"2025-03-10 08:12:54\", \"system_info\": {\"os\": \"Darwin\", \"os_version\": "
                    "\"Darwin Kernel\", \"mac_model\": \"Mac16,1\", "
                    "\"cpu_model\": \"Apple M4\", \"memory_gb\": 16.0, \"os_display\": \"macOS Sequoia 15.3.1\"}, "
                    "\"model_name\": \"llama_lm_head\", "
                    "\"model_size_mb\": 1050.673728, \"inference_time_ms\": 16.4, \"throughput_gb_s\": 64.07, "
                    "\"input_shape\": [1, 1, 4096]}");
    assert_int_equal(local.result, 0);
    assert_string_equal(local.readings.items[0]->device.os_version, "15.3.1");
    expect_number(local.readings.items[0]->device.memory_bytes, 16.0 * 0x1p30);
    expect_number(sample_run(&local, 0)->workload.model_bytes, 1050673728);
}

/* ---------------------------------------------------------------- published files */

static void test_published(void **state)
{
    (void)state;
    static const char *const names[] = {"issues/issue5_m4_16gb.json", "issues/issue5_body.md", "report_issue5_m4.html"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char path[200];
        snprintf(path, sizeof path, CORPUS "seeds/anemll-bench/%s", names[i]);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        expect_device(&sample.readings.items[0]->device);
        assert_int_equal(sample_run_count(&sample), 2);
        expect_number(sample_metric(sample_run(&sample, 0), "memory_bandwidth")->mean, 64.17532659592135);
        expect_number(sample_metric(sample_run(&sample, 1), "inference_time")->mean, 6.446663538614909);
    }
    autosample struct sample broken = {0};
    if (!sample_file(CORPUS "seeds/anemll-bench/issues/issue8_m3_ultra_512gb_TRUNCATED.json", &broken))
        skip();
    assert_int_equal(broken.result, -ERR_SYNTAX);
    assert_int_equal(broken.err.line, 38);
    assert_int_equal(broken.err.column, 35);
    assert_string_equal(broken.readings.items[0]->device.chip, "Apple M3 Ultra");
    expect_number(sample_metric(sample_run(&broken, 0), "memory_bandwidth")->mean, 120.60083660147403);
    expect_number(sample_run(&broken, 0)->workload.model_bytes, none); /* the last number may have been cut */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_null_and_odd_figures),
        cmocka_unit_test(test_dual),
        cmocka_unit_test(test_other_systems),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_pasted),
        cmocka_unit_test(test_link),
        cmocka_unit_test(test_several_documents),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_place_in_quoted_text),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
