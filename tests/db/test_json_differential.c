/* The strict JSON reader against PostgreSQL's: two parsers of different origin on the same mutations of the same
 * documents. What ours takes jsonb must take; what ours calls bad grammar jsonb must refuse. What only our profile
 * refuses (characters, sizes, doubled keys) says nothing. */
#include "tests/db/db_harness.h"

#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"
#include "schema/json/json.h"
#include "tests/unit/intake_sample.h"

enum { ROUNDS = 40, BATCH = 500, SEEDS = 8 };

static const char *const seeds[SEEDS] = {
    "{\"a\":[1,-2.5e10,true,false,null,\"x\\u00e4\\n\\\"\"],\"b\":{\"c\":[]}}",
    "[1.0, -0, 0.1e-5, 123456789012345, 1E+2]",
    "\"\\ud83d\\ude00 and \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"",
    "{\"\":\"\",\"k\\u0041\":{\"n\":{\"n\":{\"n\":0}}}}",
    "  [ \t\r\n {} , [ ] , \"\\/\\b\\f\\t\" ]  ",
    "[[[[[[[[1]]]]]]]]",
    "{\"x\":1e308,\"y\":-1e-308,\"z\":4.9e-324}",
    "true",
};

/* xorshift64 of G. Marsaglia, "Xorshift RNGs", 2003: the same mutations on every run. */
static uint64_t random_state = 88172645463325252U;

static size_t random_below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)((random_state >> 11) % limit);
}

/* One edit: a byte changed, put in, taken out or doubled, or the end cut off. */
static void mutate(struct buf *text)
{
    static const char alphabet[] =
        "{}[]\",:\\/ \t\n\r0123456789+-.eEuntrfalse\x01\x1f\x7f\x80\xbf\xc0\xc3\xe0\xed\xf0\xf5\xff";
    size_t at = random_below(text->len), kind = random_below(5);
    const char byte = alphabet[random_below(sizeof alphabet)]; /* its NUL too */
    autobuf struct buf fresh = BUF(BUF_MIB);
    buf_add(&fresh, text->data, at);
    if (kind == 0 || kind == 1) {
        buf_addc(&fresh, byte);
    } else if (kind == 2) {
        buf_add(&fresh, text->data + at, 1);
        buf_add(&fresh, text->data + at, 1);
    }
    if (kind != 4 || at == 0) {
        const size_t next = kind == 1 ? at : at + 1;
        buf_add(&fresh, text->data + next, text->len - next);
    }
    buf_reset(text);
    buf_add(text, fresh.data, fresh.len);
}

static void make_input(struct buf *into)
{
    const char *seed = seeds[random_below(SEEDS)];
    *into = BUF(BUF_MIB);
    buf_adds(into, seed);
    for (size_t edits = random_below(4); edits > 0 && into->len > 0; edits--) {
        mutate(into);
    }
}

static const char reads_sql[] =
    "select pg_temp.reads(t.document) from unnest($1::bytea[]) with ordinality as t (document, place) order by place";

static void compare(struct db *db, const struct buf inputs[BATCH], size_t counts[2])
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    struct err err = {0};
    db_array_begin(&values, DB_BYTEA);
    for (size_t i = 0; i < BATCH; i++) {
        db_put_bytea(&values, buf_text(&inputs[i]), inputs[i].len);
    }
    db_array_end(&values);
    harness_ok(db_query(db, reads_sql, &values, &result, &err), &err);
    assert_int_equal(db_rows(result), BATCH);
    for (size_t i = 0; i < BATCH; i++) {
        autojson struct json_document *document = NULL;
        const bool theirs = db_bool(result, i, 0);
        int code =
            json_read_strict(str_slice(buf_text(&inputs[i]), inputs[i].len), &json_limits_bundle, &document, &err);
        if ((code == 0 && !theirs) || (code == -(int)ERR_SYNTAX && theirs)) {
            fail_msg("ours: %s, PostgreSQL: %s: %.*s", code == 0 ? "good" : err.text, theirs ? "good" : "bad",
                     (int)inputs[i].len, inputs[i].data);
        }
        counts[code == 0 ? 0 : 1]++;
    }
}

static void test_same_grammar(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    size_t counts[2] = {0};
    harness_exec(db, "create function pg_temp.reads(document bytea) returns boolean language plpgsql as $$"
                     " begin perform convert_from(document, 'UTF8')::jsonb; return true;"
                     " exception when others then return false; end $$");
    for (int round = 0; round < ROUNDS; round++) {
        static struct buf inputs[BATCH];
        for (size_t i = 0; i < BATCH; i++) {
            make_input(&inputs[i]);
        }
        compare(db, inputs, counts);
        for (size_t i = 0; i < BATCH; i++) {
            buf_done(&inputs[i]);
        }
    }
    /* Both kinds came up often, so that agreement means something. */
    assert_true(counts[0] > 2000);
    assert_true(counts[1] > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_grammar, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
