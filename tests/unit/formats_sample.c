#include "tests/unit/formats_sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/bundle/redact.h"

void sample_done(struct sample *sample)
{
    reading_list_done(&sample->readings);
    free(sample->text);
    *sample = (struct sample){0};
}

struct sample sample_of(const char *bytes, size_t length, const char *format)
{
    struct sample sample = {0};
    sample.result = formats_decode(str_slice(bytes, length), &sample.text, &sample.length, &sample.err);
    if (sample.result == 0)
        sample.result = formats_read("sample", str_slice(sample.text, sample.length), format, &sample.format,
                                     &sample.readings, &sample.err);
    return sample;
}

struct sample sample_text(const char *text)
{
    return sample_of(text, strlen(text), NULL);
}

bool sample_file(const char *path, struct sample *ret)
{
    autobuf struct buf bytes = BUF((size_t)64 * BUF_MIB);
    if (file_read(path, &bytes, NULL) < 0)
        return false;
    *ret = sample_of(buf_text(&bytes), bytes.len, NULL);
    return true;
}

struct sample sample_seed(const char *name)
{
    struct sample sample;
    autofree char *path = mem_printf("tests/data/fuzz/formats/%s", name);
    assert_true(path != NULL && sample_file(path, &sample));
    assert_int_equal(sample.result, 0);
    return sample;
}

size_t sample_run_count(const struct sample *sample)
{
    size_t count = 0;
    for (size_t i = 0; i < sample->readings.count; i++)
        count += sample->readings.items[i]->run_count;
    return count;
}

const struct run *sample_run(const struct sample *sample, size_t index)
{
    for (size_t i = 0; i < sample->readings.count; i++) {
        const struct reading *reading = sample->readings.items[i];
        if (index < reading->run_count)
            return &reading->runs[index];
        index -= reading->run_count;
    }
    fail_msg("there is no run %zu: %s", index, sample->err.text);
    return NULL;
}

const struct measurement *sample_metric(const struct run *run, const char *metric)
{
    for (size_t i = 0; i < run->measurement_count; i++)
        if (strcmp(run->measurements[i].metric, metric) == 0)
            return &run->measurements[i];
    fail_msg("the run has no %s", metric);
    return NULL;
}

double sample_number(const struct parameter_list *list, const char *name)
{
    const struct parameter *parameter = parameters_find(list, name);
    if (parameter == NULL)
        fail_msg("there is no %s", name);
    return parameter == NULL ? (double)NAN : parameter->number;
}

const char *sample_word(const struct parameter_list *list, const char *name)
{
    const struct parameter *parameter = parameters_find(list, name);
    if (parameter == NULL || parameter->type != PARAMETER_WORD)
        fail_msg("there is no word %s", name);
    return parameter == NULL ? "" : parameter->word;
}

bool sample_has_problem(const struct sample *sample, const char *part)
{
    for (size_t i = 0; i < sample->readings.count; i++)
        for (size_t k = 0; k < sample->readings.items[i]->problem_count; k++)
            if (strstr(sample->readings.items[i]->problems[k].message, part) != NULL)
                return true;
    return false;
}

void expect_number(double got, double wanted)
{
    if (isnan(got) != isnan(wanted) || (!isnan(wanted) && !number_equal(got, wanted)))
        fail_msg("got %.17g, wanted %.17g", got, wanted);
}

/* ---------------------------------------------------------------- redaction */

static void expect_text(const char *got, const char *wanted)
{
    if ((got == NULL) != (wanted == NULL) || (wanted != NULL && strcmp(got, wanted) != 0))
        fail_msg("got \"%s\", wanted \"%s\"", got != NULL ? got : "nothing", wanted != NULL ? wanted : "nothing");
}

static void expect_parameters(const struct parameter_list *got, const struct parameter_list *wanted)
{
    assert_int_equal(got->count, wanted->count);
    for (size_t i = 0; i < wanted->count; i++) {
        const struct parameter *same = parameters_find(got, wanted->items[i].name);
        assert_non_null(same);
        assert_int_equal(same->type, wanted->items[i].type);
        expect_number(same->number, wanted->items[i].number);
        expect_text(same->word, wanted->items[i].word);
    }
}

static void expect_run(const struct run *got, const struct run *wanted)
{
    expect_text(got->chip_name, wanted->chip_name);
    assert_int_equal(got->chip_count, wanted->chip_count);
    expect_text(got->workload.model, wanted->workload.model);
    expect_text(got->workload.model_as_given, wanted->workload.model_as_given);
    expect_text(got->workload.quantization, wanted->workload.quantization);
    expect_text(got->workload.backend, wanted->workload.backend);
    expect_text(got->workload.task, wanted->workload.task);
    expect_text(got->variant, wanted->variant);
    expect_text(got->ran_at, wanted->ran_at);
    expect_parameters(&got->workload.parameters, &wanted->workload.parameters);
    expect_parameters(&got->setup, &wanted->setup);
    assert_int_equal(got->measurement_count, wanted->measurement_count);
    for (size_t i = 0; i < wanted->measurement_count; i++) {
        expect_number(got->measurements[i].mean, wanted->measurements[i].mean);
        expect_number(got->measurements[i].stddev, wanted->measurements[i].stddev);
        assert_int_equal(got->measurements[i].n, wanted->measurements[i].n);
        assert_int_equal(got->measurements[i].sample_count, wanted->measurements[i].sample_count);
    }
}

void expect_same_after_redaction(const struct sample *sample)
{
    for (size_t i = 0; i < sample->readings.count; i++) {
        const struct reading *reading = sample->readings.items[i];
        assert_true(reading->original_offset + reading->original_length <= sample->length);
        struct str original = str_slice(sample->text + reading->original_offset, reading->original_length);
        autobuf struct buf redacted = BUF((size_t)64 * BUF_MIB);
        struct redact_counts counts;
        assert_int_equal(
            redact_text(original, reading->privates, reading->private_count, NULL, 0, &redacted, &counts, NULL), 0);
        autosample struct sample again = sample_of(buf_text(&redacted), redacted.len, reading->format);
        if (reading->run_count == 0)
            continue;
        if (again.readings.count != 1)
            fail_msg("%zu readings of a redacted original: %s", again.readings.count, again.err.text);
        const struct reading *second = again.readings.items[0];
        assert_int_equal(second->run_count, reading->run_count);
        expect_text(second->device.chip, reading->device.chip);
        expect_text(second->tool_version, reading->tool_version);
        for (size_t k = 0; k < reading->run_count; k++)
            expect_run(&second->runs[k], &reading->runs[k]);
    }
}
