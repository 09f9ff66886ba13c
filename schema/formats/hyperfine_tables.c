/* hyperfine --export-csv (seconds, a column for each parameter of a scan) and its tables for people: --export-markdown,
 * --export-orgmode and --export-asciidoc (the unit in the head, "102.3 ± 0.5" in a cell; AsciiDoc has a line for each
 * cell and an empty one between rows); export/csv.rs, markdown.rs, orgmode.rs, asciidoc.rs. stddev is that of a sample,
 * and missing of a single run; none says how many runs there were. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/command_line.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define PARAMETER "parameter_"

struct table {
    const struct format_input *input;
    struct reading *reading;
    const struct csv_record *header; /* of CSV */
    struct markdown_row columns;     /* of a table for people; count 0: none is open */
    char unit[8];
    bool asciidoc;     /* between two |=== */
    struct line cells; /* the lines of an open row of AsciiDoc, as one; empty: none is open */
};

static struct run *new_run(struct table *table, struct str command)
{
    struct run *run = reading_add_run(table->reading);
    char *text = arena_strndup(&table->reading->arena, command.data, command.len);
    if (run == NULL || text == NULL)
        return NULL;
    run->workload.task = command_name(table->reading, text);
    return run;
}

static struct given_figures times_in(const char *unit)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = unit;
    given.stddev_kind = STDDEV_SAMPLE;
    return given;
}

/* ---------------------------------------------------------------- CSV */

static bool is_csv_header(struct str header)
{
    bool named = csv_rows_has(header, ',', "command") && csv_rows_has(header, ',', "mean");
    return named && csv_rows_has(header, ',', "user") && csv_rows_has(header, ',', "system");
}

static int detect_csv(const struct format_input *input)
{
    return csv_rows_header(input->text, is_csv_header).data != NULL ? 91 : 0;
}

static void set_parameter(struct table *table, struct run *run, const char *name, struct str value)
{
    struct arena *arena = &table->reading->arena;
    double number = 0;
    if (whole_number(value, &number))
        parameters_set_number(arena, &run->workload.parameters, name, number);
    else if (!str_starts_with(value, STR("[removed:")))
        (void)parameters_set_word(arena, &run->workload.parameters, name, value.data);
}

/* The column's place in the figures; NULL when it is none of the command's own times. */
static double *slot_of(struct given_figures *given, double *user, double *system, const char *name)
{
    const struct {
        const char *name;
        double *slot;
    } slots[] = {{"mean", &given->stated.mean},
                 {"stddev", &given->stated.stddev},
                 {"median", &given->median},
                 {"min", &given->min},
                 {"max", &given->max},
                 {"user", user},
                 {"system", system}};
    for (size_t i = 0; i < ARRAY_LENGTH(slots); i++)
        if (strcmp(slots[i].name, name) == 0)
            return slots[i].slot;
    return NULL;
}

static int add_times(struct table *table, struct run *run, const struct given_figures *given, const double *more,
                     struct err *err)
{
    static const char *const metrics[] = {"user_time", "system_time"};
    if (figures_add(table->reading, run, "duration", given) == NULL)
        return mem_error(err);
    for (size_t i = 0; i < ARRAY_LENGTH(metrics); i++) {
        struct given_figures time = GIVEN_FIGURES;
        time.unit = "s";
        time.counted = true;
        time.stated.mean = more[i];
        if (!isnan(more[i]) && figures_add(table->reading, run, metrics[i], &time) == NULL)
            return mem_error(err);
    }
    return 0;
}

static int take_record(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    struct given_figures given = times_in("s");
    double more[] = {MISSING, MISSING};
    struct run *run = new_run(table, str_of(csv_text(row, csv_column(table->header, "command"))));
    if (run == NULL)
        return mem_error(err);
    for (size_t i = 0; i < table->header->count; i++) {
        const char *name = csv_text(table->header, i);
        struct str cell = str_trim(str_of(csv_text(row, i)));
        double *slot = slot_of(&given, &more[0], &more[1], name);
        if (slot != NULL && cell.len > 0 && !reader_is_not_finite(cell) && !whole_number(cell, slot)) {
            table->reading->run_count--;
            err_set(err, ERR_DATA, "expected a time in seconds, found \"%.40s\"", csv_text(row, i));
            err_path(err, "%s", name);
            return err_at(err, row->line, 0);
        }
        if (slot == &given.stated.mean)
            given.stated.mean_not_finite = reader_is_not_finite(cell);
        if (text_starts_with(name, PARAMETER))
            set_parameter(table, run, name + strlen(PARAMETER), str_of(csv_text(row, i)));
    }
    command_mark_text(table->reading, bytes, (size_t)(bytes.data - table->input->text.data));
    return isnan(given.stated.mean) && !given.stated.mean_not_finite ? 0 : add_times(table, run, &given, more, err);
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_hyperfine_csv, input)};
    if (table.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {
        .reading = table.reading, .input = input, .is_header = is_csv_header, .take = take_record, .context = &table};
    table.header = &rows.header;
    return csv_rows_read(&rows, "no command was timed", into, err);
}

/* ---------------------------------------------------------------- for people */

/* "Mean [ms]": the unit of the column. */
static bool unit_of(struct str column, const char *name, struct str *ret_unit)
{
    return take_text(&column, str_of(name)) && take_text(&column, STR("[")) &&
           take_until(&column, STR("]"), ret_unit) && column.len == 0;
}

static size_t column_of(const struct markdown_row *row, const char *name, struct str *ret_unit)
{
    for (size_t i = 0; i < row->count; i++)
        if (unit_of(row->cells[i], name, ret_unit))
            return i;
    return SIZE_MAX;
}

static bool is_head(const struct markdown_row *row)
{
    struct str unit;
    return markdown_find_cell(row, "Command") != SIZE_MAX && column_of(row, "Mean", &unit) != SIZE_MAX &&
           column_of(row, "Min", &unit) != SIZE_MAX;
}

static bool is_asciidoc_fence(struct str line)
{
    return str_equal(str_trim(line), STR("|==="));
}

/* A row of AsciiDoc from its lines, a cell each. */
static void join_cells(struct str lines_text, struct markdown_row *ret)
{
    struct lines lines = lines_of(lines_text);
    struct line line;
    struct markdown_row cell;
    *ret = (struct markdown_row){0};
    while (ret->count < MARKDOWN_CELLS_MAX && lines_next(&lines, &line) && markdown_read_row(line.text, &cell))
        ret->cells[ret->count++] = cell.cells[0];
}

static int detect_md(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct markdown_row row;
    while (lines_next(&lines, &line)) {
        if (is_asciidoc_fence(line.text)) {
            join_cells(str_slice(input->text.data + lines.at, input->text.len - lines.at), &row);
            if (is_head(&row))
                return 90;
        } else if (str_find(line.text, STR("Mean ["), 0) != SIZE_MAX && markdown_read_row(line.text, &row) &&
                   is_head(&row)) {
            return 90;
        }
    }
    return 0;
}

static void set_limit(const struct markdown_row *head, const struct markdown_row *row, const char *name, double *ret)
{
    struct str unit;
    size_t column = column_of(head, name, &unit);
    if (column < row->count)
        (void)whole_number(row->cells[column], ret);
}

/* "|--+--+--|" of Org mode. */
static bool is_org_rule(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (strchr("|+-", line.data[i]) == NULL || line.data[i] == '\0')
            return false;
    return str_starts_with(line, STR("|-")) && str_find(line, STR("+"), 0) != SIZE_MAX;
}

/* Org mode marks code by equals signs. */
static struct str without_org_marks(struct str command)
{
    bool marked = command.len > 2 && command.data[0] == '=' && command.data[command.len - 1] == '=';
    return marked ? str_slice(command.data + 1, command.len - 2) : command;
}

static int take_row(struct table *table, const struct markdown_row *row, const struct line *line, struct err *err)
{
    struct given_figures given = times_in(table->unit);
    struct str unit, command = row->cells[markdown_find_cell(&table->columns, "Command")];
    struct str cell = row->cells[column_of(&table->columns, "Mean", &unit)];
    bool read = take_number(&cell, &given.stated.mean) &&
                (cell.len == 0 || (take_text(&cell, STR("\xC2\xB1")) && whole_number(cell, &given.stated.stddev)));
    if (!read) {
        reading_add_problem(table->reading, "", line->number, 0, "the table ends here: a mean is no time");
        table->columns.count = 0;
        noise_mark(table->reading, line);
        return 0;
    }
    set_limit(&table->columns, row, "Min", &given.min);
    set_limit(&table->columns, row, "Max", &given.max);
    command = without_org_marks(command);
    struct run *run = new_run(table, str_of(markdown_cell_text(&table->reading->arena, command)));
    if (run == NULL || figures_add(table->reading, run, "duration", &given) == NULL)
        return mem_error(err);
    command_mark_text(table->reading, command, (size_t)(command.data - table->input->text.data));
    return 0;
}

static int take_cells(struct table *table, const struct markdown_row *row, const struct line *line, struct err *err)
{
    struct str unit = {0};
    if (is_head(row)) {
        table->columns = *row;
        (void)column_of(row, "Mean", &unit);
        str_copy(table->unit, sizeof table->unit, unit);
        return 0;
    }
    if (table->columns.count > 0 && row->count == table->columns.count)
        return row->rule ? 0 : take_row(table, row, line, err);
    table->columns.count = 0; /* as when redaction has taken the line */
    noise_mark(table->reading, line);
    return 0;
}

static int end_asciidoc_row(struct table *table, struct err *err)
{
    struct markdown_row row;
    const struct line cells = table->cells;
    table->cells = (struct line){0};
    if (cells.text.len == 0)
        return 0;
    join_cells(cells.text, &row);
    return take_cells(table, &row, &cells, err);
}

/* One line between two fences. */
static int take_asciidoc(struct table *table, const struct line *line, struct err *err)
{
    struct markdown_row cell;
    if (markdown_read_row(line->text, &cell)) {
        if (table->cells.text.len == 0)
            table->cells = *line;
        table->cells.text.len = line->begin + line->text.len - table->cells.begin;
        return 0;
    }
    int code = end_asciidoc_row(table, err);
    if (str_trim(line->text).len > 0)
        noise_mark(table->reading, line);
    return code;
}

static bool is_asciidoc_columns(struct str line)
{
    struct str columns;
    return take_text(&line, STR("[cols=\"")) && take_until(&line, STR("\"]"), &columns) && str_trim(line).len == 0;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct table *table = context;
    struct markdown_row row;
    if (is_asciidoc_fence(line->text)) {
        int code = end_asciidoc_row(table, err);
        table->asciidoc = !table->asciidoc;
        table->columns.count = 0;
        return code;
    }
    if (table->asciidoc)
        return take_asciidoc(table, line, err);
    if (table->columns.count > 0 && is_org_rule(str_trim(line->text)))
        return 0;
    if (markdown_read_row(line->text, &row))
        return take_cells(table, &row, line, err);
    table->columns.count = 0;
    if (!is_asciidoc_columns(line->text))
        noise_mark(table->reading, line);
    return 0;
}

static int read_md(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_hyperfine_md, input)};
    if (table.reading == NULL)
        return mem_error(err);
    int code = lines_each(input->text, take_line, &table, err);
    if (code == 0)
        code = end_asciidoc_row(&table, err);
    return lines_end(table.reading, input, code, "the table has no row", into, err);
}

const struct format format_hyperfine_csv = {
    .name = "hyperfine-csv",
    .tool = "hyperfine",
    .summary = "hyperfine --export-csv",
    .version = 1,
    .detect = detect_csv,
    .read = read_csv,
};
const struct format format_hyperfine_md = {
    .name = "hyperfine-md",
    .tool = "hyperfine",
    .summary = "hyperfine --export-markdown, --export-orgmode, --export-asciidoc",
    .version = 1,
    .detect = detect_md,
    .read = read_md,
};
