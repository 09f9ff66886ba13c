/* Nested median.
 *
 * device value = median over its submissions; contributor value = median over the devices; the figure =
 * median over the contributors. Whoever sends a hundred results of one machine moves the figure as much as
 * who sends one. The three counts say how many stood behind it.
 * Example: contributor A: device 1 with 10, 12, 50 (median 12), device 2 with 20 (20): A = 16;
 * contributor B: one device with 30. The figure is 23, from 5 submissions, 3 devices, 2 contributors. */
#include "schema/stats/nested.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- sorting: a large cell has thousands of values in random order, and nothing else of it costs as much */

#define FEW ((size_t)32)
#define DIGITS ((size_t)256)

/* Digit `at` of a key: device, then contributor, the least digit first. */
static size_t digit_of(const struct nested_value *value, size_t at)
{
    const size_t number = at < sizeof(size_t) ? value->device : value->contributor;

    return number >> at % sizeof(size_t) * CHAR_BIT & (DIGITS - 1);
}

static void sort_few(struct nested_value *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct nested_value value = values[i];
        size_t at = i;

        for (; at > 0 && nested_compare(&values[at - 1], &value) > 0; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

/* By one digit; what has equal ones stays as it stood. */
static void sort_digit(const struct nested_value *values, size_t count, size_t at, struct nested_value *sorted)
{
    size_t ends[DIGITS] = {0}, end = 0;

    for (size_t i = 0; i < count; i++)
        ends[digit_of(&values[i], at)]++;
    for (size_t i = 0; i < DIGITS; i++) {
        const size_t here = ends[i];

        ends[i] = end;
        end += here;
    }
    for (size_t i = 0; i < count; i++)
        sorted[ends[digit_of(&values[i], at)]++] = values[i];
}

/* Those of one device, which stand together. */
static void sort_devices(struct nested_value *values, size_t count)
{
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1;
             end < count && values[end].contributor == values[i].contributor && values[end].device == values[i].device;)
            end++;
        if (end - i <= FEW)
            sort_few(values + i, end - i);
        else
            qsort(values + i, end - i, sizeof(*values), nested_compare);
    }
}

/* The bits of device and contributor in which some values differ; whether all stand in order already. */
static bool look_through(const struct nested_value *values, size_t count, struct nested_value *differ)
{
    bool sorted = true;

    for (size_t i = 1; i < count; i++) {
        differ->device |= values[i].device ^ values[0].device;
        differ->contributor |= values[i].contributor ^ values[0].contributor;
        sorted = sorted && nested_compare(&values[i - 1], &values[i]) <= 0;
    }
    return sorted;
}

int nested_sort(struct nested_value *values, size_t count, struct err *err)
{
    struct nested_value differ = {0, 0, 0};

    if (count <= FEW)
        sort_few(values, count);
    if (count <= FEW || look_through(values, count, &differ))
        return 0;
    autofree struct nested_value *spare = mem_zalloc(count, sizeof(*spare));
    struct nested_value *from = values, *to = spare;

    if (spare == NULL)
        return mem_error(err);
    for (size_t at = 0; at < 2 * sizeof(size_t); at++)
        if (digit_of(&differ, at) != 0) {
            struct nested_value *sorted = to;

            sort_digit(from, count, at, sorted);
            to = from;
            from = sorted;
        }
    if (from != values)
        memcpy(values, from, count * sizeof(*values));
    sort_devices(values, count);
    return 0;
}

/* ---- levels */

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
    if (nested_sort(values, count, err) < 0)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
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
