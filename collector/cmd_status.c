#include <stdio.h>
#include <string.h>

#include "collector/database.h"
#include "collector/intake/statements.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/db/migrate.h"
#include "schema/text/table.h"

const struct option status_options[] = {
    DATABASE_OPTIONS,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

struct status {
    int schema_version, schema_version_known;
    int64_t runs, measurements, waiting, submissions, newest_us;
    struct table states;
};

static void status_done(struct status *status)
{
    table_done(&status->states);
}
#define autostatus cleanup(status_done)

static int read_states(struct db *db, struct status *status, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement("status_states"), NULL, &result, err);
    if (code != 0) {
        return code;
    }
    table_column(&status->states, "state", "state", ALIGN_LEFT);
    table_column(&status->states, "submissions", "submissions", ALIGN_RIGHT);
    table_column(&status->states, "bytes", "bytes", ALIGN_RIGHT);
    table_column(&status->states, "newest", "newest", ALIGN_LEFT);
    for (size_t row = 0; row < db_rows(result); row++) {
        char newest[CLOCK_TEXT_SIZE];
        int64_t newest_us = db_timestamptz(result, row, 3);
        table_row(&status->states);
        table_put_text(&status->states, db_text(result, row, 0));
        table_put_integer(&status->states, db_int64(result, row, 1));
        table_put_integer(&status->states, db_int64(result, row, 2));
        table_put_text(&status->states, clock_format(newest, newest_us));
        status->submissions += db_int64(result, row, 1);
        status->newest_us = newest_us > status->newest_us ? newest_us : status->newest_us;
    }
    return table_check(&status->states, err);
}

static int read_status(struct db *db, struct status *status, struct err *err)
{
    autoresult struct db_result *result = NULL;
    status->schema_version_known = db_schema_version();
    int code = db_schema_version_of(db, &status->schema_version, err);
    if (code != 0 || status->schema_version == 0) {
        return code;
    }
    code = read_states(db, status, err);
    if (code == 0) {
        code = db_query(db, statement("status_rows"), NULL, &result, err);
    }
    if (code == 0 && db_rows(result) > 0) {
        status->runs = db_int64(result, 0, 0);
        status->measurements = db_int64(result, 0, 1);
        status->waiting = db_int64(result, 0, 2);
    }
    return code;
}

static void print_json(const struct status *status, const char *newest, struct buf *out)
{
    struct json_writer writer = json_writer(out, 2);
    json_begin_object(&writer);
    json_pair_int(&writer, "schema_version", status->schema_version);
    json_pair_int(&writer, "schema_version_of_program", status->schema_version_known);
    json_pair_int(&writer, "submissions", status->submissions);
    json_pair_int(&writer, "runs", status->runs);
    json_pair_int(&writer, "measurements", status->measurements);
    json_pair_int(&writer, "events_waiting", status->waiting);
    json_pair_string(&writer, "newest", newest);
    json_write_key(&writer, "states");
    table_write_json(&status->states, &writer);
    json_end_object(&writer);
    buf_addc(out, '\n');
}

static void print_text(const struct status *status, struct buf *out)
{
    if (status->schema_version == 0) {
        buf_adds(out, "the database holds no schema yet\n");
        return;
    }
    buf_addf(out, "schema version %d%s\n", status->schema_version,
             status->schema_version == status->schema_version_known ? "" : " (not this program's)");
    buf_addf(out, "%lld submissions, %lld runs, %lld measurements\n", (long long)status->submissions,
             (long long)status->runs, (long long)status->measurements);
    if (status->submissions > 0) {
        table_print_text(&status->states, out);
    }
}

int cmd_status(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    autostatus struct status status = {0};
    autobuf struct buf out = BUF(BUF_MIB);
    char newest[CLOCK_TEXT_SIZE];
    table_init(&status.states, NULL);
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, false, &db, err);
    }
    if (code == 0) {
        code = read_status(db, &status, err);
    }
    if (code != 0) {
        return code;
    }
    if (option_flag(invocation, "json")) {
        print_json(&status, status.submissions > 0 ? clock_format(newest, status.newest_us) : NULL, &out);
    } else {
        print_text(&status, &out);
    }
    code = buf_check(&out, err);
    if (code == 0) {
        (void)fwrite(out.data, 1, out.len, stdout);
    }
    db_close(db);
    db = NULL;
    return code != 0 ? code : database_close(&database, err);
}
