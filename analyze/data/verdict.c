/* Is one side better than the other? The rule that every claim of a report passes.
 *
 * At least six values on each side at the highest level that has more than one member; the rank test of Mann and
 * Whitney (the order of values is that of their logarithms); all tests of a report adjusted together (Benjamini and
 * Hochberg); and an effect of at least 5 %. What fails a condition is "~", no difference shown, or not tested; never
 * "faster". The interval of the ratio is a percentile bootstrap along the nesting, its seed made from the name of the
 * cell. */
#include <math.h>
#include <stdlib.h>

#include "analyze/data/evidence.h"
#include "schema/base/str.h"
#include "schema/stats/adjust.h"
#include "schema/stats/random.h"
#include "schema/stats/rank_test.h"
#include "schema/stats/resample.h"

const char *verdict_word(enum verdict_kind kind)
{
    static const char *const words[] = {
        [VERDICT_BETTER] = "better",       [VERDICT_WORSE] = "worse",     [VERDICT_SAME] = "~",
        [VERDICT_UNTESTED] = "not tested", [VERDICT_MISSING] = "missing", [VERDICT_OTHER] = "other output"};

    return words[kind];
}

/* Whether a greater quotient of other and base is worse: the ratio is turned round. */
static bool is_turned(enum direction direction)
{
    return direction == DIRECTION_LOWER;
}

int verdict_interval(const struct evidence *base, const struct evidence *other, enum direction direction,
                     const char *cell, struct verdict *verdict, struct err *err)
{
    const struct resampling how = {random_seed_of(cell, "ratio"), RESAMPLE_REPLICATES, 0.95};
    const struct evidence *above = is_turned(direction) ? base : other, *below = is_turned(direction) ? other : base;
    struct interval interval;
    const int status = stats_resampled_ratio(above->values, above->value_count, below->values, below->value_count, &how,
                                             &interval, err);

    if (status == -ERR_NOTHING || status == -ERR_DATA)
        return 0;
    if (status < 0)
        return status;
    verdict->low = interval.low;
    verdict->high = interval.high;
    return 0;
}

bool evidence_outputs_differ(const struct evidence *base, const struct evidence *other)
{
    const bool stated =
        (base->output == NULL || base->output[0] != '\0') && (other->output == NULL || other->output[0] != '\0');

    return stated && (base->output == NULL || !text_equal(base->output, other->output));
}

static const char *reason_not_to_test(const struct evidence *base, const struct evidence *other,
                                      enum direction direction)
{
    if (direction == DIRECTION_UNKNOWN)
        return "nothing says which way is better";
    if (base->basis == NULL || other->basis == NULL)
        return "a side has one value and no samples";
    if (base->member_count < VERDICT_LEAST || other->member_count < VERDICT_LEAST)
        return "fewer than 6 values on a side";
    if (!text_equal(base->basis, other->basis))
        return "the sides vary at different levels";
    return NULL;
}

int verdict_test(const struct evidence *base, const struct evidence *other, enum direction direction,
                 struct verdict *ret, struct err *err)
{
    const double none = (double)NAN;
    struct verdict verdict = {.kind = VERDICT_MISSING, .ratio = none, .low = none, .high = none, .p = none, .q = none};
    struct rank_test test;
    int status = 0;

    if (isfinite(base->value) && isfinite(other->value) && evidence_outputs_differ(base, other)) {
        verdict.kind = VERDICT_OTHER;
        verdict.why = "the runs put out different things: their speeds are not comparable";
    } else if (isfinite(base->value) && isfinite(other->value)) {
        verdict.kind = VERDICT_UNTESTED;
        if (base->value > 0 && other->value > 0)
            verdict.ratio = is_turned(direction) ? base->value / other->value : other->value / base->value;
        verdict.one_device = base->devices <= 1 || other->devices <= 1;
        verdict.why = reason_not_to_test(base, other, direction);
        if (verdict.why == NULL) {
            status =
                stats_rank_test(other->members, other->member_count, base->members, base->member_count, &test, err);
            verdict.p = status == 0 ? test.p : none;
        }
    }
    if (status == 0)
        *ret = verdict;
    return status;
}

int verdict_of(const struct evidence *base, const struct evidence *other, enum direction direction, const char *cell,
               struct verdict *ret, struct err *err)
{
    const int status = verdict_test(base, other, direction, ret, err);

    return status < 0 || isnan(ret->p) ? status : verdict_interval(base, other, direction, cell, ret, err);
}

static void decide(struct verdict *verdict)
{
    const bool certain = verdict->q <= VERDICT_CHANCE;
    const bool large = verdict->ratio >= 1 + VERDICT_STEP || verdict->ratio <= 1 / (1 + VERDICT_STEP);

    if (certain && large) {
        verdict->kind = verdict->ratio > 1 ? VERDICT_BETTER : VERDICT_WORSE;
        return;
    }
    verdict->kind = VERDICT_SAME;
    verdict->why = large     ? "the test shows no difference"
                   : certain ? "the difference is below 5 %"
                             : "no difference shown";
}

int verdicts_settle(struct verdict *const *verdicts, size_t count, struct err *err)
{
    autofree double *p = mem_zalloc(count + 1, sizeof(*p));

    if (p == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        p[i] = verdicts[i]->p;
    const int status = stats_adjust(p, count, err);

    if (status < 0)
        return status;
    for (size_t i = 0; i < count; i++) {
        verdicts[i]->q = p[i];
        if (!isnan(p[i]))
            decide(verdicts[i]);
    }
    return 0;
}
