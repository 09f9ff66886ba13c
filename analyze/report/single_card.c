/* The section for a model card, in the layout of Model Quantizer's model_card.py. Its own path from a benchmark to the
 * card reads keys that the benchmark does not write; the figures here are those of the benchmark's file. */
#include <math.h>
#include <stdio.h>

#include "analyze/report/single.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

#define MISSING "not measured"

/* A table of the quantisation report by the end of its caption; NULL. */
static const struct table *part_of(const struct table_list *list, size_t from, size_t to, const char *end)
{
    for (size_t i = from; i < to; i++)
        if (text_ends_with(list->items[i].caption, end))
            return &list->items[i];
    return NULL;
}

static double figure_of(const struct table *table, const char *metric, size_t column)
{
    for (size_t i = 0; table != NULL && i < table->row_count; i++)
        if (text_starts_with(table_at(table, i, 0)->text, metric) && table_at(table, i, column)->kind == CELL_NUMBER)
            return table_at(table, i, column)->number;
    return (double)NAN;
}

static void put_figure(struct table *into, double value, bool with_sign)
{
    char text[330]; /* any double */

    if (isnan(value)) {
        table_put_text(into, MISSING);
        return;
    }
    (void)snprintf(text, sizeof(text), with_sign ? "%+.2f" : "%.2f", value);
    table_put_number(into, value, 2, text);
}

static void add_metrics(const char *heading, const struct table *from, struct buf *into)
{
    autotable struct table table = {.caption = NULL};

    buf_addf(into, "#### %s\n\n", heading);
    if (from == NULL || from->row_count == 0) {
        buf_adds(into, "Not measured.\n\n");
        return;
    }
    table_init(&table, NULL);
    table_column(&table, "metric", "Metric", ALIGN_LEFT);
    table_column(&table, "original", "Original", ALIGN_RIGHT);
    table_column(&table, "quantized", "Quantized", ALIGN_RIGHT);
    table_column(&table, "difference", "Difference", ALIGN_RIGHT);
    for (size_t i = 0; i < from->row_count; i++) {
        table_row(&table);
        table_put_text(&table, table_at(from, i, 0)->text);
        for (size_t column = 1; column <= 3; column++)
            put_figure(&table,
                       table_at(from, i, column)->kind == CELL_NUMBER ? table_at(from, i, column)->number : (double)NAN,
                       column == 3);
    }
    table_print_markdown(&table, into);
    buf_addc(into, '\n');
}

struct parts {
    const struct table *memory, *loading, *overall, *quality;
};

static void put_model(const struct parts *parts, const char *name, size_t column, struct table *table)
{
    const double perplexity = figure_of(parts->quality, "Perplexity", column);
    const double accuracy = figure_of(parts->quality, "Accuracy", column);

    table_row(table);
    table_put_text(table, name);
    put_figure(table, figure_of(parts->memory, "Greatest memory", column), false);
    put_figure(table, figure_of(parts->loading, "Load time", column), false);
    put_figure(table, figure_of(parts->overall, "Generation tokens/s", column), false);
    put_figure(table, isnan(perplexity) ? accuracy : perplexity, false);
}

static void add_comparison(const struct parts *parts, struct buf *into)
{
    autotable struct table table = {.caption = NULL};
    const bool perplexity = isfinite(figure_of(parts->quality, "Perplexity", 2));

    table_init(&table, NULL);
    table_column(&table, "model", "Model", ALIGN_LEFT);
    table_column(&table, "memory", "Memory, GiB", ALIGN_RIGHT);
    table_column(&table, "load", "Load time, s", ALIGN_RIGHT);
    table_column(&table, "speed", "Generation speed, tokens/s", ALIGN_RIGHT);
    table_column(&table, "quality", perplexity ? "Perplexity" : "Quality", ALIGN_RIGHT);
    put_model(parts, "Original", 1, &table);
    put_model(parts, "Quantized", 2, &table);
    buf_adds(into, "#### Model Comparison\n\n");
    table_print_markdown(&table, into);
    buf_addc(into, '\n');
}

/* The tables of one pair: from its summary up to the next one. */
static size_t pair_end(const struct table_list *list, size_t from)
{
    size_t to = from + 1;

    while (to < list->count &&
           str_find(str_of(list->items[to].caption), STR(": summary, quantization "), 0) == SIZE_MAX)
        to++;
    return to;
}

int single_card(const struct result_set *set, struct buf *into, struct err *err)
{
    autotables struct table_list list = {.count = 0};
    const int status = quantization_tables(set, NULL, &list, err);

    if (status < 0)
        return status;
    buf_adds(into, "### Benchmark Results\n\n");
    for (size_t from = 0, to = 0; from < list.count; from = to) {
        to = pair_end(&list, from);
        const struct parts parts = {part_of(&list, from, to, ": memory"), part_of(&list, from, to, ": loading"),
                                    part_of(&list, from, to, ": overall"), part_of(&list, from, to, ": quality")};

        add_metrics("Memory Metrics", parts.memory, into);
        add_metrics("Performance Metrics", parts.overall, into);
        add_metrics("Quality Metrics", parts.quality, into);
        add_comparison(&parts, into);
    }
    buf_adds(into, "One run of each prompt on one machine: a difference here was not tested.\n");
    return buf_check(into, err);
}
