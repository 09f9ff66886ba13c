/* The last layer of a Llama 3 model as a product of a matrix and a vector: 128,256 rows of 4096 weights.
 *
 * Weights and input come from a formula, and are small multiples of a power of two: no sum of their products is
 * rounded, in any order, in 24 bits. So the result is the same on every machine, to the last bit, in all three types,
 * and so is its hash. Weights of int8 are -128 to 127, others k / 64 with k from -64 to 63; the input is of the same
 * kind, -128 to 127 or m / 32 with m from -32 to 31. |sum| ≤ 4096 × 64 × 32 = 2^23, in units of 1 / 2048. */
#ifndef SUBMIT_BENCH_LM_HEAD_H
#define SUBMIT_BENCH_LM_HEAD_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "submit/bench/kernels.h"
#include "submit/bench/team.h"

#define LM_HEAD_ROWS ((size_t)128256)
#define LM_HEAD_COLUMNS ((size_t)4096)

enum lm_type { LM_F16, LM_I8, LM_F32 };
#define LM_TYPES 3

struct lm_head {
    enum lm_type type;
    size_t rows;
    uint64_t seed; /* which model: another one has other weights */
    const struct kernels *kernels;
    void *weights; /* lm_head_bytes of the caller's, aligned to 64 */
    int32_t *integers;
    float *floats; /* the output; NULL of the other type */
    _Alignas(64) float input[LM_HEAD_COLUMNS];
    _Alignas(64) int8_t input_i8[LM_HEAD_COLUMNS];
};

size_t lm_head_bytes(enum lm_type type, size_t rows);
/* Fills the weights with the team, so that each member touches its share first. *ret must not be moved. */
int lm_head_open(enum lm_type type, size_t rows, uint64_t seed, const struct kernels *kernels, void *weights,
                 struct team *team, struct lm_head *ret, struct err *err) must_check;
void lm_head_close(struct lm_head *head);
void lm_head_multiply(struct lm_head *head, struct team *team);
/* First 8 bytes, big end first, of the SHA-256 over the output: each value as a 32-bit integer (of float types: times
 * 2048), little end first. */
uint64_t lm_head_hash(const struct lm_head *head, struct err *err);
/* The hash of the whole product with seed 1 or 2, as slow code computes it; 0 = not known. */
uint64_t lm_head_known_hash(enum lm_type type, uint64_t seed);

/* The formula: 8 weights (bits 0 to 7 first) of a row; `row` -1 is the input. */
uint64_t lm_head_word(uint64_t seed, int64_t row, size_t eighth);

#endif
