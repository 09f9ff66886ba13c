/* The CSV reader: RFC 4180, positions, limits, and the hostile files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/read/csv.h"

#define HOSTILE "../shared/corpus/hostile/csv/"

/* Records as text: fields joined with '|', records with a line feed, in front the line number. */
static int read_all(struct str text, size_t width, struct buf *into, struct err *err)
{
    struct arena arena = {0};
    struct csv_reader reader = csv_reader(text);
    reader.width = width;
    struct csv_record record = {0};
    int result = 0;
    while ((result = csv_next(&reader, &arena, &record, err)) == 1) {
        buf_addf(into, "%d:", record.line);
        for (size_t i = 0; i < record.count; i++) {
            assert_int_equal(strlen(record.fields[i].data), record.fields[i].len);
            buf_addf(into, "%s%s", i > 0 ? "|" : "", record.fields[i].data);
        }
        buf_addc(into, '\n');
    }
    arena_done(&arena);
    return result;
}

static void expect(const char *text, const char *wanted)
{
    autobuf struct buf got = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(read_all(str_of(text), 0, &got, &err), 0);
    assert_string_equal(buf_text(&got), wanted);
}

static void test_records(void **state)
{
    (void)state;
    expect("", "");
    expect("\n\r\n", "");
    expect("a,b\n1,2\n", "1:a|b\n2:1|2\n");
    expect("a,b\r\n1,2", "1:a|b\n2:1|2\n");
    expect("\xEF\xBB\xBF"
           "a\n",
           "1:a\n");
    expect("a,,\n", "1:a||\n");
    expect("\"a\"\"b\",\"c,d\"\n", "1:a\"b|c,d\n");
    expect("\"\",\"\"\"\"\n", "1:|\"\n");
    expect("\"x\r\ny\",1\n\n2,3\n", "1:x\r\ny|1\n4:2|3\n");
    expect(" a , b \n", "1: a | b \n");
    expect("\"\xC3\xBC\",\xE2\x82\xAC\n", "1:\xC3\xBC|\xE2\x82\xAC\n");
}

struct fault {
    struct str text;
    enum err_code code;
    int line, column;
};

static void test_faults(void **state)
{
    (void)state;
    const struct fault faults[] = {
        {STR("a\n\"b\nc"), ERR_SYNTAX, 2, 1},   {STR("a,\"b\"c\n"), ERR_SYNTAX, 1, 6},
        {STR("a\nb\"c\n"), ERR_SYNTAX, 2, 2},   {STR("a\rb\n"), ERR_SYNTAX, 1, 2},
        {STR("a\0b\n"), ERR_SYNTAX, 1, 2},      {STR("a\n\xFF\n"), ERR_SYNTAX, 2, 1},
        {STR("\"a\n\0\"\n"), ERR_SYNTAX, 2, 1}, {STR("a,b\n1,2\n3\n"), ERR_DATA, 3, 0},
        {STR("a,b\n1,2,3\n"), ERR_DATA, 2, 0},  {STR("a,b\n1,2\r"), ERR_SYNTAX, 2, 4},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        autobuf struct buf got = BUF(BUF_MIB);
        struct err err = {0};
        int result = read_all(faults[i].text, faults[i].code == ERR_DATA ? 2 : 0, &got, &err);
        if (result != -(int)faults[i].code || err.line != faults[i].line || err.column != faults[i].column)
            fail_msg("fault %zu: %d (%s) at %d:%d", i, result, err.text, err.line, err.column);
    }
}

static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct csv_record record = {0};
    struct csv_reader reader = csv_reader(STR("abcd,e,f\n"));
    reader.fields_max = 2;
    assert_int_equal(csv_next(&reader, &arena, &record, &err), -ERR_LIMIT);
    reader = csv_reader(STR("abcd,e\n"));
    reader.field_bytes_max = 3;
    assert_int_equal(csv_next(&reader, &arena, &record, &err), -ERR_LIMIT);
    arena_done(&arena);
    arena_init(&arena, 16);
    reader = csv_reader(STR("a long field that does not fit into the arena,2\n"));
    assert_int_equal(csv_next(&reader, &arena, &record, &err), -ERR_LIMIT);
    arena_done(&arena);
}

static void test_columns(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct csv_record record = {0};
    struct csv_reader reader = csv_reader(STR("Chip;t/s\n"));
    reader.separator = ';';
    assert_int_equal(csv_next(&reader, &arena, &record, &err), 1);
    assert_int_equal(csv_column(&record, "chip"), 0);
    assert_int_equal(csv_column(&record, "t/s"), 1);
    assert_true(csv_column(&record, "t") == SIZE_MAX);
    assert_string_equal(csv_text(&record, 1), "t/s");
    assert_string_equal(csv_text(&record, 2), "");
    arena_done(&arena);
}

static int read_hostile(const char *name, size_t width, struct err *err)
{
    autofree char *path = mem_printf(HOSTILE "%s", name);
    autobuf struct buf bytes = BUF(16 * BUF_MIB), got = BUF(16 * BUF_MIB);
    assert_int_equal(file_read(path, &bytes, err), 0);
    return read_all(str_slice(buf_text(&bytes), bytes.len), width, &got, err);
}

static void test_hostile_files(void **state)
{
    (void)state;
    if (!file_exists(HOSTILE "ragged.csv"))
        skip();
    struct err err = {0};
    assert_true(read_hostile("bare_cr.csv", 0, &err) < 0);
    assert_true(read_hostile("field_5mb.csv", 0, &err) == -ERR_LIMIT);
    assert_true(read_hostile("nul.csv", 0, &err) < 0);
    assert_true(read_hostile("unclosed_quote.csv", 0, &err) < 0);
    assert_true(read_hostile("ragged.csv", 2, &err) == -ERR_DATA || read_hostile("ragged.csv", 3, &err) == -ERR_DATA);
    assert_int_equal(read_hostile("bom.csv", 0, &err), 0);
    assert_int_equal(read_hostile("header_only.csv", 0, &err), 0);
    assert_int_equal(read_hostile("empty.csv", 0, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records), cmocka_unit_test(test_faults),        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_columns), cmocka_unit_test(test_hostile_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
