#include "schema/formats/figure.h"

#include <math.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/given_figures.h"
#include "schema/stats/order.h"
#include "schema/stats/summary.h"

/* Printed figures are rounded; what is further off than this was computed otherwise. Of a spread fewer digits are
 * printed than of a median. */
#define TOLERANCE_SPREAD 1e-2
#define TOLERANCE_MEDIAN 1e-3

struct figure figure_of(const char *metric, const char *unit, double value)
{
    struct figure figure = {
        .metric = metric,
        .unit = unit,
        .stated = STATED_FIGURES,
        .min = MISSING,
        .max = MISSING,
        .median = MISSING,
        .kind = STDDEV_UNKNOWN,
    };
    figure.stated.mean = value;
    figure.stated.mean_not_finite = !isfinite(value);
    return figure;
}

/* The difference of two memory states may well be zero or less. */
static bool may_be_negative(const char *metric)
{
    return text_equal(metric, "memory_increase") || text_equal(metric, "gpu_memory_increase");
}

static bool differs(double stated, double computed, double tolerance, double scale)
{
    return isfinite(stated) && isfinite(computed) &&
           fabs(stated - computed) > tolerance * fabs(computed) + 1e-9 * scale;
}

static void compare_with_samples(struct arena *arena, struct measurement *measurement, const struct figure *figure,
                                 double factor)
{
    double *sorted = arena_alloc(arena, measurement->sample_count, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; sorted != NULL && i < measurement->sample_count; i++)
        if (isfinite(measurement->samples[i]))
            sorted[count++] = measurement->samples[i];
    if (count == 0)
        return;
    stats_sort(sorted, count);
    struct summary summary = stats_summary(sorted, count);
    double spread = figure->kind == STDDEV_POPULATION ? summary.stddev_population : summary.stddev;
    double scale = fabs(summary.max) + fabs(summary.min);
    if (differs(figure->stated.stddev * factor, spread, TOLERANCE_SPREAD, scale))
        flags_add(arena, &measurement->flags, "stddev_differs");
    if (differs(figure->median * factor, summary.median, TOLERANCE_MEDIAN, scale))
        flags_add(arena, &measurement->flags, "median_differs");
}

struct measurement *figure_add(struct reading *reading, struct run *run, const struct figure *figure)
{
    const struct metric *known = catalog_metric(figure->metric);
    const double factor = known != NULL ? catalog_unit_factor(figure->unit, known->unit) : 1;
    const bool samples = figure->stated.sample_count > 0;
    const struct given_figures given = {
        .unit = figure->unit,
        .stated = figure->stated,
        .min = samples ? MISSING : figure->min,
        .max = samples ? MISSING : figure->max,
        .median = samples ? MISSING : figure->median,
        .stddev_kind = figure->kind,
        .any_sign = may_be_negative(figure->metric),
    };
    struct measurement *measurement = figures_add(reading, run, figure->metric, &given);
    if (measurement != NULL && measurement->sample_count > 1)
        compare_with_samples(&reading->arena, measurement, figure, isfinite(factor) ? factor : 1);
    return measurement;
}

void figure_add_value(struct reading *reading, struct run *run, const char *metric, const char *unit, double value)
{
    struct figure figure = figure_of(metric, unit, value);
    figure_add(reading, run, &figure);
}

void figure_set_model(struct reading *reading, struct run *run, struct str name)
{
    static const char *const extensions[] = {".gguf", ".safetensors", ".st", ".mlpackage", ".mlmodelc", ".onnx"};
    struct arena *arena = &reading->arena;
    struct str folder, base;
    if (name.len == 0)
        return;
    reader_split_path(str_trim(name), &folder, &base);
    for (size_t i = 0; base.len == 0 && i < 8 && folder.len > 0; i++) /* "models/phi-4/" */
        reader_split_path(folder, &folder, &base);
    const char *given = reader_text(arena, base);
    if (given == NULL || reader_is_placeholder(given))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(extensions); i++)
        if (str_ends_with(base, str_of(extensions[i])) && base.len > strlen(extensions[i]))
            base.len -= strlen(extensions[i]);
    const struct model *known = catalog_match_model(given, MISSING, MISSING);
    run->workload.model = known != NULL ? arena_strdup(arena, known->name) : reader_text(arena, base);
    run->workload.model_as_given = given;
    run->workload.quantization = arena_strdup(arena, catalog_match_quantization(given));
}
