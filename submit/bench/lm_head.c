#include "submit/bench/lm_head.h"

#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/proof/hash.h"

#define GRAIN ((size_t)64) /* rows that a thread takes at a time */
#define EIGHTHS (LM_HEAD_COLUMNS / 8)

size_t lm_head_bytes(enum lm_type type, size_t rows)
{
    static const size_t bytes[LM_TYPES] = {[LM_F16] = 2, [LM_I8] = 1, [LM_F32] = 4};
    return bytes[type] * rows * LM_HEAD_COLUMNS;
}

/* SplitMix64 (Steele, Lea, Flood 2014) of the position. */
uint64_t lm_head_word(uint64_t seed, int64_t row, size_t eighth)
{
    uint64_t z = (seed << 48) + ((uint64_t)row * EIGHTHS + eighth + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static unsigned byte_of(uint64_t word, size_t i)
{
    return (unsigned)(word >> (8 * i) & 0xff);
}

static int of_i8(unsigned byte)
{
    return (int)byte - 128;
}

/* binary16 of every weight k / 64: 1 sign, 5 bits of exponent with bias 15, 10 of fraction. */
static uint16_t half_of(int k)
{
    unsigned magnitude = (unsigned)abs(k), exponent = 15 + 4; /* of 2^4 × 1.0 / 64 … */
    if (k == 0)
        return 0;
    /* Moves the highest bit to the tenth place, where it is implied; 2^10 there is k = 1024, 1024 / 64 = 2^4. */
    while (magnitude < 1024) {
        magnitude <<= 1;
        exponent--;
    }
    return (uint16_t)((k < 0 ? 0x8000U : 0) | exponent << 10 | (magnitude & 0x3ff));
}

struct filling {
    struct lm_head *head;
    uint16_t halves[128];
};

static void fill_rows(void *context, size_t member, size_t begin, size_t end)
{
    const struct filling *filling = context;
    const struct lm_head *head = filling->head;
    (void)member;
    for (size_t at = begin * EIGHTHS; at < end * EIGHTHS; at++) {
        const uint64_t word = lm_head_word(head->seed, (int64_t)(at / EIGHTHS), at % EIGHTHS);
        for (size_t i = 0; i < 8; i++) {
            const unsigned byte = byte_of(word, i);
            if (head->type == LM_I8)
                ((int8_t *)head->weights)[at * 8 + i] = (int8_t)of_i8(byte);
            else if (head->type == LM_F16)
                ((uint16_t *)head->weights)[at * 8 + i] = filling->halves[byte / 2];
            else
                ((float *)head->weights)[at * 8 + i] = (float)((int)(byte / 2) - 64) / 64;
        }
    }
}

static void fill_input(struct lm_head *head)
{
    for (size_t i = 0; i < LM_HEAD_COLUMNS; i++) {
        const unsigned byte = byte_of(lm_head_word(head->seed, -1, i / 8), i % 8);
        head->input_i8[i] = (int8_t)of_i8(byte);
        head->input[i] = (float)((int)(byte / 4) - 32) / 32;
    }
}

int lm_head_open(enum lm_type type, size_t rows, uint64_t seed, const struct kernels *kernels, void *weights,
                 struct team *team, struct lm_head *ret, struct err *err)
{
    struct filling filling = {.head = ret};
    ret->type = type;
    ret->rows = rows;
    ret->seed = seed;
    ret->kernels = kernels;
    ret->weights = weights;
    ret->integers = type == LM_I8 ? mem_zalloc(rows, sizeof(int32_t)) : NULL;
    ret->floats = type == LM_I8 ? NULL : mem_zalloc(rows, sizeof(float));
    if (ret->integers == NULL && ret->floats == NULL)
        return mem_error(err);
    for (int k = -64; k < 64; k++)
        filling.halves[k + 64] = half_of(k);
    fill_input(ret);
    team_run(team, fill_rows, &filling, rows, GRAIN, false);
    return 0;
}

void lm_head_close(struct lm_head *head)
{
    free(head->integers);
    free(head->floats);
    head->integers = NULL;
    head->floats = NULL;
}

static void multiply_rows(void *context, size_t member, size_t begin, size_t end)
{
    struct lm_head *head = context;
    const struct kernels *kernels = head->kernels;
    (void)member;
    for (size_t row = begin; row < end; row++) {
        const size_t at = row * LM_HEAD_COLUMNS;
        if (head->type == LM_I8)
            head->integers[row] = kernels->dot_i8((const int8_t *)head->weights + at, head->input_i8, LM_HEAD_COLUMNS);
        else if (head->type == LM_F16)
            head->floats[row] = kernels->dot_f16((const uint16_t *)head->weights + at, head->input, LM_HEAD_COLUMNS);
        else
            head->floats[row] = kernels->dot_f32((const float *)head->weights + at, head->input, LM_HEAD_COLUMNS);
    }
}

void lm_head_multiply(struct lm_head *head, struct team *team)
{
    team_run(team, multiply_rows, head, head->rows, GRAIN, true);
}

uint64_t lm_head_hash(const struct lm_head *head, struct err *err)
{
    autofree unsigned char *bytes = mem_zalloc(head->rows, 4);
    uint64_t hash = 0;
    if (bytes == NULL) {
        (void)mem_error(err);
        return 0;
    }
    for (size_t row = 0; row < head->rows; row++) {
        const int32_t value = head->type == LM_I8 ? head->integers[row] : (int32_t)(head->floats[row] * 2048);
        for (size_t i = 0; i < 4; i++)
            bytes[4 * row + i] = (unsigned char)((uint32_t)value >> (8 * i));
    }
    const struct sha256 whole = sha256_of(bytes, 4 * head->rows);
    for (size_t i = 0; i < 8; i++)
        hash = hash << 8 | whole.bytes[i];
    return hash;
}

uint64_t lm_head_known_hash(enum lm_type type, uint64_t seed)
{
    /* F16 and F32 hold the same weights. */
    static const uint64_t floats[2] = {UINT64_C(0x620a8b66e0be028c), UINT64_C(0x77cac2cbb2591b83)};
    static const uint64_t integers[2] = {UINT64_C(0x6553eeaca6b05045), UINT64_C(0x942ca2a9d35b8019)};
    if (seed != 1 && seed != 2)
        return 0;
    return type == LM_I8 ? integers[seed - 1] : floats[seed - 1];
}
