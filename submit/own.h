/* A submission that was sent from here: which collector to ask about it, and the secret that proves whose it is. What
 * `withdraw`, `claim` and `send --replaces` share. */
#ifndef SUBMIT_OWN_H
#define SUBMIT_OWN_H

#include "schema/proof/hash.h"
#include "submit/spool/spool.h"
#include "submit/upload.h"

struct own {
    struct arena arena;
    struct uploader uploader; /* named: by --server, else by the receipt */
    struct spool *spool;
};
/* Reads the options of uploader_init, --spool and --key. -ERR_USAGE when the id is none or no collector is known. */
int own_open(const struct invocation *invocation, const char *id, struct own *ret, struct err *err) must_check;
void own_done(struct own *own);
#define autoown cleanup(own_done)

/* The secret of `id` in hex: HMAC with this client's key over what the receipt remembers, or over what the bytes tell
 * that the collector shows of an accepted one. "" when neither is there. -ERR_NOT_FOUND without a key. */
int own_secret(const struct spool *spool, struct uploader *uploader, const char *id, char ret[SHA256_HEX_SIZE],
               struct err *err) must_check;
/* What a collector's refusal of a proof means, with what to do about it; returns -code. `proved`: a secret was sent. */
int own_refusal(const struct wire_answer *answer, bool proved, struct err *err) must_check;

#endif
