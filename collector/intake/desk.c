#include <stdlib.h>
#include <time.h>

#include "collector/intake/desk_internal.h"
#include "schema/base/mem.h"

enum { COMMITTERS = 3, CHECKERS = 2, WAITING_MAX = 4096, STATEMENT_LIMIT_MS = 5000, ANSWER_LIMIT_MS = 6000 };

/* What a kind of threads does. Checkers need no database. */
struct job {
    const char *name, *role;
    struct queue *queue;
    bool connects, writes;
    void *(*run)(void *context);
};

static int connect_thread(struct desk_thread *thread, const struct desk_options *desk, const struct job *job,
                          struct err *err)
{
    const struct db_options options = {
        .application_name = job->name,
        .direct = desk->direct,
        .role = job->role,
        .writes = job->writes,
        .reads_only = !job->writes,
        .statement_timeout_ms = STATEMENT_LIMIT_MS,
        .answer_limit_ms = ANSWER_LIMIT_MS,
    };
    return db_connect(desk->database, &options, &thread->db, err);
}

static int add_thread(struct desk *desk, const struct desk_options *options, const struct job *job, struct err *err)
{
    struct desk_thread *thread = &desk->threads[desk->thread_count++];
    thread->desk = desk;
    thread->queue = job->queue;
    int code = job->connects ? connect_thread(thread, options, job, err) : 0;
    if (code != 0) {
        return code;
    }
    pthread_mutex_lock(&desk->lock);
    desk->running++;
    pthread_mutex_unlock(&desk->lock);
    int failure = pthread_create(&thread->thread, NULL, job->run, thread);
    if (failure != 0) {
        desk_leave(desk);
        return err_set_errno(err, ERR_SERVICE, failure, "cannot start a thread");
    }
    thread->started = true;
    return 0;
}

static void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
    pthread_cond_init(&queue->arrived, NULL);
}

static struct desk *desk_new(const struct desk_options *options)
{
    struct desk *desk = mem_zalloc(1, sizeof *desk);
    if (desk != NULL) {
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
#ifndef __APPLE__
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
        pthread_mutex_init(&desk->lock, NULL);
        pthread_cond_init(&desk->ended, &attributes);
        pthread_condattr_destroy(&attributes);
        queue_init(&desk->checks);
        queue_init(&desk->stores);
        queue_init(&desk->questions);
        queue_init(&desk->changes);
        desk->waiting_max = options->waiting_max > 0 ? options->waiting_max : WAITING_MAX;
        desk->budget.most = DESK_BUDGET;
    }
    return desk;
}

static int number_of(int wished, int usual, int most)
{
    int number = wished > 0 ? wished : usual;
    return number < most ? number : most;
}

int desk_open(const struct desk_options *options, struct desk **ret, struct err *err)
{
    struct desk *desk = desk_new(options);
    if (desk == NULL) {
        return mem_error(err);
    }
    const struct {
        struct job job;
        int count;
    } kinds[] = {
        {{"crosschip-collector intake", options->intake_role, &desk->stores, true, true, desk_committer_run},
         number_of(options->committers, COMMITTERS, DESK_COMMITTERS_MAX)},
        {{"crosschip-collector reader", options->reader_role, &desk->questions, true, false, desk_reader_run}, 1},
        {{"crosschip-collector clerk", options->clerk_role, &desk->changes, true, true, desk_reader_run}, 1},
        {{"checker", NULL, &desk->checks, false, false, desk_checker_run},
         number_of(options->checkers, CHECKERS, DESK_CHECKERS_MAX)},
    };
    int code = 0;
    for (size_t kind = 0; kind < ARRAY_LENGTH(kinds); kind++) {
        for (int i = 0; code == 0 && i < kinds[kind].count; i++) {
            code = add_thread(desk, options, &kinds[kind].job, err);
        }
    }
    if (code != 0) {
        desk_free(desk);
        return code;
    }
    *ret = desk;
    return 0;
}

static struct queue *queue_of(struct desk *desk, enum work_kind kind)
{
    switch (kind) {
    case WORK_CHECK:
        return &desk->checks;
    case WORK_STORE:
        return &desk->stores;
    case WORK_CHANGE:
        return &desk->changes;
    case WORK_VIEW:
    case WORK_RAW:
    case WORK_PING:
    case WORK_ASK:
        break;
    }
    return &desk->questions;
}

bool desk_put(struct desk *desk, struct work *work)
{
    struct queue *queue = queue_of(desk, work->kind);
    pthread_mutex_lock(&desk->lock);
    bool room = !desk->closing &&
                desk->checks.waiting + desk->stores.waiting + desk->questions.waiting + desk->changes.waiting <
                    desk->waiting_max;
    if (room) {
        desk_queue_add(queue, work);
        if (desk_may_take(desk, queue)) {
            pthread_cond_signal(&queue->arrived);
        }
    }
    pthread_mutex_unlock(&desk->lock);
    return room;
}

static struct timespec time_after(int64_t us)
{
    struct timespec at;
#ifdef __APPLE__
    clock_gettime(CLOCK_REALTIME, &at);
#else
    clock_gettime(CLOCK_MONOTONIC, &at);
#endif
    int64_t ns = at.tv_nsec + (us % 1000000) * 1000;
    at.tv_sec += us / 1000000 + ns / 1000000000;
    at.tv_nsec = (long)(ns % 1000000000);
    return at;
}

/* Whatever could not be begun in time is told so; it is in nobody's hands but ours. */
static void refuse_waiting(struct desk *desk, struct queue *queue)
{
    while (queue->first != NULL) {
        struct work *work = desk_queue_take(queue);
        pthread_mutex_unlock(&desk->lock);
        work->outcome = (struct outcome){.kind = OUTCOME_FAILED};
        (void)err_set(&work->outcome.err, ERR_RETRY, "the collector is stopping");
        work->done(work);
        pthread_mutex_lock(&desk->lock);
    }
}

void desk_close(struct desk *desk, int64_t limit_us)
{
    struct timespec until = time_after(limit_us);
    pthread_mutex_lock(&desk->lock);
    desk->closing = true;
    pthread_cond_broadcast(&desk->checks.arrived);
    pthread_cond_broadcast(&desk->stores.arrived);
    pthread_cond_broadcast(&desk->questions.arrived);
    pthread_cond_broadcast(&desk->changes.arrived);
    while (desk->running > 0 && pthread_cond_timedwait(&desk->ended, &desk->lock, &until) == 0) {
    }
    refuse_waiting(desk, &desk->checks);
    refuse_waiting(desk, &desk->stores);
    refuse_waiting(desk, &desk->questions);
    refuse_waiting(desk, &desk->changes);
    pthread_mutex_unlock(&desk->lock);
    for (size_t i = 0; i < desk->thread_count; i++) {
        struct desk_thread *thread = &desk->threads[i];
        if (thread->started) {
            pthread_join(thread->thread, NULL);
            thread->started = false;
        }
        db_close(thread->db);
        thread->db = NULL;
    }
}

void desk_free(struct desk *desk)
{
    if (desk == NULL) {
        return;
    }
    desk_close(desk, 0);
    pthread_mutex_destroy(&desk->lock);
    pthread_cond_destroy(&desk->ended);
    pthread_cond_destroy(&desk->checks.arrived);
    pthread_cond_destroy(&desk->stores.arrived);
    pthread_cond_destroy(&desk->questions.arrived);
    pthread_cond_destroy(&desk->changes.arrived);
    free(desk);
}

bool desk_lost_database(struct desk *desk)
{
    return atomic_exchange(&desk->lost, false);
}

struct desk_figures desk_figures(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    struct desk_figures figures = desk->figures;
    figures.waiting = desk->checks.waiting + desk->stores.waiting + desk->questions.waiting + desk->changes.waiting;
    figures.held_bytes = atomic_load(&desk->budget.used);
    pthread_mutex_unlock(&desk->lock);
    return figures;
}
