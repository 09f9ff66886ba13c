/* crosschip-analyze coverage */
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/coverage_tables.h"
#include "analyze/report/data_tables.h"
#include "analyze/verbs.h"
#include "schema/base/str.h"

/* What the verb prints; the estimates only when asked for. */
struct findings_of_coverage {
    struct coverage coverage;
    struct table cells, matrix, gaps;
    struct table_list estimates;
};

static void done(struct findings_of_coverage *found)
{
    coverage_done(&found->coverage);
    table_done(&found->cells);
    table_done(&found->matrix);
    table_done(&found->gaps);
    table_list_done(&found->estimates);
}

static void print_text(const struct findings_of_coverage *found, enum output_format format, struct buf *into)
{
    output_table(&found->matrix, format, into);
    if (found->gaps.row_count > 0)
        output_table(&found->gaps, format, into);
    else
        buf_adds(into, "\nNothing is missing.\n");
    if (found->estimates.count > 0)
        output_tables(&found->estimates, format, into);
}

/* One heading: the cells, or with --estimate the estimates. */
static void print_csv(const struct findings_of_coverage *found, bool estimate, struct buf *into)
{
    if (estimate)
        output_tables(&found->estimates, OUTPUT_CSV, into);
    else
        table_print_csv(&found->cells, into);
}

static void print_json(const struct findings_of_coverage *found, bool estimate, struct buf *into)
{
    struct json_writer writer = json_writer(into, 1);

    json_begin_object(&writer);
    json_write_key(&writer, "cells");
    table_write_json(&found->cells, &writer);
    json_write_key(&writer, "gaps");
    table_write_json(&found->gaps, &writer);
    if (estimate) {
        json_write_key(&writer, "estimates");
        json_begin_array(&writer);
        for (size_t i = 0; i < found->estimates.count; i++) {
            json_begin_object(&writer);
            json_pair_string(&writer, "title", found->estimates.items[i].caption);
            json_write_key(&writer, "rows");
            table_write_json(&found->estimates.items[i], &writer);
            output_notes(&found->estimates.items[i], &writer);
            json_end_object(&writer);
        }
        json_end_array(&writer);
    }
    json_end_object(&writer);
    buf_addc(into, '\n');
}

static int estimate_cells(const struct comparison_set *set, struct table_list *ret, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct estimates estimates = {.count = 0};
    int status = estimates_of(set, &arena, &estimates, err);

    if (status == 0 && estimates.count == 0) {
        (void)err_set(err, ERR_NOTHING, "nothing can be estimated");
        return err_hint(err, "a metric needs two workloads of one tool that share chips, and a cell that is missing");
    }
    return status < 0 ? status : estimate_tables(&estimates, ret, err);
}

static int find(const struct invocation *invocation, const struct result_set *results, const struct comparison_set *set,
                struct findings_of_coverage *found, struct err *err)
{
    const char *as_of = option_text(invocation, "as-of");
    const struct report report = {.coverage = &found->coverage};
    int64_t now_us = result_set_newest(results);
    int status = as_of != NULL ? inputs_date(as_of, &now_us, err) : 0;

    if (status == 0)
        status = coverage_compute(set, now_us, &found->coverage, err);
    if (status == 0)
        status = data_coverage(&report, &found->cells, err);
    if (status == 0)
        status = coverage_matrix(&found->coverage, false, &found->matrix, err);
    if (status == 0)
        inputs_note_left_out(results, &found->matrix);
    if (status == 0)
        status = coverage_gaps(&found->coverage, SIZE_MAX, &found->gaps, err);
    if (status == 0 && option_flag(invocation, "estimate"))
        status = estimate_cells(set, &found->estimates, err);
    return status;
}

static int print(const struct invocation *invocation, const struct findings_of_coverage *found,
                 enum output_format format, struct err *err)
{
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    const bool estimate = option_flag(invocation, "estimate");

    if (format == OUTPUT_CSV)
        print_csv(found, estimate, &text);
    else if (format == OUTPUT_JSON)
        print_json(found, estimate, &text);
    else
        print_text(found, format, &text);
    return inputs_print(&text, err);
}

int verb_coverage(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter filter = {option_text(invocation, "model"), option_text(invocation, "quantization"),
                                             NULL, option_text(invocation, "tool")};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    struct findings_of_coverage found cleanup(done) = {.estimates = {.count = 0}};
    enum output_format format = OUTPUT_TEXT;
    int status = output_format_of(invocation, &format, err);

    if (status == 0)
        status = inputs_load_values(invocation, 0, &results, err);
    if (status == 0)
        status = comparison_build(&results, &filter, &set, err);
    if (status == 0 && set.count == 0)
        return inputs_nothing(&results, &filter, err);
    if (status == 0)
        status = find(invocation, &results, &set, &found, err);
    return status < 0 ? status : print(invocation, &found, format, err);
}
