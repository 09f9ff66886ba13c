/* A page for each measured chip: what it is, every figure of it, whom to compare it with, which submissions stand
 * behind it. */
#include <math.h>
#include <stdio.h>

#include "analyze/report/badges.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

/* ---- facts */

static void add_fact(struct buf *into, const char *name, const char *value)
{
    if (text_is_empty(value))
        return;
    buf_addf(into, "<dt>%s</dt><dd>", name);
    site_text(into, value);
    buf_adds(into, "</dd>\n");
}

/* "68.3 (8c), 102.4 (10c)": of each variant that the catalogue rates. */
static void list_bandwidths(const char *chip, struct buf *into)
{
    size_t count = 0;
    const struct chip *chips = catalog_chips(&count);

    for (size_t i = 0; i < count; i++) {
        char shown[FIGURE_SIZE];

        if (!text_equal(chips[i].name, chip) || !isfinite(chips[i].bandwidth_gb_s))
            continue;
        buf_addf(into, "%s%s GB/s", into->len > 0 ? ", " : "",
                 figure_value(shown, chips[i].bandwidth_gb_s, (double)NAN));
        if (!text_is_empty(chips[i].variant))
            buf_addf(into, " (%s)", chips[i].variant);
    }
}

static const char *kind_words(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } known[] = {{"soc", "system on a chip: CPU, GPU and memory together"},
                 {"cpu", "processor (CPU)"},
                 {"gpu", "graphics processor (GPU)"},
                 {"npu", "neural processor (NPU)"}};

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (text_equal(known[i].kind, kind))
            return known[i].words;
    return kind;
}

static void add_facts(const struct coverage_row *row, struct buf *into)
{
    const struct chip *entry = row->entry;
    autobuf struct buf rated = BUF(4096), generation = BUF(4096), page = BUF(4096);

    if (entry == NULL) {
        buf_adds(into, "<p>The catalogue does not know this chip: its name stands here as it was sent, and nothing is "
                       "checked against rated figures.</p>\n");
        return;
    }
    buf_adds(into, "<dl>\n");
    add_fact(into, "Vendor", entry->vendor);
    add_fact(into, "Kind", kind_words(entry->kind));
    if (site_has_generation(entry)) {
        site_generation_name(entry, &generation);
        site_generation_page(entry, &page);
        buf_adds(into, "<dt>Family</dt><dd>");
        site_link(into, buf_text(&page), buf_text(&generation));
        buf_adds(into, "</dd>\n");
    }
    list_bandwidths(row->chip, &rated);
    add_fact(into, "Rated bandwidth", buf_text(&rated));
    buf_adds(into, "</dl>\n");
}

/* ---- figures */

struct chip_view {
    const struct comparison **comparisons; /* of each table row */
    size_t count;
};

static void link_figure(void *context, size_t row, size_t column, struct buf *into)
{
    const struct chip_view *view = context;

    if (column == 0 && row < view->count)
        site_model_page(view->comparisons[row], into);
}

static size_t place_of(const struct comparison *comparison, size_t row)
{
    for (size_t i = 0; i < comparison->row_count; i++)
        if (comparison->by_value[i] == row)
            return i + 1;
    return 0;
}

static void add_setting(struct buf *into, const char *setting)
{
    if (!text_is_empty(setting))
        buf_addf(into, "%s%s", into->len > 0 ? ", " : "", setting);
}

static void put_figure(const struct comparison *comparison, size_t row, size_t metric, struct table *table)
{
    const struct comparison_row *at = &comparison->rows[row];
    const struct figure *figure = &at->figures[metric];
    autobuf struct buf title = BUF(8192), setting = BUF(4096), place = BUF(128), factor = BUF(1024);
    autobuf struct buf name = BUF(4096);
    char low[FIGURE_SIZE], high[FIGURE_SIZE], both[2 * FIGURE_SIZE];
    const double half = (figure->high - figure->low) / 2;
    const int decimals = figure_decimals(figure->value, half);

    comparison_title(comparison, &title);
    if (at->chip_count > 1)
        buf_addf(&setting, "%lld chips", (long long)at->chip_count);
    add_setting(&setting, at->variant);
    add_setting(&setting, at->backend);
    table_row(table);
    buf_addf(&title, " (%s)", comparison->tool);
    table_put_text(table, buf_text(&title));
    table_put_text(table, setting.len > 0 ? buf_text(&setting) : NULL);
    table_put_number(table, figure->value, decimals, NULL);
    if (figure->flagged > 0)
        table_mark_note(table, "flag");
    buf_addf(&name, "%s%s%s", comparison->metrics[metric].title,
             text_is_empty(comparison->metrics[metric].unit) ? "" : ", ", comparison->metrics[metric].unit);
    table_put_text(table, buf_text(&name));
    (void)snprintf(both, sizeof(both), "%s–%s", figure_fixed(low, figure->low, decimals),
                   figure_fixed(high, figure->high, decimals));
    table_put_text(table, isfinite(figure->low) ? both : "n/a");
    if (isfinite(figure->factor) && row != comparison->baseline)
        buf_addf(&factor, "%s of %s", figure_factor(low, figure->factor), comparison->baseline_name);
    table_put_text(table, row == comparison->baseline ? "baseline" : factor.len > 0 ? buf_text(&factor) : NULL);
    if (metric == 0)
        buf_addf(&place, "%zu of %zu", place_of(comparison, row), comparison_metric_rows(comparison, 0));
    table_put_text(table, place.len > 0 ? buf_text(&place) : NULL);
    if (figure->runs < 0)
        table_put_text(table, "n/a");
    else
        table_put_integer(table, figure->runs);
    table_put_integer(table, (int64_t)figure->devices);
    table_put_integer(table, (int64_t)figure->contributors);
}

static void add_columns(struct table *table)
{
    static const struct {
        const char *title;
        enum table_align align;
    } columns[] = {{"Workload", ALIGN_LEFT},   {"Variant, backend", ALIGN_LEFT},
                   {"Value", ALIGN_RIGHT},     {"Metric", ALIGN_LEFT},
                   {"95\u202f%", ALIGN_RIGHT}, {"Factor", ALIGN_LEFT},
                   {"Rank", ALIGN_RIGHT},      {"Runs", ALIGN_RIGHT},
                   {"Devices", ALIGN_RIGHT},   {"By", ALIGN_RIGHT}};

    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        table_column_for_people(table, columns[i].title, columns[i].align);
}

static int add_figures(struct site *site, size_t chip, struct buf *into, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct chip_view view = {NULL, 0};
    size_t capacity = 0;
    autotable struct table table = {.caption = NULL};

    table_init(&table, NULL);
    add_columns(&table);
    for (size_t i = chip > 0 ? site->chip_ends[chip - 1] : 0; i < site->chip_ends[chip]; i++) {
        const struct comparison *comparison = site->chip_rows[i].comparison;
        const size_t row = site->chip_rows[i].row;

        for (size_t k = 0; k < comparison->metric_count; k++) {
            if (!isfinite(comparison->rows[row].figures[k].value))
                continue;
            const struct comparison **grown =
                arena_grow(&arena, view.comparisons, &capacity, view.count + 1, sizeof(*grown));

            if (grown == NULL)
                return mem_error(err);
            view.comparisons = grown;
            grown[view.count++] = comparison;
            put_figure(comparison, row, k, &table);
        }
    }
    const struct table_html how = {.id = "figures",
                                   .caption = "Every figure of this chip; ranks are by the first metric of a workload",
                                   .head_column = 0,
                                   .base_row = TABLE_NO_ROW,
                                   .tools = true,
                                   .notes = "reading.html",
                                   .context = &view,
                                   .link = link_figure};

    table_print_html(&table, &how, into);
    return table_check(&table, err);
}

/* ---- links */

static void add_pairs(const struct site *site, const char *chip, struct buf *into)
{
    bool any = false;

    for (size_t i = 0; i < site->pair_count; i++) {
        const struct site_pair *pair = &site->pairs[i];
        const bool first = text_equal(pair->a, chip);
        autobuf struct buf page = BUF(4096);

        if (!first && !text_equal(pair->b, chip))
            continue;
        if (!any)
            buf_adds(into, "<h2>Compare with</h2>\n<ul class=\"links\">\n");
        any = true;
        site_pair_page(pair->a, pair->b, &page);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&page), catalog_short_chip_name(first ? pair->b : pair->a));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, any ? "</ul>\n<p>Any other that ran the same work: <a href=\"compare.html\">compare two</a>.</p>\n"
                       : "<h2>Compare with</h2>\n<p>No other chip here ran the same work with the same lengths: there "
                         "is nothing to compare it with.</p>\n");
}

static void add_submissions(const struct site *site, const char *chip, struct buf *into)
{
    const struct result_set *set = site->report->results;
    const size_t list = run_lists_find(&site->chips, chip);
    size_t last = SIZE_MAX, named = 0, count = 0;
    const uint32_t *first = list != NAMES_NONE ? run_lists_runs(&site->chips, list, &count) : NULL;

    for (size_t i = 0; i < count; i++) {
        const size_t submission = set->results[first[i]].run->submission;
        autobuf struct buf page = BUF(4096), name = BUF(128);

        if (submission == last || !site_has_submission(site, submission))
            continue;
        last = submission;
        if (named++ == 0)
            buf_adds(into,
                     "<h2>Submissions</h2>\n<p>What was sent about this chip, in the order of the ids; only accepted "
                     "ones enter the figures.</p>\n<ul class=\"links\">\n");
        site_submission_page(&set->submissions[last], &page);
        site_submission_name(&set->submissions[last], &name);
        buf_adds(into, "<li>");
        site_link(into, buf_text(&page), buf_text(&name));
        if (set->submissions[last].state != STATE_ACCEPTED)
            buf_addf(into, " (%s)", submission_state_word(set->submissions[last].state));
        buf_adds(into, "</li>\n");
    }
    if (named > 0)
        buf_adds(into, "</ul>\n");
}

/* A picture for a README, and the line to copy. */
static void add_badge(const struct comparison *headline, const char *chip, const char *path, struct buf *into)
{
    autobuf struct buf words = BUF(16384), line = BUF(65536);

    badge_words(headline, chip, &words);
    buf_adds(&line, "![");
    encode_markdown(&line, str_of(buf_text(&words)));
    buf_addf(&line, "](%s)", path);
    buf_addf(into, "<p><img src=\"../%s\" alt=\"Badge: ", path);
    site_text(into, buf_text(&words));
    buf_adds(into, "\"></p>\n<pre tabindex=\"0\"><code>");
    site_text(into, buf_text(&line));
    buf_adds(into, "</code></pre>\n");
}

/* `headlines`: the comparison of each tool that its badges are of. */
static void add_badges(const struct site *site, const char *chip, const size_t *headlines, size_t count,
                       struct buf *into)
{
    size_t named = 0;

    for (size_t i = 0; i < count; i++) {
        const struct comparison *headline = &site->report->comparisons->items[headlines[i]];
        autobuf struct buf path = BUF(4096);

        badge_path(headline, chip, &path);
        if (!site_has_file(site, buf_text(&path)))
            continue;
        buf_adds(into, named++ == 0
                           ? "<h2>Badges</h2>\n<p>For a README; put the address of these pages before the path. "
                             "The addresses stay the same.</p>\n"
                           : "");
        add_badge(headline, chip, buf_text(&path), into);
    }
}

int site_add_chips(struct site *site, struct err *err)
{
    const struct coverage *coverage = site->report->coverage;
    autofree size_t *headlines = mem_zalloc(site->report->comparisons->count + 1, sizeof(*headlines));
    const size_t headline_count = headlines != NULL ? report_headlines(site->report, headlines) : 0;
    int status = headlines != NULL ? 0 : mem_error(err);

    for (size_t i = 0; status == 0 && i < coverage->row_count; i++) {
        const struct coverage_row *row = &coverage->rows[i];
        autobuf struct buf content = BUF(PAGE_BYTES_MAX), name = BUF(4096), about = BUF(8192);

        if (!row->measured)
            continue;
        buf_adds(&content, "<h1>");
        site_text(&content, row->chip);
        buf_adds(&content, "</h1>\n");
        add_facts(row, &content);
        buf_adds(&content, "<h2>Results</h2>\n");
        status = add_figures(site, i, &content, err);
        add_pairs(site, row->chip, &content);
        add_submissions(site, row->chip, &content);
        add_badges(site, row->chip, headlines, headline_count, &content);
        site_chip_page(row->chip, &name);
        buf_addf(&about, "Benchmark results of %s.", row->chip);
        if (status == 0)
            status = site_add_page(site, buf_text(&name), row->chip, buf_text(&about), WITH_SCRIPT, &content, err);
    }
    return status;
}
