/* Coverage as tables, for RESULTS.md and for the verb. */
#ifndef ANALYZE_REPORT_COVERAGE_TABLES_H
#define ANALYZE_REPORT_COVERAGE_TABLES_H

#include "analyze/data/coverage.h"
#include "analyze/data/estimate.h"
#include "analyze/report/tool_tables.h"
#include "schema/text/table.h"

/* `all`: also catalogue chips that nobody asks for, and full names. Each initialises *ret. */
int coverage_matrix(const struct coverage *coverage, bool all, struct table *ret, struct err *err) must_check;
int coverage_gaps(const struct coverage *coverage, size_t most, struct table *ret, struct err *err) must_check;
/* A table for each model, also where its error is too large to show estimates. */
int estimate_tables(const struct estimates *estimates, struct table_list *ret, struct err *err) must_check;

#endif
