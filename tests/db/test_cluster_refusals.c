/* What a cluster cannot be made of or joined, and where root keeps it when a folder is closed. */
#include "tests/db/cluster_users.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    (void)unsetenv("XDG_RUNTIME_DIR");
    harness_remove_folder(folder);
    free(TAKE_PTR(folder));
    return 0;
}

static void assert_refused(const char *path, enum err_code code, const char *words, const char *hint)
{
    struct err err = {0};
    struct cluster *cluster = NULL;
    const struct cluster_options options = {.data_folder = path, .fast_unsafe = true};
    harness_refused(cluster_open(&options, &cluster, &err), code, &err);
    assert_null(cluster);
    if (strstr(err.text, words) == NULL || strstr(err.hint, hint) == NULL) {
        fail_msg("%s / %s", err.text, err.hint);
    }
}

static void give_to_account(const char *path)
{
    const struct passwd *account = getpwnam("postgres");
    if (geteuid() == 0) {
        assert_non_null(account);
        assert_int_equal(chown(path, account->pw_uid, account->pw_gid), 0);
    }
}

static void make_pgdata_of_version(const char *version)
{
    autofree char *pgdata = mem_printf("%s/pgdata", folder);
    autofree char *file = mem_printf("%s/PG_VERSION", pgdata);
    assert_int_equal(mkdir(pgdata, 0700), 0);
    assert_int_equal(file_replace(file, 0644, version, strlen(version), NULL), 0);
    give_to_account(pgdata);
}

static void test_older_major_version(void **state)
{
    (void)state;
    make_pgdata_of_version("13\n");
    assert_refused(folder, ERR_SERVICE, "made by PostgreSQL 13, PostgreSQL 1", "pg_upgrade");
}

static void test_newer_major_version(void **state)
{
    (void)state;
    make_pgdata_of_version("99\n");
    assert_refused(folder, ERR_SERVICE, "made by PostgreSQL 99", "install PostgreSQL 99");
}

static void test_folder_without_a_database(void **state)
{
    (void)state;
    autofree char *pgdata = mem_printf("%s/pgdata", folder);
    assert_int_equal(mkdir(pgdata, 0700), 0);
    give_to_account(pgdata);
    assert_refused(folder, ERR_DATA, "no PostgreSQL database", "");
    assert_int_equal(rmdir(pgdata), 0);
    assert_int_equal(symlink("/", pgdata), 0);
    assert_refused(folder, ERR_CANNOT_WRITE, "not the folder of a database", "");
}

static void test_other_owner(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("only root can give a folder away: skipped\n");
        skip();
    }
    make_pgdata_of_version("15\n");
    autofree char *pgdata = mem_printf("%s/pgdata", folder);
    const struct passwd *nobody = getpwnam("nobody");
    assert_non_null(nobody);
    assert_int_equal(chown(pgdata, nobody->pw_uid, nobody->pw_gid), 0);
    assert_refused(folder, ERR_NOT_ALLOWED, "belongs to nobody", "--user nobody");
    const struct err err = refused_as_account(folder);
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_non_null(strstr(err.hint, "as nobody or as root"));
}

static void test_account_that_cannot_be(void **state)
{
    (void)state;
    struct err err = {0};
    struct cluster *cluster = NULL;
    struct cluster_options options = {.data_folder = folder, .account = "no-such-account"};
    harness_refused(cluster_open(&options, &cluster, &err), ERR_NOT_ALLOWED, &err);
    options.account = "root";
    harness_refused(cluster_open(&options, &cluster, &err), ERR_NOT_ALLOWED, &err);
}

/* The account's own runtime folder, too long for a socket. */
static void test_socket_path_too_long(void **state)
{
    (void)state;
    char deep[90];
    memset(deep, 'd', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    autofree char *runtime = mem_printf("%s/%s", folder, deep);
    autofree char *data = mem_printf("%s/data", folder);
    assert_int_equal(mkdir(runtime, 0700), 0);
    give_to_account(runtime);
    assert_int_equal(setenv("XDG_RUNTIME_DIR", runtime, 1), 0);
    assert_refused(data, ERR_CANNOT_WRITE, "this system allows", "XDG_RUNTIME_DIR");
    autofree char *pgdata = mem_printf("%s/pgdata", data);
    assert_false(file_exists(pgdata));
}

static void test_socket_folder_of_somebody_else(void **state)
{
    (void)state;
    struct cluster *cluster = open_folder(folder);
    autofree char *socket = mem_strdup(strstr(cluster_conninfo(cluster), "host='") + strlen("host='"));
    *strchr(socket, '\'') = '\0';
    assert_int_equal(cluster_close(cluster, NULL), 0);
    autofree char *elsewhere = mem_printf("%s/elsewhere", folder);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    give_to_account(elsewhere);
    assert_int_equal(symlink(elsewhere, socket), 0);
    assert_refused(folder, ERR_NOT_ALLOWED, "a link or belongs to somebody else", "remove it");
    assert_int_equal(unlink(socket), 0);
    assert_int_equal(cluster_close(open_folder(folder), NULL), 0);
}

static void test_data_folder_that_cannot_be(void **state)
{
    (void)state;
    struct err err = {0};
    struct cluster *cluster = NULL;
    autofree char *file = mem_printf("%s/file", folder);
    autofree char *below = mem_printf("%s/file/data", folder);
    autofree char *missing = mem_printf("%s/missing", folder);
    assert_int_equal(file_replace(file, 0644, "x", 1, NULL), 0);
    assert_refused("", ERR_USAGE, "empty name", "");
    assert_refused(file, ERR_CANNOT_WRITE, "Not a directory", "");
    assert_refused(below, ERR_CANNOT_WRITE, "", "");
    const struct cluster_options existing = {.data_folder = missing, .existing_only = true};
    harness_refused(cluster_open(&existing, &cluster, &err), ERR_SERVICE, &err);
    assert_false(file_exists(missing));
}

/* Also where the database runs, and below a folder that is not there yet. */
static void test_folder_inside_a_database(void **state)
{
    (void)state;
    autofree char *inside = mem_printf("%s/pgdata", folder);
    autofree char *below = mem_printf("%s/base/new/", inside);
    struct cluster *cluster = open_folder(folder);
    assert_refused(inside, ERR_USAGE, "inside the folder of a PostgreSQL", inside);
    assert_refused(below, ERR_USAGE, "inside the folder of a PostgreSQL", inside);
    assert_int_equal(cluster_close(cluster, NULL), 0);
    autofree char *made = mem_printf("%s/pgdata", inside);
    assert_false(file_exists(made));
}

static void test_closed_folder_is_named(void **state)
{
    (void)state;
    autofree char *closed = mem_printf("%s/closed", folder);
    autofree char *inside = mem_printf("%s/inside", closed);
    assert_int_equal(mkdir(closed, 0), 0);
    const struct err err = refused_as_account(inside);
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_string_equal(err.path, closed);
    assert_int_equal(chmod(closed, 0700), 0);
    assert_false(file_exists(inside));
}

static void test_folder_of_others_cannot_be_written(void **state)
{
    (void)state;
    const struct err err = refused_as_account("/usr/crosschip-test");
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_non_null(strstr(err.hint, "--data"));
}

static void note_earlier(void *context, const char *message)
{
    int *seen = context;
    if (strstr(message, "an earlier database") != NULL && strstr(message, "takes it back") != NULL) {
        (*seen)++;
    }
}

/* Root in a folder that only root may enter. */
static void test_root_keeps_it_elsewhere(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("only for root: skipped\n");
        skip();
    }
    struct err err = {0};
    autofree char *closed = mem_printf("%s/closed", folder);
    autofree char *data = mem_printf("%s/data", closed);
    autofree char *address = mem_printf("%s/cluster", data);
    assert_int_equal(mkdir(closed, 0700), 0);
    struct cluster *cluster = open_folder(data);
    assert_int_equal(strncmp(cluster_folder(cluster), "/var/lib/crosschip/", 19), 0);
    autofree char *home = mem_strdup(cluster_folder(cluster));
    assert_true(file_exists(address));
    assert_int_equal(add_row(cluster), 1);
    assert_int_equal(cluster_close(cluster, &err), 0);
    cluster = open_folder(data);
    assert_string_equal(cluster_folder(cluster), home);
    assert_int_equal(add_row(cluster), 2);
    assert_int_equal(cluster_close(cluster, &err), 0);
    /* What belonged to a folder that was deleted is not taken over by a new one of its name. */
    harness_remove_folder(data);
    int told = 0;
    const struct cluster_options anew = {
        .data_folder = data, .progress = note_earlier, .progress_context = &told, .fast_unsafe = true};
    harness_ok(cluster_open(&anew, &cluster, &err), &err);
    assert_int_equal(told, 1);
    assert_string_not_equal(cluster_folder(cluster), home);
    assert_int_equal(add_row(cluster), 1);
    assert_int_equal(cluster_close(cluster, &err), 0);
    harness_remove_folder(home);
    const struct cluster_options options = {.data_folder = data};
    harness_ok(cluster_remove(&options, &err), &err);
    assert_false(file_exists(data));
    assert_false(file_exists(home));
}

/* What root made with mkdir before the first start becomes the account's; a folder that is used for something else
 * stays root's. */
static void test_empty_folder_of_root_is_given(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("only for root: skipped\n");
        skip();
    }
    struct err err = {0};
    struct stat about, inside, given;
    autofree char *data = mem_printf("%s/data", folder);
    autofree char *key = mem_printf("%s/signing.key", data);
    autofree char *pgdata = mem_printf("%s/pgdata", data);
    autofree char *used = mem_printf("%s/used", folder);
    autofree char *thesis = mem_printf("%s/thesis.txt", used);
    assert_int_equal(mkdir(data, 0755), 0);
    assert_int_equal(file_replace(key, 0600, "x", 1, NULL), 0);
    struct cluster *cluster = open_folder(data);
    assert_int_equal(stat(data, &about), 0);
    assert_int_equal(stat(key, &given), 0);
    assert_int_equal(given.st_uid, about.st_uid);
    assert_int_equal(stat(pgdata, &inside), 0);
    assert_int_not_equal(about.st_uid, 0);
    assert_int_equal(about.st_uid, inside.st_uid);
    assert_int_equal(cluster_close(cluster, &err), 0);
    assert_int_equal(mkdir(used, 0755), 0);
    assert_int_equal(file_replace(thesis, 0644, "x", 1, NULL), 0);
    assert_refused(used, ERR_NOT_ALLOWED, "other files", "--data");
    assert_int_equal(stat(used, &about), 0);
    assert_int_equal(about.st_uid, 0);
}

static void test_address_that_root_did_not_write(void **state)
{
    (void)state;
    static const char *const addresses[] = {"/etc", "/var/lib/crosschip/../../../etc", "", "relative",
                                            "/var/lib/crosschip/no-such-folder"};
    autofree char *address = mem_printf("%s/cluster", folder);
    for (size_t at = 0; at < ARRAY_LENGTH(addresses); at++) {
        assert_int_equal(file_replace(address, 0644, addresses[at], strlen(addresses[at]), NULL), 0);
        assert_refused(folder, at == 4 ? ERR_SERVICE : ERR_DATA, at == 4 ? "is gone" : "does not name", "");
    }
}

static void test_programs_are_found_without_path(void **state)
{
    (void)state;
    autofree char *path = mem_strdup(getenv("PATH"));
    if (access("/usr/lib/postgresql", F_OK) == 0 || access("/usr/bin/postgres", X_OK) == 0) {
        /* They are found without PATH where distributions put them. */
        assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
        struct cluster *cluster = open_folder(folder);
        assert_int_equal(setenv("PATH", path, 1), 0);
        assert_int_equal(cluster_close(cluster, NULL), 0);
    } else {
        skip();
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(test_older_major_version),
        TEST(test_newer_major_version),
        TEST(test_folder_without_a_database),
        TEST(test_other_owner),
        TEST(test_account_that_cannot_be),
        TEST(test_socket_path_too_long),
        TEST(test_socket_folder_of_somebody_else),
        TEST(test_data_folder_that_cannot_be),
        TEST(test_folder_inside_a_database),
        TEST(test_closed_folder_is_named),
        TEST(test_folder_of_others_cannot_be_written),
        TEST(test_root_keeps_it_elsewhere),
        TEST(test_empty_folder_of_root_is_given),
        TEST(test_address_that_root_did_not_write),
        TEST(test_programs_are_found_without_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
