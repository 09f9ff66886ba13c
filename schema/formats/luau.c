/* bench.py of Luau: a line for each test that succeeded, and a table with least, average and standard deviation in
 * per cent of the average. The table has all that the lines have; they are read when it is missing. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define CELLS_MAX 8

struct row {
    struct str cells[CELLS_MAX];
    size_t count;
};

static bool parse_row(struct str line, struct row *ret)
{
    ret->count = 0;
    struct str cell;
    while (ret->count < CELLS_MAX && str_next_field(&line, '|', &cell))
        ret->cells[ret->count++] = str_trim(cell);
    return ret->count >= 4;
}

static bool is_header(const struct row *row)
{
    return row->count >= 4 && str_equal(row->cells[0], STR("Test")) && str_equal(row->cells[1], STR("Min")) &&
           str_equal(row->cells[2], STR("Average")) && str_starts_with(row->cells[3], STR("StdDev"));
}

static bool find_table(struct str text)
{
    struct lines lines = lines_of(text);
    struct line line;
    struct row row;
    while (lines_next(&lines, &line))
        if (parse_row(line.text, &row) && is_header(&row))
            return true;
    return false;
}

/* "SUCCESS: base64 : 15.041ms +/- 0.636% on luau" */
static bool parse_success(struct str line, struct row *ret)
{
    if (!take_text(&line, STR("SUCCESS:")) || !take_until(&line, STR(" :"), &ret->cells[0]) ||
        !take_until(&line, STR("+/-"), &ret->cells[2]) || !take_until(&line, STR(" on "), &ret->cells[3]))
        return false;
    ret->cells[1] = str_slice(line.data, 0);
    ret->cells[4] = line;
    ret->count = 5;
    return true;
}

static int detect(const struct format_input *input)
{
    if (str_find(input->text, STR("StdDev%"), 0) != SIZE_MAX && find_table(input->text))
        return 92;
    struct lines lines = lines_of(input->text);
    struct line line;
    struct row row;
    while (lines_next(&lines, &line))
        if (parse_success(line.text, &row))
            return 75;
    return 0;
}

static bool take_time(struct str cell, double *ret_value, struct str *ret_unit)
{
    if (!take_number(&cell, ret_value))
        return false;
    *ret_unit = take_unit(&cell);
    return ret_unit->len > 0;
}

static void add_row(struct reading *reading, const struct format_input *input, const struct row *row)
{
    struct given_figures given = GIVEN_FIGURES;
    struct str unit, least_unit, spread = row->cells[3];
    double least = MISSING, percent = 0;
    char shown[16];
    if (str_equal(row->cells[0], STR("Total")) || !take_time(row->cells[2], &given.stated.mean, &unit))
        return;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    run->workload.task = benchmark_name(reading, input, row->cells[0]);
    given.unit = arena_strdup(&reading->arena, text_of(shown, sizeof shown, unit));
    if (given.unit == NULL)
        return;
    if (take_number(&spread, &percent) && take_text(&spread, STR("%")))
        given.stated.stddev = given.stated.mean * percent / 100;
    if (take_time(row->cells[1], &least, &least_unit) && str_equal(unit, least_unit))
        given.min = least;
    figures_add(reading, run, "time", &given);
    const char *driver = row->count > 4 ? reader_text(&reading->arena, row->cells[4]) : NULL;
    if (driver != NULL)
        (void)parameters_set_word(&reading->arena, &run->setup, "driver", driver);
}

/* Of - + and =: the lines of the table's frame. */
static bool is_rule(struct str line)
{
    struct str text = str_trim(line);
    for (size_t i = 0; i < text.len; i++)
        if (strchr("-+=", text.data[i]) == NULL || text.data[i] == '\0')
            return false;
    return true;
}

static int read_luau(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_luau_benchmark_text, input);
    if (reading == NULL)
        return mem_error(err);
    bool table = find_table(input->text), in_table = false;
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line)) {
        struct row row;
        struct str rest = line.text;
        if (take_text(&rest, STR("FAILED:")) || take_text(&rest, STR("FAILURE:")))
            reading_add_problem(reading, "", line.number, 0, "a test failed: %.*s",
                                (int)(rest.len < 80 ? rest.len : 80), rest.data);
        if (parse_row(line.text, &row)) {
            if (in_table)
                add_row(reading, input, &row);
            in_table = in_table || is_header(&row);
        } else if (parse_success(line.text, &row)) {
            if (!table)
                add_row(reading, input, &row);
        } else if (!is_rule(line.text)) {
            noise_mark(reading, &line);
        }
    }
    return lines_finish(reading, 0, input->text.len, "no test has a time", into, err);
}

const struct format format_luau_benchmark_text = {
    .name = "luau-benchmark-text",
    .tool = "Luau bench.py",
    .summary = "what bench.py of Luau prints",
    .version = 1,
    .detect = detect,
    .read = read_luau,
};
