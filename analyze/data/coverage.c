#include "analyze/data/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/stats/interval.h"

#define OLD_AFTER_US ((int64_t)180 * 86400 * 1000000)

void coverage_done(struct coverage *coverage)
{
    names_done(&coverage->chips);
    arena_done(&coverage->arena);
    memset(coverage, 0, sizeof(*coverage));
}

const char *gap_kind_words(enum gap_kind kind)
{
    switch (kind) {
    case GAP_GENERATION:
        return "no chip of this generation";
    case GAP_CHIP:
        return "chip not measured";
    case GAP_RUNS:
        return "fewer than 6 runs, or no run count";
    case GAP_DEVICES:
        return "one device only";
    case GAP_OLD:
        return "older than 180 days";
    case GAP_NONE:
        break;
    }
    return "";
}

/* ---- columns: tool, model and quantisation */

static bool same_column(const struct coverage_column *column, const struct comparison *comparison)
{
    return text_equal(column->tool, comparison->tool) && text_equal(column->model, comparison->model) &&
           text_equal(column->quantization, comparison->quantization);
}

static size_t column_of(const struct coverage *coverage, const struct comparison *comparison)
{
    for (size_t i = 0; i < coverage->column_count; i++)
        if (same_column(&coverage->columns[i], comparison))
            return i;
    return SIZE_MAX;
}

static int fill_columns(const struct comparison_set *comparisons, struct coverage *coverage, struct err *err)
{
    coverage->columns = arena_alloc(&coverage->arena, comparisons->count + 1, sizeof(*coverage->columns));
    if (coverage->columns == NULL)
        return mem_error(err);
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct comparison *comparison = &comparisons->items[i];

        if (column_of(coverage, comparison) == SIZE_MAX)
            coverage->columns[coverage->column_count++] =
                (struct coverage_column){comparison->tool, comparison->model, comparison->quantization};
    }
    return 0;
}

/* ---- rows: measured chips, and catalogue chips of families that are measured */

static const struct chip *entry_of(const char *chip)
{
    size_t count = 0;
    const struct chip *chips = catalog_chips(&count);

    for (size_t i = 0; i < count; i++)
        if (text_equal(chips[i].name, chip))
            return &chips[i];
    return NULL;
}

static bool same_family(const struct chip *a, const struct chip *b)
{
    return text_equal(a->vendor, b->vendor) && text_equal(a->family, b->family) && text_equal(a->kind, b->kind);
}

static int compare_rows(const void *left, const void *right)
{
    const struct coverage_row *a = left, *b = right;
    const int order = catalog_compare_chips(a->chip, "", b->chip, "");

    if (order != 0)
        return order;
    return strcmp(a->chip, b->chip);
}

size_t coverage_row_of(const struct coverage *coverage, const char *chip)
{
    return names_find(&coverage->chips, str_of(chip));
}

/* The chips by the rows as they stand now. */
static bool number_rows(struct coverage *coverage)
{
    names_done(&coverage->chips);
    coverage->chips = (struct names){.count = 0};
    for (size_t i = 0; i < coverage->row_count; i++)
        if (names_number(&coverage->chips, &coverage->arena, str_of(coverage->rows[i].chip)) != i)
            return false;
    return true;
}

static bool add_row(struct coverage *coverage, size_t *capacity, const char *chip, bool measured)
{
    const struct chip *entry = NULL;
    struct coverage_row *rows = NULL;

    if (coverage_row_of(coverage, chip) != NAMES_NONE)
        return true;
    rows = arena_grow(&coverage->arena, coverage->rows, capacity, coverage->row_count + 1, sizeof(*rows));
    if (rows == NULL || names_number(&coverage->chips, &coverage->arena, str_of(chip)) == NAMES_NONE)
        return false;
    entry = entry_of(chip);
    coverage->rows = rows;
    rows[coverage->row_count++] = (struct coverage_row){
        .chip = chip, .entry = entry, .generation = entry != NULL ? entry->generation : "", .measured = measured};
    return true;
}

/* Numbers the families in the order of the rows; a chip that is not in the catalogue is one of its own. */
static void number_families(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->row_count; i++) {
        struct coverage_row *row = &coverage->rows[i];

        row->family = i;
        for (size_t j = 0; row->entry != NULL && j < i; j++)
            if (coverage->rows[j].entry != NULL && same_family(row->entry, coverage->rows[j].entry)) {
                row->family = coverage->rows[j].family;
                break;
            }
    }
}

static bool family_is_measured(const struct chip *chip, const struct chip *const *families, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (same_family(chip, families[i]))
            return true;
    return false;
}

static int fill_rows(const struct comparison_set *comparisons, struct coverage *coverage, struct err *err)
{
    size_t catalogue_count = 0, capacity = 0, family_count = 0;
    const struct chip *catalogue = catalog_chips(&catalogue_count);
    autofree const struct chip **families = mem_zalloc(catalogue_count + 1, sizeof(*families));

    if (families == NULL)
        return mem_error(err);
    for (size_t i = 0; i < comparisons->count; i++)
        for (size_t j = 0; j < comparisons->items[i].row_count; j++)
            if (!add_row(coverage, &capacity, comparisons->items[i].rows[j].chip, true))
                return mem_error(err);
    for (size_t i = 0; i < coverage->row_count; i++) {
        const struct chip *entry = coverage->rows[i].entry;

        if (entry != NULL && !family_is_measured(entry, families, family_count))
            families[family_count++] = entry;
    }
    for (size_t i = 0; i < catalogue_count; i++)
        if (family_is_measured(&catalogue[i], families, family_count) &&
            !add_row(coverage, &capacity, catalogue[i].name, false))
            return mem_error(err);
    if (coverage->row_count > 1)
        qsort(coverage->rows, coverage->row_count, sizeof(*coverage->rows), compare_rows);
    if (!number_rows(coverage))
        return mem_error(err);
    number_families(coverage);
    return arena_check(&coverage->arena, err);
}

/* ---- cells */

static struct coverage_cell *cell_at(const struct coverage *coverage, size_t row, size_t column)
{
    return &coverage->cells[row * coverage->column_count + column];
}

static size_t devices_of(const struct comparison_row *row, size_t metrics)
{
    size_t devices = 0;

    for (size_t i = 0; i < metrics; i++)
        if (isfinite(row->figures[i].value) && row->figures[i].devices > devices)
            devices = row->figures[i].devices;
    return devices;
}

static bool same_hardware(const struct comparison_row *a, const struct comparison_row *b)
{
    return text_equal(a->chip, b->chip) && text_equal(a->variant, b->variant) && a->chip_count == b->chip_count;
}

/* Devices of one chip in one workload: those of different variants are different ones, those of different backends may
 * be the same. Rows stand in the order of chip, variant and number. */
static size_t devices_of_chip(const struct comparison *comparison, size_t first, size_t end)
{
    size_t devices = 0;

    for (size_t from = first, to = first; from < end; from = to) {
        size_t most = 0;

        for (; to < end && same_hardware(&comparison->rows[from], &comparison->rows[to]); to++) {
            const size_t here = devices_of(&comparison->rows[to], comparison->metric_count);

            most = here > most ? here : most;
        }
        devices += most;
    }
    return devices;
}

/* The best-covered workload of the column stands for it. */
static void merge_chip(struct coverage_cell *cell, const struct comparison *comparison, size_t first, size_t end)
{
    const size_t devices = devices_of_chip(comparison, first, end);

    cell->devices = devices > cell->devices ? devices : cell->devices;
    for (size_t i = first; i < end; i++) {
        const struct comparison_row *row = &comparison->rows[i];

        for (size_t j = 0; j < comparison->metric_count; j++)
            if (isfinite(row->figures[j].value) && row->figures[j].runs > cell->runs)
                cell->runs = row->figures[j].runs;
        cell->newest_us = row->newest_us > cell->newest_us ? row->newest_us : cell->newest_us;
    }
}

/* A family is asked for where at least a third of its chips are measured: a single card of fifty does not make the
 * other forty-nine a gap. */
static int mark_asked(struct coverage *coverage, struct err *err)
{
    autofree size_t *have = mem_zalloc(coverage->row_count * coverage->column_count + 1, sizeof(*have));
    autofree size_t *all = mem_zalloc(coverage->row_count + 1, sizeof(*all));

    if (have == NULL || all == NULL)
        return mem_error(err);
    for (size_t i = 0; i < coverage->row_count; i++) {
        const size_t family = coverage->rows[i].family;

        all[family]++;
        for (size_t j = 0; j < coverage->column_count; j++)
            have[family * coverage->column_count + j] += cell_at(coverage, i, j)->devices > 0 ? 1 : 0;
    }
    for (size_t i = 0; i < coverage->row_count; i++)
        for (size_t j = 0; j < coverage->column_count; j++) {
            const size_t family = coverage->rows[i].family;
            const size_t measured = have[family * coverage->column_count + j];

            cell_at(coverage, i, j)->asked = measured >= 2 && measured * 3 >= all[family];
        }
    return 0;
}

static int fill_cells(const struct comparison_set *comparisons, struct coverage *coverage, struct err *err)
{
    const size_t count = coverage->row_count * coverage->column_count;

    coverage->cells = arena_alloc(&coverage->arena, count + 1, sizeof(*coverage->cells));
    if (coverage->cells == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        coverage->cells[i] = (struct coverage_cell){.runs = COUNT_UNKNOWN, .newest_us = TIME_UNKNOWN};
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct comparison *comparison = &comparisons->items[i];
        const size_t column = column_of(coverage, comparison);

        for (size_t from = 0, to = 0; from < comparison->row_count; from = to) {
            const char *chip = comparison->rows[from].chip;

            while (to < comparison->row_count && text_equal(comparison->rows[to].chip, chip))
                to++;
            merge_chip(cell_at(coverage, coverage_row_of(coverage, chip), column), comparison, from, to);
        }
    }
    return mark_asked(coverage, err);
}

/* ---- gaps */

struct gap_list {
    struct coverage *coverage;
    size_t capacity;
};

static void add_gap(struct gap_list *list, enum gap_kind kind, size_t column, const char *what, const char *examples)
{
    struct coverage *coverage = list->coverage;
    struct coverage_gap *gaps =
        arena_grow(&coverage->arena, coverage->gaps, &list->capacity, coverage->gap_count + 1, sizeof(*gaps));

    if (gaps == NULL)
        return;
    coverage->gaps = gaps;
    gaps[coverage->gap_count++] = (struct coverage_gap){kind, column, what, examples, coverage_row_of(coverage, what)};
}

static bool same_generation(const struct coverage *coverage, size_t a, size_t b)
{
    const struct coverage_row *left = &coverage->rows[a], *right = &coverage->rows[b];

    return left->family == right->family && text_equal(left->generation, right->generation);
}

static bool generation_is_measured(const struct coverage *coverage, size_t row, size_t column)
{
    for (size_t i = 0; i < coverage->row_count; i++)
        if (same_generation(coverage, i, row) && cell_at(coverage, i, column)->devices > 0)
            return true;
    return false;
}

/* An absent generation is one gap, told at its first chip, with all its chips. */
static void add_generation_gap(struct gap_list *list, size_t row, size_t column)
{
    struct coverage *coverage = list->coverage;
    autobuf struct buf chips = BUF(4096);

    for (size_t i = 0; i < coverage->row_count; i++) {
        if (!same_generation(coverage, i, row))
            continue;
        if (i < row)
            return;
        buf_addf(&chips, "%s%s", chips.len > 0 ? ", " : "", catalog_short_chip_name(coverage->rows[i].chip));
    }
    const bool more = !text_equal(buf_text(&chips), coverage->rows[row].generation);

    add_gap(list, GAP_GENERATION, column, coverage->rows[row].generation,
            more ? arena_strdup(&coverage->arena, buf_text(&chips)) : NULL);
}

static enum gap_kind weakness(const struct coverage_cell *cell, int64_t as_of_us)
{
    if (cell->runs < STATS_INTERVAL_LEAST)
        return GAP_RUNS;
    if (cell->devices < 2)
        return GAP_DEVICES;
    if (as_of_us != TIME_UNKNOWN && cell->newest_us != TIME_UNKNOWN && as_of_us - cell->newest_us > OLD_AFTER_US)
        return GAP_OLD;
    return GAP_NONE;
}

static void find_gap(struct gap_list *list, size_t row, size_t column, int64_t as_of_us)
{
    struct coverage *coverage = list->coverage;
    const struct coverage_cell *cell = cell_at(coverage, row, column);

    if (cell->devices > 0) {
        const enum gap_kind kind = weakness(cell, as_of_us);

        if (kind != GAP_NONE)
            add_gap(list, kind, column, coverage->rows[row].chip, NULL);
    } else if (cell->asked && generation_is_measured(coverage, row, column)) {
        add_gap(list, GAP_CHIP, column, coverage->rows[row].chip, NULL);
    } else if (cell->asked) {
        add_generation_gap(list, row, column);
    }
}

static int compare_gaps(const void *left, const void *right)
{
    const struct coverage_gap *a = left, *b = right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return strcmp(a->what, b->what);
}

int coverage_compute(const struct comparison_set *comparisons, int64_t as_of_us, struct coverage *ret, struct err *err)
{
    autocoverage struct coverage coverage = {.row_count = 0};
    struct gap_list list = {&coverage, 0};
    int status = fill_columns(comparisons, &coverage, err);

    if (status == 0)
        status = fill_rows(comparisons, &coverage, err);
    if (status == 0)
        status = fill_cells(comparisons, &coverage, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < coverage.row_count; i++)
        for (size_t j = 0; j < coverage.column_count; j++)
            find_gap(&list, i, j, as_of_us);
    if (coverage.gap_count > 1)
        qsort(coverage.gaps, coverage.gap_count, sizeof(*coverage.gaps), compare_gaps);
    status = arena_check(&coverage.arena, err);
    if (status < 0)
        return status;
    *ret = coverage;
    memset(&coverage, 0, sizeof(coverage));
    return 0;
}
