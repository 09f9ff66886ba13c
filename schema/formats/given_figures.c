#include "schema/formats/given_figures.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

#define ROUNDING 1e-9

/* Factors are powers of ten or of two: the quotient of two of them is off by its last bit, what it stands for is not.
 */
static double scaled(double value, double factor)
{
    double whole = round(factor), inverse = round(1 / factor);
    if (whole >= 1 && fabs(factor - whole) < ROUNDING * whole)
        return value * whole;
    if (inverse >= 1 && fabs(1 / factor - inverse) < ROUNDING * inverse)
        return value / inverse;
    return value * factor;
}

static void scale_stated(struct arena *arena, struct stated_figures *stated, double factor)
{
    stated->mean = scaled(stated->mean, factor);
    stated->stddev = scaled(stated->stddev, factor);
    if (stated->sample_count == 0)
        return;
    double *samples = arena_alloc(arena, stated->sample_count, sizeof *samples);
    for (size_t i = 0; samples != NULL && i < stated->sample_count; i++)
        samples[i] = scaled(stated->samples[i], factor);
    stated->samples = samples;
    if (samples == NULL)
        stated->sample_count = 0;
}

static void fill(double *into, double value)
{
    if (isfinite(value))
        *into = value;
}

static void drop_flag(struct flag_list *flags, const char *flag)
{
    size_t kept = 0;
    for (size_t i = 0; i < flags->count; i++)
        if (!text_equal(flags->items[i], flag))
            flags->items[kept++] = flags->items[i];
    flags->count = kept;
}

/* As the file has it; the catalogue's unit does not take it. */
static void keep_unit(struct reading *reading, struct measurement *measurement, const struct given_figures *given)
{
    measurement->unit = arena_strdup(&reading->arena, given->unit);
    enum direction direction =
        given->direction != DIRECTION_UNKNOWN ? given->direction : figures_direction_of(given->unit);
    if (direction != DIRECTION_UNKNOWN)
        measurement->direction = direction;
}

struct measurement *figures_add(struct reading *reading, struct run *run, const char *metric,
                                const struct given_figures *given)
{
    const struct metric *known = catalog_metric(metric);
    double factor = known != NULL ? catalog_unit_factor(given->unit, known->unit) : MISSING;
    bool converted = !isnan(factor) && !number_equal(factor, 1);
    struct stated_figures stated = given->stated;
    if (converted)
        scale_stated(&reading->arena, &stated, factor);
    struct measurement *measurement = reader_measure(reading, run, metric, given->unit, &stated);
    if (measurement == NULL)
        return NULL;
    double share = converted ? factor : 1;
    fill(&measurement->min, scaled(given->min, share));
    fill(&measurement->max, scaled(given->max, share));
    fill(&measurement->median, scaled(given->median, share));
    if (!isnan(measurement->stddev) && !isnan(given->stated.stddev))
        measurement->stddev_kind = given->stddev_kind;
    if (converted) {
        measurement->original_unit = arena_strdup(&reading->arena, given->unit);
        measurement->original_value =
            isfinite(given->stated.mean) ? given->stated.mean : scaled(measurement->mean, 1 / factor);
    }
    if (isnan(factor))
        keep_unit(reading, measurement, given);
    if (given->any_sign || (given->counted && number_equal(measurement->mean, 0)))
        drop_flag(&measurement->flags, "not_positive");
    return measurement;
}

struct measurement *figures_add_value(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                      double value)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = unit;
    given.stated.mean = value;
    return figures_add(reading, run, metric, &given);
}

const char *figures_metric_of(const char *unit)
{
    static const struct {
        const char *unit, *metric;
    } rates[] = {
        {"ops/s", "operation_throughput"},
        {"events/s", "event_throughput"},
        {"req/s", "request_throughput"},
        {"samples/s", "sample_throughput"},
        {"frames/s", "frame_throughput"},
        {"IOPS", "io_operations"},
        {"/s", "throughput"},
        {"TFLOPS", "compute_throughput"},
    };
    if (text_equal_ignore_case(unit, "nanoseconds") || !isnan(catalog_unit_factor(unit, "ns")))
        return "time";
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++)
        if (!isnan(catalog_unit_factor(unit, rates[i].unit)))
            return rates[i].metric;
    return NULL;
}

enum direction figures_direction_of(const char *unit)
{
    static const char *const lower[] = {"ns", "B/op", "allocs/op", "B/iter", "J", "W"};
    static const char *const higher[] = {"B/s", "tok/s", "TFLOPS"};
    const char *metric = figures_metric_of(unit);
    if (metric != NULL)
        return text_equal(metric, "time") ? DIRECTION_LOWER : DIRECTION_HIGHER;
    for (size_t i = 0; i < ARRAY_LENGTH(lower); i++)
        if (!isnan(catalog_unit_factor(unit, lower[i])))
            return DIRECTION_LOWER;
    for (size_t i = 0; i < ARRAY_LENGTH(higher); i++)
        if (!isnan(catalog_unit_factor(unit, higher[i])))
            return DIRECTION_HIGHER;
    return DIRECTION_UNKNOWN;
}
