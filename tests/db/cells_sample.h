/* What the followers made of the database of the running test. */
#ifndef TESTS_DB_CELLS_SAMPLE_H
#define TESTS_DB_CELLS_SAMPLE_H

#include "tests/db/db_harness.h"

/* Every cell is what analyze computes from the rows of the submissions, to the last bit, and there are no others.
 * Returns how many. */
size_t expect_cells_of_analyze(struct db *db);
/* Observations, figures of devices and cells made anew from the log are the same, to the last bit. */
void expect_same_anew(struct db *db);

#endif
