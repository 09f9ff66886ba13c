/* Figures on their own: finite, positive, their times. */
#include <math.h>
#include <stdio.h>

#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/checks/rules.h"

#define SECOND_US INT64_C(1000000)
#define FUTURE_US (600 * SECOND_US)     /* ten minutes */
#define ZONE_US (14 * 3600 * SECOND_US) /* a time without zone may be this far ahead of UTC */
#define YEAR_2000_US (INT64_C(946684800) * SECOND_US)

/* Times and rates cannot be zero or less; counts of errors, temperatures and scores may. */
static bool must_be_positive(const struct measurement *measurement)
{
    const struct metric *known = catalog_metric(measurement->metric);
    struct str unit = str_of(known != NULL ? known->unit : measurement->unit);
    if (unit.len == 0 || measurement->direction == DIRECTION_UNKNOWN)
        return false;
    return str_ends_with(unit, STR("/s")) || str_equal(unit, STR("ms")) || str_equal(unit, STR("s")) ||
           str_equal(unit, STR("us")) || str_equal(unit, STR("ns"));
}

/* Parts of a time: a process may spend none in the kernel, none in collecting garbage, and less than a tick at all. */
static bool may_be_zero(const struct measurement *measurement)
{
    static const char *const parts[] = {"user_time", "system_time", "cpu_time", "gc_time"};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        if (text_equal(measurement->metric, parts[i]))
            return true;
    return false;
}

static void check_finite(const struct check *check, size_t index, const struct measurement *measurement)
{
    size_t bad = 0;
    for (size_t i = 0; i < measurement->sample_count; i++)
        bad += isfinite(measurement->samples[i]) ? 0 : 1;
    if (bad > 0)
        check_add(check, RULE_NOT_FINITE, index, measurement->metric, (double)NAN, (double)NAN,
                  "%zu of %zu samples are not finite numbers", bad, measurement->sample_count);
    else if (flags_has(&measurement->flags, "not_finite"))
        check_add(check, RULE_NOT_FINITE, index, measurement->metric, (double)NAN, (double)NAN,
                  "the file states a figure that is not a finite number");
}

static void check_positive(const struct check *check, size_t index, const struct measurement *measurement)
{
    if (!must_be_positive(measurement))
        return;
    double least = measurement->mean;
    for (size_t i = 0; i < measurement->sample_count; i++)
        if (!isfinite(least) || measurement->samples[i] < least)
            least = measurement->samples[i];
    if (isfinite(least) && (least < 0 || (least <= 0 && !may_be_zero(measurement))))
        check_add(check, RULE_NOT_POSITIVE, index, measurement->metric, least, (double)NAN, "%.6g %s is not above zero",
                  least, measurement->unit != NULL ? measurement->unit : "");
}

void check_values(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    for (size_t i = 0; i < run->measurement_count; i++) {
        check_finite(check, index, &run->measurements[i]);
        check_positive(check, index, &run->measurements[i]);
    }
}

void check_time(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    if (run->ran_at == NULL)
        return;
    char text[CLOCK_TEXT_SIZE + 4];
    (void)snprintf(text, sizeof text, "%.38s%s", run->ran_at, run->ran_at_local ? "Z" : "");
    int64_t time = 0;
    if (!clock_parse(str_of(text), &time))
        return;
    int64_t ahead = FUTURE_US + (run->ran_at_local ? ZONE_US : 0);
    char now[CLOCK_TEXT_SIZE];
    if (check->now_us != 0 && time > check->now_us + ahead)
        check_add(check, RULE_TIME_IN_FUTURE, index, NULL, (double)NAN, (double)NAN, "ran at %.38s, but it is %s",
                  run->ran_at, clock_format(now, check->now_us));
    if (time < YEAR_2000_US)
        check_add(check, RULE_TIME_IMPLAUSIBLE, index, NULL, (double)NAN, (double)NAN, "ran at %.38s", run->ran_at);
}
