#include "plot/serving_data.h"

#include <math.h>
#include <stdlib.h>

#include "plot/columns.h"
#include "plot/names.h"

struct columns {
    size_t x, y, tail, rate, group;
};
/* Sorting by series, then rate, then throughput, then place in the file. */
struct row {
    struct serving_point point;
    size_t series, place;
};

static size_t column_with(const struct plot_input *input, const char *const *words, size_t count, size_t except)
{
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < input->column_count; i++) {
            if (i != except && column_holds_word(input->columns[i], words[k]) && column_holds_numbers(input, i)) {
                return i;
            }
        }
    }
    return SIZE_MAX;
}

static int choose_columns(const struct plot_input *input, const struct serving_wish *wish, struct columns *ret,
                          struct err *err)
{
    static const char *const groups[] = {"chip", "series", "group", "name", "device", "model"};
    static const char *const rates[] = {"request_rate", "rate", "qps", "concurrency", "max_concurrency", "clients"};
    static const char *const throughputs[] = {"output_throughput", "throughput", "tok/s", "tokens"};
    static const char *const latencies[] = {"median", "p50", "latency", "ttft", "tpot", "e2e"};
    struct columns columns = {0};
    int result = column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.group, err);
    result = result < 0 ? result : column_choose(input, wish->rate, rates, ARRAY_LENGTH(rates), &columns.rate, err);
    result = result < 0 ? result : column_choose(input, wish->tail, NULL, 0, &columns.tail, err);
    result = result < 0 ? result : column_choose(input, wish->x, NULL, 0, &columns.x, err);
    result = result < 0 ? result : column_choose(input, wish->y, NULL, 0, &columns.y, err);
    if (result < 0) {
        return result;
    }
    static const char *const tails[] = {"p99", "tail"};
    columns.tail = columns.tail == SIZE_MAX ? column_with(input, tails, ARRAY_LENGTH(tails), SIZE_MAX) : columns.tail;
    columns.x =
        columns.x == SIZE_MAX ? column_with(input, throughputs, ARRAY_LENGTH(throughputs), columns.rate) : columns.x;
    columns.y =
        columns.y == SIZE_MAX ? column_with(input, latencies, ARRAY_LENGTH(latencies), columns.tail) : columns.y;
    for (int i = 0; i < 2; i++) {
        size_t *wanted = i == 0 ? &columns.x : &columns.y;
        const size_t taken[] = {columns.group, columns.rate, columns.tail, columns.x, columns.y};
        *wanted = *wanted == SIZE_MAX ? column_free_numbers(input, taken, ARRAY_LENGTH(taken)) : *wanted;
    }
    if (columns.x == SIZE_MAX || columns.y == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no two columns of numbers for throughput and latency", input->name);
        return err_hint(err, "name them with --x COLUMN and --y COLUMN");
    }
    *ret = columns;
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    if (left->series != right->series) {
        return left->series < right->series ? -1 : 1;
    }
    if (left->point.rate < right->point.rate || left->point.rate > right->point.rate) {
        return left->point.rate < right->point.rate ? -1 : 1;
    }
    if (left->point.throughput < right->point.throughput || left->point.throughput > right->point.throughput) {
        return left->point.throughput < right->point.throughput ? -1 : 1;
    }
    return left->place < right->place ? -1 : left->place > right->place;
}

static int read_row(const struct plot_input *input, size_t index, const struct columns *columns,
                    struct serving_data *data, struct row *ret, struct err *err)
{
    struct row row = {.place = index, .point = {.tail = (double)NAN, .rate = (double)NAN}};
    const char *name = data->y.title, *names[SERVING_SERIES_MAX];
    int result = plot_input_number(input, index, columns->x, &row.point.throughput, err);
    result = result < 0 ? result : plot_input_number(input, index, columns->y, &row.point.latency, err);
    if (result == 0 && columns->tail != SIZE_MAX) {
        result = plot_input_number(input, index, columns->tail, &row.point.tail, err);
    }
    if (result == 0 && columns->rate != SIZE_MAX) {
        /* "inf" is a rate: all requests at once. */
        result = plot_input_number(input, index, columns->rate, &row.point.rate, err);
    }
    if (result == 0 && columns->group != SIZE_MAX) {
        result = column_name(input, index, columns->group, &name, err);
    }
    if (result < 0 || !isfinite(row.point.throughput) || !isfinite(row.point.latency)) {
        *ret = row;
        return result < 0 ? result : 0;
    }
    for (size_t i = 0; i < data->series_count; i++) {
        names[i] = data->series[i].name;
    }
    row.series = column_series(names, &data->series_count, SERVING_SERIES_MAX, name);
    if (row.series == SIZE_MAX) {
        err_set(err, ERR_LIMIT, "%s has more than %d chips", input->name, SERVING_SERIES_MAX);
        return err_hint(err, "leave some out, or name the column that tells the lines apart with --group");
    }
    data->series[row.series].name = name;
    data->series[row.series].short_name = columns->group != SIZE_MAX ? plot_short_name(name) : NULL;
    *ret = row;
    return 1;
}

/* "median_latency" as the beginning of a title: "Median latency". */
static const char *in_words(struct plot_input *input, const char *title)
{
    char *words = arena_strdup(&input->arena, title);
    for (size_t i = 0; words != NULL && words[i] != '\0'; i++) {
        words[i] = words[i] == '_' ? ' ' : words[i];
    }
    if (words != NULL && words[0] >= 'a' && words[0] <= 'z' && words[1] >= 'a' && words[1] <= 'z') {
        words[0] = (char)(words[0] - 'a' + 'A');
    }
    return words != NULL ? words : title;
}

int serving_data_make(struct plot_input *input, const struct serving_wish *wish, struct serving_data *ret,
                      struct err *err)
{
    struct columns columns = {0};
    struct serving_data data = {0};
    int result = choose_columns(input, wish, &columns, err);
    struct row *rows = arena_alloc(&input->arena, input->row_count + 1, sizeof *rows);
    struct serving_point *points = arena_alloc(&input->arena, input->row_count + 1, sizeof *points);
    if (result < 0 || rows == NULL || points == NULL) {
        return result < 0 ? result : arena_check(&input->arena, err);
    }
    plot_describe_metric(input, input->columns[columns.x], &data.x);
    plot_describe_metric(input, input->columns[columns.y], &data.y);
    data.x.title = in_words(input, data.x.title);
    data.y.title = in_words(input, data.y.title);
    /* A latency is a time, whatever unit its heading leaves out. */
    data.y.higher_is_better = false;
    data.rate = columns.rate != SIZE_MAX ? input->columns[columns.rate] : NULL;
    data.tail = columns.tail != SIZE_MAX ? input->columns[columns.tail] : NULL;
    size_t count = 0;
    for (size_t i = 0; i < input->row_count; i++) {
        result = read_row(input, i, &columns, &data, &rows[count], err);
        if (result < 0) {
            return result;
        }
        count += (size_t)result;
        data.missing += result == 0;
    }
    qsort(rows, count, sizeof *rows, compare);
    for (size_t i = 0; i < count; i++) {
        struct serving_series *series = &data.series[rows[i].series];
        series->points = series->count == 0 ? &points[i] : series->points;
        series->count++;
        points[i] = rows[i].point;
    }
    *ret = data;
    return 0;
}
