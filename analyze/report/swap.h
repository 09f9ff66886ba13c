/* Puts a folder in the place of another in one step. */
#ifndef ANALYZE_REPORT_SWAP_H
#define ANALYZE_REPORT_SWAP_H

#include "analyze/report/manifest.h"
#include "schema/base/str.h"

enum swap_result { SWAP_DONE = 0, SWAP_IMPOSSIBLE = 1 };

/* Builds the new folder beside `folder` (open as `descriptor`): the files of `publication` that `changed` marks,
 * `manifest` as data/manifest.json, and hard links of all else but what `old` names and the publication lacks.
 * Exchanges the two, then deletes the old one; what somebody put there meanwhile moves over. SWAP_IMPOSSIBLE: nothing
 * was changed, and one has to write file by file. */
int swap_publication(const char *folder, int descriptor, const struct publication *publication, const bool *changed,
                     const struct manifest *old, struct str manifest, struct err *err) must_check;

/* Deletes what a publication that was killed left beside `folder`. */
void swap_clear(const char *folder, int descriptor);

#endif
