/* What Google Benchmark prints on a console (console_reporter.cc): a table of name, time, CPU, iterations and counters;
 * with --benchmark_counters_tabular the counters have columns of their own. Figures are rounded, counters shortened
 * with SI or binary prefixes. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/google_benchmark_text.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define COLUMNS_MAX 32

struct console {
    const struct format_input *input;
    struct google_rows rows;
    struct google_context context;
    struct str columns[COLUMNS_MAX]; /* names of counters behind the iterations */
    size_t column_count;
    char unit[8]; /* of both times, when the header states it: "Time(ns)" */
    bool table;
};

static bool is_header(struct str line)
{
    return str_starts_with(line, STR("Benchmark ")) && str_find(line, STR(" Time"), 0) != SIZE_MAX &&
           str_find(line, STR(" CPU"), 0) != SIZE_MAX && str_find(line, STR(" Iterations"), 0) != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    if (str_find(input->text, STR("Iterations"), 0) == SIZE_MAX)
        return 0;
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        if (is_header(str_trim(line.text)))
            return 86;
    return 0;
}

static bool take_word(struct str *rest, struct str *ret)
{
    struct str text = str_trim(*rest);
    size_t at = 0;
    while (at < text.len && text.data[at] != ' ' && text.data[at] != '\t')
        at++;
    *ret = str_slice(text.data, at);
    *rest = str_slice(text.data + at, text.len - at);
    return at > 0;
}

static void take_header(struct console *console, struct str line)
{
    struct str rest = line, word;
    bool behind = false;
    console->table = true;
    console->column_count = 0;
    console->unit[0] = '\0';
    while (take_word(&rest, &word)) {
        if (str_starts_with(word, STR("Time(")) && str_ends_with(word, STR(")")))
            (void)text_of(console->unit, sizeof console->unit, str_slice(word.data + 5, word.len - 6));
        if (behind && console->column_count < COLUMNS_MAX && !str_equal(word, STR("UserCounters...")))
            console->columns[console->column_count++] = word;
        behind = behind || str_equal(word, STR("Iterations"));
    }
}

/* ---------------------------------------------------------------- counters */

/* "1.2Gi/s", "23.9k/s", "12.5%", "3": the number that it stands for. Bytes always count in powers of two. */
static bool take_shortened(struct str word, bool bytes, double *ret)
{
    static const char big[] = "kMGTPEZY", small[] = "munpfazy";
    double value = 0;
    if (!take_number(&word, &value))
        return false;
    const char *prefix = word.len > 0 ? memchr(big, word.data[0] == 'K' ? 'k' : word.data[0], 8) : NULL;
    const char *part = word.len > 0 ? memchr(small, word.data[0], 8) : NULL;
    bool binary = bytes || (word.len > 1 && word.data[1] == 'i') || (word.len > 0 && word.data[0] == 'K');
    if (prefix != NULL)
        value *= pow(binary ? 1024 : 1000, (double)(prefix - big + 1));
    else if (part != NULL && !str_equal(word, STR("s")))
        value *= pow(1000, -(double)(part - small + 1));
    else if (word.len > 0 && word.data[0] == '%')
        value /= 100;
    *ret = value;
    return true;
}

static void add_counter(struct console *console, struct google_row *row, struct str name, struct str word)
{
    double value = 0;
    const char *shown = reader_text(&console->rows.reading->arena, name);
    if (shown != NULL && take_shortened(word, text_equal(shown, "bytes_per_second"), &value))
        google_add_counter(&console->rows, row, shown, value);
}

/* "name=1.2k/s name=3 label"; before 1.5 "1.2GB/s 3.4M items/s label". */
static void take_counters(struct console *console, struct google_row *row, struct str rest)
{
    struct str word, label = str_trim(rest);
    for (size_t i = 0; take_word(&rest, &word); i++) {
        const char *sign = memchr(word.data, '=', word.len);
        double value = 0;
        struct str next = rest, unit = {0};
        if (i < console->column_count && take_shortened(word, false, &value)) {
            add_counter(console, row, console->columns[i], word);
        } else if (sign != NULL && sign > word.data) {
            size_t length = (size_t)(sign - word.data);
            add_counter(console, row, str_slice(word.data, length), str_slice(sign + 1, word.len - length - 1));
        } else if (str_ends_with(word, STR("B/s")) && take_shortened(word, true, &value)) {
            add_counter(console, row, STR("bytes_per_second"), word);
        } else if (take_shortened(word, false, &value) && take_word(&next, &unit) && str_equal(unit, STR("items/s"))) {
            add_counter(console, row, STR("items_per_second"), word);
            rest = next;
        } else {
            row->label = reader_text(&console->rows.reading->arena, label);
            return;
        }
        label = str_trim(rest);
    }
}

/* ---------------------------------------------------------------- rows */

/* A time and its unit; the unit of complexities (N, lgN, …) and of shares (%) makes no time. */
static bool take_time(const struct console *console, struct str *rest, double *ret, struct str *ret_unit)
{
    struct str word, behind;
    if (!take_word(rest, &word) || !take_number(&word, ret) || word.len > 0)
        return false;
    *ret_unit = str_of(console->unit);
    if (console->unit[0] != '\0')
        return true;
    behind = *rest;
    double number = 0;
    if (!take_word(&behind, ret_unit) || whole_number(*ret_unit, &number))
        return false;
    *rest = behind;
    return true;
}

struct figures {
    double real_time, cpu_time, iterations;
    struct str unit, rest;
};

static bool take_figures(const struct console *console, struct str rest, struct figures *ret)
{
    struct str unit;
    struct figures figures = {.iterations = MISSING};
    if (!take_time(console, &rest, &figures.real_time, &figures.unit) ||
        !take_time(console, &rest, &figures.cpu_time, &unit) || !str_equal(unit, figures.unit))
        return false;
    struct str behind = rest, word;
    if (take_word(&behind, &word) && whole_number(word, &figures.iterations))
        rest = behind;
    figures.rest = rest;
    *ret = figures;
    return true;
}

/* "BM_x/8  ERROR OCCURRED: 'message'" and "SKIPPED: …". */
static bool take_failure(struct console *console, const struct line *line)
{
    struct reading *reading = console->rows.reading;
    struct str text = str_trim(line->text);
    size_t error = str_find(text, STR("ERROR OCCURRED:"), 0), skipped = str_find(text, STR("SKIPPED:"), 0);
    size_t at = error != SIZE_MAX ? error : skipped;
    if (at == SIZE_MAX || at == 0)
        return false;
    struct str message = str_slice(text.data + at, text.len - at), dropped;
    (void)take_until(&message, STR(":"), &dropped);
    message = str_trim(message);
    const char *shown = reader_text(&reading->arena, message);
    const char *name = benchmark_name(reading, console->input, str_slice(text.data, at));
    reading_add_problem(reading, name == NULL ? "" : name, line->number, 0, "the benchmark %s%s%s",
                        error != SIZE_MAX ? "failed" : "was skipped", shown == NULL ? "" : ": ",
                        shown == NULL ? "" : shown);
    noise_hide(reading, console->input, message, PRIVATE_TEXT);
    return true;
}

/* The name reaches to the blank behind which the figures begin; it may hold blanks. */
static bool take_row(struct console *console, const struct line *line)
{
    struct str text = str_trim(line->text);
    struct figures figures = {0};
    size_t at = 1;
    for (; at < text.len; at++)
        if (text.data[at] == ' ' && text.data[at - 1] != ' ' &&
            take_figures(console, str_slice(text.data + at, text.len - at), &figures))
            break;
    if (at >= text.len)
        return false;
    struct reading *reading = console->rows.reading;
    struct google_row *row = google_add_row(&console->rows);
    if (row == NULL)
        return true;
    row->name = benchmark_name(reading, console->input, str_slice(text.data, at));
    row->by_name = true;
    row->iterations = figures.iterations;
    row->unit = reader_text(&reading->arena, figures.unit);
    if (!google_is_time_unit(row->unit)) { /* of complexity, or a share: no time */
        row->aggregate = "unknown";
        row->by_name = false;
        return true;
    }
    row->real_time = figures.real_time;
    row->cpu_time = figures.cpu_time;
    take_counters(console, row, figures.rest);
    return true;
}

static bool is_rule(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '-')
            return false;
    return text.len >= 10;
}

static void take_line(struct console *console, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (text.len == 0 || is_rule(text))
        return;
    if (is_header(text))
        take_header(console, text);
    else if (google_take_preamble(console->rows.reading, console->input, line, &console->context))
        return;
    else if (!console->table || (!take_failure(console, line) && !take_row(console, line)))
        noise_mark(console->rows.reading, line);
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_google_benchmark_console, input);
    if (reading == NULL)
        return mem_error(err);
    struct console console = {.input = input, .rows = {.reading = reading}};
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        take_line(&console, &line);
    int r = google_add_runs(&console.rows, err);
    if (r < 0) {
        reading_free(reading);
        return r;
    }
    google_set_context(reading, &console.context);
    return lines_finish(reading, 0, input->text.len, "the table holds no benchmark with times", into, err);
}

const struct format format_google_benchmark_console = {
    .name = "google-benchmark-console",
    .tool = "Google Benchmark",
    .summary = "Google Benchmark's console output",
    .version = 1,
    .detect = detect,
    .read = read_console,
};
