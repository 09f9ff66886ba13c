/* Title, call-out, headline chart and summary. */
#include <math.h>

#include "analyze/report/answers.h"
#include "analyze/report/columns.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define NEEDED_LINES 3
#define BEST_MOST 4 /* tools whose best figure stands on the first screen */

static size_t count_tools(const struct report *report)
{
    size_t tools = 0;

    for (size_t i = 0; i < report->comparisons->count; i++)
        tools +=
            i == 0 || !text_equal(report->comparisons->items[i].tool, report->comparisons->items[i - 1].tool) ? 1 : 0;
    return tools;
}

static size_t count_measured(const struct report *report)
{
    size_t chips = 0;

    for (size_t i = 0; i < report->coverage->row_count; i++)
        chips += report->coverage->rows[i].measured ? 1 : 0;
    return chips;
}

static void add_tools(const struct report *report, struct buf *into)
{
    const size_t count = count_tools(report);
    size_t done = 0;

    for (size_t i = 0; i < report->comparisons->count; i++) {
        const char *tool = report->comparisons->items[i].tool;

        if (i > 0 && text_equal(tool, report->comparisons->items[i - 1].tool))
            continue;
        buf_adds(into, done == 0 ? "" : done + 1 == count ? " and " : ", ");
        section_text(into, tool);
        done++;
    }
}

static void add_data_date(const struct report *report, struct buf *into)
{
    char newest[REPORT_DATE_SIZE];

    if (report_date(newest, result_set_newest(report->results))[0] == '\0') {
        buf_adds(into, "The data carry no dates.\n");
        return;
    }
    buf_addf(into, "Data to %s", newest);
    report_undated(report->results, into);
    buf_adds(into, ".\n");
}

static int add_answers(const struct report *report, struct buf *into, struct err *err)
{
    autofree size_t *headlines = mem_zalloc(report->comparisons->count + 1, sizeof(*headlines));
    autobuf struct buf trust = BUF(4096);

    if (headlines == NULL)
        return mem_error(err);
    const size_t count = answers_headlines(report, headlines);

    for (size_t i = 0; i < count && i < BEST_MOST; i++) {
        autobuf struct buf best = BUF(8192);

        buf_adds(into, i == 0 ? "\n**Best figures.** " : "; ");
        answers_best(&report->comparisons->items[headlines[i]], &best);
        section_text(into, buf_text(&best));
    }
    if (count > BEST_MOST)
        buf_adds(into, "; the best of the others under [All workloads](#all-workloads)");
    buf_adds(into, ".\n\n**How far to trust them.** ");
    answers_trust(report, &trust);
    section_text(into, buf_text(&trust));
    buf_adds(into, " More under [Data quality](#data-quality) and [Method](#method).\n");
    return buf_check(into, err);
}

int section_head(const struct report *report, struct buf *into, struct err *err)
{
    buf_adds(into, "# Benchmark results\n\n");
    if (report->comparisons->count == 0) {
        buf_adds(into, "No accepted result yet.\n");
        return buf_check(into, err);
    }
    buf_adds(into, "How fast ");
    report_plural(into, count_measured(report), "chip", "chips");
    buf_adds(into, " ran models and other work, measured with ");
    add_tools(report, into);
    buf_adds(into, ": ");
    report_plural(into, report->coverage->column_count, "model and quantization", "models and quantizations");
    buf_adds(into, ", ");
    report_plural(into, report->comparisons->count, "workload", "workloads");
    buf_adds(into, ", from ");
    report_plural(into, result_set_count_state(report->results, STATE_ACCEPTED) - result_set_repeats(report->results),
                  "accepted submission", "accepted submissions");
    buf_adds(into, ". ");
    add_data_date(report, into);
    return add_answers(report, into, err);
}

/* ---- call-out */

static void add_column_name(const struct coverage_column *column, struct buf *into)
{
    autobuf struct buf name = BUF(1024);

    comparison_model_name(column->model, column->quantization, &name);
    section_text(into, buf_text(&name));
}

static bool same_generation_gap(const struct coverage_gap *a, const struct coverage_gap *b)
{
    return a->kind == GAP_GENERATION && b->kind == GAP_GENERATION && text_equal(a->what, b->what);
}

/* One absent generation, with the models that lack it; false when an earlier gap told it. */
static bool add_missing_generation(const struct coverage *coverage, size_t gap, struct buf *into)
{
    const struct coverage_gap *first = &coverage->gaps[gap];
    const char *separator = "";

    for (size_t i = 0; i < gap; i++)
        if (same_generation_gap(&coverage->gaps[i], first))
            return false;
    buf_adds(into, ">\n> No ");
    section_text(into, first->what);
    if (first->examples != NULL) {
        buf_adds(into, " (");
        section_text(into, first->examples);
        buf_adds(into, ")");
    }
    buf_adds(into, " yet with ");
    for (size_t i = gap; i < coverage->gap_count; i++) {
        if (!same_generation_gap(&coverage->gaps[i], first))
            continue;
        buf_adds(into, separator);
        add_column_name(&coverage->columns[coverage->gaps[i].column], into);
        separator = ", ";
    }
    buf_adds(into, ".\n");
    return true;
}

/* All chips absent in one column; false when an earlier gap told them. */
static bool add_missing_chips(const struct coverage *coverage, size_t gap, struct buf *into)
{
    const struct coverage_gap *first = &coverage->gaps[gap];
    const char *separator = "";

    if (gap > 0 && coverage->gaps[gap - 1].kind == GAP_CHIP && coverage->gaps[gap - 1].column == first->column)
        return false;
    buf_adds(into, ">\n> With ");
    add_column_name(&coverage->columns[first->column], into);
    buf_adds(into, ": ");
    for (size_t i = gap;
         i < coverage->gap_count && coverage->gaps[i].kind == GAP_CHIP && coverage->gaps[i].column == first->column;
         i++) {
        buf_adds(into, separator);
        section_text(into, catalog_short_chip_name(coverage->gaps[i].what));
        separator = ", ";
    }
    buf_adds(into, ".\n");
    return true;
}

int section_needed(const struct report *report, struct buf *into, struct err *err)
{
    const struct coverage *coverage = report->coverage;
    size_t lines = 0;

    buf_adds(into, "\n");
    if (coverage->gap_count == 0 || coverage->gaps[0].kind > GAP_CHIP)
        return buf_check(into, err);
    buf_adds(into, "> [!IMPORTANT]\n> **Results needed.** Chips that nobody has measured with a model yet; more under "
                   "[Coverage](#coverage).\n");
    for (size_t i = 0; i < coverage->gap_count && coverage->gaps[i].kind <= GAP_CHIP && lines < NEEDED_LINES; i++) {
        const bool added = coverage->gaps[i].kind == GAP_GENERATION ? add_missing_generation(coverage, i, into)
                                                                    : add_missing_chips(coverage, i, into);

        lines += added ? 1 : 0;
    }
    buf_adds(into, ">\n> Send one: `crosschip-submit send FILE` with the output of the benchmark tool.\n");
    return buf_check(into, err);
}

/* ---- headline chart and summary */

int section_chart(const struct report *report, struct buf *into, struct err *err)
{
    const size_t headline = report_headline_of_all(report);

    if (headline == NO_ROW) {
        buf_adds(into, "No chart: there is no data.\n");
        return buf_check(into, err);
    }
    const int status = section_picture(report, &report->comparisons->items[headline], into, err);

    return status < 0 ? status : buf_check(into, err);
}

static int add_summary_table(const struct report *report, const struct comparison *comparison, struct buf *into,
                             struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf title = BUF(4096);
    const int status = columns_table(comparison, ORDER_VALUE, &table, err);

    if (status < 0)
        return status;
    comparison_title(comparison, &title);
    buf_adds(into, "### ");
    section_text(into, comparison->tool);
    buf_adds(into, ": ");
    section_text(into, buf_text(&title));
    buf_adds(into, "\n\n");
    section_table(into, &table);
    section_table_notes(report, comparison, into);
    return 0;
}

static void put_workload_row(const struct comparison *comparison, struct table *table)
{
    const struct comparison_row *best = &comparison->rows[comparison->by_value[0]];
    autobuf struct buf title = BUF(4096), name = BUF(1024), value = BUF(256);
    char shown[FIGURE_SIZE];

    comparison_title(comparison, &title);
    comparison_row_name(best, true, &name);
    buf_addf(&value, "%s %s", figure_value(shown, best->figures[0].value, (double)NAN), comparison->metrics[0].unit);
    table_row(table);
    table_put_text(table, comparison->tool);
    table_put_text(table, buf_text(&title));
    table_put_text(table, comparison->metrics[0].title);
    table_put_integer(table, (int64_t)comparison->row_count);
    table_put_text(table, buf_text(&name));
    table_put_text(table, buf_text(&value));
    table_put_text(table, comparison->baseline_name);
}

static int add_workloads(const struct report *report, struct buf *into, struct err *err)
{
    autotable struct table table = {.caption = NULL};

    table_init(&table, NULL);
    table_column_for_people(&table, "Tool", ALIGN_LEFT);
    table_column_for_people(&table, "Workload", ALIGN_LEFT);
    table_column_for_people(&table, "Metric", ALIGN_LEFT);
    table_column_for_people(&table, "Rows", ALIGN_RIGHT);
    table_column_for_people(&table, "Best", ALIGN_LEFT);
    table_column_for_people(&table, "Value", ALIGN_RIGHT);
    table_column_for_people(&table, "Baseline", ALIGN_LEFT);
    for (size_t i = 0; i < report->comparisons->count; i++)
        put_workload_row(&report->comparisons->items[i], &table);
    buf_adds(into, "### All workloads\n\n");
    section_table(into, &table);
    return table_check(&table, err);
}

int section_summary(const struct report *report, struct buf *into, struct err *err)
{
    const struct comparison *items = report->comparisons->items;
    autofree size_t *headlines = mem_zalloc(report->comparisons->count + 1, sizeof(*headlines));

    if (headlines == NULL)
        return mem_error(err);
    buf_adds(into, "## Summary\n\n");
    if (report->comparisons->count == 0) {
        buf_adds(into, "No data.\n");
        return buf_check(into, err);
    }
    buf_adds(into, "Best first. Runs, Devices and By are the repetitions, machines and contributors behind a figure, "
                   "Setups the different settings that it mixes; n/a is what the sources do not say.\n\n");
    const size_t count = answers_headlines(report, headlines);

    for (size_t i = 0; i < count; i++) {
        const int status = add_summary_table(report, &items[headlines[i]], into, err);

        if (status < 0)
            return status;
    }
    const int status = add_workloads(report, into, err);

    return status < 0 ? status : buf_check(into, err);
}
