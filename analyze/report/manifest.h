/* The list of files that publications made in a folder: data/manifest.json. */
#ifndef ANALYZE_REPORT_MANIFEST_H
#define ANALYZE_REPORT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "analyze/report/publication.h"

struct manifest {
    struct arena arena;
    const char **paths;
    size_t count, capacity;
};
void manifest_done(struct manifest *manifest);
#define automanifest cleanup(manifest_done)

/* What stands there; empty when there is none. Paths that no publication makes (other folders, "..", odd characters,
 * RESULTS.md) are not taken over, whatever the file says: nothing else is ever deleted. ERR_DATA when it is no
 * manifest. */
int manifest_read(const char *folder, struct manifest *ret, struct err *err) must_check;
/* Whether publications may make a file of that name. */
bool manifest_may_name(const char *path);
bool manifest_names(const struct publication *publication, const char *path);
/* The paths of a publication, and those of `old` (may be NULL), sorted. */
void manifest_print(const struct publication *publication, const struct manifest *old, struct buf *into);

#endif
