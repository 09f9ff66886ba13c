/* Ollama's own benchmark (cmd/bench): a line for each step of each epoch, as a Markdown table, as CSV or as lines of
 * Go's benchmark format. The epochs of a model are its samples. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/ollama.h"
#include "schema/formats/text_log.h"

#define GO_LINE "BenchmarkModel/name="
#define CSV_HEADER "NAME,STEP,COUNT,NS_PER_COUNT,TOKEN_PER_SEC"
#define COLUMNS 6

static const char *const columns[COLUMNS] = {"Model", "Step", "Count", "Duration", "nsPerToken", "tokensPerSec"};

/* The steps, each a metric; prefill and generate are rates, the others last so many ns. */
enum step { PREFILL, GENERATE, LOAD, TOTAL, FIRST_TOKEN, STEPS };
static const struct {
    const char *name, *metric, *unit;
} steps[STEPS] = {{"prefill", "prompt_throughput", "tok/s"},
                  {"generate", "generation_throughput", "tok/s"},
                  {"load", "load_time", "ns"},
                  {"total", "duration", "ns"},
                  {"ttft", "time_to_first_token", "ns"}};

struct epoch_line {
    struct str model;
    enum step step;
    double count, value; /* tokens; tok/s or ns */
};
struct samples {
    double *items;
    size_t count, capacity;
};
struct model {
    struct str name;
    struct samples samples[STEPS];
    double tokens[2]; /* of prefill and generate; NAN when the epochs differ */
};
struct bench {
    struct text_log log;
    enum { NO_TABLE, MARKDOWN_TABLE, CSV_TABLE } table;
    struct model *models;
    size_t count, capacity;
};

static bool is_header(struct str line)
{
    struct markdown_row row;
    if (str_find(line, STR("tokensPerSec"), 0) == SIZE_MAX || !markdown_read_row(line, &row) || row.count != COLUMNS)
        return false;
    for (size_t i = 0; i < COLUMNS; i++)
        if (!str_equal(row.cells[i], str_of(columns[i])))
            return false;
    return true;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    if (!str_has(input->text, GO_LINE) && !str_has(input->text, CSV_HEADER) && !str_has(input->text, columns[5]))
        return 0;
    while (lines_next(&lines, &line)) {
        struct str text = str_trim(line.text);
        bool go = str_starts_with(text, STR(GO_LINE)) && (str_has(text, "ns/token") || str_has(text, "ns/request"));
        if (go || str_equal(text, STR(CSV_HEADER)) || is_header(text))
            return 93;
    }
    return 0;
}

static bool step_of(struct str name, enum step *ret)
{
    for (size_t i = 0; i < STEPS; i++)
        if (str_equal(name, str_of(steps[i].name))) {
            *ret = (enum step)i;
            return true;
        }
    return false;
}

static bool is_rate(enum step step)
{
    return step == PREFILL || step == GENERATE;
}

/* ---------------------------------------------------------------- the three forms */

static struct str next_word(struct str *rest)
{
    struct str text = str_trim(*rest);
    size_t at = 0;
    while (at < text.len && text.data[at] != ' ' && text.data[at] != '\t')
        at++;
    *rest = str_slice(text.data + at, text.len - at);
    return str_slice(text.data, at);
}

/* "BenchmarkModel/name=gpt-oss:20b/step=prefill 128 78125.00 ns/token 12800.00 token/sec"; the whole request has no
 * step. */
static bool read_go(struct str line, struct epoch_line *ret)
{
    struct str rest = line, name = next_word(&rest), step = STR("/step=");
    double first = 0;
    if (!str_starts_with(name, STR(GO_LINE)))
        return false;
    name = str_slice(name.data + strlen(GO_LINE), name.len - strlen(GO_LINE));
    size_t at = str_find(name, step, 0);
    ret->step = TOTAL;
    if (at != SIZE_MAX && !step_of(str_slice(name.data + at + step.len, name.len - at - step.len), &ret->step))
        return false;
    ret->model = str_slice(name.data, at == SIZE_MAX ? name.len : at);
    if (!take_number(&rest, &ret->count) || !take_number(&rest, &first))
        return false;
    struct str unit = next_word(&rest);
    ret->value = first;
    if (!is_rate(ret->step))
        return str_equal(unit, STR("ns/request")) || str_equal(unit, STR("ns/op"));
    return str_equal(unit, STR("ns/token")) && take_number(&rest, &ret->value) &&
           str_equal(next_word(&rest), STR("token/sec"));
}

static bool read_cells(const struct str *cells, bool csv, struct epoch_line *ret)
{
    ret->model = cells[0];
    if (!step_of(cells[1], &ret->step) || !whole_number(cells[2], &ret->count))
        return false;
    if (is_rate(ret->step))
        return whole_number(cells[csv ? 4 : 5], &ret->value);
    if (csv)
        return whole_number(cells[3], &ret->value);
    bool read = ollama_duration(cells[3], &ret->value);
    ret->value *= 1e6; /* ms */
    return read;
}

static bool read_csv(struct str line, struct epoch_line *ret)
{
    struct str cells[5], cell;
    size_t count = 0;
    while (str_next_field(&line, ',', &cell)) {
        if (count == 5)
            return false;
        cells[count++] = str_trim(cell);
    }
    return count == 5 && read_cells(cells, true, ret);
}

static bool read_line(struct bench *bench, struct epoch_line *ret)
{
    struct str line = bench->log.line;
    struct markdown_row row;
    if (str_equal(line, STR(CSV_HEADER)) || is_header(line)) {
        bench->table = line.data[0] == '|' ? MARKDOWN_TABLE : CSV_TABLE;
        text_log_keep(&bench->log);
        return false;
    }
    if (bench->table == MARKDOWN_TABLE && markdown_read_row(line, &row) && row.count == COLUMNS) {
        if (row.rule)
            text_log_keep(&bench->log);
        return !row.rule && read_cells(row.cells, false, ret);
    }
    return read_go(line, ret) || (bench->table == CSV_TABLE && read_csv(line, ret));
}

/* ---------------------------------------------------------------- models */

static struct model *model_of(struct bench *bench, struct str name)
{
    for (size_t i = 0; i < bench->count; i++)
        if (str_equal(bench->models[i].name, name))
            return &bench->models[i];
    struct model *items =
        arena_grow(&bench->log.reading->arena, bench->models, &bench->capacity, bench->count + 1, sizeof *items);
    if (items == NULL || bench->count == 1000)
        return NULL;
    bench->models = items;
    items[bench->count] = (struct model){.name = name, .tokens = {MISSING, MISSING}};
    return &items[bench->count++];
}

static bool take_step(struct bench *bench, const struct epoch_line *line)
{
    struct arena *arena = &bench->log.reading->arena;
    struct model *model = model_of(bench, text_log_path(&bench->log, line->model));
    if (model == NULL)
        return false;
    struct samples *samples = &model->samples[line->step];
    double *items = arena_grow(arena, samples->items, &samples->capacity, samples->count + 1, sizeof *items);
    if (items == NULL)
        return false;
    samples->items = items;
    if (is_rate(line->step)) {
        double *tokens = &model->tokens[line->step];
        *tokens = samples->count == 0 || number_equal(*tokens, line->count) ? line->count : MISSING;
    }
    items[samples->count++] = line->value;
    return true;
}

static int add_model(struct bench *bench, const struct model *model, struct err *err)
{
    static const char *const lengths[] = {"n_prompt", "n_gen"};
    struct reading *reading = bench->log.reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = "generate";
    reader_set_model(reading, run, model->name);
    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++)
        if (model->tokens[i] > 0)
            parameters_set_number(&reading->arena, &run->workload.parameters, lengths[i], model->tokens[i]);
    for (size_t i = 0; i < STEPS; i++) {
        struct given_figures given = GIVEN_FIGURES;
        const struct samples *samples = &model->samples[i];
        given.unit = steps[i].unit;
        given.stated.samples = samples->items;
        given.stated.sample_count = samples->count;
        if (samples->count > 0 && figures_add(reading, run, steps[i].metric, &given) == NULL)
            return mem_error(err);
    }
    return 0;
}

static int read_bench(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct bench bench = {.table = NO_TABLE};
    int result = text_log_open(&bench.log, &format_ollama_bench, input, into, err);
    while (result == 0 && text_log_next(&bench.log)) {
        struct epoch_line line = {.count = 0};
        if (!read_line(&bench, &line))
            continue;
        text_log_keep(&bench.log);
        if (is_rate(line.step) && line.count <= 0)
            reading_add_problem(bench.log.reading, "", bench.log.number, 0, "no token was counted: its 0 is no rate");
        else if (!take_step(&bench, &line)) {
            result = arena_check(&bench.log.reading->arena, err);
            result = result < 0 ? result : err_set(err, ERR_LIMIT, "more models than can be kept");
        }
    }
    for (size_t i = 0; result == 0 && i < bench.count; i++)
        result = add_model(&bench, &bench.models[i], err);
    if (result < 0)
        return bench.log.reading != NULL ? text_log_abandon(&bench.log, result) : result;
    reader_tell_no_chip(bench.log.reading);
    return text_log_close(&bench.log, "the output holds no step of Ollama's benchmark", err);
}

const struct format format_ollama_bench = {
    .name = "ollama-bench",
    .tool = "Ollama",
    .summary = "Ollama's cmd/bench: its table, CSV or benchstat lines",
    .version = 1,
    .detect = detect,
    .read = read_bench,
};
