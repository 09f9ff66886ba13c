/* The verbs `chips` and `models`: what names mean that the catalogue does not know. */
#include <stdio.h>

#include "collector/actor.h"
#include "collector/database.h"
#include "collector/people/names.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/db/migrate.h"

#define NAMES_OPTIONS                                                                                                  \
    DATABASE_OPTIONS, {"reason", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "why, in words; kept with the decision"},          \
        {"by", 0, OPTION_TEXT, "NAME", NULL, "who decides (default: the account)"},                                    \
        {"limit", 0, OPTION_TEXT_ONCE, "N", "50", "for unmatched: at most so many"},                                   \
    {                                                                                                                  \
        "json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"                                                          \
    }

const struct option chips_options[] = {
    NAMES_OPTIONS,
    {"variant", 0, OPTION_TEXT_ONCE, "NAME", NULL, "for alias: which variant it is, such as 10C/16G"},
    {0},
};
const struct option models_options[] = {NAMES_OPTIONS, {0}};

enum { NAMES_MOST = 100000 };

static int decide(const struct invocation *invocation, enum named named, struct db *db, struct buf *out,
                  struct err *err)
{
    const char *action = argument_at(invocation, 0);
    const bool gives = text_equal(action, "alias");
    char actor[ACTOR_SIZE];
    if (argument_count(invocation) != (gives ? 3 : 2)) {
        return err_set(err, ERR_USAGE, gives ? "alias takes a NAME and what it means" : "unalias takes a NAME");
    }
    actor_name(invocation, actor);
    const struct naming naming = {.named = named,
                                  .name = argument_at(invocation, 1),
                                  .target = gives ? argument_at(invocation, 2) : NULL,
                                  .variant = gives && named == NAMED_CHIP ? option_text(invocation, "variant") : NULL,
                                  .actor = actor,
                                  .reason = option_text(invocation, "reason")};
    const int code = actor_reason(invocation, err);
    return code != 0 ? code : names_decide(db, &naming, clock_wall_us(), out, err);
}

static int act(const struct invocation *invocation, enum named named, struct db *db, struct buf *out, struct err *err)
{
    const char *action = argument_at(invocation, 0);
    const bool json = option_flag(invocation, "json");
    long limit = 0;
    if (text_equal(action, "alias") || text_equal(action, "unalias")) {
        return decide(invocation, named, db, out, err);
    }
    if (argument_count(invocation) > 1) {
        return err_set(err, ERR_USAGE, "%s takes no further argument", action);
    }
    if (text_equal(action, "aliases")) {
        return names_decisions(db, named, json, out, err);
    }
    const int code = option_int(invocation, "limit", 1, NAMES_MOST, &limit, err);
    return code != 0 ? code : names_unmatched(db, named, (int)limit, json, out, err);
}

static int run(const struct invocation *invocation, enum named named, struct err *err)
{
    static const char *const actions[] = {"unmatched", "alias", "unalias", "aliases"};
    size_t i = 0;
    while (i < ARRAY_LENGTH(actions) && !text_equal(argument_at(invocation, 0), actions[i])) {
        i++;
    }
    if (i == ARRAY_LENGTH(actions)) {
        err_set(err, ERR_USAGE, "%s is not known here", argument_at(invocation, 0));
        return err_hint(err, "unmatched, alias, unalias or aliases");
    }
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    autobuf struct buf out = BUF(64 * BUF_MIB);
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, true, &db, err);
    }
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0) {
        code = act(invocation, named, db, &out, err);
    }
    if (code == 0) {
        code = buf_check(&out, err);
    }
    if (code != 0) {
        return code;
    }
    (void)fwrite(buf_text(&out), 1, out.len, stdout);
    db_close(db);
    db = NULL;
    return database_close(&database, err);
}

int cmd_chips(const struct invocation *invocation, struct err *err)
{
    return run(invocation, NAMED_CHIP, err);
}

int cmd_models(const struct invocation *invocation, struct err *err)
{
    return run(invocation, NAMED_MODEL, err);
}
