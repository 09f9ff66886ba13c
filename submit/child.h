/* A benchmark as a child: its output goes through at once, and is kept for the reader. */
#ifndef SUBMIT_CHILD_H
#define SUBMIT_CHILD_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"

/* Where two streams and a progress line share a terminal. */
struct screen;
int screen_open(bool progress, struct screen **ret, struct err *err) must_check;
void screen_close(struct screen *screen);
void screen_close_cleanup(struct screen **screen);
#define autoscreen cleanup(screen_close_cleanup)
/* Redraws the line on stderr, where progress is wanted and the child is not in the middle of a line of its own. From
 * any thread. */
void screen_progress(struct screen *screen, const char *text);

struct child_output {
    struct buf out, error; /* up to their limits; then `failed` is set and the rest only goes through */
};
struct child_end {
    int exit_status;   /* -1 when a signal ended it */
    int signal_number; /* 0 when none did */
};

/* Runs argv[0] (looked up in PATH) with our standard input, and passes its standard output on to `out_descriptor` and
 * its errors on to ours. It is in our process group: what a terminal sends reaches it by itself; SIGINT, SIGQUIT,
 * SIGTERM and SIGHUP that somebody sends to us are passed on, and none of them ends us before the child. A reader of
 * ours that goes away does not end the child either. -ERR_SERVICE when it cannot be started. */
int child_run(char *const *argv, int out_descriptor, struct screen *screen, struct child_output *output,
              struct child_end *ret, struct err *err) must_check;

#endif
