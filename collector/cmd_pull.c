#include <stdio.h>

#include "collector/database.h"
#include "collector/stop.h"
#include "collector/take/pull.h"
#include "collector/verbs.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/json/json_write.h"

const struct option pull_options[] = {
    DATABASE_OPTIONS,
    {"anonymous", 0, OPTION_TEXT, "POLICY", "accept",
     "what was accepted there: accept it where it is plausible, or quarantine it for a moderator to see"},
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

static int read_policy(const struct invocation *invocation, struct intake_policy *ret, struct err *err)
{
    const char *word = option_text(invocation, "anonymous");
    *ret = (struct intake_policy){.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "pull"};
    if (text_equal(word, "quarantine")) {
        ret->anonymous = INTAKE_ANONYMOUS_QUARANTINE;
    } else if (!text_equal(word, "accept")) {
        (void)err_set(err, ERR_USAGE, "--anonymous does not know %s", word);
        return err_hint(err, "accept or quarantine");
    }
    return 0;
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
    struct progress progress;
    struct pull_options options = {.server = server,
                                   .conninfo = database->conninfo,
                                   .refused = refused,
                                   .progress = show_progress,
                                   .context = &progress,
                                   .stop = &stop_requested};
    int code = read_policy(invocation, &options.policy, err);
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
        print_summary(option_flag(invocation, "json"), &figures);
    }
    if (code != 0) {
        return code;
    }
    code = database_close(&database, err);
    return code != 0 ? code : figures.refused > 0 ? err_exit_status(ERR_DATA) : 0;
}
