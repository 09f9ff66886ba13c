#include "schema/checks/checks.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "schema/base/str.h"
#include "schema/checks/rules.h"

/* A reading of nonsense would find something everywhere; what decides is found long before. */
#define FLAGS_MAX ((size_t)1000)
#define FINDINGS_MAX ((size_t)2000)

const struct check_rule check_rules[] = {
    [RULE_BANDWIDTH_TIME_BYTES] = {"bandwidth_time_bytes", CHECK_QUARANTINE,
                                   "Bandwidth times time must be the bytes of the model, within 3 percent."},
    [RULE_UNIT_SLIP] = {"unit_slip", CHECK_QUARANTINE,
                        "Two figures of one run disagree by a factor that a wrong unit explains."},
    [RULE_ABOVE_RATED_BANDWIDTH] = {"above_rated_bandwidth", CHECK_QUARANTINE,
                                    "Measured memory bandwidth must not exceed the rated bandwidth of the chip."},
    [RULE_DECODE_ABOVE_BANDWIDTH] = {"decode_above_bandwidth", CHECK_QUARANTINE,
                                     "Each generated token reads the active weights once: tokens per second times "
                                     "their bytes must not exceed the rated bandwidth."},
    [RULE_PROMPT_ABOVE_PEAK] = {"prompt_above_peak", CHECK_QUARANTINE,
                                "Each token of a prompt takes two operations an active weight: their rate must not "
                                "exceed what the chip computes at most."},
    [RULE_CONTRADICTORY_FIELDS] = {"contradictory_fields", CHECK_QUARANTINE,
                                   "Two fields of one submission must not contradict each other."},
    [RULE_TOKENS_TIME_RATE] = {"tokens_time_rate", CHECK_FLAG,
                               "Tokens per second times the time must be the tokens that are stated, within 25 "
                               "percent."},
    [RULE_NOT_FINITE] = {"not_finite", CHECK_FLAG, "A figure or a sample is not a finite number."},
    [RULE_NOT_POSITIVE] = {"not_positive", CHECK_QUARANTINE, "A time or a rate must be above zero."},
    [RULE_STATED_STATISTICS] =
        {"stated_statistics", CHECK_QUARANTINE,
         "Stated mean, median, minimum, maximum and deviation must be those of the stated samples."},
    [RULE_IMPOSSIBLE_STATISTICS] = {"impossible_statistics", CHECK_QUARANTINE,
                                    "Minimum, mean, median, maximum and deviation must be possible together."},
    [RULE_SAMPLE_COUNT] = {"sample_count", CHECK_FLAG, "The stated count must be the number of samples."},
    [RULE_HIGH_VARIANCE] = {"high_variance", CHECK_FLAG, "The standard deviation is more than 10 percent of the mean."},
    [RULE_CONSTANT_VARIATION] =
        {"constant_variation", CHECK_FLAG,
         "Four or more results have the same relative deviation, which measured results do not have."},
    [RULE_TIME_IN_FUTURE] = {"time_in_future", CHECK_QUARANTINE, "A run must not lie in the future."},
    [RULE_TIME_IMPLAUSIBLE] = {"time_implausible", CHECK_QUARANTINE,
                               "A run lies before the year 2000: the clock was not set."},
};
const size_t check_rule_count = RULE_COUNT;
_Static_assert(ARRAY_LENGTH(check_rules) == RULE_COUNT, "one row a rule");

const struct check_rule *check_rule_by_name(const char *name)
{
    for (size_t i = 0; i < check_rule_count; i++)
        if (text_equal(check_rules[i].name, name))
            return &check_rules[i];
    return NULL;
}

const char *check_severity_word(enum check_severity severity)
{
    switch (severity) {
    case CHECK_FLAG:
        return "flag";
    case CHECK_QUARANTINE:
        break;
    }
    return "quarantine";
}

bool check_flag_voids(const char *flag)
{
    static const char *const words[] = {"failed", "invalid", "negative_tokens"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (text_equal(words[i], flag))
            return true;
    return false;
}

void findings_done(struct findings *findings)
{
    arena_done(&findings->arena);
    *findings = (struct findings){0};
}

bool findings_quarantine(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].rule->severity == CHECK_QUARANTINE)
            return true;
    return false;
}

void check_add(const struct check *check, enum rule_id rule, size_t run, const char *metric, double found,
               double expected, const char *format, ...)
{
    struct findings *findings = check->findings;
    size_t most = check_rules[rule].severity == CHECK_FLAG ? FLAGS_MAX : FINDINGS_MAX;
    if (findings->count >= most) {
        findings->more = findings->more || check_rules[rule].severity == CHECK_QUARANTINE;
        return;
    }
    char text[300] = "";
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct finding *items =
        arena_grow(&findings->arena, findings->items, &findings->capacity, findings->count + 1, sizeof *items);
    if (items == NULL)
        return;
    findings->items = items;
    double deviation = isfinite(found) && fabs(expected) > 0 ? found / expected - 1 : (double)NAN;
    items[findings->count++] = (struct finding){
        .rule = &check_rules[rule],
        .run = run,
        .metric = arena_strdup(&findings->arena, metric),
        .message = arena_strdup(&findings->arena, text),
        .found = found,
        .expected = expected,
        .deviation = deviation,
    };
}

const struct measurement *check_measurement(const struct run *run, const char *metric)
{
    for (size_t i = 0; i < run->measurement_count; i++) {
        const struct measurement *measurement = &run->measurements[i];
        if (text_equal(measurement->metric, metric) && isfinite(measurement->mean) && measurement->mean > 0)
            return measurement;
    }
    return NULL;
}

int checks_run(const struct reading *reading, const struct check_options *options, struct findings *findings,
               struct err *err)
{
    static void (*const rules[])(const struct check *, size_t) = {
        check_bandwidth_time, check_rated_bandwidth, check_decode_rate, check_prompt_rate, check_fields,
        check_values,         check_statistics,      check_variance,    check_time,
    };
    struct known_chip known = {0};
    const struct check check = {reading, options != NULL ? options->now_us : 0, findings, &known};
    for (size_t run = 0; run < reading->run_count; run++)
        for (size_t rule = 0; rule < ARRAY_LENGTH(rules); rule++)
            rules[rule](&check, run);
    int result = check_constant_variation(&check, err);
    return result < 0 ? result : arena_check(&findings->arena, err);
}
