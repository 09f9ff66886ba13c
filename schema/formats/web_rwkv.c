#include "schema/formats/web_rwkv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/figure.h"
#include "schema/formats/reader.h"

#define PREFILL_TOKENS 128
#define GENERATED_TOKENS 64

void rwkv_result_init(struct rwkv_result *result, int line)
{
    *result = (struct rwkv_result){
        .line = line,
        .layers = MISSING,
        .embedding = MISSING,
        .vocabulary = MISSING,
        .prefill_tokens = PREFILL_TOKENS,
        .generated_tokens = GENERATED_TOKENS,
    };
}

void rwkv_take_tokens(struct rwkv_result *result, struct str list)
{
    struct str first = {0}, token;
    size_t count = 0;
    bool alike = true;
    if (list.len < 2 || list.data[0] != '[' || list.data[list.len - 1] != ']')
        return;
    struct str rest = str_slice(list.data + 1, list.len - 2);
    while (str_next_field(&rest, ',', &token)) {
        token = str_trim(token);
        if (count++ == 0)
            first = token;
        alike = alike && str_equal(token, first);
    }
    result->one_token_only = alike && count >= 4;
}

/* ---------------------------------------------------------------- device */

static void add_gpu(struct reading *reading, const char *name)
{
    struct device *device = &reading->device;
    for (size_t i = 0; i < device->chip_count; i++)
        if (text_equal(device->chips[i].name, name))
            return;
    size_t capacity = device->chip_count;
    struct device_chip *chips =
        arena_grow(&reading->arena, device->chips, &capacity, device->chip_count + 1, sizeof *chips);
    if (chips == NULL)
        return;
    device->chips = chips;
    chips[device->chip_count++] = (struct device_chip){
        .name = name,
        .kind = "gpu",
        .count = 1,
        .cores = COUNT_UNKNOWN,
        .memory_bytes = MISSING,
    };
}

void rwkv_set_gpu(struct reading *reading, struct run *run, struct str name)
{
    const char *gpu = reader_text(&reading->arena, name);
    if (gpu == NULL || reader_is_placeholder(gpu))
        return;
    run->chip_name = gpu;
    if (text_starts_with(gpu, "Apple ") && reading->device.chip == NULL)
        reading->device.chip = gpu;
    if (text_equal(reading->device.chip, gpu))
        return;
    size_t before = reading->device.chip_count;
    if (before < 256)
        add_gpu(reading, gpu);
    if (reading->device.chip_count > before && (before > 0 || reading->device.chip != NULL))
        reading_add_problem(reading, "device", 0, 0,
                            "%.80s is another GPU than before: taken for a second one of the same machine", gpu);
}

/* ---------------------------------------------------------------- run */

static void set_label(struct reading *reading, struct run *run, const char *name, struct str text)
{
    const char *shown = reader_text(&reading->arena, text);
    if (shown != NULL)
        labels_add(&reading->arena, &run->labels, name, shown);
}

static void set_hash(struct reading *reading, struct run *run, const struct rwkv_result *result)
{
    uint64_t hash = 0;
    if (result->hash.len == 0)
        return;
    if (!number_parse_uint64_hex(result->hash, &hash)) {
        reading_add_problem(reading, "quality_hash", result->line, 0, "\"%.*s\" is no hash of 64 bits",
                            (int)(result->hash.len < 40 ? result->hash.len : 40), result->hash.data);
        return;
    }
    const char *text = arena_printf(&reading->arena, "%" PRIu64, hash);
    if (text != NULL)
        parameters_set_word(&reading->arena, &run->setup, "quality_hash", text);
}

static void set_setup(struct reading *reading, struct run *run, const struct rwkv_result *result)
{
    struct arena *arena = &reading->arena;
    const char *version = reader_text(arena, result->version);
    if (version != NULL)
        parameters_set_word(arena, &run->setup, "rwkv_version", version);
    parameters_set_number(arena, &run->setup, "n_layer", result->layers);
    parameters_set_number(arena, &run->setup, "n_embd", result->embedding);
    parameters_set_number(arena, &run->setup, "n_vocab", result->vocabulary);
    set_hash(reading, run, result);
    set_label(reading, run, "title", result->title);
    set_label(reading, run, "change", result->change);
    if (!result->one_token_only)
        return;
    flags_add(arena, &run->flags, "degenerate_output");
    reading_add_problem(
        reading, "quality_tokens", result->line, 0,
        "all tokens of the quality check are the same: the output is broken, or the model repeats itself");
}

static void set_time(struct reading *reading, struct run *run, const struct rwkv_result *result)
{
    if (result->time.len == 0)
        return;
    const char *utc =
        arena_printf(&reading->arena, "%.*sZ", (int)(result->time.len < 40 ? result->time.len : 40), result->time.data);
    if (utc == NULL)
        return;
    char *blank = strchr(utc, ' ');
    if (blank != NULL)
        *blank = 'T';
    if (!reader_set_time(&reading->arena, run, utc))
        reading_add_problem(reading, "time", result->line, 0, "\"%.40s\" is not a time", utc);
}

static void add_load(struct reading *reading, struct run *run, const struct rwkv_result *result)
{
    struct figure figure = figure_of("load_time", "ms", result->load);
    if ((result->seen & RWKV_LOAD) == 0) {
        figure.stated.mean_not_finite = false;
        figure.stated.mean = MISSING;
    }
    figure.stated.samples = result->loads;
    figure.stated.sample_count = result->load_count;
    if ((result->seen & RWKV_LOAD) != 0 || result->load_count > 0)
        figure_add(reading, run, &figure);
}

void rwkv_add_run(struct reading *reading, const struct rwkv_result *result)
{
    if (result->seen == 0 && result->load_count == 0) {
        if (result->line > 0)
            reading_add_problem(reading, "", result->line, 0, "entry left out: nothing was measured");
        return;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    figure_set_model(reading, run, result->model);
    rwkv_set_gpu(reading, run, result->gpu);
    struct workload *workload = &run->workload;
    workload->task = arena_printf(&reading->arena, "pp%.0f tg%.0f", result->prefill_tokens, result->generated_tokens);
    parameters_set_number(&reading->arena, &workload->parameters, "n_prompt", result->prefill_tokens);
    parameters_set_number(&reading->arena, &workload->parameters, "n_gen", result->generated_tokens);
    set_setup(reading, run, result);
    set_time(reading, run, result);
    add_load(reading, run, result);
    if ((result->seen & RWKV_PREFILL) != 0)
        figure_add_value(reading, run, "prompt_throughput", "tok/s", result->prefill);
    if ((result->seen & RWKV_GENERATION) != 0)
        figure_add_value(reading, run, "generation_throughput", "tok/s", result->generation);
}
