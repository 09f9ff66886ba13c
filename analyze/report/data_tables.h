/* The data files of a publication as tables: every figure, every measurement, every finding, the coverage. */
#ifndef ANALYZE_REPORT_DATA_TABLES_H
#define ANALYZE_REPORT_DATA_TABLES_H

#include "analyze/report/report.h"
#include "schema/text/table.h"

/* Each initialises *ret. */
int data_figures(const struct report *report, struct table *ret, struct err *err) must_check;
/* Results number `first` up to before `end`. */
int data_measurements(const struct report *report, size_t first, size_t end, struct table *ret,
                      struct err *err) must_check;
/* Every submission, by id. */
int data_submissions(const struct report *report, struct table *ret, struct err *err) must_check;
int data_findings(const struct report *report, struct table *ret, struct err *err) must_check;
/* Of more pairs than this only those that somebody measured: what nobody did is all the rest. */
#define DATA_COVERAGE_MOST 20000
int data_coverage(const struct report *report, struct table *ret, struct err *err) must_check;
/* What the columns of all data files mean, as Markdown. */
void data_readme(struct buf *into);

#endif
