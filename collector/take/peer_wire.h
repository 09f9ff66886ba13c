/* What another collector says about its log, as JSON: strictly read, nothing believed (schema/bundle/FORMAT.md, "The
 * feed" and "Checking a log"). Errors: -ERR_DATA with what is wrong. */
#ifndef COLLECTOR_TAKE_PEER_WIRE_H
#define COLLECTOR_TAKE_PEER_WIRE_H

#include "collector/take/withdrawn.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/proof/log.h"
#include "schema/proof/merkle.h"

struct peer_head {
    struct log_head head;
    char key_id[SIGN_KEY_ID_SIZE];
    struct signature signature;
};

/* One line of the feed. */
struct peer_entry {
    struct log_entry entry;
    int epoch;
    uint64_t index;
    char contributor[17]; /* its pseudonym there; "" = nobody proved who sent it */
    char state[16];       /* what the submission is there now; "" = not stated */
    bool has_secret;
    unsigned char secret[32]; /* that proved the withdrawal */
};

int peer_read_head(struct str body, struct peer_head *ret, struct err *err) must_check;
int peer_read_entry(struct str line, struct peer_entry *ret, struct err *err) must_check;
/* A line of those that follow the number *after, which becomes its number; one hop more than it says. */
int peer_read_told(struct str line, int64_t *after, struct withdrawn *ret, struct err *err) must_check;
/* `hashes` of a proof. */
int peer_read_proof(struct str body, struct merkle_proof *ret, struct err *err) must_check;

#endif
