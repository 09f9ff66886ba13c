#include <stdio.h>

#include "collector/database.h"
#include "collector/intake/signing.h"
#include "collector/verbs.h"
#include "schema/base/str.h"

const struct option key_options[] = {
    DATABASE_OPTIONS,
    {0},
};

static int show(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    autobuf struct buf out = BUF(BUF_MIB);
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, false, &db, err);
    }
    if (code == 0) {
        code = signing_keys_write(db, &out, err);
    }
    if (code != 0) {
        return code;
    }
    (void)fwrite(out.data, 1, out.len, stdout);
    db_close(db);
    db = NULL;
    return database_close(&database, err);
}

int cmd_key(const struct invocation *invocation, struct err *err)
{
    const char *action = argument_at(invocation, 0);
    if (!text_equal(action, "show")) {
        (void)err_set(err, ERR_USAGE, "key does not know %s", action);
        return err_hint(err, "crosschip-collector key show");
    }
    return show(invocation, err);
}
