/* A run reads each weight byte once, so bandwidth × time is the size of the model. Where a source gives both under one
 * name and the product is another size, one of the two is of another model. Which one is found by comparison:
 * the same chip has the same time among the accepted results under that other model. */
#include "analyze/report/mixture.h"

#include <math.h>
#include <string.h>

#include "analyze/report/report.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define RULE "bandwidth_time_bytes"

static const struct result *sibling(const struct result_set *set, const struct result *result, const char *metric)
{
    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *other = &set->results[i];

        if (other->run == result->run && text_equal(other->measure->metric, metric))
            return other;
    }
    return NULL;
}

/* An accepted result of the same chip, tool and metric with the same figure; under `model` or, NULL, under another one.
 */
static const struct result *same_figure(const struct result_set *set, const struct result *wanted, bool same_model)
{
    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (result_counts(set, result) && text_equal(result->measure->metric, wanted->measure->metric) &&
            text_equal(result->run->tool, wanted->run->tool) &&
            text_equal(result->run->machine->chip, wanted->run->machine->chip) &&
            text_equal(result->run->workload->model, wanted->run->workload->model) == same_model &&
            number_equal(result->value, wanted->value))
            return result;
    }
    return NULL;
}

static void add_run(const struct result_set *set, const struct result *bandwidth, const struct result *time,
                    struct mixture *mixture)
{
    const double moved = bandwidth->value * time->value / 1000;
    const struct result *elsewhere = same_figure(set, time, false);

    mixture->runs++;
    mixture->least = !(mixture->least <= moved) ? moved : mixture->least;
    mixture->greatest = !(mixture->greatest >= moved) ? moved : mixture->greatest;
    if (isfinite(bandwidth->run->workload->model_bytes))
        mixture->expected = bandwidth->run->workload->model_bytes / 1e9;
    mixture->same_bandwidths += same_figure(set, bandwidth, true) != NULL ? 1 : 0;
    if (elsewhere == NULL)
        return;
    mixture->same_times++;
    if (mixture->other_model == NULL)
        mixture->other_model = elsewhere->run->workload->model;
}

static void gather(const struct result_set *set, const struct set_finding *first, const char *tool,
                   struct mixture *mixture)
{
    for (size_t i = 0; i < set->finding_count; i++) {
        const struct set_finding *finding = &set->findings[i];

        if (!text_equal(finding->rule, RULE) || !text_equal(finding->model, first->model))
            continue;
        for (size_t j = 0; j < set->result_count; j++) {
            const struct result *bandwidth = &set->results[j];
            const struct result *time = NULL;

            if (bandwidth->run->submission != finding->submission || (long)bandwidth->run->number != finding->run ||
                !text_equal(bandwidth->run->tool, tool) || !text_equal(bandwidth->measure->metric, "memory_bandwidth"))
                continue;
            time = sibling(set, bandwidth, "inference_time");
            if (time != NULL && isfinite(time->value) && isfinite(bandwidth->value))
                add_run(set, bandwidth, time, mixture);
        }
    }
}

void mixture_write(const struct mixture *mixture, const struct mixture_writer *writer, struct buf *into)
{
    char least[FIGURE_SIZE], greatest[FIGURE_SIZE], expected[FIGURE_SIZE];

    buf_addf(into, "%sTwo models under one name.%s ", writer->strong, writer->end);
    report_plural(into, mixture->runs, "run of", "runs of");
    buf_addc(into, ' ');
    writer->code(into, mixture->model);
    buf_adds(into, " (");
    writer->text(into, mixture->tool);
    buf_addf(into, ") give%s bandwidth × time of %s–%s GB", mixture->runs == 1 ? "s" : "",
             figure_fixed(least, mixture->least, 2), figure_fixed(greatest, mixture->greatest, 2));
    if (isfinite(mixture->expected))
        buf_addf(into, ", where the model has %s GB", figure_fixed(expected, mixture->expected, 2));
    buf_adds(into, ": bandwidth and time cannot be of one model. ");
    if (mixture->other_model == NULL) {
        buf_adds(into, "They count in no table.");
        return;
    }
    buf_addf(into, "%zu of the %zu times stand among the accepted results under ", mixture->same_times, mixture->runs);
    writer->code(into, mixture->other_model);
    buf_addf(into, ", and %zu of the %zu bandwidths under ", mixture->same_bandwidths, mixture->runs);
    writer->code(into, mixture->model);
    buf_adds(into, ": the source printed the figures of two models as one. Here they are two tables, and these runs "
                   "count in neither.");
}

/* The tool of a finding's run; NULL when it has no results. */
static const char *tool_of(const struct result_set *set, const struct set_finding *finding)
{
    for (size_t i = 0; i < set->result_count; i++)
        if (set->results[i].run->submission == finding->submission)
            return set->results[i].run->tool;
    return NULL;
}

const struct mixture *mixture_of(const struct mixtures *mixtures, const struct result_set *set,
                                 const struct set_finding *finding)
{
    if (!text_equal(finding->rule, RULE))
        return NULL;
    for (size_t i = 0; i < mixtures->count; i++)
        if (text_equal(mixtures->items[i].model, finding->model) &&
            text_equal(mixtures->items[i].tool, tool_of(set, finding)))
            return &mixtures->items[i];
    return NULL;
}

int mixtures_find(const struct result_set *set, struct arena *arena, struct mixtures *ret, struct err *err)
{
    struct mixtures mixtures = {.items = NULL};
    size_t capacity = 0;

    for (size_t i = 0; i < set->finding_count; i++) {
        const struct set_finding *finding = &set->findings[i];
        const char *tool = text_equal(finding->rule, RULE) ? tool_of(set, finding) : NULL;
        const double none = (double)NAN;
        struct mixture mixture = {
            .tool = tool, .model = finding->model, .least = none, .greatest = none, .expected = none};

        if (tool == NULL || mixture_of(&mixtures, set, finding) != NULL)
            continue;
        gather(set, finding, tool, &mixture);
        if (mixture.runs == 0)
            continue;
        mixtures.items = arena_grow(arena, mixtures.items, &capacity, mixtures.count + 1, sizeof(*mixtures.items));
        if (mixtures.items == NULL)
            return mem_error(err);
        mixtures.items[mixtures.count++] = mixture;
    }
    *ret = mixtures;
    return 0;
}
