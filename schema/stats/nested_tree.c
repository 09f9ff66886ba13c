/* Drawing from nested values.
 *
 * Of values in their order no draw is kept, only how often each was drawn: that tells which two stand in the middle. A
 * device with few values therefore has few figures, and so has a contributor with few of those; all of them, ranked
 * once, make even the median over the contributors one of counts. Where there are more, the figures that were drawn are
 * selected from. Both give the same bits. */
#include "schema/stats/nested_tree.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/select.h"

enum {
    LANES = 8,        /* places that are counted in one word, a byte each */
    FIGURES_EACH = 16 /* of a contributor; to go through more takes longer than to select from those that were drawn */
};
#define EACH_LANE UINT64_C(0x0101010101010101)

/* The two places in the middle of some draws; the same one where their number is odd. */
struct middle {
    size_t below, above;
};

static double figure_of(const double *sorted, struct middle middle)
{
    const double pair[2] = {sorted[middle.below], sorted[middle.above]};
    return middle.below == middle.above ? pair[0] : stats_between(pair, 0.5);
}

/* So many middles there are of draws from some places, and the number of each. */
static size_t figures_of(size_t places, size_t draws)
{
    return draws % 2 == 1 ? places : places * (places + 1) / 2;
}

static inline size_t number_of(struct middle middle, size_t places, size_t draws)
{
    return draws % 2 == 1 ? middle.below
                          : middle.below * (2 * places - middle.below + 1) / 2 + middle.above - middle.below;
}

void nested_tree_done(struct nested_tree *tree)
{
    free(tree->value);
    free(tree->device);
    free(tree->contributor);
    free(tree->counted.figure);
    free(tree->counted.place);
    *tree = (struct nested_tree){0};
}

/* ---- layout */

static bool allocate(struct nested_tree *tree, size_t count)
{
    tree->value = mem_zalloc(count, sizeof(*tree->value));
    tree->device = mem_zalloc(count, sizeof(*tree->device));
    tree->contributor = mem_zalloc(count, sizeof(*tree->contributor));
    return tree->value && tree->device && tree->contributor;
}

static void lay_out(struct nested_tree *tree, const struct nested_value *values)
{
    for (size_t i = 0; i < tree->values; i++) {
        const bool new_contributor = i == 0 || values[i].contributor != values[i - 1].contributor;
        if (new_contributor)
            tree->contributor[tree->contributors++] = (struct nested_span){.first = (uint32_t)tree->devices};
        if (new_contributor || values[i].device != values[i - 1].device) {
            tree->device[tree->devices++] = (struct nested_span){.first = (uint32_t)i};
            tree->contributor[tree->contributors - 1].count++;
        }
        tree->device[tree->devices - 1].count++;
        tree->value[i] = values[i].value;
    }
    for (size_t i = 0; i < tree->devices; i++) /* −0 before +0, which nested_compare leaves open */
        stats_sort(tree->value + tree->device[i].first, tree->device[i].count);
}

/* ---- figures that can be counted */

static bool count_figures(struct nested_tree *tree)
{
    struct nested_counted *counted = &tree->counted;
    for (size_t i = 0; i < tree->contributors; i++) {
        struct nested_span *contributor = &tree->contributor[i];
        for (size_t j = contributor->first; j < contributor->first + contributor->count; j++) {
            const size_t values = tree->device[j].count;
            if (values > LANES)
                return false;
            contributor->lanes += (uint32_t)figures_of(values, values);
        }
        const bool several = contributor->count > 1;
        if (several && contributor->lanes > LANES)
            return false;
        const size_t figures = several ? figures_of(contributor->lanes, contributor->count) : contributor->lanes;
        counted->figures += figures;
        counted->places += figures + (several ? contributor->lanes : 0);
    }
    return tree->contributors > 1 && counted->figures <= FIGURES_EACH * tree->contributors;
}

/* The first place of an ascending list that holds the value: which of equal ones stands where decides nothing. */
static uint32_t place_of(const double *sorted, size_t count, double value)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* In the order of their numbers. */
static size_t make_figures(const double *sorted, size_t places, size_t draws, double *ret)
{
    size_t made = 0;
    for (size_t below = 0; below < places; below++)
        for (size_t above = below; above < (draws % 2 == 1 ? below + 1 : places); above++)
            ret[made++] = figure_of(sorted, (struct middle){below, above});
    return made;
}

/* made[i]: the figure at place i; the lanes are set. */
static void find_figures(struct nested_tree *tree, double *made)
{
    uint32_t number = 0;
    for (size_t i = 0; i < tree->contributors; i++) {
        struct nested_span *contributor = &tree->contributor[i];
        const uint32_t first = number;
        for (size_t j = contributor->first; j < contributor->first + contributor->count; j++) {
            struct nested_span *device = &tree->device[j];
            device->figures = number;
            number += (uint32_t)make_figures(tree->value + device->first, device->count, device->count, made + number);
        }
        contributor->figures = number;
        if (contributor->count == 1)
            continue;
        double sorted[LANES];
        memcpy(sorted, made + first, contributor->lanes * sizeof(*sorted));
        stats_sort(sorted, contributor->lanes);
        for (uint32_t j = first; j < contributor->figures; j++)
            tree->counted.place[j] = place_of(sorted, contributor->lanes, made[j]);
        number += (uint32_t)make_figures(sorted, contributor->lanes, contributor->count, made + number);
    }
}

/* The figures of a contributor: behind those of its devices, but where these are its own. */
static uint32_t first_figure(const struct nested_tree *tree, const struct nested_span *contributor)
{
    return contributor->count > 1 ? contributor->figures : tree->device[contributor->first].figures;
}

static size_t figures_of_contributor(const struct nested_span *contributor)
{
    return contributor->count > 1 ? figures_of(contributor->lanes, contributor->count) : contributor->lanes;
}

static bool rank_figures(struct nested_tree *tree)
{
    struct nested_counted *counted = &tree->counted;
    autofree double *made = mem_zalloc(counted->places, sizeof(*made));
    size_t count = 0;
    counted->place = mem_zalloc(counted->places, sizeof(*counted->place));
    counted->figure = mem_zalloc(counted->figures, sizeof(*counted->figure));
    if (made == NULL || counted->place == NULL || counted->figure == NULL)
        return false;
    find_figures(tree, made);
    for (size_t i = 0; i < tree->contributors; i++) {
        const size_t figures = figures_of_contributor(&tree->contributor[i]);
        memcpy(counted->figure + count, made + first_figure(tree, &tree->contributor[i]), figures * sizeof(*made));
        count += figures;
    }
    stats_sort(counted->figure, count);
    for (size_t i = 0; i < tree->contributors; i++) {
        const size_t first = first_figure(tree, &tree->contributor[i]);
        for (size_t j = first; j < first + figures_of_contributor(&tree->contributor[i]); j++)
            counted->place[j] = place_of(counted->figure, count, made[j]);
    }
    return true;
}

int nested_tree_of(struct nested_value *values, size_t count, struct nested_tree *ret, struct err *err)
{
    struct nested_tree tree = {.values = count};
    if (count == 0)
        return err_set(err, ERR_NOTHING, "no values to draw from");
    bool enough = allocate(&tree, count) && nested_sort(values, count, NULL) == 0;
    if (enough) {
        lay_out(&tree, values);
        enough = !count_figures(&tree) || rank_figures(&tree);
    }
    if (!enough) {
        nested_tree_done(&tree);
        return mem_error(err);
    }
    *ret = tree;
    return 0;
}

void nested_scratch_done(struct nested_scratch *scratch)
{
    free(scratch->device_figures);
    free(scratch->contributor_figures);
    free(scratch->times);
    *scratch = (struct nested_scratch){.times = NULL};
}

int nested_scratch_of(const struct nested_tree *tree, struct nested_scratch *ret, struct err *err)
{
    const size_t places =
        tree->counted.figure != NULL && tree->counted.figures > tree->values ? tree->counted.figures : tree->values;
    struct nested_scratch scratch = {mem_zalloc(tree->values, sizeof(double)), mem_zalloc(tree->values, sizeof(double)),
                                     mem_zalloc(places, sizeof(uint32_t))};
    if (!scratch.device_figures || !scratch.contributor_figures || !scratch.times) {
        nested_scratch_done(&scratch);
        return mem_error(err);
    }
    *ret = scratch;
    return 0;
}

size_t nested_tree_members(const struct nested_tree *tree)
{
    if (tree->contributors > 1)
        return tree->contributors;
    return tree->devices > 1 ? tree->devices : tree->values;
}

/* ---- drawing */

/* The lane that holds the draw at `place`: the first whose sum with all before it is greater. */
static inline size_t lane_of(uint64_t sums, size_t place)
{
    const uint64_t greater = (sums + EACH_LANE * (0x7f - place)) & EACH_LANE * 0x80;
    return (size_t)__builtin_ctzll(greater) / 8;
}

/* `times`: how often each lane was drawn. */
static inline struct middle middle_of_lanes(uint64_t times, size_t draws)
{
    const uint64_t sums = times * EACH_LANE; /* of each lane and those before it */
    return (struct middle){lane_of(sums, (draws - 1) / 2), lane_of(sums, draws / 2)};
}

/* Leaves zeros in all `places`. */
static struct middle middle_of_drawn(uint32_t *times, size_t places, size_t draws)
{
    size_t below = 0, passed = times[0];
    while (passed <= (draws - 1) / 2)
        passed += times[++below];
    size_t above = below;
    while (passed <= draws / 2)
        passed += times[++above];
    memset(times, 0, places * sizeof(*times));
    return (struct middle){below, above};
}

/* Of a device with at most LANES values. */
static inline struct middle draw_few(size_t values, struct random_stream *stream)
{
    uint64_t times = 0;
    for (size_t i = 0; i < values; i++)
        times += UINT64_C(1) << 8 * random_below(stream, values);
    return middle_of_lanes(times, values);
}

static inline double draw_device(const struct nested_tree *tree, const struct nested_scratch *scratch, size_t number,
                                 struct random_stream *stream)
{
    const size_t count = tree->device[number].count;
    const double *sorted = tree->value + tree->device[number].first;
    if (count == 1)
        return sorted[0];
    if (count <= LANES)
        return figure_of(sorted, draw_few(count, stream));
    for (size_t i = 0; i < count; i++)
        scratch->times[random_below(stream, count)]++;
    return figure_of(sorted, middle_of_drawn(scratch->times, count, count));
}

static inline double draw_contributor(const struct nested_tree *tree, const struct nested_scratch *scratch,
                                      size_t number, struct random_stream *stream)
{
    const size_t first = tree->contributor[number].first, count = tree->contributor[number].count;
    if (count == 1)
        return draw_device(tree, scratch, first, stream);
    for (size_t i = 0; i < count; i++)
        scratch->device_figures[i] = draw_device(tree, scratch, first + random_below(stream, count), stream);
    return stats_select_median(scratch->device_figures, count);
}

/* The place of a figure of a device. */
static inline uint32_t place_of_device(const struct nested_tree *tree, size_t number, struct random_stream *stream)
{
    const struct nested_span *device = &tree->device[number];
    const size_t count = device->count;
    return tree->counted.place[device->figures + (count == 1 ? 0 : number_of(draw_few(count, stream), count, count))];
}

static double draw_counted(const struct nested_tree *tree, const struct nested_scratch *scratch,
                           struct random_stream *stream)
{
    for (size_t i = 0; i < tree->contributors; i++) {
        const struct nested_span *contributor = &tree->contributor[random_below(stream, tree->contributors)];
        const size_t first = contributor->first, count = contributor->count;
        uint64_t times = 0;
        if (count == 1) {
            scratch->times[place_of_device(tree, first, stream)]++;
            continue;
        }
        for (size_t j = 0; j < count; j++)
            times += UINT64_C(1) << 8 * place_of_device(tree, first + random_below(stream, count), stream);
        const size_t figure = number_of(middle_of_lanes(times, count), contributor->lanes, count);
        scratch->times[tree->counted.place[contributor->figures + figure]]++;
    }
    return figure_of(tree->counted.figure, middle_of_drawn(scratch->times, tree->counted.figures, tree->contributors));
}

double nested_tree_draw(const struct nested_tree *tree, const struct nested_scratch *scratch,
                        struct random_stream *stream)
{
    const size_t count = tree->contributors;
    struct random_stream own = *stream; /* in registers */
    double figure;
    if (tree->counted.figure != NULL) {
        figure = draw_counted(tree, scratch, &own);
    } else if (count == 1) {
        figure = draw_contributor(tree, scratch, 0, &own);
    } else {
        for (size_t i = 0; i < count; i++)
            scratch->contributor_figures[i] = draw_contributor(tree, scratch, random_below(&own, count), &own);
        figure = stats_select_median(scratch->contributor_figures, count);
    }
    *stream = own;
    return figure;
}
