/* Any two versions of a benchmark tool side by side: what both measured on the same chip, with the verdict of each
 * figure. Of a tool with many versions only neighbours have a page. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/sides.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

#define VERSIONS_PAIRED 12 /* of one tool: up to here every pair has a page */
#define VERSION_PAGES_MAX 300

struct version {
    const char *tool, *name;
    const char *key; /* of its list of runs */
    size_t runs;
};
struct versions {
    struct arena arena;
    struct run_lists lists;
    struct side_cells cells; /* of them */
    struct version *items;
    size_t count, capacity;
    size_t pages;
    struct buf list; /* of the pages, for the page above them */
};

static void versions_done(struct versions *versions)
{
    side_cells_done(&versions->cells);
    run_lists_done(&versions->lists);
    arena_done(&versions->arena);
    buf_done(&versions->list);
}

/* ---- which there are */

static int compare_versions(const void *left, const void *right)
{
    const struct version *a = left, *b = right;
    const int tools = strcmp(a->tool, b->tool), names = text_compare_natural(a->name, b->name);

    return tools != 0 ? tools : names != 0 ? names : strcmp(a->name, b->name);
}

static int count_run(struct versions *versions, const struct set_run *run, struct err *err)
{
    for (size_t i = 0; i < versions->count; i++)
        if (text_equal(versions->items[i].tool, run->tool) && text_equal(versions->items[i].name, run->tool_version)) {
            versions->items[i].runs++;
            return 0;
        }
    struct version *items =
        arena_grow(&versions->arena, versions->items, &versions->capacity, versions->count + 1, sizeof(*items));

    autobuf struct buf key = BUF(1 << 20);

    run_list_version(run, &key);
    const char *copy = arena_strdup(&versions->arena, buf_text(&key));

    if (items == NULL || copy == NULL)
        return mem_error(err);
    versions->items = items;
    items[versions->count++] = (struct version){run->tool, run->tool_version, copy, 1};
    return buf_check(&key, err);
}

static int collect(const struct result_set *set, struct versions *versions, struct err *err)
{
    const struct set_run *last = NULL;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct set_run *run = set->results[i].run;

        if (run == last || text_is_empty(run->tool_version) || !result_counts(set, &set->results[i]))
            continue;
        last = run;
        const int status = count_run(versions, run, err);

        if (status < 0)
            return status;
    }
    if (versions->count > 1)
        qsort(versions->items, versions->count, sizeof(*versions->items), compare_versions);
    return 0;
}

/* ---- one page */

static void page_name(const struct version *a, const struct version *b, struct buf *into)
{
    autobuf struct buf name = BUF(8192), key = BUF(8192);

    buf_addf(&name, "%s %s vs %s", a->tool, a->name, b->name);
    buf_addf(&key, "%s\n%s\n%s", a->tool, a->name, b->name);
    buf_adds(into, "versions-");
    encode_file_name_keyed(into, str_of(buf_text(&name)), str_of(buf_text(&key)));
    buf_adds(into, ".html");
}

static struct side side_of(const struct version *version, struct facet_choice choices[2])
{
    choices[0] = facet_choose("tool", version->tool);
    choices[1] = facet_choose("version", version->name);
    return (struct side){
        .name = version->name, .label = version->name, .selection = {choices, 2, TIME_UNKNOWN, TIME_UNKNOWN}};
}

/* Where each side has one chip, and they differ, it would be the chips that are compared; so for the work. */
static bool differs_in_more(const struct side_rows *rows)
{
    static const char *const work[] = {"chip", "chip_variant", "count",    "model",      "quantization", "backend",
                                       "mode", "task",         "category", "parameters", "variant"};

    for (size_t i = 0; i < rows->compared_count; i++)
        for (size_t j = 0; j < ARRAY_LENGTH(work); j++)
            if (text_equal(rows->compared[i], work[j]))
                return true;
    return false;
}

/* Sets *ret_any where both measured the same. */
static int add_table(struct site *site, struct versions *versions, const struct version *a, const struct version *b,
                     struct buf *into, bool *ret_any, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct facet_choice choices[2][2];
    struct side_list sides = {.items = {side_of(a, choices[0]), side_of(b, choices[1])}, .count = 2};
    struct side_rows rows = {.row_count = 0};
    struct err nothing = {.code = 0};
    const int status =
        side_cells_compare(&versions->cells, a->key, b->key, &sides, site->report->draws, &arena, &rows, &nothing);

    *ret_any = status == 0 && rows.row_count > 0 && !differs_in_more(&rows);
    if (status == -ERR_NOTHING)
        return 0;
    if (status < 0) {
        *err = nothing;
        return status;
    }
    return *ret_any ? site_add_sides(&rows, &sides, into, err) : 0;
}

static void put_title(const struct version *a, const struct version *b, struct buf *into)
{
    buf_addf(into, "%s: %s and %s", a->tool, a->name, b->name);
}

static int make_page(struct site *site, struct versions *versions, const struct version *a, const struct version *b,
                     const char *name, bool *ret_any, struct err *err)
{
    autobuf struct buf content = BUF(PAGE_BYTES_MAX), title = BUF(8192);

    put_title(a, b, &title);
    buf_adds(&content, "<h1>");
    site_text(&content, buf_text(&title));
    buf_adds(&content, "</h1>\n<p class=\"lead\">Two versions of one tool on the same chips and work. “Better” and "
                       "“worse” stand only where <a href=\"reading.html#verdict\">the data support it</a>.</p>\n");
    const int status = add_table(site, versions, a, b, &content, ret_any, err);

    if (status < 0 || !*ret_any)
        return status;
    buf_adds(&content, "<p><a href=\"versions.html\">Compare two other versions</a></p>\n");
    return site_add_page(site, name, buf_text(&title), "Two versions of a tool side by side.", WITHOUT_SCRIPT, &content,
                         err);
}

static int add_pair(struct site *site, struct versions *versions, const struct version *a, const struct version *b,
                    struct err *err)
{
    autobuf struct buf title = BUF(8192), name = BUF(4096);
    struct sha256 made_of;
    enum kept kept = KEPT_NOT;

    page_name(a, b, &name);
    int status = site_keep_page(site, buf_text(&name), &versions->lists, a->key, b->key, &made_of, &kept, err);
    bool any = kept == KEPT_FILE;

    if (status == 0 && kept == KEPT_NOT)
        status = make_page(site, versions, a, b, buf_text(&name), &any, err);
    if (status == 0 && kept == KEPT_NOT)
        site_note_page(site, buf_text(&name), &made_of, any);
    if (status < 0 || !any)
        return status;
    put_title(a, b, &title);
    buf_adds(&versions->list, "<li>");
    site_link(&versions->list, buf_text(&name), buf_text(&title));
    buf_adds(&versions->list, "</li>\n");
    versions->pages++;
    return 0;
}

/* ---- all of them */

static int add_tool(struct site *site, struct versions *versions, size_t first, size_t end, struct err *err)
{
    const bool all = end - first <= VERSIONS_PAIRED;
    int status = 0;

    for (size_t i = first + 1; i < end; i++)
        for (size_t j = all ? first : i - 1; status == 0 && j < i && versions->pages < VERSION_PAGES_MAX; j++)
            status = add_pair(site, versions, &versions->items[j], &versions->items[i], err);
    return status;
}

int site_add_versions(struct site *site, struct err *err)
{
    struct versions versions cleanup(versions_done) = {.list = BUF(PAGE_BYTES_MAX)};
    autobuf struct buf content = BUF(PAGE_BYTES_MAX);
    int status = run_lists_make(site->report->results, site->report->hashes, run_list_version, &versions.lists, err);

    versions.cells.lists = &versions.lists;
    if (status == 0)
        status = collect(site->report->results, &versions, err);

    for (size_t i = 0, end; status == 0 && i < versions.count; i = end) {
        for (end = i + 1; end < versions.count && text_equal(versions.items[end].tool, versions.items[i].tool); end++)
            ;
        status = add_tool(site, &versions, i, end, err);
    }
    if (status < 0)
        return status;
    buf_adds(&content, "<h1>Compare two versions</h1>\n<p class=\"lead\">Versions of one benchmark tool, wherever both "
                       "measured the same work on the same chip.</p>\n");
    if (versions.pages == 0)
        buf_adds(&content, "<p>No two versions of a tool have measured the same work on the same chip yet, or the "
                           "sources do not state their versions.</p>\n");
    else
        buf_addf(&content, "<ul class=\"links\">\n%s</ul>\n", buf_text(&versions.list));
    buf_adds(&content, "<p>On your machine <code>crosschip-analyze compare A B</code> compares any two versions.</p>\n"
                       "<p><a href=\"compare.html\">Compare two chips</a></p>\n");
    return site_add_page(site, "versions.html", "Compare two versions", "Two versions of a tool side by side.",
                         WITH_SCRIPT, &content, err);
}
