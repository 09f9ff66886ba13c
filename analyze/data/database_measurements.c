/* Measurements as results: their values, and their figures where these are asked for. */
#include <string.h>

#include "analyze/data/database_loading.h"
#include "analyze/data/grouping.h"
#include "analyze/data/statements.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

/* Columns of measurements.sql, and those that only measurement_details.sql has. */
enum {
    COLUMN_SUBMISSION,
    COLUMN_RUN,
    COLUMN_ORDINAL,
    COLUMN_METRIC,
    COLUMN_UNIT,
    COLUMN_DIRECTION,
    COLUMN_N,
    COLUMN_FLAGS,
    COLUMN_MEDIAN,
    COLUMN_MEAN,
    COLUMN_SAMPLES,
    COLUMN_STDDEV,
    COLUMN_STDDEV_KIND,
    COLUMN_MIN,
    COLUMN_MAX
};

static enum stddev_kind stddev_kind_of(const char *word)
{
    if (text_equal(word, "sample"))
        return STDDEV_SAMPLE;
    return text_equal(word, "population") ? STDDEV_POPULATION : STDDEV_UNKNOWN;
}

static enum direction direction_of(const char *word)
{
    if (text_equal(word, "higher"))
        return DIRECTION_HIGHER;
    return text_equal(word, "lower") ? DIRECTION_LOWER : DIRECTION_UNKNOWN;
}

static bool measure_is(const struct set_measure *measure, const struct db_row *row, enum direction direction)
{
    return measure->direction == direction && text_equal(measure->metric, row->fields[COLUMN_METRIC].data) &&
           text_equal(measure->unit, row->fields[COLUMN_UNIT].data);
}

/* Runs of one tool have the same metrics in the same order: the one after the last is mostly right. */
static const struct set_measure *measure_of(struct loading *loading, const struct db_row *row)
{
    struct result_set *set = loading->set;
    const enum direction direction = direction_of(row->fields[COLUMN_DIRECTION].data);

    for (size_t i = 1; i <= set->measure_count; i++) {
        const size_t at = (loading->measure + i) % set->measure_count;

        if (measure_is(set->measures[at], row, direction)) {
            loading->measure = at;
            return set->measures[at];
        }
    }
    loading->measure = set->measure_count;
    return result_set_measure(set, loading_text(loading, row, COLUMN_METRIC), loading_text(loading, row, COLUMN_UNIT),
                              direction);
}

/* The words of the run and of the measurement. */
static const char *flags_of(struct loading *loading, const struct result *result, const struct db_row *row)
{
    const char *own = loading_text(loading, row, COLUMN_FLAGS);
    autobuf struct buf both = BUF(1 << 16);

    if (text_is_empty(own) || text_is_empty(result->run->flags))
        return text_is_empty(own) ? result->run->flags : own;
    buf_addf(&both, "%s, %s", result->run->flags, own);
    return names_text(&loading->names, &loading->set->arena, buf_text(&both));
}

/* For values only, figures and samples are needed no longer than this row. */
static int take_figures(struct loading *loading, struct result *result, const struct db_row *row, struct err *err)
{
    struct result_set *set = loading->set;
    struct arena passing cleanup(arena_done) = {.blocks = NULL};
    struct arena *arena = loading->values_only ? &passing : &set->arena;
    const struct result_detail *none = result->detail;
    const size_t count = db_field_array_length(row, COLUMN_SAMPLES);
    struct result_detail brief = *none, *detail = loading->values_only ? &brief : result_set_add_detail(set);
    double *samples = count > 0 ? arena_alloc(arena, count, sizeof(*samples)) : NULL;

    if (detail == NULL || (count > 0 && samples == NULL))
        return mem_error(err);
    if (count > 0)
        db_field_array_float8s(row, COLUMN_SAMPLES, samples);
    detail->median = db_field_float8(row, COLUMN_MEDIAN);
    detail->mean = db_field_float8(row, COLUMN_MEAN);
    detail->samples = samples;
    detail->sample_count = (uint32_t)count;
    if (!loading->values_only) {
        detail->flags = flags_of(loading, result, row);
        detail->stddev = db_field_float8(row, COLUMN_STDDEV);
        detail->stddev_kind = stddev_kind_of(row->fields[COLUMN_STDDEV_KIND].data);
        detail->min = db_field_float8(row, COLUMN_MIN);
        detail->max = db_field_float8(row, COLUMN_MAX);
    }
    result_take_detail(result, detail,
                       row->fields[COLUMN_N].data != NULL ? db_field_int64(row, COLUMN_N) : COUNT_UNKNOWN, arena);
    if (loading->values_only)
        result->detail = none;
    return 0;
}

static int add_result(struct loading *loading, const struct db_row *row, struct err *err)
{
    const struct set_run *run = database_index_run(&loading->index, loading->set, db_field_uuid(row, COLUMN_SUBMISSION),
                                                   (uint32_t)db_field_int64(row, COLUMN_RUN));
    struct result *result = run != NULL ? result_set_add_result(loading->set, run) : NULL;

    if (run == NULL)
        return loading_wrong_row(err, "a measurement without its run");
    if (result == NULL)
        return mem_error(err);
    result->measure = measure_of(loading, row);
    if (result->measure == NULL)
        return mem_error(err);
    result->ordinal = (uint32_t)db_field_int64(row, COLUMN_ORDINAL) & RESULT_ORDINAL_MAX;
    result_set_flags(result, run->flags);
    if (row->fields[COLUMN_FLAGS].data != NULL)
        result_set_flags(result, row->fields[COLUMN_FLAGS].data);
    return take_figures(loading, result, row, err);
}

int loading_measurements(struct loading *loading, struct err *err)
{
    return loading_each_row(loading, loading->values_only ? "measurements.sql" : "measurement_details.sql", add_result,
                            err);
}

/* ---- the figures of those that are alone in their cell */

static int take_detail(struct result_set *set, struct result *result, const struct db_result *row, struct err *err)
{
    enum { AT, MEDIAN, MEAN, SAMPLES, STDDEV, STDDEV_KIND, MIN, MAX };
    struct result_detail *detail = result_set_add_detail(set);
    const size_t count = db_is_null(row, 0, SAMPLES) ? 0 : db_array_length(row, 0, SAMPLES);
    double *samples = count > 0 ? arena_alloc(&set->arena, count, sizeof(*samples)) : NULL;

    if (detail == NULL || (count > 0 && samples == NULL))
        return mem_error(err);
    if (count > 0)
        db_array_float8s(row, 0, SAMPLES, samples);
    detail->median = db_float8(row, 0, MEDIAN);
    detail->mean = db_float8(row, 0, MEAN);
    detail->samples = samples;
    detail->sample_count = (uint32_t)count;
    detail->stddev = db_float8(row, 0, STDDEV);
    detail->stddev_kind = stddev_kind_of(db_text(row, 0, STDDEV_KIND));
    detail->min = db_float8(row, 0, MIN);
    detail->max = db_float8(row, 0, MAX);
    result_take_detail(result, detail, result->n, &set->arena);
    return 0;
}

#define ASKED_AT_ONCE 10000

static int ask_details(struct loading *loading, const size_t *alone, size_t count, struct err *err)
{
    autovalues struct db_values wanted = DB_VALUES(DB_PARAMETERS);
    struct result_set *set = loading->set;
    const struct db_result *row = NULL;

    db_array_begin(&wanted, DB_UUID);
    for (size_t i = 0; i < count; i++)
        db_put_uuid(&wanted, database_index_key(&loading->index, set->results[alone[i]].run->submission));
    db_array_end(&wanted);
    db_array_begin(&wanted, DB_INT32);
    for (size_t i = 0; i < count; i++)
        db_put_int32(&wanted, (int32_t)set->results[alone[i]].ordinal);
    db_array_end(&wanted);
    int status = db_stream_begin(loading->db, analyze_statement("details_of.sql"), &wanted, err);

    while (status >= 0 && (status = db_stream_next(loading->db, &row, err)) > 0) {
        const size_t at = (size_t)db_int64(row, 0, 0) - 1;
        const int taken = at < count ? take_detail(set, &set->results[alone[at]], row, err) : 0;

        if (taken < 0) {
            db_stream_end(loading->db);
            return taken;
        }
    }
    return status;
}

int loading_details(struct loading *loading, struct err *err)
{
    autofree size_t *alone = NULL;
    size_t count = 0;
    int status = grouping_alone(loading->set, &alone, &count, err);

    for (size_t from = 0; from < count && status == 0; from += ASKED_AT_ONCE) {
        const size_t some = count - from < ASKED_AT_ONCE ? count - from : ASKED_AT_ONCE;

        status = ask_details(loading, alone + from, some, err);
    }
    return status;
}
