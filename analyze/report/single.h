/* The report of one result: a page and its Markdown, straight from files.
 *
 * Parts in the order of reading: configuration, results, comparison, trade-offs, charts, remarks with advice. A part
 * that has nothing to say is left out. Texts of strangers pass the encoders of schema/text. */
#ifndef ANALYZE_REPORT_SINGLE_H
#define ANALYZE_REPORT_SINGLE_H

#include "analyze/report/report.h"
#include "analyze/report/tool_tables.h"

#define SINGLE_CHARTS_MAX 8

struct single_part {
    const char *heading;
    struct table_list tables;
};
enum { PART_CONFIGURATION, PART_RESULTS, PART_COMPARISON, PART_TRADE_OFFS, PART_REMARKS, PART_COUNT };

struct single {
    struct arena arena;
    const char *title; /* "Llama 2 7B Q4_0 on Apple M1 Max" */
    struct single_part parts[PART_COUNT];
    struct buf charts[SINGLE_CHARTS_MAX],
        phone_charts[SINGLE_CHARTS_MAX]; /* SVG files, of the usual width and narrow */
    size_t chart_count, charts_left_out;
};
void single_done(struct single *single);
#define autosingle cleanup(single_done)

/* ERR_NOTHING when the files hold no figure. */
int single_make(const struct report *report, struct single *ret, struct err *err) must_check;
void single_markdown(const struct single *single, struct buf *into);
void single_page(const struct single *single, struct buf *into);
/* The section for a model card, as Model Quantizer lays it out: Memory, Performance, Quality, Model Comparison, with
 * what the files have. ERR_NOTHING when they hold no model before and after quantization. */
int single_card(const struct result_set *set, struct buf *into, struct err *err) must_check;

/* ---- tables of the parts; each adds to *into what it has */
int single_configuration(const struct result_set *set, struct table_list *into, struct err *err) must_check;
int single_results(const struct result_set *set, struct table_list *into, struct err *err) must_check;
int single_trade_offs(const struct result_set *set, struct table_list *into, struct err *err) must_check;
int single_remarks(const struct result_set *set, struct table_list *into, struct err *err) must_check;
/* What to do about a flag or a finding; NULL = nothing is written about it. */
const char *advice_of(const char *flag);

#endif
