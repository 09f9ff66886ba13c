/* The performance summary that ANEMLL-Bench's benchmark_dual_models returns, as
 * people save it: two models alone, in parallel, and both together. Its
 * model_size_mb is 10^6 bytes. Slowdown and efficiency follow from the rest, and
 * the average of the two models is no run. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "schema/formats/anemll_document.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/tool_json.h"

#define MEGABYTE 1e6

static bool mentions(struct str object)
{
    return str_has(object, "\"individual_results\"") && str_has(object, "\"inference_time_ms\"");
}

static bool is_document(const struct json *root)
{
    return json_is(json_get(root, "individual_results"), JSON_OBJECT) && json_get(root, "system_info") == NULL;
}

static int read_model(const struct json *model, const char *group, bool parallel, struct reading *reading,
                      struct err *err)
{
    struct anemll_result result = anemll_no_result();
    char path[128], shown[72];
    double megabytes = MISSING;
    text_copy(shown, sizeof shown, json_key(model));
    (void)snprintf(path, sizeof path, "%s.%s", group, shown);
    const char *name = reader_text(&reading->arena, str_of(json_key(model)));
    int code = reader_member_figure(model, path, "inference_time_ms", &result.time_ms, &result.time_not_finite, err);
    if (code == 0)
        code =
            reader_member_figure(model, path, "throughput_gb_s", &result.bandwidth, &result.bandwidth_not_finite, err);
    if (code == 0)
        code = reader_member_number(model, path, "model_size_mb", &megabytes, err);
    if (code < 0)
        return code;
    if (name == NULL || !anemll_has_figure(&result)) {
        reading_add_problem(reading, path, 0, 0, "model left out: it holds no figure");
        return 0;
    }
    result.name = parallel ? arena_printf(&reading->arena, "%s (Parallel Run)", name) : name;
    result.model_bytes = round(megabytes * MEGABYTE);
    if (result.name != NULL)
        (void)anemll_add_run(reading, &result);
    return 0;
}

static int read_models(const struct json *root, const char *group, bool parallel, struct reading *reading,
                       struct err *err)
{
    const struct json *models = NULL;
    int code = json_member_object(root, "", group, JSON_OPTIONAL, &models, err);
    for (const struct json *model = json_first(models); code == 0 && model != NULL; model = json_next(model))
        if (json_is(model, JSON_OBJECT) && !(parallel && text_equal(json_key(model), "average")))
            code = read_model(model, group, parallel, reading, err);
    return code;
}

static const char *name_of_both(const struct json *root, struct arena *arena)
{
    const struct json *first = json_first(json_get(root, "individual_results"));
    const struct json *second = first != NULL ? json_next(first) : NULL;
    const char *one = first != NULL ? reader_text(arena, str_of(json_key(first))) : NULL;
    const char *two = second != NULL ? reader_text(arena, str_of(json_key(second))) : NULL;
    return one != NULL && two != NULL ? arena_printf(arena, "Combined (%s + %s)", one, two) : "Combined (two models)";
}

static int read_combined(const struct json *root, struct reading *reading, struct err *err)
{
    static const char path[] = "combined";
    struct anemll_result result = anemll_no_result();
    const struct json *combined = NULL;
    double factor = MISSING, seconds = MISSING;
    int code = json_member_object(root, "", path, JSON_OPTIONAL, &combined, err);
    if (code == 0)
        code = reader_member_figure(combined, path, "combined_throughput_gb_s", &result.bandwidth,
                                    &result.bandwidth_not_finite, err);
    if (code == 0)
        code = reader_member_number(combined, path, "bandwidth_utilization_factor", &factor, err);
    if (code == 0)
        code = reader_member_number(combined, path, "total_parallel_time_s", &seconds, err);
    result.name = code == 0 ? name_of_both(root, &reading->arena) : NULL;
    if (result.name == NULL || !anemll_has_figure(&result))
        return code;
    struct run *run = anemll_add_run(reading, &result);
    if (run == NULL)
        return 0;
    if (!isnan(factor))
        anemll_add_figure(reading, run, "bandwidth_utilization", "ratio", factor);
    if (!isnan(seconds))
        anemll_add_figure(reading, run, "duration", "s", seconds);
    return 0;
}

static int read_document(const struct tool_document *document, struct reading *reading, struct err *err)
{
    int code = read_models(document->root, "individual_results", false, reading, err);
    if (code == 0)
        code = read_models(document->root, "parallel_results", true, reading, err);
    if (code == 0)
        code = read_combined(document->root, reading, err);
    if (code == 0 && reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the summary holds no result: nothing was measured");
    if (code == 0 && reading->run_count > 0)
        reading_add_problem(reading, "device", 0, 0,
                            "the summary names neither chip nor backend: --set chip=NAME, --set backend=ANE");
    return code;
}

static const struct tool_json tool = {
    .format = &format_anemll_bench_summary,
    .mentions = mentions,
    .is_document = is_document,
    .read = read_document,
};

static int detect(const struct format_input *input)
{
    return mentions(input->text) && !str_has(input->text, "\"system_info\"") && tool_json_mentioned(&tool, input->text)
               ? 88
               : 0;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return tool_json_read(&tool, input, into, err);
}

const struct format format_anemll_bench_summary = {
    .name = "anemll-bench-summary-json",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "the summary of ANEMLL-Bench's dual-model benchmark",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
