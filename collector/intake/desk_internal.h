/* Inside collector/intake only: what the desk's two files share. */
#ifndef COLLECTOR_INTAKE_DESK_INTERNAL_H
#define COLLECTOR_INTAKE_DESK_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "collector/intake/budget.h"
#include "collector/intake/desk.h"
#include "schema/db/db.h"

enum {
    DESK_COMMITTERS_MAX = 15,
    DESK_CHECKERS_MAX = 16,
    DESK_THREADS_MAX = DESK_COMMITTERS_MAX + DESK_CHECKERS_MAX + 2,
    /* While committers are at work another joins them for as many as they store, or for so many: a small batch after
     * each answer would cost more than it gains, and a processor that idles beside a waiting crowd gains nothing. */
    DESK_JOIN_LEAST = 16
};

struct queue {
    struct work *first, **last;
    size_t waiting;
    pthread_cond_t arrived;
};

struct desk_thread {
    struct desk *desk;
    struct queue *queue;
    struct db *db;
    pthread_t thread;
    bool started;
};

struct desk {
    pthread_mutex_t lock;
    pthread_cond_t ended; /* a thread left */
    struct queue checks, stores, questions, changes;
    size_t waiting_max, running;
    size_t checking; /* documents that checkers read now */
    size_t storing;  /* submissions that committers store now */
    struct budget budget;
    bool closing;
    struct desk_thread threads[DESK_THREADS_MAX];
    size_t thread_count;
    struct desk_figures figures;
    char trouble[sizeof((struct err *)0)->text]; /* why the last transaction failed; "" = it did not */
    atomic_bool lost;
};

/* ---- desk_queue.c; the lock is held */
void desk_queue_add(struct queue *queue, struct work *work);
struct work *desk_queue_take(struct queue *queue);
/* Whether a thread may begin with what waits in its queue. */
bool desk_may_take(const struct desk *desk, const struct queue *queue);
/* ---- and where it is not: takes what waits, within the limits of one transaction; 0 when the desk closes. */
size_t desk_take_batch(struct desk *desk, struct queue *queue, size_t most, struct work **batch);
size_t desk_prepared_bytes(const struct prepared *prepared);

/* ---- desk_work.c: what the threads run; the context is a struct desk_thread */
void *desk_committer_run(void *context);
void *desk_checker_run(void *context);
void *desk_reader_run(void *context);
void desk_leave(struct desk *desk);

#endif
