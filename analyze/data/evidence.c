#include "analyze/data/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/grouping.h"
#include "schema/base/str.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/summary.h"

static int compare_by_submission(const void *left, const void *right)
{
    const struct result *a = *(const struct result *const *)left, *b = *(const struct result *const *)right;

    if (a->run->submission != b->run->submission)
        return a->run->submission < b->run->submission ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* Results of a database come in this order. */
static void sort_by_submission(const struct result **items, size_t count)
{
    size_t sorted = 1;

    while (sorted < count && compare_by_submission(&items[sorted - 1], &items[sorted]) <= 0)
        sorted++;
    if (sorted < count)
        qsort(items, count, sizeof(*items), compare_by_submission);
}

static size_t finite_results(const struct result *const *results, size_t count, const struct result **items)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (isfinite(results[i]->value))
            items[kept++] = results[i];
    return kept;
}

static int take_members(const struct nested_median *median, struct arena *arena, struct evidence *evidence,
                        struct err *err)
{
    double *members = arena_alloc(arena, median->member_count + 1, sizeof(*members));

    if (members == NULL)
        return arena_check(arena, err);
    if (median->member_count > 0)
        memcpy(members, median->members, median->member_count * sizeof(*members));
    evidence->basis = grouping_level_word(median->level);
    evidence->members = members;
    evidence->member_count = median->member_count;
    return 0;
}

/* The samples of the only submission, of all its results of this cell together. */
static int take_samples(const struct result *const *items, size_t count, struct arena *arena, struct evidence *evidence,
                        struct err *err)
{
    size_t all = 0, kept = 0;

    for (size_t i = 0; i < count; i++)
        all += items[i]->detail->sample_count;
    double *samples = arena_alloc(arena, all + count + 1, sizeof(*samples));
    struct nested_value *values = arena_alloc(arena, all + count + 1, sizeof(*values));

    if (samples == NULL || values == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < items[i]->detail->sample_count; j++)
            if (isfinite(items[i]->detail->samples[j]))
                samples[kept++] = items[i]->detail->samples[j];
    /* Repeated runs of one submission without samples: their figures. */
    for (size_t i = 0; kept == 0 && count > 1 && i < count; i++)
        samples[i] = items[i]->value;
    kept = kept == 0 && count > 1 ? count : kept;
    if (kept < 2)
        return 0;
    stats_sort(samples, kept);
    for (size_t i = 0; i < kept; i++)
        values[i] = (struct nested_value){0, 0, samples[i]};
    evidence->basis = "samples";
    evidence->members = samples;
    evidence->member_count = kept;
    evidence->values = values;
    evidence->value_count = kept;
    return 0;
}

static void describe_single(const struct result *const *items, size_t count, struct evidence *evidence)
{
    const struct result *only = items[0];

    if (evidence->basis != NULL && evidence->member_count > 1) {
        const struct summary summary = stats_summary(evidence->members, evidence->member_count);

        evidence->mean = summary.mean;
        evidence->stddev = summary.stddev;
    } else if (count == 1) {
        evidence->mean = only->detail->mean;
        evidence->stddev = only->detail->stddev_kind == STDDEV_SAMPLE ? only->detail->stddev : (double)NAN;
    }
}

static const char *output_of(const struct result *result)
{
    const struct parameter *hash = parameters_find(&result->run->setup->items, "quality_hash");

    return hash != NULL && hash->type == PARAMETER_WORD ? hash->word : "";
}

static void count_evidence(const struct result *const *items, size_t count, struct evidence *evidence)
{
    evidence->runs = grouping_runs(items, count);
    evidence->output = output_of(items[0]);
    for (size_t i = 0; i < count; i++) {
        const struct result *result = items[i];

        evidence->flagged += result->flagged ? 1 : 0;
        if (!text_equal(evidence->output, output_of(result)))
            evidence->output = NULL;
    }
    evidence->least = evidence->member_count > 0 ? evidence->members[0] : evidence->value;
    evidence->greatest = evidence->member_count > 0 ? evidence->members[evidence->member_count - 1] : evidence->value;
}

static int fill(const struct result *const *items, size_t count, struct arena *arena, struct evidence *evidence,
                struct err *err)
{
    double *scratch = arena_alloc(arena, count, sizeof(*scratch));
    struct nested_median median = {.value = (double)NAN};

    evidence->values = arena_alloc(arena, count, sizeof(*evidence->values));
    if (scratch == NULL || evidence->values == NULL)
        return arena_check(arena, err);
    evidence->value_count = grouping_values(items, count, evidence->values, scratch);
    int status = stats_nested_median(evidence->values, evidence->value_count, &median, err);

    if (status < 0)
        return status;
    evidence->value = median.value;
    evidence->submissions = median.submissions;
    evidence->devices = median.devices;
    evidence->contributors = median.contributors;
    status = take_members(&median, arena, evidence, err);
    free(median.members);
    if (status == 0 && evidence->submissions == 1)
        status = take_samples(items, count, arena, evidence, err);
    return status;
}

int evidence_of(const struct result *const *results, size_t count, struct arena *arena, struct evidence *ret,
                struct err *err)
{
    const double none = (double)NAN;
    struct evidence evidence = {.value = none,
                                .runs = COUNT_UNKNOWN,
                                .least = none,
                                .greatest = none,
                                .stddev = none,
                                .mean = none,
                                .output = ""};
    const struct result **items = arena_alloc(arena, count + 1, sizeof(*items));

    if (items == NULL)
        return arena_check(arena, err);
    const size_t kept = finite_results(results, count, items);

    if (kept > 0) {
        sort_by_submission(items, kept);
        evidence.first = items[0];
        const int status = fill(items, kept, arena, &evidence, err);

        if (status < 0)
            return status;
        count_evidence(items, kept, &evidence);
        if (evidence.submissions == 1)
            describe_single(items, kept, &evidence);
    }
    *ret = evidence;
    return 0;
}
