/* llama-bench's Markdown tables in the outputs of a Jupyter notebook: every string of the notebook is a line or a
 * block of text, in the order of the file. Source cells, other outputs and the rest stay on the machine. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/formats/llama_bench_record.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"
#include "schema/formats/unwrap.h"

#define LITERAL_MAX ((size_t)256 << 10) /* longer ones are pictures */

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_has(text, "\"nbformat\"") && str_has(text, "\"cells\"") && str_has(text, "| model") &&
                   str_has(text, "t/s")
               ? 94
               : 0;
}

/* A string of the notebook, and where its text lies in the unwrapped one. */
struct literal {
    size_t quote, close; /* of its quotes */
    size_t begin, end;   /* without a line end that the notebook does not have */
};

struct notebook {
    struct str input;
    struct unwrapped text;
    struct literal *literals;
    size_t count, capacity;
};

static void notebook_done(struct notebook *notebook)
{
    unwrapped_done(&notebook->text);
    free(notebook->literals);
}

static bool is_key(struct str input, size_t at)
{
    while (at < input.len && raw_json_is_blank(input.data[at]))
        at++;
    return at < input.len && input.data[at] == ':';
}

static int add_literal(struct notebook *notebook, struct str literal, struct err *err)
{
    if (mem_grow(&notebook->literals, &notebook->capacity, notebook->count + 1, sizeof *notebook->literals) < 0)
        return mem_error(err);
    struct literal *added = &notebook->literals[notebook->count++];
    added->quote = (size_t)(literal.data - notebook->input.data) - 1;
    added->close = added->quote + 1 + literal.len;
    added->begin = added->end = notebook->text.length;
    size_t end = 0;
    if (literal.len > LITERAL_MAX)
        return 0;
    int result = unwrap_literal(notebook->input, added->quote, &notebook->text, &end, err);
    if (result < 0)
        return result;
    added->end = notebook->text.length;
    if (added->end == added->begin || notebook->text.data[added->end - 1] != '\n')
        unwrap_end_line(&notebook->text, added->close);
    return 0;
}

static int unwrap(struct notebook *notebook, struct err *err)
{
    struct str literal;
    size_t at = 0;
    while (raw_json_next_string(notebook->input, &at, &literal)) {
        int result = is_key(notebook->input, at) ? 0 : add_literal(notebook, literal, err);
        if (result < 0)
            return result;
    }
    return 0;
}

/* ---------------------------------------------------------------- places */

/* The notebook's line of each line of the text; NULL when memory failed. */
static int *map_lines(const struct notebook *notebook, size_t *ret_count)
{
    size_t count = 1;
    for (size_t i = 0; i < notebook->text.length; i++)
        count += notebook->text.data[i] == '\n';
    int *lines = mem_zalloc(count, sizeof *lines);
    struct line_cursor cursor = line_cursor(notebook->input);
    *ret_count = count;
    for (size_t i = 0, line = 0; lines != NULL && i <= notebook->text.length && line < count; i++) {
        if (i > 0 && notebook->text.data[i - 1] != '\n')
            continue;
        /* Behind the last byte there is no origin: a text of several literals has no end of its own. */
        line_cursor_move(&cursor,
                         i < notebook->text.length ? unwrapped_origin(&notebook->text, i) : notebook->input.len);
        lines[line++] = cursor.line;
    }
    return lines;
}

static int line_of(const int *lines, size_t count, int line)
{
    return line >= 1 && (size_t)line <= count ? lines[line - 1] : line;
}

/* The part of a literal that stands for [begin, end) of the text, line ends at its borders left. */
static void hide_part(const struct notebook *notebook, struct reading *reading, const struct literal *literal,
                      size_t begin, size_t end)
{
    begin = begin > literal->begin ? begin : literal->begin;
    end = end < literal->end ? end : literal->end;
    const char *text = notebook->text.data;
    while (begin < end && (text[begin] == '\n' || text[begin] == '\r'))
        begin++;
    while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r'))
        end--;
    if (end <= begin)
        return;
    size_t from = unwrapped_origin(&notebook->text, begin);
    size_t to = end == literal->end ? literal->close : unwrapped_origin(&notebook->text, end);
    if (to > from)
        reading_add_private(reading, from, to - from, PRIVATE_TEXT);
}

/* The first literal that ends behind `offset` of the text. */
static size_t find_literal(const struct notebook *notebook, size_t offset)
{
    size_t low = 0, high = notebook->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (notebook->literals[middle].end > offset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void hide(const struct notebook *notebook, struct reading *reading, size_t begin, size_t end)
{
    for (size_t i = find_literal(notebook, begin); i < notebook->count && notebook->literals[i].begin < end; i++)
        hide_part(notebook, reading, &notebook->literals[i], begin, end);
}

/* Turns a reading of the text into one of the notebook. */
static void place(const struct notebook *notebook, struct reading *reading, const int *lines, size_t line_count)
{
    size_t begin = reading->original_offset, end = begin + reading->original_length;
    size_t first = find_literal(notebook, begin), last = first, count = reading->private_count;
    struct private_span *spans = arena_alloc(&reading->arena, count + 1, sizeof *spans);
    reading->format = format_llama_bench_ipynb.name;
    reading->reader_version = format_llama_bench_ipynb.version;
    for (size_t i = 0; i < reading->problem_count; i++) {
        reading->problems[i].line = line_of(lines, line_count, reading->problems[i].line);
        reading->problems[i].column = 0;
    }
    if (spans == NULL || reading->run_count == 0 || first == notebook->count) {
        reading->private_count = 0;
        reader_set_original(reading, 0, 0);
        return;
    }
    for (size_t i = 0; i < count; i++)
        spans[i] = reading->privates[i];
    reading->private_count = 0;
    for (size_t i = 0; i < count; i++)
        hide(notebook, reading, begin + spans[i].offset, begin + spans[i].offset + spans[i].length);
    while (last + 1 < notebook->count && notebook->literals[last + 1].begin < end)
        last++;
    for (size_t i = first; i <= last; i++) { /* pictures */
        const struct literal *literal = &notebook->literals[i];
        if (literal->close - literal->quote - 1 > LITERAL_MAX)
            reading_add_private(reading, literal->quote + 1, literal->close - literal->quote - 1, PRIVATE_TEXT);
    }
    hide_part(notebook, reading, &notebook->literals[first], 0, begin);
    hide_part(notebook, reading, &notebook->literals[last], end, SIZE_MAX);
    reader_set_original(reading, notebook->literals[first].quote, notebook->literals[last].close + 1);
}

static int read_notebook(const struct format_input *input, struct reading_list *into, struct err *err)
{
    cleanup(notebook_done) struct notebook notebook = {.input = input->text};
    int result = unwrap(&notebook, err);
    if (result < 0)
        return result;
    size_t line_count = 0, before = into->count;
    autofree int *lines = map_lines(&notebook, &line_count);
    if (lines == NULL)
        return mem_error(err);
    struct format_input inner = {.name = input->name, .text = unwrapped_text(&notebook.text)};
    result = format_llama_bench_md.read(&inner, into, err);
    if (result < 0 && err != NULL && err->line > 0)
        err_at(err, line_of(lines, line_count, err->line), 0);
    for (size_t i = before; i < into->count; i++)
        place(&notebook, into->items[i], lines, line_count);
    return result;
}

const struct format format_llama_bench_ipynb = {
    .name = "llama-bench-ipynb",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench's tables in the outputs of a notebook",
    .version = 1,
    .detect = detect,
    .read = read_notebook,
};
