/* JMH's table at the end of its output and in -rf text (org.openjdk.jmh.results.format.TextResultFormat), and -rf csv
 * and scsv (XSVResultFormat). Locales write a decimal comma; thousands are never grouped. The error is half of a 99.9 %
 * interval, not a deviation. A score that the table only calls near a power of ten is no figure. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/jmh.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define WORDS_MAX 40

struct words {
    struct str items[WORDS_MAX];
    size_t count;
};

static struct words words_of(struct str line)
{
    struct words words = {0};
    for (size_t at = 0; at < line.len && words.count < WORDS_MAX;) {
        size_t begin = at;
        while (at < line.len && line.data[at] != ' ' && line.data[at] != '\t')
            at++;
        if (at > begin)
            words.items[words.count++] = str_slice(line.data + begin, at - begin);
        else
            at++;
    }
    return words;
}

/* "Benchmark  (size)  Mode  Cnt  Score  Error  Units", perhaps behind "[INFO]" or a time; the index of Mode. */
static bool is_header(const struct words *words, size_t *ret_mode)
{
    size_t first = 0;
    while (first < words->count && !str_equal(words->items[first], STR("Benchmark")))
        first++;
    size_t mode = first;
    while (mode < words->count && !str_equal(words->items[mode], STR("Mode")))
        mode++;
    *ret_mode = mode;
    return first == 0 && mode + 3 < words->count && str_equal(words->items[words->count - 1], STR("Units")) &&
           (str_equal(words->items[mode + 1], STR("Cnt")) || str_equal(words->items[mode + 1], STR("Samples")));
}

static int detect_text(const struct format_input *input)
{
    if (str_find(input->text, STR("Units"), 0) == SIZE_MAX)
        return 0;
    struct lines lines = lines_of(input->text);
    struct line line;
    size_t mode = 0;
    while (lines_next(&lines, &line)) {
        struct words words = words_of(str_trim(line.text));
        if (is_header(&words, &mode))
            return 88;
    }
    return 0;
}

/* "528.857", "528,857": JMH never groups thousands. */
static bool score_number(struct str text, double *ret)
{
    char digits[64];
    if (text.len == 0 || text.len >= sizeof digits)
        return false;
    text_of(digits, sizeof digits, text);
    for (char *at = digits; *at != '\0'; at++)
        if (*at == ',')
            *at = '.';
    return number_parse_loose(str_of(digits), ret);
}

struct jmh_row {
    struct str name, label; /* "name", or "name:label" of what a profiler added */
    struct str mode, unit, params[WORDS_MAX];
    size_t param_count;
    double score;
    int64_t n;
};

static void split_name(struct jmh_row *row, struct str name)
{
    struct str removed = STR("[removed:path]"); /* a folder stood there */
    size_t colon = str_find(name, STR(":"), str_starts_with(name, removed) ? removed.len : 0);
    row->name = colon == SIZE_MAX ? name : str_slice(name.data, colon);
    row->label = colon == SIZE_MAX ? (struct str){0} : str_slice(name.data + colon + 1, name.len - colon - 1);
}

struct table {
    struct reading *reading;
    const struct format_input *input;
    struct str params[WORDS_MAX]; /* names of the columns */
    size_t param_count;
    const struct csv_record *csv; /* the header of a CSV */
    struct run *run;              /* of the last row that was no profiler's */
    struct str name;
};

/* Percentiles of the mode "sample": "p0.50". */
static int add_percentile(struct table *table, const struct jmh_row *row, const char *unit, struct err *err)
{
    static const struct {
        const char *label, *metric;
    } percentiles[] = {
        {"p0.50", "latency_p50"}, {"p0.90", "latency_p90"},   {"p0.95", "latency_p95"},
        {"p0.99", "latency_p99"}, {"p0.999", "latency_p999"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(percentiles); i++)
        if (str_equal(row->label, str_of(percentiles[i].label)))
            figures_add_value(table->reading, table->run, percentiles[i].metric, unit, row->score);
    return arena_check(&table->reading->arena, err);
}

static int add_row(struct table *table, const struct jmh_row *row, struct err *err)
{
    struct arena *arena = &table->reading->arena;
    struct given_figures given = GIVEN_FIGURES;
    given.stated.mean = row->score;
    given.stated.n = row->n;
    const char *unit = reader_text(arena, row->unit);
    if (unit == NULL)
        unit = "";
    if (row->label.len > 0) {
        if (table->run == NULL || !str_equal(row->name, table->name))
            return 0;
        bool percentile = str_starts_with(row->label, STR("p0.")) || str_starts_with(row->label, STR("p1."));
        return percentile ? add_percentile(table, row, unit, err)
                          : jmh_add_secondary(table->reading, table->run, row->label, unit, &given, err);
    }
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    table->run = run;
    table->name = row->name;
    run->workload.task = benchmark_name(table->reading, table->input, row->name);
    run->workload.mode = reader_text(arena, row->mode);
    for (size_t i = 0; i < row->param_count && i < table->param_count; i++) {
        const char *name = reader_text(arena, table->params[i]);
        double number = 0;
        if (name == NULL || row->params[i].len == 0 || str_equal(row->params[i], STR("N/A")))
            continue;
        if (number_parse_loose(row->params[i], &number))
            parameters_set_number(arena, &run->workload.parameters, name, number);
        else if (!parameters_set_word(arena, &run->workload.parameters, name,
                                      arena_strndup(arena, row->params[i].data, row->params[i].len)))
            noise_hide(table->reading, table->input, row->params[i], PRIVATE_TEXT);
    }
    return jmh_add_score(table->reading, run, unit, &given, "", err);
}

/* ---------------------------------------------------------------- printed */

static bool is_mode(struct str word)
{
    return str_equal(word, STR("thrpt")) || str_equal(word, STR("avgt")) || str_equal(word, STR("sample")) ||
           str_equal(word, STR("ss"));
}

/* A row of the table; false when the line is none. *ret_near: its score is given as a power of ten only. */
static bool take_row(const struct table *table, struct str line, struct jmh_row *row, bool *ret_near)
{
    struct words words = words_of(line);
    size_t mode = 1 + table->param_count, at = mode + 1;
    if (words.count < mode + 3 || !is_mode(words.items[mode]))
        return false;
    *row = (struct jmh_row){.mode = words.items[mode], .n = COUNT_UNKNOWN, .unit = words.items[words.count - 1]};
    split_name(row, words.items[0]);
    for (size_t i = 1; i < mode; i++)
        row->params[row->param_count++] = words.items[i];
    size_t end = words.count - 1; /* behind the score */
    for (size_t i = at; i < end; i++)
        if (str_equal(words.items[i], STR("\xC2\xB1")) || str_equal(words.items[i], STR("?")))
            end = i;
    *ret_near = false;
    for (size_t i = at; i < end; i++)
        *ret_near = *ret_near || str_starts_with(words.items[i], STR("\xE2\x89\x88"));
    double count = 0;
    if (!*ret_near && end == at + 2 && whole_number(words.items[at], &count) && count >= 1 && count < 1e15) {
        row->n = (int64_t)count;
        at++;
    } else if (!*ret_near && end == at + 1) {
        row->n = 1; /* the column is empty for one */
    }
    return *ret_near || (end == at + 1 && score_number(words.items[at], &row->score));
}

static bool take_header(struct table *table, struct str line)
{
    struct words words = words_of(line);
    size_t mode = 0;
    if (!is_header(&words, &mode))
        return false;
    table->param_count = 0;
    for (size_t i = 1; i < mode; i++) {
        struct str word = words.items[i];
        bool bracketed = word.len > 2 && word.data[0] == '(' && word.data[word.len - 1] == ')';
        table->params[table->param_count++] = bracketed ? str_slice(word.data + 1, word.len - 2) : word;
    }
    table->run = NULL;
    return true;
}

static int take_line(struct table *table, const struct line *line, bool *open, struct err *err)
{
    struct str text = str_trim(line->text);
    struct jmh_row row;
    bool near = false;
    if (take_header(table, text)) {
        *open = true;
        return 0;
    }
    if (*open && take_row(table, text, &row, &near)) {
        if (near)
            reading_add_problem(table->reading, "", line->number, 0,
                                "score left out: the table gives its power of ten only; -rf json has the figure");
        if (near && row.label.len == 0)
            table->run = NULL;
        return near ? 0 : add_row(table, &row, err);
    }
    if (str_starts_with(text, STR("# JMH version: ")))
        table->reading->tool_version = reader_text(&table->reading->arena, str_slice(text.data + 15, text.len - 15));
    else
        noise_mark(table->reading, line);
    return 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_jmh_text, input)};
    if (table.reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    bool open = false;
    int code = 0;
    while (code == 0 && lines_next(&lines, &line))
        code = take_line(&table, &line, &open, err);
    if (code < 0) {
        reading_free(table.reading);
        return code;
    }
    return lines_finish(table.reading, 0, input->text.len, "the table has no score", into, err);
}

/* ---------------------------------------------------------------- csv */

#define CSV_HEADER "\"Benchmark\"%c\"Mode\"%c\"Threads\"%c\"Samples\"%c\"Score\""

static bool begins_csv(struct str text, char separator)
{
    char header[80];
    (void)snprintf(header, sizeof header, CSV_HEADER, separator, separator, separator, separator);
    return str_starts_with(str_trim(text), str_of(header));
}

static bool is_csv_header(struct str line)
{
    bool begins = begins_csv(line, ',') || begins_csv(line, ';');
    return begins && str_find(line, STR("\"Unit\""), 0) != SIZE_MAX;
}

static int detect_csv(const struct format_input *input)
{
    return csv_rows_header(input->text, is_csv_header).data != NULL ? 93 : 0;
}

static void name_parameters(struct table *table)
{
    for (size_t i = csv_column(table->csv, "Unit") + 1; i < table->csv->count && table->param_count < WORDS_MAX; i++) {
        struct str name = str_of(csv_text(table->csv, i)), mark = STR("Param: ");
        table->params[table->param_count++] =
            str_starts_with(name, mark) ? str_slice(name.data + mark.len, name.len - mark.len) : name;
    }
}

/* With a comma between cells and in figures "528,857143" is quoted; with a semicolon it is not. */
static int take_record(void *context, const struct csv_record *record, struct str bytes, struct err *err)
{
    struct table *table = context;
    const struct csv_record *header = table->csv;
    double number = 0, threads = 0;
    (void)bytes;
    if (table->param_count == 0)
        name_parameters(table);
    size_t first = csv_column(header, "Unit") + 1;
    struct jmh_row row = {.n = COUNT_UNKNOWN};
    split_name(&row, str_of(csv_text(record, csv_column(header, "Benchmark"))));
    row.mode = str_of(csv_text(record, csv_column(header, "Mode")));
    row.unit = str_of(csv_text(record, csv_column(header, "Unit")));
    for (size_t i = first; i < header->count && row.param_count < WORDS_MAX; i++)
        row.params[row.param_count++] = str_of(csv_text(record, i));
    struct str score = str_of(csv_text(record, csv_column(header, "Score")));
    if (!score_number(score, &row.score)) {
        err_set(err, ERR_DATA, "expected a number, found \"%.60s\"", score.data);
        err_path(err, "Score");
        return err_at(err, record->line, 0);
    }
    if (whole_number(str_of(csv_text(record, csv_column(header, "Samples"))), &number) && number >= 1 && number < 1e15)
        row.n = (int64_t)number;
    int code = add_row(table, &row, err);
    if (code == 0 && row.label.len == 0 &&
        whole_number(str_of(csv_text(record, csv_column(header, "Threads"))), &threads))
        parameters_set_number(&table->reading->arena, &table->run->setup, "threads", threads);
    return code;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_jmh_csv, input)};
    if (table.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {
        .reading = table.reading, .input = input, .is_header = is_csv_header, .take = take_record, .context = &table};
    rows.separator = begins_csv(csv_rows_header(input->text, is_csv_header), ';') ? ';' : ',';
    table.csv = &rows.header;
    return csv_rows_read(&rows, "the table has no score", into, err);
}

const struct format format_jmh_text = {
    .name = "jmh-text",
    .tool = JMH_TOOL,
    .summary = "JMH's printed table, also -rf text",
    .version = 1,
    .detect = detect_text,
    .read = read_text,
};

const struct format format_jmh_csv = {
    .name = "jmh-csv",
    .tool = JMH_TOOL,
    .summary = "JMH -rf csv and -rf scsv",
    .version = 1,
    .detect = detect_csv,
    .read = read_csv,
};
