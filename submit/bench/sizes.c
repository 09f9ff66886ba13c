/* What fits: the arrays must be larger than the caches, or it would not be memory that is measured. */
#include <math.h>

#include "submit/bench/bench.h"

#define PAGE ((size_t)4096)

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t bytes_of(enum lm_type type)
{
    return lm_head_bytes(type, LM_HEAD_ROWS);
}

/* The largest part decides: they follow each other in the same memory. */
static size_t ground_of(const struct bench_options *options, const struct bench_sizes *sizes)
{
    const bool products = options->lm_head || options->sustained_s > 0;
    const bool large = sizes->two_fit[LM_F16] && !options->quick;
    size_t ground = options->memory ? sizes->arrays * sizes->array : 0;
    for (int type = 0; options->lm_head && type < LM_TYPES; type++)
        if (sizes->fits[type] && !(options->quick && type == LM_F32))
            ground = most(ground, bytes_of((enum lm_type)type));
    if (products && !sizes->fits[LM_I8])
        ground = most(ground, lm_head_bytes(LM_I8, sizes->rows));
    else if (options->sustained_s > 0)
        ground = most(ground, bytes_of(sizes->fits[LM_F16] ? LM_F16 : LM_I8));
    if (options->together && sizes->two_fit[LM_I8])
        ground = most(ground, 2 * bytes_of(large ? LM_F16 : LM_I8));
    return ground;
}

struct bench_sizes bench_sizes_of(const struct bench_options *options, double available, size_t caches)
{
    struct bench_sizes sizes = {.rows = LM_HEAD_ROWS};
    /* Nothing tells: as much as the largest weights need. */
    const double room = isnan(available) ? 3e9 : available * BENCH_MEMORY_SHARE;
    const size_t budget = room > 0 ? (size_t)room : 0;
    const size_t array = most(BENCH_CACHE_TIMES * (caches > 0 ? caches : BENCH_CACHE_UNKNOWN), BENCH_ARRAY_LEAST);
    sizes.array = (array + PAGE - 1) / PAGE * PAGE;
    sizes.arrays = budget / sizes.array < 3 ? budget / sizes.array : 3;
    if (sizes.arrays == 0)
        sizes.array = 0;
    for (int type = 0; type < LM_TYPES; type++) {
        sizes.fits[type] = bytes_of((enum lm_type)type) <= budget;
        sizes.two_fit[type] = 2 * bytes_of((enum lm_type)type) <= budget;
    }
    /* Fewer rows, still more than the caches hold. */
    if (!sizes.fits[LM_I8]) {
        sizes.rows = budget / LM_HEAD_COLUMNS / 64 * 64;
        if (lm_head_bytes(LM_I8, sizes.rows) < BENCH_CACHE_TIMES * caches || sizes.rows < 4096)
            sizes.rows = 0;
    }
    sizes.ground = ground_of(options, &sizes);
    return sizes;
}
