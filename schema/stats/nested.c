/* Nested median.
 *
 * device value = median over its submissions; contributor value = median over the devices; the figure =
 * median over the contributors. Whoever sends a hundred results of one machine moves the figure as much as
 * who sends one. The three counts say how many stood behind it.
 * Example: contributor A: device 1 with 10, 12, 50 (median 12), device 2 with 20 (20): A = 16;
 * contributor B: one device with 30. The figure is 23, from 5 submissions, 3 devices, 2 contributors. */
#include "schema/stats/nested.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/select.h"

int nested_compare(const void *left, const void *right)
{
    const struct nested_value *a = left, *b = right;

    if (a->contributor != b->contributor)
        return a->contributor < b->contributor ? -1 : 1;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* The three levels side by side; each has room for all. */
struct levels {
    double *submissions, *devices, *contributors;
    size_t device_count, contributor_count;
};

static void fill_levels(const struct nested_value *values, size_t count, struct levels *levels)
{
    size_t first_device = 0; /* of the contributor at hand */

    for (size_t i = 0; i < count;) {
        size_t end = i;

        for (;
             end < count && values[end].contributor == values[i].contributor && values[end].device == values[i].device;
             end++)
            levels->submissions[end] = values[end].value;
        levels->devices[levels->device_count++] = stats_select_median(levels->submissions + i, end - i);
        if (end == count || values[end].contributor != values[i].contributor) {
            levels->contributors[levels->contributor_count++] =
                stats_select_median(levels->devices + first_device, levels->device_count - first_device);
            first_device = levels->device_count;
        }
        i = end;
    }
}

static void choose_level(struct levels *levels, size_t count, struct nested_median *result)
{
    double **members = NULL;

    if (levels->contributor_count > 1) {
        result->level = NESTED_CONTRIBUTORS;
        result->member_count = levels->contributor_count;
        members = &levels->contributors;
    } else if (levels->device_count > 1) {
        result->level = NESTED_DEVICES;
        result->member_count = levels->device_count;
        members = &levels->devices;
    } else if (count > 1) {
        result->level = NESTED_SUBMISSIONS;
        result->member_count = count;
        members = &levels->submissions;
    }
    if (members != NULL) {
        result->members = TAKE_PTR(*members);
        stats_sort(result->members, result->member_count);
    }
}

int stats_nested_median(struct nested_value *values, size_t count, struct nested_median *ret, struct err *err)
{
    if (count == 0)
        return err_set(err, ERR_NOTHING, "no values to take a median of");

    autofree double *submissions = mem_zalloc(count, sizeof(double));
    autofree double *devices = mem_zalloc(count, sizeof(double));
    autofree double *contributors = mem_zalloc(count, sizeof(double));

    if (submissions == NULL || devices == NULL || contributors == NULL)
        return mem_error(err);
    qsort(values, count, sizeof(*values), nested_compare);
    struct levels levels = {submissions, devices, contributors, 0, 0};
    struct nested_median result = {.value = (double)NAN, .submissions = count};

    fill_levels(values, count, &levels);
    result.devices = levels.device_count;
    result.contributors = levels.contributor_count;
    result.value = stats_select_median(levels.contributors, levels.contributor_count);
    choose_level(&levels, count, &result);
    /* choose_level took one of the three. */
    submissions = levels.submissions;
    devices = levels.devices;
    contributors = levels.contributors;
    *ret = result;
    return 0;
}
