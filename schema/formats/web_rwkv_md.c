/* The Markdown log that web-rwkv-gguf's examples/benchmark.rs appends to: groups
 * `## title`, in them entries `### YYYY-MM-DD HH:MM:SS - change` (UTC) with a
 * table of two columns. Title and change are free text. */
#include "schema/formats/readers.h"

#include <stdint.h>

#include "schema/base/number.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/printed.h"
#include "schema/formats/web_rwkv.h"

#define TIME_LENGTH 19
#define GPUS_MAX 64

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool hash = str_find(text, STR("| Quality Hash"), 0) != SIZE_MAX;
    bool rates = str_find(text, STR("**Generation**"), 0) != SIZE_MAX && str_find(text, STR("tok/s"), 0) != SIZE_MAX;
    bool load = str_find(text, STR("**Load Time**"), 0) != SIZE_MAX;
    return (hash && rates) || (load && rates) ? 90 : 0;
}

/* "2026-01-01 00:09:40 - change" */
static bool split_heading(struct str heading, struct str *ret_time, struct str *ret_change)
{
    if (heading.len < TIME_LENGTH || heading.data[4] != '-' || heading.data[13] != ':')
        return false;
    for (size_t i = 0; i < 4; i++)
        if (heading.data[i] < '0' || heading.data[i] > '9')
            return false;
    *ret_time = str_slice(heading.data, TIME_LENGTH);
    struct str rest = str_trim(str_slice(heading.data + TIME_LENGTH, heading.len - TIME_LENGTH));
    if (rest.len > 0 && rest.data[0] == '-')
        rest = str_trim(str_slice(rest.data + 1, rest.len - 1));
    *ret_change = rest;
    return true;
}

static bool heading_of(struct str line, struct str mark, struct str *ret_text)
{
    line = markdown_unquote(line);
    if (!str_starts_with(line, mark))
        return false;
    *ret_text = str_trim(str_slice(line.data + mark.len, line.len - mark.len));
    return true;
}

/* A group is ours when an entry is the next thing in it. */
static bool entry_follows(struct str rest)
{
    struct str line, heading, time, change;
    while (str_next_line(&rest, &line)) {
        if (markdown_unquote(line).len == 0)
            continue;
        return heading_of(line, STR("### "), &heading) && split_heading(heading, &time, &change);
    }
    return false;
}

/* ---------------------------------------------------------------- rows */

static bool take_figure(struct rwkv_result *result, struct str cell, const char *unit, enum rwkv_seen which,
                        double *target)
{
    if (!printed_figure(cell, "", unit, target))
        return false;
    result->seen |= (unsigned)which;
    return true;
}

static bool take_number(struct str cell, double *target)
{
    return number_parse_loose(cell, target);
}

/* False when the value is not what stands in that row. */
static bool take_row(struct rwkv_result *result, struct str name, struct str cell)
{
    const struct {
        const char *name;
        struct str *target;
    } texts[] = {
        {"Model", &result->model},
        {"Version", &result->version},
        {"GPU", &result->gpu},
        {"Quality Hash", &result->hash},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        if (str_equal(name, str_of(texts[i].name))) {
            *texts[i].target = cell;
            return true;
        }
    if (str_equal(name, STR("Layers")))
        return take_number(cell, &result->layers);
    if (str_equal(name, STR("Embedding")))
        return take_number(cell, &result->embedding);
    if (str_equal(name, STR("Load Time")))
        return take_figure(result, cell, "ms", RWKV_LOAD, &result->load);
    if (str_equal(name, STR("Prefill")))
        return take_figure(result, cell, "tok/s", RWKV_PREFILL, &result->prefill);
    if (str_equal(name, STR("Generation")))
        return take_figure(result, cell, "tok/s", RWKV_GENERATION, &result->generation);
    return str_equal(name, STR("Metric"));
}

/* ---------------------------------------------------------------- lines */

struct log {
    struct printed printed;
    struct rwkv_result result; /* line 0: none is open */
    struct str title;
    struct str gpu; /* whose entries are read */
};

/* The GPU of the entry whose heading stands before `rest`; empty when it names none. */
static struct str gpu_of_entry(struct str rest)
{
    struct str line, heading;
    struct markdown_row row;
    while (str_next_line(&rest, &line) && !heading_of(line, STR("### "), &heading) &&
           !heading_of(line, STR("## "), &heading) && !heading_of(line, STR("# "), &heading))
        if (markdown_read_row(line, &row) && row.count > 1 && str_equal(row.cells[0], STR("GPU")))
            return row.cells[1];
    return (struct str){0};
}

static void close_entry(struct log *log)
{
    if (log->result.line > 0)
        rwkv_add_run(log->printed.reading, &log->result);
    rwkv_result_init(&log->result, 0);
}

static void read_table_row(struct log *log, const struct markdown_row *row)
{
    struct printed *printed = &log->printed;
    if (log->result.line == 0 || (!row->rule && row->count < 2))
        return;
    if (row->rule || take_row(&log->result, row->cells[0], row->cells[1])) {
        printed_keep(printed);
        if (!row->rule && str_equal(row->cells[0], STR("Model")))
            printed_hide_folder(printed, row->cells[1]);
        return;
    }
    reading_add_problem(printed->reading, "", printed->number, 0, "row left out: \"%.*s\" is not known or has no value",
                        (int)(row->cells[0].len < 40 ? row->cells[0].len : 40), row->cells[0].data);
}

static void read_line(struct log *log)
{
    struct printed *printed = &log->printed;
    struct str heading, change = {0}, time = {0}, line = markdown_unquote(printed->line);
    struct markdown_row row;
    if (heading_of(line, STR("### "), &heading)) {
        close_entry(log);
        if (!split_heading(heading, &time, &change) || !str_equal(gpu_of_entry(printed->rest), log->gpu))
            return;
        rwkv_result_init(&log->result, printed->number);
        log->result.title = log->title;
        log->result.time = time;
        log->result.change = change;
        printed_keep(printed);
    } else if (heading_of(line, STR("## "), &heading) || heading_of(line, STR("# "), &heading)) {
        close_entry(log);
        log->title = (struct str){0};
        if (!str_starts_with(line, STR("## ")) || !entry_follows(printed->rest))
            return;
        log->title = heading;
        printed_keep(printed);
    } else if (markdown_read_row(line, &row)) {
        read_table_row(log, &row);
    } else if (log->result.line > 0 && str_starts_with(line, STR("["))) {
        rwkv_take_tokens(&log->result, line);
        printed_keep(printed);
    } else if (log->result.line > 0 &&
               (str_starts_with(line, STR("<details>")) || str_equal(line, STR("</details>")))) {
        printed_keep(printed);
    }
}

/* GPUs in the order of their first entries; last the empty name of entries without one. */
struct gpus {
    struct str names[GPUS_MAX + 1];
    size_t count;
};
static struct gpus gpus_of(struct str rest)
{
    struct gpus gpus = {0};
    struct str line, heading, time, change;
    bool nameless = false;
    while (str_next_line(&rest, &line)) {
        if (!heading_of(line, STR("### "), &heading) || !split_heading(heading, &time, &change))
            continue;
        struct str gpu = gpu_of_entry(rest);
        size_t i = 0;
        while (i < gpus.count && !str_equal(gpus.names[i], gpu))
            i++;
        nameless = nameless || gpu.len == 0;
        if (i == gpus.count && gpu.len > 0 && gpus.count < GPUS_MAX)
            gpus.names[gpus.count++] = gpu;
    }
    if (nameless || gpus.count == 0)
        gpus.names[gpus.count++] = (struct str){0};
    return gpus;
}

static int read_gpu(const struct format_input *input, struct str gpu, struct reading_list *into, struct err *err)
{
    struct log log = {.gpu = gpu};
    int result = printed_open(&log.printed, &format_web_rwkv_md, input, into, err);
    if (result < 0)
        return result;
    rwkv_result_init(&log.result, 0);
    while (printed_next(&log.printed))
        read_line(&log);
    close_entry(&log);
    return printed_finish(&log.printed, err);
}

/* Of a reading without runs only what is wrong with its entries stays, told by the first. */
static void drop_last(struct reading *first, struct reading_list *list)
{
    struct reading *empty = list->items[--list->count];
    for (size_t i = 0; i < empty->problem_count; i++)
        reading_add_problem(first, "", empty->problems[i].line, 0, "%s", empty->problems[i].message);
    reading_free(empty);
}

/* Whether two GPUs are of one machine the log does not tell: each has a reading of its own. */
static int read_md(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct gpus gpus = gpus_of(input->text);
    size_t first = into->count;
    int result = 0;
    for (size_t i = 0; result == 0 && i < gpus.count; i++) {
        result = read_gpu(input, gpus.names[i], into, err);
        if (result == 0 && i > 0 && into->items[into->count - 1]->run_count == 0)
            drop_last(into->items[first], into);
    }
    return result;
}

const struct format format_web_rwkv_md = {
    .name = "web-rwkv-gguf-md",
    .tool = WEB_RWKV_TOOL,
    .summary = "the Markdown log of web-rwkv-gguf's benchmark, one run for each entry",
    .version = 1,
    .detect = detect,
    .read = read_md,
};
