/* A progress bar on a terminal's stderr; silent in a pipe, with -q, and below 300 ms of work. */
#ifndef SCHEMA_BASE_PROGRESS_H
#define SCHEMA_BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *label;
    size_t total;
    int64_t started_us, shown_us;
    int enabled;
};

void progress_begin(struct progress *progress, const char *label, size_t total);
void progress_step(struct progress *progress, size_t done);
void progress_end(struct progress *progress);

#endif
