#include "analyze/report/picture.h"

#include <math.h>
#include <string.h>

#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define FOOTER_MAX 4
#define ALT_MAX 250
#define PNG_SCALE 2.0

void picture_done(struct picture *picture)
{
    arena_done(&picture->arena);
    memset(picture, 0, sizeof(*picture));
}

/* Two panels only where both have their place: every second row at least has both. */
static size_t metrics_to_draw(const struct comparison *comparison)
{
    size_t both = 0;

    for (size_t i = 0; comparison->metric_count > 1 && i < comparison->row_count; i++)
        both +=
            isfinite(comparison->rows[i].figures[0].value) && isfinite(comparison->rows[i].figures[1].value) ? 1 : 0;
    return both > 0 && 2 * both >= comparison->row_count ? 2 : 1;
}

static size_t rows_with_value(const struct comparison *comparison, size_t metrics)
{
    size_t rows = 0;

    for (size_t i = 0; i < comparison->row_count; i++)
        for (size_t j = 0; j < metrics; j++)
            if (isfinite(comparison->rows[i].figures[j].value)) {
                rows++;
                break;
            }
    return rows;
}

static const char *vendor_of(const struct comparison_row *row)
{
    const char *vendor = comparison_row_vendor(row);

    return vendor[0] != '\0' ? vendor : "Other";
}

static bool several_vendors(const struct comparison *comparison)
{
    for (size_t i = 1; i < comparison->row_count; i++)
        if (!text_equal(vendor_of(&comparison->rows[i]), vendor_of(&comparison->rows[0])))
            return true;
    return false;
}

static const char *variant_label(struct arena *arena, const struct comparison_row *row)
{
    autobuf struct buf label = BUF(256);

    if (row->entry == NULL || text_is_empty(row->variant))
        return NULL;
    catalog_variant_label(row->entry, &label);
    return label.len > 0 ? arena_strdup(arena, buf_text(&label)) : NULL;
}

static struct chart_value chart_value_of(const struct figure *figure)
{
    const double none = (double)NAN;

    return (struct chart_value){.value = figure->value,
                                .low = figure->low,
                                .high = figure->high,
                                .factor = figure->factor,
                                .factor_low = none,
                                .factor_high = none,
                                .runs = (long)figure->runs};
}

static const char *count_and_name(struct arena *arena, const struct comparison_row *row, const char *name)
{
    return row->chip_count > 1 ? arena_printf(arena, "%lld × %s", (long long)row->chip_count, name)
                               : arena_strdup(arena, name);
}

static int fill_rows(const struct comparison *comparison, struct picture *picture, struct err *err)
{
    struct arena *arena = &picture->arena;
    struct chart_row *rows = arena_alloc(arena, comparison->row_count, sizeof(*rows));
    const bool vendors = several_vendors(comparison);
    size_t count = 0;

    for (size_t i = 0; rows != NULL && i < comparison->row_count; i++) {
        const size_t index = comparison->by_value[i];
        const struct comparison_row *at = &comparison->rows[index];
        struct chart_value *values = arena_alloc(arena, picture->chart.metric_count, sizeof(*values));
        bool any = false;

        for (size_t j = 0; values != NULL && j < picture->chart.metric_count; j++) {
            values[j] = chart_value_of(&at->figures[j]);
            any = any || isfinite(values[j].value);
        }
        if (!any)
            continue;
        rows[count++] = (struct chart_row){
            .name = count_and_name(arena, at, at->chip),
            .short_name = count_and_name(arena, at, at->chip_known ? catalog_short_chip_name(at->chip) : at->chip),
            .variant = variant_label(arena, at),
            .group = vendors ? vendor_of(at) : NULL,
            .note = comparison->backends_differ ? at->backend : NULL,
            .baseline = index == comparison->baseline,
            .values = values};
    }
    picture->chart.rows = rows;
    picture->chart.row_count = count;
    return arena_check(arena, err);
}

static int fill_metrics(const struct comparison *comparison, struct picture *picture, struct err *err)
{
    const size_t count = metrics_to_draw(comparison);
    struct chart_metric *metrics = arena_alloc(&picture->arena, count, sizeof(*metrics));

    if (metrics == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        metrics[i] = (struct chart_metric){comparison->metrics[i].title, comparison->metrics[i].unit,
                                           comparison->metrics[i].direction != DIRECTION_LOWER};
    picture->chart.metrics = metrics;
    picture->chart.metric_count = count;
    return 0;
}

/* ---- words */

/* "inference time" inside a sentence. Titles of the catalogue begin with one capital; "TTFT" stays. */
static void add_inside(struct buf *into, const char *title)
{
    const bool word = title[0] >= 'A' && title[0] <= 'Z' && title[1] >= 'a' && title[1] <= 'z';

    buf_addc(into, word ? (char)(title[0] - 'A' + 'a') : title[0]);
    buf_adds(into, title[0] != '\0' ? title + 1 : "");
}

static const char *title_of(struct picture *picture, const struct comparison *comparison)
{
    const struct chart_metric *metrics = picture->chart.metrics;
    autobuf struct buf title = BUF(4096);

    buf_adds(&title, metrics[0].title);
    if (picture->chart.metric_count == 2) {
        buf_adds(&title, " and ");
        add_inside(&title, metrics[1].title);
    }
    buf_adds(&title, picture->chart.row_count > 1 ? " by chip, " : ", ");
    comparison_title(comparison, &title);
    return arena_strdup(&picture->arena, buf_text(&title));
}

static const char *subtitle_of(struct picture *picture, const struct comparison *comparison)
{
    autobuf struct buf text = BUF(4096), workload = BUF(4096);
    const char *backend = comparison->backends_differ ? "" : comparison->rows[0].backend;

    comparison_title(comparison, &workload);
    buf_addf(&text, "%s: %s", comparison->tool, buf_text(&workload));
    if (!text_is_empty(backend))
        buf_addf(&text, " on %s", backend);
    /* Two panels say it in their headings. */
    const struct chart_metric *metric = &picture->chart.metrics[0];
    if (picture->chart.metric_count == 1)
        buf_addf(&text, "; %s, %s", metric->unit,
                 metric->higher_is_better ? "higher is better →" : "← lower is better");
    if (comparison->baseline_name != NULL && picture->chart.row_count > 1)
        buf_addf(&text, ". Factors vs %s; greater is better.", comparison->baseline_name);
    return arena_strdup(&picture->arena, buf_text(&text));
}

static const char *axis_statement(const struct picture *picture)
{
    for (size_t i = 0; i < picture->chart.metric_count; i++)
        if (chart_chips_are_wide(&picture->chart, i))
            return "Where the axis is logarithmic the places of the dots count; bars start at zero.";
    return "Bars start at zero.";
}

static const char *runs_statement(struct picture *picture, const struct comparison *comparison)
{
    const size_t unknown = report_rows_without_runs(comparison);

    if (picture->chart.row_count == 1)
        return unknown > 0 ? "The run count was not published: no interval, and an unknown margin."
                           : "Interval: 95 % of the median, from order statistics, where there are 6 values or more.";
    if (unknown == comparison->row_count)
        return arena_printf(&picture->arena,
                            "Run counts were not published: no intervals, and factors carry an unknown margin. %s",
                            axis_statement(picture));
    if (unknown > 0)
        return arena_printf(&picture->arena,
                            "%zu of %zu rows have no run count: no interval there, and their factors carry an unknown "
                            "margin. %s",
                            unknown, comparison->row_count, axis_statement(picture));
    return arena_printf(&picture->arena,
                        "Intervals: 95 %% of the median, from order statistics, where there are 6 values or more. %s",
                        axis_statement(picture));
}

/* Whether an earlier finding is of the same run: findings stand in the order of the submissions. */
static bool is_told(const struct result_set *set, size_t at)
{
    const struct set_finding *finding = &set->findings[at];

    for (size_t i = at; i-- > 0 && set->findings[i].submission == finding->submission;)
        if (set->findings[i].run == finding->run && text_equal(set->findings[i].model, finding->model))
            return true;
    return false;
}

/* Runs of this model that a check kept out, and rows with a remark. */
static const char *checks_statement(const struct report *report, struct picture *picture,
                                    const struct comparison *comparison)
{
    size_t flagged = 0, held = 0;

    for (size_t i = 0; i < comparison->row_count; i++)
        flagged += comparison->rows[i].figures[0].flagged > 0 ? 1 : 0;
    for (size_t i = 0; i < report->results->finding_count; i++) {
        const struct set_finding *finding = &report->results->findings[i];

        if (text_equal(finding->model, comparison->model) &&
            finding_state(report->results, finding) == STATE_QUARANTINED && !is_told(report->results, i))
            held++;
    }
    if (flagged == 0 && held == 0)
        return NULL;
    if (held == 0)
        return arena_printf(&picture->arena, "Checks: %zu of %zu rows have a remark; see data quality in RESULTS.md.",
                            flagged, comparison->row_count);
    return arena_printf(&picture->arena,
                        "Check failed: %zu further %s of this model left out; see data quality in RESULTS.md.", held,
                        held == 1 ? "result" : "results");
}

static const char *source_statement(struct picture *picture, const struct comparison *comparison)
{
    char date[REPORT_DATE_SIZE];
    size_t submissions = 0;
    int64_t newest = TIME_UNKNOWN;

    for (size_t i = 0; i < comparison->row_count; i++) {
        submissions += comparison->rows[i].figures[0].submissions;
        newest = comparison->rows[i].newest_us > newest ? comparison->rows[i].newest_us : newest;
    }
    report_date(date, newest);
    return arena_printf(&picture->arena, "Source: %zu %s of %s · %s%s · crosschip %s", submissions,
                        submissions == 1 ? "submission" : "submissions", comparison->tool,
                        newest == TIME_UNKNOWN ? "data without dates" : "data to ", date, CROSSCHIP_VERSION);
}

static int fill_footer(const struct report *report, const struct comparison *comparison, struct picture *picture,
                       struct err *err)
{
    const char **footer = arena_alloc(&picture->arena, FOOTER_MAX, sizeof(*footer));
    size_t count = 0;

    if (footer == NULL)
        return mem_error(err);
    footer[count++] = runs_statement(picture, comparison);
    const char *checks = checks_statement(report, picture, comparison);

    if (checks != NULL)
        footer[count++] = checks;
    footer[count++] = source_statement(picture, comparison);
    picture->chart.footer = footer;
    picture->chart.footer_count = count;
    return arena_check(&picture->arena, err);
}

/* "Bar chart of memory bandwidth of 13 chips, llama_lm_head. Best: M4 Pro 126 GB/s; …" */
static void write_alt(const struct comparison *comparison, const struct picture *picture, struct buf *into)
{
    const struct comparison_metric *metric = &comparison->metrics[0];
    const struct comparison_row *best = &comparison->rows[comparison->by_value[0]];
    const size_t rows = rows_with_value(comparison, 1);
    const struct comparison_row *worst = &comparison->rows[comparison->by_value[rows > 0 ? rows - 1 : 0]];
    char shown[FIGURE_SIZE];

    buf_addf(into, "Bar chart: %s. ", picture->chart.title);
    report_plural(into, rows, "row", "rows");
    buf_adds(into, ". Best ");
    comparison_row_name(best, true, into);
    buf_addf(into, " %s %s", figure_value(shown, best->figures[0].value, (double)NAN), metric->unit);
    if (rows > 1) {
        buf_adds(into, ", last ");
        comparison_row_name(worst, true, into);
        buf_addf(into, " %s %s", figure_value(shown, worst->figures[0].value, (double)NAN), metric->unit);
    }
    if (comparison->baseline_name != NULL)
        buf_addf(into, ", baseline %s", comparison->baseline_name);
    if (report_rows_without_runs(comparison) > 0)
        buf_adds(into, ". Run counts missing");
    buf_adds(into, ". Table below.");
}

static int fill_alt(const struct comparison *comparison, struct picture *picture, struct err *err)
{
    autobuf struct buf text = BUF(8192);
    char cut[ALT_MAX + 1];

    write_alt(comparison, picture, &text);
    text_copy(cut, sizeof(cut), buf_text(&text));
    picture->alt = arena_strdup(&picture->arena, cut);
    picture->chart.alt = picture->alt;
    return arena_check(&picture->arena, err);
}

/* The head of the factors has room for the chip alone; backend and variant stand in its row. */
static const char *drawn_baseline(const struct chip_chart *chart, const struct comparison *comparison)
{
    for (size_t i = 0; i < chart->row_count; i++)
        if (chart->rows[i].baseline)
            return chart->rows[i].short_name != NULL ? chart->rows[i].short_name : chart->rows[i].name;
    return comparison->baseline_name;
}

int picture_compose(const struct report *report, const struct comparison *comparison, struct picture *ret,
                    struct err *err)
{
    autopicture struct picture picture = {.alt = NULL};

    if (comparison->row_count == 0 || comparison->metric_count == 0)
        return err_set(err, ERR_NOTHING, "there is nothing to draw");
    int status = fill_metrics(comparison, &picture, err);

    if (status == 0)
        status = fill_rows(comparison, &picture, err);
    if (status < 0)
        return status;
    picture.chart.title = title_of(&picture, comparison);
    picture.chart.subtitle = subtitle_of(&picture, comparison);
    picture.chart.baseline_name = drawn_baseline(&picture.chart, comparison);
    status = fill_footer(report, comparison, &picture, err);
    if (status == 0)
        status = fill_alt(comparison, &picture, err);
    if (status < 0)
        return status;
    *ret = picture;
    memset(&picture, 0, sizeof(picture));
    return 0;
}

static int draw_both(const struct chart_layout layouts[2], struct draw *draw, struct picture_files *files,
                     struct err *err)
{
    int status = draw_png_pair(draw, &layouts[0], &layouts[1], PNG_SCALE, &files->png[0], &files->png[1], err);

    for (size_t i = 0; status == 0 && i < 2; i++)
        status = draw_svg(draw, &layouts[i], PNG_SCALE, &files->svg[i], err);
    return status;
}

int picture_draw(const struct picture *picture, struct draw *draw, struct picture_files *files, struct err *err)
{
    static const enum chart_theme themes[2] = {THEME_LIGHT, THEME_DARK};
    const struct text_measure measure = draw_measure(draw);
    struct chart_layout layouts[2] = {{.width = 0}, {.width = 0}};
    int status = 0;

    for (size_t i = 0; status == 0 && i < 2; i++)
        status = chart_lay_out_chips(&picture->chart, themes[i], &measure, &layouts[i], err);
    if (status == 0)
        status = draw_both(layouts, draw, files, err);
    chart_layout_done(&layouts[0]);
    chart_layout_done(&layouts[1]);
    return status;
}
