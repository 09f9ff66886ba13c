#include "schema/formats/anemll_document.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define MEGABYTE 1e6
#define PATH_SIZE 64

struct anemll_result anemll_no_result(void)
{
    return (struct anemll_result){
        .time_ms = MISSING,
        .bandwidth = MISSING,
        .tflops = MISSING,
        .model_bytes = MISSING,
        .n = COUNT_UNKNOWN,
    };
}

bool anemll_is_document(const struct json *root)
{
    return json_get(root, "system_info") != NULL &&
           (json_get(root, "results") != NULL || json_get(root, "models") != NULL ||
            json_get(root, "inference_time_ms") != NULL || json_get(root, "timestamp") != NULL);
}

/* ---------------------------------------------------------------- a result as a run */

/* The plain name of "X (Parallel Run)" and "Combined (A + B)", and which of the two it was. */
static const char *plain_name(struct arena *arena, const char *name, const char **ret_variant)
{
    static const char parallel[] = " (Parallel Run)", combined[] = "Combined (";
    size_t length = strlen(name);
    *ret_variant = NULL;
    if (text_ends_with(name, parallel)) {
        *ret_variant = "parallel";
        return arena_strndup(arena, name, length - strlen(parallel));
    }
    if (text_starts_with(name, combined) && name[length - 1] == ')') {
        *ret_variant = "combined";
        return arena_strndup(arena, name + strlen(combined), length - strlen(combined) - 1);
    }
    return name;
}

/* The tool times one forward pass of a model; most of its models are the output layer alone. */
static const char *task_of(const char *model)
{
    return strstr(model, "lm_head") != NULL ? "lm_head" : "inference";
}

static const char *backend_of(struct arena *arena, const char *given)
{
    static const struct {
        const char *units, *backend;
    } compute_units[] = {{"CPU_AND_NE", "ANE"}, {"CPU_AND_GPU", "GPU"}, {"CPU_ONLY", "CPU"}};
    if (given == NULL)
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(compute_units); i++)
        if (text_equal(given, compute_units[i].units))
            return compute_units[i].backend;
    const char *canonical = catalog_match_backend(given);
    return canonical != NULL ? canonical : reader_text(arena, str_of(given));
}

static void add_figure(struct reading *reading, struct run *run, const char *metric, const char *unit, double value,
                       bool not_finite, int64_t n)
{
    if (isnan(value) && !not_finite)
        return;
    struct stated_figures stated = STATED_FIGURES;
    stated.mean = value;
    stated.mean_not_finite = not_finite;
    stated.n = n;
    reader_measure(reading, run, metric, unit, &stated);
}

void anemll_add_figure(struct reading *reading, struct run *run, const char *metric, const char *unit, double value)
{
    add_figure(reading, run, metric, unit, isfinite(value) ? value : MISSING, !isfinite(value), COUNT_UNKNOWN);
}

struct run *anemll_add_run(struct reading *reading, const struct anemll_result *result)
{
    struct arena *arena = &reading->arena;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    struct workload *workload = &run->workload;
    const char *model = plain_name(arena, result->name, &run->variant);
    if (model == NULL)
        return NULL;
    const struct model *known = catalog_match_model(model, MISSING, result->model_bytes);
    const char *quantization = catalog_match_quantization(model);
    workload->model = known != NULL ? arena_strdup(arena, known->name) : model;
    workload->model_as_given = result->name;
    workload->quantization = arena_strdup(arena, quantization);
    workload->backend = backend_of(arena, result->backend);
    workload->task = task_of(model);
    workload->model_bytes = result->model_bytes > 0 ? result->model_bytes : MISSING;
    /* One token of one sequence is what the tool runs unless told otherwise; its published tables do not say it. */
    if (result->shape != NULL)
        parameters_set_word(arena, text_starts_with(result->shape, "1x1x") ? &run->setup : &workload->parameters,
                            "input_shape", result->shape);
    add_figure(reading, run, "memory_bandwidth", "GB/s", result->bandwidth, result->bandwidth_not_finite, result->n);
    add_figure(reading, run, "inference_time", "ms", result->time_ms, result->time_not_finite, result->n);
    if (result->tflops > 0)
        add_figure(reading, run, "compute_throughput", "TFLOPS", result->tflops, false, result->n);
    return run;
}

/* ---------------------------------------------------------------- fields of a result */

/* "[1, 1, 4096]" or [1, 1, 4096] as 1x1x4096, so that both are one workload; NULL when it is empty. */
static const char *shape_of(struct arena *arena, const struct json *value)
{
    autobuf struct buf shape = BUF(64);
    if (json_is(value, JSON_ARRAY)) {
        for (const struct json *item = json_first(value); item != NULL; item = json_next(item))
            if (json_is(item, JSON_NUMBER))
                buf_addf(&shape, "%s%.0f", shape.len > 0 ? "x" : "", json_number(item));
    } else if (json_is(value, JSON_STRING)) {
        const char *text = json_string(value);
        while (*(text += strcspn(text, "0123456789")) != '\0') {
            size_t digits = strspn(text, "0123456789");
            buf_addf(&shape, "%s%.*s", shape.len > 0 ? "x" : "", (int)(digits < 12 ? digits : 12), text);
            text += digits;
        }
    }
    return shape.len > 0 && shape.failed == 0 ? arena_strdup(arena, buf_text(&shape)) : NULL;
}

static int read_figures(const struct json *object, const char *path, const char *bandwidth_key,
                        struct anemll_result *result, struct err *err)
{
    int code = reader_member_figure(object, path, "inference_time_ms", &result->time_ms, &result->time_not_finite, err);
    if (code == 0)
        code =
            reader_member_figure(object, path, bandwidth_key, &result->bandwidth, &result->bandwidth_not_finite, err);
    if (code == 0)
        code = reader_member_number(object, path, "tflops", &result->tflops, err);
    return code;
}

bool anemll_has_figure(const struct anemll_result *result)
{
    return !isnan(result->time_ms) || result->time_not_finite || !isnan(result->bandwidth) ||
           result->bandwidth_not_finite;
}

static bool is_known(const char *name)
{
    static const char *const names[] = {
        "model_name",      "backend", "inference_time_ms", "memory_used_mb",
        "throughput_gb_s", "tflops",  "input_shape",       "model_size_mb",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (text_equal(name, names[i]))
            return true;
    return false;
}

static void take_extras(struct reading *reading, struct run *run, const struct json *object, const char *path)
{
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        const char *name = json_key(member);
        if (is_known(name) || json_is(member, JSON_NULL) || reader_take_parameter(&reading->arena, &run->setup, member))
            continue;
        char field[160], shown[72];
        text_copy(shown, sizeof shown, name);
        (void)snprintf(field, sizeof field, "%s.%s", path, shown);
        reading_add_problem(reading, field, 0, 0,
                            "field left out: not a number, a boolean or a word of at most 64 characters");
    }
}

/* One of results[]. */
static int read_result(const struct json *object, const char *path, struct reading *reading, struct err *err)
{
    struct anemll_result result = {.n = COUNT_UNKNOWN};
    const char *name = NULL;
    double megabytes = MISSING;
    int code = json_member_string(object, path, "model_name", JSON_OPTIONAL, &name, err);
    if (code == 0)
        code = json_member_string(object, path, "backend", JSON_OPTIONAL, &result.backend, err);
    if (code == 0)
        code = read_figures(object, path, "throughput_gb_s", &result, err);
    if (code == 0)
        code = reader_member_number(object, path, "model_size_mb", &megabytes, err);
    if (code < 0)
        return code;
    result.name = reader_text(&reading->arena, str_of(name));
    if (result.name == NULL || !anemll_has_figure(&result)) {
        reading_add_problem(reading, path, 0, 0,
                            result.name == NULL ? "result left out: it names no model"
                                                : "result left out: it holds no figure");
        return 0;
    }
    result.model_bytes = round(megabytes * MEGABYTE);
    result.shape = shape_of(&reading->arena, json_get(object, "input_shape"));
    struct run *run = anemll_add_run(reading, &result);
    if (run != NULL)
        take_extras(reading, run, object, path);
    return 0;
}

static int read_results(const struct json *results, bool closed, struct reading *reading, struct err *err)
{
    size_t index = 0;
    for (const struct json *item = json_first(results); item != NULL; item = json_next(item), index++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "results[%zu]", index);
        if (!json_is(item, JSON_OBJECT)) {
            err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(item)));
            return err_path(err, "%s", path);
        }
        if (closed && json_count(item) == 0 && json_next(item) == NULL)
            break;
        int code = read_result(item, path, reading, err);
        if (code < 0)
            return code;
    }
    return 0;
}

/* ---------------------------------------------------------------- the examples' documents */

/* The model's file without folders and its extension. */
static const char *name_of_package(struct arena *arena, const char *path)
{
    struct str folder, base;
    reader_split_path(str_of(path), &folder, &base);
    static const char *const extensions[] = {".mlpackage", ".mlmodelc", ".mlmodel"};
    for (size_t i = 0; i < ARRAY_LENGTH(extensions); i++)
        if (str_ends_with(base, str_of(extensions[i])))
            base.len -= strlen(extensions[i]);
    return reader_text(arena, base);
}

/* What stands beside the figures: compute units, passes, and the shape in three numbers. */
static int read_frame(const struct json *root, struct reading *reading, struct anemll_result *result, struct err *err)
{
    double iterations = MISSING, batch = MISSING, length = MISSING, hidden = MISSING;
    int code = json_member_string(root, "", "compute_units", JSON_OPTIONAL, &result->backend, err);
    if (code == 0)
        code = reader_member_number(root, "", "iterations", &iterations, err);
    if (code == 0)
        code = reader_member_number(root, "", "batch_size", &batch, err);
    if (code == 0)
        code = reader_member_number(root, "", "sequence_length", &length, err);
    if (code == 0)
        code = reader_member_number(root, "", "hidden_size", &hidden, err);
    if (code < 0)
        return code;
    result->n = iterations >= 1 && iterations < 1e9 ? (int64_t)iterations : COUNT_UNKNOWN;
    if (batch >= 1 && length >= 1 && hidden >= 1)
        result->shape = arena_printf(&reading->arena, "%.0fx%.0fx%.0f", batch, length, hidden);
    return 0;
}

/* profile_coreml.py and profile_local_model.py: one model at the top level. */
static int read_profile(const struct json *root, struct reading *reading, struct err *err)
{
    struct anemll_result result = {0};
    const char *path = NULL, *name = NULL;
    double megabytes = MISSING;
    bool local = json_get(root, "model_name") != NULL;
    int code = read_frame(root, reading, &result, err);
    if (code == 0)
        code = json_member_string(root, "", "model_path", JSON_OPTIONAL, &path, err);
    if (code == 0)
        code = json_member_string(root, "", "model_name", JSON_OPTIONAL, &name, err);
    if (code == 0)
        code = read_figures(root, "", local ? "throughput_gb_s" : "throughput_gbps", &result, err);
    if (code == 0)
        code = reader_member_number(root, "", "model_size_bytes", &result.model_bytes, err);
    if (code == 0)
        code = reader_member_number(root, "", "model_size_mb", &megabytes, err);
    if (code < 0)
        return code;
    if (isnan(result.model_bytes) && local)
        result.model_bytes = round(megabytes * MEGABYTE);
    if (result.shape == NULL)
        result.shape = shape_of(&reading->arena, json_get(root, "input_shape"));
    result.name = local ? reader_text(&reading->arena, str_of(name)) : name_of_package(&reading->arena, path);
    if (result.name == NULL || !anemll_has_figure(&result))
        reading_add_problem(reading, "", 0, 0, "the document holds no figure of a named model");
    else
        anemll_add_run(reading, &result);
    return 0;
}

static int read_batch_model(const struct json *object, const char *path, const struct anemll_result *frame,
                            struct reading *reading, struct err *err)
{
    struct anemll_result result = *frame;
    const char *name = NULL;
    double cpu_time = MISSING;
    int code = json_member_string(object, path, "name", JSON_OPTIONAL, &name, err);
    if (code == 0)
        code = read_figures(object, path, "throughput_gbps", &result, err);
    if (code == 0)
        code = reader_member_number(object, path, "size_bytes", &result.model_bytes, err);
    if (code == 0)
        code = reader_member_number(object, path, "cpu_inference_time_ms", &cpu_time, err);
    if (code < 0)
        return code;
    result.name = name_of_package(&reading->arena, name);
    if (json_get(object, "error") != NULL) {
        reading_add_problem(reading, path, 0, 0, "the tool failed on %.100s: nothing was measured",
                            result.name != NULL ? result.name : "a model");
        return 0;
    }
    if (result.name == NULL || !anemll_has_figure(&result)) {
        reading_add_problem(reading, path, 0, 0, "model left out: it holds no figure");
        return 0;
    }
    anemll_add_run(reading, &result);
    if (!isnan(cpu_time)) {
        struct anemll_result on_cpu = {
            .name = result.name,
            .backend = "CPU",
            .time_ms = cpu_time,
            .bandwidth = MISSING,
            .tflops = MISSING,
            .model_bytes = result.model_bytes,
            .shape = result.shape,
            .n = COUNT_UNKNOWN,
        };
        anemll_add_run(reading, &on_cpu);
    }
    return 0;
}

/* batch_profile.py */
static int read_batch(const struct json *root, struct reading *reading, struct err *err)
{
    struct anemll_result frame = {0};
    const struct json *models = NULL;
    int code = read_frame(root, reading, &frame, err);
    if (code == 0)
        code = json_member_array(root, "", "models", JSON_REQUIRED, &models, err);
    size_t index = 0;
    for (const struct json *item = json_first(models); code == 0 && item != NULL; item = json_next(item), index++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "models[%zu]", index);
        if (json_is(item, JSON_OBJECT))
            code = read_batch_model(item, path, &frame, reading, err);
        else
            reading_add_problem(reading, path, 0, 0, "expected an object, found %s", json_type_name(json_type(item)));
    }
    return code;
}

/* ---------------------------------------------------------------- document */

static int read_body(const struct json *root, bool closed, struct reading *reading, struct err *err)
{
    if (json_get(root, "results") != NULL) {
        const struct json *results = NULL;
        int code = json_member_array(root, "", "results", JSON_REQUIRED, &results, err);
        return code < 0 ? code : read_results(results, closed, reading, err);
    }
    if (json_get(root, "models") != NULL)
        return read_batch(root, reading, err);
    if (json_get(root, "inference_time_ms") != NULL)
        return read_profile(root, reading, err);
    return 0;
}

static int read_time(const struct json *root, struct reading *reading, struct err *err)
{
    const char *timestamp = NULL;
    int code = json_member_string(root, "", "timestamp", JSON_OPTIONAL, &timestamp, err);
    if (code < 0 || timestamp == NULL)
        return code;
    bool good = true;
    for (size_t i = 0; i < reading->run_count; i++)
        good = reader_set_time(&reading->arena, &reading->runs[i], timestamp);
    if (!good)
        reading_add_problem(reading, "timestamp", 0, 0, "\"%.40s\" is not a time", timestamp);
    return 0;
}

static void note_unknown_members(const struct json *root, struct reading *reading)
{
    static const char *const names[] = {
        "timestamp",        "system_info",       "results",         "models",          "model_path",  "model_name",
        "model_size_bytes", "model_size_mb",     "batch_size",      "sequence_length", "hidden_size", "iterations",
        "compute_units",    "inference_time_ms", "throughput_gb_s", "throughput_gbps", "tflops",      "input_shape",
        "backend",          "memory_used_mb",
    };
    for (const struct json *member = json_first(root); member != NULL; member = json_next(member)) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
            known = known || text_equal(json_key(member), names[i]);
        char shown[72];
        text_copy(shown, sizeof shown, json_key(member));
        if (!known)
            reading_add_problem(reading, shown, 0, 0, "field left out: ANEMLL-Bench has none of this name here");
    }
}

int anemll_read_document(const struct json *root, bool closed, struct reading *reading, struct err *err)
{
    const struct json *info = NULL;
    int code = json_member_object(root, "", "system_info", JSON_OPTIONAL, &info, err);
    if (code == 0)
        code = anemll_read_device(info, reading, err);
    int body = code == 0 ? read_body(root, closed, reading, err) : code;
    struct err inner = {0};
    int time = read_time(root, reading, &inner);
    if (body == 0 && time < 0 && err != NULL)
        *err = inner;
    if (body < 0 || time < 0)
        return body < 0 ? body : time;
    note_unknown_members(root, reading);
    if (reading->run_count > 0 && reading->device.chip == NULL)
        reading_add_problem(reading, "system_info.cpu.brand", 0, 0, "the document does not name the chip");
    if (reading->run_count == 0 && reading->problem_count == 0)
        reading_add_problem(reading, "results", 0, 0, "the document holds no result: nothing was measured");
    return arena_check(&reading->arena, err);
}
