#include "schema/db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "gen/schema/sql/files.inc"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/private.h"

/* Key of the advisory lock: "crosschp" in ASCII. */
#define LOCK_KEY "7165912498747697264"

const struct embedded_file *const db_migrations = embedded_files;

/* The version is the file's number: "0001_intake.sql" is 1; -1 when the name has none. */
static int version_of(const struct embedded_file *file)
{
    int version = 0;
    for (int at = 0; at < 4; at++) {
        if (file->name[at] < '0' || file->name[at] > '9') {
            return -1;
        }
        version = version * 10 + (file->name[at] - '0');
    }
    return file->name[4] == '_' && version > 0 ? version : -1;
}

static int newest_of(const struct embedded_file *files)
{
    int newest = 0;
    for (; files->name != NULL; files++) {
        newest = version_of(files);
    }
    return newest;
}

static int check_list(const struct embedded_file *files, struct err *err)
{
    for (int expected = 1; files->name != NULL; files++, expected++) {
        if (version_of(files) != expected) {
            return err_set(err, ERR_INTERNAL, "migration %s is not number %04d", files->name, expected);
        }
    }
    return 0;
}

int db_schema_version(void)
{
    return newest_of(db_migrations);
}

static int table_exists(struct db *db, bool *ret, struct err *err)
{
    struct db_result *found autoresult = NULL;
    const int code = db_query(db, "select to_regclass('public.schema_migration') is not null", NULL, &found, err);
    if (code == 0) {
        *ret = db_bool(found, 0, 0);
    }
    return code;
}

int db_schema_version_of(struct db *db, int *ret_version, struct err *err)
{
    bool exists = false;
    int code = table_exists(db, &exists, err);
    if (code < 0) {
        return code;
    }
    if (!exists) {
        *ret_version = 0;
        return 0;
    }
    struct db_result *newest autoresult = NULL;
    code = db_query(db, "select coalesce(max(version), 0) from schema_migration", NULL, &newest, err);
    if (code == 0) {
        *ret_version = (int)db_int64(newest, 0, 0);
    }
    return code;
}

static int fail_newer(int found, int own, struct err *err)
{
    (void)err_set(err, ERR_SERVICE, "the database has schema version %d, this program knows up to %d", found, own);
    return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "install the newer crosschip that wrote it");
}

/* Whether `file` stands in the database with the same bytes: 1 yes, 0 not there, or an error.
 * The server computes the hash, so that the room needs no library for it. */
static int is_applied(struct db *db, const struct embedded_file *file, struct err *err)
{
    struct db_values key autovalues = DB_VALUES(DB_PARAMETERS);
    db_put_int32(&key, version_of(file));
    db_put_bytea(&key, file->data, file->size);
    struct db_result *row autoresult = NULL;
    const int code = db_query(db, "select name, sha256 = sha256($2::bytea) from schema_migration where version = $1",
                              &key, &row, err);
    if (code < 0 || db_rows(row) == 0) {
        return code;
    }
    if (db_bool(row, 0, 1)) {
        return 1;
    }
    (void)err_set(err, ERR_SERVICE, "migration %s was changed after it was applied", file->name);
    if (err == NULL) {
        return -(int)ERR_SERVICE;
    }
    (void)err_detail(err, "the database has it as %s with another checksum", db_text(row, 0, 0));
    return err_hint(err, "use the program that made this database, or a new database");
}

static int note_applied(struct db *db, const struct embedded_file *file, struct err *err)
{
    struct db_values row autovalues = DB_VALUES(DB_PARAMETERS);
    db_put_int32(&row, version_of(file));
    db_put_text(&row, file->name);
    db_put_bytea(&row, file->data, file->size);
    db_put_timestamptz(&row, clock_wall_us());
    return db_query(db,
                    "insert into schema_migration (version, name, sha256, applied_at) "
                    "values ($1, $2, sha256($3::bytea), $4)",
                    &row, NULL, err);
}

/* Inside the open transaction, under the lock. 1 applied now, 0 was there. */
static int apply_locked(struct db *db, const struct embedded_file *file, struct err *err)
{
    int code = db_exec(db,
                       "set local lock_timeout = 0; set local statement_timeout = 0; "
                       "select pg_advisory_xact_lock(" LOCK_KEY ")",
                       err);
    if (code == 0) {
        code = db_exec(db,
                       "create table if not exists schema_migration (version int not null, "
                       "name text collate \"C\" not null, sha256 bytea not null, applied_at timestamptz not null, "
                       "constraint schema_migration_pkey primary key (version), "
                       "constraint schema_migration_version_positive check (version >= 1), "
                       "constraint schema_migration_hash_length check (octet_length(sha256) = 32))",
                       err);
    }
    if (code == 0) {
        code = is_applied(db, file, err);
    }
    if (code != 0) {
        return code == 1 ? 0 : code;
    }
    code = db_exec(db, (const char *)file->data, err);
    if (code < 0) {
        return err == NULL ? code : err_prefix(err, "migration %s", file->name);
    }
    code = note_applied(db, file, err);
    return code < 0 ? code : 1;
}

static int apply(struct db *db, const struct embedded_file *file, struct err *err)
{
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code < 0) {
        return code;
    }
    /* Another program's migration, or a large table, may take as long as it takes. */
    const int usual_limit = db->options.answer_limit_ms;
    db->options.answer_limit_ms = -1;
    const int applied = apply_locked(db, file, err);
    db->options.answer_limit_ms = usual_limit;
    if (applied < 0) {
        db_rollback(db);
        return applied;
    }
    code = db_commit(db, err);
    return code < 0 ? code : applied;
}

int db_migrate_files(struct db *db, const struct embedded_file *files, int *ret_applied, struct err *err)
{
    int code = check_list(files, err);
    int found = 0;
    if (code == 0) {
        code = db_schema_version_of(db, &found, err);
    }
    if (code < 0) {
        return code;
    }
    if (found > newest_of(files)) {
        return fail_newer(found, newest_of(files), err);
    }
    int applied = 0;
    for (; files->name != NULL; files++) {
        /* What is there is looked at without the lock: the usual start changes nothing. */
        code = version_of(files) <= found ? is_applied(db, files, err) : 0;
        if (code == 0) {
            code = apply(db, files, err);
            applied += code > 0 ? 1 : 0;
        }
        if (code < 0) {
            return code;
        }
    }
    *ret_applied = applied;
    return 0;
}

int db_migrate(struct db *db, int *ret_applied, struct err *err)
{
    return db_migrate_files(db, db_migrations, ret_applied, err);
}

int db_schema_check_files(struct db *db, const struct embedded_file *files, struct err *err)
{
    int found = 0;
    int code = db_schema_version_of(db, &found, err);
    if (code < 0) {
        return code;
    }
    const int own = newest_of(files);
    if (found > own) {
        return fail_newer(found, own, err);
    }
    if (found < own) {
        (void)err_set(err, ERR_SERVICE, "the database has schema version %d, this program needs %d", found, own);
        return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "run crosschip-collector migrate");
    }
    for (; files->name != NULL; files++) {
        code = is_applied(db, files, err);
        if (code < 0) {
            return code;
        }
        if (code == 0) {
            return err_set(err, ERR_SERVICE, "migration %s was never applied to this database", files->name);
        }
    }
    return 0;
}

int db_schema_check(struct db *db, struct err *err)
{
    return db_schema_check_files(db, db_migrations, err);
}
