/* Targets: limits that figures should keep, in levels. A CSV with the header level,metric,bound,limit,unit; bound is
 * "at least" or "at most"; the unit must be the catalogue's. */
#ifndef ANALYZE_DATA_TARGETS_H
#define ANALYZE_DATA_TARGETS_H

#include "analyze/data/sides.h"

enum target_outcome { TARGET_MET, TARGET_MISSED, TARGET_NOT_MEASURED };
const char *target_word(enum target_outcome outcome);

struct target {
    const char *level, *metric, *unit;
    bool at_least;
    double limit;
};
struct target_list {
    struct target *items;
    size_t count;
};

/* ERR_DATA with file and line: unknown bound, no number, another unit than the catalogue's. */
int targets_read(const char *path, struct arena *arena, struct target_list *ret, struct err *err) must_check;
/* The worst figure of that metric decides: *ret_value (NAN when nothing measured it in that unit). */
enum target_outcome target_check(const struct target *target, const struct side_rows *rows, size_t side,
                                 double *ret_value);

#endif
