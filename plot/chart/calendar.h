/* Ticks of a time axis at round dates, in UTC. */
#ifndef PLOT_CHART_CALENDAR_H
#define PLOT_CHART_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#define CALENDAR_TICKS_MAX 8
#define CALENDAR_TEXT_SIZE 32

/* `below` is the year (or the day, under times of day) where it changes, "" elsewhere. */
struct calendar_tick {
    double at; /* seconds since 1970 */
    char text[CALENDAR_TEXT_SIZE], below[CALENDAR_TEXT_SIZE];
};
/* At most `most` (2 to CALENDAR_TICKS_MAX) ticks within low to high, both within 1970 to 9999. Returns their number. */
size_t calendar_ticks(double low, double high, size_t most, struct calendar_tick *ticks);
/* "21 Aug". Returns target. */
const char *calendar_day(char target[CALENDAR_TEXT_SIZE], double at);
/* "21 Aug 2024". Returns target. */
/* "14:20" */
const char *calendar_time(char target[CALENDAR_TEXT_SIZE], double at);
const char *calendar_date(char target[CALENDAR_TEXT_SIZE], double at);

#endif
