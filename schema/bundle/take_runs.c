#include <math.h>
#include <stdio.h>

#include "schema/bundle/bundle_read.h"
#include "schema/bundle/limits.h"

/* One of two words, or not there; anything else is refused. Returns 0, 1 or 2; -code. */
static int take_choice(const struct taker *taker, const struct json *object, const char *path, const char *key,
                       const char *first, const char *second)
{
    const char *word = NULL;
    int result = json_member_string(object, path, key, JSON_OPTIONAL, &word, taker->err);
    if (result < 0 || word == NULL)
        return result;
    if (text_equal(word, first))
        return 1;
    if (text_equal(word, second))
        return 2;
    char full[TAKE_PATH_SIZE];
    (void)err_set(taker->err, ERR_DATA, "expected \"%s\" or \"%s\"", first, second);
    (void)err_path(taker->err, "%s", take_path(full, path, key));
    return -ERR_DATA;
}

static int take_samples(const struct taker *taker, const struct json *object, const char *path,
                        struct measurement *into)
{
    const struct json *items = NULL;
    int result = json_member_array(object, path, "samples", JSON_OPTIONAL, &items, taker->err);
    size_t count = json_count(items);
    if (result < 0 || count == 0)
        return result;
    double *samples = arena_alloc(&taker->reading->arena, count, sizeof *samples);
    if (samples == NULL)
        return arena_check(&taker->reading->arena, taker->err);
    size_t index = 0;
    for (const struct json *item = json_first(items); item != NULL; item = json_next(item), index++) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NULL)) {
            (void)err_set(taker->err, ERR_DATA, "expected a number or null, found %s", json_type_name(json_type(item)));
            (void)err_path(taker->err, "%s.samples[%zu]", path, index);
            return -ERR_DATA;
        }
        samples[index] = json_number(item);
    }
    into->samples = samples;
    into->sample_count = count;
    return 0;
}

static int take_measurement(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    const char *name = NULL;
    int result = json_member_string(object, path, "name", JSON_REQUIRED, &name, taker->err);
    if (result < 0)
        return result;
    struct measurement *into = run_add_measurement(taker->reading, run, name);
    if (into == NULL)
        return arena_check(&taker->reading->arena, taker->err);
    result = take_fields(taker, object, path, measurement_fields, into);
    if (result == 0)
        result = take_choice(taker, object, path, "direction", "higher", "lower");
    if (result < 0)
        return result;
    into->direction = result == 1 ? DIRECTION_HIGHER : result == 2 ? DIRECTION_LOWER : DIRECTION_UNKNOWN;
    result = take_choice(taker, object, path, "stddev_kind", "sample", "population");
    if (result < 0)
        return result;
    into->stddev_kind = result == 1 ? STDDEV_SAMPLE : result == 2 ? STDDEV_POPULATION : STDDEV_UNKNOWN;
    result = take_samples(taker, object, path, into);
    return result < 0 ? result : take_flags(taker, object, path, &into->flags);
}

static int expect_object(const struct taker *taker, const struct json *item, const char *path)
{
    if (json_is(item, JSON_OBJECT))
        return 0;
    (void)err_set(taker->err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(item)));
    (void)err_path(taker->err, "%s", path);
    return -ERR_DATA;
}

static int take_measurements(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    const struct json *items = NULL;
    int result = json_member_array(object, path, "metrics", JSON_REQUIRED, &items, taker->err);
    if (result < 0)
        return result;
    size_t index = 0;
    for (const struct json *item = json_first(items); item != NULL; item = json_next(item), index++) {
        if (index >= BUNDLE_METRICS_MAX)
            return take_over_limit(taker, path, "metrics", BUNDLE_METRICS_MAX);
        char inner[TAKE_PATH_SIZE];
        (void)snprintf(inner, sizeof inner, "%.40s.metrics[%zu]", path, index);
        result = expect_object(taker, item, inner);
        if (result == 0)
            result = take_measurement(taker, item, inner, run);
        if (result < 0)
            return result;
    }
    return 0;
}

static int take_labels(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    const struct json *members = NULL;
    int result = json_member_object(object, path, "labels", JSON_OPTIONAL, &members, taker->err);
    if (result < 0)
        return result;
    char inner[TAKE_PATH_SIZE];
    (void)take_path(inner, path, "labels");
    for (const struct json *value = json_first(members); value != NULL; value = json_next(value)) {
        if (run->labels.count >= BUNDLE_PARAMETERS_MAX)
            return take_over_limit(taker, path, "labels", BUNDLE_PARAMETERS_MAX);
        const char *text = NULL;
        result = json_member_string(members, inner, json_key(value), JSON_REQUIRED, &text, taker->err);
        if (result < 0)
            return result;
        labels_add(&taker->reading->arena, &run->labels, json_key(value), text);
    }
    return 0;
}

static int take_chip(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    const struct json *chip = NULL;
    int result = json_member_object(object, path, "chip", JSON_OPTIONAL, &chip, taker->err);
    if (result < 0 || chip == NULL)
        return result;
    char inner[TAKE_PATH_SIZE];
    (void)take_path(inner, path, "chip");
    result = take_string(taker, chip, inner, "name", JSON_OPTIONAL, &run->chip_name);
    if (result < 0)
        return result;
    int64_t count = 1;
    result = take_count(taker, chip, inner, "count", &count);
    run->chip_count = count == COUNT_UNKNOWN ? 1 : count;
    return result;
}

static int take_workload(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    const struct json *workload = NULL;
    int result = json_member_object(object, path, "workload", JSON_REQUIRED, &workload, taker->err);
    if (result < 0)
        return result;
    char inner[TAKE_PATH_SIZE];
    (void)take_path(inner, path, "workload");
    result = take_fields(taker, workload, inner, workload_fields, &run->workload);
    return result < 0 ? result : take_parameters(taker, workload, inner, "parameters", &run->workload.parameters);
}

static int take_run(const struct taker *taker, const struct json *object, const char *path, struct run *run)
{
    int result = take_chip(taker, object, path, run);
    if (result == 0)
        result = take_workload(taker, object, path, run);
    if (result == 0)
        result = take_string(taker, object, path, "variant", JSON_OPTIONAL, &run->variant);
    if (result == 0)
        result = take_string(taker, object, path, "ran_at", JSON_OPTIONAL, &run->ran_at);
    if (result == 0)
        result = take_parameters(taker, object, path, "setup", &run->setup);
    if (result == 0)
        result = take_parameters(taker, object, path, "conditions", &run->conditions);
    if (result == 0)
        result = take_labels(taker, object, path, run);
    if (result == 0)
        result = take_measurements(taker, object, path, run);
    if (result == 0)
        result = take_flags(taker, object, path, &run->flags);
    /* A time without zone ends in a digit of the seconds; "Z" or "+02:00" stand behind otherwise. */
    if (result == 0 && run->ran_at != NULL)
        run->ran_at_local = !text_ends_with(run->ran_at, "Z") &&
                            str_find(str_of(run->ran_at), STR("+"), 0) == SIZE_MAX &&
                            str_find(str_of(run->ran_at), STR("-"), 11) == SIZE_MAX;
    return result;
}

int take_runs(const struct taker *taker, const struct json *root)
{
    const struct json *items = NULL;
    int result = json_member_array(root, "", "runs", JSON_REQUIRED, &items, taker->err);
    if (result < 0)
        return result;
    size_t index = 0;
    for (const struct json *item = json_first(items); item != NULL; item = json_next(item), index++) {
        if (index >= BUNDLE_RUNS_MAX)
            return take_over_limit(taker, "", "runs", BUNDLE_RUNS_MAX);
        char path[TAKE_PATH_SIZE];
        (void)snprintf(path, sizeof path, "runs[%zu]", index);
        result = expect_object(taker, item, path);
        if (result < 0)
            return result;
        struct run *run = reading_add_run(taker->reading);
        result = run == NULL ? arena_check(&taker->reading->arena, taker->err) : take_run(taker, item, path, run);
        if (result < 0)
            return result;
    }
    return arena_check(&taker->reading->arena, taker->err);
}
