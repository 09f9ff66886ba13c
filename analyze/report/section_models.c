/* Tables and charts of each model, in natural chip order. */
#include "analyze/report/columns.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

#define OPEN_SECTIONS 3

static int add_table(const struct report *report, const struct comparison *comparison, struct buf *into,
                     struct err *err)
{
    autotable struct table table = {.caption = NULL};
    int status = columns_table(comparison, ORDER_NATURAL, &table, err);

    if (status == 0)
        status = section_picture(report, comparison, into, err);
    if (status < 0)
        return status;
    section_table(into, &table);
    section_table_notes(report, comparison, into);
    return 0;
}

/* Metrics that few rows have, with the rows that have them. */
static int add_further(const struct report *report, const struct comparison *comparison, struct buf *into,
                       struct err *err)
{
    struct arena arena = {.blocks = NULL};
    struct comparison further;
    bool any = false;
    int status = comparison_further(comparison, &arena, &further, &any, err);

    if (status == 0 && any) {
        report_plural(into, further.row_count, "row has", "rows have");
        buf_adds(into, " further metrics:\n\n");
        status = add_table(report, &further, into, err);
    }
    arena_done(&arena);
    return status;
}

static int add_workload(const struct report *report, const struct comparison *comparison, struct buf *into,
                        struct err *err)
{
    autobuf struct buf title = BUF(4096);

    comparison_title(comparison, &title);
    buf_adds(into, "#### ");
    section_text(into, buf_text(&title));
    buf_adds(into, "\n\n");
    const int status = add_table(report, comparison, into, err);

    return status < 0 ? status : add_further(report, comparison, into, err);
}

static void add_heading(const struct comparison *comparison, bool folded, size_t workloads, struct buf *into)
{
    autobuf struct buf title = BUF(4096);

    report_section_title(comparison, &title);
    buf_addf(&title, " (%s)", comparison->tool);
    buf_adds(into, "### ");
    section_text(into, buf_text(&title));
    buf_adds(into, "\n\n");
    if (!folded)
        return;
    buf_adds(into, "<details>\n<summary>");
    encode_html(into, str_of(buf_text(&title)));
    buf_adds(into, ": ");
    report_plural(into, workloads, "table and chart", "tables and charts");
    buf_adds(into, "</summary>\n\n");
}

static int add_workloads(const struct report *report, size_t first, size_t end, struct buf *into, struct err *err)
{
    int status = 0;

    /* Those that no longer fit are many, and nobody would read them. */
    for (size_t i = first; status == 0 && i < end; i++) {
        status = add_workload(report, &report->comparisons->items[i], into, err);
        if (status == 0)
            status = buf_check(into, err);
    }
    return status;
}

int section_models(const struct report *report, struct buf *into, struct err *err)
{
    size_t number = 0;

    buf_adds(into, "## By model\n\nChips in their natural order; one table is one model in one quantization.\n\n");
    for (size_t i = 0, end; i < report->comparisons->count; i = end, number++) {
        const bool folded = number >= OPEN_SECTIONS;

        end = report_section_end(report, i);
        add_heading(&report->comparisons->items[i], folded, end - i, into);
        const int status = add_workloads(report, i, end, into, err);

        if (status < 0)
            return status;
        if (folded)
            buf_adds(into, "</details>\n\n");
    }
    return buf_check(into, err);
}

/* ---- a page each */

static void page_title(const struct comparison *comparison, struct buf *into)
{
    report_section_title(comparison, into);
    buf_addf(into, " (%s)", comparison->tool);
}

void section_model_path(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf title = BUF(8192), key = BUF(16384);

    report_section_title(comparison, &title);
    buf_addf(&key, "%s\n%s\n%s", comparison->tool, comparison->model, comparison->quantization);
    buf_adds(into, "models/");
    encode_file_name_keyed(into, str_of(buf_text(&title)), str_of(buf_text(&key)));
    buf_adds(into, ".md");
}

int section_model_links(const struct report *report, struct buf *into, struct err *err)
{
    buf_adds(into,
             "## By model\n\nAll tables in one page would be more than GitHub shows: each model has a page of its "
             "own.\n\n");
    for (size_t i = 0, end; i < report->comparisons->count; i = end) {
        autobuf struct buf title = BUF(8192), path = BUF(4096);

        end = report_section_end(report, i);
        page_title(&report->comparisons->items[i], &title);
        section_model_path(&report->comparisons->items[i], &path);
        buf_adds(into, "- [");
        section_text(into, buf_text(&title));
        buf_addf(into, "](%s): ", buf_text(&path));
        report_plural(into, end - i, "workload", "workloads");
        buf_addc(into, '\n');
    }
    return buf_check(into, err);
}

int section_model_page(const struct report *report, size_t first, size_t end, struct buf *into, struct err *err)
{
    const struct comparison_set shown = {.items = report->comparisons->items + first, .count = end - first};
    struct report part = *report;
    autobuf struct buf title = BUF(8192);

    part.comparisons = &shown;
    page_title(&report->comparisons->items[first], &title);
    buf_adds(into, "# ");
    section_text(into, buf_text(&title));
    buf_adds(into, "\n\nOne page of [all results](../RESULTS.md): chips in their natural order. What the columns mean "
                   "stands [there](../RESULTS.md#method).\n\n");
    const int status = add_workloads(report, first, end, into, err);

    return status < 0 ? status : section_footnotes(&part, into, err);
}
