#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"
#include "submit/understood.h"

#define FIGURES 6

static void put(struct buf *into, const char *text)
{
    encode_terminal(into, str_of(text));
}

void problem_text(struct buf *into, const char *file, const struct problem *problem)
{
    put(into, file);
    if (problem->line > 0)
        buf_addf(into, ":%d", problem->line);
    if (problem->line > 0 && problem->column > 0)
        buf_addf(into, ":%d", problem->column);
    buf_adds(into, ": ");
    if (!text_is_empty(problem->path)) {
        put(into, problem->path);
        buf_adds(into, ": ");
    }
    put(into, problem->message);
    buf_addc(into, '\n');
}

/* Six digits are enough to recognise a figure by; the exact one is in --json. */
static const char *figure(struct arena *arena, double value)
{
    char text[NUMBER_TEXT_SIZE];
    if (isnan(value))
        return NULL;
    double size = fabs(value);
    int before = size < 1 ? 1 : (int)floor(log10(size)) + 1;
    return arena_strdup(arena, number_fixed(text, sizeof(text), value, before >= FIGURES ? 0 : FIGURES - before));
}

/* The mean; of what states a median only, that. */
static const char *middle(struct arena *arena, const struct measurement *measurement)
{
    const char *median = isnan(measurement->mean) ? figure(arena, measurement->median) : NULL;
    return median != NULL ? arena_printf(arena, "median %s", median) : figure(arena, measurement->mean);
}

static const char *parameters_text(struct arena *arena, const struct parameter_list *list)
{
    autobuf struct buf text = BUF(1024);
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *item = &list->items[i];
        char number[NUMBER_TEXT_SIZE];
        buf_addf(&text, "%s%s=%s", i > 0 ? " " : "", item->name,
                 item->type == PARAMETER_WORD      ? item->word
                 : item->type == PARAMETER_BOOLEAN ? (item->number > 0 ? "true" : "false")
                                                   : number_shortest(number, item->number));
    }
    return list->count == 0 ? NULL : arena_strdup(arena, buf_text(&text));
}

static void add_row(struct table *table, const struct reading *reading, const struct run *run,
                    const struct measurement *measurement)
{
    struct arena *arena = &table->arena;
    const char *chip = reading_chip_name(reading, run);
    if (chip != NULL && run->chip_count > 1)
        chip = arena_printf(arena, "%lld x %s", (long long)run->chip_count, chip);
    table_row(table);
    table_put_text(table, chip);
    table_put_text(table, run->workload.model);
    table_put_text(table, run->workload.quantization);
    table_put_text(table, run->workload.backend);
    table_put_text(table, run->workload.task);
    table_put_text(table, parameters_text(arena, &run->workload.parameters));
    table_put_text(table, measurement->metric);
    table_put_text(table, middle(arena, measurement));
    table_put_text(table, figure(arena, measurement->stddev));
    table_put_text(table, measurement->unit);
    table_put_integer(table, measurement->n);
}

void understood_text(struct buf *into, const struct reading *reading)
{
    autotable struct table table;
    table_init(&table, NULL);
    static const struct {
        const char *key, *title;
        enum table_align align;
    } columns[] = {
        {"chip", "chip", ALIGN_LEFT},       {"model", "model", ALIGN_LEFT}, {"quantization", "quant", ALIGN_LEFT},
        {"backend", "backend", ALIGN_LEFT}, {"task", "task", ALIGN_LEFT},   {"parameters", "parameters", ALIGN_LEFT},
        {"metric", "metric", ALIGN_LEFT},   {"mean", "mean", ALIGN_RIGHT},  {"stddev", "stddev", ALIGN_RIGHT},
        {"unit", "unit", ALIGN_LEFT},       {"n", "n", ALIGN_RIGHT}};
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        table_column(&table, columns[i].key, columns[i].title, columns[i].align);
    for (size_t i = 0; i < reading->run_count; i++)
        for (size_t j = 0; j < reading->runs[i].measurement_count; j++)
            add_row(&table, reading, &reading->runs[i], &reading->runs[i].measurements[j]);
    buf_addf(into, "%s, %zu run%s", reading->format, reading->run_count, reading->run_count == 1 ? "" : "s");
    if (!text_is_empty(reading->tool)) {
        buf_adds(into, ", ");
        put(into, reading->tool);
        buf_adds(into, text_is_empty(reading->tool_version) ? "" : " ");
        put(into, reading->tool_version);
    }
    buf_addc(into, '\n');
    if (reading->run_count > 0)
        table_print_text(&table, into);
}
