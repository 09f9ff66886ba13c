#include "submit/trust.h"

#include <stdlib.h>

#include "schema/base/log.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#define PIN_MAX ((size_t)256 << 10)

void trust_done(struct trust *trust)
{
    free(trust->keys);
    *trust = (struct trust){0};
}

int trust_check_given(const char *given, struct err *err)
{
    struct sign_public key;
    if (given == NULL || sign_public_parse(str_of(given), &key))
        return 0;
    (void)err_set(err, ERR_USAGE, "--server-key is no key");
    return err_hint(err, "a key is 64 lower-case hex digits, as the owner of the collector tells it");
}

static bool has(const struct trust *trust, const struct sign_public *key)
{
    for (size_t i = 0; i < trust->count; i++)
        if (sign_public_equal(&trust->keys[i], key))
            return true;
    return false;
}

static const struct sign_public *find(const struct trust *trust, const char *key_id)
{
    char name[SIGN_KEY_ID_SIZE];
    for (size_t i = 0; i < trust->count; i++)
        if (text_equal(sign_key_id(name, &trust->keys[i]), key_id))
            return &trust->keys[i];
    return NULL;
}

static bool add(struct trust *trust, const struct sign_public *key)
{
    if (mem_grow(&trust->keys, &trust->capacity, trust->count + 1, sizeof(*trust->keys)) < 0)
        return false;
    trust->keys[trust->count++] = *key;
    return true;
}

/* A key of a list is what its own name says, and one that is trusted vouches for it. */
static bool is_led_to(const struct trust *trust, const struct wire_key *item, struct sign_public *ret)
{
    struct signature signature;
    if (item->public_key == NULL || item->created_at == NULL || item->signed_by == NULL || item->signature == NULL)
        return false;
    const struct sign_public *by = find(trust, item->signed_by);
    return by != NULL && sign_public_parse(str_of(item->public_key), ret) &&
           signature_parse(str_of(item->signature), &signature) && key_verify(by, ret, item->created_at, &signature);
}

size_t trust_follow(struct trust *trust, const struct wire_key *list, size_t count)
{
    size_t added = 0;
    /* The oldest comes first; a list in another order needs further rounds. */
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            struct sign_public key;
            if (!is_led_to(trust, &list[i], &key) || has(trust, &key) || !add(trust, &key))
                continue;
            more = true;
            added++;
        }
    }
    return added;
}

/* What is pinned: {"server":"<name>","keys":["<hex>",…]}, the pinned one first. */
static void load(struct trust *trust, const struct spool *spool, const char *server)
{
    autobuf struct buf text = BUF(PIN_MAX);
    autojson struct json_document *document = NULL;
    struct sign_public key;
    trust->loaded = true;
    if (spool_pin_read(spool, server, &text) &&
        json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_bundle, &document, NULL) == 0) {
        const struct json *list = json_get(json_root(document), "keys");
        for (const struct json *item = json_first(list); item != NULL; item = json_next(item))
            if (json_string(item) != NULL && sign_public_parse(str_of(json_string(item)), &key))
                (void)!add(trust, &key);
    }
    /* A key that is named stands above what was pinned, for this call; what the pinned one led to goes with it. */
    if (trust->given != NULL && sign_public_parse(str_of(trust->given), &key) &&
        (trust->count == 0 || !sign_public_equal(&trust->keys[0], &key))) {
        if (trust->count > 0) {
            trust->differs = true;
            log_warning("--server-key counts for this call only: another key of %s is pinned, and stays", server);
            log_info("hint: `crosschip-submit trust` shows it, and `crosschip-submit trust --forget --server %s` "
                     "makes room for the next one",
                     server);
        }
        trust->unproved = true;
        trust->count = 0;
        (void)!add(trust, &key);
    }
    trust->pinned = trust->count > 0;
}

static void save(const struct trust *trust, const struct spool *spool, const char *server)
{
    autobuf struct buf text = BUF(PIN_MAX);
    struct json_writer writer = json_writer(&text, 0);
    json_begin_object(&writer);
    json_pair_string(&writer, "server", server);
    json_write_key(&writer, "keys");
    json_begin_array(&writer);
    for (size_t i = 0; i < trust->count; i++) {
        char hex[SIGN_KEY_HEX_SIZE];
        json_write_string(&writer, sign_public_hex(hex, &trust->keys[i]));
    }
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(&text, '\n');
    /* Without it the next call asks the server once more. */
    if (buf_check(&text, NULL) == 0)
        (void)!spool_pin_write(spool, server, str_slice(text.data, text.len), NULL);
}

/* At first use the key that signed this very receipt is taken, if the server calls it its own. */
static void pin(struct trust *trust, const struct wire_key *list, size_t count, const char *key_id)
{
    for (size_t i = 0; i < count; i++) {
        struct sign_public key;
        char name[SIGN_KEY_ID_SIZE];
        if (list[i].public_key != NULL && sign_public_parse(str_of(list[i].public_key), &key) &&
            text_equal(sign_key_id(name, &key), key_id)) {
            trust->pinned = add(trust, &key);
            return;
        }
    }
}

static int fetch(struct trust *trust, const struct spool *spool, const char *server, struct wire_client *client,
                 const char *key_id, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    autoanswer struct wire_answer answer = {0};
    struct wire_key *list = NULL;
    size_t count = 0, before = trust->count;
    if (trust->fetched)
        return 0;
    trust->fetched = true;
    int r = wire_get(client, WIRE_PATH_KEY, &answer, err);
    if (r < 0)
        return r;
    if (answer.status != 200)
        return err_set(err, ERR_RETRY, "%s answers %d to " WIRE_PATH_KEY, server, answer.status);
    r = wire_keys_read(str_slice(buf_text(&answer.body), answer.body.len), &arena, &list, &count, err);
    if (r < 0)
        return r;
    if (!trust->pinned)
        pin(trust, list, count, key_id);
    (void)trust_follow(trust, list, count);
    if (trust->count > before && !trust->unproved)
        save(trust, spool, server);
    return 0;
}

static bool holds(const struct trust *trust, const struct wire_submission *submission)
{
    struct signature signature;
    const struct sign_public *key = find(trust, submission->key_id);
    return key != NULL && signature_parse(str_of(submission->signature), &signature) &&
           receipt_verify(key, submission->id, submission->received_at, &signature);
}

static const char *unverified(struct err *ret_why)
{
    (void)err_hint(ret_why, "it is stored all the same; ask the owner of the collector for its key: --server-key HEX "
                            "tries it for one call, `crosschip-submit trust` shows and forgets the pinned one");
    return SPOOL_UNVERIFIED;
}

const char *trust_judge(struct trust *trust, const struct spool *spool, const char *server, struct wire_client *client,
                        const struct wire_submission *submission, struct err *ret_why)
{
    struct err why;
    if (!trust->loaded)
        load(trust, spool, server);
    if (submission->signature[0] == '\0') {
        if (!trust->pinned)
            return NULL;
        (void)err_set(ret_why, ERR_NOT_ALLOWED, "%s gave no receipt, and it has a key", server);
        return unverified(ret_why);
    }
    if (find(trust, submission->key_id) == NULL && fetch(trust, spool, server, client, submission->key_id, &why) < 0) {
        (void)err_set(ret_why, ERR_NOT_ALLOWED, "the keys of %s cannot be asked for: %s", server, why.text);
        return unverified(ret_why);
    }
    if (holds(trust, submission)) {
        /* A key that was named is pinned once a receipt has shown it to be the right one, where none is yet. */
        if (trust->unproved && !trust->differs) {
            trust->unproved = false;
            save(trust, spool, server);
        }
        return SPOOL_VERIFIED;
    }
    if (find(trust, submission->key_id) == NULL)
        (void)err_set(ret_why, ERR_NOT_ALLOWED,
                      "the receipt of %s is by the key %s, to which the known one does not lead", server,
                      submission->key_id);
    else
        (void)err_set(ret_why, ERR_NOT_ALLOWED, "the receipt of %s for %s does not hold", server, submission->id);
    return unverified(ret_why);
}
