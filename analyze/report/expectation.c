/* What the guides of two tools tell people to expect, printed beside what was measured and named as their rules of
 * thumb. Sources: the benchmark guide of the VLM partitioner (ONNX 10 to 30 % faster; quantised 40 to 50 % less GPU
 * memory and 10 to 20 % slower; CUDA 5 to 10 times a CPU) and that of Model Quantizer (8 bit about 50 %, 4 bit about 75
 * % less memory). Nothing is judged by them. */
#include "analyze/report/side_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

/* What a guide speaks of, and in which words the measured change stands beside it. */
enum kind { FASTER, TIMES, LESS_MEMORY };

static const struct expectation {
    const char *facet;
    const char *from, *to; /* the values, without case; "whole": not quantised, "8": a type of 8 bits */
    enum kind kind;
    const char *text;
} expectations[] = {
    {"mode", "original", "run_onnx", FASTER, "the VLM guide's rule of thumb is 10 to 30 % faster with ONNX"},
    {"mode", "original", "onnx", FASTER, "the VLM guide's rule of thumb is 10 to 30 % faster with ONNX"},
    {"backend", "cpu", "cuda", TIMES, "the VLM guide's rule of thumb is 5 to 10 times a CPU with CUDA"},
    {"quantization", "none", "quantized", LESS_MEMORY,
     "the VLM guide's rule of thumb for a quantised model is 40 to 50 % less GPU memory"},
    {"quantization", "none", "quantized", FASTER,
     "the VLM guide's rule of thumb for a quantised model is 10 to 20 % slower"},
    {"quantization", "whole", "8", LESS_MEMORY, "the quantizer guide's rule of thumb for 8 bit is about 50 % less"},
    {"quantization", "whole", "4", LESS_MEMORY, "the quantizer guide's rule of thumb for 4 bit is about 75 % less"},
};

static bool is_about(enum kind kind, const char *metric)
{
    const bool memory = str_find(str_of(metric), STR("memory"), 0) != SIZE_MAX &&
                        str_find(str_of(metric), STR("bandwidth"), 0) == SIZE_MAX &&
                        !text_ends_with(metric, "increase");

    if (kind == LESS_MEMORY)
        return memory;
    return text_ends_with(metric, "throughput") || text_equal(metric, "duration") ||
           text_equal(metric, "inference_time");
}

/* "Q4_K_M" has 4, "F16" 16; 0 where none is said. */
static long bits_of(const char *quantization)
{
    return strtol(quantization + strcspn(quantization, "0123456789"), NULL, 10);
}

static bool is_value(const char *value, const char *wanted)
{
    if (text_equal(wanted, "whole"))
        return bits_of(value) == 0 ? !text_equal_ignore_case(value, "quantized") : bits_of(value) >= 16;
    if (bits_of(wanted) > 0)
        return bits_of(value) == bits_of(wanted);
    return text_equal_ignore_case(value, wanted);
}

static bool is_compared(const struct side_rows *rows, size_t side, const struct expectation *expected)
{
    for (size_t i = 0; i < rows->compared_count; i++)
        if (text_equal(rows->compared[i], expected->facet) && is_value(rows->compared_values[i][0], expected->from) &&
            is_value(rows->compared_values[i][side], expected->to))
            return true;
    return false;
}

/* The change in the guide's own words. `ratio` is greater than 1 where the side is better. */
static void add_measured(enum kind kind, double ratio, struct buf *into)
{
    const double percent = 100 * (kind == LESS_MEMORY ? 1 - 1 / ratio : ratio - 1);
    char text[FIGURE_SIZE];

    if (kind == TIMES)
        buf_adds(into, figure_factor(text, ratio));
    else
        buf_addf(into, "%s %s", figure_percent(text, fabs(percent), 0, false),
                 kind == LESS_MEMORY ? percent < 0 ? "more" : "less"
                 : percent < 0       ? "slower"
                                     : "faster");
}

bool expectation_say(const struct side_rows *rows, size_t side, const struct side_row *row, struct buf *into)
{
    const double ratio = row->verdicts[side].ratio;

    for (size_t i = 0; i < ARRAY_LENGTH(expectations) && ratio > 0 && isfinite(ratio); i++) {
        const struct expectation *expected = &expectations[i];

        if (!is_about(expected->kind, row->metric) || !is_compared(rows, side, expected))
            continue;
        buf_addf(into, "%s: %s; measured here: ", catalog_metric_title(row->metric), expected->text);
        add_measured(expected->kind, ratio, into);
        buf_addf(into, row->verdicts[side].kind == VERDICT_UNTESTED ? ", not tested." : ".");
        return true;
    }
    return false;
}
