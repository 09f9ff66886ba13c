/* crosschip-analyze export: the whole tidy table. */
#include "analyze/inputs.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/report.h"
#include "analyze/verbs.h"
#include "schema/base/str.h"

static int print(const struct table *table, const char *format, struct err *err)
{
    autobuf struct buf text = BUF((size_t)1 << 30);

    if (text_equal(format, "csv")) {
        table_print_csv(table, &text);
    } else if (text_equal(format, "json")) {
        table_print_json(table, &text);
    } else if (text_equal(format, "ndjson")) {
        table_print_ndjson(table, &text);
    } else {
        (void)err_set(err, ERR_USAGE, "--format does not know \"%s\"", format);
        return err_hint(err, "csv, json or ndjson");
    }
    return inputs_print(&text, err);
}

int verb_export(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter all = {NULL, NULL, NULL, NULL};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autotable struct table table = {.caption = NULL};
    const bool figures = option_flag(invocation, "figures");
    int status = inputs_load_selected(invocation, 0, &results, err);

    if (status == 0 && figures)
        status = inputs_compare(invocation, &results, &all, NULL, &set, err);
    const struct report report = {.results = &results, .comparisons = &set};

    if (status == 0)
        status = figures ? data_figures(&report, &table, err)
                         : data_measurements(&report, 0, results.result_count, &table, err);
    return status < 0 ? status : print(&table, option_text(invocation, "format"), err);
}
