/* Work that processes of our own do side by side: forked from this one, they see all that it had read by then.
 *
 * Charts are drawn this way because neither fontconfig nor Cairo's FreeType side may be used by two threads, and a
 * process that has opened fonts may not fork (Pango starts a thread with them): who forks opens none. A worker is asked
 * by a number and answers with bytes; it changes nothing outside of itself, but for a file aside. Which worker did what shows nowhere. One
 * that dies is told as an error. They end with `workers_done`, and by themselves when this process ends. */
#ifndef ANALYZE_REPORT_WORKERS_H
#define ANALYZE_REPORT_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"

#define WORKERS_MOST 16
#define WORKERS_ANSWER_MAX ((size_t)1 << 30)

/* In a worker; `context` is its own copy. */
typedef int worker_function(void *context, size_t task, struct buf *answer, struct err *err);
/* In this process, in the order in which answers arrive; `index` of the task in the list. */
typedef int worker_taker(void *context, size_t index, struct buf *answer, struct err *err);

struct worker {
    pid_t pid;
    int socket;
    bool busy;
    size_t index; /* of the task that it is busy with */
};
struct workers {
    const char *what; /* "drawing charts": for errors */
    worker_function *work;
    void *context;
    size_t most; /* side by side; 0 = as many as processors that this process may use */
    struct worker items[WORKERS_MOST];
    size_t count;
};
void workers_done(struct workers *workers);
#define autoworkers cleanup(workers_done)

/* Starts as many as `tasks` are worth: before this process has a second thread, for which workers_run is then. */
int workers_start(struct workers *workers, size_t tasks, struct err *err) must_check;
/* One task for the first of them, which is started where there is none (before this process has a second thread), and
 * its answer: this process does something else meanwhile. */
int workers_give(struct workers *workers, size_t task, struct err *err) must_check;
int workers_take(struct workers *workers, struct buf *answer, struct err *err) must_check;
/* All tasks of a list. The first error ends it. */
int workers_run(struct workers *workers, const size_t *tasks, size_t count, worker_taker *take, void *context,
                struct err *err) must_check;

#endif
