/* The dip of J. A. Hartigan and P. M. Hartigan (The Dip Test of Unimodality, Annals of Statistics 13, 1985, 70–84).
 *
 * The dip is the greatest distance between the empirical distribution and the unimodal distribution that is nearest to
 * it. A distribution is unimodal when it is convex up to a modal interval and concave after it. So: within an interval
 * [low, high], take the greatest convex minorant of the empirical distribution and its least concave majorant; where
 * they are farthest apart the mode must lie between the touching points around that place. Narrow the interval to these
 * points; what the minorant misses left of it and the majorant right of it is a lower bound of the dip. Stop when the
 * two curves are nearer than the bound found so far, or nothing narrows (section 4 of the paper; P. M. Hartigan,
 * Algorithm AS 217, Applied Statistics 34, 1985).
 *
 * All heights are in counts: the empirical distribution jumps from i to i + 1 at value i (from 0); the result is
 * divided by 2n at the end.
 *
 * The test compares with samples of the uniform distribution, the one nearest to having two modes:
 * p = (1 + samples that dip as far) / (1 + 999), drawn from the streams of the seed.
 * Example: 0, 0, 1, 1 are two equal heaps: the dip is 1/4, the greatest there is; 1, 2, …, 10 have the least, 1/20. */
#include "schema/stats/dip.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/random.h"

/* Both hulls of the whole sample as links: left[i] is the touching point before i of the minorant over 0 … i,
 * right[i] the touching point after i of the majorant over i … n − 1. */
struct hulls {
    const double *value;
    size_t count;
    size_t *left, *right;
    size_t *minor, *major; /* touching points within [low, high]: minor from high down, major from low up */
    size_t minor_count, major_count;
};

static void link_left(struct hulls *hulls)
{
    const double *x = hulls->value;
    for (size_t j = 1; j < hulls->count; j++) {
        size_t at = j - 1;
        while (at > 0) {
            const size_t before = hulls->left[at];
            if ((x[j] - x[at]) * (double)(at - before) < (x[at] - x[before]) * (double)(j - at))
                break;
            at = before;
        }
        hulls->left[j] = at;
    }
}

static void link_right(struct hulls *hulls)
{
    const double *x = hulls->value;
    const size_t last = hulls->count - 1;
    hulls->right[last] = last;
    for (size_t j = last; j-- > 0;) {
        size_t at = j + 1;
        while (at < last) {
            const size_t after = hulls->right[at];
            if ((x[at] - x[j]) * (double)(after - at) < (x[after] - x[at]) * (double)(at - j))
                break;
            at = after;
        }
        hulls->right[j] = at;
    }
}

static void collect(struct hulls *hulls, size_t low, size_t high)
{
    hulls->minor_count = hulls->major_count = 0;
    for (size_t at = high;; at = hulls->left[at]) {
        hulls->minor[hulls->minor_count++] = at;
        if (at <= low)
            break;
    }
    for (size_t at = low;; at = hulls->right[at]) {
        hulls->major[hulls->major_count++] = at;
        if (at >= high)
            break;
    }
}

/* The place where the two curves are farthest apart, as positions in minor and major, and how far. */
struct widest {
    double distance;
    size_t minor, major;
};

/* How far a touching point of the majorant stands above the segment of the minorant below it, and the other way. */
static double above_minorant(const struct hulls *hulls, size_t point, size_t from, size_t to)
{
    const double *x = hulls->value, width = x[to] - x[from];
    const double height = width > 0 ? (x[point] - x[from]) * (double)(to - from) / width : 0;
    return (double)(point - from) + 1 - height;
}

static double below_majorant(const struct hulls *hulls, size_t point, size_t from, size_t to)
{
    const double *x = hulls->value, width = x[to] - x[from];
    const double height = width > 0 ? (x[point] - x[from]) * (double)(to - from) / width : (double)(to - from);
    return height - ((double)point - (double)from - 1);
}

/* Walks both curves from left to right, always past the touching point that comes first. */
static struct widest find_widest(const struct hulls *hulls)
{
    struct widest widest = {0, hulls->minor_count - 1, hulls->major_count - 1};
    size_t minor = hulls->minor_count - 1, major = 1; /* the next touching points */
    minor = minor > 0 ? minor - 1 : 0;
    while (hulls->minor[minor] != hulls->major[major]) {
        double distance;
        struct widest here;
        if (hulls->minor[minor] > hulls->major[major]) {
            distance = above_minorant(hulls, hulls->major[major], hulls->minor[minor + 1], hulls->minor[minor]);
            here = (struct widest){distance, minor + 1, major};
            major = major + 1 < hulls->major_count ? major + 1 : major;
        } else {
            distance = below_majorant(hulls, hulls->minor[minor], hulls->major[major - 1], hulls->major[major]);
            here = (struct widest){distance, minor, major};
            minor = minor > 0 ? minor - 1 : 0;
        }
        if (distance >= widest.distance)
            widest = here;
    }
    return widest;
}

/* The greatest distance of the empirical distribution from a straight segment between two touching points. */
static double missed(const struct hulls *hulls, size_t from, size_t to, bool minorant)
{
    const double *x = hulls->value;
    double most = 1;
    if (to - from <= 1 || !(x[to] > x[from]))
        return most;
    const double slope = (double)(to - from) / (x[to] - x[from]);
    for (size_t i = from; i <= to; i++) {
        const double line = (x[i] - x[from]) * slope, steps = (double)(i - from);
        most = fmax(most, minorant ? steps + 1 - line : line - (steps - 1));
    }
    return most;
}

static double missed_outside(const struct hulls *hulls, const struct widest *mode)
{
    double most = 0;
    for (size_t i = mode->minor; i + 1 < hulls->minor_count; i++)
        most = fmax(most, missed(hulls, hulls->minor[i + 1], hulls->minor[i], true));
    for (size_t i = mode->major; i + 1 < hulls->major_count; i++)
        most = fmax(most, missed(hulls, hulls->major[i], hulls->major[i + 1], false));
    return most;
}

/* In counts, at least 1. */
static double narrow(struct hulls *hulls)
{
    size_t low = 0, high = hulls->count - 1;
    double dip = 1;
    for (;;) {
        collect(hulls, low, high);
        struct widest mode = {1, hulls->minor_count - 1, hulls->major_count - 1};
        if (hulls->minor_count > 2 || hulls->major_count > 2)
            mode = find_widest(hulls);
        if (mode.distance < dip)
            return dip;
        dip = fmax(dip, missed_outside(hulls, &mode));
        if (low == hulls->minor[mode.minor] && high == hulls->major[mode.major])
            return dip;
        low = hulls->minor[mode.minor];
        high = hulls->major[mode.major];
    }
}

int stats_dip(const double *sorted, size_t count, double *ret, struct err *err)
{
    if (count == 0) {
        *ret = 0;
        return 0;
    }
    if (!(sorted[count - 1] > sorted[0])) {
        *ret = 0.5 / (double)count;
        return 0;
    }
    autofree size_t *links = mem_zalloc(4 * count + 4, sizeof *links);
    if (links == NULL)
        return mem_error(err);
    struct hulls hulls = {.value = sorted,
                          .count = count,
                          .left = links,
                          .right = links + count,
                          .minor = links + 2 * count,
                          .major = links + 3 * count + 2};
    link_left(&hulls);
    link_right(&hulls);
    *ret = narrow(&hulls) / (2 * (double)count);
    return 0;
}

int stats_dip_test(const double *sorted, size_t count, uint64_t seed, struct dip_test *ret, struct err *err)
{
    const size_t drawn = count < DIP_DRAWN_MOST ? count : DIP_DRAWN_MOST;
    struct dip_test test = {0};
    int code = stats_dip(sorted, count, &test.dip, err);
    if (code < 0)
        return code;
    autofree double *uniform = mem_zalloc(drawn + 1, sizeof *uniform);
    if (uniform == NULL)
        return mem_error(err);
    size_t as_far = 0;
    for (size_t draw = 0; draw < DIP_DRAWS && code == 0; draw++) {
        struct random_stream stream = random_stream_of(seed, draw);
        double dip = 0;
        for (size_t i = 0; i < drawn; i++)
            uniform[i] = random_unit(&stream);
        stats_sort(uniform, drawn);
        code = stats_dip(uniform, drawn, &dip, err);
        as_far += dip * sqrt((double)drawn) >= test.dip * sqrt((double)count);
    }
    test.p = (1 + (double)as_far) / (1 + (double)DIP_DRAWS);
    if (code == 0)
        *ret = test;
    return code;
}
