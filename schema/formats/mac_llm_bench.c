/* mac-llm-bench's JSON, versions 2.0 and 2.1: one object a model, a figure a test and no spread. gpu_cores is a
 * string; total_ram_gb is sysctl's hw.memsize in GiB. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/records.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_has(text, "\"hardware\"") && str_has(text, "\"speed\"") && str_has(text, "\"total_ram_gb\"") ? 95 : 0;
}

static const char *text_of(struct record_reader *reader, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    return text == NULL || reader_is_placeholder(text) || text_equal_ignore_case(text, "unknown")
               ? NULL
               : reader_text(&reader->reading->arena, str_of(text));
}

static int64_t count_of(const struct json *object, const char *key)
{
    double number = MISSING;
    if (reader_member_number(object, "", key, &number, NULL) < 0 || !(number >= 1 && number < 1e6))
        return COUNT_UNKNOWN;
    return (int64_t)number;
}

static void read_hardware(struct record_reader *reader, const struct json *hardware)
{
    struct reading *reading = reader->reading;
    struct device *device = &reading->device;
    device->chip = text_of(reader, hardware, "chip");
    device->os_name = "macOS";
    device->os_version = text_of(reader, hardware, "os_version");
    device->cores = count_of(hardware, "cpu_cores");
    device->gpu_cores = count_of(hardware, "gpu_cores");
    double memory = MISSING;
    if (reader_member_number(hardware, "", "total_ram_gb", &memory, NULL) == 0)
        device->memory_bytes = memory * 1073741824.0;
    int64_t performance = count_of(hardware, "performance_cores"), efficiency = count_of(hardware, "efficiency_cores");
    if (performance == COUNT_UNKNOWN || efficiency == COUNT_UNKNOWN)
        return;
    device->core_kinds = arena_alloc(&reading->arena, 2, sizeof *device->core_kinds);
    if (device->core_kinds == NULL)
        return;
    device->core_kind_count = 2;
    device->core_kinds[0] = (struct core_kind){"Performance", performance, COUNT_UNKNOWN};
    device->core_kinds[1] = (struct core_kind){"Efficiency", efficiency, COUNT_UNKNOWN};
}

static void describe(struct record_reader *reader, struct run *run, const struct json *object)
{
    struct reading *reading = reader->reading;
    struct arena *arena = &reading->arena;
    const struct json *model = json_get(object, "model"), *hardware = json_get(object, "hardware");
    const struct json *parameters = json_get(object, "parameters");
    const char *name = text_of(reader, model, "name"), *quantization = text_of(reader, model, "quant");
    if (name != NULL)
        reader_set_model(reading, run, str_of(name));
    if (quantization != NULL) {
        const char *known = catalog_match_quantization(quantization);
        run->workload.quantization = known != NULL ? known : quantization;
    }
    const char *time = json_string(json_get(object, "timestamp"));
    if (time != NULL)
        reader_set_time(arena, run, time);
    const char *runtime = text_of(reader, json_get(object, "runtime"), "name");
    const char *version = text_of(reader, json_get(object, "runtime"), "version");
    if (runtime != NULL)
        parameters_set_word(arena, &run->setup, "runtime", runtime);
    if (version != NULL)
        parameters_set_word(arena, &run->setup, "build", version);
    for (const struct json *member = json_first(parameters); member != NULL; member = json_next(member))
        reader_take_parameter(arena, &run->setup, member);
    const struct json *power = json_get(hardware, "power_source");
    if (power != NULL)
        reader_take_parameter(arena, &run->conditions, power);
}

static struct run *add_run(struct record_reader *reader, const struct json *object, const char *task)
{
    struct run *run = reading_add_run(reader->reading);
    if (run == NULL)
        return NULL;
    run->workload.task = reader_text(&reader->reading->arena, str_of(task));
    describe(reader, run, object);
    return run;
}

static int add_figure(struct record_reader *reader, const struct json *object, const struct json *member,
                      const char *group, const char *task, const char *metric, const char *unit, struct err *err)
{
    if (json_is(member, JSON_NULL))
        return 0;
    if (!json_is(member, JSON_NUMBER) && !json_is(member, JSON_NOT_FINITE)) {
        err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(member)));
        return err_path(err, "%s.%s", group, json_key(member));
    }
    struct run *run = add_run(reader, object, task);
    if (run == NULL)
        return mem_error(err);
    double tokens = 0;
    bool prompt = text_starts_with(task, "pp"), generation = text_starts_with(task, "tg");
    if ((prompt || generation) && number_parse_loose(str_of(task + 2), &tokens))
        parameters_set_number(&reader->reading->arena, &run->workload.parameters, prompt ? "n_prompt" : "n_gen",
                              tokens);
    text_measure_one(reader->reading, run, metric, unit, json_number(member));
    return 0;
}

static int read_speed(struct record_reader *reader, const struct json *object, struct err *err)
{
    const struct json *speed = json_get(object, "speed");
    int result = 0;
    for (const struct json *member = json_first(speed); result == 0 && member != NULL; member = json_next(member)) {
        const char *name = json_key(member);
        bool prompt = text_starts_with(name, "pp"), generation = text_starts_with(name, "tg");
        if (!prompt && !generation)
            reading_add_problem(reader->reading, name, 0, 0, "field left out: no known test");
        else
            result = add_figure(reader, object, member, "speed", name,
                                prompt ? "prompt_throughput" : "generation_throughput", "tok/s", err);
    }
    const struct json *peak = json_get(json_get(object, "memory"), "peak_rss_gb");
    if (result == 0 && peak != NULL)
        result = add_figure(reader, object, peak, "memory", "memory", "peak_memory", "GB", err);
    const struct json *quality = json_get(object, "quality");
    for (const struct json *member = json_first(quality); result == 0 && member != NULL; member = json_next(member))
        if (text_ends_with(json_key(member), "_pass1"))
            result = add_figure(reader, object, member, "quality", json_key(member), "accuracy", "ratio", err);
    return result;
}

/* Members that nothing here reads. */
static void hide_rest(struct record_reader *reader, const struct json *object)
{
    static const char *const known[] = {"version",    "timestamp", "hardware", "model",  "runtime",
                                        "parameters", "speed",     "memory",   "quality"};
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        bool is_known = false;
        for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
            is_known |= strcmp(json_key(member), known[i]) == 0;
        if (!is_known)
            record_hide(reader, member);
    }
}

static int read_result(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    (void)path;
    hide_rest(reader, object);
    if (!json_is(json_get(object, "speed"), JSON_OBJECT)) {
        reading_add_problem(reader->reading, "speed", 0, 0, "the document holds no speed");
        return 0;
    }
    read_hardware(reader, json_get(object, "hardware"));
    return read_speed(reader, object, err);
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return records_read(&format_mac_llm_bench_json, input, into, read_result, err);
}

const struct format format_mac_llm_bench_json = {
    .name = "mac-llm-bench-json",
    .tool = "mac-llm-bench",
    .summary = "mac-llm-bench's result of one model",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
