#include "analyze/data/observations.h"

#include <math.h>
#include <string.h>

#include "analyze/data/draws.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

/* One comparison with the evidence of its rows. */
struct work {
    const struct comparison *comparison;
    struct evidence *evidence; /* of each row, first metric */
    struct observation_list *list;
    struct arena *arena;
    size_t first; /* observation of this comparison */
};

static bool has_value(const struct comparison *comparison, size_t row)
{
    return isfinite(comparison->rows[row].figures[0].value);
}

static bool is_told(const struct work *work, size_t row, size_t against)
{
    for (size_t i = work->first; i < work->list->count; i++) {
        const struct observation *told = &work->list->items[i];

        if ((told->row == row && told->against == against) || (told->row == against && told->against == row))
            return true;
    }
    return false;
}

static void add(struct work *work, enum observation_kind kind, size_t row, size_t against)
{
    struct observation_list *list = work->list;

    if (row == against || is_told(work, row, against))
        return;
    struct observation *items = arena_grow(work->arena, list->items, &list->capacity, list->count + 1, sizeof(*items));

    if (items == NULL)
        return;
    list->items = items;
    items[list->count++] = (struct observation){.kind = kind,
                                                .comparison = work->comparison,
                                                .row = row,
                                                .against = against,
                                                .evidence = &work->evidence[row],
                                                .base = &work->evidence[against]};
}

/* Any variant of the chip where its own is not known: family and tier are the same. */
static const struct chip *entry_of(const struct comparison_row *row)
{
    return row->entry != NULL || !row->chip_known ? row->entry : catalog_chip(row->chip, NULL);
}

/* Chips of one family, on one backend. */
static bool are_alike(const struct comparison_row *a, const struct comparison_row *b)
{
    const struct chip *left = entry_of(a), *right = entry_of(b);

    return left != NULL && right != NULL && a->chip_count == b->chip_count && text_equal(a->backend, b->backend) &&
           text_equal(left->vendor, right->vendor) && text_equal(left->kind, right->kind) &&
           text_equal(left->family, right->family);
}

static bool same_generation(const struct comparison_row *a, const struct comparison_row *b)
{
    return are_alike(a, b) && !text_is_empty(entry_of(a)->generation) &&
           text_equal(entry_of(a)->generation, entry_of(b)->generation);
}

/* The first row of a generation is its smallest chip: rows are in the natural order. */
static void add_scaling(struct work *work, size_t row)
{
    const struct comparison_row *rows = work->comparison->rows;

    for (size_t i = 0; i < row; i++)
        if (has_value(work->comparison, i) && same_generation(&rows[row], &rows[i])) {
            add(work, OBSERVED_SCALING, row, i);
            return;
        }
}

static bool same_tier(const struct comparison_row *a, const struct comparison_row *b)
{
    return are_alike(a, b) && text_equal(entry_of(a)->tier, entry_of(b)->tier);
}

/* A later variant of the same chip is larger. */
static bool is_largest_variant(const struct work *work, size_t row)
{
    const struct comparison *comparison = work->comparison;

    for (size_t i = row + 1; i < comparison->row_count; i++)
        if (has_value(comparison, i) && same_tier(&comparison->rows[row], &comparison->rows[i]) &&
            same_generation(&comparison->rows[row], &comparison->rows[i]))
            return false;
    return true;
}

static void add_generation(struct work *work, size_t row)
{
    const struct comparison *comparison = work->comparison;

    if (entry_of(&comparison->rows[row]) == NULL || !is_largest_variant(work, row))
        return;
    for (size_t i = row; i-- > 0;)
        if (has_value(comparison, i) && same_tier(&comparison->rows[row], &comparison->rows[i]) &&
            !same_generation(&comparison->rows[row], &comparison->rows[i])) {
            add(work, OBSERVED_GENERATION, row, i);
            return;
        }
}

static void add_pairs(struct work *work)
{
    const struct comparison *comparison = work->comparison;
    const size_t best = comparison->by_value[0];

    if (comparison_metric_rows(comparison, 0) < 2)
        return;
    add(work, OBSERVED_NEXT, best, comparison->by_value[1]);
    if (comparison->baseline != NO_ROW && has_value(comparison, comparison->baseline))
        add(work, OBSERVED_BASELINE, best, comparison->baseline);
    for (size_t i = 0; i < comparison->row_count; i++)
        if (has_value(comparison, i))
            add_scaling(work, i);
    for (size_t i = 0; i < comparison->row_count; i++)
        if (has_value(comparison, i))
            add_generation(work, i);
}

static int add_comparison(const struct comparison *comparison, struct arena *arena, struct observation_list *list,
                          struct err *err)
{
    struct work work = {.comparison = comparison, .list = list, .arena = arena, .first = list->count};
    int status = 0;

    work.evidence = arena_alloc(arena, comparison->row_count + 1, sizeof(*work.evidence));
    if (work.evidence == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < comparison->row_count && status == 0; i++) {
        const struct figure *figure = &comparison->rows[i].figures[0];

        status = evidence_of(figure->results, figure->result_count, arena, &work.evidence[i], err);
    }
    if (status == 0)
        add_pairs(&work);
    return status < 0 ? status : arena_check(arena, err);
}

/* ---- judging */

static enum direction direction_of(const struct observation *observation)
{
    return observation->comparison->metrics[0].direction;
}

/* Names for the seeds: they depend on nothing but what is compared. */
static void cell_name(const struct comparison *comparison, struct buf *into)
{
    buf_addf(into, "%s\n%s\n", comparison->tool, comparison->metrics[0].name);
    comparison_title(comparison, into);
    buf_addf(into, "\n%s", comparison->variant);
}

static void side_name(const struct comparison_row *row, struct buf *into)
{
    comparison_row_name(row, false, into);
    buf_addf(into, " %s", row->backend);
}

static int add_interval(struct observation *observation, struct draws *draws, struct err *err)
{
    const struct comparison *comparison = observation->comparison;
    autobuf struct buf cell = BUF(65536), of_base = BUF(65536), of_other = BUF(65536);

    if (isnan(observation->verdict.q))
        return 0;
    cell_name(comparison, &cell);
    side_name(&comparison->rows[observation->against], &of_base);
    side_name(&comparison->rows[observation->row], &of_other);
    const struct draws_of base = {buf_text(&of_base), observation->base};
    const struct draws_of other = {buf_text(&of_other), observation->evidence};

    return draws_interval(draws, buf_text(&cell), &base, &other, direction_of(observation), &observation->verdict, err);
}

static int judge(struct observation_list *list, struct draws *draws, struct arena *arena, struct err *err)
{
    struct verdict **verdicts = arena_alloc(arena, list->count + 1, sizeof(*verdicts));
    int status = 0;

    if (verdicts == NULL)
        return mem_error(err);
    for (size_t i = 0; i < list->count && status == 0; i++) {
        struct observation *one = &list->items[i];

        verdicts[i] = &one->verdict;
        status = verdict_test(one->base, one->evidence, direction_of(one), &one->verdict, err);
        list->tested += status == 0 && !isnan(one->verdict.p) ? 1 : 0;
    }
    if (status == 0)
        status = verdicts_settle(verdicts, list->count, err);
    for (size_t i = 0; i < list->count && status == 0; i++)
        status = add_interval(&list->items[i], draws, err);
    return status;
}

int observations_of(const struct comparison_set *comparisons, struct draws *draws, struct arena *arena,
                    struct observation_list *ret, struct err *err)
{
    struct observation_list list = {NULL, 0, 0, 0};
    autodraws struct draws own = {.intervals = NULL};
    int status = 0;

    for (size_t i = 0; i < comparisons->count && status == 0; i++)
        status = add_comparison(&comparisons->items[i], arena, &list, err);
    if (status == 0)
        status = judge(&list, draws != NULL ? draws : &own, arena, err);
    if (status == 0)
        *ret = list;
    return status;
}

bool observations_tested(const struct observation_list *list, const struct comparison *comparison)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].comparison == comparison && !isnan(list->items[i].verdict.p))
            return true;
    return false;
}
