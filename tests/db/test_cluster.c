/* One life for all programs: whoever comes first starts PostgreSQL, whoever leaves last stops
 * it, and kills at any moment change nothing of that. */
#include "tests/db/cluster_users.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "tests/db/db_harness.h"

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = harness_make_folder();
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    harness_remove_folder(folder);
    free(TAKE_PTR(folder));
    return 0;
}

static void close_cluster(struct cluster *cluster)
{
    struct err err = {0};
    harness_ok(cluster_close(cluster, &err), &err);
}

static void test_made_started_stopped_and_started_again(void **state)
{
    (void)state;
    struct cluster *cluster = open_folder(folder);
    assert_true(cluster_was_created(cluster));
    assert_int_equal(add_row(cluster), 1);
    const pid_t postmaster = postmaster_of(folder);
    assert_running(folder, postmaster);
    autofree char *conninfo = mem_strdup(cluster_conninfo(cluster));
    close_cluster(cluster);
    assert_false(is_running(postmaster));
    assert_int_equal(postmaster_of(folder), 0);
    assert_int_equal(db_ping(conninfo), DB_PING_NONE);
    cluster = open_folder(folder);
    assert_false(cluster_was_created(cluster));
    assert_int_equal(add_row(cluster), 2);
    close_cluster(cluster);
}

static void test_settings_are_as_promised(void **state)
{
    (void)state;
    struct err err = {0};
    struct cluster *cluster = NULL;
    const struct cluster_options options = {.data_folder = folder};
    harness_ok(cluster_open(&options, &cluster, &err), &err);
    struct db *db = NULL;
    const struct db_options writes = {.writes = true};
    harness_ok(db_connect(cluster_conninfo(cluster), &writes, &db, &err), &err);
    struct db_durability durability = {0};
    harness_ok(db_check_server(db, &durability, &err), &err);
    assert_true(durability.data_checksums);
    static const char *const expected[] = {
        "current_setting('listen_addresses') = ''",
        "current_setting('max_parallel_workers') = '0'",
        "current_setting('lc_messages') = 'C'",
        "current_setting('log_error_verbosity') = 'terse'",
        "current_setting('unix_socket_permissions') = '0700'",
        "current_setting('server_encoding') = 'UTF8'",
        "(select setting = case when 'lz4' = any (enumvals) then 'lz4' else 'pglz' end from pg_settings "
        "where name = 'wal_compression')",
        "(select setting::bigint * 8192 between 128 << 20 and 4::bigint << 30 from pg_settings where name = "
        "'shared_buffers')",
        "(select setting::int between 1024 and 4096 from pg_settings where name = 'max_wal_size')",
        "(select datcollate = 'C' from pg_database where datname = current_database())",
        "(select not rolsuper from pg_roles where rolname = current_user)",
    };
    for (size_t at = 0; at < ARRAY_LENGTH(expected); at++) {
        autofree char *sql = mem_printf("select (%s)::int", expected[at]);
        assert_int_equal(harness_number(db, sql), 1);
    }
    db_close(db);
    struct stat about;
    autofree char *pgdata = mem_printf("%s/pgdata", folder);
    assert_int_equal(stat(pgdata, &about), 0);
    assert_int_equal(about.st_mode & 077, 0);
    close_cluster(cluster);
}

static void test_last_user_stops_it(void **state)
{
    (void)state;
    struct user first = user_start(folder, false);
    const pid_t postmaster = postmaster_of(folder);
    struct cluster *second = open_folder(folder);
    assert_int_equal(postmaster_of(folder), postmaster);
    assert_true(user_leave(&first));
    assert_running(folder, postmaster);
    assert_int_equal(add_row(second), 1);
    close_cluster(second);
    assert_false(is_running(postmaster));
}

static void test_left_by_a_killed_owner_is_adopted(void **state)
{
    (void)state;
    struct user owner = user_start(folder, true);
    const pid_t postmaster = postmaster_of(folder);
    user_kill(&owner);
    assert_running(folder, postmaster);
    struct cluster *next = open_folder(folder);
    assert_int_equal(postmaster_of(folder), postmaster);
    struct err err = {0};
    harness_ok(cluster_lock_collector(next, NULL, &err), &err); /* went with its holder */
    assert_int_equal(add_row(next), 1);
    close_cluster(next);
    assert_false(is_running(postmaster));
}

static void test_second_collector_is_told_of_the_first(void **state)
{
    (void)state;
    struct err err = {0};
    struct user first = user_start(folder, true);
    struct cluster *second = open_folder(folder);
    int pid = 0;
    char address[100];
    assert_true(cluster_find_collector(second, &pid, address, sizeof address));
    assert_int_equal(pid, first.pid);
    assert_string_equal(address, "http://127.0.0.1:9");
    harness_refused(cluster_lock_collector(second, "http://127.0.0.1:10", &err), ERR_SERVICE, &err);
    autofree char *named = mem_printf("process %d, http://127.0.0.1:9", (int)first.pid);
    assert_string_equal(err.detail, named);
    /* The collector that dropped its privileges can still stop what root started. */
    close_cluster(second);
    const pid_t postmaster = postmaster_of(folder);
    assert_true(user_leave(&first));
    assert_false(is_running(postmaster));
    second = open_folder(folder);
    assert_false(cluster_find_collector(second, &pid, address, sizeof address));
    harness_ok(cluster_lock_collector(second, NULL, &err), &err);
    assert_true(cluster_find_collector(second, &pid, address, sizeof address));
    close_cluster(second);
}

static void kill_all(struct user *owner)
{
    assert_int_equal(kill(postmaster_of(folder), SIGKILL), 0);
    user_kill(owner);
}

static void test_everything_killed_recovers(void **state)
{
    (void)state;
    for (int round = 1; round <= 3; round++) {
        struct cluster *cluster = open_folder(folder);
        assert_int_equal(add_row(cluster), round);
        close_cluster(cluster);
        struct user owner = user_start(folder, true);
        kill_all(&owner);
    }
    struct cluster *cluster = open_folder(folder);
    assert_int_equal(add_row(cluster), 4);
    close_cluster(cluster);
}

/* A process of the account that is no PostgreSQL, under the number of the dead postmaster. */
static pid_t start_stranger(void)
{
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (cluster_drop_privileges(NULL, NULL) == 0) {
            (void)pause();
        }
        _exit(1);
    }
    return pid;
}

static void test_stale_number_of_a_stranger(void **state)
{
    (void)state;
    struct user owner = user_start(folder, false);
    kill_all(&owner);
    const pid_t stranger = start_stranger();
    write_first_line(folder, (long)stranger);
    struct cluster *cluster = open_folder(folder);
    assert_int_not_equal(postmaster_of(folder), stranger);
    assert_true(is_running(stranger));
    assert_int_equal(add_row(cluster), 1);
    close_cluster(cluster);
    assert_int_equal(kill(stranger, SIGKILL), 0);
    assert_int_equal(waitpid(stranger, NULL, 0), stranger);
}

static void test_stale_number_of_this_process_and_garbage(void **state)
{
    (void)state;
    static const char *const contents[] = {"", "\n", "garbage\n", "-5\n", "99999999999999999999\n/x\n"};
    struct user owner = user_start(folder, false);
    kill_all(&owner);
    write_first_line(folder, (long)getpid());
    close_cluster(open_folder(folder));
    autofree char *path = mem_printf("%s/pgdata/postmaster.pid", folder);
    for (size_t at = 0; at < ARRAY_LENGTH(contents); at++) {
        assert_int_equal(file_replace(path, 0666, contents[at], strlen(contents[at]), NULL), 0);
        assert_int_equal(chmod(path, 0666), 0);
        close_cluster(open_folder(folder));
    }
}

static void test_revived_after_its_postmaster_died(void **state)
{
    (void)state;
    struct err err = {0};
    struct cluster *cluster = open_folder(folder);
    assert_int_equal(add_row(cluster), 1);
    const pid_t first = postmaster_of(folder);
    harness_ok(cluster_revive(cluster, &err), &err);
    assert_int_equal(postmaster_of(folder), first);
    assert_int_equal(kill(first, SIGKILL), 0);
    harness_ok(cluster_revive(cluster, &err), &err);
    assert_int_not_equal(postmaster_of(folder), first);
    assert_int_equal(add_row(cluster), 2);
    close_cluster(cluster);
}

static void test_deaf_socket_folder_is_replaced(void **state)
{
    (void)state;
    struct user owner = user_start(folder, false);
    const pid_t postmaster = postmaster_of(folder);
    struct cluster *cluster = open_folder(folder);
    autofree char *socket = mem_strdup(strstr(cluster_conninfo(cluster), "host='") + strlen("host='"));
    *strchr(socket, '\'') = '\0';
    close_cluster(cluster);
    user_kill(&owner);
    harness_remove_folder(socket); /* as a cleaner of /tmp would */
    cluster = open_folder(folder);
    assert_false(is_running(postmaster));
    assert_int_equal(add_row(cluster), 1);
    close_cluster(cluster);
    assert_false(file_exists(socket));
}

static void test_many_come_and_go_at_once(void **state)
{
    (void)state;
    pid_t users[6];
    for (size_t at = 0; at < ARRAY_LENGTH(users); at++) {
        users[at] = fork();
        assert_true(users[at] >= 0);
        if (users[at] == 0) {
            struct cluster *cluster = NULL;
            const struct cluster_options options = {.data_folder = folder, .fast_unsafe = true};
            bool good = true;
            for (int round = 0; good && round < 3; round++) {
                good = cluster_open(&options, &cluster, NULL) == 0 &&
                       db_ping(cluster_conninfo(cluster)) == DB_PING_READY && cluster_close(cluster, NULL) == 0;
            }
            _exit(good ? 0 : 1);
        }
    }
    for (size_t at = 0; at < ARRAY_LENGTH(users); at++) {
        int status = 1;
        assert_int_equal(waitpid(users[at], &status, 0), users[at]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(postmaster_of(folder), 0);
}

static void test_removed_only_when_unused(void **state)
{
    (void)state;
    struct err err = {0};
    const struct cluster_options options = {.data_folder = folder};
    harness_refused(cluster_remove(&options, &err), ERR_SERVICE, &err); /* nothing there yet */
    struct user owner = user_start(folder, false);
    harness_refused(cluster_remove(&options, &err), ERR_SERVICE, &err);
    user_kill(&owner);
    const pid_t postmaster = postmaster_of(folder);
    harness_ok(cluster_remove(&options, &err), &err);
    assert_false(is_running(postmaster));
    assert_false(file_exists(folder));
    assert_int_equal(mkdir(folder, 0711), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(test_made_started_stopped_and_started_again),
        TEST(test_settings_are_as_promised),
        TEST(test_last_user_stops_it),
        TEST(test_left_by_a_killed_owner_is_adopted),
        TEST(test_second_collector_is_told_of_the_first),
        TEST(test_everything_killed_recovers),
        TEST(test_stale_number_of_a_stranger),
        TEST(test_stale_number_of_this_process_and_garbage),
        TEST(test_revived_after_its_postmaster_died),
        TEST(test_deaf_socket_folder_is_replaced),
        TEST(test_many_come_and_go_at_once),
        TEST(test_removed_only_when_unused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
