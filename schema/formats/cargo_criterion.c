/* cargo criterion --message-format=json: an object a line, those with the reason "benchmark-complete" are results: the
 * total of each sample with its count of iterations (cargo-criterion's book, "External Tools"). */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/records.h"
#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "\"benchmark-complete\"") && str_has(input->text, "\"measured_values\"") ? 93 : 0;
}

/* What an iteration works on: "bytes" or "elements". */
static void take_throughput(struct reading *reading, struct run *run, const struct json *list)
{
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *unit = stated_text(reading, item, "unit");
        double count = json_number(json_get(item, "per_iteration"));
        if (unit != NULL && (text_equal(unit, "bytes") || text_equal(unit, "elements")))
            parameters_set_number(&reading->arena, &run->workload.parameters, unit, count);
    }
}

/* Nanoseconds, unless a measurement of its own was written ("Custom measurements" in the book). */
static int add_samples(struct reading *reading, struct run *run, const struct json *object, struct err *err)
{
    struct stated_figures counts = STATED_FIGURES, totals = STATED_FIGURES;
    struct given_figures given = GIVEN_FIGURES;
    int code = stated_samples(reading, json_get(object, "iteration_count"), "iteration_count", &counts, err);
    if (code == 0)
        code = stated_samples(reading, json_get(object, "measured_values"), "measured_values", &totals, err);
    if (code < 0)
        return code;
    if (counts.sample_count != totals.sample_count) {
        err_set(err, ERR_DATA, "%zu values for %zu counts of iterations", totals.sample_count, counts.sample_count);
        return err_path(err, "measured_values");
    }
    double *samples = arena_alloc(&reading->arena, totals.sample_count + 1, sizeof *samples);
    const char *unit = stated_text(reading, object, "unit");
    if (samples == NULL)
        return mem_error(err);
    for (size_t i = 0; i < totals.sample_count; i++)
        samples[i] = counts.samples[i] > 0 ? totals.samples[i] / counts.samples[i] : MISSING;
    given.unit = unit != NULL ? unit : "ns";
    given.stated.samples = samples;
    given.stated.sample_count = totals.sample_count;
    const char *metric = figures_metric_of(given.unit);
    if (metric == NULL)
        given.direction = DIRECTION_LOWER; /* as Criterion.rs compares */
    return totals.sample_count > 0 && figures_add(reading, run, metric != NULL ? metric : "value", &given) == NULL
               ? mem_error(err)
               : 0;
}

static int read_result(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    struct reading *reading = reader->reading;
    const char *reason = json_string(json_get(object, "reason"));
    const struct json *id = json_get(object, "id");
    if (!text_equal(reason, "benchmark-complete")) {
        record_hide(reader, object);
        return 0;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    if (json_string(id) != NULL && reader_path_is_private(str_of(json_string(id))))
        record_hide(reader, id);
    else if (json_string(id) != NULL && !reader_is_placeholder(json_string(id)))
        run->workload.task = reader_text(&reading->arena, str_of(json_string(id)));
    record_hide(reader, json_get(object, "report_directory"));
    take_throughput(reading, run, json_get(object, "throughput"));
    int code = add_samples(reading, run, object, err);
    if (code < 0 || run->measurement_count == 0) {
        reading->run_count--;
        if (code == 0)
            reading_add_problem(reading, path, 0, 0, "a benchmark without samples");
    }
    return code;
}

static int read_messages(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return records_read(&format_cargo_criterion_json, input, into, read_result, err);
}

const struct format format_cargo_criterion_json = {
    .name = "cargo-criterion-json",
    .tool = "Criterion.rs",
    .summary = "cargo criterion --message-format=json",
    .version = 1,
    .detect = detect,
    .read = read_messages,
    .pieces = &(const struct format_pieces){.begins = '{'},
};
