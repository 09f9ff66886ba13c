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

/* Title, subtitle and footer, each of any length, and a unit. */
static void make_words(struct chart_set *set)
{
    static const char *const units[] = {"", "GB/s", "ms", "tok/s", "µs per token", "requests per second and machine"};
    const char *usual = "Memory bandwidth and inference time by chip";
    struct buf title autobuf = BUF(sizeof set->title);
    size_t parts = below(4) == 0 ? 1 + below(3) : 0;
    buf_adds(&title, parts == 0 ? usual : "");
    for (size_t i = 0; i < parts; i++) {
        buf_addf(&title, "%s%.300s", i > 0 ? " " : "", set->names[below(set->rows)]);
    }
    text_copy(set->title, sizeof set->title, buf_text(&title));
    text_copy(set->unit, sizeof set->unit, units[below(ARRAY_LENGTH(units))]);
    set->subtitle = below(3) == 0 ? NULL : below(3) == 0 ? set->names[0] : "A subtitle that says what is shown.";
    set->footer_count = below(CHART_SET_FOOTER + 1);
    for (size_t i = 0; i < set->footer_count; i++) {
        set->footer[i] = below(2) == 0 ? chart_sample_footer[i % CHART_SAMPLE_FOOTER]
                                       : "A caveat that is long enough to take more than one line of a narrow picture, "
                                         "and two of a wide one where somebody writes as much as this into a footer.";
    }
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
    make_words(set);
}

static double value_at(const struct chart_set *set, size_t row, size_t column)
{
    return set->values[row * CHART_SET_COLUMNS + column];
}

static void add_number(struct chart_set *set, double number)
{
    if (set->number_count < CHART_SET_NUMBERS && isfinite(number)) {
        set->numbers[set->number_count++] = number;
    }
}

static void add_row(struct chart_set *set, size_t row)
{
    set->order[set->order_count++] = set->names[row];
}

int chart_set_chips(struct chart_set *set, struct chart_layout *ret, struct err *err)
{
    static const char *const groups[] = {"Apple", "AMD", "NVIDIA", "Intel", "Qualcomm", "Somebody"};
    size_t metrics = 1 + below(2), baseline = below(set->rows);
    bool bounds = below(2) == 0, grouped = below(3) == 0, varied = below(4) == 0, noted = below(4) == 0;
    struct chart_value *values = arena_alloc(&set->arena, set->rows * 2, sizeof *values);
    struct chart_row *rows = arena_alloc(&set->arena, set->rows, sizeof *rows);
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t m = 0; m < metrics; m++) {
            double value = value_at(set, i, m), factor = value / value_at(set, baseline, m);
            bool spread = value > 0 && i % 3 == 0;
            add_number(set, factor);
            values[i * 2 + m] = (struct chart_value){
                value,
                spread ? value * 0.9 : (double)NAN,
                spread ? value * 1.2 : (double)NAN,
                isfinite(factor) && factor > 0 ? factor : (double)NAN,
                spread && bounds ? factor * 0.8 : (double)NAN,
                spread && bounds ? factor * (i % 2 == 0 ? 1.3 : 0.95) : (double)NAN,
                i % 4 == 0 ? -1 : (long)i,
            };
        }
        add_row(set, i);
        add_number(set, i % 4 == 0 ? (double)NAN : (double)i);
        set->missing += isfinite(value_at(set, i, 0)) ? 0 : 1;
        rows[i] = (struct chart_row){.name = set->names[i],
                                     .variant = varied && i % 3 != 0 ? "38-core" : NULL,
                                     .group = grouped ? groups[below(ARRAY_LENGTH(groups))] : NULL,
                                     .note = noted ? "Vulkan" : NULL,
                                     .baseline = i == baseline,
                                     .values = &values[i * 2]};
    }
    set->counts_missing = true;
    const struct chart_metric shown[] = {{"Memory bandwidth", set->unit, true},
                                         {"Inference time", "ms", below(2) == 0}};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct chip_chart chart = {.title = set->title,
                               .subtitle = set->subtitle,
                               .footer = set->footer,
                               .footer_count = set->footer_count,
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
            add_number(set, factor);
            set->missing += isfinite(value) ? 0 : 1;
            cells[i * set->columns + c].factor = isfinite(factor) && factor > 0 ? factor : (double)NAN;
        }
        add_row(set, i);
        rows[i].name = set->names[i];
        rows[i].baseline = i == 0;
        rows[i].cells = &cells[i * set->columns];
    }
    set->counts_missing = true;
    for (size_t c = 0; c < set->columns; c++) {
        columns[c].title = set->names[set->rows > 0 ? c % set->rows : 0];
        columns[c].group = c < set->columns / 2 ? "Prompt processing" : "Text generation";
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct heatmap chart = {.title = set->title,
                            .subtitle = set->subtitle,
                            .footer = set->footer,
                            .footer_count = set->footer_count,
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
    size_t count = 1 + below(below(30) == 0 ? 2200 : 40);
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
        add_row(set, i);
        add_number(set, (double)finite);
        if (finite > 0) {
            add_number(set, (values[(finite - 1) / 2] + values[finite / 2]) / 2);
        }
        rows[i] = (struct sample_row){.name = set->names[i], .sorted = values, .count = finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct distribution chart = {.title = set->title,
                                 .subtitle = set->subtitle,
                                 .footer = set->footer,
                                 .footer_count = set->footer_count,
                                 .unit = set->unit,
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
    struct history_chart chart = {.title = set->title,
                                  .subtitle = set->subtitle,
                                  .footer = set->footer,
                                  .footer_count = set->footer_count,
                                  .metric = {"Proof time", set->unit, false},
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
    struct scatter_chart chart = {.title = set->title,
                                  .subtitle = set->subtitle,
                                  .footer = set->footer,
                                  .footer_count = set->footer_count,
                                  .x = {"Bandwidth", "GB/s", true},
                                  .y = {"Latency", set->unit, false},
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
            add_number(set, 100 * points[k].speed_up / points[k].resource);
            resource *= 1.1 + 3 * chart_sample_random();
        }
        families[i] = (struct scaling_family){set->names[i], i % CHART_CATEGORIES, points, sizes};
    }
    const struct scaling_panel panels[] = {{{"Prompt processing", "tok/s", true}, "GPU cores", families, count},
                                           {{"Text generation", "tok/s", true}, "bandwidth", families, count}};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct scaling_chart chart = {.title = set->title,
                                  .subtitle = set->subtitle,
                                  .footer = set->footer,
                                  .footer_count = set->footer_count,
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
        add_row(set, i);
        rows[i] = (struct category_row){set->names[i], &set->values[i * CHART_SET_COLUMNS]};
        for (size_t k = 0; k < series; k++) {
            add_number(set, value_at(set, i, k) / value_at(set, i, 0));
            set->missing += isfinite(value_at(set, i, k)) ? 0 : 1;
        }
    }
    set->counts_missing = true;
    for (size_t k = 0; k < series; k++) {
        names[k] = set->names[k % set->rows];
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct categories_chart chart = {.title = set->title,
                                     .subtitle = set->subtitle,
                                     .footer = set->footer,
                                     .footer_count = set->footer_count,
                                     .metric = {"Generation throughput", set->unit, true},
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
            add_number(set, point.rate);
            points[finite] = point;
            finite += isfinite(point.throughput) && isfinite(point.latency) ? 1 : 0;
        }
        series[i] = (struct serving_series){set->names[i], NULL, points, finite};
    }
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct serving_chart chart = {.title = set->title,
                                  .subtitle = set->subtitle,
                                  .footer = set->footer,
                                  .footer_count = set->footer_count,
                                  .x = {"Output throughput", "tok/s", true},
                                  .y = {"Median latency", set->unit, false},
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
    struct sustained_chart chart = {.title = set->title,
                                    .subtitle = set->subtitle,
                                    .footer = set->footer,
                                    .footer_count = set->footer_count,
                                    .metric = {"Generation throughput", set->unit, true},
                                    .series = series,
                                    .series_count = count,
                                    .width = set->width};
    return chart_lay_out_sustained(&chart, set->theme, &measure, ret, err);
}
