/* Method, provenance, contributors, footnotes. */
#include <stdlib.h>
#include <string.h>

#include "analyze/report/provenance.h"
#include "analyze/report/sections.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

static const char method_words[] =
    "## Method\n\n"
    "- **A row** is one chip, its variant where it is known and how many of them, with one model in one quantization, "
    "one backend and one task with its lengths. Threads, builds and layers are the setup: tables say how many setups "
    "a row mixes.\n"
    "- **pp512** is reading a prompt of 512 tokens, **tg128** generating 128 tokens, **lm_head** one pass through the "
    "last layer of a model.\n"
    "- **A figure** is a nested median: of a device's submissions, of a contributor's devices, over contributors. Who "
    "sends often does not weigh more. All anonymous submissions of equal hardware are one device, all anonymous "
    "devices of a row one contributor.\n"
    "- **Runs** are the repetitions that the sources state, **Devices** and **By** the machines and contributors "
    "behind the "
    "figure. What a source does not say is n/a, never 0 or 1.\n"
    "- **95 %** is an interval of the median from order statistics, where at least 6 values stand behind a figure; "
    "otherwise "
    "n/a.\n"
    "- **Factors** are better when greater: value / baseline where higher is better, baseline / value where lower is. "
    "The "
    "default baseline is the oldest base chip of a table. A factor without intervals carries an unknown margin; one "
    "between two backends is of chip and backend together.\n"
    "- **Rated GB/s** is the maker's memory bandwidth, shown only where the variant of the chip is known.\n"
    "- **Checks**: bandwidth × time = bytes of the model; measured bandwidth ≤ rated; stated statistics follow from "
    "the stated "
    "samples. What fails is kept, flagged and shown.\n\n"
    "### Reproduce\n\n"
    "```sh\n"
    "crosschip-analyze publish DIR      # this page, charts/ and data/ from the database\n"
    "crosschip-analyze table            # the tables alone; --baseline CHIP for another baseline\n"
    "crosschip-analyze audit            # what the checks found\n"
    "```\n\n"
    "The same data give the same bytes. [data/README.md](data/README.md) says what the columns mean.\n";

int section_method(const struct report *report, struct buf *into, struct err *err)
{
    (void)report;
    buf_adds(into, method_words);
    return buf_check(into, err);
}

static void add_time_range(const struct result_set *set, struct buf *into)
{
    char oldest[REPORT_DATE_SIZE], newest[REPORT_DATE_SIZE];

    report_date(oldest, result_set_oldest(set));
    report_date(newest, result_set_newest(set));
    if (newest[0] == '\0')
        buf_adds(into, "the data carry no dates");
    else
        buf_addf(into, "%s to %s (UTC), of the runs that state a time", oldest, newest);
}

static void add_versions(const struct report *report, struct buf *into)
{
    const struct comparison *items = report->comparisons->items;

    for (size_t i = 0; i < report->comparisons->count; i++) {
        if (i > 0 && text_equal(items[i].tool, items[i - 1].tool))
            continue;
        buf_adds(into, i > 0 ? ", " : "");
        section_text(into, items[i].tool);
    }
}

int section_provenance(const struct report *report, struct buf *into, struct err *err)
{
    const struct result_set *set = report->results;

    buf_adds(into, "## Provenance\n\n| | |\n|:---|:---|\n");
    buf_adds(into, "| Made by | crosschip-analyze " CROSSCHIP_VERSION ", `crosschip-analyze publish` |\n");
    if (report->contact != NULL) {
        buf_adds(into, "| Contact | ");
        encode_markdown_cell(into, str_of(report->contact));
        buf_adds(into, " |\n");
    }
    buf_adds(into, "| Input | ");
    if (set->file_count > 0) {
        report_plural(into, set->file_count, "file", "files");
        buf_adds(into, ", ");
    }
    report_plural(into, set->submission_count, "submission", "submissions");
    buf_adds(into, ": ");
    for (int i = 0, named = 0; i < STATE_COUNT; i++) {
        const size_t count = result_set_count_state(set, (enum submission_state)i);

        if (count > 0)
            buf_addf(into, "%s%zu %s", named++ > 0 ? ", " : "", count, submission_state_word((enum submission_state)i));
    }
    buf_adds(into, " |\n| Input set | `");
    provenance_input_hash(set, into);
    buf_adds(into, "`, SHA-256 over the submission ids in ascending order, a line each |\n| Time range | ");
    add_time_range(set, into);
    buf_adds(into, " |\n| Benchmark tools | ");
    add_versions(report, into);
    buf_adds(into, " |\n| Fonts and libraries of the charts | [data/provenance.json](data/provenance.json) |\n| "
                   "Licence of the data | ");
    buf_adds(into, BUNDLE_LICENCE " |\n");
    return buf_check(into, err);
}

int section_contributors(const struct report *report, struct buf *into, struct err *err)
{
    const struct result_set *set = report->results;
    autofree const char **keys = mem_zalloc(set->submission_count + 1, sizeof(*keys));
    size_t anonymous = 0, known = 0, distinct = 0;

    if (keys == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->submission_count; i++) {
        const struct submission *submission = &set->submissions[i];

        if (submission->state != STATE_ACCEPTED)
            continue;
        if (text_is_empty(submission->contributor))
            anonymous++;
        else
            keys[known++] = submission->contributor;
    }
    text_sort(keys, known);
    for (size_t i = 0; i < known; i++)
        distinct += i == 0 || !text_equal(keys[i], keys[i - 1]) ? 1 : 0;
    buf_adds(into, "## Contributors\n\n");
    if (known > 0) {
        report_plural(into, distinct, "contributor", "contributors");
        buf_addf(into, " with a token sent %zu of the accepted submissions; %zu came without a name.\n", known,
                 anonymous);
    } else {
        buf_addf(into, "All %zu accepted submissions came without a name.\n", anonymous);
    }
    return buf_check(into, err);
}

struct footnote {
    const char *mark, *words;
    bool used; /* by the report: a name of a stranger may look like a mark */
};

static size_t first_use(const struct buf *text, const struct footnote *footnote)
{
    return str_find(str_slice(buf_text(text), text->len), str_of(footnote->mark), 0);
}

static int compare_use(const void *left, const void *right, void *text)
{
    const size_t a = first_use(text, left), b = first_use(text, right);

    return (a > b) - (a < b);
}

int section_footnotes(const struct report *report, struct buf *into, struct err *err)
{
    struct footnote footnotes[] = {
        {"[^n]", "The source gives no run count: there is no interval, and a factor carries an unknown margin.",
         section_uses_unknown_runs(report)},
        {"[^flag]", "A plausibility check has a remark about this figure; see Data quality.",
         section_uses_flags(report)}};
    bool any = false;

    qsort_r(footnotes, ARRAY_LENGTH(footnotes), sizeof(footnotes[0]), compare_use, into);
    for (size_t i = 0; i < ARRAY_LENGTH(footnotes); i++)
        if (footnotes[i].used) {
            buf_addf(into, "%s: %s\n", footnotes[i].mark, footnotes[i].words);
            any = true;
        }
    if (!any)
        buf_adds(into, "No footnotes.\n");
    return buf_check(into, err);
}
