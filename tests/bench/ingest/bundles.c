#include "tests/bench/ingest/bundles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"

static uint64_t random_state = 42;

/* xorshift64 of G. Marsaglia, "Xorshift RNGs", 2003: the same bundles on every run. */
static double random_unit(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) / 9007199254740992.0;
}

static void put_number(struct buf *into, const char *before, double value)
{
    char text[NUMBER_TEXT_SIZE];
    buf_addf(into, "%s%s", before, number_shortest(text, value));
}

static int compare(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void put_metric(struct buf *into, const char *name, const char *unit, const char *direction, double level)
{
    double samples[BUNDLE_SAMPLES], sorted[BUNDLE_SAMPLES];
    for (size_t i = 0; i < BUNDLE_SAMPLES; i++) {
        samples[i] = round(level * (1 + 0.02 * (random_unit() - 0.5)) * 1e4) / 1e4;
        sorted[i] = samples[i];
    }
    qsort(sorted, BUNDLE_SAMPLES, sizeof *sorted, compare);
    double mean = 0, squares = 0;
    for (size_t i = 0; i < BUNDLE_SAMPLES; i++) {
        mean += samples[i] / BUNDLE_SAMPLES;
    }
    for (size_t i = 0; i < BUNDLE_SAMPLES; i++) {
        squares += (samples[i] - mean) * (samples[i] - mean);
    }
    buf_addf(into, "{\"name\":\"%s\",\"unit\":\"%s\",\"direction\":\"%s\",\"n\":%d", name, unit, direction,
             BUNDLE_SAMPLES);
    put_number(into, ",\"mean\":", mean);
    put_number(into, ",\"stddev\":", sqrt(squares / (BUNDLE_SAMPLES - 1)));
    put_number(into, ",\"stddev_kind\":\"sample\",\"min\":", sorted[0]);
    put_number(into, ",\"max\":", sorted[BUNDLE_SAMPLES - 1]);
    put_number(into, ",\"median\":", (sorted[BUNDLE_SAMPLES / 2 - 1] + sorted[BUNDLE_SAMPLES / 2]) / 2);
    for (size_t i = 0; i < BUNDLE_SAMPLES; i++) {
        put_number(into, i == 0 ? ",\"samples\":[" : ",", samples[i]);
    }
    buf_adds(into, "]}");
}

static void put_run(struct buf *into, int run)
{
    buf_addf(
        into,
        "{\"workload\":{\"model\":\"Llama 2 7B\",\"quantization\":\"Q4_0\",\"backend\":\"Metal\",\"task\":\"tg%d\","
        "\"parameters\":{\"generated_tokens\":%d}},\"setup\":{\"threads\":8},\"metrics\":[",
        64 << run, 64 << run);
    put_metric(into, "generation_throughput", "tok/s", "higher", 60 - run);
    buf_addc(into, ',');
    put_metric(into, "prompt_throughput", "tok/s", "higher", 530 - 10 * run);
    buf_addc(into, ',');
    put_metric(into, "load_time", "ms", "lower", 1250 + 3 * run);
    buf_addc(into, ',');
    put_metric(into, "peak_memory", "GB", "lower", 4 + 0.125 * run);
    buf_adds(into, "]}");
}

static void make_one(struct bundle_kind *kind)
{
    struct buf *text = &kind->text;
    *text = BUF(BUF_MIB);
    buf_adds(text,
             "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"},"
             "\"format\":{\"name\":\"llama-bench-json\",\"reader\":1},\"tool\":{\"name\":\"llama-bench\","
             "\"version\":\"b");
    kind->number_at = text->len;
    for (int i = 0; i < BUNDLE_NUMBER_DIGITS; i++) {
        buf_addc(text, '0');
    }
    buf_adds(text,
             "\"},\"device\":{\"chip\":\"Apple M1 Max\",\"cores\":10,\"gpu_cores\":32,\"memory_bytes\":34359738368,"
             "\"architecture\":\"arm64\",\"os_name\":\"macOS\",\"os_version\":\"14.1\"},\"runs\":[");
    for (int run = 0; run < BUNDLE_RUNS; run++) {
        buf_adds(text, run > 0 ? "," : "");
        put_run(text, run);
    }
    buf_adds(text, "]}\n");
}

void bundles_make(struct bundle_kind kinds[BUNDLE_KINDS])
{
    for (size_t i = 0; i < BUNDLE_KINDS; i++) {
        make_one(&kinds[i]);
        if (buf_check(&kinds[i].text, NULL) != 0) {
            fprintf(stderr, "out of memory\n");
            exit(74);
        }
    }
}

void bundles_done(struct bundle_kind kinds[BUNDLE_KINDS])
{
    for (size_t i = 0; i < BUNDLE_KINDS; i++) {
        buf_done(&kinds[i].text);
    }
}

void bundle_put_number(char *target, uint64_t number)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = BUNDLE_NUMBER_DIGITS - 1; i >= 0; i--) {
        target[i] = digits[number & 15];
        number >>= 4;
    }
}
