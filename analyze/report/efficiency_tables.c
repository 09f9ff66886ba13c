/* What chips give for their power and for their price, one table a workload.
 *
 * The figure is the first metric of the workload of which more is better and which is no ratio. Per watt: figure ÷ mean
 * power, both of the same submissions, else nothing. Per price: figure ÷ (price × number of chips), times 1,000. On the
 * frontier is a row when no other row has at least as much for at most as much cost, and one of the two better: medians
 * are compared, nothing is tested. Sustained ÷ peak is the metric sustained_ratio: the speed at the end of a long run
 * against that at its beginning.
 * Example: A 100 tok/s at 50 W and 1,000 EUR, B 60 at 20 and 400, C 50 at 25 and 500: 2, 3 and 2 tok/s per W; 100, 150
 * and 100 tok/s per 1,000 EUR; C is not on the frontier, for B gives more for less. */
#include <math.h>

#include "analyze/data/prices.h"
#include "analyze/report/columns.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define NO_METRIC ((size_t)-1)

struct section {
    const struct comparison *comparison;
    const struct price_list *prices; /* count 0 = none */
    size_t figure, power, sustained; /* metrics; NO_METRIC */
    bool any_power, any_price;
};

static size_t find_metric(const struct comparison *comparison, const char *name, const char *unit)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (text_equal(comparison->metrics[i].name, name) && text_equal(comparison->metrics[i].unit, unit))
            return i;
    return NO_METRIC;
}

static size_t find_figure(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (comparison->metrics[i].direction == DIRECTION_HIGHER && !text_is_empty(comparison->metrics[i].unit) &&
            !text_equal(comparison->metrics[i].unit, "ratio") && !text_equal(comparison->metrics[i].unit, "%"))
            return i;
    return NO_METRIC;
}

static double value_of(const struct section *section, size_t row, size_t metric)
{
    return metric != NO_METRIC ? section->comparison->rows[row].figures[metric].value : (double)NAN;
}

/* Of the result at hand; goes on to the first of another. */
static uint32_t next_submission(const struct figure *figure, size_t *at)
{
    const uint32_t submission = figure->results[*at]->run->submission;

    while (*at < figure->result_count && figure->results[*at]->run->submission == submission)
        (*at)++;
    return submission;
}

/* The results of a figure stand in the order of their submissions. */
static bool same_submissions(const struct figure *a, const struct figure *b)
{
    size_t at_a = 0, at_b = 0;

    while (at_a < a->result_count && at_b < b->result_count)
        if (next_submission(a, &at_a) != next_submission(b, &at_b))
            return false;
    return at_a == a->result_count && at_b == b->result_count;
}

/* NAN where the power is of other submissions than the figure. */
static double power_of(const struct section *section, size_t row)
{
    const struct figure *figures = section->comparison->rows[row].figures;
    const double power = value_of(section, row, section->power);

    if (section->power == NO_METRIC)
        return (double)NAN;
    return power > 0 && same_submissions(&figures[section->power], &figures[section->figure]) ? power : (double)NAN;
}

static double price_of_row(const struct section *section, size_t row)
{
    const struct comparison_row *at = &section->comparison->rows[row];
    const struct price *price = price_of(section->prices, at);

    return price != NULL ? price->price * (double)at->chip_count : (double)NAN;
}

static bool is_beaten(const struct section *section, size_t row, double (*cost)(const struct section *, size_t))
{
    const double value = value_of(section, row, section->figure), own = cost(section, row);

    for (size_t i = 0; i < section->comparison->row_count; i++) {
        const double other = value_of(section, i, section->figure), other_cost = cost(section, i);

        if (other >= value && other_cost <= own && (other > value || other_cost < own))
            return true;
    }
    return false;
}

static void put_frontier(const struct section *section, size_t row, double (*cost)(const struct section *, size_t),
                         struct table *table)
{
    if (!isfinite(value_of(section, row, section->figure)) || !isfinite(cost(section, row)))
        table_put_missing(table);
    else
        table_put_text(table, is_beaten(section, row, cost) ? "no" : "yes");
}

/* As many decimals as the other values of the column, when all stand there. */
static void put_value(struct table *table, double value)
{
    table_put_number(table, value, 0, NULL);
}

/* A column of the figure for some cost; hidden from people when no row has that cost. */
static void add_ratio(const struct section *section, const char *ending, const char *cost, bool shown,
                      struct table *table)
{
    const struct comparison_metric *metric = &section->comparison->metrics[section->figure];
    autobuf struct buf key = BUF(512), title = BUF(512);

    columns_metric_key(metric, &key);
    buf_adds(&key, ending);
    buf_addf(&title, "%s per %s", metric->unit, cost);
    table_column(table, buf_text(&key), shown ? buf_text(&title) : NULL, ALIGN_RIGHT);
}

static void add_columns(const struct section *section, struct table *table)
{
    const struct comparison_metric *metric = &section->comparison->metrics[section->figure];
    const char *currency = section->any_price ? section->prices->currency : "";
    autobuf struct buf key = BUF(512), text = BUF(512), price = BUF(64), thousand = BUF(64);

    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "backend", section->comparison->backends_differ ? "Backend" : NULL, ALIGN_LEFT);
    columns_metric_key(metric, &key);
    buf_addf(&text, "%s, %s", metric->title, metric->unit);
    table_column(table, buf_text(&key), buf_text(&text), ALIGN_RIGHT);
    table_column(table, "power_w", section->any_power ? "Power, W" : NULL, ALIGN_RIGHT);
    add_ratio(section, "_per_w", "W", section->any_power, table);
    table_column(table, "frontier_by_power", section->any_power ? "Frontier by power" : NULL, ALIGN_LEFT);
    buf_addf(&price, "Price, %s", currency);
    table_column(table, "price", section->any_price ? buf_text(&price) : NULL, ALIGN_RIGHT);
    table_column(table, "currency", NULL, ALIGN_LEFT);
    table_column(table, "price_date", section->any_price ? "Priced on" : NULL, ALIGN_LEFT);
    table_column(table, "price_source", NULL, ALIGN_LEFT);
    buf_addf(&thousand, "1,000 %s", currency);
    add_ratio(section, "_per_1000_of_price", buf_text(&thousand), section->any_price, table);
    table_column(table, "frontier_by_price", section->any_price ? "Frontier by price" : NULL, ALIGN_LEFT);
    table_column(table, "sustained_to_peak", section->sustained != NO_METRIC ? "Sustained ÷ peak" : NULL, ALIGN_RIGHT);
    evidence_columns(table);
}

/* Columns whose values are put by put_value: the figure, power, and the figure for each. */
static const size_t values_at[] = {2, 3, 4, 10};

static void put_row(const struct section *section, size_t row, struct table *table)
{
    const struct comparison_row *at = &section->comparison->rows[row];
    const struct figure *figure = &at->figures[section->figure];
    const struct price *price = price_of(section->prices, at);
    const double power = power_of(section, row), cost = price_of_row(section, row);
    autobuf struct buf name = BUF(1024);

    comparison_row_name(at, true, &name);
    table_row(table);
    table_put_text(table, buf_text(&name));
    table_put_text(table, text_is_empty(at->backend) ? NULL : at->backend);
    put_value(table, figure->value);
    put_value(table, power);
    put_value(table, figure->value / power);
    put_frontier(section, row, power_of, table);
    table_put_number(table, cost, 0, NULL);
    table_put_text(table, price != NULL ? section->prices->currency : NULL);
    table_put_text(table, price != NULL ? price->date : NULL);
    table_put_text(table, price != NULL ? price->source : NULL);
    put_value(table, 1000 * figure->value / cost);
    put_frontier(section, row, price_of_row, table);
    table_put_number(table, value_of(section, row, section->sustained), 2, NULL);
    put_evidence(figure, table);
}

static void add_frontier(const struct section *section, const char *what,
                         double (*cost)(const struct section *, size_t), struct table *table)
{
    autobuf struct buf line = BUF(512);
    size_t count = 0;

    for (size_t i = 0; i < section->comparison->row_count; i++)
        count += isfinite(value_of(section, i, section->figure)) && isfinite(cost(section, i)) ? 1 : 0;
    buf_addf(&line,
             "On the frontier by %s, among %zu %s with a %s: no other has at least as much for at most as much. "
             "Medians are compared; nothing is tested.",
             what, count, count == 1 ? "row" : "rows", what);
    table_note(table, buf_text(&line));
}

static void add_notes(const struct section *section, struct table *table)
{
    if (section->any_power)
        table_note(table,
                   "Power is the mean that the tool measured, of the same submissions; tools count different parts "
                   "of a machine.");
    if (section->any_price)
        table_note(table,
                   "Prices are those of the file, of that day and source, times the number of chips; a chip on a "
                   "board or in a machine may have the price of all of it.");
    if (section->any_power)
        add_frontier(section, "power", power_of, table);
    if (section->any_price)
        add_frontier(section, "price", price_of_row, table);
    if (!section->any_power && find_metric(section->comparison, "peak_power", "W") != NO_METRIC)
        table_note(table, "Peak power is not used: mean power is needed.");
    if (section->sustained != NO_METRIC)
        table_note(table, "Sustained ÷ peak: the speed at the end of a long run against that at its beginning.");
}

static int add_section(const struct comparison *comparison, const struct price_list *prices, struct table_list *list,
                       struct err *err)
{
    struct section section = {comparison,
                              prices,
                              find_figure(comparison),
                              find_metric(comparison, "power", "W"),
                              find_metric(comparison, "sustained_ratio", "ratio"),
                              false,
                              false};
    autobuf struct buf caption = BUF(8192);

    if (section.figure == NO_METRIC)
        return 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        section.any_power = section.any_power || isfinite(power_of(&section, i));
        section.any_price = section.any_price || isfinite(price_of_row(&section, i));
    }
    if (!section.any_power && !section.any_price && section.sustained == NO_METRIC)
        return 0;
    comparison_title(comparison, &caption);
    buf_addf(&caption, " (%s)", comparison->tool);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    add_columns(&section, table);
    for (size_t i = 0; i < comparison->row_count; i++)
        put_row(&section, comparison->by_value[i], table);
    for (size_t i = 0; i < ARRAY_LENGTH(values_at); i++)
        table_even_decimals(table, values_at[i]);
    add_notes(&section, table);
    return 0;
}

/* Why there is nothing, and what would help. */
static int explain(const struct comparison_set *set, const struct price_list *prices, struct err *err)
{
    const char *peak = "";

    for (size_t i = 0; i < set->count; i++)
        if (find_metric(&set->items[i], "peak_power", "W") != NO_METRIC)
            peak = "peak power is not used: mean power is needed; ";
    (void)err_set(err, ERR_NOTHING,
                  "no workload has mean power, a price or a long run beside a figure of which more is better");
    return err_hint(err, "%s%s", peak,
                    prices->count > 0
                        ? "no chip of the prices has such a figure"
                        : "--prices FILE gives prices, a CSV with the header chip,price,currency,date,source");
}

int efficiency_tables(const struct comparison_set *set, const struct price_list *prices, struct table_list *ret,
                      struct err *err)
{
    autotables struct table_list list = {.count = 0};
    int status = 0;

    for (size_t i = 0; i < set->count && status == 0; i++)
        status = add_section(&set->items[i], prices, &list, err);
    if (status == 0 && list.count == 0)
        return explain(set, prices, err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
