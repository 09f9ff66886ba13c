#include <math.h>
#include <stdlib.h>

#include "plot/chips_data.h"
#include "schema/catalog/catalog.h"

/* The order of qsort needs to know the metric: rows carry it along. */
struct ordered_row {
    struct chart_row row;
    bool higher_is_better, by_family;
    size_t position;
};

static int compare_rows(const void *a, const void *b)
{
    const struct ordered_row *left = a, *right = b;
    double x = left->row.values[0].value, y = right->row.values[0].value;
    if (!left->by_family && isfinite(x) != isfinite(y)) {
        return isfinite(x) ? -1 : 1;
    }
    if (!left->by_family && isfinite(x) && (x < y || x > y)) {
        return (x > y) == left->higher_is_better ? -1 : 1;
    }
    int order = catalog_compare_chips(left->row.name, left->row.variant, right->row.name, right->row.variant);
    if (order != 0) {
        return order;
    }
    return left->position < right->position ? -1 : left->position > right->position;
}

static int sort_rows(struct plot_input *input, enum chips_sort sort, struct chips_data *data, struct err *err)
{
    struct ordered_row *ordered = arena_alloc(&input->arena, data->row_count, sizeof *ordered);
    if (ordered == NULL) {
        return arena_check(&input->arena, err);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        ordered[i] = (struct ordered_row){data->rows[i], data->metrics[0].higher_is_better, sort == SORT_FAMILY, i};
    }
    if (sort != SORT_INPUT) {
        qsort(ordered, data->row_count, sizeof *ordered, compare_rows);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        data->rows[i] = ordered[i].row;
    }
    return 0;
}

static bool has_all_values(const struct chips_data *data, const struct chart_row *row)
{
    for (size_t m = 0; m < data->metric_count; m++) {
        if (!isfinite(row->values[m].value) || row->values[m].value <= 0) {
            return false;
        }
    }
    return true;
}

bool plot_is_base_chip(const char *name)
{
    struct chip_match match;
    catalog_match_chip(name, NULL, &match);
    const struct chip *entry = match.chip == NULL    ? NULL
                               : match.entry != NULL ? match.entry
                                                     : catalog_chip(match.chip, NULL);
    return entry != NULL && entry->tier[0] == '\0';
}

static bool is_slower(const struct chips_data *data, const struct chart_row *a, const struct chart_row *b)
{
    return data->metrics[0].higher_is_better ? a->values[0].value < b->values[0].value
                                             : a->values[0].value > b->values[0].value;
}

/* The oldest base chip that has all values; without one the slowest row. */
static struct chart_row *default_baseline(struct chips_data *data)
{
    struct chart_row *oldest = NULL, *slowest = NULL;
    for (size_t i = 0; i < data->row_count; i++) {
        struct chart_row *row = &data->rows[i];
        if (!has_all_values(data, row)) {
            continue;
        }
        if (plot_is_base_chip(row->name) &&
            (oldest == NULL || catalog_compare_chips(row->name, row->variant, oldest->name, oldest->variant) < 0)) {
            oldest = row;
        }
        if (slowest == NULL || is_slower(data, row, slowest)) {
            slowest = row;
        }
    }
    return oldest != NULL ? oldest : slowest;
}

bool plot_chip_is_named(const char *row, const char *short_name, const char *name)
{
    struct chip_match wanted, have;
    if (text_equal_ignore_case(row, name) || text_equal_ignore_case(short_name, name)) {
        return true;
    }
    catalog_match_chip(name, NULL, &wanted);
    catalog_match_chip(row, NULL, &have);
    return wanted.chip != NULL && text_equal(wanted.chip, have.chip) &&
           (wanted.variant == NULL || text_equal(wanted.variant, have.variant));
}

static struct chart_row *find_baseline(struct chips_data *data, const char *name)
{
    for (size_t i = 0; i < data->row_count; i++) {
        if (plot_chip_is_named(data->rows[i].name, data->rows[i].short_name, name)) {
            return &data->rows[i];
        }
    }
    return NULL;
}

static void compute_factors(const struct chips_data *data, const struct chart_row *baseline, struct chart_value *values)
{
    for (size_t m = 0; m < data->metric_count; m++) {
        double value = values[m].value, base = baseline->values[m].value;
        if (isfinite(value) && isfinite(base) && value > 0 && base > 0) {
            values[m].factor = data->metrics[m].higher_is_better ? value / base : base / value;
        }
    }
}

int chips_read_sort(const char *name, enum chips_sort *ret, struct err *err)
{
    static const char *const names[] = {"value", "family", "input"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (text_equal(name, names[i])) {
            *ret = (enum chips_sort)i;
            return 0;
        }
    }
    err_set(err, ERR_USAGE, "there is no order \"%s\"", name);
    return err_hint(err, "--sort value, family or input");
}

int chips_data_arrange(struct plot_input *input, const struct chips_wish *wish, struct chips_data *data,
                       struct err *err)
{
    int result = sort_rows(input, wish->sort, data, err);
    if (result < 0 || text_equal(wish->baseline, "none") || data->row_count < 2) {
        return result;
    }
    struct chart_row *baseline = wish->baseline == NULL ? default_baseline(data) : find_baseline(data, wish->baseline);
    if (baseline == NULL && wish->baseline != NULL) {
        err_set(err, ERR_USAGE, "the baseline %s is not in %s", wish->baseline, input->name);
        return err_hint(err, "name a chip of the data, or --baseline none");
    }
    if (baseline == NULL) {
        return 0;
    }
    baseline->baseline = true;
    data->baseline_name = baseline->short_name;
    for (size_t i = 0; i < data->row_count; i++) {
        /* The rows' values were allocated in the input's arena for this program to complete. */
        compute_factors(data, baseline, (struct chart_value *)(uintptr_t)data->rows[i].values);
    }
    return 0;
}
