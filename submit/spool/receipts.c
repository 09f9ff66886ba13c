/* Receipts, and what is remembered of files and waiting bundles. All are lines of JSON. */
#include <stdio.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"
#include "schema/wire/names.h"
#include "submit/spool/spool_internal.h"

#define RECEIPT_FILE_MAX ((size_t)256 << 10)
#define NAME_SIZE (BUNDLE_ID_SIZE + 16)

static void pair(struct json_writer *writer, const char *key, const char *text)
{
    if (!text_is_empty(text))
        json_pair_string(writer, key, text);
}

static void receipt_line(struct buf *into, const struct receipt *receipt)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    pair(&writer, "id", receipt->id);
    pair(&writer, "server", receipt->server);
    pair(&writer, "state", receipt->state);
    pair(&writer, "rule", receipt->rule);
    pair(&writer, "received_at", receipt->received_at);
    pair(&writer, "key_id", receipt->key_id);
    pair(&writer, "signature", receipt->signature);
    pair(&writer, "check", receipt->check);
    pair(&writer, "subject", receipt->subject);
    pair(&writer, "file", receipt->file);
    pair(&writer, "file_sha256", receipt->file_sha256);
    pair(&writer, "entry", receipt->entry);
    json_end_object(&writer);
    buf_addc(into, '\n');
}

static const char *copy(struct arena *arena, const struct json *object, const char *key)
{
    return arena_strdup(arena, json_string(json_get(object, key)));
}

/* False when the line is damaged: it then counts as missing. */
static bool receipt_parse(struct str line, struct arena *arena, struct receipt *ret)
{
    autojson struct json_document *document = NULL;
    if (json_read_strict(line, &json_limits_bundle, &document, NULL) < 0)
        return false;
    const struct json *root = json_root(document);
    *ret = (struct receipt){.id = copy(arena, root, "id"),
                            .server = copy(arena, root, "server"),
                            .state = copy(arena, root, "state"),
                            .rule = copy(arena, root, "rule"),
                            .received_at = copy(arena, root, "received_at"),
                            .key_id = copy(arena, root, "key_id"),
                            .signature = copy(arena, root, "signature"),
                            .check = copy(arena, root, "check"),
                            .subject = copy(arena, root, "subject"),
                            .file = copy(arena, root, "file"),
                            .file_sha256 = copy(arena, root, "file_sha256"),
                            .entry = copy(arena, root, "entry")};
    return ret->id != NULL && ret->server != NULL && ret->state != NULL;
}

static const char *receipt_name(char target[NAME_SIZE], const char *id)
{
    (void)snprintf(target, NAME_SIZE, "%.*s.receipt", BUNDLE_ID_SIZE - 1, id);
    return target;
}

/* The lines of the other servers. */
static void others(const struct spool *spool, const char *name, const char *server, struct buf *text)
{
    struct arena arena cleanup(arena_done) = {0};
    autobuf struct buf old = BUF(RECEIPT_FILE_MAX);
    if (!spool_get(spool, PLACE_SENT, name, &old))
        return;
    struct str rest = str_slice(buf_text(&old), old.len), line;
    struct receipt other;
    while (str_next_line(&rest, &line)) {
        if (!receipt_parse(line, &arena, &other) || text_equal(other.server, server))
            continue;
        buf_add(text, line.data, line.len);
        buf_addc(text, '\n');
    }
}

int spool_sent(struct spool *spool, const struct receipt *receipt, struct err *err)
{
    char name[NAME_SIZE];
    autobuf struct buf text = BUF(RECEIPT_FILE_MAX);
    (void)receipt_name(name, receipt->id);
    int settled = spool_batch_has(&spool->receipts, name) ? spool_settle(spool, err) : 0;
    if (settled < 0)
        return settled;
    others(spool, name, receipt->server, &text);
    struct receipt whole = *receipt;
    char entry[SPOOL_ENTRY_SIZE];
    struct stat status;
    if (fstatat(spool->folders[PLACE_QUEUE], receipt->id, &status, AT_SYMLINK_NOFOLLOW) == 0)
        whole.entry = spool_entry_text(entry, &status);
    receipt_line(&text, &whole);
    int r = buf_check(&text, err);
    if (r == 0)
        r = spool_batch_add(spool, &spool->receipts, name, str_slice(text.data, text.len), err);
    bool keep = text_equal(receipt->check, SPOOL_UNVERIFIED);
    return r < 0 ? r : spool_settle_later(spool, receipt->id, keep, err);
}

int spool_withdrawn(struct spool *spool, const char *id, const char *server, struct err *err)
{
    char name[NAME_SIZE];
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt;
    autobuf struct buf text = BUF(RECEIPT_FILE_MAX);
    if (!spool_receipt(spool, id, server, &arena, &receipt))
        return 0;
    receipt.state = WIRE_STATE_WITHDRAWN;
    others(spool, receipt_name(name, id), server, &text);
    receipt_line(&text, &receipt);
    int r = buf_check(&text, err);
    if (r == 0)
        r = spool_put(spool, PLACE_SENT, name, str_slice(text.data, text.len), true, err);
    return r < 0 ? r : spool_flush_folder(spool, PLACE_SENT, err);
}

bool spool_receipt(const struct spool *spool, const char *id, const char *server, struct arena *arena,
                   struct receipt *ret)
{
    char name[NAME_SIZE];
    autobuf struct buf text = BUF(RECEIPT_FILE_MAX);
    if (!spool_get(spool, PLACE_SENT, receipt_name(name, id), &text))
        return false;
    struct str rest = str_slice(buf_text(&text), text.len), line;
    while (str_next_line(&rest, &line))
        if (receipt_parse(line, arena, ret) && text_equal(ret->id, id) &&
            (server == NULL || text_equal(ret->server, server)))
            return true;
    return false;
}

/* A file that became one bundle is another name of its receipt: nothing is written and no inode is taken, which a file
 * system without a journal looks for among all that were deleted within the last seconds. */
static bool remember_receipt(const struct spool *spool, const char *file_sha256, const char *id)
{
    char name[NAME_SIZE];
    (void)unlinkat(spool->folders[PLACE_FILES], file_sha256, 0);
    return linkat(spool->folders[PLACE_SENT], receipt_name(name, id), spool->folders[PLACE_FILES], file_sha256, 0) == 0;
}

void spool_file_remember(const struct spool *spool, const char *file_sha256, const char *const *ids, size_t count)
{
    autobuf struct buf text = BUF(BUF_MIB);
    if (count == 1 && remember_receipt(spool, file_sha256, ids[0]))
        return;
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "%s\n", ids[i]);
    /* Only an index: without it the file is sent once more and answered from what is stored. */
    if (buf_check(&text, NULL) == 0 && count > 0)
        (void)!spool_put(spool, PLACE_FILES, file_sha256, str_slice(text.data, text.len), false, NULL);
}

/* The id of a line: it stands alone, or in a receipt. NULL where it is damaged. */
static char *remembered_id(struct str line, struct arena *arena)
{
    struct sha256 hash;
    struct receipt receipt;
    if (sha256_parse_id(line, &hash))
        return arena_strndup(arena, line.data, line.len);
    const bool good = receipt_parse(line, arena, &receipt) && sha256_parse_id(str_of(receipt.id), &hash);
    return good ? arena_strdup(arena, receipt.id) : NULL;
}

char **spool_file_ids(const struct spool *spool, const char *file_sha256, const char *server, struct arena *arena,
                      size_t *ret_count)
{
    autobuf struct buf text = BUF(BUF_MIB);
    char **ids = NULL;
    size_t count = 0, capacity = 0;
    *ret_count = 0;
    if (!spool_get(spool, PLACE_FILES, file_sha256, &text))
        return NULL;
    struct str rest = str_slice(buf_text(&text), text.len), line;
    while (str_next_line(&rest, &line)) {
        struct receipt receipt;
        char **grown = arena_grow(arena, ids, &capacity, count + 1, sizeof(*ids));
        if (grown == NULL)
            return NULL;
        ids = grown;
        ids[count] = remembered_id(line, arena);
        /* A receipt has a line for each server. */
        if (count > 0 && text_equal(ids[count], ids[count - 1]))
            continue;
        if (ids[count] == NULL || !spool_receipt(spool, ids[count], server, arena, &receipt))
            return NULL;
        count++;
    }
    *ret_count = count;
    return ids;
}

void spool_about_write(const struct spool *spool, const char *id, const struct spool_about *about)
{
    autobuf struct buf text = BUF(64 << 10);
    struct json_writer writer = json_writer(&text, 0);
    json_begin_object(&writer);
    pair(&writer, "server", about->server);
    pair(&writer, "contributor", about->contributor);
    pair(&writer, "file", about->file);
    pair(&writer, "file_sha256", about->file_sha256);
    pair(&writer, "subject", about->subject);
    json_end_object(&writer);
    buf_addc(&text, '\n');
    if (buf_check(&text, NULL) == 0)
        (void)!spool_put(spool, PLACE_ABOUT, id, str_slice(text.data, text.len), true, NULL);
}

struct spool_about spool_about_read(const struct spool *spool, const char *id, struct arena *arena)
{
    autojson struct json_document *document = NULL;
    autobuf struct buf text = BUF(64 << 10);
    if (!spool_get(spool, PLACE_ABOUT, id, &text) ||
        json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_bundle, &document, NULL) < 0)
        return (struct spool_about){0};
    const struct json *root = json_root(document);
    return (struct spool_about){copy(arena, root, "server"), copy(arena, root, "contributor"),
                                copy(arena, root, "file"), copy(arena, root, "file_sha256"),
                                copy(arena, root, "subject")};
}
