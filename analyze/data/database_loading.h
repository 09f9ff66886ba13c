/* What goes along while the rows of a database are read. For database_*.c. */
#ifndef ANALYZE_DATA_DATABASE_LOADING_H
#define ANALYZE_DATA_DATABASE_LOADING_H

#include "analyze/data/database_index.h"
#include "analyze/data/names.h"
#include "analyze/data/result_set.h"
#include "schema/db/db.h"

/* Facts of runs repeat: each different text is read once, and what it says is shared. */
struct facts_cache {
    struct names texts;
    const void **items; /* by number of the text */
    size_t capacity;
};

struct loading {
    struct db *db;
    struct result_set *set;
    bool values_only;
    struct names names;
    struct facts_cache workloads, setups, machines, labels;
    struct database_index index;
    const struct set_run **first_runs; /* one of each workload */
    size_t first_capacity;
    size_t measure; /* of the row before */
};

/* Calls `add` for every row of a statement, read by COPY. */
int loading_each_row(struct loading *loading, const char *name,
                     int (*add)(struct loading *, const struct db_row *, struct err *), struct err *err) must_check;
const char *loading_text(struct loading *loading, const struct db_row *row, size_t field);
/* The digits of a key; "" for the key of nobody. */
const char *loading_key_text(struct loading *loading, const struct db_row *row, size_t field);
int loading_wrong_row(struct err *err, const char *what);

/* Call in this order, after the submissions. */
int loading_runs(struct loading *loading, struct err *err) must_check;
int loading_measurements(struct loading *loading, struct err *err) must_check;
/* After result_set_finish: the figures of those that are alone in their cell. */
int loading_details(struct loading *loading, struct err *err) must_check;

#endif
