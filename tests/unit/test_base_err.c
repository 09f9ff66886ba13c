/* Errors as values: texts, parts, codes, and that nothing in them can act on a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "schema/base/err.h"

static void fills_and_clears(void **state)
{
    (void)state;
    struct err err = {.line = 7, .detail = "old", .hint = "old", .path = "old", .sqlstate = "23505"};
    assert_int_equal(err_set(&err, ERR_DATA, "%d is not %s", 5, "even"), -(int)ERR_DATA);
    assert_string_equal(err.text, "5 is not even");
    assert_int_equal(err.code, ERR_DATA);
    assert_int_equal(err.line, 0);
    assert_string_equal(err.detail, "");
    assert_string_equal(err.hint, "");
    assert_string_equal(err.path, "");
    assert_string_equal(err.sqlstate, "");
}

static void parts_return_the_code(void **state)
{
    (void)state;
    struct err err = {0};
    (void)err_set(&err, ERR_SYNTAX, "a comma is missing");
    assert_int_equal(err_hint(&err, "Add %s.", "one"), -(int)ERR_SYNTAX);
    assert_int_equal(err_detail(&err, "detail"), -(int)ERR_SYNTAX);
    assert_int_equal(err_path(&err, "runs[%d].model", 3), -(int)ERR_SYNTAX);
    assert_int_equal(err_at(&err, 12, 40), -(int)ERR_SYNTAX);
    assert_int_equal(err_prefix(&err, "bundle %d", 2), -(int)ERR_SYNTAX);
    assert_string_equal(err.text, "bundle 2: a comma is missing");
    assert_string_equal(err.hint, "Add one.");
    assert_string_equal(err.detail, "detail");
    assert_string_equal(err.path, "runs[3].model");
    assert_int_equal(err.line, 12);
    assert_int_equal(err.column, 40);
    assert_int_equal(err_file(&err, "a.json"), -(int)ERR_SYNTAX); /* beside the field */
    assert_string_equal(err.path, "runs[3].model");
    assert_string_equal(err.file, "a.json");
    (void)err_set(&err, ERR_SYNTAX, "a comma is missing");
    assert_string_equal(err.file, "");
    (void)err_file(&err, "a.json");
    (void)err_file(&err, "a.json");
    assert_string_equal(err.path, "a.json");
    assert_string_equal(err.file, "");
}

static void null_gives_the_code_only(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_LIMIT, "x"), -(int)ERR_LIMIT);
    assert_int_equal(err_set_errno(NULL, ERR_IO, ENOENT, "x"), -(int)ERR_IO);
    assert_int_equal(err_hint(NULL, "x"), -(int)ERR_INTERNAL);
    assert_int_equal(err_prefix(NULL, "x"), -(int)ERR_INTERNAL);
}

static void names_the_system_error(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set_errno(&err, ERR_IO, ENOENT, "%s cannot be read", "a.json"), -(int)ERR_IO);
    assert_string_equal(err.text, "a.json cannot be read: No such file or directory");
}

static void takes_the_sting_out_of_texts(void **state)
{
    (void)state;
    struct err err = {0};
    (void)err_set(&err, ERR_DATA, "%s", "a\x1b[31mred\nb\tc\x7f \xff \xe2\x80\xae \xc2\x9b ü");
    assert_string_equal(err.text, "a\\x1B[31mred b c\\x7F \\xFF ? ? ü");
}

static void may_quote_itself(void **state)
{
    (void)state;
    struct err err = {0};
    (void)err_set(&err, ERR_DATA, "inner");
    (void)err_set(&err, ERR_IO, "outer: %s", err.text);
    assert_string_equal(err.text, "outer: inner");
    assert_int_equal(err.code, ERR_IO);
}

static void cuts_at_a_character(void **state)
{
    (void)state;
    char text[2000];
    struct err err = {0};
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "ü", 3);
    (void)err_set(&err, ERR_DATA, "x%s", text);
    size_t length = strlen(err.text);
    assert_true(length < sizeof err.text);
    assert_true(length > sizeof err.text - 4);
    assert_int_equal((unsigned char)err.text[length - 1], 0xBC);
}

static void has_the_statuses_of_the_design(void **state)
{
    (void)state;
    assert_int_equal(err_exit_status(ERR_FOUND), 1);
    assert_int_equal(err_exit_status(ERR_NOTHING), 2);
    assert_int_equal(err_exit_status(ERR_USAGE), 64);
    assert_int_equal(err_exit_status(ERR_DATA), 65);
    assert_int_equal(err_exit_status(ERR_SERVICE), 69);
    assert_int_equal(err_exit_status(ERR_CANNOT_WRITE), 73);
    assert_int_equal(err_exit_status(ERR_IO), 74);
    assert_int_equal(err_exit_status(ERR_RETRY), 75);
    assert_int_equal(err_exit_status(ERR_NOT_ALLOWED), 77);
    assert_int_equal(err_http_status(ERR_LIMIT), 413);
    assert_int_equal(err_http_status(ERR_BUNDLE_VERSION), 422);
    assert_string_equal(err_word(ERR_BUNDLE_VERSION), "bundle_version");
    assert_int_equal(err_exit_status(ERR_NONE), 0);
    const int beyond = 10000;
    assert_string_equal(err_word((enum err_code)beyond), "internal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_and_clears),
        cmocka_unit_test(parts_return_the_code),
        cmocka_unit_test(null_gives_the_code_only),
        cmocka_unit_test(names_the_system_error),
        cmocka_unit_test(takes_the_sting_out_of_texts),
        cmocka_unit_test(may_quote_itself),
        cmocka_unit_test(cuts_at_a_character),
        cmocka_unit_test(has_the_statuses_of_the_design),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
