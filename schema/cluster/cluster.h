/* The private PostgreSQL: find it, make it, start it, share it, stop it.
 *
 * Every program that needs the database and was given no --database opens the
 * cluster of its data folder. The first one starts PostgreSQL, the last one that
 * closes it stops PostgreSQL, whatever the order, also after kills: the locks
 * are flock(2) on files of the folder and vanish with their process.
 *
 *   DIR/lifecycle   held alone while someone starts or stops
 *   DIR/users       held shared by every user
 *   DIR/collector   held by the one collector (pid and address inside)
 *   DIR/pgdata      the cluster; DIR/postgres.log its messages
 *   DIR/cluster     only where root started it in a folder that the account may not
 *                   enter: the folder where all of the above is instead
 *
 * PostgreSQL listens on a Unix socket only and lets in, by peer authentication,
 * the account it runs as, root, and who started it.
 *
 * A struct cluster belongs to one thread at a time. Call cluster_open before
 * threads are started; it forks. Nothing here prints: progress goes to the callback. */
#ifndef SCHEMA_CLUSTER_CLUSTER_H
#define SCHEMA_CLUSTER_CLUSTER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct cluster;

struct cluster_options {
    const char *data_folder; /* --data; NULL = cluster_default_folder */
    const char *account;     /* --user: whom PostgreSQL runs as when root starts it; NULL = postgres */
    /* One line now and then while something takes long: "creating the database …". May be NULL. */
    void (*progress)(void *context, const char *message);
    void *progress_context;
    const volatile sig_atomic_t *stop; /* becomes non-zero to give up waiting; may be NULL */
    bool existing_only;                /* do not make a cluster where there is none: -ERR_SERVICE */
    bool fast_unsafe;                  /* no flush to disk at all: for throw-away clusters of tests only */
};

/* Finds or makes, and starts or joins. Errors have hints: programs missing, folder
 * of another owner or not enterable, other major version, no space, socket path too long. */
int cluster_open(const struct cluster_options *options, struct cluster **ret_cluster, struct err *err) must_check;
/* Leaves; stops PostgreSQL when nobody else uses it (waits until it is down). NULL is allowed. */
int cluster_close(struct cluster *cluster, struct err *err);
void cluster_close_cleanup(struct cluster **cluster); /* as cluster_close, errors dropped */
#define autocluster cleanup(cluster_close_cleanup)

/* For db_connect: the database `crosschip` as its owner, over the socket, with requirepeer. Valid until
 * cluster_close, also across cluster_revive. */
const char *cluster_conninfo(const struct cluster *cluster);
/* Another database or role of this cluster (roles: crosschip, crosschip_admin). Owned by the caller. */
char *cluster_conninfo_of(const struct cluster *cluster, const char *role, const char *database);
/* Where everything lies (DIR, or the folder that DIR/cluster names). */
const char *cluster_folder(const struct cluster *cluster);
const char *cluster_account(const struct cluster *cluster); /* whom PostgreSQL runs as */
bool cluster_was_created(const struct cluster *cluster);    /* by this cluster_open */

/* Whether its process is there; cheap. One that is there may still not answer. */
bool cluster_is_running(const struct cluster *cluster);
/* Starts PostgreSQL again when it died under us (after a db error that is a lost
 * connection, or when cluster_is_running says so). Does nothing while it runs. */
int cluster_revive(struct cluster *cluster, struct err *err) must_check;

/* One collector for each data folder. `address` ("http://127.0.0.1:8080", may be NULL) is what the
 * error of a second one shows beside the process id. Held until cluster_close or the end of the process. */
int cluster_lock_collector(struct cluster *cluster, const char *address, struct err *err) must_check;
/* Who holds it: true and pid/address when a collector runs on this folder. */
bool cluster_find_collector(const struct cluster *cluster, int *ret_pid, char *address, size_t address_size);

/* Root becomes the account for good (groups, gid, uid); anybody else: nothing. For
 * `collector serve` once its cluster is open and its sockets are bound. */
int cluster_drop_privileges(const char *account, struct err *err) must_check;

/* $XDG_DATA_HOME/crosschip, ~/.local/share/crosschip, or /var/lib/crosschip for root. Owned by the caller. */
int cluster_default_folder(char **ret_folder, struct err *err) must_check;
/* Folder of the programs of PostgreSQL `major` (0 = the newest that is installed). Owned by the caller. */
int cluster_programs(int major, char **ret_folder, struct err *err) must_check;
/* Stops nothing: deletes the folder of a cluster that nobody uses, with DIR/cluster. For tests and the demo. */
int cluster_remove(const struct cluster_options *options, struct err *err) must_check;

#endif
