/* What must hold whatever was killed (reliability.md 4.6), asked of the database and of the spools. */
#ifndef TESTS_FAULT_ORACLE_H
#define TESTS_FAULT_ORACLE_H

#include <stddef.h>

#include "schema/cluster/cluster.h"
#include "schema/db/db.h"
#include "tests/fault/ledger.h"
#include "tests/fault/servers.h"

struct oracle {
    struct servers *servers;
    struct ledger *ledger;
    struct cluster *cluster;
    struct db *db;
    char **spools;
    size_t spool_count;
    size_t unseen; /* acknowledged, and the database could not be asked yet */
    size_t findings;
};

void oracle_open(struct oracle *oracle);
void oracle_close(struct oracle *oracle);
void oracle_find(struct oracle *oracle, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Every acknowledged submission that was not looked for yet must be there now. Does nothing while the database is
 * away. */
void oracle_look(struct oracle *oracle);
/* After healing: all points. */
void oracle_check(struct oracle *oracle);

#endif
