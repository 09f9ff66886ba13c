/* crosschip-analyze coverage */
#include "analyze/inputs.h"
#include "analyze/report/coverage_tables.h"
#include "analyze/report/data_tables.h"
#include "analyze/verbs.h"
#include "schema/base/str.h"

static int print_text(const struct coverage *coverage, struct buf *into, struct err *err)
{
    autotable struct table matrix = {.caption = NULL}, gaps = {.caption = NULL};
    int status = coverage_matrix(coverage, false, &matrix, err);

    if (status == 0)
        status = coverage_gaps(coverage, SIZE_MAX, &gaps, err);
    if (status < 0)
        return status;
    table_print_text(&matrix, into);
    buf_addc(into, '\n');
    if (coverage->gap_count > 0)
        table_print_text(&gaps, into);
    else
        buf_adds(into, "Nothing is missing.\n");
    return 0;
}

static int print_json(const struct coverage *coverage, struct buf *into, struct err *err)
{
    const struct report report = {.coverage = coverage};
    autotable struct table cells = {.caption = NULL}, gaps = {.caption = NULL};
    struct json_writer writer = json_writer(into, 1);
    int status = data_coverage(&report, &cells, err);

    if (status == 0)
        status = coverage_gaps(coverage, SIZE_MAX, &gaps, err);
    if (status < 0)
        return status;
    json_begin_object(&writer);
    json_write_key(&writer, "cells");
    table_write_json(&cells, &writer);
    json_write_key(&writer, "gaps");
    table_write_json(&gaps, &writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
    return 0;
}

int verb_coverage(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter filter = {option_text(invocation, "model"), option_text(invocation, "quantization"),
                                             NULL, option_text(invocation, "tool")};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autocoverage struct coverage coverage = {.row_count = 0};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    int status = inputs_load(invocation, 0, &results, err);

    if (status == 0)
        status = comparison_build(&results, &filter, &set, err);
    if (status == 0 && set.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no accepted result: coverage is counted from the chips that were measured");
        return err_hint(err, "send one with crosschip-submit send FILE, or name benchmark outputs as arguments");
    }
    if (status == 0)
        status = coverage_compute(&set, result_set_newest(&results), &coverage, err);
    if (status == 0)
        status =
            option_flag(invocation, "json") ? print_json(&coverage, &text, err) : print_text(&coverage, &text, err);
    return status < 0 ? status : inputs_print(&text, err);
}
