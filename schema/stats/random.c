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

static uint64_t rotate_left(uint64_t value, int by)
{
    return (value << by) | (value >> (64 - by));
}

uint64_t random_next(struct random_stream *stream)
{
    uint64_t *s = stream->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9, kept = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= kept;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* D. Lemire, Fast random integer generation in an interval (2019), with 32 bits: the high half of a product, drawn
 * again in the rare case that would favour some results. */
size_t random_below(struct random_stream *stream, size_t count)
{
    const uint32_t range = (uint32_t)count;
    for (;;) {
        const uint64_t product = (random_next(stream) >> 32) * range;
        const uint32_t low = (uint32_t)product;
        if (low >= range || low >= (0 - range) % range)
            return (size_t)(product >> 32);
    }
}

double random_unit(struct random_stream *stream)
{
    return (double)(random_next(stream) >> 11) * 0x1p-53;
}
