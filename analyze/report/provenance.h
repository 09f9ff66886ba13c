/* Where a publication comes from: its input, named by a hash, and what drew its charts. */
#ifndef ANALYZE_REPORT_PROVENANCE_H
#define ANALYZE_REPORT_PROVENANCE_H

#include "analyze/report/report.h"
#include "schema/base/buf.h"

/* "sha256:…" over the submission ids in ascending order, a line each. */
void provenance_input_hash(const struct result_set *set, struct buf *into);
/* data/provenance.json; `fonts` is draw_fingerprint. */
void provenance_write(const struct report *report, const char *fonts, struct buf *into);

#endif
