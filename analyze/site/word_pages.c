/* Pages of words: how to contribute, how to read this, the method. */
#include "analyze/report/coverage_tables.h"
#include "analyze/report/provenance.h"
#include "analyze/site/pages.h"
#include "schema/base/embedded.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"

#include "gen/analyze/site/pages/files.inc"

#define GAPS_SHOWN 50

static void add_contact(const char *contact, struct buf *into)
{
    if (text_starts_with(contact, "https://") || text_starts_with(contact, "mailto:"))
        site_link(into, contact, contact);
    else
        site_text(into, contact);
}

static int add_gaps(const struct site *site, struct buf *into, struct err *err)
{
    const struct report *report = site->report;
    autotable struct table table = {.caption = NULL};
    const int status = coverage_gaps(report->coverage, GAPS_SHOWN, &table, err);

    if (status < 0)
        return status;
    const struct table_html how = {.id = "gaps",
                                   .caption = "Results needed, most wanted first",
                                   .head_column = 2,
                                   .base_row = TABLE_NO_ROW,
                                   .tools = true};

    if (report->contact != NULL) {
        buf_adds(into, "<h2>Questions</h2>\n<p>Who publishes these pages: ");
        add_contact(report->contact, into);
        buf_adds(into, "</p>\n");
    }
    buf_adds(into, "<h2>Results needed</h2>\n");
    if (table.row_count == 0)
        buf_adds(into, "<p>Nothing is missing.</p>\n");
    else
        table_print_html(&table, &how, into);
    if (report->coverage->gap_count > GAPS_SHOWN)
        buf_addf(
            into,
            "<p class=\"note\">The first %d of %zu; <code>crosschip-analyze coverage</code> prints all of them.</p>\n",
            GAPS_SHOWN, report->coverage->gap_count);
    return 0;
}

/* What counts nowhere, and why. */
static void add_left_out(const struct site *site, struct buf *into)
{
    const struct result_set *set = site->report->results;
    const size_t quarantined = result_set_count_state(set, STATE_QUARANTINED);

    if (quarantined == 0)
        return;
    buf_adds(into, "<h2 id=\"left-out\">Left out</h2>\n<p>");
    report_plural(into, quarantined, "submission is", "submissions are");
    buf_adds(into,
             " quarantined: a check found something, or a person has to look first. They enter no figure and stand "
             "among <a href=\"submissions.html\">the submissions</a>, each with what was found.</p>\n");
    for (size_t i = 0; i < site->mixtures.count; i++)
        site_add_mixture(&site->mixtures.items[i], into);
}

static int add_provenance(const struct site *site, struct buf *into, struct err *err)
{
    const struct report *report = site->report;
    char oldest[REPORT_DATE_SIZE], newest[REPORT_DATE_SIZE];

    add_left_out(site, into);
    report_date(oldest, result_set_oldest(report->results));
    report_date(newest, result_set_newest(report->results));
    buf_adds(into,
             "<h2 id=\"provenance\">Provenance</h2>\n<dl>\n<dt>Made by</dt><dd>crosschip-analyze " CROSSCHIP_VERSION
             "</dd>\n<dt>Submissions</dt><dd>");
    report_plural(into, report->results->submission_count, "submission", "submissions");
    for (int i = 0; i < STATE_COUNT; i++) {
        const size_t count = result_set_count_state(report->results, (enum submission_state)i);

        if (count > 0)
            buf_addf(into, ", %zu %s", count, submission_state_word((enum submission_state)i));
    }
    if (report->contact != NULL) {
        buf_adds(into, "</dd>\n<dt>Contact</dt><dd>");
        add_contact(report->contact, into);
    }
    buf_adds(into, "</dd>\n<dt>Input set</dt><dd><code>");
    provenance_input_hash(report->results, into);
    buf_adds(into, "</code></dd>\n<dt>Time range</dt><dd>");
    if (newest[0] == '\0') {
        buf_adds(into, "the data carry no dates");
    } else {
        buf_addf(into, "%s to %s (UTC)", oldest, newest);
        report_undated(report->results, into);
    }
    buf_adds(into, "</dd>\n<dt>Licence of the data</dt><dd>" BUNDLE_LICENCE "</dd>\n</dl>\n");
    return buf_check(into, err);
}

static int no_more(const struct site *site, struct buf *into, struct err *err)
{
    (void)site;
    return buf_check(into, err);
}

int site_add_words(struct site *site, struct err *err)
{
    /* In the order of the embedded files. */
    static const struct {
        const char *title, *description;
        int (*more)(const struct site *, struct buf *, struct err *);
    } pages[] = {{"Contribute a result", "How to send a benchmark result.", add_gaps},
                 {"Method", "How the figures are made and checked.", add_provenance},
                 {"How to read this", "What the columns, marks and verdicts mean.", no_more}};
    int status = 0;

    for (size_t i = 0; status == 0 && i < ARRAY_LENGTH(pages); i++) {
        autobuf struct buf content = BUF(PAGE_BYTES_MAX);

        buf_add(&content, embedded_files[i].data, embedded_files[i].size);
        status = pages[i].more(site, &content, err);
        if (status == 0)
            status = site_add_page(site, embedded_files[i].name, pages[i].title, pages[i].description, WITH_SCRIPT,
                                   &content, err);
    }
    return status;
}
