/* GET /v1/withdrawals: those that came from other collectors of submissions that are not here, a line of JSON each
 * (schema/bundle/FORMAT.md, "The feed"). */
#include "collector/http/state.h"

#include <string.h>

#include "collector/http/query.h"
#include "collector/intake/statements.h"
#include "schema/json/json_write.h"

enum { USUAL = 1000, MOST = 5000, BYTES_MAX = 2 << 20 };

static void write_line(struct buf *body, const struct db_result *rows, size_t row)
{
    char id[SHA256_ID_SIZE], secret[SHA256_HEX_SIZE];
    struct sha256 hash;
    struct json_writer writer = json_writer(body, 0);
    memcpy(hash.bytes, db_bytes(rows, row, 1).data, sizeof hash.bytes); /* CHECKs have these lengths */
    json_begin_object(&writer);
    json_pair_int(&writer, "number", db_int64(rows, row, 0));
    json_pair_string(&writer, "id", sha256_id(id, &hash));
    json_pair_string(&writer, "secret", hex_encode(secret, db_bytes(rows, row, 2).data, sizeof hash.bytes));
    json_pair_int(&writer, "hops", db_int64(rows, row, 3));
    json_end_object(&writer);
    buf_addc(body, '\n');
}

static int ask_withdrawals(struct db *db, struct work *work, struct err *err)
{
    const struct request *request = work->context;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    db_put_int64(&values, (int64_t)request->log.first);
    db_put_int32(&values, (int32_t)request->log.size);
    int code = db_query(db, statement("withdrawn_ahead_page"), &values, &rows, err);
    buf_reset(&work->raw);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        write_line(&work->raw, rows, row);
    }
    return code != 0 ? code : buf_check(&work->raw, err);
}

static void withdrawals_finish(struct request *request)
{
    if (request->work.outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &request->work.outcome.err);
    } else {
        reply_document(&request->reply, &request->work.raw);
        request->reply.type = "application/x-ndjson";
    }
}

void act_withdrawals(struct request *request)
{
    struct query_value values[] = {{.name = "after"}, {.name = "limit"}, {0}};
    int64_t after = 0, limit = USUAL;
    struct err err;
    int code = query_read(request->uri, values, &err);
    if (code == 0) {
        code = query_number(&values[0], 0, INT64_MAX, &after, &err);
    }
    if (code == 0) {
        code = query_number(&values[1], 1, MOST, &limit, &err);
    }
    if (code != 0) {
        reply_error(&request->reply, 0, &err);
        return;
    }
    request->log.first = (uint64_t)after;
    request->log.size = (uint64_t)limit;
    request->work.raw = BUF(BYTES_MAX);
    request->work.kind = WORK_ASK;
    request->work.ask = ask_withdrawals;
    request_wait(request, withdrawals_finish);
}
