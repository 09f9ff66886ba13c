/* Times. Wall time is microseconds since 1970-01-01T00:00:00Z; text is RFC 3339 in UTC. */
#ifndef SCHEMA_BASE_CLOCK_H
#define SCHEMA_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/str.h"

#define CLOCK_TEXT_SIZE 40

int64_t clock_wall_us(void);
int64_t clock_monotonic_us(void);
/* "2026-11-21T07:48:00Z"; a fraction is printed only when it is not zero. Returns target. */
const char *clock_format(char target[CLOCK_TEXT_SIZE], int64_t wall_us);
/* RFC 3339 with Z or an offset; years 1970 to 9999; a leap second reads as :59. */
bool clock_parse(struct str text, int64_t *ret_wall_us);
void clock_sleep_us(int64_t duration_us);

#endif
