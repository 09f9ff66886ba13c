/* A record of llama-bench as a run. */
#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/llama_bench_record.h"
#include "schema/formats/reader.h"

#define MODEL_FILE_EXTENSION ".gguf"

static bool same_number(double a, double b)
{
    return number_equal(a, b) || (isnan(a) && isnan(b));
}

const char *llama_build(struct arena *arena, const struct llama_record *record)
{
    bool has_number = record->build_number > 1;
    bool has_commit = !text_is_empty(record->build_commit) && !text_equal_ignore_case(record->build_commit, "unknown");
    if (has_number && has_commit)
        return arena_printf(arena, "b%.0f (%s)", record->build_number, record->build_commit);
    if (has_number)
        return arena_printf(arena, "b%.0f", record->build_number);
    return has_commit ? record->build_commit : NULL;
}

/* ---------------------------------------------------------------- model */

/* The words before the quantisation: "gemma4 31B Q4_K - Medium" gives "gemma4 31B". llama.cpp prints "?B" for sizes
 * that it has no name for; then the count of parameters stands in, with three digits. NULL when neither is there. */
static const char *model_of_type(struct arena *arena, const char *type, double parameters)
{
    const char *blank = type != NULL ? strchr(type, ' ') : NULL;
    if (blank == NULL)
        return NULL;
    size_t architecture = (size_t)(blank - type), size = strcspn(blank + 1, " ");
    if (size > 0 && blank[1] == '?' && parameters >= 1e6) {
        double billions = parameters / 1e9;
        return arena_printf(arena, billions < 999.5 ? "%.*s %.3gB" : "%.*s %.0fB", (int)architecture, type, billions);
    }
    bool has_digit = strcspn(blank + 1, "0123456789") < size;
    return has_digit ? arena_strndup(arena, type, architecture + 1 + size) : NULL;
}

static const char *model_of_file(struct arena *arena, const char *file)
{
    if (file == NULL)
        return NULL;
    size_t length = strlen(file);
    if (text_ends_with(file, MODEL_FILE_EXTENSION))
        length -= strlen(MODEL_FILE_EXTENSION);
    return length > 0 ? arena_strndup(arena, file, length) : NULL;
}

static const char *model_file(const struct run *run)
{
    for (size_t i = 0; i < run->labels.count; i++)
        if (text_equal(run->labels.items[i].name, "model_file"))
            return run->labels.items[i].text;
    return NULL;
}

/* Most records name the model of the one before: looking names up is what takes long. */
static bool set_model_as_before(struct reading *reading, struct run *run, const struct llama_record *record)
{
    if (reading->run_count < 2)
        return false;
    const struct run *before = &reading->runs[reading->run_count - 2];
    const struct workload *known = &before->workload;
    const char *type = record->model_type, *file = record->model_filename;
    bool same = text_equal(known->model_as_given, type != NULL ? type : file) && text_equal(model_file(before), file) &&
                (file == NULL) == (model_file(before) == NULL) &&
                number_equal(known->model_bytes, record->model_size) &&
                number_equal(known->model_parameters, record->model_n_params);
    if (!same)
        return false;
    run->workload.model = known->model;
    run->workload.model_as_given = known->model_as_given;
    run->workload.quantization = known->quantization;
    run->workload.model_bytes = known->model_bytes;
    run->workload.model_parameters = known->model_parameters;
    if (file != NULL)
        labels_add(&reading->arena, &run->labels, "model_file", file);
    return true;
}

static void set_model(struct reading *reading, struct run *run, const struct llama_record *record)
{
    struct arena *arena = &reading->arena;
    struct workload *workload = &run->workload;
    const char *type = record->model_type, *file = record->model_filename;
    double parameters = record->model_n_params, bytes = record->model_size;
    if (set_model_as_before(reading, run, record))
        return;
    const struct model *known = file != NULL ? catalog_match_model(file, parameters, bytes) : NULL;
    if (known == NULL && type != NULL)
        known = catalog_match_model(type, parameters, bytes);
    const char *name = known != NULL ? known->name : model_of_type(arena, type, parameters);
    if (name == NULL)
        name = model_of_file(arena, file);
    workload->model = arena_strdup(arena, name != NULL ? name : type);
    workload->model_as_given = arena_strdup(arena, type != NULL ? type : file);
    const char *quantization = type != NULL ? catalog_match_quantization(type) : NULL;
    if (quantization == NULL && file != NULL)
        quantization = catalog_match_quantization(file);
    workload->quantization = arena_strdup(arena, quantization);
    workload->model_bytes = bytes > 0 ? bytes : MISSING;
    workload->model_parameters = parameters > 0 ? parameters : MISSING;
    if (file != NULL)
        labels_add(arena, &run->labels, "model_file", file);
}

/* ---------------------------------------------------------------- task */

/* Reads "pp512", "pp 512", "tg128", "pp512+tg128", "pp2048 @ d32768", and "tg64@pp512" of ik_llama.cpp, whose prompt
 * is the depth at which tokens are generated. A path is no test, nor is what redaction leaves of it. */
static void lengths_of_test(const char *test, double *prompt, double *generated, double *depth)
{
    struct str rest = str_of(test);
    bool behind = false;
    if (strpbrk(test, "/\\") != NULL)
        return;
    while (rest.len > 0) {
        double *target = NULL;
        size_t letters = 2;
        if (str_starts_with(rest, STR("pp"))) {
            target = behind ? depth : prompt;
        } else if (str_starts_with(rest, STR("tg"))) {
            target = generated;
        } else if (str_starts_with(rest, STR("d"))) {
            target = depth;
            letters = 1;
        }
        if (target == NULL) {
            behind = behind || rest.data[0] == '@';
            rest = str_slice(rest.data + 1, rest.len - 1);
            continue;
        }
        rest = str_trim(str_slice(rest.data + letters, rest.len - letters));
        size_t digits = 0;
        while (digits < rest.len && rest.data[digits] >= '0' && rest.data[digits] <= '9')
            digits++;
        double number = 0;
        if (digits > 0 && number_parse_loose(str_slice(rest.data, digits), &number))
            *target = number;
        rest = str_slice(rest.data + digits, rest.len - digits);
    }
}

void llama_fill_lengths(struct llama_record *record)
{
    if (record->test != NULL && strstr(record->test, "@pp") != NULL) /* its n_prompt counts the depth */
        record->n_prompt = record->n_gen = MISSING;
    if (isnan(record->n_prompt) && isnan(record->n_gen) && record->test != NULL)
        lengths_of_test(record->test, &record->n_prompt, &record->n_gen, &record->n_depth);
}

static bool is_length(double value)
{
    return value > 0 && number_is_integer(value) && value < 1e9;
}

/* Sets task and lengths; returns the metric of that test, NULL when it is none. `known` is the task's name when it is
 * that of a run before, else NULL. */
static const char *set_task(struct arena *arena, struct workload *workload, const struct llama_record *record,
                            const char *known)
{
    bool prompt = is_length(record->n_prompt), generated = is_length(record->n_gen);
    if (!prompt && !generated)
        return NULL;
    if (prompt)
        parameters_set_number(arena, &workload->parameters, "n_prompt", record->n_prompt);
    if (generated)
        parameters_set_number(arena, &workload->parameters, "n_gen", record->n_gen);
    if (is_length(record->n_depth))
        parameters_set_number(arena, &workload->parameters, "n_depth", record->n_depth);
    if (known != NULL)
        workload->task = known;
    else if (prompt && generated)
        workload->task = arena_printf(arena, "pp%.0f+tg%.0f", record->n_prompt, record->n_gen);
    else if (prompt)
        workload->task = arena_printf(arena, "pp%.0f", record->n_prompt);
    else
        workload->task = arena_printf(arena, "tg%.0f", record->n_gen);
    if (prompt && generated)
        return "total_throughput";
    return prompt ? "prompt_throughput" : "generation_throughput";
}

static void set_cache_types(struct arena *arena, struct workload *workload, const struct llama_record *record)
{
    const char *type_k = record->type_k, *type_v = record->type_v;
    if (number_equal(record->f16_kv, 0)) /* 2023: one boolean for both */
        type_k = type_v = "f32";
    if (type_k != NULL && !text_equal(type_k, "f16"))
        parameters_set_word(arena, &workload->parameters, "type_k", type_k);
    if (type_v != NULL && !text_equal(type_v, "f16"))
        parameters_set_word(arena, &workload->parameters, "type_v", type_v);
}

/* ---------------------------------------------------------------- run */

static void set_time(struct llama_document *document, struct reading *reading, struct run *run,
                     const struct llama_record *record)
{
    if (record->test_time == NULL)
        return;
    if (!reader_set_time(&reading->arena, run, record->test_time))
        llama_document_note(document, record, record->line, 0, "test_time", "\"%.40s\" is not a time",
                            record->test_time);
}

static void set_parameter(struct arena *arena, struct parameter_list *target, const struct parameter *parameter)
{
    if (parameter->type == PARAMETER_NUMBER)
        parameters_set_number(arena, target, parameter->name, parameter->number);
    else if (parameter->type == PARAMETER_BOOLEAN)
        parameters_set_boolean(arena, target, parameter->name, parameter->number > 0);
    else
        parameters_set_word(arena, target, parameter->name, parameter->word);
}

static bool same_parameter(const struct parameter *a, const struct parameter *b)
{
    return a->type == b->type && number_equal(a->number, b->number) && strcmp(a->name, b->name) == 0 &&
           text_equal(a->word, b->word);
}

/* Embeddings are other work; switched off, they are the default. */
static bool is_other_work(const struct parameter *parameter)
{
    return parameter->number > 0 && text_equal(parameter->name, "embeddings");
}

/* The same parameters, though not all of the same value. */
static bool same_setup(const struct llama_record *a, const struct llama_record *b)
{
    if (a->setup.count != b->setup.count || !llama_same_chips(a, b) || !text_equal(a->build_commit, b->build_commit) ||
        !same_number(a->build_number, b->build_number))
        return false;
    for (size_t i = 0; i < a->setup.count; i++)
        if (strcmp(a->setup.items[i].name, b->setup.items[i].name) != 0 || is_other_work(&a->setup.items[i]) ||
            is_other_work(&b->setup.items[i]))
            return false;
    return true;
}

/* Most records differ from the one before in little but their figures. Names and words are never changed in place, so
 * that two lists may share them. */
static bool copy_setup_before(struct llama_document *document, struct reading *reading, struct run *run,
                              const struct llama_record *record)
{
    if (document->added_to != reading || !same_setup(record, document->added))
        return false;
    const struct parameter_list *before = &reading->runs[reading->run_count - 2].setup;
    struct parameter *items = arena_alloc(&reading->arena, before->count + 1, sizeof *items);
    if (items == NULL)
        return false;
    if (before->count > 0)
        memcpy(items, before->items, before->count * sizeof *items);
    run->setup = (struct parameter_list){.items = items, .count = before->count, .capacity = before->count + 1};
    for (size_t i = 0; i < record->setup.count; i++)
        if (!same_parameter(&record->setup.items[i], &document->added->setup.items[i]))
            set_parameter(&reading->arena, &run->setup, &record->setup.items[i]);
    return true;
}

static void copy_setup(struct reading *reading, struct run *run, const struct llama_record *record)
{
    struct arena *arena = &reading->arena;
    for (size_t i = 0; i < record->setup.count; i++) {
        const struct parameter *parameter = &record->setup.items[i];
        struct parameter_list *target = &run->setup;
        if (is_other_work(parameter))
            target = &run->workload.parameters;
        set_parameter(arena, target, parameter);
    }
    parameters_set_number(arena, &run->setup, "n_gpu_layers", record->n_gpu_layers);
    parameters_set_number(arena, &run->setup, "main_gpu", record->main_gpu);
    if (record->split_mode != NULL)
        parameters_set_word(arena, &run->setup, "split_mode", record->split_mode);
    if (record->devices != NULL && !reader_is_placeholder(record->devices)) {
        char *devices = arena_strdup(arena, record->devices);
        for (char *at = devices; at != NULL && *at != '\0'; at++)
            if (*at == '/')
                *at = ',';
        if (devices != NULL)
            parameters_set_word(arena, &run->setup, "devices", devices);
    }
    const char *build = llama_build(arena, record);
    if (build != NULL)
        parameters_set_word(arena, &run->setup, "build", build);
    const char *backends = record->backends != NULL ? record->backends : llama_backend(arena, record);
    if (backends != NULL && !text_equal(backends, run->workload.backend))
        parameters_set_word(arena, &run->setup, "backends", backends);
}

static bool has_figures(const struct llama_record *record)
{
    return !isnan(record->avg_ts) || record->avg_not_finite || record->sample_count > 0;
}

/* Forks measure each token, too. A test without such tokens has 0 there: nothing was measured. Their *_e2e figures are
 * avg_ns once more. */
static void add_token_times(struct reading *reading, struct run *run, const struct llama_record *record)
{
    const struct {
        const char *metric;
        double mean, stddev;
    } times[] = {
        {"time_to_first_token", record->avg_ttft_ms, record->stddev_ttft_ms},
        {"inter_token_latency", record->avg_itl_ms, record->stddev_itl_ms},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        struct stated_figures stated = STATED_FIGURES;
        stated.mean = times[i].mean;
        stated.stddev = times[i].stddev;
        if (times[i].mean > 0)
            reader_measure(reading, run, times[i].metric, "ms", &stated);
    }
}

bool llama_add_run(struct llama_document *document, struct reading *reading, const struct llama_record *record)
{
    struct arena *arena = &reading->arena;
    if (!is_length(record->n_prompt) && !is_length(record->n_gen)) {
        llama_document_note(document, record, record->line, 0, record->path,
                            "record left out: neither n_prompt nor n_gen says what was tested");
        return false;
    }
    if (!has_figures(record)) {
        llama_document_note(document, record, record->line, 0, record->path,
                            "record left out: it states no tokens per second");
        return false;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return false;
    set_model(reading, run, record);
    const bool follows = document->added_to == reading;
    const struct workload *before = follows ? &run[-1].workload : NULL;
    const bool same_lengths = follows && same_number(record->n_prompt, document->added->n_prompt) &&
                              same_number(record->n_gen, document->added->n_gen);
    const char *metric = set_task(arena, &run->workload, record, same_lengths ? before->task : NULL);
    set_cache_types(arena, &run->workload, record);
    if (follows && llama_same_chips(record, document->added))
        llama_set_chip_before(reading, run);
    else
        llama_set_chip(document, reading, run, record);
    set_time(document, reading, run, record);
    if (!copy_setup_before(document, reading, run, record))
        copy_setup(reading, run, record);
    struct stated_figures stated = STATED_FIGURES;
    stated.mean = record->avg_ts;
    stated.stddev = record->stddev_ts;
    stated.mean_not_finite = record->avg_not_finite;
    stated.samples = record->samples;
    stated.sample_count = record->sample_count;
    reader_measure(reading, run, metric, "tok/s", &stated);
    add_token_times(reading, run, record);
    document->added = record;
    document->added_to = reading;
    return true;
}
