/* Whether an output is from this machine, for outputs of machines that it cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/bundle/types.h"
#include "submit/device/device.h"
#include "submit/whose.h"
#include "tests/unit/formats_sample.h"

static struct device linux_host(void)
{
    struct device local = device_unknown();
    local.chip = "AMD EPYC 7763";
    local.cores = 2;
    local.threads = local.usable_threads = 2;
    local.architecture = "x86_64";
    local.os_name = "Debian GNU/Linux";
    return local;
}

static bool is_local(const char *text, const struct device *local)
{
    autosample struct sample sample = sample_text(text);
    assert_int_equal(sample.result, 0);
    return whose_is_local(sample.readings.items[0], local);
}

#define GO(os, arch, cpu)                                                                                              \
    "goos: " os "\ngoarch: " arch "\npkg: x\ncpu: " cpu "\nBenchmarkA-2   \t100\t12.5 ns/op\nPASS\n"
#define GBENCH(host, cpus)                                                                                             \
    "{\"context\": {\"date\": \"2026-01-02T03:04:05+00:00\", \"host_name\": \"" host "\", \"executable\": \"./b\", "   \
    "\"num_cpus\": " cpus ", \"mhz_per_cpu\": 3000}, \"benchmarks\": [{\"name\": \"BM_A\", \"run_type\": "             \
    "\"iteration\", \"iterations\": 10, \"real_time\": 5.0, \"cpu_time\": 5.0, \"time_unit\": \"ns\"}]}"
#define TABLE(backend)                                                                                                 \
    "| model | size | params | backend | ngl | test | t/s |\n| --- | ---: | ---: | --- | ---: | ---: | ---: |\n"       \
    "| llama 7B Q4_0 | 3.56 GiB | 6.74 B | " backend " | 99 | tg 128 | 61.19 ± 0.10 |\n\nbuild: 8e672efe (1550)\n"

static void test_words_of_one_system(void **state)
{
    (void)state;
    struct device local = linux_host();
    assert_true(is_local(GO("linux", "amd64", "AMD EPYC 7763"), &local));
    assert_false(is_local(GO("darwin", "amd64", "AMD EPYC 7763"), &local));
    assert_false(is_local(GO("linux", "arm64", "AMD EPYC 7763"), &local));
    assert_false(is_local(GO("linux", "amd64", "Apple M1"), &local));
    local.os_name = "NixOS"; /* that no list has */
    assert_true(is_local(GO("linux", "amd64", "AMD EPYC 7763"), &local));
    local.os_name = "macOS";
    assert_false(is_local(GO("linux", "amd64", "AMD EPYC 7763"), &local));
    assert_true(is_local(GO("darwin", "amd64", "AMD EPYC 7763"), &local));
}

static void test_counts(void **state)
{
    (void)state;
    struct device local = linux_host();
    assert_true(is_local(GBENCH("box", "2"), &local));
    assert_false(is_local(GBENCH("box", "64"), &local));
    local.threads = 64; /* of which a container leaves two */
    assert_true(is_local(GBENCH("box", "2"), &local));
    assert_true(is_local(GBENCH("box", "64"), &local));
}

static void test_backends(void **state)
{
    (void)state;
    struct device local = linux_host();
    assert_false(is_local(TABLE("Metal"), &local));
    assert_false(is_local(TABLE("MTL,BLAS"), &local));
    assert_false(is_local(TABLE("CUDA"), &local));
    assert_false(is_local(TABLE("ROCm"), &local)); /* a processor of AMD is no graphics card */
    assert_true(is_local(TABLE("CPU"), &local));
    assert_true(is_local(TABLE("Vulkan"), &local));
    assert_false(is_local("[ { \"startComputeMs\": 1, \"endComputeMs\": 2, \"computeMs\": 1, \"latencyMs\": 1.5 } ]",
                          &local)); /* trtexec, which says nothing of itself there */
    struct device_chip card = {.name = "NVIDIA Corporation GA102 [GeForce RTX 3090]", .kind = "gpu"};
    local.chips = &card;
    local.chip_count = 1;
    assert_true(is_local(TABLE("CUDA"), &local));
    card.name = "Advanced Micro Devices, Inc. [AMD/ATI] Navi 31";
    assert_true(is_local(TABLE("ROCm"), &local));
    assert_false(is_local(TABLE("CUDA"), &local));
    local.os_name = "macOS";
    assert_true(is_local(TABLE("Metal"), &local));
}

static bool names_other_host(const char *text, const char *own)
{
    autosample struct sample sample = sample_text(text);
    assert_int_equal(sample.result, 0);
    return whose_names_other_host(sample.readings.items[0], str_of(text), own);
}

static void test_hosts(void **state)
{
    (void)state;
    assert_false(names_other_host(GBENCH("box", "2"), "box"));
    assert_false(names_other_host(GBENCH("box", "2"), "Box.example.org"));
    assert_false(names_other_host(GBENCH("box.local", "2"), "box"));
    assert_false(names_other_host(GBENCH("localhost", "2"), "box"));
    assert_true(names_other_host(GBENCH("alices-mbp", "2"), "box"));
    /* Behind words, where an original begins later. */
    assert_true(names_other_host("see below\n" GBENCH("alices-mbp", "2"), "box"));
    assert_false(names_other_host("see below\n" GBENCH("box", "2"), "box"));
    assert_false(names_other_host(GBENCH("[removed:host]", "2"), "box"));
}

static void test_mails(void **state)
{
    (void)state;
    assert_true(whose_is_mail(STR("From: Bob <b@example.org>\nSubject: results\n\n" TABLE("CPU"))));
    assert_true(whose_is_mail(STR("From b Mon Jan 1\r\nReceived: from x\r\n\tby y\r\nFrom: Bob\r\n\r\nHello")));
    assert_false(whose_is_mail(STR(TABLE("CPU"))));
    assert_false(whose_is_mail(STR("From: the first run\n\nDate: unknown\n")));
    assert_false(whose_is_mail(STR("Date: 2026-01-01\nSubject: nightly\n\n")));
    assert_false(whose_is_mail(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_one_system),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_backends),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_mails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
