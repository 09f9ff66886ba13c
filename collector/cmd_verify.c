#include <stdio.h>

#include "collector/database.h"
#include "collector/follow/verify.h"
#include "collector/intake/signing.h"
#include "collector/stop.h"
#include "collector/take/reparse.h"
#include "collector/verbs.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/json/json_write.h"

const struct option verify_options[] = {
    DATABASE_OPTIONS,
    SIGNING_KEY_OPTION,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "write JSON"},
    {0},
};

enum { REPORT_MOST = 64 << 20 };

struct report {
    bool json;
    uint64_t differences;
    struct buf out;
    struct json_writer writer;
    struct progress progress;
};

static void add(void *context, const char *what, const char *why)
{
    struct report *report = context;
    report->differences++;
    if (report->json) {
        json_begin_object(&report->writer);
        json_pair_string(&report->writer, "what", what);
        json_pair_string(&report->writer, "why", why);
        json_end_object(&report->writer);
    } else {
        buf_addf(&report->out, "%s: %s\n", what, why);
    }
}

static void show_progress(void *context, uint64_t submissions)
{
    struct report *report = context;
    progress_step(&report->progress, (size_t)submissions);
}

static void add_rows(void *context, const uint8_t submission_id[16], const struct err *why)
{
    char what[64], key[33];
    if (why == NULL) { /* bytes that cannot be read were named before */
        (void)snprintf(what, sizeof what, "sha256:%s…", hex_encode(key, submission_id, 16));
        add(context, what, "its rows are not what its bytes say");
    }
}

/* Without the right to read the key's folder the signed head is not compared. */
static int open_head(const struct invocation *invocation, const struct database *database, struct published **ret,
                     struct err *err)
{
    autofree char *key = NULL, *path = NULL;
    int code = database_key_path(invocation, database, &key, err);
    if (code != 0) {
        return code;
    }
    path = published_path(key);
    if (path == NULL) {
        return mem_error(err);
    }
    if (!file_exists(path)) {
        log_warning("%s is not there: the log is not compared with a signed head", path);
        return 0;
    }
    return published_open(path, NULL, ret, err);
}

static int connect_for_long(const struct database *database, struct db **ret, struct err *err)
{
    const struct db_options options = {
        .application_name = "crosschip-verify", .statement_timeout_ms = -1, .answer_limit_ms = -1};
    return db_connect(database->conninfo, &options, ret, err);
}

/* Rows are compared batch by batch and locked for that long: after the snapshot, so that nothing waits for all of it.
 */
static int look(struct db *db, struct published *published, struct report *report, struct verify_figures *figures,
                struct err *err)
{
    const struct verify_options options = {
        .differs = add, .progress = show_progress, .context = report, .stop = &stop_requested, .published = published};
    const struct reparse_options rows = {
        .only_look = true, .told = add_rows, .context = report, .stop = &stop_requested};
    struct reparse_figures read;
    progress_begin(&report->progress, "verifying", 0);
    int code = verify_all(db, &options, figures, err);
    progress_end(&report->progress);
    return code != 0 ? code : reparse_all(db, &rows, &read, err);
}

static void print(struct report *report, const struct verify_figures *figures)
{
    if (report->json) {
        json_end_array(&report->writer);
        json_pair_int(&report->writer, "submissions", (int64_t)figures->submissions);
        json_pair_int(&report->writer, "entries", (int64_t)figures->entries);
        json_pair_int(&report->writer, "epoch", figures->head.epoch);
        json_pair_int(&report->writer, "keys", (int64_t)figures->keys);
        json_end_object(&report->writer);
        buf_addc(&report->out, '\n');
    } else {
        const struct {
            uint64_t count;
            const char *one, *many;
        } parts[] = {{figures->submissions, "submission, ", "submissions, "},
                     {figures->head.size, "entry of the log, ", "entries of the log, "},
                     {figures->keys, "key: ", "keys: "},
                     {report->differences, "difference\n", "differences\n"}};
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
            buf_addf(&report->out, "%llu %s", (unsigned long long)parts[i].count,
                     parts[i].count == 1 ? parts[i].one : parts[i].many);
        }
    }
    (void)fwrite(buf_text(&report->out), 1, report->out.len, stdout);
}

static int verify(const struct invocation *invocation, const struct database *database, uint64_t *ret_differences,
                  struct err *err)
{
    autodb struct db *db = NULL;
    struct published *published = NULL;
    struct verify_figures figures = {0};
    struct report report = {.json = option_flag(invocation, "json"), .out = BUF(REPORT_MOST)};
    report.writer = json_writer(&report.out, 0);
    if (report.json) {
        json_begin_object(&report.writer);
        json_write_key(&report.writer, "differences");
        json_begin_array(&report.writer);
    }
    int code = connect_for_long(database, &db, err);
    if (code == 0) {
        code = db_schema_check(db, err);
    }
    if (code == 0) {
        code = open_head(invocation, database, &published, err);
    }
    if (code == 0) {
        code = look(db, published, &report, &figures, err);
    }
    if (code == 0) {
        print(&report, &figures);
        code = buf_check(&report.out, err);
    }
    published_close(published);
    buf_done(&report.out);
    *ret_differences = report.differences;
    return code;
}

int cmd_verify(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    uint64_t differences = 0;
    int code = stop_install(err);
    if (code == 0) {
        code = database_open(invocation, true, &stop_requested, &database, err);
    }
    if (code == 0) {
        code = verify(invocation, &database, &differences, err);
    }
    if (code != 0) {
        return code;
    }
    code = database_close(&database, err);
    return code != 0 ? code : differences > 0 ? err_exit_status(ERR_FOUND) : 0;
}
