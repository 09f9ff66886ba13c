/* What a commit of a publication says. */
#ifndef ANALYZE_REPORT_COMMIT_MESSAGE_H
#define ANALYZE_REPORT_COMMIT_MESSAGE_H

#include "analyze/report/changes.h"

/* Counts and names of catalogue chips only: a name of a stranger could close an issue or call somebody there. */
void commit_message(const struct report *report, struct buf *into);

#endif
