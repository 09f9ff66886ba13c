/* Data quality: what the checks found, what was left out, and where a source mixed models. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/set_checks.h"
#include "analyze/report/measurement_files.h"
#include "analyze/report/mixture.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define FINDINGS_SHOWN 200
#define NOTES_SHOWN 5 /* of each rule: a tool of which people run every version has one in each cell */
#define SHORT_ID 12

static void add_states(const struct report *report, struct buf *into)
{
    const struct result_set *set = report->results;
    size_t named = 0;

    report_plural(into, set->submission_count, "submission", "submissions");
    buf_adds(into, ": ");
    for (int i = 0; i < STATE_COUNT; i++) {
        const size_t count = result_set_count_state(set, (enum submission_state)i);

        if (count == 0)
            continue;
        buf_addf(into, "%s%zu %s", named > 0 ? ", " : "", count, submission_state_word((enum submission_state)i));
        named++;
    }
    buf_adds(into, ". Only accepted ones enter the figures.");
    if (result_set_repeats(set) > 0) {
        buf_addc(into, ' ');
        report_plural(into, result_set_repeats(set), "accepted submission repeats", "accepted submissions repeat");
        buf_adds(into, " an original that came before and counts once.");
    }
    if (result_set_failed_runs(set) > 0) {
        buf_adds(into, " Left out: ");
        report_plural(into, result_set_failed_runs(set), "run", "runs");
        buf_adds(into, " of accepted submissions that failed or that the tool itself calls invalid.");
    }
    if (result_set_quarantined_runs(set) > 0) {
        buf_adds(into, " Left out of plain files: ");
        report_plural(into, result_set_quarantined_runs(set), "run", "runs");
        buf_adds(into, " that a check quarantined.");
    }
    buf_adds(into, "\n\n");
}

static void add_short_id(const struct submission *submission, struct buf *into)
{
    const char *machine = strchr(submission->id, '#');

    buf_addf(into, "%.*s%s", SHORT_ID, submission->id + (text_starts_with(submission->id, "sha256:") ? 7 : 0),
             machine != NULL ? machine : "");
}

static void put_finding(const struct report *report, const struct set_finding *finding, struct table *table)
{
    autobuf struct buf id = BUF(64);

    add_short_id(&report->results->submissions[finding->submission], &id);
    table_row(table);
    table_put_text(table, finding->rule);
    table_put_text(table, text_is_empty(finding->chip) ? NULL : finding->chip);
    table_put_text(table, text_is_empty(finding->model) ? NULL : finding->model);
    table_put_text(table, finding->message);
    table_put_text(table, submission_state_word(finding_state(report->results, finding)));
    table_put_text(table, buf_text(&id));
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* What holds results back, what only marks them, what is worth knowing. */
static int weight_of(const struct set_finding *finding)
{
    return text_equal(finding->severity, "quarantine") ? 0 : text_equal(finding->severity, SET_NOTE) ? 2 : 1;
}

/* Findings in the order that people read them: weight, rule, then chips in natural order, then submission. */
static int compare_findings(const void *left, const void *right)
{
    const struct set_finding *a = *(const struct set_finding *const *)left;
    const struct set_finding *b = *(const struct set_finding *const *)right;
    int order = weight_of(a) - weight_of(b);

    if (order == 0)
        order = strcmp(a->rule, b->rule);

    if (order == 0)
        order = catalog_compare_chips(or_empty(a->chip), "", or_empty(b->chip), "");
    if (order == 0)
        order = strcmp(or_empty(a->model), or_empty(b->model));
    return order != 0 ? order : (a > b) - (a < b);
}

static void add_rules(const struct set_finding *const *findings, size_t count, struct buf *into)
{
    for (size_t i = 0; i < count;) {
        const char *words = set_rule_words(findings[i]->rule);
        size_t end = i;

        while (end < count && text_equal(findings[end]->rule, findings[i]->rule))
            end++;
        buf_adds(into, weight_of(findings[i]) < 2 ? "- ✗ " : "- Note: ");
        encode_markdown_code(into, str_of(findings[i]->rule), false);
        buf_addf(into, ", %zu %s", end - i, end - i == 1 ? "time" : "times");
        if (words != NULL) {
            buf_adds(into, ": ");
            section_text(into, words);
        }
        buf_adds(into, "\n");
        i = end;
    }
    buf_adds(into, "\n");
}

static int add_findings(const struct report *report, struct buf *into, struct err *err)
{
    const struct result_set *set = report->results;
    autofree const struct set_finding **order = mem_zalloc(set->finding_count + 1, sizeof(*order));
    autotable struct table table = {.caption = NULL};

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->finding_count; i++)
        order[i] = &set->findings[i];
    qsort(order, set->finding_count, sizeof(*order), compare_findings);
    add_rules(order, set->finding_count, into);
    table_init(&table, NULL);
    table_column_for_people(&table, "Check", ALIGN_LEFT);
    table_column_for_people(&table, "Chip", ALIGN_LEFT);
    table_column_for_people(&table, "Model", ALIGN_LEFT);
    table_column_for_people(&table, "What it found", ALIGN_LEFT);
    table_column_for_people(&table, "State", ALIGN_LEFT);
    table_column_for_people(&table, "Submission", ALIGN_LEFT);
    for (size_t i = 0, of_rule = 0; i < set->finding_count && table.row_count < FINDINGS_SHOWN; i++) {
        of_rule = i > 0 && text_equal(order[i]->rule, order[i - 1]->rule) ? of_rule + 1 : 1;
        if (weight_of(order[i]) < 2 || of_rule <= NOTES_SHOWN)
            put_finding(report, order[i], &table);
    }
    section_table(into, &table);
    if (set->finding_count > table.row_count)
        buf_addf(into, "%zu of %zu findings; all are in the data file. ", table.row_count, set->finding_count);
    buf_adds(into, "Data: [findings.csv](data/findings.csv).\n\n");
    return table_check(&table, err);
}

/* A result without a chip has no row to stand in. */
static void add_nameless(const struct report *report, struct buf *into)
{
    const struct result_set *set = report->results;
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++)
        count +=
            result_state(set, &set->results[i]) == STATE_ACCEPTED && text_is_empty(set->results[i].run->machine->chip)
                ? 1
                : 0;
    if (count == 0)
        return;
    report_plural(into, count, "accepted measurement names no chip and stands in no table",
                  "accepted measurements name no chip and stand in no table");
    buf_adds(into, measurement_files_digits(set) > 0 ? "; see [the data files](data/README.md).\n\n"
                                                     : "; see [measurements.csv](data/measurements.csv).\n\n");
}

/* Names that match nothing in the catalogue are listed, never guessed. */
static void add_unknown_chips(const struct report *report, struct buf *into)
{
    const struct coverage *coverage = report->coverage;
    size_t count = 0;

    for (size_t i = 0; i < report->comparisons->count; i++)
        for (size_t j = 0; j < report->comparisons->items[i].row_count; j++)
            count += report->comparisons->items[i].rows[j].chip_known ? 0 : 1;
    if (count == 0)
        return;
    buf_adds(into, "Chip names that the catalogue does not know, kept as given: ");
    count = 0;
    for (size_t i = 0; i < coverage->row_count; i++) {
        struct chip_match match;

        catalog_match_chip(coverage->rows[i].chip, NULL, &match);
        if (!coverage->rows[i].measured || match.chip != NULL)
            continue;
        buf_adds(into, count++ > 0 ? ", " : "");
        section_text(into, coverage->rows[i].chip);
    }
    buf_adds(into, ".\n\n");
}

static void write_code(struct buf *into, const char *untrusted)
{
    encode_markdown_code(into, str_of(untrusted), false);
}

static int add_mixtures(const struct report *report, struct buf *into, struct err *err)
{
    static const struct mixture_writer writer = {"**", "**", write_code, section_text};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct mixtures mixtures;
    const int status = mixtures_find(report->results, &arena, &mixtures, err);

    for (size_t i = 0; status == 0 && i < mixtures.count; i++) {
        mixture_write(&mixtures.items[i], &writer, into);
        buf_adds(into, "\n\n");
    }
    return status;
}

int section_quality(const struct report *report, struct buf *into, struct err *err)
{
    buf_adds(into, "## Data quality\n\n");
    add_states(report, into);
    int status = add_mixtures(report, into, err);

    if (status < 0)
        return status;
    if (report->results->finding_count > 0)
        status = add_findings(report, into, err);
    else
        buf_adds(into, "The plausibility checks found nothing.\n\n");
    if (status < 0)
        return status;
    add_nameless(report, into);
    add_unknown_chips(report, into);
    return buf_check(into, err);
}
