#include "collector/action.h"

#include "collector/database.h"
#include "schema/db/migrate.h"

/* "add, list or revoke" */
static void name_all(const struct action *actions, struct buf *into)
{
    for (const struct action *at = actions; at->word != NULL; at++) {
        buf_addf(into, "%s%s", at == actions ? "" : at[1].word != NULL ? ", " : " or ", at->word);
    }
}

static int run_on_database(const struct invocation *invocation, const struct action *action, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, true, &db, err);
    }
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0) {
        code = action->run(invocation, db, err);
    }
    if (code != 0) {
        return code;
    }
    db_close(db);
    db = NULL;
    return database_close(&database, err);
}

int action_run(const struct invocation *invocation, const char *verb, const struct action *actions, struct err *err)
{
    autobuf struct buf known = BUF(1024);
    const struct action *action = actions;
    while (action->word != NULL && !text_equal(argument_at(invocation, 0), action->word)) {
        action++;
    }
    if (action->word != NULL) {
        return run_on_database(invocation, action, err);
    }
    name_all(actions, &known);
    err_set(err, ERR_USAGE, "%s does not know %s", verb, argument_at(invocation, 0));
    return err_hint(err, "%s", buf_text(&known));
}
