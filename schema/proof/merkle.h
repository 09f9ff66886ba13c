/* A Merkle tree over log entries as RFC 9162 section 2.1 defines it (the same hashing as RFC 6962), with SHA-256.
 *
 * A leaf is the hash of a byte 0x00 and the entry; a node that of a byte 0x01 and its two children. Complete subtrees
 * never change and are kept by (level, position): level 0 holds the leaves, node p of level l covers the leaves from
 * p·2^l on, 2^l of them. Roots and proofs of any size up to the present one come from O(log n) of them.
 * Values are plain structs and own nothing. */
#ifndef SCHEMA_PROOF_MERKLE_H
#define SCHEMA_PROOF_MERKLE_H

#include <stdint.h>

#include "schema/proof/hash.h"

#define MERKLE_LEVELS 64
#define MERKLE_PROOF_MOST (MERKLE_LEVELS + 1)

struct sha256 merkle_leaf(const void *entry, size_t length);
struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right);
struct sha256 merkle_empty_root(void); /* of a tree without leaves: the hash of nothing */

/* The complete subtrees that a tree of `size` leaves ends with: peak[l] holds where bit l of size is set.
 * Zeroed it is the empty tree. */
struct merkle_frontier {
    uint64_t size;
    struct sha256 peak[MERKLE_LEVELS];
};

/* What a tree gains by one more leaf: `count` complete subtrees, nodes[l] at level l and position[l]. */
struct merkle_growth {
    unsigned count;
    uint64_t position[MERKLE_LEVELS];
    struct sha256 nodes[MERKLE_LEVELS];
};

/* ret may be NULL. */
void merkle_append(struct merkle_frontier *tree, const struct sha256 *leaf, struct merkle_growth *ret);
struct sha256 merkle_root(const struct merkle_frontier *tree);

/* Where complete subtrees are kept. */
struct merkle_nodes {
    int (*get)(void *context, unsigned level, uint64_t position, struct sha256 *ret, struct err *err);
    void *context;
};

struct merkle_proof {
    size_t count;
    struct sha256 hashes[MERKLE_PROOF_MOST];
};

/* Root and frontier of the first `size` leaves. */
int merkle_root_of(const struct merkle_nodes *nodes, uint64_t size, struct sha256 *ret, struct err *err) must_check;
int merkle_frontier_of(const struct merkle_nodes *nodes, uint64_t size, struct merkle_frontier *ret,
                       struct err *err) must_check;
/* That leaf `index` stands in the tree of `size`: RFC 9162 2.1.3.1. ERR_USAGE unless index < size. */
int merkle_inclusion(const struct merkle_nodes *nodes, uint64_t index, uint64_t size, struct merkle_proof *ret,
                     struct err *err) must_check;
/* That the tree of `size` begins with that of `first`: 2.1.4.1. Empty when first is 0 or size.
 * ERR_USAGE unless first ≤ size. */
int merkle_consistency(const struct merkle_nodes *nodes, uint64_t first, uint64_t size, struct merkle_proof *ret,
                       struct err *err) must_check;

/* RFC 9162 2.1.3.2 and 2.1.4.2. Nothing is trusted but the roots. */
bool merkle_inclusion_holds(const struct sha256 *leaf, uint64_t index, uint64_t size, const struct sha256 *proof,
                            size_t count, const struct sha256 *root);
bool merkle_consistency_holds(uint64_t first, const struct sha256 *first_root, uint64_t size,
                              const struct sha256 *root, const struct sha256 *proof, size_t count);

#endif
