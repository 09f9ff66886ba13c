/* feed.xml: changes that were established, then the newest accepted submissions, as an Atom feed (RFC 4287). */
#ifndef ANALYZE_REPORT_FEED_H
#define ANALYZE_REPORT_FEED_H

#include "analyze/report/publication.h"

#define FEED_ENTRIES_MAX 50
#define FEED_CHANGES_MAX 20
#define FEED_PATH "feed.xml"
#define FEED_LIST "site/submissions.html" /* stands for a page that is not there */

/* Entries carry the time of their runs, newest first; those without a time come last, with that of the newest. `page`
 * writes the address of a submission's page relative to the feed. */
int feed_make(const struct report *report, void (*page)(const struct submission *, struct buf *),
              struct publication *publication, struct err *err) must_check;

#endif
