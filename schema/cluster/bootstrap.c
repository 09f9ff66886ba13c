#include "schema/cluster/private.h"

#include <string.h>
#include <sys/stat.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/db.h"

/* The answer must come from the server of our folder, not from one that took over its socket. */
static int check_folder(const struct cluster *cluster, const struct db_result *facts, struct err *err)
{
    const char *theirs = db_text(facts, 0, 0);
    struct stat one;
    struct stat other;
    if (text_equal(theirs, cluster->pgdata) ||
        (theirs != NULL && stat(theirs, &one) == 0 && stat(cluster->pgdata, &other) == 0 &&
         one.st_dev == other.st_dev && one.st_ino == other.st_ino)) {
        return 0;
    }
    (void)err_set(err, ERR_SERVICE, "another PostgreSQL answers on the socket of this data folder");
    return err == NULL ? -(int)ERR_SERVICE : err_path(err, "%s", cluster->socket_folder);
}

/* The roles of schema/sql: only a superuser may make them without the right to make any role. The names are there
 * once for the whole cluster, whatever databases use them. */
static int make_roles(struct db *db, struct err *err)
{
    return db_exec(db,
                   "do $$ declare name text; begin "
                   "foreach name in array array['crosschip_ingest', 'crosschip_follow', 'crosschip_auth', "
                   "'crosschip_answer', 'crosschip_reader', 'crosschip_moderator'] loop "
                   "if not exists (select from pg_roles where rolname = name) then "
                   "execute format('create role %I nologin', name); "
                   "execute format('grant %I to " CLUSTER_OWNER "', name); end if; end loop; end $$",
                   err);
}

int bootstrap_database(struct cluster *cluster, struct err *err)
{
    autofree char *conninfo = cluster_conninfo_of(cluster, CLUSTER_ADMIN, "postgres");
    if (conninfo == NULL) {
        return mem_error(err);
    }
    struct db *db autodb = NULL;
    struct db_result *facts autoresult = NULL;
    int code = db_connect(conninfo, NULL, &db, err);
    if (code == 0) {
        code = db_query(db,
                        "select current_setting('data_directory'), "
                        "exists (select from pg_roles where rolname = '" CLUSTER_OWNER "'), "
                        "exists (select from pg_database where datname = '" CLUSTER_DATABASE "'), "
                        "(select count(*) = 6 from pg_roles where rolname in ('crosschip_ingest', 'crosschip_follow', "
                        "'crosschip_auth', 'crosschip_answer', 'crosschip_reader', 'crosschip_moderator'))",
                        NULL, &facts, err);
    }
    if (code == 0) {
        code = check_folder(cluster, facts, err);
    }
    if (code == 0 && !db_bool(facts, 0, 1)) {
        code = db_exec(db,
                       "create role " CLUSTER_OWNER " login; "
                       "grant pg_read_all_settings to " CLUSTER_OWNER,
                       err);
    }
    if (code == 0 && !db_bool(facts, 0, 3)) {
        code = make_roles(db, err);
    }
    if (code == 0 && !db_bool(facts, 0, 2)) {
        code = db_exec(db, "create database " CLUSTER_DATABASE " owner " CLUSTER_OWNER, err);
    }
    return code;
}
