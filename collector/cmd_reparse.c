#include <stdio.h>

#include "collector/database.h"
#include "collector/follow/rebuild.h"
#include "collector/intake/statements.h"
#include "collector/stop.h"
#include "collector/take/reparse.h"
#include "collector/verbs.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/proof/hash.h"

const struct option reparse_options[] = {
    DATABASE_OPTIONS,
    {"dry-run", 'n', OPTION_FLAG_ONCE, NULL, NULL, "only count what would change"},
    {"rollups", 0, OPTION_FLAG_ONCE, NULL, NULL,
     "make observations, figures of devices and cells anew instead, from the rows that are there"},
    {0},
};

struct reparsing {
    struct progress progress;
};

static void show_progress(void *context, const struct reparse_figures *figures)
{
    struct reparsing *reparsing = context;
    progress_step(&reparsing->progress, (size_t)figures->seen);
}

static void tell(void *context, const uint8_t submission_id[16], const struct err *why)
{
    char key[33];
    (void)context;
    (void)hex_encode(key, submission_id, 16);
    if (why != NULL) {
        log_warning("sha256:%s…: cannot be read any more: %s%s%s", key, why->path, why->path[0] != '\0' ? ": " : "",
                    why->text);
    } else {
        log_debug("sha256:%s…: reads differently", key);
    }
}

static int count_all(struct db *db, size_t *ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement("submission_count"), NULL, &result, err);
    if (code == 0) {
        *ret = (size_t)db_int64(result, 0, 0);
    }
    return code;
}

static int reparse(struct db *db, bool only_look, struct reparse_figures *figures, struct err *err)
{
    struct reparsing reparsing;
    size_t total = 0;
    const struct reparse_options options = {.only_look = only_look,
                                            .progress = show_progress,
                                            .told = tell,
                                            .context = &reparsing,
                                            .stop = &stop_requested};
    int code = count_all(db, &total, err);
    if (code != 0) {
        return code;
    }
    progress_begin(&reparsing.progress, "reading again", total);
    code = reparse_all(db, &options, figures, err);
    progress_end(&reparsing.progress);
    return code;
}

static void show_entries(void *context, uint64_t entries, uint64_t of)
{
    struct progress *progress = context;
    progress->total = (size_t)of;
    progress_step(progress, (size_t)entries);
}

static int rebuild(struct db *db, bool only_look, int64_t *ret_differing, struct err *err)
{
    struct progress progress;
    struct rebuild_figures figures;
    const struct rebuild_options options = {
        .only_look = only_look, .progress = show_entries, .context = &progress, .stop = &stop_requested};
    progress_begin(&progress, "observing again", 0);
    const int code = rebuild_all(db, &options, &figures, err);
    progress_end(&progress);
    if (code == 0) {
        printf("%lld observations, %lld figures of devices, %lld cells, %lld %s\n", (long long)figures.observations,
               (long long)figures.figures, (long long)figures.cells, (long long)figures.differing,
               only_look ? "would differ" : "differed");
    }
    *ret_differing = figures.differing;
    return code;
}

static int reparse_rows(struct db *db, bool only_look, bool *ret_unreadable, struct err *err)
{
    struct reparse_figures figures = {0};
    const int code = reparse(db, only_look, &figures, err);
    printf("%llu read, %llu %s, %llu unreadable\n", (unsigned long long)figures.seen,
           (unsigned long long)figures.changed, only_look ? "would change" : "changed",
           (unsigned long long)figures.unreadable);
    *ret_unreadable = figures.unreadable > 0;
    return code != 0 ? err_hint(err, "run it again: what is done is not done twice") : 0;
}

int cmd_reparse(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    const bool only_look = option_flag(invocation, "dry-run"), rollups = option_flag(invocation, "rollups");
    int64_t differing = 0;
    bool found = false;
    int code = stop_install(err);
    if (code == 0) {
        code = database_open(invocation, true, &stop_requested, &database, err);
    }
    if (code == 0) {
        code = database_connect(&database, true, &db, err);
    }
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code != 0) {
        return code;
    }
    code = rollups ? rebuild(db, only_look, &differing, err) : reparse_rows(db, only_look, &found, err);
    if (code != 0) {
        return code;
    }
    db_close(TAKE_PTR(db));
    code = database_close(&database, err);
    return code != 0 ? code : found || differing > 0 ? err_exit_status(ERR_FOUND) : 0;
}
