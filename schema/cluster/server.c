#include "schema/cluster/private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/db.h"

#define LOOK_AGAIN_US 5000
#define TELL_EVERY_US 2000000
#define DEAF_AFTER_US 10000000 /* a postmaster that answers nothing for so long is stopped */
#define END_ORPHANS_US 2000000 /* after which children of a killed postmaster are ended */
#define ORPHANS_US 90000000    /* how long they may take to go */
#define STOP_LIMIT_US 120000000
#define LOG_LIMIT (10 << 20)
#define TRIES 5 /* of a start that somebody kills: the kernel out of memory, or a person */

/* Tells what is waited for: after the first two seconds, and then again and again. */
struct patience {
    int64_t began_us, told_us;
};

static struct patience patience_begin(void)
{
    const int64_t now_us = clock_monotonic_us();
    return (struct patience){now_us, now_us};
}

static int64_t patience_wait(const struct cluster *cluster, struct patience *patience, const char *what)
{
    const int64_t now_us = clock_monotonic_us();
    if (now_us - patience->told_us >= TELL_EVERY_US) {
        patience->told_us = now_us;
        cluster_progress(cluster, "%s (%d s)", what, (int)((now_us - patience->began_us) / 1000000));
    }
    clock_sleep_us(LOOK_AGAIN_US);
    return now_us - patience->began_us;
}

static int fail_start(struct cluster *cluster, off_t log_from, struct err *err)
{
    char why[300];
    serverlog_complaint(cluster, log_from, why, sizeof why);
    const bool full = strstr(why, "No space left") != NULL || folder_is_nearly_full(cluster->home);
    const int code = err_set(err, full ? ERR_CANNOT_WRITE : ERR_SERVICE, "PostgreSQL did not start");
    if (err == NULL) {
        return code;
    }
    (void)err_path(err, "%s", cluster->folder);
    if (why[0] != '\0') {
        (void)err_detail(err, "%s", why);
    } else if (cluster->killed) {
        (void)err_detail(err, "something kills it while it starts; it was tried %d times", TRIES);
    }
    return full ? err_hint(err, "make room on this disk") : err_hint(err, "see %s", cluster->log);
}

/* Waits until the child accepts connections: 1; or has ended: 0. */
static int wait_ready(struct cluster *cluster, struct err *err)
{
    struct patience patience = patience_begin();
    const pid_t child = cluster->child;
    for (;;) {
        if (postmaster_is_gone(cluster, child) && cluster->child == 0) {
            return 0;
        }
        struct postmaster found;
        postmaster_look(cluster, &found); /* asking too early would only fill the log */
        if (found.ready && db_ping(cluster->question) == DB_PING_READY) {
            return 1;
        }
        if (cluster_is_stopped(cluster)) {
            (void)!server_stop(cluster, NULL);
            return err_set(err, ERR_SERVICE, "interrupted while PostgreSQL was starting");
        }
        (void)patience_wait(cluster, &patience, "PostgreSQL is starting or recovering");
    }
}

/* One older generation of messages is kept. */
static void turn_log(const struct cluster *cluster)
{
    if (serverlog_size(cluster) > LOG_LIMIT) {
        autofree char *old = mem_printf("%s.1", cluster->log);
        int log autoclose = -1;
        if (old != NULL && rename(cluster->log, old) == 0) {
            (void)!lock_open(cluster, "postgres.log", &log, NULL);
        }
    }
}

static int spawn_postmaster(struct cluster *cluster, struct err *err)
{
    autofree char *postgres = mem_printf("%s/postgres", cluster->programs);
    if (postgres == NULL) {
        return mem_error(err);
    }
    const char *const argv[] = {postgres,     "-D", cluster->pgdata, "-k", cluster->socket_folder, "-p",
                                CLUSTER_PORT, NULL};
    return spawn_program(&cluster->account, argv, cluster->log, &cluster->child, err);
}

/* The folder used before, so that those who connect again find the socket where it was; another one
 * where that cannot be (a runtime folder that went with its session). */
static int make_socket_folder(struct cluster *cluster, struct err *err)
{
    if (cluster->socket_folder != NULL && socket_make(cluster, NULL) == 0) {
        return 0;
    }
    const int code = socket_choose(cluster, err);
    return code < 0 ? code : socket_make(cluster, err);
}

/* What a killed postmaster left: its lock files. Nobody else starts one meanwhile. */
static int clear_the_way(struct cluster *cluster, struct err *err)
{
    struct postmaster found;
    postmaster_look(cluster, &found);
    const int code = found.has_file ? postmaster_bury(cluster, err) : 0;
    return code < 0 ? code : make_socket_folder(cluster, err);
}

/* One try: 1 it answers, 0 it has ended. */
static int start_once(struct cluster *cluster, struct err *err)
{
    int code = clear_the_way(cluster, err);
    if (code == 0) {
        code = spawn_postmaster(cluster, err);
    }
    return code < 0 ? code : wait_ready(cluster, err);
}

/* Children of a postmaster that was killed may still hold its shared memory: most for a moment, one at the end of
 * recovery for a minute, in which it asks for a checkpointer that is gone (src/backend/postmaster/checkpointer.c,
 * RequestCheckpoint). PostgreSQL refuses to start beside them, and is asked again. One that is killed while it starts
 * or recovers is started again as well. */
static int start(struct cluster *cluster, struct err *err)
{
    struct patience patience = patience_begin();
    int kills = 0;
    int code = settings_write(cluster, cluster->pgdata, err);
    turn_log(cluster);
    while (code == 0) {
        const off_t log_from = serverlog_size(cluster);
        code = start_once(cluster, err);
        if (code != 0) {
            break;
        }
        char why[300];
        serverlog_complaint(cluster, log_from, why, sizeof why);
        const int64_t waited_us = patience_wait(cluster, &patience, "waiting for the processes of a killed PostgreSQL");
        const bool in_the_way = strstr(why, "shared memory block") != NULL && waited_us <= ORPHANS_US;
        const bool killed = cluster->killed && ++kills < TRIES;
        if ((!in_the_way && !killed) || cluster_is_stopped(cluster)) {
            return fail_start(cluster, log_from, err);
        }
        if (in_the_way && waited_us > END_ORPHANS_US) {
            postmaster_end_children(cluster);
        }
        clock_sleep_us(20 * LOOK_AGAIN_US);
    }
    return code < 0 ? code : 0;
}

/* ---- a postmaster that is there already */

static int adopt_socket(struct cluster *cluster, const struct postmaster *found, struct err *err)
{
    char *folder = mem_strdup(found->socket_folder);
    if (folder == NULL) {
        return mem_error(err);
    }
    free(cluster->socket_folder);
    cluster->socket_folder = folder;
    return socket_set_conninfo(cluster, err);
}

/* 1 it answers; 0 it is gone, or was deaf and has been stopped. */
static int join(struct cluster *cluster, struct err *err)
{
    struct patience patience = patience_begin();
    int64_t heard_us = patience.began_us;
    for (;;) {
        struct postmaster found;
        postmaster_look(cluster, &found);
        if (found.kind != POSTMASTER_OURS) {
            return 0;
        }
        if (found.socket_folder[0] != '\0' && !socket_folder_is_safe(&cluster->account, found.socket_folder)) {
            return server_stop(cluster, err); /* its socket is lost: a cleaner of /tmp took it */
        }
        enum db_ping answer = DB_PING_NONE;
        if (socket_folder_is_safe(&cluster->account, found.socket_folder)) {
            const int code = adopt_socket(cluster, &found, err);
            if (code < 0) {
                return code;
            }
            answer = db_ping(cluster->question);
        }
        if (answer == DB_PING_READY) {
            return 1;
        }
        if (cluster_is_stopped(cluster)) {
            return err_set(err, ERR_SERVICE, "interrupted while PostgreSQL was starting");
        }
        if (answer == DB_PING_STARTING) {
            heard_us = clock_monotonic_us();
        } else if (clock_monotonic_us() - heard_us > DEAF_AFTER_US) {
            return server_stop(cluster, err);
        }
        (void)patience_wait(cluster, &patience,
                            answer == DB_PING_STARTING ? "PostgreSQL is recovering"
                                                       : "waiting for PostgreSQL to answer");
    }
}

static int fail_single(const struct postmaster *found, struct err *err)
{
    (void)err_set(err, ERR_SERVICE, "a single-user PostgreSQL (process %ld) works on this data folder",
                  (long)found->pid);
    return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "wait until it has ended");
}

static int start_or_join_once(struct cluster *cluster, struct err *err)
{
    struct postmaster found;
    postmaster_look(cluster, &found);
    if (found.kind == POSTMASTER_OURS) {
        if (found.single) {
            return fail_single(&found, err);
        }
        const int code = join(cluster, err);
        if (code != 0) {
            return code < 0 ? code : bootstrap_database(cluster, err);
        }
    }
    const int code = start(cluster, err);
    return code < 0 ? code : bootstrap_database(cluster, err);
}

int server_start_or_join(struct cluster *cluster, struct err *err)
{
    struct err scratch;
    int code = -ERR_SERVICE;
    err = err != NULL ? err : &scratch;
    for (int i = 0; i < TRIES; i++) {
        code = start_or_join_once(cluster, err);
        if (code >= 0 || !db_is_transient(err) || cluster_is_stopped(cluster)) {
            break;
        }
    }
    return code;
}

int server_stop(struct cluster *cluster, struct err *err)
{
    struct postmaster found;
    postmaster_look(cluster, &found);
    /* One that has only just begun has no postmaster.pid yet. */
    const pid_t pid = found.kind == POSTMASTER_OURS ? found.pid : cluster->child;
    if (pid > 0) {
        /* SIGINT is the fast stop: SIGTERM would wait for clients. */
        if (kill(pid, SIGINT) != 0 && errno != ESRCH) {
            return err_set_errno(err, ERR_NOT_ALLOWED, errno, "cannot stop PostgreSQL (process %ld)", (long)pid);
        }
        struct patience patience = patience_begin();
        while (!postmaster_is_gone(cluster, pid)) {
            if (patience_wait(cluster, &patience, "PostgreSQL is stopping") > STOP_LIMIT_US) {
                return err_set(err, ERR_SERVICE, "PostgreSQL (process %ld) does not stop", (long)pid);
            }
        }
    }
    if (cluster->child > 0) {
        (void)postmaster_is_gone(cluster, cluster->child); /* an earlier child of ours, not the one above */
    }
    const char *socket = cluster->socket_folder != NULL ? cluster->socket_folder : found.socket_folder;
    if (socket_folder_is_safe(&cluster->account, socket)) {
        (void)rmdir(socket); /* only when it is empty */
    }
    return 0;
}
