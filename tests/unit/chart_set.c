#include "tests/unit/chart_set.h"

#include <math.h>
#include <string.h>

#include "plot/chart/categories.h"
#include "plot/chart/distribution.h"
#include "plot/chart/heatmap.h"
#include "plot/chart/history.h"
#include "plot/chart/scaling.h"
#include "plot/chart/scatter.h"
#include "plot/chart/serving.h"
#include "plot/chart/sustained.h"
#include "schema/stats/order.h"

static size_t below(size_t limit)
{
    return (size_t)(chart_sample_random() * (double)limit);
}

/* Letters of Latin, Greek, Cyrillic, Arabic, Devanagari and Chinese. */
static void make_name(char *target, size_t index)
{
    static const uint32_t firsts[] = {'A', 0x391, 0x410, 0x627, 0x915, 0x4E00}, counts[] = {26, 17, 32, 20, 30, 400};
    struct buf text autobuf = BUF(CHART_SET_NAME);
    size_t script = below(ARRAY_LENGTH(firsts)), length = 1 + below(below(4) == 0 ? 60 : 14);
    for (size_t i = 0; i < length && text.len + 16 < CHART_SET_NAME; i++) {
        uint32_t letter = i % 6 == 5 ? ' ' : firsts[script] + (uint32_t)below(counts[script]);
        char bytes[4];
        size_t size = letter < 0x80 ? 1 : letter < 0x800 ? 2 : 3;
        if (size == 1) {
            bytes[0] = (char)letter;
        } else if (size == 2) {
            bytes[0] = (char)(0xC0 | letter >> 6);
            bytes[1] = (char)(0x80 | (letter & 0x3F));
        } else {
            bytes[0] = (char)(0xE0 | letter >> 12);
            bytes[1] = (char)(0x80 | (letter >> 6 & 0x3F));
            bytes[2] = (char)(0x80 | (letter & 0x3F));
        }
        buf_add(&text, bytes, size);
    }
    buf_addf(&text, "%s%zu", below(2) == 0 ? " " : "", index);
    memcpy(target, buf_text(&text), text.len + 1);
}

static double make_value(double before)
{
    size_t kind = below(40);
    if (kind == 0) {
        return 0;
    }
    if (kind == 1) {
        return (double)NAN;
    }
    if (kind <= 4) {
        return before;
    }
    double value = pow(10, 12 * chart_sample_random() - 6);
    return kind == 5 ? -value : value;
}

void chart_set_make(struct chart_set *set, uint64_t seed)
{
    chart_sample_seed(seed);
    double share = chart_sample_random();
    set->rows = 1 + (size_t)(share * share * share * (CHART_SET_ROWS - 1));
    set->columns = 1 + below(CHART_SET_COLUMNS);
    set->width = below(2) == 0 ? 800 : 400;
    set->theme = below(2) == 0 ? THEME_LIGHT : THEME_DARK;
    bool narrow = below(2) == 0;
    double before = 1;
    for (size_t i = 0; i < CHART_SET_ROWS * CHART_SET_COLUMNS; i++) {
        /* Real data lies within a decade or two more often than over twelve. */
        set->values[i] = narrow ? 10 + 90 * chart_sample_random() : make_value(before);
        before = isfinite(set->values[i]) ? set->values[i] : before;
    }
    if (below(4) == 0) {
        set->values[below(set->rows)] *= 1e6;
    }
    for (size_t i = 0; i < set->rows; i++) {
        make_name(set->names[i], i);
    }
}

static double value_at(const struct chart_set *set, size_t row, size_t column)
{
    return set->values[row * CHART_SET_COLUMNS + column];
}

int chart_set_chips(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t metrics = 1 + below(2), baseline = below(set->rows);
    struct chart_value *values = arena_alloc(&set->arena, set->rows * 2, sizeof *values);
    struct chart_row *rows = arena_alloc(&set->arena, set->rows, sizeof *rows);
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t m = 0; m < metrics; m++) {
            double value = value_at(set, i, m), factor = value / value_at(set, baseline, m);
            bool spread = value > 0 && i % 3 == 0;
            values[i * 2 + m] = (struct chart_value){
                value,
                spread ? value * 0.9 : (double)NAN,
                spread ? value * 1.2 : (double)NAN,
                isfinite(factor) && factor > 0 ? factor : (double)NAN,
                (double)NAN,
                (double)NAN,
                i % 4 == 0 ? -1 : (long)i,
            };
        }
        rows[i] = (struct chart_row){.name = set->names[i], .baseline = i == baseline, .values = &values[i * 2]};
    }
    static const struct chart_metric shown[] = {{"Memory bandwidth", "GB/s", true}, {"Inference time", "ms", false}};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct chip_chart chart = {.title = "Bandwidth and time by chip",
                               .subtitle = "A subtitle",
                               .footer = chart_sample_footer,
                               .footer_count = CHART_SAMPLE_FOOTER,
                               .metrics = shown,
                               .metric_count = metrics,
                               .rows = rows,
                               .row_count = set->rows,
                               .baseline_name = set->names[baseline],
                               .width = set->width,
                               .show_all = below(2) == 0};
    return chart_lay_out_chips(&chart, set->theme, &measure, ret, err);
}

int chart_set_heatmap(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    struct heat_row *rows = arena_alloc(&set->arena, set->rows, sizeof *rows);
    struct heat_cell *cells = arena_alloc(&set->arena, set->rows * set->columns, sizeof *cells);
    struct heat_column *columns = arena_alloc(&set->arena, set->columns, sizeof *columns);
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t c = 0; c < set->columns; c++) {
            double value = value_at(set, i, c), factor = value / value_at(set, 0, c);
            cells[i * set->columns + c].value = value;
            cells[i * set->columns + c].factor = isfinite(factor) && factor > 0 ? factor : (double)NAN;
        }
        rows[i].name = set->names[i];
        rows[i].baseline = i == 0;
        rows[i].cells = &cells[i * set->columns];
    }
    for (size_t c = 0; c < set->columns; c++) {
        columns[c].title = set->names[set->rows > 0 ? c % set->rows : 0];
        columns[c].group = c < set->columns / 2 ? "Prompt processing" : "Text generation";
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct heatmap chart = {.title = "Results by chip and workload",
                            .footer = chart_sample_footer,
                            .footer_count = CHART_SAMPLE_FOOTER,
                            .rows = rows,
                            .row_count = set->rows,
                            .columns = columns,
                            .column_count = set->columns,
                            .baseline_name = set->names[0],
                            .width = set->width};
    return chart_lay_out_heatmap(&chart, set->theme, &measure, ret, err);
}

int chart_set_distribution(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t count = 1 + below(40);
    struct sample_row *rows = arena_alloc(&set->arena, set->rows, sizeof *rows);
    for (size_t i = 0; i < set->rows; i++) {
        double *values = arena_alloc(&set->arena, count, sizeof *values);
        size_t finite = 0;
        for (size_t k = 0; k < count; k++) {
            double value = set->values[(i * 7 + k) % (CHART_SET_ROWS * CHART_SET_COLUMNS)];
            values[finite] = value;
            finite += isfinite(value) ? 1 : 0;
        }
        stats_sort(values, finite);
        rows[i] = (struct sample_row){set->names[i], NULL, values, finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct distribution chart = {.title = "Runs by chip",
                                 .subtitle = "A subtitle",
                                 .footer = chart_sample_footer,
                                 .footer_count = CHART_SAMPLE_FOOTER,
                                 .unit = "ms",
                                 .rows = rows,
                                 .row_count = set->rows,
                                 .width = set->width};
    return chart_lay_out_distribution(&chart, set->theme, &measure, ret, err);
}

int chart_set_history(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t count = 1 + below(set->rows < 7 ? set->rows : 7), each = 1 + below(300);
    struct history_series *series = arena_alloc(&set->arena, count, sizeof *series);
    bool dated = below(2) == 0;
    for (size_t i = 0; i < count; i++) {
        struct history_run *runs = arena_alloc(&set->arena, each, sizeof *runs);
        double level = 1, at = dated ? 1.7e9 : 1;
        size_t finite = 0;
        for (size_t k = 0; k < each; k++) {
            level *= below(40) == 0 ? 0.5 + chart_sample_random() : 1;
            double value = set->values[i] * level * (1 + 0.02 * chart_sample_random());
            value = below(60) == 0 ? set->values[k] : value;
            at += (dated ? 86400 : 1) * (below(50) == 0 ? 60 : chart_sample_random());
            runs[finite] = (struct history_run){.at = at, .value = value};
            finite += isfinite(value) ? 1 : 0;
        }
        series[i] = (struct history_series){set->names[i], runs, finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct history_chart chart = {.title = "Proof time over time",
                                  .footer = chart_sample_footer,
                                  .footer_count = CHART_SAMPLE_FOOTER,
                                  .metric = {"Proof time", "ms", false},
                                  .series = series,
                                  .series_count = count,
                                  .dated = dated,
                                  .zoom = below(3) == 0,
                                  .width = set->width};
    return chart_lay_out_history(&chart, set->theme, &measure, ret, err);
}

int chart_set_scatter(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    static const char *const groups[CHART_CATEGORIES] = {"Apple", "AMD", "NVIDIA", "Intel", "Qualcomm", "Other"};
    struct scatter_point *points = arena_alloc(&set->arena, set->rows, sizeof *points);
    for (size_t i = 0; i < set->rows; i++) {
        points[i] = (struct scatter_point){.name = set->names[i],
                                           .x = value_at(set, i, 0),
                                           .y = value_at(set, i, 1),
                                           .category = below(CHART_CATEGORIES),
                                           .lesser = below(5) == 0};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct scatter_chart chart = {.title = "Latency and bandwidth",
                                  .footer = chart_sample_footer,
                                  .footer_count = CHART_SAMPLE_FOOTER,
                                  .x = {"Bandwidth", "GB/s", true},
                                  .y = {"Latency", "ms", false},
                                  .groups = groups,
                                  .group_count = CHART_CATEGORIES,
                                  .points = points,
                                  .point_count = set->rows,
                                  .frontier = FRONTIER_LESS,
                                  .limit = below(2) == 0 ? 500 : (double)NAN,
                                  .width = set->width};
    return chart_lay_out_scatter(&chart, set->theme, &measure, ret, err);
}

int chart_set_scaling(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t count = 1 + below(set->rows < SCALING_FAMILIES_MAX ? set->rows : SCALING_FAMILIES_MAX);
    struct scaling_family *families = arena_alloc(&set->arena, count, sizeof *families);
    for (size_t i = 0; i < count; i++) {
        size_t sizes = 2 + below(5);
        struct scaling_point *points = arena_alloc(&set->arena, sizes, sizeof *points);
        double resource = 1;
        for (size_t k = 0; k < sizes; k++) {
            double value = fabs(value_at(set, i, k));
            value = isfinite(value) && value > 0 ? value : 1;
            points[k] = (struct scaling_point){set->names[i], NULL, resource, k == 0 ? 1 : value / 10, value};
            resource *= 1.1 + 3 * chart_sample_random();
        }
        families[i] = (struct scaling_family){set->names[i], i % CHART_CATEGORIES, points, sizes};
    }
    const struct scaling_panel panels[] = {{{"Prompt processing", "tok/s", true}, "GPU cores", families, count},
                                           {{"Text generation", "tok/s", true}, "bandwidth", families, count}};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct scaling_chart chart = {.title = "Scaling",
                                  .footer = chart_sample_footer,
                                  .footer_count = CHART_SAMPLE_FOOTER,
                                  .panels = panels,
                                  .panel_count = 1 + below(2),
                                  .width = set->width};
    return chart_lay_out_scaling(&chart, set->theme, &measure, ret, err);
}

int chart_set_categories(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t series = 1 + below(CATEGORIES_SERIES_MAX);
    size_t count = set->rows < CATEGORIES_ROWS_MAX ? set->rows : CATEGORIES_ROWS_MAX;
    const char *names[CATEGORIES_SERIES_MAX];
    struct category_row *rows = arena_alloc(&set->arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct category_row){set->names[i], &set->values[i * CHART_SET_COLUMNS]};
    }
    for (size_t k = 0; k < series; k++) {
        names[k] = set->names[k % set->rows];
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct categories_chart chart = {.title = "Throughput by category",
                                     .footer = chart_sample_footer,
                                     .footer_count = CHART_SAMPLE_FOOTER,
                                     .metric = {"Generation throughput", "tok/s", true},
                                     .series = names,
                                     .series_count = series,
                                     .rows = rows,
                                     .row_count = count,
                                     .width = set->width};
    return chart_lay_out_categories(&chart, set->theme, &measure, ret, err);
}

int chart_set_serving(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t count = 1 + below(set->rows < SERVING_SERIES_MAX ? set->rows : SERVING_SERIES_MAX);
    struct serving_series *series = arena_alloc(&set->arena, count, sizeof *series);
    for (size_t i = 0; i < count; i++) {
        struct serving_point *points = arena_alloc(&set->arena, CHART_SET_COLUMNS, sizeof *points);
        size_t finite = 0;
        for (size_t k = 0; k + 1 < CHART_SET_COLUMNS; k++) {
            struct serving_point point = {value_at(set, i, k), value_at(set, i, k + 1), value_at(set, i + 1, k),
                                          pow(2, (double)k)};
            points[finite] = point;
            finite += isfinite(point.throughput) && isfinite(point.latency) ? 1 : 0;
        }
        series[i] = (struct serving_series){set->names[i], NULL, points, finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct serving_chart chart = {.title = "Latency against throughput",
                                  .footer = chart_sample_footer,
                                  .footer_count = CHART_SAMPLE_FOOTER,
                                  .x = {"Output throughput", "tok/s", true},
                                  .y = {"Median latency", "ms", false},
                                  .series = series,
                                  .series_count = count,
                                  .width = set->width};
    return chart_lay_out_serving(&chart, set->theme, &measure, ret, err);
}

int chart_set_sustained(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    size_t count = 1 + below(set->rows < 6 ? set->rows : 6), each = 1 + below(400);
    struct sustained_series *series = arena_alloc(&set->arena, count, sizeof *series);
    for (size_t i = 0; i < count; i++) {
        struct sustained_sample *samples = arena_alloc(&set->arena, each, sizeof *samples);
        size_t finite = 0;
        for (size_t k = 0; k < each; k++) {
            double value = set->values[(i * 40 + k) % (CHART_SET_ROWS * CHART_SET_COLUMNS)];
            const char *reason = k % 60 > 40 ? set->names[k / 60 % set->rows] : NULL;
            samples[finite] = (struct sustained_sample){0.3 * (double)k, value, reason};
            finite += isfinite(value) ? 1 : 0;
        }
        series[i] = (struct sustained_series){set->names[i], samples, finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct sustained_chart chart = {.title = "Throughput, sustained",
                                    .footer = chart_sample_footer,
                                    .footer_count = CHART_SAMPLE_FOOTER,
                                    .metric = {"Generation throughput", "tok/s", true},
                                    .series = series,
                                    .series_count = count,
                                    .width = set->width};
    return chart_lay_out_sustained(&chart, set->theme, &measure, ret, err);
}
