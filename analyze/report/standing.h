/* A publication that stands as it would be made: then nothing is made at all.
 *
 * A file in the account's cache says for each folder what its publication was made from (one hash over everything read,
 * the options, the program, fonts and libraries) and for each of its files size, times and inode. When all of it is
 * still so, making it again would give the same bytes. A file that a hand changed has another time, and its change's
 * time cannot be set back. It is only a cache: without it, or when anything differs, all is made and compared. */
#ifndef ANALYZE_REPORT_STANDING_H
#define ANALYZE_REPORT_STANDING_H

#include <stdbool.h>

#include "analyze/report/drawn.h"
#include "analyze/report/publication.h"

struct standing {
    size_t files, charts;
};
/* Whether something is kept in mind about this folder, and all its files are as they were left. */
bool standing_is_untouched(const struct drawn *drawn, struct sha256 *ret_key, struct standing *ret);
/* After it was written. Waits a few ms: a later change must not have the same time. */
void standing_save(const struct drawn *drawn, const struct sha256 *key, const struct publication *publication);

#endif
