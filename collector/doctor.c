#include "collector/doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "collector/disk.h"
#include "collector/intake/signing.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/progress.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/db/migrate.h"
#include "schema/proof/hash.h"

#define GIB ((uint64_t)1 << 30)
enum { ROW_LIMIT_MS = 600000, FREE_CONNECTIONS = 5, ENOUGH_LOG_MIB = 1024 };

void doctor_done(struct doctor *doctor)
{
    table_done(&doctor->findings);
}

static void add(struct doctor *doctor, const char *check, enum doctor_verdict verdict, const char *found,
                const char *advice)
{
    static const char *const words[] = {"good", "warning", "bad"};
    table_row(&doctor->findings);
    table_put_text(&doctor->findings, check);
    table_put_text(&doctor->findings, words[verdict]);
    table_put_text(&doctor->findings, found);
    table_put_text(&doctor->findings, verdict == DOCTOR_GOOD ? NULL : advice);
    doctor->worst = verdict > doctor->worst ? verdict : doctor->worst;
}

static void add_err(struct doctor *doctor, const char *check, const struct err *err)
{
    add(doctor, check, DOCTOR_BAD, err->text, err->hint);
}

static void add_count(struct doctor *doctor, const char *check, enum doctor_verdict verdict, int64_t count,
                      const char *advice)
{
    char found[32];
    (void)snprintf(found, sizeof found, "%lld", (long long)count);
    add(doctor, check, count == 0 ? DOCTOR_GOOD : verdict, count == 0 ? "none" : found, advice);
}

/* ---- the server */

/* What lets a submission cost more, the more there are: keys are hashes, so that each changes pages all over. */
static void look_at_sizes(const struct db_result *settings, struct doctor *doctor)
{
    const bool lz4 = db_bool(settings, 0, 2), packed = text_equal(db_text(settings, 0, 6), "lz4");
    const int64_t shared = db_int64(settings, 0, 7), keys = db_int64(settings, 0, 8), log = db_int64(settings, 0, 9);
    char found[100];
    add(doctor, "whole pages in the log", packed || !lz4 ? DOCTOR_GOOD : DOCTOR_WARNING, db_text(settings, 0, 6),
        "wal_compression = lz4: far less processor time than pglz, less log than off");
    (void)snprintf(found, sizeof found, "%lld MiB, keys take %lld MiB", (long long)shared, (long long)keys);
    add(doctor, "shared buffers", shared >= keys ? DOCTOR_GOOD : DOCTOR_WARNING, found,
        "raise shared_buffers above the keys: each submission looks for its place in all of them");
    (void)snprintf(found, sizeof found, "%lld MiB", (long long)log);
    add(doctor, "log between checkpoints", log >= ENOUGH_LOG_MIB ? DOCTOR_GOOD : DOCTOR_WARNING, found,
        "raise max_wal_size to 1 GB or more: pages are logged whole again after each checkpoint");
}

static int look_at_server(struct db *db, struct doctor *doctor, struct err *err)
{
    autoresult struct db_result *result = NULL;
    struct db_durability durability;
    struct err why;
    char found[64];
    if (db_check_server(db, &durability, &why) != 0) {
        add_err(doctor, "durable settings", &why);
    } else {
        add(doctor, "durable settings", DOCTOR_GOOD, "fsync, full pages, commit, UTF8", NULL);
    }
    int code = db_query(db, statement("doctor_settings"), NULL, &result, err);
    if (code != 0) {
        return code;
    }
    const int64_t connections = db_int64(result, 0, 3), free = db_int64(result, 0, 4);
    add(doctor, "PostgreSQL", DOCTOR_GOOD, db_text(result, 0, 0), NULL);
    add(doctor, "data checksums", db_bool(result, 0, 1) ? DOCTOR_GOOD : DOCTOR_WARNING,
        db_bool(result, 0, 1) ? "on" : "off", "a disk that lies is not noticed: stop it and run pg_checksums --enable");
    add(doctor, "lz4", db_bool(result, 0, 2) ? DOCTOR_GOOD : DOCTOR_WARNING,
        db_bool(result, 0, 2) ? "there" : "missing", "the server was built without it: bytes take more room and time");
    (void)snprintf(found, sizeof found, "%lld of %lld free", (long long)free, (long long)connections);
    add(doctor, "connections", free >= FREE_CONNECTIONS ? DOCTOR_GOOD : DOCTOR_WARNING, found,
        "raise max_connections: a collector needs its committers and five more");
    look_at_sizes(result, doctor);
    return 0;
}

/* True when the tables are those of this program. */
static bool look_at_schema(struct db *db, struct doctor *doctor)
{
    char found[48];
    struct err why;
    if (db_schema_check(db, &why) != 0) {
        add_err(doctor, "schema", &why);
        return false;
    }
    (void)snprintf(found, sizeof found, "version %d", db_schema_version());
    add(doctor, "schema", DOCTOR_GOOD, found, NULL);
    return true;
}

/* ---- the machine */

static void look_at_disk(const struct cluster *cluster, struct doctor *doctor)
{
    struct statvfs status;
    char found[64];
    if (statvfs(cluster_folder(cluster), &status) != 0) {
        add(doctor, "disk space", DOCTOR_WARNING, "cannot be looked at", "check who may enter the data folder");
        return;
    }
    const uint64_t unit = status.f_frsize;
    (void)snprintf(found, sizeof found, "%llu of %llu MiB free", (unsigned long long)(unit * status.f_bavail >> 20),
                   (unsigned long long)(unit * status.f_blocks >> 20));
    add(doctor, "disk space",
        !disk_has_room(cluster, GIB)       ? DOCTOR_BAD
        : !disk_has_room(cluster, 4 * GIB) ? DOCTOR_WARNING
                                           : DOCTOR_GOOD,
        found, "below 1 GiB or 5 percent nothing is taken: make room, or move the data folder");
}

static void look_at_mode(struct doctor *doctor, const char *check, const char *path, const char *advice)
{
    struct stat about;
    char found[64];
    if (stat(path, &about) != 0) {
        add(doctor, check, DOCTOR_WARNING, "not there",
            "the collector makes it at its first start; else restore it from a backup");
        return;
    }
    (void)snprintf(found, sizeof found, "mode %03o", (unsigned)about.st_mode & 0777u);
    add(doctor, check, (about.st_mode & 077u) == 0 ? DOCTOR_GOOD : DOCTOR_BAD, found, advice);
}

/* A key that nobody else may read, and the one that the database knows. */
static void look_at_key(struct db *db, const char *path, struct doctor *doctor)
{
    struct stat about;
    struct err why;
    const int code = signer_check(db, path, &why);
    const bool closed = stat(path, &about) != 0 || (about.st_mode & 077u) == 0;
    if (closed && (code == -(int)ERR_DATA || code == -(int)ERR_NOT_FOUND)) {
        add(doctor, "key of receipts", DOCTOR_BAD, why.text,
            "serve does not start: bring signing.key back from a backup, or name its file to serve with --signing-key");
        return;
    }
    look_at_mode(doctor, "key of receipts", path,
                 "others can sign in your name: chmod 600, and make a new key if they may have read it");
}

static int look_at_folder(const struct cluster *cluster, struct db *db, struct doctor *doctor, struct err *err)
{
    autofree char *key = mem_printf("%s/signing.key", cluster_folder(cluster)),
                  *data = mem_printf("%s/pgdata", cluster_folder(cluster));
    char address[128] = "", found[192];
    int pid = 0;
    if (key == NULL || data == NULL) {
        return mem_error(err);
    }
    look_at_disk(cluster, doctor);
    look_at_key(db, key, doctor);
    look_at_mode(doctor, "folder of the database", data, "others may read it: chmod 700");
    if (cluster_find_collector(cluster, &pid, address, sizeof address)) {
        (void)snprintf(found, sizeof found, "process %d at %s", pid, address);
    }
    add(doctor, "collector", DOCTOR_GOOD, pid != 0 ? found : "none runs here", NULL);
    return 0;
}

/* ---- the rows */

static int look_at_rows(struct db *db, struct doctor *doctor, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    db_put_timestamptz(&values, clock_wall_us());
    int code = db_query(db, statement("doctor_rows"), &values, &result, err);
    if (code != 0) {
        return code;
    }
    add_count(doctor, "submissions without runs", DOCTOR_BAD, db_int64(result, 0, 0),
              "`crosschip-collector reparse` rebuilds them from the bytes");
    add_count(doctor, "rows of erased submissions", DOCTOR_BAD, db_int64(result, 0, 1),
              "delete them once more: `crosschip-collector moderate delete ID --reason …`");
    add_count(doctor, "events that wait for more than a minute", DOCTOR_WARNING, db_int64(result, 0, 2),
              "start a collector: it seals them; if one runs, look into its messages");
    add_count(doctor, "missing entries of the log", DOCTOR_BAD, db_int64(result, 0, 3),
              "restore the newest backup into a new folder and import what came later");
    add_count(doctor, "changes without event", DOCTOR_BAD, db_int64(result, 0, 4),
              "somebody changed rows by hand: compare with a backup");
    return 0;
}

struct hashing {
    int64_t read, damaged, unreadable;
    char first[SHA256_ID_SIZE];
};

static void hash_row(const struct db_result *row, struct hashing *hashing)
{
    struct sha256 stated = {{0}};
    struct str hash = db_bytes(row, 0, 0), raw = db_bytes(row, 0, 1);
    const struct sha256 found = sha256_of(raw.data, raw.len);
    struct bundle bundle;
    struct err why;
    if (hash.len == sizeof stated.bytes) {
        memcpy(stated.bytes, hash.data, sizeof stated.bytes);
    }
    hashing->read++;
    const bool damaged = !sha256_equal(&stated, &found);
    bool unreadable = false;
    if (!damaged) {
        unreadable = bundle_read(raw, &bundle, &why) != 0;
        if (!unreadable) {
            bundle_done(&bundle);
        }
    }
    if ((damaged || unreadable) && hashing->first[0] == '\0') {
        (void)sha256_id(hashing->first, &stated);
    }
    hashing->damaged += damaged ? 1 : 0;
    hashing->unreadable += unreadable ? 1 : 0;
}

static int hash_rows(struct db *db, int64_t sample, struct hashing *hashing, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct progress progress;
    const struct db_result *row;
    uint8_t from[16] = {0};
    int code = sample > 0 ? random_bytes(from, 1, err) : 0;
    from[0] = (uint8_t)(from[0] / 2); /* in the first half, so that there is something behind it */
    db_put_uuid(&values, from);
    if (sample > 0) {
        db_put_int64(&values, sample);
    } else {
        db_put_null(&values, DB_INT64);
    }
    if (code == 0) {
        code = db_stream_begin(db, statement("doctor_bytes"), &values, err);
    }
    if (code != 0) {
        return code;
    }
    progress_begin(&progress, "hashing", 0);
    while ((code = db_stream_next(db, &row, err)) > 0) {
        hash_row(row, hashing);
        progress_step(&progress, (size_t)hashing->read);
    }
    progress_end(&progress);
    return code;
}

static int look_at_bytes(struct db *db, int64_t sample, struct doctor *doctor, struct err *err)
{
    struct hashing hashing = {0};
    char found[100], advice[200];
    int code = hash_rows(db, sample, &hashing, err);
    if (code != 0) {
        return code;
    }
    const bool good = hashing.damaged == 0 && hashing.unreadable == 0;
    (void)snprintf(found, sizeof found, "%lld hashed, %lld damaged, %lld unreadable", (long long)hashing.read,
                   (long long)hashing.damaged, (long long)hashing.unreadable);
    (void)snprintf(advice, sizeof advice, "the first is %s: a backup or its sender may have it; check the disk",
                   hashing.first);
    add(doctor, "stored bytes", good ? DOCTOR_GOOD : DOCTOR_BAD, found, advice);
    return 0;
}

int doctor_look(const struct database *database, int64_t sample, struct doctor *ret, struct err *err)
{
    static const char *const columns[] = {"check", "verdict", "found"};
    const struct db_options options = {
        .application_name = "crosschip-doctor", .statement_timeout_ms = -1, .answer_limit_ms = ROW_LIMIT_MS};
    autodb struct db *db = NULL;
    table_init(&ret->findings, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        table_column(&ret->findings, columns[i], columns[i], ALIGN_LEFT);
    }
    table_column(&ret->findings, "advice", NULL, ALIGN_LEFT); /* too long for a table: people get it below */
    int code = db_connect(database->conninfo, &options, &db, err);
    if (code == 0) {
        code = look_at_server(db, ret, err);
    }
    if (code == 0 && database->cluster != NULL) {
        code = look_at_folder(database->cluster, db, ret, err);
    }
    if (code == 0 && look_at_schema(db, ret)) {
        code = look_at_rows(db, ret, err);
        if (code == 0) {
            code = look_at_bytes(db, sample, ret, err);
        }
    }
    return code != 0 ? code : table_check(&ret->findings, err);
}
