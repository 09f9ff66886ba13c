#include "collector/database.h"

#include <stddef.h>

#include "collector/intake/statements.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

enum { REVIVALS_MOST = 5 };

static void tell(void *context, const char *message)
{
    (void)context;
    log_info("%s", message);
}

int database_open(const struct invocation *invocation, bool existing_only, const volatile sig_atomic_t *stop,
                  struct database *ret, struct err *err)
{
    const char *uri = option_text(invocation, "database"), *data = option_text(invocation, "data");
    if (option_given(invocation, "database") && option_given(invocation, "data")) {
        err_set(err, ERR_USAGE, "--database and --data name two databases");
        return err_hint(err, "give one of them");
    }
    if (uri != NULL && uri[0] == '\0' && option_given(invocation, "database")) {
        err_set(err, ERR_USAGE, "--database has an empty value");
        return err_hint(err, "a variable of the shell that is not set?");
    }
    /* Of a flag and a setting from elsewhere the flag counts. */
    if (!text_is_empty(uri) && !option_given(invocation, "data")) {
        *ret = (struct database){.conninfo = uri};
        return 0;
    }
    const struct cluster_options options = {
        .data_folder = data,
        .account = option_text(invocation, "user"),
        .progress = tell,
        .stop = stop,
        .existing_only = existing_only,
    };
    struct cluster *cluster = NULL;
    int code = cluster_open(&options, &cluster, err);
    if (code == 0) {
        *ret = (struct database){.cluster = cluster, .conninfo = cluster_conninfo(cluster)};
    }
    return code;
}

int database_close(struct database *database, struct err *err)
{
    struct cluster *cluster = database->cluster;
    *database = (struct database){0};
    return cluster_close(cluster, err);
}

void database_close_cleanup(struct database *database)
{
    (void)database_close(database, NULL);
}

bool database_is_back(struct database *database, int code, struct err *err)
{
    const struct cluster *cluster = database->cluster;
    if (code == 0 || cluster == NULL || !db_is_transient(err)) {
        return false;
    }
    if (database->revivals == REVIVALS_MOST) {
        char last[sizeof err->text];
        text_copy(last, sizeof last, err->text);
        (void)err_set(err, ERR_SERVICE, "PostgreSQL was lost %d times and started again each time", REVIVALS_MOST + 1);
        (void)err_detail(err, "the last time: %s", last);
        (void)err_hint(err, "see %s/postgres.log; something ends its processes", cluster_folder(cluster));
        return false;
    }
    database->revivals++;
    log_warning("the connection to the database was lost: looking whether PostgreSQL runs");
    if (cluster_revive(database->cluster, err) != 0) {
        return false;
    }
    database->conninfo = cluster_conninfo(cluster);
    return true;
}

int database_connect(const struct database *database, bool writes, struct db **ret, struct err *err)
{
    const struct db_options options = {.application_name = "crosschip-collector", .writes = writes};
    return db_connect(database->conninfo, &options, ret, err);
}

/* Whoever keeps copies of the data keeps copies of the key. */
int database_key_path(const struct invocation *invocation, const struct database *database, char **ret, struct err *err)
{
    autofree char *folder = NULL;
    const char *given = option_text(invocation, "signing-key");
    if (text_is_empty(given) && database->cluster == NULL) {
        const int code = cluster_default_folder(&folder, err);
        if (code != 0) {
            return code;
        }
    }
    *ret = !text_is_empty(given)
               ? mem_strdup(given)
               : mem_printf("%s/signing.key", folder != NULL ? folder : cluster_folder(database->cluster));
    return *ret == NULL ? mem_error(err) : 0;
}

int database_grant_roles(struct db *db, struct err *err)
{
    autoresult struct db_result *missing = NULL;
    int code = db_query(db, statement("roles_grant"), NULL, &missing, err);
    if (code == 0 && !text_is_empty(db_text(missing, 0, 0))) {
        log_warning("this account may not make the roles %s: serve will run with all rights of its own login",
                    db_text(missing, 0, 0));
    }
    return code;
}

int database_roles_usable(struct db *db, bool *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    int code = db_query(db, statement("roles_usable"), NULL, &row, err);
    *ret = code == 0 && db_bool(row, 0, 0);
    return code;
}
