/* Benchmark of Ruby's standard library: "label: user system total ( real)", all in seconds. A rehearsal (bmbm) comes
 * first and warms up; it is not read. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static bool is_header(struct str line)
{
    return take_text(&line, STR("user")) && take_text(&line, STR("system")) && take_text(&line, STR("total")) &&
           take_text(&line, STR("real")) && str_trim(line).len == 0;
}

struct times {
    struct str label;
    double user, system, total, real;
};

/* From the end: "( 0.952039)" and three numbers before it; the label may hold anything. */
static bool parse_times(struct str line, struct times *ret)
{
    line = str_trim(line);
    if (line.len == 0 || line.data[line.len - 1] != ')')
        return false;
    size_t open = line.len;
    while (open > 0 && line.data[open - 1] != '(')
        open--;
    if (open == 0 || !whole_number(str_slice(line.data + open, line.len - open - 1), &ret->real))
        return false;
    double *const into[] = {&ret->total, &ret->system, &ret->user};
    struct str rest = str_trim(str_slice(line.data, open - 1));
    for (size_t i = 0; i < ARRAY_LENGTH(into); i++) {
        size_t at = rest.len;
        while (at > 0 && rest.data[at - 1] != ' ')
            at--;
        if (!whole_number(str_slice(rest.data + at, rest.len - at), into[i]))
            return false;
        rest = str_trim(str_slice(rest.data, at));
    }
    ret->label = rest;
    return true;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct times times;
    bool header = false;
    if (str_find(input->text, STR("system"), 0) == SIZE_MAX)
        return 0;
    while (lines_next(&lines, &line)) {
        if (header && parse_times(line.text, &times))
            return 88;
        header = header || is_header(line.text);
    }
    return 0;
}

static void add_times(struct reading *reading, const struct format_input *input, const struct times *times)
{
    const struct {
        const char *metric;
        double value;
    } figures[] = {
        {"real_time", times->real},
        {"user_time", times->user},
        {"system_time", times->system},
        {"cpu_time", times->total},
    };
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    struct str label = times->label;
    if (str_ends_with(label, STR(":")))
        label.len--;
    run->workload.task = benchmark_name(reading, input, label);
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        struct given_figures given = GIVEN_FIGURES;
        given.unit = "s";
        given.stated.mean = figures[i].value;
        given.counted = i > 0; /* shorter than a tick of the clock */
        figures_add(reading, run, figures[i].metric, &given);
    }
}

static int read_ruby(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_ruby_benchmark_text, input);
    if (reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    bool rehearsal = false, table = false;
    while (lines_next(&lines, &line)) {
        struct times times;
        if (str_starts_with(line.text, STR("Rehearsal"))) {
            rehearsal = true;
        } else if (is_header(line.text)) {
            rehearsal = false;
            table = true;
        } else if (parse_times(line.text, &times) && (table || rehearsal)) {
            if (!rehearsal)
                add_times(reading, input, &times);
        } else {
            noise_mark(reading, &line);
        }
    }
    return lines_finish(reading, 0, input->text.len, "no row of times was found", into, err);
}

const struct format format_ruby_benchmark_text = {
    .name = "ruby-benchmark-text",
    .tool = "Ruby Benchmark",
    .summary = "what Benchmark of Ruby prints: user, system, total, real",
    .version = 1,
    .detect = detect,
    .read = read_ruby,
};
