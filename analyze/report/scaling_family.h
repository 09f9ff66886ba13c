/* What the tables of scaling are about. Inside this room only. */
#ifndef ANALYZE_REPORT_SCALING_FAMILY_H
#define ANALYZE_REPORT_SCALING_FAMILY_H

#include "analyze/data/comparison.h"
#include "schema/text/table.h"

/* The chips of one generation on one backend, in one metric of a workload. */
struct family {
    const struct comparison *comparison;
    size_t metric;
    const char *generation, *backend;
    const struct comparison_row *base;
    const char *base_why; /* what makes it the smallest; NULL = it was named */
};

/* It is one chip of the family with a figure, and its cores or its bandwidth are known. */
bool scaling_belongs(const struct family *family, const struct comparison_row *row);
size_t scaling_members(const struct family *family);

/* "Not shown: RTX 3060, RTX 3080 (…).": rows of a workload and metric that have no place in the table of the family;
 * family NULL: those of no family with a table. Empty when there is none. */
void scaling_say_left_out(const struct comparison *comparison, size_t metric, const struct family *family,
                          struct buf *into);
/* The same as a note. */
void scaling_note_left_out(const struct comparison *comparison, size_t metric, const struct family *family,
                           struct table *table);

#endif
