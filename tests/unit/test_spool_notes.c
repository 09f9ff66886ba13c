/* What the spool notes of a bundle that was taken back, what it says on a full disk, and what it takes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "submit/spool/spool.h"

#define BYTES "{\"crosschip\":\"1.0\"}\n"
#define SERVER "http://127.0.0.1:1"

static char place[] = "/tmp/crosschip-spool-XXXXXX";
static char id[BUNDLE_ID_SIZE];

static int make_place(void **state)
{
    (void)state;
    text_copy(place, sizeof(place), "/tmp/crosschip-spool-XXXXXX");
    (void)bundle_id(STR(BYTES), id);
    return mkdtemp(place) == NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int remove_place(void **state)
{
    (void)state;
    return nftw(place, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct spool *open_spool(void)
{
    struct spool *spool = NULL;
    assert_int_equal(spool_open(place, NULL, &spool, NULL), 0);
    return spool;
}

static void remembers_that_one_server_gave_it_back(void **state)
{
    autospool struct spool *spool = open_spool();
    struct arena arena cleanup(arena_done) = {0};
    struct receipt first = {.id = id, .server = SERVER, .state = "accepted", .subject = "00", .file = "a.json"},
                   second = {.id = id, .server = "https://b", .state = "accepted"}, got;
    (void)state;
    assert_int_equal(spool_withdrawn(spool, id, SERVER, NULL), 0);
    assert_false(spool_receipt(spool, id, NULL, &arena, &got));
    assert_int_equal(spool_sent(spool, &first, NULL), 0);
    assert_int_equal(spool_sent(spool, &second, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    assert_int_equal(spool_withdrawn(spool, id, SERVER, NULL), 0);
    assert_true(spool_receipt(spool, id, SERVER, &arena, &got));
    assert_string_equal(got.state, "withdrawn");
    assert_string_equal(got.subject, "00");
    assert_string_equal(got.file, "a.json");
    assert_true(spool_receipt(spool, id, "https://b", &arena, &got));
    assert_string_equal(got.state, "accepted");
}

static void remembers_a_file_by_its_receipt(void **state)
{
    autospool struct spool *spool = open_spool();
    struct arena arena cleanup(arena_done) = {0};
    struct receipt first = {.id = id, .server = "https://b", .state = "accepted"},
                   second = {.id = id, .server = SERVER, .state = "accepted"};
    const char *one[] = {id}, *two[] = {id, id};
    char hash[65] = {0}, path[200], **ids;
    size_t count;
    (void)state;
    memset(hash, 'c', 64);
    /* Without a receipt the id alone is kept, and counts for no server. */
    spool_file_remember(spool, hash, one, 1);
    assert_null(spool_file_ids(spool, hash, SERVER, &arena, &count));
    assert_int_equal(spool_sent(spool, &first, NULL), 0);
    assert_int_equal(spool_sent(spool, &second, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    spool_file_remember(spool, hash, one, 1);
    spool_file_remember(spool, hash, one, 1);
    ids = spool_file_ids(spool, hash, SERVER, &arena, &count);
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], id);
    assert_null(spool_file_ids(spool, hash, "https://another", &arena, &count));
    /* Several bundles of one file. */
    spool_file_remember(spool, hash, two, 2);
    assert_non_null(spool_file_ids(spool, hash, SERVER, &arena, &count));
    /* What names no id is as if the file was never sent. */
    (void)snprintf(path, sizeof(path), "%s/files/%s", place, hash);
    FILE *damaged = fopen(path, "w");
    assert_non_null(damaged);
    assert_true(fputs("{\"id\":\"sha256:12\",\"server\":\"s\",\"state\":\"accepted\"}\n", damaged) > 0);
    assert_int_equal(fclose(damaged), 0);
    assert_null(spool_file_ids(spool, hash, SERVER, &arena, &count));
}

/* A limit of the process fails the same call as a full disk. */
static void names_the_spool_when_the_disk_is_full(void **state)
{
    autospool struct spool *spool = open_spool();
    struct spool_entry *entries = NULL;
    struct arena arena cleanup(arena_done) = {0};
    struct err err = {0};
    struct rlimit before, tight;
    size_t count = 1;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = 1;
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    int r = spool_add(spool, id, STR(BYTES), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, old);
    assert_int_equal(r, -ERR_CANNOT_WRITE);
    assert_string_equal(err.path, spool_path(spool));
    assert_int_equal(spool_list(spool, SPOOL_QUEUE, &arena, &entries, &count, NULL), 0);
    assert_int_equal(count, 0);
}

/* Another process adds the same bundle anew while this one waits for the lock: it waits still, in another file. */
static void takes_the_file_that_took_its_place(void **state)
{
    autospool struct spool *spool = open_spool();
    autobuf struct buf bytes = BUF(4096);
    char queued[128], fresh[128];
    int lock = -1, status = 0;
    (void)state;
    (void)snprintf(queued, sizeof(queued), "%s/queue/%s", place, id);
    (void)snprintf(fresh, sizeof(fresh), "%s/tmp/fresh", place);
    assert_int_equal(spool_add(spool, id, STR(BYTES), NULL), 0);
    assert_int_equal(spool_sync(spool, NULL), 0);
    assert_int_equal(spool_take(spool, id, &bytes, &lock, NULL), 1);
    pid_t child = fork();
    if (child == 0) {
        (void)close(lock);
        _exit(spool_take(spool, id, &bytes, &lock, NULL) == 1 ? 0 : 1);
    }
    clock_sleep_us(100000); /* most likely it waits by now */
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    assert_true(fputs(BYTES, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, queued), 0);
    spool_release(lock);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(remembers_that_one_server_gave_it_back),
        TEST(remembers_a_file_by_its_receipt),
        TEST(names_the_spool_when_the_disk_is_full),
        TEST(takes_the_file_that_took_its_place),
    };
    return cmocka_run_group_tests_name("spool notes", tests, NULL, NULL);
}
