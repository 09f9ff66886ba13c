#include "schema/wire/answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "schema/base/number.h"
#include "schema/json/json.h"

#define SECOND_US INT64_C(1000000)
#define BACKOFF_BASE_US (2 * SECOND_US)
#define BACKOFF_CAP_US (900 * SECOND_US)
#define RETRY_AFTER_MOST_S INT64_C(3600)

bool wire_id_is_valid(const char *text)
{
    static const char prefix[] = "sha256:";
    if (text == NULL || !text_starts_with(text, prefix) || strlen(text) != WIRE_ID_SIZE - 1)
        return false;
    return strspn(text + strlen(prefix), "0123456789abcdef") == 64;
}

static bool is_state(const char *state)
{
    static const char *const states[] = {WIRE_STATE_ACCEPTED, WIRE_STATE_QUARANTINED, WIRE_STATE_REJECTED,
                                         WIRE_STATE_WITHDRAWN, WIRE_STATE_DELETED};
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++)
        if (text_equal(state, states[i]))
            return true;
    return false;
}

/* The rule stands under "rule", or the first one under "rules". */
static const char *find_rule(const struct json *root)
{
    const char *rule = json_string(json_get(root, "rule"));
    if (rule == NULL)
        rule = json_string(json_first(json_get(root, "rules")));
    return rule == NULL ? "" : rule;
}

/* A text that is cut would verify nowhere: better none. */
static void take_text(const struct json *object, const char *key, char *target, size_t size)
{
    const char *text = json_string(json_get(object, key));
    if (text != NULL && strlen(text) < size)
        text_copy(target, size, text);
}

static void take_id(const struct json *object, const char *key, char target[WIRE_ID_SIZE])
{
    const char *id = json_string(json_get(object, key));
    text_copy(target, WIRE_ID_SIZE, wire_id_is_valid(id) ? id : "");
}

int wire_submission_read(struct str body, struct wire_submission *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct err inner;
    if (json_read_strict(body, &json_limits_bundle, &document, &inner) < 0)
        return err_set(err, ERR_DATA, "the server's answer is not that of a collector: %s", inner.text);
    const struct json *root = json_root(document);
    const char *id = json_string(json_get(root, "id"));
    const char *state = json_string(json_get(root, "state"));
    const char *received_at = json_string(json_get(root, "received_at"));
    const struct json *receipt = json_get(root, "receipt");
    if (!wire_id_is_valid(id))
        return err_set(err, ERR_DATA, "the server's answer names no submission id");
    if (!is_state(state))
        return err_set(err, ERR_DATA, "the server's answer names no state");
    struct wire_submission submission = {0};
    text_copy(submission.id, sizeof(submission.id), id);
    text_copy(submission.state, sizeof(submission.state), state);
    text_copy(submission.received_at, sizeof(submission.received_at), received_at == NULL ? "" : received_at);
    text_copy(submission.rule, sizeof(submission.rule), find_rule(root));
    take_id(root, "replaces", submission.replaces);
    take_id(root, "replaced_by", submission.replaced_by);
    take_text(receipt, "key_id", submission.key_id, sizeof(submission.key_id));
    take_text(receipt, "signature", submission.signature, sizeof(submission.signature));
    *ret = submission;
    return 0;
}

static const char *kept(struct arena *arena, const struct json *object, const char *key)
{
    return arena_strdup(arena, json_string(json_get(object, key)));
}

int wire_keys_read(struct str body, struct arena *arena, struct wire_key **ret, size_t *ret_count, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct err inner;
    if (json_read_strict(body, &json_limits_bundle, &document, &inner) < 0)
        return err_set(err, ERR_DATA, "the server's answer is not that of a collector: %s", inner.text);
    const struct json *list = json_get(json_root(document), "keys");
    struct wire_key *keys = arena_alloc(arena, json_count(list) + 1, sizeof(*keys));
    size_t count = 0;
    if (keys == NULL)
        return mem_error(err);
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item))
        keys[count++] = (struct wire_key){kept(arena, item, "key_id"),     kept(arena, item, "public_key"),
                                          kept(arena, item, "created_at"), kept(arena, item, "retired_at"),
                                          kept(arena, item, "signed_by"),  kept(arena, item, "signature")};
    if (count == 0)
        return err_set(err, ERR_DATA, "the server names no key");
    *ret = keys;
    *ret_count = count;
    return arena_check(arena, err);
}

/* The word under "error" of an error body, copied; "" when the body is not ours. */
static void error_word(struct str body, char *target, size_t size)
{
    autojson struct json_document *document = NULL;
    target[0] = '\0';
    if (json_read_strict(body, &json_limits_bundle, &document, NULL) < 0)
        return;
    const char *word = json_string(json_get(json_root(document), "error"));
    if (word != NULL)
        text_copy(target, size, word);
}

/* Only a collector may refuse for good: a proxy or another server that answers 400 knows nothing of the bundle. */
static enum wire_verdict verdict_of_refusal(struct str body)
{
    char word[64];
    error_word(body, word, sizeof(word));
    return word[0] == '\0' || text_equal(word, err_word(ERR_BUNDLE_VERSION)) ? WIRE_KEEP : WIRE_REFUSED;
}

enum wire_verdict wire_verdict(int status, struct str body)
{
    switch (status) {
    case 200:
    case 201:
        return WIRE_STORED;
    case 400:
    case 409:
    case 410:
    case 411:
    case 413:
    case 415:
    case 422:
        return verdict_of_refusal(body);
    case 408:
    case 425:
    case 429:
        return WIRE_RETRY;
    default:
        return status >= 500 || (status >= 200 && status < 300) ? WIRE_RETRY : WIRE_KEEP;
    }
}

static enum err_code code_of(int status, const char *word, enum wire_verdict verdict)
{
    if (status == 401 || status == 403)
        return ERR_NOT_ALLOWED;
    if (verdict != WIRE_REFUSED)
        return text_equal(word, err_word(ERR_BUNDLE_VERSION)) ? ERR_BUNDLE_VERSION : ERR_RETRY;
    switch (status) {
    case 409:
        return ERR_COLLISION;
    case 410:
        return ERR_GONE;
    case 411:
        return ERR_LENGTH_REQUIRED;
    case 413:
        return ERR_LIMIT;
    case 415:
        return ERR_MEDIA_TYPE;
    default:
        return ERR_DATA;
    }
}

static const char *hint_for(int status, enum err_code code, enum wire_verdict verdict)
{
    if (code == ERR_NOT_ALLOWED)
        return "check the token (--token-file); the bundle stays in the queue";
    if (code == ERR_BUNDLE_VERSION)
        return "the collector is older than this program; the bundle stays in the queue until it is updated";
    if (status >= 300 && status < 400)
        return "the server points elsewhere, which is not followed: name the collector's own address in --server";
    if (verdict == WIRE_KEEP && status == 413)
        return "a proxy in front of the collector takes no bundle of this size, or --server names no collector";
    if (verdict == WIRE_KEEP)
        return "the address may not be that of a collector: check --server";
    if (status == 413)
        return "send the results in smaller files";
    if (status == 429 || status >= 500)
        return "the bundle stays in the queue; try again later: crosschip-submit queue flush";
    return "";
}

int wire_refusal(int status, struct str body, struct err *err)
{
    autojson struct json_document *document = NULL;
    enum wire_verdict verdict = wire_verdict(status, body);
    const struct json *root =
        json_read_strict(body, &json_limits_bundle, &document, NULL) < 0 ? NULL : json_root(document);
    const char *word = json_string(json_get(root, "error"));
    const char *path = json_string(json_get(root, "path"));
    const char *detail = json_string(json_get(root, "detail"));
    enum err_code code = code_of(status, word, verdict);
    (void)err_set(err, code, "the collector %s (status %d%s%.64s)",
                  verdict == WIRE_REFUSED ? "refused the bundle" : "did not take the bundle", status,
                  word == NULL ? "" : ", ", word == NULL ? "" : word);
    if (detail != NULL)
        (void)err_detail(err, "%s", detail);
    if (!text_is_empty(path))
        (void)err_path(err, "%s", path);
    (void)err_hint(err, "%s", hint_for(status, code, verdict));
    return -(int)code;
}

int64_t wire_retry_after_us(struct str value, const char *date)
{
    int64_t seconds = 0;
    char text[64];
    struct str trimmed = str_trim(value);
    if (trimmed.len == 0 || trimmed.len >= sizeof(text))
        return 0;
    memcpy(text, trimmed.data, trimmed.len);
    text[trimmed.len] = '\0';
    if (strspn(text, "0123456789") == trimmed.len) {
        if (!number_parse_int64(trimmed, &seconds))
            seconds = RETRY_AFTER_MOST_S; /* more digits than a number holds */
    } else {
        /* Two clocks must not be mixed: without the server's own date the distance is unknown. */
        time_t until = curl_getdate(text, NULL), now = date == NULL ? (time_t)-1 : curl_getdate(date, NULL);
        if (until == (time_t)-1 || now == (time_t)-1)
            return 0;
        seconds = (int64_t)until - (int64_t)now;
    }
    if (seconds < 1)
        seconds = 1;
    if (seconds > RETRY_AFTER_MOST_S)
        seconds = RETRY_AFTER_MOST_S;
    return seconds * SECOND_US;
}

int64_t wire_backoff_us(int attempt, uint64_t random)
{
    int64_t ceiling = BACKOFF_BASE_US;
    for (int i = 0; i < attempt && ceiling < BACKOFF_CAP_US; i++)
        ceiling *= 2;
    if (ceiling > BACKOFF_CAP_US)
        ceiling = BACKOFF_CAP_US;
    return BACKOFF_BASE_US + (int64_t)(random % (uint64_t)(ceiling - BACKOFF_BASE_US + 1));
}

static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

bool wire_percent_encode(struct str text, char *target, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        size_t need = is_unreserved(byte) ? 1 : 3;
        if (at + need >= size)
            return false;
        if (need == 1) {
            target[at++] = (char)byte;
        } else {
            target[at++] = '%';
            target[at++] = digits[byte >> 4];
            target[at++] = digits[byte & 15];
        }
    }
    if (size == 0)
        return false;
    target[at] = '\0';
    return true;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool wire_percent_decode(struct str text, char *target, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.data[i];
        if (byte == '%') {
            int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0))
                return false;
            byte = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (!is_unreserved((unsigned char)byte)) {
            return false;
        }
        if (at + 1 >= size)
            return false;
        target[at++] = byte;
    }
    if (size == 0)
        return false;
    target[at] = '\0';
    return true;
}
