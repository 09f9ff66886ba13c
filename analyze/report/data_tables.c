#include "analyze/report/data_tables.h"

#include <math.h>

#include "schema/base/clock.h"
#include "schema/base/str.h"

static void put_optional(struct table *table, const char *text)
{
    table_put_text(table, text_is_empty(text) ? NULL : text);
}

static void put_time(struct table *table, int64_t time_us)
{
    char text[CLOCK_TEXT_SIZE];

    table_put_text(table, time_us == TIME_UNKNOWN ? NULL : clock_format(text, time_us));
}

static void add_columns(struct table *table, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_column(table, keys[i], keys[i], ALIGN_LEFT);
}

static int finish(struct table *table, struct err *err)
{
    const int status = table_check(table, err);

    if (status < 0)
        table_done(table);
    return status;
}

static const char *direction_text(enum direction direction)
{
    const char *word = direction_word(direction);

    return word != NULL ? word : "";
}

/* ---- figures */

static void put_figure(struct table *table, const struct comparison *comparison, size_t row, size_t metric)
{
    const struct comparison_row *at = &comparison->rows[row];
    const struct comparison_metric *what = &comparison->metrics[metric];
    const struct figure *figure = &at->figures[metric];

    table_row(table);
    put_optional(table, comparison->tool);
    put_optional(table, comparison->model);
    put_optional(table, comparison->quantization);
    put_optional(table, comparison->task);
    put_optional(table, comparison->mode);
    put_optional(table, comparison->category);
    put_optional(table, comparison->parameters);
    put_optional(table, comparison->variant);
    table_put_text(table, at->chip);
    put_optional(table, at->variant);
    table_put_integer(table, at->chip_count);
    put_optional(table, at->backend);
    table_put_text(table, what->name);
    put_optional(table, what->unit);
    put_optional(table, direction_text(what->direction));
    table_put_number(table, figure->value, 0, NULL);
    table_put_number(table, figure->low, 0, NULL);
    table_put_number(table, figure->high, 0, NULL);
    put_optional(table, figure->interval_of);
    table_put_number(table, figure->least, 0, NULL);
    table_put_number(table, figure->greatest, 0, NULL);
    table_put_number(table, figure->stddev, 0, NULL);
    table_put_integer(table, figure->runs);
    table_put_integer(table, (int64_t)figure->submissions);
    table_put_integer(table, (int64_t)figure->devices);
    table_put_integer(table, (int64_t)figure->contributors);
    table_put_integer(table, (int64_t)at->setups);
    table_put_integer(table, (int64_t)figure->flagged);
    put_time(table, at->newest_us);
    put_optional(table, comparison->baseline_name);
    table_put_number(table, figure->factor, 0, NULL);
}

int data_figures(const struct report *report, struct table *ret, struct err *err)
{
    static const char *const keys[] = {
        "tool",    "model",        "quantization", "task",    "mode",       "category", "parameters", "run_variant",
        "chip",    "variant",      "chip_count",   "backend", "metric",     "unit",     "better",     "value",
        "low_95",  "high_95",      "interval_of",  "least",   "greatest",   "stddev",   "runs",       "submissions",
        "devices", "contributors", "set_ups",      "flagged", "newest_run", "baseline", "factor"};

    table_init(ret, "figures");
    add_columns(ret, keys, ARRAY_LENGTH(keys));
    for (size_t i = 0; i < report->comparisons->count; i++) {
        const struct comparison *comparison = &report->comparisons->items[i];

        for (size_t j = 0; j < comparison->row_count; j++)
            for (size_t k = 0; k < comparison->metric_count; k++)
                if (isfinite(comparison->rows[j].figures[k].value))
                    put_figure(ret, comparison, j, k);
    }
    return finish(ret, err);
}

/* ---- measurements */

static const char *stddev_kind_text(const struct result *result)
{
    if (!isfinite(result->detail->stddev))
        return "";
    switch (result->detail->stddev_kind) {
    case STDDEV_SAMPLE:
        return "sample";
    case STDDEV_POPULATION:
        return "population";
    case STDDEV_UNKNOWN:
        break;
    }
    return "unknown";
}

/* "no": its submission does not count, or it names no chip. */
static const char *counts_word(const struct result_set *set, const struct result *result)
{
    if (result->failed)
        return "failed";
    if (result_counts(set, result))
        return "yes";
    return result_state(set, result) != set->submissions[result->run->submission].state ? "quarantined" : "no";
}

static void put_measurement(struct table *table, const struct result_set *set, const struct result *result)
{
    const struct submission *submission = &set->submissions[result->run->submission];

    table_row(table);
    table_put_text(table, submission->id);
    table_put_text(table, submission_state_word(submission->state));
    table_put_text(table, counts_word(set, result));
    table_put_integer(table, (int64_t)result->run->number);
    put_optional(table, result->run->machine->chip_given);
    put_optional(table, result->run->machine->chip_known ? result->run->machine->chip : NULL);
    put_optional(table, result->run->machine->chip_variant);
    table_put_integer(table, result->run->machine->chip_count);
    put_optional(table, result->run->tool);
    put_optional(table, result->run->tool_version);
    put_optional(table, result->run->workload->model);
    put_optional(table, result->run->workload->quantization);
    put_optional(table, result->run->workload->backend);
    put_optional(table, result->run->workload->mode);
    put_optional(table, result->run->workload->task);
    put_optional(table, result->run->workload->category);
    put_optional(table, result->run->workload->parameters);
    put_optional(table, result->run->setup->text);
    put_optional(table, result->run->variant);
    put_optional(table, result->measure->metric);
    put_optional(table, result->measure->unit);
    table_put_integer(table, result->n);
    table_put_number(table, result->detail->mean, 0, NULL);
    table_put_number(table, result->detail->stddev, 0, NULL);
    put_optional(table, stddev_kind_text(result));
    table_put_number(table, result->detail->min, 0, NULL);
    table_put_number(table, result->detail->max, 0, NULL);
    table_put_number(table, result->detail->median, 0, NULL);
    put_time(table, result->run->ran_us);
}

int data_measurements(const struct report *report, size_t first, size_t end, struct table *ret, struct err *err)
{
    static const char *const keys[] = {
        "submission",  "state",        "counts",      "run",          "chip_given", "chip", "variant", "chip_count",
        "tool",        "tool_version", "model",       "quantization", "backend",    "mode", "task",    "category",
        "parameters",  "set_up",       "run_variant", "metric",       "unit",       "n",    "mean",    "stddev",
        "stddev_kind", "min",          "max",         "median",       "ran_at"};
    const struct result_set *set = report->results;

    table_init(ret, "measurements");
    add_columns(ret, keys, ARRAY_LENGTH(keys));
    for (size_t i = first; i < end; i++)
        put_measurement(ret, set, &set->results[i]);
    return finish(ret, err);
}

/* ---- submissions */

int data_submissions(const struct report *report, struct table *ret, struct err *err)
{
    static const char *const keys[] = {"submission", "state", "counts", "format"};
    const struct result_set *set = report->results;

    table_init(ret, "submissions");
    add_columns(ret, keys, ARRAY_LENGTH(keys));
    for (size_t i = 0; i < set->submission_count; i++) {
        const struct submission *submission = &set->submissions[set->submission_order[i]];

        table_row(ret);
        table_put_text(ret, submission->id);
        table_put_text(ret, submission_state_word(submission->state));
        table_put_text(ret, submission->state == STATE_ACCEPTED && !submission->repeats ? "yes" : "no");
        put_optional(ret, submission->format);
    }
    return finish(ret, err);
}

/* ---- findings */

int data_findings(const struct report *report, struct table *ret, struct err *err)
{
    static const char *const keys[] = {"rule", "severity", "submission", "state",  "run",
                                       "chip", "model",    "metric",     "message"};
    const struct result_set *set = report->results;

    table_init(ret, "findings");
    add_columns(ret, keys, ARRAY_LENGTH(keys));
    for (size_t i = 0; i < set->finding_count; i++) {
        const struct set_finding *finding = &set->findings[i];

        table_row(ret);
        table_put_text(ret, finding->rule);
        table_put_text(ret, finding->severity);
        table_put_text(ret, set->submissions[finding->submission].id);
        table_put_text(ret, submission_state_word(finding_state(set, finding)));
        table_put_integer(ret, finding->run);
        put_optional(ret, finding->chip);
        put_optional(ret, finding->model);
        put_optional(ret, finding->metric);
        table_put_text(ret, finding->message);
    }
    return finish(ret, err);
}

/* ---- coverage */

static void put_coverage(struct table *table, const struct coverage *coverage, size_t row, size_t column)
{
    const struct coverage_cell *cell = &coverage->cells[row * coverage->column_count + column];

    table_row(table);
    table_put_text(table, coverage->rows[row].chip);
    put_optional(table, coverage->rows[row].generation);
    put_optional(table, coverage->columns[column].tool);
    put_optional(table, coverage->columns[column].model);
    put_optional(table, coverage->columns[column].quantization);
    table_put_text(table, cell->devices > 0 ? "have" : cell->asked ? "need" : "none");
    table_put_integer(table, (int64_t)cell->devices);
    table_put_integer(table, cell->runs);
    put_time(table, cell->newest_us);
}

int data_coverage(const struct report *report, struct table *ret, struct err *err)
{
    static const char *const keys[] = {"chip",         "generation", "tool", "model",     "quantization",
                                       "have_or_need", "devices",    "runs", "newest_run"};
    const struct coverage *coverage = report->coverage;

    table_init(ret, "coverage");
    add_columns(ret, keys, ARRAY_LENGTH(keys));
    const bool all = coverage->row_count * coverage->column_count <= DATA_COVERAGE_MOST;

    for (size_t i = 0; i < coverage->row_count; i++)
        for (size_t j = 0; j < coverage->column_count; j++)
            if (all || coverage->cells[i * coverage->column_count + j].devices > 0)
                put_coverage(ret, coverage, i, j);
    return finish(ret, err);
}
