#include "collector/follow/judge_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/intake/intake.h"
#include "collector/intake/statements.h"
#include "schema/checks/checks.h"
#include "schema/stats/nested.h"
#include "schema/stats/spread.h"

/* ---------------------------------------------------------------- what others have shown */

/* One value of one contributor. */
struct shown {
    uint8_t series[16], contributor[16];
    double value;
};

struct evidence {
    struct db_result *figures; /* judge_figures.sql */
    struct shown *shown;       /* by series and contributor */
    size_t count, capacity;
    double *scratch; /* room for `count` */
    /* of the contributor at hand, while rows come */
    struct shown at_hand;
    uint8_t device[16];
    struct nested_value *values;
    size_t value_count, value_capacity;
};

static void evidence_done(struct evidence *evidence)
{
    db_result_free(evidence->figures);
    free(evidence->shown);
    free(evidence->scratch);
    free(evidence->values);
}
#define autoevidence cleanup(evidence_done)

static int end_contributor(struct evidence *evidence, struct err *err)
{
    struct nested_median median = {0};
    const size_t count = evidence->value_count;
    evidence->value_count = 0;
    const int code = count > 0 ? stats_nested_median(evidence->values, count, &median, err) : 0;
    free(median.members);
    if (code != 0 || count == 0 || !(median.value > 0)) {
        return code;
    }
    if (mem_grow(&evidence->shown, &evidence->capacity, evidence->count + 1, sizeof *evidence->shown) < 0) {
        return mem_error(err);
    }
    evidence->at_hand.value = median.value;
    evidence->shown[evidence->count++] = evidence->at_hand;
    return 0;
}

static int add_value(struct evidence *evidence, const uint8_t *device, double value, struct err *err)
{
    size_t number = 0;
    const size_t count = evidence->value_count;
    if (mem_grow(&evidence->values, &evidence->value_capacity, count + 1, sizeof *evidence->values) < 0) {
        return mem_error(err);
    }
    if (count > 0) {
        number = evidence->values[count - 1].device + (memcmp(evidence->device, device, 16) != 0 ? 1 : 0);
    }
    memcpy(evidence->device, device, sizeof evidence->device);
    evidence->values[evidence->value_count++] = (struct nested_value){0, number, value};
    return 0;
}

/* A row of judge_shown.sql. */
static int take_shown(void *context, const struct db_result *row, struct err *err)
{
    struct evidence *evidence = context;
    struct shown *at_hand = &evidence->at_hand;
    const uint8_t *series = db_uuid(row, 0, 0), *contributor = db_uuid(row, 0, 1);
    int code = 0;
    if (memcmp(at_hand->series, series, 16) != 0 || memcmp(at_hand->contributor, contributor, 16) != 0) {
        code = end_contributor(evidence, err);
        memcpy(at_hand->series, series, sizeof at_hand->series);
        memcpy(at_hand->contributor, contributor, sizeof at_hand->contributor);
    }
    return code != 0 ? code : add_value(evidence, db_uuid(row, 0, 2), db_float8(row, 0, 3), err);
}

static int read_shown(struct db *db, const struct db_values *ids, struct evidence *ret, struct err *err)
{
    int code = db_each(db, statement("judge_shown"), ids, take_shown, ret, err);
    if (code == 0) {
        code = end_contributor(ret, err);
    }
    if (code == 0) {
        ret->scratch = mem_zalloc(ret->count + 1, sizeof *ret->scratch);
        code = ret->scratch != NULL ? 0 : mem_error(err);
    }
    return code;
}

static int evidence_read(struct db *db, const struct judged *judged, size_t count, struct evidence *ret,
                         struct err *err)
{
    autovalues struct db_values ids = DB_VALUES(DB_PARAMETERS);
    db_array_begin(&ids, DB_UUID);
    for (size_t i = 0; i < count; i++) {
        db_put_uuid(&ids, judged[i].submission_id);
    }
    db_array_end(&ids);
    const int code = db_query(db, statement("judge_figures"), &ids, &ret->figures, err);
    return code != 0 ? code : read_shown(db, &ids, ret, err);
}

/* What others have shown of the figure in a row. */
static int shown_of(const struct evidence *evidence, size_t row, struct log_spread *ret, struct err *err)
{
    const uint8_t *series = db_uuid(evidence->figures, row, 2), *own = db_uuid(evidence->figures, row, 1);
    size_t low = 0, high = evidence->count, count = 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (memcmp(evidence->shown[middle].series, series, 16) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < evidence->count && memcmp(evidence->shown[low].series, series, 16) == 0; low++) {
        if (memcmp(evidence->shown[low].contributor, own, 16) != 0) {
            evidence->scratch[count++] = evidence->shown[low].value;
        }
    }
    return stats_log_spread(evidence->scratch, count, ret, err);
}

/* The first row of the figures of a submission, and behind its last. */
static void rows_of(const struct evidence *evidence, const struct judged *judged, size_t *ret_first, size_t *ret_end)
{
    const size_t count = db_rows(evidence->figures);
    size_t first = 0;
    while (first < count && memcmp(db_uuid(evidence->figures, first, 0), judged->submission_id, 16) != 0) {
        first++;
    }
    *ret_first = *ret_end = first;
    while (*ret_end < count && memcmp(db_uuid(evidence->figures, *ret_end, 0), judged->submission_id, 16) == 0) {
        (*ret_end)++;
    }
}

/* It failed, or its tool calls it invalid: it counts nowhere, so it is no matter where it lies. */
static bool is_void(const struct evidence *evidence, size_t row)
{
    char word[64];
    for (size_t i = 0; i < db_array_length(evidence->figures, row, 6); i++) {
        str_copy(word, sizeof word, db_array_str(evidence->figures, row, 6, i));
        if (check_flag_voids(word)) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- outlier */

static double outlier_limit(const struct log_spread *shown)
{
    return fmax(log(JUDGE_OUTLIER_FACTOR), JUDGE_OUTLIER_SCALES * shown->scale);
}

/* The figure that lies farthest beyond its limit; false when none does. */
static int find_outlier(const struct evidence *evidence, const struct judged *judged, char *reason, size_t size,
                        bool *ret, struct err *err)
{
    size_t row, end;
    double most = 1;
    *ret = false;
    for (rows_of(evidence, judged, &row, &end); row < end; row++) {
        struct log_spread shown;
        const double value = db_float8(evidence->figures, row, 5);
        const int code = shown_of(evidence, row, &shown, err);
        if (code != 0) {
            return code;
        }
        const double limit = outlier_limit(&shown), distance = stats_log_distance(&shown, value);
        if (shown.n < JUDGE_OUTLIER_CONTRIBUTORS || !(distance / limit > most) || is_void(evidence, row)) {
            continue;
        }
        most = distance / limit;
        *ret = true;
        (void)snprintf(reason, size,
                       "%s %.4g %s is %.3g times what %zu contributors have shown: %.4g, and %.3g times is the limit",
                       db_text(evidence->figures, row, 3), value, db_text(evidence->figures, row, 4),
                       value / shown.centre, shown.n, shown.centre, value > shown.centre ? exp(limit) : exp(-limit));
    }
    return 0;
}

static int take_judged(const struct db_result *rows, struct judged **ret, struct err *err)
{
    struct judged *judged = mem_zalloc(db_rows(rows) + 1, sizeof *judged);
    if (judged == NULL) {
        return mem_error(err);
    }
    for (size_t row = 0; row < db_rows(rows); row++) {
        judged[row] = judged_of_row(rows, row);
    }
    *ret = judged;
    return 0;
}

static int judge_group(struct db *db, const struct judged *judged, size_t count, int64_t now_us, struct err *err)
{
    static const struct verdict verdict = {"quarantined", "quarantined", "outlier"};
    autoevidence struct evidence evidence = {0};
    int code = evidence_read(db, judged, count, &evidence, err);
    for (size_t i = 0; code == 0 && i < count; i++) {
        char reason[400];
        bool found = false;
        code = find_outlier(&evidence, &judged[i], reason, sizeof reason, &found, err);
        if (code == 0 && found) {
            code = judge_change(db, &judged[i], &verdict, reason, now_us, err);
        }
    }
    return code;
}

int judge_outliers(struct db *db, const struct piece *piece, int64_t now_us, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    autofree struct judged *judged = NULL;
    piece_put(&values, piece);
    int code = db_query(db, statement("judge_fresh"), &values, &rows, err);
    if (code == 0) {
        code = take_judged(rows, &judged, err);
    }
    for (size_t first = 0, end; code == 0 && first < db_rows(rows); first = end) {
        end = piece_group(rows, first, 2);
        code = judge_group(db, judged + first, end - first, now_us, err);
    }
    return code;
}

/* ---------------------------------------------------------------- held until others confirm it */

/* Rules that hold a submission for what it says, not for who sent it. */
static void put_rules(struct db_values *values)
{
    db_array_begin(values, DB_TEXT);
    for (size_t i = 0; i < check_rule_count; i++) {
        if (check_rules[i].severity == CHECK_QUARANTINE) {
            db_put_text(values, check_rules[i].name);
        }
    }
    db_array_end(values);
}

int judge_hold(struct db *db, const struct piece *piece, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    piece_put(&values, piece);
    put_rules(&values);
    return db_query(db, statement("judge_hold"), &values, NULL, err);
}

/* Every figure lies where enough others have found it. */
static int is_confirmed(const struct evidence *evidence, const struct judged *judged, bool *ret, struct err *err)
{
    size_t row, end;
    rows_of(evidence, judged, &row, &end);
    *ret = end > row;
    for (; *ret && row < end; row++) {
        struct log_spread shown;
        const int code = shown_of(evidence, row, &shown, err);
        if (code != 0) {
            return code;
        }
        const double limit = fmax(log(JUDGE_CONFIRMED_FACTOR), JUDGE_CONFIRMED_SCALES * shown.scale);
        *ret = is_void(evidence, row) || (shown.n >= JUDGE_CONTRIBUTORS_LEAST &&
                                          stats_log_distance(&shown, db_float8(evidence->figures, row, 5)) <= limit);
    }
    return 0;
}

/* Releases those that are confirmed; `waits[i]` tells of the others whether they wait on. */
static int release(struct db *db, const struct judged *judged, bool *waits, size_t count, int64_t now_us,
                   struct err *err)
{
    static const struct verdict verdict = {"released", "accepted", "confirmed"};
    autoevidence struct evidence evidence = {0};
    int code = evidence_read(db, judged, count, &evidence, err);
    for (size_t i = 0; code == 0 && i < count; i++) {
        bool confirmed = false;
        code = waits[i] ? is_confirmed(&evidence, &judged[i], &confirmed, err) : 0;
        if (code == 0 && confirmed) {
            waits[i] = false;
            code = judge_change(db, &judged[i], &verdict, "every figure lies where three contributors have found it",
                                now_us, err);
        }
    }
    return code;
}

static void put_waiting(struct db_values *values, const struct judged *judged, const bool *waits, size_t count,
                        bool which)
{
    db_array_begin(values, DB_UUID);
    for (size_t i = 0; i < count; i++) {
        if (waits[i] == which) {
            db_put_uuid(values, judged[i].submission_id);
        }
    }
    db_array_end(values);
}

int judge_confirm(struct db *db, int64_t now_us, size_t *ret_seen, struct err *err)
{
    autovalues struct db_values most = DB_VALUES(DB_PARAMETERS), done = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    autofree struct judged *judged = NULL;
    bool waits[JUDGE_HELD_MOST] = {false};
    db_put_int32(&most, JUDGE_HELD_MOST);
    int code = db_query(db, statement("judge_held"), &most, &rows, err);
    *ret_seen = code == 0 ? db_rows(rows) : 0;
    if (*ret_seen == 0) {
        return code;
    }
    code = take_judged(rows, &judged, err);
    for (size_t i = 0; code == 0 && i < *ret_seen; i++) {
        waits[i] = db_bool(rows, i, 3);
    }
    for (size_t first = 0, end; code == 0 && first < *ret_seen; first = end) {
        end = piece_group(rows, first, 2);
        code = release(db, judged + first, waits + first, end - first, now_us, err);
    }
    if (code == 0) {
        put_waiting(&done, judged, waits, *ret_seen, true);
        put_waiting(&done, judged, waits, *ret_seen, false);
        code = db_query(db, statement("judge_held_done"), &done, NULL, err);
    }
    return code;
}
