#include "submit/understood.h"

#include <math.h>

#include "schema/bundle/parts_json.h"
#include "submit/device/device_json.h"

static void optional(struct json_writer *writer, const char *key, const char *text)
{
    if (text != NULL)
        json_pair_string(writer, key, text);
}

static void flags(struct json_writer *writer, const struct flag_list *list)
{
    json_write_key(writer, "flags");
    json_begin_array(writer);
    for (size_t i = 0; i < list->count; i++)
        json_write_string(writer, list->items[i]);
    json_end_array(writer);
}

static void metric(struct json_writer *writer, const struct measurement *measurement)
{
    json_begin_object(writer);
    json_pair_string(writer, "name", measurement->metric);
    json_pair_string(writer, "unit", measurement->unit == NULL ? "" : measurement->unit);
    json_pair_string(writer, "direction", direction_word(measurement->direction));
    if (measurement->original_unit != NULL) {
        json_pair_string(writer, "original_unit", measurement->original_unit);
        json_pair_number(writer, "original_value", measurement->original_value);
    }
    count_write_json(writer, "n", measurement->n);
    json_pair_number(writer, "mean", measurement->mean);
    json_pair_number(writer, "stddev", measurement->stddev);
    if (measurement->stddev_kind != STDDEV_SAMPLE && !isnan(measurement->stddev)) {
        const char *kind = stddev_kind_word(measurement->stddev_kind);
        json_pair_string(writer, "stddev_kind", kind != NULL ? kind : "unknown");
    }
    json_pair_number(writer, "min", measurement->min);
    json_pair_number(writer, "max", measurement->max);
    json_pair_number(writer, "median", measurement->median);
    json_write_key(writer, "samples");
    json_begin_array(writer);
    for (size_t i = 0; i < measurement->sample_count; i++)
        json_write_number(writer, measurement->samples[i]);
    json_end_array(writer);
    flags(writer, &measurement->flags);
    json_end_object(writer);
}

static void workload_json(struct json_writer *writer, const struct workload *workload)
{
    json_write_key(writer, "workload");
    json_begin_object(writer);
    json_pair_string(writer, "model", workload->model);
    optional(writer, "model_as_given", workload->model_as_given);
    json_pair_string(writer, "quantization", workload->quantization);
    json_pair_string(writer, "backend", workload->backend);
    json_pair_string(writer, "mode", workload->mode);
    json_pair_string(writer, "task", workload->task);
    optional(writer, "category", workload->category);
    if (!isnan(workload->model_bytes))
        json_pair_number(writer, "model_bytes", workload->model_bytes);
    if (!isnan(workload->model_parameters))
        json_pair_number(writer, "model_parameters", workload->model_parameters);
    parameters_write_json(writer, "parameters", &workload->parameters);
    json_end_object(writer);
}

static void run_json(struct json_writer *writer, const struct reading *reading, const struct run *run)
{
    json_begin_object(writer);
    json_write_key(writer, "chip");
    json_begin_object(writer);
    json_pair_string(writer, "name", reading_chip_name(reading, run));
    json_pair_int(writer, "count", run->chip_count);
    json_end_object(writer);
    workload_json(writer, &run->workload);
    json_pair_string(writer, "variant", run->variant == NULL ? "alone" : run->variant);
    json_pair_string(writer, "ran_at", run->ran_at);
    json_write_key(writer, "labels");
    json_begin_object(writer);
    for (size_t i = 0; i < run->labels.count; i++)
        json_pair_string(writer, run->labels.items[i].name, run->labels.items[i].text);
    json_end_object(writer);
    parameters_write_json(writer, "setup", &run->setup);
    parameters_write_json(writer, "conditions", &run->conditions);
    json_write_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < run->measurement_count; i++)
        metric(writer, &run->measurements[i]);
    json_end_array(writer);
    flags(writer, &run->flags);
    json_end_object(writer);
}

static void problem_json(struct json_writer *writer, const char *path, int line, int column, const char *message)
{
    json_begin_object(writer);
    json_pair_string(writer, "path", text_is_empty(path) ? NULL : path);
    count_write_json(writer, "line", line > 0 ? line : COUNT_UNKNOWN);
    count_write_json(writer, "column", column > 0 ? column : COUNT_UNKNOWN);
    json_pair_string(writer, "message", message);
    json_end_object(writer);
}

static void problems_json(struct json_writer *writer, const struct reading *reading, const struct err *fault)
{
    json_write_key(writer, "problems");
    json_begin_array(writer);
    for (size_t i = 0; reading != NULL && i < reading->problem_count; i++) {
        const struct problem *problem = &reading->problems[i];
        problem_json(writer, problem->path, problem->line, problem->column, problem->message);
    }
    if (fault != NULL)
        problem_json(writer, fault->path, fault->line, fault->column, fault->text);
    json_end_array(writer);
}

void understood_json(struct json_writer *writer, const struct input *input, const struct reading *reading,
                     const struct err *fault)
{
    const char *format = reading != NULL ? reading->format : input->format != NULL ? input->format->name : NULL;
    const char *tool = reading != NULL ? reading->tool : input->format != NULL ? input->format->tool : NULL;
    json_begin_object(writer);
    json_pair_string(writer, "file", input->path);
    json_pair_string(writer, "format", format);
    json_write_key(writer, "tool");
    json_begin_object(writer);
    json_pair_string(writer, "name", tool);
    json_pair_string(writer, "version", reading == NULL ? NULL : reading->tool_version);
    json_end_object(writer);
    json_write_key(writer, "device");
    if (reading == NULL)
        json_write_null(writer);
    else
        device_json_write(writer, &reading->device);
    json_write_key(writer, "runs");
    json_begin_array(writer);
    for (size_t i = 0; reading != NULL && i < reading->run_count; i++)
        run_json(writer, reading, &reading->runs[i]);
    json_end_array(writer);
    problems_json(writer, reading, fault);
    json_end_object(writer);
}
