/* What became of each bundle: printed as it happens, or together as JSON, and the exit status of the worst. */
#ifndef SUBMIT_OUTCOME_H
#define SUBMIT_OUTCOME_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/mem.h"

struct outcome {
    const char *file;  /* as given; NULL = none (queue) */
    const char *id;    /* NULL when no bundle came of it */
    const char *state; /* accepted, quarantined, queued, refused, failed, … */
    const char *rule, *server, *received_at;
    bool before; /* sent by an earlier call */
    const char *error, *detail, *hint;
};
struct outcomes {
    struct arena arena;
    struct outcome *items;
    size_t count, capacity;
    bool json, quiet;
    int exit_status;
};

void outcomes_done(struct outcomes *outcomes);
/* Texts are copied. Prints the line of stdout at once unless JSON was asked for. */
void outcome_add(struct outcomes *outcomes, const struct outcome *outcome, int exit_status);
/* The same for an error: its lines go to stderr at once. `state` such as "failed", "queued". */
void outcome_add_error(struct outcomes *outcomes, const char *file, const char *id, const char *state,
                       const struct err *err);
/* JSON when asked for, and a summary line on stderr when there was more than one. */
void outcomes_finish(const struct outcomes *outcomes);
/* The graver of two exit statuses: 74, 73, 77, 69, 65, 64, 75, 0. */
int worse_status(int a, int b);

#endif
