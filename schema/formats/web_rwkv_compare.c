/* web-rwkv-gguf's examples/bench_format.rs: SafeTensors beside GGUF in a framed
 * table. Its MB are 2^20 bytes; "RAM Δ" is resident memory after loading less
 * that before. */
#include "schema/formats/readers.h"

#include <stdint.h>

#include "schema/formats/figure.h"
#include "schema/formats/printed.h"
#include "schema/formats/web_rwkv.h"

#define FRAME "\xe2\x95\x91" /* ║ */
#define CELLS 6
#define MODELS_MAX 8

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_has(text, "File (MB)") && str_has(text, "Prefill t/s") && str_has(text, "Generation t/s") ? 90 : 0;
}

struct comparison {
    struct printed printed;
    double prompt, generated;
    struct {
        struct str format, path;
    } models[MODELS_MAX];
    size_t model_count;
};

/* Cells between the bars of a frame; other bars are taken, too, for pasted tables. */
static size_t split_cells(struct str line, struct str cells[CELLS])
{
    size_t count = 0;
    const char *bar = str_has(line, FRAME) ? FRAME : "|";
    if (!printed_word(&line, bar))
        return 0;
    for (size_t end = str_find(line, str_of(bar), 0); end != SIZE_MAX; end = str_find(line, str_of(bar), 0)) {
        if (count == CELLS)
            return 0;
        cells[count++] = str_trim(str_slice(line.data, end));
        line = str_slice(line.data + end, line.len - end);
        (void)printed_word(&line, bar);
    }
    return count;
}

static struct str path_of(const struct comparison *comparison, struct str format)
{
    for (size_t i = comparison->model_count; i > 0; i--)
        if (str_equal_ignore_case(comparison->models[i - 1].format, format))
            return comparison->models[i - 1].path;
    return (struct str){0};
}

/* "Benchmarking GGUF: /path/model.gguf" */
static bool take_model(struct comparison *comparison, struct str line)
{
    size_t at = str_find(line, STR("Benchmarking "), 0);
    if (at == SIZE_MAX || at > 8)
        return false;
    line = str_slice(line.data + at + 13, line.len - at - 13);
    size_t colon = str_find(line, STR(": "), 0);
    if (colon == SIZE_MAX || colon > 20 || comparison->model_count == MODELS_MAX)
        return false;
    struct str path = str_trim(str_slice(line.data + colon + 1, line.len - colon - 1));
    comparison->models[comparison->model_count].format = str_slice(line.data, colon);
    comparison->models[comparison->model_count++].path = path;
    printed_hide_folder(&comparison->printed, path);
    return true;
}

static bool take_lengths(struct comparison *comparison, struct str line)
{
    size_t at = str_find(line, STR("Prefill length:"), 0);
    if (at == SIZE_MAX)
        return false;
    line = str_slice(line.data + at, line.len - at);
    double prompt = 0, generated = 0;
    if (!printed_word(&line, "Prefill length:") || !printed_number(&line, &prompt) || !printed_word(&line, "tokens") ||
        !printed_word(&line, "Generation length:") || !printed_number(&line, &generated))
        return false;
    comparison->prompt = prompt;
    comparison->generated = generated;
    return true;
}

static void set_lengths(struct reading *reading, struct run *run, double prompt, double generated)
{
    struct workload *workload = &run->workload;
    if (!(prompt >= 0 && prompt < 1e9 && generated >= 0 && generated < 1e9)) {
        workload->task = "load and generation";
        return;
    }
    workload->task = arena_printf(&reading->arena, "pp%.0f tg%.0f", prompt, generated);
    parameters_set_number(&reading->arena, &workload->parameters, "n_prompt", prompt);
    parameters_set_number(&reading->arena, &workload->parameters, "n_gen", generated);
}

static bool take_row(struct comparison *comparison, struct str line)
{
    static const struct {
        const char *metric, *unit;
    } columns[CELLS] = {
        {NULL, NULL},
        {"model_size", "MiB"},
        {"load_time", "ms"},
        {"memory_increase", "MiB"},
        {"prompt_throughput", "t/s"},
        {"generation_throughput", "t/s"},
    };
    struct str cells[CELLS];
    double values[CELLS] = {0};
    if (split_cells(line, cells) != CELLS || cells[0].len == 0)
        return false;
    for (size_t i = 1; i < CELLS; i++)
        if (!printed_figure(cells[i], "", "", &values[i]))
            return str_equal(cells[0], STR("Format"));
    struct reading *reading = comparison->printed.reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return true;
    run->workload.mode = reader_text(&reading->arena, cells[0]);
    figure_set_model(reading, run, path_of(comparison, cells[0]));
    set_lengths(reading, run, comparison->prompt, comparison->generated);
    for (size_t i = 1; i < CELLS; i++)
        figure_add_value(reading, run, columns[i].metric, columns[i].unit, values[i]);
    return true;
}

static int read_comparison(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct comparison comparison = {.prompt = MISSING, .generated = MISSING};
    struct printed *printed = &comparison.printed;
    int result = printed_open(printed, &format_web_rwkv_compare, input, into, err);
    while (result == 0 && printed_next(printed))
        if (take_model(&comparison, printed->line) || take_lengths(&comparison, printed->line) ||
            take_row(&comparison, printed->line))
            printed_keep(printed);
    if (result < 0)
        return result;
    struct reading *reading = printed->reading;
    if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the table has no row that can be read");
    else if (comparison.model_count == 0)
        reading_add_problem(reading, "", 0, 0,
                            "the output names no model: the lines \"Benchmarking GGUF: ...\" are missing; "
                            "--set model=NAME states it");
    return printed_finish(printed, err);
}

const struct format format_web_rwkv_compare = {
    .name = "web-rwkv-gguf-formats-text",
    .tool = WEB_RWKV_TOOL,
    .summary = "web-rwkv-gguf's comparison of model formats",
    .version = 1,
    .detect = detect,
    .read = read_comparison,
};
