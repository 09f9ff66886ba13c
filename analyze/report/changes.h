/* What changed since the publication that a folder held.
 *
 * A figure is new, gone, or has another value. Where results came to a figure that was there, they are tested against
 * the earlier ones that still count by the rule of data/verdict.c, all tests of the changes adjusted together: only
 * then a change is established. Everything lives in the arena and borrows from the report and the previous publication.
 */
#ifndef ANALYZE_REPORT_CHANGES_H
#define ANALYZE_REPORT_CHANGES_H

#include "analyze/data/evidence.h"
#include "analyze/report/previous.h"

enum change_kind { CHANGE_NEW, CHANGE_VALUE, CHANGE_GONE, CHANGE_KINDS };

struct change {
    enum change_kind kind;
    const struct comparison *comparison; /* NULL when gone */
    size_t row, metric;
    const struct previous_figure *before; /* NULL when new */
    struct evidence earlier, later;       /* of CHANGE_VALUE: the results that stood before, those that came */
    struct verdict verdict;               /* later against earlier */
};
struct changes {
    const struct previous *previous;
    struct change *items; /* in the order of the comparisons, then what is gone by its key */
    size_t count, capacity;
    size_t of_kind[CHANGE_KINDS];
    size_t unchanged; /* figures with the same value */
    size_t tested;
    size_t came, left; /* submissions that count now and did not before, and the other way round */
};

int changes_find(const struct report *report, const struct previous *previous, struct arena *arena, struct changes *ret,
                 struct err *err) must_check;
/* The test found a difference: better or worse. */
bool change_is_established(const struct change *change);
/* What was run and on what, as people read it: "Llama 2 7B Q4_0, tg128", "M1 Max". */
void change_workload(const struct change *change, struct buf *into);
void change_row_name(const struct change *change, struct buf *into);
/* Of the metric as figures name it: its title and unit. */
const char *change_metric(const struct change *change);
const char *change_unit(const struct change *change);
/* The state of the submissions that stood behind a figure that is gone: "withdrawn", "quarantined, rejected"; in
 * words when no result of that name is left. */
void change_reason(const struct report *report, const struct change *change, struct buf *into);

#endif
