#include <stdio.h>
#include <string.h>

#include "collector/database.h"
#include "collector/policy.h"
#include "collector/stop.h"
#include "collector/take/pull.h"
#include "collector/verbs.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

const struct option pull_options[] = {
    DATABASE_OPTIONS,
    {"anonymous", 0, OPTION_TEXT, "POLICY", "accept",
     "what was accepted there: accept it where it is plausible, or quarantine it for a moderator to see"},
    {"states", 0, OPTION_TEXT, "LIST", "accepted,quarantined,rejected,withdrawn,deleted",
     "what of its states is taken over: accepted brings its bundles, the others its word on what stands here too"},
    {"contributor", 0, OPTION_LIST, "NAME", NULL,
     "take over only what this contributor sent there: 16 hex digits, as its feed shows them"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the summary as JSON"},
    {0},
};

static void refused(void *context, const char *id, const struct err *why)
{
    (void)context;
    log_warning("%s: refused: %s%s%s", id, why->path, why->path[0] != '\0' ? ": " : "", why->text);
}

static void show_progress(void *context, uint64_t entry, uint64_t size)
{
    (void)size;
    progress_step(context, (size_t)entry);
}

static int read_states(const struct invocation *invocation, unsigned *ret, struct err *err)
{
    static const struct {
        const char *word;
        enum pull_state state;
    } states[] = {{"accepted", PULL_ACCEPTED},
                  {"quarantined", PULL_QUARANTINED},
                  {"rejected", PULL_REJECTED},
                  {"withdrawn", PULL_WITHDRAWN},
                  {"deleted", PULL_DELETED}};
    struct str rest = str_of(option_text(invocation, "states")), word;
    *ret = 0;
    while (str_next_field(&rest, ',', &word)) {
        size_t i = 0;
        while (i < ARRAY_LENGTH(states) && !str_equal(str_trim(word), str_of(states[i].word))) {
            i++;
        }
        if (i == ARRAY_LENGTH(states)) {
            err_set(err, ERR_USAGE, "--states does not know %.*s", (int)word.len, word.data);
            return err_hint(err, "accepted, quarantined, rejected, withdrawn, deleted, with commas between");
        }
        *ret |= states[i].state;
    }
    return 0;
}

/* In the arena, in the order of their names: the same choice is the same policy. */
static int read_contributors(const struct invocation *invocation, struct arena *arena, struct pull_options *options,
                             struct err *err)
{
    const size_t count = option_count(invocation, "contributor");
    const char **names = arena_alloc(arena, count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < count; i++) {
        unsigned char bytes[8];
        const char *name = option_item(invocation, "contributor", i);
        if (!hex_decode(str_of(name), bytes, sizeof bytes)) {
            err_set(err, ERR_USAGE, "--contributor %s is not 16 hex digits", name);
            return err_hint(err, "lines of GET /v1/feed name them");
        }
        size_t at = i;
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) {
            names[at] = names[at - 1];
        }
        names[at] = name;
    }
    options->contributors = names;
    options->contributor_count = count;
    return arena_check(arena, err);
}

static void print_summary(bool as_json, const struct pull_figures *figures)
{
    const struct {
        const char *key, *words;
        uint64_t value;
    } parts[] = {
        {"entries", "entries of the log", figures->entries},     {"new", "new", figures->created},
        {"already_there", "already there", figures->duplicates}, {"refused", "refused", figures->refused},
        {"withdrawn", "withdrawn", figures->withdrawn},          {"noted", "decided otherwise there", figures->noted},
    };
    autobuf struct buf out = BUF(BUF_MIB);
    struct json_writer writer = json_writer(&out, 0);
    if (as_json) {
        json_begin_object(&writer);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (as_json) {
            json_pair_int(&writer, parts[i].key, (int64_t)parts[i].value);
        } else {
            buf_addf(&out, "%s%llu %s", i > 0 ? ", " : "", (unsigned long long)parts[i].value, parts[i].words);
        }
    }
    if (as_json) {
        json_end_object(&writer);
    }
    printf("%s\n", buf_text(&out));
}

static int pull(const struct invocation *invocation, const struct server *server, const struct database *database,
                struct pull_figures *figures, struct err *err)
{
    autodb struct db *db = NULL;
    struct arena arena cleanup(arena_done) = {0};
    struct progress progress;
    struct pull_options options = {.server = server,
                                   .conninfo = database->conninfo,
                                   .refused = refused,
                                   .progress = show_progress,
                                   .context = &progress,
                                   .stop = &stop_requested};
    int code = policy_choose(invocation, "pull", &options.policy, err);
    if (code == 0) {
        code = read_states(invocation, &options.states, err);
    }
    if (code == 0) {
        code = read_contributors(invocation, &arena, &options, err);
    }
    if (code == 0) {
        code = database_connect(database, true, &db, err);
    }
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0) {
        progress_begin(&progress, "pulling", 0);
        code = pull_all(db, &options, figures, err);
        progress_end(&progress);
    }
    return code;
}

int cmd_pull(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    struct server server;
    struct pull_figures figures = {0};
    int code = stop_install(err);
    if (code == 0) {
        code = server_parse(argument_at(invocation, 0), &server, err);
    }
    if (code == 0) {
        code = database_open(invocation, true, &stop_requested, &database, err);
    }
    if (code == 0) {
        code = pull(invocation, &server, &database, &figures, err);
        /* What a lie left undone is told; of a wrong word or address there is nothing to tell. */
        if (code == 0 || code == -(int)ERR_DATA || figures.entries > 0) {
            print_summary(option_flag(invocation, "json"), &figures);
        }
    }
    if (code != 0) {
        return code;
    }
    code = database_close(&database, err);
    return code != 0 ? code : figures.refused > 0 ? err_exit_status(ERR_DATA) : 0;
}
