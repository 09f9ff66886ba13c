/* The built-in benchmark: what fits, when it is enough, the product against slow code, and its own document. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/base/process.h"
#include "schema/formats/formats.h"
#include "submit/bench/bench.h"
#include "submit/device/device.h"

#define MB 1e6
#define MIB ((size_t)1 << 20)

/* ---------------------------------------------------------------- lm_head */

static void multiplies_as_slow_code_does(void **state)
{
    enum { ROWS = 200 };
    static struct lm_head head;
    (void)state;
    for (size_t k = 0; kernels_all[k] != NULL; k++) {
        if (!kernels_all[k]->is_usable())
            continue;
        for (enum lm_type type = LM_F16; (int)type < LM_TYPES; type++) {
            autoteam struct team *team = NULL;
            void *weights = aligned_alloc(64, lm_head_bytes(type, ROWS));
            assert_non_null(weights);
            assert_int_equal(team_open(3, &team, NULL), 0);
            assert_int_equal(lm_head_open(type, ROWS, 2, kernels_all[k], weights, team, &head, NULL), 0);
            lm_head_multiply(&head, team);
            for (int64_t row = 0; row < ROWS; row++) {
                int64_t sum = 0; /* of float types in units of 1 / 2048 */
                for (size_t i = 0; i < LM_HEAD_COLUMNS; i++) {
                    const int w = (int)(lm_head_word(2, row, i / 8) >> (8 * (i % 8)) & 0xff);
                    const int x = (int)(lm_head_word(2, -1, i / 8) >> (8 * (i % 8)) & 0xff);
                    sum += type == LM_I8 ? (w - 128) * (x - 128) : (w / 2 - 64) * (x / 4 - 32);
                }
                if (type == LM_I8)
                    assert_int_equal(head.integers[row], sum);
                else
                    assert_true(number_equal((double)head.floats[row] * 2048, (double)sum));
            }
            lm_head_close(&head);
            free(weights);
        }
    }
}

/* Values of a program of its own, written from the description in lm_head.h, and sha256sum. */
static void hashes_are_those_of_another_program(void **state)
{
    static const struct {
        enum lm_type type;
        uint64_t seed, hash;
    } wanted[] = {{LM_I8, 1, UINT64_C(0x62251bba1b38d42d)},
                  {LM_I8, 2, UINT64_C(0xa0ea872dcec53f8a)},
                  {LM_F16, 1, UINT64_C(0xf9e03d6b0ae26814)},
                  {LM_F32, 2, UINT64_C(0x8860c7db33fea7f9)}};
    static struct lm_head head;
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        autoteam struct team *team = NULL;
        struct err err = {0};
        void *weights = aligned_alloc(64, lm_head_bytes(wanted[i].type, 200));
        assert_int_equal(team_open(2, &team, NULL), 0);
        assert_int_equal(lm_head_open(wanted[i].type, 200, wanted[i].seed, kernels_best(), weights, team, &head, NULL),
                         0);
        lm_head_multiply(&head, team);
        assert_true(lm_head_hash(&head, &err) == wanted[i].hash);
        lm_head_close(&head);
        free(weights);
    }
    assert_true(lm_head_known_hash(LM_F16, 1) == lm_head_known_hash(LM_F32, 1));
    assert_true(lm_head_known_hash(LM_I8, 1) != lm_head_known_hash(LM_I8, 2));
    assert_true(lm_head_bytes(LM_F16, LM_HEAD_ROWS) == 1050673152);
}

/* ---------------------------------------------------------------- what fits */

static void takes_what_fits(void **state)
{
    const struct bench_options all = {.memory = true, .lm_head = true, .together = true};
    const struct bench_options quick = {.memory = true, .lm_head = true, .quick = true};
    (void)state;
    struct bench_sizes sizes = bench_sizes_of(&all, 16e9, 32 * MIB);
    assert_int_equal(sizes.array, 128 * MIB);
    assert_int_equal(sizes.arrays, 3);
    assert_true(sizes.fits[LM_F32] && sizes.two_fit[LM_F16]);
    assert_true(sizes.ground >= lm_head_bytes(LM_F32, LM_HEAD_ROWS));
    /* Four times a cache of 384 MiB, three times. */
    sizes = bench_sizes_of(&all, 64e9, 384 * MIB);
    assert_int_equal(sizes.array, 1536 * MIB);
    assert_int_equal(sizes.ground, 3 * 1536 * MIB);
    assert_true(bench_sizes_of(&quick, 16e9, 32 * MIB).ground == lm_head_bytes(LM_F16, LM_HEAD_ROWS));
    /* 1 GB free: 800 MB may be used, fp16 is left out. */
    sizes = bench_sizes_of(&all, 1e9, 8 * MIB);
    assert_false(sizes.fits[LM_F16] || sizes.fits[LM_F32] || sizes.two_fit[LM_I8]);
    assert_true(sizes.fits[LM_I8] && (double)sizes.ground <= 800 * MB);
    /* 300 MB free: fewer rows, one array. */
    sizes = bench_sizes_of(&all, 300e6, 8 * MIB);
    assert_false(sizes.fits[LM_I8]);
    assert_int_equal(sizes.arrays, 1);
    assert_true(sizes.rows > 0 && sizes.rows < LM_HEAD_ROWS && sizes.rows % 64 == 0);
    assert_true((double)sizes.ground <= 240 * MB);
    /* Less than the caches hold: nothing honest can be measured. */
    sizes = bench_sizes_of(&all, 100e6, 32 * MIB);
    assert_int_equal(sizes.ground, 0);
    assert_int_equal(sizes.arrays, 0);
    assert_int_equal(sizes.rows, 0);
    assert_true(bench_sizes_of(&all, (double)NAN, 0).arrays == 3);
}

static void put(const char *folder, const char *path, const char *text)
{
    autofree char *whole = mem_printf("%s/%s", folder, path);
    autofree char *above = mem_strdup(whole);
    assert_non_null(above);
    *strrchr(above, '/') = '\0';
    assert_int_equal(file_make_folders(above, 0755, NULL), 0);
    assert_int_equal(file_replace(whole, 0644, text, strlen(text), NULL), 0);
}

static void adds_up_last_caches(void **state)
{
    char folder[] = "/tmp/crosschip-caches.XXXXXX";
    struct root root;
    struct process_result result;
    (void)state;
    assert_non_null(mkdtemp(folder));
    put(folder, "sys/devices/system/cpu/online", "0-3\n");
    for (int cpu = 0; cpu < 4; cpu++) {
        static const char *const indexes[][3] = {
            {"1", "Data", "48K"}, {"1", "Instruction", "32K"}, {"2", "Unified", "1M"}, {"3", "Unified", "32768K"}};
        for (int i = 0; i < 4; i++) {
            static const char *const files[] = {"level", "type", "size"};
            for (int f = 0; f < 3; f++) {
                autofree char *path = mem_printf("sys/devices/system/cpu/cpu%d/cache/index%d/%s", cpu, i, files[f]);
                put(folder, path, indexes[i][f]);
            }
            autofree char *path = mem_printf("sys/devices/system/cpu/cpu%d/cache/index%d/shared_cpu_list", cpu, i);
            put(folder, path, i == 3 ? (cpu < 2 ? "0-1\n" : "2-3\n") : "9\n");
        }
    }
    assert_int_equal(root_open(folder, &root, NULL), 0);
    assert_int_equal(caches_last_bytes(&root), 64 * MIB);
    const char *const argv[] = {"rm", "-r", folder, NULL};
    assert_int_equal(process_run(argv, 10000, NULL, NULL, &result, NULL), 0);
}

/* ---------------------------------------------------------------- sampling */

static void nothing(void *context)
{
    ++*(size_t *)context;
}

static void stops_when_it_is_enough(void **state)
{
    double values[SAMPLE_RUNS_MAX];
    autosamples struct samples samples = {0};
    size_t calls = 0;
    (void)state;
    for (size_t i = 0; i < SAMPLE_RUNS_MAX; i++)
        values[i] = i % 2 == 0 ? 1.0 : 1.5;
    assert_true(sample_width(values, 5) >= 1); /* too few for an interval of 95 % */
    assert_true(sample_width(values, SAMPLE_RUNS_MAX) > 0.3);
    for (size_t i = 0; i < SAMPLE_RUNS_MAX; i++)
        values[i] = 1 + 1e-5 * (double)i;
    assert_true(sample_width(values, SAMPLE_RUNS_MAX) < 0.01);
    const struct sample_plan plan = {.limit_s = 30};
    assert_int_equal(sample_take(&plan, nothing, &calls, &samples, NULL), 0);
    assert_int_equal(calls, samples.count + samples.warm_up_runs);
    assert_true(samples.count >= SAMPLE_RUNS_LEAST && samples.count <= SAMPLE_RUNS_MAX);
    assert_true(text_equal(samples.stop, "interval") || text_equal(samples.stop, "runs"));
}

static void pause_briefly(void *context)
{
    (void)context;
    (void)usleep(3000);
}

static void ends_at_its_time(void **state)
{
    autosamples struct samples samples = {0};
    const struct sample_plan plan = {.limit_s = 0.001};
    (void)state;
    assert_int_equal(sample_take(&plan, pause_briefly, NULL, &samples, NULL), 0);
    assert_string_equal(samples.stop, "time");
    assert_int_equal(samples.count, 1); /* twice the limit is over before the least number of runs */
}

/* ---------------------------------------------------------------- the document */

static void its_document_reads_back(void **state)
{
    autoreading struct reading *reading = reading_new();
    autobuf struct buf json = BUF(BUF_MIB), table = BUF(BUF_MIB);
    autoreadings struct reading_list list = {0};
    const struct format *format = NULL;
    const struct kernels *kernels = kernels_best();
    struct bench bench = {.reading = reading, .kernels = kernels};
    const double seconds[] = {0.050, 0.052, 0.054};
    struct samples samples = {.seconds = mem_zalloc(3, sizeof(double)), .count = 3, .stop = "runs"};
    (void)state;
    assert_non_null(reading);
    assert_non_null(samples.seconds);
    memcpy(samples.seconds, seconds, sizeof seconds);
    reading->device = device_unknown();
    reading->device.chip = "AMD EPYC";
    struct run *run = bench_begin_run(&bench, "llama_lm_head", "F16", NULL, "lm_head", 2);
    bench_add_passes(&bench, run, &samples, 1050673152);
    parameters_set_number(&reading->arena, &run->conditions, "load_before", 0.5);
    parameters_set_boolean(&reading->arena, &run->conditions, "throttled", false);
    bench_write_json(reading, &json);
    assert_int_equal(formats_read(NULL, str_slice(buf_text(&json), json.len), NULL, &format, &list, NULL), 0);
    assert_string_equal(format->name, "crosschip-json");
    const struct run *back = &list.items[0]->runs[0];
    assert_string_equal(list.items[0]->tool, "crosschip-bench");
    assert_string_equal(back->workload.model, "llama_lm_head");
    assert_string_equal(back->workload.backend, "CPU");
    assert_int_equal(back->measurements[0].sample_count, 3);
    assert_true(fabs(back->measurements[0].median - 52) < 1e-9);
    /* Bandwidth × time is the size of the weights. */
    assert_true(fabs(back->measurements[0].mean * back->measurements[1].mean * 1e6 / 1050673152 - 1) < 1e-12);
    assert_int_equal(back->measurements[1].n, 3);
    assert_true(number_equal(parameters_find(&back->conditions, "load_before")->number, 0.5));
    assert_non_null(back->ran_at);
    assert_int_equal(bench_write_table(reading, &table, NULL), 0);
    assert_non_null(strstr(buf_text(&table), "llama_lm_head"));
    assert_non_null(strstr(buf_text(&table), "20.2"));
    samples_done(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiplies_as_slow_code_does),
        cmocka_unit_test(hashes_are_those_of_another_program),
        cmocka_unit_test(takes_what_fits),
        cmocka_unit_test(adds_up_last_caches),
        cmocka_unit_test(stops_when_it_is_enough),
        cmocka_unit_test(ends_at_its_time),
        cmocka_unit_test(its_document_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
