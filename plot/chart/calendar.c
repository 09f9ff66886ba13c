#include "plot/chart/calendar.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/attributes.h"
#include "schema/base/clock.h"

#define DAY 86400.0
#define LAST 253402300799.0 /* the end of 9999 */

struct date {
    int year, month, day, hour, minute;
};

static int digits(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static struct date date_of(double at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(text, (int64_t)(fmin(fmax(at, 0), LAST) * 1e6));
    return (struct date){digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), digits(text + 11, 2),
                         digits(text + 14, 2)};
}

/* The first of a month, counted from January 1970. */
static double month_start(int months)
{
    char text[CLOCK_TEXT_SIZE];
    int64_t at = 0;
    (void)snprintf(text, sizeof text, "%04d-%02d-01T00:00:00Z", 1970 + months / 12, months % 12 + 1);
    return clock_parse(str_of(text), &at) ? (double)at / 1e6 : LAST + 1;
}

static const char *month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return names[month - 1];
}

const char *calendar_day(char target[CALENDAR_TEXT_SIZE], double at)
{
    const struct date date = date_of(at);
    (void)snprintf(target, CALENDAR_TEXT_SIZE, "%d %s", date.day, month_name(date.month));
    return target;
}

const char *calendar_time(char target[CALENDAR_TEXT_SIZE], double at)
{
    const struct date date = date_of(at);
    (void)snprintf(target, CALENDAR_TEXT_SIZE, "%02d:%02d", date.hour, date.minute);
    return target;
}

const char *calendar_date(char target[CALENDAR_TEXT_SIZE], double at)
{
    const struct date date = date_of(at);
    (void)snprintf(target, CALENDAR_TEXT_SIZE, "%d %s %d", date.day, month_name(date.month), date.year);
    return target;
}

/* The words of a tick; the year or the day stands below the first one and where it changes. */
static void describe(struct calendar_tick *ticks, size_t index, double step, bool months)
{
    struct calendar_tick *tick = &ticks[index];
    const struct date date = date_of(tick->at), before = date_of(index > 0 ? ticks[index - 1].at : tick->at);
    bool times = !months && step < DAY;
    bool changed = index == 0 || date.year != before.year || (times && date.day != before.day);
    if (months && step >= 12) {
        (void)snprintf(tick->text, sizeof tick->text, "%d", date.year);
        return;
    }
    if (months) {
        (void)snprintf(tick->text, sizeof tick->text, "%s", month_name(date.month));
    } else if (times) {
        calendar_time(tick->text, tick->at);
    } else {
        calendar_day(tick->text, tick->at);
    }
    if (changed && times) {
        calendar_day(tick->below, tick->at);
    } else if (changed) {
        (void)snprintf(tick->below, sizeof tick->below, "%d", date.year);
    }
}

/* Ticks at the multiples of a step in seconds or months; more than `most` give 0. */
static size_t fill(double low, double high, double step, bool months, size_t most, struct calendar_tick *ticks)
{
    size_t count = 0;
    double first = months ? (date_of(low).year - 1970) * 12 : floor(low / step) * step;
    for (int i = 0;; i++) {
        double at = months ? month_start((int)first + i * (int)step) : first + i * step;
        if (at > high) {
            break;
        }
        if (at < low) {
            continue;
        }
        if (count == most) {
            return 0;
        }
        ticks[count] = (struct calendar_tick){.at = at};
        describe(ticks, count, step, months);
        count++;
    }
    return count;
}

size_t calendar_ticks(double low, double high, size_t most, struct calendar_tick *ticks)
{
    static const double seconds[] = {60,       300,       900, 1800,    3600,    2 * 3600, 3 * 3600,
                                     6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY};
    static const double months[] = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12000};
    for (size_t i = 0; i < ARRAY_LENGTH(seconds); i++) {
        /* Without a look at each tick of a fine step in a long time. */
        size_t count =
            (high - low) / seconds[i] <= (double)most + 1 ? fill(low, high, seconds[i], false, most, ticks) : 0;
        if (count > 0) {
            return count;
        }
    }
    for (size_t i = 0; i < ARRAY_LENGTH(months); i++) {
        size_t count = fill(low, high, months[i], true, most, ticks);
        if (count > 0) {
            return count;
        }
    }
    ticks[0] = (struct calendar_tick){.at = low};
    calendar_date(ticks[0].text, low);
    return 1;
}
