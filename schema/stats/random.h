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
uint64_t random_next(struct random_stream *stream);
/* 0 to count - 1, each with the same probability; 0 < count < 2^32. */
size_t random_below(struct random_stream *stream, size_t count);
/* Within [0, 1), 53 bits. */
double random_unit(struct random_stream *stream);

#endif
