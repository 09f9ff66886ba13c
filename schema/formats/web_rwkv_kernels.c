/* web-rwkv-gguf's benchmarks of single kernels: bench_metal_vs_wgpu_real.rs
 * (matrix products in Metal) and bench_q4k_shaders.rs (variants of one WebGPU
 * shader). GFLOPS = 2 K M / time. The WebGPU speed that the first one compares
 * with is a constant of its source, 44.2 tok/s. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/figure.h"
#include "schema/formats/printed.h"
#include "schema/formats/web_rwkv.h"

#define FRAME "\xe2\x95\x91" /* ║ */
#define KERNEL_TASK "q4k matmul"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    if (str_has(text, "GFLOPS (sync)") || (str_has(text, "matmuls/token") && str_has(text, "Average matmul:")))
        return 90;
    return str_has(text, "Min/Max (") && str_has(text, "GFLOP/s") && str_has(text, "Shader") ? 90 : 0;
}

struct kernels {
    struct printed printed;
    size_t batched_at; /* 1 + index of the run of the batch; 0: none */
    double k, m, runs; /* of the shaders */
    struct str adapter;
    bool metal;
};

/* "µs" with either of the two characters, or "us". */
static bool take_microseconds(struct str *line)
{
    return printed_word(line, "\xc2\xb5s") || printed_word(line, "\xce\xbcs") || printed_word(line, "us");
}

static void add_time(struct reading *reading, struct run *run, double mean, double least, double most, double runs)
{
    struct figure figure = figure_of("time", "us", mean);
    figure.min = least;
    figure.max = most;
    if (runs >= 1 && runs < 1e9)
        figure.stated.n = (int64_t)runs;
    figure_add(reading, run, &figure);
}

static struct run *add_kernel(struct reading *reading, struct str name, const char *backend)
{
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    run->workload.task = KERNEL_TASK;
    run->workload.quantization = "Q4_K";
    run->workload.backend = backend;
    run->workload.mode = reader_text(&reading->arena, name);
    return run;
}

/* ---------------------------------------------------------------- Metal */

/* "FFN up projection:    421.7 µs |  124.3 GFLOPS (sync)" and, of the batch, "Average matmul: 24.7 µs | 530.7 GFLOPS"
 */
static bool take_product(struct kernels *kernels, struct str line)
{
    struct reading *reading = kernels->printed.reading;
    size_t colon = str_find(line, STR(":"), 0);
    double time = 0, rate = 0;
    if (colon == SIZE_MAX || colon == 0 || colon > 60)
        return false;
    struct str name = str_slice(line.data, colon), rest = str_slice(line.data + colon + 1, line.len - colon - 1);
    if (!printed_number(&rest, &time) || !take_microseconds(&rest) || !printed_word(&rest, "|") ||
        !printed_number(&rest, &rate) || !printed_word(&rest, "GFLOPS"))
        return false;
    bool batched = str_equal(name, STR("Average matmul"));
    struct run *run = add_kernel(reading, batched ? STR("batched") : name, "Metal");
    if (run == NULL)
        return true;
    parameters_set_word(&reading->arena, &run->workload.parameters, "synchronised", batched ? "at end" : "each");
    add_time(reading, run, time, MISSING, MISSING, MISSING);
    figure_add_value(reading, run, "compute_throughput", "GFLOPS", rate);
    if (batched)
        kernels->batched_at = reading->run_count;
    kernels->metal = true;
    return true;
}

/* The lines below "Batched 192 matmuls/token:". */
static bool take_batch(struct kernels *kernels, struct str line)
{
    struct reading *reading = kernels->printed.reading;
    double value = 0;
    if (kernels->batched_at == 0)
        return false;
    struct run *run = &reading->runs[kernels->batched_at - 1];
    if (printed_figure(line, "Time per token:", "ms", &value))
        figure_add_value(reading, run, "time_per_output_token", "ms", value);
    else if (printed_figure(line, "Throughput:", "tok/s", &value))
        figure_add_value(reading, run, "generation_throughput", "tok/s", value);
    else
        return false;
    return true;
}

static void note_batch(struct kernels *kernels, struct str line)
{
    double value = 0;
    struct reading *reading = kernels->printed.reading;
    if (printed_figure(line, "WebGPU baseline:", "tok/s", &value)) {
        reading_add_problem(reading, "", kernels->printed.number, 0,
                            "left out: %g tok/s of WebGPU and the factor over it; that speed is written into the "
                            "program (44.2), not measured",
                            value);
        printed_keep(&kernels->printed);
    }
}

/* ---------------------------------------------------------------- shaders */

/* "║ name ║ 41.3 ║ 38/55 ║ 317.4 ║" */
static bool take_shader(struct kernels *kernels, struct str line)
{
    struct reading *reading = kernels->printed.reading;
    double mean = 0, least = 0, most = 0, rate = 0;
    const char *bar = str_has(line, FRAME) ? FRAME : "|";
    if (!printed_word(&line, bar))
        return false;
    size_t end = str_find(line, str_of(bar), 0);
    if (end == SIZE_MAX)
        return false;
    struct str name = str_trim(str_slice(line.data, end));
    line = str_slice(line.data + end, line.len - end);
    if (!printed_word(&line, bar) || !printed_number(&line, &mean) || !printed_word(&line, bar) ||
        !printed_number(&line, &least) || !printed_word(&line, "/") || !printed_number(&line, &most) ||
        !printed_word(&line, bar) || !printed_number(&line, &rate) || !printed_word(&line, bar))
        return false;
    struct run *run = add_kernel(reading, name, NULL);
    if (run == NULL)
        return true;
    parameters_set_number(&reading->arena, &run->workload.parameters, "k", kernels->k);
    parameters_set_number(&reading->arena, &run->workload.parameters, "m", kernels->m);
    rwkv_set_gpu(reading, run, kernels->adapter);
    add_time(reading, run, mean, least, most, kernels->runs);
    figure_add_value(reading, run, "compute_throughput", "GFLOP/s", rate);
    return true;
}

/* "Matrix: K=2560   M=2560", "Adapter: Apple M2 Max", "Running benchmarks (10 warmup, 100 runs each)" */
static bool take_frame(struct kernels *kernels, struct str line)
{
    size_t matrix = str_find(line, STR("K="), 0), adapter = str_find(line, STR("Adapter:"), 0);
    size_t running = str_find(line, STR(" warmup, "), 0);
    double k = 0, m = 0, runs = 0;
    if (adapter != SIZE_MAX && adapter < 12) {
        kernels->adapter = str_trim(str_slice(line.data + adapter + 8, line.len - adapter - 8));
        return true;
    }
    if (running != SIZE_MAX) {
        struct str rest = str_slice(line.data + running + 9, line.len - running - 9);
        if (!printed_number(&rest, &runs) || !printed_word(&rest, "runs each"))
            return false;
        kernels->runs = runs;
        return true;
    }
    if (matrix == SIZE_MAX)
        return false;
    struct str rest = str_slice(line.data + matrix, line.len - matrix);
    if (!printed_word(&rest, "K=") || !printed_number(&rest, &k))
        return false;
    (void)printed_word(&rest, ",");
    if (!printed_word(&rest, "M=") || !printed_number(&rest, &m))
        return false;
    kernels->k = k;
    kernels->m = m;
    return true;
}

/* ---------------------------------------------------------------- */

static int read_kernels(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct kernels kernels = {.k = MISSING, .m = MISSING, .runs = MISSING};
    struct printed *printed = &kernels.printed;
    int result = printed_open(printed, &format_web_rwkv_kernels, input, into, err);
    while (result == 0 && printed_next(printed)) {
        if (take_product(&kernels, printed->line) || take_batch(&kernels, printed->line) ||
            take_shader(&kernels, printed->line) || take_frame(&kernels, printed->line))
            printed_keep(printed);
        else
            note_batch(&kernels, printed->line);
    }
    if (result < 0)
        return result;
    struct reading *reading = printed->reading;
    if (kernels.metal)
        reading_add_problem(reading, "device", 0, 0,
                            "the output names no chip: --set chip=NAME states it; tok/s of the batch are computed "
                            "from its matrix products alone");
    if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "no kernel was timed");
    return printed_finish(printed, err);
}

const struct format format_web_rwkv_kernels = {
    .name = "web-rwkv-gguf-kernels-text",
    .tool = WEB_RWKV_TOOL,
    .summary = "web-rwkv-gguf's timings of single kernels, Metal and WebGPU",
    .version = 1,
    .detect = detect,
    .read = read_kernels,
};
