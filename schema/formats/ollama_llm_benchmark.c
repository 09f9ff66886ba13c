/* The console of llm_benchmark, which runs prompts through Ollama: an eval rate a prompt and their average a model.
 * Prompts, the machine's UUID and folders stay on the machine. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

#define SAMPLES_MAX ((size_t)10000)

static int detect(const struct format_input *input)
{
    return str_has(input->text, "Average of eval rate:") ||
                   (str_has(input->text, "model_name =") && str_has(input->text, "eval rate:"))
               ? 93
               : 0;
}

struct ollama {
    struct text_log log;
    struct run *run;
    double *samples;
    size_t count, capacity;
    double average;
};

static int close_run(struct ollama *ollama, struct err *err)
{
    struct run *run = ollama->run;
    struct reading *reading = ollama->log.reading;
    ollama->run = NULL;
    if (run == NULL)
        return 0;
    struct stated_figures stated = STATED_FIGURES;
    stated.mean = ollama->average;
    stated.samples = ollama->samples;
    stated.sample_count = ollama->count;
    if (ollama->count == 0 && isnan(ollama->average)) {
        reading->run_count--;
        return 0;
    }
    return reader_measure(reading, run, "generation_throughput", "tok/s", &stated) == NULL ? mem_error(err) : 0;
}

static int open_run(struct ollama *ollama, struct str name, struct err *err)
{
    int result = close_run(ollama, err);
    ollama->run = reading_add_run(ollama->log.reading);
    ollama->count = 0;
    ollama->average = MISSING;
    if (ollama->run == NULL)
        return mem_error(err);
    reader_set_model(ollama->log.reading, ollama->run, name);
    ollama->run->workload.task = "eval";
    return result;
}

static int add_sample(struct ollama *ollama, double rate, struct err *err)
{
    if (ollama->count == SAMPLES_MAX) {
        err_set(err, ERR_LIMIT, "more than %zu prompts of one model", SAMPLES_MAX);
        return err_at(err, ollama->log.number, 0);
    }
    double *samples =
        arena_grow(&ollama->log.reading->arena, ollama->samples, &ollama->capacity, ollama->count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    ollama->samples = samples;
    samples[ollama->count++] = rate;
    return 0;
}

/* Facts that stand before the models. */
static void read_fact(struct ollama *ollama, struct str label, struct str value)
{
    struct reading *reading = ollama->log.reading;
    struct device *device = &reading->device;
    char *text = reader_text(&reading->arena, value);
    if (text == NULL || reader_is_placeholder(text))
        return;
    if (str_equal(label, STR("cpu_info")))
        device->chip = text;
    else if (str_equal(label, STR("os_version")))
        device->os_name = text;
    else if (str_equal(label, STR("ollama_version")))
        reading->tool_version = text;
    else if (str_equal(label, STR("gpu_info")) && device->chip_count == 0) {
        device->chips = arena_alloc(&reading->arena, 1, sizeof *device->chips);
        if (device->chips == NULL)
            return;
        device->chip_count = 1;
        device->chips[0] = (struct device_chip){
            .name = text, .kind = "gpu", .count = 1, .cores = COUNT_UNKNOWN, .memory_bytes = MISSING};
    } else
        return;
    text_log_keep(&ollama->log);
}

static int read_line(struct ollama *ollama, struct err *err)
{
    struct str label, value, unit;
    double rate = 0;
    int result = 0;
    if (text_split(ollama->log.line, '=', &label, &value) && str_equal(label, STR("model_name"))) {
        text_log_keep(&ollama->log);
        return open_run(ollama, value, err);
    }
    if (!text_split(ollama->log.line, ':', &label, &value))
        return 0;
    bool average = str_equal(label, STR("Average of eval rate")), sample = str_equal(label, STR("eval rate"));
    if (ollama->run == NULL && !average && !sample) {
        read_fact(ollama, label, value);
        return 0;
    }
    if (ollama->run == NULL || !text_quantity(value, &rate, &unit) || !str_starts_with(unit, STR("tokens/s")))
        return 0;
    text_log_keep(&ollama->log);
    if (sample)
        return add_sample(ollama, rate, err);
    if (average) {
        ollama->average = rate;
        result = close_run(ollama, err);
    }
    return result;
}

/* llm_benchmark names the GPU that Ollama uses when there is one. */
static void set_chips(struct reading *reading)
{
    const struct device *device = &reading->device;
    bool gpu = device->chip_count > 0 && !text_equal(device->chips[0].name, device->chip) &&
               !text_starts_with(device->chips[0].name, "no_gpu") && !text_starts_with(device->chips[0].name, "No GPU");
    for (size_t i = 0; gpu && i < reading->run_count; i++)
        reading->runs[i].chip_name = device->chips[0].name;
    if (!gpu)
        reading->device.chip_count = 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct ollama ollama = {.average = MISSING};
    int result = text_log_open(&ollama.log, &format_ollama_llm_benchmark, input, into, err);
    while (result == 0 && text_log_next(&ollama.log))
        result = read_line(&ollama, err);
    if (result == 0)
        result = close_run(&ollama, err);
    if (result < 0)
        return text_log_abandon(&ollama.log, result);
    set_chips(ollama.log.reading);
    reader_tell_no_chip(ollama.log.reading);
    return text_log_close(&ollama.log, "the output holds no eval rate", err);
}

const struct format format_ollama_llm_benchmark = {
    .name = "ollama-llm_benchmark-console",
    .tool = "Ollama",
    .summary = "what llm_benchmark prints about Ollama",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
