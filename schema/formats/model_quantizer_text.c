/* The summary that Model Quantizer prints: sections of rows
 * label, original, quantised, difference, ratio. Difference and ratio follow from
 * the two before them. Its GB are 2^30 bytes. It names neither model; lines long
 * before it do. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/figure.h"
#include "schema/formats/model_quantizer.h"
#include "schema/formats/printed.h"

#define CATEGORIES_MAX 32

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return printed_has_line(text, "MEMORY USAGE (GB):") && str_find(text, STR("Quantized"), 0) != SIZE_MAX &&
                   str_find(text, STR("Original"), 0) != SIZE_MAX
               ? 90
               : 0;
}

static const struct row {
    const char *label, *metric, *unit;
} rows[] = {
    {"initial_memory", "initial_memory", "GiB"},
    {"min_memory", "min_memory", "GiB"},
    {"max_memory", "peak_memory", "GiB"},
    {"avg_memory", "memory_used", "GiB"},
    {"memory_increase", "memory_increase", "GiB"},
    {"Load time (s)", "load_time", "s"},
    {"Generation time (s)", "generation_time", "s"},
    {"Tokens per second", "generation_throughput", "tok/s"},
    {"Prompt tokens/sec", "tokenization_throughput", "tok/s"},
    {"Prompt tokens", "prompt_tokens", "tok"},
    {"Prompt eval time (s)", "tokenization_time", "s"},
    {"Generated tokens", "tokens_generated", "tok"},
    {"Generation tokens/sec", "generation_throughput", "tok/s"},
};

struct cell {
    const struct row *row;
    double values[2];
};
/* A section's figures: of all prompts (no category) or of one category. */
struct group {
    struct str category;
    struct cell cells[ARRAY_LENGTH(rows)];
    size_t count;
};
struct summary_text {
    struct printed printed;
    struct group groups[CATEGORIES_MAX + 1]; /* [0]: no category */
    size_t count, current;
    struct str models[2]; /* as the lines before the summary name them */
};

static bool take_model(struct summary_text *summary, struct str line)
{
    static const char *const labels[] = {"BENCHMARKING ORIGINAL MODEL:", "BENCHMARKING QUANTIZED MODEL:"};
    for (size_t i = 0; i < ARRAY_LENGTH(labels); i++)
        if (printed_value(line, labels[i], &summary->models[i])) {
            printed_hide_folder(&summary->printed, summary->models[i]);
            return true;
        }
    return false;
}

static bool take_row(struct summary_text *summary, struct str line)
{
    struct group *group = &summary->groups[summary->current];
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct str rest = line;
        struct cell cell = {.row = &rows[i]};
        double ignored = 0;
        if (!printed_word(&rest, rows[i].label) || !printed_number(&rest, &cell.values[0]) ||
            !printed_number(&rest, &cell.values[1]) || !printed_number(&rest, &ignored))
            continue;
        for (size_t k = 0; k < group->count; k++)
            if (group->cells[k].row == cell.row)
                return false; /* a second summary: not this one's */
        group->cells[group->count++] = cell;
        return true;
    }
    return false;
}

/* "SHORT PROMPTS:" */
static bool take_heading(struct summary_text *summary, struct str line)
{
    static const char *const headings[] = {
        "BENCHMARK SUMMARY",
        "MEMORY USAGE (GB):",
        "LOADING PERFORMANCE:",
        "GENERATION PERFORMANCE BY PROMPT CATEGORY:",
        "OVERALL GENERATION PERFORMANCE:",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(headings); i++)
        if (str_equal(line, str_of(headings[i]))) {
            summary->current = 0;
            return true;
        }
    struct str ending = STR(" PROMPTS:");
    if (str_starts_with(line, STR("Metric")) && str_find(line, STR("Quantized"), 0) != SIZE_MAX)
        return true;
    if (!str_ends_with(line, ending) || line.len > 60 || line.len == ending.len || summary->count > CATEGORIES_MAX)
        return false;
    summary->current = summary->count++;
    summary->groups[summary->current].category = str_slice(line.data, line.len - ending.len);
    return true;
}

static const char *lower_case(struct arena *arena, struct str text)
{
    char *lower = arena_strndup(arena, text.data, text.len);
    for (char *at = lower; at != NULL && *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return lower != NULL ? reader_text(arena, str_of(lower)) : NULL;
}

static void add_runs(struct reading *reading, const struct group *group, const struct str models[2])
{
    static const char *const sides[] = {"original", "quantized"};
    for (size_t side = 0; side < ARRAY_LENGTH(sides) && group->count > 0; side++) {
        struct run *run = reading_add_run(reading);
        if (run == NULL)
            return;
        figure_set_model(reading, run, models[side]);
        run->workload.mode = sides[side];
        run->workload.task = MODEL_QUANTIZER_TASK;
        run->workload.category = group->category.len > 0 ? lower_case(&reading->arena, group->category) : NULL;
        for (size_t i = 0; i < group->count; i++)
            figure_add_value(reading, run, group->cells[i].row->metric, group->cells[i].row->unit,
                             group->cells[i].values[side]);
    }
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    autofree struct summary_text *summary = mem_zalloc(1, sizeof *summary);
    if (summary == NULL)
        return mem_error(err);
    struct printed *printed = &summary->printed;
    int result = printed_open(printed, &format_model_quantizer_text, input, into, err);
    if (result < 0)
        return result;
    summary->count = 1;
    while (printed_next(printed))
        if (take_model(summary, printed->line) || take_heading(summary, printed->line) ||
            take_row(summary, printed->line))
            printed_keep(printed);
    struct reading *reading = printed->reading;
    for (size_t i = 0; i < summary->count; i++)
        add_runs(reading, &summary->groups[i], summary->models);
    if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the summary has no row that can be read");
    else if (summary->models[0].len == 0 && summary->models[1].len == 0)
        reading_add_problem(reading, "", 0, 0,
                            "the summary names neither the models nor a chip: send the JSON file instead, or state "
                            "them with --set");
    else
        reading_add_problem(reading, "", 0, 0, "the output names no chip: --set chip=NAME states it");
    return printed_finish(printed, err);
}

const struct format format_model_quantizer_text = {
    .name = "model-quantizer-text",
    .tool = MODEL_QUANTIZER_TOOL,
    .summary = "the summary that Model Quantizer prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
