/* Catch2's console reporter: below "benchmark name … samples iterations estimated" three lines for each benchmark, the
 * first with its name (which wraps), then mean and deviation with their bounds, each figure with its unit. Catch2
 * divides by n for the deviation (detail/catch_stats.cpp, standard_deviation). */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define NAME_BYTES 400

struct catch2 {
    const struct format_input *input;
    struct reading *reading;
    char name[NAME_BYTES];
    struct str section; /* the test case */
    double samples, iterations;
    double mean;
    char unit[16];
    int figures;            /* lines of figures seen below the name: 0 to 2 */
    bool table;             /* below a header */
    bool counted;           /* the line with the samples was seen */
    bool headed;            /* the last line of a table's header was the one before */
    bool ruled;             /* the line before was a rule */
    bool placed;            /* a test case was named: below the next rule stands its file */
    int first;              /* line of the name, 0 = none yet */
    struct used_lines used; /* by names that no figures followed are none */
};

static bool is_header(struct str line)
{
    return str_starts_with(line, STR("benchmark name")) && str_find(line, STR("samples"), 0) != SIZE_MAX &&
           str_find(line, STR("iterations"), 0) != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    if (str_find(input->text, STR("benchmark name"), 0) == SIZE_MAX)
        return 0;
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        if (is_header(str_trim(line.text)))
            return 88;
    return 0;
}

static bool is_rule(struct str line)
{
    size_t same = 0;
    while (same < line.len && line.data[same] == line.data[0])
        same++;
    return line.len >= 20 && same == line.len && strchr("-=~.", line.data[0]) != NULL;
}

/* "344 ns        341 ns        349 ns" and nothing else. */
static bool take_three(struct str line, double *ret_first, char unit[16])
{
    struct str word;
    double value = 0;
    for (int i = 0; i < 3; i++) {
        if (!take_figure(&line, &value, &word))
            return false;
        if (i == 0) {
            *ret_first = value;
            text_of(unit, 16, word);
        }
    }
    return str_trim(line).len == 0;
}

static struct str last_word(struct str *text)
{
    struct str all = str_trim(*text);
    size_t at = all.len;
    while (at > 0 && all.data[at - 1] != ' ' && all.data[at - 1] != '\t')
        at--;
    *text = str_slice(all.data, at);
    return str_slice(all.data + at, all.len - at);
}

/* "<name>  100  208  7.1968 ms": the name may be empty when it stood above. */
static bool take_counts(struct catch2 *catch2, struct str line)
{
    struct str rest = line, unit = last_word(&rest), estimate = last_word(&rest), iterations = last_word(&rest),
               samples = last_word(&rest);
    double value = 0;
    struct str digits = unit;
    if (take_number(&digits, &value) || !whole_number(estimate, &value) ||
        !whole_number(iterations, &catch2->iterations) || !whole_number(samples, &catch2->samples))
        return false;
    struct str name = str_trim(rest);
    size_t used = strlen(catch2->name);
    if (name.len > 0 && used + 2 < sizeof catch2->name) {
        if (used > 0)
            catch2->name[used++] = ' ';
        text_of(catch2->name + used, sizeof catch2->name - used, name);
    }
    catch2->counted = true;
    catch2->figures = 0;
    return true;
}

static void add_run(struct catch2 *catch2, double deviation, const char *unit)
{
    struct reading *reading = catch2->reading;
    struct run *run = reading_add_run(reading);
    struct given_figures given = GIVEN_FIGURES, other = GIVEN_FIGURES;
    if (run == NULL)
        return;
    run->workload.task = benchmark_name(reading, catch2->input, str_of(catch2->name));
    if (catch2->section.len > 0)
        run->workload.category = benchmark_name(reading, catch2->input, catch2->section);
    parameters_set_number(&reading->arena, &run->setup, "iterations", catch2->iterations);
    given.unit = catch2->unit;
    given.stated.mean = catch2->mean;
    given.stated.n = catch2->samples >= 1 && catch2->samples < 1e9 ? (int64_t)catch2->samples : COUNT_UNKNOWN;
    given.stddev_kind = STDDEV_POPULATION;
    /* The deviation has a unit of its own. */
    struct measurement *measurement = figures_add(reading, run, "time", &given);
    struct run scratch = {0};
    other.unit = unit;
    other.stated.mean = deviation;
    const struct measurement *converted = figures_add(reading, &scratch, "time", &other);
    if (measurement == NULL || converted == NULL || catch2->samples < 2)
        return;
    measurement->stddev = converted->mean;
    measurement->stddev_kind = STDDEV_POPULATION;
}

static void next_benchmark(struct catch2 *catch2)
{
    catch2->first = 0;
    catch2->name[0] = '\0';
    catch2->counted = false;
    catch2->figures = 0;
}

static void take_table_line(struct catch2 *catch2, const struct line *line, struct str text)
{
    double first = 0;
    char unit[16];
    if (noise_was_here(line))
        return;
    if (catch2->counted && take_three(text, &first, unit)) {
        if (catch2->figures++ == 0) {
            catch2->mean = first;
            memcpy(catch2->unit, unit, sizeof unit);
            return;
        }
        add_run(catch2, first, unit);
        used_lines_add(&catch2->used, catch2->first, line->number);
        next_benchmark(catch2);
        return;
    }
    if (str_starts_with(text, STR("mean ")) || str_starts_with(text, STR("std dev "))) {
        used_lines_add(&catch2->used, line->number, line->number);
        return;
    }
    if (str_find(text, STR("benchmark failed"), 0) != SIZE_MAX) {
        reading_add_problem(catch2->reading, catch2->name, line->number, 0, "the benchmark failed");
        next_benchmark(catch2);
        return;
    }
    if (catch2->counted)
        next_benchmark(catch2); /* it broke off */
    if (catch2->first == 0)
        catch2->first = line->number;
    if (take_counts(catch2, text))
        return;
    size_t used = strlen(catch2->name);
    if (used + 2 < sizeof catch2->name && used > 0)
        catch2->name[used++] = ' ';
    text_of(catch2->name + used, sizeof catch2->name - used, text);
}

static void take_version(struct catch2 *catch2, struct str line)
{
    struct str rest = line, name, version;
    if (take_until(&rest, STR(" is a Catch"), &name) && take_until(&rest, STR("v"), &version) &&
        take_until(&rest, STR(" "), &version))
        catch2->reading->tool_version = reader_text(&catch2->reading->arena, version);
}

static void take_line(struct catch2 *catch2, const struct line *line)
{
    struct str text = str_trim(line->text);
    bool ruled = catch2->ruled;
    catch2->ruled = is_rule(text);
    if (text.len == 0)
        return;
    if (is_header(text)) {
        catch2->table = true;
        catch2->headed = false;
        next_benchmark(catch2);
    } else if (catch2->ruled) {
        /* The rule right below the header stays in the table; one behind a benchmark ends it. */
        catch2->table = catch2->table && catch2->headed;
        catch2->headed = false;
    } else if (catch2->table && str_find(text, STR("low std dev"), 0) != SIZE_MAX) {
        catch2->headed = true; /* the end of the header */
    } else if (catch2->table) {
        take_table_line(catch2, line, text);
        return;
    } else if (str_find(text, STR(" is a Catch"), 0) != SIZE_MAX) {
        take_version(catch2, text);
    } else if (ruled && !catch2->placed && !str_starts_with(text, STR("test cases:")) &&
               !str_starts_with(text, STR("[")) && !reader_path_is_private(text)) {
        catch2->section = text;
        catch2->placed = true;
    } else if (!str_starts_with(text, STR("assertions:"))) {
        catch2->placed = catch2->placed && !ruled;
        return;
    }
    used_lines_add(&catch2->used, line->number, line->number);
}

static int read_catch2(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct catch2 catch2 = {.input = input, .reading = lines_reading(&format_catch2_text, input)};
    if (catch2.reading == NULL)
        return mem_error(err);
    catch2.used = used_lines(catch2.reading, input);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        take_line(&catch2, &line);
    used_lines_mark_others(&catch2.used, catch2.reading, input);
    return lines_finish(catch2.reading, 0, input->text.len, "no benchmark was finished", into, err);
}

const struct format format_catch2_text = {
    .name = "catch2-text",
    .tool = "Catch2",
    .summary = "Catch2's console output with benchmarks",
    .version = 1,
    .detect = detect,
    .read = read_catch2,
};
