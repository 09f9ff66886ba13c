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
    section_table_notes(comparison, into);
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

int section_models(const struct report *report, struct buf *into, struct err *err)
{
    size_t number = 0;

    buf_adds(into, "## By model\n\nChips in their natural order; one table is one model in one quantization.\n\n");
    for (size_t i = 0; i < report->comparisons->count; number++) {
        const size_t end = report_section_end(report, i);
        const bool folded = number >= OPEN_SECTIONS;

        add_heading(&report->comparisons->items[i], folded, end - i, into);
        for (; i < end; i++) {
            const int status = add_workload(report, &report->comparisons->items[i], into, err);

            if (status < 0)
                return status;
        }
        if (folded)
            buf_adds(into, "</details>\n\n");
    }
    return buf_check(into, err);
}
