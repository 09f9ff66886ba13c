/* How the values behind each figure spread.
 *
 * The values are those of the highest level that has several: contributors, devices, submissions, or the samples of a
 * single submission. Quartiles of type 7; outliers lie beyond 1.5 interquartile ranges (flagged, never dropped); a
 * coefficient of variation above 10 % is called unsteady; more than one mode where the dip test says p < 5 % with at
 * least 20 values (a mean and a standard deviation hide that); drift where the last third of a run's samples lies apart
 * from the first. */
#include <math.h>

#include "analyze/report/left_out.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/dip.h"
#include "schema/stats/drift.h"
#include "schema/stats/random.h"
#include "schema/stats/spread.h"
#include "schema/text/figure.h"

enum { MODES_LEAST = 20 };
static const double modes_chance = 0.05;
static const char *const facets[] = {"tool",     "model",      "quantization", "backend", "mode", "task",
                                     "category", "parameters", "variant",      "metric",  "chip", "chip_variant"};
static const char *const hidden[] = {"chip", "chip_variant", "variant", "metric"};
enum { FACETS = ARRAY_LENGTH(facets), SECTION = 10, METRIC = 9, CHIP = 10, CHIP_VARIANT = 11 };

static bool same_section(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

/* Of a single result with samples in the order of time. */
static bool drifts(const struct result_group *group, struct drift *ret)
{
    const struct result *only = group->results[0];

    if (group->count != 1 || only->detail->sample_count < DRIFT_LEAST)
        return false;
    for (size_t i = 0; i < only->detail->sample_count; i++)
        if (!isfinite(only->detail->samples[i]))
            return false;
    return stats_drift(only->detail->samples, only->detail->sample_count, ret, NULL) == 0 && ret->drifts;
}

static int add_remarks(const struct result_group *group, const struct evidence *evidence, const struct spread *spread,
                       const char *cell, struct buf *into, struct err *err)
{
    struct drift drift;
    char percent[FIGURE_SIZE];

    if (spread->variation > STATS_UNSTEADY)
        buf_adds(into, "unsteady");
    if (spread->beyond_fences > 0)
        buf_addf(into, "%s%zu beyond the fences", into->len > 0 ? "; " : "", spread->beyond_fences);
    if (evidence->member_count >= MODES_LEAST) {
        struct dip_test dip;
        const int status =
            stats_dip_test(evidence->members, evidence->member_count, random_seed_of(cell, "dip"), &dip, err);

        if (status < 0)
            return status;
        if (dip.p < modes_chance)
            buf_addf(into, "%smore than one mode (dip test, p %.3f)", into->len > 0 ? "; " : "", dip.p);
    }
    if (drifts(group, &drift))
        buf_addf(into, "%sdrifts: last third %s against the first", into->len > 0 ? "; " : "",
                 figure_percent(percent, 100 * (drift.ratio - 1), 1, true));
    return 0;
}

/* Of a single value without samples the source may state how far its runs lay apart; the value itself is neither. */
static void take_stated(const struct result_group *group, struct evidence *evidence, struct buf *remarks)
{
    const struct result *only = group->results[0];
    char shown[FIGURE_SIZE];

    if (evidence->basis != NULL)
        return;
    const bool stated = group->count == 1;

    evidence->least = stated ? only->detail->min : (double)NAN;
    evidence->greatest = stated ? only->detail->max : (double)NAN;
    if (stated && isfinite(only->detail->stddev))
        buf_addf(remarks, "%sstandard deviation %s as stated", remarks->len > 0 ? "; " : "",
                 figure_value(shown, only->detail->stddev, (double)NAN));
}

static int put_cell(const struct result_group *group, struct arena *arena, struct table *table, struct err *err)
{
    struct evidence evidence;
    struct spread spread;
    autobuf struct buf name = BUF(1024), remarks = BUF(1024), cell = BUF(65536);
    int status = group_metric(group, group->values[METRIC], arena, &evidence, err);

    if (status == 0)
        status = stats_spread(evidence.members, evidence.member_count, &spread, err);
    for (size_t i = 0; i < FACETS; i++)
        buf_addf(&cell, "%s\n", group->values[i]);
    if (status == 0)
        status = add_remarks(group, &evidence, &spread, buf_text(&cell), &remarks, err);
    if (status < 0)
        return status;
    take_stated(group, &evidence, &remarks);
    buf_addf(&name, "%s%s%s%s", text_is_empty(group->values[CHIP]) ? "not stated" : group->values[CHIP],
             text_is_empty(group->values[CHIP_VARIANT]) ? "" : " (", group->values[CHIP_VARIANT],
             text_is_empty(group->values[CHIP_VARIANT]) ? "" : ")");
    /* Where most values are equal the MAD is 0, and where most are 0 the median says nothing of decimals either. */
    const double width = spread.mad > 0 ? spread.mad : evidence.stddev > 0 ? evidence.stddev : (double)NAN;
    const int decimals = figure_decimals(evidence.value, width);

    table_row(table);
    table_put_text(table, buf_text(&name));
    /* A single value is that of the only submission. */
    table_put_integer(table, (int64_t)(evidence.basis != NULL ? evidence.member_count : evidence.submissions));
    table_put_text(table, evidence.basis != NULL      ? evidence.basis
                          : evidence.submissions == 1 ? "submission"
                                                      : "submissions");
    table_put_number(table, evidence.value, decimals, NULL);
    table_put_number(table, spread.quartile_1, decimals, NULL);
    table_put_number(table, spread.quartile_3, decimals, NULL);
    table_put_number(table, evidence.least, decimals, NULL);
    table_put_number(table, evidence.greatest, decimals, NULL);
    table_put_number(table, spread.mad, decimals, NULL);
    put_fixed(table, 100 * spread.variation, 1);
    table_put_text(table, remarks.len > 0 ? buf_text(&remarks) : NULL);
    return 0;
}

static int add_section(const struct group_list *groups, size_t from, size_t to, struct arena *arena,
                       struct table_list *list, struct err *err)
{
    const struct result *first = groups->items[from].results[0];
    autobuf struct buf title = BUF(65536);
    int status = 0;

    group_title(groups, &groups->items[from], hidden, ARRAY_LENGTH(hidden), &title);
    buf_addf(&title, ": %s%s%s", catalog_metric_title(first->measure->metric),
             text_is_empty(first->measure->unit) ? "" : ", ", first->measure->unit);
    struct table *table = table_list_add(list, buf_text(&title));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "n", "n", ALIGN_RIGHT);
    table_column(table, "n_of", "n counts", ALIGN_LEFT);
    table_column(table, "median", "Median", ALIGN_RIGHT);
    table_column(table, "quartile_1", "Q1", ALIGN_RIGHT);
    table_column(table, "quartile_3", "Q3", ALIGN_RIGHT);
    table_column(table, "least", "Least", ALIGN_RIGHT);
    table_column(table, "greatest", "Greatest", ALIGN_RIGHT);
    table_column(table, "mad", "MAD", ALIGN_RIGHT);
    table_column(table, "variation_percent", "CV, %", ALIGN_RIGHT);
    table_column(table, "remark", "Remark", ALIGN_LEFT);
    for (size_t i = from; i < to && status == 0; i++)
        status = put_cell(&groups->items[i], arena, table, err);
    return status;
}

int distribution_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                        struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    int status = groups_of(set, selection, facets, FACETS, &arena, &groups, err);

    for (size_t from = 0, to = 0; status == 0 && from < groups.count; from = to) {
        for (to = from; to < groups.count && same_section(&groups.items[from], &groups.items[to]);)
            to++;
        status = add_section(&groups, from, to, &arena, &list, err);
    }
    if (status == 0 && list.count == 0)
        return err_set(err, ERR_NOTHING, "there are no values to look at");
    if (status == 0)
        table_note(&list.items[list.count - 1],
                   "Q1, Q3: quartiles. MAD: median absolute deviation. CV: standard deviation in percent of the mean, "
                   "unsteady above 10. Fences: 1.5 times Q3 - Q1 beyond the quartiles. Least and greatest of a single "
                   "value without samples are what its source states.");
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, NULL, NULL, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
