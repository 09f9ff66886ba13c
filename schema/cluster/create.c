#include "schema/cluster/private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define LOOK_AGAIN_US 5000

/* The exit status, or -code when it was interrupted. */
static int wait_program(const struct cluster *cluster, pid_t child, struct err *err)
{
    int status = 0;
    bool told_to_end = false;
    for (;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            break;
        }
        if (ended < 0 && errno != EINTR) {
            return err_set_errno(err, ERR_IO, errno, "cannot wait for a program of PostgreSQL");
        }
        if (cluster_is_stopped(cluster) && !told_to_end) {
            (void)kill(child, SIGTERM);
            told_to_end = true;
        }
        clock_sleep_us(LOOK_AGAIN_US);
    }
    if (told_to_end) {
        return err_set(err, ERR_SERVICE, "interrupted while the database was made");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int run_program(const struct cluster *cluster, const char *const *argv, const char *log, struct err *err)
{
    pid_t child = 0;
    const int code = spawn_program(&cluster->account, argv, log, &child, err);
    return code < 0 ? code : wait_program(cluster, child, err);
}

static int fail_initdb(const struct cluster *cluster, off_t log_from, struct err *err)
{
    char why[300];
    serverlog_complaint(cluster, log_from, why, sizeof why);
    const bool full = strstr(why, "No space left") != NULL || folder_is_nearly_full(cluster->home);
    const int code = err_set(err, full ? ERR_CANNOT_WRITE : ERR_SERVICE, "the database could not be made");
    if (err == NULL) {
        return code;
    }
    (void)err_path(err, "%s", cluster->home);
    if (why[0] != '\0') {
        (void)err_detail(err, "%s", why);
    }
    return full ? err_hint(err, "make room on this disk, or choose another folder with --data")
                : err_hint(err, "see %s", cluster->log);
}

static int run_initdb(const struct cluster *cluster, const char *fresh, struct err *err)
{
    autofree char *initdb = mem_printf("%s/initdb", cluster->programs);
    if (initdb == NULL) {
        return mem_error(err);
    }
    const off_t log_from = serverlog_size(cluster);
    const char *const argv[] = {initdb,
                                "-D",
                                fresh,
                                "-U",
                                CLUSTER_ADMIN,
                                "--locale=C",
                                "--encoding=UTF8",
                                "--data-checksums",
                                "--auth-local=peer",
                                "--auth-host=reject",
                                "--no-instructions",
                                cluster->options.fast_unsafe ? "--no-sync" : NULL,
                                NULL};
    const int status = run_program(cluster, argv, cluster->log, err);
    if (status < 0) {
        return status;
    }
    return status == 0 ? 0 : fail_initdb(cluster, log_from, err);
}

bool create_knows_lz4(const struct cluster *cluster, const char *pgdata)
{
    autofree char *postgres = mem_printf("%s/postgres", cluster->programs);
    if (postgres == NULL) {
        return false;
    }
    const char *const argv[] = {postgres, "-D", pgdata, "-c", "wal_compression=lz4", "-C", "wal_compression", NULL};
    return run_program(cluster, argv, "/dev/null", NULL) == 0;
}

struct configuration {
    const char *path;
    bool lz4;
};

static int extend_configuration(void *context, struct err *err)
{
    const struct configuration *configuration = context;
    struct buf text autobuf = BUF(BUF_MIB);
    int code = file_read(configuration->path, &text, err);
    if (code < 0) {
        return code;
    }
    buf_adds(&text, "\n# Written by crosschip when the database was made. Own settings below count.\n"
                    "include 'crosschip.conf'\n");
    if (configuration->lz4) {
        buf_adds(&text, "default_toast_compression = 'lz4'\n");
    }
    code = buf_check(&text, err);
    return code < 0 ? code : file_replace(configuration->path, 0600, text.data, text.len, err);
}

static int configure(const struct cluster *cluster, const char *fresh, struct err *err)
{
    autofree char *path = mem_printf("%s/postgresql.conf", fresh);
    if (path == NULL) {
        return mem_error(err);
    }
    struct configuration configuration = {path, create_knows_lz4(cluster, fresh)};
    const int code = account_run(&cluster->account, extend_configuration, &configuration, err);
    return code < 0 ? code : settings_write(cluster, fresh, err);
}

/* Made beside its place and renamed into it: what is in pgdata is always whole. */
static int create(struct cluster *cluster, struct err *err)
{
    autofree char *fresh = mem_printf("%s/pgdata.new", cluster->home);
    if (fresh == NULL) {
        return mem_error(err);
    }
    cluster_progress(cluster, "making the database in %s (once)", cluster->home);
    bool exists = false;
    int code = folder_remove_tree(fresh, err);
    if (code == 0) {
        code = folder_make(&cluster->account, fresh, 0700, &exists, err);
    }
    if (code == 0) {
        code = run_initdb(cluster, fresh, err);
    }
    if (code == 0) {
        code = configure(cluster, fresh, err);
    }
    if (code == 0 && rename(fresh, cluster->pgdata) != 0) {
        code = folder_fail(err, errno, "cannot rename the new database", fresh);
    }
    if (code < 0) {
        (void)!folder_remove_tree(fresh, NULL);
        return code;
    }
    cluster->created = true;
    return cluster->options.fast_unsafe ? 0 : file_sync_folder(cluster->home, err);
}

/* The major version in PG_VERSION; 0 when there is no such file. */
static int read_version(const struct cluster *cluster, int *ret_major, struct err *err)
{
    autofree char *path = mem_printf("%s/PG_VERSION", cluster->pgdata);
    if (path == NULL) {
        return mem_error(err);
    }
    *ret_major = 0;
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return 0;
    }
    struct buf text autobuf = BUF(100);
    const int code = file_read(path, &text, err);
    *ret_major = code < 0 ? 0 : (int)strtol(buf_text(&text), NULL, 10);
    return code;
}

static int fail_version(const struct cluster *cluster, int found, struct err *err)
{
    autofree char *newest = NULL;
    int major = 0;
    if (programs_find(0, &newest, &major, NULL) < 0) {
        return programs_find(found, &newest, &major, err); /* no PostgreSQL at all: that is the error */
    }
    (void)err_set(err, ERR_SERVICE, "this database was made by PostgreSQL %d, PostgreSQL %d is installed", found,
                  major);
    if (err == NULL) {
        return -(int)ERR_SERVICE;
    }
    (void)err_path(err, "%s", cluster->pgdata);
    if (found > major) {
        return err_hint(err, "install PostgreSQL %d, or choose another folder with --data", found);
    }
    (void)err_detail(err,
                     "to bring it to %d: install postgresql-%d, make PGNEW with %s/initdb -D PGNEW -U %s --locale=C "
                     "--encoding=UTF8 -k, run pg_upgrade, put PGNEW in the place of pgdata",
                     major, found, newest, CLUSTER_ADMIN);
    return err_hint(err, "as %s: %s/pg_upgrade -U %s -b /usr/lib/postgresql/%d/bin -B %s -d %s -D PGNEW",
                    cluster->account.name, newest, CLUSTER_ADMIN, found, newest, cluster->pgdata);
}

int create_or_check(struct cluster *cluster, struct err *err)
{
    struct stat about;
    int major = 0;
    int code;
    if (lstat(cluster->pgdata, &about) != 0) {
        code = programs_find(0, &cluster->programs, &major, err);
        return code < 0 ? code : create(cluster, err);
    }
    code = folder_check_owner(cluster, cluster->pgdata, err);
    int found = 0;
    if (code == 0) {
        code = read_version(cluster, &found, err);
    }
    if (code < 0) {
        return code;
    }
    if (found == 0) {
        (void)err_set(err, ERR_DATA, "this folder holds no PostgreSQL database");
        if (err != NULL) {
            (void)err_path(err, "%s", cluster->pgdata);
            (void)err_hint(err, "restore it from a backup, or choose another folder with --data");
        }
        return -(int)ERR_DATA;
    }
    if (found < CLUSTER_OLDEST || programs_find(found, &cluster->programs, &major, NULL) < 0) {
        return fail_version(cluster, found, err);
    }
    return 0;
}
