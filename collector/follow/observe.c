#include "collector/follow/observe.h"

#include <math.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/bundle/cell.h"
#include "schema/checks/checks.h"
#include "schema/stats/figure.h"

#define ROWS_OBSERVATION                                                                                               \
    "observation (series_key, contributor_key, device_key, submission_id, ordinal, cell_key, ran_at, n, value, "       \
    "flagged)"

/* Columns of observe_runs.sql and observe_measurements.sql. */
enum {
    RUN_SUBMISSION,
    RUN_NO,
    RUN_DEVICE_KEY,
    RUN_CHIP,
    RUN_CHIP_COUNT,
    RUN_VARIANT,
    RUN_TOOL,
    RUN_WORKLOAD,
    RUN_DEVICE,
    RUN_AT,
    RUN_FLAGS
};
enum {
    MEASUREMENT_SUBMISSION,
    MEASUREMENT_RUN,
    MEASUREMENT_ORDINAL,
    MEASUREMENT_SERIES,
    MEASUREMENT_METRIC,
    MEASUREMENT_UNIT,
    MEASUREMENT_N,
    MEASUREMENT_MEAN,
    MEASUREMENT_MEDIAN,
    MEASUREMENT_SAMPLES,
    MEASUREMENT_FLAGS
};

/* The texts of cells that were met, as the parameters of observe_cell.sql. */
enum { CELL_TEXTS = 13, CELLS_AT_ONCE = 1000 };

/* Some submissions on their way into the table. */
struct observing {
    struct db *db;
    const struct cell_aliases *aliases;
    const uint8_t *contributor_key; /* of the submission at hand */
    size_t named;                   /* the run whose parts of the cell are set, + 1 */
    struct arena arena;
    struct db_values rows;
    struct cell cell; /* of the run at hand, then of the measurement */
    struct named_cell {
        struct bundle_key key;
        struct cell cell;
    } * cells;
    size_t count, capacity;
};

static void observing_done(struct observing *observing)
{
    arena_done(&observing->arena);
    db_values_done(&observing->rows);
    free(observing->cells);
}
#define autoobserving cleanup(observing_done)

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static bool same_text(const struct db_result *runs, size_t a, size_t b, int column)
{
    return str_equal(db_str(runs, a, column), db_str(runs, b, column));
}

/* Many runs, also of different submissions, are of one chip and differ in little else. */
static bool is_named_alike(const struct db_result *runs, size_t a, size_t b)
{
    static const int columns[] = {RUN_CHIP, RUN_VARIANT, RUN_TOOL, RUN_WORKLOAD, RUN_DEVICE};
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        if (!same_text(runs, a, b, columns[i])) {
            return false;
        }
    }
    return db_int64(runs, a, RUN_CHIP_COUNT) == db_int64(runs, b, RUN_CHIP_COUNT);
}

/* The part of the cell that is the same for all measurements of a run. */
static int name_run(struct observing *observing, const struct db_result *runs, size_t row, struct err *err)
{
    struct workload workload;
    struct device device;
    struct chip_match match;
    if (observing->named > 0 && is_named_alike(runs, row, observing->named - 1)) {
        return 0;
    }
    int code = workload_of_facts(&observing->arena, db_text(runs, row, RUN_WORKLOAD), &workload, err);
    if (code == 0) {
        code = device_of_facts(&observing->arena, db_text(runs, row, RUN_DEVICE), &device, err);
    }
    if (code != 0) {
        return code;
    }
    observing->named = row + 1;
    observing->cell = (struct cell){.tool = text_or_empty(db_text(runs, row, RUN_TOOL)),
                                    .variant = text_or_empty(db_text(runs, row, RUN_VARIANT))};
    cell_set_workload(&observing->arena, &workload, observing->aliases, &observing->cell);
    cell_set_chip(db_text(runs, row, RUN_CHIP), db_int64(runs, row, RUN_CHIP_COUNT), &device, observing->aliases,
                  &observing->cell, &match);
    return arena_check(&observing->arena, err);
}

/* Remembers the name of a cell once. */
static int note_cell(struct observing *observing, struct bundle_key key, struct err *err)
{
    for (size_t i = observing->count; i-- > 0 && observing->count - i < 64;) {
        if (memcmp(observing->cells[i].key.bytes, key.bytes, sizeof key.bytes) == 0) {
            return 0;
        }
    }
    if (mem_grow(&observing->cells, &observing->capacity, observing->count + 1, sizeof *observing->cells) < 0) {
        return mem_error(err);
    }
    observing->cells[observing->count++] = (struct named_cell){key, observing->cell};
    return 0;
}

static int chosen_value(const struct db_result *rows, size_t row, double *ret, int64_t *ret_n, struct err *err)
{
    const size_t count = db_array_length(rows, row, MEASUREMENT_SAMPLES);
    autofree double *samples = mem_zalloc(2 * count + 1, sizeof *samples);
    size_t finite = 0;
    if (samples == NULL) {
        return mem_error(err);
    }
    if (count > 0) {
        db_array_float8s(rows, row, MEASUREMENT_SAMPLES, samples);
    }
    *ret = stats_chosen_value(db_float8(rows, row, MEASUREMENT_MEDIAN), db_float8(rows, row, MEASUREMENT_MEAN), samples,
                              count, samples + count, &finite);
    *ret_n = db_is_null(rows, row, MEASUREMENT_N) ? COUNT_UNKNOWN : db_int64(rows, row, MEASUREMENT_N);
    if (*ret_n == COUNT_UNKNOWN && finite > 0) {
        *ret_n = (int64_t)finite;
    }
    return 0;
}

/* A flag says that the run failed, or its tool calls it invalid: it is shown, and counts nowhere. */
static bool is_void(const struct db_result *rows, size_t row, int column)
{
    char word[64];
    for (size_t i = 0; i < db_array_length(rows, row, column); i++) {
        str_copy(word, sizeof word, db_array_str(rows, row, column, i));
        if (check_flag_voids(word)) {
            return true;
        }
    }
    return false;
}

static int take_measurement(struct observing *observing, const struct db_result *runs, size_t run,
                            const struct db_result *rows, size_t row, struct err *err)
{
    struct db_values *into = &observing->rows;
    struct bundle_key key;
    double value;
    int64_t n;
    int code = chosen_value(rows, row, &value, &n, err);
    if (code != 0 || !isfinite(value) || observing->cell.chip[0] == '\0' || is_void(runs, run, RUN_FLAGS) ||
        is_void(rows, row, MEASUREMENT_FLAGS)) {
        return code;
    }
    observing->cell.metric = text_or_empty(db_text(rows, row, MEASUREMENT_METRIC));
    observing->cell.unit = text_or_empty(db_text(rows, row, MEASUREMENT_UNIT));
    code = cell_key(&observing->cell, &key, err);
    if (code == 0) {
        code = note_cell(observing, key, err);
    }
    if (code != 0) {
        return code;
    }
    db_put_row(into, 10);
    db_put_uuid(into, db_uuid(rows, row, MEASUREMENT_SERIES));
    db_put_uuid(into, observing->contributor_key);
    db_put_uuid(into, db_uuid(runs, run, RUN_DEVICE_KEY));
    db_put_uuid(into, db_uuid(rows, row, MEASUREMENT_SUBMISSION));
    db_put_int32(into, (int32_t)db_int64(rows, row, MEASUREMENT_ORDINAL));
    db_put_uuid(into, key.bytes);
    if (db_is_null(runs, run, RUN_AT)) {
        db_put_null(into, DB_TIMESTAMPTZ);
    } else {
        db_put_timestamptz(into, db_timestamptz(runs, run, RUN_AT));
    }
    db_put_count(into, n);
    db_put_float8(into, value);
    db_put_bool(into, db_array_length(runs, run, RUN_FLAGS) + db_array_length(rows, row, MEASUREMENT_FLAGS) > 0);
    return 0;
}

static bool is_of_run(const struct db_result *rows, size_t row, const struct db_result *runs, size_t run)
{
    return db_int64(rows, row, MEASUREMENT_RUN) == db_int64(runs, run, RUN_NO) &&
           memcmp(db_uuid(rows, row, MEASUREMENT_SUBMISSION), db_uuid(runs, run, RUN_SUBMISSION), 16) == 0;
}

/* `counts` names the submissions from `submission` on, in the order of the rows. */
static int take_rows(struct observing *observing, const struct db_result *counts, size_t submission,
                     const struct db_result *runs, const struct db_result *rows, struct err *err)
{
    size_t row = 0;
    int code = 0;
    for (size_t run = 0; code == 0 && run < db_rows(runs); run++) {
        while (memcmp(db_uuid(counts, submission, 0), db_uuid(runs, run, RUN_SUBMISSION), 16) != 0) {
            submission++;
        }
        observing->contributor_key = db_uuid(counts, submission, 1);
        code = name_run(observing, runs, run, err);
        for (; code == 0 && row < db_rows(rows) && is_of_run(rows, row, runs, run); row++) {
            code = take_measurement(observing, runs, run, rows, row, err);
        }
    }
    return code;
}

static const char *cell_text(const struct cell *cell, size_t which)
{
    const char *const texts[CELL_TEXTS] = {cell->tool,    cell->model, cell->quantization, cell->backend,
                                           cell->mode,    cell->task,  cell->category,     cell->parameters,
                                           cell->variant, cell->chip,  cell->chip_variant, cell->metric,
                                           cell->unit};
    return texts[which];
}

static int write_cells(struct observing *observing, size_t first, size_t end, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_array_begin(&values, DB_UUID);
    for (size_t i = first; i < end; i++) {
        db_put_uuid(&values, observing->cells[i].key.bytes);
    }
    db_array_end(&values);
    for (size_t which = 0; which < CELL_TEXTS; which++) {
        db_array_begin(&values, DB_TEXT);
        for (size_t i = first; i < end; i++) {
            db_put_text(&values, cell_text(&observing->cells[i].cell, which));
        }
        db_array_end(&values);
    }
    db_array_begin(&values, DB_INT64);
    for (size_t i = first; i < end; i++) {
        db_put_int64(&values, observing->cells[i].cell.chip_count);
    }
    db_array_end(&values);
    return db_query(observing->db, statement("observe_cell"), &values, NULL, err);
}

static int write_all(struct observing *observing, struct err *err)
{
    int code = 0;
    for (size_t first = 0; code == 0 && first < observing->count; first += CELLS_AT_ONCE) {
        const size_t left = observing->count - first;
        code = write_cells(observing, first, first + (left < CELLS_AT_ONCE ? left : CELLS_AT_ONCE), err);
    }
    if (code == 0 && observing->rows.count > 0) {
        code = db_copy_begin(observing->db, ROWS_OBSERVATION, err);
        if (code == 0) {
            code = db_copy_send(observing->db, &observing->rows, err);
        }
        if (code == 0) {
            code = db_copy_end(observing->db, NULL, err);
        }
    }
    return code;
}

/* Submissions [first, end) of those that count. */
static int take_group(struct db *db, const struct cell_aliases *aliases, const struct db_result *counts, size_t first,
                      size_t end, struct err *err)
{
    autoobserving struct observing observing = {.db = db, .aliases = aliases, .rows = DB_VALUES(DB_COPY_ROWS)};
    autovalues struct db_values ids = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *runs = NULL, *rows = NULL;
    db_array_begin(&ids, DB_UUID);
    for (size_t row = first; row < end; row++) {
        db_put_uuid(&ids, db_uuid(counts, row, 0));
    }
    db_array_end(&ids);
    int code = db_query(db, statement("observe_runs"), &ids, &runs, err);
    if (code == 0) {
        code = db_query(db, statement("observe_measurements"), &ids, &rows, err);
    }
    if (code == 0) {
        code = take_rows(&observing, counts, first, runs, rows, err);
    }
    return code != 0 ? code : write_all(&observing, err);
}

/* Of one kind, in the order of names; the texts live as long as the rows. */
static struct catalog_aliases aliases_of(const struct db_result *rows, const char *kind, struct catalog_alias *room)
{
    size_t count = 0;
    for (size_t row = 0; row < db_rows(rows); row++) {
        if (text_equal(db_text(rows, row, 0), kind)) {
            room[count++] = (struct catalog_alias){db_text(rows, row, 1), db_text(rows, row, 2), db_text(rows, row, 3)};
        }
    }
    return (struct catalog_aliases){room, count};
}

static int take_all(struct db *db, const struct db_result *counts, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    int code = db_query(db, statement("observe_aliases"), NULL, &rows, err);
    autofree struct catalog_alias *room = mem_zalloc(2 * (code == 0 ? db_rows(rows) : 0) + 1, sizeof *room);
    if (code != 0 || room == NULL) {
        return code != 0 ? code : mem_error(err);
    }
    const struct cell_aliases aliases = {aliases_of(rows, "chip", room),
                                         aliases_of(rows, "model", room + db_rows(rows))};
    for (size_t first = 0; code == 0 && first < db_rows(counts);) {
        const size_t end = piece_group(counts, first, 2);
        code = take_group(db, &aliases, counts, first, end, err);
        first = end;
    }
    return code;
}

/* ---------------------------------------------------------------- pieces */

static int run_touched(struct db *db, const char *sql, const struct db_result *touched, struct db_result **ret,
                       struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_array_begin(&values, DB_UUID);
    for (size_t i = 0; i < db_array_length(touched, 0, 0); i++) {
        const void *id = db_array_str(touched, 0, 0, i).data;
        db_put_uuid(&values, id);
    }
    db_array_end(&values);
    return db_query(db, statement(sql), &values, ret, err);
}

/* `touched` holds the ids; what they had goes, what counts of them comes. */
static int observe_touched(struct db *db, const struct db_result *touched, struct err *err)
{
    static const char *const before[] = {"observe_names", "observe_dirty", "observe_forget"}, *const after[] = {
                                                                                                  "observe_dirty",
                                                                                                  "observe_notice"};
    autoresult struct db_result *counts = NULL;
    int code = 0;
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(before); i++) {
        code = run_touched(db, before[i], touched, NULL, err);
    }
    if (code == 0) {
        code = run_touched(db, "observe_counts", touched, &counts, err);
    }
    if (code == 0) {
        code = take_all(db, counts, err);
    }
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(after); i++) {
        code = run_touched(db, after[i], touched, NULL, err);
    }
    return code;
}

int observe_piece(struct db *db, const struct piece *piece, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *touched = NULL;
    piece_put(&values, piece);
    int code = judge_note_originals(db, piece, err); /* by itself as well: so all of it can be made anew */
    if (code == 0) {
        code = db_query(db, statement("observe_touched"), &values, &touched, err);
    }
    return code != 0 ? code : observe_touched(db, touched, err);
}

/* An alias and the series that it renames are written together; one that is on its way is waited for. */
static int spread_renamed(struct db *db, bool *ret_any, struct err *err)
{
    autoresult struct db_result *row = NULL;
    int code = db_query(db, statement("observe_renamed"), NULL, &row, err);
    *ret_any = code == 0 && db_int64(row, 0, 0) > 0;
    if (!*ret_any) {
        return code;
    }
    code = db_exec(db, "lock table alias_decision in share mode", err);
    return code != 0 ? code : db_query(db, statement("observe_spread"), NULL, NULL, err);
}

/* *ret_any: something was done, be it that series were renamed in which nothing was observed. */
static int observe_again(struct db *db, size_t *ret_count, bool *ret_any, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *touched = NULL;
    db_put_int32(&values, FOLLOW_PIECE_MOST);
    int code = spread_renamed(db, ret_any, err);
    if (code == 0) {
        code = db_query(db, statement("observe_again"), &values, &touched, err);
    }
    *ret_count = code == 0 ? (size_t)db_int64(touched, 0, 1) : 0;
    *ret_any |= *ret_count > 0;
    return code != 0 || *ret_count == 0 ? code : observe_touched(db, touched, err);
}

int observe_round(struct db *db, struct piece *ret, struct err *err)
{
    size_t again = 0;
    bool any = false;
    *ret = (struct piece){0};
    int code = piece_begin(db, FOLLOWER_OBSERVE, FOLLOWER_JUDGE, FOLLOW_PIECE_MOST, ret, err);
    if (code == 0 && ret->end > ret->first) {
        code = observe_piece(db, ret, err);
    }
    if (code == 0 && !ret->held) {
        code = observe_again(db, &again, &any, err);
    }
    if (code == 0 && (ret->end > ret->first || any)) {
        code = piece_commit(db, FOLLOWER_OBSERVE, ret, err);
    }
    ret->behind += again == FOLLOW_PIECE_MOST ? 1 : 0;
    db_rollback(db); /* of what was not committed */
    return code;
}
