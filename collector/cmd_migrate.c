#include <stdio.h>

#include "collector/database.h"
#include "collector/verbs.h"
#include "schema/db/migrate.h"

const struct option migrate_options[] = {
    DATABASE_OPTIONS,
    {0},
};

int cmd_migrate(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodb struct db *db = NULL;
    struct db_durability durability;
    int applied = 0;
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = database_connect(&database, true, &db, err);
    }
    if (code == 0) {
        code = db_check_server(db, &durability, err);
    }
    if (code == 0) {
        code = db_migrate(db, &applied, err);
    }
    if (code == 0) {
        code = database_grant_roles(db, err);
    }
    if (code != 0) {
        return code;
    }
    db_close(db);
    db = NULL;
    printf("schema version %d, %d migration%s applied\n", db_schema_version(), applied, applied == 1 ? "" : "s");
    return database_close(&database, err);
}
