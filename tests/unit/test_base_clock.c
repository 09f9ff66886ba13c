/* RFC 3339 both ways, against dates computed by `date -u`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "schema/base/clock.h"

static const struct {
    int64_t seconds;
    const char *text;
} days[] = {
    {0, "1970-01-01T00:00:00Z"},          {951782400, "2000-02-29T00:00:00Z"},
    {951868799, "2000-02-29T23:59:59Z"},  {1078012800, "2004-02-29T00:00:00Z"},
    {4107542400, "2100-03-01T00:00:00Z"}, {4107542399, "2100-02-28T23:59:59Z"},
    {1795247280, "2026-11-21T07:48:00Z"}, {2147483648, "2038-01-19T03:14:08Z"},
    {1735689599, "2024-12-31T23:59:59Z"}, {253402300799, "9999-12-31T23:59:59Z"},
};

static void prints_and_reads(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
        int64_t back = -1;
        assert_string_equal(clock_format(text, days[i].seconds * 1000000), days[i].text);
        assert_true(clock_parse(str_of(text), &back));
        assert_true(back == days[i].seconds * 1000000);
    }
    assert_string_equal(clock_format(text, 1500000), "1970-01-01T00:00:01.500000Z");
    assert_string_equal(clock_format(text, 1000007), "1970-01-01T00:00:01.000007Z");
    assert_string_equal(clock_format(text, -1), "1970-01-01T00:00:00Z");
    assert_true(strlen(clock_format(text, INT64_MAX)) < sizeof text);
    assert_string_equal(text, "294247-01-10T04:00:54.775807Z");
}

static void counts_every_day(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    for (int64_t day = 0; day < 200000; day++) {
        int64_t back;
        clock_format(text, day * 86400 * 1000000);
        if (!clock_parse(str_of(text), &back) || back != day * 86400 * 1000000)
            fail_msg("day %ld is %s", (long)day, text);
    }
}

static void reads_what_rfc_3339_allows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {
        {"2026-11-21t08:48:00+01:00", 1795247280000000}, {"2026-11-20 23:48:00-08:00", 1795247280000000},
        {"2026-11-21T07:48:00.1z", 1795247280100000},    {"2026-11-21T07:48:00.123456789Z", 1795247280123456},
        {"2026-11-21T07:48:00-00:00", 1795247280000000}, {"2016-12-31T23:59:60Z", 1483228799000000},
        {"2017-01-01T05:29:60+05:30", 1483228799000000}, {"1970-01-01T01:00:00+01:00", 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        int64_t us = -1;
        if (!clock_parse(str_of(good[i].text), &us) || us != good[i].us)
            fail_msg("%s reads as %lld", good[i].text, (long long)us);
    }
}

static void refuses_the_rest(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "now",
        "infinity",
        "2026-11-21",
        "2026-11-21T07:48Z",
        "2026-11-21T07:48:00",
        "2026-11-21T07:48:00 Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-01-01T12:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+01:60",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00Z",
        "02026-01-01T00:00:00Z",
        "2026-1-01T00:00:00Z",
        "2026-01-01T00:00:00ZZ",
        "-026-01-01T00:00:00Z",
        "2026-01-01T+1:00:00Z",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        int64_t us = 42;
        if (clock_parse(str_of(bad[i]), &us))
            fail_msg("\"%s\" reads as %lld", bad[i], (long long)us);
        assert_int_equal(us, 42);
    }
}

static void moves_forward(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_us();
    clock_sleep_us(2000);
    int64_t after = clock_monotonic_us();
    assert_true(after - before >= 2000);
    assert_true(clock_wall_us() > INT64_C(1700000000000000));
    clock_sleep_us(-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_and_reads),
        cmocka_unit_test(counts_every_day),
        cmocka_unit_test(reads_what_rfc_3339_allows),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(moves_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
