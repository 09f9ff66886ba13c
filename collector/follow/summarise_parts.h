/* Inside collector/follow only: what figures of devices and cells are both made from. */
#ifndef COLLECTOR_FOLLOW_SUMMARISE_PARTS_H
#define COLLECTOR_FOLLOW_SUMMARISE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/db/db.h"

/* What is added up over results, and over devices. */
struct evidence {
    int64_t submissions, results, runs, flagged; /* runs: COUNT_UNKNOWN when one does not say */
    double least, greatest;
    int64_t newest_us; /* INT64_MIN: not stated */
};
struct evidence evidence_none(void);
void evidence_add(struct evidence *sum, const struct evidence *one);
/* A column with `runs` or `newest_us` as they are kept here; NULL reads and is written as not stated. */
int64_t evidence_runs(const struct db_result *rows, size_t row, int column);
int64_t evidence_time(const struct db_result *rows, size_t row, int column);
void evidence_put_runs(struct db_values *values, int64_t runs);
void evidence_put_time(struct db_values *values, int64_t time_us);

/* The submissions of one device in one cell, one value each; behind them, from `count` to `end`, the results of the
 * submission at hand. Rows come one by one and only this is kept of them: a device may have hundreds of thousands. */
struct submissions {
    double *values; /* owned: free */
    size_t count, end, capacity;
    uint8_t at_hand[16];
};
/* A result of `submission` (16 bytes); those of one submission come one after the other. */
int submissions_add(struct submissions *submissions, const uint8_t *submission, double value,
                    struct err *err) must_check;
/* The submission at hand is over: its value is the median of its results. */
void submissions_close(struct submissions *submissions);
void submissions_reset(struct submissions *submissions); /* empty; memory is kept */

/* Makes the cells anew that `taken` (summarise_take.sql) names, from the figures of their devices. */
int summarise_cells(struct db *db, const struct db_result *taken, struct err *err) must_check;
/* The keys of one column (uuid) of `taken` as an array. */
void summarise_put_keys(struct db_values *values, const struct db_result *taken, int column);

#endif
