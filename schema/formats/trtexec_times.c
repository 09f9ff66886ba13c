/* trtexec --exportTimes: a list with an object for each inference, in milliseconds since the start, and the times
 * between (TensorRT, samples/common/sampleReporting.cpp, exportJSONTrace). Until version 8 an inference was In,
 * Compute, Out with "endToEndMs"; since then it is Enq, H2d, Compute, D2h, and "latencyMs" is the sum of the last
 * three. The file names neither the model nor the device, and each inference is a sample. The first ones may be those
 * of the warm-up: trtexec leaves them out of its own summary by time, which the file does not say. */
#include "schema/formats/readers.h"

#include <math.h>

#include "schema/formats/stated_json.h"

static const struct part {
    const char *metric;
    const char *key, *older;
    const char *begin, *end; /* where the file has no time of its own for it */
} parts[] = {
    {"latency", "latencyMs", NULL, NULL, NULL},
    {"end_to_end_latency", "endToEndMs", NULL, NULL, NULL},
    {"enqueue_time", NULL, NULL, "startEnqMs", "endEnqMs"},
    {"transfer_to_device_time", "h2dMs", "inMs", NULL, NULL},
    {"gpu_compute_time", "computeMs", NULL, NULL, NULL},
    {"transfer_to_host_time", "d2hMs", "outMs", NULL, NULL},
};

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_has(text, "\"startComputeMs\"") && str_has(text, "\"endComputeMs\"") && str_has(text, "\"latencyMs\"")
               ? 93
               : 0;
}

static bool is_trace(const struct json *root)
{
    const struct json *first = json_first(root);
    return json_is(root, JSON_ARRAY) && json_get(first, "computeMs") != NULL && json_get(first, "latencyMs") != NULL;
}

static double number_of(const struct json *inference, const char *key)
{
    return key != NULL ? json_number(json_get(inference, key)) : MISSING;
}

static double time_of(const struct json *inference, const struct part *part)
{
    if (part->begin != NULL)
        return number_of(inference, part->end) - number_of(inference, part->begin);
    double time = number_of(inference, part->key);
    return isnan(time) ? number_of(inference, part->older) : time;
}

/* The times of one part in all inferences; none when the file does not have it at all. */
static int add_part(struct reading *reading, struct run *run, const struct json *trace, const struct part *part,
                    struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    size_t count = json_count(trace), at = 0, known = 0;
    double *samples = arena_alloc(&reading->arena, count, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    for (const struct json *item = json_first(trace); item != NULL && at < count; item = json_next(item)) {
        samples[at] = time_of(item, part);
        known += isnan(samples[at++]) ? 0 : 1;
    }
    if (known == 0)
        return 0;
    given.unit = "ms";
    given.counted = true; /* nothing is copied where the memory is shared */
    given.stated.samples = samples;
    given.stated.sample_count = at;
    return figures_add(reading, run, part->metric, &given) == NULL ? mem_error(err) : 0;
}

static int read_trace(const struct document *document, struct reading *reading, struct err *err)
{
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        int code = add_part(reading, run, document->root, &parts[i], err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_times(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_trace, read_trace, "the list holds no inference"};
    return documents_read(&format_trtexec_times, input, &reader, into, err);
}

const struct format format_trtexec_times = {
    .name = "trtexec-times",
    .tool = "trtexec",
    .summary = "trtexec --exportTimes",
    .version = 1,
    .detect = detect,
    .read = read_times,
};
