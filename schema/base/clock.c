#include "schema/base/clock.h"

#include <errno.h>
#include <time.h>

#define SECOND_US INT64_C(1000000)
#define DAY_SECONDS INT64_C(86400)
#define YEAR_10000_SECONDS INT64_C(253402300800)

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_sleep_us(int64_t duration_us)
{
    if (duration_us <= 0)
        return;
    struct timespec left = {.tv_sec = (time_t)(duration_us / SECOND_US),
                            .tv_nsec = (long)(duration_us % SECOND_US * 1000)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

struct civil {
    int64_t year;
    int month, day;
};

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days from 1970-01-01 to the first of January: 365 a year and one for each leap
 * day before (Gregorian rule, years ≥ 1). */
static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400 - 719162;
}

static int64_t days_of(struct civil date)
{
    int64_t days = days_before_year(date.year);
    for (int month = 1; month < date.month; month++)
        days += days_in_month(date.year, month);
    return days + date.day - 1;
}

static struct civil date_of(int64_t days)
{
    int64_t year = 1970 + days / 366;
    while (days_before_year(year + 1) <= days)
        year += (days - days_before_year(year + 1)) / 366 + 1;
    days -= days_before_year(year);
    int month = 1;
    for (; days >= days_in_month(year, month); month++)
        days -= days_in_month(year, month);
    return (struct civil){year, month, (int)days + 1};
}

/* At least `digits` digits of a number ≥ 0 and one character after them. */
static char *put(char *at, int64_t value, int digits, char after)
{
    int64_t weight = 1;
    for (int i = 1; i < digits || value / weight >= 10; i++)
        weight *= 10;
    for (; weight > 0; weight /= 10)
        *at++ = (char)('0' + value / weight % 10);
    *at++ = after;
    return at;
}

const char *clock_format(char target[CLOCK_TEXT_SIZE], int64_t wall_us)
{
    if (wall_us < 0)
        wall_us = 0; /* wall time begins in 1970 */
    int64_t seconds = wall_us / SECOND_US, fraction = wall_us % SECOND_US;
    struct civil date = date_of(seconds / DAY_SECONDS);
    int rest = (int)(seconds % DAY_SECONDS);
    char *at = put(target, date.year, 4, '-');
    at = put(at, date.month, 2, '-');
    at = put(at, date.day, 2, 'T');
    at = put(at, rest / 3600, 2, ':');
    at = put(at, rest / 60 % 60, 2, ':');
    at = put(at, rest % 60, 2, fraction > 0 ? '.' : 'Z');
    if (fraction > 0)
        at = put(at, fraction, 6, 'Z');
    *at = '\0';
    return target;
}

/* Takes `count` digits off the front; -1 when they are not there. */
static int take_digits(struct str *rest, size_t count)
{
    int value = 0;
    if (rest->len < count)
        return -1;
    for (size_t i = 0; i < count; i++) {
        char byte = rest->data[i];
        if (byte < '0' || byte > '9')
            return -1;
        value = value * 10 + (byte - '0');
    }
    *rest = str_slice(rest->data + count, rest->len - count);
    return value;
}

/* Takes one of the characters of `allowed`; 0 when another one stands there. */
static char take_one(struct str *rest, const char *allowed)
{
    if (rest->len == 0)
        return 0;
    char byte = rest->data[0];
    for (; *allowed; allowed++) {
        if (*allowed == byte) {
            *rest = str_slice(rest->data + 1, rest->len - 1);
            return byte;
        }
    }
    return 0;
}

static bool take_date(struct str *rest, struct civil *ret)
{
    struct civil date;
    date.year = take_digits(rest, 4);
    if (date.year < 1 || !take_one(rest, "-"))
        return false;
    date.month = take_digits(rest, 2);
    if (date.month < 1 || date.month > 12 || !take_one(rest, "-"))
        return false;
    date.day = take_digits(rest, 2);
    if (date.day < 1 || date.day > days_in_month(date.year, date.month))
        return false;
    *ret = date;
    return true;
}

/* Seconds of the day; 60 in the seconds place is left to the caller as *ret_leap. */
static bool take_time(struct str *rest, int *ret_seconds, bool *ret_leap)
{
    int hour = take_digits(rest, 2);
    if (hour < 0 || hour > 23 || !take_one(rest, ":"))
        return false;
    int minute = take_digits(rest, 2);
    if (minute < 0 || minute > 59 || !take_one(rest, ":"))
        return false;
    int second = take_digits(rest, 2);
    if (second < 0 || second > 60)
        return false;
    *ret_leap = second == 60;
    *ret_seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

/* Microseconds; digits beyond the sixth are cut off. */
static bool take_fraction(struct str *rest, int64_t *ret_us)
{
    *ret_us = 0;
    if (!take_one(rest, "."))
        return true;
    int64_t weight = SECOND_US;
    int digit = take_digits(rest, 1);
    if (digit < 0)
        return false;
    for (; digit >= 0; digit = take_digits(rest, 1)) {
        weight /= 10;
        *ret_us += weight * digit;
    }
    return true;
}

static bool take_offset(struct str *rest, int *ret_seconds)
{
    char sign = take_one(rest, "Zz+-");
    if (sign == 'Z' || sign == 'z') {
        *ret_seconds = 0;
        return true;
    }
    if (!sign)
        return false;
    int hour = take_digits(rest, 2);
    if (hour < 0 || hour > 23 || !take_one(rest, ":"))
        return false;
    int minute = take_digits(rest, 2);
    if (minute < 0 || minute > 59)
        return false;
    *ret_seconds = (sign == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
    return true;
}

bool clock_parse(struct str text, int64_t *ret_wall_us)
{
    struct civil date;
    int seconds, offset;
    bool leap;
    int64_t fraction;
    if (!take_date(&text, &date) || !take_one(&text, "Tt ") || !take_time(&text, &seconds, &leap) ||
        !take_fraction(&text, &fraction) || !take_offset(&text, &offset) || text.len != 0)
        return false;
    int64_t wall = days_of(date) * DAY_SECONDS + seconds - offset;
    if (wall < 0 || wall >= YEAR_10000_SECONDS)
        return false;
    if (leap && wall % DAY_SECONDS != DAY_SECONDS - 1)
        return false;
    *ret_wall_us = wall * SECOND_US + fraction;
    return true;
}
