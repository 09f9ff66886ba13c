/* Measurements as results, read beside the runs.
 *
 * They are most of what a database holds, and their rows need only the submissions to be there. So they are read by a
 * thread of their own over a connection of its own, which sees the same moment (db_begin_beside), into a set of their
 * own; each one's run is found when both are complete. Where there is no second connection, the same is done after
 * the runs: the results are the same. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "analyze/data/database_loading.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

/* Fewer submissions are read faster than a second connection is made. */
#define BESIDE_LEAST 1000

struct run_place {
    uint32_t submission, number;
};

struct measuring {
    struct loading *loading; /* of the other thread: this one looks only at its index of submissions */
    bool values_only;
    struct db *beside;      /* NULL: read on that of loading */
    struct result_set set;  /* results and measures only */
    struct content content; /* of these rows: read beside those of the runs */
    struct row_texts texts;
    struct run_place *places; /* of each result */
    size_t place_capacity;
    size_t last_submission, last_measure;
    pthread_t thread;
    bool running;
    atomic_bool given_up;
    int status;
    struct err err;
};

/* Columns of measurements.sql; those of measurement_details.sql go on with the rest of the figures. */
enum {
    COLUMN_SUBMISSION,
    COLUMN_RUN,
    COLUMN_ORDINAL,
    COLUMN_METRIC,
    COLUMN_UNIT,
    COLUMN_DIRECTION,
    COLUMN_N,
    COLUMN_FLAGS,
    COLUMN_FIGURES
};

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
static const struct set_measure *measure_of(struct measuring *measuring, const struct db_row *row)
{
    struct result_set *set = &measuring->set;
    const enum direction direction = direction_of(row->fields[COLUMN_DIRECTION].data);

    for (size_t i = 1; i <= set->measure_count; i++) {
        const size_t at = (measuring->last_measure + i) % set->measure_count;

        if (measure_is(set->measures[at], row, direction)) {
            measuring->last_measure = at;
            return set->measures[at];
        }
    }
    measuring->last_measure = set->measure_count;
    return result_set_measure(set, row_text(&measuring->texts, row, COLUMN_METRIC),
                              row_text(&measuring->texts, row, COLUMN_UNIT), direction);
}

/* For values only, figures and samples are needed no longer than this row. */
static int take_figures(struct measuring *measuring, struct result *result, const struct db_row *row, struct err *err)
{
    struct arena passing cleanup(arena_done) = {.blocks = NULL};
    struct arena *arena = measuring->values_only ? &passing : &measuring->set.arena;
    const struct result_detail *none = result->detail;
    struct result_detail brief = *none,
                         *detail = measuring->values_only ? &brief : result_set_add_detail(&measuring->set);

    if (detail == NULL)
        return mem_error(err);
    const int status = measurement_figures(row, COLUMN_FIGURES, measuring->values_only, arena, detail, err);

    if (status < 0)
        return status;
    detail->flags = row_text(&measuring->texts, row, COLUMN_FLAGS);
    result_take_detail(result, detail,
                       row->fields[COLUMN_N].data != NULL ? db_field_int64(row, COLUMN_N) : COUNT_UNKNOWN, arena);
    if (measuring->values_only)
        result->detail = none;
    return 0;
}

static int add_result(void *context, const struct db_row *row, struct err *err)
{
    struct measuring *measuring = context;
    struct result_set *set = &measuring->set;
    const size_t submission = database_index_find(&measuring->loading->index, db_field_uuid(row, COLUMN_SUBMISSION),
                                                  &measuring->last_submission);

    if (atomic_load_explicit(&measuring->given_up, memory_order_relaxed))
        return err_set(err, ERR_INTERNAL, "given up");
    if (submission == SIZE_MAX)
        return loading_wrong_row(err, "a measurement without its submission");
    struct result *result = result_set_add_result(set, NULL);

    if (result == NULL ||
        mem_grow(&measuring->places, &measuring->place_capacity, set->result_count, sizeof(*measuring->places)) < 0)
        return mem_error(err);
    measuring->places[set->result_count - 1] =
        (struct run_place){(uint32_t)submission, (uint32_t)db_field_int64(row, COLUMN_RUN)};
    result->measure = measure_of(measuring, row);
    if (result->measure == NULL)
        return mem_error(err);
    result->ordinal = (uint32_t)db_field_int64(row, COLUMN_ORDINAL) & RESULT_ORDINAL_MAX;
    if (row->fields[COLUMN_FLAGS].data != NULL)
        result_set_flags(result, row->fields[COLUMN_FLAGS].data);
    return take_figures(measuring, result, row, err);
}

static int measure(struct measuring *measuring, struct db *db, struct err *err)
{
    const int status = loading_each_row(db, measuring->values_only ? "measurements.sql" : "measurement_details.sql",
                                        NULL, measuring->loading->set->content != NULL ? &measuring->content : NULL,
                                        add_result, measuring, err);

    return status < 0 ? status : arena_check(&measuring->set.arena, err);
}

static void *measure_beside(void *context)
{
    struct measuring *measuring = context;

    measuring->status = measure(measuring, measuring->beside, &measuring->err);
    return NULL;
}

static void wait_for(struct measuring *measuring)
{
    if (measuring->running)
        (void)pthread_join(measuring->thread, NULL);
    measuring->running = false;
}

void measuring_free(struct measuring *measuring)
{
    if (measuring == NULL)
        return;
    atomic_store(&measuring->given_up, true);
    wait_for(measuring);
    db_close(measuring->beside);
    names_done(&measuring->texts.names);
    result_set_done(&measuring->set);
    content_done(&measuring->content);
    free(measuring->places);
    free(measuring);
}

void measuring_free_cleanup(struct measuring **measuring)
{
    measuring_free(*measuring);
}

int measuring_begin(struct loading *loading, struct measuring **ret, struct err *err)
{
    struct measuring *measuring cleanup(measuring_free_cleanup) = mem_zalloc(1, sizeof(*measuring));

    if (measuring == NULL)
        return mem_error(err);
    result_set_init(&measuring->set);
    measuring->content = CONTENT;
    measuring->loading = loading;
    measuring->values_only = loading->values_only;
    measuring->texts.arena = &measuring->set.arena;
    if (loading->set->submission_count >= BESIDE_LEAST) {
        const int status = db_begin_beside(loading->db, &measuring->beside, err);

        if (status < 0)
            return status;
    }
    measuring->running =
        measuring->beside != NULL && pthread_create(&measuring->thread, NULL, measure_beside, measuring) == 0;
    *ret = TAKE_PTR(measuring);
    return 0;
}

/* The words of the run and of the measurement. */
static int join_flags(struct measuring *measuring, struct result *result, struct err *err)
{
    struct arena *arena = &measuring->set.arena;
    struct result_detail *both = arena_alloc(arena, 1, sizeof(*both));

    if (both == NULL)
        return mem_error(err);
    *both = *result->detail;
    both->flags = text_is_empty(both->flags) ? result->run->flags
                                             : arena_printf(arena, "%s, %s", result->run->flags, both->flags);
    result->detail = both;
    return arena_check(arena, err);
}

static int find_runs(struct measuring *measuring, struct err *err)
{
    const struct loading *loading = measuring->loading;

    for (size_t i = 0; i < measuring->set.result_count; i++) {
        struct result *result = &measuring->set.results[i];

        result->run = database_index_run_of(&loading->index, loading->set, measuring->places[i].submission,
                                            measuring->places[i].number);
        if (result->run == NULL)
            return loading_wrong_row(err, "a measurement without its run");
        if (text_is_empty(result->run->flags))
            continue;
        result_set_flags(result, result->run->flags);
        if (!measuring->values_only && join_flags(measuring, result, err) < 0)
            return mem_error(err);
    }
    return 0;
}

static void add_content(struct measuring *measuring)
{
    struct content *all = measuring->loading->set->content;
    struct sha256 hash;

    if (all == NULL)
        return;
    all->failed = !content_hash(&measuring->content, &hash) || all->failed;
    content_add(all, hash.bytes, sizeof(hash.bytes));
}

int measuring_end(struct measuring *measuring, struct err *err)
{
    const bool was_beside = measuring->running;

    wait_for(measuring);
    int status = was_beside ? measuring->status : measure(measuring, measuring->loading->db, err);

    if (was_beside && status < 0 && err != NULL)
        *err = measuring->err;
    if (status == 0)
        status = find_runs(measuring, err);
    if (status == 0)
        add_content(measuring);
    if (status == 0)
        result_set_take_results(measuring->loading->set, &measuring->set);
    return status;
}
