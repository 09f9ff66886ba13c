/* What the guides of two tools tell people to expect, printed beside what was measured and named as their rules of
 * thumb. Sources: the benchmark guide of the VLM partitioner (ONNX 10 to 30 % faster; quantised 40 to 50 % less GPU
 * memory and 10 to 20 % slower; CUDA 5 to 10 times a CPU) and that of Model Quantizer (8 bit about 50 %, 4 bit about 75
 * % less memory). Nothing is judged by them. */
#include "analyze/report/side_table.h"

#include "schema/base/str.h"

enum kind { SPEED, MEMORY };

struct expectation {
    const char *facet;
    const char *from, *to; /* found in the values, without case; "" = any */
    enum kind kind;
    const char *text;
};

static const struct expectation expectations[] = {
    {"mode", "original", "run_onnx", SPEED, "the VLM guide's rule of thumb is 10 to 30 % faster with ONNX"},
    {"mode", "original", "onnx", SPEED, "the VLM guide's rule of thumb is 10 to 30 % faster with ONNX"},
    {"backend", "cpu", "cuda", SPEED, "the VLM guide's rule of thumb is 5 to 10 times a CPU with CUDA"},
    {"file", "non_quantized", "quantized", MEMORY, "the VLM guide's rule of thumb is 40 to 50 % less GPU memory"},
    {"quantization", "", "8", MEMORY, "the quantizer guide's rule of thumb for 8 bit is about 50 % less memory"},
    {"quantization", "", "4", MEMORY, "the quantizer guide's rule of thumb for 4 bit is about 75 % less memory"},
    {"quantization", "none", "", SPEED, "the VLM guide's rule of thumb for a quantised model is 10 to 20 % slower"},
};

static bool is_speed(const char *metric)
{
    return text_ends_with(metric, "throughput") || text_equal(metric, "duration") ||
           text_equal(metric, "inference_time");
}

static bool holds(const char *value, const char *part)
{
    return text_is_empty(part) || str_find_ignore_case(str_of(value), str_of(part), 0) != SIZE_MAX;
}

const char *expectation_of(const struct side_rows *rows, size_t side, const struct side_row *row)
{
    const bool memory = str_find(str_of(row->metric), STR("memory"), 0) != SIZE_MAX &&
                        str_find(str_of(row->metric), STR("bandwidth"), 0) == SIZE_MAX;

    for (size_t i = 0; i < ARRAY_LENGTH(expectations); i++) {
        const struct expectation *expected = &expectations[i];

        if (expected->kind == SPEED ? !is_speed(row->metric) : !memory)
            continue;
        for (size_t j = 0; j < rows->compared_count; j++)
            if (text_equal(rows->compared[j], expected->facet) && holds(rows->compared_values[j][0], expected->from) &&
                holds(rows->compared_values[j][side], expected->to))
                return expected->text;
    }
    return NULL;
}
