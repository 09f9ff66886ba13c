/* The tolerant reader: documents among noise, non-finite tokens, broken bytes, truncated documents. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include <time.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/json/json.h"
#include "tests/unit/patience.h"

#define CORPUS "../shared/corpus/"

static struct json_document *next_document(struct str text, size_t *offset)
{
    struct json_document *document = NULL;
    struct err err = {0};
    int result = json_read_tolerant(text, offset, &json_limits_tool, &document, &err);
    if (result < 0)
        fail_msg("%s at %d:%d", err.text, err.line, err.column);
    return result == 1 ? document : NULL;
}

static size_t count_documents(const char *text)
{
    size_t offset = 0, count = 0;
    struct json_document *document = NULL;
    while ((document = next_document(str_of(text), &offset)) != NULL) {
        json_free(document);
        count++;
    }
    return count;
}

static void test_noise(void **state)
{
    (void)state;
    assert_int_equal(count_documents(""), 0);
    assert_int_equal(count_documents("[1/3] building\n[2/3] linking [x86]\n[ 50%] done {a} {} []\n"), 0);
    assert_int_equal(count_documents("[INFO] x [0] y\n[1] running\n{\"a\":1}\n"), 1);
    assert_int_equal(count_documents("fio: terminating on signal 2\n\n{\"a\":1}"), 1);
    assert_int_equal(count_documents("\xEF\xBB\xBF{\"a\":1}"), 1);
    assert_int_equal(count_documents("{\"a\":1}\n{\"a\":2}\n\n{\"a\":3} trailing\n"), 3);
    assert_int_equal(count_documents("{\"a\":1}{\"a\":2}"), 2);
    assert_int_equal(count_documents(":::MLLOG {\"key\": \"v\"}\n:::MLLOG {\"key\": \"w\"}\n"), 2);
    assert_int_equal(count_documents("[{\"a\":1}] [{\"a\":1}]"), 2);
    assert_int_equal(count_documents("[1, 2]\n"), 1);
    assert_int_equal(count_documents("  {}  \n"), 1);
    assert_int_equal(count_documents("Namespace(a={}, b=[1, 2])\n"), 0);
    assert_int_equal(count_documents("shape [1, 1, 4096]\n[1, 1, 4096] shape\n"), 0);
    assert_int_equal(count_documents("Here are my benchmark results:\n\n{\n \"a\": [ 1 ]\n}\n\nSent from my phone"), 1);
}

static void test_positions(void **state)
{
    (void)state;
    struct str text = STR("noise\n  {\"a\": \"x\\u0041y\", \"b\": [\"\", \"zz\"]}\n{\"c\":1}");
    size_t offset = 0, at = 0, length = 0;
    autojson struct json_document *first = next_document(text, &offset);
    int line = 0, column = 0;
    json_position(first, &line, &column);
    assert_int_equal(line, 2);
    assert_int_equal(column, 3);
    json_extent(first, &at, &length);
    assert_int_equal(at, 8);
    assert_int_equal(length, offset - 8);
    const struct json *root = json_root(first);
    assert_true(json_span(first, json_get(root, "a"), &at, &length));
    assert_true(str_equal(str_slice(text.data + at, length), STR("x\\u0041y")));
    assert_true(json_span(first, json_at(json_get(root, "b"), 1), &at, &length));
    assert_true(str_equal(str_slice(text.data + at, length), STR("zz")));
    assert_true(json_span(first, json_at(json_get(root, "b"), 0), &at, &length));
    assert_int_equal(length, 0);
    assert_false(json_span(first, json_get(root, "b"), &at, &length));
    autojson struct json_document *second = next_document(text, &offset);
    json_position(second, &line, &column);
    assert_int_equal(line, 3);
    assert_int_equal(column, 1);
    assert_null(next_document(text, &offset));
}

static void test_not_finite(void **state)
{
    (void)state;
    struct str text =
        STR("{\"a\": NaN, \"b\": [Infinity, -Infinity, nan, -inf, 1e400, -1.5], \"c\": null, \"d\": \"NaN\"}");
    size_t offset = 0;
    autojson struct json_document *document = next_document(text, &offset);
    const struct json *root = json_root(document);
    assert_int_equal(json_type(json_get(root, "a")), JSON_NOT_FINITE);
    assert_true(isnan(json_number(json_get(root, "a"))));
    const struct json *item = json_first(json_get(root, "b"));
    for (int i = 0; i < 5; i++, item = json_next(item))
        assert_int_equal(json_type(item), JSON_NOT_FINITE);
    assert_int_equal(json_type(item), JSON_NUMBER);
    assert_int_equal(json_type(json_get(root, "c")), JSON_NULL);
    assert_int_equal(json_type(json_get(root, "d")), JSON_STRING);
}

static void test_repairs(void **state)
{
    (void)state;
    struct str text =
        STR("{\"a\":\"x\ty\nz\",\"b\":\"\xFF|\\u0000|\\ud800|\0\",\"c\":\"C:\\Users\\x\",\"d\":[  ],"
            "\"k\":1,\"k\":2,\"n\":0.10000000000000000555111512312578270211815834045410156250000000000001}");
    size_t offset = 0;
    autojson struct json_document *document = next_document(text, &offset);
    const struct json *root = json_root(document);
    assert_string_equal(json_string(json_get(root, "a")), "x\ty\nz");
    assert_string_equal(json_string(json_get(root, "b")), "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD");
    assert_string_equal(json_string(json_get(root, "c")), "C:\\Users\\x");
    assert_int_equal(json_count(json_get(root, "d")), 0);
    int64_t integer = 0;
    assert_true(json_integer(json_get(root, "k"), &integer));
    assert_int_equal(integer, 1);
    assert_true(fabs(json_number(json_get(root, "n")) - 0.1) < 1e-300);
}

static void expect_broken(const char *text, size_t where, int line, int column)
{
    size_t offset = 0;
    autojson struct json_document *document = NULL;
    struct err err = {0};
    int result = json_read_tolerant(str_of(text), &offset, &json_limits_tool, &document, &err);
    if (result != -ERR_SYNTAX || offset != where || err.line != line || err.column != column)
        fail_msg("%s: %d (%s) at %d:%d, offset %zu", text, result, err.text, err.line, err.column, offset);
}

static void test_truncated(void **state)
{
    (void)state;
    expect_broken("[\n {\"a\": 1},\n {\"a\": 2,\n", 0, 4, 1);
    expect_broken("log\n{\"a\": \"unfinished", 4, 2, 18);
    expect_broken("log {\"a\": 1", 4, 1, 12);
    expect_broken("[{\"a\": 1}, {\"b\": tru", 0, 1, 18);
    expect_broken("{\"a\": 1 \"b\": 2}", 0, 1, 9);
    /* A whole document first, then a broken one. */
    struct str text = STR("{\"a\":1}\n{\"b\":");
    size_t offset = 0;
    json_free(next_document(text, &offset));
    struct json_document *document = NULL;
    struct err err = {0};
    assert_int_equal(json_read_tolerant(text, &offset, &json_limits_tool, &document, &err), -ERR_SYNTAX);
    assert_int_equal(offset, 8);
    assert_int_equal(err.line, 2);
}

/* Brackets that never close must not be scanned again from each of them. */
static void test_bounded_work(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(8 * BUF_MIB);
    for (int i = 0; i < 1000000; i++)
        buf_adds(&text, i % 2 != 0 ? "[" : "[1,");
    clock_t begin = clock();
    size_t offset = 0;
    struct json_document *document = NULL;
    struct err err = {0};
    int result = json_read_tolerant(str_slice(text.data, text.len), &offset, &json_limits_tool, &document, &err);
    assert_true(result <= 0);
    assert_null(document);
    assert_true(took_less_than(begin, 4));
}

/* Every valid document of the suite that is an object or an array of its own is found. */
static void test_corpus(void **state)
{
    (void)state;
    static const char *const names[] = {
        "y_array_empty.json",
        "y_object.json",
        "y_object_duplicated_key.json",
        "y_string_u+2028_line_sep.json",
        "y_string_unescaped_char_delete.json",
        "y_object_escaped_null_in_key.json",
        "y_array_several_null.json",
    };
    if (!file_exists(CORPUS "hostile/json/jsontestsuite/y_object.json"))
        skip();
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autofree char *path = mem_printf(CORPUS "hostile/json/jsontestsuite/%s", names[i]);
        if (!file_exists(path))
            continue;
        autobuf struct buf bytes = BUF(BUF_MIB);
        struct err err = {0};
        assert_int_equal(file_read(path, &bytes, &err), 0);
        size_t offset = 0;
        autojson struct json_document *document = next_document(str_slice(bytes.data, bytes.len), &offset);
        if (document == NULL)
            fail_msg("%s: no document", path);
    }
}

static void test_members(void **state)
{
    (void)state;
    size_t offset = 0;
    autojson struct json_document *document =
        next_document(STR("{\"s\":\"x\",\"n\":1.5,\"a\":[],\"o\":{},\"z\":null,\"b\":true}"), &offset);
    const struct json *root = json_root(document), *value = NULL;
    struct err err = {0};
    const char *text = "kept";
    double number = -1;
    assert_int_equal(json_member_string(root, "", "s", JSON_REQUIRED, &text, &err), 0);
    assert_string_equal(text, "x");
    text = NULL;
    assert_int_equal(json_member_string(root, "", "z", JSON_OPTIONAL, &text, &err), 0);
    assert_null(text);
    assert_int_equal(json_member_number(root, "", "n", JSON_REQUIRED, &number, &err), 0);
    assert_true(fabs(number - 1.5) < 1e-15);
    assert_int_equal(json_member_number(root, "runs[2]", "s", JSON_OPTIONAL, &number, &err), -ERR_DATA);
    assert_string_equal(err.path, "runs[2].s");
    assert_string_equal(err.text, "expected a number, found a string");
    assert_int_equal(json_member_array(root, "", "missing", JSON_REQUIRED, &value, &err), -ERR_DATA);
    assert_string_equal(err.path, "missing");
    assert_string_equal(err.text, "an array is missing here");
    assert_int_equal(json_member_object(root, "", "z", JSON_REQUIRED, &value, &err), -ERR_DATA);
    assert_int_equal(json_member_object(root, "", "o", JSON_REQUIRED, &value, &err), 0);
    assert_int_equal(json_member_array(root, "", "a", JSON_REQUIRED, &value, &err), 0);
    assert_true(json_boolean(json_get(root, "b"), false));
    assert_null(json_get(NULL, "a"));
    assert_null(json_string(json_get(root, "n")));
    assert_int_equal(json_type(NULL), JSON_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise),   cmocka_unit_test(test_positions), cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_repairs), cmocka_unit_test(test_truncated), cmocka_unit_test(test_bounded_work),
        cmocka_unit_test(test_corpus),  cmocka_unit_test(test_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
