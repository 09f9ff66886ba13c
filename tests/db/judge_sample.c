#include "tests/db/judge_sample.h"

#include <string.h>

#include "collector/follow/verify.h"
#include "collector/people/change.h"
#include "schema/base/file.h"
#include "schema/formats/pack.h"

static void write_bundle(struct buf *into, const struct thing *thing, const struct thing_own *own)
{
    buf_adds(into,
             "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"},");
    if (own->secret != NULL) {
        char hex[SHA256_HEX_SIZE];
        const struct sha256 commitment = sha256_of(own->secret, 32);
        buf_addf(into, "\"withdraw\":\"%s\",", sha256_hex(hex, &commitment));
    }
    buf_addf(into,
             "\"format\":{\"name\":\"manual\",\"reader\":1},\"tool\":{\"name\":\"llama-bench\",\"version\":"
             "\"b%d\"},\"device\":{\"chip\":\"%s\",\"memory_bytes\":34359738368},\"runs\":[",
             thing->number, thing->chip);
    for (int i = 0; i < thing->workloads; i++) {
        buf_addf(into,
                 "%s{\"workload\":{\"model\":\"%s\",\"quantization\":\"Q4_0\",\"backend\":\"Metal\",\"task\":"
                 "\"tg%d\",\"parameters\":{\"generated_tokens\":%d}},\"metrics\":[{\"name\":\"generation_throughput\","
                 "\"unit\":\"tok/s\",\"direction\":\"higher\",\"mean\":%.3f}]}",
                 i > 0 ? "," : "", own->model != NULL ? own->model : "Llama 2 7B", 128 + i, 128 + i, thing->value);
    }
    buf_addf(into, "],\"original\":{\"removed\":{},\"encoding\":\"utf-8\",\"text\":\"original %d\"}}\n",
             thing->original);
}

int store_own(struct db *db, const struct thing *thing, const struct thing_own *own, struct sha256 *ret,
              struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *item = NULL;
    struct outcome outcome = {0};
    struct intake_policy policy = {.anonymous =
                                       thing->quarantined ? INTAKE_ANONYMOUS_QUARANTINE : INTAKE_ANONYMOUS_ACCEPT,
                                   .proved = thing->contributor > 0,
                                   .origin = "http"};
    policy.contributor_key[0] = (uint8_t)thing->contributor;
    write_bundle(&text, thing, own);
    *ret = sha256_of(text.data, text.len);
    const int code = intake_check(str_slice(text.data, text.len), NULL, &policy, &item, err);
    return code != 0 ? code : intake_store(db, &item, 1, NOW + thing->number, &outcome, err);
}

struct sha256 store(struct db *db, const struct thing *thing)
{
    const struct thing_own own = {0};
    struct sha256 id;
    struct err err;
    harness_ok(store_own(db, thing, &own, &id, &err), &err);
    return id;
}

void pack_file(struct buf *into, const char *path, int client)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autofree char *decoded = NULL;
    autoreadings struct reading_list list = {0};
    autopack struct pack pack = {0};
    const struct client_key key = {{1, (unsigned char)client}};
    const struct pack_settings settings = {.key = &key};
    struct pack_source source = {.name = "file.json"};
    struct err err;
    harness_ok(file_read(path, &text, &err), &err);
    harness_ok(formats_decode(str_slice(text.data, text.len), &decoded, &source.decoded.len, &err), &err);
    source.decoded.data = decoded;
    harness_ok(formats_read(source.name, source.decoded, NULL, &source.format, &list, &err), &err);
    harness_ok(pack_bundle(&settings, &source, list.items[0], &pack, &err), &err);
    buf_add(into, pack.bytes.data, pack.bytes.len);
}

static struct sha256 store_as(struct db *db, const struct buf *bundle, const struct intake_policy *policy)
{
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    harness_ok(intake_check(str_slice(bundle->data, bundle->len), NULL, policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, NOW, &outcome, &err), &err);
    return sha256_of(bundle->data, bundle->len);
}

struct sha256 store_bytes(struct db *db, const struct buf *bundle, enum intake_anonymous anonymous)
{
    const struct intake_policy policy = {.anonymous = anonymous, .origin = "http"};
    return store_as(db, bundle, &policy);
}

void store_file(struct db *db, const char *path, int client)
{
    autobuf struct buf bundle = BUF(BUF_MIB);
    struct intake_policy policy = {.proved = client > 0, .origin = "http"};
    policy.contributor_key[0] = (uint8_t)client;
    pack_file(&bundle, path, client);
    (void)store_as(db, &bundle, &policy);
}

void decide(struct db *db, const struct sha256 *id, const char *action)
{
    const struct decision decision = {.action = action, .actor = "moderator:test", .reason = "because"};
    struct change change;
    struct err err;
    /* A state that forbids it: nothing happens. */
    if (change_moderate(db, id, &decision, NOW + 1000, &change, &err) != 0 && !text_starts_with(err.sqlstate, "CR")) {
        fail_msg("%s: %s", action, err.text);
    }
}

void follow(struct db *db)
{
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece judged, observed, summarised;
    struct err err;
    do {
        harness_ok(log_seal(db, &sealer, NOW + 2000, &sealing, &err), &err);
        harness_ok(judge_round(db, NOW + 3000, &judged, &err), &err);
        harness_ok(observe_round(db, &observed, &err), &err);
        harness_ok(summarise_round(db, &summarised, &err), &err);
    } while (sealing.entries > 0 || judged.end > judged.first || observed.end > observed.first ||
             harness_number(db, "select (select count(*) from pending_event) + (select count(*) from dirty_figure) + "
                                "(select count(*) from dirty_submission) + (select count(*) from dirty_series)") > 0);
}

void expect(struct db *db, const struct sha256 *id, const char *state, const char *rule)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db,
                        "select s.state, (select m.rule from moderation m where m.submission_id = s.submission_id "
                        "order by m.revision desc limit 1) from submission s where s.submission_id = $1::uuid",
                        &values, &row, &err),
               &err);
    assert_string_equal(db_text(row, 0, 0), state);
    assert_string_equal(db_text(row, 0, 1) != NULL ? db_text(row, 0, 1) : "", rule);
}

void expect_reason(struct db *db, const struct sha256 *id, const char *words)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db,
                        "select reason from moderation where submission_id = $1::uuid order by revision desc limit 1",
                        &values, &row, &err),
               &err);
    assert_int_equal(db_rows(row), 1);
    if (strstr(db_text(row, 0, 0), words) == NULL) {
        fail_msg("%s: not %s", db_text(row, 0, 0), words);
    }
}

static void note(void *context, const char *what, const char *why)
{
    (void)context;
    print_error("%s: %s\n", what, why);
}

void expect_verified(struct db *db)
{
    const struct verify_options options = {.differs = note};
    struct verify_figures figures;
    struct err err;
    harness_ok(verify_all(db, &options, &figures, &err), &err);
    assert_int_equal(figures.differences, 0);
}
