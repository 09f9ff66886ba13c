/* The site of a hand-made result set, and what its files hold. */
#ifndef TESTS_UNIT_ANALYZE_SITE_H
#define TESTS_UNIT_ANALYZE_SITE_H

#include "analyze/report/publication.h"
#include "tests/unit/analyze_sample.h"

#define BANDWIDTH .metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER

/* Report, badges, site and feed; settles `results`. */
void site_of(struct result_set *results, struct publication *ret);
/* The same of who publishes; NULL = not stated. */
void site_of_publisher(struct result_set *results, const char *contact, struct publication *ret);
/* The first file whose path begins so; fails where there is none. */
const struct publication_file *page_of(const struct publication *publication, const char *prefix);
size_t occurrences(const char *text, const char *needle);

#endif
