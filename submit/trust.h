/* Whether a receipt holds: the keys of each collector, pinned at first use
 * (schema/bundle/FORMAT.md, "Receipts and keys").
 *
 * A receipt that does not hold changes nothing about the submission, which is
 * stored: it is told, and the bytes are kept beside it. */
#ifndef SUBMIT_TRUST_H
#define SUBMIT_TRUST_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/proof/sign.h"
#include "schema/wire/answer.h"
#include "schema/wire/client.h"
#include "submit/spool/spool.h"

/* Of one collector, during one call. */
struct trust {
    const char *given; /* --server-key, 64 hex digits; NULL = the pinned one; borrowed */
    bool loaded, pinned, fetched, warned;
    bool unproved;            /* `given` was not pinned before, and no receipt has shown yet that it is right */
    bool differs;             /* another one than `given` is pinned: nothing is written */
    struct sign_public *keys; /* the pinned one first, then those that it leads to */
    size_t count, capacity;
};
void trust_done(struct trust *trust);
/* -ERR_USAGE when `given` is no key. */
int trust_check_given(const char *given, struct err *err) must_check;

/* Adds the keys to which those in *keys lead, of a list that a server gave; returns how many. Pure. */
size_t trust_follow(struct trust *trust, const struct wire_key *list, size_t count);

/* SPOOL_VERIFIED, SPOOL_UNVERIFIED with *ret_why set, or NULL where nothing is signed and nothing is pinned. May ask
 * the server for its keys, once a call, and pins one at first use: `given` once a receipt holds by it, or else the one
 * that the server calls its own. What is pinned is never replaced. */
const char *trust_judge(struct trust *trust, const struct spool *spool, const char *server, struct wire_client *client,
                        const struct wire_submission *submission, struct err *ret_why);

#endif
