#include "collector/take/reparse.h"

#include <string.h>

#include "collector/intake/rows.h"
#include "collector/intake/statements.h"
#include "collector/intake/reread.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"

enum { BATCH = 64, TRIES = 5, COLUMN_ID = 0, COLUMN_CONTRIBUTOR, COLUMN_RAW };

static const int64_t pause_us = 500000;

struct batch {
    uint8_t ids[BATCH][16]; /* of those that could be read */
    int readers[BATCH];
    size_t count;
    struct db_values runs, measurements;
    uint8_t last[16];
    size_t rows; /* submissions that the database gave */
};

static void batch_done(struct batch *batch)
{
    db_values_done(&batch->runs);
    db_values_done(&batch->measurements);
}
#define autobatch cleanup(batch_done)

static void append(struct db_values *all, const struct db_values *rows)
{
    buf_add(&all->bytes, rows->bytes.data, rows->bytes.len);
    all->count += rows->count;
}

static int read_row(const struct reparse_options *options, const struct db_result *result, size_t row,
                    struct batch *batch, struct reparse_figures *figures, struct err *err)
{
    autoreread struct reread reread = {0};
    const uint8_t *id = db_uuid(result, row, COLUMN_ID);
    struct err why;
    int code =
        reread_bundle(db_bytes(result, row, COLUMN_RAW), db_uuid(result, row, COLUMN_CONTRIBUTOR), &reread, &why);
    memcpy(batch->last, id, sizeof batch->last);
    figures->seen++;
    if (code == -ERR_MEMORY) {
        return mem_error(err);
    }
    if (code != 0) {
        figures->unreadable++;
        if (options->told != NULL) {
            options->told(options->context, id, &why);
        }
        return 0;
    }
    append(&batch->runs, &reread.run_rows);
    append(&batch->measurements, &reread.measurement_rows);
    batch->readers[batch->count] = reread.reader_version;
    memcpy(batch->ids[batch->count++], id, sizeof batch->last);
    return 0;
}

static int read_batch(struct db *db, const struct reparse_options *options, const uint8_t *after, struct batch *batch,
                      struct reparse_figures *figures, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    if (after != NULL) {
        db_put_uuid(&values, after);
    } else {
        db_put_null(&values, DB_UUID);
    }
    db_put_int32(&values, BATCH);
    int code = db_query(db, statement("reparse_batch"), &values, &result, err);
    batch->rows = code == 0 ? db_rows(result) : 0;
    for (size_t row = 0; code == 0 && row < batch->rows; row++) {
        code = read_row(options, result, row, batch, figures, err);
    }
    return code;
}

/* Into new_run and new_measurement, which have the columns of run and measurement. */
static int copy_rows(struct db *db, const char *table, struct db_values *rows, struct err *err)
{
    autofree char *name = mem_printf("new_%s", table);
    if (name == NULL) {
        return mem_error(err);
    }
    int code = db_copy_begin(db, name, err);
    if (code == 0 && rows->count > 0) {
        code = db_copy_send(db, rows, err);
    }
    return code != 0 ? code : db_copy_end(db, NULL, err);
}

static int find_changed(struct db *db, const struct batch *batch, struct db_result **ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_uuid_array(&values, batch->ids, batch->count);
    return db_query(db, statement("reparse_changed"), &values, ret, err);
}

static void put_changed(struct db_values *values, const struct db_result *changed)
{
    db_array_begin(values, DB_UUID);
    for (size_t row = 0; row < db_rows(changed); row++) {
        db_put_uuid(values, db_uuid(changed, row, 0));
    }
    db_array_end(values);
}

static int reader_of(const struct batch *batch, const uint8_t *id)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (memcmp(batch->ids[i], id, sizeof batch->last) == 0) {
            return batch->readers[i];
        }
    }
    return 0;
}

static int replace(struct db *db, const struct batch *batch, const struct db_result *changed, struct err *err)
{
    static const char *const steps[] = {"reparse_delete_measurements", "reparse_delete_runs", "reparse_insert_runs",
                                        "reparse_insert_measurements"};
    autovalues struct db_values ids = DB_VALUES(DB_PARAMETERS), readers = DB_VALUES(DB_PARAMETERS),
                                event = DB_VALUES(DB_PARAMETERS);
    int code = 0;
    put_changed(&ids, changed);
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(steps); i++) {
        code = db_query(db, statement(steps[i]), &ids, NULL, err);
    }
    put_changed(&readers, changed);
    db_array_begin(&readers, DB_INT32);
    for (size_t row = 0; row < db_rows(changed); row++) {
        db_put_int32(&readers, reader_of(batch, db_uuid(changed, row, 0)));
    }
    db_array_end(&readers);
    if (code == 0) {
        code = db_query(db, statement("reparse_reader"), &readers, NULL, err);
    }
    put_changed(&event, changed);
    db_put_timestamptz(&event, clock_wall_us());
    db_put_text(&event, "read again from its bytes");
    return code != 0 ? code : db_query(db, statement("reparse_event"), &event, NULL, err);
}

static int work_batch(struct db *db, const struct reparse_options *options, const uint8_t *after, struct batch *batch,
                      struct reparse_figures *figures, struct err *err)
{
    autoresult struct db_result *changed = NULL;
    int code = read_batch(db, options, after, batch, figures, err);
    if (code == 0) {
        code = copy_rows(db, ROWS_RUN, &batch->runs, err);
    }
    if (code == 0) {
        code = copy_rows(db, ROWS_MEASUREMENT, &batch->measurements, err);
    }
    if (code == 0) {
        code = find_changed(db, batch, &changed, err);
    }
    if (code != 0) {
        return code;
    }
    for (size_t row = 0; row < db_rows(changed); row++) {
        figures->changed++;
        if (options->told != NULL) {
            options->told(options->context, db_uuid(changed, row, 0), NULL);
        }
    }
    return db_rows(changed) > 0 && !options->only_look ? replace(db, batch, changed, err) : 0;
}

/* One transaction; figures count only what was committed. */
static int try_batch(struct db *db, const struct reparse_options *options, uint8_t *position, bool *begun, bool *more,
                     struct reparse_figures *figures, struct err *err)
{
    autobatch struct batch batch = {.runs = DB_VALUES(DB_COPY_ROWS), .measurements = DB_VALUES(DB_COPY_ROWS)};
    struct reparse_figures after = *figures;
    int code = db_connection_lost(db) ? db_reconnect(db, err) : 0;
    if (code == 0) {
        code = db_begin(db, DB_READ_COMMITTED, err);
    }
    if (code == 0) {
        code = db_exec(db, statement("reparse_tables"), err);
    }
    if (code == 0) {
        code = work_batch(db, options, *begun ? position : NULL, &batch, &after, err);
    }
    if (code == 0) {
        code = db_commit(db, err);
    }
    if (code != 0) {
        db_rollback(db);
        return code;
    }
    memcpy(position, batch.last, sizeof batch.last);
    *begun = true;
    *more = batch.rows == BATCH;
    *figures = after;
    return 0;
}

int reparse_all(struct db *db, const struct reparse_options *options, struct reparse_figures *ret, struct err *err)
{
    uint8_t position[16] = {0};
    bool begun = false, more = true;
    *ret = (struct reparse_figures){0};
    for (int tries = 0; more;) {
        int code = try_batch(db, options, position, &begun, &more, ret, err);
        if (options->stop != NULL && *options->stop != 0) {
            return err_set(err, ERR_RETRY, "stopped");
        }
        if (code == 0) {
            tries = 0;
            if (options->progress != NULL) {
                options->progress(options->context, ret);
            }
        } else if (++tries >= TRIES || (!db_is_transient(err) && !db_connection_lost(db))) {
            return code;
        } else {
            clock_sleep_us(pause_us);
        }
    }
    return 0;
}
