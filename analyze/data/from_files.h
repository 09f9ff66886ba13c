/* Results straight from files: bundles, and outputs of benchmark tools. */
#ifndef ANALYZE_DATA_FROM_FILES_H
#define ANALYZE_DATA_FROM_FILES_H

#include "analyze/data/result_set.h"

/* Reads every file ("-" is standard input) and adds what it holds. What the plausibility rules say about quarantine
 * decides the state: of a bundle as at intake, of another file for each run that a rule names. The same bytes count
 * once. Errors name the file. */
int from_files(struct result_set *set, const char *const *paths, size_t count, struct err *err) must_check;

#endif
