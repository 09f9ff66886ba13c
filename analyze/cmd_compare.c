/* crosschip-analyze compare */
#include <stdlib.h>

#include "analyze/data/from_files.h"
#include "analyze/data/sides.h"
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/report.h"
#include "analyze/report/side_table.h"
#include "analyze/verbs.h"

static int parse_sides(const struct invocation *invocation, struct arena *arena, struct side_list *ret, struct err *err)
{
    const size_t count = argument_count(invocation);
    autofree const char **arguments = mem_zalloc(count + 1, sizeof(*arguments));

    if (arguments == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        arguments[i] = argument_at(invocation, i);
    return sides_parse(arguments, count, arena, ret, err);
}

static void add_sides(const struct side_list *sides, struct json_writer *writer)
{
    json_write_key(writer, "sides");
    json_begin_array(writer);
    for (size_t i = 0; i < sides->count; i++)
        json_write_string(writer, sides->items[i].name);
    json_end_array(writer);
}

static int print(const struct invocation *invocation, const struct result_set *results, const struct side_rows *rows,
                 const struct side_list *sides, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    enum output_format format;
    int status = output_format_of(invocation, &format, err);

    if (status == 0)
        status = side_table(results, rows, sides, &table, err);
    if (status < 0)
        return status;
    if (format == OUTPUT_JSON) {
        struct json_writer writer = json_writer(&text, 1);

        json_begin_object(&writer);
        add_sides(sides, &writer);
        json_write_key(&writer, "rows");
        table_write_json(&table, &writer);
        output_notes(&table, &writer);
        json_end_object(&writer);
        buf_addc(&text, '\n');
    } else {
        output_table(&table, format, &text);
    }
    return inputs_print(&text, err);
}

int verb_compare(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autoset struct result_set results = {.file_count = 0};
    struct side_list sides = {.count = 0};
    struct side_rows rows = {.row_count = 0};
    int status = parse_sides(invocation, &arena, &sides, err);

    if (status == 0)
        status = inputs_load_sides(invocation, sides.paths, sides.path_count, &results, err);
    if (status == 0)
        status = sides_resolve(&results, &sides, &arena, err);
    if (status == 0)
        status = sides_compare(&results, &sides, &arena, &rows, err);
    return status < 0 ? status : print(invocation, &results, &rows, &sides, err);
}
