/* fio --output-format=terse (--minimal), versions 3 to 5: a line a job, fields parted by semicolons, without names
 * (HOWTO, "Terse output"; stat.c, show_thread_status_terse_all). Five fields, then a section each for reads and writes,
 * from version 4 also for trims. Latencies in microseconds, bandwidth in KiB/s. Behind them processor, queue depths,
 * shares of latencies, disks and what somebody called the job. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static const char *const modes[] = {"read", "write", "trim"};

#define FIELDS_MAX 400
#define PERCENTILES 20

enum head { TERSE_VERSION, FIO_VERSION, JOB, GROUP, FAULT, SECTIONS };
/* Within a section; a block of latencies is least, most, mean, deviation. */
enum section { KIBIBYTES, BANDWIDTH, OPERATIONS, RUNTIME, SUBMISSION, COMPLETION = 8, PERCENTILE = 12, TOTAL = 32 };
#define SECTION_LENGTH 41
#define SECTION_LENGTH_5 47 /* counts of samples, and figures of the operations */

struct job {
    struct str fields[FIELDS_MAX];
    size_t count, length; /* of fields; of a section */
    size_t sections;
};

static bool take_fields(struct str text, struct job *job)
{
    double version = 0;
    job->count = 0;
    while (job->count < FIELDS_MAX && str_next_field(&text, ';', &job->fields[job->count])) {
        job->fields[job->count] = str_trim(job->fields[job->count]);
        job->count++;
    }
    if (job->count < SECTIONS || !whole_number(job->fields[TERSE_VERSION], &version) || version < 3 || version > 5 ||
        !str_starts_with(job->fields[FIO_VERSION], STR("fio-")))
        return false;
    job->length = version > 4 ? SECTION_LENGTH_5 : SECTION_LENGTH;
    job->sections = version > 3 ? 3 : 2;
    return job->count >= SECTIONS + job->sections * job->length;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct job job = {.count = 0};
    while (lines_next(&lines, &line))
        if (str_find(line.text, STR(";fio-"), 0) != SIZE_MAX && take_fields(str_trim(line.text), &job))
            return 93;
    return 0;
}

/* ---------------------------------------------------------------- figures */

static double field(const struct job *job, size_t index)
{
    double value = MISSING;
    return whole_number(job->fields[index], &value) ? value : MISSING;
}

static void add_latency(struct reading *reading, struct run *run, const struct job *job, size_t begin,
                        const char *metric)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "us";
    given.stddev_kind = STDDEV_SAMPLE;
    given.min = field(job, begin);
    given.max = field(job, begin + 1);
    given.stated.mean = field(job, begin + 2);
    given.stated.stddev = field(job, begin + 3);
    if (given.stated.mean > 0)
        figures_add(reading, run, metric, &given);
}

/* "99.000000%=123" */
static void add_percentiles(struct reading *reading, struct run *run, const struct job *job, size_t begin)
{
    static const struct {
        double percentile;
        const char *metric;
    } known[] = {
        {50, "latency_p50"}, {90, "latency_p90"}, {95, "latency_p95"}, {99, "latency_p99"}, {99.9, "latency_p999"}};
    for (size_t i = 0; i < PERCENTILES; i++) {
        struct str rest = job->fields[begin + i];
        double percentile = 0, time = 0;
        if (!take_number(&rest, &percentile) || !take_text(&rest, STR("%=")) || !whole_number(rest, &time))
            continue;
        for (size_t k = 0; k < ARRAY_LENGTH(known); k++)
            if (number_equal(percentile, known[k].percentile) && time > 0)
                figures_add_value(reading, run, known[k].metric, "us", time);
    }
}

static int add_section(struct reading *reading, const struct format_input *input, const struct job *job, size_t index,
                       struct err *err)
{
    size_t begin = SECTIONS + index * job->length;
    double fault = field(job, FAULT);
    if (!(field(job, begin + KIBIBYTES) > 0) && !(field(job, begin + OPERATIONS) > 0))
        return 0; /* nothing of that kind was done */
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = benchmark_name(reading, input, job->fields[JOB]);
    run->workload.mode = modes[index];
    if (!(fault >= 0 && fault <= 0))
        flags_add(&reading->arena, &run->flags, "failed");
    figures_add_value(reading, run, "io_bandwidth", "KiB/s", field(job, begin + BANDWIDTH));
    figures_add_value(reading, run, "io_operations", "IOPS", field(job, begin + OPERATIONS));
    add_latency(reading, run, job, begin + TOTAL, "latency");
    add_latency(reading, run, job, begin + COMPLETION, "completion_latency");
    add_latency(reading, run, job, begin + SUBMISSION, "submission_latency");
    add_percentiles(reading, run, job, begin + PERCENTILE);
    (void)parameters_set_word(&reading->arena, &run->setup, "latency_percentiles_of", "completion");
    return 0;
}

/* Behind the sections stand numbers, shares, disks with eight figures each, and last what somebody wrote. */
static void hide_words(struct reading *reading, const struct format_input *input, const struct job *job)
{
    for (size_t i = SECTIONS + job->sections * job->length; i < job->count; i++) {
        struct str text = job->fields[i];
        double number = 0;
        bool share = text.len > 1 && text.data[text.len - 1] == '%';
        bool disk = i + 8 < job->count && str_ends_with(job->fields[i + 8], STR("%"));
        if (text.len > 0 && !share && !disk && !whole_number(text, &number))
            noise_hide(reading, input, text, PRIVATE_TEXT);
    }
}

struct jobs {
    const struct format_input *input;
    struct reading *reading;
};

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct jobs *jobs = context;
    struct job job = {.count = 0};
    struct reading *reading = jobs->reading;
    size_t before = reading->run_count;
    if (!take_fields(str_trim(line->text), &job)) {
        noise_mark(reading, line);
        return 0;
    }
    reading->tool_version =
        reader_text(&reading->arena, str_slice(job.fields[FIO_VERSION].data + 4, job.fields[FIO_VERSION].len - 4));
    int code = 0;
    for (size_t i = 0; code == 0 && i < job.sections && i < ARRAY_LENGTH(modes); i++)
        code = add_section(reading, jobs->input, &job, i, err);
    hide_words(reading, jobs->input, &job);
    double fault = field(&job, FAULT);
    if (!(fault >= 0 && fault <= 0))
        reading_add_problem(reading, "", line->number, 0, "the job ended with error %.0f", fault);
    else if (reading->run_count == before)
        reading_add_problem(reading, "", line->number, 0, "the job neither read nor wrote anything");
    return code;
}

static int read_terse(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct jobs jobs = {.input = input, .reading = lines_reading(&format_fio_terse, input)};
    if (jobs.reading == NULL)
        return mem_error(err);
    int code = lines_each(input->text, take_line, &jobs, err);
    return lines_end(jobs.reading, input, code, "no job of fio read or wrote anything", into, err);
}

const struct format format_fio_terse = {
    .name = "fio-terse",
    .tool = "fio",
    .summary = "fio --output-format=terse, versions 3 to 5",
    .version = 1,
    .detect = detect,
    .read = read_terse,
};
