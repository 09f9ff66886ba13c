/* Part of make bench-plot: many charts in one process, fonts opened once. many DATA COUNT OUTPUT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/chips_data.h"
#include "plot/draw/draw.h"
#include "schema/base/file.h"

static int draw_one(const struct chips_data *data, struct draw *draw, const char *path, struct err *err)
{
    struct chip_chart chart = {
        .title = "Memory bandwidth and inference time by chip",
        .subtitle = "Factors are relative to M1 Max, above 1 is better.",
        .metrics = data->metrics,
        .metric_count = data->metric_count,
        .rows = data->rows,
        .row_count = data->row_count,
        .baseline_name = data->baseline_name,
    };
    struct chart_layout layout;
    struct text_measure measure = draw_measure(draw);
    int result = chart_lay_out_chips(&chart, THEME_LIGHT, &measure, &layout, err);
    if (result < 0) {
        return result;
    }
    struct buf bytes autobuf = BUF(8 * BUF_MIB);
    result = draw_png(draw, &layout, 2, &bytes, err);
    chart_layout_done(&layout);
    return result < 0 ? result : file_replace_unflushed(path, 0644, buf_text(&bytes), bytes.len, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct plot_input input autoinput = {0};
    struct chips_data data = {0};
    struct draw *draw autodraw = NULL;
    struct chips_wish wish = {.baseline = "M1 Max"};
    if (argc != 4) {
        fprintf(stderr, "usage: many DATA COUNT OUTPUT\n");
        return 64;
    }
    int result = plot_input_read(argv[1], &input, &err);
    result = result < 0 ? result : chips_data_make(&input, &wish, &data, &err);
    result = result < 0 ? result : draw_new(&draw, &err);
    for (long i = strtol(argv[2], NULL, 10); result >= 0 && i > 0; i--) {
        result = draw_one(&data, draw, argv[3], &err);
    }
    if (result < 0) {
        fprintf(stderr, "error: %s\n", err.text);
        return 1;
    }
    return 0;
}
