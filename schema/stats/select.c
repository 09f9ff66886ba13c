/* Quantiles by selection.
 *
 * A quantile (definition: quantile.c) needs one value or two that are neighbours, not the order of the rest. The range
 * of the values is cut into up to 128 parts of one width, the values of each part are counted, and only those of the
 * part that holds the wanted place are looked at further, in the same way: each round leaves a range at least 64 times
 * narrower, so that no input takes more than eleven. No branch depends on the order of the values; a selection by
 * pivots (C. A. R. Hoare's FIND) guesses wrong at every second one. The neighbour above is the least of what lies in a
 * part behind.
 *
 * Doubles are compared as whole numbers: with the bits below the sign turned where it is set, the order of the numbers
 * is that of the values, and −0 stands before +0, as in stats_sort.
 * Example: the median of 9, 1, 5, 7: place 1 holds 5, the least behind it is 7, so it is 6. */
#include "schema/stats/select.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "schema/stats/quantile.h"

enum { FEW = 12, PARTS = 128, PARTS_BITS = 7 };

static int64_t key_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ (bits < 0 ? INT64_MAX : 0);
}

static double value_of(int64_t key)
{
    const int64_t bits = key < 0 ? key ^ INT64_MAX : key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void sort_few(int64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const int64_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* Parts of one width, from the least key on. */
struct parts {
    uint64_t least, range;
    int shift;
};

static struct parts parts_of(const double *values, size_t count)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const int64_t key = key_of(values[i]);
        least = key < least ? key : least;
        most = key > most ? key : most;
    }
    const uint64_t range = (uint64_t)most - (uint64_t)least;
    const int bits = range > 0 ? 64 - __builtin_clzll(range) : 0;
    return (struct parts){(uint64_t)least, range, bits > PARTS_BITS ? bits - PARTS_BITS : 0};
}

static size_t part_of(const struct parts *parts, int64_t key)
{
    return (size_t)(((uint64_t)key - parts->least) >> parts->shift);
}

/* Puts the values of the part that holds *place in front; returns how many, *place among them. *above: the least key
 * behind them that was met. */
static size_t narrow(double *values, size_t count, const struct parts *parts, size_t *place, int64_t *above)
{
    uint32_t counts[PARTS] = {0};
    size_t wanted = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        counts[part_of(parts, key_of(values[i]))]++;
    for (; *place >= counts[wanted]; wanted++)
        *place -= counts[wanted];
    for (size_t i = 0; i < count; i++) {
        const double value = values[i];
        const int64_t key = key_of(value);
        const size_t part = part_of(parts, key);
        *above = part > wanted && key < *above ? key : *above;
        if (part == wanted) {
            values[i] = values[kept];
            values[kept++] = value;
        }
    }
    return kept;
}

/* The keys of the value at `place` and of the next one, if there is any. */
static void select_two(double *values, size_t count, size_t place, int64_t ret[2])
{
    int64_t keys[FEW] = {0};
    ret[1] = INT64_MAX;
    while (count > FEW) {
        const struct parts parts = parts_of(values, count);
        if (parts.range == 0) { /* all are equal */
            ret[0] = (int64_t)parts.least;
            ret[1] = place + 1 < count ? ret[0] : ret[1];
            return;
        }
        count = narrow(values, count, &parts, &place, &ret[1]);
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of(values[i]);
    sort_few(keys, count);
    ret[0] = keys[place];
    ret[1] = place + 1 < count ? keys[place + 1] : ret[1];
}

double stats_select_quantile(double *values, size_t count, double p)
{
    if (count == 0 || !(p >= 0 && p <= 1))
        return (double)NAN;
    const size_t below = (size_t)((double)(count - 1) * p), place = below < count ? below : count - 1;
    int64_t keys[2];
    select_two(values, count, place, keys);
    const double found[2] = {value_of(keys[0]), value_of(keys[1])};
    return place + 1 < count ? stats_between(found, (double)(count - 1) * p - (double)place) : found[0];
}

/* Most of what is drawn has one member or two. */
double stats_select_median(double *values, size_t count)
{
    if (count == 1)
        return values[0];
    if (count == 2) {
        const bool sorted = key_of(values[0]) <= key_of(values[1]);
        const double pair[2] = {values[sorted ? 0 : 1], values[sorted ? 1 : 0]};
        return stats_between(pair, 0.5);
    }
    return stats_select_quantile(values, count, 0.5);
}
