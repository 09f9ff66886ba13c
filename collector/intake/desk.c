#include "collector/intake/desk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"
#include "schema/db/db.h"

enum { COMMITTERS = 2, WAITING_MAX = 4096, THREADS_MAX = 17, STATEMENT_LIMIT_MS = 5000, ANSWER_LIMIT_MS = 6000 };
/* Documents and encoded rows that may wait at once; one always may. */
#define WAITING_BYTES_MAX ((size_t)32 << 20)

struct queue {
    struct work *first, **last;
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
    struct queue stores, questions, changes;
    size_t waiting, waiting_max, running;
    size_t held_bytes; /* of work that waits or is being done */
    bool closing;
    struct desk_thread threads[THREADS_MAX];
    size_t thread_count;
    struct desk_figures figures;
    char trouble[sizeof((struct err *)0)->text]; /* why the last transaction failed; "" = it did not */
    atomic_bool lost;
};

static size_t work_bytes(const struct work *work)
{
    const struct prepared *prepared = work->prepared;
    return prepared == NULL
               ? 0
               : prepared->raw_size + db_values_size(&prepared->run_rows) + db_values_size(&prepared->measurement_rows);
}

/* The last that the desk does with a piece of work: `done` may free it. */
static void hand_back(struct desk *desk, struct work *work)
{
    size_t bytes = work_bytes(work);
    pthread_mutex_lock(&desk->lock);
    desk->held_bytes -= bytes;
    pthread_mutex_unlock(&desk->lock);
    work->done(work);
}

static struct work *queue_take(struct desk *desk, struct queue *queue)
{
    struct work *work = queue->first;
    queue->first = work->next;
    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
    work->next = NULL;
    desk->waiting--;
    return work;
}

/* Takes what waits, within the limits of one transaction; 0 when the desk closes. */
static size_t take_batch(struct desk *desk, struct queue *queue, size_t most, struct work **batch)
{
    size_t count = 0, bytes = 0;
    pthread_mutex_lock(&desk->lock);
    while (queue->first == NULL && !desk->closing) {
        pthread_cond_wait(&queue->arrived, &desk->lock);
    }
    while (queue->first != NULL && count < most) {
        size_t size = work_bytes(queue->first);
        if (count > 0 && bytes + size > INTAKE_BATCH_BYTES) {
            break;
        }
        bytes += size;
        batch[count++] = queue_take(desk, queue);
    }
    pthread_mutex_unlock(&desk->lock);
    return count;
}

static void count_outcomes(struct desk *desk, const struct outcome *outcomes, size_t count)
{
    pthread_mutex_lock(&desk->lock);
    desk->figures.transactions++;
    for (size_t i = 0; i < count; i++) {
        desk->figures.created += outcomes[i].kind == OUTCOME_CREATED ? 1 : 0;
        desk->figures.duplicates += outcomes[i].kind == OUTCOME_DUPLICATE ? 1 : 0;
        desk->figures.failed += outcomes[i].kind == OUTCOME_FAILED ? 1 : 0;
    }
    pthread_mutex_unlock(&desk->lock);
}

/* One line when the database begins to refuse, and again only when the reason changes. */
static void tell_trouble(struct desk *desk, int code, const struct err *err)
{
    char text[sizeof desk->trouble] = "";
    if (code != 0) {
        text_copy(text, sizeof text, err->text[0] != '\0' ? err->text : err_word(err->code));
    }
    pthread_mutex_lock(&desk->lock);
    const bool changed = strcmp(desk->trouble, text) != 0;
    text_copy(desk->trouble, sizeof desk->trouble, text);
    pthread_mutex_unlock(&desk->lock);
    if (changed && code != 0) {
        log_warning("the database takes nothing: %s", text);
    } else if (changed) {
        log_info("the database takes submissions again");
    }
}

static void store_batch(struct desk_thread *self, struct work **batch, size_t count)
{
    struct prepared *items[INTAKE_BATCH_MAX];
    autofree struct outcome *outcomes = mem_zalloc(count, sizeof *outcomes);
    struct err err;
    for (size_t i = 0; i < count; i++) {
        items[i] = batch[i]->prepared;
    }
    int code =
        outcomes != NULL ? intake_store(self->db, items, count, clock_wall_us(), outcomes, &err) : mem_error(&err);
    if (code != 0 && db_connection_lost(self->db)) {
        atomic_store(&self->desk->lost, true);
    }
    tell_trouble(self->desk, code, &err);
    if (outcomes != NULL) {
        count_outcomes(self->desk, outcomes, count);
    }
    for (size_t i = 0; i < count; i++) {
        struct work *work = batch[i];
        if (outcomes != NULL) {
            work->outcome = outcomes[i];
        } else {
            work->outcome = (struct outcome){.kind = OUTCOME_FAILED, .err = err};
        }
        hand_back(self->desk, work);
    }
}

static void *committer_run(void *context)
{
    struct desk_thread *self = context;
    struct work *batch[INTAKE_BATCH_MAX];
    size_t count;
    while ((count = take_batch(self->desk, self->queue, INTAKE_BATCH_MAX, batch)) > 0) {
        store_batch(self, batch, count);
    }
    pthread_mutex_lock(&self->desk->lock);
    self->desk->running--;
    pthread_cond_broadcast(&self->desk->ended);
    pthread_mutex_unlock(&self->desk->lock);
    return NULL;
}

static int answer_question(struct db *db, struct work *work)
{
    switch (work->kind) {
    case WORK_VIEW:
        return intake_view(db, work->id, &work->view, &work->err);
    case WORK_RAW:
        work->raw = BUF(BUNDLE_BYTES_MAX);
        return intake_raw(db, work->id, &work->raw, &work->err);
    case WORK_PING:
        return db_exec(db, "select 1", &work->err);
    case WORK_ASK:
    case WORK_CHANGE:
        return work->ask(db, work, &work->err);
    case WORK_STORE:
        break;
    }
    return err_set(&work->err, ERR_INTERNAL, "this piece of work is no question");
}

/* A question asked again does no harm: once more over a new connection when the old one was lost. */
static void answer(struct desk_thread *self, struct work *work)
{
    int code = -ERR_SERVICE;
    for (int tries = 0; tries < 2; tries++) {
        code = db_connection_lost(self->db) ? db_reconnect(self->db, &work->err) : 0;
        if (code == 0) {
            code = answer_question(self->db, work);
        }
        if (code == 0 || !db_connection_lost(self->db)) {
            break;
        }
        atomic_store(&self->desk->lost, true);
    }
    if (code == 0) {
        work->err.code = ERR_NONE;
    }
    hand_back(self->desk, work);
}

static void *reader_run(void *context)
{
    struct desk_thread *self = context;
    struct work *work;
    while (take_batch(self->desk, self->queue, 1, &work) > 0) {
        answer(self, work);
    }
    pthread_mutex_lock(&self->desk->lock);
    self->desk->running--;
    pthread_cond_broadcast(&self->desk->ended);
    pthread_mutex_unlock(&self->desk->lock);
    return NULL;
}

/* What a thread of the desk does, and as whom. */
struct job {
    const char *application_name;
    struct queue *queue;
    bool writes;
    void *(*run)(void *thread);
};

static int add_thread(struct desk *desk, const char *database, const struct job *job, struct err *err)
{
    struct desk_thread *thread = &desk->threads[desk->thread_count++];
    const struct db_options options = {
        .application_name = job->application_name,
        .writes = job->writes,
        .statement_timeout_ms = STATEMENT_LIMIT_MS,
        .answer_limit_ms = ANSWER_LIMIT_MS,
    };
    thread->desk = desk;
    thread->queue = job->queue;
    int code = db_connect(database, &options, &thread->db, err);
    if (code != 0) {
        return code;
    }
    int failure = pthread_create(&thread->thread, NULL, job->run, thread);
    if (failure != 0) {
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
        queue_init(&desk->stores);
        queue_init(&desk->questions);
        queue_init(&desk->changes);
        desk->waiting_max = options->waiting_max > 0 ? options->waiting_max : WAITING_MAX;
    }
    return desk;
}

int desk_open(const struct desk_options *options, struct desk **ret, struct err *err)
{
    struct desk *desk = desk_new(options);
    if (desk == NULL) {
        return mem_error(err);
    }
    int committers = options->committers > 0 ? options->committers : COMMITTERS;
    if (committers > THREADS_MAX - 2) {
        committers = THREADS_MAX - 2;
    }
    const struct job committer = {"crosschip-collector intake", &desk->stores, true, committer_run};
    const struct job reader = {"crosschip-collector reader", &desk->questions, false, reader_run};
    const struct job clerk = {"crosschip-collector clerk", &desk->changes, true, reader_run};
    int code = 0;
    for (int i = 0; code == 0 && i < committers + 2; i++) {
        pthread_mutex_lock(&desk->lock);
        desk->running++;
        pthread_mutex_unlock(&desk->lock);
        code = add_thread(desk, options->database,
                          i < committers    ? &committer
                          : i == committers ? &reader
                                            : &clerk,
                          err);
    }
    if (code != 0) {
        pthread_mutex_lock(&desk->lock);
        desk->running--;
        pthread_mutex_unlock(&desk->lock);
        desk_free(desk);
        return code;
    }
    *ret = desk;
    return 0;
}

bool desk_put(struct desk *desk, struct work *work)
{
    struct queue *queue = work->kind == WORK_STORE    ? &desk->stores
                          : work->kind == WORK_CHANGE ? &desk->changes
                                                      : &desk->questions;
    size_t bytes = work_bytes(work);
    pthread_mutex_lock(&desk->lock);
    bool room = !desk->closing && desk->waiting < desk->waiting_max &&
                (desk->held_bytes == 0 || desk->held_bytes + bytes <= WAITING_BYTES_MAX);
    if (room) {
        desk->held_bytes += bytes;
        work->next = NULL;
        *queue->last = work;
        queue->last = &work->next;
        desk->waiting++;
        pthread_cond_signal(&queue->arrived);
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
        struct work *work = queue_take(desk, queue);
        pthread_mutex_unlock(&desk->lock);
        (void)err_set(&work->err, ERR_RETRY, "the collector is stopping");
        work->outcome = (struct outcome){.kind = OUTCOME_FAILED, .err = work->err};
        hand_back(desk, work);
        pthread_mutex_lock(&desk->lock);
    }
}

void desk_close(struct desk *desk, int64_t limit_us)
{
    struct timespec until = time_after(limit_us);
    pthread_mutex_lock(&desk->lock);
    desk->closing = true;
    pthread_cond_broadcast(&desk->stores.arrived);
    pthread_cond_broadcast(&desk->questions.arrived);
    pthread_cond_broadcast(&desk->changes.arrived);
    while (desk->running > 0 && pthread_cond_timedwait(&desk->ended, &desk->lock, &until) == 0) {
    }
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
    pthread_mutex_unlock(&desk->lock);
    return figures;
}
