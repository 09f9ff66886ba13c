/* Slices, texts in the order of people, and UTF-8 by table 3-7 of the Unicode Standard. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "schema/base/str.h"

static void compares_slices(void **state)
{
    (void)state;
    assert_true(str_equal(STR("M4"), str_of("M4")));
    assert_false(str_equal(STR("M4"), STR("M4 ")));
    assert_true(str_equal(str_of(NULL), STR("")));
    assert_true(str_equal_ignore_case(STR("Apple"), STR("aPPLE")));
    assert_false(str_equal_ignore_case(STR("["), STR("{")));
    assert_true(str_starts_with(STR("sha256:x"), STR("sha256:")));
    assert_false(str_starts_with(STR("sha"), STR("sha256")));
    assert_true(str_ends_with(STR("a.json"), STR(".json")));
    assert_true(str_ends_with(STR("a"), STR("")));
    assert_false(str_ends_with(STR("json"), STR(".json")));
    assert_true(text_equal(NULL, ""));
    assert_true(text_ends_with("x.csv", ".csv"));
    assert_true(text_is_empty(NULL));
    assert_true(str_equal(str_trim(STR(" \t a b\r\n\v ")), STR("a b")));
    assert_int_equal(str_trim(STR(" \n ")).len, 0);
}

static void finds(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("aaab"), STR("ab"), 0), 2);
    assert_int_equal(str_find(STR("abab"), STR("ab"), 1), 2);
    assert_true(str_find(STR("abab"), STR("ab"), 3) == SIZE_MAX);
    assert_true(str_find(STR("ab"), STR("abc"), 0) == SIZE_MAX);
    assert_int_equal(str_find(STR("ab"), STR(""), 2), 2);
    assert_true(str_find(STR("ab"), STR(""), 3) == SIZE_MAX);
    assert_true(str_find(str_of(NULL), STR("x"), 0) == SIZE_MAX);
    assert_int_equal(str_find_ignore_case(STR("NVIDIA GeForce"), STR("geforce"), 0), 7);
    assert_true(str_find_ignore_case(STR("a"), STR("ab"), 0) == SIZE_MAX);
}

static void walks_lines_and_fields(void **state)
{
    (void)state;
    struct str rest = STR("one\r\ntwo\n\nlast"), part;
    const char *const lines[] = {"one", "two", "", "last"};
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        assert_true(str_next_line(&rest, &part));
        assert_true(str_equal(part, str_of(lines[i])));
    }
    assert_false(str_next_line(&rest, &part));
    rest = STR("x\n");
    assert_true(str_next_line(&rest, &part));
    assert_false(str_next_line(&rest, &part));
    rest = STR("a,,b,");
    const char *const fields[] = {"a", "", "b", ""};
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
        assert_true(str_next_field(&rest, ',', &part));
        assert_true(str_equal(part, str_of(fields[i])));
    }
    assert_false(str_next_field(&rest, ',', &part));
    rest = STR("");
    assert_true(str_next_field(&rest, ',', &part));
    assert_int_equal(part.len, 0);
    assert_false(str_next_field(&rest, ',', &part));
}

static void orders_as_people_do(void **state)
{
    (void)state;
    static const char *const ordered[] = {
        "",
        "7B",
        "13B",
        "a1",
        "a01",
        "a1b",
        "A2",
        "a10",
        "a10.2",
        "a10.10",
        "a10x",
        "M1",
        "M1 Max",
        "M1 Pro",
        "M2",
        "M10",
        "RTX",
        "RTX 99999999999999999998",
        "RTX 99999999999999999999",
        "RTX 100000000000000000000",
        "rtx1",
        "Ü",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(ordered); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(ordered); j++) {
            int order = text_compare_natural(ordered[i], ordered[j]);
            /* "a01" and "a1" have the same number: their bytes decide, "0" before "1". */
            bool swapped = (strcmp(ordered[i], "a1") == 0 && strcmp(ordered[j], "a01") == 0) ||
                           (strcmp(ordered[i], "a01") == 0 && strcmp(ordered[j], "a1") == 0);
            int wanted = i < j ? -1 : i > j ? 1 : 0;
            wanted = swapped ? -wanted : wanted;
            if ((order > 0) - (order < 0) != wanted)
                fail_msg("\"%s\" and \"%s\" compare as %d", ordered[i], ordered[j], order);
        }
    }
    assert_true(text_compare_natural("abc", "ABC") != 0);
    assert_int_equal(text_compare_natural(NULL, ""), 0);
}

static void cuts_between_characters(void **state)
{
    (void)state;
    char target[6];
    text_copy(target, sizeof target, "abcdefgh");
    assert_string_equal(target, "abcde");
    text_copy(target, sizeof target, "abcdü");
    assert_string_equal(target, "abcd");
    text_copy(target, sizeof target, "ab\xf0\x9f\x98\x80");
    assert_string_equal(target, "ab");
    text_copy(target, sizeof target, "abcde");
    assert_string_equal(target, "abcde");
    text_copy(target, sizeof target, NULL);
    assert_string_equal(target, "");
    str_copy(target, sizeof target, str_slice("abüd", 3));
    assert_memory_equal(target, "ab\xc3", 4); /* fits: what is given is copied as it is */
    str_copy(target, sizeof target, str_slice("abcd\xc3\xbc", 6));
    assert_string_equal(target, "abcd");
    str_copy(target, sizeof target, (struct str){NULL, 0});
    assert_string_equal(target, "");
    text_copy(target, 1, "x");
    assert_string_equal(target, "");
}

/* Each row of table 3-7: lowest and highest bytes of every well-formed kind. */
static void accepts_well_formed_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code_point;
    } cases[] = {
        {"\x01", 0x01},
        {"\x7f", 0x7F},
        {"\xc2\x80", 0x80},
        {"\xdf\xbf", 0x7FF},
        {"\xe0\xa0\x80", 0x800},
        {"\xe0\xbf\xbf", 0xFFF},
        {"\xe1\x80\x80", 0x1000},
        {"\xec\xbf\xbf", 0xCFFF},
        {"\xed\x80\x80", 0xD000},
        {"\xed\x9f\xbf", 0xD7FF},
        {"\xee\x80\x80", 0xE000},
        {"\xef\xbf\xbf", 0xFFFF},
        {"\xf0\x90\x80\x80", 0x10000},
        {"\xf0\xbf\xbf\xbf", 0x3FFFF},
        {"\xf1\x80\x80\x80", 0x40000},
        {"\xf3\xbf\xbf\xbf", 0xFFFFF},
        {"\xf4\x80\x80\x80", 0x100000},
        {"\xf4\x8f\xbf\xbf", 0x10FFFF},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        size_t length = strlen(cases[i].bytes);
        uint32_t code_point = 0;
        char back[4];
        assert_int_equal(utf8_decode(cases[i].bytes, cases[i].bytes + length, &code_point), length);
        assert_int_equal(code_point, cases[i].code_point);
        assert_int_equal(utf8_encode(code_point, back), length);
        assert_memory_equal(back, cases[i].bytes, length);
        for (size_t cut = 1; cut < length; cut++)
            assert_int_equal(utf8_decode(cases[i].bytes, cases[i].bytes + cut, &code_point), 0);
    }
}

static void refuses_ill_formed_utf8(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x7f",
        "\xc2\xc0",
        "\xdf\x00",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xe1\x80",
        "\xe1\x7f\x80",
        "\xe1\x80\xc0",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xef\xbf",
        "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf1\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xfe",
        "\xff",
        "a\xffz",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (utf8_is_valid(str_of(cases[i])))
            fail_msg("case %zu counts as UTF-8", i);
    char bytes[4];
    assert_int_equal(utf8_encode(0xD800, bytes), 0);
    assert_int_equal(utf8_encode(0xDFFF, bytes), 0);
    assert_int_equal(utf8_encode(0x110000, bytes), 0);
    assert_true(utf8_is_valid(STR("")));
    assert_int_equal(utf8_length(STR("a\xff\xc3\xbcz\xe2\x82")), 6);
}

/* Every scalar value goes out and back, and nothing else does. */
static void goes_round_trip(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x110000; code_point++) {
        char bytes[4];
        uint32_t back = 0;
        size_t length = utf8_encode(code_point, bytes);
        bool scalar = code_point < 0x110000 && (code_point < 0xD800 || code_point > 0xDFFF);
        if ((length != 0) != scalar)
            fail_msg("U+%04X", (unsigned)code_point);
        if (scalar && (utf8_decode(bytes, bytes + length, &back) != length || back != code_point))
            fail_msg("U+%04X comes back as U+%04X", (unsigned)code_point, (unsigned)back);
    }
}

static void knows_unsafe_characters(void **state)
{
    (void)state;
    static const uint32_t unsafe[] = {0x00,   0x0A,   0x1F,    0x7F,     0x80,   0x9F,     0x200B, 0x200D, 0x200E,
                                      0x2028, 0x2029, 0x202A,  0x202E,   0x2066, 0x2069,   0xFEFF, 0xFDD0, 0xFDEF,
                                      0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xD800, 0x110000, 0x061C, 0xE0041};
    static const uint32_t safe[] = {0x20,         0x7E,   0xA0,   0xE9,   0x200A,  0x2010, 0x2027, 0x202F,
                                    0x2065 + 0xB, 0xFDCF, 0xFDF0, 0xFFFD, 0x1F600, 0x4E2D, 0xFE0F, 0x10FFFD};
    for (size_t i = 0; i < ARRAY_LENGTH(unsafe); i++)
        if (!utf8_is_unsafe(unsafe[i]))
            fail_msg("U+%04X is unsafe", (unsigned)unsafe[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(safe); i++)
        if (utf8_is_unsafe(safe[i]))
            fail_msg("U+%04X is safe", (unsigned)safe[i]);
    assert_true(utf8_is_combining(0x0300));
    assert_true(utf8_is_combining(0x20DD));
    assert_true(utf8_is_combining(0xE01EF));
    assert_false(utf8_is_combining('a'));
    assert_false(utf8_is_combining(0x00E9));
    assert_false(utf8_is_combining(0x0370));
}

static void makes_texts_printable(void **state)
{
    (void)state;
    char target[64], small[8];
    text_make_printable(target, sizeof target, "a\nb\x1b]0;x\x07\xe2\x80\x8b\xc3\xbc\x80");
    assert_string_equal(target, "a b\\x1B]0;x\\x07?ü\\x80");
    text_make_printable(small, sizeof small, "12345\x1b");
    assert_string_equal(small, "12345");
    text_make_printable(small, sizeof small, "123456ü");
    assert_string_equal(small, "123456");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_slices),         cmocka_unit_test(finds),
        cmocka_unit_test(walks_lines_and_fields),  cmocka_unit_test(orders_as_people_do),
        cmocka_unit_test(cuts_between_characters), cmocka_unit_test(accepts_well_formed_utf8),
        cmocka_unit_test(refuses_ill_formed_utf8), cmocka_unit_test(goes_round_trip),
        cmocka_unit_test(knows_unsafe_characters), cmocka_unit_test(makes_texts_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
