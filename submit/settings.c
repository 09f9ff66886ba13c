#include "submit/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/nearest.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"
#include "schema/catalog/catalog.h"
#include "schema/wire/names.h"

const char *settings_text(const struct invocation *invocation, const char *name)
{
    return option_exists(invocation, name) ? option_text(invocation, name) : NULL;
}

bool settings_flag(const struct invocation *invocation, const char *name)
{
    return option_exists(invocation, name) && option_flag(invocation, name);
}

size_t settings_count(const struct invocation *invocation, const char *name)
{
    return option_exists(invocation, name) ? option_count(invocation, name) : 0;
}

static const char *given_of(const struct invocation *invocation, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (settings_count(invocation, names[i]) > 0)
            return names[i];
    return NULL;
}

/* Options that a finished bundle contradicts, and those that only change how one is made. */
static const char *const saying[] = {"set",         "map",   "note",   "device", "format",  "device-model",
                                     "environment", "title", "change", "date",   "replaces"};
static const char *const making[] = {"cooling", "elsewhere", "hash-model"};

const char *settings_changing(const struct invocation *invocation)
{
    const char *name = given_of(invocation, saying, ARRAY_LENGTH(saying));
    return name != NULL ? name : given_of(invocation, making, ARRAY_LENGTH(making));
}

int settings_leave_alone(const struct invocation *invocation, const char *path, struct err *err)
{
    const char *name = given_of(invocation, saying, ARRAY_LENGTH(saying));
    if (name == NULL)
        return 0;
    (void)err_set(err, ERR_USAGE, "%s is a bundle already; --%s cannot change it", path, name);
    return err_hint(err, "make it anew from the output of the benchmark, or leave --%s out", name);
}

struct setting {
    char name[BUNDLE_KEY_BYTES_MAX + 1];
    const char *value;
};

static bool is_name(const char *name)
{
    return name[0] != '\0' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] == '\0';
}

static int parse(const char *text, struct setting *ret, struct err *err)
{
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - text);
    if (equals == NULL || length == 0 || length > BUNDLE_KEY_BYTES_MAX || equals[1] == '\0') {
        (void)err_set(err, ERR_USAGE, "--set %s is not NAME=VALUE", text);
        return err_hint(err, "for example --set model=llama-2-7b --set quantization=Q4_0");
    }
    memcpy(ret->name, text, length);
    ret->name[length] = '\0';
    ret->value = equals + 1;
    if (!is_name(ret->name))
        return err_set(err, ERR_USAGE, "--set %s: a name has letters, digits, _ . and - only", text);
    struct str value = str_of(ret->value);
    if (!utf8_is_valid(value) || value.len > BUNDLE_NAME_BYTES_MAX)
        return err_set(err, ERR_USAGE, "--set %s: the value must be UTF-8 of at most %zu bytes", ret->name,
                       BUNDLE_NAME_BYTES_MAX);
    return 0;
}

/* What --set can be meant to name: the fields of the workload and the run, and parameters that readers give. */
static const struct known_setting {
    const char *name;
    bool field, number;
} known_settings[] = {
    {"model", true, false},        {"quantization", true, false}, {"backend", true, false},
    {"mode", true, false},         {"task", true, false},         {"category", true, false},
    {"chip", true, false},         {"n_prompt", false, true},     {"n_gen", false, true},
    {"n_depth", false, true},      {"n_batch", false, true},      {"n_ubatch", false, true},
    {"n_gpu_layers", false, true}, {"threads", false, false},     {"batch", false, false},
    {"iterations", false, false},  {"type_k", false, false},      {"type_v", false, false},
    {"flash_attn", false, false},  {"split_mode", false, false},  {"precision", false, false},
};

/* A short name may be anybody's parameter; a longer one that is a letter away from a field, or another case of it, or
 * its beginning, is none. */
static bool is_misspelt(const char *name, const struct known_setting *known, size_t distance)
{
    return strcasecmp(name, known->name) == 0 || (known->field && distance <= 1 && strlen(name) >= 5);
}

static int check_number(const struct setting *setting, const struct known_setting *known, struct err *err)
{
    double number;
    if (!known->number || number_parse(str_of(setting->value), &number))
        return 0;
    (void)err_set(err, ERR_USAGE, "--set %s=%s: %s is a number", setting->name, setting->value, setting->name);
    return err_hint(err, "for example --set %s=128", setting->name);
}

/* Any other name is a parameter, but one that only looks like a known one is told, so that it is not lost. */
static int check_name(const struct setting *setting, struct err *err)
{
    struct nearest nearest = {.word = setting->name};
    const struct known_setting *best = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(known_settings); i++) {
        const struct known_setting *known = &known_settings[i];
        if (text_equal(setting->name, known->name))
            return check_number(setting, known, err);
        nearest_offer(&nearest, known->name);
        if (nearest.best == known->name || strcasecmp(setting->name, known->name) == 0)
            best = known;
    }
    if (best == NULL)
        return 0;
    if (is_misspelt(setting->name, best, nearest.distance)) {
        (void)err_set(err, ERR_USAGE, "--set %s is no name that is known", setting->name);
        return err_hint(err, "did you mean --set %s=%s?", best->name, setting->value);
    }
    log_warning("--set %s makes a new parameter; did you mean --set %s=%s?", setting->name, best->name, setting->value);
    return 0;
}

static void set_model(struct arena *arena, struct workload *workload, const char *value)
{
    const struct model *model = catalog_match_model(value, workload->model_parameters, workload->model_bytes);
    workload->model_as_given = arena_strdup(arena, value);
    workload->model = model != NULL ? model->name : workload->model_as_given;
    const char *quantization = catalog_match_quantization(value);
    if (workload->quantization == NULL)
        workload->quantization = quantization;
}

/* True when the name is a field of the workload or the run. */
static bool set_field(struct arena *arena, struct run *run, const struct setting *setting)
{
    struct workload *workload = &run->workload;
    const char *known;
    if (text_equal(setting->name, "model")) {
        set_model(arena, workload, setting->value);
    } else if (text_equal(setting->name, "quantization")) {
        known = catalog_match_quantization(setting->value);
        workload->quantization = known != NULL ? known : arena_strdup(arena, setting->value);
    } else if (text_equal(setting->name, "backend")) {
        known = catalog_match_backend(setting->value);
        workload->backend = known != NULL ? known : arena_strdup(arena, setting->value);
    } else if (text_equal(setting->name, "mode")) {
        workload->mode = arena_strdup(arena, setting->value);
    } else if (text_equal(setting->name, "task")) {
        workload->task = arena_strdup(arena, setting->value);
    } else if (text_equal(setting->name, "category")) {
        workload->category = arena_strdup(arena, setting->value);
    } else if (text_equal(setting->name, "chip")) {
        run->chip_name = arena_strdup(arena, setting->value);
    } else {
        return false;
    }
    return true;
}

static int set_parameter(struct arena *arena, struct run *run, const struct setting *setting, struct err *err)
{
    struct parameter_list *list = &run->workload.parameters;
    double number;
    if (number_parse(str_of(setting->value), &number))
        parameters_set_number(arena, list, setting->name, number);
    else if (text_equal(setting->value, "true") || text_equal(setting->value, "false"))
        parameters_set_boolean(arena, list, setting->name, text_equal(setting->value, "true"));
    else if (!parameters_set_word(arena, list, setting->name, setting->value))
        return err_set(
            err, ERR_USAGE,
            "--set %s: a parameter is a number, true, false or a word of at most %zu characters without / \\ @",
            setting->name, BUNDLE_WORD_POINTS_MAX);
    return 0;
}

/* A text that no bundle and no header can hold, before anything is kept. */
static int check_length(const struct invocation *invocation, const char *option, size_t most, struct err *err)
{
    const char *text = settings_text(invocation, option);
    if (text == NULL || strlen(text) <= most)
        return 0;
    (void)err_set(err, ERR_USAGE, "--%s has %zu bytes", option, strlen(text));
    return err_hint(err, "%zu are the most", most);
}

int settings_check(const struct invocation *invocation, struct err *err)
{
    int too_long = check_length(invocation, "note", BUNDLE_NOTE_BYTES_MAX, err);
    if (too_long == 0)
        too_long = check_length(invocation, "cooling", BUNDLE_NAME_BYTES_MAX, err);
    if (too_long == 0)
        too_long = check_length(invocation, "contributor", WIRE_CONTRIBUTOR_MAX, err);
    if (too_long < 0)
        return too_long;
    for (size_t i = 0; i < settings_count(invocation, "set"); i++) {
        struct setting setting;
        int r = parse(option_item(invocation, "set", i), &setting, err);
        if (r == 0 && settings_count(invocation, "map") == 0) /* its fields are others */
            r = check_name(&setting, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int apply(struct reading *reading, const struct setting *setting, struct err *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < reading->run_count; i++)
        if (!set_field(&reading->arena, &reading->runs[i], setting))
            r = set_parameter(&reading->arena, &reading->runs[i], setting, err);
    return r < 0 ? r : arena_check(&reading->arena, err);
}

int settings_mapping(const struct invocation *invocation, struct mapping *ret, struct err *err)
{
    *ret = (struct mapping){0};
    int r = 0;
    for (size_t i = 0; r == 0 && i < settings_count(invocation, "map"); i++)
        r = mapping_add(ret, option_item(invocation, "map", i), err);
    for (size_t i = 0; r == 0 && ret->columns > 0 && i < settings_count(invocation, "set"); i++)
        r = mapping_set(ret, option_item(invocation, "set", i), err);
    return r;
}

int settings_apply(const struct invocation *invocation, struct reading *reading, struct err *err)
{
    if (settings_count(invocation, "map") > 0) /* the mapping has taken them into its rows */
        return 0;
    for (size_t i = 0; i < settings_count(invocation, "set"); i++) {
        struct setting setting;
        int r = parse(option_item(invocation, "set", i), &setting, err);
        if (r == 0)
            r = apply(reading, &setting, err);
        if (r < 0)
            return r;
    }
    return 0;
}

int settings_set(struct reading *reading, const char *name, const char *value, struct err *err)
{
    struct setting setting = {.value = value};
    text_copy(setting.name, sizeof(setting.name), name);
    return apply(reading, &setting, err);
}

static bool needs_model(const struct run *run)
{
    static const char *const metrics[] = {"generation_throughput", "prompt_throughput", "inference_time"};
    for (size_t i = 0; i < run->measurement_count; i++)
        for (size_t j = 0; j < ARRAY_LENGTH(metrics); j++)
            if (text_equal(run->measurements[i].metric, metrics[j]))
                return true;
    return false;
}

bool settings_misses(const struct reading *reading, const char *name)
{
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];
        bool missing = text_equal(name, "chip") ? reading_chip_name(reading, run) == NULL
                                                : run->workload.model == NULL && needs_model(run);
        if (!missing)
            return false;
    }
    return reading->run_count > 0;
}

static int data_path(const char *name, const char *option, struct arena *arena, const char **ret, struct err *err)
{
    int r = file_data_path(name, arena, ret, err);
    if (r != -ERR_CANNOT_WRITE)
        return r;
    return err_hint(err, "set HOME or XDG_DATA_HOME, or name the places with %s and %s", option,
                    text_equal(option, "--spool") ? "--key" : "--spool");
}

int settings_spool(const struct invocation *invocation, struct arena *arena, const char **ret, struct err *err)
{
    *ret = option_text(invocation, "spool");
    return *ret != NULL ? 0 : data_path("spool", "--spool", arena, ret, err);
}

int settings_key(const struct invocation *invocation, struct arena *arena, const char **ret, struct err *err)
{
    *ret = option_text(invocation, "key");
    return *ret != NULL ? 0 : data_path("client.key", "--key", arena, ret, err);
}
