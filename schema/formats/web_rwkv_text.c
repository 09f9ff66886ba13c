/* What web-rwkv-gguf's examples/benchmark.rs prints, with what its benchmark.sh
 * prints before it. Pictographs in front of the lines are passed over: terminals
 * and mail programs lose them. The frame at the end repeats the figures; it
 * counts where the lines before it are missing. */
#include "schema/formats/readers.h"

#include <stdint.h>

#include "schema/base/number.h"
#include "schema/formats/printed.h"
#include "schema/formats/web_rwkv.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool rates = str_has(text, "tok/s") && str_has(text, "Generation:") && str_has(text, "Prefill:");
    if (rates && (str_has(text, "Quality hash:") || str_has(text, "Quality Hash:")))
        return 90;
    return str_has(text, "Comprehensive Benchmark Tool") && str_has(text, "Benchmarking model loading") ? 85 : 0;
}

struct output {
    struct printed printed;
    struct rwkv_result result;
};

/* The line without pictographs, frame and blanks around it. */
static struct str bare_line(struct str line)
{
    while (line.len > 0 && ((unsigned char)line.data[0] >= 0x80 || line.data[0] == ' ' || line.data[0] == '?'))
        line = str_slice(line.data + 1, line.len - 1);
    while (line.len > 0 && ((unsigned char)line.data[line.len - 1] >= 0x80 || line.data[line.len - 1] == ' '))
        line.len--;
    return line;
}

static void close_result(struct output *output)
{
    if (output->result.line > 0)
        rwkv_add_run(output->printed.reading, &output->result);
    rwkv_result_init(&output->result, 0);
}

/* "(128 tokens)..." */
static void take_length(struct str rest, double *target)
{
    double length = 0;
    if (printed_word(&rest, "(") && printed_number(&rest, &length) && printed_word(&rest, "tokens)") && length >= 1 &&
        length < 1e9)
        *target = length;
}

static bool take_figures(struct rwkv_result *result, struct str line)
{
    static const struct {
        const char *label, *unit;
        enum rwkv_seen which;
    } figures[] = {
        {"Average:", "ms", RWKV_LOAD},
        {"Load Time:", "ms", RWKV_LOAD},
        {"Prefill:", "tok/s", RWKV_PREFILL},
        {"Generation:", "tok/s", RWKV_GENERATION},
    };
    double value = 0, number = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        if (!printed_figure(line, figures[i].label, figures[i].unit, &value))
            continue;
        if ((result->seen & (unsigned)figures[i].which) != 0)
            return true;
        result->seen |= (unsigned)figures[i].which;
        double *targets[] = {&result->load, &result->load, &result->prefill, &result->generation};
        *targets[i] = value;
        return true;
    }
    struct str rest = line;
    if (printed_word(&rest, "Run ") && printed_number(&rest, &number) && printed_figure(rest, ":", "ms", &value)) {
        if (result->load_count < WEB_RWKV_LOADS_MAX)
            result->loads[result->load_count++] = value;
        return true;
    }
    return false;
}

static bool take_facts(struct output *output, struct str line)
{
    struct rwkv_result *result = &output->result;
    struct str value;
    if (printed_figure(line, "Layers:", "", &result->layers) ||
        printed_figure(line, "Vocab:", "", &result->vocabulary) ||
        printed_figure(line, "Embedding:", "", &result->embedding))
        return true;
    const struct {
        const char *label;
        struct str *target;
    } texts[] = {
        {"Title:", &result->title}, {"Change:", &result->change},     {"Version:", &result->version},
        {"GPU:", &result->gpu},     {"Quality hash:", &result->hash}, {"Quality Hash:", &result->hash},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        if (printed_value(line, texts[i].label, &value)) {
            *texts[i].target = value;
            return true;
        }
    struct str tokens = line;
    double count = 0;
    if (printed_word(&tokens, "First ") && printed_number(&tokens, &count) &&
        printed_value(tokens, "tokens:", &value)) {
        rwkv_take_tokens(result, value);
        return true;
    }
    if (printed_value(line, "Prefill benchmark", &value))
        take_length(value, &result->prefill_tokens);
    else if (printed_value(line, "Generation benchmark", &value))
        take_length(value, &result->generated_tokens);
    else
        return false;
    return true;
}

static void read_line(struct output *output)
{
    struct printed *printed = &output->printed;
    struct str line = bare_line(printed->line), value;
    if (printed_value(line, "Model:", &value)) {
        if (output->result.seen != 0 || output->result.load_count > 0)
            close_result(output);
        if (output->result.line == 0)
            rwkv_result_init(&output->result, printed->number);
        output->result.model = value;
        printed_keep(printed);
        printed_hide_folder(printed, value);
        return;
    }
    if (output->result.line == 0)
        rwkv_result_init(&output->result, printed->number);
    if (take_figures(&output->result, line) || take_facts(output, line))
        printed_keep(printed);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct output output = {0};
    int result = printed_open(&output.printed, &format_web_rwkv_text, input, into, err);
    if (result < 0)
        return result;
    rwkv_result_init(&output.result, 0);
    while (printed_next(&output.printed))
        read_line(&output);
    close_result(&output);
    return printed_finish(&output.printed, err);
}

const struct format format_web_rwkv_text = {
    .name = "web-rwkv-gguf-text",
    .tool = WEB_RWKV_TOOL,
    .summary = "what web-rwkv-gguf's benchmark prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
