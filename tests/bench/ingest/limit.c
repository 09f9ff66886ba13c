/* What PostgreSQL takes at most: the same rows by COPY in binary form, encoded before, over so many connections.
 *
 *   limit CONNINFO SECONDS CONNECTIONS BATCH
 *
 * Each transaction: BEGIN, COPY of submission, run, measurement and pending_event, COMMIT. Nothing is parsed, hashed or
 * checked; keys are random. Prints: rate (submissions/s), p50_ms of a transaction, stored. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "collector/intake/rows.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/db/db.h"
#include "tests/bench/ingest/bundles.h"

enum { KEY = 16, BATCH_MAX = 128, TIMES_MAX = 1 << 20 };

static void fail(const struct err *err)
{
    fprintf(stderr, "limit: %s\n", err->text);
    exit(69);
}

struct kind {
    struct prepared *prepared;
    struct db_values submission, event;
};

struct connection {
    pthread_t thread;
    struct db *db;
    uint64_t key;
    int64_t until_us, stored;
    size_t batch, transactions;
    double *times_ms;
};

static struct kind kinds[BUNDLE_KINDS];

/* The two rows that intake does not encode ahead. */
static void encode_rest(struct kind *kind)
{
    const struct prepared *item = kind->prepared;
    static const uint8_t nobody[KEY] = {0};
    struct db_values *row = &kind->submission;
    *row = DB_VALUES(DB_COPY_ROWS);
    db_put_row(row, 15);
    db_put_uuid(row, item->hash);
    db_put_bytea(row, item->hash, sizeof item->hash);
    db_put_timestamptz(row, clock_wall_us());
    db_put_text(row, "http");
    db_put_uuid(row, nobody);
    db_put_null(row, DB_BYTEA);
    db_put_null(row, DB_BYTEA);
    db_put_text(row, item->format);
    db_put_int32(row, item->reader_version);
    db_put_text(row, item->state);
    db_put_int32(row, 1);
    db_put_text_array(row, NULL, 0);
    db_put_null(row, DB_JSONB);
    db_put_int32(row, (int32_t)item->raw_size);
    db_put_bytea(row, item->raw, item->raw_size);
    row = &kind->event;
    *row = DB_VALUES(DB_COPY_ROWS);
    db_put_row(row, 5);
    db_put_uuid(row, item->hash);
    db_put_int32(row, 1);
    db_put_text(row, item->state);
    db_put_timestamptz(row, clock_wall_us());
    db_put_bytea(row, item->detail, sizeof item->detail);
}

static void make_kinds(void)
{
    static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};
    struct bundle_kind bundles[BUNDLE_KINDS];
    struct err err;
    bundles_make(bundles);
    for (size_t i = 0; i < BUNDLE_KINDS; i++) {
        const struct buf *text = &bundles[i].text;
        if (intake_check(str_slice(text->data, text->len), NULL, &policy, &kinds[i].prepared, &err) != 0) {
            fail(&err);
        }
        encode_rest(&kinds[i]);
    }
    bundles_done(bundles);
}

static uint32_t load32(const unsigned char *at)
{
    return ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | (uint32_t)at[3];
}

/* Appends the rows under another key: the first column of each. */
static void add_rows(struct db_values *out, const struct db_values *rows, const uint8_t key[KEY], bool with_hash)
{
    size_t at = out->bytes.len;
    buf_add(&out->bytes, rows->bytes.data, rows->bytes.len);
    out->count += rows->count;
    unsigned char *bytes = (unsigned char *)out->bytes.data;
    while (at < out->bytes.len) {
        int columns = bytes[at] << 8 | bytes[at + 1];
        at += 2;
        memcpy(bytes + at + 4, key, KEY);
        if (with_hash) {
            memcpy(bytes + at + 4 + KEY + 4, key, KEY);
        }
        for (int i = 0; i < columns; i++) {
            uint32_t length = load32(bytes + at);
            at += 4 + (length == UINT32_MAX ? 0 : length);
        }
    }
}

static const struct db_values *rows_of(const struct kind *kind, int table)
{
    const struct db_values *const all[] = {&kind->submission, &kind->prepared->run_rows,
                                           &kind->prepared->measurement_rows, &kind->event};
    return all[table];
}

static int copy_all(struct connection *self, const uint8_t (*keys)[KEY], struct db_values *out, struct err *err)
{
    static const char *const tables[] = {
        "submission (submission_id, content_hash, received_at, origin, contributor_key, withdraw_hash, original_hash, "
        "format, reader_version, state, revision, flags, findings, raw_size, raw)",
        ROWS_RUN, ROWS_MEASUREMENT, "pending_event (submission_id, revision, kind, at, detail)"};
    int code = db_begin(self->db, DB_READ_COMMITTED, err);
    for (int table = 0; code == 0 && table < 4; table++) {
        code = db_copy_begin(self->db, tables[table], err);
        for (size_t i = 0; code == 0 && i < self->batch; i++) {
            add_rows(out, rows_of(&kinds[i % BUNDLE_KINDS], table), keys[i], table == 0);
            if (db_values_size(out) > 512 << 10 || i + 1 == self->batch) {
                code = db_copy_send(self->db, out, err);
            }
        }
        if (code == 0) {
            code = db_copy_end(self->db, NULL, err);
        }
    }
    return code != 0 ? code : db_commit(self->db, err);
}

/* splitmix64 of S. Vigna: keys that are spread like hashes. */
static uint64_t mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static void *connection_run(void *context)
{
    struct connection *self = context;
    struct db_values out = DB_VALUES(DB_COPY_ROWS);
    struct err err;
    while (clock_monotonic_us() < self->until_us) {
        uint8_t keys[BATCH_MAX][KEY];
        for (size_t i = 0; i < self->batch; i++) {
            uint64_t halves[2] = {mix(&self->key), mix(&self->key)};
            memcpy(keys[i], halves, KEY);
        }
        int64_t begun = clock_monotonic_us();
        if (copy_all(self, (const uint8_t(*)[KEY])keys, &out, &err) != 0) {
            fail(&err);
        }
        if (self->transactions < TIMES_MAX) {
            self->times_ms[self->transactions] = (double)(clock_monotonic_us() - begun) / 1000;
        }
        self->transactions++;
        self->stored += (int64_t)self->batch;
    }
    db_values_done(&out);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

int main(int argc, char **argv)
{
    static const struct db_options options = {.application_name = "limit", .writes = true};
    struct connection connections[16] = {0};
    int64_t seconds = 0, count = 0, batch = 0;
    struct err err;
    if (argc != 5 || !number_parse_int64(str_of(argv[2]), &seconds) || !number_parse_int64(str_of(argv[3]), &count) ||
        !number_parse_int64(str_of(argv[4]), &batch) || count < 1 || count > 16 || batch < 1 || batch > BATCH_MAX) {
        fprintf(stderr, "usage: limit CONNINFO SECONDS CONNECTIONS BATCH\n");
        return 64;
    }
    make_kinds();
    int64_t begun = clock_monotonic_us(), stored = 0;
    for (int64_t i = 0; i < count; i++) {
        struct connection *one = &connections[i];
        one->batch = (size_t)batch;
        one->key = (uint64_t)(clock_wall_us() * 16 + i);
        one->times_ms = mem_zalloc(TIMES_MAX, sizeof(double));
        if (one->times_ms == NULL || db_connect(argv[1], &options, &one->db, &err) != 0) {
            fail(&err);
        }
    }
    begun = clock_monotonic_us();
    for (int64_t i = 0; i < count; i++) {
        connections[i].until_us = begun + seconds * 1000000;
        pthread_create(&connections[i].thread, NULL, connection_run, &connections[i]);
    }
    for (int64_t i = 0; i < count; i++) {
        pthread_join(connections[i].thread, NULL);
        stored += connections[i].stored;
    }
    double took = (double)(clock_monotonic_us() - begun) / 1e6;
    size_t times = connections[0].transactions < TIMES_MAX ? connections[0].transactions : TIMES_MAX;
    qsort(connections[0].times_ms, times, sizeof(double), compare);
    printf("rate %.1f p50_ms %.3f stored %lld\n", (double)stored / took, connections[0].times_ms[times / 2],
           (long long)stored);
    for (int64_t i = 0; i < count; i++) {
        db_close(connections[i].db);
        free(connections[i].times_ms);
    }
    return 0;
}
