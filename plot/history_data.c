#include "plot/history_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/columns.h"
#include "plot/names.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"

/* Numbers of a column of time: seconds since 1970 from here on, and milliseconds from there on. */
#define EPOCH_LEAST 1e8
#define EPOCH_MS_LEAST 1e11

struct columns {
    size_t time, value, group, label;
};
enum time_kind { TIME_NONE, TIME_DATES, TIME_SECONDS, TIME_MILLISECONDS, TIME_NUMBERS, TIME_WORDS };

/* Sorting by series, then time, then place in the file. */
struct row {
    struct history_run run;
    const char *series;
    size_t series_place, place;
};

static bool parse_date(const char *cell, double *ret)
{
    char text[64];
    int64_t at = 0;
    size_t length = strlen(cell);
    if (length < 10 || length >= 40) {
        return false;
    }
    /* Dates alone, and date and time with a blank, count as UTC. */
    memcpy(text, cell, length + 1);
    if (length == 16 && text[13] == ':') {
        memcpy(text + length, ":00", 4);
    }
    if (length == 10) {
        memcpy(text + 10, "T00:00:00Z", 11);
    } else if (text[10] == ' ') {
        text[10] = 'T';
    }
    bool zoned = strpbrk(text + 10, "Zz+-") != NULL;
    if (!zoned) {
        memcpy(text + strlen(text), "Z", 2);
    }
    if (!clock_parse(str_of(text), &at)) {
        return false;
    }
    *ret = (double)at / 1e6;
    return true;
}

static enum time_kind find_kind(const struct plot_input *input, size_t column)
{
    if (column == SIZE_MAX) {
        return TIME_NONE;
    }
    bool dates = true, numbers = true;
    double least = (double)INFINITY;
    for (size_t row = 0; row < input->row_count; row++) {
        const char *cell = plot_input_cell(input, row, column);
        double number = (double)NAN;
        if (text_is_empty(cell)) {
            continue;
        }
        dates = dates && parse_date(cell, &number);
        numbers = numbers && number_parse_loose(str_of(cell), &number);
        least = numbers ? fmin(least, number) : least;
    }
    if (numbers && isfinite(least)) {
        return least >= EPOCH_MS_LEAST ? TIME_MILLISECONDS : least >= EPOCH_LEAST ? TIME_SECONDS : TIME_NUMBERS;
    }
    return dates ? TIME_DATES : TIME_WORDS;
}

static int choose_columns(const struct plot_input *input, const struct history_wish *wish, struct columns *ret,
                          struct err *err)
{
    static const char *const times[] = {"time", "date", "timestamp", "when", "day", "at", "commit", "build", "version"};
    static const char *const groups[] = {"chip", "series", "group", "name", "device"};
    static const char *const labels[] = {"commit", "build", "version", "label"};
    struct columns columns = {0};
    int result = column_choose(input, wish->x, times, ARRAY_LENGTH(times), &columns.time, err);
    result = result < 0 ? result : column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    result = result < 0 ? result : column_choose(input, wish->y, NULL, 0, &columns.value, err);
    result = result < 0 ? result : column_choose(input, NULL, labels, ARRAY_LENGTH(labels), &columns.label, err);
    if (result < 0) {
        return result;
    }
    if (columns.value == SIZE_MAX) {
        const size_t taken[] = {columns.time, columns.group, columns.label};
        columns.value = column_free_numbers(input, taken, ARRAY_LENGTH(taken));
    }
    if (columns.value == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no column of numbers for the metric", input->name);
        return err_hint(err, "a row per run with time and value, such as date,proof_time; or name it with --y COLUMN");
    }
    *ret = columns;
    return 0;
}

static int read_time(const struct plot_input *input, size_t row, const struct columns *columns, enum time_kind kind,
                     struct history_run *run, struct err *err)
{
    run->at = (double)row + 1;
    if (kind == TIME_NONE) {
        return 0;
    }
    const char *cell = plot_input_cell(input, row, columns->time);
    if (kind == TIME_WORDS) {
        run->label = cell;
        return 0;
    }
    run->at = (double)NAN;
    if (kind == TIME_DATES) {
        if (!text_is_empty(cell)) {
            (void)parse_date(cell, &run->at);
        }
        return 0;
    }
    int result = plot_input_number(input, row, columns->time, &run->at, err);
    run->at /= kind == TIME_MILLISECONDS ? 1000 : 1;
    return result;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    if (left->series_place != right->series_place) {
        return left->series_place < right->series_place ? -1 : 1;
    }
    if (left->run.at < right->run.at || left->run.at > right->run.at) {
        return left->run.at < right->run.at ? -1 : 1;
    }
    return left->place < right->place ? -1 : left->place > right->place;
}

/* Rows with a value, each with the place of its series' first row. */
static int read_rows(struct plot_input *input, const struct columns *columns, struct history_data *data,
                     struct row *rows, struct err *err)
{
    enum time_kind kind = find_kind(input, columns->time);
    data->dated = kind == TIME_DATES || kind == TIME_SECONDS || kind == TIME_MILLISECONDS;
    for (size_t i = 0; i < input->row_count; i++) {
        struct row row = {.place = i, .series = data->metric.title, .series_place = 0};
        int result = plot_input_number(input, i, columns->value, &row.run.value, err);
        result = result < 0 ? result : read_time(input, i, columns, kind, &row.run, err);
        if (result == 0 && columns->group != SIZE_MAX) {
            result = column_name(input, i, columns->group, &row.series, err);
        }
        if (result < 0) {
            return result;
        }
        if (columns->label != SIZE_MAX && row.run.label == NULL &&
            !text_is_empty(plot_input_cell(input, i, columns->label))) {
            row.run.label = plot_input_cell(input, i, columns->label);
        }
        if (!isfinite(row.run.value) || !isfinite(row.run.at)) {
            data->missing++;
            continue;
        }
        size_t k = 0;
        while (k < data->series_count && !text_equal(data->series[k].name, row.series)) {
            k++;
        }
        if (k == data->series_count && k == HISTORY_SERIES_MAX) {
            err_set(err, ERR_LIMIT, "%s has more than %d series", input->name, HISTORY_SERIES_MAX);
            return err_hint(err, "leave some out, or name the column that tells them apart with --group");
        }
        data->series[k].name = row.series;
        data->series_count += k == data->series_count;
        row.series_place = k;
        rows[data->runs++] = row;
    }
    return 0;
}

int history_data_make(struct plot_input *input, const struct history_wish *wish, struct history_data *ret,
                      struct err *err)
{
    struct columns columns = {0};
    struct history_data data = {.first = (double)INFINITY, .last = -(double)INFINITY};
    int result = choose_columns(input, wish, &columns, err);
    struct row *rows = arena_alloc(&input->arena, input->row_count + 1, sizeof *rows);
    struct history_run *runs = arena_alloc(&input->arena, input->row_count + 1, sizeof *runs);
    data.series = arena_alloc(&input->arena, HISTORY_SERIES_MAX, sizeof *data.series);
    if (result == 0 && (rows == NULL || runs == NULL || data.series == NULL)) {
        return arena_check(&input->arena, err);
    }
    if (result < 0) {
        return result;
    }
    plot_describe_metric(input, input->columns[columns.value], &data.metric);
    result = column_direction(wish->better, "--better", &data.metric, err);
    result = result < 0 ? result : read_rows(input, &columns, &data, rows, err);
    if (result < 0) {
        return result;
    }
    qsort(rows, data.runs, sizeof *rows, compare_rows);
    for (size_t i = 0; i < data.runs; i++) {
        struct history_series *series = &data.series[rows[i].series_place];
        series->runs = series->count == 0 ? &runs[i] : series->runs;
        series->count++;
        runs[i] = rows[i].run;
        data.first = fmin(data.first, runs[i].at);
        data.last = fmax(data.last, runs[i].at);
    }
    *ret = data;
    return 0;
}
