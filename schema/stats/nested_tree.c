#include "schema/stats/nested_tree.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/select.h"

void nested_tree_done(struct nested_tree *tree)
{
    free(tree->value);
    free(tree->first_value);
    free(tree->first_device);
    free(tree->drawn);
    free(tree->device_figures);
    free(tree->contributor_figures);
    free(tree->sorted);
    free(tree->rank);
    free(tree->times);
    *tree = (struct nested_tree){0};
}

static bool allocate(struct nested_tree *tree, size_t count)
{
    tree->value = mem_zalloc(count, sizeof(double));
    tree->drawn = mem_zalloc(count, sizeof(double));
    tree->device_figures = mem_zalloc(count, sizeof(double));
    tree->contributor_figures = mem_zalloc(count, sizeof(double));
    tree->first_value = mem_zalloc(count + 1, sizeof(size_t));
    tree->first_device = mem_zalloc(count + 1, sizeof(size_t));
    return tree->value && tree->drawn && tree->device_figures && tree->contributor_figures && tree->first_value &&
           tree->first_device;
}

/* Which of equal values stands where decides nothing. */
static bool rank_values(struct nested_tree *tree)
{
    const size_t count = tree->values;
    tree->sorted = mem_zalloc(count, sizeof(double));
    tree->rank = mem_zalloc(count, sizeof(size_t));
    tree->times = mem_zalloc(count, sizeof(size_t));
    if (tree->sorted == NULL || tree->rank == NULL || tree->times == NULL)
        return false;
    memcpy(tree->sorted, tree->value, count * sizeof(double));
    stats_sort(tree->sorted, count);
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = count;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (tree->sorted[middle] < tree->value[i])
                low = middle + 1;
            else
                high = middle;
        }
        tree->rank[i] = low;
    }
    return true;
}

int nested_tree_of(struct nested_value *values, size_t count, struct nested_tree *ret, struct err *err)
{
    struct nested_tree tree = {.values = count};
    if (count == 0)
        return err_set(err, ERR_NOTHING, "no values to draw from");
    if (!allocate(&tree, count)) {
        nested_tree_done(&tree);
        return mem_error(err);
    }
    qsort(values, count, sizeof *values, nested_compare);
    for (size_t i = 0; i < count; i++) {
        const bool new_contributor = i == 0 || values[i].contributor != values[i - 1].contributor;
        if (new_contributor)
            tree.first_device[tree.contributors++] = tree.devices;
        if (new_contributor || values[i].device != values[i - 1].device)
            tree.first_value[tree.devices++] = i;
        tree.value[i] = values[i].value;
    }
    tree.first_value[tree.devices] = count;
    tree.first_device[tree.contributors] = tree.devices;
    /* One level has all values, and draws as any other would. */
    tree.flat = tree.contributors == count || (tree.contributors == 1 && (tree.devices == count || tree.devices == 1));
    if (tree.flat && !rank_values(&tree)) {
        nested_tree_done(&tree);
        return mem_error(err);
    }
    *ret = tree;
    return 0;
}

size_t nested_tree_members(const struct nested_tree *tree)
{
    if (tree->contributors > 1)
        return tree->contributors;
    return tree->devices > 1 ? tree->devices : tree->values;
}

static double draw_device(struct nested_tree *tree, size_t device, struct random_stream *stream)
{
    const double *from = tree->value + tree->first_value[device];
    const size_t count = tree->first_value[device + 1] - tree->first_value[device];
    if (count == 1)
        return from[0];
    for (size_t i = 0; i < count; i++)
        tree->drawn[i] = from[random_below(stream, count)];
    return stats_select_median(tree->drawn, count);
}

static double draw_contributor(struct nested_tree *tree, size_t contributor, struct random_stream *stream)
{
    const size_t first = tree->first_device[contributor], count = tree->first_device[contributor + 1] - first;
    if (count == 1)
        return draw_device(tree, first, stream);
    for (size_t i = 0; i < count; i++)
        tree->device_figures[i] = draw_device(tree, first + random_below(stream, count), stream);
    return stats_select_median(tree->device_figures, count);
}

/* Without sorting: how often each was drawn tells where the middle is. */
static double draw_flat(struct nested_tree *tree, struct random_stream *stream)
{
    if (tree->values == 1)
        return tree->value[0];
    const size_t count = tree->values, place = (count - 1) / 2;
    size_t at = 0;
    memset(tree->times, 0, count * sizeof *tree->times);
    for (size_t i = 0; i < count; i++)
        tree->times[tree->rank[random_below(stream, count)]]++;
    size_t passed = tree->times[0];
    while (passed <= place)
        passed += tree->times[++at];
    double middle[2] = {tree->sorted[at], tree->sorted[at]};
    if (count % 2 == 1)
        return middle[0];
    while (passed <= place + 1)
        passed += tree->times[++at];
    middle[1] = tree->sorted[at];
    return stats_median(middle, 2);
}

double nested_tree_draw(struct nested_tree *tree, struct random_stream *stream)
{
    const size_t count = tree->contributors;
    if (tree->flat)
        return draw_flat(tree, stream);
    if (count == 1)
        return draw_contributor(tree, 0, stream);
    for (size_t i = 0; i < count; i++)
        tree->contributor_figures[i] = draw_contributor(tree, random_below(stream, count), stream);
    return stats_select_median(tree->contributor_figures, count);
}
