#include "analyze/data/draws.h"

#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/random.h"
#include "schema/stats/resample.h"

/* Twice 64 MiB of replicates at most. */
#define SIDES_KEPT ((size_t)4096)
#define SLOTS (2 * SIDES_KEPT)

struct draws_side {
    const char *name;
    uint64_t seed;
    uint64_t values; /* hash of the values and their nesting */
    double *replicates;
};

static void kept_done(struct draws_kept *kept)
{
    arena_done(&kept->arena);
    memset(kept, 0, sizeof(*kept));
}

void draws_done(struct draws *draws)
{
    kept_done(&draws->now);
    kept_done(&draws->before);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 29;
}

static uint64_t hash_values(const struct evidence *evidence)
{
    uint64_t hash = evidence->value_count;

    for (size_t i = 0; i < evidence->value_count; i++) {
        const struct nested_value *value = &evidence->values[i];
        uint64_t bits;

        memcpy(&bits, &value->value, sizeof(bits));
        hash = mix(mix(mix(hash, value->contributor), value->device), bits);
    }
    return hash;
}

/* For two more. */
static bool make_room(struct draws *draws)
{
    struct draws_kept *kept = &draws->now;

    if (kept->slots != NULL && kept->count + 2 <= SIDES_KEPT)
        return true;
    kept_done(&draws->before);
    draws->before = *kept;
    *kept = (struct draws_kept){.count = 0};
    kept->slots = arena_alloc(&kept->arena, SLOTS, sizeof(*kept->slots));
    kept->sides = arena_alloc(&kept->arena, SIDES_KEPT, sizeof(*kept->sides));
    return kept->slots != NULL && kept->sides != NULL;
}

/* The place of a side in the table; a free one when it is not there. */
static size_t *slot_of(const struct draws_kept *kept, const struct draws_side *wanted)
{
    size_t slot = mix(wanted->seed, wanted->values) % SLOTS;

    for (; kept->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        const struct draws_side *side = &kept->sides[kept->slots[slot] - 1];

        if (side->values == wanted->values && side->seed == wanted->seed && text_equal(side->name, wanted->name))
            break;
    }
    return &kept->slots[slot];
}

static const double *find_before(const struct draws *draws, const struct draws_side *wanted)
{
    const size_t number = draws->before.slots != NULL ? *slot_of(&draws->before, wanted) : 0;

    return number != 0 ? draws->before.sides[number - 1].replicates : NULL;
}

/* The evidence's values are in their order already: resampling leaves it. */
static int resample_side(struct draws *draws, const struct draws_side *side, const struct evidence *evidence,
                         struct err *err)
{
    struct sha256 key;
    const bool kept = draws->replicates != NULL && evidence->value_count >= REPLICATES_LEAST_VALUES &&
                      intervals_side_key(draws->intervals, side->name, evidence, &key);

    if (kept && replicates_find(draws->replicates, &key, side->replicates))
        return 0;
    const int status = stats_resampled_side(evidence->values, evidence->value_count, side->seed, side->replicates,
                                            RESAMPLE_REPLICATES, err);

    if (kept && status == 0)
        replicates_add(draws->replicates, &key, side->replicates);
    return status;
}

static int replicates_of(struct draws *draws, const char *name, const struct evidence *evidence, const double **ret,
                         struct err *err)
{
    struct draws_kept *kept = &draws->now;
    struct draws_side side = {name, random_seed_of(name, "side of a ratio"), hash_values(evidence), NULL};
    size_t *slot = slot_of(kept, &side);

    if (*slot == 0) {
        const double *before = find_before(draws, &side);
        int status = 0;

        side.name = arena_strdup(&kept->arena, name);
        side.replicates = arena_alloc(&kept->arena, RESAMPLE_REPLICATES, sizeof(double));
        if (side.name == NULL || side.replicates == NULL)
            return mem_error(err);
        if (before != NULL)
            memcpy(side.replicates, before, RESAMPLE_REPLICATES * sizeof(double));
        else
            status = resample_side(draws, &side, evidence, err);
        if (status < 0)
            return status;
        kept->sides[kept->count] = side;
        *slot = ++kept->count;
    }
    *ret = kept->sides[*slot - 1].replicates;
    return 0;
}

static int side_replicates(struct draws *draws, const char *cell, const struct draws_of *side, const char *ending,
                           const double **ret, struct err *err)
{
    autobuf struct buf name = BUF(1 << 20);

    buf_addf(&name, "%s\n%s%s", cell, side->name, ending);
    const int status = buf_check(&name, err);

    return status < 0 ? status : replicates_of(draws, buf_text(&name), side->evidence, ret, err);
}

static int resample(struct draws *draws, const char *cell, const struct draws_of *base, const struct draws_of *other,
                    enum direction direction, struct verdict *verdict, struct err *err)
{
    const double *of_base = NULL, *of_other = NULL;
    const bool turned = direction == DIRECTION_LOWER;
    struct interval interval = {.low = 0};

    if (!make_room(draws))
        return mem_error(err);
    int status = side_replicates(draws, cell, base, "", &of_base, err);

    /* Two sides of one name are drawn apart all the same. */
    if (status == 0)
        status = side_replicates(draws, cell, other, text_equal(base->name, other->name) ? "\n" : "", &of_other, err);
    if (status == 0)
        status = stats_ratio_of_sides(turned ? of_base : of_other, turned ? of_other : of_base, RESAMPLE_REPLICATES,
                                      0.95, &interval, err);
    if (status == -ERR_NOTHING || status == -ERR_DATA)
        return 0;
    if (status < 0)
        return status;
    verdict->low = interval.low;
    verdict->high = interval.high;
    return 0;
}

int draws_interval(struct draws *draws, const char *cell, const struct draws_of *base, const struct draws_of *other,
                   enum direction direction, struct verdict *verdict, struct err *err)
{
    const struct intervals_of of = {{cell, base->name, other->name}, direction, base->evidence, other->evidence};
    struct sha256 key;
    const bool kept = intervals_key(draws->intervals, &of, &key);

    if (kept && intervals_find(draws->intervals, &key, verdict))
        return 0;
    const int status = resample(draws, cell, base, other, direction, verdict, err);

    if (kept && status == 0)
        intervals_add(draws->intervals, &key, verdict);
    return status;
}
