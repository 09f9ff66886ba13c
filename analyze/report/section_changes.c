/* What changed since the last publication: values before and now, and which differences were tested. */
#include <math.h>

#include "analyze/report/changes.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define CHANGES_SHOWN 40 /* of each list */

static void add_since(const struct changes *changes, struct buf *into)
{
    size_t before = 0;

    for (size_t i = 0; i < changes->previous->submission_count; i++)
        before += changes->previous->submissions[i].counted ? 1 : 0;
    buf_adds(into, "Since the publication of ");
    report_plural(into, before, "accepted submission", "accepted submissions");
    if (changes->previous->newest[0] != '\0')
        buf_addf(into, " with data to %s", changes->previous->newest);
    buf_adds(into, ": ");
    report_plural(into, changes->came, "submission came", "submissions came");
    if (changes->left > 0) {
        buf_adds(into, ", ");
        report_plural(into, changes->left, "no longer counts", "no longer count");
    }
    buf_adds(into, "; ");
    report_plural(into, changes->of_kind[CHANGE_NEW], "figure is new", "figures are new");
    buf_addf(into, ", %zu changed, %zu %s gone, %zu %s the same.\n\n", changes->of_kind[CHANGE_VALUE],
             changes->of_kind[CHANGE_GONE], changes->of_kind[CHANGE_GONE] == 1 ? "is" : "are", changes->unchanged,
             changes->unchanged == 1 ? "is" : "are");
}

static void begin_table(struct table *table)
{
    table_init(table, NULL);
    table_column_for_people(table, "Chip", ALIGN_LEFT);
    table_column_for_people(table, "Workload", ALIGN_LEFT);
    table_column_for_people(table, "Metric", ALIGN_LEFT);
}

static void put_names(const struct change *change, struct table *table)
{
    autobuf struct buf name = BUF(1024), workload = BUF(8192), metric = BUF(1024);

    change_row_name(change, &name);
    change_workload(change, &workload);
    buf_addf(&metric, "%s%s%s", change_metric(change), text_is_empty(change_unit(change)) ? "" : ", ",
             change_unit(change));
    table_row(table);
    table_put_text(table, buf_text(&name));
    table_put_text(table, buf_text(&workload));
    table_put_text(table, buf_text(&metric));
}

static const struct figure *figure_of(const struct change *change)
{
    return &change->comparison->rows[change->row].figures[change->metric];
}

static void put_value(double value, struct table *table)
{
    char shown[FIGURE_SIZE];

    table_put_number(table, value, 0, figure_value(shown, value, (double)NAN));
}

/* ---- one row each */

static void put_new(const struct report *report, const struct change *change, struct table *table)
{
    (void)report;
    put_names(change, table);
    put_value(figure_of(change)->value, table);
    if (figure_of(change)->runs < 0)
        table_put_text(table, "n/a");
    else
        table_put_integer(table, figure_of(change)->runs);
}

static const char *place_in_interval(const struct change *change)
{
    const double value = figure_of(change)->value;

    if (!isfinite(change->before->low))
        return "n/a";
    return value >= change->before->low && value <= change->before->high ? "inside" : "outside";
}

static void write_test(const struct change *change, struct buf *into)
{
    const struct verdict *verdict = &change->verdict;
    char factor[FIGURE_SIZE], range[FIGURE_SIZE];

    if (change->later.value_count == 0)
        buf_adds(into, change->earlier.value_count > 0 ? "none came" : "all results are other ones");
    else if (change->earlier.value_count == 0)
        buf_adds(into, "all results are other ones");
    else if (isfinite(verdict->low))
        buf_addf(into, "%s: %s (%s)", verdict_word(verdict->kind), figure_factor(factor, verdict->ratio),
                 figure_factor_range(range, verdict->low, verdict->high));
    else if (verdict->kind == VERDICT_SAME || verdict->kind == VERDICT_UNTESTED)
        buf_addf(into, "%s: %s", verdict_word(verdict->kind), verdict->why);
    else
        buf_adds(into, verdict_word(verdict->kind));
}

static void put_changed(const struct report *report, const struct change *change, struct table *table)
{
    const double before = change->before->value, now = figure_of(change)->value;
    autobuf struct buf test = BUF(1024);
    char percent[FIGURE_SIZE];

    (void)report;
    put_names(change, table);
    put_value(before, table);
    put_value(now, table);
    table_put_text(table, before > 0 ? figure_percent(percent, (now / before - 1) * 100, 1, true) : NULL);
    table_put_text(table, place_in_interval(change));
    write_test(change, &test);
    table_put_text(table, buf_text(&test));
}

static void put_gone(const struct report *report, const struct change *change, struct table *table)
{
    autobuf struct buf reason = BUF(1024);

    put_names(change, table);
    put_value(change->before->value, table);
    change_reason(report, change, &reason);
    table_put_text(table, buf_text(&reason));
}

/* ---- the lists */

struct list {
    enum change_kind kind;
    const char *heading;
    const char *columns[6]; /* behind the names; ended by NULL */
    void (*put)(const struct report *report, const struct change *change, struct table *table);
};

static const struct list lists[] = {
    {CHANGE_VALUE,
     "Changed",
     {">Before", ">Now", ">Change", "Earlier 95\u202f%", "New results against earlier"},
     put_changed},
    {CHANGE_NEW, "New", {">Value", ">Runs"}, put_new},
    {CHANGE_GONE, "Gone", {">Was", "Its results are"}, put_gone},
};

static int add_list(const struct report *report, const struct list *list, struct buf *into, struct err *err)
{
    const struct changes *changes = report->changes;
    autotable struct table table = {.caption = NULL};
    size_t shown = 0;

    if (changes->of_kind[list->kind] == 0)
        return 0;
    begin_table(&table);
    for (size_t i = 0; list->columns[i] != NULL; i++) {
        const bool right = list->columns[i][0] == '>';

        table_column_for_people(&table, list->columns[i] + (right ? 1 : 0), right ? ALIGN_RIGHT : ALIGN_LEFT);
    }
    for (size_t i = 0; i < changes->count && shown < CHANGES_SHOWN; i++)
        if (changes->items[i].kind == list->kind) {
            list->put(report, &changes->items[i], &table);
            shown++;
        }
    buf_addf(into, "### %s\n\n", list->heading);
    section_table(into, &table);
    if (changes->of_kind[list->kind] > shown)
        buf_addf(into,
                 "%zu more: compare [data/figures.csv](data/figures.csv) with [data/previous-figures.ndjson]"
                 "(data/previous-figures.ndjson).\n\n",
                 changes->of_kind[list->kind] - shown);
    return table_check(&table, err);
}

int section_changes(const struct report *report, struct buf *into, struct err *err)
{
    const struct changes *changes = report->changes;

    buf_adds(into, "## Changes\n\n");
    if (changes == NULL) {
        buf_adds(into, "This is the first publication here: there is no earlier one to compare it with.\n");
        return buf_check(into, err);
    }
    add_since(changes, into);
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
        const int status = add_list(report, &lists[i], into, err);

        if (status < 0)
            return status;
    }
    if (changes->of_kind[CHANGE_VALUE] > 0) {
        buf_adds(into, "The results that came are tested against the earlier ones of the same row, by the rule of the "
                       "key observations; adjusted over ");
        report_plural(into, changes->tested, "tested figure", "tested figures");
        buf_adds(into, " here. Earlier 95\u202f%: whether the value lies in the interval that was published before.\n");
    }
    return buf_check(into, err);
}
