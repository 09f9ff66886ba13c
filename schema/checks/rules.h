/* The rules' functions and what they share. Inside the room only. */
#ifndef SCHEMA_CHECKS_RULES_H
#define SCHEMA_CHECKS_RULES_H

#include <stdbool.h>

#include "schema/catalog/catalog.h"
#include "schema/checks/checks.h"

enum rule_id {
    RULE_BANDWIDTH_TIME_BYTES,
    RULE_UNIT_SLIP,
    RULE_ABOVE_RATED_BANDWIDTH,
    RULE_DECODE_ABOVE_BANDWIDTH,
    RULE_PROMPT_ABOVE_PEAK,
    RULE_CONTRADICTORY_FIELDS,
    RULE_TOKENS_TIME_RATE,
    RULE_NOT_FINITE,
    RULE_NOT_POSITIVE,
    RULE_STATED_STATISTICS,
    RULE_IMPOSSIBLE_STATISTICS,
    RULE_SAMPLE_COUNT,
    RULE_HIGH_VARIANCE,
    RULE_CONSTANT_VARIATION,
    RULE_TIME_IN_FUTURE,
    RULE_TIME_IMPLAUSIBLE,
    RULE_COUNT
};

/* The chip that was looked up last: the runs of a reading mostly name the same, and finding it takes a while. */
struct known_chip {
    const char *name; /* NULL = none yet */
    struct chip_match match;
};

struct check {
    const struct reading *reading;
    int64_t now_us;
    struct findings *findings;
    struct known_chip *known;
};

/* Adds a finding; the message is a printf format. */
void check_add(const struct check *check, enum rule_id rule, size_t run, const char *metric, double found,
               double expected, const char *format, ...) printf_like(7, 8);
const struct measurement *check_measurement(const struct run *run, const char *metric);   /* with a finite mean > 0 */

/* One each for a run, in the order of the rules. */
void check_bandwidth_time(const struct check *check, size_t run);
void check_rated_bandwidth(const struct check *check, size_t run);
void check_decode_rate(const struct check *check, size_t run);
void check_prompt_rate(const struct check *check, size_t run);
void check_fields(const struct check *check, size_t run);
void check_values(const struct check *check, size_t run);
void check_statistics(const struct check *check, size_t run);
void check_variance(const struct check *check, size_t run);
void check_time(const struct check *check, size_t run);
/* For the whole reading. */
int check_constant_variation(const struct check *check, struct err *err) must_check;

#endif
