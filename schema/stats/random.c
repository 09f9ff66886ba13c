#include "schema/stats/random.h"

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    /* A byte that no text holds keeps "a", "bc" apart from "ab", "c". */
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t random_seed_of(const char *cell, const char *statistic)
{
    uint64_t state = hash_text(hash_text(UINT64_C(0xcbf29ce484222325), cell), statistic);
    return split_mix(&state);
}

struct random_stream random_stream_of(uint64_t seed, uint64_t replicate)
{
    struct random_stream stream = {{0}};
    uint64_t place = replicate, state;
    state = seed ^ split_mix(&place);
    for (size_t i = 0; i < 4; i++)
        stream.state[i] = split_mix(&state);
    return stream;
}

double random_unit(struct random_stream *stream)
{
    return (double)(random_next(stream) >> 11) * 0x1p-53;
}
