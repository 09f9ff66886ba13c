/* crosschip-analyze table */
#include <string.h>

#include "analyze/data/pooled.h"
#include "analyze/data/twins.h"
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/columns.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/tool_tables.h"
#include "analyze/verbs.h"
#include "schema/base/str.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"

static void add_markdown(const struct comparison *comparison, const struct table *table, struct buf *into)
{
    autobuf struct buf title = BUF(8192);

    comparison_title(comparison, &title);
    buf_adds(into, into->len > 0 ? "\n## " : "## ");
    encode_markdown(into, str_of(buf_text(&title)));
    buf_adds(into, " (");
    encode_markdown(into, str_of(comparison->tool));
    buf_adds(into, comparison->further ? "), rows with further metrics\n\n" : ")\n\n");
    table_print_markdown(table, into);
    for (size_t i = 0; i < table->note_count; i++) {
        buf_adds(into, "\n");
        encode_markdown(into, str_of(table->notes[i]));
        buf_adds(into, "\n");
    }
}

static void add_json(const struct comparison *comparison, const struct table *table, enum submission_state state,
                     struct json_writer *writer)
{
    json_begin_object(writer);
    json_pair_string(writer, "state", submission_state_word(state));
    json_pair_string(writer, "tool", comparison->tool);
    json_pair_string(writer, "model", text_is_empty(comparison->model) ? NULL : comparison->model);
    json_pair_string(writer, "quantization", text_is_empty(comparison->quantization) ? NULL : comparison->quantization);
    json_pair_string(writer, "task", text_is_empty(comparison->task) ? NULL : comparison->task);
    json_pair_string(writer, "mode", text_is_empty(comparison->mode) ? NULL : comparison->mode);
    json_pair_string(writer, "category", text_is_empty(comparison->category) ? NULL : comparison->category);
    json_pair_string(writer, "parameters", text_is_empty(comparison->parameters) ? NULL : comparison->parameters);
    json_pair_string(writer, "run_variant", comparison->variant);
    json_pair_string(writer, "baseline", comparison->baseline_name);
    json_write_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < comparison->metric_count; i++) {
        json_begin_object(writer);
        json_pair_string(writer, "name", comparison->metrics[i].name);
        json_pair_string(writer, "unit", comparison->metrics[i].unit);
        json_pair_string(writer, "better", direction_word(comparison->metrics[i].direction));
        json_end_object(writer);
    }
    json_end_array(writer);
    json_write_key(writer, "rows");
    table_write_json(table, writer);
    json_end_object(writer);
}

static int order_of(const struct invocation *invocation, enum row_order *ret, struct err *err)
{
    const char *wanted = option_text(invocation, "sort");

    if (!text_equal(wanted, "value") && !text_equal(wanted, "family")) {
        (void)err_set(err, ERR_USAGE, "--sort does not know \"%s\"", wanted);
        return err_hint(err, "value (best first) or family (natural chip order)");
    }
    *ret = text_equal(wanted, "value") ? ORDER_VALUE : ORDER_NATURAL;
    return 0;
}

/* How all tables of a call are printed. */
struct printing {
    enum output_format format;
    enum row_order order;
    enum submission_state state;
    struct json_writer writer;
    struct twin_list twins;
};

static void note_state(const struct printing *how, struct table *table)
{
    autobuf struct buf line = BUF(256);

    if (how->state == STATE_ACCEPTED)
        return;
    buf_addf(&line, "These results are %s: they count nowhere, and there are no factors.",
             submission_state_word(how->state));
    table_note(table, buf_text(&line));
}

enum { POOLS_TOLD = 3 };

/* What is behind one row, of the metric that it has results of. */
static const struct figure *any_figure(const struct comparison_row *row, size_t metrics)
{
    for (size_t i = 0; i < metrics; i++)
        if (row->figures[i].result_count > 0)
            return &row->figures[i];
    return NULL;
}

/* Rows that pool runs of several set-ups or versions, and rows of different versions beside each other. */
static void note_pools(const struct comparison *comparison, struct table *table)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf line = BUF(4096);
    const struct result **firsts = arena_alloc(&arena, comparison->row_count + 1, sizeof(*firsts));
    size_t pools = 0, count = 0;

    for (size_t i = 0; firsts != NULL && i < comparison->row_count; i++) {
        const struct figure *figure = any_figure(&comparison->rows[i], comparison->metric_count);
        autobuf struct buf differences = BUF(4096);

        if (figure == NULL)
            continue;
        firsts[count++] = figure->results[0];
        if (!pooled_differences(figure->results, figure->result_count, &arena, &differences) || ++pools > POOLS_TOLD)
            continue;
        buf_reset(&line);
        comparison_row_name(&comparison->rows[i], true, &line);
        if (comparison->backends_differ && !text_is_empty(comparison->rows[i].backend))
            buf_addf(&line, ", %s,", comparison->rows[i].backend);
        buf_addf(&line, " pools runs that differ in %s.", buf_text(&differences));
        table_note(table, buf_text(&line));
    }
    buf_reset(&line);
    if (pools > POOLS_TOLD) {
        buf_addf(&line, "%zu more rows pool several versions or set-ups.", pools - POOLS_TOLD);
        table_note(table, buf_text(&line));
        buf_reset(&line);
    }
    if (pools > 0)
        table_note(table, "--where version=… or --where setup.NAME=… takes one of them.");
    const size_t versions = pooled_versions(firsts, count);

    if (versions > 1 && columns_have_factors(comparison)) {
        buf_addf(&line, "The rows come from %zu versions of %s: part of a factor may be the version's.", versions,
                 comparison->tool);
        table_note(table, buf_text(&line));
    }
}

/* Rows whose evidence may be less than it counts as. */
static void note_twins(const struct comparison *comparison, const struct twin_list *twins, struct table *table)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct twin *twin = twins_in_row(twins, &comparison->rows[i], comparison->metric_count);
        autobuf struct buf line = BUF(4096);

        if (twin == NULL)
            continue;
        comparison_row_name(&comparison->rows[i], true, &line);
        buf_adds(&line, ": figures of two submissions are equal to rounding: perhaps one measurement sent twice, and "
                        "counted as two.");
        table_note(table, buf_text(&line));
    }
}

/* Below the last table, for people. */
static void add_legend(const struct result_set *results, enum output_format format, struct buf *into)
{
    autobuf struct buf left_out = BUF(1024);

    buf_adds(into, "\n95\u202f%: interval of the median; n/a: too few values for one, or the source does not say how "
                   "many. By: contributors.\nSetups: different settings of the tool among the runs of a row. A row of "
                   "1 device is about that device.\n");
    inputs_left_out(results, &left_out);
    if (left_out.len > 0)
        buf_addf(into, "%s%s\n", format == OUTPUT_MARKDOWN ? "\n" : "", buf_text(&left_out));
}

static int print_one(const struct comparison *comparison, struct printing *how, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    struct buf *into = how->writer.out;
    const int status = columns_table(comparison, how->order, &table, err);

    if (status < 0)
        return status;
    if (how->format != OUTPUT_JSON) {
        note_state(how, &table);
        note_pools(comparison, &table);
        note_twins(comparison, &how->twins, &table);
    }
    if (how->format == OUTPUT_JSON) {
        add_json(comparison, &table, how->state, &how->writer);
    } else if (how->format == OUTPUT_MARKDOWN) {
        add_markdown(comparison, &table, into);
    } else {
        buf_adds(into, into->len > 0 ? "\n" : "");
        table_print_text(&table, into);
    }
    return 0;
}

/* The metrics that few rows have, for people; JSON has them in the one table. */
static int print_further(const struct comparison *comparison, struct printing *how, struct err *err)
{
    struct arena arena = {.blocks = NULL};
    struct comparison further;
    bool any = false;
    int status = how->format == OUTPUT_JSON ? 0 : comparison_further(comparison, &arena, &further, &any, err);

    if (status == 0 && any)
        status = print_one(&further, how, err);
    arena_done(&arena);
    return status;
}

static int print_tables(const struct comparison_set *set, struct printing *how, struct err *err)
{
    struct json_writer *writer = &how->writer;

    if (how->format == OUTPUT_JSON) {
        json_begin_object(writer);
        json_write_key(writer, "tables");
        json_begin_array(writer);
    }
    for (size_t i = 0; i < set->count; i++) {
        int status = print_one(&set->items[i], how, err);

        if (status == 0)
            status = print_further(&set->items[i], how, err);
        if (status < 0)
            return status;
    }
    if (how->format == OUTPUT_JSON) {
        json_end_array(writer);
        json_end_object(writer);
        buf_addc(writer->out, '\n');
    }
    return 0;
}

/* One table for all, because a CSV has one heading. */
static int print_csv(const struct comparison_set *set, struct buf *into, struct err *err)
{
    const struct report report = {.comparisons = set};
    autotable struct table table = {.caption = NULL};
    const int status = data_figures(&report, &table, err);

    if (status == 0)
        table_print_csv(&table, into);
    return status;
}

/* Chips of a family, a vendor, … together: medians of chips, marked as such. */
static int print_groups(const struct invocation *invocation, const struct result_set *results,
                        enum output_format format, struct err *err)
{
    const struct comparison_filter filter = {option_text(invocation, "model"), option_text(invocation, "quantization"),
                                             option_text(invocation, "metric"), option_text(invocation, "tool")};
    autocomparisons struct comparison_set set = {.count = 0};
    autotables struct table_list list = {.count = 0};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    int status = inputs_compare(invocation, results, &filter, option_text(invocation, "chip"), &set, err);

    if (status == 0)
        status = grouped_tables(&set, option_text(invocation, "group-by"), &list, err);
    if (status < 0)
        return status;
    output_tables(&list, format, &text);
    return inputs_print(&text, err);
}

int verb_table(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter filter = {option_text(invocation, "model"), option_text(invocation, "quantization"),
                                             option_text(invocation, "metric"), option_text(invocation, "tool")};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    struct printing how = {.writer = json_writer(&text, 1)};
    int status = output_format_of(invocation, &how.format, err);

    if (status == 0)
        status = order_of(invocation, &how.order, err);
    if (status == 0)
        status = inputs_state(invocation, &how.state, err);
    if (status == 0)
        status = how.state == STATE_ACCEPTED ? inputs_load_selected_values(invocation, 0, &results, err)
                                             : inputs_load_selected(invocation, 0, &results, err);
    results.counted = how.state;
    if (status == 0 && option_text(invocation, "group-by") != NULL)
        return print_groups(invocation, &results, how.format, err);
    if (status == 0)
        status = inputs_compare(invocation, &results, &filter, option_text(invocation, "chip"), &set, err);
    if (status == 0)
        status = twins_find(&set, &how.twins, err);
    if (status == 0)
        status = how.format == OUTPUT_CSV ? print_csv(&set, &text, err) : print_tables(&set, &how, err);
    if (status == 0 && (how.format == OUTPUT_TEXT || how.format == OUTPUT_MARKDOWN))
        add_legend(&results, how.format, &text);
    twin_list_done(&how.twins);
    return status < 0 ? status : inputs_print(&text, err);
}
