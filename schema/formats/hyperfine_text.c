/* What hyperfine prints: a block a command, with mean, spread of a sample and range of its times, in the unit that it
 * takes for each block. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/command_line.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define MEAN "Time (mean \xC2\xB1 \xCF\x83):"
#define SINGLE "Time (abs \xE2\x89\xA1):"
#define RANGE "Range (min \xE2\x80\xA6 max):"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "Benchmark ") && (str_has(input->text, MEAN) || str_has(input->text, SINGLE)) ? 90 : 0;
}

struct blocks {
    const struct format_input *input;
    struct reading *reading;
    struct run *run; /* of the open block */
    struct given_figures time;
    double user, system; /* seconds */
};

/* "102.3 ms", "1.024 s" in seconds; takes it off the front. */
static bool take_seconds(struct str *rest, double *ret)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"s", 1}, {"ms", 1e-3}, {"\xC2\xB5s", 1e-6}, {"\xCE\xBCs", 1e-6}, {"us", 1e-6}, {"min", 60}};
    struct str unit;
    if (!take_figure(rest, ret, &unit))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(unit, str_of(units[i].unit))) {
            *ret *= units[i].factor;
            return true;
        }
    return false;
}

static int close_block(struct blocks *blocks, struct err *err)
{
    struct run *run = blocks->run;
    if (run == NULL || isnan(blocks->time.stated.mean))
        return 0;
    blocks->run = NULL;
    blocks->time.unit = "s";
    blocks->time.stddev_kind = STDDEV_SAMPLE;
    struct given_figures times[] = {GIVEN_FIGURES, GIVEN_FIGURES};
    times[0].stated.mean = blocks->user;
    times[1].stated.mean = blocks->system;
    if (figures_add(blocks->reading, run, "duration", &blocks->time) == NULL)
        return mem_error(err);
    for (size_t i = 0; i < 2; i++) {
        times[i].unit = "s";
        times[i].counted = true;
        if (!isnan(times[i].stated.mean) &&
            figures_add(blocks->reading, run, i == 0 ? "user_time" : "system_time", &times[i]) == NULL)
            return mem_error(err);
    }
    return 0;
}

/* "Benchmark 1: COMMAND", before 1.12 "Benchmark #1: COMMAND" */
static int open_block(struct blocks *blocks, struct str line, bool *ret_opened, struct err *err)
{
    struct str rest = line;
    double number = 0;
    *ret_opened = false;
    if (!take_text(&rest, STR("Benchmark ")))
        return 0;
    (void)take_text(&rest, STR("#"));
    if (!take_number(&rest, &number) || !take_text(&rest, STR(":")))
        return 0;
    struct str command = str_trim(rest);
    int code = close_block(blocks, err);
    if (code < 0)
        return code;
    *ret_opened = true;
    blocks->run = reading_add_run(blocks->reading);
    if (blocks->run == NULL)
        return mem_error(err);
    blocks->time = GIVEN_FIGURES;
    blocks->user = blocks->system = MISSING;
    char *text = arena_strndup(&blocks->reading->arena, command.data, command.len);
    if (text == NULL)
        return mem_error(err);
    blocks->run->workload.task = command_name(blocks->reading, text);
    command_mark_text(blocks->reading, command, (size_t)(command.data - blocks->input->text.data));
    return 0;
}

/* "102.3 ms ±   0.5 ms    [User: 1.0 ms, System: 1.2 ms]". A line that breaks off tells nothing. */
static bool take_mean(struct blocks *blocks, struct str rest, bool single)
{
    struct given_figures time = blocks->time;
    struct str before;
    if (!take_seconds(&rest, &time.stated.mean))
        return false;
    if (single)
        time.stated.n = 1;
    else if (!take_text(&rest, STR("\xC2\xB1")) || !take_seconds(&rest, &time.stated.stddev))
        return false;
    blocks->time = time;
    if (take_until(&rest, STR("[User:"), &before) && take_seconds(&rest, &blocks->user) &&
        take_text(&rest, STR(", System:")))
        (void)take_seconds(&rest, &blocks->system);
    return true;
}

/* "101.2 ms … 104.5 ms    28 runs" */
static bool take_range(struct blocks *blocks, struct str rest)
{
    struct given_figures time = blocks->time;
    double runs = 0;
    if (!take_seconds(&rest, &time.min) || !take_text(&rest, STR("\xE2\x80\xA6")) || !take_seconds(&rest, &time.max) ||
        !take_number(&rest, &runs) || runs < 1 || runs > 1e12)
        return false;
    time.stated.n = (int64_t)runs;
    blocks->time = time;
    return true;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct blocks *blocks = context;
    struct str text = str_trim(line->text), rest = text;
    bool opened = false;
    int code = open_block(blocks, text, &opened, err);
    if (code < 0 || opened)
        return code;
    if (blocks->run != NULL && take_text(&rest, STR(MEAN)) && take_mean(blocks, rest, false))
        return 0;
    if (blocks->run != NULL && take_text(&rest, STR(SINGLE)) && take_mean(blocks, rest, true))
        return 0;
    if (blocks->run != NULL && take_text(&rest, STR(RANGE)) && take_range(blocks, rest))
        return 0;
    if (blocks->run != NULL && str_has(text, "Ignoring non-zero exit code")) {
        flags_add(&blocks->reading->arena, &blocks->run->flags, "failed");
        reading_add_problem(blocks->reading, "", line->number, 0, "the command failed in some of its runs");
        return 0;
    }
    noise_mark(blocks->reading, line);
    return 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct blocks blocks = {.input = input, .reading = lines_reading(&format_hyperfine_text, input)};
    if (blocks.reading == NULL)
        return mem_error(err);
    int code = lines_each(input->text, take_line, &blocks, err);
    if (code == 0)
        code = close_block(&blocks, err);
    return lines_end(blocks.reading, input, code, "no command was timed", into, err);
}

const struct format format_hyperfine_text = {
    .name = "hyperfine-text",
    .tool = "hyperfine",
    .summary = "what hyperfine prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
