/* What the migrations make: the golden dump, the rules that let the same DDL run on Citus
 * (scale.md, section 2), the constraints, and that every query file fits. */
#include "tests/db/db_harness.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/process.h"
#include "schema/base/str.h"

#define GOLDEN "tests/data/schema.sql"
#define MOST_PARAMETERS 64

/* ---- golden dump */

/* pg_dump of the server's own version: Debian's wrapper in PATH needs perl. */
static void find_pg_dump(char *target, size_t size)
{
    const char *const argv[] = {"pg_config", "--bindir", NULL};
    struct buf out autobuf = BUF(4096);
    struct process_result result = {0};
    text_copy(target, size, "pg_dump");
    if (process_run(argv, 10000, &out, NULL, &result, NULL) < 0 || result.exit_status != 0) {
        return;
    }
    const struct str folder = str_trim(str_of(buf_text(&out)));
    autofree char *path = mem_printf("%.*s/pg_dump", (int)folder.len, folder.data);
    if (path != NULL && access(path, X_OK) == 0) {
        text_copy(target, size, path);
    }
}

/* Comments, settings and pg_dump's own marks differ between its versions. */
static bool is_noise(struct str line)
{
    return line.len == 0 || str_starts_with(line, STR("--")) || str_starts_with(line, STR("SET ")) ||
           str_starts_with(line, STR("SELECT pg_catalog.set_config")) || str_starts_with(line, STR("\\"));
}

static void dump_schema(struct buf *into)
{
    struct err err = {0};
    char program[512];
    find_pg_dump(program, sizeof program);
    const char *const argv[] = {program, "--schema-only", "--no-owner", "-d", harness_conninfo(), NULL};
    struct buf out autobuf = BUF(16 * BUF_MIB);
    struct buf complaint autobuf = BUF(BUF_MIB);
    struct process_result result = {0};
    harness_ok(process_run(argv, 60000, &out, &complaint, &result, &err), &err);
    if (result.exit_status != 0) {
        fail_msg("pg_dump: %s", buf_text(&complaint));
    }
    struct str rest = str_of(buf_text(&out));
    struct str line;
    while (str_next_line(&rest, &line)) {
        if (!is_noise(line)) {
            buf_add(into, line.data, line.len);
            buf_addc(into, '\n');
        }
    }
    harness_ok(buf_check(into, &err), &err);
}

static void test_schema_is_the_golden_one(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf found autobuf = BUF(16 * BUF_MIB);
    dump_schema(&found);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        harness_ok(file_replace(GOLDEN, 0644, found.data, found.len, &err), &err);
    }
    struct buf golden autobuf = BUF(16 * BUF_MIB);
    harness_ok(file_read(GOLDEN, &golden, &err), &err);
    assert_string_equal(buf_text(&found), buf_text(&golden));
}

/* ---- rules */

static void assert_none(struct db *db, const char *sql)
{
    struct err err = {0};
    struct db_result *rows autoresult = NULL;
    harness_ok(db_query(db, sql, NULL, &rows, &err), &err);
    for (size_t row = 0; row < db_rows(rows); row++) {
        print_error("breaks the rule: %s\n", db_text(rows, row, 0));
    }
    assert_int_equal(db_rows(rows), 0);
}

#define DISTRIBUTED "('submission', 'run', 'measurement', 'pending_event')"

static void test_schema_keeps_the_rules_of_distribution(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    /* Every key of a distributed table holds the distribution column, and comes first. */
    assert_none(db, "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid "
                    "where c.relname in " DISTRIBUTED " and i.indisunique and i.indkey[0] <> "
                    "(select attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'submission_id')");
    assert_none(db, "select tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid "
                    "where c.relname in " DISTRIBUTED " and not tgisinternal");
    assert_none(db, "select relname::text from pg_class where relname in " DISTRIBUTED
                    " and (relrowsecurity or relhassubclass or relispartition)");
    assert_none(db, "select conname::text from pg_constraint where contype = 'x'");
    assert_none(db, "select conname::text from pg_constraint where contype = 'f' "
                    "and confrelid <> 'submission'::regclass");
    /* Values come from the client: no default, no sequence. */
    assert_none(db, "select adrelid::regclass::text from pg_attrdef");
}

static void test_schema_has_names_and_plain_sorting(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    assert_none(db, "select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
                    "join pg_namespace n on n.oid = c.relnamespace join pg_collation l on l.oid = a.attcollation "
                    "where n.nspname = 'public' and a.attnum > 0 and l.collname <> 'C'");
    /* Names that PostgreSQL would have given by itself say nothing. */
    assert_none(db, "select conname::text from pg_constraint c join pg_namespace n on n.oid = c.connamespace "
                    "where n.nspname = 'public' and contype = 'c' and conname ~ '_check[0-9]*$'");
    assert_none(db, "select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                    "where n.nspname = 'public' and relkind = 'r' "
                    "and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)");
}

/* ---- constraints */

#define ID "'00112233-4455-6677-8899-aabbccddeeff'"
#define HASH "'\\x00112233445566778899aabbccddeeff00000000000000000000000000000000'"
#define SUBMISSION(id, hash, state, size, raw, erased)                                                                 \
    "insert into submission (submission_id, content_hash, received_at, origin, contributor_key, format, "              \
    "reader_version, state, revision, flags, raw_size, raw, erased_at) values (" id ", " hash                          \
    ", '2026-01-01Z', 'http', '00000000-0000-0000-0000-000000000000', 'f', 1, " state ", 1, '{}', " size ", " raw      \
    ", " erased ")"
#define MEASUREMENT(ordinal, columns, values)                                                                          \
    "insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, flags" columns ") values (" ID \
    ", " ordinal ", 0, " ID ", 'm', '', '{}'" values ")"
#define RUN(columns, values)                                                                                           \
    "insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, "               \
    "ran_at_local, workload, device, flags" columns ") values (" ID ", 0, " ID values ")"

static void test_constraints_have_the_last_word(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *constraint;
    } refused[] = {
        {SUBMISSION(ID, "'\\x00'", "'accepted'", "1", "'x'", "null"), "submission_"},
        {SUBMISSION("'10112233-4455-6677-8899-aabbccddeeff'", HASH, "'accepted'", "1", "'x'", "null"),
         "submission_key_is_prefix"},
        {SUBMISSION(ID, HASH, "'received'", "1", "'x'", "null"), "submission_state_known"},
        {SUBMISSION(ID, HASH, "'accepted'", "2", "'x'", "null"), "submission_size_stated"},
        {SUBMISSION(ID, HASH, "'deleted'", "1", "null", "null"), "submission_erased"},
        {SUBMISSION(ID, HASH, "'accepted'", "1", "'x'", "null"), "submission_pkey"},
        {RUN("", ", '', 1, " ID ", 'alone', false, '{}', '{}', '{}'"), "run_chip_named"},
        {RUN("", ", 'c', 0, " ID ", 'alone', false, '{}', '{}', '{}'"), "run_chip_counted"},
        {RUN("", ", 'c', 1, " ID ", 'other', false, '{}', '{}', '{}'"), "run_variant_known"},
        {RUN("", ", 'c', 1, " ID ", 'alone', true, '{}', '{}', '{}'"), "run_local_time_stated"},
        {MEASUREMENT("-1", "", ""), "measurement_ordinal_from_zero"},
        {MEASUREMENT("1", ", n", ", 0"), "measurement_counted"},
        {MEASUREMENT("1", ", mean", ", 'NaN'"), "measurement_mean_finite"},
        {MEASUREMENT("1", ", stddev", ", -1"), "measurement_stddev_positive"},
        {MEASUREMENT("1", ", max", ", 'Infinity'"), "measurement_max_finite"},
        {MEASUREMENT("1", ", direction", ", 'up'"), "measurement_direction_known"},
    };
    struct err err = {0};
    struct db *db autodb = harness_connect();
    /* Without its submission nothing gets in. */
    assert_true(db_exec(db, MEASUREMENT("0", "", ""), &err) < 0);
    assert_string_equal(err.sqlstate, "23503");
    harness_exec(db, SUBMISSION(ID, HASH, "'accepted'", "1", "'x'", "null"));
    harness_exec(db, RUN("", ", 'c', 1, " ID ", 'alone', false, '{}', '{}', '{}'"));
    harness_exec(db, MEASUREMENT("0", ", mean, samples", ", 1, '{1,null,2}'"));
    harness_exec(db, "delete from run");
    for (size_t at = 0; at < ARRAY_LENGTH(refused); at++) {
        assert_true(db_exec(db, refused[at].sql, &err) < 0);
        if (strstr(err.text, refused[at].constraint) == NULL) {
            fail_msg("%s: %s", refused[at].constraint, err.text);
        }
    }
    harness_exec(db, "update submission set state = 'deleted', raw = null, erased_at = '2026-01-02Z', revision = 2");
}

/* ---- query files */

/* Types from "-- $1 uuid[] what it means   $2 text …" in the comments at the head. */
static size_t read_types(struct str head, struct str types[MOST_PARAMETERS])
{
    size_t count = 0;
    for (size_t at = 0; at + 2 < head.len; at++) {
        if (head.data[at] != '$' || isdigit((unsigned char)head.data[at + 1]) == 0) {
            continue;
        }
        const size_t number = strtoul(head.data + at + 1, NULL, 10);
        while (at < head.len && head.data[at] != ' ') {
            at++;
        }
        size_t end = at + 1;
        while (end < head.len && isspace((unsigned char)head.data[end]) == 0) {
            end++;
        }
        if (number >= 1 && number <= MOST_PARAMETERS) {
            types[number - 1] = str_slice(head.data + at + 1, end - at - 1);
            count = number > count ? number : count;
        }
        at = end;
    }
    return count;
}

static struct str comments_of(const char *sql)
{
    struct str rest = str_of(sql);
    struct str line;
    size_t length = 0;
    while (str_next_line(&rest, &line) && str_starts_with(line, STR("--"))) {
        length = (size_t)(line.data - sql) + line.len;
    }
    return str_slice(sql, length);
}

static void prepare_file(struct db *db, const char *path)
{
    struct err err = {0};
    struct buf text autobuf = BUF(BUF_MIB);
    harness_ok(file_read(path, &text, &err), &err);
    struct str types[MOST_PARAMETERS] = {{NULL, 0}};
    const struct str head = comments_of(buf_text(&text));
    const size_t count = read_types(head, types);
    struct buf sql autobuf = BUF(BUF_MIB);
    buf_adds(&sql, "prepare q");
    for (size_t at = 0; at < count; at++) {
        buf_addf(&sql, "%s%.*s", at == 0 ? "(" : ", ", (int)types[at].len, types[at].data);
    }
    buf_addf(&sql, "%s as %s", count == 0 ? "" : ")", buf_text(&text));
    if (head.len == 0 || db_exec(db, buf_text(&sql), &err) < 0) {
        fail_msg("%s: %s", path, head.len == 0 ? "has no comment at its head" : err.text);
    }
    harness_exec(db, "deallocate q");
    int parameters = 0;
    int columns = 0;
    harness_ok(db_check_statement(db, buf_text(&text), &parameters, &columns, &err), &err);
    if ((size_t)parameters != count) {
        fail_msg("%s: takes %d parameters, its comment lists %zu", path, parameters, count);
    }
}

/* Files of this name make the temporary tables that others work on: several statements, which cannot be prepared. */
static bool makes_tables(const char *path)
{
    return text_ends_with(path, "_tables.sql");
}

/* Files of this name are a block, which cannot be prepared either: it is run, and what it did is taken back. */
static bool is_block(const char *path)
{
    return text_ends_with(path, "_undo.sql");
}

static void run_block(struct db *db, const char *path)
{
    struct err err = {0};
    struct buf text autobuf = BUF(BUF_MIB);
    harness_ok(file_read(path, &text, &err), &err);
    assert_true(comments_of(buf_text(&text)).len > 0);
    harness_exec(db, "begin");
    harness_exec(db, buf_text(&text));
    harness_exec(db, "rollback");
}

static void make_tables(struct db *db, const glob_t *found)
{
    for (size_t i = 0; i < found->gl_pathc; i++) {
        struct err err = {0};
        struct buf text autobuf = BUF(BUF_MIB);
        if (makes_tables(found->gl_pathv[i])) {
            harness_ok(file_read(found->gl_pathv[i], &text, &err), &err);
            harness_exec(db, buf_text(&text));
        }
    }
}

static void test_every_query_file_fits(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    glob_t found = {0};
    assert_int_equal(glob("collector/sql/*.sql", 0, NULL, &found), 0);
    assert_int_equal(glob("analyze/sql/*.sql", GLOB_APPEND, NULL, &found), 0);
    assert_true(found.gl_pathc >= 2);
    make_tables(db, &found);
    for (size_t at = 0; at < found.gl_pathc; at++) {
        if (is_block(found.gl_pathv[at])) {
            run_block(db, found.gl_pathv[at]);
        } else if (!makes_tables(found.gl_pathv[at])) {
            prepare_file(db, found.gl_pathv[at]);
        }
    }
    globfree(&found);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_schema_is_the_golden_one),
        TEST(test_schema_keeps_the_rules_of_distribution),
        TEST(test_schema_has_names_and_plain_sorting),
        TEST(test_constraints_have_the_last_word),
        TEST(test_every_query_file_fits),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
