/* Part of make bench-plot: many charts in one process, each thread with its fonts. many DATA COUNT OUTPUT [THREADS] */
#include <math.h>
#include <pthread.h>
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

enum { THREADS_MOST = 8 };

struct share {
    const struct chips_data *data;
    const char *output; /* the first thread's; the others add their number */
    long number, count;
    int result;
    struct err err;
};

static void *draw_share(void *context)
{
    struct share *share = context;
    struct draw *draw autodraw = NULL;
    char path[4096];
    (void)snprintf(path, sizeof path, share->number == 0 ? "%s" : "%s.%ld", share->output, share->number);
    share->result = draw_new(&draw, &share->err);
    for (long i = share->count; share->result >= 0 && i > 0; i--) {
        share->result = draw_one(share->data, draw, path, &share->err);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct plot_input input autoinput = {0};
    struct chips_data data = {0};
    struct chips_wish wish = {.baseline = "M1 Max"};
    struct share shares[THREADS_MOST] = {{0}};
    pthread_t threads[THREADS_MOST];
    const long count = argc >= 4 ? strtol(argv[2], NULL, 10) : 0, wanted = argc == 5 ? strtol(argv[4], NULL, 10) : 1;
    if (argc < 4 || argc > 5 || wanted < 1 || wanted > THREADS_MOST) {
        fprintf(stderr, "usage: many DATA COUNT OUTPUT [THREADS]\n");
        return 64;
    }
    int result = plot_input_read(argv[1], &input, &err);
    result = result < 0 ? result : chips_data_make(&input, &wish, &data, &err);
    long begun = 0;
    for (; result >= 0 && begun < wanted; begun++) {
        shares[begun] = (struct share){&data, argv[3], begun, count / wanted + (begun < count % wanted), 0, {0}};
        if (pthread_create(&threads[begun], NULL, draw_share, &shares[begun]) != 0) {
            break;
        }
    }
    for (long i = 0; i < begun; i++) {
        (void)pthread_join(threads[i], NULL);
        if (shares[i].result < 0) {
            result = shares[i].result;
            err = shares[i].err;
        }
    }
    if (result < 0 || begun < wanted) {
        fprintf(stderr, "error: %s\n", result < 0 ? err.text : "a thread cannot be started");
        return 1;
    }
    return 0;
}
