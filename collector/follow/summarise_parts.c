#include "collector/follow/summarise_parts.h"

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/bundle/types.h"
#include "schema/stats/figure.h"

static const int64_t no_time = INT64_MIN;

struct evidence evidence_none(void)
{
    return (struct evidence){.least = (double)INFINITY, .greatest = -(double)INFINITY, .newest_us = no_time};
}

void evidence_add(struct evidence *sum, const struct evidence *one)
{
    sum->submissions += one->submissions;
    sum->results += one->results;
    sum->runs = sum->runs < 0 || one->runs < 0 ? COUNT_UNKNOWN : sum->runs + one->runs;
    sum->flagged += one->flagged;
    sum->least = fmin(sum->least, one->least);
    sum->greatest = fmax(sum->greatest, one->greatest);
    sum->newest_us = one->newest_us > sum->newest_us ? one->newest_us : sum->newest_us;
}

int64_t evidence_runs(const struct db_result *rows, size_t row, int column)
{
    return db_is_null(rows, row, column) ? COUNT_UNKNOWN : db_int64(rows, row, column);
}

int64_t evidence_time(const struct db_result *rows, size_t row, int column)
{
    return db_is_null(rows, row, column) ? no_time : db_timestamptz(rows, row, column);
}

void evidence_put_time(struct db_values *values, int64_t time_us)
{
    if (time_us == no_time) {
        db_put_null(values, DB_TIMESTAMPTZ);
    } else {
        db_put_timestamptz(values, time_us);
    }
}

void evidence_put_runs(struct db_values *values, int64_t runs)
{
    if (runs < 0) {
        db_put_null(values, DB_INT64);
    } else {
        db_put_int64(values, runs);
    }
}

void submissions_close(struct submissions *submissions)
{
    if (submissions->end > submissions->count) {
        double *results = submissions->values + submissions->count;
        *results = stats_submission_value(results, submissions->end - submissions->count);
        submissions->end = ++submissions->count;
    }
}

void submissions_reset(struct submissions *submissions)
{
    submissions->count = submissions->end = 0;
}

int submissions_add(struct submissions *submissions, const uint8_t *submission, double value, struct err *err)
{
    if (memcmp(submissions->at_hand, submission, sizeof submissions->at_hand) != 0) {
        submissions_close(submissions);
        memcpy(submissions->at_hand, submission, sizeof submissions->at_hand);
    }
    if (mem_grow(&submissions->values, &submissions->capacity, submissions->end + 1, sizeof *submissions->values) < 0) {
        return mem_error(err);
    }
    submissions->values[submissions->end++] = value;
    return 0;
}

void summarise_put_keys(struct db_values *values, const struct db_result *taken, int column)
{
    db_array_begin(values, DB_UUID);
    for (size_t row = 0; row < db_rows(taken); row++) {
        db_put_uuid(values, db_uuid(taken, row, column));
    }
    db_array_end(values);
}
