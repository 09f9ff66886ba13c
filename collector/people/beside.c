#include "collector/people/beside.h"

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/nested.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/spread.h"

/* Columns of moderate_repeats.sql that are no text. */
enum { FIGURE_RUN = 0, FIGURE_VALUE = 6, FIGURE_SERIES = 8, FIGURE_DEVICE, FIGURE_CONTRIBUTOR };

/* What others have shown of one figure. */
struct beside {
    struct nested_value *values; /* of other contributors; room for all */
    double *repeats;             /* of the same device; room for all */
    size_t count, repeat_count;
};

static void beside_done(struct beside *beside)
{
    free(beside->values);
    free(beside->repeats);
}
#define autobeside cleanup(beside_done)

static bool same(const struct db_result *a, size_t row_a, int column_a, const struct db_result *b, size_t row_b,
                 int column_b)
{
    return memcmp(db_uuid(a, row_a, column_a), db_uuid(b, row_b, column_b), 16) == 0;
}

static bool is_nobody(const uint8_t *contributor)
{
    static const uint8_t nobody[16] = {0};
    return memcmp(contributor, nobody, sizeof nobody) == 0;
}

/* The rows are ordered: equal keys stand together, so a number for each will do. */
static void gather(struct beside *beside, const struct db_result *figures, size_t figure, const struct db_result *shown)
{
    size_t contributor = 0, device = 0;
    beside->count = beside->repeat_count = 0;
    for (size_t row = 0; row < db_rows(shown); row++) {
        contributor += row > 0 && !same(shown, row, 1, shown, row - 1, 1) ? 1 : 0;
        device += row > 0 && !same(shown, row, 2, shown, row - 1, 2) ? 1 : 0;
        if (!same(shown, row, 0, figures, figure, FIGURE_SERIES)) {
            continue;
        }
        if (same(shown, row, 2, figures, figure, FIGURE_DEVICE)) {
            beside->repeats[beside->repeat_count++] = db_float8(shown, row, 3);
        }
        if (!is_nobody(db_uuid(shown, row, 1)) && !same(shown, row, 1, figures, figure, FIGURE_CONTRIBUTOR)) {
            beside->values[beside->count++] = (struct nested_value){contributor, device, db_float8(shown, row, 3)};
        }
    }
}

/* Only positive values have logarithms. */
static int spread_of(double *values, size_t count, struct log_spread *ret, struct err *err)
{
    stats_sort(values, count);
    if (count == 0 || !(values[0] > 0)) {
        *ret = (struct log_spread){count, (double)NAN, (double)NAN};
        return 0;
    }
    return stats_log_spread(values, count, ret, err);
}

static int put_repeats(struct table *table, struct beside *beside, struct err *err)
{
    struct log_spread noise;
    stats_sort(beside->repeats, beside->repeat_count);
    const double median = stats_median(beside->repeats, beside->repeat_count);
    const int code = spread_of(beside->repeats, beside->repeat_count, &noise, err);
    table_put_integer(table, (int64_t)beside->repeat_count);
    table_put_number(table, median, 3, NULL);
    table_put_number(table, beside->repeat_count > 1 ? noise.scale * 100.0 : (double)NAN, 2, NULL);
    return code;
}

static int put_others(struct table *table, struct beside *beside, double value, struct err *err)
{
    struct nested_median median = {.value = (double)NAN};
    struct log_spread shown;
    int code = beside->count > 0 ? stats_nested_median(beside->values, beside->count, &median, err) : 0;
    autofree double *members = median.members;
    double only = median.value;
    if (code == 0) {
        code = median.contributors > 1 ? spread_of(members, median.member_count, &shown, err)
                                       : spread_of(&only, median.contributors, &shown, err);
    }
    if (code != 0) {
        return code;
    }
    table_put_integer(table, (int64_t)median.contributors);
    table_put_number(table, shown.centre, 3, NULL);
    table_put_number(table, shown.n > 1 ? shown.scale * 100.0 : (double)NAN, 2, NULL);
    table_put_number(table, value / shown.centre, 2, NULL);
    return 0;
}

static void add_columns(struct table *table)
{
    table_column(table, "run", "run", ALIGN_RIGHT);
    table_column(table, "chip", "chip", ALIGN_LEFT);
    table_column(table, "model", "model", ALIGN_LEFT);
    table_column(table, "task", "task", ALIGN_LEFT);
    table_column(table, "metric", "metric", ALIGN_LEFT);
    table_column(table, "value", "value", ALIGN_RIGHT);
    table_column(table, "unit", "unit", ALIGN_LEFT);
    table_column(table, "others", "repeats", ALIGN_RIGHT);
    table_column(table, "other_median", "their median", ALIGN_RIGHT);
    table_column(table, "other_spread_percent", "their noise %", ALIGN_RIGHT);
    table_column(table, "contributors", "others", ALIGN_RIGHT);
    table_column(table, "contributor_median", "their middle", ALIGN_RIGHT);
    table_column(table, "contributor_spread_percent", "their spread %", ALIGN_RIGHT);
    table_column(table, "times", "times", ALIGN_RIGHT);
    table_column(table, "flags", "flags", ALIGN_LEFT);
}

int beside_fill(struct table *table, const struct db_result *figures, const struct db_result *shown, struct err *err)
{
    autobeside struct beside beside = {.values = mem_zalloc(db_rows(shown) + 1, sizeof(struct nested_value)),
                                       .repeats = mem_zalloc(db_rows(shown) + 1, sizeof(double))};
    if (beside.values == NULL || beside.repeats == NULL) {
        return mem_error(err);
    }
    add_columns(table);
    for (size_t row = 0; row < db_rows(figures); row++) {
        const double value = db_float8(figures, row, FIGURE_VALUE);
        table_row(table);
        table_put_integer(table, db_int64(figures, row, FIGURE_RUN));
        for (int column = 1; column <= 4; column++) {
            table_put_text(table, db_text(figures, row, column));
        }
        table_put_number(table, value, 3, NULL);
        table_put_text(table, db_text(figures, row, 5));
        gather(&beside, figures, row, shown);
        int code = put_repeats(table, &beside, err);
        if (code == 0) {
            code = put_others(table, &beside, value, err);
        }
        if (code != 0) {
            return code;
        }
        table_put_text(table, db_text(figures, row, 7));
    }
    return table_check(table, err);
}
