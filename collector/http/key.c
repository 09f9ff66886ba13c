/* GET /v1/key: the public keys of this collector, and the receipt that an answer carries. */
#include "collector/http/state.h"

#include "collector/intake/signing.h"

enum { KEYS_BYTES_MAX = 1 << 20 };

static int ask_keys(struct db *db, struct work *work, struct err *err)
{
    buf_reset(&work->raw);
    return signing_keys_write(db, &work->raw, err);
}

static void keys_finish(struct request *request)
{
    if (request->work.outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &request->work.outcome.err);
    } else {
        reply_document(&request->reply, &request->work.raw);
    }
}

void act_key(struct request *request)
{
    request->work.raw = BUF(KEYS_BYTES_MAX);
    request->work.kind = WORK_ASK;
    request->work.ask = ask_keys;
    request_wait(request, keys_finish);
}
