#include "collector/take/peer_wire.h"

#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "schema/json/json.h"

static int read_object(struct str text, const char *what, struct json_document **ret, struct err *err)
{
    struct err why;
    if (json_read_strict(str_trim(text), &json_limits_bundle, ret, &why) != 0 ||
        !json_is(json_root(*ret), JSON_OBJECT)) {
        return err_set(err, ERR_DATA, "the answer is no %s", what);
    }
    return 0;
}

static bool read_hash(const struct json *object, const char *key, struct sha256 *ret)
{
    return sha256_parse_hex(str_of(json_string(json_get(object, key))), ret);
}

static bool read_time(const struct json *object, int64_t *ret)
{
    return clock_parse(str_of(json_string(json_get(object, "at"))), ret);
}

int peer_read_head(struct str body, struct peer_head *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct peer_head head = {0};
    int64_t epoch = 0, size = 0;
    int code = read_object(body, "head of a log", &document, err);
    if (code != 0) {
        return code;
    }
    const struct json *root = json_root(document);
    if (!json_integer(json_get(root, "epoch"), &epoch) || epoch < 1 || epoch > INT32_MAX ||
        !json_integer(json_get(root, "size"), &size) || size < 0 || !read_hash(root, "root", &head.head.root) ||
        !read_time(root, &head.head.at_us) ||
        !signature_parse(str_of(json_string(json_get(root, "signature"))), &head.signature)) {
        return err_set(err, ERR_DATA, "the answer is no head of a log");
    }
    head.head.epoch = (int)epoch;
    head.head.size = (uint64_t)size;
    text_copy(head.key_id, sizeof head.key_id, json_string(json_get(root, "key_id")));
    *ret = head;
    return 0;
}

/* EPOCH.INDEX */
static bool read_position(const char *text, struct peer_entry *ret)
{
    struct str rest = str_of(text), field;
    int64_t epoch, index;
    if (!str_next_field(&rest, '.', &field) || !number_parse_int64(field, &epoch) ||
        !number_parse_int64(rest, &index) || epoch < 1 || epoch > INT32_MAX || index < 0) {
        return false;
    }
    ret->epoch = (int)epoch;
    ret->index = (uint64_t)index;
    return true;
}

static bool read_event(const struct json *root, struct log_entry *ret)
{
    int64_t revision = 0;
    const char *kind = json_string(json_get(root, "kind")), *id = json_string(json_get(root, "id"));
    text_copy(ret->kind, sizeof ret->kind, kind);
    const bool begins = text_equal(kind, LOG_KIND_EPOCH);
    if (!text_equal(ret->kind, kind) || (begins ? id != NULL : !sha256_parse_id(str_of(id), &ret->submission)) ||
        !json_integer(json_get(root, "revision"), &revision) || revision < 0 || revision > INT32_MAX) {
        return false;
    }
    ret->revision = (int)revision;
    return read_time(root, &ret->at_us) && read_hash(root, "detail", &ret->detail);
}

int peer_read_entry(struct str line, struct peer_entry *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct peer_entry entry = {0};
    int code = read_object(line, "entry of a log", &document, err);
    if (code != 0) {
        return code;
    }
    const struct json *root = json_root(document);
    const char *secret = json_string(json_get(root, "secret"));
    entry.has_secret = secret != NULL;
    if (!read_position(json_string(json_get(root, "position")), &entry) || !read_event(root, &entry.entry) ||
        (secret != NULL && !hex_decode(str_of(secret), entry.secret, sizeof entry.secret))) {
        return err_set(err, ERR_DATA, "the answer is no entry of a log");
    }
    text_copy(entry.contributor, sizeof entry.contributor, json_string(json_get(root, "contributor")));
    text_copy(entry.state, sizeof entry.state, json_string(json_get(root, "state")));
    *ret = entry;
    return 0;
}

int peer_read_told(struct str line, int64_t *after, struct withdrawn *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct withdrawn told = {0};
    int64_t number = 0, hops = 0;
    int code = read_object(line, "withdrawal", &document, err);
    if (code != 0) {
        return code;
    }
    const struct json *root = json_root(document);
    if (!json_integer(json_get(root, "number"), &number) || number <= *after ||
        !json_integer(json_get(root, "hops"), &hops) || hops < 1 || hops > INT16_MAX ||
        !sha256_parse_id(str_of(json_string(json_get(root, "id"))), &told.id) ||
        !hex_decode(str_of(json_string(json_get(root, "secret"))), told.secret, sizeof told.secret)) {
        return err_set(err, ERR_DATA, "the answer is no withdrawal");
    }
    told.hops = (int)hops + 1;
    *after = number;
    *ret = told;
    return 0;
}

int peer_read_proof(struct str body, struct merkle_proof *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    int code = read_object(body, "proof", &document, err);
    if (code != 0) {
        return code;
    }
    const struct json *hashes = json_get(json_root(document), "hashes");
    if (!json_is(hashes, JSON_ARRAY) || json_count(hashes) > MERKLE_PROOF_MOST) {
        return err_set(err, ERR_DATA, "the answer is no proof");
    }
    ret->count = 0;
    for (const struct json *hash = json_first(hashes); hash != NULL; hash = json_next(hash)) {
        if (!sha256_parse_hex(str_of(json_string(hash)), &ret->hashes[ret->count++])) {
            return err_set(err, ERR_DATA, "the answer is no proof");
        }
    }
    return 0;
}
