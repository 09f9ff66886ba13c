#include "tests/unit/analyze_sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/str.h"

static const char *copy(struct result_set *set, const char *text)
{
    return arena_strdup(&set->arena, text);
}

static void fill_run(struct reading *reading, const struct sample *sample)
{
    struct run *run = reading_add_run(reading);
    struct measurement *measurement = run_add_measurement(reading, run, sample->metric);

    run->workload.model = sample->model;
    run->workload.quantization = sample->quantization;
    run->workload.backend = sample->backend;
    run->workload.task = sample->task;
    run->ran_at = sample->ran_at;
    if (sample->flag != NULL)
        flags_add(&reading->arena, &run->flags, sample->flag);
    if (sample->threads > 0)
        parameters_set_number(&reading->arena, &run->setup, "threads", sample->threads);
    measurement->unit = sample->unit;
    measurement->direction = sample->direction;
    measurement->n = sample->n != 0 ? sample->n : COUNT_UNKNOWN;
    measurement->mean = sample->value;
    if (sample->sample_count > 0) {
        measurement->samples = arena_alloc(&reading->arena, sample->sample_count, sizeof(double));
        memcpy(measurement->samples, sample->samples, sample->sample_count * sizeof(double));
        measurement->sample_count = sample->sample_count;
    }
}

void sample_add(struct result_set *set, const struct sample *sample)
{
    autoreading struct reading *reading = reading_new();
    struct submission *submission = result_set_add_submission(set);

    assert_non_null(reading);
    submission->id = copy(set, sample->id);
    submission->state = sample->state;
    submission->contributor = sample->contributor != NULL ? copy(set, sample->contributor) : "";
    submission->original = copy(set, sample->original);
    reading->tool = sample->tool != NULL ? sample->tool : "bench";
    reading->tool_version = sample->tool_version;
    reading->device.chip = sample->chip;
    reading->device.board = sample->board;
    fill_run(reading, sample);
    assert_int_equal(result_set_add_reading(set, set->submission_count - 1, reading, NULL), 0);
}
