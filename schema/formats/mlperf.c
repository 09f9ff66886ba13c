#include "schema/formats/mlperf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static const struct rate {
    const char *name, *metric, *unit;
} rates[] = {
    {"samples_per_second", "sample_throughput", "samples/s"},
    {"completed_samples_per_sec", "sample_throughput", "samples/s"},
    {"tokens_per_second", "generation_throughput", "tok/s"},
    {"completed_tokens_per_second", "generation_throughput", "tok/s"},
    {"token_throughput_with_loadgen_overhead", "generation_throughput", "tok/s"},
    {"samples_per_query", "samples_per_query", "samples"}, /* what MultiStream was judged by until 1.0 */
    {"qps_with_loadgen_overhead", "request_throughput", "req/s"},
    {"scheduled_samples_per_sec", "sample_throughput", "samples/s"}, /* v0.5 had no figure of completed ones */
};

static const struct latency {
    const char *name, *metric;
} latencies[] = {
    {"latency_ns", "latency"},
    {"query_latency_ns", "latency"}, /* the samples of a query together: MultiStream */
    {"first_token_latency_ns", "time_to_first_token"},
    {"time_to_output_token_ns", "time_per_output_token"},
};

static const struct latency *find_latency(const char *name)
{
    for (size_t i = ARRAY_LENGTH(latencies); i > 0; i--) /* the shortest name is an end of the others */
        if (text_ends_with(name, latencies[i - 1].name))
            return &latencies[i - 1];
    return NULL;
}

static bool is_figure(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++)
        if (strcmp(name, rates[i].name) == 0)
            return true;
    bool statistic = text_starts_with(name, "min_") || text_starts_with(name, "max_") ||
                     text_starts_with(name, "mean_") || strstr(name, "_percentile_") != NULL;
    return statistic && find_latency(name) != NULL;
}

void mlperf_copy(char *target, size_t size, struct str text)
{
    size_t length = text.len < size - 1 ? text.len : size - 1;
    memcpy(target, text.data, length);
    target[length] = '\0';
}

/* The detail log puts the statistic behind the name of the latency, the summary before it. */
bool mlperf_figure_name(struct str key, char *name, size_t size)
{
    static const struct {
        const char *prefix, *ending, *latency;
    } turned[] = {
        {"first_token_", "_latency_ns", "first_token_latency_ns"},
        {"time_to_output_token_", "", "time_to_output_token_ns"},
        {"time_per_output_token_", "_ns", "time_to_output_token_ns"},
        {"", "_per_query_latency_ns", "query_latency_ns"},
    };
    mlperf_copy(name, size, key);
    for (size_t i = 0; i < ARRAY_LENGTH(turned); i++) {
        struct str prefix = str_of(turned[i].prefix), ending = str_of(turned[i].ending);
        if (!str_starts_with(key, prefix) || !str_ends_with(key, ending) || key.len <= prefix.len + ending.len)
            continue;
        char statistic[32];
        mlperf_copy(statistic, sizeof statistic, str_slice(key.data + prefix.len, key.len - prefix.len - ending.len));
        (void)snprintf(name, size, "%s_%s", statistic, turned[i].latency);
        break;
    }
    return is_figure(name);
}

void mlperf_set(struct mlperf_result *result, const char *name, double value)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->figures[i].name, name) == 0)
            return; /* the headline stands first */
    if (result->count == MLPERF_FIGURES_MAX)
        return;
    struct mlperf_figure *figure = &result->figures[result->count++];
    text_copy(figure->name, sizeof figure->name, name);
    figure->value = value;
}

static double get(const struct mlperf_result *result, const char *statistic, const char *name)
{
    char whole[96];
    (void)snprintf(whole, sizeof whole, "%s_%s", statistic, name);
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->figures[i].name, whole) == 0)
            return result->figures[i].value;
    return MISSING;
}

/* MultiStream is judged by its queries; where it has figures of them, those of single samples stand beside. */
static const char *metric_of(const struct mlperf_result *result, const struct latency *latency)
{
    if (latency != &latencies[0])
        return latency->metric;
    for (size_t i = 0; i < result->count; i++)
        if (text_ends_with(result->figures[i].name, "_query_latency_ns"))
            return "sample_latency";
    return latency->metric;
}

static void measure_latency(struct reading *reading, struct run *run, const struct mlperf_result *result,
                            const struct latency *latency)
{
    struct text_figures figures = TEXT_FIGURES;
    figures.mean = get(result, "mean", latency->name);
    if (isnan(figures.mean))
        return;
    figures.min = get(result, "min", latency->name);
    figures.max = get(result, "max", latency->name);
    figures.median = get(result, "50.00_percentile", latency->name);
    text_measure(reading, run, metric_of(result, latency), "ns", DIRECTION_LOWER, &figures);
}

/* 99.00_percentile_latency_ns is latency_p99, 99.90_… latency_p999; the median has a place of its own. */
static void measure_percentile(struct reading *reading, struct run *run, const struct mlperf_result *result,
                               const struct mlperf_figure *figure)
{
    struct str label, rest;
    double percentile = 0;
    const struct latency *latency = find_latency(figure->name);
    if (latency == NULL || strstr(figure->name, "_percentile_") == NULL)
        return;
    if (!text_split(str_of(figure->name), '_', &label, &rest) || !number_parse_loose(label, &percentile))
        return;
    const char *whole = metric_of(result, latency);
    if (percentile <= 0 || percentile >= 100 || (number_equal(percentile, 50) && run_find(run, whole) != NULL))
        return;
    char metric[96], text[NUMBER_TEXT_SIZE];
    number_shortest(text, percentile);
    size_t length = (size_t)snprintf(metric, sizeof metric, "%s_p", whole);
    for (const char *at = text; *at != '\0' && length + 1 < sizeof metric; at++)
        if (*at != '.')
            metric[length++] = *at;
    metric[length] = '\0';
    struct text_figures figures = TEXT_FIGURES;
    figures.mean = figure->value * 1e-6;
    if (run_find(run, metric) != NULL)
        return;
    struct measurement *measurement = text_measure(reading, run, metric, "ms", DIRECTION_LOWER, &figures);
    if (measurement == NULL)
        return;
    measurement->original_unit = "ns";
    measurement->original_value = figure->value;
}

static void measure_rates(struct reading *reading, struct run *run, const struct mlperf_result *result)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++)
        for (size_t k = 0; k < result->count; k++)
            if (strcmp(result->figures[k].name, rates[i].name) == 0 && run_find(run, rates[i].metric) == NULL)
                text_measure_one(reading, run, rates[i].metric, rates[i].unit, result->figures[k].value);
}

bool mlperf_measure(struct reading *reading, struct run *run, const struct mlperf_result *result)
{
    struct arena *arena = &reading->arena;
    if (text_starts_with(result->mode, "Accuracy")) {
        reading_add_problem(reading, "", 0, 0, "an accuracy run: it has no figures of speed");
        return false;
    }
    run->workload.task = result->scenario[0] != '\0' ? reader_text(arena, str_of(result->scenario)) : NULL;
    measure_rates(reading, run, result);
    for (size_t i = 0; i < ARRAY_LENGTH(latencies); i++)
        measure_latency(reading, run, result, &latencies[i]);
    for (size_t i = 0; i < result->count; i++)
        measure_percentile(reading, run, result, &result->figures[i]);
    if (run->measurement_count == 0) {
        reading_add_problem(reading, "", 0, 0, "the run states no figures: loadgen did not come to its end");
        return false;
    }
    if (result->mode[0] != '\0')
        parameters_set_word(arena, &run->setup, "mode", result->mode);
    if (text_equal_ignore_case(result->validity, "INVALID")) {
        flags_add(arena, &run->flags, "invalid");
        reading_add_problem(reading, "", 0, 0, "loadgen calls this result INVALID");
    } else if (result->validity[0] == '\0') {
        flags_add(arena, &run->flags, "validity_unknown");
    }
    return true;
}
