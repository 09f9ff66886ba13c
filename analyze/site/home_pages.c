/* The first page, and the page to find a chip or a model on. */
#include <math.h>

#include "analyze/report/answers.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define BEST_MOST 4     /* tools whose best figure stands on the first screen */
#define CHARTS_MOST 3   /* tools whose chart stands on the first page; others are linked */
#define LISTED_MOST 40  /* models that the first page lists */
#define MODELS_NAMED 20 /* of a chip in the list of all, which is searched by them; never one more */

/* ---- home */

/* "Generation throughput: Llama 2 7B Q4_0, tg128 (llama-bench)". */
static void name_headline(const struct comparison *headline, struct buf *into)
{
    buf_addf(into, "%s: ", headline->metrics[0].title);
    comparison_title(headline, into);
    buf_addf(into, " (%s)", headline->tool);
}

static int add_headline(const struct site *site, const struct comparison *headline, struct buf *into, struct err *err)
{
    autobuf struct buf title = BUF(16384), page = BUF(4096);

    name_headline(headline, &title);
    site_model_page(headline, &page);
    buf_adds(into, "<h2>");
    site_text(into, buf_text(&title));
    buf_adds(into, "</h2>\n");
    const int status = site_chart(site, headline, into, err);

    buf_adds(into, "<p>");
    site_link(into, buf_text(&page), "The table, and more of this model");
    buf_adds(into, "</p>\n");
    return status;
}

static int add_headlines(const struct site *site, const size_t *headlines, size_t count, struct buf *into,
                         struct err *err)
{
    const struct comparison *items = site->report->comparisons->items;
    int status = 0;

    for (size_t i = 0; status == 0 && i < count && i < CHARTS_MOST; i++)
        status = add_headline(site, &items[headlines[i]], into, err);
    buf_adds(into, count > CHARTS_MOST ? "<h2>Other tools</h2>\n<ul class=\"links\">\n" : "");
    for (size_t i = CHARTS_MOST; i < count; i++) {
        autobuf struct buf title = BUF(16384), page = BUF(4096);

        name_headline(&items[headlines[i]], &title);
        site_model_page(&items[headlines[i]], &page);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&page), buf_text(&title));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, count > CHARTS_MOST ? "</ul>\n" : "");
    return status;
}

/* Which chip is fast, and how far to trust that. */
static void add_answers(const struct site *site, const size_t *headlines, size_t count, struct buf *into)
{
    autobuf struct buf trust = BUF(4096);

    buf_adds(into, count > 0 ? "<p><strong>Best figures.</strong></p>\n<ul>\n" : "");
    for (size_t i = 0; i < count && i < BEST_MOST; i++) {
        autobuf struct buf best = BUF(8192);

        answers_best(&site->report->comparisons->items[headlines[i]], &best);
        buf_adds(into, "<li>");
        site_text(into, buf_text(&best));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, count > 0 ? "</ul>\n<p><strong>How far to trust them.</strong> " : "<p>No accepted result yet.");
    if (count > 0)
        answers_trust(site->report, &trust);
    site_text(into, buf_text(&trust));
    if (result_set_count_state(site->report->results, STATE_QUARANTINED) > 0)
        buf_adds(into, " <a href=\"method.html#left-out\">What was left out</a>");
    buf_adds(into, "</p>\n");
}

static void add_models(const struct site *site, struct buf *into)
{
    const struct comparison_set *set = site->report->comparisons;

    buf_adds(into, "<ul class=\"links\">\n");
    for (size_t i = 0; i < set->count; i = report_section_end(site->report, i)) {
        autobuf struct buf title = BUF(8192), page = BUF(4096);

        report_section_title(&set->items[i], &title);
        buf_addf(&title, " (%s)", set->items[i].tool);
        site_model_page(&set->items[i], &page);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&page), buf_text(&title));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, "</ul>\n");
}

static void add_families(const struct site *site, struct buf *into)
{
    const struct coverage *coverage = site->report->coverage;

    buf_adds(into, "<ul class=\"links\">\n");
    for (size_t i = 0; i < coverage->row_count; i++) {
        const struct coverage_row *row = &coverage->rows[i];
        bool told = !row->measured || !site_has_generation(row->entry);

        for (size_t j = 0; j < i && !told; j++)
            told = coverage->rows[j].measured && coverage->rows[j].family == row->family &&
                   text_equal(coverage->rows[j].generation, row->generation);
        if (told)
            continue;
        autobuf struct buf name = BUF(4096), page = BUF(4096);

        site_generation_name(row->entry, &name);
        site_generation_page(row->entry, &page);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&page), buf_text(&name));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, "</ul>\n");
}

static void add_needed(const struct coverage *coverage, struct buf *into)
{
    size_t named = 0;

    for (size_t i = 0; i < coverage->gap_count && coverage->gaps[i].kind <= GAP_CHIP && named < 3; i++) {
        const struct coverage_gap *gap = &coverage->gaps[i];

        buf_adds(into, named++ == 0 ? "<p class=\"call\"><strong>Results needed:</strong> " : ", ");
        site_text(into, catalog_short_chip_name(gap->what));
        buf_adds(into, " with ");
        site_text(into, coverage->columns[gap->column].model);
    }
    if (named > 0)
        buf_adds(into, ". <a href=\"contribute.html\">How to send one</a></p>\n");
}

static size_t count_measured(const struct coverage *coverage)
{
    size_t count = 0;

    for (size_t i = 0; i < coverage->row_count; i++)
        count += coverage->rows[i].measured ? 1 : 0;
    return count;
}

int site_add_home(struct site *site, struct err *err)
{
    const struct report *report = site->report;
    autobuf struct buf content = BUF(PAGE_BYTES_MAX);
    autofree size_t *headlines = mem_zalloc(report->comparisons->count + 1, sizeof(*headlines));

    if (headlines == NULL)
        return mem_error(err);
    const size_t count = answers_headlines(report, headlines);

    buf_adds(&content, "<h1>Benchmark results</h1>\n<p class=\"lead\">How fast chips ran models and other work, from "
                       "results that people sent: ");
    report_plural(&content, count_measured(report->coverage), "chip", "chips");
    buf_adds(&content, ", ");
    report_plural(&content, report->coverage->column_count, "model and quantization", "models and quantizations");
    buf_adds(&content, ", from ");
    report_plural(&content,
                  result_set_count_state(report->results, STATE_ACCEPTED) - result_set_repeats(report->results),
                  "accepted submission", "accepted submissions");
    buf_adds(&content, ".</p>\n");
    add_answers(site, headlines, count, &content);
    buf_adds(&content, "<ul class=\"links\">\n<li><a href=\"find.html\">Find your chip</a></li>\n"
                       "<li><a href=\"compare.html\">Compare two</a></li>\n"
                       "<li><a href=\"reading.html\">How to read this</a></li>\n</ul>\n");
    add_needed(report->coverage, &content);
    const int status = add_headlines(site, headlines, count, &content, err);

    if (status < 0)
        return status;
    buf_adds(&content, "<h2>Models</h2>\n");
    if (report->coverage->column_count <= LISTED_MOST)
        add_models(site, &content);
    else
        buf_addf(&content, "<p><a href=\"find.html#models\">All %zu models and quantizations</a></p>\n",
                 report->coverage->column_count);
    buf_adds(&content, "<h2>Chip families</h2>\n");
    add_families(site, &content);
    return site_add_page(site, "index.html", SITE_NAME, "Benchmark results of chips and models, with their evidence.",
                         WITH_SCRIPT, &content, err);
}

/* ---- find */

struct find_view {
    const char **chips;
};

static void link_chip(void *context, size_t row, size_t column, struct buf *into)
{
    const struct find_view *view = context;

    if (column == 0)
        site_chip_page(view->chips[row], into);
}

static void put_chip(const struct coverage *coverage, size_t number, struct table *table)
{
    const struct coverage_row *row = &coverage->rows[number];
    autobuf struct buf family = BUF(4096), models = BUF(65536);
    size_t devices = 0, count = 0, named = 0;

    if (site_has_generation(row->entry))
        site_generation_name(row->entry, &family);
    for (size_t i = 0; i < coverage->column_count; i++) {
        const struct coverage_cell *cell = &coverage->cells[number * coverage->column_count + i];

        devices = cell->devices > devices ? cell->devices : devices;
        count += cell->devices > 0 ? 1 : 0;
    }
    for (size_t i = 0; i < coverage->column_count && (named < MODELS_NAMED || named + 1 == count); i++) {
        if (coverage->cells[number * coverage->column_count + i].devices == 0)
            continue;
        named++;
        buf_adds(&models, models.len > 0 ? "; " : "");
        comparison_model_name(coverage->columns[i].model, coverage->columns[i].quantization, &models);
    }
    if (named < count)
        buf_addf(&models, "; and %zu more", count - named);
    table_row(table);
    table_put_text(table, row->chip);
    table_put_text(table, family.len > 0 ? buf_text(&family) : NULL);
    table_put_integer(table, (int64_t)devices);
    table_put_text(table, buf_text(&models));
}

int site_add_find(struct site *site, struct err *err)
{
    const struct coverage *coverage = site->report->coverage;
    autofree const char **chips = mem_zalloc(coverage->row_count + 1, sizeof(*chips));
    struct find_view view = {chips};
    autobuf struct buf content = BUF(PAGE_BYTES_MAX);
    autotable struct table table = {.caption = NULL};

    if (chips == NULL)
        return mem_error(err);
    table_init(&table, NULL);
    table_column_for_people(&table, "Chip", ALIGN_LEFT);
    table_column_for_people(&table, "Family", ALIGN_LEFT);
    table_column_for_people(&table, "Most devices of a model", ALIGN_RIGHT);
    table_column_for_people(&table, "Models measured", ALIGN_LEFT);
    for (size_t i = 0; i < coverage->row_count; i++)
        if (coverage->rows[i].measured) {
            put_chip(coverage, i, &table);
            chips[table.row_count - 1] = coverage->rows[i].chip;
        }
    const struct table_html how = {.id = "chips",
                                   .caption = "Measured chips in their natural order",
                                   .base_row = TABLE_NO_ROW,
                                   .tools = true,
                                   .context = &view,
                                   .link = link_chip};

    buf_adds(&content, "<h1>Find a chip or model</h1>\n<div class=\"js\" id=\"chips-all\"></div>\n<h2>Chips</h2>\n");
    table_print_html(&table, &how, &content);
    buf_adds(&content, "<h2 id=\"models\">Models</h2>\n");
    add_models(site, &content);
    buf_adds(&content, "<h2>Families</h2>\n");
    add_families(site, &content);
    return site_add_page(site, "find.html", "Find a chip or model", "All measured chips and models.", WITH_SCRIPT,
                         &content, err);
}
