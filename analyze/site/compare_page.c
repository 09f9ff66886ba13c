/* Any two rows beside each other: with a script from the figures that stand in the page, without one by the pages of
 * pairs. */
#include <math.h>

#include "analyze/data/names.h"
#include "analyze/site/pages.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

/* ---- chips of all comparisons under one name each */

struct entities {
    struct arena arena;
    struct names names, chips;
    size_t *chip_of;  /* by entity */
    size_t *first_of; /* entity, by chip */
    size_t capacity, chip_capacity;
};

static void entities_done(struct entities *entities)
{
    names_done(&entities->names);
    names_done(&entities->chips);
    arena_done(&entities->arena);
}

/* Whatever variant and backend: those stand beside the figure. */
static const char *name_of(const struct comparison_row *row, struct buf *scratch)
{
    buf_reset(scratch);
    if (row->chip_count > 1)
        buf_addf(scratch, "%lld × ", (long long)row->chip_count);
    buf_adds(scratch, catalog_short_chip_name(row->chip));
    return buf_text(scratch);
}

/* The first entity of a chip. */
static size_t chip_number(const struct entities *entities, const char *chip)
{
    const size_t number = names_find(&entities->chips, str_of(chip));

    return number != NAMES_NONE && entities->first_of != NULL ? entities->first_of[number] : NAMES_NONE;
}

static int add_entity(struct entities *entities, const char *name, const char *chip, struct err *err)
{
    struct arena *arena = &entities->arena;
    const size_t count = entities->names.count, chips = entities->chips.count;

    if (names_number(&entities->names, arena, str_of(name)) < count)
        return 0;
    const size_t number = names_number(&entities->chips, arena, str_of(chip));
    size_t *chip_of = arena_grow(arena, entities->chip_of, &entities->capacity, count + 1, sizeof(*chip_of));
    size_t *first_of = arena_grow(arena, entities->first_of, &entities->chip_capacity, chips + 1, sizeof(*first_of));

    if (entities->names.count == count || number == NAMES_NONE || chip_of == NULL || first_of == NULL)
        return mem_error(err);
    entities->chip_of = chip_of;
    entities->first_of = first_of;
    chip_of[count] = number;
    if (number == chips)
        first_of[number] = count;
    return 0;
}

static int collect(const struct comparison_set *set, struct entities *ret, struct err *err)
{
    autobuf struct buf scratch = BUF(8192);
    int status = 0;

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; status == 0 && j < set->items[i].row_count; j++)
            status = add_entity(ret, name_of(&set->items[i].rows[j], &scratch), set->items[i].rows[j].chip, err);
    return status;
}

/* ---- the figures: {"rows":[name…],"chips":[number of each row's chip…],"pages":{"0,1":href},"figures":[{…,"values":
 * [[row,value,low,high,runs,variant,backend]…]}]}; the number of a chip is that of its first row. */

static void add_string(struct buf *into, const char *text)
{
    encode_json_in_page(into, str_of(text));
}

static void add_number(struct buf *into, double value)
{
    char text[NUMBER_TEXT_SIZE];

    buf_addf(into, ",%s", isfinite(value) ? number_shortest(text, value) : "null");
}

/* Of each chip the best row. */
static void add_value(const struct comparison_row *row, const struct figure *figure, size_t entity, struct buf *into)
{
    buf_addf(into, "[%zu", entity);
    add_number(into, figure->value);
    add_number(into, figure->low);
    add_number(into, figure->high);
    if (figure->runs < 0)
        buf_adds(into, ",null,");
    else
        buf_addf(into, ",%lld,", (long long)figure->runs);
    add_string(into, row->variant);
    buf_addc(into, ',');
    add_string(into, row->backend);
    buf_addc(into, ']');
}

static int add_values(const struct comparison *comparison, size_t metric, const struct entities *entities,
                      struct buf *into, struct err *err)
{
    autobuf struct buf scratch = BUF(8192);
    autofree bool *told = mem_zalloc(entities->names.count + 1, sizeof(*told));
    size_t named = 0;

    if (told == NULL)
        return mem_error(err);
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[comparison->by_value[i]];
        const size_t entity = names_find(&entities->names, str_of(name_of(row, &scratch)));

        if (entity == NAMES_NONE || told[entity] || !isfinite(row->figures[metric].value))
            continue;
        told[entity] = true;
        buf_adds(into, named++ > 0 ? "," : "");
        add_value(row, &row->figures[metric], entity, into);
    }
    return 0;
}

static int add_figures(const struct site *site, const struct entities *entities, struct buf *into, struct err *err)
{
    const struct comparison_set *set = site->report->comparisons;
    size_t named = 0;
    int status = 0;

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; status == 0 && j < set->items[i].metric_count; j++) {
            autobuf struct buf title = BUF(8192), page = BUF(4096);

            comparison_title(&set->items[i], &title);
            site_model_page(&set->items[i], &page);
            buf_addf(into, "%s{\"work\":", named++ > 0 ? ",\n" : "");
            add_string(into, buf_text(&title));
            buf_adds(into, ",\"tool\":");
            add_string(into, set->items[i].tool);
            buf_adds(into, ",\"page\":");
            add_string(into, buf_text(&page));
            buf_adds(into, ",\"metric\":");
            add_string(into, set->items[i].metrics[j].title);
            buf_adds(into, ",\"unit\":");
            add_string(into, set->items[i].metrics[j].unit);
            buf_addf(into, ",\"better\":%d,\"values\":[",
                     set->items[i].metrics[j].direction == DIRECTION_LOWER ? -1 : 1);
            status = add_values(&set->items[i], j, entities, into, err);
            buf_adds(into, "]}");
        }
    return status;
}

static int add_data(const struct site *site, const struct entities *entities, struct buf *into, struct err *err)
{
    buf_adds(into, "<script type=\"application/json\" id=\"data\">{\"rows\":[");
    for (size_t i = 0; i < entities->names.count; i++) {
        buf_adds(into, i > 0 ? "," : "");
        add_string(into, entities->names.items[i]);
    }
    buf_adds(into, "],\"chips\":[");
    for (size_t i = 0; i < entities->names.count; i++)
        buf_addf(into, "%s%zu", i > 0 ? "," : "", entities->first_of[entities->chip_of[i]]);
    buf_adds(into, "],\"pages\":{");
    for (size_t i = 0; i < site->pair_count; i++) {
        const struct site_pair *pair = &site->pairs[i];
        autobuf struct buf page = BUF(4096);

        site_pair_page(pair->a, pair->b, &page);
        buf_addf(into, "%s\"%zu,%zu\":", i > 0 ? ",\n" : "", chip_number(entities, pair->a),
                 chip_number(entities, pair->b));
        add_string(into, buf_text(&page));
    }
    buf_adds(into, "},\"figures\":[");
    const int status = add_figures(site, entities, into, err);

    buf_adds(into, "]}</script>\n");
    return status;
}

#define PAIRS_OPEN 200 /* more stand behind their number */

static void add_pair_list(const struct site *site, struct buf *into)
{
    char shown[FIGURE_SIZE];

    buf_adds(into, "<p>Two versions of a benchmark tool: <a href=\"versions.html\">compare versions</a>.</p>\n");
    if (site->pair_count == 0) {
        buf_adds(into, "<p>No two chips here ran the same work with the same lengths: no pair has a page.</p>\n");
        return;
    }
    buf_adds(into,
             "<h2>Pairs with a page</h2>\n<p>Neighbours in rank and members of one family that ran the same work; "
             "each figure with its test where there can be one.</p>\n");
    if (site->pair_count > PAIRS_OPEN)
        buf_addf(into, "<details><summary>All %s pairs</summary>\n", figure_count(shown, (int64_t)site->pair_count));
    buf_adds(into, "<dl class=\"pairs\">\n");
    for (size_t i = 0; i < site->pair_count; i++) {
        const struct site_pair *pair = &site->pairs[i];
        autobuf struct buf page = BUF(4096);

        if (i == 0 || !text_equal(pair->a, site->pairs[i - 1].a)) {
            buf_adds(into, i == 0 ? "<dt>" : "</dd>\n<dt>");
            site_text(into, catalog_short_chip_name(pair->a));
            buf_adds(into, " and</dt><dd>");
        }
        site_pair_page(pair->a, pair->b, &page);
        site_link(into, buf_text(&page), catalog_short_chip_name(pair->b));
        buf_addc(into, '\n');
    }
    buf_adds(into, "</dd>\n</dl>\n");
    buf_adds(into, site->pair_count > PAIRS_OPEN ? "</details>\n" : "");
}

int site_add_compare(struct site *site, struct err *err)
{
    struct entities entities cleanup(entities_done) = {.chip_of = NULL};
    autobuf struct buf content = BUF(PAGE_BYTES_MAX);
    int status = collect(site->report->comparisons, &entities, err);

    if (status < 0)
        return status;
    buf_adds(&content,
             "<h1>Compare two</h1>\n<div class=\"js\" id=\"compare\"></div>\n"
             "<p class=\"nojs\">Choosing any two needs a script, which is off here. The pairs below have pages, and "
             "<code>crosschip-analyze compare A B</code> compares any others.</p>\n");
    add_pair_list(site, &content);
    status = add_data(site, &entities, &content, err);
    if (status < 0)
        return status;
    return site_add_page(site, "compare.html", "Compare two", "Any two chips side by side.", WITH_SCRIPT, &content,
                         err);
}
