/* Child processes, always by exec, never through a shell. */
#ifndef SCHEMA_BASE_PROCESS_H
#define SCHEMA_BASE_PROCESS_H

#include <sys/types.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"

struct process_result {
    int exit_status;     /* -1 when a signal or the time limit ended it */
    int signal_number;   /* 0 when none */
    int timed_out;
};

/* Runs argv[0] (looked up in PATH) with no standard input, collects stdout and
 * stderr (either may be NULL: thrown away) up to their limits, and kills it with
 * its group after `limit_ms`. -ERR_SERVICE when it cannot be started. */
int process_run(const char *const *argv, int limit_ms, struct buf *out, struct buf *error_out,
                struct process_result *ret, struct err *err) must_check;

#endif
