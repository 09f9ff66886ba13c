/* postmaster.pid: who runs on the data folder, if anybody.
 * Its lines (PostgreSQL, src/include/utils/pidfile.h): process id, data folder, start time, port,
 * socket folder, listen address, shared memory key, status. */
#include "schema/cluster/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <libproc.h>
#endif

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

/* Higher than any process id of Linux (at most 2^22) and macOS (99999). */
#define DEAD_NUMBER "2147483647"

static char *pid_file(const struct cluster *cluster)
{
    return mem_printf("%s/postmaster.pid", cluster->pgdata);
}

static bool same_folder(const char *a, const char *b)
{
    struct stat one;
    struct stat other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* A postgres works inside its data folder. A zombie has neither folder nor program. */
static bool is_postgres_of(const char *pgdata, pid_t pid)
{
#ifdef __APPLE__
    char program[PROC_PIDPATHINFO_MAXSIZE];
    struct proc_vnodepathinfo where;
    return proc_pidpath(pid, program, sizeof program) > 0 && text_equal(file_base_name(program), "postgres") &&
           proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0, &where, sizeof where) == (int)sizeof where &&
           same_folder(where.pvi_cdir.vip_path, pgdata);
#else
    char link[64];
    char folder[64];
    char program[PATH_MAX];
    (void)snprintf(link, sizeof link, "/proc/%ld/exe", (long)pid);
    (void)snprintf(folder, sizeof folder, "/proc/%ld/cwd", (long)pid);
    const ssize_t length = readlink(link, program, sizeof program - 1);
    if (length <= 0) {
        return false;
    }
    program[length] = '\0';
    /* After an upgrade of the package the link says "…/postgres (deleted)". */
    return text_starts_with(file_base_name(program), "postgres") && same_folder(folder, pgdata);
#endif
}

/* A process that ends loses its program and folder first, its memory and files after that, and is
 * a zombie at last: true in between, when it must still be waited for. */
static bool is_ending(pid_t pid)
{
#ifdef __APPLE__
    (void)pid;
    return false;
#else
    char path[64];
    char text[400];
    (void)snprintf(path, sizeof path, "/proc/%ld/exe", (long)pid);
    if (readlink(path, text, sizeof text) >= 0 || errno != ENOENT) {
        return false; /* a living process of this number, not ours */
    }
    (void)snprintf(path, sizeof path, "%ld/stat", (long)pid);
    int proc autoclose = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0 || !file_read_text_at(proc, path, text, sizeof text)) {
        return false;
    }
    const char *state = strrchr(text, ')');
    return state != NULL && strlen(state) > 2 && strchr("ZXx", state[2]) == NULL;
#endif
}

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0 || errno == EPERM;
}

void postmaster_look(const struct cluster *cluster, struct postmaster *ret)
{
    memset(ret, 0, sizeof *ret);
    autofree char *path = pid_file(cluster);
    struct buf text autobuf = BUF(BUF_MIB);
    if (path == NULL || file_read(path, &text, NULL) < 0) {
        return;
    }
    ret->has_file = true;
    struct str rest = str_of(buf_text(&text));
    struct str line;
    for (int number = 1; str_next_line(&rest, &line); number++) {
        int64_t pid;
        if (number == 1 && number_parse_int64(str_trim(line), &pid) && pid != 0 && pid >= -INT_MAX && pid <= INT_MAX) {
            ret->single = pid < 0;
            ret->pid = (pid_t)(pid < 0 ? -pid : pid);
        }
        if (number == 8) {
            ret->ready = str_starts_with(line, STR("ready")) || str_starts_with(line, STR("standby"));
        }
        if (number == 5 && line.len < sizeof ret->socket_folder) {
            memcpy(ret->socket_folder, line.data, line.len);
        }
    }
    if (ret->pid <= 0 || !is_alive(ret->pid)) {
        ret->kind = POSTMASTER_NONE;
    } else {
        ret->kind = is_postgres_of(cluster->pgdata, ret->pid) ? POSTMASTER_OURS : POSTMASTER_OTHER;
    }
}

static int bury(void *context, struct err *err)
{
    const struct cluster *cluster = context;
    autofree char *path = pid_file(cluster);
    struct buf text autobuf = BUF(BUF_MIB);
    if (path == NULL) {
        return mem_error(err);
    }
    int code = file_read(path, &text, err);
    if (code < 0) {
        return code;
    }
    const char *rest = strchr(buf_text(&text), '\n');
    autofree char *changed = mem_printf(DEAD_NUMBER "%s", rest == NULL ? "\n" : rest);
    if (changed == NULL) {
        return mem_error(err);
    }
    return file_replace(path, 0600, changed, strlen(changed), err);
}

int postmaster_bury(const struct cluster *cluster, struct err *err)
{
    return account_run(&cluster->account, bury, (void *)(uintptr_t)cluster, err);
}

bool postmaster_is_gone(struct cluster *cluster, pid_t pid)
{
    if (pid == cluster->child) {
        int status;
        const pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid || (ended < 0 && errno == ECHILD && !is_alive(pid))) {
            cluster->child = 0;
            cluster->killed = ended == pid && WIFSIGNALED(status);
            return true;
        }
        if (ended >= 0) {
            return false;
        }
    }
    return !is_alive(pid) || !(is_postgres_of(cluster->pgdata, pid) || is_ending(pid));
}

/* Children call themselves "postgres: NAME"; a postmaster keeps the words of its command. */
static bool is_child(int proc, const char *pid)
{
    char path[64];
    char words[16] = "";
    (void)snprintf(path, sizeof path, "%.20s/cmdline", pid);
    int descriptor autoclose = openat(proc, path, O_RDONLY | O_CLOEXEC);
    return descriptor >= 0 && read(descriptor, words, sizeof words - 1) > 0 && text_starts_with(words, "postgres: ");
}

void postmaster_end_children(const struct cluster *cluster)
{
    struct postmaster found;
    postmaster_look(cluster, &found);
    DIR *folder = found.kind == POSTMASTER_OURS ? NULL : opendir("/proc");
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        int64_t pid;
        if (number_parse_int64(str_of(entry->d_name), &pid) && pid > 0 && pid <= INT_MAX &&
            is_child(dirfd(folder), entry->d_name) && is_postgres_of(cluster->pgdata, (pid_t)pid)) {
            (void)kill((pid_t)pid, SIGKILL);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}
