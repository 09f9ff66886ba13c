/* The desk: threads between those who bring work and the database.
 *
 * Checkers decode and read documents that would hold up whoever brings them, and
 * pass them on to the committers. Committers take whatever submissions wait (no timer: batches form by
 * themselves while the transaction before runs); a reader answers questions.
 * Each thread has one connection of its own and opens it again when it is lost.
 * A piece of work belongs to who brought it; `done` is called exactly once for
 * each piece that desk_put took, from a thread of the desk. */
#ifndef COLLECTOR_INTAKE_DESK_H
#define COLLECTOR_INTAKE_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/intake/intake.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/read/inflate.h"

enum work_kind {
    WORK_CHECK, /* decodes and checks a document, then stores it */
    WORK_STORE,
    WORK_VIEW,
    WORK_RAW,
    WORK_PING,
    WORK_ASK,   /* `ask` on the reader's connection */
    WORK_CHANGE /* `ask` on a connection that may change what is stored; must bear being done twice */
};

#define DESK_BUDGET ((size_t)64 << 20)
#define DESK_CHECK_FACTOR 4 /* reading a document may need so many times its size */

struct work {
    struct work *next; /* the desk's own */
    enum work_kind kind;
    struct buf body;              /* WORK_CHECK: as received */
    enum read_coding coding;      /* of the body: READ_PLAIN, READ_GZIP or READ_ZSTD */
    const char *key;              /* Idempotency-Key or NULL; must live as long as the work */
    struct intake_policy policy;  /* WORK_CHECK */
    bool refused;                 /* the document is at fault; outcome.err says how */
    size_t charged;               /* bytes of the desk's budget that it holds */
    struct prepared *prepared;    /* WORK_STORE */
    char id[INTAKE_ID_SIZE];      /* WORK_VIEW, WORK_RAW */
    struct outcome outcome;       /* of WORK_STORE; its err is that of all kinds, code ERR_NONE = done */
    struct submission_view *view; /* of WORK_VIEW: where the answer goes */
    struct buf raw;               /* of WORK_RAW */
    /* Of WORK_ASK and WORK_CHANGE: runs in a thread of the desk; returns 0 or -code with err set. */
    int (*ask)(struct db *db, struct work *work, struct err *err);
    void (*done)(struct work *work);
    void *context;
};

#define DESK_BATCH_BUCKETS 8 /* 1 to INTAKE_BATCH_MAX */

struct desk_options {
    const char *database; /* connection string, copied */
    bool direct;          /* no pooler stands before it */
    /* Roles of those who store, who change and who answer; NULL = the login's own rights. */
    const char *intake_role, *clerk_role, *reader_role;
    int committers;     /* threads that write; 0 = 3: two leave the processors idle while both wait for the disk */
    int checkers;       /* threads that read documents; 0 = 2 */
    size_t waiting_max; /* pieces that may wait; 0 = 4096 */
};

struct desk_figures {
    uint64_t created, duplicates, failed, transactions;
    uint64_t batches[DESK_BATCH_BUCKETS]; /* transactions of at most 1, 2, 4, … submissions */
    uint64_t batched;                     /* submissions in all of them */
    size_t waiting;                       /* pieces of work, now */
    size_t held_bytes;                    /* of the budget, now */
};

struct desk;
int desk_open(const struct desk_options *options, struct desk **ret, struct err *err) must_check;
/* Charges `bytes` more to a piece of work: false when the budget is used up. */
bool desk_charge(struct desk *desk, struct work *work, size_t bytes) must_check;
/* Gives back what it was charged beyond `keep` bytes. */
void desk_release(struct desk *desk, struct work *work, size_t keep);
/* Decodes and checks the body of a piece of work here and now: work->prepared, or -code with work->refused and
 * work->outcome. The body is gone afterwards. WORK_CHECK does this in a thread of the desk and then stores. */
int desk_check(struct desk *desk, struct work *work) must_check;
/* False when the desk is full or closing: then `done` is not called. */
bool desk_put(struct desk *desk, struct work *work) must_check;
/* Takes no more, finishes what waits within `limit_us`; what could not be begun by then fails with ERR_RETRY. Ends the
 * threads. */
void desk_close(struct desk *desk, int64_t limit_us);
void desk_free(struct desk *desk); /* closes it first where that was not done; NULL is allowed */
/* True once after a thread lost its connection: whoever owns the database server may look whether it lives. */
bool desk_lost_database(struct desk *desk);
struct desk_figures desk_figures(struct desk *desk);

#endif
