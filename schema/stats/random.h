/* Random numbers that are the same on every machine: xoshiro256** of D. Blackman & S. Vigna (Scrambled linear
 * pseudorandom number generators, 2018), its state filled by SplitMix64. Not for secrets.
 *
 * A resampling takes one stream a replicate, so that replicates may be computed in any order and by any thread. */
#ifndef SCHEMA_STATS_RANDOM_H
#define SCHEMA_STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_stream {
    uint64_t state[4];
};

/* The seed of a statistic of a cell: a hash of both names (FNV-1a, then SplitMix64's last step). */
uint64_t random_seed_of(const char *cell, const char *statistic);
struct random_stream random_stream_of(uint64_t seed, uint64_t replicate);
/* Within [0, 1), 53 bits. */
double random_unit(struct random_stream *stream);

static inline uint64_t random_rotate_left(uint64_t value, int by)
{
    return (value << by) | (value >> (64 - by));
}

static inline uint64_t random_next(struct random_stream *stream)
{
    uint64_t *s = stream->state;
    const uint64_t result = random_rotate_left(s[1] * 5, 7) * 9, kept = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= kept;
    s[3] = random_rotate_left(s[3], 45);
    return result;
}

/* 0 to count - 1, each with the same probability; 0 < count < 2^32. D. Lemire, Fast random integer generation in an
 * interval (2019), with 32 bits: the high half of a product, drawn again in the rare case that would favour some. */
static inline size_t random_below(struct random_stream *stream, size_t count)
{
    const uint32_t range = (uint32_t)count;
    for (;;) {
        const uint64_t product = (random_next(stream) >> 32) * range;
        const uint32_t low = (uint32_t)product;
        if (low >= range || low >= (0 - range) % range)
            return (size_t)(product >> 32);
    }
}

#endif
