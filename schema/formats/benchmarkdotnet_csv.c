/* BenchmarkDotNet's -report.csv: its table with all settings of the job, separated as the locale wants it. Units stand
 * in the cells or, with another SummaryStyle, in the head ("Mean [us]"); CsvExporter.cs. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/benchmarkdotnet_table.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

#define CELLS_MAX 256

struct cells {
    struct str items[CELLS_MAX];
    size_t count;
};

static struct cells cells_of(struct str record, char separator)
{
    struct cells cells = {.count = 0};
    while (cells.count < CELLS_MAX && csv_rows_cell(&record, separator, &cells.items[cells.count]))
        cells.count++;
    return cells;
}

/* The separator of a header with such columns, '\0' when it is none. */
static char separator_of(struct str header)
{
    if (str_find(header, STR("Method"), 0) == SIZE_MAX)
        return '\0';
    for (const char *separator = ";,\t"; *separator != '\0'; separator++) {
        struct cells cells = cells_of(header, *separator);
        if (bdn_find_column(cells.items, cells.count, "Method") != SIZE_MAX &&
            bdn_find_column(cells.items, cells.count, "Mean") != SIZE_MAX &&
            (bdn_find_column(cells.items, cells.count, "Job") != SIZE_MAX ||
             bdn_find_column(cells.items, cells.count, "Error") != SIZE_MAX))
            return *separator;
    }
    return '\0';
}

static bool is_header(struct str line)
{
    return separator_of(line) != '\0';
}

static int detect(const struct format_input *input)
{
    return csv_rows_header(input->text, is_header).data != NULL ? 89 : 0;
}

struct table {
    struct bdn_table rows;
    struct cells names;
    char separator;
    bool learning;
};

static int take_record(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    struct cells cells = cells_of(bytes, table->separator);
    size_t count = cells.count < table->names.count ? cells.count : table->names.count;
    if (!table->learning)
        return bdn_take_row(&table->rows, table->names.items, cells.items, count, row->line, err);
    bdn_learn(&table->rows, table->names.items, cells.items, count);
    return 0;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct str header = csv_rows_header(input->text, is_header);
    struct table table = {.separator = separator_of(header), .learning = true};
    if (table.separator == '\0')
        table.separator = ',';
    table.names = cells_of(header, table.separator);
    table.rows = (struct bdn_table){.input = input, .reading = lines_reading(&format_benchmarkdotnet_csv, input)};
    if (table.rows.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {.reading = table.rows.reading,
                            .input = input,
                            .separator = table.separator,
                            .is_header = is_header,
                            .take = take_record,
                            .context = &table};
    int learned = csv_rows_take(&rows, NULL); /* a fault is met again */
    table.learning = false;
    int code = csv_rows_read(&rows, "the table has no times", into, err);
    return code == 0 ? learned : code;
}

const struct format format_benchmarkdotnet_csv = {
    .name = "benchmarkdotnet-csv",
    .tool = "BenchmarkDotNet",
    .summary = "BenchmarkDotNet's -report.csv",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
