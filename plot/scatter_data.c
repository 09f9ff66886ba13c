#include "plot/scatter_data.h"

#include <math.h>

#include "plot/columns.h"
#include "plot/names.h"
#include "schema/catalog/catalog.h"

#define OTHER (CHART_CATEGORIES - 1)

struct columns {
    size_t name, x, y, group, lesser, pinned;
    bool generations; /* tell the colours */
};

/* The first column of numbers that is nothing else yet. */
static size_t free_numbers(const struct plot_input *input, const struct columns *columns)
{
    for (size_t i = 0; i < input->column_count; i++) {
        if (i != columns->name && i != columns->x && i != columns->y && i != columns->group && i != columns->lesser &&
            i != columns->pinned && column_holds_numbers(input, i)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static int choose_columns(const struct plot_input *input, const struct scatter_wish *wish, struct columns *ret,
                          struct err *err)
{
    static const char *const names[] = {"chip", "name", "device"}, *const groups[] = {"group", "family", "vendor"};
    struct columns columns = {.lesser = plot_input_column(input, "lesser"),
                              .pinned = plot_input_column(input, "pinned")};
    int result = column_choose(input, wish->name, names, ARRAY_LENGTH(names), &columns.name, err);
    columns.name = columns.name == SIZE_MAX ? 0 : columns.name;
    result = result < 0 ? result : column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    result = result < 0 ? result : column_choose(input, wish->x, NULL, 0, &columns.x, err);
    result = result < 0 ? result : column_choose(input, wish->y, NULL, 0, &columns.y, err);
    if (result < 0) {
        return result;
    }
    columns.x = columns.x == SIZE_MAX ? free_numbers(input, &columns) : columns.x;
    columns.y = columns.y == SIZE_MAX ? free_numbers(input, &columns) : columns.y;
    if (columns.x == SIZE_MAX || columns.y == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no two columns of numbers", input->name);
        return err_hint(err, "name them with --x COLUMN and --y COLUMN");
    }
    *ret = columns;
    return 0;
}

static bool says_yes(const char *cell)
{
    return text_equal(cell, "1") || text_equal_ignore_case(cell, "true") || text_equal_ignore_case(cell, "yes");
}

static const struct chip *chip_of(const struct plot_input *input, size_t row, const struct columns *columns)
{
    struct chip_match match;
    catalog_match_chip(plot_input_cell(input, row, columns->name), NULL, &match);
    return match.chip != NULL ? catalog_chip(match.chip, NULL) : NULL;
}

/* Whether all chips are of one vendor, whose generations then tell more than its name. */
static bool has_one_vendor(const struct plot_input *input, const struct columns *columns)
{
    const char *vendor = NULL;
    for (size_t row = 0; row < input->row_count; row++) {
        const struct chip *chip = chip_of(input, row, columns);
        if (chip == NULL || chip->generation == NULL || (vendor != NULL && !text_equal(vendor, chip->vendor))) {
            return false;
        }
        vendor = chip->vendor;
    }
    return vendor != NULL;
}

static const char *group_of(const struct plot_input *input, size_t row, const struct columns *columns)
{
    const char *cell = columns->group == SIZE_MAX ? NULL : plot_input_cell(input, row, columns->group);
    if (columns->group != SIZE_MAX) {
        return text_is_empty(cell) ? NULL : cell;
    }
    const struct chip *chip = chip_of(input, row, columns);
    return chip == NULL ? NULL : columns->generations ? chip->generation : chip->vendor;
}

/* A single group among the others goes by its own name. */
static void name_the_other(const struct plot_input *input, const struct columns *columns, struct scatter_data *data)
{
    const char *only = NULL;
    for (size_t row = 0; row < input->row_count; row++) {
        const char *group = group_of(input, row, columns);
        if (data->points[row].category != OTHER) {
            continue;
        }
        if (group == NULL || (only != NULL && !text_equal(group, only))) {
            return;
        }
        only = group;
    }
    data->groups[OTHER] = only;
}

static void sort_into_groups(const struct plot_input *input, const struct columns *columns, struct scatter_data *data)
{
    /* Vendors of the catalogue have their colours also beside some that have none, which are among the others; groups
     * that are mostly something else are no vendors. */
    size_t known = 0, all = 0;
    for (size_t row = 0; row < input->row_count; row++) {
        const char *group = group_of(input, row, columns);
        known += group != NULL && chart_group_category(group) < OTHER ? 1 : 0;
        all += group != NULL ? 1 : 0;
    }
    const bool vendors = (columns->group == SIZE_MAX && !columns->generations) || (known > 0 && 2 * known >= all);
    for (size_t row = 0; !vendors && row < input->row_count; row++) {
        column_keep_generation(data->groups, group_of(input, row, columns));
    }
    for (size_t row = 0; row < input->row_count; row++) {
        data->points[row].category = column_category(data->groups, group_of(input, row, columns), vendors);
    }
    name_the_other(input, columns, data);
    size_t used = 0;
    for (size_t i = 0; i < CHART_CATEGORIES; i++) {
        used += data->groups[i] != NULL;
    }
    /* Where all are "other" there is nothing to be other than. */
    if (used == 1 && data->groups[OTHER] != NULL) {
        data->groups[0] = data->groups[OTHER];
        for (size_t row = 0; row < input->row_count; row++) {
            data->points[row].category = 0;
        }
    }
    /* One colour needs no key. */
    data->group_count = used > 1 ? CHART_CATEGORIES : 0;
}

static int read_point(const struct plot_input *input, size_t row, const struct columns *columns,
                      struct scatter_data *data, struct err *err)
{
    struct scatter_point *point = &data->points[row];
    const char *name = NULL;
    int result = column_name(input, row, columns->name, &name, err);
    if (result < 0) {
        return result;
    }
    *point = (struct scatter_point){.name = name};
    result = plot_input_number(input, row, columns->x, &point->x, err);
    result = result < 0 ? result : plot_input_number(input, row, columns->y, &point->y, err);
    point->lesser = columns->lesser != SIZE_MAX && says_yes(plot_input_cell(input, row, columns->lesser));
    point->pinned = columns->pinned != SIZE_MAX && says_yes(plot_input_cell(input, row, columns->pinned));
    data->missing += isfinite(point->x) && isfinite(point->y) ? 0 : 1;
    data->lesser += point->lesser;
    return result;
}

static void shorten_names(struct scatter_data *data)
{
    struct plot_naming naming = {0};
    for (size_t i = 0; i < data->point_count; i++) {
        plot_naming_see(&naming, data->points[i].name);
    }
    for (size_t i = 0; i < data->point_count; i++) {
        data->points[i].short_name = plot_naming_short(&naming, data->points[i].name);
    }
}

int scatter_data_make(struct plot_input *input, const struct scatter_wish *wish, struct scatter_data *ret,
                      struct err *err)
{
    struct columns columns = {0};
    int result = choose_columns(input, wish, &columns, err);
    if (result < 0) {
        return result;
    }
    struct scatter_data data = {0};
    plot_describe_metric(input, input->columns[columns.x], &data.x);
    plot_describe_metric(input, input->columns[columns.y], &data.y);
    data.achieved = plot_is_achievement(input->columns[columns.x], &data.x);
    result = column_direction(wish->better, "--better", &data.y, err);
    data.points = arena_alloc(&input->arena, input->row_count + 1, sizeof *data.points);
    if (data.points == NULL) {
        return arena_check(&input->arena, err);
    }
    for (size_t row = 0; result == 0 && row < input->row_count; row++) {
        result = read_point(input, row, &columns, &data, err);
    }
    if (result == 0) {
        data.point_count = input->row_count;
        shorten_names(&data);
        columns.generations = columns.group == SIZE_MAX && has_one_vendor(input, &columns);
        sort_into_groups(input, &columns, &data);
        *ret = data;
    }
    return result;
}
