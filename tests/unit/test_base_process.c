/* Child processes: output, limits, signals, and grandchildren that stay. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/process.h"

static int run(const char *script, int limit_ms, struct buf *out, struct buf *error_out, struct process_result *ret)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    struct err err = {0};
    return process_run(argv, limit_ms, out, error_out, ret, &err);
}

static void collects_both_streams(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(1000), error_out = BUF(1000);
    struct process_result result;
    assert_int_equal(run("echo out; echo bad >&2; exit 3", 10000, &out, &error_out, &result), 0);
    assert_string_equal(buf_text(&out), "out\n");
    assert_string_equal(buf_text(&error_out), "bad\n");
    assert_int_equal(result.exit_status, 3);
    assert_int_equal(result.signal_number, 0);
    assert_int_equal(result.timed_out, 0);
}

static void has_no_input(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(1000);
    struct process_result result;
    assert_int_equal(run("cat; echo end", 10000, &out, NULL, &result), 0);
    assert_string_equal(buf_text(&out), "end\n");
}

static void passes_words_as_they_are(void **state)
{
    (void)state;
    const char *const argv[] = {"printf", "%s", "$(id) 'x' ; \"y\"", NULL};
    autobuf struct buf out = BUF(1000);
    struct process_result result;
    assert_int_equal(process_run(argv, 10000, &out, NULL, &result, NULL), 0);
    assert_string_equal(buf_text(&out), "$(id) 'x' ; \"y\"");
}

static void reports_what_cannot_start(void **state)
{
    (void)state;
    const char *const argv[] = {"crosschip-no-such-program", NULL};
    struct err err = {0};
    struct process_result result = {.exit_status = 42};
    assert_int_equal(process_run(argv, 1000, NULL, NULL, &result, &err), -(int)ERR_SERVICE);
    assert_non_null(strstr(err.text, "crosschip-no-such-program"));
    assert_int_equal(result.exit_status, 42);
    const char *const folder[] = {"/tmp", NULL};
    assert_int_equal(process_run(folder, 1000, NULL, NULL, NULL, &err), -(int)ERR_SERVICE);
    const char *const absent[] = {"./no/such", NULL};
    assert_int_equal(process_run(absent, 1000, NULL, NULL, NULL, &err), -(int)ERR_SERVICE);
}

static void stops_at_the_time_limit(void **state)
{
    (void)state;
    struct process_result result;
    int64_t before = clock_monotonic_us();
    assert_int_equal(run("sleep 30 & sleep 30", 100, NULL, NULL, &result), 0);
    assert_true(clock_monotonic_us() - before < 5000000);
    assert_int_equal(result.timed_out, 1);
    assert_int_equal(result.exit_status, -1);
    assert_int_equal(result.signal_number, SIGKILL);
}

static void names_the_signal(void **state)
{
    (void)state;
    struct process_result result;
    assert_int_equal(run("kill -TERM $$", 10000, NULL, NULL, &result), 0);
    assert_int_equal(result.exit_status, -1);
    assert_int_equal(result.signal_number, SIGTERM);
    assert_int_equal(result.timed_out, 0);
}

static void keeps_the_beginning_of_too_much(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(1000);
    struct process_result result;
    assert_int_equal(run("i=0; while [ $i -lt 20000 ]; do echo 1234567; i=$((i+1)); done", 20000, &out, NULL, &result),
                     0);
    assert_int_equal(result.exit_status, 0);
    assert_int_equal(out.len, 1000);
    assert_int_equal(buf_check(&out, NULL), -(int)ERR_LIMIT);
}

static void reads_all_of_a_large_output(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(BUF_MIB);
    struct process_result result;
    assert_int_equal(run("head -c 900000 /dev/zero", 20000, &out, NULL, &result), 0);
    assert_int_equal(out.len, 900000);
}

static void does_not_wait_for_a_grandchild(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(1000);
    struct process_result result;
    int64_t before = clock_monotonic_us();
    assert_int_equal(run("sleep 3 & echo done", 20000, &out, NULL, &result), 0);
    assert_true(clock_monotonic_us() - before < 2000000);
    assert_string_equal(buf_text(&out), "done\n");
    assert_int_equal(result.exit_status, 0);
}

/* Our programs ignore SIGPIPE; what they start must not inherit that. */
static void starts_with_default_signals(void **state)
{
    (void)state;
    autobuf struct buf out = BUF(1000);
    struct process_result result;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(run("kill -PIPE $$; echo survived", 10000, &out, NULL, &result), 0);
    assert_int_equal(result.signal_number, SIGPIPE);
    assert_string_equal(buf_text(&out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collects_both_streams),           cmocka_unit_test(has_no_input),
        cmocka_unit_test(passes_words_as_they_are),        cmocka_unit_test(reports_what_cannot_start),
        cmocka_unit_test(stops_at_the_time_limit),         cmocka_unit_test(names_the_signal),
        cmocka_unit_test(keeps_the_beginning_of_too_much), cmocka_unit_test(reads_all_of_a_large_output),
        cmocka_unit_test(does_not_wait_for_a_grandchild),  cmocka_unit_test(starts_with_default_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
