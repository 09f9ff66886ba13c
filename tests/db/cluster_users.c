#include "tests/db/cluster_users.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "tests/db/db_harness.h"

static int use_cluster(const char *folder, bool collector, int ready, int leave)
{
    struct cluster *cluster = NULL;
    const struct cluster_options options = {.data_folder = folder, .fast_unsafe = true};
    if (cluster_open(&options, &cluster, NULL) < 0) {
        return 1;
    }
    if (collector &&
        (cluster_lock_collector(cluster, "http://127.0.0.1:9", NULL) < 0 || cluster_drop_privileges(NULL, NULL) < 0)) {
        return 2;
    }
    char byte = 'r';
    if (write(ready, &byte, 1) != 1) {
        return 3;
    }
    while (read(leave, &byte, 1) < 0 && errno == EINTR) {
    }
    return cluster_close(cluster, NULL) < 0 ? 4 : 0;
}

struct user user_start(const char *folder, bool collector)
{
    int ready[2];
    int leave[2];
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    assert_int_equal(pipe2(leave, O_CLOEXEC), 0);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(leave[1]);
        _exit(use_cluster(folder, collector, ready[1], leave[0]));
    }
    (void)close(ready[1]);
    (void)close(leave[0]);
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    return (struct user){pid, leave[1]};
}

bool user_leave(struct user *user)
{
    (void)close(user->leave);
    int status = 0;
    assert_int_equal(waitpid(user->pid, &status, 0), user->pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void user_kill(struct user *user)
{
    assert_int_equal(kill(user->pid, SIGKILL), 0);
    assert_int_equal(waitpid(user->pid, NULL, 0), user->pid);
    (void)close(user->leave);
}

struct err refused_as_account(const char *folder)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct err err = {0};
        struct cluster *cluster = NULL;
        const struct cluster_options options = {.data_folder = folder, .fast_unsafe = true};
        if (cluster_drop_privileges(NULL, &err) == 0 && cluster_open(&options, &cluster, &err) == 0) {
            (void)cluster_close(cluster, NULL);
        }
        _exit(write(ends[1], &err, sizeof err) == (ssize_t)sizeof err ? 0 : 1);
    }
    (void)close(ends[1]);
    struct err err = {0};
    assert_int_equal(read(ends[0], &err, sizeof err), sizeof err);
    (void)close(ends[0]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return err;
}

pid_t postmaster_of(const char *folder)
{
    autofree char *path = mem_printf("%s/pgdata/postmaster.pid", folder);
    struct buf text autobuf = BUF(10000);
    return file_read(path, &text, NULL) < 0 ? 0 : (pid_t)strtol(buf_text(&text), NULL, 10);
}

/* A zombie that nobody has reaped yet runs no more. */
bool is_running(pid_t pid)
{
    autofree char *path = mem_printf("/proc/%ld/stat", (long)pid);
    struct buf text autobuf = BUF(10000);
    if (pid <= 0 || kill(pid, 0) != 0) {
        return false;
    }
    if (file_read(path, &text, NULL) < 0) {
        return true;
    }
    const char *state = strrchr(buf_text(&text), ')');
    return state == NULL || strncmp(state, ") Z", 3) != 0;
}

void assert_running_at(const char *folder, pid_t pid, const char *file, int line)
{
    if (is_running(pid)) {
        return;
    }
    autofree char *path = mem_printf("%s/postgres.log", folder);
    struct buf text autobuf = BUF(BUF_MIB);
    if (file_read(path, &text, NULL) == 0) {
        print_error("process %ld is gone; its log:\n%s\n", (long)pid, buf_text(&text));
    }
    _fail(file, line);
}

struct cluster *open_folder(const char *folder)
{
    struct err err = {0};
    struct cluster *cluster = NULL;
    const struct cluster_options options = {.data_folder = folder, .fast_unsafe = true};
    harness_ok(cluster_open(&options, &cluster, &err), &err);
    return cluster;
}

int add_row(const struct cluster *cluster)
{
    struct err err = {0};
    struct db *db autodb = NULL;
    const struct db_options options = {.writes = true}; /* waits until the row is written, also here */
    harness_ok(db_connect(cluster_conninfo(cluster), &options, &db, &err), &err);
    harness_exec(db, "create table if not exists kept (i int); insert into kept values (1)");
    return (int)harness_number(db, "select count(*) from kept");
}

void write_first_line(const char *folder, long number)
{
    autofree char *path = mem_printf("%s/pgdata/postmaster.pid", folder);
    struct buf text autobuf = BUF(10000);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(file_read(path, &text, NULL), 0);
    const char *rest = strchr(buf_text(&text), '\n');
    assert_non_null(rest);
    autofree char *changed = mem_printf("%ld%s", number, rest);
    assert_int_equal(file_replace(path, 0600, changed, strlen(changed), NULL), 0);
    assert_int_equal(chown(path, about.st_uid, about.st_gid), 0);
}
