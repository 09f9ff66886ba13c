#include "analyze/report/gate_report.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/report/left_out.h"
#include "analyze/report/side_table.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

/* What a person must see first. */
static int urgency(enum gate_outcome outcome)
{
    static const int order[] = {
        [GATE_REGRESSED] = 0, [GATE_OTHER_OUTPUT] = 1, [GATE_UNCERTAIN] = 2, [GATE_IMPROVED] = 3,
        [GATE_HELD] = 4,      [GATE_NOT_JUDGED] = 5,   [GATE_IGNORED] = 6};

    return order[outcome];
}

static int compare_rows(const void *left, const void *right)
{
    const struct gate_row *const *a = left, *const *b = right;
    const int first = urgency((*a)->outcome), second = urgency((*b)->outcome);

    if (first != second)
        return first < second ? -1 : 1;
    return ((*a)->row > (*b)->row) - ((*a)->row < (*b)->row);
}

/* What tells the rows apart, "Q4_0, tg128"; the task where nothing does. */
static void add_name(const struct side_rows *rows, const struct side_row *row, struct buf *into)
{
    bool begun = false;

    for (size_t i = 0; i < rows->facet_count; i++) {
        const char *value = row->facets[i];

        if (text_is_empty(value) || !side_rows_vary(rows, i))
            continue;
        buf_addf(into, "%s%s", begun ? ", " : "", value);
        begun = true;
    }
    for (size_t i = 0; i < rows->facet_count && !begun; i++)
        if (text_equal(rows->facets[i], "task") && !text_is_empty(row->facets[i])) {
            buf_adds(into, row->facets[i]);
            begun = true;
        }
    if (!begun)
        buf_adds(into, "all");
}

static void put_row(const struct side_rows *rows, const struct gate_row *row, struct table *table)
{
    autobuf struct buf name = BUF(8192);
    char text[FIGURE_SIZE];
    const double before = row->row->evidence[0].value, now = row->row->evidence[1].value;
    const int decimals = figure_decimals(before, (double)NAN);

    add_name(rows, row->row, &name);
    table_row(table);
    table_put_text(table, gate_word(row->outcome));
    if (row->outcome == GATE_REGRESSED)
        table_mark_bold(table);
    table_put_text(table, buf_text(&name));
    put_metric_name(table, row->row->metric);
    table_put_text(table, text_is_empty(row->row->unit) ? NULL : row->row->unit);
    table_put_number(table, before, decimals, NULL);
    table_put_number(table, now, decimals, NULL);
    table_put_number(table, 100 * row->change, 1,
                     isfinite(row->change) ? figure_percent(text, 100 * row->change, 1, true) : NULL);
    table_put_number(table, 100 * row->threshold, 1, figure_percent(text, 100 * row->threshold, 1, false));
    table_put_number(table, row->row->verdicts[1].q, 4, row->row->verdicts[1].q < 0.0001 ? "<0.0001" : NULL);
    table_put_text(table, row->why);
}

void gate_headline(const struct gate *gate, struct buf *into)
{
    static const enum gate_outcome others[] = {GATE_OTHER_OUTPUT, GATE_HELD,       GATE_IMPROVED,
                                               GATE_UNCERTAIN,    GATE_NOT_JUDGED, GATE_IGNORED};
    enum gate_outcome first = GATE_HELD;

    if (gate->outcomes[GATE_REGRESSED] > 0)
        first = GATE_REGRESSED;
    else if (gate->outcomes[GATE_OTHER_OUTPUT] > 0)
        first = GATE_OTHER_OUTPUT;
    const size_t count = gate->outcomes[first];

    if (first != GATE_HELD)
        buf_addf(into, "%s: %zu of %zu %s", first == GATE_REGRESSED ? "Regressed" : "Not comparable", count,
                 gate->row_count, gate->row_count == 1 ? "figure" : "figures");
    else if (gate->left_out > 0)
        buf_addf(into, "Not comparable: figures are missing, and %zu %s of the new results failed or %s quarantined",
                 gate->left_out, gate->left_out == 1 ? "run" : "runs", gate->left_out == 1 ? "is" : "are");
    else if (gate_exit_status(gate) == 2)
        buf_adds(into, "Not comparable: no figure could be judged");
    else
        buf_addf(into, "Held: %zu %s", count, count == 1 ? "figure" : "figures");
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        if ((others[i] != first || gate->left_out > 0) && gate->outcomes[others[i]] > 0)
            buf_addf(into, "; %zu %s", gate->outcomes[others[i]], gate_word(others[i]));
}

/* How to accept what changed. */
static void add_hashes(const struct gate *gate, struct table *table)
{
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct evidence *sides = gate->rows[i].row->evidence;
        autobuf struct buf line = BUF(1024);

        if (gate->rows[i].outcome != GATE_OTHER_OUTPUT || sides[0].output == NULL || sides[1].output == NULL)
            continue;
        buf_addf(&line, "Quality hash before %s, now %s: --accept-hash %s=%s accepts that change.", sides[0].output,
                 sides[1].output, sides[0].output, sides[1].output);
        table_note(table, buf_text(&line));
        return;
    }
}

static void add_notes(const struct result_set *set, const struct gate *gate, const struct side_rows *rows,
                      const struct side_list *sides, struct table *table)
{
    size_t tested = 0, untested = 0;
    autobuf struct buf line = BUF(8192);

    for (size_t i = 0; i < gate->row_count; i++)
        if (gate->rows[i].outcome <= GATE_UNCERTAIN)
            *(gate->rows[i].tested ? &tested : &untested) += 1;
    buf_addf(&line, "Before: %s. Now: %s.", sides->items[0].name, sides->items[1].name);
    table_note(table, buf_text(&line));
    side_table_same(set, rows, sides, table);
    side_table_compared(rows, sides->count, table);
    add_hashes(gate, table);
    buf_reset(&line);
    buf_addf(&line, "%zu judged by the size of the change alone: a test needs at least %d values on each side.%s",
             untested, VERDICT_LEAST, tested > 0 ? " The others regressed only where the rank test agrees." : "");
    if (untested > 0)
        table_note(table, buf_text(&line));
    for (size_t side = 0; side < 2; side++) {
        buf_reset(&line);
        buf_addf(&line, "%zu %s only in the %s and %s not compared.", rows->only_on[side],
                 rows->only_on[side] == 1 ? "figure is" : "figures are", side == 0 ? "baseline" : "new results",
                 rows->only_on[side] == 1 ? "was" : "were");
        if (rows->only_on[side] > 0)
            table_note(table, buf_text(&line));
    }
}

int gate_table(const struct result_set *set, const struct side_rows *rows, const struct gate *gate,
               const struct side_list *sides, struct table *ret, struct err *err)
{
    autofree const struct gate_row **order = mem_zalloc(gate->row_count + 1, sizeof(*order));
    autobuf struct buf caption = BUF(1024);

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < gate->row_count; i++)
        order[i] = &gate->rows[i];
    qsort(order, gate->row_count, sizeof(*order), compare_rows);
    gate_headline(gate, &caption);
    table_init(ret, buf_text(&caption));
    table_column(ret, "outcome", "Outcome", ALIGN_LEFT);
    table_column(ret, "workload", "Workload", ALIGN_LEFT);
    metric_columns(ret);
    table_column(ret, "unit", "Unit", ALIGN_LEFT);
    table_column(ret, "before", "Before", ALIGN_RIGHT);
    table_column(ret, "now", "Now", ALIGN_RIGHT);
    table_column(ret, "change_percent", "Change", ALIGN_RIGHT);
    table_column(ret, "threshold_percent", "Allowed", ALIGN_RIGHT);
    table_column(ret, "p_adjusted", "p", ALIGN_RIGHT);
    table_column(ret, "why", "Why", ALIGN_LEFT);
    table_column_whole(ret);
    for (size_t i = 0; i < gate->row_count; i++)
        put_row(rows, order[i], ret);
    struct side_list named = *sides;

    named.items[0].label = "Before";
    named.items[1].label = "Now";
    add_notes(set, gate, rows, &named, ret);
    const int status = left_out_of_sides(set, &named, ret, err);

    return status < 0 ? status : table_check(ret, err);
}

/* ---- JUnit XML, as CI servers read it */

static void add_case(const struct side_rows *rows, const struct gate_row *row, struct buf *into)
{
    autobuf struct buf name = BUF(8192);
    char change[FIGURE_SIZE];

    add_name(rows, row->row, &name);
    buf_adds(into, "  <testcase classname=\"crosschip\" name=\"");
    encode_xml(into, str_of(buf_text(&name)));
    buf_adds(into, ": ");
    encode_xml(into, str_of(row->row->metric));
    buf_adds(into, "\"");
    const char *element = row->outcome == GATE_REGRESSED      ? "failure"
                          : row->outcome == GATE_OTHER_OUTPUT ? "error"
                          : row->outcome == GATE_IGNORED      ? "skipped"
                          : row->outcome == GATE_NOT_JUDGED   ? "skipped"
                                                              : NULL;

    if (element == NULL) {
        buf_adds(into, "/>\n");
        return;
    }
    buf_addf(into, "><%s message=\"%s", element, gate_word(row->outcome));
    if (isfinite(row->change))
        buf_addf(into, " %s", figure_percent(change, 100 * row->change, 1, true));
    if (row->why != NULL) {
        buf_adds(into, ": ");
        encode_xml(into, str_of(row->why));
    }
    buf_adds(into, "\"/></testcase>\n");
}

static void add_properties(const struct side_rows *rows, struct buf *into)
{
    buf_adds(into, rows->compared_count > 0 ? "  <properties>\n" : "");
    for (size_t i = 0; i < rows->compared_count; i++) {
        autobuf struct buf values = BUF(8192);

        side_rows_say_compared(rows, i, 2, &values);
        buf_addf(into, "    <property name=\"The sides differ in %s\" value=\"", rows->compared[i]);
        encode_xml(into, str_of(buf_text(&values)));
        buf_adds(into, "\"/>\n");
    }
    buf_adds(into, rows->compared_count > 0 ? "  </properties>\n" : "");
}

void gate_junit(const struct side_rows *rows, const struct gate *gate, struct buf *into)
{
    buf_addf(into,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"crosschip-analyze check\" tests=\"%zu\" "
             "failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
             gate->row_count + (gate->left_out > 0 ? 1 : 0), gate->outcomes[GATE_REGRESSED],
             gate->outcomes[GATE_OTHER_OUTPUT] + (gate->left_out > 0 ? 1 : 0),
             gate->outcomes[GATE_IGNORED] + gate->outcomes[GATE_NOT_JUDGED]);
    add_properties(rows, into);
    for (size_t i = 0; i < gate->row_count; i++)
        add_case(rows, &gate->rows[i], into);
    if (gate->left_out > 0)
        buf_addf(into,
                 "  <testcase classname=\"crosschip\" name=\"runs left out\"><error message=\"figures are missing, and "
                 "%zu of the new runs failed or are quarantined\"/></testcase>\n",
                 gate->left_out);
    buf_adds(into, "</testsuite>\n");
}
