#include "tests/fault/oracle.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/json/json.h"
#include "schema/proof/hash.h"
#include "schema/proof/sign.h"

enum { SEALER_SECONDS = 30 };

void oracle_find(struct oracle *oracle, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (oracle->findings++ < 20) {
        (void)fputs("# FOUND ", stdout);
        (void)vfprintf(stdout, format, arguments);
        (void)fputc('\n', stdout);
        (void)fflush(stdout);
    }
    va_end(arguments);
}

static int64_t number(struct oracle *oracle, const char *sql)
{
    autoresult struct db_result *result = NULL;
    struct err err;
    if (db_query(oracle->db, sql, NULL, &result, &err) != 0) {
        harness_fail("%s: %s", sql, err.text);
    }
    return db_int64(result, 0, 0);
}

static bool connect_again(struct oracle *oracle)
{
    struct err err;
    if (!db_connection_lost(oracle->db)) {
        return true;
    }
    if (db_reconnect(oracle->db, &err) != 0) {
        return false;
    }
    /* The server may be killed between the two: then it is asked again later. */
    autoresult struct db_result *result = NULL;
    if (db_query(oracle->db, "select pg_backend_pid()", NULL, &result, &err) != 0) {
        if (!db_connection_lost(oracle->db)) {
            harness_fail("the database cannot be asked: %s", err.text);
        }
        return false;
    }
    oracle->servers->sparing = (pid_t)db_int64(result, 0, 0);
    return true;
}

void oracle_open(struct oracle *oracle)
{
    const struct cluster_options options = {.data_folder = oracle->servers->data, .existing_only = true};
    const struct db_options db_options = {.application_name = "oracle", .connect_timeout_s = 2};
    struct err err;
    if (cluster_open(&options, &oracle->cluster, &err) != 0 ||
        db_connect(cluster_conninfo(oracle->cluster), &db_options, &oracle->db, &err) != 0) {
        harness_fail("the database cannot be asked: %s", err.text);
    }
    oracle->servers->sparing = (pid_t)number(oracle, "select pg_backend_pid()");
}

void oracle_close(struct oracle *oracle)
{
    struct err err;
    db_close(oracle->db);
    if (cluster_close(oracle->cluster, &err) != 0) {
        oracle_find(oracle, "PostgreSQL could not be stopped: %s", err.text);
    }
}

/* ---- points 1, while it goes on */

void oracle_look(struct oracle *oracle)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    struct ledger *ledger = oracle->ledger;
    struct err err;
    size_t asked = 0;
    if (oracle->unseen == 0 || !connect_again(oracle)) {
        return;
    }
    db_array_begin(&values, DB_BYTEA);
    for (size_t i = 0; i < ledger->count; i++) {
        struct sha256 hash;
        if (ledger->items[i].acked && !ledger->items[i].seen && sha256_parse_id(str_of(ledger->items[i].id), &hash)) {
            db_put_bytea(&values, hash.bytes, sizeof hash.bytes);
            asked++;
        }
    }
    db_array_end(&values);
    if (db_query(oracle->db,
                 "select content_hash from submission where content_hash = any ($1::bytea[])"
                 " and sha256(raw) = content_hash",
                 &values, &result, &err) != 0) {
        return;
    }
    for (size_t row = 0; row < db_rows(result); row++) {
        char id[SHA256_ID_SIZE];
        struct sha256 hash;
        memcpy(hash.bytes, db_bytes(result, row, 0).data, sizeof hash.bytes);
        struct generated *item = ledger_find(ledger, sha256_id(id, &hash));
        if (item != NULL) {
            item->seen = true;
        }
    }
    if (db_rows(result) != asked) {
        for (size_t i = 0; i < ledger->count; i++) {
            if (ledger->items[i].acked && !ledger->items[i].seen) {
                oracle_find(oracle, "acknowledged and not stored: %s", ledger->items[i].id);
                ledger->items[i].seen = true;
            }
        }
    }
    oracle->unseen = 0;
}

/* ---- after healing */

/* 2, 3 and 4: nothing invented, each once with its own bytes and all its rows. */
static void check_rows(struct oracle *oracle)
{
    static const struct {
        const char *what, *sql;
    } rules[] = {
        {"bytes that do not have their hash",
         "select count(*) from submission where sha256(raw) is distinct from "
         "content_hash or substr(content_hash, 1, 16) <> uuid_send(submission_id)"},
        {"submissions stored twice", "select count(*) - count(distinct content_hash) from submission"},
        {"submissions without their two runs and three measurements",
         "select count(*) from submission s where (select count(*) from run r where r.submission_id = s.submission_id) "
         "<> 2 or (select count(*) from measurement m where m.submission_id = s.submission_id) <> 3"},
        {"rows whose values are not those of the bytes",
         "select count(*) from submission s, json_array_elements(convert_from(raw, 'UTF8')::json -> 'runs')"
         " with ordinality as r (run, no), json_array_elements(run -> 'metrics') with ordinality as g (stated, k)"
         " where not exists (select from measurement m where m.submission_id = s.submission_id and m.run_no = r.no - 1"
         " and m.metric = stated ->> 'name' and m.mean = (stated ->> 'mean')::float8)"},
        {"rows of no submission", "select count(*) from run where submission_id not in (select submission_id from "
                                  "submission)"},
        /* The judge may just have added one that waits. */
        {"submissions whose events are not each once in the log",
         "select count(*) from submission s where s.revision <> (select count(*) from log_entry l where "
         "l.submission_id = s.submission_id and l.content_hash = s.content_hash) + (select count(*) from "
         "pending_event p where p.submission_id = s.submission_id)"},
        {"gaps in the log", "select coalesce(max(log_index) + 1, 0) - count(*) from log_entry"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        int64_t count = number(oracle, rules[i].sql);
        if (count != 0) {
            oracle_find(oracle, "%lld %s", (long long)count, rules[i].what);
        }
    }
}

static bool in_spool(const struct oracle *oracle, size_t spool, const char *folder, const char *id, const char *ending)
{
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s/%s%s", oracle->spools[spool], folder, id, ending);
    return file_exists(path);
}

/* 9: what the collector signed is this id and the time that stands beside it. */
static bool receipt_holds(const struct oracle *oracle, size_t spool, const char *id, const struct sign_public *key)
{
    char path[700];
    autobuf struct buf text = BUF(BUF_MIB);
    autojson struct json_document *document = NULL;
    struct signature signature;
    struct err err;
    (void)snprintf(path, sizeof path, "%s/sent/%s.receipt", oracle->spools[spool], id);
    if (file_read(path, &text, &err) != 0 ||
        json_read_strict(str_trim(str_slice(buf_text(&text), text.len)), &json_limits_bundle, &document, &err) != 0) {
        return false;
    }
    const struct json *root = json_root(document);
    const char *received_at = json_string(json_get(root, "received_at"));
    return received_at != NULL && text_equal(json_string(json_get(root, "id")), id) &&
           signature_parse(str_of(json_string(json_get(root, "signature"))), &signature) &&
           receipt_verify(key, id, received_at, &signature);
}

static void read_key(struct oracle *oracle, struct sign_public *ret)
{
    autoresult struct db_result *result = NULL;
    struct err err;
    if (db_query(oracle->db, "select public_key from signing_key", NULL, &result, &err) != 0 || db_rows(result) != 1 ||
        db_bytes(result, 0, 0).len != sizeof ret->bytes) {
        harness_fail("the key of the collector cannot be read");
    }
    memcpy(ret->bytes, db_bytes(result, 0, 0).data, sizeof ret->bytes);
}

/* 5 and 6: each bundle is in exactly one place, none waits, none was refused. */
static void check_spools(struct oracle *oracle, const struct generated *item, bool stored,
                         const struct sign_public *key)
{
    bool sent_anywhere = false;
    for (size_t spool = 0; spool < oracle->spool_count; spool++) {
        if ((item->spools & 1u << spool) == 0) {
            continue;
        }
        const bool queued = in_spool(oracle, spool, "queue", item->id, ""),
                   sent = in_spool(oracle, spool, "sent", item->id, ".receipt"),
                   dead = in_spool(oracle, spool, "dead", item->id, "");
        sent_anywhere = sent_anywhere || sent;
        if (queued) {
            oracle_find(oracle, "still waits after healing: %s", item->id);
        }
        if (dead) {
            oracle_find(oracle, "refused for good: %s", item->id);
        }
        if ((int)queued + (int)sent + (int)dead > 1) {
            oracle_find(oracle, "in several folders of one spool: %s", item->id);
        }
        if (sent && !receipt_holds(oracle, spool, item->id, key)) {
            oracle_find(oracle, "a receipt that the collector did not sign: %s", item->id);
        }
        if (sent && !stored) {
            oracle_find(oracle, "a receipt for what is not stored: %s", item->id);
        }
    }
    if (stored && !sent_anywhere) {
        oracle_find(oracle, "stored, and in no spool any more: %s", item->id);
    }
    if (item->acked && !stored) {
        oracle_find(oracle, "acknowledged and not stored: %s", item->id);
    }
}

static bool *read_stored(struct oracle *oracle)
{
    autoresult struct db_result *result = NULL;
    struct ledger *ledger = oracle->ledger;
    struct err err;
    bool *stored = mem_zalloc(ledger->count + 1, sizeof *stored);
    if (stored == NULL || db_query(oracle->db, "select content_hash from submission", NULL, &result, &err) != 0) {
        harness_fail("the submissions cannot be read");
    }
    for (size_t row = 0; row < db_rows(result); row++) {
        char id[SHA256_ID_SIZE];
        struct sha256 hash;
        memcpy(hash.bytes, db_bytes(result, row, 0).data, sizeof hash.bytes);
        const struct generated *item = ledger_find(ledger, sha256_id(id, &hash));
        if (item == NULL) {
            oracle_find(oracle, "stored and never made: %s", id);
        } else {
            stored[item - ledger->items] = true;
        }
    }
    return stored;
}

static void wait_for_sealer(struct oracle *oracle)
{
    const int64_t deadline = clock_monotonic_us() + (int64_t)SEALER_SECONDS * 1000000;
    while (number(oracle, "select count(*) from pending_event") > 0) {
        if (clock_monotonic_us() > deadline) {
            oracle_find(oracle, "events still wait for the log %d s after healing", SEALER_SECONDS);
            return;
        }
        clock_sleep_us(100000);
    }
}

void oracle_check(struct oracle *oracle)
{
    for (int i = 0; i < 100 && !connect_again(oracle); i++) {
        clock_sleep_us(100000);
    }
    if (db_connection_lost(oracle->db)) {
        oracle_find(oracle, "the database does not come back");
        return;
    }
    oracle_look(oracle);
    wait_for_sealer(oracle);
    check_rows(oracle);
    autofree bool *stored = read_stored(oracle);
    struct sign_public key;
    read_key(oracle, &key);
    for (size_t i = 0; i < oracle->ledger->count; i++) {
        check_spools(oracle, &oracle->ledger->items[i], stored[i], &key);
    }
}
