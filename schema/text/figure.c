/* Number formats; rules and reasons: figure.h. */
#include "schema/text/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"

#define MINUS "−"
#define TIMES "×"
#define NARROW_SPACE "\u202F" /* thin and no line break */
#define DECIMALS_MAX 12
#define COLUMN_DECIMALS_MAX 6

/* floor(log10(v)) by comparison with powers of ten, exact at the borders. */
static int magnitude(double value)
{
    int power = 0;

    double bound = 10, scaled = value;
    while (value >= bound && power < 300) {
        bound *= 10;
        power++;
    }
    while (scaled < 1 && power > -300) {
        scaled *= 10;
        power--;
    }
    return power;
}

static int clamp_decimals(int decimals)
{
    if (decimals < 0)
        return 0;
    return decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

int figure_decimals(double value, double half_width)
{
    if (isfinite(half_width) && half_width > 0) {
        const int power = magnitude(half_width);
        const double leading = half_width / pow(10, power);

        return clamp_decimals(leading >= 3 ? -power : 1 - power);
    }
    const double size = fabs(value);

    /* By the value as it will print: 99.96 is "100", not "100.0". */
    if (!isfinite(size) || size >= 99.95 || !(size > 0))
        return 0;
    if (size >= 9.995)
        return 1;
    return size >= 0.9995 ? 2 : clamp_decimals(2 - magnitude(size));
}

int figure_stated_decimals(double value)
{
    double scaled = fabs(value);

    for (int decimals = 0; decimals < DECIMALS_MAX; decimals++) {
        if (fabs(scaled - nearbyint(scaled)) <= 1e-9 * fmax(scaled, 1))
            return decimals;
        scaled *= 10;
    }
    return DECIMALS_MAX;
}

void figure_column_add(struct figure_column *column, double value, double half_width)
{
    if (!isfinite(value))
        return;
    const int decimals = figure_decimals(value, half_width), stated = figure_stated_decimals(value);

    column->most = decimals > column->most ? decimals : column->most;
    column->stated = stated > column->stated ? stated : column->stated;
    column->greatest = fmax(column->greatest, fabs(value));
    column->spread = column->spread || isfinite(half_width);
}

int figure_column_decimals(const struct figure_column *column)
{
    int decimals = column->most < COLUMN_DECIMALS_MAX ? column->most : COLUMN_DECIMALS_MAX;

    if (!column->spread && column->greatest >= 100 && column->stated < decimals)
        decimals = column->stated;
    return decimals;
}

/* Digits with a comma before every third from the right of the integer part; digits as from %.*f. */
static void add_grouped(char *target, size_t size, const char *digits)
{
    const char *point = strchr(digits, '.');
    const size_t whole = point != NULL ? (size_t)(point - digits) : strlen(digits);
    size_t used = strlen(target);

    for (size_t i = 0; digits[i] != '\0' && used + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            target[used++] = ',';
        target[used++] = digits[i];
    }
    target[used] = '\0';
}

static bool is_all_zero(const char *digits)
{
    return strspn(digits, "0.") == strlen(digits);
}

const char *figure_fixed(char target[FIGURE_SIZE], double value, int decimals)
{
    char digits[FIGURE_SIZE];

    if (!isfinite(value)) {
        text_copy(target, FIGURE_SIZE, FIGURE_MISSING);
        return target;
    }
    if (fabs(value) >= 1e21) {
        text_copy(target, FIGURE_SIZE, number_shortest(digits, value));
        return target;
    }
    number_fixed(digits, sizeof(digits), fabs(value), clamp_decimals(decimals));
    target[0] = '\0';
    if (value < 0 && !is_all_zero(digits))
        text_copy(target, FIGURE_SIZE, MINUS);
    add_grouped(target, FIGURE_SIZE, digits);
    return target;
}

const char *figure_value(char target[FIGURE_SIZE], double value, double half_width)
{
    return figure_fixed(target, value, figure_decimals(value, half_width));
}

/* Decimals after rounding: 9.96 is "10×", not "10.0×"; 0.998 is "1.0×", not "1.00×". */
static int factor_decimals(double factor)
{
    if (factor >= 9.95)
        return 0;
    if (factor >= 0.995)
        return 1;
    if (factor >= 0.0995)
        return 2;
    return factor > 0 ? clamp_decimals(1 - magnitude(factor)) : 1;
}

static void add_suffix(char target[FIGURE_SIZE], const char *suffix)
{
    const size_t used = strlen(target);

    text_copy(target + used, FIGURE_SIZE - used, suffix);
}

const char *figure_factor(char target[FIGURE_SIZE], double factor)
{
    if (!isfinite(factor) || factor < 0) {
        text_copy(target, FIGURE_SIZE, FIGURE_MISSING);
        return target;
    }
    figure_fixed(target, factor, factor_decimals(factor));
    add_suffix(target, TIMES);
    return target;
}

const char *figure_factor_range(char target[FIGURE_SIZE], double low, double high)
{
    char lower[FIGURE_SIZE], upper[FIGURE_SIZE];

    if (!isfinite(low) || !isfinite(high)) {
        text_copy(target, FIGURE_SIZE, FIGURE_MISSING);
        return target;
    }
    int decimals = factor_decimals(low);

    figure_fixed(lower, low, decimals);
    figure_fixed(upper, high, decimals);
    if (text_equal(lower, upper)) {
        decimals++;
        figure_fixed(lower, low, decimals);
        figure_fixed(upper, high, decimals);
    }
    text_copy(target, FIGURE_SIZE, lower);
    add_suffix(target, "–");
    add_suffix(target, upper);
    add_suffix(target, TIMES);
    return target;
}

bool figure_factor_is_open(double low, double high)
{
    return isfinite(low) && isfinite(high) && low <= 1 && high >= 1;
}

const char *figure_percent(char target[FIGURE_SIZE], double percent, int decimals, bool with_sign)
{
    char digits[FIGURE_SIZE];

    if (!isfinite(percent)) {
        text_copy(target, FIGURE_SIZE, FIGURE_MISSING);
        return target;
    }
    figure_fixed(digits, percent, decimals);
    text_copy(target, FIGURE_SIZE, with_sign && percent > 0 && !is_all_zero(digits) ? "+" : "");
    add_suffix(target, digits);
    add_suffix(target, NARROW_SPACE "%");
    return target;
}

const char *figure_count(char target[FIGURE_SIZE], int64_t count)
{
    char digits[FIGURE_SIZE];

    if (count < 0) {
        text_copy(target, FIGURE_SIZE, FIGURE_MISSING);
        return target;
    }
    (void)snprintf(digits, sizeof(digits), "%lld", (long long)count);
    target[0] = '\0';
    add_grouped(target, FIGURE_SIZE, digits);
    return target;
}

const char *figure_finer_unit(const char *unit, double *ret_factor)
{
    static const struct {
        const char *unit, *finer;
    } steps[] = {{"s", "ms"},      {"ms", "µs"},     {"us", "ns"}, {"µs", "ns"},
                 {"GB/s", "MB/s"}, {"MB/s", "kB/s"}, {"GB", "MB"}, {"TFLOPS", "GFLOPS"}};

    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++)
        if (text_equal(unit, steps[i].unit)) {
            *ret_factor = 1000;
            return steps[i].finer;
        }
    return NULL;
}
