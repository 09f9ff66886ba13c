/* The database that the options name: a private cluster (--data) or any PostgreSQL (--database). */
#ifndef COLLECTOR_DATABASE_H
#define COLLECTOR_DATABASE_H

#include <signal.h>
#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/options.h"
#include "schema/cluster/cluster.h"
#include "schema/db/db.h"

struct database {
    struct cluster *cluster; /* NULL with --database */
    const char *conninfo;    /* lives as long as the invocation and the cluster */
    int revivals;            /* by database_is_back */
};

/* Opens (and with a private one makes and starts, unless `existing_only`) the database. */
int database_open(const struct invocation *invocation, bool existing_only, const volatile sig_atomic_t *stop,
                  struct database *ret, struct err *err) must_check;
/* Leaves it; PostgreSQL stops when nobody else uses it. */
int database_close(struct database *database, struct err *err);
void database_close_cleanup(struct database *database);
#define autodatabase cleanup(database_close_cleanup)

/* After a step that failed with `code`: true when the private PostgreSQL had died or restarted under it and is there
 * again, so that the step may be done once more. At most a few times for a database; then *err says so. False, with
 * *err as it was, when something else was wrong. */
bool database_is_back(struct database *database, int code, struct err *err) must_check;

#define ROLE_INGEST "crosschip_ingest"
#define ROLE_AUTH "crosschip_auth"
#define ROLE_ANSWER "crosschip_answer"
#define ROLE_FOLLOW "crosschip_follow"
/* Gives the roles of schema/sql their rights on the tables of today; says so when they may not be made. */
int database_grant_roles(struct db *db, struct err *err) must_check;
/* Whether this login may take the roles of `serve`, and they have their rights. */
int database_roles_usable(struct db *db, bool *ret, struct err *err) must_check;

/* The file of the signing key: --signing-key, else signing.key beside the data. *ret is the caller's. */
int database_key_path(const struct invocation *invocation, const struct database *database, char **ret,
                      struct err *err) must_check;

int database_connect(const struct database *database, bool writes, struct db **ret, struct err *err) must_check;

#endif
