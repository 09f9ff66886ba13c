/* crosschip-analyze table */
#include <string.h>

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

static int print_one(const struct comparison *comparison, struct printing *how, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    struct buf *into = how->writer.out;
    const int status = columns_table(comparison, how->order, &table, err);

    if (status < 0)
        return status;
    note_state(how, &table);
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
        status = how.format == OUTPUT_CSV ? print_csv(&set, &text, err) : print_tables(&set, &how, err);
    return status < 0 ? status : inputs_print(&text, err);
}
