/* Verbs whose first argument says what to do with the database: `token add`, `moderate list`. */
#ifndef COLLECTOR_ACTION_H
#define COLLECTOR_ACTION_H

#include "schema/base/options.h"
#include "schema/db/db.h"

/* `word` NULL ends a table. */
struct action {
    const char *word;
    int (*run)(const struct invocation *invocation, struct db *db, struct err *err);
};
/* Runs the one that the first argument names, on the database that the options name. ERR_USAGE for an unknown one. */
int action_run(const struct invocation *invocation, const char *verb, const struct action *actions,
               struct err *err) must_check;

#endif
