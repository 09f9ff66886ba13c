/* cargo bench: lines of libtest ("test a ... bench: 1,234 ns/iter (+/- 56)", where +/- is the largest less the smallest
 * time, not a deviation) and of Criterion.rs ("a  time: [low estimate high]", bounds of a 95 % interval). Criterion
 * prints libtest's lines too when it is asked to. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

/* ---------------------------------------------------------------- detection */

static bool is_time_line(struct str line)
{
    size_t at = str_find(line, STR("time:"), 0);
    if (at == SIZE_MAX)
        return false;
    struct str rest = str_slice(line.data + at, line.len - at), unit;
    double value = 0;
    return take_text(&rest, STR("time:")) && take_text(&rest, STR("[")) && take_figure(&rest, &value, &unit) &&
           !str_equal(unit, STR("%")) && take_figure(&rest, &value, &unit);
}

static bool is_bench_line(struct str line)
{
    return str_starts_with(line, STR("test ")) && str_find(line, STR("bench:"), 0) != SIZE_MAX &&
           str_find(line, STR("/iter"), 0) != SIZE_MAX;
}

struct seen {
    bool times, benches, libtest, criterion;
};

static struct seen look(struct str text)
{
    struct seen seen = {0};
    struct lines lines = lines_of(text);
    struct line line;
    while (lines_next(&lines, &line)) {
        struct str shown = str_trim(line.text);
        seen.times = seen.times || is_time_line(shown);
        seen.benches = seen.benches || is_bench_line(shown);
        seen.libtest = seen.libtest || (str_starts_with(shown, STR("test result: ")) &&
                                        str_find(shown, STR(" measured"), 0) != SIZE_MAX);
        seen.criterion = seen.criterion || str_starts_with(shown, STR("Benchmarking ")) ||
                         str_starts_with(shown, STR("Gnuplot not found")) ||
                         str_find(shown, STR("Criterion"), 0) != SIZE_MAX ||
                         str_starts_with(shown, STR("Warning: Unable to complete "));
    }
    return seen;
}

static int detect_criterion(const struct format_input *input)
{
    if (str_find(input->text, STR("time:"), 0) == SIZE_MAX && str_find(input->text, STR("bench:"), 0) == SIZE_MAX)
        return 0;
    struct seen seen = look(input->text);
    if (seen.times)
        return seen.criterion || seen.libtest ? 88 : 75;
    return seen.benches && seen.criterion ? 86 : 0;
}

static int detect_cargo(const struct format_input *input)
{
    if (str_find(input->text, STR("bench:"), 0) == SIZE_MAX && str_find(input->text, STR(" measured"), 0) == SIZE_MAX)
        return 0;
    struct seen seen = look(input->text);
    if (seen.benches)
        return 84;
    return seen.libtest ? 40 : 0;
}

/* ---------------------------------------------------------------- lines */

struct rust_bench {
    const struct format_input *input;
    struct reading *reading;
    struct run *run;       /* the last one, whose throughput may follow */
    struct str name;       /* on a line of its own above its time */
    struct line name_line; /* where */
    double samples;        /* "Collecting 100 samples" */
    size_t failed;
};

static struct run *new_run(struct rust_bench *bench, struct str name)
{
    bench->run = reading_add_run(bench->reading);
    if (bench->run != NULL)
        bench->run->workload.task = benchmark_name(bench->reading, bench->input, name);
    return bench->run;
}

/* "= 123 MB/s" behind libtest's line, decimal. */
static void add_rate(struct rust_bench *bench, struct str rest)
{
    double rate = 0;
    struct str unit;
    char name[32];
    if (take_text(&rest, STR("=")) && take_figure(&rest, &rate, &unit))
        figures_add_value(bench->reading, bench->run, "data_throughput", text_of(name, sizeof name, unit), rate);
}

static bool take_bench(struct rust_bench *bench, struct str line)
{
    struct str rest = line, name, unit;
    double value = 0, spread = 0;
    char word[32];
    if (!is_bench_line(line) || !take_text(&rest, STR("test ")) || !take_until(&rest, STR("... bench:"), &name))
        return false;
    if (!take_figure(&rest, &value, &unit) || !str_ends_with(unit, STR("/iter")))
        return false;
    if (new_run(bench, name) == NULL)
        return true;
    text_of(word, sizeof word, str_slice(unit.data, unit.len - strlen("/iter")));
    figures_add_value(bench->reading, bench->run, "time", word, value);
    if (take_text(&rest, STR("(+/-")) && take_number(&rest, &spread) && take_text(&rest, STR(")")))
        parameters_set_number(&bench->reading->arena, &bench->run->setup, "spread", spread);
    add_rate(bench, rest);
    return true;
}

/* "[low u estimate u high u]" */
static bool take_interval(struct str *rest, double values[3], char unit[32])
{
    struct str units[3];
    if (!take_text(rest, STR("[")))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!take_figure(rest, &values[i], &units[i]))
            return false;
    text_of(unit, 32, units[1]);
    return !str_equal(units[1], STR("%")) && take_text(rest, STR("]"));
}

static bool take_time(struct rust_bench *bench, struct str line)
{
    size_t at = str_find(line, STR("time:"), 0);
    struct str next = {0};
    /* A name may hold "time:" itself: the last one counts. */
    for (size_t more = at; more != SIZE_MAX; more = str_find(line, STR("time:"), more + 1))
        at = more;
    if (at == SIZE_MAX)
        return false;
    double values[3];
    char unit[32];
    next = str_slice(line.data + at + strlen("time:"), line.len - at - strlen("time:"));
    if (!take_interval(&next, values, unit))
        return false;
    struct str name = str_trim(str_slice(line.data, at));
    if (name.len == 0)
        name = bench->name;
    bench->name = (struct str){0};
    if (new_run(bench, name) == NULL)
        return true;
    struct given_figures given = GIVEN_FIGURES;
    given.unit = unit;
    given.stated.mean = values[1];
    given.stated.n = bench->samples >= 1 && bench->samples < 1e9 ? (int64_t)bench->samples : COUNT_UNKNOWN;
    figures_add(bench->reading, bench->run, "time", &given);
    if (name.len == 0)
        reading_add_problem(bench->reading, "", 0, 0, "a time without the name of its benchmark");
    bench->samples = 0;
    return true;
}

/* "thrpt: [1.2 GiB/s 1.3 GiB/s 1.4 GiB/s]", or Melem/s: of bytes or of elements. */
static bool take_throughput(struct rust_bench *bench, struct str line)
{
    static const struct {
        const char *unit;
        double factor;
    } elements[] = {{"elem/s", 1}, {"Kelem/s", 1e3}, {"Melem/s", 1e6}, {"Gelem/s", 1e9}};
    double values[3];
    char unit[32];
    if (!take_text(&line, STR("thrpt:")) || !take_interval(&line, values, unit))
        return false;
    if (bench->run == NULL)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(elements); i++)
        if (strcmp(unit, elements[i].unit) == 0) {
            figures_add_value(bench->reading, bench->run, "throughput", "/s", values[1] * elements[i].factor);
            return true;
        }
    figures_add_value(bench->reading, bench->run, "data_throughput", unit, values[1]);
    return true;
}

/* Lines that say something about a measurement or are the tools' own; nothing of them is private. */
static bool is_known(struct str line)
{
    static const char *const beginnings[] = {"test result: ",
                                             "change:",
                                             "Performance has ",
                                             "No change in performance",
                                             "Change within noise",
                                             "Found ",
                                             "Gnuplot not found",
                                             "failures:",
                                             "time:",
                                             "thrpt:"};
    for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++)
        if (str_starts_with(line, str_of(beginnings[i])))
            return true;
    bool counted = str_starts_with(line, STR("running ")) && str_find(line, STR(" test"), 0) != SIZE_MAX;
    return counted || str_find(line, STR(" high mild"), 0) != SIZE_MAX || str_find(line, STR(" severe"), 0) != SIZE_MAX;
}

static bool take_note(struct rust_bench *bench, const struct line *line, struct str text)
{
    struct str rest = text, name;
    if (str_starts_with(text, STR("test ")) && str_ends_with(text, STR("... FAILED"))) {
        bench->failed++;
        reading_add_problem(bench->reading, "", line->number, 0, "a benchmark failed: %.*s",
                            (int)(text.len < 200 ? text.len : 200), text.data);
        return true;
    }
    if (str_starts_with(text, STR("test ")) && str_ends_with(text, STR("... ignored")))
        return true;
    if (!take_text(&rest, STR("Benchmarking ")))
        return is_known(text);
    if (!take_until(&rest, STR(": Collecting "), &name))
        return !reader_path_is_private(str_trim(rest));
    (void)take_number(&rest, &bench->samples);
    (void)benchmark_name(bench->reading, bench->input, name); /* marks its folders; the number stays */
    return true;
}

static void take_line(struct rust_bench *bench, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (take_bench(bench, text) || take_time(bench, text) || take_throughput(bench, text)) {
        bench->name = (struct str){0};
        return;
    }
    if (bench->name.len > 0)
        noise_mark(bench->reading, &bench->name_line); /* what stood there was no name */
    bench->name = (struct str){0};
    if (text.len == 0 || take_note(bench, line, text))
        return;
    bench->name = text;
    bench->name_line = *line;
}

static int read_lines(const struct format *format, const struct format_input *input, struct reading_list *into,
                      struct err *err)
{
    struct rust_bench bench = {.input = input, .reading = lines_reading(format, input)};
    if (bench.reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        take_line(&bench, &line);
    if (bench.name.len > 0)
        noise_mark(bench.reading, &bench.name_line);
    return lines_finish(bench.reading, 0, input->text.len,
                        bench.failed > 0 ? "every benchmark failed" : "no benchmark was run: tests were only listed",
                        into, err);
}

static int read_cargo(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_lines(&format_cargo_bench_text, input, into, err);
}

static int read_criterion(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_lines(&format_criterion_text, input, into, err);
}

const struct format format_cargo_bench_text = {
    .name = "cargo-bench-text",
    .tool = "cargo bench",
    .summary = "cargo bench with libtest's benchmarks, printed",
    .version = 1,
    .detect = detect_cargo,
    .read = read_cargo,
};

const struct format format_criterion_text = {
    .name = "criterion-text",
    .tool = "Criterion.rs",
    .summary = "cargo bench with Criterion.rs, printed",
    .version = 1,
    .detect = detect_criterion,
    .read = read_criterion,
};
