/* What `asv run` prints: a line for each benchmark with value and unit, "failed", or "ok" and a table of the
 * parameters' values. ± is half of the quartiles' distance, no standard deviation. Memory is in powers of 1000
 * (util.py, human_file_size). */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/asv.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define DOT "\xc2\xb7"
#define PLUS_MINUS "\xc2\xb1"

const struct asv_kind *asv_kind_of(struct str name)
{
    static const struct asv_kind kinds[] = {
        {"time_", "Time", "time", "s"},
        {"timeraw_", "Timeraw", "time", "s"},
        {"mem_", "Mem", "memory_used", "B"},
        {"peakmem_", "PeakMem", "peak_memory", "B"},
    };
    static const struct asv_kind tracked = {"track_", "Track", "value", ""};
    size_t begin = name.len;
    size_t open = str_find(name, STR("("), 0);
    if (open != SIZE_MAX)
        begin = open;
    while (begin > 0 && name.data[begin - 1] != '.')
        begin--;
    struct str last = str_slice(name.data + begin, name.len - begin);
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        struct str class_prefix = str_of(kinds[i].class_prefix);
        bool class = str_starts_with(last, class_prefix) && last.len > class_prefix.len &&
                     ((last.data[class_prefix.len] >= 'A' && last.data[class_prefix.len] <= 'Z') ||
                      last.data[class_prefix.len] == '_');
        if (class || str_starts_with(last, str_of(kinds[i].prefix)))
            return &kinds[i];
    }
    return &tracked;
}

/* "[ 30.00%] ··· " of a line; what stands behind it. */
static bool take_progress(struct str *rest, size_t *ret_dots)
{
    struct str inside;
    double share = 0;
    if (!take_text(rest, STR("[")) || !take_until(rest, STR("]"), &inside))
        return false;
    if (!take_number(&inside, &share) || !take_text(&inside, STR("%")))
        return false;
    for (*ret_dots = 0; take_text(rest, STR(DOT));)
        ++*ret_dots;
    return *ret_dots > 0;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    size_t dots = 0;
    while (lines_next(&lines, &line)) {
        struct str rest = line.text;
        if (str_starts_with(rest, STR("[")) && take_progress(&rest, &dots))
            return 88;
    }
    return 0;
}

struct console {
    const struct format_input *input;
    struct reading *reading;
    const char *environment, *commit;
    const char *pending; /* benchmark whose table of parameters follows */
    struct str pending_name;
    char column_names[512]; /* of the table */
    int rules;              /* ===== lines of the table so far */
};

/* The value at the end of a line: where it begins, behind at least two blanks. */
static struct str last_cell(struct str text, struct str *ret_before)
{
    text = str_trim(text);
    size_t at = text.len;
    while (at > 0 && text.data[at - 1] != ' ')
        at--;
    *ret_before = str_trim(str_slice(text.data, at));
    return str_slice(text.data + at, text.len - at);
}

static double size_factor(struct str unit)
{
    static const char letters[] = "kMGTPE";
    double factor = 1;
    const char *at = unit.len > 0 ? strchr(letters, unit.data[0]) : NULL;
    if (at == NULL || unit.data[0] == '\0')
        return 1;
    for (const char *letter = letters; letter <= at; letter++)
        factor *= 1000;
    return factor;
}

/* What is measured follows from the name as it stays when folders are removed from it. */
static bool add_value(struct console *console, struct run *run, struct str cell)
{
    const struct asv_kind *kind = asv_kind_of(str_of(run->workload.task));
    struct given_figures given = GIVEN_FIGURES;
    double value = 0, spread = 0;
    char unit[32];
    if (!take_number(&cell, &value))
        return false;
    if (take_text(&cell, STR(PLUS_MINUS)) && !take_number(&cell, &spread))
        return false;
    struct str given_unit = take_unit(&cell);
    if (str_trim(cell).len > 0)
        return false;
    text_of(unit, sizeof unit, given_unit);
    given.unit = arena_strdup(&console->reading->arena, unit);
    given.counted = kind->unit[0] != 's';
    given.stated.mean = value;
    if (kind->unit[0] == 'B') {
        given.unit = kind->unit;
        given.stated.mean = value * size_factor(given_unit);
    }
    if (given.unit == NULL || (kind->unit[0] == 's' && *unit == '\0'))
        return false;
    return figures_add(console->reading, run, kind->metric, &given) != NULL;
}

static struct run *new_run(struct console *console, struct str name)
{
    struct run *run = reading_add_run(console->reading);
    if (run == NULL)
        return NULL;
    struct arena *arena = &console->reading->arena;
    run->workload.task = benchmark_name(console->reading, console->input, name);
    if (console->environment != NULL)
        (void)parameters_set_word(arena, &run->setup, "environment", console->environment);
    if (console->commit != NULL)
        (void)parameters_set_word(arena, &run->setup, "commit", console->commit);
    return run;
}

static void read_result(struct console *console, const struct line *line, struct str rest)
{
    struct str name, cell = last_cell(rest, &name);
    console->pending = NULL;
    if (name.len == 0 || str_find(name, STR(" "), 0) != SIZE_MAX)
        return;
    if (str_equal(cell, STR("ok"))) {
        console->pending = reader_text(&console->reading->arena, name);
        console->pending_name = name;
        console->rules = 0;
        console->column_names[0] = '\0';
        return;
    }
    if (str_equal(cell, STR("failed")) || str_equal(cell, STR("n/a")) || str_equal(cell, STR("skipped"))) {
        reading_add_problem(console->reading, "", line->number, 0, "%.*s %s", (int)name.len, name.data,
                            str_equal(cell, STR("failed")) ? "failed" : "was skipped");
        return;
    }
    struct run *run = new_run(console, name);
    if (run != NULL && !add_value(console, run, cell)) {
        console->reading->run_count--;
        reading_add_problem(console->reading, "", line->number, 0, "%.60s is no value that asv prints",
                            reader_text(&console->reading->arena, cell));
    }
}

/* A row of the table that follows "ok": values of the parameters in all cells but the last. */
static void read_row(struct console *console, const struct line *line, struct str row)
{
    struct str before, cell = last_cell(row, &before);
    struct arena *arena = &console->reading->arena;
    if (str_equal(cell, STR("failed")) || str_equal(cell, STR("n/a"))) {
        reading_add_problem(console->reading, "", line->number, 0, "%s with %.*s failed", console->pending,
                            (int)before.len, before.data);
        return;
    }
    struct run *run = new_run(console, console->pending_name);
    double number = 0;
    const char *word = reader_text(arena, before);
    if (run == NULL)
        return;
    if (whole_number(before, &number))
        parameters_set_number(arena, &run->workload.parameters, "param_1", number);
    else if (word != NULL)
        (void)parameters_set_word(arena, &run->workload.parameters, "param_1", word);
    if (word == NULL || !add_value(console, run, cell)) {
        console->reading->run_count--;
        reading_add_problem(console->reading, "", line->number, 0, "a row of %s was not understood", console->pending);
    }
}

static bool is_rule(struct str text, char of)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != of && text.data[i] != ' ')
            return false;
    return text.len > 2;
}

/* Tables of one parameter; those of more have columns for the values of the last one. */
static void read_table_line(struct console *console, const struct line *line)
{
    struct str rest = line->text, before;
    size_t dots = 0;
    struct str with_progress = rest;
    if (take_progress(&with_progress, &dots))
        rest = with_progress;
    while (take_text(&rest, STR(DOT)))
        continue;
    rest = str_trim(rest);
    if (is_rule(rest, '=')) {
        console->rules++;
        if (console->rules == 1 && str_find(str_trim(rest), STR(" "), 0) == SIZE_MAX)
            console->pending = NULL;
        size_t columns = 1;
        for (size_t i = 1; i < rest.len; i++)
            columns += rest.data[i] == '=' && rest.data[i - 1] == ' ';
        if (columns > 2) {
            reading_add_problem(console->reading, "", line->number, 0,
                                "the table of %s has more than one parameter and was not read", console->pending);
            console->pending = NULL;
        }
        if (console->rules > 2 || (console->rules == 2 && console->column_names[0] == '-'))
            console->pending = NULL;
        return;
    }
    if (is_rule(rest, '-')) {
        console->column_names[0] = '-'; /* the header ends here, and the next ===== ends the table */
        return;
    }
    bool in_rows = console->rules == 2 || (console->rules == 1 && console->column_names[0] == '-');
    if (rest.len > 0 && in_rows) {
        (void)last_cell(rest, &before);
        read_row(console, line, rest);
    }
}

/* What of a line that asv does not print is somebody's. */
static void read_line(struct console *console, const struct line *line)
{
    if (noise_was_here(line))
        return;
    struct arena *arena = &console->reading->arena;
    struct str rest = line->text, word;
    size_t dots = 0;
    bool progress = take_progress(&rest, &dots);
    if (console->pending != NULL && (!progress || dots > 3 || is_rule(str_trim(rest), '='))) {
        if (console->rules == 0 && !progress && !is_rule(str_trim(rest), '='))
            noise_mark(console->reading, line);
        else
            read_table_line(console, line);
        return;
    }
    if (!progress) {
        noise_mark(console->reading, line);
        return;
    }
    if (take_text(&rest, STR("For project commit"))) {
        (void)take_text(&rest, STR(" "));
        rest = str_trim(rest);
        console->commit = take_until(&rest, STR(" "), &word) ? reader_text(arena, word) : NULL;
    } else if (take_text(&rest, STR("Benchmarking"))) {
        console->environment = reader_text(arena, rest);
    } else if (dots >= 2 && !take_text(&rest, STR("Running")) && !take_text(&rest, STR("Building")) &&
               !take_text(&rest, STR("Setting up")) && !take_text(&rest, STR("Installing"))) {
        read_result(console, line, rest);
    }
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct console console = {.input = input, .reading = lines_reading(&format_asv_console, input)};
    if (console.reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        read_line(&console, &line);
    return lines_finish(console.reading, 0, input->text.len, "no benchmark of asv has a value", into, err);
}

const struct format format_asv_console = {
    .name = "asv-console",
    .tool = ASV_TOOL,
    .summary = "what asv run prints",
    .version = 1,
    .detect = detect,
    .read = read_console,
};
