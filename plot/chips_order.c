#include <math.h>
#include <stdio.h>
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

static const struct chip *entry_of(const char *name)
{
    struct chip_match match;
    catalog_match_chip(name, NULL, &match);
    return match.chip == NULL ? NULL : match.entry != NULL ? match.entry : catalog_chip(match.chip, NULL);
}

int plot_compare_baselines(const char *a, const char *b)
{
    const struct chip *left = entry_of(a), *right = entry_of(b);
    const bool known = left != NULL && left->year > 0, other_known = right != NULL && right->year > 0;
    if (known != other_known) {
        return known ? -1 : 1;
    }
    const bool base = left != NULL && left->tier[0] == '\0', other_base = right != NULL && right->tier[0] == '\0';
    if (base != other_base) {
        return base ? -1 : 1;
    }
    return known && left->year != right->year ? (left->year < right->year ? -1 : 1) : 0;
}

static bool is_slower(const struct chips_data *data, const struct chart_row *a, const struct chart_row *b)
{
    return data->metrics[0].higher_is_better ? a->values[0].value < b->values[0].value
                                             : a->values[0].value > b->values[0].value;
}

/* The first by the rule of those that are slower than `limit`, where that is not NULL. */
static struct chart_row *pick_baseline(struct chips_data *data, const struct chart_row *limit)
{
    struct chart_row *best = NULL;
    for (size_t i = 0; i < data->row_count; i++) {
        struct chart_row *row = &data->rows[i];
        if (!has_all_values(data, row) || (limit != NULL && !is_slower(data, row, limit))) {
            continue;
        }
        const int order = best == NULL ? -1 : plot_compare_baselines(row->name, best->name);
        if (order < 0 || (order == 0 && is_slower(data, row, best))) {
            best = row;
        }
    }
    return best;
}

/* Of the rows that have all values the oldest base chip, and of equally old ones the slowest; not the fastest of all,
 * to which nothing is a gain, unless there is no other. */
static struct chart_row *default_baseline(struct chips_data *data)
{
    const struct chart_row *fastest = NULL;
    for (size_t i = 0; i < data->row_count; i++) {
        if (has_all_values(data, &data->rows[i]) && (fastest == NULL || is_slower(data, fastest, &data->rows[i]))) {
            fastest = &data->rows[i];
        }
    }
    struct chart_row *slower = pick_baseline(data, fastest);
    return slower != NULL ? slower : pick_baseline(data, NULL);
}

bool plot_row_is_labelled(const char *name, const char *short_name, const char *variant, const char *note,
                          const char *label)
{
    char text[512];
    for (int parts = 0; parts < 8; parts++) {
        const char *shown = (parts & 1) != 0 && short_name != NULL ? short_name : name;
        const char *form = (parts & 2) != 0 && variant != NULL ? variant : "";
        const char *beside = (parts & 4) != 0 && note != NULL ? note : "";
        (void)snprintf(text, sizeof text, "%s%s%s%s%s%s", shown, form[0] != '\0' ? " (" : "", form,
                       form[0] != '\0' ? ")" : "", beside[0] != '\0' ? ", " : "", beside);
        if (text_equal_ignore_case(text, label)) {
            return true;
        }
    }
    return false;
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
        const struct chart_row *row = &data->rows[i];
        if (plot_row_is_labelled(row->name, row->short_name, row->variant, row->note, name)) {
            return &data->rows[i];
        }
    }
    for (size_t i = 0; i < data->row_count; i++) {
        if (plot_chip_is_named(data->rows[i].name, data->rows[i].short_name, name)) {
            return &data->rows[i];
        }
    }
    return NULL;
}

static bool has_a_value(const struct chips_data *data, const struct chart_row *row)
{
    for (size_t m = 0; m < data->metric_count; m++) {
        if (isfinite(row->values[m].value) && row->values[m].value > 0) {
            return true;
        }
    }
    return false;
}

/* The wished one, otherwise that of the table, otherwise by the rule. */
static struct chart_row *choose_baseline(const struct plot_input *input, const struct chips_wish *wish,
                                         struct chips_data *data)
{
    if (wish->baseline != NULL) {
        return find_baseline(data, wish->baseline);
    }
    struct chart_row *stated = input->baseline != NULL ? find_baseline(data, input->baseline) : NULL;
    return stated != NULL && has_a_value(data, stated) ? stated : default_baseline(data);
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
    struct chart_row *baseline = choose_baseline(input, wish, data);
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
