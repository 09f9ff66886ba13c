#include "collector/take/importer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/db/db.h"

enum { WRITERS = 2 };
/* How long a database that restarts is waited for. */
static const int64_t patience_us = 60000000, pause_us = 500000;

struct item {
    struct prepared *prepared;
    const char *file, *part; /* in the batch's arena */
    size_t line;
};

struct batch {
    struct arena arena;
    struct item items[INTAKE_BATCH_MAX];
    size_t count, bytes;
};

struct writer {
    struct importer *importer;
    struct db *db;
    pthread_t thread;
    bool started;
};

struct importer {
    struct importer_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct batch *filling; /* of the thread that reads */
    struct batch *waiting; /* handed over, not taken up yet */
    bool ending;
    struct err failed; /* why nothing more can be written */
    struct importer_figures figures;
    struct writer writers[WRITERS];
};

static void batch_free(struct batch *batch)
{
    for (size_t i = 0; batch != NULL && i < batch->count; i++) {
        prepared_free(batch->items[i].prepared);
    }
    if (batch != NULL) {
        arena_done(&batch->arena);
    }
    free(batch);
}

static bool is_stopped(const struct importer *importer)
{
    return importer->options.stop != NULL && *importer->options.stop != 0;
}

void importer_refuse(struct importer *importer, const struct place *place, const struct err *why)
{
    pthread_mutex_lock(&importer->lock);
    importer->figures.refused++;
    importer->options.refused(importer->options.context, place, why);
    pthread_mutex_unlock(&importer->lock);
}

void importer_skip(struct importer *importer)
{
    pthread_mutex_lock(&importer->lock);
    importer->figures.skipped++;
    pthread_mutex_unlock(&importer->lock);
}

/* ---- writing */

static void count_outcome(struct importer *importer, const struct item *item, const struct outcome *outcome)
{
    const struct place place = {.file = item->file, .line = item->line, .part = item->part};
    struct err why = outcome->err;
    if (outcome->kind == OUTCOME_CREATED || outcome->kind == OUTCOME_DUPLICATE) {
        pthread_mutex_lock(&importer->lock);
        importer->figures.created += outcome->kind == OUTCOME_CREATED ? 1 : 0;
        importer->figures.duplicates += outcome->kind == OUTCOME_DUPLICATE ? 1 : 0;
        pthread_mutex_unlock(&importer->lock);
        return;
    }
    if (outcome->kind == OUTCOME_COLLISION) {
        (void)err_set(&why, ERR_COLLISION, "other bytes are stored under its key");
    } else if (outcome->kind == OUTCOME_GONE) {
        (void)err_set(&why, ERR_GONE, "it was %s here", outcome->state);
    }
    importer_refuse(importer, &place, &why);
}

/* Once more as long as the database may come back: nothing that is in doubt is called stored. */
static int store(struct writer *writer, struct prepared *const *items, size_t count, struct outcome *outcomes,
                 struct err *err)
{
    const int64_t deadline = clock_monotonic_us() + patience_us;
    for (;;) {
        int code = intake_store(writer->db, items, count, clock_wall_us(), outcomes, err);
        bool later = code != 0 && (db_connection_lost(writer->db) || db_is_transient(err) || code == -ERR_SERVICE);
        if (!later || clock_monotonic_us() + pause_us > deadline || is_stopped(writer->importer)) {
            return code;
        }
        clock_sleep_us(pause_us);
    }
}

static int write_batch(struct writer *writer, const struct batch *batch, struct err *err)
{
    struct prepared *items[INTAKE_BATCH_MAX];
    autofree struct outcome *outcomes = mem_zalloc(batch->count, sizeof *outcomes);
    if (outcomes == NULL) {
        return mem_error(err);
    }
    for (size_t i = 0; i < batch->count; i++) {
        items[i] = batch->items[i].prepared;
    }
    int code = store(writer, items, batch->count, outcomes, err);
    for (size_t i = 0; i < batch->count; i++) {
        /* Of a batch that stopped half way some may be stored. */
        if (code == 0 || outcomes[i].kind != OUTCOME_FAILED) {
            count_outcome(writer->importer, &batch->items[i], &outcomes[i]);
        }
    }
    return code;
}

static struct batch *next_batch(struct importer *importer)
{
    pthread_mutex_lock(&importer->lock);
    while (importer->waiting == NULL && !importer->ending) {
        pthread_cond_wait(&importer->changed, &importer->lock);
    }
    struct batch *batch = TAKE_PTR(importer->waiting);
    pthread_cond_broadcast(&importer->changed);
    pthread_mutex_unlock(&importer->lock);
    return batch;
}

static void *writer_run(void *context)
{
    struct writer *writer = context;
    struct importer *importer = writer->importer;
    struct batch *batch;
    while ((batch = next_batch(importer)) != NULL) {
        struct err err;
        int code = write_batch(writer, batch, &err);
        batch_free(batch);
        if (code != 0) {
            pthread_mutex_lock(&importer->lock);
            importer->failed = err;
            pthread_cond_broadcast(&importer->changed);
            pthread_mutex_unlock(&importer->lock);
        }
    }
    return NULL;
}

/* ---- reading */

/* Waits until a writer is ready for the next batch, and leaves it the full one. */
static int hand_over(struct importer *importer, struct err *err)
{
    int code = 0;
    pthread_mutex_lock(&importer->lock);
    while (importer->waiting != NULL && importer->failed.code == ERR_NONE) {
        pthread_cond_wait(&importer->changed, &importer->lock);
    }
    if (importer->failed.code == ERR_NONE) {
        importer->waiting = TAKE_PTR(importer->filling);
        pthread_cond_broadcast(&importer->changed);
    } else {
        *err = importer->failed;
        code = -(int)err->code;
    }
    pthread_mutex_unlock(&importer->lock);
    return code;
}

static int add_item(struct batch *batch, const struct place *place, struct prepared *prepared, struct err *err)
{
    struct item *item = &batch->items[batch->count++];
    *item = (struct item){.prepared = prepared, .line = place->line};
    batch->bytes +=
        prepared->raw_size + db_values_size(&prepared->run_rows) + db_values_size(&prepared->measurement_rows);
    item->file = arena_strdup(&batch->arena, place->file);
    item->part = arena_strdup(&batch->arena, place->part);
    return arena_check(&batch->arena, err);
}

int importer_take(struct importer *importer, const struct offered *offered, struct err *err)
{
    struct intake_policy policy = importer->options.policy;
    struct prepared *prepared = NULL;
    struct err why;
    if (is_stopped(importer)) {
        return err_set(err, ERR_RETRY, "stopped");
    }
    policy.now_us = clock_wall_us();
    if (offered->held && policy.anonymous == INTAKE_ANONYMOUS_ACCEPT) {
        policy.anonymous = INTAKE_ANONYMOUS_QUARANTINE;
    }
    int code = intake_check(offered->bytes, offered->id, &policy, &prepared, &why);
    if (code == -ERR_MEMORY) {
        return mem_error(err);
    }
    if (code == -ERR_HASH_MISMATCH) {
        (void)err_set(&why, ERR_HASH_MISMATCH, "the bytes are not those of the id that is stated beside them");
    }
    if (code != 0) {
        importer_refuse(importer, &offered->place, &why);
        return 0;
    }
    if (importer->filling == NULL && (importer->filling = mem_zalloc(1, sizeof *importer->filling)) == NULL) {
        prepared_free(prepared);
        return mem_error(err);
    }
    code = add_item(importer->filling, &offered->place, prepared, err);
    const struct batch *batch = importer->filling;
    if (code == 0 && (batch->count == INTAKE_BATCH_MAX || batch->bytes >= INTAKE_BATCH_BYTES)) {
        code = hand_over(importer, err);
    }
    return code;
}

static void end_writers(struct importer *importer)
{
    pthread_mutex_lock(&importer->lock);
    importer->ending = true;
    pthread_cond_broadcast(&importer->changed);
    pthread_mutex_unlock(&importer->lock);
    for (size_t i = 0; i < WRITERS; i++) {
        if (importer->writers[i].started) {
            (void)pthread_join(importer->writers[i].thread, NULL);
            importer->writers[i].started = false;
        }
    }
}

int importer_finish(struct importer *importer, struct err *err)
{
    int code = importer->filling != NULL && importer->filling->count > 0 ? hand_over(importer, err) : 0;
    end_writers(importer);
    if (code == 0 && importer->failed.code != ERR_NONE) {
        *err = importer->failed;
        code = -(int)err->code;
    }
    return code;
}

struct importer_figures importer_figures(struct importer *importer)
{
    pthread_mutex_lock(&importer->lock);
    struct importer_figures figures = importer->figures;
    pthread_mutex_unlock(&importer->lock);
    return figures;
}

static int start_writer(struct importer *importer, struct writer *writer, struct err *err)
{
    const struct db_options options = {
        .application_name = "crosschip-import", .writes = true, .direct = importer->options.direct};
    writer->importer = importer;
    int code = db_connect(importer->options.conninfo, &options, &writer->db, err);
    if (code == 0) {
        int failure = pthread_create(&writer->thread, NULL, writer_run, writer);
        writer->started = failure == 0;
        code = failure == 0 ? 0 : err_set_errno(err, ERR_INTERNAL, failure, "cannot start a thread");
    }
    return code;
}

int importer_open(const struct importer_options *options, struct importer **ret, struct err *err)
{
    struct importer *importer = mem_zalloc(1, sizeof *importer);
    if (importer == NULL) {
        return mem_error(err);
    }
    importer->options = *options;
    (void)pthread_mutex_init(&importer->lock, NULL);
    (void)pthread_cond_init(&importer->changed, NULL);
    int code = 0;
    for (size_t i = 0; code == 0 && i < WRITERS; i++) {
        code = start_writer(importer, &importer->writers[i], err);
    }
    if (code != 0) {
        importer_free(importer);
        return code;
    }
    *ret = importer;
    return 0;
}

void importer_free(struct importer *importer)
{
    if (importer == NULL) {
        return;
    }
    end_writers(importer);
    for (size_t i = 0; i < WRITERS; i++) {
        db_close(importer->writers[i].db);
    }
    batch_free(importer->filling);
    batch_free(importer->waiting);
    (void)pthread_cond_destroy(&importer->changed);
    (void)pthread_mutex_destroy(&importer->lock);
    free(importer);
}
