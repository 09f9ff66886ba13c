/* Metrics: name, unit and direction, and the conversion of units. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

static const struct metric metrics[] = {
#include "gen/schema/catalog/metrics.inc"
};
static const unsigned short rows_by_name[] = {
#include "gen/schema/catalog/metric_names.inc"
};

const struct metric *catalog_metrics(size_t *ret_count)
{
    *ret_count = ARRAY_LENGTH(metrics);
    return metrics;
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, metrics[*(const unsigned short *)row].name);
}

const struct metric *catalog_metric(const char *name)
{
    const unsigned short *row =
        name ? bsearch(name, rows_by_name, ARRAY_LENGTH(rows_by_name), sizeof rows_by_name[0], compare_name) : NULL;

    return row ? &metrics[*row] : NULL;
}

enum dimension {
    BYTES,
    SECONDS,
    BYTE_RATE,
    TOKENS,
    TOKEN_RATE,
    FLOP_RATE,
    WATTS,
    JOULES,
    JOULES_PER_TOKEN,
    HERTZ,
    SHARE,
    COUNT,
    CELSIUS
};

struct unit {
    const char *name;
    enum dimension dimension;
    double factor; /* of the dimension's base: bytes, seconds, … */
};

/* Case counts only where two units differ by nothing else (mW and MW): those stand here as they are written.
 * Prefixes: k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024 (IEC 80000-13). */
static const struct unit units[] = {
    {"B", BYTES, 1},
    {"byte", BYTES, 1},
    {"bytes", BYTES, 1},
    {"kB", BYTES, 1e3},
    {"MB", BYTES, 1e6},
    {"GB", BYTES, 1e9},
    {"TB", BYTES, 1e12},
    {"KiB", BYTES, 1024},
    {"MiB", BYTES, 1048576},
    {"GiB", BYTES, 1073741824},
    {"TiB", BYTES, 1099511627776},
    {"ps", SECONDS, 1e-12},
    {"ns", SECONDS, 1e-9},
    {"nsec", SECONDS, 1e-9},
    {"us", SECONDS, 1e-6},
    {"µs", SECONDS, 1e-6},
    {"μs", SECONDS, 1e-6},
    {"usec", SECONDS, 1e-6},
    {"ms", SECONDS, 1e-3},
    {"msec", SECONDS, 1e-3},
    {"s", SECONDS, 1},
    {"sec", SECONDS, 1},
    {"second", SECONDS, 1},
    {"seconds", SECONDS, 1},
    {"min", SECONDS, 60},
    {"h", SECONDS, 3600},
    {"ns/op", SECONDS, 1e-9},
    {"ns/iter", SECONDS, 1e-9},
    {"us/op", SECONDS, 1e-6},
    {"ms/op", SECONDS, 1e-3},
    {"s/op", SECONDS, 1},
    {"ms/token", SECONDS, 1e-3},
    {"ms/tok", SECONDS, 1e-3},
    {"B/s", BYTE_RATE, 1},
    {"kB/s", BYTE_RATE, 1e3},
    {"MB/s", BYTE_RATE, 1e6},
    {"GB/s", BYTE_RATE, 1e9},
    {"TB/s", BYTE_RATE, 1e12},
    {"KiB/s", BYTE_RATE, 1024},
    {"MiB/s", BYTE_RATE, 1048576},
    {"GiB/s", BYTE_RATE, 1073741824},
    {"TiB/s", BYTE_RATE, 1099511627776},
    {"MB/sec", BYTE_RATE, 1e6},
    {"GB/sec", BYTE_RATE, 1e9},
    {"MiB/sec", BYTE_RATE, 1048576},
    {"tok", TOKENS, 1},
    {"token", TOKENS, 1},
    {"tokens", TOKENS, 1},
    {"tok/s", TOKEN_RATE, 1},
    {"t/s", TOKEN_RATE, 1},
    {"tps", TOKEN_RATE, 1},
    {"token/s", TOKEN_RATE, 1},
    {"tokens/s", TOKEN_RATE, 1},
    {"tok/sec", TOKEN_RATE, 1},
    {"tokens/sec", TOKEN_RATE, 1},
    {"tokens-per-sec", TOKEN_RATE, 1},
    {"tokens per second", TOKEN_RATE, 1},
    {"tokens/second", TOKEN_RATE, 1},
    {"FLOPS", FLOP_RATE, 1},
    {"FLOP/s", FLOP_RATE, 1},
    {"MFLOPS", FLOP_RATE, 1e6},
    {"GFLOPS", FLOP_RATE, 1e9},
    {"GFLOP/s", FLOP_RATE, 1e9},
    {"TFLOPS", FLOP_RATE, 1e12},
    {"TFLOP/s", FLOP_RATE, 1e12},
    {"PFLOPS", FLOP_RATE, 1e15},
    {"W", WATTS, 1},
    {"mW", WATTS, 1e-3},
    {"kW", WATTS, 1e3},
    {"J", JOULES, 1},
    {"mJ", JOULES, 1e-3},
    {"kJ", JOULES, 1e3},
    {"Wh", JOULES, 3600},
    {"kWh", JOULES, 3.6e6},
    {"J/tok", JOULES_PER_TOKEN, 1},
    {"J/token", JOULES_PER_TOKEN, 1},
    {"mJ/tok", JOULES_PER_TOKEN, 1e-3},
    {"mJ/token", JOULES_PER_TOKEN, 1e-3},
    {"Hz", HERTZ, 1},
    {"kHz", HERTZ, 1e3},
    {"MHz", HERTZ, 1e6},
    {"GHz", HERTZ, 1e9},
    {"ratio", SHARE, 1},
    {"%", SHARE, 0.01},
    {"percent", SHARE, 0.01},
    {"count", COUNT, 1},
    {"°C", CELSIUS, 1},
    {"C", CELSIUS, 1},
    {"degC", CELSIUS, 1},
};

/* Rates of countable things convert only into themselves: a request is not a sample. */
static const char *const rates[][4] = {
    {"req/s", "requests/s", "req/sec", "requests/sec"},
    {"samples/s", "samples/sec", "sample/s", NULL},
    {"frames/s", "fps", "frames/sec", NULL},
    {"ops/s", "ops/sec", "op/s", "operations/s"},
    {"events/s", "events/sec", "event/s", NULL},
    {"IOPS", "io/s", NULL, NULL},
    {"/s", "1/s", "it/s", "iter/sec"},
    {"points", "score", NULL, NULL},
};

static const struct unit *find_unit(const char *name)
{
    const struct unit *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
        if (text_equal_ignore_case(units[i].name, name)) {
            found = &units[i];
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

static size_t find_rate(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++)
        for (size_t k = 0; k < ARRAY_LENGTH(rates[i]) && rates[i][k]; k++)
            if (text_equal_ignore_case(rates[i][k], name))
                return i;
    return SIZE_MAX;
}

double catalog_unit_factor(const char *unit, const char *metric_unit)
{
    if (!unit || !metric_unit)
        return (double)NAN;
    if (strcmp(unit, metric_unit) == 0)
        return 1;
    const struct unit *from = find_unit(unit), *to = find_unit(metric_unit);
    if (from && to && from->dimension == to->dimension)
        return from->factor / to->factor;
    const size_t rate = find_rate(unit);
    return rate != SIZE_MAX && rate == find_rate(metric_unit) ? 1 : (double)NAN;
}

const char *catalog_metric_title(const char *name)
{
    const struct metric *known = catalog_metric(name);

    return known != NULL ? known->title : name;
}
