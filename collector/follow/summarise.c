#include "collector/follow/summarise.h"

#include <math.h>
#include <string.h>

#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"
#include "schema/stats/figure.h"

#define ROWS_FIGURE                                                                                                    \
    "device_figure (cell_key, contributor_key, device_key, value, submissions, results, runs, flagged, least, "        \
    "greatest, newest)"

static const int64_t no_time = INT64_MIN;

/* What is added up over results, and over devices. */
struct evidence {
    int64_t submissions, results, runs, flagged; /* runs: COUNT_UNKNOWN when one does not say */
    double least, greatest;
    int64_t newest_us; /* no_time: not stated */
};

static struct evidence evidence_none(void)
{
    return (struct evidence){.least = (double)INFINITY, .greatest = -(double)INFINITY, .newest_us = no_time};
}

static void evidence_add(struct evidence *sum, const struct evidence *one)
{
    sum->submissions += one->submissions;
    sum->results += one->results;
    sum->runs = sum->runs < 0 || one->runs < 0 ? COUNT_UNKNOWN : sum->runs + one->runs;
    sum->flagged += one->flagged;
    sum->least = fmin(sum->least, one->least);
    sum->greatest = fmax(sum->greatest, one->greatest);
    sum->newest_us = one->newest_us > sum->newest_us ? one->newest_us : sum->newest_us;
}

static int64_t time_at(const struct db_result *rows, size_t row, int column)
{
    return db_is_null(rows, row, column) ? no_time : db_timestamptz(rows, row, column);
}

static void put_time(struct db_values *values, int64_t time_us)
{
    if (time_us == no_time) {
        db_put_null(values, DB_TIMESTAMPTZ);
    } else {
        db_put_timestamptz(values, time_us);
    }
}

static void put_runs(struct db_values *values, int64_t runs)
{
    if (runs < 0) {
        db_put_null(values, DB_INT64);
    } else {
        db_put_int64(values, runs);
    }
}

/* Equal in the first `columns` columns, which are uuids. */
static bool same(const struct db_result *rows, size_t a, size_t b, int columns)
{
    for (int column = 0; column < columns; column++) {
        if (memcmp(db_uuid(rows, a, column), db_uuid(rows, b, column), 16) != 0) {
            return false;
        }
    }
    return true;
}

static size_t end_of(const struct db_result *rows, size_t first, int columns)
{
    size_t end = first + 1;
    while (end < db_rows(rows) && same(rows, first, end, columns)) {
        end++;
    }
    return end;
}

static void put_column(struct db_values *values, const struct db_result *rows, int column)
{
    db_array_begin(values, DB_UUID);
    for (size_t row = 0; row < db_rows(rows); row++) {
        db_put_uuid(values, db_uuid(rows, row, column));
    }
    db_array_end(values);
}

static void put_keys(struct db_values *values, const struct db_result *taken)
{
    for (int column = 0; column <= 2; column++) {
        put_column(values, taken, column);
    }
}

/* One value a submission of rows [first, end), whose submission stands in `column` and whose value in the next. */
static size_t submission_values(const struct db_result *rows, size_t first, size_t end, int column,
                                struct nested_value *values, double *scratch)
{
    size_t made = 0;
    for (size_t row = first; row < end;) {
        size_t count = 0;
        const uint8_t *submission = db_uuid(rows, row, column);
        for (; row < end && memcmp(db_uuid(rows, row, column), submission, 16) == 0; row++) {
            scratch[count++] = db_float8(rows, row, column + 1);
        }
        values[made++] = (struct nested_value){0, 0, stats_submission_value(scratch, count)};
    }
    return made;
}

struct scratch {
    struct nested_value *values;
    double *numbers;
};

static void scratch_done(struct scratch *scratch)
{
    free(scratch->values);
    free(scratch->numbers);
}
#define autoscratch cleanup(scratch_done)

static int scratch_make(struct scratch *scratch, size_t count, struct err *err)
{
    *scratch =
        (struct scratch){mem_zalloc(count + 1, sizeof(struct nested_value)), mem_zalloc(count + 1, sizeof(double))};
    return scratch->values != NULL && scratch->numbers != NULL ? 0 : mem_error(err);
}

/* ---------------------------------------------------------------- figures of devices */

/* Rows [first, end) of summarise_observations.sql are of one device in one cell. */
static int put_figure(const struct db_result *rows, size_t first, size_t end, struct scratch *scratch,
                      struct db_values *into, struct err *err)
{
    struct evidence evidence = evidence_none();
    struct nested_figure figure;
    const size_t submissions = submission_values(rows, first, end, 3, scratch->values, scratch->numbers);
    const int code = stats_nested_figure(scratch->values, submissions, &figure, err);
    if (code != 0) {
        return code;
    }
    for (size_t row = first; row < end; row++) {
        const double value = db_float8(rows, row, 4);
        const struct evidence one = {0,
                                     1,
                                     db_is_null(rows, row, 5) ? COUNT_UNKNOWN : db_int64(rows, row, 5),
                                     db_bool(rows, row, 6) ? 1 : 0,
                                     value,
                                     value,
                                     time_at(rows, row, 7)};
        evidence_add(&evidence, &one);
    }
    db_put_row(into, 11);
    for (int column = 0; column <= 2; column++) {
        db_put_uuid(into, db_uuid(rows, first, column));
    }
    db_put_float8(into, figure.value);
    db_put_int32(into, (int32_t)submissions);
    db_put_int32(into, (int32_t)evidence.results);
    put_runs(into, evidence.runs);
    db_put_int32(into, (int32_t)evidence.flagged);
    db_put_float8(into, evidence.least);
    db_put_float8(into, evidence.greatest);
    put_time(into, evidence.newest_us);
    return 0;
}

static int copy_figures(struct db *db, struct db_values *rows, struct err *err)
{
    if (rows->count == 0) {
        return 0;
    }
    int code = db_copy_begin(db, ROWS_FIGURE, err);
    if (code == 0) {
        code = db_copy_send(db, rows, err);
    }
    return code != 0 ? code : db_copy_end(db, NULL, err);
}

static int make_figures(struct db *db, const struct db_result *taken, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS), figures = DB_VALUES(DB_COPY_ROWS);
    autoresult struct db_result *rows = NULL;
    autoscratch struct scratch scratch = {0};
    put_keys(&keys, taken);
    int code = db_query(db, statement("summarise_forget"), &keys, NULL, err);
    if (code == 0) {
        code = db_query(db, statement("summarise_observations"), &keys, &rows, err);
    }
    if (code == 0) {
        code = scratch_make(&scratch, db_rows(rows), err);
    }
    for (size_t first = 0; code == 0 && first < db_rows(rows);) {
        const size_t end = end_of(rows, first, 3);
        code = put_figure(rows, first, end, &scratch, &figures, err);
        first = end;
    }
    return code != 0 ? code : copy_figures(db, &figures, err);
}

/* ---------------------------------------------------------------- cells */

struct finished {
    uint8_t key[16];
    struct nested_figure figure;
    struct evidence evidence;
    double stddev;
    bool of_samples; /* the interval is that of the only result's samples */
};

struct finishing {
    struct db *db;
    struct finished *cells;
    size_t count;
    struct scratch scratch;
};

static void finishing_done(struct finishing *finishing)
{
    free(finishing->cells);
    scratch_done(&finishing->scratch);
}
#define autofinishing cleanup(finishing_done)

/* Rows [first, end) of summarise_devices.sql are of one cell; the ranks of keys are numbers that differ. */
static int finish_cell(struct finishing *finishing, const struct db_result *rows, size_t first, size_t end,
                       struct err *err)
{
    struct finished *cell = &finishing->cells[finishing->count++];
    size_t contributor = 0;
    *cell = (struct finished){.evidence = evidence_none(), .stddev = (double)NAN};
    memcpy(cell->key, db_uuid(rows, first, 0), sizeof cell->key);
    for (size_t row = first; row < end; row++) {
        contributor += row > first && memcmp(db_uuid(rows, row, 1), db_uuid(rows, row - 1, 1), 16) != 0 ? 1 : 0;
        finishing->scratch.values[row - first] = (struct nested_value){contributor, row, db_float8(rows, row, 3)};
        const struct evidence one = {db_int64(rows, row, 4),
                                     db_int64(rows, row, 5),
                                     db_is_null(rows, row, 6) ? COUNT_UNKNOWN : db_int64(rows, row, 6),
                                     db_int64(rows, row, 7),
                                     db_float8(rows, row, 8),
                                     db_float8(rows, row, 9),
                                     time_at(rows, row, 10)};
        evidence_add(&cell->evidence, &one);
    }
    return stats_nested_figure(finishing->scratch.values, end - first, &cell->figure, err);
}

static struct finished *find_cell(struct finishing *finishing, const uint8_t *key)
{
    for (size_t i = 0; i < finishing->count; i++) {
        if (memcmp(finishing->cells[i].key, key, 16) == 0) {
            return &finishing->cells[i];
        }
    }
    return NULL;
}

static bool has_one_device(const struct finished *cell)
{
    return cell->figure.devices == 1 && cell->evidence.submissions > 1;
}

static bool has_one_result(const struct finished *cell)
{
    return cell->evidence.results == 1;
}

/* The rows of a statement about the cells that `which` chooses; NULL when there are none. */
static int query_some(struct finishing *finishing, const char *sql, bool (*which)(const struct finished *),
                      struct db_result **ret, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS);
    size_t count = 0;
    db_array_begin(&keys, DB_UUID);
    for (size_t i = 0; i < finishing->count; i++) {
        if (which(&finishing->cells[i])) {
            db_put_uuid(&keys, finishing->cells[i].key);
            count++;
        }
    }
    db_array_end(&keys);
    *ret = NULL;
    return count > 0 ? db_query(finishing->db, statement(sql), &keys, ret, err) : 0;
}

/* Where one device is all there is, its submissions are the members. */
static int finish_one_device(struct finishing *finishing, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    autoscratch struct scratch scratch = {0};
    int code = query_some(finishing, "summarise_values", has_one_device, &rows, err);
    if (code != 0 || rows == NULL) {
        return code;
    }
    code = scratch_make(&scratch, db_rows(rows), err);
    for (size_t first = 0; code == 0 && first < db_rows(rows);) {
        const size_t end = end_of(rows, first, 1);
        struct finished *cell = find_cell(finishing, db_uuid(rows, first, 0));
        const size_t count = submission_values(rows, first, end, 1, scratch.values, scratch.numbers);
        if (cell != NULL) {
            code = stats_nested_figure(scratch.values, count, &cell->figure, err);
        }
        first = end;
    }
    return code;
}

/* Where one result is all there is, its samples are. */
static int finish_one_result(struct finishing *finishing, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    int code = query_some(finishing, "summarise_single", has_one_result, &rows, err);
    for (size_t row = 0; code == 0 && rows != NULL && row < db_rows(rows); row++) {
        struct finished *cell = find_cell(finishing, db_uuid(rows, row, 0));
        const size_t count = db_array_length(rows, row, 2);
        autofree double *samples = mem_zalloc(count + 1, sizeof *samples);
        if (samples == NULL) {
            return mem_error(err);
        }
        if (count > 0) {
            db_array_float8s(rows, row, 2, samples);
        }
        if (cell != NULL) {
            cell->stddev = db_float8(rows, row, 1);
            cell->of_samples = stats_sample_interval(samples, count, &cell->figure.interval);
            cell->figure.has_interval = cell->of_samples;
        }
    }
    return code;
}

/* ---- how they are written */

static const char *interval_word(const struct finished *cell)
{
    static const char *const words[] = {[NESTED_NONE] = NULL,
                                        [NESTED_SUBMISSIONS] = "submissions",
                                        [NESTED_DEVICES] = "devices",
                                        [NESTED_CONTRIBUTORS] = "contributors"};
    if (!cell->figure.has_interval) {
        return NULL;
    }
    return cell->of_samples ? "samples" : words[cell->figure.level];
}

static double interval_part(const struct finished *cell, double part)
{
    return cell->figure.has_interval ? part : (double)NAN;
}

enum { NUMBERS = 4, MORE_NUMBERS = 3, COUNTS = 5 };

static void put_numbers(struct db_values *values, const struct finishing *finishing, bool more)
{
    for (int which = 0; which < (more ? MORE_NUMBERS : NUMBERS); which++) {
        db_array_begin(values, DB_FLOAT8);
        for (size_t i = 0; i < finishing->count; i++) {
            const struct finished *cell = &finishing->cells[i];
            const double numbers[NUMBERS] = {cell->figure.value, interval_part(cell, cell->figure.interval.low),
                                             interval_part(cell, cell->figure.interval.high),
                                             interval_part(cell, cell->figure.interval.coverage)};
            const double more_numbers[MORE_NUMBERS] = {cell->evidence.least, cell->evidence.greatest, cell->stddev};
            db_put_number(values, more ? more_numbers[which] : numbers[which]);
        }
        db_array_end(values);
    }
}

static void put_counts(struct db_values *values, const struct finishing *finishing)
{
    for (int which = 0; which < COUNTS; which++) {
        db_array_begin(values, DB_INT64);
        for (size_t i = 0; i < finishing->count; i++) {
            const struct finished *cell = &finishing->cells[i];
            const int64_t counts[COUNTS] = {cell->evidence.runs, cell->evidence.submissions,
                                            (int64_t)cell->figure.devices, (int64_t)cell->figure.contributors,
                                            cell->evidence.flagged};
            put_runs(values, counts[which]);
        }
        db_array_end(values);
    }
}

/* The parameters of summarise_write.sql; `taken` names the cells that were looked at, in their order. */
static void put_cells(struct db_values *values, struct finishing *finishing, const struct db_result *taken)
{
    db_array_begin(values, DB_UUID);
    for (size_t i = 0; i < finishing->count; i++) {
        db_put_uuid(values, finishing->cells[i].key);
    }
    db_array_end(values);
    put_numbers(values, finishing, false);
    db_array_begin(values, DB_TEXT);
    for (size_t i = 0; i < finishing->count; i++) {
        db_put_text(values, interval_word(&finishing->cells[i]));
    }
    db_array_end(values);
    put_numbers(values, finishing, true);
    put_counts(values, finishing);
    db_array_begin(values, DB_TIMESTAMPTZ);
    for (size_t i = 0; i < finishing->count; i++) {
        put_time(values, finishing->cells[i].evidence.newest_us);
    }
    db_array_end(values);
    db_array_begin(values, DB_UUID);
    for (size_t row = 0; row < db_rows(taken); row++) {
        if (find_cell(finishing, db_uuid(taken, row, 0)) == NULL) {
            db_put_uuid(values, db_uuid(taken, row, 0));
        }
    }
    db_array_end(values);
}

static int make_cells(struct db *db, const struct db_result *taken, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS), values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    autofinishing struct finishing finishing = {.db = db};
    put_column(&keys, taken, 0);
    int code = db_query(db, statement("summarise_devices"), &keys, &rows, err);
    if (code == 0) {
        code = scratch_make(&finishing.scratch, db_rows(rows), err);
    }
    if (code == 0) {
        finishing.cells = mem_zalloc(db_rows(taken) + 1, sizeof *finishing.cells);
        code = finishing.cells != NULL ? 0 : mem_error(err);
    }
    for (size_t first = 0; code == 0 && first < db_rows(rows);) {
        const size_t end = end_of(rows, first, 1);
        code = finish_cell(&finishing, rows, first, end, err);
        first = end;
    }
    if (code == 0) {
        code = finish_one_device(&finishing, err);
    }
    if (code == 0) {
        code = finish_one_result(&finishing, err);
    }
    put_cells(&values, &finishing, taken);
    return code != 0 ? code : db_query(db, statement("summarise_write"), &values, NULL, err);
}

/* ---------------------------------------------------------------- rounds */

int summarise_some(struct db *db, size_t *ret_taken, struct err *err)
{
    autovalues struct db_values most = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *taken = NULL;
    db_put_int32(&most, SUMMARISE_MOST);
    int code = db_query(db, statement("summarise_take"), &most, &taken, err);
    *ret_taken = code == 0 ? db_rows(taken) : 0;
    if (code != 0 || *ret_taken == 0) {
        return code;
    }
    code = make_figures(db, taken, err);
    return code != 0 ? code : make_cells(db, taken, err);
}

int summarise_round(struct db *db, struct piece *ret, struct err *err)
{
    struct piece observed = {0};
    size_t taken = 0;
    *ret = (struct piece){0};
    int code = piece_begin(db, FOLLOWER_SUMMARISE, FOLLOWER_OBSERVE, UINT64_MAX, ret, err);
    if (code == 0 && !ret->held) {
        code = piece_hold(db, FOLLOWER_OBSERVE, &observed, err);
        ret->held = observed.held;
    }
    if (code == 0 && !ret->held) {
        code = summarise_some(db, &taken, err);
    }
    if (taken == SUMMARISE_MOST) { /* more may wait: the place stays */
        ret->behind = ret->end - ret->first + 1;
        ret->end = ret->first;
    }
    if (code == 0 && !ret->held && (ret->end > ret->first || taken > 0)) {
        code = piece_commit(db, FOLLOWER_SUMMARISE, ret, err);
    }
    db_rollback(db); /* of what was not committed */
    return code;
}

int summarise_lag(struct db *db, uint64_t *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    const int code = db_query(db, statement("summarise_lag"), NULL, &row, err);
    if (code == 0) {
        *ret = db_rows(row) == 1 ? (uint64_t)db_int64(row, 0, 0) : 0;
    }
    return code;
}
