/* What JavaScript benchmarks print: the lines of benchmark.js and those of console.time.
 * benchmark.js: "name x 1,431,759 ops/sec ±0.74% (93 runs sampled)", where ± is the relative margin of error.
 * console.time: "label: 12.3ms", in Node also "1.234s" and "1:02.345 (m:ss.mmm)". */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define PLUS_MINUS "\xc2\xb1"

/* ---------------------------------------------------------------- benchmark.js */

struct sampled {
    struct str name;
    double rate, margin, runs;
};

static size_t find_last(struct str text, struct str wanted)
{
    size_t last = SIZE_MAX;
    for (size_t at = str_find(text, wanted, 0); at != SIZE_MAX; at = str_find(text, wanted, at + 1))
        last = at;
    return last;
}

static bool parse_sampled(struct str line, struct sampled *ret)
{
    size_t unit = find_last(line, STR(" ops/sec"));
    if (unit == SIZE_MAX)
        return false;
    size_t cross = find_last(str_slice(line.data, unit), STR(" x "));
    if (cross == SIZE_MAX || cross == 0)
        return false;
    ret->name = str_trim(str_slice(line.data, cross));
    struct str rest = str_slice(line.data + unit + 8, line.len - unit - 8);
    return ret->name.len > 0 && whole_number(str_slice(line.data + cross + 3, unit - cross - 3), &ret->rate) &&
           take_text(&rest, STR(PLUS_MINUS)) && take_number(&rest, &ret->margin) && take_text(&rest, STR("%")) &&
           take_text(&rest, STR("(")) && take_number(&rest, &ret->runs) && take_text(&rest, STR("run")) &&
           str_find(rest, STR("sampled)"), 0) != SIZE_MAX;
}

static int detect_benchmarkjs(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct sampled sampled;
    if (str_find(input->text, STR(" ops/sec"), 0) == SIZE_MAX)
        return 0;
    while (lines_next(&lines, &line))
        if (parse_sampled(line.text, &sampled))
            return 90;
    return 0;
}

static void add_sampled(struct reading *reading, const struct format_input *input, const struct sampled *sampled)
{
    struct run *run = reading_add_run(reading);
    struct given_figures given = GIVEN_FIGURES;
    if (run == NULL)
        return;
    run->workload.task = benchmark_name(reading, input, sampled->name);
    parameters_set_number(&reading->arena, &run->setup, "relative_margin_of_error", sampled->margin);
    given.unit = "ops/sec";
    given.stated.mean = sampled->rate;
    if (sampled->runs >= 1 && sampled->runs < 9e15)
        given.stated.n = (int64_t)sampled->runs;
    figures_add(reading, run, "operation_throughput", &given);
}

static int read_benchmarkjs(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_benchmarkjs_text, input);
    if (reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line)) {
        struct sampled sampled;
        if (parse_sampled(line.text, &sampled))
            add_sampled(reading, input, &sampled);
        else
            noise_mark(reading, &line);
    }
    return lines_finish(reading, 0, input->text.len, "no line of benchmark.js was found", into, err);
}

/* ---------------------------------------------------------------- console.time */

struct timed {
    struct str name;
    double value;
    const char *unit;
    bool ended; /* " - timer ended", which Firefox adds: no other log line has it */
};

/* "1:02.345 (m:ss.mmm)", "1:02:03.456 (h:mm:ss.mmm)": the label ends before the first of its parts. */
static bool parse_clock(struct str text, struct timed *ret)
{
    size_t form = str_find(text, STR(" (m:ss.mmm)"), 0);
    if (form == SIZE_MAX)
        form = str_find(text, STR(" (h:mm:ss.mmm)"), 0);
    if (form == SIZE_MAX)
        return false;
    size_t label = find_last(str_slice(text.data, form), STR(": "));
    if (label == SIZE_MAX)
        return false;
    struct str rest = str_slice(text.data + label + 2, form - label - 2), part;
    double total = 0, value = 0;
    while (str_next_field(&rest, ':', &part)) {
        if (!whole_number(part, &value))
            return false;
        total = total * 60 + value;
    }
    ret->name = str_slice(text.data, label);
    ret->value = total;
    ret->unit = "s";
    return true;
}

static bool parse_timed(struct str line, struct timed *ret)
{
    static const struct {
        const char *word, *unit;
    } units[] = {{"ms", "ms"}, {"s", "s"}};
    struct str text = str_trim(line);
    ret->ended = str_ends_with(text, STR("- timer ended"));
    if (ret->ended)
        text = str_trim(str_slice(text.data, text.len - strlen("- timer ended")));
    if (parse_clock(text, ret))
        return str_trim(ret->name).len > 0;
    size_t label = find_last(text, STR(": "));
    if (label == SIZE_MAX || label == 0)
        return false;
    struct str rest = str_slice(text.data + label + 2, text.len - label - 2);
    ret->name = str_slice(text.data, label);
    if (!take_number(&rest, &ret->value))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(str_trim(rest), str_of(units[i].word))) {
            ret->unit = units[i].unit;
            return str_trim(ret->name).len > 0;
        }
    return false;
}

/* Without Firefox's words the lines are so plain that all of them must be of the form. */
static int detect_console_time(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    size_t timed = 0, others = 0, ended = 0;
    while (lines_next(&lines, &line)) {
        struct timed one;
        if (str_trim(line.text).len == 0)
            continue;
        if (parse_timed(line.text, &one)) {
            timed++;
            ended += one.ended;
        } else {
            others++;
        }
    }
    if (ended > 0)
        return 85;
    return timed > 0 && others == 0 ? 30 : 0;
}

static void add_timed(struct reading *reading, const struct format_input *input, const struct timed *timed)
{
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    run->workload.task = benchmark_name(reading, input, timed->name);
    figures_add_value(reading, run, "time", timed->unit, timed->value);
}

static int read_console_time(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_js_console_time, input);
    if (reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line)) {
        struct timed timed;
        if (parse_timed(line.text, &timed))
            add_timed(reading, input, &timed);
        else
            noise_mark(reading, &line);
    }
    return lines_finish(reading, 0, input->text.len, "no line of console.time was found", into, err);
}

const struct format format_benchmarkjs_text = {
    .name = "benchmarkjs-text",
    .tool = "benchmark.js",
    .summary = "the lines of benchmark.js, operations a second",
    .version = 1,
    .detect = detect_benchmarkjs,
    .read = read_benchmarkjs,
};

const struct format format_js_console_time = {
    .name = "js-console-time",
    .tool = "console.time",
    .summary = "what console.time and console.timeEnd print",
    .version = 1,
    .detect = detect_console_time,
    .read = read_console_time,
};
