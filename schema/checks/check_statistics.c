/* Stated statistics against the samples and against one another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/checks/rules.h"
#include "schema/stats/order.h"
#include "schema/stats/summary.h"

#define SAMPLE_DIGITS 6e-6 /* samples are often printed with 6 significant digits: half a unit is up to 5e-6 */
#define STDDEV_TOLERANCE 0.01
#define HIGH_VARIATION 0.10
#define SAME_VARIATION 0.01
#define ROWS_LEAST ((size_t)4)

/* Half a unit of the last decimal that a figure was printed with: 24.13 may stand for 24.125 to 24.135. */
static double printed_half_unit(double value)
{
    char text[NUMBER_TEXT_SIZE];
    if (!isfinite(value))
        return 0;
    (void)number_shortest(text, value);
    const char *point = strchr(text, '.'), *exponent = strchr(text, 'e');
    size_t digits = point != NULL ? strspn(point + 1, "0123456789") : 0;
    double scale = exponent != NULL ? strtod(exponent + 1, NULL) : 0;
    return 0.5 * pow(10, scale - (double)digits);
}

/* Within the tolerance, or within it and what the printing of one of them rounds away: that is asked last, because it
 * takes longer than all else and good figures do not need it. */
static bool is_near(double a, double b, double tolerance, double printed)
{
    double apart = fabs(a - b);
    return apart <= tolerance || apart <= tolerance + printed_half_unit(printed);
}

static void compare(const struct check *check, size_t index, const struct measurement *measurement, const char *what,
                    double stated, double computed, double tolerance)
{
    if (!isfinite(stated) || !isfinite(computed) || is_near(stated, computed, tolerance, stated))
        return;
    check_add(check, RULE_STATED_STATISTICS, index, measurement->metric, stated, computed,
              "%s is stated as %.8g, but the %zu samples give %.8g", what, stated, measurement->sample_count, computed);
}

/* Either kind of deviation passes unless the file says which one it means. */
static void compare_stddev(const struct check *check, size_t index, const struct measurement *measurement,
                           const struct summary *summary)
{
    if (!isfinite(measurement->stddev) || summary->n < 2)
        return;
    double tolerance = STDDEV_TOLERANCE * summary->stddev + 2 * SAMPLE_DIGITS * fabs(summary->mean);
    bool population = measurement->stddev_kind == STDDEV_POPULATION;
    double wanted = population ? summary->stddev_population : summary->stddev;
    if (is_near(measurement->stddev, wanted, tolerance, measurement->stddev) ||
        (measurement->stddev_kind == STDDEV_UNKNOWN &&
         is_near(measurement->stddev, summary->stddev_population, tolerance, measurement->stddev)))
        return;
    check_add(check, RULE_STATED_STATISTICS, index, measurement->metric, measurement->stddev, wanted,
              "the standard deviation is stated as %.6g, but the %zu samples give %.6g", measurement->stddev,
              summary->n, wanted);
}

static void check_samples(const struct check *check, size_t index, const struct measurement *measurement)
{
    autofree double *sorted = mem_zalloc(measurement->sample_count + 1, sizeof *sorted);
    size_t count = 0;
    if (sorted == NULL) {
        check->findings->arena.failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < measurement->sample_count; i++)
        if (isfinite(measurement->samples[i]))
            sorted[count++] = measurement->samples[i];
    if (count == 0)
        return;
    stats_sort(sorted, count);
    struct summary summary = stats_summary(sorted, count);
    double digits = SAMPLE_DIGITS * fabs(summary.mean);
    compare(check, index, measurement, "the mean", measurement->mean, summary.mean, digits);
    compare(check, index, measurement, "the median", measurement->median, summary.median, digits);
    compare(check, index, measurement, "the minimum", measurement->min, summary.min, digits);
    compare(check, index, measurement, "the maximum", measurement->max, summary.max, digits);
    compare_stddev(check, index, measurement, &summary);
    if (measurement->n != COUNT_UNKNOWN && measurement->n != (int64_t)count &&
        measurement->n != (int64_t)measurement->sample_count)
        check_add(check, RULE_SAMPLE_COUNT, index, measurement->metric, (double)measurement->n, (double)count,
                  "n is stated as %lld, but there are %zu samples", (long long)measurement->n, count);
}

/* `low` may not be above `high`, but for what their printing rounds away. */
static bool is_above(double low, double high)
{
    if (!isfinite(low) || !isfinite(high) || low <= high)
        return false;
    return low - high > printed_half_unit(low) + printed_half_unit(high) + SAMPLE_DIGITS * fabs(high);
}

static void check_possible(const struct check *check, size_t index, const struct measurement *measurement)
{
    static const char *const names[] = {"mean", "median", "maximum"};
    const double above[] = {measurement->mean, measurement->median, measurement->max};
    for (size_t i = 0; i < ARRAY_LENGTH(above); i++)
        if (is_above(measurement->min, above[i]))
            check_add(check, RULE_IMPOSSIBLE_STATISTICS, index, measurement->metric, above[i], measurement->min,
                      "the %s %.8g is below the minimum %.8g", names[i], above[i], measurement->min);
    for (size_t i = 0; i < 2; i++)
        if (is_above(above[i], measurement->max))
            check_add(check, RULE_IMPOSSIBLE_STATISTICS, index, measurement->metric, above[i], measurement->max,
                      "the %s %.8g is above the maximum %.8g", names[i], above[i], measurement->max);
    /* Two samples at the ends have the largest sample deviation: range / √2. */
    double most = (measurement->max - measurement->min) / sqrt(2.0);
    if (measurement->stddev > most &&
        is_above(measurement->stddev, most + printed_half_unit(measurement->max) + printed_half_unit(measurement->min)))
        check_add(check, RULE_IMPOSSIBLE_STATISTICS, index, measurement->metric, measurement->stddev, most,
                  "the standard deviation %.6g is larger than the range allows (%.6g)", measurement->stddev, most);
    if (measurement->stddev < 0)
        check_add(check, RULE_IMPOSSIBLE_STATISTICS, index, measurement->metric, measurement->stddev, 0,
                  "the standard deviation %.6g is below zero", measurement->stddev);
}

void check_statistics(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    for (size_t i = 0; i < run->measurement_count; i++) {
        if (run->measurements[i].sample_count > 0)
            check_samples(check, index, &run->measurements[i]);
        check_possible(check, index, &run->measurements[i]);
    }
}

/* Coefficient of variation; NAN when there is none or the one value says nothing. */
static double variation(const struct measurement *measurement)
{
    if (!isfinite(measurement->stddev) || !isfinite(measurement->mean) || measurement->mean <= 0 ||
        measurement->stddev <= 0 || measurement->n == 1)
        return (double)NAN;
    return measurement->stddev / measurement->mean;
}

/* Four digits, and no exponent where people do not expect one: 14745, not 1.474e+04. */
static int decimals_of(double value)
{
    double digits = floor(log10(fabs(value)));
    return digits >= 3 || !isfinite(digits) ? 0 : digits < -9 ? 12 : (int)(3 - digits);
}

static void add_variance(const struct check *check, size_t index, const struct measurement *measurement, double found)
{
    const char *unit = text_is_empty(measurement->unit) ? "" : measurement->unit, *blank = unit[0] != '\0' ? " " : "";
    check_add(check, RULE_HIGH_VARIANCE, index, measurement->metric, found, HIGH_VARIATION,
              "standard deviation %.*f%s%s of mean %.*f%s%s is %.1f %%", decimals_of(measurement->stddev),
              measurement->stddev, blank, unit, decimals_of(measurement->mean), measurement->mean, blank, unit,
              100 * found);
}

void check_variance(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    for (size_t i = 0; i < run->measurement_count; i++) {
        const struct measurement *measurement = &run->measurements[i];
        double found = variation(measurement);
        if (found > HIGH_VARIATION)
            add_variance(check, index, measurement, found);
    }
}

struct row {
    const char *metric;
    double variation, mean;
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = strcmp(a->metric, b->metric);
    return order != 0 ? order : (a->variation > b->variation) - (a->variation < b->variation);
}

/* Rows of one metric, sorted by their variation: all of them the same although the means differ. */
static void check_group(const struct check *check, const struct row *rows, size_t count)
{
    if (count < ROWS_LEAST || rows[count - 1].variation > rows[0].variation * (1 + SAME_VARIATION))
        return;
    double least = rows[0].mean, most = rows[0].mean;
    for (size_t i = 1; i < count; i++) {
        least = fmin(least, rows[i].mean);
        most = fmax(most, rows[i].mean);
    }
    if (most < least * 1.05)
        return;
    check_add(check, RULE_CONSTANT_VARIATION, CHECK_NO_RUN, rows[0].metric, rows[0].variation, (double)NAN,
              "all %zu results of %.60s have a standard deviation of %.3g %% of their mean", count, rows[0].metric,
              100 * rows[0].variation);
}

int check_constant_variation(const struct check *check, struct err *err)
{
    autofree struct row *rows = NULL;
    size_t count = 0, capacity = 0;
    for (size_t r = 0; r < check->reading->run_count; r++) {
        const struct run *run = &check->reading->runs[r];
        for (size_t i = 0; i < run->measurement_count; i++) {
            const struct measurement *measurement = &run->measurements[i];
            if (!isfinite(variation(measurement)) || measurement->metric == NULL)
                continue;
            if (mem_grow(&rows, &capacity, count + 1, sizeof *rows) < 0)
                return mem_error(err);
            rows[count++] = (struct row){measurement->metric, variation(measurement), measurement->mean};
        }
    }
    if (count > 1)
        qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t from = 0, to = 0; from < count; from = to) {
        for (to = from; to < count && text_equal(rows[to].metric, rows[from].metric);)
            to++;
        check_group(check, rows + from, to - from);
    }
    return 0;
}
