/* Result files of airspeed velocity (asv), one per commit and environment, and its machine.json. Version 1 has a number
 * or {"params", "result"} for each benchmark, version 2 a list whose columns result_columns names. Units stand in
 * benchmarks.json; for time_, mem_ and peakmem_ asv itself defines them (documentation, "Writing benchmarks"): seconds
 * and bytes. null means that the benchmark failed, NaN that it was skipped. `date` is the commit's, not the run's. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/asv.h"
#include "schema/formats/documents.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define AXES_MAX 16
#define COMBINATIONS_MAX 100000
#define SAMPLES_MAX 1000000

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool machine = str_find(text, STR("\"machine\""), 0) != SIZE_MAX && str_find(text, STR("\"cpu\""), 0) != SIZE_MAX;
    bool results = str_find(text, STR("\"commit_hash\""), 0) != SIZE_MAX &&
                   str_find(text, STR("\"results\""), 0) != SIZE_MAX &&
                   str_find(text, STR("\"params\""), 0) != SIZE_MAX;
    if (results)
        return 90;
    return machine && str_find(text, STR("\"arch\""), 0) != SIZE_MAX && str_find(text, STR("\"ram\""), 0) != SIZE_MAX &&
                   str_find(text, STR("\"results\""), 0) == SIZE_MAX
               ? 50
               : 0;
}

static bool is_asv(const struct json *root)
{
    bool machine = json_get(root, "machine") != NULL && json_get(root, "cpu") != NULL;
    return machine || (json_get(root, "results") != NULL && json_get(root, "commit_hash") != NULL);
}

/* ---------------------------------------------------------------- the machine */

static const char *text_member(struct reading *reading, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    return text == NULL ? NULL : reader_text(&reading->arena, str_of(text));
}

static void read_machine(const struct document *document, struct reading *reading, const struct json *machine)
{
    struct device *device = &reading->device;
    device->chip = text_member(reading, machine, "cpu");
    device->architecture = text_member(reading, machine, "arch");
    device->os_name = text_member(reading, machine, "os");
    const struct json *ram = json_get(machine, "ram");
    if (ram != NULL)
        (void)reader_take_parameter(&reading->arena, &device->extra, ram);
    document_private(document, reading, json_get(machine, "machine"), PRIVATE_HOST);
}

/* ---------------------------------------------------------------- one benchmark */

struct benchmark {
    const struct document *document;
    struct reading *reading;
    const char *name;
    const struct json *result, *params, *samples; /* params: a list of axes */
    double started_s;
};

static const struct json *item_at(const struct json *list, size_t index)
{
    return json_is(list, JSON_ARRAY) ? json_at(list, index) : NULL;
}

/* The values of the axes of combination `index`: the last axis turns fastest (itertools.product). */
static void set_parameters(const struct benchmark *benchmark, struct run *run, size_t index)
{
    struct arena *arena = &benchmark->reading->arena;
    for (size_t axis = json_count(benchmark->params); axis-- > 0;) {
        const struct json *values = item_at(benchmark->params, axis);
        size_t count = json_count(values);
        if (count == 0)
            return;
        char name[32];
        double number = 0;
        (void)snprintf(name, sizeof name, "param_%zu", axis + 1);
        const char *text = json_string(item_at(values, index % count));
        struct str plain = str_trim(str_of(text));
        if (plain.len > 1 && plain.data[0] == '\'' && plain.data[plain.len - 1] == '\'')
            plain = str_slice(plain.data + 1, plain.len - 2);
        const char *shown = reader_text(arena, plain);
        if (text != NULL && number_parse(plain, &number))
            parameters_set_number(arena, &run->workload.parameters, name, number);
        else if (shown == NULL || !parameters_set_word(arena, &run->workload.parameters, name, shown))
            parameters_set_number(arena, &run->workload.parameters, name, (double)(index % count) + 1);
        index /= count;
    }
}

static void set_setup(const struct benchmark *benchmark, struct run *run)
{
    static const char *const machine[] = {"machine", "cpu", "arch", "os", "ram", "num_cpu"};
    struct arena *arena = &benchmark->reading->arena;
    const struct json *root = benchmark->document->root, *params = json_get(root, "params");
    const char *commit = json_string(json_get(root, "commit_hash"));
    if (commit != NULL)
        (void)parameters_set_word(arena, &run->setup, "commit", commit);
    if (!json_is(params, JSON_OBJECT))
        return;
    for (const struct json *item = json_first(params); item != NULL; item = json_next(item)) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LENGTH(machine); i++)
            known = known || strcmp(json_key(item), machine[i]) == 0;
        if (!known)
            (void)reader_take_parameter(arena, &run->setup, item);
    }
}

static bool take_samples(const struct benchmark *benchmark, const struct json *list, struct given_figures *given)
{
    size_t count = json_count(list), at = 0;
    if (!json_is(list, JSON_ARRAY) || count == 0 || count > SAMPLES_MAX)
        return true;
    double *samples = arena_alloc(&benchmark->reading->arena, count, sizeof *samples);
    if (samples == NULL)
        return false;
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item))
        samples[at++] = json_number(item);
    given->stated.samples = samples;
    given->stated.sample_count = count;
    return true;
}

static int add_value(const struct benchmark *benchmark, const struct json *value, const struct json *samples,
                     size_t index, struct err *err)
{
    struct reading *reading = benchmark->reading;
    if (value == NULL || json_is(value, JSON_NULL) || json_is(value, JSON_NOT_FINITE)) {
        reading_add_problem(reading, benchmark->name, 0, 0, "the benchmark %s",
                            json_is(value, JSON_NOT_FINITE) ? "was skipped" : "failed");
        return 0;
    }
    if (!json_is(value, JSON_NUMBER)) {
        err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(value)));
        return err_path(err, "results");
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = document_name(benchmark->document, reading, benchmark->name);
    const struct asv_kind *kind = asv_kind_of(str_of(run->workload.task)); /* of the name as the bundle has it */
    set_parameters(benchmark, run, index);
    set_setup(benchmark, run);
    document_set_epoch(reading, run, benchmark->started_s);
    struct given_figures given = GIVEN_FIGURES;
    given.unit = kind->unit;
    given.counted = given.unit[0] != 's';
    if (!take_samples(benchmark, samples, &given))
        return mem_error(err);
    given.median = json_number(value); /* what asv reports of several samples */
    if (given.stated.sample_count == 0)
        given.stated.mean = given.median;
    return figures_add(reading, run, kind->metric, &given) == NULL ? mem_error(err) : 0;
}

static size_t combinations(const struct json *params)
{
    size_t count = 1;
    if (json_count(params) > AXES_MAX)
        return SIZE_MAX;
    for (const struct json *axis = json_first(params); axis != NULL; axis = json_next(axis)) {
        size_t values = json_count(axis);
        if (values > COMBINATIONS_MAX || count * values > COMBINATIONS_MAX)
            return SIZE_MAX;
        count *= values;
    }
    return count;
}

static int add_benchmark(const struct benchmark *benchmark, struct err *err)
{
    const struct json *result = benchmark->result;
    if (!json_is(result, JSON_ARRAY)) {
        bool nested = json_is(item_at(benchmark->samples, 0), JSON_ARRAY);
        return add_value(benchmark, result, nested ? item_at(benchmark->samples, 0) : benchmark->samples, 0, err);
    }
    if (json_count(benchmark->params) > 0 && combinations(benchmark->params) != json_count(result)) {
        reading_add_problem(benchmark->reading, benchmark->name, 0, 0,
                            "results for %zu of %zu sets of parameters: none is taken", json_count(result),
                            combinations(benchmark->params));
        return 0;
    }
    size_t index = 0;
    const struct json *samples = json_first(benchmark->samples);
    for (const struct json *value = json_first(result); value != NULL; value = json_next(value), index++) {
        int code = add_value(benchmark, value, samples, index, err);
        if (code < 0)
            return code;
        samples = json_next(samples);
    }
    return 0;
}

/* Version 2: a list, shorter where the last columns are empty. */
static void read_columns(const struct json *columns, const struct json *row, struct benchmark *benchmark)
{
    const struct json *value = json_first(row);
    for (const struct json *column = json_first(columns); column != NULL && value != NULL; column = json_next(column)) {
        const char *name = json_string(column);
        if (text_equal(name, "result"))
            benchmark->result = value;
        else if (text_equal(name, "params"))
            benchmark->params = value;
        else if (text_equal(name, "samples"))
            benchmark->samples = value;
        else if (text_equal(name, "started_at"))
            benchmark->started_s = json_number(value) / 1000;
        value = json_next(value);
    }
}

static int read_benchmark(const struct document *document, struct reading *reading, const struct json *item,
                          struct err *err)
{
    const struct json *columns = json_get(document->root, "result_columns");
    const struct json *started = json_get(json_get(document->root, "started_at"), json_key(item));
    struct benchmark benchmark = {
        .document = document,
        .reading = reading,
        .name = json_key(item),
        .result = item,
        .started_s = json_number(started) / 1000,
    };
    if (json_is(item, JSON_ARRAY) && columns != NULL) {
        benchmark.result = NULL;
        read_columns(columns, item, &benchmark);
    } else if (json_is(item, JSON_OBJECT)) {
        benchmark.result = json_get(item, "result");
        benchmark.params = json_get(item, "params");
        benchmark.samples = json_get(item, "samples");
    }
    int result = add_benchmark(&benchmark, err);
    return result < 0 && result != -ERR_MEMORY ? err_path(err, "results.%.200s", json_key(item)) : result;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    const struct json *results = NULL, *params = json_get(document->root, "params");
    if (json_get(document->root, "results") == NULL) {
        read_machine(document, reading, document->root);
        reading_add_problem(reading, "", 0, 0, "this is asv's description of a machine: it holds no results");
        return 0;
    }
    read_machine(document, reading, params);
    int result = json_member_object(document->root, "", "results", JSON_REQUIRED, &results, err);
    for (const struct json *item = json_first(results); result == 0 && item != NULL; item = json_next(item))
        result = read_benchmark(document, reading, item, err);
    return result;
}

static int read_asv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_asv, read_document, "no benchmark of the file has a result"};
    return documents_read(&format_asv_results, input, &reader, into, err);
}

const struct format format_asv_results = {
    .name = "asv-results",
    .tool = ASV_TOOL,
    .summary = "result files of airspeed velocity, JSON",
    .version = 1,
    .detect = detect,
    .read = read_asv,
};
