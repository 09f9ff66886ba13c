/* A page for each submission: its state, what it measured, what the checks found. Who sent it and when stands nowhere
 * here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

static int compare_newest(const void *left, const void *right, void *context)
{
    const struct submission *submissions = context;
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;

    if (submissions[a].received_us != submissions[b].received_us)
        return submissions[a].received_us > submissions[b].received_us ? -1 : 1;
    return a > b ? -1 : a < b;
}

int site_choose_submissions(struct site *site, struct err *err)
{
    const struct result_set *set = site->report->results;
    autofree size_t *newest = mem_zalloc(set->submission_count + 1, sizeof(*newest));

    site->has_submission = arena_alloc(&site->arena, set->submission_count + 1, sizeof(*site->has_submission));
    if (newest == NULL || site->has_submission == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->submission_count; i++)
        newest[i] = i;
    qsort_r(newest, set->submission_count, sizeof(*newest), compare_newest, set->submissions);
    for (size_t i = 0; i < set->submission_count; i++)
        site->has_submission[newest[i]] = i < SITE_SUBMISSIONS_MAX;
    return 0;
}

static bool has_content(const struct submission *submission)
{
    return submission->state == STATE_ACCEPTED || submission->state == STATE_QUARANTINED;
}

static const char *meaning_of(const struct submission *submission)
{
    if (submission->repeats)
        return "An earlier submission has the same original: this one is kept and counts nowhere.";
    switch (submission->state) {
    case STATE_ACCEPTED:
        return "It enters the figures.";
    case STATE_QUARANTINED:
        return "A check found something: it is kept and shown, and enters no figure until a person has decided.";
    case STATE_REJECTED:
        return "A person decided that it does not count.";
    case STATE_WITHDRAWN:
        return "Who sent it took it back.";
    case STATE_DELETED:
        return "Its content was erased; only its name is left.";
    case STATE_COUNT:
        break;
    }
    return "";
}

struct submission_view {
    const struct result **results;
};

static void link_chip(void *context, size_t row, size_t column, struct buf *into)
{
    const struct submission_view *view = context;

    if (column == 0 && view->results[row]->run->machine->chip_known)
        site_chip_page(view->results[row]->run->machine->chip, into);
}

static void put_result(const struct result *result, struct table *table)
{
    autobuf struct buf work = BUF(8192);

    comparison_title_of(result, &work);
    table_row(table);
    table_put_text(table, text_is_empty(result->run->machine->chip) ? NULL : result->run->machine->chip);
    table_put_text(table, result->run->tool);
    table_put_text(table, buf_text(&work));
    table_put_text(table, text_is_empty(result->run->workload->backend) ? NULL : result->run->workload->backend);
    table_put_text(table, catalog_metric_title(result->measure->metric));
    table_put_number(table, result->value, isfinite(result->value) ? figure_decimals(result->value, (double)NAN) : 0,
                     NULL);
    table_put_text(table, text_is_empty(result->measure->unit) ? NULL : result->measure->unit);
    if (result->n < 0)
        table_put_text(table, "n/a");
    else
        table_put_integer(table, result->n);
    if (isfinite(result->detail->stddev))
        table_put_number(table, result->detail->stddev, figure_decimals(result->detail->stddev, (double)NAN), NULL);
    else
        table_put_text(table, "n/a");
    table_put_text(table, result->failed             ? "failed, not counted"
                          : result->run->quarantined ? "quarantined, not counted"
                          : result->flagged          ? "see below"
                                                     : NULL);
}

/* Where the results and the findings of a submission begin: both stand in the order of the submissions. Looking through
 * all of them for each page would cost the square. */
struct place {
    size_t result, finding;
};

static struct place place_after(const struct result_set *set, struct place place, size_t submission)
{
    while (place.result < set->result_count && set->results[place.result].run->submission == submission)
        place.result++;
    while (place.finding < set->finding_count && set->findings[place.finding].submission == submission)
        place.finding++;
    return place;
}

static int add_results(const struct result_set *set, size_t first, size_t end, struct buf *into, struct err *err)
{
    static const struct {
        const char *title;
        enum table_align align;
    } columns[] = {{"Chip", ALIGN_LEFT},   {"Tool", ALIGN_LEFT},   {"Workload", ALIGN_LEFT}, {"Backend", ALIGN_LEFT},
                   {"Metric", ALIGN_LEFT}, {"Value", ALIGN_RIGHT}, {"Unit", ALIGN_LEFT},     {"Runs", ALIGN_RIGHT},
                   {"SD", ALIGN_RIGHT},    {"Checks", ALIGN_LEFT}};
    autotable struct table table = {.caption = NULL};
    autofree const struct result **results = mem_zalloc(end - first + 1, sizeof(*results));
    struct submission_view view = {results};

    if (results == NULL)
        return mem_error(err);
    table_init(&table, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        table_column_for_people(&table, columns[i].title, columns[i].align);
    for (size_t i = first; i < end; i++) {
        put_result(&set->results[i], &table);
        results[i - first] = &set->results[i];
    }
    const struct table_html how = {
        .id = "results", .caption = "What was sent", .base_row = TABLE_NO_ROW, .context = &view, .link = link_chip};

    table_print_html(&table, &how, into);
    return table_check(&table, err);
}

static void add_findings(const struct site *site, size_t first, size_t end, struct buf *into)
{
    const struct result_set *set = site->report->results;
    const struct mixture *told = NULL; /* of two runs of a submission it is mostly the same */

    buf_adds(into, first < end ? "<h2>What the checks found</h2>\n<ul>\n" : "");
    for (size_t i = first; i < end; i++) {
        const struct set_finding *finding = &set->findings[i];

        buf_adds(into, "<li><code>");
        site_text(into, finding->rule);
        buf_adds(into, "</code> (");
        site_text(into, finding->severity);
        buf_adds(into, "): ");
        site_text(into, finding->message);
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, first < end ? "</ul>\n" : "<p>The checks found nothing.</p>\n");
    for (size_t i = first; i < end; i++) {
        const struct mixture *mixture = mixture_of(&site->mixtures, set, &set->findings[i]);

        if (mixture != NULL && mixture != told)
            site_add_mixture(mixture, into);
        told = mixture != NULL ? mixture : told;
    }
}

static int add_page(struct site *site, size_t number, struct place from, struct place to, struct err *err)
{
    const struct result_set *set = site->report->results;
    const struct submission *submission = &set->submissions[number];
    autobuf struct buf content = BUF(PAGE_BYTES_MAX), title = BUF(256), name = BUF(4096);
    int status = 0;

    buf_adds(&title, "Submission ");
    site_submission_name(submission, &title);
    buf_adds(&content, "<h1>");
    site_text(&content, buf_text(&title));
    buf_addf(&content,
             "</h1>\n<p class=\"lead\">State: <strong>%s</strong>. %s</p>\n<dl>\n<dt>Whole name</dt><dd><code>",
             submission_state_word(submission->state), meaning_of(submission));
    site_text(&content, submission->id);
    buf_adds(&content, "</code></dd>\n<dt>Read as</dt><dd>");
    site_text(&content, text_is_empty(submission->format) ? "not stated" : submission->format);
    buf_adds(&content, "</dd>\n</dl>\n");
    if (has_content(submission)) {
        status = add_results(set, from.result, to.result, &content, err);
        add_findings(site, from.finding, to.finding, &content);
    }
    if (status < 0)
        return status;
    buf_addf(&content,
             "<h2>Is it yours?</h2>\n<p>The name is the SHA-256 of the bytes that were sent%s. "
             "<code>crosschip-submit withdraw ID</code> takes it back, from the machine that sent it.</p>\n",
             strchr(submission->id, '#') != NULL ? ", and the number of the machine among those of one file" : "");
    site_submission_page(submission, &name);
    return site_add_page(site, buf_text(&name), buf_text(&title), NULL, WITHOUT_SCRIPT, &content, err);
}

/* ---- the list */

struct list_view {
    const struct submission **submissions; /* of each row */
};

static void link_submission(void *context, size_t row, size_t column, struct buf *into)
{
    const struct list_view *view = context;

    if (column == 0)
        site_submission_page(view->submissions[row], into);
}

#define LISTED_MOST 200 /* bytes of names in a cell, after which no further one begins */

static void list_name(const char *name, const char **last, struct buf *into)
{
    if (!text_equal(name, *last) && into->len < LISTED_MOST)
        buf_addf(into, "%s%s", into->len > 0 ? ", " : "", name);
    *last = name;
}

/* "Apple M1, Apple M2" and "Llama 2 7B": each once, in the order of the runs. Results stand in the order of the ids, as
 * the list does. */
static void list_contents(const struct result_set *set, size_t *result, size_t submission, struct buf *chips,
                          struct buf *models)
{
    const char *chip = "", *model = "";

    for (; *result < set->result_count && set->results[*result].run->submission == submission; ++*result) {
        list_name(set->results[*result].run->machine->chip, &chip, chips);
        list_name(set->results[*result].run->workload->model, &model, models);
    }
}

static int add_list(struct site *site, struct err *err)
{
    const struct result_set *set = site->report->results;
    autobuf struct buf content = BUF(PAGE_BYTES_MAX);
    autotable struct table table = {.caption = NULL};
    autofree const struct submission **rows = mem_zalloc(set->submission_count + 1, sizeof(*rows));
    struct list_view view = {rows};
    size_t result = 0;

    if (rows == NULL)
        return mem_error(err);
    table_init(&table, NULL);
    table_column_for_people(&table, "Name", ALIGN_LEFT);
    table_column_for_people(&table, "State", ALIGN_LEFT);
    table_column_for_people(&table, "Chips", ALIGN_LEFT);
    table_column_for_people(&table, "Models", ALIGN_LEFT);
    table_column_for_people(&table, "Read as", ALIGN_LEFT);
    for (size_t i = 0; i < set->submission_count; i++) {
        const size_t number = set->submission_order[i];
        const struct submission *submission = &set->submissions[number];
        autobuf struct buf name = BUF(128), chips = BUF(8192), models = BUF(8192);

        list_contents(set, &result, number, &chips, &models);
        if (!site_has_submission(site, number))
            continue;
        site_submission_name(submission, &name);
        if (!has_content(submission)) {
            buf_reset(&chips);
            buf_reset(&models);
        }
        rows[table.row_count] = submission;
        table_row(&table);
        table_put_text(&table, buf_text(&name));
        table_put_text(&table, submission->repeats ? "repeats another" : submission_state_word(submission->state));
        table_put_text(&table, chips.len > 0 ? buf_text(&chips) : NULL);
        table_put_text(&table, models.len > 0 ? buf_text(&models) : NULL);
        table_put_text(&table, text_is_empty(submission->format) ? NULL : submission->format);
    }
    const struct table_html how = {.id = "submissions",
                                   .caption = "Submissions in the order of their names",
                                   .base_row = TABLE_NO_ROW,
                                   .tools = true,
                                   .context = &view,
                                   .link = link_submission};

    buf_adds(&content,
             "<h1>Submissions</h1>\n<p class=\"lead\">Every figure comes from these. Each is named by the SHA-256 of "
             "its bytes.</p>\n");
    table_print_html(&table, &how, &content);
    return site_add_page(site, "submissions.html", "Submissions", "Everything that was sent, with its state.",
                         WITH_SCRIPT, &content, err);
}

int site_add_submissions(struct site *site, struct err *err)
{
    const struct result_set *set = site->report->results;
    struct place from = {0, 0};
    int status = add_list(site, err);

    for (size_t i = 0; status == 0 && i < set->submission_count; i++) {
        const size_t number = set->submission_order[i];
        const struct place to = place_after(set, from, number);

        if (site_has_submission(site, number))
            status = add_page(site, number, from, to, err);
        from = to;
    }
    return status;
}
