#include <stdlib.h>
#include <string.h>

#include "collector/intake/desk_internal.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"

static void count_outcomes(struct desk *desk, const struct outcome *outcomes, size_t count)
{
    pthread_mutex_lock(&desk->lock);
    desk->figures.transactions++;
    desk->figures.batched += count;
    size_t bucket = 0;
    while (bucket + 1 < DESK_BATCH_BUCKETS && count > (size_t)1 << bucket) {
        bucket++;
    }
    desk->figures.batches[bucket]++;
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
        work->done(work);
    }
}

void desk_leave(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->running--;
    pthread_cond_broadcast(&desk->ended);
    pthread_mutex_unlock(&desk->lock);
}

void *desk_committer_run(void *context)
{
    struct desk_thread *self = context;
    struct work *batch[INTAKE_BATCH_MAX];
    size_t count;
    while ((count = desk_take_batch(self->desk, self->queue, INTAKE_BATCH_MAX, batch)) > 0) {
        store_batch(self, batch, count);
        pthread_mutex_lock(&self->desk->lock);
        self->desk->storing -= count;
        pthread_mutex_unlock(&self->desk->lock);
    }
    desk_leave(self->desk);
    return NULL;
}

static int inflate_body(struct desk *desk, struct work *work, struct buf *into, struct err *err)
{
    static const struct read_limits limits = {
        .bytes_in_max = BUNDLE_COMPRESSED_MAX,
        .bytes_out_max = BUNDLE_BYTES_MAX,
        .ratio_max = BUNDLE_RATIO_MAX,
        .ratio_after = BUNDLE_RATIO_AFTER,
    };
    size_t most = work->body.len * BUNDLE_RATIO_MAX;
    most = most < BUNDLE_RATIO_AFTER ? BUNDLE_RATIO_AFTER : most < BUNDLE_BYTES_MAX ? most : BUNDLE_BYTES_MAX;
    if (!desk_charge(desk, work, most)) {
        return err_set(err, ERR_RETRY, "too many documents at once, try again");
    }
    *into = BUF(BUNDLE_BYTES_MAX);
    int code = read_inflate(work->coding, buf_text(&work->body), work->body.len, &limits, into, err);
    if (code == 0) {
        buf_done(&work->body);
    }
    return code;
}

static int check_body(struct desk *desk, struct work *work, struct err *err)
{
    autobuf struct buf inflated = {0};
    int code = work->coding == READ_PLAIN ? 0 : inflate_body(desk, work, &inflated, err);
    if (code != 0) {
        return code;
    }
    const struct buf *document = work->coding == READ_PLAIN ? &work->body : &inflated;
    size_t need = DESK_CHECK_FACTOR * document->len;
    if (need > work->charged && !desk_charge(desk, work, need - work->charged)) {
        return err_set(err, ERR_RETRY, "too many documents at once, try again");
    }
    return intake_check(str_slice(buf_text(document), document->len), work->key, &work->policy, &work->prepared, err);
}

int desk_check(struct desk *desk, struct work *work)
{
    struct err err = {0};
    int code = check_body(desk, work, &err);
    buf_done(&work->body);
    desk_release(desk, work, code == 0 ? desk_prepared_bytes(work->prepared) : 0);
    if (code != 0) {
        work->refused = true;
        if (err_http_status(err.code) >= 500) {
            (void)err_set(&err, ERR_RETRY, "the collector is short of memory, try again");
        }
        work->outcome = (struct outcome){.kind = OUTCOME_FAILED, .err = err};
    }
    return code;
}

static void check_one(struct desk *desk, struct work *work)
{
    const bool good = desk_check(desk, work) == 0;
    pthread_mutex_lock(&desk->lock);
    desk->checking--;
    if (good) {
        work->kind = WORK_STORE;
        desk_queue_add(&desk->stores, work);
    }
    /* Committers that wait for the end want to know as well. */
    pthread_cond_broadcast(&desk->stores.arrived);
    pthread_mutex_unlock(&desk->lock);
    if (!good) {
        work->done(work);
    }
}

void *desk_checker_run(void *context)
{
    struct desk_thread *self = context;
    struct work *work;
    while (desk_take_batch(self->desk, self->queue, 1, &work) > 0) {
        check_one(self->desk, work);
    }
    desk_leave(self->desk);
    return NULL;
}

static int answer_question(struct db *db, struct work *work)
{
    switch (work->kind) {
    case WORK_VIEW:
        return intake_view(db, work->id, work->view, &work->outcome.err);
    case WORK_RAW:
        work->raw = BUF(BUNDLE_BYTES_MAX);
        return intake_raw(db, work->id, &work->raw, &work->outcome.err);
    case WORK_PING:
        return db_exec(db, "select 1", &work->outcome.err);
    case WORK_ASK:
    case WORK_CHANGE:
        return work->ask(db, work, &work->outcome.err);
    case WORK_CHECK:
    case WORK_STORE:
        break;
    }
    return err_set(&work->outcome.err, ERR_INTERNAL, "this piece of work is no question");
}

/* A question asked again does no harm: once more over a new connection when the old one was lost. */
static void answer(struct desk_thread *self, struct work *work)
{
    int code = -ERR_SERVICE;
    for (int tries = 0; tries < 2; tries++) {
        code = db_connection_lost(self->db) ? db_reconnect(self->db, &work->outcome.err) : 0;
        if (code == 0) {
            code = answer_question(self->db, work);
        }
        if (code == 0 || !db_connection_lost(self->db)) {
            break;
        }
        atomic_store(&self->desk->lost, true);
    }
    if (code == 0 && work->raw.len > 0 && !desk_charge(self->desk, work, 2 * work->raw.len)) {
        buf_done(&work->raw);
        code = err_set(&work->outcome.err, ERR_RETRY, "too many answers at once, try again");
    }
    if (code == 0) {
        work->outcome.err.code = ERR_NONE;
    }
    work->done(work);
}

void *desk_reader_run(void *context)
{
    struct desk_thread *self = context;
    struct work *work;
    while (desk_take_batch(self->desk, self->queue, 1, &work) > 0) {
        answer(self, work);
    }
    desk_leave(self->desk);
    return NULL;
}
