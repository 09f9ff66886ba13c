/* Key observations: claims that passed the rule of data/verdict.c over all pairs together; what was not established;
 * and where nothing could be tested, the published figures repeated as notes. Sentences are templates. */
#include <math.h>

#include "analyze/data/observations.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/stats/resample.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define OBSERVATIONS_SHOWN 40 /* of each list */

static bool is_claim(const struct observation *observation)
{
    return observation->verdict.kind == VERDICT_BETTER || observation->verdict.kind == VERDICT_WORSE;
}

static void add_row_name(const struct observation *observation, size_t row, struct buf *into)
{
    const struct comparison_row *of = &observation->comparison->rows[row];
    autobuf struct buf name = BUF(1024);

    comparison_row_name(of, true, &name);
    section_text(into, buf_text(&name));
    if (observation->comparison->backends_differ && !text_is_empty(of->backend)) {
        buf_adds(into, ", ");
        section_text(into, of->backend);
    }
}

static void add_workload(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf title = BUF(4096);

    comparison_title(comparison, &title);
    section_text(into, buf_text(&title));
    buf_adds(into, " (");
    section_text(into, comparison->tool);
    buf_adds(into, ")");
}

/* "Generation throughput of M4 Max is 2.3× that of M1 Max (95 %: 2.1–2.5×) in …": the greater value first. */
static void add_claim(const struct observation *observation, size_t number, struct buf *into)
{
    const struct comparison_metric *metric = &observation->comparison->metrics[0];
    const struct verdict *verdict = &observation->verdict;
    const bool better = verdict->kind == VERDICT_BETTER, lower = metric->direction == DIRECTION_LOWER;
    const bool row_is_greater = better != lower;
    autobuf struct buf slug = BUF(256);
    char factor[FIGURE_SIZE], range[FIGURE_SIZE];

    buf_adds(into, "- ");
    section_text(into, metric->title);
    buf_adds(into, " of **");
    add_row_name(observation, row_is_greater ? observation->row : observation->against, into);
    buf_addf(into, "** is %s that of **", figure_factor(factor, better ? verdict->ratio : 1 / verdict->ratio));
    add_row_name(observation, row_is_greater ? observation->against : observation->row, into);
    buf_adds(into, "**");
    if (isfinite(verdict->low))
        buf_addf(into, " (95 %%: %s)",
                 figure_factor_range(range, better ? verdict->low : 1 / verdict->high,
                                     better ? verdict->high : 1 / verdict->low));
    buf_adds(into, lower ? ", lower is better, in " : " in ");
    add_workload(observation->comparison, into);
    buf_adds(into, verdict->one_device ? ", on these devices" : "");
    report_slug(observation->comparison, &slug);
    buf_addf(into, "[^o%zu]. [Rows](data/table-%s.csv).\n", number, buf_text(&slug));
}

static void add_count(const struct evidence *evidence, struct buf *into)
{
    buf_addf(into, "%zu %s from ", evidence->member_count, evidence->basis);
    report_plural(into, evidence->devices, "device", "devices");
    buf_adds(into, " of ");
    report_plural(into, evidence->contributors, "contributor", "contributors");
}

static void add_footnote(const struct observation *observation, size_t number, size_t tested, struct buf *into)
{
    const struct verdict *verdict = &observation->verdict;

    buf_addf(into, "[^o%zu]: Rank test of Mann and Whitney: p = %.2g, adjusted over ", number, verdict->p);
    report_plural(into, tested, "tested pair", "tested pairs");
    buf_addf(into, " %.2g. n: ", verdict->q);
    add_row_name(observation, observation->row, into);
    buf_adds(into, " ");
    add_count(observation->evidence, into);
    buf_adds(into, "; ");
    add_row_name(observation, observation->against, into);
    buf_adds(into, " ");
    add_count(observation->base, into);
    buf_addf(into, ".%s\n",
             verdict->one_device ? " A side is one device: the claim is about it, not about others of its kind." : "");
}

static void add_open(const struct observation *observation, struct buf *into)
{
    const struct verdict *verdict = &observation->verdict;
    char factor[FIGURE_SIZE], range[FIGURE_SIZE];

    buf_adds(into, "- ");
    section_text(into, observation->comparison->metrics[0].title);
    buf_adds(into, " of ");
    add_row_name(observation, observation->row, into);
    buf_adds(into, " against ");
    add_row_name(observation, observation->against, into);
    buf_adds(into, " in ");
    add_workload(observation->comparison, into);
    buf_addf(into, ": %s (factor %s", verdict->why, figure_factor(factor, verdict->ratio));
    if (isfinite(verdict->low))
        buf_addf(into, ", 95 %%: %s", figure_factor_range(range, verdict->low, verdict->high));
    buf_addf(into, "; n %zu and %zu %s).\n", observation->evidence->member_count, observation->base->member_count,
             observation->base->basis);
}

/* ---- the lists */

static size_t add_claims(const struct observation_list *list, struct buf *into)
{
    size_t claims = 0;

    for (size_t i = 0; i < list->count; i++)
        if (is_claim(&list->items[i]) && claims++ < OBSERVATIONS_SHOWN)
            add_claim(&list->items[i], claims, into);
    if (claims == 0)
        buf_adds(into, "None of the pairs that were tested differs by what this report calls a difference.\n");
    if (claims > OBSERVATIONS_SHOWN)
        buf_addf(into, "\n%zu more pairs differ; the tables have their figures.\n", claims - OBSERVATIONS_SHOWN);
    buf_addc(into, '\n');
    return claims;
}

static void add_not_established(const struct observation_list *list, struct buf *into)
{
    const size_t untested = list->count - list->tested;
    size_t open = 0;

    for (size_t i = 0; i < list->count; i++)
        open += list->items[i].verdict.kind == VERDICT_SAME ? 1 : 0;
    if (open + untested == 0)
        return;
    buf_adds(into, "### Not established\n\n");
    for (size_t i = 0, shown = 0; i < list->count; i++)
        if (list->items[i].verdict.kind == VERDICT_SAME && shown++ < OBSERVATIONS_SHOWN)
            add_open(&list->items[i], into);
    if (open > OBSERVATIONS_SHOWN)
        buf_addf(into, "- %zu more pairs: no difference shown.\n", open - OBSERVATIONS_SHOWN);
    if (untested > 0) {
        buf_adds(into, "- ");
        report_plural(into, untested, "more pair was", "more pairs were");
        buf_addf(into, " not tested: fewer than %d values on a side, values of different levels, or other output.\n",
                 VERDICT_LEAST);
    }
    buf_addc(into, '\n');
}

static void add_footnotes(const struct observation_list *list, struct buf *into)
{
    size_t claims = 0;

    for (size_t i = 0; i < list->count; i++)
        if (is_claim(&list->items[i]) && claims++ < OBSERVATIONS_SHOWN)
            add_footnote(&list->items[i], claims, list->tested, into);
    if (claims > 0)
        buf_addc(into, '\n');
}

static void add_observations(const struct observation_list *list, struct buf *into)
{
    buf_addf(
        into,
        "## Key observations\n\n"
        "A claim needs at least %d values on each side, a rank test that still holds when all tested pairs are "
        "taken together (%zu here; false discoveries at most 5 %%), and a difference of 5 %% or more. Intervals of "
        "factors: bootstrap along contributors, devices and submissions, %d replicates.\n\n",
        VERDICT_LEAST, list->tested, RESAMPLE_REPLICATES);
    (void)add_claims(list, into);
    add_not_established(list, into);
    add_footnotes(list, into);
}

static void add_note(const struct comparison *comparison, struct buf *into)
{
    const struct comparison_metric *metric = &comparison->metrics[0];
    const size_t rows = comparison_metric_rows(comparison, 0);
    autobuf struct buf title = BUF(4096), best = BUF(1024), last = BUF(1024);
    char best_value[FIGURE_SIZE], last_value[FIGURE_SIZE], span[FIGURE_SIZE];

    if (rows < 2)
        return;
    const struct comparison_row *top = &comparison->rows[comparison->by_value[0]];
    const struct comparison_row *bottom = &comparison->rows[comparison->by_value[rows - 1]];
    const double ratio = metric->direction == DIRECTION_LOWER ? bottom->figures[0].value / top->figures[0].value
                                                              : top->figures[0].value / bottom->figures[0].value;

    comparison_title(comparison, &title);
    comparison_row_name(top, true, &best);
    comparison_row_name(bottom, true, &last);
    buf_adds(into, "- ");
    section_text(into, metric->title);
    buf_adds(into, " of ");
    section_text(into, buf_text(&title));
    buf_addf(into, ": %s ", figure_value(best_value, top->figures[0].value, (double)NAN));
    section_text(into, metric->unit);
    buf_adds(into, " on ");
    section_text(into, buf_text(&best));
    buf_addf(into, ", %s ", figure_value(last_value, bottom->figures[0].value, (double)NAN));
    section_text(into, metric->unit);
    buf_adds(into, " on ");
    section_text(into, buf_text(&last));
    buf_addf(into, "; span %s over %zu rows.\n", figure_factor(span, ratio), rows);
}

/* Of the comparisons in which nothing was tested. */
static void add_notes(const struct report *report, const struct observation_list *list, struct buf *into)
{
    buf_addf(into, "%s Descriptive notes (%snot tested)\n\n", list->tested > 0 ? "###" : "##",
             section_uses_unknown_runs(report) ? "no run counts published, " : "");
    buf_adds(
        into,
        "These lines repeat published figures. They are no claims that one chip is faster than another: that needs "
        "at least 6 runs on each side.\n\n");
    for (size_t i = 0; i < report->comparisons->count; i++)
        if (!observations_tested(list, &report->comparisons->items[i]))
            add_note(&report->comparisons->items[i], into);
}

static bool any_untested(const struct report *report, const struct observation_list *list)
{
    for (size_t i = 0; i < report->comparisons->count; i++)
        if (!observations_tested(list, &report->comparisons->items[i]) &&
            comparison_metric_rows(&report->comparisons->items[i], 0) >= 2)
            return true;
    return false;
}

int section_notes(const struct report *report, struct buf *into, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct observation_list list = {.count = 0};
    const int status = observations_of(report->comparisons, report->draws, &arena, &list, err);

    if (status < 0)
        return status;
    if (list.tested > 0)
        add_observations(&list, into);
    if (list.tested == 0 || any_untested(report, &list))
        add_notes(report, &list, into);
    return buf_check(into, err);
}
