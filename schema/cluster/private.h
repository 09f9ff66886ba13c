/* Inside schema/cluster only. */
#ifndef SCHEMA_CLUSTER_PRIVATE_H
#define SCHEMA_CLUSTER_PRIVATE_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "schema/base/mem.h"
#include "schema/cluster/cluster.h"

#define CLUSTER_DATABASE "crosschip"
#define CLUSTER_OWNER "crosschip"       /* owns the database, is no superuser */
#define CLUSTER_ADMIN "crosschip_admin" /* initdb's superuser */
#define CLUSTER_PORT "5432"             /* only a part of the socket's name */
#define CLUSTER_OLDEST 15               /* major version */
#define ROOT_FOLDER "/var/lib/crosschip"

/* Whom PostgreSQL runs as. */
struct account {
    char name[64];
    uid_t user;
    gid_t group;
    gid_t groups[64];
    int group_count;
};

struct cluster {
    struct cluster_options options; /* texts not kept: data_folder and account are NULL */
    struct account account;
    char starter[64]; /* who started the program (SUDO_USER, or the account itself) */
    char *folder;     /* DIR */
    char *home;       /* where everything lies */
    char *pgdata;
    char *log;
    char *programs; /* folder of postgres and initdb */
    char *socket_folder;
    struct arena texts; /* every conninfo that was handed out: callers keep the pointers */
    const char *conninfo;
    const char *question;            /* conninfo of the one who asks whether it is ready */
    int lifecycle, users, collector; /* descriptors, -1 = not open */
    pid_t child;                     /* the postmaster that this process started; 0 = none */
    bool killed;                     /* the last child that ended did so by a signal */
    bool created;
};

/* ---- account.c */
int account_find(const char *name, struct account *ret, struct err *err) must_check;
bool account_needs_switch(const struct account *account);
/* In a child: become the account; false when it failed. Only system calls. */
bool account_become(const struct account *account);
/* A pipe that closes at exec. */
bool account_pipe(int ends[2]);
/* Runs `work` as the account: directly, or in a child when root must switch. */
int account_run(const struct account *account, int (*work)(void *context, struct err *err), void *context,
                struct err *err) must_check;
/* The first folder of `path` that the account may not enter, into `closed`; false when it may enter all. */
bool account_is_shut_out(const struct account *account, const char *path, char closed[PATH_MAX]);
/* The same for this process as it is. */
bool find_closed_folder(const char *path, char closed[PATH_MAX]);
void account_name_of(uid_t user, char *target, size_t size);

/* ---- folder.c */
/* Fills folder, home, pgdata, log. */
int folder_resolve(struct cluster *cluster, const char *data_folder, struct err *err) must_check;
/* The folder must be there and belong to the account. */
int folder_check_owner(const struct cluster *cluster, const char *path, struct err *err) must_check;
uint64_t folder_hash(const char *path);
/* A new folder that belongs to the account; -ERR_… also when it is there already, and then *ret_exists. */
int folder_make(const struct account *account, const char *path, mode_t mode, bool *ret_exists,
                struct err *err) must_check;
int folder_remove_tree(const char *path, struct err *err) must_check;
/* Less than a new database needs: when something failed, that is the likely cause. */
bool folder_is_nearly_full(const char *path);
int folder_fail(struct err *err, int errno_value, const char *what, const char *path);

/* ---- lock.c */
int lock_open(const struct cluster *cluster, const char *name, int *ret_descriptor, struct err *err) must_check;
bool lock_try(int descriptor, int operation);
int lock_lifecycle(struct cluster *cluster, struct err *err) must_check;
void lock_release_lifecycle(const struct cluster *cluster);

/* ---- programs.c */
/* The folder with postgres and initdb; `major` 0 = the newest, else of just that major version. */
int programs_find(int major, char **ret_folder, int *ret_major, struct err *err) must_check;

/* ---- spawn.c */
/* Starts argv[0] (a full path) as the account, in a session of its own, output appended to `log`. */
int spawn_program(const struct account *account, const char *const *argv, const char *log, pid_t *ret_child,
                  struct err *err) must_check;

/* ---- settings.c */
/* crosschip.conf, pg_hba.conf and pg_ident.conf of the cluster in `pgdata`; as the account. */
int settings_write(const struct cluster *cluster, const char *pgdata, struct err *err) must_check;

/* ---- create.c */
/* Not every build of PostgreSQL has lz4: asks this one, with the configuration in `pgdata`. */
bool create_knows_lz4(const struct cluster *cluster, const char *pgdata);
/* Makes pgdata where there is none; checks the version and the owner where there is. */
int create_or_check(struct cluster *cluster, struct err *err) must_check;

/* ---- socket.c */
int socket_choose(struct cluster *cluster, struct err *err) must_check;
int socket_make(const struct cluster *cluster, struct err *err) must_check;
/* True when `path` is a folder of the account that nobody else may enter, and no link. */
bool socket_folder_is_safe(const struct account *account, const char *path);
int socket_set_conninfo(struct cluster *cluster, struct err *err) must_check;

/* ---- postmaster.c */
enum postmaster_kind {
    POSTMASTER_NONE, /* no postmaster.pid, or its process is gone */
    POSTMASTER_OURS, /* a postgres of this data folder */
    POSTMASTER_OTHER /* the number belongs to some other process now */
};
struct postmaster {
    enum postmaster_kind kind;
    bool has_file;
    bool single; /* a single-user postgres (negative number) */
    bool ready;  /* its status line says that connections are taken */
    pid_t pid;
    /* A socket below a longer folder could not be bound. */
    char socket_folder[sizeof((struct sockaddr_un){0}.sun_path)];
};
void postmaster_look(const struct cluster *cluster, struct postmaster *ret);
/* Puts a number that no process has into the first line of postmaster.pid. */
int postmaster_bury(const struct cluster *cluster, struct err *err) must_check;
/* True when the process runs no more (reaps it when it is our child). */
bool postmaster_is_gone(struct cluster *cluster, pid_t pid);
/* Ends what a killed postmaster left behind, where it can be found (Linux). Only without a postmaster. */
void postmaster_end_children(const struct cluster *cluster);

/* ---- server.c */
/* Again, a few times, when it is killed meanwhile. */
int server_start_or_join(struct cluster *cluster, struct err *err) must_check;
int server_stop(struct cluster *cluster, struct err *err) must_check;

/* ---- serverlog.c */
off_t serverlog_size(const struct cluster *cluster);
/* PostgreSQL's last complaint behind `from`, "" when there is none. A full disk wins over what followed from it. */
void serverlog_complaint(const struct cluster *cluster, off_t from, char *target, size_t size);

/* ---- bootstrap.c */
/* Checks that the server is that of our folder; makes role and database where they are missing. */
int bootstrap_database(struct cluster *cluster, struct err *err) must_check;

void cluster_progress(const struct cluster *cluster, const char *format, ...) printf_like(2, 3);
bool cluster_is_stopped(const struct cluster *cluster);

#endif
