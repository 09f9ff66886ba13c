/* fio --output-format=json and json+: jobs with a section for reads, writes and trims each. fio 2 wrote latencies in
 * microseconds (lat) and no bw_bytes; fio 3 writes nanoseconds (lat_ns). bw is KiB/s in both (fio's HOWTO, "bw").
 * The standard deviation of fio divides by n - 1 (stat.c, calc_lat). */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/documents.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define FIO_TOOL "fio"

static int detect(const struct format_input *input)
{
    if (str_find(input->text, STR("\"fio version\""), 0) == SIZE_MAX)
        return 0;
    bool jobs = str_find(input->text, STR("\"jobs\""), 0) != SIZE_MAX ||
                str_find(input->text, STR("\"client_stats\""), 0) != SIZE_MAX;
    return jobs ? 95 : 60;
}

static bool is_fio(const struct json *root)
{
    return json_get(root, "fio version") != NULL;
}

/* ---------------------------------------------------------------- options */

/* What changes the work; other options tune it. Folders and files name machines. */
static bool changes_work(const char *name)
{
    static const char *const names[] = {"rw",        "readwrite", "bs",        "blocksize",           "iodepth",
                                        "numjobs",   "size",      "rwmixread", "rwmixwrite",          "direct",
                                        "ioengine",  "fsync",     "fdatasync", "random_distribution", "rate",
                                        "rate_iops", "bssplit"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_left_out(const char *name)
{
    static const char *const names[] = {"name",         "directory",     "filename",       "description",
                                        "write_bw_log", "write_lat_log", "write_iops_log", "log_avg_msec",
                                        "output",       "hostname"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void set_option(struct arena *arena, struct run *run, const struct json *option)
{
    const char *name = json_key(option), *text = json_string(option);
    double number = 0;
    if (text == NULL || is_left_out(name))
        return;
    struct parameter_list *list = changes_work(name) ? &run->workload.parameters : &run->setup;
    if (number_parse(str_of(text), &number))
        parameters_set_number(arena, list, name, number);
    else
        (void)reader_take_parameter(arena, list, option);
}

static void set_options(struct arena *arena, struct run *run, const struct json *options)
{
    if (!json_is(options, JSON_OBJECT))
        return;
    for (const struct json *option = json_first(options); option != NULL; option = json_next(option))
        set_option(arena, run, option);
}

/* ---------------------------------------------------------------- figures */

static int add_rate(struct reading *reading, struct run *run, const struct json *section, const char *path,
                    struct err *err)
{
    double bytes = MISSING, kibibytes = MISSING, operations = MISSING;
    int result = json_member_number(section, path, "bw_bytes", JSON_OPTIONAL, &bytes, err);
    if (result == 0)
        result = json_member_number(section, path, "bw", JSON_OPTIONAL, &kibibytes, err);
    if (result == 0)
        result = json_member_number(section, path, "iops", JSON_OPTIONAL, &operations, err);
    if (result < 0)
        return result;
    if (!isnan(bytes))
        figures_add_value(reading, run, "io_bandwidth", "B/s", bytes);
    else if (!isnan(kibibytes))
        figures_add_value(reading, run, "io_bandwidth", "KiB/s", kibibytes);
    if (!isnan(operations))
        figures_add_value(reading, run, "io_operations", "IOPS", operations);
    return 0;
}

static int add_latency(struct reading *reading, struct run *run, const struct json *block, const char *metric,
                       const char *unit, const char *path, struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    double count = MISSING;
    given.unit = unit;
    given.stddev_kind = STDDEV_SAMPLE;
    int result = json_member_number(block, path, "mean", JSON_OPTIONAL, &given.stated.mean, err);
    if (result == 0)
        result = json_member_number(block, path, "stddev", JSON_OPTIONAL, &given.stated.stddev, err);
    if (result == 0)
        result = json_member_number(block, path, "min", JSON_OPTIONAL, &given.min, err);
    if (result == 0)
        result = json_member_number(block, path, "max", JSON_OPTIONAL, &given.max, err);
    if (result == 0)
        result = json_member_number(block, path, "N", JSON_OPTIONAL, &count, err);
    if (result < 0)
        return result;
    bool nothing = isnan(given.stated.mean) || (number_equal(given.stated.mean, 0) && number_equal(given.max, 0));
    if (nothing || number_equal(count, 0))
        return 0;
    if (count > 0 && count < 9e15)
        given.stated.n = (int64_t)count;
    figures_add(reading, run, metric, &given);
    return 0;
}

static void add_percentiles(struct reading *reading, struct run *run, const struct json *block, const char *unit)
{
    static const struct {
        double percentile;
        const char *metric;
    } known[] = {{50, "latency_p50"}, {90, "latency_p90"}, {95, "latency_p95"},
                 {97, "latency_p97"}, {99, "latency_p99"}, {99.9, "latency_p999"}};
    const struct json *list = json_get(block, "percentile");
    if (!json_is(list, JSON_OBJECT))
        return;
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        double percentile = 0;
        if (!json_is(item, JSON_NUMBER) || !number_parse(str_of(json_key(item)), &percentile))
            continue;
        for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
            if (number_equal(percentile, known[i].percentile))
                figures_add_value(reading, run, known[i].metric, unit, json_number(item));
    }
}

static int add_latencies(struct reading *reading, struct run *run, const struct json *section, const char *path,
                         struct err *err)
{
    static const struct {
        const char *key, *metric, *unit;
    } blocks[] = {
        {"lat_ns", "latency", "ns"},
        {"lat", "latency", "us"},
        {"clat_ns", "completion_latency", "ns"},
        {"clat", "completion_latency", "us"},
        {"slat_ns", "submission_latency", "ns"},
        {"slat", "submission_latency", "us"},
    };
    bool percentiles = false;
    for (size_t i = 0; i < ARRAY_LENGTH(blocks); i++) {
        const struct json *block = json_get(section, blocks[i].key);
        char inner[160];
        if (!json_is(block, JSON_OBJECT))
            continue;
        (void)snprintf(inner, sizeof inner, "%s.%s", path, blocks[i].key);
        int result = add_latency(reading, run, block, blocks[i].metric, blocks[i].unit, inner, err);
        if (result < 0)
            return result;
        if (percentiles || json_get(block, "percentile") == NULL)
            continue;
        percentiles = true;
        add_percentiles(reading, run, block, blocks[i].unit);
        (void)parameters_set_word(&reading->arena, &run->setup, "latency_percentiles_of",
                                  i < 2   ? "total"
                                  : i < 4 ? "completion"
                                          : "submission");
    }
    return 0;
}

/* ---------------------------------------------------------------- jobs */

struct job {
    const struct document *document;
    const struct json *object, *global;
    char path[64];
};

static bool is_unused(const struct json *section)
{
    const struct json *bytes = json_get(section, "io_bytes"), *count = json_get(section, "total_ios");
    if (!json_is(bytes, JSON_NUMBER))
        bytes = json_get(section, "io_kbytes");
    bool none = json_is(count, JSON_NUMBER) && number_equal(json_number(count), 0);
    return bytes == NULL ? none : number_equal(json_number(bytes), 0) && (none || count == NULL);
}

static void set_time(const struct job *job, struct reading *reading, struct run *run)
{
    double seconds = json_number(json_get(job->document->root, "timestamp"));
    double milliseconds = json_number(json_get(job->document->root, "timestamp_ms"));
    document_set_epoch(reading, run, isnan(milliseconds) ? seconds : milliseconds / 1000);
}

static struct run *add_run(const struct job *job, struct reading *reading, const char *mode)
{
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    double error = json_number(json_get(job->object, "error"));
    run->workload.task = document_name(job->document, reading, json_string(json_get(job->object, "jobname")));
    run->workload.mode = mode;
    set_options(&reading->arena, run, job->global);
    set_options(&reading->arena, run, json_get(job->object, "job options"));
    set_time(job, reading, run);
    if (!isnan(error) && !number_equal(error, 0))
        flags_add(&reading->arena, &run->flags, "failed");
    return run;
}

static int add_section(const struct job *job, struct reading *reading, const char *mode, struct err *err)
{
    const struct json *section = json_get(job->object, mode);
    if (!json_is(section, JSON_OBJECT) || is_unused(section))
        return 0;
    struct run *run = add_run(job, reading, mode);
    if (run == NULL)
        return mem_error(err);
    char path[96];
    (void)snprintf(path, sizeof path, "%s.%s", job->path, mode);
    if (strcmp(mode, "sync") != 0) {
        int result = add_rate(reading, run, section, path, err);
        if (result < 0)
            return result;
    }
    return add_latencies(reading, run, section, path, err);
}

static int read_job(const struct job *job, struct reading *reading, struct err *err)
{
    static const char *const modes[] = {"read", "write", "trim", "sync"};
    double error = json_number(json_get(job->object, "error"));
    size_t before = reading->run_count;
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++) {
        int result = add_section(job, reading, modes[i], err);
        if (result < 0)
            return result;
    }
    if (!isnan(error) && !number_equal(error, 0))
        reading_add_problem(reading, job->path, 0, 0, "the job ended with error %.0f", error);
    else if (reading->run_count == before)
        reading_add_problem(reading, job->path, 0, 0, "the job neither read nor wrote anything");
    return 0;
}

/* The members of one list: jobs, or what the clients of a server measured. Their sum is among them and counts alone. */
static int read_jobs(const struct document *document, const char *key, struct reading *reading, struct err *err)
{
    const struct json *list = NULL;
    int result = json_member_array(document->root, "", key, JSON_OPTIONAL, &list, err);
    const struct json *all = NULL;
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item))
        if (text_equal(json_string(json_get(item, "jobname")), "All clients"))
            all = item;
    size_t index = 0;
    for (const struct json *item = json_first(list); result == 0 && item != NULL; item = json_next(item), index++) {
        struct job job = {.document = document, .object = item, .global = json_get(document->root, "global options")};
        (void)snprintf(job.path, sizeof job.path, "%s[%zu]", key, index);
        if (all == NULL || all == item)
            result = read_job(&job, reading, err);
    }
    return result;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    const char *version = json_string(json_get(document->root, "fio version"));
    if (version != NULL)
        reading->tool_version =
            reader_text(&reading->arena, str_of(text_starts_with(version, "fio-") ? version + 4 : version));
    int result = read_jobs(document, "jobs", reading, err);
    return result < 0 ? result : read_jobs(document, "client_stats", reading, err);
}

static int read_fio(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_fio, read_document, "no job of fio read or wrote anything"};
    return documents_read(&format_fio_json, input, &reader, into, err);
}

const struct format format_fio_json = {
    .name = "fio-json",
    .tool = FIO_TOOL,
    .summary = "fio --output-format=json, jobs with reads, writes and trims",
    .version = 1,
    .detect = detect,
    .read = read_fio,
};
