#include <stdio.h>
#include <string.h>

#include "collector/action.h"
#include "collector/actor.h"
#include "collector/people/change.h"
#include "collector/people/list.h"
#include "collector/people/look.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/wire/names.h"

const struct option moderate_options[] = {
    DATABASE_OPTIONS,
    {"reason", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "why, in words; kept with the decision"},
    {"rule", 0, OPTION_TEXT_ONCE, "NAME", NULL, "the rule behind the decision; for list: only what this rule found"},
    {"state", 0, OPTION_TEXT_ONCE, "STATE", "quarantined",
     "for list: accepted, quarantined, rejected, withdrawn or deleted"},
    {"limit", 0, OPTION_TEXT_ONCE, "N", "50", "for list: at most so many"},
    {"days", 0, OPTION_TEXT_ONCE, "N", "0", "for list: only what came so many days ago or earlier"},
    {"after", 0, OPTION_TEXT_ONCE, "ID", NULL, "for list: go on behind this one, the last of the page before"},
    {"by", 0, OPTION_TEXT, "NAME", NULL, "who decides (default: the account)"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

enum { LIST_MOST = 100000, DAYS_MOST = 36500 };
static const int64_t day_us = INT64_C(86400000000);

static int check_state(const char *state, struct err *err)
{
    static const char *const states[] = {WIRE_STATE_ACCEPTED, WIRE_STATE_QUARANTINED, WIRE_STATE_REJECTED,
                                         WIRE_STATE_WITHDRAWN, WIRE_STATE_DELETED};
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        if (text_equal(state, states[i])) {
            return 0;
        }
    }
    err_set(err, ERR_USAGE, "--state does not know %s", state);
    return err_hint(err, "accepted, quarantined, rejected, withdrawn or deleted");
}

static int parse_id(const char *text, struct sha256 *ret, struct err *err)
{
    if (sha256_parse_id(str_of(text), ret)) {
        return 0;
    }
    err_set(err, ERR_USAGE, "%s is no id of a submission", text);
    return err_hint(err, "an id is sha256: and 64 lower-case hex digits, as moderate list prints it");
}

static int list(const struct invocation *invocation, struct db *db, struct err *err)
{
    autobuf struct buf out = BUF(256 * BUF_MIB);
    const char *after = option_text(invocation, "after");
    struct look_filter filter = {.state = option_text(invocation, "state"), .rule = option_text(invocation, "rule")};
    struct sha256 last;
    long limit = 0, days = 0;
    int64_t left = 0;
    if (argument_count(invocation) > 1) {
        (void)err_set(err, ERR_USAGE, "moderate list takes no ID");
        return err_hint(err, "moderate show %s", argument_at(invocation, 1));
    }
    int code = check_state(filter.state, err);
    if (code == 0) {
        code = option_int(invocation, "limit", 1, LIST_MOST, &limit, err);
    }
    if (code == 0) {
        code = option_int(invocation, "days", 0, DAYS_MOST, &days, err);
    }
    filter.until_us = days > 0 ? clock_wall_us() - days * day_us : 0;
    if (code == 0 && after != NULL) {
        code = parse_id(after, &last, err);
        filter.after = &last;
    }
    filter.limit = (int)limit;
    if (code == 0) {
        code = look_list(db, &filter, option_flag(invocation, "json"), &out, &left, err);
    }
    code = code != 0 ? code : list_show(&out, err);
    if (code == 0 && left > 0) {
        log_info("%lld more: go on with --after and the last id, or ask for more with --limit", (long long)left);
    }
    return code;
}

static int show(const struct invocation *invocation, struct db *db, struct err *err)
{
    int code = argument_count(invocation) > 1 ? 0 : err_set(err, ERR_USAGE, "moderate show takes at least one ID");
    for (size_t i = 1; code == 0 && i < argument_count(invocation); i++) {
        autobuf struct buf out = BUF(64 * BUF_MIB);
        struct sha256 id;
        code = parse_id(argument_at(invocation, i), &id, err);
        if (code == 0) {
            code = look_show(db, &id, option_flag(invocation, "json"), &out, err);
        }
        if (code == 0) {
            code = list_show(&out, err);
        }
    }
    return code;
}

/* An undo is a decision too: told is what it took back, and that another one decides that again. */
static int tell_undone(struct db *db, const struct sha256 *id, const struct change *change, struct err *err)
{
    autobuf struct buf undone = BUF(BUF_MIB);
    const int code = look_undone(db, id, change->revision, &undone, err);
    if (code == 0) {
        log_info("taken back: %s; undo once more takes this back again", buf_text(&undone));
    }
    return code;
}

static int decide(const struct invocation *invocation, struct db *db, struct err *err)
{
    const char *action = argument_at(invocation, 0), *reason = option_text(invocation, "reason");
    char actor[ACTOR_SIZE];
    actor_name(invocation, actor);
    if (argument_count(invocation) < 2) {
        return err_set(err, ERR_USAGE, "moderate %s takes at least one ID", action);
    }
    const struct decision decision = {action, actor, option_text(invocation, "rule"), reason};
    int code = actor_reason(invocation, err);
    for (size_t i = 1; code == 0 && i < argument_count(invocation); i++) {
        struct sha256 id;
        struct change change;
        code = parse_id(argument_at(invocation, i), &id, err);
        if (code == 0) {
            code = change_moderate(db, &id, &decision, clock_wall_us(), &change, err);
        }
        if (code == 0) {
            printf("%s %s\n", change.state, argument_at(invocation, i));
            code = text_equal(action, "undo") ? tell_undone(db, &id, &change, err) : 0;
        } else if (err != NULL && err->path[0] == '\0') {
            (void)err_path(err, "%s", argument_at(invocation, i));
            if (err->code == ERR_DATA) {
                (void)err_hint(err, "moderate show %s tells what was decided so far", argument_at(invocation, i));
            }
        }
    }
    return code;
}

int cmd_moderate(const struct invocation *invocation, struct err *err)
{
    static const struct action actions[] = {
        {"list", list},   {"show", show},       {"accept", decide}, {"reject", decide},
        {"undo", decide}, {"withdraw", decide}, {"delete", decide}, {0}};
    return action_run(invocation, "moderate", actions, err);
}
