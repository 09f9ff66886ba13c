#include "plot/sustained_data.h"

#include <math.h>
#include <stdlib.h>

#include "plot/columns.h"
#include "plot/names.h"

/* Farther from zero a time is a date, and counts from the first sample. */
#define EPOCH_LEAST 1e8

struct columns {
    size_t time, value, group, reason;
};
struct row {
    struct sustained_sample sample;
    size_t series, place;
};

static int choose_columns(const struct plot_input *input, const struct sustained_wish *wish, struct columns *ret,
                          struct err *err)
{
    static const char *const times[] = {"seconds", "second", "time", "elapsed", "t", "at", "time_s", "elapsed_s"};
    static const char *const groups[] = {"chip", "series", "group", "name", "device"};
    static const char *const reasons[] = {"throttled", "reason", "throttle", "throttle_reason", "throttling"};
    struct columns columns = {0};
    int result = column_choose(input, wish->x, times, ARRAY_LENGTH(times), &columns.time, err);
    result = result < 0 ? result : column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    result =
        result < 0 ? result : column_choose(input, wish->reason, reasons, ARRAY_LENGTH(reasons), &columns.reason, err);
    result = result < 0 ? result : column_choose(input, wish->y, NULL, 0, &columns.value, err);
    if (result < 0) {
        return result;
    }
    for (int i = 0; i < 2; i++) {
        size_t *wanted = i == 0 ? &columns.time : &columns.value;
        const size_t taken[] = {columns.group, columns.reason, columns.time, columns.value};
        *wanted = *wanted == SIZE_MAX ? column_free_numbers(input, taken, ARRAY_LENGTH(taken)) : *wanted;
    }
    if (columns.time == SIZE_MAX || columns.value == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no two columns of numbers for time and metric", input->name);
        return err_hint(err, "a row per sample, such as seconds,generation_throughput; or name them with --x and --y");
    }
    *ret = columns;
    return 0;
}

/* NULL where a cell says that nothing held the chip back. */
static const char *reason_of(const char *cell)
{
    static const char *const none[] = {"0", "no", "none", "false", "not active", "nominal", "-", "–"};
    static const char *const bare[] = {"1", "yes", "true", "active"};
    if (text_is_empty(cell)) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(none); i++) {
        if (text_equal_ignore_case(cell, none[i])) {
            return NULL;
        }
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bare); i++) {
        if (text_equal_ignore_case(cell, bare[i])) {
            return "throttled";
        }
    }
    return cell;
}

static int compare(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    if (left->series != right->series) {
        return left->series < right->series ? -1 : 1;
    }
    if (left->sample.at < right->sample.at || left->sample.at > right->sample.at) {
        return left->sample.at < right->sample.at ? -1 : 1;
    }
    return left->place < right->place ? -1 : left->place > right->place;
}

/* 1 when the row is a sample, 0 when it lacks something. */
static int read_row(const struct plot_input *input, size_t index, const struct columns *columns, const char **names,
                    struct sustained_data *data, struct row *ret, struct err *err)
{
    struct row row = {.place = index};
    const char *name = data->metric.title;
    int result = plot_input_number(input, index, columns->time, &row.sample.at, err);
    result = result < 0 ? result : plot_input_number(input, index, columns->value, &row.sample.value, err);
    if (result == 0 && columns->group != SIZE_MAX) {
        result = column_name(input, index, columns->group, &name, err);
    }
    if (result < 0 || !isfinite(row.sample.at) || !isfinite(row.sample.value)) {
        return result < 0 ? result : 0;
    }
    if (columns->reason != SIZE_MAX) {
        row.sample.reason = reason_of(plot_input_cell(input, index, columns->reason));
    }
    row.series = column_series(names, &data->series_count, SUSTAINED_SERIES_MAX, name);
    if (row.series == SIZE_MAX) {
        err_set(err, ERR_LIMIT, "%s has more than %d series", input->name, SUSTAINED_SERIES_MAX);
        return err_hint(err, "leave some out, or name the column that tells them apart with --group");
    }
    data->series[row.series].name = name;
    *ret = row;
    return 1;
}

int sustained_data_make(struct plot_input *input, const struct sustained_wish *wish, struct sustained_data *ret,
                        struct err *err)
{
    struct columns columns = {0};
    struct sustained_data data = {0};
    const char *names[SUSTAINED_SERIES_MAX];
    int result = choose_columns(input, wish, &columns, err);
    struct row *rows = arena_alloc(&input->arena, input->row_count + 1, sizeof *rows);
    struct sustained_sample *samples = arena_alloc(&input->arena, input->row_count + 1, sizeof *samples);
    data.series = arena_alloc(&input->arena, SUSTAINED_SERIES_MAX, sizeof *data.series);
    if (result < 0 || rows == NULL || samples == NULL || data.series == NULL) {
        return result < 0 ? result : arena_check(&input->arena, err);
    }
    plot_describe_metric(input, input->columns[columns.value], &data.metric);
    result = column_direction(wish->better, "--better", &data.metric, err);
    for (size_t i = 0; result >= 0 && i < input->row_count; i++) {
        result = read_row(input, i, &columns, names, &data, &rows[data.samples], err);
        data.samples += result == 1;
        data.missing += result == 0;
    }
    if (result < 0) {
        return result;
    }
    qsort(rows, data.samples, sizeof *rows, compare);
    for (size_t i = 0; i < data.samples; i++) {
        struct sustained_series *series = &data.series[rows[i].series];
        series->samples = series->count == 0 ? &samples[i] : series->samples;
        series->count++;
        samples[i] = rows[i].sample;
        size_t first = (size_t)(series->samples - samples);
        samples[i].at -= rows[first].sample.at >= EPOCH_LEAST ? rows[first].sample.at : 0;
    }
    data.reasons = columns.reason != SIZE_MAX;
    *ret = data;
    return 0;
}
