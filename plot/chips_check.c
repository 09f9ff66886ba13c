#include "plot/chips_check.h"

#include <math.h>
#include <stdlib.h>

#include "schema/catalog/catalog.h"
#include "schema/text/figure.h"

#define CHIPS_LEAST 3
#define TOLERANCE 0.03
#define NAMED_MOST 4

static bool is_metric(const struct chart_metric *metric, const char *name)
{
    const struct metric *known = catalog_metric(name);
    return known != NULL && text_equal_ignore_case(metric->title, known->title) &&
           text_equal(metric->unit, known->unit);
}

static int compare(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return *left < *right ? -1 : *left > *right;
}

static double median_of(const double *numbers, size_t count)
{
    return count % 2 == 1 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
}

/* "M4 Pro 0.486 GB (+17 %), M4 Max 0.462 GB (+11 %)", those that are off; the first ones of many. */
static const char *name_those(struct plot_input *input, const struct chips_data *data, const double *bytes,
                              double median)
{
    const char *text = "";
    size_t off = 0;
    for (size_t i = 0; i < data->row_count && text != NULL; i++) {
        const struct chart_row *row = &data->rows[i];
        double beside = bytes[i] / median - 1;
        if (!(fabs(beside) > TOLERANCE)) {
            continue;
        }
        char size[FIGURE_SIZE], share[FIGURE_SIZE];
        const char *name = row->short_name != NULL ? row->short_name : row->name;
        if (off++ < NAMED_MOST) {
            text =
                arena_printf(&input->arena, "%s%s%s%s%s %s GB (%s)", text, off > 1 ? ", " : "", name,
                             row->variant != NULL ? " " : "", row->variant != NULL ? row->variant : "",
                             figure_value(size, bytes[i], (double)NAN), figure_percent(share, beside * 100, 0, true));
        }
    }
    if (text != NULL && off > NAMED_MOST) {
        text = arena_printf(&input->arena, "%s and %zu more", text, off - NAMED_MOST);
    }
    return off > 0 ? text : NULL;
}

const char *chips_check_bytes(struct plot_input *input, const struct chips_data *data)
{
    size_t bandwidth = data->metric_count == 2 && is_metric(&data->metrics[1], "memory_bandwidth") ? 1 : 0;
    if (data->metric_count != 2 || !is_metric(&data->metrics[bandwidth], "memory_bandwidth") ||
        !is_metric(&data->metrics[1 - bandwidth], "inference_time")) {
        return NULL;
    }
    double *bytes = arena_alloc(&input->arena, data->row_count, sizeof *bytes);
    double *sorted = arena_alloc(&input->arena, data->row_count, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; bytes != NULL && sorted != NULL && i < data->row_count; i++) {
        double speed = data->rows[i].values[bandwidth].value, time = data->rows[i].values[1 - bandwidth].value;
        bytes[i] = speed > 0 && time > 0 ? speed * time / 1000 : (double)NAN; /* GB/s × ms */
        if (isfinite(bytes[i])) {
            sorted[count++] = bytes[i];
        }
    }
    if (count < CHIPS_LEAST) {
        return NULL;
    }
    qsort(sorted, count, sizeof *sorted, compare);
    double median = median_of(sorted, count);
    const char *those = name_those(input, data, bytes, median);
    char size[FIGURE_SIZE];
    return those == NULL ? NULL
                         : arena_printf(&input->arena,
                                        "Check failed: bandwidth × time should be the same bytes on every chip; the "
                                        "median is %s GB, but %s.",
                                        figure_value(size, median, (double)NAN), those);
}
