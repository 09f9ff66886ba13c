/* The spool in every state that a crash can leave, full, damaged and shared. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "submit/spool/spool.h"

#define BYTES "{\"crosschip\":\"1.0\"}\n"
#define SERVER "http://127.0.0.1:1"

struct place {
    char path[64];
    char id[BUNDLE_ID_SIZE];
};

static int make_place(void **state)
{
    static struct place place;
    text_copy(place.path, sizeof(place.path), "/tmp/crosschip-spool-XXXXXX");
    (void)bundle_id(STR(BYTES), place.id);
    *state = &place;
    return mkdtemp(place.path) == NULL;
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL; entry = readdir(folder)) {
        char inner[512];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            remove_folder(inner);
    }
    if (folder != NULL)
        (void)closedir(folder);
    (void)rmdir(path);
}

static int remove_place(void **state)
{
    struct place *place = *state;
    remove_folder(place->path);
    return 0;
}

static const char *at(const struct place *place, const char *folder, const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s/%s", place->path, folder, name);
    return path;
}

static void put(const struct place *place, const char *folder, const char *name, const char *text)
{
    FILE *file = fopen(at(place, folder, name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static size_t count_files(const struct place *place, const char *folder)
{
    size_t count = 0;
    DIR *open = opendir(at(place, folder, "."));
    for (struct dirent *entry = open == NULL ? NULL : readdir(open); entry != NULL; entry = readdir(open))
        count += entry->d_name[0] != '.' ? 1 : 0;
    if (open != NULL)
        (void)closedir(open);
    return count;
}

static struct spool *open_spool(const struct place *place)
{
    struct spool *spool = NULL;
    struct err err = {0};
    if (spool_open(place->path, NULL, &spool, &err) < 0)
        fail_msg("%s", err.text);
    return spool;
}

static void add(struct spool *spool, const struct place *place)
{
    assert_int_equal(spool_add(spool, place->id, STR(BYTES), NULL), 0);
    assert_int_equal(spool_sync(spool, NULL), 0);
}

static void keeps_exact_bytes(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    autobuf struct buf bytes = BUF(BUF_MIB);
    struct stat status;
    int lock = -1;
    add(spool, place);
    add(spool, place); /* twice is once */
    assert_int_equal(count_files(place, "queue"), 1);
    assert_int_equal(count_files(place, "tmp"), 0);
    assert_int_equal(stat(at(place, "queue", place->id), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(stat(at(place, "queue", "."), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(spool_take(spool, place->id, &bytes, &lock, NULL), 1);
    assert_string_equal(buf_text(&bytes), BYTES);
    spool_release(lock);
}

static void leaves_the_queue_with_a_receipt(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt = {.id = place->id,
                              .server = SERVER,
                              .state = "accepted",
                              .file = "a.json",
                              .file_sha256 = "f"},
                   got;
    size_t count;
    const char *ids[] = {place->id};
    char file_hash[65];
    memset(file_hash, 'a', 64);
    file_hash[64] = '\0';
    add(spool, place);
    assert_int_equal(spool_sent(spool, &receipt, NULL), 0);
    /* Until the receipt is flushed the bundle stays: a crash here leads to sending once more. */
    assert_int_equal(count_files(place, "queue"), 1);
    assert_int_equal(spool_settle(spool, NULL), 0);
    assert_int_equal(count_files(place, "queue"), 0);
    assert_true(spool_receipt(spool, place->id, SERVER, &arena, &got));
    assert_string_equal(got.state, "accepted");
    assert_string_equal(got.file, "a.json");
    assert_false(spool_receipt(spool, place->id, "https://another", &arena, &got));
    spool_file_remember(spool, file_hash, ids, 1);
    assert_non_null(spool_file_ids(spool, file_hash, SERVER, &arena, &count));
    assert_int_equal(count, 1);
    assert_null(spool_file_ids(spool, file_hash, "https://another", &arena, &count));
    assert_int_equal(count, 0);
}

static void remembers_each_server(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    struct arena arena cleanup(arena_done) = {0};
    struct receipt first = {.id = place->id, .server = SERVER, .state = "quarantined", .rule = "a_rule"},
                   second = {.id = place->id, .server = "https://b", .state = "accepted"},
                   again = {.id = place->id, .server = SERVER, .state = "accepted"}, got;
    assert_int_equal(spool_sent(spool, &first, NULL), 0);
    assert_int_equal(spool_sent(spool, &second, NULL), 0);
    assert_int_equal(spool_sent(spool, &again, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    assert_int_equal(count_files(place, "sent"), 1);
    assert_true(spool_receipt(spool, place->id, SERVER, &arena, &got));
    assert_string_equal(got.state, "accepted");
    assert_true(spool_receipt(spool, place->id, "https://b", &arena, &got));
}

/* Nothing half-done is seen: a batch that is given up leaves no trace. */
static void closing_without_a_flush_leaves_nothing(void **state)
{
    struct place *place = *state;
    struct spool *spool = open_spool(place);
    assert_int_equal(spool_add(spool, place->id, STR(BYTES), NULL), 0);
    assert_int_equal(count_files(place, "tmp"), 1);
    spool_close(spool);
    assert_int_equal(count_files(place, "tmp"), 0);
    assert_int_equal(count_files(place, "queue"), 0);
}

static void keeps_the_reason_of_a_refusal(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    char reason[100];
    add(spool, place);
    assert_int_equal(spool_dead(spool, place->id, "422 too hot", NULL), 0);
    assert_int_equal(count_files(place, "queue"), 0);
    assert_int_equal(count_files(place, "dead"), 2);
    assert_true(spool_reason(spool, place->id, reason, sizeof(reason)));
    assert_string_equal(reason, "422 too hot");
    /* What waits again is no longer dead. */
    add(spool, place);
    assert_int_equal(count_files(place, "dead"), 0);
    assert_int_equal(count_files(place, "queue"), 1);
    assert_int_equal(spool_drop(spool, place->id, NULL), 1);
    assert_int_equal(spool_drop(spool, place->id, NULL), 0);
    assert_int_equal(count_files(place, "queue"), 0);
}

static void clears_what_a_crash_left(void **state)
{
    struct place *place = *state;
    spool_close(open_spool(place));
    put(place, "tmp", "old", "half a bun");
    put(place, "tmp", "young", "half a bun");
    struct timeval long_ago[2] = {{.tv_sec = clock_wall_us() / 1000000 - 7200},
                                  {.tv_sec = clock_wall_us() / 1000000 - 7200}};
    assert_int_equal(utimes(at(place, "tmp", "old"), long_ago), 0);
    spool_close(open_spool(place));
    /* What is young may be another process at work. */
    assert_int_equal(access(at(place, "tmp", "old"), F_OK), -1);
    assert_int_equal(access(at(place, "tmp", "young"), F_OK), 0);
}

static void moves_damaged_bundles_away(void **state)
{
    static const char *const damaged[] = {"", "{\"crosschip\":\"1.0\"}", "{\"crosschip\":\"1.1\"}\n", "half"};
    struct place *place = *state;
    char reason[200];
    for (size_t i = 0; i < ARRAY_LENGTH(damaged); i++) {
        autospool struct spool *spool = open_spool(place);
        put(place, "queue", place->id, damaged[i]);
        put(place, "queue", "not-an-id", "kept, it is none of ours");
        assert_int_equal(spool_recover(spool, NULL), 1);
        assert_int_equal(count_files(place, "queue"), 1);
        assert_true(spool_reason(spool, place->id, reason, sizeof(reason)));
        assert_true(text_starts_with(reason, "spool_corrupt"));
        assert_int_equal(spool_recover(spool, NULL), 0);
    }
}

static void takes_no_damaged_bundle(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    autobuf struct buf bytes = BUF(BUF_MIB);
    struct err err;
    int lock = -1;
    put(place, "queue", place->id, "not what it was");
    assert_int_equal(spool_take(spool, place->id, &bytes, &lock, &err), -ERR_DATA);
    assert_int_equal(count_files(place, "dead"), 2);
    assert_int_equal(spool_take(spool, place->id, &bytes, &lock, &err), 0);
    /* A whole one is written over a damaged one. */
    put(place, "queue", place->id, "damaged again");
    add(spool, place);
    assert_int_equal(spool_take(spool, place->id, &bytes, &lock, &err), 1);
    spool_release(lock);
}

/* The bytes go where the receipt is, and leave when one that holds comes. */
static void keeps_the_bytes_of_an_unverified_receipt(void **state)
{
    struct place *place = *state;
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt = {.id = place->id, .server = SERVER, .state = "accepted", .check = SPOOL_UNVERIFIED}, got;
    autospool struct spool *spool = open_spool(place);
    for (int time = 0; time < 2; time++) {
        add(spool, place);
        assert_int_equal(spool_sent(spool, &receipt, NULL), 0);
        assert_int_equal(spool_settle(spool, NULL), 0);
        assert_int_equal(count_files(place, "queue"), 0);
        assert_true(file_exists(at(place, "sent", place->id)) == (time == 0));
        assert_true(spool_receipt(spool, place->id, SERVER, &arena, &got));
        assert_string_equal(got.check, receipt.check);
        receipt.check = SPOOL_VERIFIED;
        assert_int_equal(spool_prune(spool, -1, NULL), time == 0 ? 0 : 1);
    }
}

/* A crash between the receipt and the deletion, and one between the reason and the move. */
static void tolerates_half_moves(void **state)
{
    struct place *place = *state;
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt = {.id = place->id, .server = SERVER, .state = "accepted"}, got;
    char name[100];
    autospool struct spool *spool = open_spool(place);
    assert_int_equal(spool_sent(spool, &receipt, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    (void)snprintf(name, sizeof(name), "%s.reason", place->id);
    put(place, "queue", place->id, BYTES);
    put(place, "dead", name, "422\n");
    assert_int_equal(spool_recover(spool, NULL), 0);
    assert_int_equal(count_files(place, "queue"), 1);
    assert_true(spool_receipt(spool, place->id, SERVER, &arena, &got));
}

/* Longer than the steps in which file systems count: what is written after it is newer. */
static void let_time_pass(void)
{
    clock_sleep_us(20000);
}

/* A kill between receipt and removal: the next verb that opens the spool finishes the move. */
static void opening_finishes_an_interrupted_move(void **state)
{
    struct place *place = *state;
    char receipt[512], name[BUNDLE_ID_SIZE + 16];
    (void)snprintf(name, sizeof(name), "%s.receipt", place->id);
    (void)snprintf(receipt, sizeof(receipt), "{\"id\":\"%s\",\"server\":\"" SERVER "\",\"state\":\"accepted\"}\n",
                   place->id);
    spool_close(open_spool(place));
    put(place, "sent", name, receipt);
    let_time_pass();
    put(place, "queue", place->id, BYTES);
    spool_close(open_spool(place)); /* the receipt is the older one: it waits for another collector */
    assert_int_equal(count_files(place, "queue"), 1);
    let_time_pass();
    put(place, "sent", name, "{damaged");
    spool_close(open_spool(place)); /* no valid receipt: it was never taken */
    assert_int_equal(count_files(place, "queue"), 1);
    put(place, "sent", name, receipt);
    put(place, "about", place->id, "{\"server\":\"http://127.0.0.1:2\"}\n");
    spool_close(open_spool(place)); /* meant for a collector that has not taken it */
    assert_int_equal(count_files(place, "queue"), 1);
    put(place, "about", place->id, "{\"server\":\"" SERVER "\"}\n");
    spool_close(open_spool(place));
    assert_int_equal(count_files(place, "queue"), 0);
    assert_int_equal(count_files(place, "about"), 0);
    assert_int_equal(count_files(place, "sent"), 1);
}

/* The receipt may carry the same time as the entry when the collector is quick: then it names the entry. */
static void opening_knows_the_entry_that_was_sent(void **state)
{
    struct place *place = *state;
    for (int time = 0; time < 20; time++) {
        char receipt[512], name[BUNDLE_ID_SIZE + 16];
        struct stat status;
        autospool struct spool *spool = open_spool(place);
        (void)snprintf(name, sizeof(name), "%s.receipt", place->id);
        add(spool, place);
        assert_int_equal(stat(at(place, "queue", place->id), &status), 0);
        (void)snprintf(receipt, sizeof(receipt),
                       "{\"id\":\"%s\",\"server\":\"" SERVER "\",\"state\":\"accepted\",\"entry\":\"%llu\"}\n",
                       place->id, (unsigned long long)status.st_ino);
        put(place, "sent", name, receipt);
        spool_close(open_spool(place));
        assert_int_equal(count_files(place, "queue"), 0);
    }
}

static void ignores_damaged_receipts(void **state)
{
    static const char *const texts[] = {"", "{", "{}\n", "[1]\n", "{\"id\":\"x\"}\n"};
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    struct arena arena cleanup(arena_done) = {0};
    struct receipt got;
    char name[100];
    (void)snprintf(name, sizeof(name), "%s.receipt", place->id);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        put(place, "sent", name, texts[i]);
        assert_false(spool_receipt(spool, place->id, NULL, &arena, &got));
    }
}

static void refuses_when_full(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = NULL;
    struct spool_limits limits = {.entries = 2, .bytes = 1000};
    struct err err = {0};
    char id[BUNDLE_ID_SIZE], large[1200];
    memset(large, 'x', sizeof(large));
    assert_int_equal(spool_open(place->path, &limits, &spool, NULL), 0);
    add(spool, place);
    assert_int_equal(
        spool_add(spool, bundle_id(str_slice(large, sizeof(large)), id), str_slice(large, sizeof(large)), &err),
        -ERR_RETRY);
    assert_true(err.hint[0] != '\0');
    assert_int_equal(spool_add(spool, bundle_id(STR("b"), id), STR("b"), NULL), 0);
    assert_int_equal(spool_add(spool, bundle_id(STR("c"), id), STR("c"), &err), -ERR_RETRY);
    assert_int_equal(count_files(place, "queue"), 1); /* the second one is only written */
    assert_int_equal(spool_sync(spool, NULL), 0);
    assert_int_equal(count_files(place, "queue"), 2);
    assert_int_equal(count_files(place, "tmp"), 0);
}

/* The second process waits for the first and then finds the bundle gone. */
static void sends_each_entry_once(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    autobuf struct buf bytes = BUF(BUF_MIB);
    struct receipt receipt = {.id = place->id, .server = SERVER, .state = "accepted"};
    int lock = -1;
    add(spool, place);
    assert_int_equal(spool_take(spool, place->id, &bytes, &lock, NULL), 1);
    pid_t child = fork();
    if (child == 0) {
        struct spool *other = NULL;
        struct buf copy = BUF(BUF_MIB);
        int second = -1;
        (void)close(lock); /* a copy of the parent's: as long as it is open here, the lock holds */
        if (spool_open(place->path, NULL, &other, NULL) < 0)
            _exit(9);
        int taken = spool_take(other, place->id, &copy, &second, NULL);
        _exit(taken == 0 ? 0 : 1);
    }
    clock_sleep_us(50000);
    assert_int_equal(spool_sent(spool, &receipt, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    spool_release(lock);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void prunes_by_age(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    struct receipt receipt = {.id = place->id, .server = SERVER, .state = "accepted"};
    char name[100];
    (void)snprintf(name, sizeof(name), "%s.receipt", place->id);
    assert_int_equal(spool_sent(spool, &receipt, NULL), 0);
    assert_int_equal(spool_settle(spool, NULL), 0);
    assert_int_equal(spool_prune(spool, 3600 * INT64_C(1000000), NULL), 0);
    struct timeval long_ago[2] = {{.tv_sec = clock_wall_us() / 1000000 - 7200},
                                  {.tv_sec = clock_wall_us() / 1000000 - 7200}};
    assert_int_equal(utimes(at(place, "sent", name), long_ago), 0);
    assert_int_equal(spool_prune(spool, 3600 * INT64_C(1000000), NULL), 1);
    assert_int_equal(count_files(place, "sent"), 0);
}

static void follows_no_links(void **state)
{
    struct place *place = *state;
    spool_close(open_spool(place));
    autobuf struct buf bytes = BUF(BUF_MIB);
    int lock = -1;
    put(place, "tmp", "elsewhere", BYTES);
    char target[512];
    text_copy(target, sizeof(target), at(place, "tmp", "elsewhere"));
    assert_int_equal(symlink(target, at(place, "queue", place->id)), 0);
    autospool struct spool *spool = open_spool(place);
    assert_true(spool_take(spool, place->id, &bytes, &lock, NULL) < 0);
}

static void keeps_where_a_bundle_was_to_go(void **state)
{
    struct place *place = *state;
    autospool struct spool *spool = open_spool(place);
    struct arena arena cleanup(arena_done) = {0};
    struct spool_about about = {.server = SERVER, .contributor = "Ann \"x\"", .file = "a.json"};
    add(spool, place);
    spool_about_write(spool, place->id, &about);
    struct spool_about got = spool_about_read(spool, place->id, &arena);
    assert_string_equal(got.server, SERVER);
    assert_string_equal(got.contributor, "Ann \"x\"");
    assert_null(got.file_sha256);
    put(place, "about", place->id, "{");
    got = spool_about_read(spool, place->id, &arena);
    assert_null(got.server);
}

static void says_where_it_cannot_write(void **state)
{
    struct spool *spool = NULL;
    struct err err = {0};
    (void)state;
    assert_int_equal(spool_open("/proc/no-such-place/spool", NULL, &spool, &err), -ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.hint, "--spool"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_exact_bytes),
        TEST(leaves_the_queue_with_a_receipt),
        TEST(remembers_each_server),
        TEST(keeps_the_reason_of_a_refusal),
        TEST(closing_without_a_flush_leaves_nothing),
        TEST(clears_what_a_crash_left),
        TEST(moves_damaged_bundles_away),
        TEST(takes_no_damaged_bundle),
        TEST(keeps_the_bytes_of_an_unverified_receipt),
        TEST(tolerates_half_moves),
        TEST(opening_finishes_an_interrupted_move),
        TEST(opening_knows_the_entry_that_was_sent),
        TEST(ignores_damaged_receipts),
        TEST(refuses_when_full),
        TEST(sends_each_entry_once),
        TEST(prunes_by_age),
        TEST(follows_no_links),
        TEST(keeps_where_a_bundle_was_to_go),
        TEST(says_where_it_cannot_write),
    };
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
