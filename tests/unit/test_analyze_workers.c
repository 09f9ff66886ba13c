/* Work of other processes: all answers arrive, whoever gave them; errors and deaths are told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyze/report/fingerprint.h"
#include "analyze/report/workers.h"
#include "schema/base/str.h"

#define TASKS 40
#define LONG_ANSWER ((size_t)3 << 20) /* does not fit into a socket */

enum { DIES = 1000, FAILS, EXITS, TOO_MUCH };

/* Changes its own copy, which nobody else sees. */
static int work(void *context, size_t task, struct buf *answer, struct err *err)
{
    size_t *calls = context;

    ++*calls;
    if (task == DIES)
        (void)kill(getpid(), SIGKILL);
    if (task == EXITS)
        _exit(3);
    if (task == FAILS) {
        (void)err_set(err, ERR_LIMIT, "the picture would be too large");
        return err_hint(err, "choose a smaller one");
    }
    if (task == TOO_MUCH)
        answer->max = 10;
    buf_addf(answer, "%zu squared is %zu", task, task * task);
    for (size_t i = 0; task % 7 == 0 && i < LONG_ANSWER; i++)
        buf_addc(answer, (char)('a' + (i + task) % 26));
    return 0;
}

struct answers {
    size_t taken;
    bool seen[TASKS];
};

static int take(void *context, size_t index, struct buf *answer, struct err *err)
{
    struct answers *answers = context;
    char expected[80];

    (void)err;
    /* The list runs backwards. */
    const size_t task = TASKS - 1 - index,
                 length = (size_t)snprintf(expected, sizeof(expected), "%zu squared is %zu", task, task * task);

    assert_false(answers->seen[index]);
    answers->seen[index] = true;
    answers->taken++;
    assert_int_equal(answer->len, length + (task % 7 == 0 ? LONG_ANSWER : 0));
    assert_memory_equal(buf_text(answer), expected, length);
    for (size_t i = length; i < answer->len; i++)
        if (answer->data[i] != (char)('a' + (i - length + task) % 26))
            fail_msg("byte %zu of answer %zu", i, task);
    return 0;
}

static void assert_no_child_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int ask(struct workers *workers, size_t task, struct buf *answer, struct err *err)
{
    const int status = workers_give(workers, task, err);

    return status < 0 ? status : workers_take(workers, answer, err);
}

static void test_every_answer_arrives_from_any_number(void **state)
{
    (void)state;
    static const size_t numbers[] = {0, 1, 2, 5, WORKERS_MOST, 1000};
    size_t tasks[TASKS];

    for (size_t i = 0; i < TASKS; i++)
        tasks[i] = TASKS - 1 - i;
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        size_t calls = 0;
        struct workers workers = {.what = "counting", .work = work, .context = &calls, .most = numbers[i]};
        struct answers answers = {.taken = 0};
        struct buf first autobuf = BUF(WORKERS_ANSWER_MAX);

        assert_int_equal(ask(&workers, 3, &first, NULL), 0);
        assert_string_equal(buf_text(&first), "3 squared is 9");
        assert_int_equal(workers_run(&workers, tasks, TASKS, take, &answers, NULL), 0);
        assert_int_equal(answers.taken, TASKS);
        assert_int_equal(calls, 0);
        if (numbers[i] > 0)
            assert_int_equal(workers.count, numbers[i] < WORKERS_MOST ? numbers[i] : WORKERS_MOST);
        workers_done(&workers);
        assert_no_child_is_left();
    }
}

static int take_any(void *context, size_t index, struct buf *answer, struct err *err)
{
    (void)answer, (void)err;
    *(size_t *)context += index < SIZE_MAX ? 1 : 0;
    return 0;
}

/* The err of a run in which one of many tasks goes wrong. */
static int run_with(size_t bad, struct err *err)
{
    size_t tasks[TASKS], calls = 0, taken = 0;
    struct workers workers = {.what = "drawing charts", .work = work, .context = &calls, .most = 3};

    for (size_t i = 0; i < TASKS; i++)
        tasks[i] = i == TASKS / 2 ? bad : i;
    const int status = workers_run(&workers, tasks, TASKS, take_any, &taken, err);

    assert_true(taken < TASKS);
    workers_done(&workers);
    assert_no_child_is_left();
    return status;
}

static void test_an_error_is_told_as_it_was(void **state)
{
    (void)state;
    struct err err = {.code = ERR_NONE};

    assert_int_equal(run_with(FAILS, &err), -ERR_LIMIT);
    assert_string_equal(err.text, "the picture would be too large");
    assert_string_equal(err.hint, "choose a smaller one");
    assert_int_equal(run_with(TOO_MUCH, &err), -ERR_LIMIT);
}

static void test_a_death_is_told(void **state)
{
    (void)state;
    struct err err = {.code = ERR_NONE};

    assert_int_equal(run_with(DIES, &err), -ERR_INTERNAL);
    assert_non_null(strstr(err.text, "drawing charts: a process of this program ended too early"));
    assert_non_null(strstr(err.detail, "signal 9"));
    assert_non_null(strstr(err.hint, "memory is short"));
    assert_int_equal(run_with(EXITS, &err), -ERR_INTERNAL);
    assert_string_equal(err.detail, "exit status 3");
}

/* One that died between two tasks is met by the next. */
static void test_a_dead_worker_is_not_asked(void **state)
{
    (void)state;
    size_t calls = 0;
    struct workers workers = {.what = "counting", .work = work, .context = &calls, .most = 1};
    struct buf answer autobuf = BUF(WORKERS_ANSWER_MAX);
    struct err err = {.code = ERR_NONE};

    assert_int_equal(ask(&workers, 3, &answer, NULL), 0);
    assert_int_equal(kill(workers.items[0].pid, SIGTERM), 0);
    assert_int_equal(ask(&workers, 4, &answer, &err), -ERR_INTERNAL);
    assert_non_null(strstr(err.detail, "signal 15"));
    workers_done(&workers);
    assert_no_child_is_left();
}

/* One whose worker is gone is told so once, not waited for; the next try asks anew. */
static void test_a_fingerprint_is_asked_for_again(void **state)
{
    (void)state;
    autofingerprint struct fingerprint fingerprint = FINGERPRINT;
    const char *text = NULL;

    fingerprint.workers = (struct workers){.what = "looking for fonts", .items = {{.socket = -1}}, .count = 1};
    fingerprint.asked = true;
    assert_int_equal(fingerprint_take(&fingerprint, &text, NULL), -ERR_INTERNAL);
    assert_null(text);
    assert_int_equal(fingerprint_take(&fingerprint, &text, NULL), 0);
    assert_non_null(strstr(text, "Inter"));
    assert_no_child_is_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_answer_arrives_from_any_number),
        cmocka_unit_test(test_an_error_is_told_as_it_was),
        cmocka_unit_test(test_a_death_is_told),
        cmocka_unit_test(test_a_dead_worker_is_not_asked),
        cmocka_unit_test(test_a_fingerprint_is_asked_for_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
