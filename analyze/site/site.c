#include "analyze/site/site.h"

#include <string.h>

#include "analyze/site/pages.h"
#include "schema/base/embedded.h"
#include "schema/base/str.h"

#include "gen/analyze/site/files.inc"

/* Pages carry the script without its comments and indentation. */
static int take_script(struct site *site, struct err *err)
{
    char *script = arena_alloc(&site->arena, embedded_files[0].size + 1, 1);
    struct str rest = str_slice((const char *)embedded_files[0].data, embedded_files[0].size), line;
    size_t length = 0;

    if (script == NULL)
        return mem_error(err);
    while (str_next_line(&rest, &line)) {
        line = str_trim(line);
        if (line.len == 0 || str_starts_with(line, STR("//")))
            continue;
        memcpy(script + length, line.data, line.len);
        length += line.len;
        script[length++] = '\n';
    }
    site->script = str_slice(script, length);
    return 0;
}

/* What each page needs. */
static int begin(struct site *site, struct err *err)
{
    const struct result_set *results = site->report->results;
    const struct str style = page_style();
    struct sha256 hash = sha256_of(style.data, style.len);

    sha256_source(site->style_source, &hash);
    report_date(site->newest, result_set_newest(results));
    site->undated = result_set_undated(results) > 0;
    const int status = take_script(site, err);

    if (status < 0)
        return status;
    hash = sha256_of(site->script.data, site->script.len);
    sha256_source(site->script_source, &hash);
    return site_choose_submissions(site, err);
}

/* Which rows of comparisons are each chip's. */
static int sort_rows(struct site *site, struct err *err)
{
    const struct coverage *coverage = site->report->coverage;
    const struct comparison_set *set = site->report->comparisons;
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++)
        count += set->items[i].row_count;
    site->chip_ends = arena_alloc(&site->arena, coverage->row_count + 2, sizeof(*site->chip_ends));
    site->chip_rows = arena_alloc(&site->arena, count + 1, sizeof(*site->chip_rows));
    if (site->chip_ends == NULL || site->chip_rows == NULL)
        return mem_error(err);
    /* Counted one place on, the sums are where each chip begins; filling moves that to where it ends. */
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++)
            site->chip_ends[coverage_row_of(coverage, set->items[i].rows[j].chip) + 1]++;
    for (size_t i = 1; i <= coverage->row_count; i++)
        site->chip_ends[i] += site->chip_ends[i - 1];
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++) {
            const size_t chip = coverage_row_of(coverage, set->items[i].rows[j].chip);

            site->chip_rows[site->chip_ends[chip]++] = (struct site_row){&set->items[i], j};
        }
    return 0;
}

static int collect(struct site *site, struct err *err)
{
    int status = run_lists_make(site->report->results, site->report->hashes, run_list_chip, &site->chips, err);

    if (status == 0)
        status = mixtures_find(site->report->results, &site->arena, &site->mixtures, err);
    if (status == 0)
        status = sort_rows(site, err);
    return status < 0 ? status : site_choose_pairs(site, err);
}

/* About how many pages there will be: for the progress bar. */
static size_t expected(const struct site *site)
{
    const struct report *report = site->report;
    const size_t submissions = report->apart ? 0 : report->results->submission_count;

    return report->coverage->row_count + report->coverage->column_count + site->pair_count +
           (submissions < SITE_SUBMISSIONS_MAX ? submissions : SITE_SUBMISSIONS_MAX);
}

int site_make(const struct report *report, struct publication *publication, struct err *err)
{
    /* Pairs first: the others link to what has a page. The last ones wait for their charts. */
    static int (*const parts[])(struct site *, struct err *) = {
        site_add_pairs,    site_add_find,        site_add_chips, site_add_generations, site_add_compare,
        site_add_versions, site_add_submissions, site_add_words, site_add_home,        site_add_models};
    struct site site = {.report = report, .publication = publication, .chart_files = publication->count};
    int status = begin(&site, err);

    if (status == 0)
        status = collect(&site, err);
    site.pages_expected = expected(&site);
    if (report->progress != NULL)
        progress_begin(report->progress, "making pages", site.pages_expected);
    for (size_t i = 0; status == 0 && i < ARRAY_LENGTH(parts); i++)
        if (parts[i] != site_add_submissions || !report->apart)
            status = parts[i](&site, err);
    if (report->progress != NULL)
        progress_end(report->progress);
    run_lists_done(&site.chips);
    arena_done(&site.arena);
    return status;
}

int site_make_submissions(const struct report *report, struct publication *publication, struct err *err)
{
    struct site site = {.report = report, .publication = publication};
    int status = begin(&site, err);

    if (status == 0)
        status = mixtures_find(report->results, &site.arena, &site.mixtures, err);
    if (status == 0)
        status = site_add_submissions(&site, err);
    arena_done(&site.arena);
    return status;
}
