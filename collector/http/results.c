/* GET /v1/results: one item for each measurement of an accepted submission, in the order of their keys.
 *
 * A page looks at a bounded number of measurements, however many match: its cost does not grow with the
 * history. It may therefore hold fewer items than `limit`, also none, and still name a next page. */
#include "collector/http/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/query.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/json/json_write.h"

enum { LIMIT_USUAL = 100, LIMIT_MOST = 1000, LOOKED_AT = 5000, PAGE_BYTES_MAX = 16 << 20 };
enum filter { CHIP, MODEL, QUANTIZATION, BACKEND, TASK, METRIC, FILTERS };
enum { CURSOR_SIZE = 32 + 1 + 10 + 1 };

struct key {
    uint8_t submission[16];
    int ordinal;
};

struct page {
    struct query_value values[FILTERS + 3];
    int limit;
    struct key after;
    struct buf body;
};

void page_free(struct page *page)
{
    if (page != NULL) {
        buf_done(&page->body);
        free(page);
    }
}

/* 32 hex digits of the key, a point, the ordinal. */
static bool parse_cursor(const char *text, struct key *ret)
{
    struct str rest = str_of(text), hex;
    int64_t ordinal;
    (void)str_next_field(&rest, '.', &hex);
    if (!hex_decode(hex, ret->submission, sizeof ret->submission) || !number_parse_int64(rest, &ordinal) ||
        ordinal < -1 || ordinal > INT32_MAX) {
        return false;
    }
    ret->ordinal = (int)ordinal;
    return true;
}

static int read_query(struct request *request, struct page *page, struct err *err)
{
    static const char *const names[] = {"chip", "model", "quantization", "backend", "task", "metric", "limit", "after"};
    int64_t limit = LIMIT_USUAL;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        page->values[i].name = names[i];
    }
    int code = query_read(request->uri, page->values, err);
    if (code != 0) {
        return code;
    }
    const struct query_value *given_limit = &page->values[FILTERS], *given_after = &page->values[FILTERS + 1];
    page->after.ordinal = -1;
    code = query_number(given_limit, 1, LIMIT_MOST, &limit, err);
    if (code != 0) {
        return code;
    }
    if (given_after->given && !parse_cursor(given_after->text, &page->after)) {
        (void)err_set(err, ERR_SYNTAX, "this is not the `next` of a page");
        return err_path(err, "after");
    }
    page->limit = (int)limit;
    return 0;
}

static int find_bound(struct db *db, const struct page *page, struct key *ret, bool *ret_more, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_uuid(&values, page->after.submission);
    db_put_int32(&values, page->after.ordinal);
    db_put_int32(&values, LOOKED_AT);
    int code = db_query(db, statement("results_bound"), &values, &row, err);
    if (code != 0) {
        return code;
    }
    *ret_more = db_rows(row) > 0;
    memset(ret->submission, 0xff, sizeof ret->submission);
    ret->ordinal = INT32_MAX;
    if (*ret_more) {
        memcpy(ret->submission, db_uuid(row, 0, 0), sizeof ret->submission);
        ret->ordinal = (int)db_int64(row, 0, 1);
    }
    return 0;
}

static void pair_text(struct json_writer *writer, const struct db_result *rows, size_t row, const char *column,
                      const char *key)
{
    json_pair_string(writer, key, db_text(rows, row, db_column(rows, column)));
}

static void pair_number(struct json_writer *writer, const struct db_result *rows, size_t row, const char *column)
{
    json_pair_number(writer, column, db_float8(rows, row, db_column(rows, column)));
}

static void write_workload(struct json_writer *writer, const struct db_result *rows, size_t row)
{
    static const char *const members[] = {"model", "quantization", "backend", "mode", "task"};
    const char *parameters = db_text(rows, row, db_column(rows, "parameters"));
    json_write_key(writer, "workload");
    json_begin_object(writer);
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        pair_text(writer, rows, row, members[i], members[i]);
    }
    json_write_key(writer, "parameters");
    json_write_raw(writer, str_of(parameters != NULL ? parameters : "{}"));
    json_end_object(writer);
}

static void write_figures(struct json_writer *writer, const struct db_result *rows, size_t row)
{
    struct str flags = str_of(db_text(rows, row, db_column(rows, "flags"))), word;
    pair_text(writer, rows, row, "metric", "metric");
    pair_text(writer, rows, row, "unit", "unit");
    pair_text(writer, rows, row, "direction", "direction");
    json_write_key(writer, "n");
    if (db_is_null(rows, row, db_column(rows, "n"))) {
        json_write_null(writer);
    } else {
        json_write_int(writer, db_int64(rows, row, db_column(rows, "n")));
    }
    pair_number(writer, rows, row, "mean");
    pair_number(writer, rows, row, "stddev");
    pair_text(writer, rows, row, "stddev_kind", "stddev_kind");
    pair_number(writer, rows, row, "min");
    pair_number(writer, rows, row, "max");
    pair_number(writer, rows, row, "median");
    json_write_key(writer, "flags");
    json_begin_array(writer);
    while (str_next_field(&flags, ' ', &word)) {
        if (word.len > 0) {
            json_write_slice(writer, word);
        }
    }
    json_end_array(writer);
}

static void write_item(struct json_writer *writer, const struct db_result *rows, size_t row)
{
    struct sha256 hash;
    char id[SHA256_ID_SIZE], time[CLOCK_TEXT_SIZE];
    memcpy(hash.bytes, db_bytes(rows, row, 2).data, sizeof hash.bytes); /* its length is a CHECK of the table */
    json_begin_object(writer);
    json_pair_string(writer, "submission", sha256_id(id, &hash));
    json_pair_int(writer, "ordinal", db_int64(rows, row, 1));
    json_pair_string(writer, "received_at", clock_format(time, db_timestamptz(rows, row, 3)));
    pair_text(writer, rows, row, "contributor", "contributor");
    json_pair_int(writer, "run", db_int64(rows, row, 5));
    pair_text(writer, rows, row, "chip_name", "chip");
    json_pair_int(writer, "chip_count", db_int64(rows, row, 7));
    pair_text(writer, rows, row, "variant", "variant");
    json_pair_string(writer, "ran_at",
                     db_is_null(rows, row, 9) ? NULL : clock_format(time, db_timestamptz(rows, row, 9)));
    pair_text(writer, rows, row, "tool", "tool");
    pair_text(writer, rows, row, "tool_version", "tool_version");
    write_workload(writer, rows, row);
    write_figures(writer, rows, row);
    json_end_object(writer);
}

static void write_page(struct page *page, const struct db_result *rows, const struct key *bound, bool more)
{
    size_t count = db_rows(rows);
    struct json_writer writer = json_writer(&page->body, 0);
    json_begin_object(&writer);
    json_write_key(&writer, "results");
    json_begin_array(&writer);
    for (size_t row = 0; row < count; row++) {
        write_item(&writer, rows, row);
    }
    json_end_array(&writer);
    bool full = count == (size_t)page->limit;
    char hex[33], next[CURSOR_SIZE];
    if (full || more) {
        const uint8_t *submission = full ? db_uuid(rows, count - 1, 0) : bound->submission;
        int ordinal = full ? (int)db_int64(rows, count - 1, 1) : bound->ordinal;
        (void)snprintf(next, sizeof next, "%s.%d", hex_encode(hex, submission, 16), ordinal);
    }
    json_pair_string(&writer, "next", full || more ? next : NULL);
    json_end_object(&writer);
    buf_addc(&page->body, '\n');
}

static int ask_results(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    struct page *page = request->page;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    struct key bound = {.ordinal = INT32_MAX};
    bool more = false;
    int code = find_bound(db, page, &bound, &more, err);
    db_put_uuid(&values, page->after.submission);
    db_put_int32(&values, page->after.ordinal);
    db_put_uuid(&values, bound.submission);
    db_put_int32(&values, bound.ordinal);
    for (int i = CHIP; i < FILTERS; i++) {
        db_put_text(&values, page->values[i].given ? page->values[i].text : NULL);
    }
    db_put_int32(&values, page->limit);
    if (code == 0) {
        code = db_query(db, statement("results_page"), &values, &rows, err);
    }
    if (code != 0) {
        return code;
    }
    buf_reset(&page->body);
    write_page(page, rows, &bound, more);
    return buf_check(&page->body, err);
}

static void results_finish(struct request *request)
{
    struct work *work = &request->work;
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
    } else {
        reply_document(&request->reply, &request->page->body);
    }
}

void act_results(struct request *request)
{
    struct err err;
    request->page = mem_zalloc(1, sizeof *request->page);
    int code = request->page != NULL ? read_query(request, request->page, &err) : mem_error(&err);
    if (code != 0) {
        reply_error(&request->reply, 0, &err);
        return;
    }
    request->page->body = BUF(PAGE_BYTES_MAX);
    request->work.kind = WORK_ASK;
    request->work.ask = ask_results;
    request_wait(request, results_finish);
}
