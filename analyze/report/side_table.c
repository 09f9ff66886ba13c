#include "analyze/report/side_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/data/twins.h"
#include "analyze/report/left_out.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

/* ---- columns */

static const char *title_of(const char *facet, char target[32])
{
    text_copy(target, 32, facet);
    for (char *at = target; *at != '\0'; at++)
        *at = *at == '_' ? ' ' : *at;
    if (target[0] >= 'a' && target[0] <= 'z')
        target[0] = (char)(target[0] - 'a' + 'A');
    return target;
}

/* What nearly every row has says nothing. */
static bool is_ordinary(const char *facet, const char *value)
{
    return text_is_empty(value) || (text_equal(facet, "count") && text_equal(value, "1")) ||
           (text_equal(facet, "variant") && text_equal(value, "alone"));
}

static void add_caption(const struct side_rows *rows, const struct side_list *sides, struct buf *into)
{
    for (size_t i = 1; i < sides->count; i++)
        buf_addf(into, "%s%s", i > 1 ? ", " : "", sides->items[i].label);
    buf_addf(into, " against %s", sides->items[0].label);
    for (size_t i = 0; i < rows->facet_count; i++)
        if (!side_rows_vary(rows, i) && !is_ordinary(rows->facets[i], rows->rows[0].facets[i]))
            buf_addf(into, "; %s %s", rows->facets[i], rows->rows[0].facets[i]);
}

static void add_columns(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    char title[32];
    autobuf struct buf name = BUF(4096);

    for (size_t i = 0; i < rows->facet_count; i++)
        table_column(table, rows->facets[i], side_rows_vary(rows, i) ? title_of(rows->facets[i], title) : NULL,
                     ALIGN_LEFT);
    metric_columns(table);
    table_column(table, "unit", "Unit", ALIGN_LEFT);
    for (size_t i = 0; i < sides->count; i++) {
        char key[3][32] = {"", "", ""};

        (void)snprintf(key[0], sizeof(key[0]), "value_%zu", i + 1);
        (void)snprintf(key[1], sizeof(key[1]), "n_%zu", i + 1);
        (void)snprintf(key[2], sizeof(key[2]), "n_of_%zu", i + 1);
        table_column(table, key[0], sides->items[i].label, ALIGN_RIGHT);
        table_column(table, key[1], NULL, ALIGN_RIGHT);
        table_column_for_people(table, "n", ALIGN_RIGHT);
        table_column(table, key[2], NULL, ALIGN_LEFT);
    }
    for (size_t i = 1; i < sides->count; i++) {
        static const char *const parts[] = {"ratio", "ratio_low", "ratio_high", "p", "p_adjusted"};
        char key[32];

        for (size_t part = 0; part < ARRAY_LENGTH(parts); part++) {
            (void)snprintf(key, sizeof(key), "%s_%zu", parts[part], i + 1);
            buf_reset(&name);
            buf_addf(&name, sides->count > 2 ? "%s vs %s" : "Factor", sides->items[i].label, sides->items[0].label);
            table_column(table, key, part == 0 ? buf_text(&name) : NULL, ALIGN_RIGHT);
        }
        table_column_for_people(table, "95 %", ALIGN_RIGHT);
        (void)snprintf(key, sizeof(key), "verdict_%zu", i + 1);
        table_column(table, key, "Verdict", ALIGN_LEFT);
        (void)snprintf(key, sizeof(key), "why_%zu", i + 1);
        table_column(table, key, NULL, ALIGN_LEFT);
    }
}

/* ---- rows */

static double half_width(const struct evidence *evidence)
{
    return evidence->member_count >= 2 && evidence->stddev > 0 ? evidence->stddev : (double)NAN;
}

/* As in every table: "–" where there is no figure, "n/a" for what a figure does not tell of itself. */
static void put_side(const struct evidence *evidence, int decimals, struct table *table)
{
    const int64_t n = evidence->member_count > 0 ? (int64_t)evidence->member_count : evidence->runs;

    table_put_number(table, evidence->value, decimals, NULL);
    table_put_integer(table, n);
    if (n < 0 && isfinite(evidence->value))
        table_put_text(table, "n/a");
    else
        table_put_integer(table, n);
    table_put_text(table, evidence->basis != NULL ? evidence->basis : evidence->runs > 0 ? "runs, as stated" : NULL);
}

static void put_verdict(const struct verdict *verdict, struct table *table)
{
    char text[FIGURE_SIZE];

    table_put_number(table, verdict->ratio, 4, isfinite(verdict->ratio) ? figure_factor(text, verdict->ratio) : NULL);
    table_put_number(table, verdict->low, 4, NULL);
    table_put_number(table, verdict->high, 4, NULL);
    table_put_number(table, verdict->p, 4, NULL);
    table_put_number(table, verdict->q, 4, NULL);
    table_put_text(table, isfinite(verdict->low)     ? figure_factor_range(text, verdict->low, verdict->high)
                          : isfinite(verdict->ratio) ? "n/a"
                                                     : NULL);
    table_put_text(table, verdict_word(verdict->kind));
    table_put_text(table, verdict->why);
}

static void put_row(const struct side_rows *rows, const struct side_list *sides, const struct side_row *row,
                    struct table *table)
{
    int decimals = 0;

    table_row(table);
    for (size_t i = 0; i < rows->facet_count; i++)
        table_put_text(table, text_is_empty(row->facets[i]) ? NULL : row->facets[i]);
    put_metric_name(table, row->metric);
    table_put_text(table, text_is_empty(row->unit) ? NULL : row->unit);
    for (size_t i = 0; i < sides->count; i++) {
        const int wanted = figure_decimals(row->evidence[i].value, half_width(&row->evidence[i]));

        decimals = wanted > decimals ? wanted : decimals;
    }
    for (size_t i = 0; i < sides->count; i++)
        put_side(&row->evidence[i], decimals, table);
    for (size_t i = 1; i < sides->count; i++)
        put_verdict(&row->verdicts[i], table);
}

/* ---- lines below */

double side_geometric_mean(const struct side_rows *rows, size_t side, const char *metric, size_t *ret_count)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < rows->row_count; i++) {
        const double ratio = rows->rows[i].verdicts[side].ratio;

        if (!text_equal(rows->rows[i].metric, metric) || !(ratio > 0 && isfinite(ratio)))
            continue;
        sum += log(ratio);
        count++;
    }
    *ret_count = count;
    return count >= 2 ? exp(sum / (double)count) : (double)NAN;
}

static void add_means(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    for (size_t i = 0; i < rows->row_count; i++) {
        bool told = false;

        for (size_t j = 0; j < i; j++)
            told = told || text_equal(rows->rows[i].metric, rows->rows[j].metric);
        for (size_t side = 1; side < sides->count && !told; side++) {
            autobuf struct buf line = BUF(4096);
            char factor[FIGURE_SIZE];
            size_t count = 0;
            const double mean = side_geometric_mean(rows, side, rows->rows[i].metric, &count);

            if (isnan(mean))
                continue;
            buf_addf(&line, "%s of %s: geometric mean %s over the %zu rows that both sides have; not tested.",
                     catalog_metric_title(rows->rows[i].metric), sides->items[side].label, figure_factor(factor, mean),
                     count);
            table_note(table, buf_text(&line));
        }
    }
}

/* Which letter stands for what. */
static void add_names(const struct side_list *sides, struct table *table)
{
    for (size_t i = 0; i < sides->count; i++) {
        autobuf struct buf line = BUF(8192);

        buf_addf(&line, "%s: %s", sides->items[i].label, sides->items[i].name);
        if (!text_equal(sides->items[i].label, sides->items[i].name))
            table_note(table, buf_text(&line));
    }
}

void side_table_compared(const struct side_rows *rows, size_t sides, struct table *table)
{
    for (size_t i = 0; i < rows->compared_count; i++) {
        autobuf struct buf line = BUF(8192);

        buf_addf(&line, "The sides differ in %s: ", rows->compared[i]);
        side_rows_say_compared(rows, i, sides, &line);
        buf_adds(&line, ".");
        table_note(table, buf_text(&line));
    }
}

/* All figures that both have; of single submissions, because a median of several says nothing about one. */
static bool look_sent_twice(const struct side_rows *rows, size_t side)
{
    struct likeness likeness = {0, 0, 0};

    for (size_t i = 0; i < rows->row_count; i++) {
        const struct evidence *base = &rows->rows[i].evidence[0], *other = &rows->rows[i].evidence[side];

        if (base->submissions == 1 && other->submissions == 1)
            likeness_add(&likeness, rows->rows[i].unit, base->value, other->value);
    }
    return likeness_is_suspect(&likeness);
}

void side_table_same(const struct result_set *set, const struct side_rows *rows, const struct side_list *sides,
                     struct table *table)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};

    for (size_t side = 1; side < sides->count; side++) {
        const enum sides_overlap overlap = sides_overlap(set, &sides->items[0], &sides->items[side], &arena);
        const char *base = sides->items[0].label, *other = sides->items[side].label;
        autobuf struct buf line = BUF(8192);

        if (overlap == SIDES_EQUAL)
            buf_addf(&line, "%s and %s are the same runs: a comparison with itself shows nothing.", base, other);
        else if (overlap == SIDES_OVERLAP)
            buf_addf(&line, "Some runs stand in both %s and %s.", base, other);
        else if (look_sent_twice(rows, side))
            buf_addf(&line, "Times and rates of %s and %s are equal to rounding: perhaps one measurement sent twice.",
                     base, other);
        if (line.len > 0)
            table_note(table, buf_text(&line));
    }
}

static void add_pools(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    for (size_t side = 0; side < sides->count; side++)
        if (rows->pools[side] != NULL) {
            autobuf struct buf line = BUF(8192);

            buf_addf(
                &line,
                "%s pools runs that differ in %s: chip_variant=…, version=… or setup.NAME=… on the side takes one.",
                sides->items[side].label, rows->pools[side]);
            table_note(table, buf_text(&line));
        }
}

static void add_only(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    for (size_t side = 0; side < sides->count; side++)
        if (rows->only_on[side] > 0) {
            autobuf struct buf line = BUF(4096);

            buf_addf(&line, "Only %s has %zu more %s; not compared.", sides->items[side].label, rows->only_on[side],
                     rows->only_on[side] == 1 ? "figure" : "figures");
            table_note(table, buf_text(&line));
        }
}

/* How many verdicts and rows a line below has to speak of. */
struct reasons {
    size_t untested, flagged, one_device, other;
    const char *why; /* of the first that was not tested */
};

static void count_reasons(const struct side_row *row, size_t side, struct reasons *reasons)
{
    const struct verdict *verdict = &row->verdicts[side];
    const bool claimed = verdict->kind == VERDICT_BETTER || verdict->kind == VERDICT_WORSE;

    if (verdict->kind == VERDICT_UNTESTED && reasons->why == NULL)
        reasons->why = verdict->why;
    reasons->other += verdict->kind == VERDICT_OTHER ? 1 : 0;
    reasons->untested += verdict->kind == VERDICT_UNTESTED ? 1 : 0;
    reasons->one_device += claimed && verdict->one_device ? 1 : 0;
    reasons->flagged += row->evidence[side].flagged > 0 || row->evidence[0].flagged > 0 ? 1 : 0;
}

static void add_reasons(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    struct reasons reasons = {.why = NULL};
    autobuf struct buf line = BUF(1024);

    for (size_t i = 0; i < rows->row_count; i++)
        for (size_t side = 1; side < sides->count; side++)
            count_reasons(&rows->rows[i], side, &reasons);
    if (reasons.other > 0)
        table_note(table,
                   "The quality hashes of the sides differ: the runs put out different things, so their speeds are "
                   "not comparable.");
    if (reasons.untested > 0) {
        buf_addf(&line, "%zu not tested: %s. A verdict needs at least %d values on each side.", reasons.untested,
                 reasons.why != NULL ? reasons.why : "too few values", VERDICT_LEAST);
        table_note(table, buf_text(&line));
    }
    if (reasons.one_device > 0)
        table_note(table, "A side is one device: its verdicts are about that device, not about others of its kind.");
    buf_reset(&line);
    if (reasons.flagged > 0) {
        buf_addf(&line, "%zu %s figures with flags: crosschip-analyze audit names them.", reasons.flagged,
                 reasons.flagged == 1 ? "row rests on" : "rows rest on");
        table_note(table, buf_text(&line));
    }
}

static void add_expectations(const struct side_rows *rows, const struct side_list *sides, struct table *table)
{
    for (size_t i = 0; i < rows->row_count; i++)
        for (size_t side = 1; side < sides->count; side++) {
            autobuf struct buf line = BUF(4096);

            if (expectation_say(rows, side, &rows->rows[i], &line))
                table_note(table, buf_text(&line));
        }
}

int side_table(const struct result_set *set, const struct side_rows *rows, const struct side_list *sides,
               struct table *ret, struct err *err)
{
    autobuf struct buf caption = BUF(65536);

    add_caption(rows, sides, &caption);
    table_init(ret, buf_text(&caption));
    add_columns(rows, sides, ret);
    for (size_t i = 0; i < rows->row_count; i++)
        put_row(rows, sides, &rows->rows[i], ret);
    add_names(sides, ret);
    table_note(ret, "Factors greater than 1 are better, where the metric says which way is better.");
    side_table_same(set, rows, sides, ret);
    side_table_compared(rows, sides->count, ret);
    add_pools(rows, sides, ret);
    add_only(rows, sides, ret);
    add_means(rows, sides, ret);
    add_reasons(rows, sides, ret);
    add_expectations(rows, sides, ret);
    const int status = left_out_of_sides(set, sides, ret, err);

    return status < 0 ? status : table_check(ret, err);
}
