/* Metrics: names, directions, and units that convert by their definitions (SI, IEC 80000-13). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

static void every_metric_is_sound(void **state)
{
    size_t count;
    const struct metric *metrics = catalog_metrics(&count);

    (void)state;
    assert_true(count > 40);
    for (size_t i = 0; i < count; i++) {
        const struct metric *metric = &metrics[i];
        assert_ptr_equal(catalog_metric(metric->name), metric);
        assert_true(strspn(metric->name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(metric->name));
        assert_true(strcmp(metric->direction, "higher") == 0 || strcmp(metric->direction, "lower") == 0);
        assert_false(text_is_empty(metric->title));
        if (!number_equal(catalog_unit_factor(metric->unit, metric->unit), 1))
            fail_msg("%s: %s does not convert", metric->name, metric->unit);
    }
    assert_null(catalog_metric("memory bandwidth"));
    assert_null(catalog_metric(NULL));
}

static void names_that_others_rely_on(void **state)
{
    static const struct {
        const char *name, *unit, *direction;
    } known[] = {
        {"memory_bandwidth", "GB/s", "higher"},
        {"inference_time", "ms", "lower"},
        {"prompt_throughput", "tok/s", "higher"},
        {"generation_throughput", "tok/s", "higher"},
        {"load_time", "ms", "lower"},
        {"peak_memory", "MiB", "lower"},
        {"time_to_first_token", "ms", "lower"},
        {"duration", "s", "lower"},
        {"power", "W", "lower"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        const struct metric *metric = catalog_metric(known[i].name);
        assert_non_null(metric);
        assert_string_equal(metric->unit, known[i].unit);
        assert_string_equal(metric->direction, known[i].direction);
    }
}

static void units_convert(void **state)
{
    static const struct {
        const char *from, *to;
        double factor;
    } cases[] = {
        {"t/s", "tok/s", 1},
        {"tokens/sec", "tok/s", 1},
        {"s", "ms", 1000},
        {"ns", "ms", 1e-6},
        {"µs", "ms", 1e-3},
        {"ms", "s", 1e-3},
        {"MB/s", "GB/s", 1e-3},
        {"GiB/s", "GB/s", 1.073741824},
        {"GiB", "MiB", 1024},
        {"B", "MiB", 1.0 / 1048576},
        {"GB", "MiB", 1e9 / 1048576},
        {"mW", "W", 1e-3},
        {"Wh", "J", 3600},
        {"GFLOP/s", "TFLOPS", 1e-3},
        {"%", "ratio", 0.01},
        {"fps", "frames/s", 1},
        {"MHz", "GHz", 1e-3},
        {"TOKENS/S", "tok/s", 1},
    };
    static const char *const apart[][2] = {{"ms", "tok/s"},    {"GB", "GB/s"},   {"req/s", "samples/s"},
                                           {"tok/s", "req/s"}, {"°F", "°C"},     {"", "ms"},
                                           {"W", "J"},         {"furlong", "ms"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const double factor = catalog_unit_factor(cases[i].from, cases[i].to);
        if (!(fabs(factor / cases[i].factor - 1) < 1e-12))
            fail_msg("%s to %s: %g", cases[i].from, cases[i].to, factor);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(apart); i++)
        assert_true(isnan(catalog_unit_factor(apart[i][0], apart[i][1])));
    assert_true(isnan(catalog_unit_factor(NULL, "ms")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_sound),
        cmocka_unit_test(names_that_others_rely_on),
        cmocka_unit_test(units_convert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
