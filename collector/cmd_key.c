#include <stdio.h>

#include "collector/database.h"
#include "collector/follow/published.h"
#include "collector/intake/signing.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/migrate.h"

const struct option key_options[] = {
    DATABASE_OPTIONS,
    SIGNING_KEY_OPTION,
    {"always", 0, OPTION_FLAG, NULL, NULL, "new-epoch: also when nothing shows that the database is behind"},
    {0},
};

static int show(struct db *db, struct err *err)
{
    autobuf struct buf out = BUF(BUF_MIB);
    const int code = signing_keys_write(db, &out, err);
    if (code == 0) {
        (void)fwrite(out.data, 1, out.len, stdout);
    }
    return code;
}

static int rotate(struct db *db, const char *path, struct err *err)
{
    autosigner struct signer signer = {0};
    const int code = signer_rotate(db, path, clock_wall_us(), &signer, err);
    if (code == 0) {
        printf("%s\n", signer.key_id);
    }
    return code;
}

static int new_epoch(const struct invocation *invocation, struct db *db, const char *path, struct err *err)
{
    autosigner struct signer signer = {0};
    autofree char *head_path = published_path(path);
    struct published *published = NULL;
    struct log_head head;
    int code = head_path == NULL ? mem_error(err) : signer_open(db, path, clock_wall_us(), &signer, err);
    if (code == 0) {
        code = published_open(head_path, &signer.pair, &published, err);
    }
    if (code == 0) {
        code = published_new_epoch(published, db, option_flag(invocation, "always"), clock_wall_us(), &head, err);
        if (code == -(int)ERR_FOUND) {
            code =
                err_hint(err, "after a restore from a backup, give --always when heads were signed since it was made");
        }
    }
    if (code == 0) {
        printf("the log goes on as epoch %d\n", head.epoch);
    }
    published_close(published);
    return code;
}

static int act(const struct invocation *invocation, const struct database *database, struct db *db, struct err *err)
{
    const char *action = argument_at(invocation, 0);
    autofree char *path = NULL;
    if (text_equal(action, "show")) {
        return show(db, err);
    }
    /* A collector that runs would go on with what it read at its start. */
    int code = database->cluster != NULL ? cluster_lock_collector(database->cluster, "key", err) : 0;
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0) {
        code = database_key_path(invocation, database, &path, err);
    }
    if (code != 0) {
        return code;
    }
    return text_equal(action, "rotate") ? rotate(db, path, err) : new_epoch(invocation, db, path, err);
}

int cmd_key(const struct invocation *invocation, struct err *err)
{
    const char *action = argument_at(invocation, 0);
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    if (!text_equal(action, "show") && !text_equal(action, "rotate") && !text_equal(action, "new-epoch")) {
        (void)err_set(err, ERR_USAGE, "key does not know %s", action);
        return err_hint(err, "show, rotate or new-epoch");
    }
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, !text_equal(action, "show"), &db, err);
    }
    if (code == 0) {
        code = act(invocation, &database, db, err);
    }
    if (code != 0) {
        return code;
    }
    db_close(db);
    db = NULL;
    return database_close(&database, err);
}
