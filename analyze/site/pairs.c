/* Which two chips get a page of their own, and that page: all that both have, with the verdict of each figure. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/sides.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"

static const struct coverage_row *row_of(const struct site *site, const char *chip)
{
    const struct coverage *coverage = site->report->coverage;
    const size_t row = coverage_row_of(coverage, chip);

    return row != NAMES_NONE ? &coverage->rows[row] : NULL;
}

static bool has_pair(const struct site *site, const struct coverage_row *a, const struct coverage_row *b)
{
    for (size_t i = 0; i < site->pair_count; i++)
        if (site->pairs[i].row_a == a && site->pairs[i].row_b == b)
            return true;
    return false;
}

static void add_pair(struct site *site, const struct coverage_row *one, const struct coverage_row *other)
{
    /* The rows of the coverage stand in natural order. */
    const struct coverage_row *a = one < other ? one : other, *b = one < other ? other : one;

    if (a == NULL || a == b || site->pair_count == SITE_PAIRS_MAX || has_pair(site, a, b))
        return;
    struct site_pair *pairs =
        arena_grow(&site->arena, site->pairs, &site->pair_capacity, site->pair_count + 1, sizeof(*pairs));

    if (pairs == NULL)
        return;
    site->pairs = pairs;
    pairs[site->pair_count++] = (struct site_pair){a->chip, b->chip, a, b};
}

static int compare_pairs(const void *left, const void *right)
{
    const struct site_pair *x = left, *y = right;
    const int order = catalog_compare_chips(x->a, "", y->a, "");

    if (order != 0)
        return order;
    const int second = catalog_compare_chips(x->b, "", y->b, "");

    return second != 0 ? second : strcmp(x->a, y->a) != 0 ? strcmp(x->a, y->a) : strcmp(x->b, y->b);
}

static void add_neighbours(struct site *site, const struct comparison *comparison, const struct coverage_row **rows)
{
    for (size_t i = 1; i < comparison->row_count; i++)
        add_pair(site, rows[comparison->by_value[i - 1]], rows[comparison->by_value[i]]);
}

static void add_relatives(struct site *site, const struct comparison *comparison, const struct coverage_row **rows)
{
    for (size_t i = 0; i < comparison->row_count; i++)
        for (size_t j = 0; j < i; j++)
            if (rows[i] != NULL && rows[j] != NULL && rows[i]->family == rows[j]->family &&
                site_has_generation(rows[i]->entry) && text_equal(rows[i]->generation, rows[j]->generation))
                add_pair(site, rows[j], rows[i]);
}

/* Neighbours in the rank of every workload, then members of one family that share a workload. */
int site_choose_pairs(struct site *site, struct err *err)
{
    static void (*const ways[])(struct site *, const struct comparison *,
                                const struct coverage_row **) = {add_neighbours, add_relatives};
    const struct comparison_set *set = site->report->comparisons;

    for (size_t way = 0; way < ARRAY_LENGTH(ways); way++)
        for (size_t i = 0; i < set->count; i++) {
            const struct comparison *comparison = &set->items[i];
            autofree const struct coverage_row **rows = mem_zalloc(comparison->row_count + 1, sizeof(*rows));

            if (rows == NULL)
                return mem_error(err);
            for (size_t j = 0; j < comparison->row_count; j++)
                rows[j] = row_of(site, comparison->rows[j].chip);
            ways[way](site, comparison, rows);
        }
    if (site->pair_count > 1)
        qsort(site->pairs, site->pair_count, sizeof(*site->pairs), compare_pairs);
    return arena_check(&site->arena, err);
}

/* ---- one page */

/* The backend of the chip's best row; NULL where it has none. */
static const char *best_backend(const struct comparison *comparison, const char *chip)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[comparison->by_value[i]];

        if (text_equal(row->chip, chip))
            return row->backend;
    }
    return NULL;
}

/* The first workload that both stand in; which it is follows from their own results alone. */
static const struct comparison *first_shared(const struct comparison_set *set, const struct site_pair *pair)
{
    for (size_t i = 0; i < set->count; i++)
        if (best_backend(&set->items[i], pair->a) != NULL && best_backend(&set->items[i], pair->b) != NULL)
            return &set->items[i];
    return NULL;
}

/* What selects a side: the chip, and its backend where that is given. */
static struct side side_of(const char *chip, const char *backend, struct facet_choice choices[2])
{
    choices[0] = facet_choose("chip", chip);
    if (backend != NULL)
        choices[1] = facet_choose("backend", backend);
    return (struct side){.name = chip,
                         .label = catalog_short_chip_name(chip),
                         .selection = {choices, backend != NULL ? 2 : 1, TIME_UNKNOWN, TIME_UNKNOWN}};
}

static void add_choice(const struct comparison *by, struct buf *into)
{
    autobuf struct buf line = BUF(16384);

    buf_adds(&line, "The two share no backend: of each stands the one that is best in ");
    comparison_title(by, &line);
    buf_addf(&line, " (%s); the pages of the chips have the others", by->tool);
    site_add_note(buf_text(&line), into);
}

/* What both have; sets *ret_any where that is something, and then the title too. `by`: of each chip the backend that is
 * best in it; NULL = all. */
static int add_figures_of(struct site *site, const struct site_pair *pair, const struct comparison *by,
                          struct buf *title, struct buf *into, bool *ret_any, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct facet_choice first[2], second[2];
    struct side_list sides = {.items = {side_of(pair->a, by != NULL ? best_backend(by, pair->a) : NULL, first),
                                        side_of(pair->b, by != NULL ? best_backend(by, pair->b) : NULL, second)},
                              .count = 2};
    struct side_rows rows = {.row_count = 0};
    struct err nothing = {.code = 0};
    int status =
        side_cells_compare(&site->chip_cells, pair->a, pair->b, &sides, site->report->draws, &arena, &rows, &nothing);

    *ret_any = status != -ERR_NOTHING;
    if (!*ret_any)
        return 0;
    if (status < 0) {
        *err = nothing;
        return status;
    }
    site_side_name(&rows, &sides.items[0], 0, title);
    buf_adds(title, " and ");
    site_side_name(&rows, &sides.items[1], 1, title);
    status = site_add_sides(&rows, &sides, into, err);
    if (by != NULL)
        add_choice(by, into);
    return status;
}

/* Where they share no backend, as readers compare them: each with its best. */
static int add_figures(struct site *site, const struct site_pair *pair, struct buf *title, struct buf *into,
                       bool *ret_any, struct err *err)
{
    const int status = add_figures_of(site, pair, NULL, title, into, ret_any, err);

    if (status < 0 || *ret_any)
        return status;
    const struct comparison *by = first_shared(site->report->comparisons, pair);

    return by != NULL ? add_figures_of(site, pair, by, title, into, ret_any, err) : 0;
}

static void add_chip(const char *chip, struct buf *into)
{
    autobuf struct buf page = BUF(4096);

    site_chip_page(chip, &page);
    site_link(into, buf_text(&page), chip);
}

/* No page where nothing of both can be compared. */
static int make_page(struct site *site, const struct site_pair *pair, const char *name, bool *ret_any, struct err *err)
{
    autobuf struct buf content = BUF(PAGE_BYTES_MAX), figures = BUF(PAGE_BYTES_MAX), title = BUF(32768);
    int status = add_figures(site, pair, &title, &figures, ret_any, err);

    if (status == 0)
        status = buf_check(&figures, err);
    if (status < 0 || !*ret_any)
        return status;
    buf_adds(&content, "<h1>");
    site_text(&content, buf_text(&title));
    buf_adds(&content, "</h1>\n<p class=\"lead\">");
    add_chip(pair->a, &content);
    buf_adds(&content, " beside ");
    add_chip(pair->b, &content);
    buf_adds(&content,
             ": what both have. “Better” and “worse” stand only where <a href=\"reading.html#verdict\">the data "
             "support it</a>.</p>\n");
    buf_add(&content, buf_text(&figures), figures.len);
    buf_adds(&content, "<p><a href=\"compare.html\">Compare two others</a></p>\n");
    return site_add_page(site, name, buf_text(&title), "Two chips side by side.", WITHOUT_SCRIPT, &content, err);
}

static int add_page(struct site *site, const struct site_pair *pair, bool *ret_any, struct err *err)
{
    autobuf struct buf name = BUF(4096);
    struct sha256 made_of;
    enum kept kept = KEPT_NOT;

    site_pair_page(pair->a, pair->b, &name);
    int status = site_keep_page(site, buf_text(&name), &site->chips, pair->a, pair->b, &made_of, &kept, err);

    *ret_any = kept == KEPT_FILE;
    if (status < 0 || kept != KEPT_NOT)
        return status;
    status = make_page(site, pair, buf_text(&name), ret_any, err);
    if (status == 0)
        site_note_page(site, buf_text(&name), &made_of, *ret_any);
    return status;
}

int site_add_pairs(struct site *site, struct err *err)
{
    size_t kept = 0;
    int status = 0;

    site->chip_cells.lists = &site->chips;
    for (size_t i = 0; status == 0 && i < site->pair_count; i++) {
        bool any = false;

        status = add_page(site, &site->pairs[i], &any, err);
        if (any)
            site->pairs[kept++] = site->pairs[i];
    }
    site->pair_count = kept;
    side_cells_done(&site->chip_cells);
    return status;
}
