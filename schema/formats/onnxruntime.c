/* onnxruntime_perf_test: the mean in ms, percentiles in s. "Total CPU usage" is of all cores, "Avg CPU usage" of
 * one. Newer versions print "Average inference time cost total". No device is named. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "Average inference time cost") &&
                   (str_has(input->text, "Total inference requests") || str_has(input->text, "P50 Latency"))
               ? 93
               : 0;
}

struct ort {
    struct text_log log;
    struct run *run;
    double mean;             /* ms */
    double min, max, median; /* s */
    double runs;
};

static int open_run(struct ort *ort, struct err *err)
{
    ort->run = reading_add_run(ort->log.reading);
    if (ort->run == NULL)
        return mem_error(err);
    ort->mean = ort->min = ort->max = ort->median = ort->runs = MISSING;
    ort->run->workload.backend = "ONNX Runtime";
    ort->run->workload.task = "inference";
    return 0;
}

static void close_run(struct ort *ort)
{
    if (ort->run == NULL)
        return;
    struct text_figures figures = TEXT_FIGURES;
    if (ort->runs >= 1 && ort->runs < 1e15)
        figures.n = (int64_t)ort->runs;
    figures.mean = ort->mean;
    figures.min = ort->min * 1e3;
    figures.max = ort->max * 1e3;
    figures.median = ort->median * 1e3;
    if (!isnan(ort->mean))
        text_measure(ort->log.reading, ort->run, "inference_time", "ms", DIRECTION_LOWER, &figures);
    if (isnan(ort->mean))
        ort->log.reading->run_count--;
    ort->run = NULL;
}

/* One figure each. */
static bool measure(struct ort *ort, struct str label, struct str value)
{
    static const struct {
        const char *label, *metric, *unit;
    } names[] = {
        {"Session creation time cost", "load_time", "s"},
        {"Number of inferences per second", "throughput", "/s"},
        {"Total inference run time", "duration", "s"},
        {"Peak working set size", "peak_memory", "B"},
        {"Avg CPU usage", "cpu_usage", "%"},
        {"P90 Latency", "latency_p90", "s"},
        {"P95 Latency", "latency_p95", "s"},
        {"P99 Latency", "latency_p99", "s"},
        {"P999 Latency", "latency_p999", "s"},
    };
    double number = 0;
    struct str unit;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (!str_equal(label, str_of(names[i].label)) || !text_quantity(value, &number, &unit))
            continue;
        if (run_find(ort->run, names[i].metric) == NULL)
            text_measure_one(ort->log.reading, ort->run, names[i].metric,
                             str_equal(unit, STR("ms")) ? "ms" : names[i].unit, number);
        return true;
    }
    return false;
}

static bool keep_number(struct ort *ort, struct str label, struct str value)
{
    double number = 0;
    struct str unit;
    if (!text_quantity(value, &number, &unit))
        return false;
    if (str_equal(label, STR("Average inference time cost")) ||
        str_equal(label, STR("Average inference time cost total")))
        ort->mean = number * (str_equal(unit, STR("s")) ? 1e3 : 1);
    else if (str_equal(label, STR("Min Latency")))
        ort->min = number;
    else if (str_equal(label, STR("Max Latency")))
        ort->max = number;
    else if (str_equal(label, STR("P50 Latency")))
        ort->median = number;
    else if (str_equal(label, STR("Total inference requests")))
        ort->runs = number;
    else if (str_equal(label, STR("First inference time cost")))
        parameters_set_number(&ort->log.reading->arena, &ort->run->conditions, "first_inference_ms", number);
    else if (str_equal(label, STR("Total CPU usage")))
        parameters_set_number(&ort->log.reading->arena, &ort->run->conditions, "total_cpu_usage", number);
    else
        return false;
    return true;
}

/* "using SpaceMITExecutionProvider" */
static void read_provider(struct ort *ort)
{
    struct str line = ort->log.line, tail = STR("ExecutionProvider");
    if (!str_starts_with(line, STR("using ")) || !str_ends_with(line, tail) || line.len > 70)
        return;
    struct arena *arena = &ort->log.reading->arena;
    parameters_set_word(arena, &ort->run->setup, "execution_provider",
                        arena_strndup(arena, line.data + 6, line.len - 6 - tail.len));
    text_log_keep(&ort->log);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct ort ort = {0};
    int result = text_log_open(&ort.log, &format_onnxruntime_perf_test, input, into, err);
    if (result == 0)
        result = open_run(&ort, err);
    while (result == 0 && text_log_next(&ort.log)) {
        struct str label, value;
        bool split = text_split(ort.log.line, ':', &label, &value);
        double cost = 0;
        struct str unit;
        if (split && str_equal(label, STR("Session creation time cost")) && !isnan(ort.mean) &&
            text_quantity(value, &cost, &unit)) {
            close_run(&ort); /* the next output of several */
            result = open_run(&ort, err);
        }
        if (result < 0)
            break;
        if (!split)
            read_provider(&ort);
        else if (keep_number(&ort, label, value) || measure(&ort, label, value))
            text_log_keep(&ort.log);
    }
    if (result < 0)
        return text_log_abandon(&ort.log, result);
    close_run(&ort);
    reader_tell_no_chip(ort.log.reading);
    return text_log_close(&ort.log, "the output holds no average inference time", err);
}

const struct format format_onnxruntime_perf_test = {
    .name = "onnxruntime-perf-test",
    .tool = "onnxruntime_perf_test",
    .summary = "what onnxruntime_perf_test prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
