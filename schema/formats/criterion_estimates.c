/* Criterion.rs: estimates.json (statistics) and sample.json (iterations and total time of each sample). Nanoseconds,
 * without a unit in the file (Criterion.rs book, "Custom measurements"); the name of the benchmark is only in the
 * folder, or in the benchmark.json beside it. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    if (str_has(text, "\"point_estimate\"") && str_has(text, "\"std_dev\""))
        return 92;
    if (str_has(text, "\"sampling_mode\"") && str_has(text, "\"iters\"") && str_has(text, "\"times\""))
        return 90;
    return str_has(text, "\"group_id\"") && str_has(text, "\"full_id\"") && str_has(text, "\"directory_name\"") ? 80
                                                                                                                : 0;
}

static bool is_criterion(const struct json *root)
{
    return json_get(json_get(root, "mean"), "point_estimate") != NULL || json_get(root, "iters") != NULL ||
           (json_get(root, "group_id") != NULL && json_get(root, "full_id") != NULL);
}

static int point(const struct json *root, const char *key, double *ret, bool *ret_not_finite, struct err *err)
{
    return stated_number(json_get(root, key), key, "point_estimate", ret, ret_not_finite, err);
}

static int read_estimates(const struct json *root, struct given_figures *given, struct err *err)
{
    int code = point(root, "mean", &given->stated.mean, &given->stated.mean_not_finite, err);
    if (code == 0)
        code = point(root, "std_dev", &given->stated.stddev, NULL, err);
    if (code == 0)
        code = point(root, "median", &given->median, NULL, err);
    return code;
}

/* Each sample is the total time of so many iterations. */
static int read_samples(struct reading *reading, const struct json *root, struct given_figures *given, struct err *err)
{
    struct stated_figures iterations = STATED_FIGURES, times = STATED_FIGURES;
    int code = stated_samples(reading, json_get(root, "iters"), "iters", &iterations, err);
    if (code == 0)
        code = stated_samples(reading, json_get(root, "times"), "times", &times, err);
    if (code < 0)
        return code;
    if (iterations.sample_count != times.sample_count) {
        err_set(err, ERR_DATA, "%zu times for %zu counts of iterations", times.sample_count, iterations.sample_count);
        return err_path(err, "times");
    }
    double *samples = arena_alloc(&reading->arena, times.sample_count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    for (size_t i = 0; i < times.sample_count; i++)
        samples[i] = iterations.samples[i] > 0 ? times.samples[i] / iterations.samples[i] : MISSING;
    given->stated.samples = samples;
    given->stated.sample_count = times.sample_count;
    return 0;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    const struct json *root = document->root;
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "ns";
    given.stddev_kind = STDDEV_SAMPLE;
    if (json_get(root, "group_id") != NULL) {
        reading_add_problem(reading, "", 0, 0,
                            "this names a benchmark; its figures are in the estimates.json beside it");
        return 0;
    }
    int code =
        json_get(root, "mean") != NULL ? read_estimates(root, &given, err) : read_samples(reading, root, &given, err);
    if (code < 0)
        return code;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    reading_add_problem(reading, "", 0, 0,
                        "the name of the benchmark is not in the file: give it with --set task=NAME");
    bool stated = !isnan(given.stated.mean) || given.stated.mean_not_finite || given.stated.sample_count > 0;
    return stated && figures_add(reading, run, "time", &given) == NULL ? mem_error(err) : 0;
}

static int read_criterion(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_criterion, read_document, "the file holds no times"};
    return documents_read(&format_criterion_estimates, input, &reader, into, err);
}

const struct format format_criterion_estimates = {
    .name = "criterion-estimates",
    .tool = "Criterion.rs",
    .summary = "Criterion.rs: estimates.json or sample.json",
    .version = 1,
    .detect = detect,
    .read = read_criterion,
};
