#include "analyze/report/answers.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

size_t answers_headlines(const struct report *report, size_t *into)
{
    const size_t first = report_headline_of_all(report), count = report_headlines(report, into);
    size_t at = 0;

    while (at < count && into[at] != first)
        at++;
    for (; at > 0 && at < count; at--)
        into[at] = into[at - 1];
    if (count > 0)
        into[0] = first;
    return count;
}

void answers_best(const struct comparison *comparison, struct buf *into)
{
    const size_t row = comparison->by_value[0];
    const struct comparison_row *best = &comparison->rows[row];
    char shown[FIGURE_SIZE];

    comparison_title(comparison, into);
    buf_addf(into, " (%s): ", comparison->tool);
    comparison_row_name(best, true, into);
    if (comparison->backends_differ && !text_is_empty(best->backend))
        buf_addf(into, ", %s,", best->backend);
    buf_addf(into, " with %s %s", figure_value(shown, best->figures[0].value, (double)NAN),
             comparison->metrics[0].unit);
    /* Where no source says it, the next answer does. */
    if (best->figures[0].runs >= 0) {
        buf_adds(into, " (");
        report_plural(into, (size_t)best->figures[0].runs, "run", "runs");
        buf_adds(into, ", ");
        report_plural(into, best->figures[0].devices, "device)", "devices)");
    }
    if (isfinite(best->figures[0].factor) && row != comparison->baseline)
        buf_addf(into, ", %s the %s", figure_factor(shown, best->figures[0].factor), comparison->baseline_name);
}

struct counts {
    size_t figures, with_runs, with_interval, factors;
};

static struct counts count_figures(const struct comparison_set *set)
{
    struct counts counts = {0, 0, 0, 0};

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++)
            for (size_t k = 0; k < set->items[i].metric_count; k++) {
                const struct figure *figure = &set->items[i].rows[j].figures[k];

                if (!isfinite(figure->value))
                    continue;
                counts.figures++;
                counts.with_runs += figure->runs >= 0 ? 1 : 0;
                counts.with_interval += isfinite(figure->low) ? 1 : 0;
                counts.factors += isfinite(figure->factor) && j != set->items[i].baseline ? 1 : 0;
            }
    return counts;
}

static void add_left_out(const struct result_set *set, struct buf *into)
{
    const size_t held = result_set_count_state(set, STATE_QUARANTINED), runs = result_set_quarantined_runs(set);

    if (held > 0) {
        buf_addc(into, ' ');
        report_plural(into, held, "submission that failed a check or waits for a look is",
                      "submissions that failed a check or wait for a look are");
        buf_adds(into, " left out.");
    }
    if (runs > 0) {
        buf_addc(into, ' ');
        report_plural(into, runs, "run of a file that failed a check is", "runs of files that failed a check are");
        buf_adds(into, " left out.");
    }
}

void answers_trust(const struct report *report, struct buf *into)
{
    const struct counts counts = count_figures(report->comparisons);
    char shown[FIGURE_SIZE];

    if (counts.with_runs == 0) {
        buf_addf(into, "No source says how many runs stand behind its figures: none has an interval%s",
                 counts.factors > 0 ? ", no difference was tested, and every factor carries an unknown margin." : ".");
    } else {
        report_plural(into, counts.with_runs, "figure", "figures");
        buf_adds(into, " of ");
        buf_addf(into, "%s %s how many runs stand behind %s", figure_count(shown, (int64_t)counts.figures),
                 counts.with_runs == 1 ? "says" : "say", counts.with_runs == 1 ? "it" : "them");
        buf_adds(into, counts.with_interval == 0 ? "; none has the 6 values that an interval takes." : "; ");
        if (counts.with_interval > 0) {
            report_plural(into, counts.with_interval, "has an interval.", "have an interval.");
            buf_adds(into, " A chip is called faster only where a test supports it.");
        }
    }
    add_left_out(report->results, into);
}
