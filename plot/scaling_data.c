#include "plot/scaling_data.h"

#include <math.h>
#include <stdlib.h>

#include "plot/columns.h"
#include "plot/names.h"
#include "schema/catalog/catalog.h"

#define CORES "GPU cores"
#define BANDWIDTH "memory bandwidth"

struct columns {
    size_t name, group;
    size_t x[SCALING_PANELS_MAX]; /* SIZE_MAX = of the catalogue */
    size_t y[SCALING_PANELS_MAX];
    size_t panels;
};
struct sized {
    struct scaling_point point;
    const char *family;
    size_t place;
};

/* What a chip has, not what it does. */
static bool is_resource(const char *column)
{
    return column_holds_word(column, "cores") || column_holds_word(column, "rated") ||
           column_holds_word(column, "theoretical") || text_equal_ignore_case(column, "bandwidth");
}

/* Prompts are bound by arithmetic, generated tokens by memory. */
static bool wants_cores(const char *metric)
{
    return column_holds_word(metric, "prompt") || column_holds_word(metric, "prefill");
}

static size_t choose_resource(const struct plot_input *input, const char *metric)
{
    size_t any = SIZE_MAX;
    for (size_t i = 0; i < input->column_count; i++) {
        if (!is_resource(input->columns[i]) || !column_holds_numbers(input, i)) {
            continue;
        }
        if (column_holds_word(input->columns[i], "cores") == wants_cores(metric)) {
            return i;
        }
        any = any == SIZE_MAX ? i : any;
    }
    return any;
}

/* What crosschip-analyze scaling prints: values of one metric with the ratios of resources beside them. Returns false
 * for other data. The metric is in the title of the table: "Llama 2 7B F16, pp512: Prompt throughput of M1". */
static bool choose_printed(struct plot_input *input, struct columns *columns, struct scaling_data *data)
{
    size_t value = plot_input_column(input, "value"), cores = plot_input_column(input, "core_ratio");
    size_t bandwidth = plot_input_column(input, "bandwidth_ratio");
    if (input->subject == NULL || plot_input_column(input, "speed_up") == SIZE_MAX || value == SIZE_MAX ||
        (cores == SIZE_MAX && bandwidth == SIZE_MAX)) {
        return false;
    }
    struct str subject = str_of(input->subject);
    size_t colon = str_find(subject, STR(": "), 0), of = SIZE_MAX;
    if (colon == SIZE_MAX) {
        return false;
    }
    for (size_t at = colon; (at = str_find(subject, STR(" of "), at)) != SIZE_MAX; at++) {
        of = at;
    }
    of = of == SIZE_MAX ? subject.len : of;
    data->workload = arena_strndup(&input->arena, subject.data, colon);
    data->metric = arena_strndup(&input->arena, subject.data + colon + 2, of - colon - 2);
    if (data->workload == NULL || data->metric == NULL) {
        return false;
    }
    bool by_cores = cores != SIZE_MAX && (bandwidth == SIZE_MAX || wants_cores(data->metric));
    columns->panels = 1;
    columns->y[0] = value;
    columns->x[0] = by_cores ? cores : bandwidth;
    return true;
}

static int choose_metrics(const struct plot_input *input, const struct scaling_wish *wish, struct columns *columns,
                          struct err *err)
{
    for (size_t i = 0; i < wish->y_count; i++) {
        int result = column_choose(input, wish->y[i], NULL, 0, &columns->y[columns->panels++], err);
        if (result < 0) {
            return result;
        }
    }
    for (size_t i = 0; wish->y_count == 0 && i < input->column_count && columns->panels < SCALING_PANELS_MAX; i++) {
        if (i != columns->name && i != columns->group && !is_resource(input->columns[i]) &&
            column_holds_numbers(input, i)) {
            columns->y[columns->panels++] = i;
        }
    }
    if (columns->panels == 0) {
        err_set(err, ERR_USAGE, "%s has no column of numbers for the metric", input->name);
        return err_hint(err, "name it with --y COLUMN");
    }
    return 0;
}

static int choose_columns(struct plot_input *input, const struct scaling_wish *wish, struct scaling_data *data,
                          struct columns *ret, struct err *err)
{
    static const char *const names[] = {"chip", "name", "device"}, *const groups[] = {"family", "group", "generation"};
    struct columns columns = {0};
    int result = column_choose(input, wish->name, names, ARRAY_LENGTH(names), &columns.name, err);
    columns.name = columns.name == SIZE_MAX ? 0 : columns.name;
    result = result < 0 ? result : column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    bool printed = result == 0 && wish->y_count == 0 && wish->x_count == 0 && choose_printed(input, &columns, data);
    result = result < 0 || printed ? result : choose_metrics(input, wish, &columns, err);
    for (size_t i = 0; !printed && result == 0 && i < columns.panels; i++) {
        columns.x[i] = choose_resource(input, input->columns[columns.y[i]]);
        if (wish->x_count > 0) {
            result = column_choose(input, wish->x[i < wish->x_count ? i : 0], NULL, 0, &columns.x[i], err);
        }
    }
    if (result == 0) {
        *ret = columns;
    }
    return result;
}

static double catalogue_resource(const char *name, bool cores)
{
    struct chip_match match;
    catalog_match_chip(name, NULL, &match);
    if (match.chip == NULL) {
        return (double)NAN;
    }
    if (!cores) {
        return match.bandwidth_max_gb_s;
    }
    if (match.entry != NULL) {
        return match.entry->gpu_cores > 0 ? match.entry->gpu_cores : (double)NAN;
    }
    /* Which variant it is nobody said: the largest, as for the bandwidth. */
    size_t count = 0;
    int most = 0;
    const struct chip *chips = catalog_chips(&count);
    for (size_t i = 0; i < count; i++) {
        most = text_equal(chips[i].name, match.chip) && chips[i].gpu_cores > most ? chips[i].gpu_cores : most;
    }
    return most > 0 ? most : (double)NAN;
}

static const char *family_of(const struct plot_input *input, size_t row, const struct columns *columns,
                             const char *name)
{
    if (columns->group != SIZE_MAX) {
        const char *cell = plot_input_cell(input, row, columns->group);
        return text_is_empty(cell) ? NULL : cell;
    }
    struct chip_match match;
    catalog_match_chip(name, NULL, &match);
    const struct chip *chip = match.chip != NULL ? catalog_chip(match.chip, NULL) : NULL;
    return chip != NULL ? chip->generation : NULL;
}

/* By family in the order of the first rows, then by resource, then by value. */
static int compare(const void *a, const void *b)
{
    const struct sized *left = a, *right = b;
    if (left->place != right->place) {
        return left->place < right->place ? -1 : 1;
    }
    if (left->point.resource < right->point.resource || left->point.resource > right->point.resource) {
        return left->point.resource < right->point.resource ? -1 : 1;
    }
    return left->point.value < right->point.value ? -1 : left->point.value > right->point.value;
}

static int read_row(const struct plot_input *input, size_t row, const struct columns *columns, size_t panel,
                    struct sized *ret, struct err *err)
{
    struct sized sized = {.place = row};
    int result = column_name(input, row, columns->name, &sized.point.name, err);
    result = result < 0 ? result : plot_input_number(input, row, columns->y[panel], &sized.point.value, err);
    if (result == 0 && columns->x[panel] != SIZE_MAX) {
        result = plot_input_number(input, row, columns->x[panel], &sized.point.resource, err);
    } else if (result == 0) {
        sized.point.resource = catalogue_resource(sized.point.name, wants_cores(input->columns[columns->y[panel]]));
    }
    if (result == 0) {
        sized.point.short_name = plot_short_name(sized.point.name);
        sized.family = family_of(input, row, columns, sized.point.name);
        *ret = sized;
    }
    return result;
}

/* Runs of one family in sorted rows become its points, in proportion to the first. */
static void make_families(struct scaling_panel *panel, struct scaling_family *families, struct scaling_point *points,
                          const struct sized *rows, size_t count, struct scaling_data *data)
{
    for (size_t from = 0, to; from < count; from = to) {
        const struct scaling_point base = rows[from].point;
        for (to = from; to < count && rows[to].place == rows[from].place; to++) {
            double ratio = rows[to].point.value / base.value;
            points[to] = rows[to].point;
            points[to].resource = rows[to].point.resource / base.resource;
            points[to].speed_up = panel->metric.higher_is_better ? ratio : 1 / ratio;
        }
        if (to - from < 2 || !(rows[to - 1].point.resource > base.resource)) {
            data->single++;
            continue;
        }
        families[panel->family_count++] = (struct scaling_family){rows[from].family, 0, &points[from], to - from};
        column_keep_generation(data->groups, rows[from].family);
    }
    for (size_t i = 0; i < panel->family_count; i++) {
        families[i].category = column_category(data->groups, families[i].name, false);
    }
    panel->families = families;
}

static int make_panel(struct plot_input *input, const struct columns *columns, size_t index, struct scaling_data *data,
                      struct err *err)
{
    struct scaling_panel *panel = &data->panels[index];
    struct sized *rows = arena_alloc(&input->arena, input->row_count, sizeof *rows);
    struct scaling_point *points = arena_alloc(&input->arena, input->row_count, sizeof *points);
    struct scaling_family *families = arena_alloc(&input->arena, input->row_count, sizeof *families);
    if (rows == NULL || points == NULL || families == NULL) {
        return arena_check(&input->arena, err);
    }
    size_t count = 0;
    for (size_t i = 0; i < input->row_count; i++) {
        int result = read_row(input, i, columns, index, &rows[count], err);
        if (result < 0) {
            return result;
        }
        const struct scaling_point *point = &rows[count].point;
        bool whole = point->value > 0 && isfinite(point->value) && point->resource > 0 && isfinite(point->resource) &&
                     rows[count].family != NULL;
        for (size_t k = 0; whole && k < count; k++) {
            if (text_equal(rows[k].family, rows[count].family)) {
                rows[count].place = rows[k].place;
                break;
            }
        }
        data->missing += !whole;
        count += whole;
    }
    qsort(rows, count, sizeof *rows, compare);
    make_families(panel, families, points, rows, count, data);
    return 0;
}

static const char *resource_title(struct plot_input *input, size_t column, const char *metric)
{
    if (column == SIZE_MAX) {
        return wants_cores(metric) ? CORES : BANDWIDTH;
    }
    struct chart_metric resource;
    plot_describe_metric(input, input->columns[column], &resource);
    if (text_equal_ignore_case(resource.title, "gpu_cores")) {
        return CORES;
    }
    if (text_equal_ignore_case(input->columns[column], "core_ratio")) {
        return CORES;
    }
    return column_holds_word(resource.title, "bandwidth") ? BANDWIDTH : resource.title;
}

/* By the title of a printed table, otherwise by the heading. */
static void describe(struct plot_input *input, const char *title, const char *column, struct chart_metric *ret)
{
    size_t count = 0;
    const struct metric *metrics = catalog_metrics(&count);
    plot_describe_metric(input, title != NULL ? title : column, ret);
    for (size_t i = 0; title != NULL && i < count; i++) {
        if (text_equal(metrics[i].title, title)) {
            *ret = (struct chart_metric){metrics[i].title, metrics[i].unit, text_equal(metrics[i].direction, "higher")};
        }
    }
}

int scaling_data_make(struct plot_input *input, const struct scaling_wish *wish, struct scaling_data *ret,
                      struct err *err)
{
    struct columns columns = {0};
    struct scaling_data data = {0};
    int result = choose_columns(input, wish, &data, &columns, err);
    for (size_t i = 0; result == 0 && i < columns.panels; i++) {
        struct scaling_panel *panel = &data.panels[i];
        describe(input, data.metric, input->columns[columns.y[i]], &panel->metric);
        panel->resource = resource_title(input, columns.x[i], input->columns[columns.y[i]]);
        data.catalogue |= columns.x[i] == SIZE_MAX;
        result = column_direction(wish->better, "--better", &panel->metric, err);
        result = result < 0 ? result : make_panel(input, &columns, i, &data, err);
        data.panel_count += panel->family_count > 0;
        if (panel->family_count == 0 && i + 1 < columns.panels) {
            /* The next panel takes the place of an empty one. */
            columns.x[i] = columns.x[i + 1];
            columns.y[i] = columns.y[i + 1];
            columns.panels--;
            *panel = (struct scaling_panel){0};
            i--;
        }
    }
    if (result == 0) {
        *ret = data;
    }
    return result;
}
