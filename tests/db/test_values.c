/* Every type goes into PostgreSQL by COPY and by parameter, is read back in binary, and is
 * compared with what PostgreSQL itself prints for it. */
#include "tests/db/db_harness.h"

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"

static const uint8_t uuid[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

#define TABLE                                                                                                          \
    "create table t (b bool, i int, l bigint, f float8, s text, y bytea, u uuid, z timestamptz, j jsonb, "             \
    "fa float8[], sa text[], la bigint[], ua uuid[])"

static void put_full_row(struct db_values *row)
{
    const double numbers[] = {1.5, (double)NAN, -0.0};
    const char *const words[] = {"a", "", NULL, "ä\"{},\\"};
    const int64_t longs[] = {INT64_MIN, 0, INT64_MAX};
    const uint8_t uuids[2][16] = {{0}, {1}};
    db_put_bool(row, true);
    db_put_int32(row, -7);
    db_put_int64(row, INT64_C(-9007199254740993));
    db_put_float8(row, 0.1);
    db_put_text(row, "Zürich\t\n'\\N");
    db_put_bytea(row, "\0\xff\\", 3);
    db_put_uuid(row, uuid);
    db_put_timestamptz(row, INT64_C(1763711280123456)); /* date -u -d @1763711280 */
    db_put_jsonb(row, STR("{\"b\": 1, \"a\": [null]}"));
    db_put_number_array(row, numbers, 3);
    db_put_text_array(row, words, 4);
    db_put_int64_array(row, longs, 3);
    db_put_uuid_array(row, uuids, 2);
}

static void put_null_row(struct db_values *row)
{
    db_put_null(row, DB_BOOL);
    db_put_count(row, -1);
    db_put_null(row, DB_INT64);
    db_put_number(row, (double)NAN);
    db_put_text(row, NULL);
    db_put_bytea(row, NULL, 0);
    db_put_uuid(row, NULL);
    db_put_null(row, DB_TIMESTAMPTZ);
    db_put_jsonb(row, (struct str){NULL, 0});
    db_put_number_array(row, NULL, 0);
    db_put_text_array(row, NULL, 0);
    db_put_int64_array(row, NULL, 0);
    db_put_uuid_array(row, NULL, 0);
}

/* The row as PostgreSQL prints it, columns joined by |. */
static void assert_printed(struct db *db, const char *condition, const char *expected)
{
    struct err err = {0};
    autofree char *sql =
        mem_printf("select concat_ws('|', b, i, l, f, s, y, u, z, j, fa, sa, la, ua) from t where %s", condition);
    struct db_result *printed autoresult = NULL;
    harness_ok(db_query(db, sql, NULL, &printed, &err), &err);
    assert_int_equal(db_rows(printed), 1);
    assert_string_equal(db_text(printed, 0, 0), expected);
}

static const char full_row[] =
    "t|-7|-9007199254740993|0.1|Zürich\t\n'\\N|\\x00ff5c|00112233-4455-6677-8899-aabbccddeeff|"
    "2025-11-21 07:48:00.123456+00|{\"a\": [null], \"b\": 1}|{1.5,NULL,-0}|{a,\"\",NULL,\"ä\\\"{},\\\\\"}|"
    "{-9223372036854775808,0,9223372036854775807}|"
    "{00000000-0000-0000-0000-000000000000,01000000-0000-0000-0000-000000000000}";

static void copy_rows(struct db *db)
{
    struct err err = {0};
    struct db_values rows autovalues = DB_VALUES(DB_COPY_ROWS);
    db_put_row(&rows, 13);
    put_full_row(&rows);
    db_put_row(&rows, 13);
    put_null_row(&rows);
    int64_t taken = 0;
    harness_ok(db_copy_begin(db, "t (b, i, l, f, s, y, u, z, j, fa, sa, la, ua)", &err), &err);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    assert_int_equal(db_values_size(&rows), 0);
    harness_ok(db_copy_end(db, &taken, &err), &err);
    assert_int_equal(taken, 2);
}

static void test_copy_prints_as_given(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    harness_exec(db, TABLE);
    copy_rows(db);
    assert_printed(db, "b", full_row);
    assert_printed(db, "b is null", "{}"); /* NULLs are left out; text[] is empty, not NULL */
}

static void test_parameters_print_as_given(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, TABLE);
    for (int which = 0; which < 2; which++) {
        struct db_values row autovalues = DB_VALUES(DB_PARAMETERS);
        if (which == 0) {
            put_full_row(&row);
        } else {
            put_null_row(&row);
        }
        harness_ok(db_query(db, "insert into t values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)", &row, NULL, &err),
                   &err);
        assert_int_equal(db_affected(db), 1);
    }
    assert_printed(db, "b", full_row);
    assert_printed(db, "b is null", "{}");
}

static void test_results_read_back(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, TABLE);
    copy_rows(db);
    struct db_result *row autoresult = NULL;
    harness_ok(db_query(db, "select * from t order by b", NULL, &row, &err), &err);
    assert_int_equal(db_rows(row), 2);
    assert_int_equal(db_columns(row), 13);
    assert_int_equal(db_column(row, "la"), 11);
    assert_int_equal(db_column(row, "LA"), -1);
    assert_true(db_bool(row, 0, 0));
    assert_int_equal(db_int64(row, 0, 1), -7);
    assert_int_equal(db_int64(row, 0, 2), INT64_C(-9007199254740993));
    const double tenth = 0.1;
    const double read = db_float8(row, 0, 3);
    assert_memory_equal(&read, &tenth, sizeof tenth);
    assert_string_equal(db_text(row, 0, 4), "Zürich\t\n'\\N");
    assert_int_equal(db_bytes(row, 0, 5).len, 3);
    assert_memory_equal(db_bytes(row, 0, 5).data, "\0\xff\\", 3);
    assert_memory_equal(db_uuid(row, 0, 6), uuid, 16);
    assert_int_equal(db_timestamptz(row, 0, 7), INT64_C(1763711280123456));
    assert_string_equal(db_text(row, 0, 8), "{\"a\": [null], \"b\": 1}");
    double numbers[3];
    assert_int_equal(db_array_length(row, 0, 9), 3);
    db_array_float8s(row, 0, 9, numbers);
    assert_true(isnan(numbers[1]) && isnan(db_array_float8(row, 0, 9, 1)));
    assert_true(signbit(numbers[2]) != 0);
    assert_int_equal(db_array_length(row, 0, 10), 4);
    assert_int_equal(db_array_str(row, 0, 10, 1).len, 0);
    assert_non_null(db_array_str(row, 0, 10, 1).data);
    assert_null(db_array_str(row, 0, 10, 2).data);
    assert_memory_equal(db_array_str(row, 0, 10, 3).data, "ä\"{},\\", 7);
    for (int column = 0; column < 13; column++) {
        assert_int_equal(db_is_null(row, 1, column), column != 10);
    }
    assert_true(isnan(db_float8(row, 1, 3)));
    assert_null(db_text(row, 1, 4));
    assert_null(db_uuid(row, 1, 6));
    assert_int_equal(db_array_length(row, 1, 9), 0);
    assert_int_equal(db_array_length(row, 1, 10), 0);
}

static void test_not_a_number_stays_or_becomes_null(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db_values values autovalues = DB_VALUES(DB_PARAMETERS);
    const double items[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 5e-324};
    db_put_float8(&values, (double)NAN);
    db_put_float8_array(&values, items, 4);
    db_put_number_array(&values, items, 4);
    db_put_float8_array(&values, items, 0);
    struct db_result *row autoresult = NULL;
    harness_ok(db_query(db, "select $1::text, $2::text, $3::text, $4::text", &values, &row, &err), &err);
    assert_string_equal(db_text(row, 0, 0), "NaN");
    assert_string_equal(db_text(row, 0, 1), "{NaN,Infinity,-Infinity,5e-324}");
    assert_string_equal(db_text(row, 0, 2), "{NULL,Infinity,-Infinity,5e-324}");
    assert_string_equal(db_text(row, 0, 3), "{}");
}

static void test_narrow_types_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db_result *row autoresult = NULL;
    harness_ok(
        db_query(db, "select (-3)::int2, 1.25::float4, 4000000000::oid, 'n'::name, '[1]'::json, 7", NULL, &row, &err),
        &err);
    assert_int_equal(db_int64(row, 0, 0), -3);
    assert_true(db_float8(row, 0, 1) > 1.2 && db_float8(row, 0, 1) < 1.3);
    assert_int_equal(db_int64(row, 0, 2), INT64_C(4000000000));
    assert_string_equal(db_text(row, 0, 3), "n");
    assert_string_equal(db_text(row, 0, 4), "[1]");
    assert_true(db_float8(row, 0, 5) > 6.5);
}

static void test_large_values_pass(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    const size_t size = (size_t)8 << 20;
    autofree char *block = mem_zalloc(size, 1);
    assert_non_null(block);
    struct db_values values autovalues = DB_VALUES(DB_PARAMETERS);
    db_put_bytea(&values, block, size);
    struct db_result *row autoresult = NULL;
    harness_ok(db_query(db, "select octet_length($1::bytea), $1::bytea", &values, &row, &err), &err);
    assert_int_equal(db_int64(row, 0, 0), size);
    assert_int_equal(db_bytes(row, 0, 1).len, size);
}

static void test_too_much_is_an_error(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db_values values autovalues = DB_VALUES(DB_PARAMETERS);
    values.bytes.max = 100;
    char block[200] = {0};
    db_put_bytea(&values, block, sizeof block);
    harness_refused(db_query(db, "select $1::bytea", &values, NULL, &err), ERR_LIMIT, &err);
    db_values_reset(&values);
    db_put_count(&values, INT64_C(3000000000));
    harness_refused(db_query(db, "select $1::int", &values, NULL, &err), ERR_LIMIT, &err);
    assert_int_equal(harness_number(db, "select 1"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copy_prints_as_given, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_parameters_print_as_given, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_results_read_back, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_not_a_number_stays_or_becomes_null, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_narrow_types_read, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_large_values_pass, harness_begin_empty, harness_end),
        cmocka_unit_test_setup_teardown(test_too_much_is_an_error, harness_begin_empty, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
