/* Where a source put figures of two models under one name. */
#ifndef ANALYZE_REPORT_MIXTURE_H
#define ANALYZE_REPORT_MIXTURE_H

#include "analyze/report/report.h"
#include "schema/base/buf.h"

/* For every tool and model whose quarantined runs break bandwidth × time = bytes: says the range that came out, what
 * the model has, and under which other model of the accepted results the same times stand. Nothing when there are none.
 */
int mixture_describe(const struct report *report, struct buf *into, struct err *err) must_check;

#endif
