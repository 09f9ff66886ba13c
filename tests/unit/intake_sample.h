/* A bundle for the tests of intake, written by hand so that it depends on no writer of ours. */
#ifndef TESTS_UNIT_INTAKE_SAMPLE_H
#define TESTS_UNIT_INTAKE_SAMPLE_H

#include "schema/base/buf.h"

/* Two runs with three measurements, and an original that no reader is for; `number` makes the bytes (and so the id)
 * different. */
static inline void sample_bundle(struct buf *into, int number)
{
    buf_addf(into,
             "{\"crosschip\":\"1.0\","
             "\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I measured these results or may share them.\"},"
             "\"withdraw\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
             "\"format\":{\"name\":\"by-hand\",\"reader\":1},"
             "\"tool\":{\"name\":\"llama-bench\",\"version\":\"b%d\"},\"note\":\"number %d\","
             "\"device\":{\"chip\":\"Apple M1 Max\",\"cores\":10,\"gpu_cores\":32,\"memory_bytes\":34359738368,"
             "\"architecture\":\"arm64\",\"os_name\":\"macOS\",\"os_version\":\"14.1\"},",
             number, number);
    buf_adds(
        into,
        "\"runs\":[{\"workload\":{\"model\":\"Llama 2 7B\",\"model_as_given\":\"llama 7B mostly Q4_0\","
        "\"quantization\":\"Q4_0\",\"backend\":\"Metal\",\"task\":\"pp512\",\"model_bytes\":3825065984,"
        "\"parameters\":{\"prompt_tokens\":512}},\"ran_at\":\"2023-11-22T10:20:30Z\","
        "\"setup\":{\"threads\":8,\"flash_attention\":true,\"build\":\"8e672efe\"},"
        "\"conditions\":{\"power_source\":\"ac\"},\"labels\":{\"title\":\"a | b <c>\"},"
        "\"metrics\":[{\"name\":\"prompt_throughput\",\"unit\":\"tok/s\",\"direction\":\"higher\",\"n\":3,"
        "\"mean\":530.06,\"stddev\":0.1,\"stddev_kind\":\"sample\",\"min\":529.96,\"max\":530.16,\"median\":530.06,"
        "\"samples\":[529.96,530.06,530.16]}]},"
        "{\"chip\":{\"name\":\"Apple M1 Max\",\"count\":2},\"workload\":{\"model\":\"Llama 2 7B\","
        "\"quantization\":\"Q4_0\",\"backend\":\"Metal\",\"task\":\"tg128\",\"parameters\":{\"generated_tokens\":128}},"
        "\"variant\":\"parallel\",\"metrics\":["
        "{\"name\":\"generation_throughput\",\"unit\":\"tok/s\",\"direction\":\"higher\",\"mean\":61.19},"
        "{\"name\":\"load_time\",\"unit\":\"ms\",\"direction\":\"lower\",\"mean\":1250.5,"
        "\"original_unit\":\"s\",\"original_value\":1.2505,\"flags\":[\"high_variance\"]}]}],"
        "\"original\":{\"removed\":{\"host\":1},\"encoding\":\"utf-8\",\"text\":\"[removed:host] \\u0001 raw\"}}\n");
}

#endif
