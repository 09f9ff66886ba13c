#include "schema/stats/nested_tree.h"

#include <stdbool.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

void nested_tree_done(struct nested_tree *tree)
{
    free(tree->value);
    free(tree->first_value);
    free(tree->first_device);
    free(tree->drawn);
    free(tree->device_figures);
    free(tree->contributor_figures);
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
    *ret = tree;
    return 0;
}

size_t nested_tree_members(const struct nested_tree *tree)
{
    if (tree->contributors > 1)
        return tree->contributors;
    return tree->devices > 1 ? tree->devices : tree->values;
}

static double median_of(double *values, size_t count)
{
    stats_sort(values, count);
    return stats_median(values, count);
}

static double draw_device(struct nested_tree *tree, size_t device, struct random_stream *stream)
{
    const double *from = tree->value + tree->first_value[device];
    const size_t count = tree->first_value[device + 1] - tree->first_value[device];
    if (count == 1)
        return from[0];
    for (size_t i = 0; i < count; i++)
        tree->drawn[i] = from[random_below(stream, count)];
    return median_of(tree->drawn, count);
}

static double draw_contributor(struct nested_tree *tree, size_t contributor, struct random_stream *stream)
{
    const size_t first = tree->first_device[contributor], count = tree->first_device[contributor + 1] - first;
    if (count == 1)
        return draw_device(tree, first, stream);
    for (size_t i = 0; i < count; i++)
        tree->device_figures[i] = draw_device(tree, first + random_below(stream, count), stream);
    return median_of(tree->device_figures, count);
}

double nested_tree_draw(struct nested_tree *tree, struct random_stream *stream)
{
    const size_t count = tree->contributors;
    if (count == 1)
        return draw_contributor(tree, 0, stream);
    for (size_t i = 0; i < count; i++)
        tree->contributor_figures[i] = draw_contributor(tree, random_below(stream, count), stream);
    return median_of(tree->contributor_figures, count);
}
