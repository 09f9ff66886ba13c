/* llama-batched-bench of llama.cpp, and llama-sweep-bench of ik_llama.cpp: a table whose rows are prompt length,
 * generated tokens and what each took. Other tools than llama-bench: a row is a single run, without spread.
 *
 * |    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |
 *
 * B sequences run at once, and the speeds are of all of them. In a sweep there is no B, and N_KV is what stood in the
 * cache before the row: its depth. The model is told only by the loader's lines in front. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/llama_bench_log.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/printed.h"

struct sweep {
    struct printed printed;
    struct llama_log log;
    struct markdown_row header; /* count 0: no table is open */
    struct str model, quantization;
    struct str settings; /* "n_kv_max = 8192, n_batch = 2048, …" */
};

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "PP") != SIZE_MAX && markdown_find_cell(row, "TG") != SIZE_MAX &&
           markdown_find_cell(row, "N_KV") != SIZE_MAX && markdown_find_cell(row, "S_TG t/s") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    size_t at = str_find(input->text, STR("S_TG t/s"), 0), begin = at;
    if (at == SIZE_MAX)
        return 0;
    while (begin > 0 && input->text.data[begin - 1] != '\n')
        begin--;
    struct str rest = str_slice(input->text.data + begin, input->text.len - begin), line;
    struct markdown_row row;
    return str_next_line(&rest, &line) && markdown_read_row(line, &row) && is_header(&row) ? 79 : 0;
}

static double number_of(const struct sweep *sweep, const struct markdown_row *row, const char *column)
{
    size_t at = markdown_find_cell(&sweep->header, column);
    double number = MISSING;
    if (at == SIZE_MAX || at >= row->count)
        return MISSING;
    struct str cell = row->cells[at];
    return printed_number(&cell, &number) && str_trim(cell).len == 0 ? number : MISSING;
}

/* A phase that had nothing to do is printed as zero: it has no figure. */
static void measure(struct sweep *sweep, struct run *run, const struct markdown_row *row, const char *speed,
                    const char *throughput, const char *seconds, const char *time)
{
    double rate = number_of(sweep, row, speed), spent = number_of(sweep, row, seconds);
    if (rate > 0)
        figure_add_value(sweep->printed.reading, run, throughput, "tok/s", rate);
    if (rate > 0 && spent > 0)
        figure_add_value(sweep->printed.reading, run, time, "s", spent);
}

/* Returns how many layers the GPU had; NAN where it is not told. */
static double take_settings(const struct sweep *sweep, struct run *run)
{
    struct arena *arena = &sweep->printed.reading->arena;
    struct str rest = sweep->settings, field;
    double layers = MISSING, value = 0;
    while (str_next_field(&rest, ',', &field)) {
        size_t equals = str_find(field, STR("="), 0);
        struct str name = str_trim(str_slice(field.data, equals == SIZE_MAX ? 0 : equals));
        struct str number = equals == SIZE_MAX ? name : str_slice(field.data + equals + 1, field.len - equals - 1);
        if (name.len == 0 || name.len > 32 || !printed_number(&number, &value))
            continue;
        parameters_set_number(arena, &run->setup, arena_strndup(arena, name.data, name.len), value);
        if (str_equal(name, STR("n_gpu_layers")))
            layers = value;
    }
    return layers;
}

/* Several alike are one chip and their number; different ones have no name of their own. */
static void set_chip(const struct sweep *sweep, struct run *run)
{
    struct str rest = str_of(sweep->log.gpus), field, first = {0};
    int64_t count = 0;
    while (str_next_field(&rest, ',', &field)) {
        field = str_trim(field);
        if (count++ == 0)
            first = field;
        else if (!str_equal(first, field))
            return;
    }
    run->chip_name = count > 0 ? reader_text(&sweep->printed.reading->arena, first) : NULL;
    if (run->chip_name != NULL)
        run->chip_count = count;
}

static void set_workload(struct sweep *sweep, struct run *run, const struct markdown_row *row)
{
    struct arena *arena = &sweep->printed.reading->arena;
    double prompt = number_of(sweep, row, "PP"), generated = number_of(sweep, row, "TG");
    double batch = number_of(sweep, row, "B"), cached = number_of(sweep, row, "N_KV");
    figure_set_model(sweep->printed.reading, run, sweep->model);
    if (sweep->quantization.len > 0) {
        const char *given = reader_text(arena, sweep->quantization);
        const char *known = given != NULL ? catalog_match_quantization(given) : NULL;
        run->workload.quantization = known != NULL ? known : run->workload.quantization;
    }
    char pp[NUMBER_TEXT_SIZE] = "", tg[NUMBER_TEXT_SIZE] = "";
    if (isfinite(prompt))
        number_shortest(pp, prompt);
    if (isfinite(generated))
        number_shortest(tg, generated);
    run->workload.task = prompt > 0 && generated > 0 ? arena_printf(arena, "pp%s+tg%s", pp, tg)
                         : prompt > 0                ? arena_printf(arena, "pp%s", pp)
                         : generated > 0             ? arena_printf(arena, "tg%s", tg)
                                                     : NULL;
    if (prompt > 0)
        parameters_set_number(arena, &run->workload.parameters, "n_prompt", prompt);
    if (generated > 0)
        parameters_set_number(arena, &run->workload.parameters, "n_gen", generated);
    if (batch > 0)
        parameters_set_number(arena, &run->workload.parameters, "batch", batch);
    else if (cached > 0)
        parameters_set_number(arena, &run->workload.parameters, "n_depth", cached);
    double layers = take_settings(sweep, run);
    if (sweep->log.gpus != NULL && !(layers <= 0))
        set_chip(sweep, run);
}

static bool take_row(struct sweep *sweep, const struct markdown_row *row)
{
    struct reading *reading = sweep->printed.reading;
    if (row->count != sweep->header.count) {
        reading_add_problem(reading, "", sweep->printed.number, 0, "row left out: it has %zu cells, its header has %zu",
                            row->count, sweep->header.count);
        return false;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return false;
    set_workload(sweep, run, row);
    measure(sweep, run, row, "S_PP t/s", "prompt_throughput", "T_PP s", "prompt_time");
    measure(sweep, run, row, "S_TG t/s", "generation_throughput", "T_TG s", "generation_time");
    measure(sweep, run, row, "S t/s", "total_throughput", "T s", "duration");
    if (run->measurement_count > 0)
        return true;
    reading->run_count--;
    reading_add_problem(reading, "", sweep->printed.number, 0, "row left out: it has no speed above zero");
    return false;
}

/* "llm_load_print_meta: general.name = Llama 2 7B", "print_info: file type = Q4_K - Medium" */
static bool take_loader(struct sweep *sweep, struct str line)
{
    static const char *const names[] = {"general.name", "file type", "model ftype"};
    struct str label;
    if (!str_starts_with(line, STR("llm_load_print_meta:")) && !str_starts_with(line, STR("print_info:")))
        return false;
    size_t equals = str_find(line, STR("="), 0), colon = str_find(line, STR(":"), 0);
    if (equals == SIZE_MAX || colon > equals)
        return false;
    label = str_trim(str_slice(line.data + colon + 1, equals - colon - 1));
    struct str value = str_trim(str_slice(line.data + equals + 1, line.len - equals - 1));
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(label, str_of(names[i]))) {
            *(i == 0 ? &sweep->model : &sweep->quantization) = value;
            return true;
        }
    return false;
}

static bool take_main(struct sweep *sweep, struct str line)
{
    size_t colon = strlen("main:");
    sweep->settings = str_slice(line.data + colon, line.len - colon);
    return true;
}

static bool take_line(struct sweep *sweep, struct str line)
{
    struct markdown_row row;
    if (llama_log_take(&sweep->log, line, sweep->printed.begin, sweep->printed.end) || take_loader(sweep, line))
        return true;
    if (!markdown_read_row(line, &row)) {
        if (!str_starts_with(line, STR("[text:"))) /* a row that was left out */
            sweep->header.count = 0;
        return str_starts_with(line, STR("main: n_kv_max")) && take_main(sweep, line);
    }
    if (is_header(&row)) {
        sweep->header = row;
        return true;
    }
    if (sweep->header.count == 0)
        return false;
    return row.rule || take_row(sweep, &row);
}

static int read_tables(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct sweep sweep = {0};
    int result = printed_open(&sweep.printed, &format_llama_batched_bench, input, into, err);
    if (result < 0)
        return result;
    struct reading *reading = sweep.printed.reading;
    sweep.log.arena = &reading->arena;
    while (printed_next(&sweep.printed))
        if (take_line(&sweep, sweep.printed.line))
            printed_keep(&sweep.printed);
    if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the table has no row with a speed");
    else if (sweep.log.gpus == NULL)
        reading_add_problem(reading, "", 0, 0, "the file does not name the chip that this ran on");
    if (reading->run_count > 0 && sweep.model.len == 0)
        reading_add_problem(reading, "", 0, 0, "the table names no model: --set model=NAME states it");
    return printed_finish(&sweep.printed, err);
}

const struct format format_llama_batched_bench = {
    .name = "llama-batched-bench-md",
    .tool = "llama-batched-bench",
    .summary = "tables of llama-batched-bench and llama-sweep-bench",
    .version = 1,
    .detect = detect,
    .read = read_tables,
};
