/* What runs differ in although they stand behind one figure.
 *
 * The key of a cell holds what changes the work (DESIGN section 6). The version of the tool and its set-up (threads,
 * flash attention, …) are not in it, and a comparison of chips takes each with all its variants: a figure may pool
 * several of them, and then it has to say so. */
#ifndef ANALYZE_DATA_POOLED_H
#define ANALYZE_DATA_POOLED_H

#include "analyze/data/result_set.h"
#include "schema/base/buf.h"

/* "version (b6077, b6111), flash_attn (no, yes)"; false, and nothing added, where they differ in none of it. Values
 * that are read out of parameters live in the arena. */
bool pooled_differences(const struct result *const *results, size_t count, struct arena *arena, struct buf *into);
/* How many different versions of the tool are stated. */
size_t pooled_versions(const struct result *const *results, size_t count);

#endif
