/* Other processes that use a cluster, for the tests of its life. */
#ifndef TESTS_DB_CLUSTER_USERS_H
#define TESTS_DB_CLUSTER_USERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "schema/base/err.h"
#include "schema/cluster/cluster.h"

/* A process that has the cluster of `folder` open (and is its collector) until it is killed or told to leave. */
struct user {
    pid_t pid;
    int leave; /* closing it makes the process close the cluster and end */
};
struct user user_start(const char *folder, bool collector);
/* Waits for its end: true when it closed the cluster without an error. */
bool user_leave(struct user *user);
void user_kill(struct user *user);

/* Runs the call in a process that is the unprivileged account: returns its err. */
struct err refused_as_account(const char *folder);

/* What is on the folder: first line of postmaster.pid (0 = no file), and whether it runs. */
pid_t postmaster_of(const char *folder);
bool is_running(pid_t pid);
/* Shows PostgreSQL's log when the process does not run. */
#define assert_running(folder, pid) assert_running_at((folder), (pid), __FILE__, __LINE__)
void assert_running_at(const char *folder, pid_t pid, const char *file, int line);
struct cluster *open_folder(const char *folder);
/* A database that survives: one more row in the table `kept`; returns how many there are. */
int add_row(const struct cluster *cluster);
void write_first_line(const char *folder, long number);

#endif
