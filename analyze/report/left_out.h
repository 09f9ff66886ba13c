/* Runs that count nowhere, named where they are missing. */
#ifndef ANALYZE_REPORT_LEFT_OUT_H
#define ANALYZE_REPORT_LEFT_OUT_H

#include "analyze/data/groups.h"
#include "analyze/data/sides.h"
#include "schema/text/table.h"

/* "quarantined, not_positive" or "failed", for a result that is left out. */
void left_out_reason(const struct result_set *set, const struct result *result, struct buf *into);
/* "run 3 (quarantined, not_positive), run 5 … and 2 more": the quarantined runs of plain files that are not quarantined
 * as a whole. */
void left_out_names(const struct result_set *set, struct buf *into);
/* The same for all runs that count nowhere; false when there is none. */
bool left_out_all(const struct result_set *set, struct buf *into);
/* A line below the table that names the runs that the selection passes and no group holds: of files all, of the
 * database those of the tools that the groups are of. `told` says which were named elsewhere; may be NULL. */
typedef bool left_out_told(const void *context, const struct result *result);
int left_out_of_groups(const struct result_set *set, const struct selection *selection, const struct group_list *groups,
                       left_out_told *told, const void *context, struct table *table, struct err *err) must_check;
/* A line for the runs of each side that is a file. */
int left_out_of_sides(const struct result_set *set, const struct side_list *sides, struct table *table,
                      struct err *err) must_check;

#endif
