/* GET /v1/feed: the entries of the log in their order, a line of JSON each (schema/bundle/FORMAT.md, "The feed"). */
#include "collector/http/state.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/follow/log.h"
#include "collector/http/query.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "schema/json/json_write.h"

enum { FEED_USUAL = 1000, FEED_MOST = 5000, FEED_BYTES_MAX = 4 << 20 };

static int write_line(struct buf *body, int epoch, const struct db_result *rows, size_t row, struct err *err)
{
    char text[SHA256_ID_SIZE];
    struct log_entry entry;
    struct json_writer writer = json_writer(body, 0);
    int code = log_entry_of_row(rows, row, &entry, err);
    if (code != 0) {
        return code;
    }
    const bool begins = text_equal(entry.kind, LOG_KIND_EPOCH);
    json_begin_object(&writer);
    (void)snprintf(text, sizeof text, "%d.%" PRId64, epoch, db_int64(rows, row, 5));
    json_pair_string(&writer, "position", text);
    json_pair_string(&writer, "id", begins ? NULL : sha256_id(text, &entry.submission));
    json_pair_string(&writer, "kind", entry.kind);
    json_pair_int(&writer, "revision", entry.revision);
    json_pair_string(&writer, "state", db_text(rows, row, 6));
    json_pair_string(&writer, "at", clock_format(text, entry.at_us));
    json_pair_string(&writer, "detail", sha256_hex(text, &entry.detail));
    const struct str secret = db_bytes(rows, row, 7);
    if (secret.len == sizeof entry.detail.bytes) {
        json_pair_string(&writer, "secret", hex_encode(text, secret.data, secret.len));
    }
    if (!db_is_null(rows, row, 8)) {
        json_pair_string(&writer, "contributor", db_text(rows, row, 8));
    }
    json_end_object(&writer);
    buf_addc(body, '\n');
    return 0;
}

/* Of an epoch that is over nothing is told: the one that follows holds its events again. */
static int find_begin(const struct log_question *question, const struct log_head *head, uint64_t *ret, struct err *err)
{
    *ret = question->epoch == head->epoch ? question->first : 0;
    if (question->epoch > head->epoch || *ret > head->size) {
        (void)err_set(err, ERR_SYNTAX, "the log ends before this position, at %d.%llu", head->epoch,
                      (unsigned long long)head->size);
        return err_path(err, "after");
    }
    return 0;
}

static int ask_feed(struct db *db, struct work *work, struct err *err)
{
    const struct request *request = work->context;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    struct log_head head;
    uint64_t first = 0;
    int code = log_read_head(db, &head, err);
    if (code == 0) {
        code = find_begin(&request->log, &head, &first, err);
    }
    if (code != 0) {
        return code;
    }
    db_put_int32(&values, head.epoch);
    db_put_int64(&values, (int64_t)first);
    db_put_int64(&values, (int64_t)head.size);
    db_put_int32(&values, (int32_t)request->log.size);
    code = db_query(db, statement("feed_page"), &values, &rows, err);
    buf_reset(&work->raw);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        code = write_line(&work->raw, head.epoch, rows, row, err);
    }
    return code != 0 ? code : buf_check(&work->raw, err);
}

static void feed_finish(struct request *request)
{
    if (request->work.outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &request->work.outcome.err);
    } else {
        reply_document(&request->reply, &request->work.raw);
        request->reply.type = "application/x-ndjson";
    }
}

/* EPOCH.INDEX; *ret becomes what follows it. */
static bool parse_position(const char *text, struct log_question *ret)
{
    struct str rest = str_of(text), field;
    int64_t epoch, index;
    (void)str_next_field(&rest, '.', &field);
    if (!number_parse_int64(field, &epoch) || !number_parse_int64(rest, &index) || epoch < 1 || epoch > INT32_MAX ||
        index < 0 || index == INT64_MAX) {
        return false;
    }
    ret->epoch = (int)epoch;
    ret->first = (uint64_t)index + 1;
    return true;
}

static int read_feed(struct request *request, struct err *err)
{
    struct query_value values[] = {{.name = "after"}, {.name = "limit"}, {0}};
    int64_t limit = FEED_USUAL;
    int code = query_read(request->uri, values, err);
    if (code == 0 && values[0].given && !parse_position(values[0].text, &request->log)) {
        (void)err_set(err, ERR_SYNTAX, "a position is EPOCH.INDEX, such as 1.41");
        code = err_path(err, "after");
    }
    if (code == 0) {
        code = query_number(&values[1], 1, FEED_MOST, &limit, err);
    }
    request->log.size = (uint64_t)limit;
    return code;
}

void act_feed(struct request *request)
{
    struct err err;
    if (read_feed(request, &err) != 0) {
        reply_error(&request->reply, 0, &err);
        return;
    }
    request->work.raw = BUF(FEED_BYTES_MAX);
    request->work.kind = WORK_ASK;
    request->work.ask = ask_feed;
    request_wait(request, feed_finish);
}
