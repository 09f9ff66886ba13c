#include "tests/db/log_checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/follow/log.h"
#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/process.h"

enum { INCLUSIONS = 16 };

void expect_log_whole(struct db *db)
{
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), 0);
    assert_int_equal(harness_number(db,
                                    "select count(*) from log_head h where h.size <> (select count(*) from log_entry e "
                                    "where e.epoch = h.epoch and e.log_index between 0 and h.size - 1)"),
                     0);
    assert_int_equal(harness_number(db, "select count(*) from log_head h, log_entry e where e.log_index >= h.size"), 0);
    assert_int_equal(
        harness_number(db, "select count(*) from (select submission_id, revision, row_number() over (partition by "
                           "submission_id order by log_index) as nth from log_entry) e where nth <> revision"),
        0);
    assert_int_equal(
        harness_number(db, "select count(*) from submission s where s.revision is distinct from (select max(revision) "
                           "from log_entry e where e.submission_id = s.submission_id)"),
        0);
    assert_int_equal(
        harness_number(db, "select count(*) from submission s where s.state is distinct from (select case kind when "
                           "'released' then 'accepted' else kind end from log_entry e where e.submission_id = "
                           "s.submission_id and kind not in ('reparsed', 'claimed') order by log_index desc limit 1)"),
        0);
}

/* One line for each entry: the text that its leaf is the hash of, in hexadecimal. */
static void put_entries(struct db *db, struct buf *into)
{
    autoresult struct db_result *rows = NULL;
    struct err err;
    harness_ok(db_query(db, "select kind, content_hash, revision, at, detail, leaf from log_entry order by log_index",
                        NULL, &rows, &err),
               &err);
    for (size_t row = 0; row < db_rows(rows); row++) {
        autobuf struct buf text = BUF(BUF_MIB);
        struct log_entry entry;
        harness_ok(log_entry_of_row(rows, row, &entry, &err), &err);
        log_entry_text(&text, &entry);
        buf_adds(into, "entry ");
        for (size_t i = 0; i < text.len; i++) {
            buf_addf(into, "%02x", (unsigned)(unsigned char)text.data[i]);
        }
        buf_addc(into, '\n');
    }
}

static void put_hash(struct buf *into, const struct sha256 *hash)
{
    char hex[SHA256_HEX_SIZE];
    buf_addf(into, " %s", sha256_hex(hex, hash));
}

static void put_proof(struct buf *into, const struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count; i++) {
        put_hash(into, &proof->hashes[i]);
    }
    buf_addc(into, '\n');
}

/* The project's own check says the same, and refuses another root. */
static void put_consistency(const struct merkle_nodes *nodes, const struct log_head *head, const struct log_head *now,
                            uint64_t seed, struct buf *into)
{
    struct sha256 other = head->root;
    struct merkle_proof proof;
    struct err err;
    harness_ok(merkle_consistency(nodes, head->size, now->size, &proof, &err), &err);
    assert_true(merkle_consistency_holds(head->size, &head->root, now->size, &now->root, proof.hashes, proof.count));
    other.bytes[seed % sizeof other.bytes] ^= 1;
    assert_false(merkle_consistency_holds(head->size, &other, now->size, &now->root, proof.hashes, proof.count));
    buf_addf(into, "consistency %llu", (unsigned long long)head->size);
    put_hash(into, &head->root);
    put_proof(into, &proof);
}

static void put_inclusion(const struct merkle_nodes *nodes, uint64_t index, const struct log_head *now,
                          struct buf *into)
{
    struct merkle_proof proof;
    struct err err;
    harness_ok(merkle_inclusion(nodes, index, now->size, &proof, &err), &err);
    buf_addf(into, "inclusion %llu", (unsigned long long)index);
    put_proof(into, &proof);
}

static void run_check(const struct buf *lines)
{
    char path[] = "/tmp/crosschip-proofs-XXXXXX";
    const int file = mkstemp(path);
    struct err err;
    assert_true(file >= 0);
    (void)close(file);
    harness_ok(file_replace(path, 0600, buf_text(lines), lines->len, &err), &err);
    const char *const argv[] = {"python3", "tests/e2e/check_log.py", "--proofs", path, NULL};
    autobuf struct buf out = BUF(BUF_MIB);
    struct process_result result;
    harness_ok(process_run(argv, 60000, &out, &out, &result, &err), &err);
    if (result.exit_status != 0) {
        fail_msg("%s: %s", path, buf_text(&out));
    }
    (void)unlink(path);
}

void expect_proofs(struct db *db, const struct log_head *heads, size_t count, uint64_t seed)
{
    autobuf struct buf lines = BUF(16 * BUF_MIB);
    struct log_head now;
    struct err err;
    harness_ok(log_read_head(db, &now, &err), &err);
    if (now.size == 0) {
        return;
    }
    struct log_tree tree = {db, now.epoch};
    const struct merkle_nodes nodes = log_nodes(&tree);
    put_entries(db, &lines);
    buf_adds(&lines, "head");
    put_hash(&lines, &now.root);
    buf_addc(&lines, '\n');
    for (size_t i = 0; i < count; i++) {
        put_consistency(&nodes, &heads[i], &now, seed + i, &lines);
    }
    for (uint64_t i = 0; i < INCLUSIONS; i++) {
        put_inclusion(&nodes, (seed + i * UINT64_C(0x9e3779b97f4a7c15)) % now.size, &now, &lines);
    }
    run_check(&lines);
}
