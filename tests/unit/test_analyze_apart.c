/* A part of a publication that another process makes: the same files, wherever they are made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "analyze/report/apart.h"
#include "schema/base/meanwhile.h"
#include "schema/base/str.h"

#define LONG_FILE 300000
#define FILES 3000 /* more than one message between two processes holds */

static pid_t here; /* this process */

static int add(struct publication *publication, const char *path, size_t length, struct err *err)
{
    autobuf struct buf bytes = BUF(LONG_FILE);

    for (size_t i = 0; i < length; i++)
        buf_addc(&bytes, (char)('a' + (i + strlen(path)) % 26));
    return publication_add(publication, path, &bytes, err);
}

static int make(const struct report *report, struct publication *publication, struct err *err)
{
    int status = add(publication, "data/long.csv", LONG_FILE, err);

    (void)report;
    for (size_t i = 0; status == 0 && i < FILES; i++) {
        char path[64];

        (void)snprintf(path, sizeof(path), "site/page-%zu.html", i);
        status = add(publication, path, i, err);
    }
    return status;
}

static int fail_elsewhere(const struct report *report, struct publication *publication, struct err *err)
{
    (void)report, (void)publication;
    return getpid() == here ? 0 : err_set(err, ERR_LIMIT, "the table is too long");
}

static int die_elsewhere(const struct report *report, struct publication *publication, struct err *err)
{
    (void)report, (void)publication, (void)err;
    if (getpid() != here)
        _exit(3);
    return 0;
}

static void assert_equal_files(const struct publication *one, const struct publication *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        autobuf struct buf a = BUF(LONG_FILE), b = BUF(LONG_FILE);
        struct str bytes, others;

        assert_string_equal(one->files[i].path, other->files[i].path);
        assert_int_equal(publication_bytes(&one->files[i], &a, &bytes, NULL), 0);
        assert_int_equal(publication_bytes(&other->files[i], &b, &others, NULL), 0);
        assert_true(str_equal(bytes, others));
    }
}

static void test_the_files_are_those_that_this_process_makes(void **state)
{
    autoaside struct aside aside;
    autoapart struct apart apart = {.begun = false}, alone = {.begun = false};

    (void)state;
    aside_open("/tmp", &aside);
    const struct report report = {.aside = &aside}, one = {.aside = &aside, .workers_most = 1};
    autopublication struct publication mine = {.aside = &aside}, theirs = {.aside = &aside};

    apart_begin(&apart, &report, make);
    assert_true(apart.begun || aside.file < 0 || meanwhile_processors() < 2);
    apart_begin(&alone, &one, make);
    assert_false(alone.begun);
    /* Meanwhile this process writes aside too. */
    assert_int_equal(apart_add(&alone, &mine, NULL), 0);
    assert_int_equal(apart_add(&apart, &theirs, NULL), 0);
    assert_equal_files(&mine, &theirs);
}

static void test_what_goes_wrong_there_is_told(void **state)
{
    autoaside struct aside aside;
    autoapart struct apart failing = {.begun = false}, dying = {.begun = false};
    struct err err = {.code = 0};

    (void)state;
    here = getpid();
    aside_open("/tmp", &aside);
    const struct report report = {.aside = &aside};
    autopublication struct publication publication = {.aside = &aside};

    apart_begin(&failing, &report, fail_elsewhere);
    apart_begin(&dying, &report, die_elsewhere);
    if (!failing.begun || !dying.begun)
        skip();
    assert_int_equal(apart_add(&failing, &publication, &err), -ERR_LIMIT);
    assert_string_equal(err.text, "the table is too long");
    assert_int_equal(apart_add(&dying, &publication, &err), -ERR_INTERNAL);
    assert_non_null(strstr(err.text, "ended too early"));
    assert_int_equal(publication.count, 0);
}

/* Nobody waits for it: then nothing of it is left. */
static void test_one_that_is_given_up_ends(void **state)
{
    autoaside struct aside aside;
    struct apart apart;

    (void)state;
    aside_open("/tmp", &aside);
    const struct report report = {.aside = &aside};

    apart_begin(&apart, &report, make);
    apart_done(&apart);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_files_are_those_that_this_process_makes),
        cmocka_unit_test(test_what_goes_wrong_there_is_told),
        cmocka_unit_test(test_one_that_is_given_up_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
