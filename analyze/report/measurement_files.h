/* data/measurements.*: every measurement that a publication stands on.
 *
 * Up to MEASUREMENTS_WHOLE of them stand in one table, as CSV, JSON and NDJSON. More are divided by the first digits of
 * the submission's hash into data/measurements-DIGITS.ndjson, so that a file is small enough to be kept in a
 * repository, that publishing holds only one of them in memory, and that a new submission changes one of them and not
 * all. */
#ifndef ANALYZE_REPORT_MEASUREMENT_FILES_H
#define ANALYZE_REPORT_MEASUREMENT_FILES_H

#include "analyze/report/publication.h"

#define MEASUREMENTS_WHOLE ((size_t)20000)
#define MEASUREMENTS_A_PART ((size_t)2000) /* about; never more than 4,096 parts */

/* How many digits the names of the parts have; 0: one table. */
size_t measurement_files_digits(const struct result_set *set);
/* `report` must stay until the publication is written: parts are made then. */
int measurement_files_add(const struct report *report, struct publication *publication, struct err *err) must_check;

#endif
