/* What mlx_lm.generate prints behind the generated text: three lines. The text itself stays on the machine. And what
 * mlx_lm.benchmark prints: a line a trial, then their means. Its GB are 10^9 bytes. */
#include "schema/formats/readers.h"

#include <math.h>
#include <string.h>

#include "schema/formats/figure.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    if (str_has(input->text, "prompt_tps=") && str_has(input->text, "generation_tps="))
        return 92;
    return str_has(input->text, "tokens-per-sec") && str_has(input->text, "Generation: ") ? 92 : 0;
}

#define TRIALS_MAX ((size_t)1000)

/* What a line of mlx_lm.benchmark tells, in its order. */
static const struct key {
    const char *name, *metric, *unit;
} keys[] = {
    {"prompt_tps=", "prompt_throughput", "tok/s"},
    {"generation_tps=", "generation_throughput", "tok/s"},
    {"peak_memory=", "peak_memory", "GB"},
    {"total_time=", "duration", "s"},
};
#define KEYS (sizeof keys / sizeof *keys)

struct mlx {
    struct text_log log;
    struct run *run;
    double *trials[KEYS]; /* in the reading's arena */
    size_t counts[KEYS];
    double lengths[3]; /* of the benchmark: prompt, generation, batch */
};

/* "41 tokens, 193.201 tokens-per-sec"; until mid 2024 the rate alone, and no tokens. */
static bool read_rate(struct str value, double *ret_tokens, double *ret_rate)
{
    struct str rest, unit;
    if (!text_quantity(value, ret_tokens, &rest) || !str_starts_with(rest, STR("tokens")))
        return false;
    if (str_equal(rest, STR("tokens-per-sec"))) {
        *ret_rate = *ret_tokens;
        *ret_tokens = MISSING;
        return true;
    }
    size_t comma = str_find(rest, STR(","), 0);
    return comma != SIZE_MAX &&
           text_quantity(str_slice(rest.data + comma + 1, rest.len - comma - 1), ret_rate, &unit) &&
           str_starts_with(unit, STR("tokens-per-sec"));
}

static struct run *open_run(struct mlx *mlx)
{
    mlx->run = reading_add_run(mlx->log.reading);
    if (mlx->run != NULL) {
        mlx->run->workload.backend = "MLX";
        mlx->run->workload.task = "generate";
    }
    return mlx->run;
}

/* All trials of the benchmark as one run, with what their last line states as the means. */
static void close_trials(struct mlx *mlx, struct str means)
{
    static const char *const names[] = {"n_prompt", "n_gen", "batch"};
    struct reading *reading = mlx->log.reading;
    struct run *run = mlx->counts[0] > 0 || means.len > 0 ? open_run(mlx) : NULL;
    mlx->run = NULL;
    if (run == NULL)
        return;
    run->workload.task = "benchmark";
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (mlx->lengths[i] > (i == 2 ? 1 : 0))
            parameters_set_number(&reading->arena, &run->workload.parameters, names[i], mlx->lengths[i]);
    for (size_t i = 0; i < KEYS; i++) {
        struct figure figure = figure_of(keys[i].metric, keys[i].unit, MISSING);
        figure.stated.mean_not_finite = false;
        figure.stated.samples = mlx->trials[i];
        figure.stated.sample_count = mlx->counts[i];
        double mean = 0;
        if (text_number_after(means, keys[i].name, &mean))
            figure.stated.mean = mean;
        if (mlx->counts[i] > 0 || figure.stated.mean > 0)
            figure_add(reading, run, &figure);
        mlx->counts[i] = 0;
        mlx->trials[i] = NULL;
    }
}

static bool read_trial(struct mlx *mlx)
{
    struct str line = mlx->log.line;
    struct arena *arena = &mlx->log.reading->arena;
    if (str_starts_with(line, STR("Timing with "))) {
        static const char *const lengths[] = {"prompt_tokens=", "generation_tokens=", "batch_size="};
        close_trials(mlx, (struct str){0});
        for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++)
            if (!text_number_after(line, lengths[i], &mlx->lengths[i]))
                mlx->lengths[i] = 0;
        return true;
    }
    if (str_starts_with(line, STR("Averages:"))) {
        close_trials(mlx, line);
        return true;
    }
    if (!str_starts_with(line, STR("Trial ")) || !str_has(line, keys[1].name))
        return false;
    for (size_t i = 0; i < KEYS; i++) {
        double value = 0;
        if (mlx->trials[i] == NULL)
            mlx->trials[i] = arena_alloc(arena, TRIALS_MAX, sizeof *mlx->trials[i]);
        if (mlx->trials[i] != NULL && mlx->counts[i] < TRIALS_MAX && text_number_after(line, keys[i].name, &value))
            mlx->trials[i][mlx->counts[i]++] = value;
    }
    return true;
}

static int read_line(struct mlx *mlx, struct err *err)
{
    if (read_trial(mlx)) {
        text_log_keep(&mlx->log);
        return 0;
    }
    struct reading *reading = mlx->log.reading;
    struct str label, value, unit;
    double tokens = 0, rate = 0;
    if (!text_split(markdown_unquote(mlx->log.line), ':', &label, &value))
        return 0;
    bool prompt = str_equal(label, STR("Prompt")), generation = str_equal(label, STR("Generation"));
    if ((prompt || generation) && read_rate(value, &tokens, &rate)) {
        const char *metric = prompt ? "prompt_throughput" : "generation_throughput";
        if ((mlx->run == NULL || run_find(mlx->run, metric) != NULL || prompt) && open_run(mlx) == NULL)
            return mem_error(err);
        text_measure_one(reading, mlx->run, metric, "tok/s", rate);
        if (!isnan(tokens))
            parameters_set_number(&reading->arena, &mlx->run->workload.parameters, prompt ? "n_prompt" : "n_gen",
                                  tokens);
        text_log_keep(&mlx->log);
    } else if (str_equal(label, STR("Peak memory")) && mlx->run != NULL && text_quantity(value, &tokens, &unit)) {
        text_log_keep(&mlx->log);
        bool known = str_equal(unit, STR("GB")) || str_equal(unit, STR("MB")) || str_equal(unit, STR("GiB"));
        char name[8] = "";
        if (known)
            memcpy(name, unit.data, unit.len);
        if (known)
            text_measure_one(reading, mlx->run, "peak_memory", name, tokens);
        else
            reading_add_problem(reading, "", mlx->log.number, 0, "the peak memory has no unit: left out");
    }
    return 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct mlx mlx = {0};
    int result = text_log_open(&mlx.log, &format_mlx_lm_console, input, into, err);
    while (result == 0 && text_log_next(&mlx.log))
        result = read_line(&mlx, err);
    if (result < 0)
        return text_log_abandon(&mlx.log, result);
    close_trials(&mlx, (struct str){0});
    reader_tell_no_chip(mlx.log.reading);
    return text_log_close(&mlx.log, "the output holds no rates of mlx_lm", err);
}

const struct format format_mlx_lm_console = {
    .name = "mlx-lm-console",
    .tool = "MLX-LM",
    .summary = "what mlx_lm.generate and mlx_lm.benchmark print",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
