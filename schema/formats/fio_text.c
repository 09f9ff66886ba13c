/* What fio prints without --output-format (show_thread_status_normal of its stat.c, versions 2 and 3): a job, in it a
 * block a direction. Its numbers are short: "251k" is 251,000 to three digits, "982MiB/s" likewise. Version 2 writes
 * KB/s for 1024 bytes. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static int detect(const struct format_input *input)
{
    bool three = str_has(input->text, ": IOPS=") && str_has(input->text, ", BW=");
    bool two = str_has(input->text, ", iops=") && str_has(input->text, ", runt=");
    return str_has(input->text, "(groupid=") && str_has(input->text, "err=") && (three || two) ? 89 : 0;
}

#define JOBS_MAX 256

struct jobs {
    const struct format_input *input;
    struct reading *reading;
    struct str options[JOBS_MAX]; /* lines "NAME: (g=0): rw=randread, bs=…" */
    size_t option_count;
    struct str name; /* of the open job; empty before the first */
    double copies;   /* of it, that run at once */
    bool failed;
    struct run *run;        /* of the open direction */
    const char *percentile; /* unit of the list of percentiles that is open; NULL */
};

/* "251k", "1.5M", "12": fio's short numbers, by thousands. */
static bool take_short(struct str *rest, double *ret)
{
    if (!take_number(rest, ret))
        return false;
    static const char suffixes[] = "kMGT";
    const char *at = rest->len > 0 ? memchr(suffixes, rest->data[0], 4) : NULL;
    if (at == NULL)
        return true;
    for (const char *step = suffixes; step <= at; step++)
        *ret *= 1e3;
    *rest = str_slice(rest->data + 1, rest->len - 1);
    return true;
}

static bool number_behind(struct str line, const char *label, double *ret, struct str *ret_rest)
{
    size_t at = str_find(line, str_of(label), 0);
    if (at == SIZE_MAX)
        return false;
    *ret_rest = str_slice(line.data + at + strlen(label), line.len - at - strlen(label));
    return take_short(ret_rest, ret);
}

/* "NAME: (groupid=0, jobs=1): err= 0: pid=1234: Tue Mar  3 10:00:00 2026" */
static bool take_job(struct jobs *jobs, struct str line, int number)
{
    size_t colon = str_find(line, STR(": (groupid="), 0);
    if (colon == SIZE_MAX)
        return false;
    struct str behind = str_slice(line.data + colon, line.len - colon), rest;
    double code = 0;
    if (!number_behind(behind, "err=", &code, &rest))
        return false;
    jobs->name = str_slice(line.data, colon);
    jobs->run = NULL;
    jobs->failed = !number_equal(code, 0);
    if (!number_behind(behind, "jobs=", &jobs->copies, &rest))
        jobs->copies = 1;
    if (jobs->failed)
        reading_add_problem(jobs->reading, "", number, 0, "the job ended with error %.0f", code);
    size_t tail = str_find(behind, STR(": pid="), str_find(behind, STR("err="), 0));
    if (tail != SIZE_MAX) /* the clock has no zone */
        noise_hide(jobs->reading, jobs->input, str_slice(behind.data + tail + 2, behind.len - tail - 2), PRIVATE_TEXT);
    return true;
}

static void set_word(struct jobs *jobs, struct run *run, const char *name, struct str line, const char *label)
{
    struct arena *arena = &jobs->reading->arena;
    size_t at = str_find(line, str_of(label), 0), end = at + strlen(label);
    double number = 0;
    if (at == SIZE_MAX)
        return;
    struct str value = str_slice(line.data + end, line.len - end);
    value.len = str_find(value, STR(","), 0) != SIZE_MAX ? str_find(value, STR(","), 0) : value.len;
    if (number_parse_loose(value, &number))
        parameters_set_number(arena, &run->workload.parameters, name, number);
    else
        (void)parameters_set_word(arena, &run->workload.parameters, name, arena_strndup(arena, value.data, value.len));
}

/* "bs=(R) 4096B-4096B, …" is bs=4k of the job file, when all blocks are of one size. */
static void set_block_size(struct jobs *jobs, struct run *run, struct str line)
{
    struct arena *arena = &jobs->reading->arena;
    double smallest = 0, largest = 0;
    struct str rest;
    if (!number_behind(line, "bs=(R) ", &smallest, &rest) || !take_text(&rest, STR("B-")) ||
        !take_number(&rest, &largest) || !number_equal(smallest, largest) || smallest < 1)
        return;
    double kibibytes = smallest / 1024;
    const char *size =
        number_is_integer(kibibytes) ? arena_printf(arena, "%.0fk", kibibytes) : arena_printf(arena, "%.0f", smallest);
    if (size != NULL)
        (void)parameters_set_word(arena, &run->workload.parameters, "bs", size);
}

/* What the job was told to do stands in a line of its own, above. */
static void set_options(struct jobs *jobs, struct run *run)
{
    for (size_t i = 0; i < jobs->option_count; i++) {
        struct str line = jobs->options[i];
        if (!str_equal(str_slice(line.data, str_find(line, STR(": (g="), 0)), jobs->name))
            continue;
        set_word(jobs, run, "rw", line, " rw=");
        set_word(jobs, run, "ioengine", line, " ioengine=");
        set_word(jobs, run, "iodepth", line, " iodepth=");
        set_block_size(jobs, run, line);
        break;
    }
    if (jobs->copies > 1)
        parameters_set_number(&jobs->reading->arena, &run->workload.parameters, "numjobs", jobs->copies);
}

static struct run *open_run(struct jobs *jobs, const char *mode)
{
    struct run *run = reading_add_run(jobs->reading);
    if (run == NULL)
        return NULL;
    run->workload.task = benchmark_name(jobs->reading, jobs->input, jobs->name);
    run->workload.mode = mode;
    set_options(jobs, run);
    if (jobs->failed)
        flags_add(&jobs->reading->arena, &run->flags, "failed");
    jobs->percentile = NULL;
    return run;
}

static void add_bandwidth(struct jobs *jobs, double value, struct str unit)
{
    static const struct {
        const char *unit, *full;
    } units[] = {{"B/s", "B/s"},    {"KiB/s", "KiB/s"}, {"MiB/s", "MiB/s"}, {"GiB/s", "GiB/s"},
                 {"KB/s", "KiB/s"}, {"MB/s", "MiB/s"},  {"GB/s", "GiB/s"}}; /* version 2: KB of 1024 bytes */
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(unit, str_of(units[i].unit)))
            figures_add_value(jobs->reading, jobs->run, "io_bandwidth", units[i].full, value);
}

/* "  read: IOPS=251k, BW=982MiB/s (1029MB/s)(57.5GiB/60001msec)", "  write: io=1024.0MB, bw=400000KB/s, iops=100000,
 * runt=  2620msec" */
static bool take_direction(struct jobs *jobs, struct str line)
{
    static const char *const modes[] = {"read", "write", "trim"};
    struct str rest = line, behind;
    double value = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++) {
        rest = line;
        if (!take_text(&rest, str_of(modes[i])) || !take_text(&rest, STR(":")))
            continue;
        if (!number_behind(line, "IOPS=", &value, &behind) && !number_behind(line, "iops=", &value, &behind))
            return false;
        jobs->run = open_run(jobs, modes[i]);
        if (jobs->run == NULL)
            return true;
        figures_add_value(jobs->reading, jobs->run, "io_operations", "IOPS", value);
        size_t at = str_find(line, STR("BW="), 0);
        if (at == SIZE_MAX)
            at = str_find(line, STR("bw="), 0);
        if (at == SIZE_MAX)
            return true;
        behind = str_slice(line.data + at + 3, line.len - at - 3);
        if (take_number(&behind, &value))
            add_bandwidth(jobs, value, take_unit(&behind));
        return true;
    }
    return false;
}

static const char *unit_of(struct str line)
{
    return str_has(line, "(nsec)") ? "ns" : str_has(line, "(usec)") ? "us" : str_has(line, "(msec)") ? "ms" : NULL;
}

/* "    clat (usec): min=20, max=9000, avg=124.50, stdev=30.25" */
static bool take_latency(struct jobs *jobs, struct str line)
{
    static const struct {
        const char *name, *metric;
    } names[] = {{"slat", "submission_latency"}, {"clat", "completion_latency"}, {"lat", "latency"}};
    struct given_figures given = GIVEN_FIGURES;
    struct str rest = line;
    const char *unit = unit_of(line);
    for (size_t i = 0; unit != NULL && i < ARRAY_LENGTH(names); i++) {
        if (!str_starts_with(line, str_of(names[i].name)) || !number_behind(line, "avg=", &given.stated.mean, &rest))
            continue;
        (void)number_behind(line, "min=", &given.min, &rest);
        (void)number_behind(line, "max=", &given.max, &rest);
        (void)number_behind(line, "stdev=", &given.stated.stddev, &rest);
        given.unit = unit;
        figures_add(jobs->reading, jobs->run, names[i].metric, &given);
        return true;
    }
    return false;
}

/* "     |  1.00th=[   70],  5.00th=[   85], 99.90th=[  400]," */
static bool take_percentiles(struct jobs *jobs, struct str line)
{
    static const struct {
        double percentage;
        const char *metric;
    } known[] = {
        {50, "latency_p50"}, {90, "latency_p90"}, {95, "latency_p95"}, {99, "latency_p99"}, {99.9, "latency_p999"}};
    struct str rest = line, before;
    double percentage = 0, value = 0;
    if (!take_text(&rest, STR("|")))
        return false;
    while (take_number(&rest, &percentage) && take_text(&rest, STR("th=[")) && take_short(&rest, &value)) {
        for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
            if (number_equal(known[i].percentage, percentage))
                figures_add_value(jobs->reading, jobs->run, known[i].metric, jobs->percentile, value);
        if (!take_until(&rest, STR("]"), &before))
            break;
        (void)take_text(&rest, STR(","));
    }
    return true;
}

static void take_line(struct jobs *jobs, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (str_starts_with(text, STR("fio-")) && text.len < 40) {
        jobs->reading->tool_version = reader_text(&jobs->reading->arena, str_slice(text.data + 4, text.len - 4));
        return;
    }
    if (str_has(text, ": (g=") && str_has(text, " rw=") && jobs->option_count < JOBS_MAX) {
        jobs->options[jobs->option_count++] = text;
        return;
    }
    if (take_job(jobs, text, line->number) || (jobs->name.len > 0 && take_direction(jobs, text)))
        return;
    if (jobs->run != NULL && str_has(text, " percentiles (") && unit_of(text) != NULL) {
        bool first = parameters_find(&jobs->run->setup, "latency_percentiles_of") == NULL;
        jobs->percentile = first ? unit_of(text) : NULL;
        if (first)
            (void)parameters_set_word(&jobs->reading->arena, &jobs->run->setup, "latency_percentiles_of",
                                      text.data[0] == 'c'   ? "completion"
                                      : text.data[0] == 's' ? "submission"
                                                            : "total");
        return;
    }
    if (jobs->run != NULL && jobs->percentile != NULL && take_percentiles(jobs, text))
        return;
    if (jobs->run != NULL && take_latency(jobs, text))
        return;
    noise_mark(jobs->reading, line);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct jobs jobs = {.input = input, .reading = lines_reading(&format_fio_text, input)};
    if (jobs.reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        take_line(&jobs, &line);
    return lines_finish(jobs.reading, 0, input->text.len, "no job of fio read or wrote anything", into, err);
}

const struct format format_fio_text = {
    .name = "fio-text",
    .tool = "fio",
    .summary = "what fio prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
