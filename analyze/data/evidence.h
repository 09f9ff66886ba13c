/* The values behind one figure, and what they allow to say.
 *
 * Values are taken at the highest level that has more than one member: contributors, devices, submissions, or the
 * samples of the only one (DESIGN section 6). Everything lives in the arena that was given. */
#ifndef ANALYZE_DATA_EVIDENCE_H
#define ANALYZE_DATA_EVIDENCE_H

#include "analyze/data/result_set.h"
#include "schema/stats/nested.h"

struct evidence {
    double value;          /* nested median; NAN = nothing there */
    const char *basis;     /* "contributors", "devices", "submissions", "samples"; NULL: a single value */
    const double *members; /* ascending; of that level */
    size_t member_count;
    struct nested_value *values; /* what resampling draws from */
    size_t value_count;
    int64_t runs; /* COUNT_UNKNOWN when a submission does not say */
    size_t submissions, devices, contributors;
    double least, greatest; /* of the values */
    double stddev;          /* sample form: of the samples or stated, of a single submission; NAN */
    double mean;            /* of a single submission, else NAN */
    size_t flagged;         /* results with flags */
    const char *output;     /* hash of what the runs put out (setup quality_hash); "" = not stated, NULL = several */
    const struct result *first; /* any of the results: names and units */
};

/* Evidence of results of one cell and metric, in any order; those without a finite value do not count. */
int evidence_of(const struct result *const *results, size_t count, struct arena *arena, struct evidence *ret,
                struct err *err) must_check;

/* ---- two sides */
enum verdict_kind {
    VERDICT_BETTER,
    VERDICT_WORSE,
    VERDICT_SAME,     /* "~": tested, no difference shown */
    VERDICT_UNTESTED, /* too few values, or no direction: only the ratio is printed */
    VERDICT_MISSING,  /* a side has no value */
    VERDICT_OTHER     /* the sides put out different things: their speeds are not comparable, no ratio */
};
#define VERDICT_LEAST 6     /* values on each side */
#define VERDICT_STEP 0.05   /* a smaller effect counts as none */
#define VERDICT_CHANCE 0.05 /* false discoveries among all of a report */

struct verdict {
    enum verdict_kind kind;
    double ratio;     /* other ÷ base, turned so that greater than 1 is better; plain other ÷ base when the
                         direction is not known; NAN */
    double low, high; /* 95 % of that ratio; NAN = none */
    double p, q;      /* rank test; adjusted over the report; NAN = not tested */
    const char *why;  /* of VERDICT_UNTESTED and VERDICT_SAME: in words */
    bool one_device;  /* a side stands for a single device: the verdict is about it, not about its kind */
};

/* `cell` names the pair for the seed of the resampling. kind is final only after verdicts_settle. */
int verdict_of(const struct evidence *base, const struct evidence *other, enum direction direction, const char *cell,
               struct verdict *ret, struct err *err) must_check;
/* The same in two steps, where only some of many verdicts are printed: without the interval, and the interval of one.
 */
int verdict_test(const struct evidence *base, const struct evidence *other, enum direction direction,
                 struct verdict *ret, struct err *err) must_check;
int verdict_interval(const struct evidence *base, const struct evidence *other, enum direction direction,
                     const char *cell, struct verdict *verdict, struct err *err) must_check;
/* Adjusts all verdicts of a report for their number and decides them. */
int verdicts_settle(struct verdict *const *verdicts, size_t count, struct err *err) must_check;
/* Both say what they put out, and it differs or is several things. */
bool evidence_outputs_differ(const struct evidence *base, const struct evidence *other);
/* "better", "worse", "~", "not tested", "missing", "other output". */
const char *verdict_word(enum verdict_kind kind);

#endif
