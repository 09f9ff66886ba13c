/* The figures that the sides of a comparison have in common. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/draws.h"
#include "analyze/data/pooled.h"
#include "analyze/data/side_items.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

enum { EXPLAIN_MOST = 4000 };

struct work {
    struct draws *draws;
    const struct side_list *sides;
    struct arena *arena;
    struct side_item *items;
    size_t count;
    bool dropped[SIDE_KEYS];
};

/* The one value that all results of a side have; NULL when they have several. */
static const char *value_on(const struct work *work, size_t key, size_t side)
{
    const char *value = NULL;

    for (size_t i = 0; i < work->count; i++) {
        if (work->items[i].side != side || work->items[i].apart)
            continue;
        if (value != NULL && !text_equal(value, work->items[i].values[key]))
            return NULL;
        value = work->items[i].values[key];
    }
    return value;
}

/* Decides about one facet, and tells of it where it is what the sides differ in. */
static void consider(struct work *work, size_t key, struct side_rows *rows)
{
    const char *values[SIDES_MAX] = {NULL};
    bool single = true, differ = false, stated = false;

    for (size_t side = 0; side < work->sides->count; side++) {
        values[side] = value_on(work, key, side);
        single = single && values[side] != NULL;
        differ = differ || (single && !text_equal(values[side], values[0]));
        stated = stated || !text_is_empty(values[side]);
    }
    work->dropped[key] = (single && differ) || sides_chosen_by(work->sides, side_keys[key]);
    if (!single || !differ || !stated)
        return;
    rows->compared[rows->compared_count] = side_keys[key];
    memcpy(rows->compared_values[rows->compared_count], values, sizeof(values));
    rows->compared_count++;
}

/* The one version that all figures of a side are of; NULL when there are several. */
static const char *version_on(const struct work *work, size_t side)
{
    const char *version = NULL;

    for (size_t i = 0; i < work->count; i++)
        for (size_t j = 0; work->items[i].side == side && !work->items[i].apart && j < work->items[i].count; j++) {
            const char *other = work->items[i].results[j]->run->tool_version;

            if (version != NULL && !text_equal(version, other))
                return NULL;
            version = other;
        }
    return version;
}

/* The version of the tool pairs nothing, but it may be why figures differ. */
static void consider_version(const struct work *work, struct side_rows *rows)
{
    const char *values[SIDES_MAX] = {NULL};
    bool differ = false;

    if (sides_chosen_by(work->sides, "version"))
        return;
    for (size_t side = 0; side < work->sides->count; side++) {
        values[side] = version_on(work, side);
        if (text_is_empty(values[side]))
            return;
        differ = differ || !text_equal(values[side], values[0]);
    }
    if (!differ)
        return;
    rows->compared[rows->compared_count] = "version";
    memcpy(rows->compared_values[rows->compared_count], values, sizeof(values));
    rows->compared_count++;
}

/* A chip that is compared takes its variant and number with it. */
static void drop_with_chip(struct work *work)
{
    if (work->dropped[0])
        work->dropped[1] = work->dropped[2] = true;
}

static int compare_items(const void *left, const void *right)
{
    const struct side_item *a = left, *b = right;

    for (size_t key = 0; key < SIDE_KEYS; key++) {
        const int natural = text_compare_natural(a->values[key], b->values[key]);
        const int order = natural != 0 ? natural : strcmp(a->values[key], b->values[key]);

        if (order != 0)
            return order;
    }
    const struct set_measure *left_measure = a->results[0]->measure, *right_measure = b->results[0]->measure;
    const int metric = strcmp(left_measure->metric, right_measure->metric);

    return metric != 0 ? metric : strcmp(left_measure->unit, right_measure->unit);
}

static int compare_in_order(const void *left, const void *right)
{
    const struct side_item *a = left, *b = right;
    const int order = compare_items(a, b);

    if (order != 0)
        return order;
    if (a->side != b->side)
        return a->side < b->side ? -1 : 1;
    return (a->results[0] > b->results[0]) - (a->results[0] < b->results[0]);
}

static void name_facets(const struct work *work, struct side_rows *rows)
{
    for (size_t key = 0; key < SIDE_KEYS; key++) {
        bool stated = false;

        for (size_t i = 0; i < work->count; i++)
            stated = stated || !text_is_empty(work->items[i].values[key]);
        if (stated && !work->dropped[key])
            rows->facets[rows->facet_count++] = side_keys[key];
    }
}

static enum direction direction_of(const struct result *result)
{
    const struct metric *known = catalog_metric(result->measure->metric);

    if (result->measure->direction != DIRECTION_UNKNOWN || known == NULL)
        return result->measure->direction;
    return text_equal(known->direction, "lower")    ? DIRECTION_LOWER
           : text_equal(known->direction, "higher") ? DIRECTION_HIGHER
                                                    : DIRECTION_UNKNOWN;
}

static void name_row(const struct side_item *item, const struct side_rows *rows, struct side_row *row)
{
    row->metric = item->results[0]->measure->metric;
    row->unit = item->results[0]->measure->unit;
    row->direction = direction_of(item->results[0]);
    for (size_t i = 0; i < rows->facet_count; i++)
        for (size_t key = 0; key < SIDE_KEYS; key++)
            if (text_equal(side_keys[key], rows->facets[i]))
                row->facets[i] = item->values[key];
}

/* The name of a row: the seed of its resampling. */
static const char *cell_name(const struct work *work, const struct side_item *item)
{
    autobuf struct buf name = BUF(65536);

    for (size_t key = 0; key < SIDE_KEYS; key++)
        buf_addf(&name, "%s\n", item->values[key]);
    buf_addf(&name, "%s\n%s", item->results[0]->measure->metric, item->results[0]->measure->unit);
    return arena_strdup(work->arena, buf_text(&name));
}

static int compare_places(const void *left, const void *right)
{
    const struct result *a = *(const struct result *const *)left, *b = *(const struct result *const *)right;

    return (a > b) - (a < b);
}

/* The results of a side in a row, in the order of the set: of several cells where they differ in what is compared. */
static size_t results_of(const struct work *work, size_t from, size_t to, size_t side, const struct result **results)
{
    size_t count = 0, cells = 0;

    for (size_t i = from; i < to; i++) {
        const struct side_item *item = &work->items[i];

        if (item->side != side)
            continue;
        memcpy(results + count, item->results, item->count * sizeof(*results));
        count += item->count;
        cells++;
    }
    if (cells > 1)
        qsort(results, count, sizeof(*results), compare_places);
    return count;
}

static size_t count_results(const struct work *work, size_t from, size_t to)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++)
        count += work->items[i].count;
    return count;
}

/* The one item of a side in a row whose evidence is kept; NULL = several, or it is not kept. */
static const struct side_item *only_kept(const struct work *work, size_t from, size_t to, size_t side)
{
    const struct side_item *only = NULL;

    for (size_t i = from; i < to; i++) {
        if (work->items[i].side != side)
            continue;
        if (only != NULL || work->items[i].kept == NULL)
            return NULL;
        only = &work->items[i];
    }
    return only;
}

static int fill_evidence(const struct work *work, size_t from, size_t to, size_t side, const struct result **results,
                         struct evidence *ret, struct err *err)
{
    const struct side_item *only = only_kept(work, from, to, side);

    if (only == NULL)
        return evidence_of(results, results_of(work, from, to, side, results), work->arena, ret, err);
    struct side_evidence *kept = only->kept;
    const int status = kept->known ? 0 : evidence_of(only->results, only->count, kept->arena, &kept->evidence, err);

    kept->known = status == 0;
    *ret = kept->evidence;
    return status;
}

/* One group of items with equal keys. */
static int fill_row(struct work *work, size_t from, size_t to, struct side_row *row, struct err *err)
{
    const struct result **results = arena_alloc(work->arena, count_results(work, from, to) + 1, sizeof(*results));
    const struct side *sides = work->sides->items;
    const char *cell = cell_name(work, &work->items[from]);
    int status = 0;

    if (results == NULL || cell == NULL)
        return arena_check(work->arena, err);
    for (size_t side = 0; side < work->sides->count && status == 0; side++)
        status = fill_evidence(work, from, to, side, results, &row->evidence[side], err);
    for (size_t side = 1; side < work->sides->count && status == 0; side++) {
        const struct draws_of base = {sides[0].name, &row->evidence[0]};
        const struct draws_of other = {sides[side].name, &row->evidence[side]};
        struct verdict *verdict = &row->verdicts[side];

        status = verdict_test(base.evidence, other.evidence, row->direction, verdict, err);
        if (status == 0 && !isnan(verdict->p))
            status = draws_interval(work->draws, cell, &base, &other, row->direction, verdict, err);
    }
    return status;
}

static bool is_common(const struct side_row *row, size_t sides, size_t *ret_only)
{
    size_t have = 0;

    for (size_t side = 0; side < sides; side++)
        if (isfinite(row->evidence[side].value)) {
            have++;
            *ret_only = side;
        }
    return have > 1 && isfinite(row->evidence[0].value);
}

/* Told once of a side, by the first row of which there is something to tell. */
static int find_pools(const struct work *work, size_t from, size_t to, struct side_rows *rows, struct err *err)
{
    autofree const struct result **results = mem_zalloc(count_results(work, from, to) + 1, sizeof(*results));

    if (results == NULL)
        return mem_error(err);
    for (size_t side = 0; side < work->sides->count; side++) {
        autobuf struct buf text = BUF(4096);

        if (rows->pools[side] == NULL &&
            pooled_differences(results, results_of(work, from, to, side, results), work->arena, &text))
            rows->pools[side] = arena_strdup(work->arena, buf_text(&text));
    }
    return 0;
}

static int fill_rows(struct work *work, struct side_rows *rows, struct err *err)
{
    rows->rows = arena_alloc(work->arena, work->count + 1, sizeof(*rows->rows));
    if (rows->rows == NULL)
        return arena_check(work->arena, err);
    for (size_t from = 0, to = 0; from < work->count; from = to) {
        struct side_row *row = &rows->rows[rows->row_count];
        size_t only = 0;

        for (to = from + 1; to < work->count && compare_items(&work->items[from], &work->items[to]) == 0; to++) {
        }
        memset(row, 0, sizeof(*row));
        name_row(&work->items[from], rows, row);
        int status = fill_row(work, from, to, row, err);
        const bool common = status == 0 && is_common(row, work->sides->count, &only);

        if (common)
            status = find_pools(work, from, to, rows, err);
        if (status < 0)
            return status;
        rows->row_count += common ? 1 : 0;
        rows->only_on[only] += common ? 0 : 1;
    }
    return 0;
}

static int settle(const struct side_rows *rows, size_t sides, struct err *err)
{
    autofree struct verdict **all = mem_zalloc(rows->row_count * sides + 1, sizeof(struct verdict *));
    size_t count = 0;

    if (all == NULL)
        return mem_error(err);
    for (size_t i = 0; i < rows->row_count; i++)
        for (size_t side = 1; side < sides; side++)
            all[count++] = &rows->rows[i].verdicts[side];
    return verdicts_settle(all, count, err);
}

/* Nothing in common: which facet keeps the sides apart. */
static int explain(const struct work *work, struct err *err)
{
    (void)err_set(err, ERR_NOTHING, "the sides have no workload in common");
    if (work->count > EXPLAIN_MOST)
        return err_hint(err, "crosschip-analyze table shows what each of them holds");
    for (size_t key = 0; key < SIDE_KEYS; key++) {
        bool shared = false;

        for (size_t i = 0; i < work->count && !shared; i++)
            for (size_t j = 0; j < work->count && !shared; j++)
                shared = work->items[i].side == 0 && work->items[j].side > 0 &&
                         text_equal(work->items[i].values[key], work->items[j].values[key]);
        if (!shared && work->count > 0 && !work->dropped[key])
            return err_hint(err, "they share no %s; FILE:KEY=VALUE or KEY=VALUE on each side pairs what differs",
                            side_keys[key]);
    }
    return err_hint(err, "crosschip-analyze table shows what each of them holds");
}

int side_items_compare(struct side_items *items, const struct side_list *sides, struct draws *draws,
                       struct arena *arena, struct side_rows *ret, struct err *err)
{
    autodraws struct draws own = {.now = {.count = 0}};
    struct side_rows rows = {.row_count = 0};
    struct work work = {.sides = sides,
                        .draws = draws != NULL ? draws : &own,
                        .arena = arena,
                        .items = items->items,
                        .count = items->count};

    for (size_t key = 0; key < SIDE_KEYS; key++)
        consider(&work, key, &rows);
    consider_version(&work, &rows);
    drop_with_chip(&work);
    name_facets(&work, &rows);
    for (size_t i = 0; i < work.count; i++)
        for (size_t key = 0; key < SIDE_KEYS; key++)
            if (work.dropped[key])
                work.items[i].values[key] = "";
    qsort(work.items, work.count, sizeof(*work.items), compare_in_order);
    int status = fill_rows(&work, &rows, err);

    if (status == 0 && rows.row_count == 0)
        return explain(&work, err);
    if (status == 0)
        status = settle(&rows, sides->count, err);
    if (status == 0)
        *ret = rows;
    return status;
}

int sides_compare(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                  struct side_rows *ret, struct err *err)
{
    struct side_items items = {.count = 0};
    const int status = side_items_collect(set, sides, arena, &items, err);

    return status < 0 ? status : side_items_compare(&items, sides, NULL, arena, ret, err);
}

void side_rows_say_compared(const struct side_rows *rows, size_t compared, size_t sides, struct buf *into)
{
    for (size_t side = 0; side < sides; side++) {
        const char *value = rows->compared_values[compared][side];

        buf_addf(into, "%s%s", side > 0 ? ", " : "", text_is_empty(value) ? "not stated" : value);
    }
}

bool side_rows_vary(const struct side_rows *rows, size_t facet)
{
    for (size_t i = 1; i < rows->row_count; i++)
        if (!text_equal(rows->rows[i].facets[facet], rows->rows[0].facets[facet]))
            return true;
    return false;
}
