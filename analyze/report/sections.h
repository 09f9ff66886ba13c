/* The generated parts of RESULTS.md, one function each, in the order of the document.
 *
 * Each appends the Markdown of its block without the markers; a block ends in a line break. Texts of
 * strangers pass the Markdown encoders. Nothing here reads a clock or the environment. */
#ifndef ANALYZE_REPORT_SECTIONS_H
#define ANALYZE_REPORT_SECTIONS_H

#include "analyze/report/report.h"
#include "schema/base/buf.h"
#include "schema/text/table.h"

struct section {
    const char *name; /* of the markers */
    int (*write)(const struct report *report, struct buf *into, struct err *err);
};
/* Ended by a NULL name. */
extern const struct section sections[];

int section_head(const struct report *report, struct buf *into, struct err *err) must_check;
int section_needed(const struct report *report, struct buf *into, struct err *err) must_check;
int section_chart(const struct report *report, struct buf *into, struct err *err) must_check;
int section_summary(const struct report *report, struct buf *into, struct err *err) must_check;
int section_notes(const struct report *report, struct buf *into, struct err *err) must_check;
int section_models(const struct report *report, struct buf *into, struct err *err) must_check;
int section_quality(const struct report *report, struct buf *into, struct err *err) must_check;
int section_coverage(const struct report *report, struct buf *into, struct err *err) must_check;
int section_changes(const struct report *report, struct buf *into, struct err *err) must_check;
int section_method(const struct report *report, struct buf *into, struct err *err) must_check;
int section_provenance(const struct report *report, struct buf *into, struct err *err) must_check;
int section_contributors(const struct report *report, struct buf *into, struct err *err) must_check;
/* The words of the footnotes that the report needs, in the order in which the text so far refers to them. */
int section_footnotes(const struct report *report, struct buf *into, struct err *err) must_check;

/* ---- a page for each model, where one document would be longer than GitHub shows */
#define RESULTS_MOST 500000 /* bytes */
/* In place of section_models: links to the pages. */
int section_model_links(const struct report *report, struct buf *into, struct err *err) must_check;
/* The page of the model whose comparisons are first … end - 1; report->up is "../". */
int section_model_page(const struct report *report, size_t first, size_t end, struct buf *into,
                       struct err *err) must_check;
/* "models/llama-2-7b-q4-0-0a1b2c3d.md" */
void section_model_path(const struct comparison *comparison, struct buf *into);

/* ---- shared by the sections */
void section_text(struct buf *into, const char *untrusted);      /* encode_markdown */
void section_table(struct buf *into, const struct table *table); /* with a blank line behind */
/* <picture> of a comparison with its alternative text. */
int section_picture(const struct report *report, const struct comparison *comparison, struct buf *into,
                    struct err *err) must_check;
/* One line below a table: run counts, remarks, data files. */
void section_table_notes(const struct report *report, const struct comparison *comparison, struct buf *into);
/* Whether any figure of the report has a remark, or any row lacks a run count. */
bool section_uses_flags(const struct report *report);
bool section_uses_unknown_runs(const struct report *report);

#endif
