/* The Merkle tree against the roots of eight entries that Certificate Transparency's reference implementations test
 * with, and against RFC 9162's recursive definition for every size up to 130. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "schema/proof/merkle.h"

#define LEAVES 130

static struct sha256 leaf_of(uint64_t index)
{
    return merkle_leaf(&index, sizeof index);
}

/* MTH and the storage of complete subtrees, from the definition. */
static struct sha256 mth(uint64_t from, uint64_t size)
{
    if (size == 0)
        return merkle_empty_root();
    if (size == 1)
        return leaf_of(from);
    uint64_t k = 1;
    while (k * 2 < size)
        k *= 2;
    const struct sha256 left = mth(from, k), right = mth(from + k, size - k);
    return merkle_node(&left, &right);
}

static int from_definition(void *context, unsigned level, uint64_t position, struct sha256 *ret, struct err *err)
{
    const uint64_t *stored = context;
    if ((position + 1) << level > *stored)
        return err_set(err, ERR_INTERNAL, "no complete subtree stands there");
    *ret = mth(position << level, (uint64_t)1 << level);
    return 0;
}

static void roots_are_those_of_certificate_transparency(void **state)
{
    (void)state;
    static const struct {
        const char *entry; /* hexadecimal */
        const char *root;  /* of the entries so far */
    } published[] = {
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct merkle_frontier tree = {0};
    char hex[SHA256_HEX_SIZE];
    const struct sha256 empty = merkle_root(&tree);
    assert_string_equal(sha256_hex(hex, &empty), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < ARRAY_LENGTH(published); i++) {
        unsigned char entry[16];
        const struct str text = str_of(published[i].entry);
        assert_true(hex_decode(text, entry, text.len / 2));
        const struct sha256 leaf = merkle_leaf(entry, text.len / 2);
        merkle_append(&tree, &leaf, NULL);
        const struct sha256 root = merkle_root(&tree);
        assert_string_equal(sha256_hex(hex, &root), published[i].root);
    }
}

static void grows_by_complete_subtrees(void **state)
{
    (void)state;
    struct merkle_frontier tree = {0};
    for (uint64_t size = 1; size <= LEAVES; size++) {
        const struct sha256 leaf = leaf_of(size - 1);
        struct merkle_growth growth;
        merkle_append(&tree, &leaf, &growth);
        assert_int_equal(tree.size, size);
        for (unsigned level = 0; level < growth.count; level++) {
            const struct sha256 wanted = mth(growth.position[level] << level, (uint64_t)1 << level);
            assert_int_equal((growth.position[level] + 1) << level, size);
            assert_memory_equal(&growth.nodes[level], &wanted, sizeof wanted);
        }
        assert_true(growth.count == MERKLE_LEVELS || size % ((uint64_t)1 << growth.count) != 0);
        const struct sha256 root = merkle_root(&tree), wanted = mth(0, size);
        assert_memory_equal(&root, &wanted, sizeof wanted);
    }
}

static void restores_root_and_frontier(void **state)
{
    (void)state;
    uint64_t stored = LEAVES;
    const struct merkle_nodes nodes = {from_definition, &stored};
    struct merkle_frontier tree = {0};
    for (uint64_t size = 0; size <= LEAVES; size++) {
        struct sha256 root;
        const struct sha256 wanted = mth(0, size);
        struct merkle_frontier restored;
        assert_int_equal(merkle_root_of(&nodes, size, &root, NULL), 0);
        assert_memory_equal(&root, &wanted, sizeof wanted);
        assert_int_equal(merkle_frontier_of(&nodes, size, &restored, NULL), 0);
        root = merkle_root(&restored);
        assert_int_equal(restored.size, size);
        assert_memory_equal(&root, &wanted, sizeof wanted);
        const struct sha256 leaf = leaf_of(size);
        merkle_append(&restored, &leaf, NULL);
        merkle_append(&tree, &leaf, NULL);
        const struct sha256 a = merkle_root(&restored), b = merkle_root(&tree);
        assert_memory_equal(&a, &b, sizeof a);
    }
    stored = 3;
    struct sha256 root;
    struct err err = {0};
    assert_int_equal(merkle_root_of(&nodes, 4, &root, &err), -(int)ERR_INTERNAL);
}

/* Every other root, leaf, place, and every damaged hash must be refused. */
static void expect_no_other(uint64_t index, uint64_t size, struct merkle_proof *proof, const struct sha256 *root)
{
    const struct sha256 leaf = leaf_of(index), other = leaf_of(index + 1);
    assert_false(merkle_inclusion_holds(&other, index, size, proof->hashes, proof->count, root));
    assert_false(merkle_inclusion_holds(&leaf, index, size, proof->hashes, proof->count, &other));
    assert_false(merkle_inclusion_holds(&leaf, index, size, proof->hashes, proof->count + 1, root));
    if (proof->count > 0)
        assert_false(merkle_inclusion_holds(&leaf, index, size, proof->hashes, proof->count - 1, root));
    for (size_t i = 0; i < proof->count; i++) {
        proof->hashes[i].bytes[i % 32] ^= 1;
        assert_false(merkle_inclusion_holds(&leaf, index, size, proof->hashes, proof->count, root));
        proof->hashes[i].bytes[i % 32] ^= 1;
    }
    for (uint64_t place = 0; place < size + 2; place++)
        assert_int_equal(merkle_inclusion_holds(&leaf, place, size, proof->hashes, proof->count, root), place == index);
}

static void proves_inclusion(void **state)
{
    (void)state;
    uint64_t stored = LEAVES;
    const struct merkle_nodes nodes = {from_definition, &stored};
    static const uint64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 31, 64, 100, 127, 128, 129, 130};
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        const struct sha256 root = mth(0, sizes[i]);
        for (uint64_t index = 0; index < sizes[i]; index += 1 + sizes[i] / 13) {
            struct merkle_proof proof = {0};
            const struct sha256 leaf = leaf_of(index);
            assert_int_equal(merkle_inclusion(&nodes, index, sizes[i], &proof, NULL), 0);
            assert_true(merkle_inclusion_holds(&leaf, index, sizes[i], proof.hashes, proof.count, &root));
            expect_no_other(index, sizes[i], &proof, &root);
        }
        struct merkle_proof proof;
        assert_int_equal(merkle_inclusion(&nodes, sizes[i], sizes[i], &proof, NULL), -(int)ERR_USAGE);
    }
    const struct sha256 root = mth(0, 1);
    assert_false(merkle_inclusion_holds(&root, 0, 0, NULL, 0, &root));
}

static void expect_consistent(const struct merkle_nodes *nodes, uint64_t first, uint64_t size)
{
    const struct sha256 old = mth(0, first), new = mth(0, size), other = mth(1, size);
    struct merkle_proof proof = {0};
    assert_int_equal(merkle_consistency(nodes, first, size, &proof, NULL), 0);
    assert_true(merkle_consistency_holds(first, &old, size, &new, proof.hashes, proof.count));
    assert_false(merkle_consistency_holds(first, &old, size, &new, proof.hashes, proof.count + 1));
    if (first == 0)
        return;
    assert_false(merkle_consistency_holds(first, &other, size, &new, proof.hashes, proof.count));
    assert_false(merkle_consistency_holds(first, &old, size, &other, proof.hashes, proof.count));
    if (first < size)
        assert_false(merkle_consistency_holds(size, &new, first, &old, proof.hashes, proof.count));
    for (size_t i = 0; i < proof.count; i++) {
        proof.hashes[i].bytes[i % 32] ^= 0x80;
        assert_false(merkle_consistency_holds(first, &old, size, &new, proof.hashes, proof.count));
        proof.hashes[i].bytes[i % 32] ^= 0x80;
    }
}

static void proves_consistency(void **state)
{
    (void)state;
    uint64_t stored = LEAVES;
    const struct merkle_nodes nodes = {from_definition, &stored};
    for (uint64_t size = 0; size <= 40; size++)
        for (uint64_t first = 0; first <= size; first++)
            expect_consistent(&nodes, first, size);
    for (uint64_t first = 0; first <= LEAVES; first += 9)
        expect_consistent(&nodes, first, LEAVES);
    struct merkle_proof proof;
    assert_int_equal(merkle_consistency(&nodes, 5, 4, &proof, NULL), -(int)ERR_USAGE);
}

/* RFC 9162 2.1.5 names the proofs of its tree of seven entries by the nodes of a drawing. */
static void proofs_are_those_of_the_rfc(void **state)
{
    (void)state;
    uint64_t stored = 7;
    const struct merkle_nodes nodes = {from_definition, &stored};
    const struct sha256 b = leaf_of(1), c = leaf_of(2), d = leaf_of(3), f = leaf_of(5), j = leaf_of(6);
    const struct sha256 g = mth(0, 2), h = mth(2, 2), i = mth(4, 2), k = mth(0, 4), l = mth(4, 3);
    const struct {
        uint64_t index;
        size_t count;
        struct sha256 path[3];
    } inclusion[] = {{0, 3, {b, h, l}}, {3, 3, {c, g, l}}, {4, 3, {f, j, k}}, {6, 2, {i, k}}};
    const struct {
        uint64_t first;
        size_t count;
        struct sha256 path[4];
    } consistency[] = {{3, 4, {c, d, g, l}}, {4, 1, {l}}, {6, 3, {i, j, k}}};
    struct merkle_proof proof;
    for (size_t n = 0; n < ARRAY_LENGTH(inclusion); n++) {
        assert_int_equal(merkle_inclusion(&nodes, inclusion[n].index, 7, &proof, NULL), 0);
        assert_int_equal(proof.count, inclusion[n].count);
        assert_memory_equal(proof.hashes, inclusion[n].path, proof.count * sizeof b);
    }
    for (size_t n = 0; n < ARRAY_LENGTH(consistency); n++) {
        assert_int_equal(merkle_consistency(&nodes, consistency[n].first, 7, &proof, NULL), 0);
        assert_int_equal(proof.count, consistency[n].count);
        assert_memory_equal(proof.hashes, consistency[n].path, proof.count * sizeof b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_certificate_transparency),
        cmocka_unit_test(grows_by_complete_subtrees),
        cmocka_unit_test(restores_root_and_frontier),
        cmocka_unit_test(proves_inclusion),
        cmocka_unit_test(proves_consistency),
        cmocka_unit_test(proofs_are_those_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
