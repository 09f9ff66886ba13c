/* The order of RESULTS.md, and what its sections share. */
#include "analyze/report/sections.h"

#include <math.h>

#include "analyze/report/columns.h"
#include "analyze/report/picture.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

const struct section sections[] = {
    {"head", section_head},
    {"needed", section_needed},
    {"chart", section_chart},
    {"summary", section_summary},
    {"notes", section_notes},
    {"models", section_models},
    {"quality", section_quality},
    {"coverage", section_coverage},
    {"changes", section_changes},
    {"method", section_method},
    {"provenance", section_provenance},
    {"contributors", section_contributors},
    {"footnotes", section_footnotes},
    {NULL, NULL},
};

void section_text(struct buf *into, const char *untrusted)
{
    encode_markdown(into, str_of(untrusted));
}

void section_table(struct buf *into, const struct table *table)
{
    table_print_markdown(table, into);
    buf_addc(into, '\n');
}

static const char *up(const struct report *report)
{
    return report->up != NULL ? report->up : "";
}

int section_picture(const struct report *report, const struct comparison *comparison, struct buf *into, struct err *err)
{
    autopicture struct picture picture = {.alt = NULL};
    autobuf struct buf slug = BUF(256);
    const int status = picture_compose(report, comparison, &picture, err);

    if (status < 0)
        return status;
    report_slug(comparison, &slug);
    buf_addf(into,
             "<picture>\n"
             "  <source media=\"(prefers-color-scheme: dark)\" srcset=\"%scharts/%s-dark.png\">\n"
             "  <img src=\"%scharts/%s-light.png\" width=\"800\" alt=\"",
             up(report), buf_text(&slug), up(report), buf_text(&slug));
    encode_html(into, str_of(picture.alt));
    buf_adds(into, "\">\n</picture>\n\n");
    return buf_check(&slug, err);
}

static bool is_flagged(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->row_count; i++)
        for (size_t j = 0; j < comparison->metric_count; j++)
            if (comparison->rows[i].figures[j].flagged > 0)
                return true;
    return false;
}

bool section_uses_flags(const struct report *report)
{
    for (size_t i = 0; i < report->comparisons->count; i++)
        if (is_flagged(&report->comparisons->items[i]))
            return true;
    return false;
}

bool section_uses_unknown_runs(const struct report *report)
{
    for (size_t i = 0; i < report->comparisons->count; i++)
        if (report_rows_without_runs(&report->comparisons->items[i]) > 0)
            return true;
    return false;
}

void section_table_notes(const struct report *report, const struct comparison *comparison, struct buf *into)
{
    const size_t unknown = report_rows_without_runs(comparison);
    autobuf struct buf slug = BUF(256);

    report_slug(comparison, &slug);
    if (columns_have_factors(comparison)) {
        buf_adds(into, "Factors against ");
        section_text(into, comparison->baseline_name);
        buf_adds(into, ", greater is better. ");
    } else if (comparison->baseline_missing != NULL) {
        buf_adds(into, "No factors: no result here is of the baseline ");
        section_text(into, comparison->baseline_missing);
        buf_adds(into, " in this workload. ");
    }
    if (unknown == comparison->row_count)
        buf_adds(into, "No run counts are published[^n]. ");
    else if (unknown > 0)
        buf_addf(into, "%zu of %zu rows have no run count[^n]. ", unknown, comparison->row_count);
    if (comparison->metrics_left_out > 0)
        buf_addf(into, "%zu further %s in the data files only. ", comparison->metrics_left_out,
                 comparison->metrics_left_out == 1 ? "metric is" : "metrics are");
    if (comparison->further)
        buf_addf(into, "Data: [SVG](%scharts/%s-light.svg).\n\n", up(report), buf_text(&slug));
    else
        buf_addf(into, "Data: [CSV](%sdata/table-%s.csv), [SVG](%scharts/%s-light.svg).\n\n", up(report),
                 buf_text(&slug), up(report), buf_text(&slug));
}
