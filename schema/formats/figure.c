#include "schema/formats/figure.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
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

static void drop_flag(struct flag_list *flags, const char *flag)
{
    size_t kept = 0;
    for (size_t i = 0; i < flags->count; i++)
        if (!text_equal(flags->items[i], flag))
            flags->items[kept++] = flags->items[i];
    flags->count = kept;
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

static double finite_or_missing(double value)
{
    return isfinite(value) ? value : MISSING;
}

struct measurement *figure_add(struct reading *reading, struct run *run, const struct figure *figure)
{
    struct arena *arena = &reading->arena;
    const struct metric *known = catalog_metric(figure->metric);
    double factor = known != NULL ? catalog_unit_factor(figure->unit, known->unit) : 1;
    bool converted = isfinite(factor) && !number_equal(factor, 1);
    if (!converted)
        factor = 1;
    struct stated_figures stated = figure->stated;
    stated.mean *= factor;
    stated.stddev *= factor;
    double *samples = stated.sample_count > 0 ? arena_alloc(arena, stated.sample_count, sizeof *samples) : NULL;
    for (size_t i = 0; samples != NULL && i < stated.sample_count; i++)
        samples[i] = figure->stated.samples[i] * factor;
    stated.samples = samples;
    if (samples == NULL)
        stated.sample_count = 0;
    struct measurement *measurement = reader_measure(reading, run, figure->metric, figure->unit, &stated);
    if (measurement == NULL)
        return NULL;
    if (measurement->sample_count == 0) {
        measurement->min = finite_or_missing(figure->min * factor);
        measurement->max = finite_or_missing(figure->max * factor);
        measurement->median = finite_or_missing(figure->median * factor);
    }
    if (isfinite(measurement->stddev) && (isfinite(stated.stddev) || measurement->sample_count == 0))
        measurement->stddev_kind = figure->kind;
    if (measurement->sample_count > 1)
        compare_with_samples(arena, measurement, figure, factor);
    if (converted && isfinite(figure->stated.mean)) {
        measurement->original_unit = arena_strdup(arena, figure->unit);
        measurement->original_value = figure->stated.mean;
    }
    if (may_be_negative(figure->metric))
        drop_flag(&measurement->flags, "not_positive");
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
