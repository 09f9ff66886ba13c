#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/database.h"
#include "collector/intake/statements.h"
#include "collector/take/dump.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/proof/hash.h"

const struct option export_options[] = {
    DATABASE_OPTIONS,
    {"output", 'o', OPTION_TEXT_ONCE, "FILE", NULL, "write to FILE, whole or not at all, instead of standard output"},
    {"state", 0, OPTION_LIST_ONCE, "STATE", NULL, "only submissions in this state; may stand several times"},
    {"since", 0, OPTION_TEXT_ONCE, "TIME", NULL,
     "only what was received at TIME or later, such as 2026-11-21T00:00:00Z"},
    {0},
};

enum { WRITE_BYTES = 1 << 20, ROW_LIMIT_MS = 600000 };

struct exporting {
    struct db *db;
    struct file_writer file; /* descriptor -1: standard output */
    struct buf out;
    uint64_t written, erased, damaged;
};

static void exporting_done(struct exporting *exporting)
{
    file_writer_drop(&exporting->file);
    buf_done(&exporting->out);
    db_close(exporting->db);
}

static int flush_out(struct exporting *exporting, struct err *err)
{
    int code = buf_check(&exporting->out, err);
    if (code == 0) {
        int descriptor = exporting->file.descriptor >= 0 ? exporting->file.descriptor : STDOUT_FILENO;
        code = file_write_all(descriptor, exporting->out.data, exporting->out.len, err);
        if (code < 0 && descriptor == STDOUT_FILENO) {
            err->code = ERR_IO; /* as whatever else cannot print */
            code = err_path(err, "standard output");
        }
    }
    buf_reset(&exporting->out);
    return code;
}

/* Bytes that do not hash to their id any more are not handed on as if they were the submission. */
static void add_row(struct exporting *exporting, const struct db_result *row)
{
    char id[SHA256_ID_SIZE];
    struct sha256 stated, found;
    struct str hash = db_bytes(row, 0, 0), raw = db_bytes(row, 0, 4);
    if (hash.len != sizeof stated.bytes) {
        exporting->damaged++;
        return;
    }
    memcpy(stated.bytes, hash.data, sizeof stated.bytes);
    (void)sha256_id(id, &stated);
    struct dump_line line = {.id = id,
                             .state = db_text(row, 0, 1),
                             .origin = db_text(row, 0, 3),
                             .received_at_us = db_timestamptz(row, 0, 2)};
    if (!db_is_null(row, 0, 4)) {
        found = sha256_of(raw.data, raw.len);
        if (!sha256_equal(&stated, &found)) {
            exporting->damaged++;
            log_warning("%s: the stored bytes do not have this hash", id);
            return;
        }
        line.bundle = raw;
    } else {
        exporting->erased++;
    }
    exporting->written++;
    dump_write(&line, &exporting->out);
}

static int put_filter(const struct invocation *invocation, struct db_values *values, struct err *err)
{
    static const char *const states[] = {"accepted", "quarantined", "rejected", "withdrawn", "deleted"};
    int64_t since;
    db_array_begin(values, DB_TEXT);
    for (size_t i = 0; i < option_count(invocation, "state"); i++) {
        const char *state = option_item(invocation, "state", i);
        size_t known = 0;
        while (known < ARRAY_LENGTH(states) && !text_equal(states[known], state)) {
            known++;
        }
        if (known == ARRAY_LENGTH(states)) {
            (void)err_set(err, ERR_USAGE, "--state does not know %s", state);
            return err_hint(err, "accepted, quarantined, rejected, withdrawn or deleted");
        }
        db_put_text(values, state);
    }
    db_array_end(values);
    const char *text = option_text(invocation, "since");
    if (text == NULL) {
        db_put_null(values, DB_TIMESTAMPTZ);
        return 0;
    }
    if (!clock_parse(str_of(text), &since)) {
        (void)err_set(err, ERR_USAGE, "--since %s is no time", text);
        return err_hint(err, "as in 2026-11-21T00:00:00Z");
    }
    db_put_timestamptz(values, since);
    return 0;
}

static int count_rows(struct db *db, size_t *ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement("submission_count"), NULL, &result, err);
    if (code == 0) {
        *ret = (size_t)db_int64(result, 0, 0);
    }
    return code;
}

static int stream_rows(struct exporting *exporting, const struct db_values *values, struct err *err)
{
    const struct db_result *row;
    struct progress progress;
    size_t total = 0, seen = 0;
    int code = count_rows(exporting->db, &total, err);
    if (code == 0) {
        code = db_stream_begin(exporting->db, statement("submission_export"), values, err);
    }
    if (code != 0) {
        return code;
    }
    progress_begin(&progress, "exporting", total);
    while ((code = db_stream_next(exporting->db, &row, err)) > 0) {
        add_row(exporting, row);
        if (exporting->out.len >= WRITE_BYTES && (code = flush_out(exporting, err)) != 0) {
            break;
        }
        progress_step(&progress, ++seen);
    }
    progress_end(&progress);
    db_stream_end(exporting->db);
    return code != 0 ? code : flush_out(exporting, err);
}

static int export_to(const struct invocation *invocation, struct exporting *exporting, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    const char *output = option_text(invocation, "output");
    const bool to_file = output != NULL && !text_equal(output, "-");
    int code = put_filter(invocation, &values, err);
    if (code == 0) {
        code = db_schema_check(exporting->db, err);
    }
    if (code == 0 && to_file) {
        code = file_writer_begin(output, 0600, &exporting->file, err);
    }
    if (code == 0) {
        code = db_begin(exporting->db, DB_SNAPSHOT, err);
    }
    if (code == 0) {
        code = stream_rows(exporting, &values, err);
    }
    if (code == 0) {
        code = db_commit(exporting->db, err);
    }
    return code == 0 && to_file ? file_writer_commit(&exporting->file, err) : code;
}

int cmd_export(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    struct exporting exporting cleanup(exporting_done) = {.file = {.folder = -1, .descriptor = -1},
                                                          .out = BUF((size_t)64 << 20)};
    const struct db_options options = {
        .application_name = "crosschip-export", .statement_timeout_ms = -1, .answer_limit_ms = ROW_LIMIT_MS};
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = db_connect(database.conninfo, &options, &exporting.db, err);
    }
    if (code == 0) {
        code = export_to(invocation, &exporting, err);
    }
    if (code != 0) {
        return code;
    }
    log_info("%llu submission%s written, %llu of them without bytes (erased or withdrawn)",
             (unsigned long long)exporting.written, exporting.written == 1 ? "" : "s",
             (unsigned long long)exporting.erased);
    db_close(exporting.db);
    exporting.db = NULL;
    code = database_close(&database, err);
    if (code == 0 && exporting.damaged > 0) {
        (void)err_set(err, ERR_FOUND, "%llu submissions were left out: their bytes are not what was received",
                      (unsigned long long)exporting.damaged);
        code = err_hint(err, "`crosschip-collector doctor --all` names them; restore them from a backup");
    }
    return code;
}
