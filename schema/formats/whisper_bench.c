/* whisper.cpp: the timings that whisper-bench prints, and the table of scripts/bench-all.sh. In the table a figure
 * that did not fit the script's field is the bare word ms: it is missing. Older tables have CPU and OS columns. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/llama_bench_log.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "Model") != SIZE_MAX && markdown_find_cell(row, "Th") != SIZE_MAX &&
           (markdown_find_cell(row, "Enc.") != SIZE_MAX || markdown_find_cell(row, "Encode") != SIZE_MAX);
}

static bool has_table(struct str text)
{
    struct str rest = text, line;
    struct markdown_row row;
    if (!str_has(text, "Enc"))
        return false;
    while (str_next_line(&rest, &line))
        if (str_has(line, "Enc") && markdown_read_row(line, &row) && is_header(&row))
            return true;
    return false;
}

static int detect(const struct format_input *input)
{
    if (str_has(input->text, "whisper_print_timings:"))
        return 92;
    return has_table(input->text) ? 90 : 0;
}

struct whisper {
    struct text_log log;
    struct markdown_row header; /* no cells: outside of a table */
    struct run *run;            /* of timings */
    char model[64];             /* of the loaded file's type: "base" */
    char file[64];              /* of its name, which tells language and quantisation, too: "base.en-q5_1" */
    double threads;
    struct llama_log devices; /* lines of ggml's backends */
    bool cpu_only;            /* "use gpu = 0" */
};

static void set_model(struct reading *reading, struct run *run, struct str name)
{
    char *given = reader_text(&reading->arena, name);
    if (given == NULL || reader_is_placeholder(given))
        return;
    const char *whole = arena_printf(&reading->arena, "Whisper %s", given);
    const struct model *model = whole != NULL ? catalog_match_model(whole, MISSING, MISSING) : NULL;
    run->workload.model = model != NULL ? model->name : whole;
    run->workload.model_as_given = given;
    const char *quantization = catalog_match_quantization(given);
    if (quantization != NULL)
        run->workload.quantization = quantization;
}

/* ---------------------------------------------------------------- table */

static void read_cell(struct whisper *whisper, struct run *run, struct str name, struct str cell)
{
    static const struct {
        const char *name, *metric;
    } figures[] = {
        {"Load", "load_time"},     {"Enc.", "encode_time"},       {"Encode", "encode_time"}, {"Dec.", "decode_time"},
        {"Decode", "decode_time"}, {"Bch5", "batch_decode_time"}, {"PP", "prompt_time"},
    };
    struct reading *reading = whisper->log.reading;
    struct arena *arena = &reading->arena;
    double number = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        if (!str_equal(name, str_of(figures[i].name)))
            continue;
        if (number_parse_loose(cell, &number))
            text_measure_one(reading, run, figures[i].metric, "ms", number);
        else if (cell.len > 0)
            reading_add_problem(reading, figures[i].name, whisper->log.number, 0, "the table has no figure here");
        return;
    }
    bool is_number = number_parse_loose(cell, &number);
    if (str_equal(name, STR("Th")) && is_number)
        parameters_set_number(arena, &run->setup, "threads", number);
    else if (str_equal(name, STR("FA")) && is_number)
        parameters_set_boolean(arena, &run->setup, "flash_attn", number > 0);
    else if (str_equal(name, STR("Config")) && cell.len > 0 && cell.len <= 64)
        parameters_set_word(arena, &run->setup, "config", markdown_cell_text(arena, cell));
    else if (str_equal(name, STR("Commit")) && cell.len > 0 && cell.len <= 40)
        parameters_set_word(arena, &run->setup, "build", markdown_cell_text(arena, cell));
    else if ((str_equal(name, STR("GPU")) || (str_equal(name, STR("CPU")) && run->chip_name == NULL)) && cell.len > 0)
        run->chip_name = reader_text(arena, cell);
    else if (str_equal(name, STR("Model")))
        set_model(reading, run, cell);
}

static int read_row(struct whisper *whisper, const struct markdown_row *row, struct err *err)
{
    struct reading *reading = whisper->log.reading;
    if (row->count != whisper->header.count) {
        err_set(err, ERR_DATA, "the row has %zu cells, its header has %zu", row->count, whisper->header.count);
        return err_at(err, whisper->log.number, 0);
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = "transcribe";
    for (size_t i = 0; i < row->count; i++)
        read_cell(whisper, run, whisper->header.cells[i], row->cells[i]);
    if (run->measurement_count == 0)
        reading->run_count--;
    text_log_keep(&whisper->log);
    return 0;
}

/* ---------------------------------------------------------------- timings */

static void open_timings(struct whisper *whisper)
{
    if (whisper->run != NULL)
        return;
    whisper->run = reading_add_run(whisper->log.reading);
    if (whisper->run == NULL)
        return;
    whisper->run->workload.task = "transcribe";
    if (!whisper->cpu_only && whisper->devices.gpus != NULL && strchr(whisper->devices.gpus, ',') == NULL)
        whisper->run->chip_name = whisper->devices.gpus;
    set_model(whisper->log.reading, whisper->run, str_of(whisper->file[0] != '\0' ? whisper->file : whisper->model));
    if (!isnan(whisper->threads))
        parameters_set_number(&whisper->log.reading->arena, &whisper->run->setup, "threads", whisper->threads);
}

/* "encode time =   994.60 ms /     1 runs (  994.60 ms per run)" */
static void read_timing(struct whisper *whisper, struct str line)
{
    static const struct {
        const char *label, *metric;
    } names[] = {
        {"load time", "load_time"},           {"encode time", "encode_time"}, {"decode time", "decode_time"},
        {"batchd time", "batch_decode_time"}, {"prompt time", "prompt_time"}, {"total time", "duration"},
    };
    struct str label, value, unit;
    struct text_figures figures = TEXT_FIGURES;
    double total = 0, runs = MISSING;
    if (!text_split(line, '=', &label, &value) || !text_quantity(value, &total, &unit))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (!str_equal(label, str_of(names[i].label)))
            continue;
        open_timings(whisper);
        text_log_keep(&whisper->log);
        figures.mean = total;
        if (text_number_after(value, "(", &figures.mean) && text_number_after(value, "/", &runs) && runs >= 1 &&
            runs < 1e12)
            figures.n = (int64_t)runs;
        if (whisper->run != NULL && total > 0)
            text_measure(whisper->log.reading, whisper->run, names[i].metric, "ms", DIRECTION_LOWER, &figures);
        if (i + 1 == ARRAY_LENGTH(names))
            whisper->run = NULL; /* the last line */
    }
}

/* "loading model from '/home/…/ggml-base.en.bin'" */
static bool take_file(struct whisper *whisper, struct str line)
{
    struct str mark = STR("loading model from '"), prefix = STR("ggml-"), ending = STR(".bin"), name;
    size_t at = str_find(line, mark, 0), begin = at + mark.len;
    size_t end = at == SIZE_MAX ? SIZE_MAX : str_find(line, STR("'"), begin);
    if (end == SIZE_MAX)
        return false;
    struct str folder;
    reader_split_path(text_log_path(&whisper->log, str_slice(line.data + begin, end - begin)), &folder, &name);
    text_log_keep(&whisper->log);
    whisper->model[0] = whisper->file[0] = '\0';
    if (!str_starts_with(name, prefix) || !str_ends_with(name, ending))
        return true; /* a name of the person's own */
    name = str_slice(name.data + prefix.len, name.len - prefix.len - ending.len);
    str_copy(whisper->file, sizeof whisper->file, name);
    return true;
}

static void read_log_line(struct whisper *whisper, struct str line)
{
    size_t type = str_find(line, STR("whisper_model_load: type"), 0);
    double number = 0;
    size_t begin = (size_t)(line.data - whisper->log.text.data);
    if (llama_log_take(&whisper->devices, line, begin, begin + line.len)) {
        text_log_keep(&whisper->log);
    } else if (take_file(whisper, line)) {
        return;
    } else if (str_has(line, "use gpu ") && text_number_after(line, "= ", &number)) {
        whisper->cpu_only = number <= 0;
        text_log_keep(&whisper->log);
    } else if (type != SIZE_MAX) {
        size_t open = str_find(line, STR("("), type), close = str_find(line, STR(")"), type);
        if (open == SIZE_MAX || close == SIZE_MAX || close < open || close - open > 60)
            return;
        memcpy(whisper->model, line.data + open + 1, close - open - 1);
        whisper->model[close - open - 1] = '\0';
        text_log_keep(&whisper->log);
    } else if (str_starts_with(line, STR("system_info:")) && text_number_after(line, "n_threads = ", &number)) {
        whisper->threads = number;
        text_log_keep(&whisper->log);
    }
}

static int read_line(struct whisper *whisper, struct err *err)
{
    struct str line = whisper->log.line, mark = STR("whisper_print_timings:");
    struct markdown_row row;
    if (str_starts_with(line, mark)) {
        read_timing(whisper, str_trim(str_slice(line.data + mark.len, line.len - mark.len)));
    } else if (markdown_read_row(line, &row)) {
        if (is_header(&row)) {
            whisper->header = row;
            text_log_keep(&whisper->log);
        } else if (row.rule && whisper->header.count > 0) {
            text_log_keep(&whisper->log);
        } else if (whisper->header.count > 0) {
            return read_row(whisper, &row, err);
        }
    } else {
        if (line.len > 0 && !str_starts_with(line, STR("[")))
            whisper->header.count = 0;
        read_log_line(whisper, line);
    }
    return 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct whisper whisper = {.threads = MISSING};
    int result = text_log_open(&whisper.log, &format_whisper_bench, input, into, err);
    if (result == 0)
        whisper.devices.arena = &whisper.log.reading->arena;
    while (result == 0 && text_log_next(&whisper.log))
        result = read_line(&whisper, err);
    if (result < 0)
        return text_log_abandon(&whisper.log, result);
    bool named = false;
    for (size_t i = 0; i < whisper.log.reading->run_count; i++)
        named |= whisper.log.reading->runs[i].chip_name != NULL;
    if (!named)
        reader_tell_no_chip(whisper.log.reading);
    return text_log_close(&whisper.log, "the output holds no timings", err);
}

const struct format format_whisper_bench = {
    .name = "whisper-bench",
    .tool = "whisper.cpp",
    .summary = "whisper-bench's timings, and the table of bench-all.sh",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
