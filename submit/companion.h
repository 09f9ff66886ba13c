/* Files of one call that belong together: MLPerf's description of a system says what the logs beside it ran on, and a
 * summary of a run tells the same as its detailed log. */
#ifndef SUBMIT_COMPANION_H
#define SUBMIT_COMPANION_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"

enum companion_kind { COMPANION_SYSTEM, COMPANION_LOG, COMPANION_SUMMARY };
struct companion {
    const char *path; /* borrowed */
    enum companion_kind kind;
    struct reading *reading; /* owned */
};
struct companions {
    struct companion *items; /* owned */
    size_t count, capacity, systems;
};
void companions_done(struct companions *companions);
/* Looks into a file of the call, whose path stays borrowed; what cannot be read is none. */
int companions_look(struct companions *companions, const char *path, struct err *err) must_check;

/* Adds the facts of the system to a log that names no device: the one of its folder, or the only one there is. True
 * when some were added. */
bool companions_complete(const struct companions *companions, const char *path, struct reading *reading);
/* True for a system whose facts go to logs of the call. */
bool companions_used(const struct companions *companions, const char *path);
/* The log that tells the same run as the summary at `path`; NULL when there is none. */
const char *companions_twin(const struct companions *companions, const char *path);

#endif
