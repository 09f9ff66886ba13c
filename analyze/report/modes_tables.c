/* Modes side by side, as the benchmark of the VLM partitioner reports them.
 *
 * Its rules (its benchmark guide, "Analyzing results"): figures are mean, standard deviation of the population,
 * minimum, maximum and median over the runs, three decimals; the fastest mode is that of the least mean duration;
 * relative performance is fastest ÷ duration with two decimals and (duration − fastest) ÷ fastest in percent with one;
 * throughput in descending order with two. A standard deviation above a tenth of the mean is called high variance: more
 * runs. Not in the guide: whether a difference was shown at all (verdict.c), and the modes that a file names but has no
 * figures of. */
#include <math.h>
#include <stdlib.h>

#include "analyze/report/left_out.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/summary.h"
#include "schema/text/figure.h"

enum { MODES_MOST = 16 };
static const double high_variance = 0.10;
static const char *const facets[] = {"chip",     "tool", "model",      "quantization", "backend",
                                     "category", "task", "parameters", "variant",      "mode"};
static const char *const ordinary[] = {"variant", "mode"};
enum { FACETS = ARRAY_LENGTH(facets), SECTION = FACETS - 1 };

struct mode {
    const char *name;
    const struct result_group *group;
    struct evidence duration, throughput;
    struct verdict verdict; /* against the fastest */
};
struct section {
    const struct result_set *set;
    const struct group_list *groups;
    struct arena *arena;
    struct mode modes[MODES_MOST];
    size_t count;
    size_t fastest;
};

static bool same_section(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

/* ---- figures */

static void put_figure(const struct mode *mode, const char *metric, const struct evidence *evidence,
                       struct table *table)
{
    const struct summary summary = stats_summary(evidence->members, evidence->member_count);
    const bool known = evidence->member_count > 1;
    const double deviation = known ? summary.stddev_population : (double)NAN;
    const double mean = known ? summary.mean : evidence_figure(evidence);

    table_row(table);
    table_put_text(table, mode->name);
    put_metric_name(table, metric);
    table_put_text(table, evidence->first->measure->unit);
    put_fixed(table, mean, 3);
    put_fixed(table, deviation, 3);
    put_fixed(table, known ? summary.min : (double)NAN, 3);
    put_fixed(table, known ? summary.max : (double)NAN, 3);
    put_fixed(table, known ? summary.median : (double)NAN, 3);
    table_put_integer(table, known ? (int64_t)evidence->member_count : evidence->runs);
    table_put_text(table, deviation > high_variance * fabs(mean) ? "high variance: more runs" : NULL);
}

static int put_modes(struct section *section, struct table *table, struct err *err)
{
    for (size_t i = 0; i < section->count; i++) {
        const struct result_group *group = section->modes[i].group;

        for (size_t j = 0; j < group->count; j++) {
            struct evidence evidence;
            bool done = false;

            for (size_t k = 0; k < j; k++)
                done = done || text_equal(group->results[k]->measure->metric, group->results[j]->measure->metric);
            const int status =
                done ? 0 : group_metric(group, group->results[j]->measure->metric, section->arena, &evidence, err);

            if (status < 0)
                return status;
            if (!done)
                put_figure(&section->modes[i], group->results[j]->measure->metric, &evidence, table);
        }
    }
    return 0;
}

static int add_figures(struct section *section, const char *title, struct table_list *list, struct err *err)
{
    struct table *table = table_list_add(list, title);

    if (table == NULL)
        return mem_error(err);
    table_column(table, "mode", "Mode", ALIGN_LEFT);
    metric_columns(table);
    table_column(table, "unit", "Unit", ALIGN_LEFT);
    table_column(table, "mean", "Mean", ALIGN_RIGHT);
    table_column(table, "stddev_population", "Std", ALIGN_RIGHT);
    table_column(table, "min", "Min", ALIGN_RIGHT);
    table_column(table, "max", "Max", ALIGN_RIGHT);
    table_column(table, "median", "Median", ALIGN_RIGHT);
    table_column(table, "runs", "Runs", ALIGN_RIGHT);
    table_column(table, "remark", "Remark", ALIGN_LEFT);
    table_note(table, "Std is that of the population (divisor n), as the tool prints it.");
    return put_modes(section, table, err);
}

/* ---- relative performance */

static int compare_durations(const void *left, const void *right)
{
    const struct mode *a = left, *b = right;
    const double first = evidence_figure(&a->duration), second = evidence_figure(&b->duration);

    if (isnan(first) || isnan(second))
        return isnan(first) - isnan(second);
    return (first > second) - (first < second);
}

static int compare_throughputs(const void *left, const void *right)
{
    const struct mode *a = left, *b = right;
    const double first = evidence_figure(&a->throughput), second = evidence_figure(&b->throughput);

    if (isnan(first) || isnan(second))
        return isnan(first) - isnan(second);
    return (first < second) - (first > second);
}

static int judge(struct section *section, struct err *err)
{
    struct verdict *all[MODES_MOST];

    for (size_t i = 0; i < section->count; i++) {
        const int status = verdict_of(&section->modes[0].duration, &section->modes[i].duration, DIRECTION_LOWER,
                                      section->modes[i].name, &section->modes[i].verdict, err);

        if (status < 0)
            return status;
        all[i] = &section->modes[i].verdict;
    }
    return verdicts_settle(all + 1, section->count - 1, err);
}

static void put_relative(const struct mode *mode, double fastest, bool first, struct table *table)
{
    const double duration = evidence_figure(&mode->duration);
    autobuf struct buf text = BUF(64);
    char percent[FIGURE_SIZE];

    table_row(table);
    table_put_text(table, mode->name);
    put_fixed(table, duration, 3);
    buf_addf(&text, "%.2f×", fastest / duration);
    table_put_number(table, fastest / duration, 2, isfinite(duration) ? buf_text(&text) : NULL);
    table_put_number(table, 100 * (duration - fastest) / fastest, 1,
                     isfinite(duration) ? figure_percent(percent, 100 * (duration - fastest) / fastest, 1, true)
                                        : NULL);
    table_put_text(table, first ? "fastest" : verdict_word(mode->verdict.kind));
    table_put_text(table, first ? NULL : mode->verdict.why);
}

static int add_relative(struct section *section, const char *title, struct table_list *list, struct err *err)
{
    autobuf struct buf caption = BUF(65536);

    qsort(section->modes, section->count, sizeof(section->modes[0]), compare_durations);
    const double fastest = evidence_figure(&section->modes[0].duration);

    if (!(fastest > 0) || section->count < 2)
        return 0;
    const int status = judge(section, err);

    if (status < 0)
        return status;
    buf_addf(&caption, "%s: relative performance; fastest mode: %s (%.3f s)", title, section->modes[0].name, fastest);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "mode", "Mode", ALIGN_LEFT);
    table_column(table, "duration_s", "Duration, s", ALIGN_RIGHT);
    table_column(table, "relative", "Relative", ALIGN_RIGHT);
    table_column(table, "percent", "Change", ALIGN_RIGHT);
    table_column(table, "verdict", "Verdict", ALIGN_LEFT);
    table_column(table, "why", "Why", ALIGN_LEFT);
    for (size_t i = 0; i < section->count; i++)
        if (isfinite(section->modes[i].duration.value))
            put_relative(&section->modes[i], fastest, i == 0, table);
    table_note(table, "~ and \"not tested\" mean that no difference to the fastest mode was shown.");
    return 0;
}

static int add_throughput(struct section *section, const char *title, struct table_list *list, struct err *err)
{
    autobuf struct buf caption = BUF(65536);

    qsort(section->modes, section->count, sizeof(section->modes[0]), compare_throughputs);
    if (!isfinite(section->modes[0].throughput.value) || section->count < 2)
        return 0;
    buf_addf(&caption, "%s: throughput", title);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "mode", "Mode", ALIGN_LEFT);
    table_column(table, "throughput_tok_s", "Tokens/s", ALIGN_RIGHT);
    for (size_t i = 0; i < section->count; i++)
        if (isfinite(section->modes[i].throughput.value)) {
            table_row(table);
            table_put_text(table, section->modes[i].name);
            put_fixed(table, evidence_figure(&section->modes[i].throughput), 2);
        }
    return 0;
}

static int add_section(struct section *section, struct table_list *list, struct err *err)
{
    autobuf struct buf title = BUF(65536);
    int status = 0;

    group_title(section->groups, section->modes[0].group, ordinary, ARRAY_LENGTH(ordinary), &title);
    for (size_t i = 0; i < section->count && status == 0; i++) {
        struct mode *mode = &section->modes[i];

        status = group_metric(mode->group, "duration", section->arena, &mode->duration, err);
        if (status == 0)
            status = group_metric(mode->group, "generation_throughput", section->arena, &mode->throughput, err);
    }
    if (status == 0)
        status = add_figures(section, buf_text(&title), list, err);
    if (status == 0)
        status = add_relative(section, buf_text(&title), list, err);
    return status < 0 ? status : add_throughput(section, buf_text(&title), list, err);
}

/* ---- what has no figures */

enum { PROBLEMS_MOST = 16 };

static bool states_mode(const struct result_set *set, const struct submission *submission)
{
    for (size_t i = 0; i < set->result_count; i++)
        if (&set->submissions[set->results[i].run->submission] == submission &&
            !text_is_empty(set->results[i].run->workload->mode))
            return true;
    return false;
}

/* A mode that failed must not look as if nobody had thought of it: in the reader's words. */
static void note_problems(const struct result_set *set, struct table *table)
{
    size_t told = 0;

    for (size_t i = 0; i < set->submission_count; i++) {
        const struct submission *submission = &set->submissions[i];

        if (submission->problem_count == 0 || !states_mode(set, submission))
            continue;
        for (size_t j = 0; j < submission->problem_count && told < PROBLEMS_MOST; j++, told++) {
            autobuf struct buf line = BUF(8192);

            if (set->file_count > 1)
                buf_addf(&line, "%s: ", submission->file);
            buf_addf(&line, "%s: %s.", submission->problems[j].path, submission->problems[j].message);
            table_note(table, buf_text(&line));
        }
    }
}

int modes_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                 struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    int status = groups_of(set, selection, facets, FACETS, &arena, &groups, err);

    for (size_t from = 0, to = 0; status == 0 && from < groups.count; from = to) {
        struct section section = {.set = set, .groups = &groups, .arena = &arena};

        for (to = from; to < groups.count && same_section(&groups.items[from], &groups.items[to]); to++)
            if (!text_is_empty(groups.items[to].values[SECTION]) && section.count < MODES_MOST)
                section.modes[section.count++] =
                    (struct mode){.name = groups.items[to].values[SECTION], .group = &groups.items[to]};
        if (section.count > 0)
            status = add_section(&section, &list, err);
    }
    if (status == 0 && list.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no result states a mode");
        return err_hint(err, "modes are of tools that run one model in several ways, such as the VLM partitioner");
    }
    if (status == 0)
        note_problems(set, &list.items[0]);
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, NULL, NULL, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
