#include "schema/formats/vlm_partitioner.h"

#include <string.h>

#include "schema/base/str.h"
#include "schema/formats/reader.h"

static const struct vlm_metric metrics[] = {
    {"duration", "Duration (s)", "duration", "s"},
    {"tokens_per_sec", "Tokens/sec", "generation_throughput", "tok/s"},
    {"tokens_generated", "Tokens Generated", "tokens_generated", "tok"},
    {"gpu_peak_memory_mb", "GPU Peak Mem (MB)", "gpu_peak_memory", "MiB"},
    {"cpu_memory_delta_mb", "CPU Mem Delta (MB)", "memory_increase", "MiB"},
    {"gpu_memory_delta_mb", NULL, "gpu_memory_increase", "MiB"},
    {"vision_inference_time", NULL, "vision_inference_time", "s"},
    {"onnx_model_size_mb", NULL, "model_size", "MiB"},
    {"vision_model_size_mb", NULL, "vision_model_size", "MiB"},
    {"language_model_size_mb", NULL, "language_model_size", "MiB"},
};

const struct vlm_metric *vlm_metric(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(metrics); i++)
        if (text_equal(name, metrics[i].name))
            return &metrics[i];
    return NULL;
}

const struct vlm_metric *vlm_metric_of_label(const char *label)
{
    for (size_t i = 0; i < ARRAY_LENGTH(metrics); i++)
        if (metrics[i].label != NULL && text_equal(label, metrics[i].label))
            return &metrics[i];
    return NULL;
}

bool vlm_is_mode(const char *name)
{
    static const char *const modes[] = {"original", "split_native", "run_onnx",
                                        "onnx",     "convert_onnx", "save_standalone"};
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++)
        if (text_equal(name, modes[i]))
            return true;
    return false;
}

struct run *vlm_add_run(struct reading *reading, const char *mode)
{
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    run->workload.mode = reader_text(&reading->arena, str_of(mode));
    run->workload.task = VLM_PARTITIONER_TASK;
    return run;
}

/* ---------------------------------------------------------------- the file's name */

static bool has_word(const char *name, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(name, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == name || strchr("_-. ", at[-1]) != NULL;
        if (begins && (at[length] == '\0' || strchr("_-. ", at[length]) != NULL))
            return true;
    }
    return false;
}

/* The tool's own names alone: "benchmark_cuda_20260117_081530.json", "benchmark_non_quantized_….json". */
static const char *backend_of(const char *name)
{
    if (!text_starts_with(name, "benchmark_"))
        return NULL;
    return has_word(name, "cuda") ? "CUDA" : has_word(name, "cpu") ? "CPU" : NULL;
}

static const char *quantization_of(const char *name)
{
    if (!text_starts_with(name, "benchmark_") || !has_word(name, "quantized"))
        return NULL;
    return strstr(name, "non_quantized") != NULL || strstr(name, "non-quantized") != NULL ? "none" : "quantized";
}

/* "20260117_081530" in a name of the tool as "2026-01-17 08:15:30"; NULL. */
static const char *time_of(struct arena *arena, const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (strspn(at, "0123456789") != 8 || at[8] != '_' || strspn(at + 9, "0123456789") != 6)
            continue;
        return arena_printf(arena, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", at, at + 4, at + 6, at + 9, at + 11, at + 13);
    }
    return NULL;
}

void vlm_finish(struct reading *reading, const char *file_name)
{
    struct arena *arena = &reading->arena;
    const char *name = file_name != NULL ? file_name : "";
    const char *backend = backend_of(name), *quantization = quantization_of(name);
    bool own = text_starts_with(name, "benchmark_") || text_starts_with(name, "example_results_");
    const char *time = own ? time_of(arena, name) : NULL;
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        run->workload.backend = backend;
        run->workload.quantization = quantization;
        if (time != NULL && run->ran_at == NULL)
            (void)reader_set_time(arena, run, time);
    }
    if (reading->run_count == 0)
        return;
    reading_add_problem(reading, "", 0, 0,
                        "the output names neither model nor chip: --set model=NAME, --set chip=NAME");
    if (backend == NULL)
        reading_add_problem(reading, "", 0, 0, "neither the output nor its name says cpu or cuda: --set backend=NAME");
    if (quantization == NULL)
        reading_add_problem(reading, "", 0, 0,
                            "neither the output nor its name says whether the model was quantised: "
                            "--set quantization=NAME");
}
