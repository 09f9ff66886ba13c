/* A page for each model in one quantization: its charts, and tables that can be sorted, filtered and related to
 * another baseline. */
#include "analyze/report/columns.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

/* What tells the workloads of a model apart: "tg128: generating 128 tokens", "pp512, depth=4096"; the metric where
 * nothing does. */
static void name_workload(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf title = BUF(8192), model = BUF(4096), task = BUF(1024);

    comparison_title(comparison, &title);
    comparison_model_name(comparison->model, comparison->quantization, &model);
    comparison_explain_task(comparison->task, &task);
    const char *rest = title.len > model.len + 2 ? buf_text(&title) + model.len + 2 : comparison->metrics[0].title;

    buf_adds(into, task.len > 0 && text_equal(rest, comparison->task) ? buf_text(&task) : rest);
}

/* Where several follow each other, the later ones are far down. */
static void add_contents(const struct comparison *items, size_t count, struct buf *into)
{
    if (count < 2)
        return;
    buf_adds(into, "<ul class=\"links\">\n");
    for (size_t i = 0; i < count; i++) {
        autobuf struct buf href = BUF(64), title = BUF(8192);

        buf_addf(&href, "#w%zu", i + 1);
        name_workload(&items[i], &title);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&href), buf_text(&title));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, "</ul>\n");
}

/* What the table of a comparison links to. */
struct table_view {
    const struct comparison *comparison;
    size_t chip_column, rank_column;
    size_t number; /* of the table on its page */
};

static const struct comparison_row *row_at(const struct table_view *view, size_t row)
{
    return &view->comparison->rows[view->comparison->by_value[row]];
}

static void name_row(void *context, size_t row, struct buf *into)
{
    const struct table_view *view = context;
    const struct comparison_row *at = row_at(view, row);
    autobuf struct buf name = BUF(4096);

    comparison_row_name(at, false, &name);
    buf_addf(&name, " %s", at->backend);
    buf_addf(into, "r%zu-", view->number);
    encode_file_name(into, str_of(buf_text(&name)));
}

static void link_cell(void *context, size_t row, size_t column, struct buf *into)
{
    const struct table_view *view = context;

    if (column == view->chip_column) {
        site_chip_page(row_at(view, row)->chip, into);
    } else if (column == view->rank_column) {
        buf_addc(into, '#');
        name_row(context, row, into);
    }
}

static size_t column_titled(const struct table *table, const char *title)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (text_equal(table->columns[i].title, title))
            return i;
    return SIZE_MAX;
}

static size_t base_row(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->row_count; i++)
        if (comparison->by_value[i] == comparison->baseline)
            return i;
    return TABLE_NO_ROW;
}

static void add_notes(const struct comparison *comparison, struct buf *into)
{
    const size_t unknown = report_rows_without_runs(comparison);
    autobuf struct buf slug = BUF(256);

    report_slug(comparison, &slug);
    buf_adds(into, "<p class=\"note\">");
    if (columns_have_factors(comparison)) {
        buf_adds(into, "Factors against ");
        site_text(into, comparison->baseline_name);
        buf_adds(into, ", greater is better. ");
        if (comparison->backends_differ)
            buf_adds(into, "Between two backends a factor is of chip and backend together. ");
    }
    if (unknown == comparison->row_count)
        buf_adds(into, "No run counts are published (n/a): no interval, and an unknown margin. ");
    else if (unknown > 0)
        buf_addf(into, "%zu of %zu rows %s no run count (n/a): no interval there, and an unknown margin. ", unknown,
                 comparison->row_count, unknown == 1 ? "has" : "have");
    if (!comparison->further)
        buf_addf(into, "Download: <a href=\"../data/table-%s.csv\">CSV</a>.", buf_text(&slug));
    buf_adds(into, "</p>\n");
}

static int add_table(const struct comparison *comparison, size_t number, struct buf *into, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf id = BUF(32), caption = BUF(8192);
    const int status = columns_table(comparison, ORDER_VALUE, &table, err);

    if (status < 0)
        return status;
    struct table_view view = {comparison, column_titled(&table, "Chip"), column_titled(&table, "#"), number};

    buf_addf(&id, "t%zu", number);
    comparison_title(comparison, &caption);
    buf_adds(&caption, comparison->further ? ": further metrics" : ": best first");
    const struct table_html how = {.id = buf_text(&id),
                                   .caption = buf_text(&caption),
                                   .head_column = view.chip_column,
                                   .base_row = base_row(comparison),
                                   .tools = true,
                                   .notes = "reading.html",
                                   .context = &view,
                                   .link = link_cell,
                                   .row_name = name_row};

    table_print_html(&table, &how, into);
    add_notes(comparison, into);
    return 0;
}

static int add_further(const struct site *site, const struct comparison *comparison, size_t *number, struct buf *into,
                       struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct comparison further;
    bool any = false;
    int status = comparison_further(comparison, &arena, &further, &any, err);

    if (status == 0 && any) {
        buf_adds(into, "<h3>Metrics that few rows have</h3>\n");
        status = site_chart(site, &further, into, err);
    }
    if (status == 0 && any)
        status = add_table(&further, ++*number, into, err);
    return status;
}

static int add_model(struct site *site, size_t begin, size_t end, struct err *err)
{
    const struct comparison *items = site->report->comparisons->items;
    autobuf struct buf content = BUF(PAGE_BYTES_MAX), title = BUF(4096), name = BUF(4096);
    size_t number = 0;

    report_section_title(&items[begin], &title);
    buf_adds(&content, "<h1>");
    site_text(&content, buf_text(&title));
    buf_adds(&content, "</h1>\n<p class=\"lead\">Measured with ");
    site_text(&content, items[begin].tool);
    buf_adds(&content, "; ");
    report_plural(&content, end - begin, "workload", "workloads");
    buf_adds(&content, ". One table is one workload in one quantization; a row is a chip.</p>\n");
    add_contents(&items[begin], end - begin, &content);
    for (size_t i = begin; i < end; i++) {
        autobuf struct buf heading = BUF(8192);

        name_workload(&items[i], &heading);
        buf_addf(&content, "<h2 id=\"w%zu\">", i - begin + 1);
        site_text(&content, buf_text(&heading));
        buf_adds(&content, "</h2>\n");
        int status = site_chart(site, &items[i], &content, err);

        if (status == 0)
            status = add_table(&items[i], ++number, &content, err);
        if (status == 0)
            status = add_further(site, &items[i], &number, &content, err);
        if (status < 0)
            return status;
    }
    site_model_page(&items[begin], &name);
    buf_addf(&title, " (%s)", items[begin].tool);
    return site_add_page(site, buf_text(&name), buf_text(&title),
                         "Benchmark results of one model on all measured chips.", WITH_SCRIPT, &content, err);
}

int site_add_models(struct site *site, struct err *err)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < site->report->comparisons->count;) {
        const size_t end = report_section_end(site->report, i);

        status = add_model(site, i, end, err);
        i = end;
    }
    return status;
}
