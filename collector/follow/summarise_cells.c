#include <math.h>
#include <string.h>

#include "collector/follow/summarise_parts.h"
#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"
#include "schema/stats/figure.h"

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
    /* of the last of them, while its rows come */
    struct nested_value *devices;
    size_t device_count, device_capacity;
    uint8_t contributor_key[16];
    /* of the one that has one device, while its rows come */
    struct finished *one;
    struct submissions submissions;
};

static void finishing_done(struct finishing *finishing)
{
    free(finishing->cells);
    free(finishing->devices);
    free(finishing->submissions.values);
}
#define autofinishing cleanup(finishing_done)

static int end_cell(struct finishing *finishing, struct err *err)
{
    const size_t devices = finishing->device_count;
    finishing->device_count = 0;
    return devices == 0
               ? 0
               : stats_nested_figure(finishing->devices, devices, &finishing->cells[finishing->count - 1].figure, err);
}

/* The ranks of keys are numbers that differ. */
static int add_device(struct finishing *finishing, const uint8_t *contributor_key, double value, struct err *err)
{
    size_t contributor = 0;
    const size_t count = finishing->device_count;
    if (mem_grow(&finishing->devices, &finishing->device_capacity, count + 1, sizeof *finishing->devices) < 0) {
        return mem_error(err);
    }
    if (count > 0) {
        const bool another = memcmp(finishing->contributor_key, contributor_key, 16) != 0;
        contributor = finishing->devices[count - 1].contributor + (another ? 1 : 0);
    }
    memcpy(finishing->contributor_key, contributor_key, sizeof finishing->contributor_key);
    finishing->devices[finishing->device_count++] = (struct nested_value){contributor, count, value};
    return 0;
}

/* A row of summarise_devices.sql. */
static int take_device(void *context, const struct db_result *row, struct err *err)
{
    struct finishing *finishing = context;
    const uint8_t *key = db_uuid(row, 0, 0);
    int code = 0;
    if (finishing->device_count == 0 || memcmp(finishing->cells[finishing->count - 1].key, key, 16) != 0) {
        code = end_cell(finishing, err);
        struct finished *cell = &finishing->cells[finishing->count++];
        *cell = (struct finished){.evidence = evidence_none(), .stddev = (double)NAN};
        memcpy(cell->key, key, sizeof cell->key);
    }
    const struct evidence one = {db_int64(row, 0, 4),      db_int64(row, 0, 5),  evidence_runs(row, 0, 6),
                                 db_int64(row, 0, 7),      db_float8(row, 0, 8), db_float8(row, 0, 9),
                                 evidence_time(row, 0, 10)};
    evidence_add(&finishing->cells[finishing->count - 1].evidence, &one);
    return code != 0 ? code : add_device(finishing, db_uuid(row, 0, 1), db_float8(row, 0, 3), err);
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

/* The keys of the cells that `which` chooses; false when there are none. */
static bool put_some(struct db_values *values, const struct finishing *finishing,
                     bool (*which)(const struct finished *))
{
    size_t count = 0;
    db_array_begin(values, DB_UUID);
    for (size_t i = 0; i < finishing->count; i++) {
        if (which(&finishing->cells[i])) {
            db_put_uuid(values, finishing->cells[i].key);
            count++;
        }
    }
    db_array_end(values);
    return count > 0;
}

static void end_one_device(struct finishing *finishing)
{
    submissions_close(&finishing->submissions);
    if (finishing->one != NULL && finishing->submissions.count > 0) {
        finishing->one->figure = stats_device_figure(finishing->submissions.values, finishing->submissions.count);
    }
    submissions_reset(&finishing->submissions);
}

/* A row of summarise_values.sql. */
static int take_value(void *context, const struct db_result *row, struct err *err)
{
    struct finishing *finishing = context;
    const uint8_t *key = db_uuid(row, 0, 0);
    if (finishing->one == NULL || memcmp(finishing->one->key, key, sizeof finishing->one->key) != 0) {
        end_one_device(finishing);
        finishing->one = find_cell(finishing, key);
    }
    return submissions_add(&finishing->submissions, db_uuid(row, 0, 1), db_float8(row, 0, 2), err);
}

/* Where one device is all there is, its submissions are the members. */
static int finish_one_device(struct finishing *finishing, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS);
    if (!put_some(&keys, finishing, has_one_device)) {
        return 0;
    }
    const int code = db_each(finishing->db, statement("summarise_values"), &keys, take_value, finishing, err);
    end_one_device(finishing);
    return code;
}

/* Where one result is all there is, its samples are. */
static int finish_one_result(struct finishing *finishing, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    if (!put_some(&keys, finishing, has_one_result)) {
        return 0;
    }
    const int code = db_query(finishing->db, statement("summarise_single"), &keys, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
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
            evidence_put_runs(values, counts[which]);
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
        evidence_put_time(values, finishing->cells[i].evidence.newest_us);
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

int summarise_cells(struct db *db, const struct db_result *taken, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS), values = DB_VALUES(DB_PARAMETERS);
    autofinishing struct finishing finishing = {.db = db};
    finishing.cells = mem_zalloc(db_rows(taken) + 1, sizeof *finishing.cells);
    if (finishing.cells == NULL) {
        return mem_error(err);
    }
    summarise_put_keys(&keys, taken, 0);
    int code = db_each(db, statement("summarise_devices"), &keys, take_device, &finishing, err);
    if (code == 0) {
        code = end_cell(&finishing, err);
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
