#include "collector/intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake/rows.h"
#include "schema/bundle/bundle.h"
#include "schema/checks/checks.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

enum { FINDINGS_BYTES_MAX = 2 << 20 };

void prepared_free(struct prepared *prepared)
{
    if (prepared != NULL) {
        free(prepared->raw);
        buf_done(&prepared->findings);
        db_values_done(&prepared->run_rows);
        db_values_done(&prepared->measurement_rows);
        arena_done(&prepared->arena);
        free(prepared);
    }
}

void prepared_free_cleanup(struct prepared **prepared)
{
    prepared_free(*prepared);
}

bool intake_id_parse(const char *text, unsigned char ret_hash[32])
{
    struct sha256 hash;
    if (!sha256_parse_id(str_of(text), &hash)) {
        return false;
    }
    memcpy(ret_hash, hash.bytes, sizeof hash.bytes);
    return true;
}

/* The key, where one is given, must name these bytes. */
static int check_key(const char *key, const char *id, struct err *err)
{
    unsigned char hash[32];
    if (key == NULL) {
        return 0;
    }
    if (!intake_id_parse(key, hash)) {
        err_set(err, ERR_SYNTAX, "the Idempotency-Key is not sha256: and 64 lower-case hex digits");
        return err_path(err, "Idempotency-Key");
    }
    if (!text_equal(key, id)) {
        err_set(err, ERR_HASH_MISMATCH, "the Idempotency-Key is not the SHA-256 of the body");
        return err_path(err, "Idempotency-Key");
    }
    return 0;
}

/* The first event says the state and the rules behind it. */
static int take_detail(struct prepared *prepared, struct err *err)
{
    autobuf struct buf words = BUF(BUF_MIB);
    buf_addf(&words, "%s\n", prepared->state);
    for (size_t i = 0; i < prepared->flags.count; i++) {
        buf_addf(&words, "%s\n", prepared->flags.items[i]);
    }
    int code = buf_check(&words, err);
    if (code == 0) {
        struct sha256 hash = sha256_of(words.data, words.len);
        memcpy(prepared->detail, hash.bytes, sizeof prepared->detail);
    }
    return code;
}

static int take_identity(struct str bytes, const char *key, struct prepared *prepared, struct err *err)
{
    struct sha256 hash = sha256_of(bytes.data, bytes.len);
    memcpy(prepared->hash, hash.bytes, sizeof prepared->hash);
    (void)sha256_id(prepared->id, &hash);
    return check_key(key, prepared->id, err);
}

/* Who sends a correction shows whose the older one is. What comes by other ways than HTTP has no proof with it: there
 * the older one stays, and its withdrawal comes by itself. */
static int take_replaced(const struct bundle *bundle, const struct intake_policy *policy, struct prepared *prepared,
                         struct err *err)
{
    struct sha256 hash;
    if (bundle->replaces == NULL || !policy->replaces) {
        return 0;
    }
    if (policy->secret == NULL) {
        err_set(err, ERR_NOT_ALLOWED, "show the secret of the submission that this one replaces");
        (void)err_path(err, "replaces");
        return err_hint(err, "crosschip-submit send --replaces ID sends it");
    }
    if (!sha256_parse_id(str_of(bundle->replaces), &hash)) {
        err_set(err, ERR_DATA, "expected sha256: and 64 lower-case hex digits");
        return err_path(err, "replaces");
    }
    memcpy(prepared->replaced_hash, hash.bytes, sizeof prepared->replaced_hash);
    memcpy(prepared->replaced_secret, policy->secret, sizeof prepared->replaced_secret);
    prepared->replaces = true;
    return 0;
}

static int take_bundle_facts(const struct bundle *bundle, struct prepared *prepared, struct err *err)
{
    prepared->has_original = bundle_original_hash(bundle, prepared->original_hash);
    if (bundle->withdraw != NULL) {
        struct sha256 hash;
        if (!sha256_parse_hex(str_of(bundle->withdraw), &hash)) {
            err_set(err, ERR_DATA, "expected 64 lower-case hex digits");
            return err_path(err, "withdraw");
        }
        memcpy(prepared->withdraw_hash, hash.bytes, sizeof prepared->withdraw_hash);
        prepared->has_withdraw = true;
    }
    const struct reading *reading = bundle->reading;
    prepared->format = arena_strdup(&prepared->arena, reading->format != NULL ? reading->format : "");
    prepared->reader_version = reading->reader_version;
    if (reading->run_count == 0) {
        err_set(err, ERR_DATA, "the bundle holds no run");
        return err_path(err, "runs");
    }
    return arena_check(&prepared->arena, err);
}

static void write_finding(struct json_writer *writer, const struct finding *finding)
{
    json_begin_object(writer);
    json_pair_string(writer, "rule", finding->rule->name);
    json_pair_string(writer, "severity", check_severity_word(finding->rule->severity));
    if (finding->run != CHECK_NO_RUN) {
        char path[48];
        (void)snprintf(path, sizeof path, "runs[%zu]", finding->run);
        json_pair_string(writer, "path", path);
        json_pair_int(writer, "run", (int64_t)finding->run);
    }
    if (finding->metric != NULL) {
        json_pair_string(writer, "metric", finding->metric);
    }
    json_pair_string(writer, "message", finding->message);
    json_pair_number(writer, "found", finding->found);
    json_pair_number(writer, "expected", finding->expected);
    json_pair_number(writer, "deviation", finding->deviation);
    json_end_object(writer);
}

static void write_anonymous(struct json_writer *writer)
{
    json_begin_object(writer);
    json_pair_string(writer, "rule", INTAKE_RULE_ANONYMOUS);
    json_pair_string(writer, "severity", check_severity_word(CHECK_QUARANTINE));
    json_pair_string(writer, "message",
                     "nobody proved who sent it, and this collector looks at such submissions first");
    json_end_object(writer);
}

static int take_findings(const struct findings *findings, bool anonymous, struct prepared *prepared, struct err *err)
{
    prepared->findings = BUF(FINDINGS_BYTES_MAX);
    if (findings->count == 0 && !anonymous) {
        return 0;
    }
    struct json_writer writer = json_writer(&prepared->findings, 0);
    json_begin_array(&writer);
    for (size_t i = 0; i < findings->count; i++) {
        flags_add(&prepared->arena, &prepared->flags, findings->items[i].rule->name);
        if (i < INTAKE_FINDINGS_MAX) {
            write_finding(&writer, &findings->items[i]);
        }
    }
    if (anonymous) {
        flags_add(&prepared->arena, &prepared->flags, INTAKE_RULE_ANONYMOUS);
        write_anonymous(&writer);
    }
    json_end_array(&writer);
    return buf_check(&prepared->findings, err);
}

int intake_refuse_anonymous(struct err *err)
{
    err_set(err, ERR_NOT_ALLOWED, "this collector takes no anonymous submissions");
    return err_hint(err, "ask whoever runs it for a token");
}

/* Accepted or quarantined, from the bundle and the catalogue alone. */
static int judge(const struct bundle *bundle, const struct intake_policy *policy, struct findings *findings,
                 struct prepared *prepared, struct err *err)
{
    if (!policy->proved && policy->anonymous == INTAKE_ANONYMOUS_REFUSE) {
        return intake_refuse_anonymous(err);
    }
    const struct check_options options = {.now_us = policy->now_us};
    int code = checks_run(bundle->reading, &options, findings, err);
    if (code != 0) {
        return code;
    }
    bool held = !policy->proved && policy->anonymous == INTAKE_ANONYMOUS_QUARANTINE;
    prepared->state = held || findings_quarantine(findings) ? "quarantined" : "accepted";
    code = take_findings(findings, held, prepared, err);
    return code != 0 ? code : take_detail(prepared, err);
}

static int check_bundle(struct str bytes, const struct intake_policy *policy, struct prepared *prepared,
                        struct err *err)
{
    autobundle struct bundle bundle = {0};
    autofindings struct findings findings = {0};
    int code = bundle_read(bytes, &bundle, err);
    if (code == 0) {
        code = take_bundle_facts(&bundle, prepared, err);
    }
    if (code == 0) {
        code = take_replaced(&bundle, policy, prepared, err);
    }
    if (code == 0) {
        code = judge(&bundle, policy, &findings, prepared, err);
    }
    return code != 0 ? code : rows_encode(&bundle, &findings, prepared, err);
}

/* Hundreds of them wait for a committer at a time. */
static void fit_rows(struct prepared *prepared)
{
    buf_fit(&prepared->run_rows.bytes);
    buf_fit(&prepared->measurement_rows.bytes);
    buf_fit(&prepared->findings);
}

int intake_check(struct str bytes, const char *key, const struct intake_policy *policy, struct prepared **ret,
                 struct err *err)
{
    if (bytes.len > BUNDLE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a bundle has at most %zu MiB", BUNDLE_BYTES_MAX >> 20);
    }
    autoprepared struct prepared *prepared = mem_zalloc(1, sizeof *prepared);
    if (prepared == NULL) {
        return mem_error(err);
    }
    prepared->origin = policy->origin;
    memcpy(prepared->contributor_key, policy->contributor_key, sizeof prepared->contributor_key);
    prepared->contributor = policy->proved ? arena_strdup(&prepared->arena, policy->contributor) : NULL;
    prepared->run_rows = DB_VALUES(DB_COPY_ROWS);
    prepared->measurement_rows = DB_VALUES(DB_COPY_ROWS);
    prepared->run_rows.bytes.max = INTAKE_ROWS_MAX;
    prepared->measurement_rows.bytes.max = INTAKE_ROWS_MAX;
    int code = take_identity(bytes, key, prepared, err);
    if (code == 0) {
        code = check_bundle(bytes, policy, prepared, err);
    }
    if (code != 0) {
        return code;
    }
    prepared->raw = mem_strndup(bytes.data, bytes.len);
    prepared->raw_size = bytes.len;
    if (prepared->raw == NULL) {
        return mem_error(err);
    }
    fit_rows(prepared);
    *ret = TAKE_PTR(prepared);
    return 0;
}
