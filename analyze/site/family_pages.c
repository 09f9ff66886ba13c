/* A page for each family (generation) of chips: its members beside one another, and what nobody measured. */
#include <math.h>

#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

static bool same_generation(const struct coverage_row *a, const struct coverage_row *b)
{
    return a->family == b->family && text_equal(a->generation, b->generation);
}

/* The best row of a chip; NAN where it has none. */
static double best_figure(const struct comparison *at, const char *chip)
{
    for (size_t i = 0; i < at->row_count; i++) {
        const struct comparison_row *row = &at->rows[at->by_value[i]];

        if (text_equal(row->chip, chip) && isfinite(row->figures[0].value))
            return row->figures[0].value;
    }
    return (double)NAN;
}

static bool has_cell(const struct coverage *coverage, size_t row, size_t column)
{
    return coverage->cells[row * coverage->column_count + column].devices > 0;
}

/* Rows of the coverage: the measured chips of one family. */
struct members {
    size_t *rows;
    size_t count;
};

static void find_members(const struct coverage *coverage, size_t first, struct members *members)
{
    for (size_t i = 0; i < coverage->row_count; i++)
        if (coverage->rows[i].measured && same_generation(&coverage->rows[i], &coverage->rows[first]))
            members->rows[members->count++] = i;
}

static bool is_of_column(const struct comparison *at, const struct coverage_column *column)
{
    return text_equal(at->tool, column->tool) && text_equal(at->model, column->model) &&
           text_equal(at->quantization, column->quantization);
}

static size_t count_members(const struct coverage *coverage, const struct members *members, const struct comparison *at)
{
    size_t count = 0;

    for (size_t i = 0; i < members->count; i++)
        count += isfinite(best_figure(at, coverage->rows[members->rows[i]].chip)) ? 1 : 0;
    return count;
}

/* Models by which the members can be compared: of each the workload that most of them have; what most have stands
 * first, else models keep their order. */
struct shared {
    const struct comparison **workloads;
    size_t *have;           /* members that have each */
    size_t count, left_out; /* models that no two members have in common */
};

static const struct comparison *workload_of(const struct report *report, const struct members *members, size_t column,
                                            size_t *ret_count)
{
    const struct comparison *workload = NULL;
    size_t most = 1;

    for (size_t i = 0; i < report->comparisons->count; i++) {
        const struct comparison *at = &report->comparisons->items[i];

        if (!is_of_column(at, &report->coverage->columns[column]))
            continue;
        const size_t count = count_members(report->coverage, members, at);

        if (count <= most)
            continue;
        most = count;
        workload = at;
    }
    *ret_count = most;
    return workload;
}

static void insert_workload(struct shared *shared, const struct comparison *workload, size_t count)
{
    size_t at = shared->count++;

    for (; at > 0 && shared->have[at - 1] < count; at--) {
        shared->workloads[at] = shared->workloads[at - 1];
        shared->have[at] = shared->have[at - 1];
    }
    shared->workloads[at] = workload;
    shared->have[at] = count;
}

static void find_shared(const struct report *report, const struct members *members, struct shared *shared)
{
    const struct coverage *coverage = report->coverage;

    for (size_t column = 0; column < coverage->column_count; column++) {
        bool measured = false;
        size_t have = 0;

        for (size_t i = 0; i < members->count && !measured; i++)
            measured = has_cell(coverage, members->rows[i], column);
        if (!measured)
            continue;
        const struct comparison *workload = workload_of(report, members, column, &have);

        if (workload != NULL)
            insert_workload(shared, workload, have);
        else
            shared->left_out++;
    }
}

struct family_view {
    const char **chips; /* of each row */
};

static void link_chip(void *context, size_t row, size_t column, struct buf *into)
{
    const struct family_view *view = context;

    if (column == 0)
        site_chip_page(view->chips[row], into);
}

static void add_column(const struct comparison *workload, struct table *table)
{
    autobuf struct buf title = BUF(8192);

    comparison_title(workload, &title);
    buf_addf(&title, ": %s, %s", workload->metrics[0].title, workload->metrics[0].unit);
    table_column_for_people(table, buf_text(&title), ALIGN_RIGHT);
}

/* The models from..to: what a screen and a sheet of paper hold. */
#define MODELS_BESIDE 8

static void fill(const struct coverage *coverage, const struct members *members, const struct shared *shared,
                 size_t from, size_t to, struct table *table)
{
    table_column_for_people(table, "Chip", ALIGN_LEFT);
    table_column_for_people(table, "Models measured", ALIGN_RIGHT);
    for (size_t i = from; i < to; i++)
        add_column(shared->workloads[i], table);
    for (size_t member = 0; member < members->count; member++) {
        const size_t i = members->rows[member];
        int64_t models = 0;

        for (size_t j = 0; j < coverage->column_count; j++)
            models += has_cell(coverage, i, j) ? 1 : 0;
        table_row(table);
        table_put_text(table, catalog_short_chip_name(coverage->rows[i].chip));
        table_put_integer(table, models);
        for (size_t j = from; j < to; j++) {
            const double value = best_figure(shared->workloads[j], coverage->rows[i].chip);

            table_put_number(table, value, 0, NULL);
        }
    }
    for (size_t i = from; i < to; i++)
        table_even_decimals(table, 2 + i - from);
}

static void add_left_out(const struct members *members, size_t count, struct buf *into)
{
    if (count == 0)
        return;
    if (members->count == 1) {
        buf_adds(into, "<p class=\"note\">One chip of this family is measured: its page has every figure.</p>\n");
        return;
    }
    buf_adds(into, "<p class=\"note\">Left out: ");
    report_plural(into, count, "model", "models");
    buf_adds(into, " that no two of these chips have in common. The pages of the chips have every figure.</p>\n");
}

/* One table of the models from..to; what is looked for in one is not looked for in the others. */
static int add_table(const struct report *report, const struct members *members, const struct shared *shared,
                     size_t from, size_t to, struct family_view *view, struct buf *into, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf id = BUF(64), caption = BUF(512);

    buf_adds(&id, "members");
    buf_adds(&caption,
             "Members side by side: of each model the workload that most of them have, of each chip the best row");
    if (from > 0)
        buf_addf(&id, "-%zu", from / MODELS_BESIDE + 1);
    if (shared->count > MODELS_BESIDE)
        buf_addf(&caption, "; models %zu to %zu of %zu", from + 1, to, shared->count);
    table_init(&table, NULL);
    fill(report->coverage, members, shared, from, to, &table);
    const struct table_html how = {.id = buf_text(&id),
                                   .caption = buf_text(&caption),
                                   .base_row = TABLE_NO_ROW,
                                   .tools = shared->count <= MODELS_BESIDE,
                                   .context = view,
                                   .link = link_chip};

    table_print_html(&table, &how, into);
    return table_check(&table, err);
}

static int add_members(struct site *site, size_t first, struct buf *into, struct err *err)
{
    const struct coverage *coverage = site->report->coverage;
    autofree const struct comparison **workloads = mem_zalloc(coverage->column_count + 1, sizeof(*workloads));
    autofree const char **chips = mem_zalloc(coverage->row_count + 1, sizeof(*chips));
    autofree size_t *rows = mem_zalloc(coverage->row_count + 1, sizeof(*rows));
    autofree size_t *have = mem_zalloc(coverage->column_count + 1, sizeof(*have));
    struct members members = {rows, 0};
    struct shared shared = {.workloads = workloads, .have = have};
    struct family_view view = {chips};
    int status = 0;

    if (workloads == NULL || chips == NULL || rows == NULL || have == NULL)
        return mem_error(err);
    find_members(coverage, first, &members);
    find_shared(site->report, &members, &shared);
    for (size_t i = 0; i < members.count; i++)
        chips[i] = coverage->rows[rows[i]].chip;
    size_t from = 0;

    do {
        const size_t to = from + MODELS_BESIDE < shared.count ? from + MODELS_BESIDE : shared.count;

        status = add_table(site->report, &members, &shared, from, to, &view, into, err);
        from = to;
    } while (status == 0 && from < shared.count);
    add_left_out(&members, shared.left_out, into);
    return status;
}

static void add_absent(const struct site *site, size_t first, struct buf *into)
{
    const struct coverage *coverage = site->report->coverage;
    size_t named = 0;

    for (size_t i = 0; i < coverage->row_count; i++) {
        if (coverage->rows[i].measured || !same_generation(&coverage->rows[i], &coverage->rows[first]))
            continue;
        buf_adds(into, named++ == 0 ? "<h2>Not measured yet</h2>\n<p>" : ", ");
        site_text(into, catalog_short_chip_name(coverage->rows[i].chip));
    }
    if (named > 0)
        buf_adds(into, ". <a href=\"contribute.html\">Send a result.</a></p>\n");
}

static void add_pairs(const struct site *site, size_t first, struct buf *into)
{
    size_t named = 0;

    for (size_t i = 0; i < site->pair_count; i++) {
        const struct site_pair *pair = &site->pairs[i];
        autobuf struct buf page = BUF(4096), name = BUF(4096);
        const struct coverage_row *of = &site->report->coverage->rows[first];

        if (!same_generation(pair->row_a, of) || !same_generation(pair->row_b, of))
            continue;
        buf_adds(into, named++ == 0 ? "<h2>Compare two</h2>\n<ul class=\"links\">\n<li>" : "<li>");
        site_pair_page(pair->a, pair->b, &page);
        buf_addf(&name, "%s and %s", catalog_short_chip_name(pair->a), catalog_short_chip_name(pair->b));
        site_link(into, buf_text(&page), buf_text(&name));
        buf_adds(into, "</li>\n");
    }
    if (named > 0)
        buf_adds(into, "</ul>\n");
}

static int add_family(struct site *site, size_t first, struct err *err)
{
    const struct chip *entry = site->report->coverage->rows[first].entry;
    autobuf struct buf content = BUF(PAGE_BYTES_MAX), title = BUF(4096), name = BUF(4096);

    site_generation_name(entry, &title);
    buf_adds(&content, "<h1>");
    site_text(&content, buf_text(&title));
    buf_adds(&content, "</h1>\n<p class=\"lead\">The chips of one family side by side.</p>\n");
    const int status = add_members(site, first, &content, err);

    if (status < 0)
        return status;
    add_pairs(site, first, &content);
    add_absent(site, first, &content);
    site_generation_page(entry, &name);
    return site_add_page(site, buf_text(&name), buf_text(&title), "The chips of one family side by side.", WITH_SCRIPT,
                         &content, err);
}

int site_add_generations(struct site *site, struct err *err)
{
    const struct coverage *coverage = site->report->coverage;
    int status = 0;

    for (size_t i = 0; status == 0 && i < coverage->row_count; i++) {
        bool told = !coverage->rows[i].measured || !site_has_generation(coverage->rows[i].entry);

        for (size_t j = 0; j < i && !told; j++)
            told = coverage->rows[j].measured && same_generation(&coverage->rows[i], &coverage->rows[j]);
        if (!told)
            status = add_family(site, i, err);
    }
    return status;
}
