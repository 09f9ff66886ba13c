#include "collector/take/archive.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/intake/signing.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"
#include "schema/base/process.h"
#include "schema/cluster/cluster.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#define SERVICE "crosschip"
#define BY_SERVICE "service=crosschip"
enum { KEY_BYTES_MAX = 4096 };

/* Names of files in one folder. */
struct paths {
    char *dump, *key, *about, *service;
};

static void paths_done(struct paths *paths)
{
    free(paths->dump);
    free(paths->key);
    free(paths->about);
    free(paths->service);
}
#define autopaths cleanup(paths_done)

static int paths_of(const char *folder, struct paths *ret, struct err *err)
{
    *ret = (struct paths){.dump = mem_printf("%s/database.dump", folder),
                          .key = mem_printf("%s/signing.key", folder),
                          .about = mem_printf("%s/backup.json", folder),
                          .service = mem_printf("%s/.service", folder)};
    return ret->dump == NULL || ret->key == NULL || ret->about == NULL || ret->service == NULL ? mem_error(err) : 0;
}

static int read_figures(struct db *db, struct archive_figures *ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement("archive_figures"), NULL, &result, err);
    if (code != 0) {
        return code;
    }
    if (db_rows(result) != 1) {
        return err_set(err, ERR_INTERNAL, "the log has no head");
    }
    struct str root = db_bytes(result, 0, 4);
    *ret = (struct archive_figures){.schema_version = (int)db_int64(result, 0, 0),
                                    .submissions = db_int64(result, 0, 1),
                                    .log_epoch = (int)db_int64(result, 0, 2),
                                    .log_size = db_int64(result, 0, 3)};
    if (root.len == 32) {
        (void)hex_encode(ret->log_root, root.data, root.len);
    }
    return 0;
}

static int count(struct db *db, const char *name, int64_t *ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement(name), NULL, &result, err);
    if (code == 0) {
        *ret = db_int64(result, 0, 0);
    }
    return code;
}

/* ---- PostgreSQL's own programs */

/* The address goes into a file that only we may read, for the time that the program runs. */
static int run_program(const char *conninfo, const char *service, int major, const char *const *arguments,
                       struct err *err)
{
    autofree char *folder = NULL, *program = NULL;
    autobuf struct buf text = BUF(64 << 10), errors = BUF(64 << 10);
    const char *argv[16] = {NULL};
    struct process_result result;
    int code = cluster_programs(major, &folder, err);
    if (code == 0) {
        code = db_service_write(conninfo, SERVICE, &text, err);
    }
    if (code == 0) {
        code = file_replace(service, 0600, text.data, text.len, err);
    }
    program = code == 0 ? mem_printf("%s/%s", folder, arguments[0]) : NULL;
    if (code == 0 && (program == NULL || setenv("PGSERVICEFILE", service, 1) != 0)) {
        code = mem_error(err);
    }
    if (code == 0) {
        argv[0] = program;
        for (size_t i = 1; i < ARRAY_LENGTH(argv) - 1 && arguments[i] != NULL; i++) {
            argv[i] = arguments[i];
        }
        code = process_run(argv, INT_MAX, NULL, &errors, &result, err);
    }
    (void)unlink(service);
    if (code == 0 && result.exit_status != 0) {
        struct str rest = str_slice(buf_text(&errors), errors.len), line = {0};
        (void)str_next_line(&rest, &line);
        (void)err_set(err, ERR_SERVICE, "%s ended with status %d", arguments[0], result.exit_status);
        code = err_detail(err, "%.*s", (int)line.len, line.data != NULL ? line.data : "");
    }
    return code;
}

/* ---- making */

static int write_about(const struct paths *paths, struct db *db, const struct archive_figures *figures, int64_t now_us,
                       struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    char now[CLOCK_TEXT_SIZE];
    struct json_writer writer = json_writer(&text, 2);
    json_begin_object(&writer);
    json_pair_int(&writer, "crosschip_backup", 1);
    json_pair_string(&writer, "made_at", clock_format(now, now_us));
    json_pair_string(&writer, "program_version", CROSSCHIP_VERSION);
    json_pair_int(&writer, "server_version", db_server_version(db));
    json_pair_int(&writer, "schema_version", figures->schema_version);
    json_pair_int(&writer, "submissions", figures->submissions);
    json_pair_int(&writer, "log_epoch", figures->log_epoch);
    json_pair_int(&writer, "log_size", figures->log_size);
    json_pair_string(&writer, "log_root", figures->log_root);
    json_end_object(&writer);
    buf_addc(&text, '\n');
    int code = buf_check(&text, err);
    return code != 0 ? code : file_replace(paths->about, 0600, text.data, text.len, err);
}

static int copy_key(const char *from, const char *to, struct err *err)
{
    autobuf struct buf key = BUF(KEY_BYTES_MAX);
    int code = file_read(from, &key, err);
    if (code == 0) {
        code = file_replace(to, 0600, key.data, key.len, err);
    }
    proof_wipe(key.data, key.len);
    return code;
}

static int fill(struct db *db, const char *conninfo, const char *key, const char *folder, int64_t now_us,
                struct archive_figures *ret, struct err *err)
{
    autopaths struct paths paths = {0};
    int code = paths_of(folder, &paths, err);
    if (code == 0) {
        code = read_figures(db, ret, err);
    }
    if (code == 0) {
        const char *const arguments[] = {"pg_dump",       "--format=custom", "--no-owner",
                                         "--no-password", "--file",          paths.dump,
                                         "--dbname",      BY_SERVICE,        NULL};
        code = run_program(conninfo, paths.service, db_server_version(db) / 10000, arguments, err);
    }
    if (code == 0 && chmod(paths.dump, 0600) != 0) {
        code = err_set_errno(err, ERR_CANNOT_WRITE, errno, "%s", paths.dump);
    }
    if (code == 0 && key != NULL && file_exists(key)) {
        code = copy_key(key, paths.key, err);
    }
    if (code == 0) {
        code = write_about(&paths, db, ret, now_us, err);
    }
    return code != 0 ? code : file_sync_folder(folder, err);
}

static void drop(const char *folder)
{
    autopaths struct paths paths = {0};
    if (paths_of(folder, &paths, NULL) == 0) {
        (void)unlink(paths.dump);
        (void)unlink(paths.key);
        (void)unlink(paths.about);
        (void)unlink(paths.service);
    }
    (void)rmdir(folder);
}

static int put_in_place(const char *temporary, const char *folder, struct err *err)
{
    autofree char *parent = mem_strdup(folder);
    if (parent == NULL) {
        return mem_error(err);
    }
    if (rename(temporary, folder) != 0) {
        return file_write_error(errno, err);
    }
    char *slash = strrchr(parent, '/');
    if (slash != NULL) {
        slash[slash == parent ? 1 : 0] = '\0';
    }
    return file_sync_folder(slash != NULL ? parent : ".", err);
}

int archive_make(struct db *db, const char *conninfo, const char *key, const char *folder, int64_t now_us,
                 struct archive_figures *ret, struct err *err)
{
    autofree char *target = mem_strdup(folder);
    for (size_t length = target != NULL ? strlen(target) : 0; length > 1 && target[length - 1] == '/'; length--) {
        target[length - 1] = '\0';
    }
    autofree char *temporary = target != NULL ? mem_printf("%s.part-%ld", target, (long)getpid()) : NULL;
    if (temporary == NULL) {
        return mem_error(err);
    }
    if (file_exists(target)) {
        (void)err_set(err, ERR_CANNOT_WRITE, "%s is there already", folder);
        return err_hint(err, "name a new folder for each backup");
    }
    if (mkdir(temporary, 0700) != 0) {
        (void)file_write_error(errno, err);
        return err_path(err, "%s", folder);
    }
    int code = fill(db, conninfo, key, temporary, now_us, ret, err);
    if (code == 0) {
        code = put_in_place(temporary, target, err);
    }
    if (code != 0) {
        drop(temporary);
    }
    return code;
}

/* ---- restoring */

static int read_about(const struct paths *paths, struct archive_figures *ret, struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autojson struct json_document *document = NULL;
    int64_t format = 0, version = 0, epoch = 0;
    struct err why;
    if (file_read(paths->about, &text, &why) != 0 ||
        json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_bundle, &document, &why) != 0 ||
        !json_integer(json_get(json_root(document), "crosschip_backup"), &format) || !file_exists(paths->dump)) {
        (void)err_set(err, ERR_DATA, "this is no backup: it needs backup.json and database.dump");
        return err_hint(err, "name the folder that `crosschip-collector backup` wrote");
    }
    const struct json *root = json_root(document);
    if (format != 1 || !json_integer(json_get(root, "schema_version"), &version) ||
        !json_integer(json_get(root, "submissions"), &ret->submissions) ||
        !json_integer(json_get(root, "log_epoch"), &epoch) ||
        !json_integer(json_get(root, "log_size"), &ret->log_size)) {
        return err_set(err, ERR_DATA, "backup.json is of a kind that this program does not know");
    }
    ret->schema_version = (int)version;
    ret->log_epoch = (int)epoch;
    text_copy(ret->log_root, sizeof ret->log_root, json_string(json_get(root, "log_root")));
    return 0;
}

static int look_into(const char *folder, struct paths *paths, struct archive_figures *ret, struct err *err)
{
    int code = paths_of(folder, paths, err);
    if (code != 0) {
        return code;
    }
    if (!file_exists(folder)) {
        (void)err_set(err, ERR_NOT_FOUND, "there is no such folder");
        (void)err_path(err, "%s", folder);
        return err_hint(err, "name the folder that `crosschip-collector backup` wrote");
    }
    code = read_about(paths, ret, err);
    return code != 0 ? err_path(err, "%s", folder) : 0;
}

static int check_empty(struct db *db, struct err *err)
{
    int64_t objects = 0;
    int code = count(db, "archive_objects", &objects, err);
    if (code == 0 && objects > 0) {
        (void)err_set(err, ERR_CANNOT_WRITE, "the database is not empty");
        code = err_hint(err, "name a data folder that is not there yet, or an empty database");
    }
    return code;
}

/* Before anything is restored: another key that stands in the place of the one of the backup is never replaced. */
static int check_place(const char *from, const char *to, struct err *err)
{
    autobuf struct buf saved = BUF(KEY_BYTES_MAX), there = BUF(KEY_BYTES_MAX);
    if (to == NULL || !file_exists(from) || !file_exists(to)) {
        return 0;
    }
    int code = file_read(from, &saved, err);
    if (code == 0) {
        code = file_read(to, &there, err);
    }
    const bool same = code == 0 && str_equal(str_slice(saved.data, saved.len), str_slice(there.data, there.len));
    proof_wipe(saved.data, saved.len);
    proof_wipe(there.data, there.len);
    if (code == 0 && !same) {
        (void)err_set(err, ERR_CANNOT_WRITE, "%s is another key than the one of the backup", to);
        code = err_hint(err, "move it away, or name another place with --signing-key FILE");
    }
    return code;
}

/* Whether it was the dump that could not be read, or the database that did not take it. */
static int tell_damage(const char *conninfo, const char *service, int major, const struct paths *paths, struct err *err)
{
    const char *const arguments[] = {"pg_restore", "--file=/dev/null", paths->dump, NULL};
    struct err why;
    if (run_program(conninfo, service, major, arguments, &why) == 0) {
        return -(int)ERR_SERVICE;
    }
    (void)err_set(err, ERR_DATA, "this backup is damaged: pg_restore cannot read it to its end");
    (void)err_path(err, "%s", paths->dump);
    (void)err_detail(err, "%s", why.detail);
    return err_hint(err, "nothing of it is kept: restore another backup");
}

static int restore_dump(struct db *db, const char *conninfo, const struct paths *paths, struct err *err)
{
    char service[] = "/tmp/crosschip-restore-XXXXXX"; /* the backup may lie where nobody can write */
    const int major = db_server_version(db) / 10000;
    const int descriptor = mkstemp(service);
    if (descriptor < 0) {
        return err_set_errno(err, ERR_CANNOT_WRITE, errno, "%s", service);
    }
    (void)close(descriptor);
    const char *const arguments[] = {"pg_restore",
                                     "--single-transaction",
                                     "--exit-on-error",
                                     "--no-owner",
                                     "--no-password",
                                     "--dbname",
                                     BY_SERVICE,
                                     paths->dump,
                                     NULL};
    int code = run_program(conninfo, service, major, arguments, err);
    if (code == -(int)ERR_SERVICE) {
        code = tell_damage(conninfo, service, major, paths, err);
    }
    (void)unlink(service);
    return code;
}

/* What was stored between the figures and the dump makes the numbers larger, never smaller. */
static int check_restored(struct db *db, const struct archive_figures *stated, struct archive_figures *ret,
                          struct err *err)
{
    int64_t damaged = 0;
    int code = read_figures(db, ret, err);
    if (code == 0) {
        code = count(db, "archive_damaged", &damaged, err);
    }
    if (code != 0) {
        return code;
    }
    if (ret->submissions < stated->submissions || ret->log_size < stated->log_size ||
        ret->schema_version != stated->schema_version ||
        (ret->log_size == stated->log_size && strcmp(ret->log_root, stated->log_root) != 0)) {
        (void)err_set(err, ERR_DATA, "database.dump does not hold what backup.json states");
        return err_detail(err,
                          "stated: %lld submissions, %lld entries of the log, root %.16s, schema %d; restored: %lld, "
                          "%lld, %.16s, %d",
                          (long long)stated->submissions, (long long)stated->log_size, stated->log_root,
                          stated->schema_version, (long long)ret->submissions, (long long)ret->log_size, ret->log_root,
                          ret->schema_version);
    }
    if (damaged > 0) {
        return err_set(err, ERR_DATA, "of %lld submissions in the backup the bytes do not have their hash",
                       (long long)damaged);
    }
    return 0;
}

/* What was restored is committed already: where it is not good it is taken away again. */
static int settle(struct db *db, const struct paths *paths, const struct archive_figures *stated, const char *key,
                  struct archive_figures *ret, struct err *err)
{
    struct err why;
    const bool with_key = file_exists(paths->key);
    int code = check_restored(db, stated, ret, err);
    if (code == 0 && with_key) {
        code = signer_check(db, paths->key, err);
    }
    if (code == -(int)ERR_DATA) {
        (void)err_hint(err, "the backup was changed or mixed with another: nothing of it is kept, restore another one");
    }
    if (code == 0 && with_key && key != NULL && !file_exists(key)) {
        code = copy_key(paths->key, key, err);
    }
    if (code != 0 && db_exec(db, statement("archive_undo"), &why) != 0) {
        (void)err_hint(err, "what was restored is still there and not to be used: %s", why.text);
    }
    return code;
}

int archive_look(const char *folder, struct err *err)
{
    autopaths struct paths paths = {0};
    struct archive_figures stated = {0};
    return look_into(folder, &paths, &stated, err);
}

int archive_restore(struct db *db, const char *conninfo, const char *folder, const char *key,
                    struct archive_figures *ret, struct err *err)
{
    autopaths struct paths paths = {0};
    struct archive_figures stated = {0};
    int code = look_into(folder, &paths, &stated, err);
    if (code == 0) {
        code = check_empty(db, err);
    }
    if (code == 0) {
        code = check_place(paths.key, key, err);
    }
    if (code == 0) {
        code = restore_dump(db, conninfo, &paths, err);
    }
    return code != 0 ? code : settle(db, &paths, &stated, key, ret, err);
}
