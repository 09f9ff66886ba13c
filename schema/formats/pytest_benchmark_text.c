/* The table that pytest-benchmark prints (table.py): a row a benchmark, times in the unit of the table's head. Behind a
 * figure stands in brackets how much worse than the best it is; stddev is that of a sample. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define HEAD "Name (time in "

static bool is_head(struct str line)
{
    return str_starts_with(line, STR(HEAD)) && str_has(line, " Min") && str_has(line, " Mean");
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    if (!str_has(input->text, HEAD))
        return 0;
    while (lines_next(&lines, &line))
        if (is_head(str_trim(line.text)))
            return 88;
    return 0;
}

enum column { MIN, MAX, MEAN, STDDEV, MEDIAN, IQR, OUTLIERS, OPS, ROUNDS, ITERATIONS, COLUMN_COUNT };
static const char *const labels[COLUMN_COUNT] = {"Min", "Max",      "Mean", "StdDev", "Median",
                                                 "IQR", "Outliers", "OPS",  "Rounds", "Iterations"};

struct table {
    const struct format_input *input;
    struct reading *reading;
    enum column columns[COLUMN_COUNT];
    size_t count; /* 0: no table is open */
    char unit[8];
    double operations; /* factor of the column OPS */
};

static bool take_head(struct table *table, struct str line)
{
    static const struct {
        const char *mark;
        double factor;
    } scales[] = {{"OPS (Kops/s)", 1e3}, {"OPS (Mops/s)", 1e6}, {"OPS (Gops/s)", 1e9}, {"OPS (mops/s)", 1e-3}};
    struct str rest = line, unit;
    if (!is_head(line) || !take_text(&rest, STR(HEAD)) || !take_until(&rest, STR(")"), &unit))
        return false;
    str_copy(table->unit, sizeof table->unit, unit);
    table->operations = 1;
    for (size_t i = 0; i < ARRAY_LENGTH(scales); i++)
        if (str_has(line, scales[i].mark))
            table->operations = scales[i].factor;
    table->count = 0;
    while (table->count < COLUMN_COUNT) {
        struct str text = str_trim(rest);
        size_t end = 0;
        while (end < text.len && text.data[end] != ' ')
            end++;
        if (end == 0)
            break;
        for (size_t i = 0; i < COLUMN_COUNT; i++)
            if (str_equal(str_slice(text.data, end), str_of(labels[i])))
                table->columns[table->count++] = (enum column)i;
        rest = str_slice(text.data + end, text.len - end);
    }
    return true;
}

/* The last word of the text, which goes. */
static struct str take_last(struct str *text)
{
    *text = str_trim(*text);
    size_t begin = text->len;
    while (begin > 0 && text->data[begin - 1] != ' ')
        begin--;
    struct str word = str_slice(text->data + begin, text->len - begin);
    text->len = begin;
    return word;
}

/* The figures of a row from its end, so that a name may hold blanks. False when it is no row. */
static bool take_figures(const struct table *table, struct str *line, double *values)
{
    for (size_t i = table->count; i > 0; i--) {
        enum column column = table->columns[i - 1];
        struct str word = take_last(line);
        if (column != OUTLIERS && word.len > 1 && word.data[0] == '(')
            word = take_last(line);
        values[column] = MISSING;
        if (column == OUTLIERS ? !str_has(word, ";") : !whole_number(word, &values[column]))
            return false;
    }
    *line = str_trim(*line);
    return line->len > 0;
}

static int take_row(struct table *table, struct str line, bool *ret_taken, struct err *err)
{
    double values[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        values[i] = MISSING;
    *ret_taken = table->count > 0 && take_figures(table, &line, values);
    if (!*ret_taken)
        return 0;
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = benchmark_name(table->reading, table->input, line);
    struct given_figures given = GIVEN_FIGURES;
    given.unit = table->unit;
    given.stated.mean = values[MEAN];
    given.stated.stddev = values[STDDEV];
    given.min = values[MIN];
    given.max = values[MAX];
    given.median = values[MEDIAN];
    given.stddev_kind = STDDEV_SAMPLE;
    if (values[ROUNDS] >= 1 && values[ROUNDS] < 1e15)
        given.stated.n = (int64_t)values[ROUNDS];
    if (given.stated.n == 1)
        given.stated.stddev = MISSING; /* written as 0 */
    parameters_set_number(&table->reading->arena, &run->setup, "iterations", values[ITERATIONS]);
    if (figures_add(table->reading, run, "time", &given) == NULL)
        return mem_error(err);
    if (!isnan(values[OPS]))
        figures_add_value(table->reading, run, "operation_throughput", "ops/s", values[OPS] * table->operations);
    return 0;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct table *table = context;
    struct str text = str_trim(line->text);
    bool taken = false;
    if (take_head(table, text))
        return 0;
    if (table->count > 0 && str_starts_with(text, STR("-----")))
        return 0; /* parts head and rows, and ends the table: the next line tells */
    int code = text.len > 0 ? take_row(table, text, &taken, err) : 0;
    if (!taken && code == 0) {
        table->count = 0;
        noise_mark(table->reading, line);
    }
    return code;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_pytest_benchmark_text, input)};
    if (table.reading == NULL)
        return mem_error(err);
    int code = lines_each(input->text, take_line, &table, err);
    return lines_end(table.reading, input, code, "the table has no row", into, err);
}

const struct format format_pytest_benchmark_text = {
    .name = "pytest-benchmark-text",
    .tool = "pytest-benchmark",
    .summary = "the table that pytest-benchmark prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
