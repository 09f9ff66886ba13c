#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/database.h"
#include "collector/follow/published.h"
#include "collector/intake/signing.h"
#include "collector/take/archive.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/migrate.h"

const struct option backup_options[] = {
    DATABASE_OPTIONS,
    SIGNING_KEY_OPTION,
    {0},
};
const struct option restore_options[] = {
    DATABASE_OPTIONS,
    SIGNING_KEY_OPTION,
    {0},
};

/* Where `serve` looks for it. A file that is named must be there; another may not have been made yet. */
static int find_key(const struct invocation *invocation, const struct database *database, char **ret, struct err *err)
{
    int code = database_key_path(invocation, database, ret, err);
    if (code != 0 || file_exists(*ret)) {
        return code;
    }
    if (!text_is_empty(option_text(invocation, "signing-key"))) {
        (void)err_set(err, ERR_NOT_FOUND, "the key of receipts is not there");
        return err_path(err, "%s", *ret);
    }
    log_warning("there is no key of receipts in %s: if serve used another, name it with --signing-key FILE", *ret);
    free(TAKE_PTR(*ret));
    return 0;
}

/* --signing-key, else beside the private cluster; NULL where only --database is named: its serve may run on another
 * machine. */
static int key_target(const struct invocation *invocation, const struct database *database, char **ret, struct err *err)
{
    if (database->cluster != NULL || !text_is_empty(option_text(invocation, "signing-key"))) {
        return database_key_path(invocation, database, ret, err);
    }
    log_warning("the key of receipts is not restored: name its place with --signing-key FILE");
    *ret = NULL;
    return 0;
}

static int connect_for_long(const struct database *database, struct db **ret, struct err *err)
{
    const struct db_options options = {
        .application_name = "crosschip-backup", .statement_timeout_ms = -1, .answer_limit_ms = -1};
    return db_connect(database->conninfo, &options, ret, err);
}

static void print_figures(const char *word, const char *folder, const struct archive_figures *figures)
{
    printf("%s %s: %lld submission%s, log of epoch %d with %lld entr%s\n", word, folder,
           (long long)figures->submissions, figures->submissions == 1 ? "" : "s", figures->log_epoch,
           (long long)figures->log_size, figures->log_size == 1 ? "y" : "ies");
}

int cmd_backup(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    autofree char *key = NULL;
    struct archive_figures figures;
    const char *folder = argument_at(invocation, 0);
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = find_key(invocation, &database, &key, err);
    }
    if (code == 0) {
        code = connect_for_long(&database, &db, err);
    }
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0 && key != NULL) {
        code = signer_check(db, key, err);
    }
    if (code == 0) {
        code = archive_make(db, database.conninfo, key, folder, clock_wall_us(), &figures, err);
    }
    if (code != 0) {
        return code;
    }
    print_figures("written", folder, &figures);
    db_close(TAKE_PTR(db));
    return database_close(&database, err);
}

/* What root restores belongs to the account that serves, like the folder that it lies in. */
static int give_key(const struct database *database, const char *key, struct err *err)
{
    struct stat folder;
    if (geteuid() != 0 || key == NULL || database->cluster == NULL || !file_exists(key) ||
        stat(cluster_folder(database->cluster), &folder) != 0 || chown(key, folder.st_uid, folder.st_gid) == 0) {
        return 0;
    }
    (void)err_set_errno(err, ERR_CANNOT_WRITE, errno, "%s cannot be given to %s", key,
                        cluster_account(database->cluster));
    return err_hint(err, "all is restored; run `chown %s %s` before serve", cluster_account(database->cluster), key);
}

/* A backup without the key is whole, but nobody can serve from it. */
static void tell_key(struct db *db, const char *key)
{
    struct err why;
    if (key != NULL && signer_check(db, key, &why) == -(int)ERR_NOT_FOUND) {
        log_warning("this backup holds no signing key: serve will not start before the key that receipts were signed "
                    "with stands in %s, or is named with --signing-key FILE",
                    key);
    }
}

/* What the log needs before it goes on: who holds a newer head of it would see it fork. */
static void tell_next(const char *key)
{
    autofree char *head = key != NULL ? published_path(key) : NULL;
    if (head == NULL) {
        return;
    }
    if (file_exists(head)) {
        log_info("hint: the newest head that was signed stands in %s; a backup that is older is served to be read only "
                 "until `crosschip-collector key new-epoch` begins a log that names it",
                 head);
    } else {
        log_info("hint: where the collector went on after this backup, its log would fork: bring %s along and run "
                 "`crosschip-collector key new-epoch`, or `key new-epoch --always` where that file is lost",
                 head);
    }
}

int cmd_restore(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    autofree char *key = NULL;
    struct archive_figures figures;
    int applied = 0;
    const char *folder = argument_at(invocation, 0);
    int code = archive_look(folder, err);
    if (code == 0) {
        code = database_open(invocation, false, NULL, &database, err);
    }
    if (code == 0) {
        code = key_target(invocation, &database, &key, err);
    }
    if (code == 0) {
        code = connect_for_long(&database, &db, err);
    }
    if (code == 0) {
        code = archive_restore(db, database.conninfo, folder, key, &figures, err);
    }
    if (code == 0) {
        code = give_key(&database, key, err);
    }
    if (code == 0 && database.cluster != NULL) {
        code = db_migrate(db, &applied, err);
    }
    if (code != 0) {
        return code;
    }
    print_figures("restored", folder, &figures);
    tell_key(db, key);
    tell_next(key);
    db_close(TAKE_PTR(db));
    return database_close(&database, err);
}
