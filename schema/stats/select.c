/* Quantiles by selection.
 *
 * A quantile (definition: quantile.c) needs one value or two that are neighbours, not the order of the rest. C. A. R.
 * Hoare's FIND (Algorithm 65, Communications of the ACM 4, 1961): part the values at a pivot, here the median of three
 * of them, and go on in the part that holds the wanted place; about 3 n comparisons where sorting takes n log n. Where
 * the parts shrink badly the rest is sorted, so that no input costs more than sorting. The neighbour above is the least
 * of what lies behind.
 *
 * Doubles are compared as whole numbers: with the bits below the sign turned where it is set, the order of the numbers
 * is that of the values, and −0 stands before +0, as in stats_sort.
 * Example: the median of 9, 1, 5, 7: place 1 holds 5, the least behind it is 7, so it is 6. */
#include "schema/stats/select.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/stats/quantile.h"

enum { FEW = 12, ROUNDS_MOST = 64 };

static int64_t key_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? bits ^ INT64_MAX : bits;
}

static double value_of(int64_t key)
{
    const int64_t bits = key < 0 ? key ^ INT64_MAX : key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The array holds keys in the place of its doubles meanwhile. */
static int64_t get(const double *keys, size_t at)
{
    int64_t key;
    memcpy(&key, &keys[at], sizeof key);
    return key;
}

static void put(double *keys, size_t at, int64_t key)
{
    memcpy(&keys[at], &key, sizeof key);
}

static void swap(double *keys, size_t a, size_t b)
{
    const int64_t kept = get(keys, a);
    put(keys, a, get(keys, b));
    put(keys, b, kept);
}

static int compare_keys(const void *left, const void *right)
{
    int64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

static void sort_few(double *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const int64_t key = get(keys, i);
        size_t at = i;
        for (; at > 0 && get(keys, at - 1) > key; at--)
            put(keys, at, get(keys, at - 1));
        put(keys, at, key);
    }
}

static int64_t pivot_of(const double *keys, size_t first, size_t last)
{
    const int64_t a = get(keys, first), b = get(keys, first + (last - first) / 2), c = get(keys, last);
    const int64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Puts the value of `place` there, none greater before it and none less behind it. */
static void select_place(double *keys, size_t count, size_t place)
{
    size_t first = 0, last = count - 1;
    for (int round = 0; last - first >= FEW && round < ROUNDS_MOST; round++) {
        const int64_t pivot = pivot_of(keys, first, last);
        size_t low = first, high = last;
        for (;; low++, high--) {
            while (get(keys, low) < pivot)
                low++;
            while (get(keys, high) > pivot)
                high--;
            if (low >= high)
                break;
            swap(keys, low, high);
        }
        /* All before `low` are at most the pivot, all from it on at least. */
        if (place < low)
            last = low - 1;
        else
            first = low;
    }
    if (last - first < FEW)
        sort_few(keys + first, last - first + 1);
    else
        qsort(keys + first, last - first + 1, sizeof *keys, compare_keys);
}

/* Most of what is drawn has only a few members. */
static double few_quantile(const double *values, size_t count, size_t place, double p)
{
    double keys[FEW], found[2];
    for (size_t i = 0; i < count; i++)
        put(keys, i, key_of(values[i]));
    sort_few(keys, count);
    found[0] = value_of(get(keys, place));
    if (place + 1 == count)
        return found[0];
    found[1] = value_of(get(keys, place + 1));
    return stats_between(found, (double)(count - 1) * p - (double)place);
}

double stats_select_quantile(double *values, size_t count, double p)
{
    if (count == 0 || !(p >= 0 && p <= 1))
        return (double)NAN;
    const size_t below = (size_t)((double)(count - 1) * p), place = below < count ? below : count - 1;
    int64_t above = INT64_MAX;
    if (count <= FEW)
        return few_quantile(values, count, place, p);
    for (size_t i = 0; i < count; i++)
        put(values, i, key_of(values[i]));
    select_place(values, count, place);
    for (size_t i = place + 1; i < count; i++)
        above = get(values, i) < above ? get(values, i) : above;
    const double found[2] = {value_of(get(values, place)), value_of(above)};
    for (size_t i = 0; i < count; i++)
        values[i] = value_of(get(values, i));
    return place + 1 < count ? stats_between(found, (double)(count - 1) * p - (double)place) : found[0];
}

double stats_select_median(double *values, size_t count)
{
    return stats_select_quantile(values, count, 0.5);
}
