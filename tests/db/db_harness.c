#include "tests/db/db_harness.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/db/migrate.h"

#define TEMPLATE "crosschip_template"

static struct {
    struct cluster *cluster;
    char *folder;
    char *conninfo;
    struct db *admin;
    char database[32];
    int number;
    pid_t guardian;
    int leash; /* the guardian acts when this closes */
} harness;

void harness_ok_at(int code, const struct err *err, const char *file, int line)
{
    if (code < 0) {
        print_error("%s%s%s%s%s %s %s\n", err->path, err->path[0] == '\0' ? "" : ": ", err->text,
                    err->detail[0] == '\0' ? "" : ": ", err->detail, err->hint, err->sqlstate);
        _fail(file, line);
    }
}

void harness_refused_at(int code, enum err_code expected, const struct err *err, const char *file, int line)
{
    if (code != -(int)expected || err->code != expected) {
        print_error("code %d, expected %d: %s\n", code, -(int)expected, err->text);
        _fail(file, line);
    }
}

char *harness_make_folder(void)
{
    char *folder = mem_strdup("/tmp/crosschip-test-XXXXXX");
    assert_non_null(folder);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0711), 0);
    return folder;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void harness_remove_folder(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void harness_exec(struct db *db, const char *sql)
{
    struct err err = {0};
    harness_ok(db_exec(db, sql, &err), &err);
}

int64_t harness_number(struct db *db, const char *sql)
{
    struct err err = {0};
    struct db_result *result autoresult = NULL;
    harness_ok(db_query(db, sql, NULL, &result, &err), &err);
    assert_int_equal(db_rows(result), 1);
    return db_int64(result, 0, 0);
}

static struct db *connect_to(const char *role, const char *database)
{
    struct err err = {0};
    autofree char *conninfo = cluster_conninfo_of(harness.cluster, role, database);
    assert_non_null(conninfo);
    struct db *db = NULL;
    harness_ok(db_connect(conninfo, NULL, &db, &err), &err);
    return db;
}

static void make_template(void)
{
    harness_exec(harness.admin, "create database " TEMPLATE " owner crosschip");
    struct err err = {0};
    struct db *db autodb = connect_to("crosschip", TEMPLATE);
    int applied = 0;
    harness_ok(db_migrate(db, &applied, &err), &err);
    assert_true(applied > 0);
}

/* A process that stops and removes the cluster when the tests end without doing it: aborted by a
 * sanitizer, killed by a time limit. */
static void start_guardian(void)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    harness.guardian = fork();
    assert_true(harness.guardian >= 0);
    if (harness.guardian == 0) {
        char byte;
        (void)close(ends[1]);
        (void)setsid();
        while (read(ends[0], &byte, 1) < 0 && errno == EINTR) {
        }
        const struct cluster_options options = {.data_folder = harness.folder, .fast_unsafe = true};
        if (file_exists(harness.folder) && cluster_remove(&options, NULL) < 0) {
            harness_remove_folder(harness.folder);
        }
        _exit(0);
    }
    (void)close(ends[0]);
    harness.leash = ends[1];
}

static void end_guardian(void)
{
    (void)close(harness.leash);
    (void)waitpid(harness.guardian, NULL, 0);
}

int harness_open(void **state)
{
    (void)state;
    struct err err = {0};
    harness.folder = harness_make_folder();
    start_guardian();
    const struct cluster_options options = {.data_folder = harness.folder, .fast_unsafe = true};
    harness_ok(cluster_open(&options, &harness.cluster, &err), &err);
    harness.admin = connect_to("crosschip_admin", "postgres");
    make_template();
    return 0;
}

int harness_close(void **state)
{
    (void)state;
    db_close(TAKE_PTR(harness.admin));
    struct err err = {0};
    harness_ok(cluster_close(TAKE_PTR(harness.cluster), &err), &err);
    harness_remove_folder(harness.folder);
    end_guardian();
    free(TAKE_PTR(harness.folder));
    return 0;
}

static int begin(const char *from)
{
    char sql[200];
    (void)snprintf(harness.database, sizeof harness.database, "test_%d", ++harness.number);
    (void)snprintf(sql, sizeof sql, "create database %s template %s owner crosschip", harness.database, from);
    harness_exec(harness.admin, sql);
    harness.conninfo = cluster_conninfo_of(harness.cluster, "crosschip", harness.database);
    assert_non_null(harness.conninfo);
    return 0;
}

int harness_begin(void **state)
{
    (void)state;
    return begin(TEMPLATE);
}

int harness_begin_empty(void **state)
{
    (void)state;
    return begin("template0");
}

int harness_end(void **state)
{
    (void)state;
    char sql[200];
    struct err err;
    (void)snprintf(sql, sizeof sql, "drop database %s with (force)", harness.database);
    if (db_exec(harness.admin, sql, &err) != 0) { /* a test may have let PostgreSQL crash */
        harness_ok(db_reconnect(harness.admin, &err), &err);
        harness_exec(harness.admin, sql);
    }
    free(TAKE_PTR(harness.conninfo));
    return 0;
}

const char *harness_conninfo(void)
{
    return harness.conninfo;
}

struct db *harness_connect(void)
{
    return connect_to("crosschip", harness.database);
}

struct cluster *harness_cluster(void)
{
    return harness.cluster;
}
