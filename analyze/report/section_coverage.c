/* The matrix of chips and models, and the ranked gaps. */
#include "analyze/report/coverage_tables.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

#define GAPS_SHOWN 20
#define COLUMNS_SHOWN 40

int coverage_matrix(const struct coverage *coverage, bool all, struct table *ret, struct err *err)
{
    table_init(ret, "Coverage: devices measured, or what is needed");
    table_column(ret, "chip", "Chip", ALIGN_LEFT);
    for (size_t i = 0; i < coverage->column_count; i++) {
        autobuf struct buf title = BUF(1024);
        const struct coverage_column *column = &coverage->columns[i];

        comparison_model_name(column->model, column->quantization, &title);
        table_column(ret, buf_text(&title), buf_text(&title), ALIGN_CENTRE);
    }
    for (size_t i = 0; i < coverage->row_count; i++) {
        const struct coverage_cell *cells = &coverage->cells[i * coverage->column_count];
        bool worth = all || coverage->rows[i].measured;

        for (size_t j = 0; j < coverage->column_count; j++)
            worth = worth || cells[j].asked;
        if (!worth)
            continue;
        table_row(ret);
        table_put_text(ret, all ? coverage->rows[i].chip : catalog_short_chip_name(coverage->rows[i].chip));
        for (size_t j = 0; j < coverage->column_count; j++) {
            if (cells[j].devices > 0)
                table_put_integer(ret, (int64_t)cells[j].devices);
            else
                table_put_text(ret, cells[j].asked ? "need" : NULL);
        }
    }
    const int status = table_check(ret, err);

    if (status < 0)
        table_done(ret);
    return status;
}

int coverage_gaps(const struct coverage *coverage, size_t most, struct table *ret, struct err *err)
{
    table_init(ret, "Results needed, most wanted first");
    table_column(ret, "rank", "#", ALIGN_RIGHT);
    table_column(ret, "gap", "Gap", ALIGN_LEFT);
    table_column(ret, "what", "Chip or generation", ALIGN_LEFT);
    table_column(ret, "model", "Model", ALIGN_LEFT);
    table_column(ret, "quantization", "Quantization", ALIGN_LEFT);
    table_column(ret, "tool", "Tool", ALIGN_LEFT);
    for (size_t i = 0; i < coverage->gap_count && i < most; i++) {
        const struct coverage_gap *gap = &coverage->gaps[i];
        const struct coverage_column *column = &coverage->columns[gap->column];
        autobuf struct buf what = BUF(8192);

        buf_addf(&what, "%s%s%s%s", gap->what, gap->examples != NULL ? " (" : "",
                 gap->examples != NULL ? gap->examples : "", gap->examples != NULL ? ")" : "");
        table_row(ret);
        table_put_integer(ret, (int64_t)i + 1);
        table_put_text(ret, gap_kind_words(gap->kind));
        table_put_text(ret, buf_text(&what));
        table_put_text(ret, text_is_empty(column->model) ? NULL : column->model);
        table_put_text(ret, text_is_empty(column->quantization) ? NULL : column->quantization);
        table_put_text(ret, column->tool);
    }
    const int status = table_check(ret, err);

    if (status < 0)
        table_done(ret);
    return status;
}

/* How many gaps there are of each kind, as a sentence. */
static void add_gap_counts(const struct coverage *coverage, struct buf *into)
{
    size_t counts[GAP_NONE] = {0}, named = 0;

    buf_adds(into, "Gaps: ");
    for (size_t i = 0; i < coverage->gap_count; i++)
        counts[coverage->gaps[i].kind]++;
    for (int i = 0; i < GAP_NONE; i++) {
        if (counts[i] == 0)
            continue;
        buf_addf(into, "%s%zu × %s", named++ > 0 ? "; " : "", counts[i], gap_kind_words((enum gap_kind)i));
    }
    buf_adds(into, ".\n\n");
}

int section_coverage(const struct report *report, struct buf *into, struct err *err)
{
    const struct coverage *coverage = report->coverage;
    autotable struct table matrix = {.caption = NULL}, gaps = {.caption = NULL};
    int status = coverage_matrix(coverage, false, &matrix, err);

    if (status == 0)
        status = coverage_gaps(coverage, GAPS_SHOWN, &gaps, err);
    if (status < 0)
        return status;
    buf_adds(into, "## Coverage\n\n");
    if (coverage->column_count == 0) {
        buf_adds(into, "No data.\n");
        return buf_check(into, err);
    }
    if (coverage->column_count > COLUMNS_SHOWN) {
        buf_addf(into, "%zu models and quantizations are too many to stand side by side: ", coverage->column_count);
        buf_adds(into, "the data file has a line for each chip and model.\n\n");
    } else {
        buf_adds(into, "Number of devices behind each chip and model; `need` marks a chip of a family that others have "
                       "measured, – a chip that nobody asks for yet.\n\n");
        section_table(into, &matrix);
    }
    if (coverage->gap_count > 0) {
        buf_adds(into, "### Results needed\n\n");
        add_gap_counts(coverage, into);
        section_table(into, &gaps);
        if (coverage->gap_count > GAPS_SHOWN)
            buf_addf(into, "The first %d of %zu gaps. ", GAPS_SHOWN, coverage->gap_count);
    }
    buf_adds(into, "Data: [coverage.csv](data/coverage.csv).\n");
    return buf_check(into, err);
}
