/* The spool: bundles on their way, safe against a crash at any instant
 * (reliability.md 2.2).
 *
 *   tmp/      being written; what is older than an hour is left over and removed
 *   queue/    <id>: exact bytes of a bundle that waits
 *   sent/     <id>.receipt: one line of JSON for each server that took it; <id>: the
 *             bytes as well while a receipt of them is unverified
 *   dead/     <id> and <id>.reason: refused for good, or damaged on disk
 *   about/    <id>: where a waiting bundle was meant to go (not the truth; may be missing)
 *   keys/     <sha256 of a server's name>: its pinned key and those that it leads to
 *   files/    <sha256 of a file>: ids made from it (an index of sent/; may be missing)
 *
 * A bundle is in exactly one of queue, sent and dead. Between two steps of one
 * move it is in two of them, and the next spool_open settles that; one that goes
 * to a second collector waits in queue/ while sent/ remembers the first. An
 * id is "sha256:" and the hash of the bytes, so that a damaged file shows.
 * Several processes may use one spool: each entry is locked while it is sent. */
#ifndef SUBMIT_SPOOL_SPOOL_H
#define SUBMIT_SPOOL_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"

#define SPOOL_ENTRIES_MAX ((size_t)100000)
#define SPOOL_BYTES_MAX ((int64_t)4 << 30)

struct spool;

struct spool_limits {
    size_t entries; /* 0 = SPOOL_ENTRIES_MAX */
    int64_t bytes;  /* 0 = SPOOL_BYTES_MAX */
};

/* Makes the folders (0700) where they are missing and removes what a crash left in tmp/ or between two folders.
 * -ERR_CANNOT_WRITE with a hint.
 */
int spool_open(const char *path, const struct spool_limits *limits, struct spool **ret, struct err *err) must_check;
void spool_close(struct spool *spool); /* also settles */
void spool_close_cleanup(struct spool **spool);
#define autospool cleanup(spool_close_cleanup)
const char *spool_path(const struct spool *spool);

/* Writes bytes for queue/, where they stand after spool_sync. -ERR_RETRY when the spool is full: nothing is ever
 * evicted. An entry that is there already stays as it is. */
int spool_add(struct spool *spool, const char *id, struct str bytes, struct err *err) must_check;
/* Flushes what was added and puts it into queue/: afterwards every added bundle survives a crash. On failure those that
 * are not there are gone. */
int spool_sync(struct spool *spool, struct err *err) must_check;

struct spool_entry {
    char id[BUNDLE_ID_SIZE];
    int64_t bytes;
    int64_t since_us; /* wall time of the last change */
};
enum spool_folder { SPOOL_QUEUE, SPOOL_SENT, SPOOL_DEAD };
/* Entries in the order of their ids, in the arena. */
int spool_list(const struct spool *spool, enum spool_folder folder, struct arena *arena, struct spool_entry **ret,
               size_t *ret_count, struct err *err) must_check;
/* Whether this bundle waits in queue/. */
bool spool_waits(const struct spool *spool, const char *id);
/* Hashes every waiting bundle and moves damaged ones, and entries whose move to dead/ a crash interrupted, to dead/.
 * Returns how many were damaged, or -code. */
int spool_recover(struct spool *spool, struct err *err) must_check;

/* Locks a waiting bundle and reads it: 1 and its bytes; 0 when it is not waiting any more. Waits while another process
 * sends it. A damaged one goes to dead/ (spool_corrupt): -ERR_DATA. */
int spool_take(struct spool *spool, const char *id, struct buf *into, int *ret_lock, struct err *err) must_check;
void spool_release(int lock);

#define SPOOL_VERIFIED "verified"
#define SPOOL_UNVERIFIED "unverified"
/* What a server answered, as it is remembered. NULL texts are left out. */
struct receipt {
    const char *id, *server, *state, *rule, *received_at;
    const char *key_id, *signature; /* as the collector gave them */
    const char *check;              /* SPOOL_VERIFIED, SPOOL_UNVERIFIED; NULL: there was nothing to check */
    const char *subject;            /* what the secret of a withdrawal is made from, hex (FORMAT.md, "Withdrawing") */
    const char *file, *file_sha256; /* base name and hash of the file it was made from */
    const char *entry;              /* which file in queue/ was sent; spool_sent fills it */
};
/* Writes the receipt; at the next spool_settle it becomes safe on disk, and then the bundle leaves queue/: it is
 * removed, or goes to sent/ when the receipt is unverified. On failure the bundle waits on. */
int spool_sent(struct spool *spool, const struct receipt *receipt, struct err *err) must_check;
int spool_settle(struct spool *spool, struct err *err) must_check;
/* Moves a waiting bundle to dead/ with the reason in one line. */
int spool_dead(struct spool *spool, const char *id, const char *reason, struct err *err) must_check;
/* The reason of a dead bundle; false when none is recorded. */
bool spool_reason(const struct spool *spool, const char *id, char *target, size_t size);

/* The receipt of `server` for a bundle; `server` NULL = any. Texts live in the arena. */
bool spool_receipt(const struct spool *spool, const char *id, const char *server, struct arena *arena,
                   struct receipt *ret);
/* Notes that a server has taken it back: its receipt stays, with that state. Nothing without a receipt. */
int spool_withdrawn(struct spool *spool, const char *id, const char *server, struct err *err) must_check;
/* The ids that a file became and that this server has, all or none: count 0 when one is missing or the file is new. */
char **spool_file_ids(const struct spool *spool, const char *file_sha256, const char *server, struct arena *arena,
                      size_t *ret_count);
/* Remembers all ids of a file together. */
void spool_file_remember(const struct spool *spool, const char *file_sha256, const char *const *ids, size_t count);

/* Where a waiting bundle is meant to go; texts live in the arena, missing ones are NULL. */
struct spool_about {
    const char *server, *contributor, *file, *file_sha256, *subject;
};
void spool_about_write(const struct spool *spool, const char *id, const struct spool_about *about);
struct spool_about spool_about_read(const struct spool *spool, const char *id, struct arena *arena);

/* Removes one bundle from queue/ or dead/ for good; 0 when there was none. */
int spool_drop(struct spool *spool, const char *id, struct err *err) must_check;
/* What is pinned of a server, as trust.c writes it: false when there is nothing. */
bool spool_pin_read(const struct spool *spool, const char *server, struct buf *into);
int spool_pin_write(const struct spool *spool, const char *server, struct str text, struct err *err) must_check;
/* 1 when it is forgotten, 0 when there was nothing. */
int spool_pin_drop(struct spool *spool, const char *server, struct err *err) must_check;
/* Adds what is pinned of every server to an array of texts in the arena, in the order of the files' names. */
int spool_pin_list(const struct spool *spool, struct arena *arena, const char ***ret, size_t *ret_count,
                   struct err *err) must_check;

/* Removes receipts older than `age_us`, but no unverified ones; returns how many. */
int spool_prune(struct spool *spool, int64_t age_us, struct err *err) must_check;

#endif
