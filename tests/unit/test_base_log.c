/* Messages on stderr: levels, places, escapes; and a progress bar that is silent in a file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/progress.h"

static int real_stderr = -1;
static FILE *caught;
static char text[4096];

static void catch_stderr(void)
{
    caught = tmpfile();
    assert_non_null(caught);
    (void)fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

static const char *caught_text(void)
{
    (void)fflush(stderr);
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    (void)close(real_stderr);
    rewind(caught);
    size_t length = fread(text, 1, sizeof text - 1, caught);
    text[length] = '\0';
    (void)fclose(caught);
    return text;
}

static void prints_by_level(void **state)
{
    (void)state;
    catch_stderr();
    log_set_level(LOG_WARNING);
    log_info("hidden");
    log_warning("%d left", 3);
    log_set_level(LOG_DEBUG);
    log_debug("step");
    log_set_level(LOG_INFO);
    log_debug("hidden");
    log_info("plain");
    assert_string_equal(caught_text(), "warning: 3 left\ndebug: step\nplain\n");
    assert_int_equal(log_get_level(), LOG_INFO);
}

static void escapes_what_could_act(void **state)
{
    (void)state;
    catch_stderr();
    log_info("%s", "a\x1b[2J\nerror: forged\r\xff");
    assert_string_equal(caught_text(), "a\\x1B[2J error: forged\\x0D\\xFF\n");
}

static void prints_errors_with_their_place(void **state)
{
    (void)state;
    struct err err = {0};
    catch_stderr();
    (void)err_set(&err, ERR_SYNTAX, "a comma is missing");
    log_error(&err);
    (void)err_at(&err, 3, 14);
    log_error(&err);
    (void)err_path(&err, "a.json");
    (void)err_detail(&err, "found \"x\"");
    (void)err_hint(&err, "Add one.");
    log_error(&err);
    (void)err_at(&err, 3, 0);
    log_error(&err);
    (void)err_at(&err, 0, 0);
    log_error(&err);
    assert_string_equal(caught_text(), "error: a comma is missing\n"
                                       "error: line 3, column 14: a comma is missing\n"
                                       "error: a.json:3:14: a comma is missing\ndetail: found \"x\"\nhint: Add one.\n"
                                       "error: a.json:3: a comma is missing\ndetail: found \"x\"\nhint: Add one.\n"
                                       "error: a.json: a comma is missing\ndetail: found \"x\"\nhint: Add one.\n");
}

static void cuts_long_lines(void **state)
{
    (void)state;
    static char large[20000];
    memset(large, 'x', sizeof large - 1);
    catch_stderr();
    log_info("%s", large);
    const char *line = caught_text();
    assert_true(strlen(line) > 4000);
}

static void progress_is_silent_in_a_file(void **state)
{
    (void)state;
    struct progress progress;
    catch_stderr();
    progress_begin(&progress, "Working", 10);
    clock_sleep_us(310000);
    progress_step(&progress, 5);
    progress_end(&progress);
    assert_string_equal(caught_text(), "");
}

/* Parsed by eye: a quote, a backslash and a control character must not end the string. */
static void prints_json(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_DATA, "a \"b\" \\ c");
    err_hint(&err, "do\nit");
    log_set_json(true);
    catch_stderr();
    log_warning("x\033[31m \"y\"");
    log_error(&err);
    const char *line = caught_text();
    log_set_json(false);
    assert_memory_equal(line, "{\"time\":\"20", strlen("{\"time\":\"20"));
    assert_non_null(strstr(line, ",\"level\":\"warning\",\"message\":\"x\\\\x1B[31m \\\"y\\\"\"}\n{\"time\""));
    assert_non_null(strstr(line, ",\"level\":\"error\",\"message\":\"a \\\"b\\\" \\\\ c\",\"hint\":\"do it\"}\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_by_level),
        cmocka_unit_test(escapes_what_could_act),
        cmocka_unit_test(prints_errors_with_their_place),
        cmocka_unit_test(cuts_long_lines),
        cmocka_unit_test(prints_json),
        cmocka_unit_test(progress_is_silent_in_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
