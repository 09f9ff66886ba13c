/* What the harness knows by itself: which bundles were made, which of them were
 * acknowledged. Each line is flushed to disk before what it says can be acted on. */
#ifndef TESTS_FAULT_LEDGER_H
#define TESTS_FAULT_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#define LEDGER_ID_SIZE 72

struct generated {
    char id[LEDGER_ID_SIZE];
    unsigned spools; /* bit for each spool that it went into */
    bool acked;
    bool seen; /* the database was asked after the acknowledgement and had it */
};

struct ledger {
    int descriptor;
    struct generated *items;
    size_t count, capacity;
    size_t acked;
    size_t *slots; /* hash table of index + 1 */
};

void ledger_open(struct ledger *ledger, const char *path);
void ledger_close(struct ledger *ledger);
/* Index of the new line. */
size_t ledger_generated(struct ledger *ledger, const char *id);
/* NULL for an id that was never made. */
struct generated *ledger_acked(struct ledger *ledger, const char *id);
struct generated *ledger_find(struct ledger *ledger, const char *id);

/* Ends the harness: something that must work did not. */
_Noreturn void harness_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
