/* The log against a real PostgreSQL: one order without a gap, leaves that SQL computes too, proofs that hold. */
#include "tests/db/db_harness.h"

#include <string.h>

#include "collector/follow/log.h"
#include "collector/intake/intake.h"
#include "schema/base/clock.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)

static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};

static void store(struct db *db, int number, int64_t at_us)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    sample_bundle(&text, number);
    harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, at_us, &outcome, &err), &err);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
}

static struct sealing seal(struct db *db, struct sealer *sealer, int64_t now_us)
{
    struct sealing sealing;
    struct err err;
    harness_ok(log_seal(db, sealer, now_us, &sealing, &err), &err);
    return sealing;
}

/* What any PostgreSQL says a leaf is. */
#define LEAF_IN_SQL                                                                                                    \
    "sha256('\\x00'::bytea || convert_to(format(E'crosschip-entry-1\\n%s\\nsha256:%s\\n%s\\n%s\\n%s\\n', kind, "       \
    "encode(content_hash, 'hex'), revision, to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ'), "         \
    "encode(detail, 'hex')), 'UTF8'))"

static void expect_whole(struct db *db, int64_t size)
{
    assert_int_equal(harness_number(db, "select count(*) from log_entry"), size);
    assert_int_equal(harness_number(db, "select coalesce(max(log_index) + 1, 0) from log_entry"), size);
    assert_int_equal(harness_number(db, "select size from log_head"), size);
    assert_int_equal(harness_number(db, "select count(*) from log_entry where leaf <> " LEAF_IN_SQL), 0);
    /* Every node is the hash of its children. */
    assert_int_equal(
        harness_number(db, "with node as (select 0 as level, log_index as position, leaf as hash from log_entry "
                           "union all select level, position, hash from log_node) "
                           "select count(*) from log_node p left join node l on l.level = p.level - 1 "
                           "and l.position = 2 * p.position left join node r on r.level = p.level - 1 and "
                           "r.position = 2 * p.position + 1 "
                           "where p.hash is distinct from sha256('\\x01'::bytea || l.hash || r.hash)"),
        0);
    int64_t nodes = 0;
    for (int level = 1; level < 63; level++) {
        nodes += size >> level;
    }
    assert_int_equal(harness_number(db, "select count(*) from log_node"), nodes);
}

static void test_seals_each_event_once(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct sealer sealer = {0};
    struct sealing sealing = seal(db, &sealer, NOW);
    assert_int_equal(sealing.entries, 0);
    assert_false(sealing.held);
    expect_whole(db, 0);
    for (int number = 1; number <= 5; number++) {
        store(db, number, NOW + number);
    }
    sealing = seal(db, &sealer, NOW + 100);
    assert_int_equal(sealing.entries, 5);
    assert_int_equal(sealing.head.size, 5);
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), 0);
    expect_whole(db, 5);
    sealing = seal(db, &sealer, NOW + 200);
    assert_int_equal(sealing.entries, 0);
    for (int number = 6; number <= 13; number++) {
        store(db, number, NOW + number);
    }
    /* A sealer that comes new, or one that another overtook, finds the edge of the tree in the rows. */
    struct sealer other = {0};
    sealing = seal(db, &other, NOW + 300);
    assert_int_equal(sealing.head.size, 13);
    store(db, 14, NOW + 14);
    sealing = seal(db, &sealer, NOW + 50);
    assert_int_equal(sealing.head.size, 14);
    assert_true(sealing.head.at_us == NOW + 300); /* a clock behind does not turn the head back */
    expect_whole(db, 14);
    assert_int_equal(harness_number(db, "select count(*) from log_epoch where started_at is not null"), 1);
}

static void test_order_is_that_of_revisions(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct sealer sealer = {0};
    store(db, 1, NOW + 9);
    store(db, 2, NOW + 3);
    harness_exec(db, "insert into pending_event select submission_id, 2, 'withdrawn', '2001-01-01', sha256('later') "
                     "from submission");
    assert_int_equal(seal(db, &sealer, NOW).entries, 4);
    assert_int_equal(harness_number(db, "select count(*) from log_entry a join log_entry b using (submission_id) "
                                        "where a.revision < b.revision and a.log_index > b.log_index"),
                     0);
    assert_int_equal(harness_number(db, "select count(*) from log_entry where log_index = 0 and at = (select min(at) "
                                        "from log_entry where revision = 1)"),
                     1);
}

static void test_one_seals_at_a_time(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect(), *holder = harness_connect();
    struct sealer sealer = {0};
    struct err err;
    store(db, 1, NOW);
    harness_ok(db_begin(holder, DB_READ_COMMITTED, &err), &err);
    harness_exec(holder, "select from log_head for update");
    struct sealing sealing = seal(db, &sealer, NOW);
    assert_true(sealing.held);
    assert_int_equal(sealing.entries, 0);
    db_rollback(holder);
    sealing = seal(db, &sealer, NOW);
    assert_false(sealing.held);
    assert_int_equal(sealing.entries, 1);
    expect_whole(db, 1);
}

static void test_proofs_hold_against_the_head(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct sealer sealer = {0};
    struct err err;
    struct log_head old, head;
    for (int number = 1; number <= 11; number++) {
        store(db, number, NOW + number);
        if (number == 6) {
            (void)seal(db, &sealer, NOW);
            harness_ok(log_read_head(db, &old, &err), &err);
        }
    }
    (void)seal(db, &sealer, NOW);
    harness_ok(log_read_head(db, &head, &err), &err);
    struct log_tree tree = {db, head.epoch};
    const struct merkle_nodes nodes = log_nodes(&tree);
    struct merkle_proof proof;
    harness_ok(merkle_consistency(&nodes, old.size, head.size, &proof, &err), &err);
    assert_true(merkle_consistency_holds(old.size, &old.root, head.size, &head.root, proof.hashes, proof.count));
    autoresult struct db_result *entries = NULL;
    harness_ok(db_query(db, "select submission_id, leaf from log_entry order by log_index", NULL, &entries, &err),
               &err);
    for (size_t i = 0; i < db_rows(entries); i++) {
        uint64_t index;
        int revision;
        struct sha256 leaf;
        memcpy(leaf.bytes, db_bytes(entries, i, 1).data, sizeof leaf.bytes);
        harness_ok(log_find(db, head.epoch, db_uuid(entries, i, 0), 0, &index, &revision, &err), &err);
        assert_int_equal(index, i);
        assert_int_equal(revision, 1);
        harness_ok(merkle_inclusion(&nodes, index, head.size, &proof, &err), &err);
        assert_true(merkle_inclusion_holds(&leaf, index, head.size, proof.hashes, proof.count, &head.root));
    }
    static const unsigned char unknown[16] = {1};
    uint64_t index;
    int revision;
    harness_refused(log_find(db, head.epoch, unknown, 0, &index, &revision, &err), ERR_NOT_FOUND, &err);
}

/* A row that was changed behind the sealer's back must stop it, not be built upon. */
static void test_refuses_a_tree_that_contradicts_its_head(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct sealer sealer = {0}, fresh = {0};
    struct sealing sealing;
    struct err err;
    for (int number = 1; number <= 3; number++) {
        store(db, number, NOW);
    }
    (void)seal(db, &sealer, NOW);
    store(db, 4, NOW);
    harness_exec(db, "update log_node set hash = sha256('x') where level = 1");
    harness_refused(log_seal(db, &fresh, NOW, &sealing, &err), ERR_INTERNAL, &err);
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), 1);
    harness_exec(db, "delete from log_node where level = 1");
    harness_refused(log_seal(db, &fresh, NOW, &sealing, &err), ERR_INTERNAL, &err);
    harness_exec(db, "update log_head set root = sha256('y')");
    harness_refused(log_seal(db, &sealer, NOW, &sealing, &err), ERR_INTERNAL, &err);
    assert_int_equal(harness_number(db, "select count(*) from log_entry"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_seals_each_event_once, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_order_is_that_of_revisions, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_one_seals_at_a_time, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_proofs_hold_against_the_head, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_refuses_a_tree_that_contradicts_its_head, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
