/* What goes along while the rows of a database are read. For database_*.c. */
#ifndef ANALYZE_DATA_DATABASE_LOADING_H
#define ANALYZE_DATA_DATABASE_LOADING_H

#include "analyze/data/content.h"
#include "analyze/data/database_index.h"
#include "analyze/data/names.h"
#include "analyze/data/result_set.h"
#include "schema/db/db.h"

/* The texts of rows, each different one kept once, in the arena. */
struct row_texts {
    struct arena *arena;
    struct names names;
    const char *last[DB_ROW_FIELDS]; /* of each field in the row before: mostly the same again */
};
const char *row_text(struct row_texts *texts, const struct db_row *row, size_t field);
/* The digits of a key; "" for the key of nobody. */
const char *row_key_text(struct row_texts *texts, const struct db_row *row, size_t field);

/* Facts of runs repeat: each different text is read once, and what it says is shared. */
struct facts_cache {
    struct names texts;
    const void **items; /* by number of the text */
    size_t capacity;
    size_t last; /* number of the text before */
};

struct loading {
    struct db *db;
    struct result_set *set;
    bool values_only;
    struct row_texts texts;
    struct facts_cache workloads, setups, devices, machines, labels;
    struct database_index index;
    size_t last_submission;
    const struct set_run **first_runs; /* one of each workload */
    size_t first_capacity;
};

/* Calls `add` for every row of a statement, read by COPY; `content` (or NULL) gets it before. `label` counts the rows
 * on a terminal; NULL = not, as what another thread reads meanwhile. */
int loading_each_row(struct db *db, const char *name, const char *label, struct content *content,
                     int (*add)(void *, const struct db_row *, struct err *), void *context,
                     struct err *err) must_check;
int loading_wrong_row(struct err *err, const char *what);

/* After the submissions. */
int loading_runs(struct loading *loading, struct err *err) must_check;

/* Measurements, which are read beside the runs. */
struct measuring;
/* Begins to read them, on a second connection where there is one; the runs of the results are not known yet. */
int measuring_begin(struct loading *loading, struct measuring **ret, struct err *err) must_check;
/* After the runs: all results of the set. */
int measuring_end(struct measuring *measuring, struct err *err) must_check;
void measuring_free(struct measuring *measuring); /* NULL is allowed */
void measuring_free_cleanup(struct measuring **measuring);

/* One measurement: `figures` is the first of the columns median, mean, samples and, unless `brief`, stddev,
 * stddev_kind, min, max. Samples lie in `arena`. */
int measurement_figures(const struct db_row *row, size_t figures, bool brief, struct arena *arena,
                        struct result_detail *detail, struct err *err) must_check;
/* After result_set_finish: the figures of those that are alone in their cell. */
int loading_details(struct loading *loading, struct err *err) must_check;

#endif
