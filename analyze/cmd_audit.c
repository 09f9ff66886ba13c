/* crosschip-analyze audit */
#include "analyze/inputs.h"
#include "analyze/report/data_tables.h"
#include "analyze/verbs.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

#define EXIT_FOUND 1

static void add_counts(const struct result_set *results, struct buf *into)
{
    report_plural(into, results->finding_count, "finding", "findings");
    buf_adds(into, " in ");
    report_plural(into, results->submission_count, "submission", "submissions");
    buf_addf(into, " (%zu accepted, %zu quarantined)\n", result_set_count_state(results, STATE_ACCEPTED),
             result_set_count_state(results, STATE_QUARANTINED));
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
        encode_terminal(into, str_of(finding->message));
        buf_addf(into, "\n    %s", submission->id);
        if (finding->run >= 0)
            buf_addf(into, ", run %ld", finding->run);
        buf_addf(into, ", %s\n", submission_state_word(submission->state));
    }
}

static int print_json(const struct result_set *results, struct buf *into, struct err *err)
{
    const struct report report = {.results = results};
    autotable struct table table = {.caption = NULL};
    struct json_writer writer = json_writer(into, 1);
    const int status = data_findings(&report, &table, err);

    if (status < 0)
        return status;
    json_begin_object(&writer);
    json_pair_int(&writer, "submissions", (int64_t)results->submission_count);
    json_pair_int(&writer, "accepted", (int64_t)result_set_count_state(results, STATE_ACCEPTED));
    json_pair_int(&writer, "quarantined", (int64_t)result_set_count_state(results, STATE_QUARANTINED));
    json_write_key(&writer, "findings");
    table_write_json(&table, &writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
    return 0;
}

int verb_audit(const struct invocation *invocation, struct err *err)
{
    autoset struct result_set results = {.file_count = 0};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    int status = inputs_load(invocation, 0, &results, err);

    if (status < 0)
        return status;
    if (results.submission_count == 0) {
        (void)err_set(err, ERR_NOTHING, "there is no submission to audit");
        return err_hint(err, "send one with crosschip-submit send FILE, or name benchmark outputs as arguments");
    }
    if (option_flag(invocation, "json")) {
        status = print_json(&results, &text, err);
    } else {
        add_findings(&results, &text);
        add_counts(&results, &text);
    }
    if (status == 0)
        status = inputs_print(&text, err);
    return status < 0 ? status : results.finding_count > 0 ? EXIT_FOUND : 0;
}
