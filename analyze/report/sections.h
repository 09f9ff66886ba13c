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
int section_footnotes(const struct report *report, struct buf *into, struct err *err) must_check;

/* ---- shared by the sections */
void section_text(struct buf *into, const char *untrusted);      /* encode_markdown */
void section_table(struct buf *into, const struct table *table); /* with a blank line behind */
/* <picture> of a comparison with its alternative text. */
int section_picture(const struct report *report, const struct comparison *comparison, struct buf *into,
                    struct err *err) must_check;
/* One line below a table: run counts, remarks, data files. */
void section_table_notes(const struct comparison *comparison, struct buf *into);
/* True when any figure of the report has a remark, or any row lacks a run count: which footnotes are used. */
bool section_uses_flags(const struct report *report);
bool section_uses_unknown_runs(const struct report *report);

#endif
