/* crosschip-analyze audit */
#include <string.h>

#include "analyze/data/set_checks.h"
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/data_tables.h"
#include "analyze/verbs.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/checks/checks.h"
#include "schema/text/encode.h"

#define EXIT_FOUND 1

static void add_counts(const struct result_set *results, struct buf *into)
{
    size_t named = 0;

    report_plural(into, results->finding_count, "finding", "findings");
    buf_adds(into, "; ");
    report_plural(into, results->submission_count, "submission", "submissions");
    buf_adds(into, " (");
    for (int i = 0; i < STATE_COUNT; i++) {
        const size_t count = result_set_count_state(results, (enum submission_state)i);

        if (count > 0)
            buf_addf(into, "%s%zu %s", named++ > 0 ? ", " : "", count, submission_state_word((enum submission_state)i));
    }
    buf_adds(into, ")");
    if (result_set_quarantined_runs(results) > 0) {
        buf_adds(into, "; ");
        report_plural(into, result_set_quarantined_runs(results), "run", "runs");
        buf_adds(into, " quarantined");
    }
    buf_addc(into, '\n');
}

/* ---- findings */

#define SHORT_ID 12

/* Other files have the same name in other folders. */
static bool is_ambiguous(const struct result_set *results, const char *path)
{
    for (size_t i = 0; i < results->submission_count; i++) {
        const char *other = results->submissions[i].file;

        if (other != NULL && !text_equal(other, path) && text_equal(file_base_name(other), file_base_name(path)))
            return true;
    }
    return false;
}

/* The file, and the number of its machine where it has several; else the short id. */
static void add_source(const struct result_set *results, const struct submission *submission, struct buf *into)
{
    const char *machine = strchr(submission->id, '#'), *path = submission->file;

    if (path == NULL)
        buf_addf(into, "%.*s", SHORT_ID, submission->id + (text_starts_with(submission->id, "sha256:") ? 7 : 0));
    else
        encode_terminal(into, str_of(is_ambiguous(results, path) ? path : file_base_name(path)));
    buf_adds(into, machine != NULL ? machine : "");
}

static void add_metric(const char *name, struct buf *into)
{
    const struct metric *known = catalog_metric(name);

    if (text_is_empty(name))
        return;
    encode_terminal(into, str_of(known != NULL ? known->title : name));
    if (known != NULL && !text_is_empty(known->unit))
        buf_addf(into, ", %s", known->unit);
    buf_adds(into, ": ");
}

/* Not in a table: the numbers of a finding are a sentence, and it must not be cut. */
static void add_findings(const struct result_set *results, struct buf *into)
{
    for (size_t i = 0; i < results->finding_count; i++) {
        const struct set_finding *finding = &results->findings[i];
        const struct submission *submission = &results->submissions[finding->submission];

        buf_addf(into, "%s (%s): ", finding->rule, finding->severity);
        encode_terminal(into, str_of(text_is_empty(finding->chip) ? "no chip" : finding->chip));
        buf_adds(into, ", ");
        encode_terminal(into, str_of(text_is_empty(finding->model) ? "no model" : finding->model));
        buf_adds(into, "\n    ");
        add_metric(finding->metric, into);
        encode_terminal(into, str_of(finding->message));
        buf_adds(into, "\n    ");
        add_source(results, submission, into);
        if (finding->run >= 0)
            buf_addf(into, ", run %ld", finding->run);
        if (finding->other > 0) {
            buf_adds(into, " and ");
            add_source(results, &results->submissions[finding->other - 1], into);
        }
        buf_addf(into, ", %s\n", submission_state_word(finding_state(results, finding)));
    }
}

/* ---- what was checked */

static void put_check(const struct result_set *results, const char *name, const char *severity, const char *words,
                      struct table *table)
{
    size_t found = 0;

    for (size_t i = 0; i < results->finding_count; i++)
        found += text_equal(results->findings[i].rule, name) ? 1 : 0;
    table_row(table);
    table_put_text(table, name);
    table_put_text(table, severity);
    table_put_integer(table, (int64_t)found);
    table_put_text(table, words);
}

/* Also those that found nothing: a reader must see what was asked. */
static int checks_table(const struct result_set *results, struct table *ret, struct err *err)
{
    table_init(ret, "Checks");
    table_column(ret, "rule", "Check", ALIGN_LEFT);
    table_column(ret, "severity", "If it fails", ALIGN_LEFT);
    table_column(ret, "findings", "Found", ALIGN_RIGHT);
    table_column(ret, "words", "What it demands", ALIGN_LEFT);
    for (size_t i = 0; i < check_rule_count; i++)
        put_check(results, check_rules[i].name, check_severity_word(check_rules[i].severity), check_rules[i].words,
                  ret);
    for (const struct set_rule *rule = set_rules; rule->name != NULL; rule++)
        put_check(results, rule->name, rule->severity, rule->words, ret);
    return table_check(ret, err);
}

/* Not in a table on a terminal: what a check demands must not be cut. */
static void add_checks(const struct table *checks, struct buf *into)
{
    buf_adds(into,
             into->len > 0 ? "\nChecks, and how many findings of each:\n" : "Checks, none of which found anything:\n");
    for (size_t i = 0; i < checks->row_count; i++)
        buf_addf(into, "%5lld  %s (%s): %s\n", (long long)table_at(checks, i, 2)->integer, table_at(checks, i, 0)->text,
                 table_at(checks, i, 1)->text, table_at(checks, i, 3)->text);
    buf_addc(into, '\n');
}

/* ---- */

/* Submissions of other states are counted, their findings are left out. */
static int keep_state(const struct invocation *invocation, struct result_set *results, struct err *err)
{
    const char *wanted = option_text(invocation, "state");
    enum submission_state state;
    size_t kept = 0;

    if (wanted == NULL)
        return 0;
    const int status = inputs_state(invocation, &state, err);

    for (size_t i = 0; status == 0 && i < results->finding_count; i++)
        if (finding_state(results, &results->findings[i]) == state)
            results->findings[kept++] = results->findings[i];
    results->finding_count = status == 0 ? kept : results->finding_count;
    return status;
}

static int check(const struct invocation *invocation, struct result_set *results, struct err *err)
{
    autocomparisons struct comparison_set comparisons = {.count = 0};
    int status = comparison_build(results, NULL, &comparisons, err);

    if (status == 0)
        status = set_checks(results, &comparisons, err);
    return status < 0 ? status : keep_state(invocation, results, err);
}

static void print_json(const struct result_set *results, const struct table *checks, const struct table *findings,
                       struct buf *into)
{
    struct json_writer writer = json_writer(into, 1);

    json_begin_object(&writer);
    json_pair_int(&writer, "submissions", (int64_t)results->submission_count);
    for (int i = 0; i < STATE_COUNT; i++)
        json_pair_int(&writer, submission_state_word((enum submission_state)i),
                      (int64_t)result_set_count_state(results, (enum submission_state)i));
    json_pair_int(&writer, "quarantined_runs", (int64_t)result_set_quarantined_runs(results));
    json_write_key(&writer, "checks");
    table_write_json(checks, &writer);
    json_write_key(&writer, "findings");
    table_write_json(findings, &writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
}

static int print(const struct result_set *results, enum output_format format, struct err *err)
{
    const struct report report = {.results = results};
    autotable struct table checks = {.caption = NULL}, findings = {.caption = NULL};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    int status = checks_table(results, &checks, err);

    if (status == 0)
        status = data_findings(&report, &findings, err);
    if (status < 0)
        return status;
    switch (format) {
    case OUTPUT_JSON:
        print_json(results, &checks, &findings, &text);
        break;
    case OUTPUT_CSV:
        table_print_csv(&findings, &text);
        break;
    case OUTPUT_MARKDOWN:
        output_table(&findings, format, &text);
        output_table(&checks, format, &text);
        break;
    case OUTPUT_TEXT:
        add_findings(results, &text);
        add_checks(&checks, &text);
        add_counts(results, &text);
        break;
    }
    return inputs_print(&text, err);
}

static bool any_found(const struct result_set *results)
{
    for (size_t i = 0; i < results->finding_count; i++)
        if (!text_equal(results->findings[i].severity, SET_NOTE))
            return true;
    return false;
}

int verb_audit(const struct invocation *invocation, struct err *err)
{
    autoset struct result_set results = {.file_count = 0};
    enum output_format format = OUTPUT_TEXT;
    int status = output_format_of(invocation, &format, err);

    if (status == 0)
        status = inputs_load(invocation, 0, &results, err);
    if (status < 0)
        return status;
    if (results.submission_count == 0) {
        (void)err_set(err, ERR_NOTHING, "there is no submission to audit");
        return err_hint(err, "send one with crosschip-submit send FILE, or name benchmark outputs as arguments");
    }
    status = check(invocation, &results, err);
    if (status == 0)
        status = print(&results, format, err);
    return status < 0 ? status : any_found(&results) ? EXIT_FOUND : 0;
}
