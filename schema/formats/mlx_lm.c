/* What mlx_lm.generate prints behind the generated text: three lines. The text itself stays on the machine. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    return text_has(input->text, "tokens-per-sec") && text_has(input->text, "Generation: ") ? 92 : 0;
}

struct mlx {
    struct text_log log;
    struct run *run;
};

/* "41 tokens, 193.201 tokens-per-sec" */
static bool read_rate(struct str value, double *ret_tokens, double *ret_rate)
{
    struct str rest, unit;
    if (!text_quantity(value, ret_tokens, &rest) || !str_starts_with(rest, STR("tokens")))
        return false;
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

static int read_line(struct mlx *mlx, struct err *err)
{
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
        parameters_set_number(&reading->arena, &mlx->run->workload.parameters, prompt ? "n_prompt" : "n_gen", tokens);
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
    reader_tell_no_chip(mlx.log.reading);
    return text_log_close(&mlx.log, "the output holds no rates of mlx_lm", err);
}

const struct format format_mlx_lm_console = {
    .name = "mlx-lm-console",
    .tool = "MLX-LM",
    .summary = "what mlx_lm.generate prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
