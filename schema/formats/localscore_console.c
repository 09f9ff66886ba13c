/* What LocalScore prints (localscore/printer.cpp and localscore.cpp of llamafile): the machine, a table whose last row
 * of a test holds the mean of its repetitions, and the score over all tests. Rows that a terminal overwrote come before
 * it in a log. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "test") != SIZE_MAX && markdown_find_cell(row, "run number") != SIZE_MAX &&
           markdown_find_cell(row, "pp t/s") != SIZE_MAX && markdown_find_cell(row, "tg t/s") != SIZE_MAX &&
           markdown_find_cell(row, "ttft") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct str rest = input->text, line;
    struct markdown_row row;
    if (!str_has(input->text, "run number"))
        return 0;
    while (str_next_line(&rest, &line))
        if (str_has(line, "run number") && markdown_read_row(line, &row) && is_header(&row))
            return 93;
    return 0;
}

struct console {
    struct text_log log;
    struct markdown_row header;    /* slices of the input; count 0 before it */
    struct str accelerator, model; /* of the box above the table */
    double gpu_gib;
    struct run *run; /* of the summary */
};

/* "NVIDIA GeForce RTX 4080 - 15.6 GiB", "Llama 3.2 1B Instruct - Q4_K - Medium": cut at the first or the last " - ". */
static bool cut(struct str text, bool last, struct str *ret_name, struct str *ret_rest)
{
    struct str separator = STR(" - ");
    size_t at = str_find(text, separator, 0);
    for (size_t next = at; last && next != SIZE_MAX; next = str_find(text, separator, next + 1))
        at = next;
    if (at == SIZE_MAX)
        return false;
    *ret_name = str_trim(str_slice(text.data, at));
    *ret_rest = str_trim(str_slice(text.data + at + separator.len, text.len - at - separator.len));
    return ret_name->len > 0;
}

static bool take_box(struct console *console, const struct markdown_row *row)
{
    struct str name, rest, unit;
    if (row->count != 1 || console->header.count > 0)
        return false;
    if (cut(row->cells[0], true, &name, &rest) && text_quantity(rest, &console->gpu_gib, &unit) &&
        str_equal(unit, STR("GiB"))) {
        console->accelerator = name;
        return true;
    }
    if (console->accelerator.len == 0 || !cut(row->cells[0], false, &name, &rest))
        return false;
    console->model = row->cells[0];
    return true;
}

static void describe(struct console *console, struct run *run)
{
    struct reading *reading = console->log.reading;
    struct str name, quantization;
    if (cut(console->model, false, &name, &quantization)) {
        char text[64];
        reader_set_model(reading, run, name);
        str_copy(text, sizeof text, quantization);
        const char *known = catalog_match_quantization(text);
        run->workload.quantization = known != NULL ? known : reader_text(&reading->arena, quantization);
    }
    run->chip_name = reader_text(&reading->arena, console->accelerator);
}

/* Figures of one row or of the summary, in the unit that stands behind the number. */
static void measure(struct console *console, struct run *run, const char *metric, const char *unit, struct str cell,
                    int64_t n)
{
    double value = 0;
    struct str given;
    if (!text_quantity(cell, &value, &given))
        return;
    char own[8];
    str_copy(own, sizeof own, given);
    struct text_figures figures = TEXT_FIGURES;
    figures.mean = value;
    figures.not_finite = !isfinite(value);
    figures.n = n;
    text_measure(console->log.reading, run, metric, unit != NULL ? unit : own, DIRECTION_LOWER, &figures);
}

static struct run *add_run(struct console *console, struct str task)
{
    struct reading *reading = console->log.reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    describe(console, run);
    run->workload.task = reader_text(&reading->arena, task);
    return run;
}

/* "pp1024+tg16" */
static void set_lengths(struct console *console, struct run *run, struct str test)
{
    double prompt = 0, generated = 0;
    if (!text_number_after(test, "pp", &prompt) || !text_number_after(test, "+tg", &generated))
        return;
    struct arena *arena = &console->log.reading->arena;
    parameters_set_number(arena, &run->workload.parameters, "n_prompt", prompt);
    parameters_set_number(arena, &run->workload.parameters, "n_gen", generated);
}

static struct str cell_of(const struct console *console, const struct markdown_row *row, const char *name)
{
    return row->cells[markdown_find_cell(&console->header, name)];
}

/* Each row of a test replaces the one before; the last repetition's holds the means of all. */
static void take_row(struct console *console, const struct markdown_row *row)
{
    struct reading *reading = console->log.reading;
    struct str test = cell_of(console, row, "test"), number = cell_of(console, row, "run number"), done, all;
    double repetition = 0, repetitions = 0;
    if (!text_split(number, '/', &done, &all) || !number_parse_loose(done, &repetition) ||
        !number_parse_loose(all, &repetitions) || repetitions < 1 || repetitions > 1e6)
        return;
    text_log_keep(&console->log);
    if (repetition < repetitions)
        return;
    struct run *last = reading->run_count > 0 ? &reading->runs[reading->run_count - 1] : NULL;
    if (last != NULL && last->workload.task != NULL && str_equal(test, str_of(last->workload.task)))
        reading->run_count--; /* the same test, a moment before its end */
    struct run *run = add_run(console, test);
    if (run == NULL)
        return;
    int64_t n = (int64_t)repetitions;
    set_lengths(console, run, test);
    measure(console, run, "prompt_throughput", "tok/s", cell_of(console, row, "pp t/s"), n);
    measure(console, run, "generation_throughput", "tok/s", cell_of(console, row, "tg t/s"), n);
    measure(console, run, "time_to_first_token", NULL, cell_of(console, row, "ttft"), n);
    if (markdown_find_cell(&console->header, "avg time") != SIZE_MAX)
        measure(console, run, "duration", NULL, cell_of(console, row, "avg time"), n);
}

/* "Token Generation: 	 103.00 tok/s": over all tests. */
static bool take_summary(struct console *console, struct str label, struct str value)
{
    static const struct {
        const char *label, *metric, *unit;
    } figures[] = {
        {"LocalScore", "score", "points"},
        {"Token Generation", "generation_throughput", "tok/s"},
        {"Prompt Processing", "prompt_throughput", "tok/s"},
        {"Time to First Token", "time_to_first_token", "ms"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        double number = 0;
        struct str unit;
        if (!str_equal(label, str_of(figures[i].label)) || !text_quantity(value, &number, &unit))
            continue;
        if (console->run == NULL)
            console->run = add_run(console, STR("localscore"));
        if (console->run != NULL)
            measure(console, console->run, figures[i].metric, figures[i].unit, value, COUNT_UNKNOWN);
        return true;
    }
    return false;
}

static bool take_machine(struct console *console, struct str label, struct str value)
{
    struct reading *reading = console->log.reading;
    struct device *device = &reading->device;
    struct str unit;
    double number = 0;
    if (str_equal(label, STR("llamafile version")))
        reading->tool_version = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("CPU")))
        device->chip = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("Kernel Type")))
        device->os_name = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("Kernel Release")))
        device->kernel = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("System Architecture")))
        device->architecture = reader_text(&reading->arena, value);
    else if (str_equal(label, STR("RAM")) && text_quantity(value, &number, &unit) && str_equal(unit, STR("GiB")))
        device->memory_bytes = number * 0x1p30;
    else
        return false;
    return true;
}

static void read_line(struct console *console)
{
    struct markdown_row row;
    struct str label, value;
    if (markdown_read_row(console->log.line, &row)) {
        if (is_header(&row))
            console->header = row;
        else if (console->header.count > 0 && row.count == console->header.count && !row.rule) {
            take_row(console, &row);
            return;
        } else if (!row.rule && !take_box(console, &row))
            return;
        text_log_keep(&console->log);
    } else if (text_split(console->log.line, ':', &label, &value) && value.len > 0 && value.len < 200) {
        if (console->header.count > 0 ? take_summary(console, label, value) : take_machine(console, label, value))
            text_log_keep(&console->log);
    }
}

/* The accelerator is the processor when no GPU was used. */
static void add_accelerator(struct console *console)
{
    struct reading *reading = console->log.reading;
    struct device *device = &reading->device;
    const char *name = reader_text(&reading->arena, console->accelerator);
    if (name == NULL || text_equal(name, device->chip))
        return;
    device->chips = arena_alloc(&reading->arena, 1, sizeof *device->chips);
    if (device->chips == NULL)
        return;
    device->chip_count = 1;
    device->chips[0] = (struct device_chip){
        .name = name, .kind = "gpu", .count = 1, .cores = COUNT_UNKNOWN, .memory_bytes = console->gpu_gib * 0x1p30};
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct console console = {.gpu_gib = MISSING};
    int result = text_log_open(&console.log, &format_localscore_console, input, into, err);
    if (result < 0)
        return result;
    while (text_log_next(&console.log))
        read_line(&console);
    add_accelerator(&console);
    return text_log_close(&console.log, "the output holds no result: no test came to its last repetition", err);
}

const struct format format_localscore_console = {
    .name = "localscore-console",
    .tool = "LocalScore",
    .summary = "what localscore prints: a row a test, then the score",
    .version = 1,
    .detect = detect,
    .read = read_console,
};
