#include "schema/formats/serving.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

/* Throughputs and counts: one figure each. */
static const struct plain {
    const char *name, *metric, *unit;
    enum direction direction;
    bool zero_means_none; /* written as 0 where it does not apply */
} plains[] = {
    {"request_throughput", "request_throughput", "req/s", DIRECTION_HIGHER, false},
    {"request_goodput", "request_goodput", "req/s", DIRECTION_HIGHER, false},
    {"input_throughput", "prompt_throughput", "tok/s", DIRECTION_HIGHER, false},
    {"output_throughput", "generation_throughput", "tok/s", DIRECTION_HIGHER, false},
    {"total_token_throughput", "total_throughput", "tok/s", DIRECTION_HIGHER, false},
    {"total_throughput", "total_throughput", "tok/s", DIRECTION_HIGHER, false},
    {"max_output_tokens_per_s", "peak_generation_throughput", "tok/s", DIRECTION_HIGHER, false},
    {"input_sequence_throughput", "input_throughput", "inputs/s", DIRECTION_HIGHER, false},
    {"rtfx", "real_time_factor", "ratio", DIRECTION_HIGHER, true},
    {"duration", "duration", "s", DIRECTION_LOWER, false},
    {"completed", "requests_completed", "count", DIRECTION_HIGHER, false},
    {"failed", "requests_failed", "count", DIRECTION_LOWER, false},
    {"total_output_tokens", "tokens_generated", "tok", DIRECTION_HIGHER, false},
};

static const struct latency {
    const char *name, *metric;
} latencies[] = {
    {"ttft", "time_to_first_token"}, {"tpot", "time_per_output_token"},     {"itl", "inter_token_latency"},
    {"e2el", "end_to_end_latency"},  {"e2e_latency", "end_to_end_latency"},
};

/* Splits mean_ttft_ms into "mean" and the latency; NULL when it is none. */
static const struct latency *find_latency(const char *name, struct str *ret_statistic)
{
    struct str whole = str_of(name);
    for (size_t i = 0; i < ARRAY_LENGTH(latencies); i++) {
        char tail[32];
        (void)snprintf(tail, sizeof tail, "_%s_ms", latencies[i].name);
        if (!str_ends_with(whole, str_of(tail)))
            continue;
        *ret_statistic = str_slice(name, whole.len - strlen(tail));
        bool percentile = ret_statistic->len > 1 && name[0] == 'p' && name[1] >= '0' && name[1] <= '9';
        bool known = str_equal(*ret_statistic, STR("mean")) || str_equal(*ret_statistic, STR("median")) ||
                     str_equal(*ret_statistic, STR("std")) || str_equal(*ret_statistic, STR("max")) ||
                     str_equal(*ret_statistic, STR("min"));
        return percentile || known ? &latencies[i] : NULL;
    }
    return NULL;
}

bool serving_is_figure(const char *name)
{
    struct str statistic;
    for (size_t i = 0; i < ARRAY_LENGTH(plains); i++)
        if (strcmp(name, plains[i].name) == 0)
            return true;
    return find_latency(name, &statistic) != NULL;
}

void serving_set(struct serving_result *result, const char *name, double value)
{
    if (result->count == SERVING_FIGURES_MAX)
        return;
    struct serving_figure *figure = &result->figures[result->count++];
    text_copy(figure->name, sizeof figure->name, name);
    figure->value = value;
}

static const struct serving_figure *find(const struct serving_result *result, const char *name)
{
    for (size_t i = 0; i < result->count; i++)
        if (strcmp(result->figures[i].name, name) == 0)
            return &result->figures[i];
    return NULL;
}

double serving_get(const struct serving_result *result, const char *name)
{
    const struct serving_figure *figure = find(result, name);
    return figure != NULL ? figure->value : MISSING;
}

static double statistic_of(const struct serving_result *result, const char *statistic, const struct latency *latency)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s_%s_ms", statistic, latency->name);
    return serving_get(result, name);
}

static const struct serving_samples *samples_of(const struct serving_result *result, const struct latency *latency)
{
    const struct serving_samples *samples = strcmp(latency->name, "ttft") == 0      ? &result->ttft
                                            : strcmp(latency->name, "itl") == 0     ? &result->itl
                                            : strncmp(latency->name, "e2e", 3) == 0 ? &result->e2el
                                                                                    : NULL;
    return samples != NULL && samples->count > 0 ? samples : NULL;
}

/* With --save-detailed every request's time is there: what is stated is checked against it. */
static void measure_samples(struct reading *reading, struct run *run, const struct serving_result *result,
                            const struct latency *latency, const struct serving_samples *samples)
{
    struct figure figure = figure_of(latency->metric, "ms", statistic_of(result, "mean", latency));
    figure.stated.stddev = statistic_of(result, "std", latency);
    figure.stated.samples = samples->items;
    figure.stated.sample_count = samples->count;
    figure.median = statistic_of(result, "median", latency);
    figure.kind = STDDEV_POPULATION; /* numpy.std */
    figure_add(reading, run, &figure);
}

/* Each request has one first token and one end; how many tokens stand behind the others is not stated. */
static void measure_latency(struct reading *reading, struct run *run, const struct serving_result *result,
                            const struct latency *latency)
{
    char name[64];
    (void)snprintf(name, sizeof name, "mean_%s_ms", latency->name);
    const struct serving_figure *mean = find(result, name);
    const struct serving_samples *samples = samples_of(result, latency);
    if (mean == NULL)
        return;
    if (samples != NULL) {
        measure_samples(reading, run, result, latency, samples);
        return;
    }
    struct text_figures figures = TEXT_FIGURES;
    double completed = serving_get(result, "completed");
    bool once = strcmp(latency->name, "itl") != 0 && strcmp(latency->name, "tpot") != 0;
    if (once && completed >= 1 && completed < 1e15)
        figures.n = (int64_t)completed;
    figures.mean = mean->value;
    figures.not_finite = !isfinite(mean->value);
    figures.stddev = statistic_of(result, "std", latency);
    figures.stddev_kind = STDDEV_POPULATION; /* numpy.std */
    figures.median = statistic_of(result, "median", latency);
    figures.min = statistic_of(result, "min", latency);
    figures.max = statistic_of(result, "max", latency);
    text_measure(reading, run, latency->metric, "ms", DIRECTION_LOWER, &figures);
}

/* p99 is _p99; p99.9 is _p999. */
static void measure_percentile(struct reading *reading, struct run *run, const struct serving_figure *figure)
{
    struct str statistic;
    const struct latency *latency = find_latency(figure->name, &statistic);
    if (latency == NULL || statistic.data[0] != 'p')
        return;
    char metric[96];
    size_t length = (size_t)snprintf(metric, sizeof metric, "%s_", latency->metric);
    for (size_t i = 0; i < statistic.len && length + 1 < sizeof metric; i++)
        if (statistic.data[i] != '.')
            metric[length++] = statistic.data[i];
    metric[length] = '\0';
    struct text_figures figures = TEXT_FIGURES;
    figures.mean = figure->value;
    figures.not_finite = !isfinite(figure->value);
    text_measure(reading, run, metric, "ms", DIRECTION_LOWER, &figures);
}

bool serving_measure(struct reading *reading, struct run *run, const struct serving_result *result)
{
    const struct serving_figure *completed = find(result, "completed");
    if (completed != NULL && completed->value <= 0)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(plains); i++) {
        const struct serving_figure *figure = find(result, plains[i].name);
        if (figure == NULL || (plains[i].zero_means_none && figure->value <= 0))
            continue;
        struct text_figures figures = TEXT_FIGURES;
        figures.mean = figure->value;
        figures.not_finite = !isfinite(figure->value);
        if (run_find(run, plains[i].metric) == NULL)
            text_measure(reading, run, plains[i].metric, plains[i].unit, plains[i].direction, &figures);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(latencies); i++)
        measure_latency(reading, run, result, &latencies[i]);
    for (size_t i = 0; i < result->count; i++)
        measure_percentile(reading, run, &result->figures[i]);
    return run->measurement_count > 0;
}

void serving_set_date(struct reading *reading, struct run *run, const char *text)
{
    char time[32];
    if (text == NULL || strlen(text) != 15 || text[8] != '-')
        return;
    (void)snprintf(time, sizeof time, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", text, text + 4, text + 6, text + 9, text + 11,
                   text + 13);
    reader_set_time(&reading->arena, run, time);
}

bool serving_changes_work(const char *name)
{
    static const char *const names[] = {
        "num_prompts",         "request_rate",       "burstiness",        "max_concurrency",
        "dataset_name",        "random_input_len",   "random_output_len", "random_range_ratio",
        "sharegpt_output_len", "total_input_tokens", "total_input",       "best_of",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

bool serving_is_observed(const char *name)
{
    return strcmp(name, "max_concurrent_requests") == 0 || strcmp(name, "concurrency") == 0 ||
           strcmp(name, "total_output_tokens_retokenized") == 0;
}

/* The next wanted argument at or behind `from`: where its name begins, or SIZE_MAX. */
static size_t find_argument(struct str line, size_t from, struct serving_argument *wanted, size_t count,
                            struct serving_argument **ret)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        struct str name = str_of(wanted[i].name);
        for (size_t at = str_find(line, name, from); at != SIZE_MAX && at < first; at = str_find(line, name, at + 1)) {
            size_t end = at + name.len;
            if (end + 1 >= line.len || line.data[end] != '=' || (line.data[at - 1] != ' ' && line.data[at - 1] != '('))
                continue;
            first = at;
            *ret = &wanted[i];
        }
    }
    return first;
}

void serving_take_arguments(struct text_log *log, struct serving_argument *wanted, size_t count)
{
    struct str line = log->line, opening = STR("Namespace(");
    size_t begin = str_find(line, opening, 0), at = 0;
    struct serving_argument *found = NULL;
    if (begin == SIZE_MAX)
        return;
    size_t done = begin + opening.len; /* everything before is kept or marked */
    while ((at = find_argument(line, done, wanted, count, &found)) != SIZE_MAX) {
        size_t value = at + strlen(found->name) + 1;
        bool quoted = line.data[value] == '\'' || line.data[value] == '"';
        size_t end = value + (quoted ? 1 : 0);
        while (end < line.len && (quoted ? line.data[end] != line.data[value] : strchr(",) [", line.data[end]) == NULL))
            end++;
        value += quoted ? 1 : 0;
        found->value = str_slice(line.data + value, end - value);
        if (at - 1 > done) /* the sign before the name stays: by it the name is found again */
            text_log_private(log, str_slice(line.data + done, at - 1 - done), PRIVATE_TEXT);
        done = end + (quoted && end < line.len ? 1 : 0);
    }
    if (found == NULL)
        return;
    text_log_keep(log);
    if (begin > 0)
        text_log_private(log, str_slice(line.data, begin), PRIVATE_TEXT);
    text_log_private(log, str_slice(line.data + done, line.len - done), PRIVATE_TEXT);
}
