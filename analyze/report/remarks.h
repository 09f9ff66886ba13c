/* What tools, readers and checks remark about runs, in words. Inside this room only. */
#ifndef ANALYZE_REPORT_REMARKS_H
#define ANALYZE_REPORT_REMARKS_H

#include "analyze/data/result_set.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/table.h"

enum { REMARKS_MOST = 32 };
struct remarks {
    struct str words[REMARKS_MOST]; /* of the result set, each once */
    size_t count;
};

/* Adds the flags of the results and, of files, what the checks found in their runs. */
void remarks_collect(const struct result_set *set, const struct result *const *results, size_t count,
                     struct remarks *into);
/* "degenerate_output, on_battery"; after "; " where something stands already. */
void remarks_say(const struct remarks *remarks, struct buf *into);
/* What each of them means and what to do about it, a line each. */
void remarks_note(const struct remarks *remarks, struct table *table);

#endif
