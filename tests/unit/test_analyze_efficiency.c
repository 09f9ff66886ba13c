/* What chips give for their price, against R (tests/reference). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/prices.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/read/csv.h"
#include "tests/unit/analyze_sample.h"

#define REFERENCE "tests/reference/stats.csv"

enum { CHIPS = 12 };
static const char *const chips[CHIPS] = {"Apple M1", "Apple M1 Pro", "Apple M1 Max", "Apple M1 Ultra",
                                         "Apple M2", "Apple M2 Pro", "Apple M2 Max", "Apple M2 Ultra",
                                         "Apple M3", "Apple M3 Pro", "Apple M3 Max", "Apple M3 Ultra"};

static size_t numbers_of(struct str text, double numbers[2 * CHIPS])
{
    struct str number;
    size_t count = 0;

    while (text.len > 0 && str_next_field(&text, ' ', &number)) {
        assert_true(count < 2 * CHIPS);
        numbers[count++] = strtod(number.data, NULL);
    }
    return count;
}

static size_t column_of(const struct table *table, const char *ending)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].key != NULL && strlen(table->columns[i].key) >= strlen(ending) &&
            strcmp(table->columns[i].key + strlen(table->columns[i].key) - strlen(ending), ending) == 0)
            return i;
    fail_msg("no column ends in %s", ending);
    return 0;
}

/* Chip number `chip` of the case, in a table that stands by value. */
static size_t row_of(const struct table *table, const char *chip)
{
    for (size_t i = 0; i < table->row_count; i++)
        if (strcmp(table_at(table, i, column_of(table, "chip"))->text, strstr(chip, "M")) == 0)
            return i;
    fail_msg("no row of %s", chip);
    return 0;
}

static void compare(const struct table *table, const double *expected, size_t count, double tolerance)
{
    const size_t ratio = column_of(table, "_per_1000_of_price"), frontier = column_of(table, "frontier_by_price");

    assert_int_equal(table->row_count, count);
    for (size_t i = 0; i < count; i++) {
        const size_t row = row_of(table, chips[i]);
        const double is = table_at(table, row, ratio)->number;

        if (!(fabs(is - expected[i]) <= tolerance * expected[i]))
            fail_msg("%s gives %.17g, R %.17g", chips[i], is, expected[i]);
        assert_string_equal(table_at(table, row, frontier)->text, expected[count + i] > 0 ? "yes" : "no");
    }
}

static void has_note(const struct table *table, size_t count)
{
    char wanted[128];
    bool found = false;

    (void)snprintf(wanted, sizeof(wanted), "On the frontier by price, among %zu row", count);
    for (size_t i = 0; i < table->note_count; i++)
        found = found || strstr(table->notes[i], wanted) != NULL;
    assert_true(found);
}

static void run(const double *values, const double *costs, size_t count, const double *expected, double tolerance)
{
    static const struct comparison_filter all = {NULL, NULL, NULL, NULL};
    autoset struct result_set set = {.file_count = 0};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autotables struct table_list tables = {.count = 0};
    struct price prices[CHIPS];
    const struct price_list list = {prices, count, "EUR"};

    result_set_init(&set);
    for (size_t i = 0; i < count; i++) {
        sample_add(&set, &(struct sample){.id = chips[i],
                                          .chip = chips[i],
                                          .model = "some model",
                                          .metric = "generation_throughput",
                                          .unit = "tok/s",
                                          .direction = DIRECTION_HIGHER,
                                          .value = values[i]});
        prices[i] = (struct price){
            .chip = chips[i], .variant = "", .price = costs[i], .date = "2026-11-28", .source = "a shop"};
    }
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, &all, &comparisons, NULL), 0);
    assert_int_equal(efficiency_tables(&comparisons, &list, &tables, NULL), 0);
    assert_int_equal(tables.count, 1);
    compare(&tables.items[0], expected, count, tolerance);
    has_note(&tables.items[0], count);
}

static void frontier_and_ratios_are_those_of_r(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    autobuf struct buf text = BUF(BUF_MIB);
    struct csv_record record;
    size_t cases = 0;

    (void)state;
    assert_int_equal(file_read(REFERENCE, &text, NULL), 0);
    struct csv_reader reader = csv_reader(str_slice(buf_text(&text), text.len));

    while (csv_next(&reader, &arena, &record, NULL) == 1) {
        double values[2 * CHIPS], costs[2 * CHIPS], expected[2 * CHIPS];

        if (record.count != 5 || !str_equal(record.fields[0], STR("efficiency")))
            continue;
        const size_t count = numbers_of(record.fields[1], values);

        assert_true(count <= CHIPS && numbers_of(record.fields[2], costs) == count);
        assert_int_equal(numbers_of(record.fields[3], expected), 2 * count);
        run(values, costs, count, expected, strtod(record.fields[4].data, NULL));
        cases++;
    }
    assert_true(cases >= 4);
}

/* The tool stated the greatest power alone; a price is of a chip that nobody measured. */
static void what_is_missing_is_said(void **state)
{
    static const struct comparison_filter all = {NULL, NULL, NULL, NULL};
    autoset struct result_set set = {.file_count = 0};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autotables struct table_list tables = {.count = 0};
    struct price prices[] = {{.chip = "Foo Chip", .variant = "", .price = 1, .given = "Foo Chip", .line = 2},
                             {.chip = "Apple M1", .variant = "", .price = 1, .given = "m1", .line = 3}};
    struct err err;

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "a",
                                      .chip = "Apple M1",
                                      .metric = "generation_throughput",
                                      .unit = "tok/s",
                                      .direction = DIRECTION_HIGHER,
                                      .value = 9});
    sample_add(&set, &(struct sample){.id = "b",
                                      .chip = "Apple M1",
                                      .metric = "peak_power",
                                      .unit = "W",
                                      .direction = DIRECTION_LOWER,
                                      .value = 9});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_false(price_is_used(&prices[0], &set));
    assert_true(price_is_used(&prices[1], &set));
    assert_int_equal(comparison_build(&set, &all, &comparisons, NULL), 0);
    assert_int_equal(efficiency_tables(&comparisons, &(struct price_list){prices, 0, NULL}, &tables, &err),
                     -ERR_NOTHING);
    assert_non_null(strstr(err.hint, "peak power is not used: mean power is needed; --prices FILE"));
    assert_int_equal(efficiency_tables(&comparisons, &(struct price_list){prices, 1, "EUR"}, &tables, &err),
                     -ERR_NOTHING);
    assert_null(strstr(err.hint, "--prices"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frontier_and_ratios_are_those_of_r),
                                       cmocka_unit_test(what_is_missing_is_said)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
