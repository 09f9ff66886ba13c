/* Figures over time, versions or labels, in the shape of the history table of web-rwkv-gguf: Date, Change, one column a
 * metric, notes; two decimals for throughput and times in ms, and – for what was not measured.
 *
 * A note says when a run put out something else than the one before (quality hash): its speed is not comparable. Where
 * at least 16 results follow each other with one output, change points of the first metric are marked with the change
 * of the median in percent (schema/stats/change.c), and the rule stands below the table. Flags stand beside the notes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/report/left_out.h"
#include "analyze/report/remarks.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/stats/change.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/text/figure.h"

enum { METRICS_MOST = 6, SERIES_LEAST = 16 };
static const char *const facets[] = {"chip", "tool",     "model", "quantization", "backend",
                                     "mode", "category", "task",  "parameters",   "variant"};
static const char *const hidden[] = {"variant"};

struct point {
    int64_t time;
    size_t submission, run;
    const struct result *const *results; /* of the run: they stand together in the group */
    size_t result_count;
    double values[METRICS_MOST];
    const char *change; /* in words; NULL = none */
};
struct series {
    const struct result_set *set;
    const struct group_list *groups;
    const struct result_group *group;
    struct arena *arena;
    const char *by;
    const char *metrics[METRICS_MOST], *units[METRICS_MOST];
    size_t metric_count;
    struct point *points;
    size_t point_count;
    bool searched; /* for change points, in some stretch */
};

static int compare_points(const void *left, const void *right)
{
    const struct point *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->submission != b->submission)
        return a->submission < b->submission ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

static struct point *point_of(struct series *series, const struct result *const *at)
{
    const struct set_run *run = (*at)->run;
    struct point *point = series->point_count > 0 ? &series->points[series->point_count - 1] : NULL;

    if (point != NULL && point->submission == run->submission && point->run == run->number) {
        point->result_count++;
        return point;
    }
    point = &series->points[series->point_count++];
    *point = (struct point){
        .time = run->ran_us, .submission = run->submission, .run = run->number, .results = at, .result_count = 1};
    for (size_t i = 0; i < METRICS_MOST; i++)
        point->values[i] = (double)NAN;
    return point;
}

static size_t metric_of(struct series *series, const struct result *result)
{
    size_t at = 0;

    while (at < series->metric_count && !text_equal(series->metrics[at], result->measure->metric))
        at++;
    if (at == series->metric_count && at < METRICS_MOST) {
        series->metrics[at] = result->measure->metric;
        series->units[at] = result->measure->unit;
        series->metric_count++;
    }
    return at;
}

static int collect(struct series *series, struct err *err)
{
    series->points = arena_alloc(series->arena, series->group->count, sizeof(*series->points));
    if (series->points == NULL)
        return arena_check(series->arena, err);
    /* Generation before prompts before the rest, as the guide's table has them. */
    static const char *const first[] = {"generation_throughput", "prompt_throughput"};
    for (size_t i = 0; i < ARRAY_LENGTH(first); i++)
        for (size_t j = 0; j < series->group->count; j++)
            if (text_equal(series->group->results[j]->measure->metric, first[i]))
                (void)metric_of(series, series->group->results[j]);
    for (size_t i = 0; i < series->group->count; i++) {
        const struct result *result = series->group->results[i];
        const size_t metric = metric_of(series, result);
        struct point *point = point_of(series, &series->group->results[i]);

        if (metric < METRICS_MOST)
            point->values[metric] = isfinite(result->detail->mean) && result->detail->sample_count == 0
                                        ? result->detail->mean
                                        : result->value;
    }
    qsort(series->points, series->point_count, sizeof(*series->points), compare_points);
    return 0;
}

/* ---- change points */

static const char *output_of(const struct series *series, const struct point *point)
{
    return facet_of(series->set, point->results[0], "setup.quality_hash", series->arena);
}

static double median_of(const double *values, size_t count, double *scratch)
{
    memcpy(scratch, values, count * sizeof(*values));
    stats_sort(scratch, count);
    return stats_median(scratch, count);
}

/* The points from `from` on, all with one output and a first value. */
static int mark_stretch(struct series *series, size_t from, size_t to, struct err *err)
{
    const struct change_rules rules = CHANGE_RULES;
    const size_t count = to - from;
    double *values = arena_alloc(series->arena, 2 * count, sizeof(*values));
    size_t *starts = arena_alloc(series->arena, count + 1, sizeof(*starts)), segments = 0;

    if (values == NULL || starts == NULL)
        return arena_check(series->arena, err);
    for (size_t i = 0; i < count; i++)
        values[i] = series->points[from + i].values[0];
    if (stats_changes(values, count, &rules, starts, &segments, err) < 0)
        return 0; /* not positive: nothing to find */
    series->searched = true;
    for (size_t i = 1; i < segments; i++) {
        const size_t end = i + 1 < segments ? starts[i + 1] : count;
        const double before = median_of(values + starts[i - 1], starts[i] - starts[i - 1], values + count);
        const double after = median_of(values + starts[i], end - starts[i], values + count);
        char percent[FIGURE_SIZE];

        series->points[from + starts[i]].change =
            arena_printf(series->arena, "change point: %s %s", catalog_metric_title(series->metrics[0]),
                         figure_percent(percent, 100 * (after / before - 1), 1, true));
    }
    return arena_check(series->arena, err);
}

static int mark_changes(struct series *series, struct err *err)
{
    for (size_t from = 0, to = 0; from < series->point_count; from = to) {
        for (to = from; to < series->point_count && isfinite(series->points[to].values[0]) &&
                        text_equal(output_of(series, &series->points[to]), output_of(series, &series->points[from]));)
            to++;
        const int status = to - from >= SERIES_LEAST ? mark_stretch(series, from, to, err) : 0;

        if (status < 0)
            return status;
        to = to > from ? to : from + 1;
    }
    return 0;
}

/* ---- table */

static const char *minute_of(const struct point *point, char target[CLOCK_TEXT_SIZE])
{
    if (point->time == TIME_UNKNOWN)
        return NULL;
    (void)clock_format(target, point->time);
    target[10] = ' ';
    target[16] = '\0';
    return target;
}

static const char *notes_of(const struct series *series, size_t at, struct buf *into)
{
    const struct point *point = &series->points[at];
    const char *note = label_text(point->results[0]->run->labels, "notes");
    const char *output = output_of(series, point);

    if (note != NULL)
        buf_adds(into, note);
    if (at > 0 && !text_equal(output, output_of(series, &series->points[at - 1])))
        buf_addf(into, "%sother output than before: not comparable", into->len > 0 ? "; " : "");
    if (point->change != NULL)
        buf_addf(into, "%s%s", into->len > 0 ? "; " : "", point->change);
    return into->len > 0 ? buf_text(into) : NULL;
}

static void put_point(const struct series *series, size_t at, struct table *table)
{
    const struct point *point = &series->points[at];
    autobuf struct buf notes = BUF(8192), flags = BUF(4096);
    struct remarks remarks = {.count = 0};
    const char *by = facet_of(series->set, point->results[0], series->by, series->arena);
    char minute[CLOCK_TEXT_SIZE];

    table_row(table);
    table_put_text(table, minute_of(point, minute));
    table_put_text(table, text_is_empty(by) ? NULL : by);
    table_put_text(table, text_is_empty(by) ? "not stated" : by);
    for (size_t i = 0; i < series->metric_count; i++)
        put_fixed(table, point->values[i], 2);
    table_put_text(table, notes_of(series, at, &notes));
    remarks_collect(series->set, point->results, point->result_count, &remarks);
    remarks_say(&remarks, &flags);
    table_put_text(table, flags.len > 0 ? buf_text(&flags) : NULL);
}

static void note_rule(const struct series *series, struct table *table)
{
    const struct change_rules rules = CHANGE_RULES;
    autobuf struct buf line = BUF(2048);

    buf_addf(
        &line,
        "Change points of %s, where at least %d results follow each other with one output: that split into "
        "stretches of at least %zu results which has the least squared distances of the logarithms from the mean "
        "of their stretch, each change charged with %.0f × ln n × the variance of the noise (n results; noise from "
        "the differences of neighbours); a step of the median below %.0f %% is none.",
        catalog_metric_title(series->metrics[0]), SERIES_LEAST, rules.least_segment, rules.penalty,
        100 * rules.least_step);
    table_note(table, buf_text(&line));
}

static int add_series(struct series *series, struct table_list *list, struct err *err)
{
    autobuf struct buf title = BUF(65536), name = BUF(256);
    struct remarks remarks = {.count = 0};

    for (size_t i = 0; i < series->point_count; i++)
        remarks_collect(series->set, series->points[i].results, series->points[i].result_count, &remarks);
    group_title(series->groups, series->group, hidden, ARRAY_LENGTH(hidden), &title);
    struct table *table = table_list_add(list, buf_text(&title));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "date", "Date (UTC)", ALIGN_LEFT);
    table_column(table, "by", NULL, ALIGN_LEFT);
    table_column_for_people(table, text_equal(series->by, "change") ? "Change" : series->by, ALIGN_LEFT);
    for (size_t i = 0; i < series->metric_count; i++) {
        buf_reset(&name);
        buf_addf(&name, "%s, %s", catalog_metric_title(series->metrics[i]), series->units[i]);
        table_column(table, series->metrics[i], buf_text(&name), ALIGN_RIGHT);
    }
    table_column(table, "notes", "Notes", ALIGN_LEFT);
    table_column(table, "remark", remarks.count > 0 ? "Remark" : NULL, ALIGN_LEFT);
    for (size_t i = 0; i < series->point_count; i++)
        put_point(series, i, table);
    if (series->searched)
        note_rule(series, table);
    remarks_note(&remarks, table);
    return 0;
}

int history_tables(const struct result_set *set, const struct selection *selection, const char *by,
                   struct table_list *ret, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    int status = groups_of(set, selection, facets, ARRAY_LENGTH(facets), &arena, &groups, err);

    for (size_t i = 0; status == 0 && i < groups.count; i++) {
        struct series series = {.set = set, .groups = &groups, .group = &groups.items[i], .arena = &arena, .by = by};

        status = collect(&series, err);
        if (status == 0)
            status = mark_changes(&series, err);
        if (status == 0)
            status = add_series(&series, &list, err);
    }
    if (status == 0 && list.count == 0)
        return err_set(err, ERR_NOTHING, "there are no results to put in an order");
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, NULL, NULL, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
