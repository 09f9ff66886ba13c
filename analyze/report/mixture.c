/* A run reads each weight byte once, so bandwidth × time is the size of the model. Where a source gives both under one
 * name and the product is another size, one of the two is of another model. Which one is found by comparison:
 * the same chip has the same time among the accepted results under that other model. */
#include "analyze/report/mixture.h"

#include <math.h>
#include <string.h>

#include "analyze/report/sections.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define RULE "bandwidth_time_bytes"

struct mixture {
    const char *tool, *model;
    size_t runs, same_times, same_bandwidths;
    const char *other_model;          /* of the times */
    double least, greatest, expected; /* GB */
};

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

static void write_mixture(const struct mixture *mixture, struct buf *into)
{
    char least[FIGURE_SIZE], greatest[FIGURE_SIZE], expected[FIGURE_SIZE];

    buf_adds(into, "**Two models under one name.** ");
    report_plural(into, mixture->runs, "run of", "runs of");
    buf_addc(into, ' ');
    encode_markdown_code(into, str_of(mixture->model), false);
    buf_adds(into, " (");
    section_text(into, mixture->tool);
    buf_addf(into, ") give%s bandwidth × time of %s–%s GB", mixture->runs == 1 ? "s" : "",
             figure_fixed(least, mixture->least, 2), figure_fixed(greatest, mixture->greatest, 2));
    if (isfinite(mixture->expected))
        buf_addf(into, ", where the model has %s GB", figure_fixed(expected, mixture->expected, 2));
    buf_adds(into, ": bandwidth and time cannot be of one model. ");
    if (mixture->other_model != NULL) {
        buf_addf(into, "%zu of the %zu times stand among the accepted results under ", mixture->same_times,
                 mixture->runs);
        encode_markdown_code(into, str_of(mixture->other_model), false);
        buf_addf(into, ", and %zu of the %zu bandwidths under ", mixture->same_bandwidths, mixture->runs);
        encode_markdown_code(into, str_of(mixture->model), false);
        buf_adds(into, ": the source printed the figures of two models as one. Here they are two tables, and the runs "
                       "below count in neither.");
    } else {
        buf_adds(into, "They count in no table.");
    }
    buf_adds(into, "\n\n");
}

/* The tool of a finding's run; NULL when it has no results. */
static const char *tool_of(const struct result_set *set, const struct set_finding *finding)
{
    for (size_t i = 0; i < set->result_count; i++)
        if (set->results[i].run->submission == finding->submission)
            return set->results[i].run->tool;
    return NULL;
}

static bool described_before(const struct result_set *set, size_t index)
{
    const struct set_finding *finding = &set->findings[index];

    for (size_t i = 0; i < index; i++)
        if (text_equal(set->findings[i].rule, RULE) && text_equal(set->findings[i].model, finding->model) &&
            text_equal(tool_of(set, &set->findings[i]), tool_of(set, finding)))
            return true;
    return false;
}

int mixture_describe(const struct report *report, struct buf *into, struct err *err)
{
    const struct result_set *set = report->results;

    for (size_t i = 0; i < set->finding_count; i++) {
        const struct set_finding *finding = &set->findings[i];
        const char *tool = tool_of(set, finding);
        const double none = (double)NAN;
        struct mixture mixture = {
            .tool = tool, .model = finding->model, .least = none, .greatest = none, .expected = none};

        if (!text_equal(finding->rule, RULE) || tool == NULL || described_before(set, i))
            continue;
        gather(set, finding, tool, &mixture);
        if (mixture.runs > 0)
            write_mixture(&mixture, into);
    }
    return buf_check(into, err);
}
