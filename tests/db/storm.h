/* Everybody at work at once, and killed at random: two committers, two sealers, judge, observe, summarise and a reader
 * of the feed, each a process with a connection of its own. Some get SIGKILL wherever they are, of others PostgreSQL
 * ends the connection in the middle of a transaction; whoever is gone is started again. */
#ifndef TESTS_DB_STORM_H
#define TESTS_DB_STORM_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/db/judge_sample.h"

enum { STORM_COMMITTERS = 2, STORM_WORKERS = 8, STORM_EACH_MOST = 40, STORM_READ_MOST = 4096 };

struct storm_item {
    struct sha256 id;
    bool acknowledged; /* intake said that it is stored */
};

/* In memory that the processes share; each writes its own part. */
struct storm_book {
    volatile bool over;
    volatile size_t begun[STORM_COMMITTERS];
    struct storm_item items[STORM_COMMITTERS][STORM_EACH_MOST];
    volatile size_t read; /* entries of the log that the reader of the feed has seen, in its order */
    struct sha256 leaves[STORM_READ_MOST];
    volatile uint64_t lives;  /* processes that were started: each draws other numbers */
    volatile uint64_t rounds; /* of followers that did something, about */
    volatile bool late;       /* an entry appeared behind the reader */
};

struct storm {
    struct storm_book *book;
    uint64_t seed, chance;
    pid_t workers[STORM_WORKERS];
    int killed, terminated, crashed;
    /* What the submission number `number` of a committer is; called in its process. */
    void (*make)(uint64_t seed, struct thing *ret, unsigned char ret_secret[32]);
};

uint64_t storm_draw(uint64_t *seed, uint64_t below);

void storm_begin(struct storm *storm);
/* Ends one of them, by chance of either kind, after a little time. */
void storm_kill_one(struct storm *storm, struct db *db);
/* SIGKILL for what PostgreSQL runs for one that is in a transaction: PostgreSQL ends all connections, also those of the
 * caller, and recovers; returns when both of these are there again. */
void storm_crash(struct storm *storm, struct db *db, struct db *other);
/* Lets all finish their round; then nobody but the caller is at work. Fails the test when one of them went wrong, when
 * what was acknowledged is not there, or when the reader did not see the log as it is. */
void storm_end(struct storm *storm, struct db *db);
void storm_close(struct storm *storm); /* frees the book; ends what still runs */

#endif
