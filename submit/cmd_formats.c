#include <stdio.h>
#include <unistd.h>

#include "schema/formats/formats.h"
#include "schema/text/table.h"
#include "submit/verbs.h"

const struct option formats_options[] = {
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

/* On a terminal the sentence stands in a line of its own, so that the names stay a column. */
static void print_lines(const struct table *table, struct buf *out)
{
    for (size_t row = 0; row < table->row_count; row++)
        buf_addf(out, "%-28s  %s\n    %s\n", table_at(table, row, 0)->text, table_at(table, row, 1)->text,
                 table_at(table, row, 3)->text);
}

int cmd_formats(const struct invocation *invocation, struct err *err)
{
    autotable struct table table;
    autobuf struct buf out = BUF(BUF_MIB);
    table_init(&table, NULL);
    table_column(&table, "name", "format", ALIGN_LEFT);
    table_column(&table, "tool", "tool", ALIGN_LEFT);
    table_column(&table, "version", "reader", ALIGN_RIGHT);
    table_column(&table, "summary", "what it is", ALIGN_LEFT);
    table_column_whole(&table);
    for (size_t i = 0; formats_all[i] != NULL; i++) {
        table_row(&table);
        table_put_text(&table, formats_all[i]->name);
        table_put_text(&table, formats_all[i]->tool);
        table_put_integer(&table, formats_all[i]->version);
        table_put_text(&table, formats_all[i]->summary);
    }
    int r = table_check(&table, err);
    if (r < 0)
        return r;
    if (option_flag(invocation, "json"))
        table_print_json(&table, &out);
    else if (isatty(STDOUT_FILENO))
        print_lines(&table, &out);
    else
        table_print_text(&table, &out);
    r = buf_check(&out, err);
    if (r < 0)
        return r;
    (void)fputs(buf_text(&out), stdout);
    return 0;
}
