#include "analyze/data/twins.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

enum { SUBMISSIONS_MOST = 8 };

/* ---- two figures */

static bool is_time_or_rate(const char *unit)
{
    static const char *const times[] = {"ms", "s", "us", "ns"};

    for (size_t i = 0; i < ARRAY_LENGTH(times); i++)
        if (text_equal(unit, times[i]))
            return true;
    return !text_is_empty(unit) && text_ends_with(unit, "/s");
}

void likeness_add(struct likeness *likeness, const char *unit, double a, double b)
{
    if (!is_time_or_rate(unit) || !isfinite(a) || !isfinite(b) || !(a > 0) || !(b > 0))
        return;
    const int first = figure_stated_decimals(a), second = figure_stated_decimals(b),
              decimals = first < second ? first : second;
    const double half = 0.5 * pow(10, -decimals);

    if (fabs(a - b) > half * (1 + 1e-9)) {
        likeness->different++;
        return;
    }
    const int digits = decimals + (int)floor(log10(first < second ? a : b)) + 1;

    likeness->equal++;
    likeness->digits += digits > 0 ? digits : 0;
}

bool likeness_is_suspect(const struct likeness *likeness)
{
    return likeness->different == 0 && likeness->digits >= TWIN_DIGITS;
}

/* ---- pairs of submissions */

void twin_list_done(struct twin_list *list)
{
    free(list->items);
    *list = (struct twin_list){NULL, 0};
}

/* One result of each submission behind a row; false when there are too many, or fewer than two. */
static bool submissions_of(const struct comparison_row *row, size_t metrics, const struct result **each, size_t *ret)
{
    size_t count = 0;

    for (size_t metric = 0; metric < metrics; metric++)
        for (size_t i = 0; i < row->figures[metric].result_count; i++) {
            const struct result *result = row->figures[metric].results[i];
            size_t at = 0;

            while (at < count && each[at]->run->submission != result->run->submission)
                at++;
            if (at == SUBMISSIONS_MOST)
                return false;
            if (at == count)
                each[count++] = result;
        }
    *ret = count;
    return count > 1;
}

/* The value of a submission's only result; NAN where it has none, or several. */
static double value_of(const struct figure *figure, uint32_t submission)
{
    double value = (double)NAN;
    size_t count = 0;

    for (size_t i = 0; i < figure->result_count; i++)
        if (figure->results[i]->run->submission == submission) {
            value = figure->results[i]->value;
            count++;
        }
    return count == 1 ? value : (double)NAN;
}

static bool same_device(const struct result *a, const struct result *b)
{
    return a->run->device_rank == b->run->device_rank && a->run->contributor_rank == b->run->contributor_rank;
}

static int add_pairs(const struct comparison *comparison, const struct comparison_row *row, struct twin_list *list,
                     size_t *capacity, struct err *err)
{
    const struct result *each[SUBMISSIONS_MOST];
    size_t count = 0;

    if (!submissions_of(row, comparison->metric_count, each, &count))
        return 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            struct twin twin = {each[i], each[j], {0, 0, 0}};

            if (each[i] >= each[j] || same_device(each[i], each[j]))
                continue;
            for (size_t metric = 0; metric < comparison->metric_count; metric++)
                likeness_add(&twin.likeness, comparison->metrics[metric].unit,
                             value_of(&row->figures[metric], each[i]->run->submission),
                             value_of(&row->figures[metric], each[j]->run->submission));
            if (mem_grow(&list->items, capacity, list->count + 1, sizeof(*list->items)) < 0)
                return mem_error(err);
            list->items[list->count++] = twin;
        }
    return 0;
}

/* The results of a set stand together by submission, in the order of their ids: a place in it tells which comes first.
 */
static int compare_submissions(const struct result *a, const struct result *b)
{
    return a->run->submission == b->run->submission ? 0 : (a > b) - (a < b);
}

static int compare_twins(const void *left, const void *right)
{
    const struct twin *a = left, *b = right;
    const int order = compare_submissions(a->first, b->first);

    return order != 0 ? order : compare_submissions(a->second, b->second);
}

/* The pairs of all rows, put together by submissions; only those that are suspect stay. */
static void merge(struct twin_list *list)
{
    size_t kept = 0;

    if (list->count > 1)
        qsort(list->items, list->count, sizeof(*list->items), compare_twins);
    for (size_t from = 0, to = 0; from < list->count; from = to) {
        struct twin twin = list->items[from];

        for (to = from + 1; to < list->count && compare_twins(&list->items[from], &list->items[to]) == 0; to++) {
            twin.likeness.equal += list->items[to].likeness.equal;
            twin.likeness.different += list->items[to].likeness.different;
            twin.likeness.digits += list->items[to].likeness.digits;
        }
        if (likeness_is_suspect(&twin.likeness))
            list->items[kept++] = twin;
    }
    list->count = kept;
}

int twins_find(const struct comparison_set *set, struct twin_list *ret, struct err *err)
{
    autotwins struct twin_list list = {NULL, 0};
    size_t capacity = 0;

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++) {
            const int status = add_pairs(&set->items[i], &set->items[i].rows[j], &list, &capacity, err);

            if (status < 0)
                return status;
        }
    merge(&list);
    *ret = list;
    list = (struct twin_list){NULL, 0};
    return 0;
}

static bool stands_behind(const struct comparison_row *row, size_t metric_count, uint32_t submission)
{
    for (size_t metric = 0; metric < metric_count; metric++)
        for (size_t i = 0; i < row->figures[metric].result_count; i++)
            if (row->figures[metric].results[i]->run->submission == submission)
                return true;
    return false;
}

const struct twin *twins_in_row(const struct twin_list *list, const struct comparison_row *row, size_t metric_count)
{
    for (size_t i = 0; i < list->count; i++)
        if (stands_behind(row, metric_count, list->items[i].first->run->submission) &&
            stands_behind(row, metric_count, list->items[i].second->run->submission))
            return &list->items[i];
    return NULL;
}
