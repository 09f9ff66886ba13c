#include "plot/chart/plane.h"

#include <math.h>

#include "schema/base/attributes.h"

/* A point must not sit on the frame. */
#define LOG_MARGIN 0.06
#define LINEAR_STEPS 5
#define TICKS_LEAST 3
#define LINEAR_ROOM 0.03
#define LINEAR_TICKS_MOST 6
/* With so few ticks of the steps 1-2-5, doubled ones are better when they are more: they reach nearer to the ends. */
#define LOG_FEW 3

static void add_tick(struct plane_axis *axis, double tick)
{
    double slack = axis->logarithmic ? 1e-9 * tick : 1e-9 * (axis->high - axis->low);
    if (tick >= axis->low - slack && tick <= axis->high + slack) {
        if (axis->tick_count < SCALE_TICKS_MAX) {
            axis->ticks[axis->tick_count] = tick;
        }
        axis->tick_count++;
    }
}

/* Smallest round step with which the range takes at most `steps` of them. */
static double round_step(double range, double steps)
{
    static const double bases[] = {1.0, 2.0, 2.5, 5.0};
    double power = pow(10, floor(log10(range / steps)));
    while (true) {
        for (size_t i = 0; i < ARRAY_LENGTH(bases); i++) {
            if (bases[i] * power * steps >= range * (1 - 1e-9)) {
                return bases[i] * power;
            }
        }
        power *= 10;
    }
}

static void linear_ticks(struct plane_axis *axis, double step)
{
    double first = ceil(axis->low / step - 1e-9);
    axis->tick_count = 0;
    for (int i = 0; i < SCALE_TICKS_MAX; i++) {
        add_tick(axis, (first + i) * step);
    }
}

/* Ticks at base[i] × 10^(k · every). */
static void decade_ticks(struct plane_axis *axis, const double *bases, size_t base_count, int every)
{
    int first = (int)floor(log10(axis->low)), last = (int)ceil(log10(axis->high));
    axis->tick_count = 0;
    first = (int)floor((double)first / every) * every;
    for (int power = first; power <= last; power += every) {
        for (size_t i = 0; i < base_count; i++) {
            add_tick(axis, bases[i] * pow(10, power));
        }
    }
}

/* A power of ten doubled: 5, 10, 20, 40, 80. */
static void doubled_ticks(struct plane_axis *axis)
{
    double start = pow(10, ceil(log10(axis->low)));
    axis->tick_count = 0;
    for (int power = -3; power <= PLANE_TICKS_MOST; power++) {
        add_tick(axis, start * pow(2, power));
    }
}

static void log_ticks(struct plane_axis *axis)
{
    struct plane_axis doubled = *axis;
    doubled_ticks(&doubled);
    static const double bases[] = {1.0, 2.0, 5.0};
    decade_ticks(axis, bases, ARRAY_LENGTH(bases), 1);
    if (axis->tick_count <= LOG_FEW && doubled.tick_count > axis->tick_count && doubled.tick_count > TICKS_LEAST &&
        doubled.tick_count <= PLANE_TICKS_MOST) {
        *axis = doubled;
        return;
    }
    if (axis->tick_count < TICKS_LEAST) {
        /* Ends that are not round can cost a tick at either side. */
        for (int steps = LINEAR_STEPS; axis->tick_count < TICKS_LEAST; steps++) {
            linear_ticks(axis, round_step(axis->high - axis->low, steps));
        }
        return;
    }
    if (axis->tick_count > PLANE_TICKS_MOST) {
        static const double fewer[] = {1.0, 5.0};
        decade_ticks(axis, fewer, ARRAY_LENGTH(fewer), 1);
        for (int every = 1; axis->tick_count > PLANE_TICKS_MOST; every++) {
            decade_ticks(axis, bases, 1, every);
        }
    }
}

static void widen_log(struct plane_axis *axis, double least, double most)
{
    double margin = fmax(log(most / least) * LOG_MARGIN, 0.05);
    axis->low = least * exp(-margin);
    axis->high = most * exp(margin);
    if (most / least < 1 + 1e-9) {
        axis->low = least / 2;
        axis->high = most * 2;
    }
}

struct plane_axis plane_axis(double least, double most, bool logarithmic, double from, double to)
{
    struct plane_axis axis = {.logarithmic = logarithmic, .from = from, .to = to};
    if (logarithmic) {
        widen_log(&axis, least, most);
        log_ticks(&axis);
        return axis;
    }
    /* Points close together far from zero would share one spot of an axis that starts there. */
    bool away = least > most / 2 && most > least;
    axis.low = away ? least : fmin(0, least);
    axis.high = fmax(0, most);
    if (axis.high - axis.low <= 0) {
        axis.high = 1;
    }
    double low = axis.low, high = axis.high;
    /* Ends that are rounded outwards can take one step more at either side. */
    for (int steps = LINEAR_STEPS; steps >= 2; steps--) {
        double step = round_step(high - low, steps);
        axis.low = floor(low / step + 1e-9) * step;
        axis.high = ceil(high / step - 1e-9) * step;
        linear_ticks(&axis, step);
        if (axis.tick_count <= LINEAR_TICKS_MOST) {
            break;
        }
    }
    return axis;
}

struct plane_axis plane_axis_roomy(double least, double most, bool logarithmic, double from, double to)
{
    if (!logarithmic && most > least) {
        bool away = least > most / 2;
        double room = LINEAR_ROOM * (most - (away ? least : fmin(0, least)));
        least -= away || least < 0 ? room : 0;
        most += most > 0 ? room : 0;
    } else if (!logarithmic) {
        least = fmin(0, least * (1 + LINEAR_ROOM));
        most = fmax(0, most * (1 + LINEAR_ROOM));
    }
    return plane_axis(least, most, logarithmic, from, to);
}

void plane_thin(struct plane_axis *axis)
{
    struct plane_axis thin = *axis;
    if (axis->tick_count >= 5 && !axis->logarithmic) {
        linear_ticks(&thin, round_step(axis->high - axis->low, 3));
        *axis = thin.tick_count >= 3 ? thin : *axis;
    }
}

double plane_px(const struct plane_axis *axis, double value)
{
    double share = axis->logarithmic ? log(value / axis->low) / log(axis->high / axis->low)
                                     : (value - axis->low) / (axis->high - axis->low);
    return axis->from + share * (axis->to - axis->from);
}

double plane_value(const struct plane_axis *axis, double share)
{
    return axis->logarithmic ? axis->low * pow(axis->high / axis->low, share)
                             : axis->low + share * (axis->high - axis->low);
}
