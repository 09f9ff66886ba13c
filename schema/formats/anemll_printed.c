/* What ANEMLL-Bench prints: the block of one model, the blocks of two models
 * run alone and at once, and rows of its report's table as people paste them
 * (model, backend, ms, GB/s, TFLOPS when there is a column, MB; tabs between).
 * None of them names the machine. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/anemll_document.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/printed.h"
#include "schema/formats/reader.h"

#define MEGABYTE 1e6
#define CELLS_MAX 8

static void note_machine(struct reading *reading, bool backend)
{
    if (reading->run_count == 0)
        return;
    reading_add_problem(reading, "device", 0, 0, "the text names no chip: --set chip=NAME states it");
    if (!backend)
        reading_add_problem(reading, "", 0, 0, "the text names no backend: --set backend=ANE states it");
}

/* ---------------------------------------------------------------- printed blocks */

enum block { BLOCK_NONE, BLOCK_SINGLE, BLOCK_ALONE, BLOCK_PARALLEL, BLOCK_ANALYSIS };

struct blocks {
    struct printed printed;
    enum block block;
    struct anemll_result single; /* name NULL: none is open */
    double iterations, megabytes;
    const char *names[2]; /* of the two models, for the name of both */
    size_t name_count;
    size_t combined_at; /* 1 + index of the run of both; 0: none */
};

static int detect_stdout(const struct format_input *input)
{
    struct str text = input->text;
    if (str_has(text, "FINAL BENCHMARK RESULTS for ") || str_has(text, "=== Dual Model Benchmark"))
        return 80;
    return str_has(text, "Individual Performance:") && str_has(text, "Parallel Performance:") && str_has(text, " GB/s")
               ? 80
               : 0;
}

static void close_single(struct blocks *blocks)
{
    struct reading *reading = blocks->printed.reading;
    if (blocks->single.name != NULL && anemll_has_figure(&blocks->single))
        (void)anemll_add_run(reading, &blocks->single);
    else if (blocks->single.name != NULL)
        reading_add_problem(reading, "", blocks->printed.number, 0, "the block of %.80s has no figure",
                            blocks->single.name);
    blocks->single = anemll_no_result();
}

/* "FINAL BENCHMARK RESULTS for NAME on BACKEND:" */
static bool open_single(struct blocks *blocks, struct str line)
{
    struct str rest;
    if (!printed_value(line, "FINAL BENCHMARK RESULTS for ", &rest))
        return false;
    if (rest.len > 0 && rest.data[rest.len - 1] == ':')
        rest.len--;
    size_t on = SIZE_MAX;
    for (size_t at = str_find(rest, STR(" on "), 0); at != SIZE_MAX; at = str_find(rest, STR(" on "), at + 1))
        on = at;
    if (on == SIZE_MAX || on == 0)
        return false;
    close_single(blocks);
    struct arena *arena = &blocks->printed.reading->arena;
    blocks->block = BLOCK_SINGLE;
    blocks->single.name = reader_text(arena, str_slice(rest.data, on));
    blocks->single.backend = reader_text(arena, str_slice(rest.data + on + 4, rest.len - on - 4));
    blocks->single.model_bytes = round(blocks->megabytes * MEGABYTE);
    blocks->single.n =
        blocks->iterations >= 1 && blocks->iterations < 1e9 ? (int64_t)blocks->iterations : COUNT_UNKNOWN;
    blocks->iterations = blocks->megabytes = MISSING;
    return true;
}

static bool take_single(struct blocks *blocks, struct str line)
{
    struct str rest = line;
    double iterations = 0;
    if (printed_word(&rest, "Completed ") && printed_number(&rest, &iterations) &&
        printed_word(&rest, "iterations in")) {
        blocks->iterations = iterations;
        return true;
    }
    if (printed_figure(line, "Model weights size:", "MB", &blocks->megabytes) ||
        printed_figure(line, "Total model size:", "MB", &blocks->megabytes))
        return true;
    if (blocks->single.name == NULL)
        return false;
    struct anemll_result *single = &blocks->single;
    return printed_figure(line, "- Inference time:", "ms", &single->time_ms) ||
           printed_figure(line, "- TFLOPs:", "", &single->tflops) ||
           printed_figure(line, "- Throughput:", "GB/s", &single->bandwidth);
}

static const char *name_of_both(struct blocks *blocks)
{
    struct arena *arena = &blocks->printed.reading->arena;
    return blocks->name_count == 2 ? arena_printf(arena, "Combined (%s + %s)", blocks->names[0], blocks->names[1])
                                   : "Combined (two models)";
}

/* "- NAME: 19.35 ms, 54.25 GB/s" */
static bool take_pair(struct blocks *blocks, struct str line)
{
    struct anemll_result result = anemll_no_result();
    struct arena *arena = &blocks->printed.reading->arena;
    if (!printed_word(&line, "- "))
        return false;
    size_t colon = SIZE_MAX;
    for (size_t at = str_find(line, STR(": "), 0); at != SIZE_MAX; at = str_find(line, STR(": "), at + 1))
        colon = at;
    if (colon == SIZE_MAX || colon == 0)
        return false;
    struct str name = str_slice(line.data, colon), rest = str_slice(line.data + colon + 1, line.len - colon - 1);
    if (!printed_number(&rest, &result.time_ms) || !printed_word(&rest, "ms,") ||
        !printed_number(&rest, &result.bandwidth) || !printed_word(&rest, "GB/s"))
        return false;
    result.time_not_finite = !isfinite(result.time_ms);
    result.bandwidth_not_finite = !isfinite(result.bandwidth);
    const char *shown = reader_text(arena, name);
    bool both = blocks->block == BLOCK_PARALLEL && str_equal(name, STR("Combined"));
    if (shown == NULL)
        return false;
    if (both)
        result.name = name_of_both(blocks);
    else
        result.name = blocks->block == BLOCK_PARALLEL ? arena_printf(arena, "%s (Parallel Run)", shown) : shown;
    if (blocks->block == BLOCK_ALONE && blocks->name_count < ARRAY_LENGTH(blocks->names))
        blocks->names[blocks->name_count++] = shown;
    if (result.name != NULL && anemll_add_run(blocks->printed.reading, &result) != NULL && both)
        blocks->combined_at = blocks->printed.reading->run_count;
    return true;
}

static bool take_analysis(struct blocks *blocks, struct str line)
{
    struct reading *reading = blocks->printed.reading;
    double value = 0;
    bool factor = printed_figure(line, "- Bandwidth Utilization Factor:", "x", &value);
    bool time = !factor && printed_figure(line, "- Total Parallel Execution Time:", "seconds", &value);
    if (!factor && !time) /* these follow from the figures above */
        return printed_figure(line, "- Combined Throughput:", "GB/s", &value) ||
               printed_figure(line, "- Sum of Individual Throughputs:", "GB/s", &value) ||
               printed_figure(line, "- Efficiency:", "%", &value);
    if (blocks->combined_at > 0)
        anemll_add_figure(reading, &reading->runs[blocks->combined_at - 1],
                          factor ? "bandwidth_utilization" : "duration", factor ? "ratio" : "s", value);
    return true;
}

static bool take_heading(struct blocks *blocks, struct str line)
{
    static const struct {
        const char *heading;
        enum block block;
    } headings[] = {
        {"=== Dual Model Benchmark", BLOCK_NONE},
        {"Individual Performance:", BLOCK_ALONE},
        {"Parallel Performance:", BLOCK_PARALLEL},
        {"Combined Analysis:", BLOCK_ANALYSIS},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(headings); i++) {
        if (!str_starts_with(line, str_of(headings[i].heading)))
            continue;
        close_single(blocks);
        blocks->block = headings[i].block;
        if (headings[i].block == BLOCK_ALONE)
            blocks->name_count = blocks->combined_at = 0;
        return true;
    }
    return false;
}

static bool take_line(struct blocks *blocks, struct str line)
{
    if (take_heading(blocks, line) || open_single(blocks, line) || take_single(blocks, line))
        return true;
    if (blocks->block == BLOCK_ALONE || blocks->block == BLOCK_PARALLEL)
        return take_pair(blocks, line);
    return blocks->block == BLOCK_ANALYSIS && take_analysis(blocks, line);
}

static int read_stdout(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct blocks blocks = {.single = anemll_no_result(), .iterations = MISSING, .megabytes = MISSING};
    struct printed *printed = &blocks.printed;
    int result = printed_open(printed, &format_anemll_bench_stdout, input, into, err);
    while (result == 0 && printed_next(printed))
        if (take_line(&blocks, markdown_unquote(printed->line)))
            printed_keep(printed);
    if (result < 0)
        return result;
    close_single(&blocks);
    if (printed->reading->run_count == 0)
        reading_add_problem(printed->reading, "", 0, 0, "the output holds no result: nothing was measured");
    const struct run *first = printed->reading->run_count > 0 ? &printed->reading->runs[0] : NULL;
    note_machine(printed->reading, first != NULL && first->workload.backend != NULL);
    return printed_finish(printed, err);
}

/* ---------------------------------------------------------------- rows of the report's table */

/* Cells between tabs, or of a Markdown row. */
static size_t split_row(struct str line, struct str cells[CELLS_MAX])
{
    size_t count = 0;
    struct markdown_row row;
    struct str field;
    if (markdown_read_row(line, &row)) {
        for (; count < row.count && count < CELLS_MAX; count++)
            cells[count] = row.cells[count];
        return count;
    }
    while (count < CELLS_MAX && str_next_field(&line, '\t', &field))
        cells[count++] = str_trim(field);
    return count;
}

static bool is_header(const struct str *cells, size_t count)
{
    return count >= 5 && str_equal(cells[0], STR("Model")) && str_equal(cells[1], STR("Backend")) &&
           str_equal(cells[2], STR("Inference Time (ms)"));
}

/* "N/A" and "-" stand for nothing. */
static bool take_cell(struct str cell, double *target)
{
    *target = MISSING;
    return number_parse_loose(cell, target) || str_equal(cell, STR("N/A")) || str_equal(cell, STR("-")) ||
           str_equal_ignore_case(cell, STR("None"));
}

static bool take_row(const struct str *cells, size_t count, struct anemll_result *result, double *ret_megabytes)
{
    static const char *const backends[] = {"CPU", "GPU", "ANE", "ALL"};
    bool known = false;
    for (size_t i = 0; i < ARRAY_LENGTH(backends); i++)
        known = known || (count > 1 && str_equal(cells[1], str_of(backends[i])));
    if (!known || cells[0].len == 0 || (count != 5 && count != 6))
        return false;
    return take_cell(cells[2], &result->time_ms) && take_cell(cells[3], &result->bandwidth) &&
           (count == 5 || take_cell(cells[4], &result->tflops)) && take_cell(cells[count - 1], ret_megabytes) &&
           anemll_has_figure(result);
}

static int detect_rows(const struct format_input *input)
{
    struct str rest = input->text, line, cells[CELLS_MAX];
    while (str_next_line(&rest, &line)) {
        struct anemll_result result = anemll_no_result();
        double megabytes = 0;
        size_t count = split_row(markdown_unquote(line), cells);
        if (is_header(cells, count))
            return 70;
        if (take_row(cells, count, &result, &megabytes) && megabytes > 0)
            return 60;
    }
    return 0;
}

static int read_rows(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct printed printed;
    int code = printed_open(&printed, &format_anemll_bench_rows, input, into, err);
    while (code == 0 && printed_next(&printed)) {
        struct anemll_result result = anemll_no_result();
        struct str cells[CELLS_MAX] = {0};
        double megabytes = MISSING;
        size_t count = split_row(markdown_unquote(printed.line), cells);
        bool row = take_row(cells, count, &result, &megabytes);
        if (row) {
            result.name = reader_text(&printed.reading->arena, cells[0]);
            result.backend = reader_text(&printed.reading->arena, cells[1]);
            result.model_bytes = round(megabytes * MEGABYTE);
            row = result.name != NULL && anemll_add_run(printed.reading, &result) != NULL;
        }
        if (row || is_header(cells, count))
            printed_keep(&printed);
    }
    if (code < 0)
        return code;
    if (printed.reading->run_count == 0)
        reading_add_problem(printed.reading, "", 0, 0, "the table has no row that can be read");
    note_machine(printed.reading, true);
    return printed_finish(&printed, err);
}

const struct format format_anemll_bench_stdout = {
    .name = "anemll-bench-stdout",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "what ANEMLL-Bench prints for one model or for two",
    .version = 1,
    .detect = detect_stdout,
    .read = read_stdout,
};

const struct format format_anemll_bench_rows = {
    .name = "anemll-bench-tsv",
    .tool = ANEMLL_BENCH_TOOL,
    .summary = "rows pasted from the table of an ANEMLL-Bench report",
    .version = 1,
    .detect = detect_rows,
    .read = read_rows,
};
