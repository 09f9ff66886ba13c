/* STREAM (McCalpin), C and Fortran, versions 5.x: a table of four kernels. The rate is the best of all repetitions but
 * the first, MB are 10^6 bytes (stream.c, "1.0E-06 * bytes"); the times leave the first repetition out, too. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static bool is_header(struct str line)
{
    return str_starts_with(str_trim(line), STR("Function")) && str_find(line, STR("Rate"), 0) != SIZE_MAX &&
           str_find(line, STR("MB/s"), 0) != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    size_t at = str_find(input->text, STR("Function"), 0);
    for (; at != SIZE_MAX; at = str_find(input->text, STR("Function"), at + 1)) {
        struct str rest = str_slice(input->text.data + at, input->text.len - at), line;
        if (str_next_line(&rest, &line) && is_header(line))
            return str_find(input->text, STR("STREAM"), 0) != SIZE_MAX ? 95 : 85;
    }
    return str_find(input->text, STR("STREAM version"), 0) != SIZE_MAX ? 40 : 0;
}

struct stream {
    const struct format_input *input;
    struct reading *reading;
    bool in_table;
    size_t first_run; /* of the table that was read last */
    double array_size, element_bytes, threads, repetitions;
};

static void begin_run(struct stream *stream)
{
    stream->in_table = false;
    stream->first_run = stream->reading->run_count;
    stream->array_size = stream->element_bytes = stream->threads = stream->repetitions = MISSING;
}

static void set_parameters(const struct stream *stream, struct run *run)
{
    const struct {
        const char *name;
        double value;
    } parameters[] = {
        {"array_size", stream->array_size},
        {"element_bytes", stream->element_bytes},
        {"threads", stream->threads},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(parameters); i++)
        if (!isnan(parameters[i].value))
            parameters_set_number(&stream->reading->arena, &run->workload.parameters, parameters[i].name,
                                  parameters[i].value);
}

static bool read_kernel(struct stream *stream, struct str text)
{
    static const char *const kernels[] = {"copy", "scale", "add", "triad"};
    struct str name;
    double rate = 0;
    struct given_figures time = GIVEN_FIGURES;
    time.unit = "s";
    size_t kernel = 0;
    if (!take_until(&text, STR(":"), &name))
        return false;
    while (kernel < ARRAY_LENGTH(kernels) && !str_equal_ignore_case(str_trim(name), str_of(kernels[kernel])))
        kernel++;
    if (kernel == ARRAY_LENGTH(kernels) || !take_number(&text, &rate))
        return false;
    struct run *run = reading_add_run(stream->reading);
    if (run == NULL)
        return false;
    run->workload.task = kernels[kernel];
    set_parameters(stream, run);
    figures_add_value(stream->reading, run, "memory_bandwidth", "MB/s", rate);
    (void)parameters_set_word(&stream->reading->arena, &run->setup, "bandwidth_is", "best");
    if (!take_number(&text, &time.stated.mean) || !take_number(&text, &time.min) || !take_number(&text, &time.max))
        return true;
    if (stream->repetitions >= 2 && stream->repetitions < 1e9)
        time.stated.n = (int64_t)stream->repetitions - 1;
    figures_add(stream->reading, run, "time", &time);
    return true;
}

static void mark_invalid(struct stream *stream, const struct line *line)
{
    for (size_t i = stream->first_run; i < stream->reading->run_count; i++)
        flags_add(&stream->reading->arena, &stream->reading->runs[i].flags, "invalid");
    reading_add_problem(stream->reading, "", line->number, 0, "STREAM says that its results are wrong: %.*s",
                        (int)(line->text.len < 120 ? line->text.len : 120), line->text.data);
}

/* A number behind a text at the beginning of a line. */
static bool read_number(struct str line, const char *before, double *into)
{
    double value = 0;
    if (!take_text(&line, str_of(before)) || !take_number(&line, &value))
        return false;
    *into = value;
    return true;
}

static bool read_version(struct stream *stream, struct str line)
{
    struct str version, rest = line;
    if (!take_text(&rest, STR("STREAM version")))
        return false;
    begin_run(stream);
    if (!take_until(&rest, STR("Revision:"), &version))
        version = rest;
    else if (!take_until(&rest, STR("$"), &version))
        version = rest;
    if (stream->reading->tool_version == NULL)
        stream->reading->tool_version = reader_text(&stream->reading->arena, version);
    return true;
}

static bool read_setting(struct stream *stream, struct str text)
{
    const struct {
        const char *before;
        double *into;
    } settings[] = {
        {"Array size =", &stream->array_size},
        {"This system uses", &stream->element_bytes},
        {"Number of Threads requested =", &stream->threads},
        {"Number of Threads counted =", &stream->threads},
        {"Number of Threads =", &stream->threads},
        {"Each kernel will be executed", &stream->repetitions},
        {"Each test is run", &stream->repetitions},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
        if (read_number(text, settings[i].before, settings[i].into))
            return true;
    return false;
}

/* What STREAM prints besides figures; whatever else stands there is somebody's. */
static bool is_known(struct str text)
{
    static const char *const beginnings[] = {"---",
                                             "The *best* time",
                                             "will be used to compute",
                                             "Memory per array",
                                             "Total memory",
                                             "Your clock granularity",
                                             "Each test below",
                                             "(= ",
                                             "Increase the size",
                                             "you are not getting",
                                             "WARNING -- The above",
                                             "For best results",
                                             "precision of your",
                                             "Solution Validates",
                                             "Printing one line"};
    text = str_trim(text);
    for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++)
        if (str_starts_with(text, str_of(beginnings[i])))
            return true;
    return text.len == 0;
}

static void read_line(struct stream *stream, const struct line *line)
{
    struct str text = line->text;
    bool used = read_version(stream, text) || read_setting(stream, text) || is_known(text);
    if (is_header(text)) {
        stream->in_table = true;
        stream->first_run = stream->reading->run_count;
        used = true;
    } else if (stream->in_table && str_trim(text).len > 0) {
        /* Somebody's line between the rows ends no table: it will not be there when the original is read again. */
        stream->in_table = !used;
        used = used || read_kernel(stream, text);
    }
    if (str_find(text, STR("Failed Validation"), 0) != SIZE_MAX) {
        mark_invalid(stream, line);
        used = true;
    }
    if (!used)
        noise_mark(stream->reading, line);
}

static int read_stream(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct stream stream = {.input = input, .reading = lines_reading(&format_stream_text, input)};
    if (stream.reading == NULL)
        return mem_error(err);
    begin_run(&stream);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        read_line(&stream, &line);
    return lines_finish(stream.reading, 0, input->text.len, "the output ends before the table of rates", into, err);
}

const struct format format_stream_text = {
    .name = "stream-text",
    .tool = "STREAM",
    .summary = "what STREAM prints: copy, scale, add, triad",
    .version = 1,
    .detect = detect,
    .read = read_stream,
};
