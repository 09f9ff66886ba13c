/* The log of NVIDIA's trtexec. Lines begin "[07/07/2026-02:10:45] [I] ", month before day. With --dumpProfile it
 * gives no performance summary. The device stands in "Device Information". */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

#define AVERAGE "Average over "
#define WALLTIME "(host walltime is "

static int detect(const struct format_input *input)
{
    if (str_has(input->text, AVERAGE) && str_has(input->text, " runs is ") && str_has(input->text, WALLTIME))
        return 93; /* of versions 5 and 6, also without what stands around it */
    bool marked = str_has(input->text, "TensorRT.trtexec") || str_has(input->text, "=== Performance summary ===");
    return marked && (str_has(input->text, "] [I] ") || str_has(input->text, "&&&& ")) ? 93 : 0;
}

struct trt {
    struct text_log log;
    struct run *run;
    bool summary;
    bool failed, begun;
    const char *block; /* before version 8: the time whose lines come */
    struct text_figures times;
    struct averages { /* of versions 5 and 6 */
        double *items;
        size_t count, capacity;
    } compute, host;
    double runs; /* behind each average */
};

/* What stands behind "[time] [I] "; the time is set from the first such line. */
static struct str strip(struct trt *trt, struct str line)
{
    if (line.len < 26 || line.data[0] != '[' || line.data[20] != ']' || line.data[11] != '-')
        return line;
    if (trt->run->ran_at == NULL) {
        char time[32];
        (void)snprintf(time, sizeof time, "%.4s-%.2s-%.2sT%.8s", line.data + 7, line.data + 1, line.data + 4,
                       line.data + 12);
        if (reader_set_time(&trt->log.reading->arena, trt->run, time))
            text_log_keep(&trt->log);
    }
    struct str rest = str_trim(str_slice(line.data + 21, line.len - 21));
    if (rest.len >= 3 && rest.data[0] == '[' && rest.data[2] == ']')
        rest = str_trim(str_slice(rest.data + 3, rest.len - 3));
    return rest;
}

static void measure_times(struct trt *trt, const char *metric, struct str value)
{
    struct reading *reading = trt->log.reading;
    struct text_figures figures = TEXT_FIGURES;
    if (!text_number_after(value, "mean = ", &figures.mean))
        return;
    text_number_after(value, "min = ", &figures.min);
    text_number_after(value, "max = ", &figures.max);
    text_number_after(value, "median = ", &figures.median);
    figures.not_finite = !isfinite(figures.mean);
    text_measure(reading, trt->run, metric, "ms", DIRECTION_LOWER, &figures);
    size_t at = 0;
    while ((at = str_find(value, STR("percentile("), at)) != SIZE_MAX) {
        struct str rest = str_slice(value.data + at, value.len - at);
        double percentile = 0, time = 0;
        at += strlen("percentile(");
        char name[64], text[NUMBER_TEXT_SIZE];
        if (!text_number_after(rest, "percentile(", &percentile) || !text_number_after(rest, "= ", &time) ||
            !(percentile > 0 && percentile < 100))
            continue;
        number_shortest(text, percentile);
        size_t length = (size_t)snprintf(name, sizeof name, "%s_p", metric);
        for (const char *digit = text; *digit != '\0' && length + 1 < sizeof name; digit++)
            if (*digit != '.')
                name[length++] = *digit;
        name[length] = '\0';
        struct text_figures one = TEXT_FIGURES;
        one.mean = time;
        text_measure(reading, trt->run, name, "ms", DIRECTION_LOWER, &one);
    }
}

static bool read_summary_line(struct trt *trt, struct str label, struct str value)
{
    static const struct {
        const char *label, *metric;
    } names[] = {
        {"Latency", "latency"},
        {"Enqueue Time", "enqueue_time"},
        {"H2D Latency", "transfer_to_device_time"},
        {"GPU Compute Time", "gpu_compute_time"},
        {"D2H Latency", "transfer_to_host_time"},
        {"End-to-End Host Latency", "end_to_end_latency"},
    };
    double number = 0;
    struct str unit;
    if (str_equal(label, STR("Throughput")) && text_quantity(value, &number, &unit)) {
        text_measure_one(trt->log.reading, trt->run, "request_throughput", "req/s", number);
        return true;
    }
    if (str_equal(label, STR("Total Host Walltime")) && text_quantity(value, &number, &unit)) {
        text_measure_one(trt->log.reading, trt->run, "duration", str_equal(unit, STR("ms")) ? "ms" : "s", number);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(label, str_of(names[i].label))) {
            measure_times(trt, names[i].metric, value);
            return true;
        }
    return false;
}

/* ---------------------------------------------------------------- before version 8 */

static void close_block(struct trt *trt)
{
    if (trt->block != NULL && (!isnan(trt->times.mean) || !isnan(trt->times.median)))
        text_measure(trt->log.reading, trt->run, trt->block, "ms", DIRECTION_LOWER, &trt->times);
    trt->block = NULL;
}

/* A block for each time: its name alone on a line, then min, max, mean, median and a percentile, a line each. */
static bool open_block(struct trt *trt, struct str line)
{
    static const struct {
        const char *line, *metric;
    } names[] = {
        {"Host Latency", "latency"},
        {"Host latency", "latency"},
        {"Enqueue Time", "enqueue_time"},
        {"GPU Compute", "gpu_compute_time"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(line, str_of(names[i].line))) {
            close_block(trt);
            trt->block = names[i].metric;
            trt->times = TEXT_FIGURES;
            return true;
        }
    return false;
}

/* "percentile: 2.9 ms at 99% (end to end 3.0 ms at 99%)" */
static void measure_block_percentile(struct trt *trt, struct str value, double time)
{
    double percentile = 0;
    char name[64];
    if (!text_number_after(value, " at ", &percentile) || !(percentile > 0 && percentile < 100))
        return;
    (void)snprintf(name, sizeof name, "%s_p%d", trt->block, (int)percentile);
    struct text_figures one = TEXT_FIGURES;
    one.mean = time;
    text_measure(trt->log.reading, trt->run, name, "ms", DIRECTION_LOWER, &one);
}

static bool read_block_line(struct trt *trt, struct str label, struct str value)
{
    double number = 0;
    struct str unit;
    if (trt->block == NULL || !text_quantity(value, &number, &unit))
        return false;
    if (str_equal(label, STR("min")))
        trt->times.min = number;
    else if (str_equal(label, STR("max")))
        trt->times.max = number;
    else if (str_equal(label, STR("mean")))
        trt->times.mean = number;
    else if (str_equal(label, STR("median")))
        trt->times.median = number;
    else if (str_equal(label, STR("percentile")))
        measure_block_percentile(trt, value, number);
    else if (str_equal(label, STR("throughput")) && number > 0)
        text_measure_one(trt->log.reading, trt->run, "request_throughput", "req/s", number);
    else if (str_equal(label, STR("walltime")))
        text_measure_one(trt->log.reading, trt->run, "duration", "s", number);
    else
        return false;
    return true;
}

/* ---------------------------------------------------------------- versions 5 and 6 */

static bool add_average(struct trt *trt, struct averages *averages, double value)
{
    averages->items =
        arena_grow(&trt->log.reading->arena, averages->items, &averages->capacity, averages->count + 1, sizeof(double));
    if (averages->items == NULL || !isfinite(value))
        return false;
    averages->items[averages->count++] = value;
    return true;
}

/* "Average over 10 runs is 2.51 ms (host walltime is 2.56 ms, 99% percentile time is 2.54)." Each line is the mean of
 * so many runs: it is one sample here. */
static bool read_average(struct trt *trt, struct str line)
{
    double runs = 0, compute = 0, host = 0;
    if (!str_starts_with(line, STR(AVERAGE)) || !text_number_after(line, AVERAGE, &runs) ||
        !text_number_after(line, " runs is ", &compute) || !add_average(trt, &trt->compute, compute))
        return false;
    trt->runs = runs;
    if (text_number_after(line, WALLTIME, &host))
        (void)add_average(trt, &trt->host, host);
    return true;
}

static void close_averages(struct trt *trt, struct averages *averages, const char *metric)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "ms";
    given.stated.samples = averages->items;
    given.stated.sample_count = averages->count;
    if (averages->count > 0)
        figures_add(trt->log.reading, trt->run, metric, &given);
    *averages = (struct averages){NULL, 0, 0};
}

/* "fp16" of "FP32+FP16": the lowest that the engine may use is not the one it used, so all of it. */
static void set_precision(struct trt *trt, struct str value)
{
    char *text = reader_text(&trt->log.reading->arena, value);
    if (text == NULL || value.len > 40)
        return;
    const char *known = catalog_match_quantization(text);
    trt->run->workload.quantization = strchr(text, '+') == NULL && known != NULL ? known : text;
}

static void add_device(struct trt *trt, struct str value)
{
    struct reading *reading = trt->log.reading;
    reading->device.chip = reader_text(&reading->arena, value);
    trt->run->chip_name = reading->device.chip; /* another log may be of another machine */
}

/* "input=8x3x224x224", a line an input: what one query works on. */
static bool take_shape(struct trt *trt, struct str value)
{
    struct arena *arena = &trt->log.reading->arena;
    struct parameter_list *parameters = &trt->run->workload.parameters;
    const struct parameter *before = parameters_find(parameters, "input_shapes");
    if (str_find(value, STR("="), 0) == SIZE_MAX || value.len > 64)
        return false;
    const char *shape = arena_printf(arena, "%s%s%.*s", before != NULL ? before->word : "", before != NULL ? "+" : "",
                                     (int)value.len, value.data);
    return shape != NULL && parameters_set_word(arena, parameters, "input_shapes", shape);
}

static bool read_option_line(struct trt *trt, struct str label, struct str value)
{
    struct reading *reading = trt->log.reading;
    struct parameter_list *setup = &trt->run->setup;
    double number = 0;
    struct str unit;
    if (str_equal(label, STR("Selected Device")) && value.len > 0)
        add_device(trt, value);
    else if (str_equal(label, STR("TensorRT version")) && reading->tool_version == NULL)
        reading->tool_version = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("Precision")) && value.len > 0)
        set_precision(trt, value);
    else if (str_equal(label, STR("Inference Streams")) && text_quantity(value, &number, &unit))
        parameters_set_number(&reading->arena, setup, "streams", number);
    else if (str_equal(label, STR("CUDA Graph")) || str_equal(label, STR("Spin-wait")) ||
             str_equal(label, STR("Data transfers")))
        parameters_set_boolean(&reading->arena, setup,
                               label.data[0] == 'C'   ? "cuda_graph"
                               : label.data[0] == 'S' ? "spin_wait"
                                                      : "data_transfers",
                               str_equal(value, STR("Enabled")));
    else if (str_equal(label, STR("Input inference shape")))
        return take_shape(trt, value);
    else if (str_equal_ignore_case(label, STR("Batch")) && number_parse_loose(value, &number))
        parameters_set_number(&reading->arena, &trt->run->workload.parameters, "batch", number);
    else if (str_equal(label, STR("Device Global Memory")) && text_quantity(value, &number, &unit) &&
             str_equal(unit, STR("MiB")))
        parameters_set_number(&reading->arena, &reading->device.extra, "gpu_memory_mib", number);
    else
        return false;
    return true;
}

/* "Model: /home/…/model.onnx"; of --loadEngine the engine's name. */
static bool read_model_line(struct trt *trt, struct str label, struct str value)
{
    static const char *const labels[] = {"Model", "Load engine", "UFF Model", "onnx", "deploy", "uff", "loadEngine"};
    bool model = false;
    for (size_t i = 0; i < ARRAY_LENGTH(labels); i++)
        model = model || str_equal(label, str_of(labels[i]));
    if (!model || value.len == 0 || str_equal(value, STR("*")))
        return false;
    struct str folder, base;
    reader_split_path(value, &folder, &base);
    text_log_private(&trt->log, folder, PRIVATE_PATH);
    reader_set_model(trt->log.reading, trt->run, base);
    trt->run->workload.quantization = NULL;
    return true;
}

static void read_line(struct trt *trt)
{
    struct str line = strip(trt, trt->log.line), label, value;
    struct reading *reading = trt->log.reading;
    if (str_starts_with(line, STR("&&&& FAILED"))) {
        trt->failed = true;
        text_log_keep(&trt->log);
        text_log_private(&trt->log, str_slice(line.data + 11, line.len - 11), PRIVATE_TEXT);
    } else if (str_has(line, "=== Performance summary ===")) {
        trt->summary = true;
        text_log_keep(&trt->log);
    } else if (str_has(line, "time is unstable")) {
        flags_add(&reading->arena, &trt->run->flags, "unstable");
        text_log_keep(&trt->log);
    } else if (str_has(line, "e2e network timing is not reported")) {
        reading_add_problem(reading, "", trt->log.number, 0, "trtexec gave no timing because it profiled the layers");
        text_log_keep(&trt->log);
    } else if (!trt->summary && (open_block(trt, line) || read_average(trt, line))) {
        text_log_keep(&trt->log);
    } else if (text_split(line, ':', &label, &value)) {
        bool used = read_block_line(trt, label, value) ? true
                    : trt->summary                     ? read_summary_line(trt, label, value)
                                   : read_option_line(trt, label, value) || read_model_line(trt, label, value);
        if (used)
            text_log_keep(&trt->log);
    }
}

static void finish(struct trt *trt)
{
    struct reading *reading = trt->log.reading;
    struct run *run = trt->run;
    close_block(trt);
    if (trt->compute.count > 0)
        parameters_set_number(&reading->arena, &run->setup, "runs_per_sample", trt->runs);
    close_averages(trt, &trt->compute, "gpu_compute_time");
    close_averages(trt, &trt->host, "latency");
    run->workload.backend = "TensorRT";
    run->workload.task = "inference";
    if (trt->failed) {
        flags_add(&reading->arena, &run->flags, "failed");
        reading_add_problem(reading, "", 0, 0, "trtexec says FAILED: its figures count nowhere");
    }
    if (run->measurement_count == 0)
        reading->run_count--;
    else
        reader_tell_no_chip(reading);
}

static int read_log(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct trt trt = {0};
    int result = text_log_open(&trt.log, &format_trtexec_log, input, into, err);
    if (result < 0)
        return result;
    trt.run = reading_add_run(trt.log.reading);
    if (trt.run == NULL)
        return mem_error(err);
    while (text_log_next(&trt.log)) {
        bool begins = str_has(trt.log.line, "&&&& RUNNING");
        if (begins && (trt.begun || trt.summary)) { /* another log behind this one */
            finish(&trt);
            trt.summary = trt.failed = false;
            trt.run = reading_add_run(trt.log.reading);
            if (trt.run == NULL)
                return mem_error(err);
        }
        trt.begun = trt.begun || begins;
        if (begins) {
            text_log_keep(&trt.log);
            size_t running = str_find(trt.log.line, STR("&&&& RUNNING"), 0) + strlen("&&&& RUNNING");
            size_t at = str_find(trt.log.line, STR("TensorRT.trtexec"), running);
            at = at == SIZE_MAX ? running : at + strlen("TensorRT.trtexec");
            if (at < trt.log.line.len)
                text_log_private(&trt.log, str_slice(trt.log.line.data + at, trt.log.line.len - at), PRIVATE_TEXT);
            continue;
        }
        read_line(&trt);
    }
    finish(&trt);
    return text_log_close(&trt.log, "the log holds no performance summary", err);
}

const struct format format_trtexec_log = {
    .name = "trtexec-log",
    .tool = "trtexec",
    .summary = "the log of NVIDIA TensorRT's trtexec",
    .version = 1,
    .detect = detect,
    .read = read_log,
};
