/* The Merkle tree of RFC 9162, section 2.1.
 *
 * With D[n] the first n entries and k the largest power of two below n:
 *   MTH({})    = SHA-256()
 *   MTH({d})   = SHA-256(0x00 ‖ d)
 *   MTH(D[n])  = SHA-256(0x01 ‖ MTH(D[0:k]) ‖ MTH(D[k:n]))
 * Example: three entries give node(node(a, b), c); a fourth gives node(node(a, b), node(c, d)), so the subtree over a
 * and b is complete and never changes again. That is why a log keeps complete subtrees only. */
#include "schema/proof/merkle.h"

#include <string.h>

static const unsigned char leaf_prefix = 0x00, node_prefix = 0x01;

struct sha256 merkle_leaf(const void *entry, size_t length)
{
    const struct str parts[] = {{(const char *)&leaf_prefix, 1}, {entry, length}};
    return sha256_of_parts(parts, ARRAY_LENGTH(parts));
}

struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right)
{
    const struct str parts[] = {{(const char *)&node_prefix, 1},
                                {(const char *)left->bytes, sizeof left->bytes},
                                {(const char *)right->bytes, sizeof right->bytes}};
    return sha256_of_parts(parts, ARRAY_LENGTH(parts));
}

struct sha256 merkle_empty_root(void)
{
    return sha256_of(NULL, 0);
}

void merkle_append(struct merkle_frontier *tree, const struct sha256 *leaf, struct merkle_growth *ret)
{
    struct sha256 node = *leaf;
    unsigned level = 0;
    for (;; level++) {
        if (ret) {
            ret->nodes[level] = node;
            ret->position[level] = tree->size >> level;
        }
        if (!(tree->size >> level & 1))
            break;
        node = merkle_node(&tree->peak[level], &node);
    }
    if (ret)
        ret->count = level + 1;
    tree->peak[level] = node;
    tree->size++;
}

struct sha256 merkle_root(const struct merkle_frontier *tree)
{
    struct sha256 root = merkle_empty_root();
    bool begun = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!(tree->size >> level & 1))
            continue;
        root = begun ? merkle_node(&tree->peak[level], &root) : tree->peak[level];
        begun = true;
    }
    return root;
}

/* ---------------------------------------------------------------- from stored subtrees */

/* The leaves from `from` on, `size` of them: a subtree of the tree, complete or at its right edge. */
struct stretch {
    uint64_t from, size;
};

/* The largest power of two below size; size > 1. */
static uint64_t left_part(uint64_t size)
{
    uint64_t part = 1;
    while (part < size - part)
        part *= 2;
    return part;
}

static unsigned level_of(uint64_t power)
{
    unsigned level = 0;
    while (power >> level > 1)
        level++;
    return level;
}

/* The complete subtrees that `part` consists of, by level; returns in *ret what merkle_root folds. */
static int peaks_of(const struct merkle_nodes *nodes, struct stretch part, struct merkle_frontier *ret, struct err *err)
{
    memset(ret, 0, sizeof *ret);
    while (part.size > 0) {
        uint64_t whole = part.size;
        while (whole & (whole - 1))
            whole &= whole - 1;
        const unsigned level = level_of(whole);
        const int r = nodes->get(nodes->context, level, part.from >> level, &ret->peak[level], err);
        if (r < 0)
            return r;
        ret->size += whole;
        part = (struct stretch){part.from + whole, part.size - whole};
    }
    return 0;
}

static int hash_of(const struct merkle_nodes *nodes, struct stretch part, struct sha256 *ret, struct err *err)
{
    struct merkle_frontier peaks;
    const int r = peaks_of(nodes, part, &peaks, err);
    if (r < 0)
        return r;
    *ret = merkle_root(&peaks);
    return 0;
}

int merkle_frontier_of(const struct merkle_nodes *nodes, uint64_t size, struct merkle_frontier *ret, struct err *err)
{
    return peaks_of(nodes, (struct stretch){0, size}, ret, err);
}

int merkle_root_of(const struct merkle_nodes *nodes, uint64_t size, struct sha256 *ret, struct err *err)
{
    return hash_of(nodes, (struct stretch){0, size}, ret, err);
}

/* Proofs list the hash nearest to the leaf first; walking down from the root finds them the other way round. */
static void reverse(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        const struct sha256 kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = kept;
    }
}

static int add_hash(const struct merkle_nodes *nodes, struct stretch part, struct merkle_proof *proof, struct err *err)
{
    const int r = hash_of(nodes, part, &proof->hashes[proof->count], err);
    if (r >= 0)
        proof->count++;
    return r;
}

int merkle_inclusion(const struct merkle_nodes *nodes, uint64_t index, uint64_t size, struct merkle_proof *ret,
                     struct err *err)
{
    struct stretch at = {0, size};
    ret->count = 0;
    if (index >= size)
        return err_set(err, ERR_USAGE, "the log of %llu entries has no entry %llu", (unsigned long long)size,
                       (unsigned long long)index);
    while (at.size > 1) {
        const uint64_t left = left_part(at.size);
        const struct stretch halves[] = {{at.from, left}, {at.from + left, at.size - left}};
        const bool right = index - at.from >= left;
        const int r = add_hash(nodes, halves[!right], ret, err);
        if (r < 0)
            return r;
        at = halves[right];
    }
    reverse(ret);
    return 0;
}

int merkle_consistency(const struct merkle_nodes *nodes, uint64_t first, uint64_t size, struct merkle_proof *ret,
                       struct err *err)
{
    struct stretch at = {0, size};
    bool known = true; /* `at` begins the old tree: its hash is the old root once `at` is all of it */
    ret->count = 0;
    if (first > size)
        return err_set(err, ERR_USAGE, "the log of %llu entries cannot continue one of %llu", (unsigned long long)size,
                       (unsigned long long)first);
    if (first == 0)
        return 0;
    while (at.from + at.size != first) {
        const uint64_t left = left_part(at.size);
        const struct stretch halves[] = {{at.from, left}, {at.from + left, at.size - left}};
        const bool right = first - at.from > left;
        const int r = add_hash(nodes, halves[!right], ret, err);
        if (r < 0)
            return r;
        known = known && !right;
        at = halves[right];
    }
    const int r = known ? 0 : add_hash(nodes, at, ret, err);
    reverse(ret);
    return r < 0 ? r : 0;
}

/* ---------------------------------------------------------------- verification */

bool merkle_inclusion_holds(const struct sha256 *leaf, uint64_t index, uint64_t size, const struct sha256 *proof,
                            size_t count, const struct sha256 *root)
{
    struct sha256 hash = *leaf;
    if (index >= size)
        return false;
    uint64_t at = index, last = size - 1;
    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            hash = merkle_node(&proof[i], &hash);
            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = merkle_node(&hash, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && sha256_equal(&hash, root);
}

/* The loop of 2.1.4.2 step 6, over the hashes after the one it starts with. */
static bool grows(uint64_t at, uint64_t last, struct sha256 start, const struct sha256 *proof, size_t count,
                  const struct sha256 *first_root, const struct sha256 *root)
{
    struct sha256 old = start, new = start;
    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) || at == last) {
            old = merkle_node(&proof[i], &old);
            new = merkle_node(&proof[i], &new);
            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = merkle_node(&new, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && sha256_equal(&old, first_root) && sha256_equal(&new, root);
}

bool merkle_consistency_holds(uint64_t first, const struct sha256 *first_root, uint64_t size, const struct sha256 *root,
                              const struct sha256 *proof, size_t count)
{
    const struct sha256 nothing = merkle_empty_root();
    if (first == 0)
        return count == 0 && sha256_equal(first_root, &nothing) && (size > 0 || sha256_equal(root, &nothing));
    if (first == size)
        return count == 0 && sha256_equal(first_root, root);
    if (first > size || count == 0)
        return false;
    uint64_t at = first - 1, last = size - 1;
    while (at & 1) {
        at >>= 1;
        last >>= 1;
    }
    /* An old tree that is one complete subtree is not repeated in the proof. */
    if ((first & (first - 1)) == 0)
        return grows(at, last, *first_root, proof, count, first_root, root);
    return grows(at, last, proof[0], proof + 1, count - 1, first_root, root);
}
