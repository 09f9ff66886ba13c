/* Plausibility: rules that need only the bundle and the catalogue.
 *
 * The same rules run in submit (before sending), in the collector (at intake)
 * and in analyze audit. A rule never drops or changes anything: it finds, with
 * the numbers behind it. Sources of the rules: bandwidth × time = bytes moved
 * (each weight byte is read once a pass); a measured rate cannot exceed the
 * rated memory bandwidth; stated statistics must follow from stated samples. */
#ifndef SCHEMA_CHECKS_CHECKS_H
#define SCHEMA_CHECKS_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"

enum check_severity {
    CHECK_FLAG,      /* shown beside the figure; it counts */
    CHECK_QUARANTINE /* the submission does not count until somebody looked */
};

struct check_rule {
    const char *name; /* snake case, as stored: "bandwidth_time_bytes" */
    enum check_severity severity;
    const char *words; /* one sentence for people */
};
extern const struct check_rule check_rules[];
extern const size_t check_rule_count;
const struct check_rule *check_rule_by_name(const char *name); /* NULL when there is none */
const char *check_severity_word(enum check_severity severity); /* "flag", "quarantine" */

/* A run or a measurement with this flag of a reader counts nowhere: it failed, or its own tool calls it invalid. It is
 * kept and shown. */
bool check_flag_voids(const char *flag);

#define CHECK_NO_RUN ((size_t)-1)
struct finding {
    const struct check_rule *rule;
    size_t run;             /* index in the reading; CHECK_NO_RUN = the whole reading */
    const char *metric;     /* NULL when it is about the run */
    const char *message;    /* one line with the numbers */
    double found, expected; /* e.g. GB moved and GB of the model; NAN where the rule has none */
    double deviation;       /* found / expected - 1; NAN */
};
/* In the order of runs, then of rules. */
struct findings {
    struct arena arena;
    struct finding *items;
    size_t count, capacity;
    bool more; /* a quarantine was found that is not kept: there were too many */
};
void findings_done(struct findings *findings);
#define autofindings cleanup(findings_done)

struct check_options {
    int64_t now_us; /* wall time that "future" is measured against (received_at); 0 = do not ask */
};

/* Adds what the rules find in `reading` to *findings (zeroed or filled by an earlier call). `options` may be NULL. */
int checks_run(const struct reading *reading, const struct check_options *options, struct findings *findings,
               struct err *err) must_check;
/* The gravest severity found: true = quarantine. */
bool findings_quarantine(const struct findings *findings);

#endif
