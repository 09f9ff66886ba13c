/* llama-bench: on which chip a record ran, and which records are one machine's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

/* A record of 2025 and later with given device, extras and figures. */
static const char *record(char *target, size_t size, const char *cpu, const char *gpu, const char *rest)
{
    snprintf(target, size,
             "{\"build_commit\": \"1c1409e1\", \"build_number\": 6865, \"cpu_info\": \"%s\", \"gpu_info\": \"%s\", %s}",
             cpu, gpu, rest);
    return target;
}

struct chip_case {
    const char *cpu, *gpu, *rest;
    const char *device, *chip, *backend;
    int64_t count;
};

static void test_chips(void **state)
{
    (void)state;
    static const struct chip_case cases[] = {
        {"Apple M1 Max", "Apple M1 Max", "\"backends\": \"Metal\"", "Apple M1 Max", "Apple M1 Max", "Metal", 1},
        {"Accelerate, Apple M2 Ultra", "Apple M2 Ultra", "\"backends\": \"MTL,BLAS\"", "Apple M2 Ultra",
         "Apple M2 Ultra", "Metal", 1},
        {"Apple M1 Max", "", "\"metal\": true, \"cuda\": false, \"blas\": true", "Apple M1 Max", "Apple M1 Max",
         "Metal", 1},
        {"Intel(R) Xeon(R)", "", "\"backends\": \"CPU\"", "Intel(R) Xeon(R)", "Intel(R) Xeon(R)", "CPU", 1},
        {"OpenBLAS, CPU", "", "\"backends\": \"BLAS\"", NULL, NULL, "BLAS", 1},
        {"C", "NVIDIA GeForce RTX 3090, NVIDIA GeForce RTX 3090", "\"backends\": \"CUDA,RPC\"", "C",
         "NVIDIA GeForce RTX 3090", "CUDA", 2},
        {"C", "NVIDIA A100/NVIDIA A100/NVIDIA A100", "\"cuda\": true", "C", "NVIDIA A100", "CUDA", 3},
        {"C", "NVIDIA A, NVIDIA B", "\"backends\": \"CUDA\", \"split_mode\": \"none\", \"main_gpu\": 1", "C",
         "NVIDIA B", "CUDA", 1},
        {"C", "NVIDIA A, NVIDIA B", "\"backends\": \"CUDA\"", "C", "NVIDIA A, NVIDIA B", "CUDA", 1},
        {"C", "Radeon X (RADV GFX1, LLVM 15)", "\"backends\": \"Vulkan\"", "C", "Radeon X (RADV GFX1, LLVM 15)",
         "Vulkan", 1},
        {"C", "NVIDIA A, NVIDIA B", "\"backends\": \"CUDA\", \"devices\": \"CUDA1\"", "C", "NVIDIA B", "CUDA", 1},
        {"C", "NVIDIA A, NVIDIA A, NVIDIA B", "\"backends\": \"CUDA\", \"devices\": \"CUDA0/CUDA1\"", "C", "NVIDIA A",
         "CUDA", 2},
        {"C", "NVIDIA A, NVIDIA A", "\"backends\": \"CUDA\", \"devices\": \"auto\"", "C", "NVIDIA A", "CUDA", 2},
        {"C", "NVIDIA A, RPC[10.0.0.2:50052]", "\"backends\": \"CUDA,RPC\"", "C", "NVIDIA A", "CUDA", 1},
        {"C", "NVIDIA A", "\"backends\": \"CUDA\", \"n_gpu_layers\": 0", "C", "NVIDIA A", "CUDA", 1},
        {"C", "NVIDIA A", "\"backends\": \"CUDA\", \"n_gpu_layers\": -1", "C", "NVIDIA A", "CUDA", 1},
        {"C", "", "\"backends\": \"CUDA\"", "C", "unnamed GPU (CUDA)", "CUDA", 1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char rest[400], text[800];
        snprintf(rest, sizeof rest, "%s, \"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 10", cases[i].rest);
        autosample struct sample sample = sample_text(record(text, sizeof text, cases[i].cpu, cases[i].gpu, rest));
        assert_int_equal(sample.readings.count, 1);
        const char *device = sample.readings.items[0]->device.chip, *chip = sample_run(&sample, 0)->chip_name;
        if (!text_equal(device, cases[i].device) || !text_equal(chip, cases[i].chip))
            fail_msg("case %zu: device %s, chip %s", i, device, chip);
        assert_string_equal(sample_run(&sample, 0)->workload.backend, cases[i].backend);
        assert_int_equal(sample_run(&sample, 0)->chip_count, cases[i].count);
    }
}

/* Without layers on the GPU the processor generates; prompts are the GPU's work all the same, and flagged. */
static void test_no_layers_offloaded(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "[{\"cpu_info\": \"C\", \"gpu_info\": \"NVIDIA A\", \"backends\": \"CUDA\", \"n_gpu_layers\": 0, \"n_prompt\": "
        "512, "
        "\"n_gen\": 0, \"avg_ts\": 1161.2}, {\"cpu_info\": \"C\", \"gpu_info\": \"NVIDIA A\", \"backends\": \"CUDA\", "
        "\"n_gpu_layers\": 0, \"n_prompt\": 0, \"n_gen\": 128, \"avg_ts\": 2.18}]");
    assert_int_equal(sample.readings.count, 1);
    const struct run *prompt = sample_run(&sample, 0), *generation = sample_run(&sample, 1);
    assert_string_equal(prompt->chip_name, "NVIDIA A");
    assert_true(flags_has(&prompt->flags, "no_layers_offloaded"));
    assert_string_equal(generation->chip_name, "C");
    assert_string_equal(generation->workload.backend, "CPU");
    assert_string_equal(sample_word(&generation->setup, "backends"), "CUDA");
    assert_int_equal(generation->flags.count, 0);
}

static void test_remote_devices(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"cpu_info\": \"C\", \"gpu_info\": \"NVIDIA A, RPC[10.0.0.2:50052], RPC[host.example:1]\", "
                    "\"backends\": \"CUDA,RPC\", "
                    "\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 2, \"tensor_split\": \"1.00/0.00\"}");
    assert_true(flags_has(&sample_run(&sample, 0)->flags, "remote_devices"));
    assert_string_equal(sample_word(&sample_run(&sample, 0)->setup, "tensor_split"), "1.00,0.00");
    const struct reading *reading = sample.readings.items[0];
    assert_int_equal(reading->private_count, 2);
    assert_memory_equal(sample.text + reading->privates[0].offset, "10.0.0.2:50052", reading->privates[0].length);
    assert_int_equal(reading->privates[0].kind, PRIVATE_ADDRESS);
    expect_same_after_redaction(&sample);
}

/* An empty address hides none behind it, and an escape of JSON stays whole. */
static void test_odd_addresses(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"cpu_info\": \"C\", \"gpu_info\": \"NVIDIA A, RPC[], RPC[a:1], RPC[\\\"x, RPC[b:2\\\"\", "
                    "\"backends\": \"RPC\", "
                    "\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 2}");
    assert_int_equal(sample.result, 0);
    const struct reading *reading = sample.readings.items[0];
    assert_int_equal(reading->private_count, 2);
    assert_int_equal(reading->privates[0].length, 3);
    assert_memory_equal(sample.text + reading->privates[0].offset, "a:1]", 4);
    assert_int_equal(reading->privates[1].length, 3);
    assert_memory_equal(sample.text + reading->privates[1].offset, "b:2\\", 4);
    expect_same_after_redaction(&sample);
    /* One that breaks off before an object leaves it alone. */
    static const char text[] = "\"RPC[a{\"\nnotes\": \"by Ann\", \"speed\": {\"tg128\": 2}}";
    autosample struct sample before = sample_of(text, sizeof text - 1, "mac-llm-bench-json");
    assert_int_equal(sample_run_count(&before), 1);
    expect_same_after_redaction(&before);
    /* Only what an address may consist of is one. */
    autosample struct sample test =
        sample_text("{\"cpu_info\": \"C\", \"test\": \"RPC[q+tg128\", \"avg_ts\": 4, \"build_commit\": \"a\"}");
    expect_same_after_redaction(&test);
}

static void test_machines(void **state)
{
    (void)state;
    static const char tail[] = "\"backends\": \"CUDA\", \"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 10";
    char a[400], b[400], c[400], text[2000];
    snprintf(text, sizeof text, "[%s,\n%s,\n%s,\n%s]", record(a, sizeof a, "A", "NVIDIA GeForce RTX 3090", tail),
             record(b, sizeof b, "B", "NVIDIA GeForce RTX 4090", tail), a, record(c, sizeof c, "A", "", tail));
    autosample struct sample sample = sample_text(text);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 2);
    assert_int_equal(sample.readings.items[0]->run_count, 3);
    assert_string_equal(sample.readings.items[1]->device.chip, "B");
    /* The other machine's record lies within the first one's reach: it must not go with it. */
    assert_int_equal(sample.readings.items[0]->private_count, 1);
    assert_int_equal(sample.readings.items[0]->privates[0].kind, PRIVATE_TEXT);
    assert_int_equal(sample.readings.items[1]->original_length, strlen(b));
    expect_same_after_redaction(&sample);
}

/* One machine's records in two lists, the first of which begins with another's; and brackets of log lines. */
static void test_lists(void **state)
{
    (void)state;
    static const char tail[] = "\"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 10";
    char a[400], b[400], text[2400];
    record(a, sizeof a, "A", "NVIDIA GeForce RTX 3090", tail);
    record(b, sizeof b, "B", "NVIDIA GeForce RTX 4090", tail);
    snprintf(text, sizeof text, "llama [ 1/2\n[%s,\n%s]\nllama [ 2/2\n[%s]\n", b, a, a);
    autosample struct sample sample = sample_text(text);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 2);
    assert_int_equal(sample.readings.items[1]->run_count, 2);
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chips),          cmocka_unit_test(test_no_layers_offloaded),
        cmocka_unit_test(test_remote_devices), cmocka_unit_test(test_odd_addresses),
        cmocka_unit_test(test_machines),       cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
