#include <math.h>
#include <stdlib.h>

#include "plot/heatmap_words.h"
#include "plot/names.h"
#include "schema/catalog/catalog.h"

/* The order of qsort needs to know the column: rows carry it along. */
struct ordered_row {
    struct heat_row row;
    size_t by, position;
    bool lower, by_family;
};

static int compare_rows(const void *a, const void *b)
{
    const struct ordered_row *left = a, *right = b;
    double x = left->row.cells[left->by].value, y = right->row.cells[left->by].value;
    if (!left->by_family && (isfinite(x) != 0) != (isfinite(y) != 0)) {
        return isfinite(x) ? -1 : 1;
    }
    if (!left->by_family && isfinite(x) && (x < y || x > y)) {
        return (x > y) != left->lower ? -1 : 1;
    }
    int order = catalog_compare_chips(left->row.name, left->row.variant, right->row.name, right->row.variant);
    if (order != 0) {
        return order;
    }
    return left->position < right->position ? -1 : left->position > right->position;
}

static int sort_rows(struct plot_input *input, enum chips_sort sort, struct heatmap_data *data, struct err *err)
{
    struct ordered_row *ordered = arena_alloc(&input->arena, data->row_count, sizeof *ordered);
    if (ordered == NULL) {
        return arena_check(&input->arena, err);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        ordered[i] = (struct ordered_row){data->rows[i], data->by, i, data->lower[data->by], sort == SORT_FAMILY};
    }
    if (sort != SORT_INPUT) {
        qsort(ordered, data->row_count, sizeof *ordered, compare_rows);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        data->rows[i] = ordered[i].row;
    }
    return 0;
}

/* The neighbours under one heading stand together, whatever order the rows of long data came in. */
static void group_columns(struct heatmap_data *data)
{
    for (size_t c = 1; c < data->column_count; c++) {
        size_t target = c;
        for (size_t k = 0; k < c; k++) {
            target = text_equal(data->columns[k].group, data->columns[c].group) ? k + 1 : target;
        }
        for (size_t at = c; at > target; at--) {
            struct heat_column moved = data->columns[at];
            data->columns[at] = data->columns[at - 1];
            data->columns[at - 1] = moved;
            const char *name = data->value_names[at];
            data->value_names[at] = data->value_names[at - 1];
            data->value_names[at - 1] = name;
            for (size_t i = 0; i < data->row_count; i++) {
                struct heat_cell *cells = (struct heat_cell *)(uintptr_t)data->rows[i].cells;
                struct heat_cell cell = cells[at];
                cells[at] = cells[at - 1];
                cells[at - 1] = cell;
            }
        }
    }
}

static bool is_positive(const struct heat_cell *cell)
{
    return isfinite(cell->value) && cell->value > 0;
}

/* How many values of other rows stand in the columns where the row has one: those get a factor. */
static size_t compared(const struct heatmap_data *data, const struct heat_row *row)
{
    size_t count = 0;
    for (size_t c = 0; c < data->column_count; c++) {
        for (size_t i = 0; is_positive(&row->cells[c]) && i < data->row_count; i++) {
            count += is_positive(&data->rows[i].cells[c]) ? 1 : 0;
        }
    }
    return count;
}

static bool is_slower(const struct heatmap_data *data, const struct heat_row *a, const struct heat_row *b)
{
    const double x = a->cells[data->by].value, y = b->cells[data->by].value;
    if (!isfinite(x) || !isfinite(y) || !(x < y || x > y)) {
        return isfinite(x) && !isfinite(y);
    }
    return data->lower[data->by] ? x > y : x < y;
}

/* The fastest of the column that the rows are sorted by; NULL when it has no values. */
static const struct heat_row *fastest_row(const struct heatmap_data *data)
{
    const struct heat_row *best = NULL;
    for (size_t i = 0; i < data->row_count; i++) {
        const struct heat_row *row = &data->rows[i];
        best = is_positive(&row->cells[data->by]) && (best == NULL || is_slower(data, best, row)) ? row : best;
    }
    return best;
}

/* Of the rows that most values compare with one that is not the fastest, to which nothing is a gain; of those the
 * oldest base chip, and of equally old ones the slowest. */
static struct heat_row *default_baseline(struct heatmap_data *data)
{
    const struct heat_row *fastest = fastest_row(data);
    struct heat_row *best = NULL;
    size_t most = 0;
    bool best_slower = false;
    for (size_t i = 0; i < data->row_count; i++) {
        struct heat_row *row = &data->rows[i];
        const size_t values = compared(data, row);
        if (values == 0 || values < most) {
            continue;
        }
        const bool slower = fastest == NULL || is_slower(data, row, fastest);
        int order = values > most || best == NULL ? -1 : plot_compare_baselines(row->name, best->name);
        order = values == most && best != NULL && slower != best_slower ? (slower ? -1 : 1) : order;
        if (order < 0 || (order == 0 && is_slower(data, row, best))) {
            best = row;
            best_slower = slower;
            most = values;
        }
    }
    return best;
}

static struct heat_row *find_baseline(struct heatmap_data *data, const char *name)
{
    for (size_t i = 0; i < data->row_count; i++) {
        const struct heat_row *row = &data->rows[i];
        if (plot_row_is_labelled(row->name, row->short_name, row->variant, NULL, name)) {
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

/* The wished one, otherwise that of the table, otherwise by the rule. */
static struct heat_row *choose_baseline(const struct plot_input *input, const struct heatmap_wish *wish,
                                        struct heatmap_data *data)
{
    if (wish->baseline != NULL) {
        return find_baseline(data, wish->baseline);
    }
    struct heat_row *stated = input->baseline != NULL ? find_baseline(data, input->baseline) : NULL;
    return stated != NULL && compared(data, stated) > 0 ? stated : default_baseline(data);
}

static void compute_factors(struct heatmap_data *data, const struct heat_row *baseline)
{
    for (size_t i = 0; i < data->row_count; i++) {
        struct heat_cell *cells = (struct heat_cell *)(uintptr_t)data->rows[i].cells;
        for (size_t c = 0; c < data->column_count; c++) {
            double value = cells[c].value, base = baseline->cells[c].value;
            if (is_positive(&cells[c]) && is_positive(&baseline->cells[c])) {
                cells[c].factor = data->lower[c] ? base / value : value / base;
            }
        }
    }
}

/* Whether low values are better, as the first heading that has a unit or is in the catalogue says. */
static bool is_lower(struct plot_input *input, const char *const *headings, size_t count)
{
    struct chart_metric metric = {.higher_is_better = true};
    bool told = false;
    for (size_t i = 0; i < count && !told; i++) {
        if (headings[i] != NULL) {
            plot_describe_metric(input, headings[i], &metric);
            told = metric.unit[0] != '\0' || catalog_metric(headings[i]) != NULL;
        }
    }
    return told && !metric.higher_is_better;
}

static int apply_directions(const struct plot_input *input, const char *const *names, size_t count, bool lower,
                            struct heatmap_data *data, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        bool all = text_equal(names[i], "all");
        size_t column = heatmap_data_column(data, names[i]);
        if (column == SIZE_MAX && !all) {
            err_set(err, ERR_USAGE, "%s has no workload %s", input->name, names[i]);
            return err_hint(err, "--%s takes the heading of a column, or all", lower ? "lower" : "higher");
        }
        for (size_t c = 0; c < data->column_count; c++) {
            data->lower[c] = all || c == column ? lower : data->lower[c];
        }
    }
    return 0;
}

/* By the heading of long data's values, or of the column and of its group, as for the other charts. */
static int choose_directions(struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *data,
                             struct err *err)
{
    for (size_t c = 0; c < data->column_count; c++) {
        const char *const headings[] = {data->value_names[c], data->columns[c].title, data->columns[c].group};
        data->lower[c] = is_lower(input, headings, ARRAY_LENGTH(headings));
    }
    int result = apply_directions(input, wish->lower, wish->lower_count, true, data, err);
    return result < 0 ? result : apply_directions(input, wish->higher, wish->higher_count, false, data, err);
}

static int choose_order(const struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *data,
                        struct err *err)
{
    size_t most = 0;
    if (wish->by != NULL) {
        data->by = heatmap_data_column(data, wish->by);
        if (data->by == SIZE_MAX) {
            err_set(err, ERR_USAGE, "%s has no workload %s to sort by", input->name, wish->by);
            return err_hint(err,
                            "--by takes the heading of a column, as \"GROUP | TITLE\" where a group stands over it");
        }
        return 0;
    }
    for (size_t c = 0; c < data->column_count; c++) {
        size_t values = 0;
        for (size_t i = 0; i < data->row_count; i++) {
            values += isfinite(data->rows[i].cells[c].value) ? 1 : 0;
        }
        if (values > most) {
            most = values;
            data->by = c;
        }
    }
    return 0;
}

static void shorten_names(struct heatmap_data *data)
{
    struct plot_naming naming = {0};
    for (size_t i = 0; i < data->row_count; i++) {
        plot_naming_see(&naming, data->rows[i].name);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        data->rows[i].short_name = plot_naming_short(&naming, data->rows[i].name);
    }
}

static int set_baseline(const struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *data,
                        struct err *err)
{
    struct heat_row *baseline = choose_baseline(input, wish, data);
    if (baseline == NULL && wish->baseline != NULL) {
        err_set(err, ERR_USAGE, "the baseline %s is not in %s", wish->baseline, input->name);
        return err_hint(err, "name a chip of the data, or --baseline none");
    }
    if (baseline != NULL) {
        baseline->baseline = true;
        data->baseline_name = baseline->short_name;
        compute_factors(data, baseline);
    }
    return 0;
}

int heatmap_data_arrange(struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *data,
                         struct err *err)
{
    group_columns(data);
    shorten_names(data);
    int result = choose_directions(input, wish, data, err);
    result = result < 0 ? result : choose_order(input, wish, data, err);
    result = result < 0 ? result : sort_rows(input, wish->sort, data, err);
    if (result == 0 && !text_equal(wish->baseline, "none")) {
        result = set_baseline(input, wish, data, err);
    }
    if (result == 0) {
        heatmap_words_describe(input, data);
    }
    return result;
}
