/* The figures of measurements. */
#include <string.h>

#include "analyze/data/database_loading.h"
#include "analyze/data/grouping.h"
#include "analyze/data/statements.h"
#include "schema/base/str.h"

static enum stddev_kind stddev_kind_of(const char *word)
{
    if (text_equal(word, "sample"))
        return STDDEV_SAMPLE;
    return text_equal(word, "population") ? STDDEV_POPULATION : STDDEV_UNKNOWN;
}

int measurement_figures(const struct db_row *row, size_t figures, bool brief, struct arena *arena,
                        struct result_detail *detail, struct err *err)
{
    enum { MEDIAN, MEAN, SAMPLES, STDDEV, STDDEV_KIND, MIN, MAX };
    const size_t count = db_field_array_length(row, figures + SAMPLES);
    double *samples = count > 0 ? arena_alloc(arena, count, sizeof(*samples)) : NULL;

    if (count > 0 && samples == NULL)
        return mem_error(err);
    if (count > 0)
        db_field_array_float8s(row, figures + SAMPLES, samples);
    detail->median = db_field_float8(row, figures + MEDIAN);
    detail->mean = db_field_float8(row, figures + MEAN);
    detail->samples = samples;
    detail->sample_count = (uint32_t)count;
    if (brief)
        return 0;
    detail->stddev = db_field_float8(row, figures + STDDEV);
    detail->stddev_kind = stddev_kind_of(row->fields[figures + STDDEV_KIND].data);
    detail->min = db_field_float8(row, figures + MIN);
    detail->max = db_field_float8(row, figures + MAX);
    return 0;
}

/* ---- of those that are alone in their cell */

static int take_detail(struct result_set *set, const size_t *alone, size_t count, const struct db_row *row,
                       struct err *err)
{
    enum { AT, FIGURES };
    const size_t at = (size_t)db_field_int64(row, AT) - 1;
    struct result_detail *detail = at < count ? result_set_add_detail(set) : NULL;

    if (at >= count)
        return 0;
    if (detail == NULL)
        return mem_error(err);
    const int status = measurement_figures(row, FIGURES, false, &set->arena, detail, err);

    if (status == 0)
        result_take_detail(&set->results[alone[at]], detail, set->results[alone[at]].n, &set->arena);
    return status;
}

#define ASKED_AT_ONCE 10000

static int ask_details(struct loading *loading, const size_t *alone, size_t count, struct err *err)
{
    autovalues struct db_values wanted = DB_VALUES(DB_PARAMETERS);
    struct result_set *set = loading->set;
    const struct db_result *found = NULL;
    struct db_row row;

    db_array_begin(&wanted, DB_UUID);
    for (size_t i = 0; i < count; i++)
        db_put_uuid(&wanted, database_index_key(&loading->index, set->results[alone[i]].run->submission));
    db_array_end(&wanted);
    db_array_begin(&wanted, DB_INT32);
    for (size_t i = 0; i < count; i++)
        db_put_int32(&wanted, (int32_t)set->results[alone[i]].ordinal);
    db_array_end(&wanted);
    int status = db_stream_begin(loading->db, analyze_statement("details_of.sql"), &wanted, err);

    while (status >= 0 && (status = db_stream_next(loading->db, &found, err)) > 0) {
        db_row_of(found, 0, &row);
        const int taken = take_detail(set, alone, count, &row, err);

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
