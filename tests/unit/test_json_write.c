/* The writer: layout, escapes, and numbers that read back to the same double. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "schema/json/json.h"
#include "schema/json/json_write.h"

static void write_sample(struct json_writer *writer)
{
    json_begin_object(writer);
    json_pair_string(writer, "text", "a\"b\\c\n\t\x01\x7F\xC3\xBC\xFF");
    json_pair_string(writer, "none", NULL);
    json_write_key(writer, "list");
    json_begin_array(writer);
    json_write_int(writer, -5);
    json_write_number(writer, 0.1);
    json_write_number(writer, (double)NAN);
    json_write_bool(writer, true);
    json_begin_array(writer);
    json_end_array(writer);
    json_end_array(writer);
    json_pair_bool(writer, "flag", false);
    json_write_key(writer, "raw");
    json_write_raw(writer, STR("{\"x\":1}"));
    json_pair_int(writer, "last", 9);
    json_end_object(writer);
}

static void test_layout(void **state)
{
    (void)state;
    autobuf struct buf flat = BUF(BUF_MIB), tall = BUF(BUF_MIB);
    struct json_writer writer = json_writer(&flat, 0);
    write_sample(&writer);
    assert_string_equal(buf_text(&flat),
                        "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\xC3\xBC\xEF\xBF\xBD\",\"none\":null,"
                        "\"list\":[-5,0.1,null,true,[]],\"flag\":false,\"raw\":{\"x\":1},\"last\":9}");
    writer = json_writer(&tall, 2);
    json_begin_object(&writer);
    json_write_key(&writer, "a");
    json_begin_array(&writer);
    json_write_int(&writer, 1);
    json_write_int(&writer, 2);
    json_end_array(&writer);
    json_write_key(&writer, "b");
    json_begin_object(&writer);
    json_end_object(&writer);
    json_end_object(&writer);
    assert_string_equal(buf_text(&tall), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

static void check_number(double value)
{
    autobuf struct buf text = BUF(BUF_MIB);
    struct json_writer writer = json_writer(&text, 0);
    json_begin_array(&writer);
    json_write_number(&writer, value);
    json_end_array(&writer);
    autojson struct json_document *document = NULL;
    struct err err = {0};
    if (json_read_strict(str_slice(text.data, text.len), &json_limits_bundle, &document, &err) < 0)
        fail_msg("%s: %s", buf_text(&text), err.text);
    double back = json_number(json_at(json_root(document), 0));
    if (memcmp(&back, &value, sizeof value) != 0)
        fail_msg("%s came back as %.17g", buf_text(&text), back);
}

static void test_numbers_read_back(void **state)
{
    (void)state;
    static const double special[] = {0.0,
                                     -0.0,
                                     0.30000000000000004,
                                     9007199254740991.0,
                                     9007199254740992.0,
                                     9007199254740994.0,
                                     1e17,
                                     123456789012345680.0,
                                     DBL_MAX,
                                     -DBL_MAX,
                                     DBL_MIN,
                                     5e-324,
                                     1e22,
                                     1e23,
                                     1e-7};
    for (size_t i = 0; i < ARRAY_LENGTH(special); i++)
        check_number(special[i]);
    uint64_t seed = 88172645463325252u; /* xorshift64: Marsaglia 2003 */
    for (int i = 0; i < 20000; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        double value = 0;
        memcpy(&value, &seed, sizeof value);
        if (isfinite(value))
            check_number(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_numbers_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
