/* A bundle in the text of an issue or a mail: the same bytes back, whatever quoting did to it, or a refusal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "schema/bundle/letter.h"

/* Base64 as coreutils prints it: printf '{"crosschip":"1.0"}\n' | base64 -w 64 | tr -d =; its id: … | sha256sum */
static const char bytes[] = "{\"crosschip\":\"1.0\"}\n";
static const char id[] = "sha256:935f127bdec5343d89b4b03b5899896cef2bc812a52efd545d0318681e34146b";
static const char block[] = "-----BEGIN CROSSCHIP BUNDLE-----\n"
                            "id: sha256:935f127bdec5343d89b4b03b5899896cef2bc812a52efd545d0318681e34146b\n"
                            "eyJjcm9zc2NoaXAiOiIxLjAifQo\n"
                            "-----END CROSSCHIP BUNDLE-----\n";

static void expect_back(const char *text)
{
    autobuf struct buf into = BUF(BUNDLE_BYTES_MAX);
    char found[BUNDLE_ID_SIZE];
    struct err err = {0};
    struct str rest = str_of(text);
    assert_int_equal(letter_next(&rest, &into, found, &err), 1);
    assert_string_equal(found, id);
    assert_string_equal(buf_text(&into), bytes);
    assert_int_equal(letter_next(&rest, &into, found, &err), 0);
}

static void expect_refused(const char *text, const char *word)
{
    autobuf struct buf into = BUF(BUNDLE_BYTES_MAX);
    char found[BUNDLE_ID_SIZE];
    struct err err = {0};
    struct str rest = str_of(text);
    assert_int_equal(letter_next(&rest, &into, found, &err), -(int)ERR_DATA);
    assert_non_null(strstr(err.text, word));
    assert_true(err.hint[0] != '\0');
    assert_int_equal(letter_next(&rest, &into, found, &err), 0);
}

static void writes_what_other_programs_decode(void **state)
{
    (void)state;
    autobuf struct buf into = BUF(BUF_MIB);
    letter_write(str_of(bytes), &into);
    assert_string_equal(buf_text(&into), block);
    assert_true(letter_is(str_slice(into.data, into.len)));
    assert_false(letter_is(STR("{\"crosschip\":\"1.0\"}")));
}

/* Puts `before` in front of each line and `end` behind it. */
static void rewrite(struct buf *into, const char *before, const char *end)
{
    struct str rest = str_of(block), line;
    buf_adds(into, "Hello,\n\nhere is it:\n");
    while (str_next_line(&rest, &line)) {
        buf_adds(into, before);
        buf_add(into, line.data, line.len);
        buf_adds(into, end);
    }
    buf_adds(into, "\nRegards\n");
}

static void survives_quoting_and_line_ends(void **state)
{
    (void)state;
    static const char *const changes[][2] = {{"", "\n"},         {"> ", "\n"}, {">> ", "\r\n"}, {"    ", " \n"},
                                             {"\t", "\r\n\r\n"}, {"| ", "\n"}, {">", "\n"}};
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        autobuf struct buf text = BUF(BUF_MIB);
        rewrite(&text, changes[i][0], changes[i][1]);
        expect_back(buf_text(&text));
    }
}

static void refuses_every_changed_byte(void **state)
{
    (void)state;
    const char *digits = strstr(block, "eyJ");
    assert_non_null(digits);
    size_t first = (size_t)(digits - block), last = (size_t)(strstr(digits, "\n") - block);
    for (size_t at = first; at < last; at++) {
        char text[sizeof(block)];
        memcpy(text, block, sizeof(block));
        text[at] = text[at] == 'A' ? 'B' : 'A';
        expect_refused(text, "damaged");
        text[at] = '*';
        expect_refused(text, "damaged");
        memmove(text + at, block + at + 1, sizeof(block) - at - 1);
        expect_refused(text, "damaged");
    }
}

static void says_what_is_missing(void **state)
{
    (void)state;
    expect_refused("-----BEGIN CROSSCHIP BUNDLE-----\nid: ", "cut off");
    expect_refused("-----BEGIN CROSSCHIP BUNDLE-----\n-----END CROSSCHIP BUNDLE-----\n", "no valid id");
    expect_refused("-----BEGIN CROSSCHIP BUNDLE----- -----END CROSSCHIP BUNDLE-----\n", "no valid id");
    expect_refused("-----BEGIN CROSSCHIP BUNDLE-----\nid: sha256:12\n-----END CROSSCHIP BUNDLE-----\n", "no valid id");
}

static void goes_on_after_a_damaged_one(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB), into = BUF(BUNDLE_BYTES_MAX);
    char found[BUNDLE_ID_SIZE];
    buf_adds(&text, "-----BEGIN CROSSCHIP BUNDLE-----\nid: sha256:00\n\nIt broke, once more:\n");
    letter_write(str_of(bytes), &text);
    letter_write(STR("second"), &text);
    struct str rest = str_slice(text.data, text.len);
    assert_int_equal(letter_next(&rest, &into, found, NULL), -(int)ERR_DATA);
    assert_int_equal(letter_next(&rest, &into, found, NULL), 1);
    assert_string_equal(buf_text(&into), bytes);
    assert_int_equal(letter_next(&rest, &into, found, NULL), 1);
    assert_string_equal(buf_text(&into), "second");
    assert_int_equal(letter_next(&rest, &into, found, NULL), 0);
}

/* Every length modulo 3 and modulo the line, and bytes of every value. */
static void carries_any_bytes(void **state)
{
    (void)state;
    char source[300];
    for (size_t i = 0; i < sizeof(source); i++)
        source[i] = (char)(unsigned char)(i * 7 % 256);
    for (size_t length = 1; length <= sizeof(source); length++) {
        autobuf struct buf text = BUF(BUF_MIB), into = BUF(BUNDLE_BYTES_MAX);
        char found[BUNDLE_ID_SIZE];
        letter_write(str_slice(source, length), &text);
        struct str rest = str_slice(text.data, text.len);
        assert_int_equal(letter_next(&rest, &into, found, NULL), 1);
        assert_int_equal(into.len, length);
        assert_memory_equal(into.data, source, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_other_programs_decode), cmocka_unit_test(survives_quoting_and_line_ends),
        cmocka_unit_test(refuses_every_changed_byte),        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(goes_on_after_a_damaged_one),       cmocka_unit_test(carries_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
