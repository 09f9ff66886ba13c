/* BabelStream, STREAM on GPUs and in every programming model, as text or as CSV (main.cpp). The rate is the best of all
 * repetitions but the first; the times leave the first one out, too. MB are 10^6 bytes, MiB with --mibibytes. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/text_log.h"

#define FIELDS 8

static const char *const kernels[] = {"copy", "mul", "add", "triad", "dot", "nstream"};

/* "Function    MBytes/sec  Min (sec)   Max         Average" */
static bool is_header(struct str line)
{
    return str_starts_with(line, STR("Function")) && str_has(line, "Bytes/sec") && str_has(line, "Min (sec)");
}

static bool is_csv_header(struct str line)
{
    return str_starts_with(line, STR("function,num_times,n_elements,sizeof,max_m")) && str_has(line, "avg_runtime");
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    if (!str_has(input->text, "Bytes/sec") && !str_has(input->text, "bytes_per_sec"))
        return 0;
    while (lines_next(&lines, &line))
        if (is_header(str_trim(line.text)) || is_csv_header(str_trim(line.text)))
            return 94;
    return 0;
}

struct babel {
    struct text_log log;
    enum { NO_TABLE, TEXT_TABLE, CSV_TABLE } table;
    const char *unit, *chip, *backend, *precision;
    double repetitions, array_size; /* MB, to one digit: the text has no more */
};

static const char *kernel_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kernels); i++)
        if (str_equal_ignore_case(name, str_of(kernels[i])))
            return kernels[i];
    return NULL;
}

static bool add_kernel(struct babel *babel, const char *kernel, double rate, const double *times)
{
    struct reading *reading = babel->log.reading;
    struct arena *arena = &reading->arena;
    struct given_figures time = GIVEN_FIGURES;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return false;
    run->workload.task = kernel;
    run->workload.backend = babel->backend;
    run->chip_name = babel->chip;
    if (babel->array_size > 0)
        parameters_set_number(arena, &run->workload.parameters, "array_size_mb", babel->array_size);
    if (babel->precision != NULL)
        (void)parameters_set_word(arena, &run->workload.parameters, "precision", babel->precision);
    (void)parameters_set_word(arena, &run->setup, "bandwidth_is", "best");
    time.unit = "s";
    time.min = times[0];
    time.max = times[1];
    time.stated.mean = times[2];
    if (babel->repetitions >= 2 && babel->repetitions < 1e9)
        time.stated.n = (int64_t)babel->repetitions - 1;
    return figures_add_value(reading, run, "memory_bandwidth", babel->unit, rate) != NULL &&
           figures_add(reading, run, "time", &time) != NULL;
}

static bool take_text_row(struct babel *babel, struct str line)
{
    double figures[4];
    size_t at = 0;
    while (at < line.len && line.data[at] != ' ')
        at++;
    const char *kernel = kernel_of(str_slice(line.data, at));
    struct str rest = str_slice(line.data + at, line.len - at);
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++)
        if (!take_number(&rest, &figures[i]))
            return false;
    return kernel != NULL && str_trim(rest).len == 0 && add_kernel(babel, kernel, figures[0], figures + 1);
}

static double tenths(double megabytes)
{
    return round(megabytes * 10) / 10;
}

static bool take_csv_row(struct babel *babel, struct str line)
{
    struct str cells[FIELDS], cell;
    double numbers[FIELDS];
    size_t count = 0;
    while (str_next_field(&line, ',', &cell)) {
        if (count == FIELDS || (count > 0 && !whole_number(cell, &numbers[count])))
            return false;
        cells[count++] = str_trim(cell);
    }
    const char *kernel = count == FIELDS ? kernel_of(cells[0]) : NULL;
    if (kernel == NULL)
        return false;
    babel->repetitions = numbers[1];
    babel->array_size = tenths(numbers[2] * numbers[3] / 1e6);
    return add_kernel(babel, kernel, numbers[4], numbers + 5);
}

/* "Array size: 268.4 MB (=0.3 GB)". */
static bool take_size(struct babel *babel, struct str value)
{
    double number = 0;
    if (!take_number(&value, &number))
        return false;
    babel->array_size = tenths(take_text(&value, STR("MiB")) ? number * 1.048576 : number);
    return true;
}

static bool take_setting(struct babel *babel, struct str line)
{
    struct arena *arena = &babel->log.reading->arena;
    struct str device, rest = line;
    if (str_starts_with(line, STR("Using ")) && take_until(&rest, STR(" device "), &device)) {
        babel->chip = reader_text(arena, rest);
        return true;
    }
    if (take_text(&rest, STR("Version:"))) {
        babel->log.reading->tool_version = reader_text(arena, rest);
        return true;
    }
    if (take_text(&rest, STR("Implementation:"))) {
        babel->backend = reader_text(arena, rest);
        return true;
    }
    if (take_text(&rest, STR("Precision:"))) {
        babel->precision = reader_text(arena, rest);
        return true;
    }
    if (take_text(&rest, STR("Running kernels")))
        return take_number(&rest, &babel->repetitions);
    if (take_text(&rest, STR("Array size:")))
        return take_size(babel, rest);
    return str_equal(line, STR("BabelStream"));
}

static void mark_invalid(struct babel *babel)
{
    struct reading *reading = babel->log.reading;
    for (size_t i = 0; i < reading->run_count; i++)
        flags_add(&reading->arena, &reading->runs[i].flags, "invalid");
    reading_add_problem(reading, "", babel->log.number, 0, "BabelStream says that its results are wrong");
}

static bool take_line(struct babel *babel, bool *ret_failed)
{
    struct str line = babel->log.line;
    if (is_header(line) || is_csv_header(line)) {
        babel->table = is_header(line) ? TEXT_TABLE : CSV_TABLE;
        babel->unit = str_has(line, "MiB") || str_has(line, "mibytes") ? "MiB/s" : "MB/s";
        return true;
    }
    if (str_starts_with(line, STR("Validation failed on "))) {
        *ret_failed = true;
        return true;
    }
    if (babel->table == TEXT_TABLE && take_text_row(babel, line))
        return true;
    return (babel->table == CSV_TABLE && take_csv_row(babel, line)) || take_setting(babel, line);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct babel babel = {.table = NO_TABLE, .unit = "MB/s", .repetitions = MISSING, .array_size = MISSING};
    bool failed = false;
    int result = text_log_open(&babel.log, &format_babelstream_text, input, into, err);
    if (result < 0)
        return result;
    while (text_log_next(&babel.log))
        if (take_line(&babel, &failed))
            text_log_keep(&babel.log);
    if (failed)
        mark_invalid(&babel);
    if (babel.chip == NULL)
        reader_tell_no_chip(babel.log.reading);
    return text_log_close(&babel.log, "the output ends before the table of rates", err);
}

const struct format format_babelstream_text = {
    .name = "babelstream-text",
    .tool = "BabelStream",
    .summary = "what BabelStream prints, as text or with --csv",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
