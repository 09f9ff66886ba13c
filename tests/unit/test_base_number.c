/* Numbers as text and back; the expected digits come from CPython. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"

struct shortest_case {
    uint64_t bits;
    const char *digits;
};

static const struct shortest_case shortest_cases[] = {
#include "tests/unit/base_number_cases.inc"
};

/* The digits of a number's text without point, exponent, leading and trailing zeros. */
static void digits_of(const char *text, char target[NUMBER_TEXT_SIZE])
{
    size_t length = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (length > 0 || *text != '0'))
            target[length++] = *text;
    while (length > 0 && target[length - 1] == '0')
        length--;
    target[length] = '\0';
}

static void prints_the_shortest(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(shortest_cases); i++) {
        double value, back;
        char text[NUMBER_TEXT_SIZE], digits[NUMBER_TEXT_SIZE];
        memcpy(&value, &shortest_cases[i].bits, sizeof value);
        number_shortest(text, value);
        back = strtod(text, NULL);
        digits_of(text, digits);
        if (memcmp(&back, &value, sizeof value) != 0)
            fail_msg("%s reads back as another double (case %zu)", text, i);
        if (strcmp(digits, shortest_cases[i].digits) != 0)
            fail_msg("%s has not the digits %s", text, shortest_cases[i].digits);
        if (!number_parse(str_of(text), &back))
            fail_msg("%s is no JSON number", text);
    }
}

static void prints_as_expected(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.1, "0.1"},
        {1e23, "1e+23"},
        {0.0, "0"},
        {-0.0, "-0"},
        {100000.0, "100000"},
        {1e15, "1000000000000000"},
        {9007199254740992.0, "9007199254740992"},
        {-9007199254740992.0, "-9007199254740992"},
        {9007199254740994.0, "9007199254740994"},
        {1e-5, "1e-05"},
        {0.0001, "0.0001"},
        {546.0, "546"},
        {-2.5, "-2.5"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {5e-324, "5e-324"},
        {1e100, "1e+100"},
        {1e17, "1e+17"},
    };
    char text[NUMBER_TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_string_equal(number_shortest(text, cases[i].value), cases[i].text);
}

/* Decimal numbers of any length, as printf has them. */
static void prints_decimals(void **state)
{
    (void)state;
    uint64_t seed = 20261129;
    for (int i = 0; i < 200000; i++) {
        uint64_t mixed = seed += 0x9E3779B97F4A7C15u;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
        mixed ^= mixed >> 27;
        double value = (double)(mixed % 10000000000000) / pow(10, (double)(i % 17)) * (i % 2 == 0 ? 1 : -1);
        char text[NUMBER_TEXT_SIZE], expected[NUMBER_TEXT_SIZE];
        snprintf(expected, sizeof expected, "%.15g", value);
        if (strtod(expected, NULL) < value || strtod(expected, NULL) > value || fabs(value) >= 1e15)
            continue;
        assert_string_equal(number_shortest(text, value), expected);
    }
}

/* splitmix64 over all bit patterns: what is printed reads back bit for bit. */
static void reads_back_what_it_prints(void **state)
{
    (void)state;
    uint64_t seed = 20261121;
    for (int i = 0; i < 20000; i++) {
        uint64_t mixed = seed += 0x9E3779B97F4A7C15u;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
        mixed ^= mixed >> 31;
        double value, back;
        char text[NUMBER_TEXT_SIZE];
        memcpy(&value, &mixed, sizeof value);
        if (!isfinite(value))
            continue;
        back = strtod(number_shortest(text, value), NULL);
        if (memcmp(&back, &value, sizeof value) != 0)
            fail_msg("%s reads back as another double", text);
    }
}

static void prints_fixed(void **state)
{
    (void)state;
    char text[32], small[4];
    assert_string_equal(number_fixed(text, sizeof text, 546.25, 1), "546.2");
    assert_string_equal(number_fixed(text, sizeof text, 2.675, 2), "2.67");
    assert_string_equal(number_fixed(text, sizeof text, -0.04, 1), "0.0");
    assert_string_equal(number_fixed(text, sizeof text, -0.0, 0), "0");
    assert_string_equal(number_fixed(text, sizeof text, -0.06, 1), "-0.1");
    assert_string_equal(number_fixed(text, sizeof text, 5, -3), "5");
    assert_string_equal(number_fixed(small, sizeof small, 123456, 2), "123");
    assert_int_equal(strlen(number_fixed(text, sizeof text, 1e300, 2)), 31);
}

static void parses_json_numbers_only(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-0", "1", "-1", "10", "0.5", "1e5", "1E+5", "1.25e-3", "1e-400"};
    static const char *const bad[] = {"",    "-",     "+1",     "01",    "-01", ".5",    "5.", "1e",
                                      "1e+", "1.e5",  "0x1",    "inf",   "nan", "NaN",   "1 ", " 1",
                                      "1,0", "1e400", "-1e400", "1.2.3", "--1", "1e5.0", "1_0"};
    double value = 7;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (!number_parse(str_of(good[i]), &value))
            fail_msg("%s is a number", good[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (number_parse(str_of(bad[i]), &value))
            fail_msg("%s is no number", bad[i]);
    assert_true(number_parse(STR("1.25e-3"), &value));
    assert_true(number_equal(value, 0.00125));
    assert_false(number_parse(str_slice("1\0", 2), &value));
    char many[2000];
    memset(many, '1', sizeof many);
    many[1] = '.';
    assert_true(number_parse(str_slice(many, sizeof many), &value));
    assert_true(value > 1.1 && value < 1.2);
}

static void parses_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{" 5. ", 5}, {".5", 0.5}, {"+1", 1}, {"007", 7}, {"-.25", -0.25}, {"\t1e3\n", 1000}, {"+.5e+1", 5}};
    static const char *const bad[] = {"", " ", ".", "+", "-.", "1 2", "0x10", "inf", "e5", ".e5", "1e", "5,3", "1e999"};
    double value = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        assert_true(number_parse_loose(str_of(good[i].text), &value));
        assert_true(number_equal(value, good[i].value));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (number_parse_loose(str_of(bad[i]), &value))
            fail_msg("%s is no number", bad[i]);
}

static void parses_integers(void **state)
{
    (void)state;
    int64_t value = 0;
    uint64_t bits = 0;
    assert_true(number_parse_int64(STR("9223372036854775807"), &value) && value == INT64_MAX);
    assert_true(number_parse_int64(STR("-9223372036854775808"), &value) && value == INT64_MIN);
    assert_true(number_parse_int64(STR("-0"), &value) && value == 0);
    static const char *const bad[] = {"9223372036854775808", "-9223372036854775809", "", "-", "+1", "1.0", " 1",
                                      "99999999999999999999"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_false(number_parse_int64(str_of(bad[i]), &value));
    assert_true(number_parse_uint64_hex(STR("0x10DE"), &bits) && bits == 0x10DE);
    assert_true(number_parse_uint64_hex(STR("ffffffffffffffff"), &bits) && bits == UINT64_MAX);
    assert_false(number_parse_uint64_hex(STR("10000000000000000"), &bits));
    assert_false(number_parse_uint64_hex(STR("0x"), &bits));
    assert_false(number_parse_uint64_hex(STR("g"), &bits));
}

static void compares(void **state)
{
    (void)state;
    assert_true(number_equal(0.0, -0.0));
    assert_false(number_equal((double)NAN, (double)NAN));
    assert_false(number_equal(0.1 + 0.2, 0.3));
    assert_true(number_is_integer(-3.0));
    assert_true(number_is_integer(1e300));
    assert_false(number_is_integer(0.5));
    assert_false(number_is_integer((double)INFINITY));
    assert_false(number_is_integer((double)NAN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_the_shortest),
        cmocka_unit_test(prints_as_expected),
        cmocka_unit_test(prints_decimals),
        cmocka_unit_test(reads_back_what_it_prints),
        cmocka_unit_test(prints_fixed),
        cmocka_unit_test(parses_json_numbers_only),
        cmocka_unit_test(parses_what_people_write),
        cmocka_unit_test(parses_integers),
        cmocka_unit_test(compares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
