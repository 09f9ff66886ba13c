/* benchmark_report.html of Model Quantizer's visualize-benchmark: a summary, then tables of
 * label, original, quantised, difference, ratio, a cell a line. Rounded to two digits and without counts, so its JSON
 * says more; difference and ratio follow from the two columns before them. Model names are not escaped there. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/model_quantizer.h"
#include "schema/formats/printed.h"

#define SUMMARY_ORIGINAL "<p><strong>Original Model:</strong>"
#define SUMMARY_QUANTIZED "<p><strong>Quantized Model:</strong>"

static int detect(const struct format_input *input)
{
    return str_find(input->text, STR(SUMMARY_ORIGINAL), 0) != SIZE_MAX &&
                   str_find(input->text, STR(SUMMARY_QUANTIZED), 0) != SIZE_MAX
               ? 94
               : 0;
}

static const struct row {
    const char *label, *metric, *unit;
} rows[] = {
    {"Initial Memory", "initial_memory", "GiB"},
    {"Min Memory", "min_memory", "GiB"},
    {"Max Memory", "peak_memory", "GiB"},
    {"Avg Memory", "memory_used", "GiB"},
    {"Memory Increase", "memory_increase", "GiB"},
    {"Load Time (s)", "load_time", "s"},
    {"Prompt Tokens", "prompt_tokens", "tok"},
    {"Prompt Eval Time (s)", "tokenization_time", "s"},
    {"Prompt Tokens/Sec", "tokenization_throughput", "tok/s"},
    {"Generated Tokens", "tokens_generated", "tok"},
    {"Generation Time (s)", "generation_time", "s"},
    {"Generation Tokens/Sec", "generation_throughput", "tok/s"},
};

struct report {
    struct printed printed;
    struct str sides[2], device, date; /* of the summary box */
    struct str category;               /* of the table; empty in those of all prompts */
    struct str cells[5];
    size_t cell_count;
    size_t totals[2]; /* runs of all prompts: place in the reading, from 1 */
};

static bool between(struct str line, const char *open, const char *close, struct str *ret)
{
    struct str begin = str_of(open), end = str_of(close);
    if (!str_starts_with(line, begin) || !str_ends_with(line, end) || line.len < begin.len + end.len)
        return false;
    *ret = str_trim(str_slice(line.data + begin.len, line.len - begin.len - end.len));
    return true;
}

static bool take_summary(struct report *report, struct str line)
{
    if (between(line, "<p><strong>Device:</strong>", "</p>", &report->device) ||
        between(line, "<p><strong>Benchmark Date:</strong>", "</p>", &report->date))
        return true;
    if (!between(line, SUMMARY_ORIGINAL, "</p>", &report->sides[0]) &&
        !between(line, SUMMARY_QUANTIZED, "</p>", &report->sides[1]))
        return false;
    printed_hide_folder(&report->printed, report->sides[str_starts_with(line, STR(SUMMARY_QUANTIZED))]);
    return true;
}

static struct run *add_run(struct report *report, size_t side)
{
    static const char *const modes[] = {"original", "quantized"};
    struct reading *reading = report->printed.reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    figure_set_model(reading, run, report->sides[side]);
    run->workload.mode = modes[side];
    run->workload.task = MODEL_QUANTIZER_TASK;
    const char *device = reader_text(&reading->arena, report->device),
               *date = reader_text(&reading->arena, report->date);
    const char *backend = device != NULL ? catalog_match_backend(device) : NULL;
    run->workload.backend = backend != NULL ? backend : device;
    if (date != NULL)
        (void)reader_set_time(&reading->arena, run, date);
    return run;
}

static const char *category_of(struct arena *arena, struct str heading)
{
    char *text = arena_strndup(arena, heading.data, heading.len);
    for (char *at = text; at != NULL && *at != '\0'; at++)
        *at = *at == ' ' ? '_' : *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    return text != NULL ? reader_text(arena, str_of(text)) : NULL;
}

/* A prompt's row: its name and two rates. */
static void add_prompt(struct report *report, const double values[2])
{
    struct reading *reading = report->printed.reading;
    struct arena *arena = &reading->arena;
    for (size_t side = 0; side < 2; side++) {
        struct run *run = add_run(report, side);
        if (run == NULL)
            return;
        run->workload.category = category_of(arena, report->category);
        const char *name = reader_text(arena, report->cells[0]);
        if (name != NULL)
            parameters_set_word(arena, &run->workload.parameters, "prompt", name);
        figure_add_value(reading, run, "generation_throughput", "tok/s", values[side]);
    }
}

static void add_total(struct report *report, const double values[2])
{
    size_t i = 0;
    while (i < ARRAY_LENGTH(rows) && !str_equal(report->cells[0], str_of(rows[i].label)))
        i++;
    if (i == ARRAY_LENGTH(rows)) {
        reading_add_problem(report->printed.reading, "", report->printed.number, 0,
                            "row left out: its label is not known");
        return;
    }
    struct reading *reading = report->printed.reading;
    for (size_t side = 0; side < 2; side++) {
        if (report->totals[side] == 0)
            report->totals[side] = add_run(report, side) != NULL ? reading->run_count : 0;
        if (report->totals[side] > 0)
            figure_add_value(reading, &reading->runs[report->totals[side] - 1], rows[i].metric, rows[i].unit,
                             values[side]);
    }
}

static void end_row(struct report *report)
{
    double values[2] = {MISSING, MISSING};
    size_t count = report->cell_count;
    report->cell_count = 0;
    if (count == 0)
        return;
    bool numbers = count >= 3;
    for (size_t i = 0; numbers && i < 2; i++) {
        struct str cell = report->cells[i + 1];
        numbers = printed_number(&cell, &values[i]);
    }
    if (!numbers)
        reading_add_problem(report->printed.reading, "", report->printed.number, 0,
                            "row left out: it has no two figures");
    else if (report->category.len > 0)
        add_prompt(report, values);
    else
        add_total(report, values);
}

static bool take_line(struct report *report, struct str line)
{
    struct str text;
    if (take_summary(report, line))
        return true;
    if (between(line, "<h4>", "Prompts</h4>", &report->category))
        return true;
    if (between(line, "<h3>", "</h3>", &text)) {
        report->category = STR("");
        return true;
    }
    if (between(line, "<td>", "</td>", &text)) {
        if (report->cell_count < ARRAY_LENGTH(report->cells))
            report->cells[report->cell_count++] = text;
        return true;
    }
    if (!str_equal(line, STR("</tr>")))
        return false;
    end_row(report);
    return true;
}

static int read_html(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct report report = {0};
    int result = printed_open(&report.printed, &format_model_quantizer_html, input, into, err);
    if (result < 0)
        return result;
    while (printed_next(&report.printed))
        if (take_line(&report, report.printed.line))
            printed_keep(&report.printed);
    struct reading *reading = report.printed.reading;
    if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the report has no row that can be read");
    else
        reading_add_problem(reading, "", 0, 0,
                            "the report is rounded and names no chip: its benchmark_results JSON says more, "
                            "--set chip=NAME states the chip");
    return printed_finish(&report.printed, err);
}

const struct format format_model_quantizer_html = {
    .name = "model-quantizer-html",
    .tool = MODEL_QUANTIZER_TOOL,
    .summary = "the HTML report of Model Quantizer's visualize-benchmark",
    .version = 1,
    .detect = detect,
    .read = read_html,
};
