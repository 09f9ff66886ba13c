/* Bounds of time in tests: sanitizers and valgrind are slower than what people run, so what starts the tests
 * under them sets CROSSCHIP_TEST_PATIENCE to how many times as long everything may take (1 when it is not set). */
#ifndef TESTS_UNIT_PATIENCE_H
#define TESTS_UNIT_PATIENCE_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static inline int64_t patience(void)
{
    const char *times = getenv("CROSSCHIP_TEST_PATIENCE");
    int64_t factor = times == NULL ? 1 : strtoll(times, NULL, 10);
    return factor >= 1 && factor <= 1000 ? factor : 1;
}

/* Processor time that this process may have used since `begin`. */
static inline int took_less_than(clock_t begin, int64_t seconds)
{
    return clock() - begin < seconds * patience() * CLOCKS_PER_SEC;
}

#endif
