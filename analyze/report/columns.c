#include "analyze/report/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/report/report.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define NOT_AVAILABLE "n/a"

/* How one metric is shown: its unit, the factor into it, and the one count of decimals of its column. */
struct scale {
    const char *unit;
    double factor;
    int decimals;
};

void columns_metric_key(const struct comparison_metric *metric, struct buf *into)
{
    bool gap = false;

    buf_adds(into, metric->name);
    for (const char *at = metric->unit; *at != '\0'; at++) {
        const char byte = *at;
        const bool word = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z');

        if (!word) {
            gap = true;
            continue;
        }
        if (gap || at == metric->unit)
            buf_addc(into, '_');
        gap = false;
        buf_addc(into, (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte));
    }
}

static struct scale scale_of(const struct comparison *comparison, size_t metric)
{
    struct scale scale = {comparison->metrics[metric].unit, 1, 0};
    struct figure_column column = {.most = 0};
    double greatest = 0, finer = 1;

    for (size_t i = 0; i < comparison->row_count; i++) {
        const double value = comparison->rows[i].figures[metric].value;

        if (isfinite(value) && fabs(value) > greatest)
            greatest = fabs(value);
    }
    const char *unit = greatest > 0 && greatest < 1 ? figure_finer_unit(scale.unit, &finer) : NULL;

    if (unit != NULL) {
        scale.unit = unit;
        scale.factor = finer;
    }
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct figure *figure = &comparison->rows[i].figures[metric];

        figure_column_add(&column, figure->value * scale.factor, (figure->high - figure->low) / 2 * scale.factor);
    }
    scale.decimals = figure_column_decimals(&column);
    return scale;
}

/* A row that is alone and its own baseline has nothing to compare with. */
bool columns_have_factors(const struct comparison *comparison)
{
    return comparison->baseline_name != NULL && (comparison->row_count > 1 || comparison->baseline == NO_ROW);
}

/* What a table of a comparison shows. */
struct view {
    const struct comparison *comparison;
    enum row_order order;
    struct scale scales[COMPARISON_METRICS_MAX];
    bool shown[COMPARISON_METRICS_MAX];   /* to people */
    bool factors[COMPARISON_METRICS_MAX]; /* to people */
};

static bool any_factor(const struct view *view, size_t metric)
{
    for (size_t i = 0; i < view->comparison->row_count; i++)
        if (isfinite(view->comparison->rows[i].figures[metric].factor))
            return true;
    return false;
}

static struct view view_of(const struct comparison *comparison, enum row_order order)
{
    struct view view = {.comparison = comparison, .order = order};

    for (size_t i = 0; i < comparison->metric_count; i++) {
        view.scales[i] = scale_of(comparison, i);
        view.shown[i] = comparison_metric_is_main(comparison, i);
        view.factors[i] = view.shown[i] && columns_have_factors(comparison) && any_factor(&view, i);
    }
    return view;
}

static void add_metric_columns(const struct view *view, size_t metric, struct table *table)
{
    static const char *const endings[] = {"", "_low", "_high", "_factor"};
    autobuf struct buf key = BUF(1024), text = BUF(1024);
    const struct comparison_metric *at = &view->comparison->metrics[metric];
    const char *unit = view->scales[metric].unit;

    columns_metric_key(at, &key);
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        buf_reset(&text);
        buf_addf(&text, "%s%s", buf_text(&key), endings[i]);
        table_column(table, buf_text(&text), NULL, ALIGN_RIGHT);
    }
    if (!view->shown[metric])
        return;
    buf_reset(&text);
    buf_addf(&text, "%s%s%s", at->title, text_is_empty(unit) ? "" : ", ", unit);
    const size_t value = table->column_count;
    table_column_for_people(table, buf_text(&text), ALIGN_RIGHT);
    table_column_for_people(table, "95\u202f%", ALIGN_RIGHT);
    if (!view->factors[metric])
        return;
    buf_reset(&text);
    buf_addf(&text, "vs %s", view->comparison->baseline_name);
    table_column_for_people(table, buf_text(&text), ALIGN_RIGHT);
    table_factor_of(table, value, at->direction != DIRECTION_LOWER);
}

/* Columns that would be empty are left to CSV and JSON. */
static bool any_rated(const struct view *view)
{
    const struct comparison_row *rows = view->comparison->rows;

    for (size_t i = 0; i < view->comparison->row_count; i++)
        if (rows[i].entry != NULL && isfinite(rows[i].entry->bandwidth_gb_s))
            return true;
    return false;
}

static bool any_dated(const struct view *view)
{
    for (size_t i = 0; i < view->comparison->row_count; i++)
        if (view->comparison->rows[i].newest_us != TIME_UNKNOWN)
            return true;
    return false;
}

static void add_columns(const struct view *view, struct table *table)
{
    table_column(table, "rank", NULL, ALIGN_RIGHT);
    if (view->order == ORDER_VALUE)
        table_column_for_people(table, "#", ALIGN_RIGHT);
    table_column(table, "chip", NULL, ALIGN_LEFT);
    table_column(table, "variant", NULL, ALIGN_LEFT);
    table_column(table, "chip_count", NULL, ALIGN_RIGHT);
    table_column_for_people(table, "Chip", ALIGN_LEFT);
    table_column(table, "backend", view->comparison->backends_differ ? "Backend" : NULL, ALIGN_LEFT);
    for (size_t i = 0; i < view->comparison->metric_count; i++)
        add_metric_columns(view, i, table);
    table_column(table, "rated_bandwidth_gb_s", any_rated(view) ? "Rated GB/s" : NULL, ALIGN_RIGHT);
    evidence_columns(table);
    table_column(table, "newest_run", any_dated(view) ? "Date" : NULL, ALIGN_LEFT);
    table_column(table, "set_ups", "Setups", ALIGN_RIGHT);
    table_column(table, "flagged", NULL, ALIGN_RIGHT);
}

static void put_interval(const struct figure *figure, const struct scale *scale, struct table *table)
{
    char low[FIGURE_SIZE], high[FIGURE_SIZE], text[2 * FIGURE_SIZE + 8];

    if (!isfinite(figure->value)) {
        table_put_missing(table);
        return;
    }
    if (!isfinite(figure->low) || !isfinite(figure->high)) {
        table_put_text(table, NOT_AVAILABLE);
        return;
    }
    (void)snprintf(text, sizeof(text), "%s–%s", figure_fixed(low, figure->low * scale->factor, scale->decimals),
                   figure_fixed(high, figure->high * scale->factor, scale->decimals));
    table_put_text(table, text);
}

static void put_metric(const struct view *view, size_t row, size_t metric, struct table *table)
{
    const struct figure *figure = &view->comparison->rows[row].figures[metric];
    const struct scale *scale = &view->scales[metric];
    char shown[FIGURE_SIZE];

    table_put_number(table, figure->value, 0, NULL);
    table_put_number(table, figure->low, 0, NULL);
    table_put_number(table, figure->high, 0, NULL);
    table_put_number(table, figure->factor, 0, NULL);
    if (!view->shown[metric])
        return;
    table_put_number(table, figure->value * scale->factor, scale->decimals, NULL);
    if (figure->flagged > 0 && isfinite(figure->value))
        table_mark_note(table, "flag");
    put_interval(figure, scale, table);
    if (!view->factors[metric])
        return;
    if (row == view->comparison->baseline && isfinite(figure->factor))
        table_put_number(table, figure->factor, 1, "baseline");
    else
        table_put_number(table, figure->factor, 1, figure_factor(shown, figure->factor));
}

static bool is_weaker(const struct figure *a, const struct figure *b)
{
    if (a->contributors != b->contributors)
        return a->contributors < b->contributors;
    if (a->devices != b->devices)
        return a->devices < b->devices;
    return a->runs < b->runs;
}

/* Whose evidence a row shows: of the metrics that it shows the one with the least. */
static const struct figure *main_figure(const struct view *view, const struct comparison_row *row)
{
    const struct figure *weakest = NULL;

    for (size_t i = 0; i < view->comparison->metric_count; i++)
        if (view->shown[i] && isfinite(row->figures[i].value) &&
            (weakest == NULL || is_weaker(&row->figures[i], weakest)))
            weakest = &row->figures[i];
    return weakest != NULL ? weakest : &row->figures[0];
}

static void put_background(const struct comparison_row *row, const struct figure *figure, struct table *table)
{
    char date[REPORT_DATE_SIZE];
    const double rated = row->entry != NULL ? row->entry->bandwidth_gb_s : (double)NAN;

    table_put_number(table, rated, rated < 100 && !number_is_integer(rated) ? 1 : 0, NULL);
    put_evidence(figure, table);
    table_put_text(table, row->newest_us == TIME_UNKNOWN ? NULL : report_date(date, row->newest_us));
    table_put_integer(table, (int64_t)row->setups);
    table_put_integer(table, (int64_t)figure->flagged);
}

struct rank {
    int64_t number; /* -1 = none */
    bool shared;
};

/* "2=" for a rank that several share. */
static void put_rank(struct rank rank, struct table *table)
{
    char text[FIGURE_SIZE];

    if (rank.number > 0 && rank.shared) {
        (void)snprintf(text, sizeof(text), "%lld=", (long long)rank.number);
        table_put_text(table, text);
    } else {
        table_put_integer(table, rank.number);
    }
}

static void put_row(const struct view *view, size_t row, struct rank rank, struct table *table)
{
    autobuf struct buf name = BUF(1024);
    const struct comparison_row *at = &view->comparison->rows[row];

    comparison_row_name(at, true, &name);
    table_row(table);
    table_put_integer(table, rank.number);
    if (view->order == ORDER_VALUE)
        put_rank(rank, table);
    table_put_text(table, at->chip);
    table_put_text(table, text_is_empty(at->variant) ? NULL : at->variant);
    table_put_integer(table, at->chip_count);
    table_put_text(table, buf_text(&name));
    if (row == view->comparison->baseline)
        table_mark_bold(table);
    table_put_text(table, text_is_empty(at->backend) ? NULL : at->backend);
    for (size_t i = 0; i < view->comparison->metric_count; i++)
        put_metric(view, row, i, table);
    put_background(at, main_figure(view, at), table);
}

static bool same_value(const struct comparison *comparison, size_t place, size_t other)
{
    return other < comparison->row_count &&
           number_equal(comparison->rows[comparison->by_value[place]].figures[0].value,
                        comparison->rows[comparison->by_value[other]].figures[0].value);
}

/* Equal values share a rank; what has no value has none. */
static void put_rows_by_value(const struct view *view, struct table *table)
{
    const struct comparison *comparison = view->comparison;
    struct rank rank = {-1, false};

    for (size_t i = 0; i < comparison->row_count; i++) {
        const size_t row = comparison->by_value[i];
        const bool as_before = i > 0 && same_value(comparison, i, i - 1);

        if (!isfinite(comparison->rows[row].figures[0].value))
            rank.number = -1;
        else if (!as_before)
            rank.number = (int64_t)i + 1;
        rank.shared = as_before || same_value(comparison, i, i + 1);
        put_row(view, row, rank, table);
    }
}

/* Of what is better when it is less the factor is the baseline's value over that of the row. */
static void add_turned(const struct view *view, struct buf *into)
{
    bool any = false;

    for (size_t i = 0; i < view->comparison->metric_count; i++)
        if (view->factors[i] && view->comparison->metrics[i].direction == DIRECTION_LOWER) {
            buf_addf(into, "%s%s", any ? ", " : " (", view->comparison->metrics[i].title);
            any = true;
        }
    buf_adds(into, any ? ": baseline ÷ value)" : "");
}

int columns_table(const struct comparison *comparison, enum row_order order, struct table *ret, struct err *err)
{
    const struct view view = view_of(comparison, order);
    autobuf struct buf text = BUF(8192);

    comparison_title(comparison, &text);
    buf_addf(&text, " (%s)%s", comparison->tool, comparison->further ? ", rows with further metrics" : "");
    table_init(ret, buf_text(&text));
    add_columns(&view, ret);
    if (order == ORDER_VALUE)
        put_rows_by_value(&view, ret);
    for (size_t i = 0; order == ORDER_NATURAL && i < comparison->row_count; i++)
        put_row(&view, i, (struct rank){-1, false}, ret);
    if (columns_have_factors(comparison)) {
        buf_reset(&text);
        buf_addf(&text, "Factors against %s; greater is better", comparison->baseline_name);
        add_turned(&view, &text);
        buf_adds(&text, ".");
        table_note(ret, buf_text(&text));
    } else if (comparison->baseline_missing != NULL) {
        buf_reset(&text);
        buf_addf(&text, "No factors: no result here is of the baseline \"%s\" in this workload.",
                 comparison->baseline_missing);
        table_note(ret, buf_text(&text));
    }
    const int status = table_check(ret, err);

    if (status < 0)
        table_done(ret);
    return status;
}
