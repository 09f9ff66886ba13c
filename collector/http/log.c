/* GET /v1/log: the signed head of the log, and the proofs that an event stands in it and that it only ever grew
 * (schema/bundle/FORMAT.md, "The log"). */
#include "collector/http/state.h"

#include <string.h>

#include "collector/follow/published.h"
#include "collector/http/query.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/json/json_write.h"

enum { LOG_ANSWER_MAX = 64 << 10 };

/* ---------------------------------------------------------------- writing */

static void pair_hash(struct json_writer *writer, const char *key, const struct sha256 *hash)
{
    char hex[SHA256_HEX_SIZE];
    json_pair_string(writer, key, sha256_hex(hex, hash));
}

static void pair_time(struct json_writer *writer, const char *key, int64_t at_us)
{
    char text[CLOCK_TEXT_SIZE];
    json_pair_string(writer, key, clock_format(text, at_us));
}

static void write_proof(struct json_writer *writer, const struct merkle_proof *proof)
{
    json_write_key(writer, "hashes");
    json_begin_array(writer);
    for (size_t i = 0; i < proof->count; i++) {
        char hex[SHA256_HEX_SIZE];
        json_write_string(writer, sha256_hex(hex, &proof->hashes[i]));
    }
    json_end_array(writer);
}

static void write_entry(struct json_writer *writer, const struct log_entry *entry)
{
    char id[SHA256_ID_SIZE];
    json_write_key(writer, "entry");
    json_begin_object(writer);
    json_pair_string(writer, "kind", entry->kind);
    json_pair_string(writer, "id", sha256_id(id, &entry->submission));
    json_pair_int(writer, "revision", entry->revision);
    pair_time(writer, "at", entry->at_us);
    pair_hash(writer, "detail", &entry->detail);
    json_end_object(writer);
}

static int end_document(struct json_writer *writer, struct buf *body, struct err *err)
{
    json_end_object(writer);
    buf_addc(body, '\n');
    return buf_check(body, err);
}

static void log_finish(struct request *request)
{
    struct err err;
    if (request->work.outcome.err.code == ERR_NONE) {
        reply_document(&request->reply, &request->work.raw);
    } else if (published_behind(request->server->published)) {
        (void)err_set(&err, ERR_RETRY, BEHIND_TEXT);
        reply_error(&request->reply, 503, &err);
    } else {
        reply_failure(&request->reply, &request->work.outcome.err);
    }
}

static void ask(struct request *request, int (*question)(struct db *db, struct work *work, struct err *err))
{
    request->work.raw = BUF(LOG_ANSWER_MAX);
    request->work.kind = WORK_ASK;
    request->work.ask = question;
    request_wait(request, log_finish);
}

/* ---------------------------------------------------------------- the head */

static int ask_head(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    char hex[SIGN_SIGNATURE_HEX_SIZE];
    struct log_head head;
    struct signature signature;
    buf_reset(&work->raw);
    int code = published_sign(request->server->published, db, &head, &signature, err);
    if (code != 0) {
        return code;
    }
    struct json_writer writer = json_writer(&work->raw, 0);
    json_begin_object(&writer);
    json_pair_int(&writer, "epoch", head.epoch);
    json_pair_int(&writer, "size", (int64_t)head.size);
    pair_hash(&writer, "root", &head.root);
    pair_time(&writer, "at", head.at_us);
    json_pair_string(&writer, "key_id", request->server->signer->key_id);
    json_pair_string(&writer, "signature", signature_hex(hex, &signature));
    return end_document(&writer, &work->raw, err);
}

void act_log(struct request *request)
{
    ask(request, ask_head);
}

/* ---------------------------------------------------------------- proofs */

/* *at becomes the present head with the size that was asked for and its root. */
static int find_tree(struct db *db, const struct log_question *question, struct log_head *ret, struct err *err)
{
    struct log_head head;
    int code = log_read_head(db, &head, err);
    if (code != 0) {
        return code;
    }
    if (question->has_size && question->size > head.size) {
        (void)err_set(err, ERR_SYNTAX, "the log has %llu entries", (unsigned long long)head.size);
        return err_path(err, "size");
    }
    if (question->has_size && question->size < head.size) {
        struct log_tree tree = {db, head.epoch};
        const struct merkle_nodes nodes = log_nodes(&tree);
        head.size = question->size;
        code = merkle_root_of(&nodes, head.size, &head.root, err);
    }
    *ret = head;
    return code;
}

static int find_entry(struct db *db, int epoch, uint64_t index, struct log_entry *ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_int32(&values, epoch);
    db_put_int64(&values, (int64_t)index);
    int code = db_query(db, statement("log_entry_at"), &values, &row, err);
    if (code == 0 && db_rows(row) != 1) {
        code = err_set(err, ERR_INTERNAL, "the log lacks an entry");
    }
    return code != 0 ? code : log_entry_of_row(row, 0, ret, err);
}

static int find_event(struct db *db, const struct request *request, const struct log_head *head, uint64_t *ret_index,
                      struct log_entry *ret, struct err *err)
{
    struct sha256 id;
    int revision;
    if (!sha256_parse_id(str_of(request->id), &id)) {
        return err_set(err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
    }
    int code = log_find(db, head->epoch, id.bytes, request->log.revision, ret_index, &revision, err);
    if (code == 0 && *ret_index >= head->size) {
        code = err_set(err, ERR_NOT_FOUND, "this event stands behind the first %llu entries",
                       (unsigned long long)head->size);
    }
    if (code == 0) {
        code = find_entry(db, head->epoch, *ret_index, ret, err);
    }
    if (code == 0 && !sha256_equal(&ret->submission, &id)) {
        code = err_set(err, ERR_NOT_FOUND, "this event does not stand in the log");
    }
    return code;
}

static int ask_inclusion(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    struct log_head head;
    struct log_entry entry;
    struct merkle_proof proof;
    uint64_t index = 0;
    buf_reset(&work->raw);
    int code = find_tree(db, &request->log, &head, err);
    if (code == 0) {
        code = find_event(db, request, &head, &index, &entry, err);
    }
    if (code == 0) {
        struct log_tree tree = {db, head.epoch};
        const struct merkle_nodes nodes = log_nodes(&tree);
        code = merkle_inclusion(&nodes, index, head.size, &proof, err);
    }
    if (code != 0) {
        return code;
    }
    const struct sha256 leaf = log_entry_leaf(&entry);
    struct json_writer writer = json_writer(&work->raw, 0);
    json_begin_object(&writer);
    json_pair_int(&writer, "epoch", head.epoch);
    json_pair_int(&writer, "size", (int64_t)head.size);
    pair_hash(&writer, "root", &head.root);
    json_pair_int(&writer, "index", (int64_t)index);
    write_entry(&writer, &entry);
    pair_hash(&writer, "leaf", &leaf);
    write_proof(&writer, &proof);
    return end_document(&writer, &work->raw, err);
}

static int ask_consistency(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    struct log_head head;
    struct merkle_proof proof;
    buf_reset(&work->raw);
    int code = find_tree(db, &request->log, &head, err);
    if (code == 0 && request->log.first > head.size) {
        (void)err_set(err, ERR_SYNTAX, "a log of %llu entries cannot begin with %llu", (unsigned long long)head.size,
                      (unsigned long long)request->log.first);
        return err_path(err, "first");
    }
    if (code == 0) {
        struct log_tree tree = {db, head.epoch};
        const struct merkle_nodes nodes = log_nodes(&tree);
        code = merkle_consistency(&nodes, request->log.first, head.size, &proof, err);
    }
    if (code != 0) {
        return code;
    }
    struct json_writer writer = json_writer(&work->raw, 0);
    json_begin_object(&writer);
    json_pair_int(&writer, "epoch", head.epoch);
    json_pair_int(&writer, "first", (int64_t)request->log.first);
    json_pair_int(&writer, "size", (int64_t)head.size);
    pair_hash(&writer, "root", &head.root);
    write_proof(&writer, &proof);
    return end_document(&writer, &work->raw, err);
}

/* ---------------------------------------------------------------- questions */

static int read_inclusion(struct request *request, struct err *err)
{
    struct query_value values[] = {{.name = "id"}, {.name = "revision"}, {.name = "size"}, {0}};
    unsigned char hash[32];
    int64_t revision = 0, size = 0;
    int code = query_read(request->uri, values, err);
    if (code == 0 && (!values[0].given || !intake_id_parse(values[0].text, hash))) {
        (void)err_set(err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
        code = err_path(err, "id");
    }
    if (code == 0) {
        code = query_number(&values[1], 1, INT32_MAX, &revision, err);
    }
    if (code == 0) {
        code = query_number(&values[2], 1, INT64_MAX, &size, err);
    }
    if (code == 0) {
        text_copy(request->id, sizeof request->id, values[0].text);
        request->log =
            (struct log_question){.revision = (int)revision, .size = (uint64_t)size, .has_size = values[2].given};
    }
    return code;
}

static int read_consistency(struct request *request, struct err *err)
{
    struct query_value values[] = {{.name = "first"}, {.name = "size"}, {0}};
    int64_t first = 0, size = 0;
    int code = query_read(request->uri, values, err);
    if (code == 0 && !values[0].given) {
        (void)err_set(err, ERR_SYNTAX, "say how many entries were known before");
        code = err_path(err, "first");
    }
    if (code == 0) {
        code = query_number(&values[0], 0, INT64_MAX, &first, err);
    }
    if (code == 0) {
        code = query_number(&values[1], 0, INT64_MAX, &size, err);
    }
    if (code == 0) {
        request->log =
            (struct log_question){.first = (uint64_t)first, .size = (uint64_t)size, .has_size = values[1].given};
    }
    return code;
}

void act_log_inclusion(struct request *request)
{
    struct err err;
    if (read_inclusion(request, &err) != 0) {
        reply_error(&request->reply, 0, &err);
    } else {
        ask(request, ask_inclusion);
    }
}

void act_log_consistency(struct request *request)
{
    struct err err;
    if (read_consistency(request, &err) != 0) {
        reply_error(&request->reply, 0, &err);
    } else {
        ask(request, ask_consistency);
    }
}
