/* The verbs `chips` and `models`: what names mean that the catalogue does not know. */
#include "collector/action.h"
#include "collector/actor.h"
#include "collector/people/list.h"
#include "collector/people/names.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"

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

static int act(const struct invocation *invocation, enum named named, struct db *db, struct err *err)
{
    autobuf struct buf out = BUF(64 * BUF_MIB);
    const char *action = argument_at(invocation, 0);
    const bool json = option_flag(invocation, "json");
    long limit = 0;
    int code = 0;
    if (text_equal(action, "alias") || text_equal(action, "unalias")) {
        code = decide(invocation, named, db, &out, err);
    } else if (argument_count(invocation) > 1) {
        code = err_set(err, ERR_USAGE, "%s takes no further argument", action);
    } else if (text_equal(action, "aliases")) {
        code = names_decisions(db, named, json, &out, err);
    } else {
        code = option_int(invocation, "limit", 1, NAMES_MOST, &limit, err);
        code = code != 0 ? code : names_unmatched(db, named, (int)limit, json, &out, err);
    }
    return code != 0 ? code : list_show(&out, err);
}

static int act_on_chips(const struct invocation *invocation, struct db *db, struct err *err)
{
    return act(invocation, NAMED_CHIP, db, err);
}

static int act_on_models(const struct invocation *invocation, struct db *db, struct err *err)
{
    return act(invocation, NAMED_MODEL, db, err);
}

#define ACTIONS(run)                                                                                                   \
    {"unmatched", run}, {"alias", run}, {"unalias", run}, {"aliases", run},                                            \
    {                                                                                                                  \
        0                                                                                                              \
    }

int cmd_chips(const struct invocation *invocation, struct err *err)
{
    static const struct action actions[] = {ACTIONS(act_on_chips)};
    return action_run(invocation, "chips", actions, err);
}

int cmd_models(const struct invocation *invocation, struct err *err)
{
    static const struct action actions[] = {ACTIONS(act_on_models)};
    return action_run(invocation, "models", actions, err);
}
