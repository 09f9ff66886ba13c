/* What the log of a collector says, as the exact texts that are hashed and signed. FORMAT.md ("The log") tells a
 * stranger how to check them.
 *
 * An entry is one event of one submission; its leaf is the Merkle leaf (merkle.h) of
 *     crosschip-entry-1 \n kind \n id \n revision \n at \n detail \n
 * with the whole id ("sha256:…"), times in RFC 3339 UTC with as many digits as they need, and detail, the SHA-256 of
 * what the event says, in hexadecimal. An entry of the kind `epoch` begins a log that follows another one: its id is
 * "-", its revision 0 and its detail the SHA-256 of the head text of the log before.
 * A head is signed over
 *     crosschip-head-1 \n epoch \n size \n root \n at \n */
#ifndef SCHEMA_PROOF_LOG_H
#define SCHEMA_PROOF_LOG_H

#include <stdint.h>

#include "schema/base/buf.h"
#include "schema/proof/hash.h"
#include "schema/proof/sign.h"

#define LOG_KIND_SIZE 16

struct log_entry {
    char kind[LOG_KIND_SIZE]; /* accepted, quarantined, … as in pending_event; epoch */
    struct sha256 submission; /* not of the kind epoch */
    int revision;
    int64_t at_us;
    struct sha256 detail;
};

struct log_head {
    int epoch;
    uint64_t size;
    struct sha256 root;
    int64_t at_us; /* when the newest entry was sealed; 0 while there is none */
};

#define LOG_KIND_EPOCH "epoch"

/* Appended to `out`. */
void log_entry_text(struct buf *out, const struct log_entry *entry);
void log_head_text(struct buf *out, const struct log_head *head);
/* Takes the five lines of a head off *rest. Exactly the text that log_head_text writes. */
bool log_head_parse(struct str *rest, struct log_head *ret);

struct sha256 log_entry_leaf(const struct log_entry *entry);
/* SHA-256 of the text of the head: what the first entry of the next epoch holds. */
struct sha256 log_head_hash(const struct log_head *head);

struct signature log_head_sign(const struct sign_pair *pair, const struct log_head *head);
bool log_head_verify(const struct sign_public *key, const struct log_head *head,
                     const struct signature *signature) must_check;

#endif
