/* A reading in our own format, and as a table. */
#include <math.h>
#include <stdio.h>

#include "schema/base/options.h"
#include "schema/json/json_write.h"
#include "schema/text/figure.h"
#include "schema/text/table.h"
#include "submit/bench/bench.h"

static void text(struct json_writer *writer, const char *name, const char *value)
{
    if (!text_is_empty(value))
        json_pair_string(writer, name, value);
}

static void count(struct json_writer *writer, const char *name, int64_t value)
{
    if (value != COUNT_UNKNOWN)
        json_pair_int(writer, name, value);
}

static void number(struct json_writer *writer, const char *name, double value)
{
    if (!isnan(value))
        json_pair_number(writer, name, value);
}

static void write_device(struct json_writer *writer, const struct device *device)
{
    json_write_key(writer, "device");
    json_begin_object(writer);
    text(writer, "chip", device->chip);
    count(writer, "cpu_count", device->cpu_count);
    count(writer, "cores", device->cores);
    count(writer, "threads", device->threads);
    number(writer, "memory_bytes", device->memory_bytes);
    text(writer, "memory_type", device->memory_type);
    text(writer, "board", device->board);
    text(writer, "architecture", device->architecture);
    text(writer, "os_name", device->os_name);
    text(writer, "os_version", device->os_version);
    text(writer, "kernel", device->kernel);
    text(writer, "virtualization", device->virtualization);
    json_end_object(writer);
}

static void write_list(struct json_writer *writer, const char *name, const struct parameter_list *list)
{
    if (list->count == 0)
        return;
    json_write_key(writer, name);
    json_begin_object(writer);
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *item = &list->items[i];
        if (item->type == PARAMETER_WORD)
            json_pair_string(writer, item->name, item->word);
        else if (item->type == PARAMETER_BOOLEAN)
            json_pair_bool(writer, item->name, item->number > 0);
        else
            json_pair_number(writer, item->name, item->number);
    }
    json_end_object(writer);
}

static void write_metric(struct json_writer *writer, const struct measurement *measurement)
{
    json_begin_object(writer);
    json_pair_string(writer, "metric", measurement->metric);
    json_pair_string(writer, "unit", measurement->unit);
    text(writer, "direction", direction_word(measurement->direction));
    if (measurement->sample_count > 0) {
        json_write_key(writer, "samples");
        json_begin_array(writer);
        for (size_t i = 0; i < measurement->sample_count; i++)
            json_write_number(writer, measurement->samples[i]);
        json_end_array(writer);
    } else {
        json_pair_number(writer, "value", measurement->mean);
        count(writer, "n", measurement->n);
        number(writer, "min", measurement->min);
        number(writer, "max", measurement->max);
        number(writer, "median", measurement->median);
    }
    json_end_object(writer);
}

static void write_run(struct json_writer *writer, const struct run *run)
{
    const struct workload *workload = &run->workload;
    json_begin_object(writer);
    text(writer, "model", workload->model);
    text(writer, "quantization", workload->quantization);
    text(writer, "backend", workload->backend);
    text(writer, "mode", workload->mode);
    text(writer, "task", workload->task);
    text(writer, "variant", run->variant);
    text(writer, "time", run->ran_at);
    write_list(writer, "parameters", &workload->parameters);
    write_list(writer, "setup", &run->setup);
    write_list(writer, "conditions", &run->conditions);
    json_write_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < run->measurement_count; i++)
        write_metric(writer, &run->measurements[i]);
    json_end_array(writer);
    json_end_object(writer);
}

void bench_write_json(const struct reading *reading, struct buf *into)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    json_pair_int(&writer, "crosschip", 1);
    json_write_key(&writer, "tool");
    json_begin_object(&writer);
    json_pair_string(&writer, "name", "crosschip-bench");
    json_pair_string(&writer, "version", CROSSCHIP_VERSION);
    json_end_object(&writer);
    write_device(&writer, &reading->device);
    json_write_key(&writer, "results");
    json_begin_array(&writer);
    for (size_t i = 0; i < reading->run_count; i++)
        write_run(&writer, &reading->runs[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
}

static const struct measurement *find(const struct run *run, const char *metric)
{
    for (size_t i = 0; i < run->measurement_count; i++)
        if (text_equal(run->measurements[i].metric, metric))
            return &run->measurements[i];
    return NULL;
}

static void put(struct table *table, double value)
{
    char shown[FIGURE_SIZE];
    if (isfinite(value))
        table_put_number(table, value, 2, figure_value(shown, value, (double)NAN));
    else
        table_put_missing(table);
}

static void put_run(struct table *table, const struct run *run)
{
    const struct workload *workload = &run->workload;
    const struct measurement *bandwidth = find(run, "memory_bandwidth"), *time = find(run, "inference_time");
    const struct measurement *factor = find(run, "bandwidth_utilization"), *kept = find(run, "sustained_ratio");
    char name[160];
    (void)snprintf(name, sizeof(name), "%s%s%s", workload->model == NULL ? "memory " : workload->model,
                   workload->model == NULL ? workload->task : "", run->variant == NULL ? "" : ", in parallel");
    if (text_equal(run->variant, "combined"))
        (void)snprintf(name, sizeof(name), "%s, together", workload->model);
    else if (text_equal(workload->mode, "sustained"))
        (void)snprintf(name, sizeof(name), "%s, sustained", workload->model);
    else if (text_equal(workload->mode, "two_at_once") && run->variant == NULL)
        (void)snprintf(name, sizeof(name), "%s, half the threads", workload->model);
    table_row(table);
    table_put_text(table, name);
    table_put_text(table, workload->quantization);
    put(table, bandwidth == NULL ? (double)NAN : bandwidth->median);
    put(table, time == NULL ? (double)NAN : time->median);
    put(table, factor != NULL ? factor->mean : kept != NULL ? kept->mean : (double)NAN);
    table_put_integer(table, bandwidth == NULL ? COUNT_UNKNOWN : bandwidth->n);
}

int bench_write_table(const struct reading *reading, struct buf *into, struct err *err)
{
    autotable struct table table;
    table_init(&table, NULL);
    table_column(&table, "what", "CPU", ALIGN_LEFT);
    table_column(&table, "quantization", "Weights", ALIGN_LEFT);
    table_column(&table, "bandwidth_gb_s", "GB/s", ALIGN_RIGHT);
    table_column(&table, "time_ms", "ms", ALIGN_RIGHT);
    table_column(&table, "factor", "Factor", ALIGN_RIGHT);
    table_column(&table, "n", "Runs", ALIGN_RIGHT);
    for (size_t i = 0; i < reading->run_count; i++)
        put_run(&table, &reading->runs[i]);
    for (size_t i = 0; i < reading->problem_count; i++)
        table_note(&table, reading->problems[i].message);
    table_print_text(&table, into);
    return table_check(&table, err);
}
