#include "collector/follow/published.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "collector/follow/log_rows.h"
#include "collector/intake/statements.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"

enum { FILE_MOST = 4096 };

struct published {
    pthread_mutex_t lock;
    char *path;
    const struct sign_pair *pair;
    bool any;             /* a head was signed: */
    struct log_head head; /* this one */
    bool checked;         /* and this one of the database continues it: */
    struct log_head known;
    atomic_bool behind;
};

static bool same_head(const struct log_head *a, const struct log_head *b)
{
    return a->epoch == b->epoch && a->size == b->size && sha256_equal(&a->root, &b->root);
}

/* ---------------------------------------------------------------- the file */

static int read_file(struct published *published, struct err *err)
{
    autobuf struct buf text = BUF(FILE_MOST);
    struct str rest, key_id, signature;
    struct signature parsed;
    if (!file_exists(published->path)) {
        return 0;
    }
    int code = file_read(published->path, &text, err);
    if (code != 0) {
        return code;
    }
    rest = str_of(buf_text(&text));
    if (!log_head_parse(&rest, &published->head) || !str_next_line(&rest, &key_id) ||
        key_id.len != SIGN_KEY_ID_SIZE - 1 || !str_next_line(&rest, &signature) ||
        !signature_parse(signature, &parsed)) {
        (void)err_set(err, ERR_DATA, "holds no signed head of a log");
        (void)err_path(err, "%s", published->path);
        return err_hint(err, "bring it back from a copy; without it nobody notices that the database is an older one");
    }
    published->any = true;
    return 0;
}

static int write_file(const struct published *published, const struct log_head *head, const struct signature *signature,
                      struct err *err)
{
    autobuf struct buf text = BUF(FILE_MOST);
    char key_id[SIGN_KEY_ID_SIZE], hex[SIGN_SIGNATURE_HEX_SIZE];
    log_head_text(&text, head);
    buf_addf(&text, "%s\n%s\n", sign_key_id(key_id, &published->pair->public), signature_hex(hex, signature));
    int code = buf_check(&text, err);
    return code != 0 ? code : file_replace(published->path, 0644, text.data, text.len, err);
}

char *published_path(const char *key_path)
{
    return mem_printf("%s.head", key_path);
}

int published_open(const char *path, const struct sign_pair *pair, struct published **ret, struct err *err)
{
    struct published *published = mem_zalloc(1, sizeof *published);
    if (published == NULL) {
        return mem_error(err);
    }
    const int failed = pthread_mutex_init(&published->lock, NULL);
    if (failed != 0) {
        free(published);
        return err_set_errno(err, ERR_MEMORY, failed, "cannot make a lock");
    }
    published->pair = pair;
    published->path = mem_strdup(path);
    const int code = published->path == NULL ? mem_error(err) : read_file(published, err);
    if (code != 0) {
        published_close(published);
        return code;
    }
    *ret = published;
    return 0;
}

void published_close(struct published *published)
{
    if (published != NULL) {
        (void)pthread_mutex_destroy(&published->lock);
        free(published->path);
        free(published);
    }
}

bool published_behind(struct published *published)
{
    return atomic_load(&published->behind);
}

bool published_head(struct published *published, struct log_head *ret)
{
    pthread_mutex_lock(&published->lock);
    const bool any = published->any;
    *ret = published->head;
    pthread_mutex_unlock(&published->lock);
    return any;
}

/* ---------------------------------------------------------------- comparing */

static int refuse(const struct log_head *signed_head, const struct log_head *head, const char *why, struct err *err)
{
    (void)err_set(err, ERR_DATA, "the database is not the one whose log was signed: %s", why);
    (void)err_detail(err, "signed: %d.%llu, in the database: %d.%llu", signed_head->epoch,
                     (unsigned long long)signed_head->size, head->epoch, (unsigned long long)head->size);
    return err_hint(err, "bring the newer database back, or begin a new log: crosschip-collector key new-epoch");
}

/* The same epoch: the tree of `head` must begin with that of `before`. */
static int check_growth(struct db *db, const struct log_head *before, const struct log_head *head, struct err *err)
{
    struct log_tree tree = {db, head->epoch};
    const struct merkle_nodes nodes = log_nodes(&tree);
    struct merkle_proof proof;
    if (head->size < before->size) {
        return refuse(before, head, "entries are missing", err);
    }
    int code = merkle_consistency(&nodes, before->size, head->size, &proof, err);
    if (code != 0) {
        return code;
    }
    return merkle_consistency_holds(before->size, &before->root, head->size, &head->root, proof.hashes, proof.count)
               ? 0
               : refuse(before, head, "its entries are others", err);
}

/* A later epoch: the one after the signed head must name it. */
static int check_epoch(struct db *db, const struct log_head *before, const struct log_head *head, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    const struct sha256 hash = log_head_hash(before);
    db_put_int32(&values, before->epoch + 1);
    int code = db_query(db, statement("log_epoch_previous"), &values, &row, err);
    if (code != 0) {
        return code;
    }
    const struct str previous = db_rows(row) == 1 ? db_bytes(row, 0, 0) : STR("");
    return proof_equal(previous.data, previous.len, hash.bytes, sizeof hash.bytes)
               ? 0
               : refuse(before, head, "its epoch names another head", err);
}

static int check(struct published *published, struct db *db, const struct log_head *head, struct err *err)
{
    const struct log_head *before = &published->head;
    int code = 0;
    if (!published->any || (published->checked && same_head(&published->known, head))) {
        return 0;
    }
    if (head->epoch < before->epoch) {
        code = refuse(before, head, "its epoch is older", err);
    } else if (head->epoch > before->epoch) {
        code = check_epoch(db, before, head, err);
    } else {
        code = check_growth(db, before, head, err);
    }
    if (code == 0 || code == -(int)ERR_DATA) {
        atomic_store(&published->behind, code != 0);
    }
    published->checked = code == 0;
    published->known = *head;
    return code;
}

int published_check(struct published *published, struct db *db, const struct log_head *head, struct err *err)
{
    pthread_mutex_lock(&published->lock);
    const int code = check(published, db, head, err);
    pthread_mutex_unlock(&published->lock);
    return code;
}

void published_note(struct published *published, const struct log_head *head)
{
    pthread_mutex_lock(&published->lock);
    published->checked = true;
    published->known = *head;
    pthread_mutex_unlock(&published->lock);
}

/* ---------------------------------------------------------------- signing */

static int keep(struct published *published, const struct log_head *head, struct signature *ret, struct err *err)
{
    *ret = log_head_sign(published->pair, head);
    const bool newer = head->size > 0 && !(published->any && same_head(&published->head, head));
    const int code = newer ? write_file(published, head, ret, err) : 0;
    if (code == 0 && newer) {
        published->any = published->checked = true;
        published->head = published->known = *head;
        atomic_store(&published->behind, false);
    }
    return code;
}

int published_sign(struct published *published, struct db *db, struct log_head *ret, struct signature *ret_signature,
                   struct err *err)
{
    struct log_head head;
    pthread_mutex_lock(&published->lock);
    int code = log_read_head(db, &head, err);
    if (code == 0) {
        code = check(published, db, &head, err);
    }
    if (code == 0) {
        code = keep(published, &head, ret_signature, err);
    }
    pthread_mutex_unlock(&published->lock);
    if (code == 0) {
        *ret = head;
    }
    return code;
}

/* ---------------------------------------------------------------- a new epoch */

/* Its only entry so far, and the head over it. */
static int write_epoch(struct db *db, const struct log_head *before, struct log_head *head, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    const struct log_entry entry = {.kind = LOG_KIND_EPOCH, .at_us = head->at_us, .detail = log_head_hash(before)};
    const struct sha256 leaf = log_entry_leaf(&entry);
    head->size = 1;
    head->root = leaf;
    db_put_int32(&values, head->epoch);
    db_put_timestamptz(&values, head->at_us);
    db_put_bytea(&values, entry.detail.bytes, sizeof entry.detail.bytes);
    db_put_bytea(&values, leaf.bytes, sizeof leaf.bytes);
    return db_query(db, statement("log_epoch_begin"), &values, NULL, err);
}

static int seal_again(struct db *db, int epoch, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_int32(&values, epoch);
    return db_query(db, statement("log_pending_again"), &values, NULL, err);
}

static int begin_epoch(struct published *published, struct db *db, bool always, int64_t now_us, struct log_head *ret,
                       struct err *err)
{
    struct log_head now = {.epoch = 0};
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = db_exec(db, "select from log_head where name = 'log' for update", err);
    }
    if (code == 0) {
        code = log_read_head(db, &now, err);
    }
    if (code == 0) {
        code = check(published, db, &now, err);
        if (code == 0 && !always) {
            return err_set(err, ERR_FOUND, "the log continues the signed head: there is no need for a new one");
        }
        code = code == -(int)ERR_DATA ? 0 : code;
    }
    if (code != 0) {
        return code;
    }
    const struct log_head before = published->any ? published->head : now;
    *ret = (struct log_head){.epoch = (before.epoch > now.epoch ? before.epoch : now.epoch) + 1,
                             .at_us = now_us > before.at_us ? now_us : before.at_us};
    code = write_epoch(db, &before, ret, err);
    if (code == 0) {
        code = seal_again(db, now.epoch, err);
    }
    return code != 0 ? code : db_commit(db, err);
}

int published_new_epoch(struct published *published, struct db *db, bool always, int64_t now_us, struct log_head *ret,
                        struct err *err)
{
    struct signature signature;
    pthread_mutex_lock(&published->lock);
    int code = begin_epoch(published, db, always, now_us, ret, err);
    db_rollback(db); /* of what was not committed */
    if (code == 0) {
        code = keep(published, ret, &signature, err);
    }
    pthread_mutex_unlock(&published->lock);
    return code;
}
