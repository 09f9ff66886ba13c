#include "tests/db/cells_sample.h"

#include <math.h>
#include <string.h>

#include "analyze/data/comparison.h"
#include "analyze/data/from_database.h"
#include "collector/follow/rebuild.h"
#include "schema/bundle/cell.h"

static struct db_result *read_cell(struct db *db, const struct comparison *comparison, const struct comparison_row *row,
                                   const struct comparison_metric *metric)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct db_result *ret = NULL;
    struct bundle_key key;
    struct err err;
    const struct cell cell = {.tool = comparison->tool,
                              .model = comparison->model,
                              .quantization = comparison->quantization,
                              .backend = row->backend,
                              .mode = comparison->mode,
                              .task = comparison->task,
                              .category = comparison->category,
                              .parameters = comparison->parameters,
                              .variant = comparison->variant,
                              .chip = row->chip,
                              .chip_variant = row->variant,
                              .chip_count = row->chip_count,
                              .metric = metric->name,
                              .unit = metric->unit};
    harness_ok(cell_key(&cell, &key, &err), &err);
    db_put_uuid(&values, key.bytes);
    harness_ok(db_query(db,
                        "select value, low, high, coverage, least, greatest, stddev, runs, submissions, devices, "
                        "contributors, flagged, interval_of from cell where cell_key = $1::uuid",
                        &values, &ret, &err),
               &err);
    return ret;
}

static void expect_bits(double got, double wanted, const char *what)
{
    if (!(isnan(got) && isnan(wanted)) && memcmp(&got, &wanted, sizeof got) != 0) {
        fail_msg("%s: the cell says %.17g, analyze %.17g", what, got, wanted);
    }
}

static void expect_figure(const struct db_result *row, const struct figure *figure)
{
    static const char *const names[] = {"value", "low", "high", "coverage", "least", "greatest", "stddev"};
    const double numbers[] = {figure->value, figure->low,      figure->high,  figure->coverage,
                              figure->least, figure->greatest, figure->stddev};
    const int64_t counts[] = {(int64_t)figure->submissions, (int64_t)figure->devices, (int64_t)figure->contributors,
                              (int64_t)figure->flagged};
    assert_int_equal(db_rows(row), 1);
    for (int i = 0; i < (int)ARRAY_LENGTH(numbers); i++) {
        expect_bits(db_float8(row, 0, i), numbers[i], names[i]);
    }
    assert_int_equal(db_is_null(row, 0, 7) ? COUNT_UNKNOWN : db_int64(row, 0, 7), figure->runs);
    for (int i = 0; i < (int)ARRAY_LENGTH(counts); i++) {
        assert_int_equal(db_int64(row, 0, 8 + i), counts[i]);
    }
    assert_string_equal(db_is_null(row, 0, 12) ? "" : db_text(row, 0, 12),
                        figure->interval_of != NULL ? figure->interval_of : "");
}

static size_t compare_all(struct db *db, const struct comparison_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct comparison *comparison = &set->items[i];
        assert_int_equal(comparison->metrics_left_out, 0);
        for (size_t r = 0; r < comparison->row_count; r++) {
            for (size_t m = 0; m < comparison->metric_count; m++) {
                const struct figure *figure = &comparison->rows[r].figures[m];
                if (figure->result_count == 0) {
                    continue;
                }
                autoresult struct db_result *row =
                    read_cell(db, comparison, &comparison->rows[r], &comparison->metrics[m]);
                expect_figure(row, figure);
                count++;
            }
        }
    }
    return count;
}

size_t expect_cells_of_analyze(struct db *db)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    const struct database_source source = {.uri = harness_conninfo()};
    struct err err;
    result_set_init(&set);
    harness_ok(from_database(&set, &source, &err), &err);
    harness_ok(comparison_build(&set, NULL, &comparisons, &err), &err);
    const size_t count = compare_all(db, &comparisons);
    assert_int_equal(harness_number(db, "select count(*) from cell"), (int64_t)count);
    return count;
}

void expect_same_anew(struct db *db)
{
    const struct rebuild_options options = {.only_look = true};
    struct rebuild_figures figures;
    struct err err;
    harness_ok(rebuild_all(db, &options, &figures, &err), &err);
    assert_int_equal(figures.differing, 0);
    assert_int_equal(figures.cells, harness_number(db, "select count(*) from cell"));
}
