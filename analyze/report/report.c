#include "analyze/report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

const char *report_date(char target[REPORT_DATE_SIZE], int64_t time_us)
{
    char text[CLOCK_TEXT_SIZE];

    if (time_us == TIME_UNKNOWN)
        target[0] = '\0';
    else
        (void)snprintf(target, REPORT_DATE_SIZE, "%.10s", clock_format(text, time_us));
    return target;
}

size_t report_rows_without_runs(const struct comparison *comparison)
{
    size_t rows = 0;

    for (size_t i = 0; i < comparison->row_count; i++) {
        bool unknown = false;

        for (size_t j = 0; j < comparison->metric_count; j++)
            unknown =
                unknown || (isfinite(comparison->rows[i].figures[j].value) && comparison->rows[i].figures[j].runs < 0);
        rows += unknown ? 1 : 0;
    }
    return rows;
}

/* What people look for first. */
static size_t metric_rank(const struct comparison *comparison)
{
    static const char *const order[] = {"generation_throughput", "memory_bandwidth", "prompt_throughput"};

    for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
        if (comparison->metric_count > 0 && text_equal(comparison->metrics[0].name, order[i]))
            return i;
    return ARRAY_LENGTH(order);
}

static bool speaks_louder(const struct comparison *a, const struct comparison *b)
{
    if (a->row_count != b->row_count)
        return a->row_count > b->row_count;
    return metric_rank(a) < metric_rank(b);
}

size_t report_headline(const struct report *report, const char *tool)
{
    const struct comparison *items = report->comparisons->items;
    size_t best = NO_ROW;

    for (size_t i = 0; i < report->comparisons->count; i++) {
        if (tool != NULL && !text_equal(items[i].tool, tool))
            continue;
        if (best == NO_ROW || speaks_louder(&items[i], &items[best]))
            best = i;
    }
    return best;
}

size_t report_headlines(const struct report *report, size_t *into)
{
    const struct comparison *items = report->comparisons->items;
    size_t count = 0;

    for (size_t i = 0; i < report->comparisons->count; i++)
        if (i == 0 || !text_equal(items[i].tool, items[i - 1].tool))
            into[count++] = report_headline(report, items[i].tool);
    return count;
}

size_t report_headline_of_all(const struct report *report)
{
    return report_headline(report, NULL);
}

void report_slug(const struct comparison *comparison, struct buf *into)
{
    const char *const parts[] = {comparison->tool, comparison->model,    comparison->quantization, comparison->mode,
                                 comparison->task, comparison->category, comparison->parameters,   comparison->variant};
    autobuf struct buf name = BUF(8192), key = BUF(16384);

    comparison_title(comparison, &name);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        buf_addf(&key, "%s\n", parts[i]);
    encode_file_name_keyed(into, str_of(buf_text(&name)), str_of(buf_text(&key)));
    buf_adds(into, comparison->further ? "-further" : "");
}

size_t report_section_end(const struct report *report, size_t index)
{
    const struct comparison *items = report->comparisons->items;
    size_t end = index + 1;

    while (end < report->comparisons->count && text_equal(items[end].tool, items[index].tool) &&
           text_equal(items[end].model, items[index].model) &&
           text_equal(items[end].quantization, items[index].quantization))
        end++;
    return end;
}

void report_section_title(const struct comparison *comparison, struct buf *into)
{
    comparison_model_name(comparison->model, comparison->quantization, into);
}

void report_plural(struct buf *into, size_t count, const char *one, const char *many)
{
    char digits[FIGURE_SIZE];

    buf_addf(into, "%s %s", figure_count(digits, (int64_t)count), count == 1 ? one : many);
}

void report_undated(const struct result_set *results, struct buf *into)
{
    const size_t undated = result_set_undated(results);

    if (undated == 0)
        return;
    buf_adds(into, "; ");
    report_plural(into, undated, "submission states", "submissions state");
    buf_adds(into, " no time");
}
