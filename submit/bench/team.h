/* Threads that wait for work, so that starting them is in no measured time. */
#ifndef SUBMIT_BENCH_TEAM_H
#define SUBMIT_BENCH_TEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct team;

/* Items [begin, end) of the work; `member` is below the size of the team. */
typedef void team_work(void *context, size_t member, size_t begin, size_t end);

/* `size` threads, the caller included. */
int team_open(size_t size, struct team **ret, struct err *err) must_check;
void team_close(struct team *team);
void team_close_cleanup(struct team **team);
#define autoteam cleanup(team_close_cleanup)
size_t team_size(const struct team *team);

/* Calls `work` until all `count` items are done, at most `grain` at a time, and returns then. Each member has a share
 * of its own, always the same for the same count, and begins there: what it touched first lies near it. With `help` one
 * that is done takes from the others, so that slow cores do not keep the rest waiting. */
void team_run(struct team *team, team_work *work, void *context, size_t count, size_t grain, bool help);

#endif
