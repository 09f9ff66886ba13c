#include "plot/scatter_data.h"

#include <math.h>

#include "schema/catalog/catalog.h"

#define OTHER (CHART_CATEGORIES - 1)

struct columns {
    size_t name, x, y, group, lesser, pinned;
};

static int no_column(const struct plot_input *input, const char *column, struct err *err)
{
    err_set(err, ERR_USAGE, "%s has no column %s", input->name, column);
    return err_hint(err, "its columns are named in its first line");
}

static size_t first_of(const struct plot_input *input, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t column = plot_input_column(input, names[i]);
        if (column != SIZE_MAX) {
            return column;
        }
    }
    return SIZE_MAX;
}

/* The wished column, or the first of the usual ones; SIZE_MAX when neither is there and none was wished. */
static int choose(const struct plot_input *input, const char *wish, const char *const *usual, size_t count, size_t *ret,
                  struct err *err)
{
    size_t column = wish != NULL ? plot_input_column(input, wish) : first_of(input, usual, count);
    if (wish != NULL && column == SIZE_MAX) {
        return no_column(input, wish, err);
    }
    *ret = column;
    return 0;
}

static bool holds_numbers(const struct plot_input *input, size_t column)
{
    bool any = false;
    for (size_t row = 0; row < input->row_count; row++) {
        double number;
        if (plot_input_number(input, row, column, &number, NULL) < 0) {
            return false;
        }
        any |= isfinite(number);
    }
    return any;
}

/* The first column of numbers that is nothing else yet. */
static size_t free_numbers(const struct plot_input *input, const struct columns *columns)
{
    for (size_t i = 0; i < input->column_count; i++) {
        if (i != columns->name && i != columns->x && i != columns->y && i != columns->group && i != columns->lesser &&
            i != columns->pinned && holds_numbers(input, i)) {
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
    int result = choose(input, wish->name, names, ARRAY_LENGTH(names), &columns.name, err);
    columns.name = columns.name == SIZE_MAX ? 0 : columns.name;
    result = result < 0 ? result : choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    result = result < 0 ? result : choose(input, wish->x, NULL, 0, &columns.x, err);
    result = result < 0 ? result : choose(input, wish->y, NULL, 0, &columns.y, err);
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

static bool unit_is_a_time(const char *unit)
{
    static const char *const times[] = {"s", "ms", "us", "µs", "ns", "seconds", "min"};
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        if (text_equal(unit, times[i])) {
            return true;
        }
    }
    return false;
}

/* "Latency (ms)" gives title and unit; a metric of the catalogue gives all three. */
static struct chart_metric describe(struct plot_input *input, const char *column)
{
    const struct metric *known = catalog_metric(column);
    if (known != NULL) {
        return (struct chart_metric){known->title, known->unit, text_equal(known->direction, "higher")};
    }
    struct str text = str_of(column);
    size_t open = str_find(text, STR("("), 0);
    if (open == SIZE_MAX || text.data[text.len - 1] != ')') {
        return (struct chart_metric){column, "", true};
    }
    struct str head = str_trim(str_slice(text.data, open));
    const char *title = arena_strndup(&input->arena, head.data, head.len);
    const char *unit = arena_strndup(&input->arena, text.data + open + 1, text.len - open - 2);
    return (struct chart_metric){title != NULL ? title : "", unit != NULL ? unit : "",
                                 unit == NULL || !unit_is_a_time(unit)};
}

static bool says_yes(const char *cell)
{
    return text_equal(cell, "1") || text_equal_ignore_case(cell, "true") || text_equal_ignore_case(cell, "yes");
}

static const char *group_of(const struct plot_input *input, size_t row, const struct columns *columns)
{
    const char *cell = columns->group == SIZE_MAX ? NULL : plot_input_cell(input, row, columns->group);
    if (columns->group != SIZE_MAX) {
        return text_is_empty(cell) ? NULL : cell;
    }
    struct chip_match match;
    catalog_match_chip(plot_input_cell(input, row, columns->name), NULL, &match);
    const struct chip *chip = match.chip != NULL ? catalog_chip(match.chip, NULL) : NULL;
    return chip != NULL ? chip->vendor : NULL;
}

static bool is_generation(const char *group)
{
    return group[0] == 'M' && group[1] >= '1' && group[1] <= '6' && (group[2] == '\0' || group[2] == ' ');
}

/* The same vendor, the same generation of Apple's M has the same colour everywhere; others in their order, what is
 * too much for the palette together as the last one. */
static size_t category_of(struct scatter_data *data, const char *group, bool fixed_vendors)
{
    if (group == NULL) {
        data->groups[OTHER] = "Other";
        return OTHER;
    }
    size_t category = fixed_vendors ? chart_group_category(group) : 0;
    if (!fixed_vendors && is_generation(group)) {
        category = (size_t)(group[1] - '1');
    } else if (!fixed_vendors) {
        while (category < OTHER && data->groups[category] != NULL && !text_equal(data->groups[category], group)) {
            category++;
        }
    }
    bool other = category == OTHER && !is_generation(group);
    data->groups[category] = other ? "Other" : group;
    return category;
}

static void sort_into_groups(const struct plot_input *input, const struct columns *columns, struct scatter_data *data)
{
    bool vendors = true;
    for (size_t row = 0; row < input->row_count; row++) {
        const char *group = group_of(input, row, columns);
        vendors = vendors && (group == NULL || chart_group_category(group) < OTHER);
    }
    for (size_t row = 0; row < input->row_count; row++) {
        data->points[row].category = category_of(data, group_of(input, row, columns), vendors);
    }
    size_t used = 0;
    for (size_t i = 0; i < CHART_CATEGORIES; i++) {
        used += data->groups[i] != NULL;
    }
    /* One colour needs no key. */
    data->group_count = used > 1 ? CHART_CATEGORIES : 0;
}

static int read_point(const struct plot_input *input, size_t row, const struct columns *columns,
                      struct scatter_data *data, struct err *err)
{
    struct scatter_point *point = &data->points[row];
    const char *name = plot_input_cell(input, row, columns->name);
    if (text_is_empty(name)) {
        err_set(err, ERR_DATA, "a row has no name in column %s", input->columns[columns->name]);
        err_path(err, "%s", input->name);
        err_hint(err, "name each row there, or choose the column of names with --name");
        return err_at(err, input->lines[row], (int)columns->name + 1);
    }
    *point = (struct scatter_point){.name = name, .short_name = catalog_short_chip_name(name)};
    int result = plot_input_number(input, row, columns->x, &point->x, err);
    result = result < 0 ? result : plot_input_number(input, row, columns->y, &point->y, err);
    point->lesser = columns->lesser != SIZE_MAX && says_yes(plot_input_cell(input, row, columns->lesser));
    point->pinned = columns->pinned != SIZE_MAX && says_yes(plot_input_cell(input, row, columns->pinned));
    data->missing += isfinite(point->x) && isfinite(point->y) ? 0 : 1;
    data->lesser += point->lesser;
    return result;
}

int scatter_data_make(struct plot_input *input, const struct scatter_wish *wish, struct scatter_data *ret,
                      struct err *err)
{
    struct columns columns = {0};
    int result = choose_columns(input, wish, &columns, err);
    if (result < 0) {
        return result;
    }
    struct scatter_data data = {.x = describe(input, input->columns[columns.x]),
                                .y = describe(input, input->columns[columns.y])};
    if (wish->better != NULL) {
        data.y.higher_is_better = text_equal(wish->better, "higher");
        if (!data.y.higher_is_better && !text_equal(wish->better, "lower")) {
            err_set(err, ERR_USAGE, "--better %s is not understood", wish->better);
            return err_hint(err, "--better higher or --better lower");
        }
    }
    data.points = arena_alloc(&input->arena, input->row_count + 1, sizeof *data.points);
    if (data.points == NULL) {
        return arena_check(&input->arena, err);
    }
    for (size_t row = 0; result == 0 && row < input->row_count; row++) {
        result = read_point(input, row, &columns, &data, err);
    }
    if (result == 0) {
        data.point_count = input->row_count;
        sort_into_groups(input, &columns, &data);
        *ret = data;
    }
    return result;
}
