/* The tables of the report of one result. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/facets.h"
#include "analyze/report/single.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define VALUES_SHOWN 12
#define ROWS_SHOWN 400

/* ---- configuration */

static int compare_texts(const void *left, const void *right)
{
    return text_compare_natural(*(const char *const *)left, *(const char *const *)right);
}

/* All values that a facet has, each once. */
static int put_facet(const struct result_set *set, const char *facet, const char *title, struct arena *arena,
                     struct table *table, struct err *err)
{
    autofree const char **values = mem_zalloc(set->result_count + 1, sizeof(*values));
    autobuf struct buf text = BUF(1 << 16);
    size_t count = 0, distinct = 0;

    if (values == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++) {
        const char *value = facet_of(set, &set->results[i], facet, arena);

        if (!text_is_empty(value))
            values[count++] = value;
    }
    if (count > 1)
        qsort(values, count, sizeof(*values), compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && text_equal(values[i], values[i - 1]))
            continue;
        if (distinct++ < VALUES_SHOWN)
            buf_addf(&text, "%s%s", text.len > 0 ? "; " : "", values[i]);
    }
    if (distinct > VALUES_SHOWN)
        buf_addf(&text, "; and %zu more", distinct - VALUES_SHOWN);
    table_row(table);
    table_put_text(table, title);
    table_put_text(table, distinct > 0 ? buf_text(&text) : "not stated");
    return buf_check(&text, err);
}

int single_configuration(const struct result_set *set, struct table_list *into, struct err *err)
{
    static const struct {
        const char *facet, *title;
    } facts[] = {{"tool", "Benchmark tool"},
                 {"version", "Version"},
                 {"chip", "Chip"},
                 {"chip_variant", "Variant of the chip"},
                 {"count", "Chips"},
                 {"os", "Operating system"},
                 {"driver", "Driver"},
                 {"model", "Model"},
                 {"quantization", "Quantization"},
                 {"backend", "Backend"},
                 {"mode", "Mode"},
                 {"task", "Task"},
                 {"category", "Prompts"},
                 {"parameters", "Parameters"},
                 {"setup", "Setup"},
                 {"date", "Date, UTC"}};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct table *table = table_list_add(into, "Configuration");
    int status = table == NULL ? mem_error(err) : 0;

    if (status < 0 || table == NULL)
        return status;
    table_column(table, "what", "What", ALIGN_LEFT);
    table_column(table, "value", "Value", ALIGN_LEFT);
    for (size_t i = 0; i < ARRAY_LENGTH(facts) && status == 0; i++)
        status = put_facet(set, facts[i].facet, facts[i].title, &arena, table, err);
    return status;
}

/* ---- results */

static const char *kind_of(const struct result *result)
{
    if (isnan(result->detail->stddev))
        return NULL;
    return result->detail->stddev_kind == STDDEV_SAMPLE       ? "sample"
           : result->detail->stddev_kind == STDDEV_POPULATION ? "population"
                                                              : "not stated";
}

static void add_part(struct buf *into, const char *part)
{
    if (!text_is_empty(part))
        buf_addf(into, "%s%s", into->len > 0 ? ", " : "", part);
}

static void add_work(const struct result *result, struct buf *into)
{
    const struct set_workload *work = result->run->workload;

    add_part(into, work->model);
    add_part(into, work->quantization);
    add_part(into, work->backend);
    add_part(into, work->mode);
    add_part(into, work->task);
    add_part(into, work->category);
    comparison_add_parameters(work->task, work->parameters, into);
    add_part(into, text_equal(result->run->variant, "alone") ? "" : result->run->variant);
}

static bool same_chip(const struct set_machine *a, const struct set_machine *b)
{
    return text_equal(a->chip, b->chip) && text_equal(a->chip_variant, b->chip_variant) &&
           a->chip_count == b->chip_count;
}

static bool has_several_chips(const struct result_set *set)
{
    const struct set_machine *first = NULL;

    for (size_t i = 0; i < set->result_count; i++) {
        if (!result_is_shown(set, &set->results[i]))
            continue;
        if (first != NULL && !same_chip(first, set->results[i].run->machine))
            return true;
        first = set->results[i].run->machine;
    }
    return false;
}

/* "2 × Apple M1 Max (10C/32G)". */
static void add_chip(const struct set_machine *machine, struct buf *into)
{
    if (machine->chip_count > 1)
        buf_addf(into, "%lld × ", (long long)machine->chip_count);
    buf_adds(into, text_is_empty(machine->chip) ? "not stated" : machine->chip);
    if (!text_is_empty(machine->chip_variant))
        buf_addf(into, " (%s)", machine->chip_variant);
}

static void put_result(const struct result_set *set, const struct result *result, struct table *table)
{
    autobuf struct buf chip = BUF(4096), work = BUF(1 << 16), spread = BUF(256), remarks = BUF(4096);
    const double mean = isfinite(result->detail->mean) ? result->detail->mean : result->value;
    const int decimals = figure_decimals(mean, result->detail->stddev > 0 ? result->detail->stddev : (double)NAN);
    char text[FIGURE_SIZE];

    add_chip(result->run->machine, &chip);
    add_work(result, &work);
    buf_adds(&spread, figure_fixed(text, mean, decimals));
    if (isfinite(result->detail->stddev))
        buf_addf(&spread, " ± %s", figure_fixed(text, result->detail->stddev, decimals));
    table_row(table);
    table_put_text(table, work.len > 0 ? buf_text(&work) : "not stated");
    table_put_text(table, buf_text(&chip));
    table_put_number(table, mean, decimals, buf_text(&spread));
    table_put_text(table, text_is_empty(result->measure->unit) ? NULL : result->measure->unit);
    table_put_text(table, catalog_metric_title(result->measure->metric));
    table_put_text(table, kind_of(result));
    put_fixed(table, result->detail->min, decimals);
    put_fixed(table, result->detail->median, decimals);
    put_fixed(table, result->detail->max, decimals);
    if (result->n < 0)
        table_put_text(table, "n/a");
    else
        table_put_integer(table, result->n);
    buf_adds(&remarks, result->detail->flags);
    if (result_state(set, result) == STATE_QUARANTINED)
        buf_addf(&remarks, "%squarantined", remarks.len > 0 ? ", " : "");
    table_put_text(table, remarks.len > 0 ? buf_text(&remarks) : NULL);
}

int single_results(const struct result_set *set, struct table_list *into, struct err *err)
{
    struct table *table = table_list_add(into, "Results");
    autobuf struct buf more = BUF(256);
    size_t shown = 0, usable = 0, quarantined = 0;

    if (table == NULL)
        return mem_error(err);
    table_column(table, "work", "What was run", ALIGN_LEFT);
    table_column(table, "chip", has_several_chips(set) ? "Chip" : NULL, ALIGN_LEFT);
    table_column(table, "mean", "Mean ± std", ALIGN_RIGHT);
    table_column(table, "unit", "Unit", ALIGN_LEFT);
    table_column(table, "metric", "Metric", ALIGN_LEFT);
    table_column(table, "stddev_kind", "Std of", ALIGN_LEFT);
    table_column(table, "min", "Min", ALIGN_RIGHT);
    table_column(table, "median", "Median", ALIGN_RIGHT);
    table_column(table, "max", "Max", ALIGN_RIGHT);
    table_column(table, "n", "n", ALIGN_RIGHT);
    table_column(table, "flags", "Remarks", ALIGN_LEFT);
    for (size_t i = 0; i < set->result_count; i++) {
        if (!result_is_shown(set, &set->results[i]))
            continue;
        if (usable++ >= ROWS_SHOWN)
            continue;
        put_result(set, &set->results[i], table);
        shown++;
        quarantined += result_state(set, &set->results[i]) == STATE_QUARANTINED ? 1 : 0;
    }
    if (usable > shown) {
        buf_addf(&more, "%zu more results are not shown; crosschip-analyze export has them all.", usable - shown);
        table_note(table, buf_text(&more));
    }
    if (quarantined > 0)
        table_note(table, "quarantined: a check found something in this run; it is in no comparison and no chart.");
    table_note(table, "n/a: the file does not say how many runs a figure stands for. – : not stated.");
    return buf_check(&more, err);
}

/* ---- trade-offs */

/* What was run, then what may be chosen. */
static const char *const facets[] = {"tool",       "chip",    "model", "task",         "category",
                                     "parameters", "variant", "mode",  "quantization", "backend"};
enum { FACETS = ARRAY_LENGTH(facets), WORK = 7, METRICS_SHOWN = 4 };
/* What a choice is about, most asked for first. */
static const char *const weighed[] = {"generation_throughput",
                                      "prompt_throughput",
                                      "throughput",
                                      "memory_bandwidth",
                                      "duration",
                                      "inference_time",
                                      "gpu_peak_memory",
                                      "peak_memory",
                                      "memory_used",
                                      "load_time",
                                      "model_size",
                                      "perplexity",
                                      "accuracy"};

struct work {
    const struct result_set *set;
    const struct group_list *groups;
    struct arena *arena;
    size_t from, to;
    const char *metrics[METRICS_SHOWN];
    const struct result *named[METRICS_SHOWN];
    size_t metric_count;
};

static bool same_work(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < WORK; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

/* Its first result of the group; NULL. */
static const struct result *result_of(const struct result_group *group, const char *metric)
{
    for (size_t i = 0; i < group->count; i++)
        if (text_equal(group->results[i]->measure->metric, metric))
            return group->results[i];
    return NULL;
}

static void choose_metrics(struct work *work)
{
    for (size_t i = 0; i < ARRAY_LENGTH(weighed) && work->metric_count < METRICS_SHOWN; i++) {
        const struct result *first = result_of(&work->groups->items[work->from], weighed[i]);

        for (size_t at = work->from; at < work->to; at++)
            first = result_of(&work->groups->items[at], weighed[i]) != NULL ? first : NULL;
        if (first == NULL || first->measure->direction == DIRECTION_UNKNOWN)
            continue;
        work->named[work->metric_count] = first;
        work->metrics[work->metric_count++] = weighed[i];
    }
}

static int best_of(const struct work *work, size_t metric, double *values, size_t *ret, struct err *err)
{
    *ret = 0;
    for (size_t i = work->from; i < work->to; i++) {
        struct evidence evidence;
        const int status = group_metric(&work->groups->items[i], work->metrics[metric], work->arena, &evidence, err);

        if (status < 0)
            return status;
        values[i - work->from] = evidence_figure(&evidence);
        const double best = values[*ret], value = values[i - work->from];

        if (work->named[metric]->measure->direction == DIRECTION_LOWER ? value < best : value > best)
            *ret = i - work->from;
    }
    return 0;
}

static void put_setting(const struct work *work, size_t at, const double *values, const size_t *best,
                        struct table *table)
{
    autobuf struct buf name = BUF(1 << 16);

    group_title(work->groups, &work->groups->items[work->from + at], facets, WORK, &name);
    table_row(table);
    table_put_text(table, buf_text(&name));
    for (size_t i = 0; i < work->metric_count; i++) {
        const double value = values[i * (work->to - work->from) + at];

        table_put_number(table, value, 0, NULL);
        if (best[i] == at)
            table_mark_bold(table);
    }
}

static int add_trade_off(struct work *work, struct table_list *list, struct err *err)
{
    const size_t settings = work->to - work->from;
    autobuf struct buf caption = BUF(1 << 16), heading = BUF(1024);
    double *values = arena_alloc(work->arena, METRICS_SHOWN * settings, sizeof(*values));
    size_t best[METRICS_SHOWN] = {0};
    bool one = true;

    if (values == NULL)
        return mem_error(err);
    for (size_t i = 0; i < work->metric_count; i++) {
        const int status = best_of(work, i, values + i * settings, &best[i], err);

        if (status < 0)
            return status;
        one = one && best[i] == best[0];
    }
    group_title(work->groups, &work->groups->items[work->from], facets + WORK, FACETS - WORK, &caption);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "setting", "Setting", ALIGN_LEFT);
    for (size_t i = 0; i < work->metric_count; i++) {
        buf_reset(&heading);
        buf_addf(&heading, "%s, %s (%s is better)", catalog_metric_title(work->metrics[i]),
                 work->named[i]->measure->unit, direction_word(work->named[i]->measure->direction));
        table_column(table, work->metrics[i], buf_text(&heading), ALIGN_RIGHT);
    }
    for (size_t i = 0; i < settings; i++)
        put_setting(work, i, values, best, table);
    for (size_t i = 0; i < work->metric_count; i++)
        table_even_decimals(table, 1 + i);
    table_note(table, one ? "One setting has the best value of each column (bold)."
                          : "No setting has the best value of every column (bold): choose by what matters.");
    table_note(table, "Values as measured, not tested against each other.");
    return 0;
}

int single_trade_offs(const struct result_set *set, struct table_list *into, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct group_list groups;
    int status = groups_of(set, NULL, facets, FACETS, &arena, &groups, err);

    for (size_t from = 0, to = 0; status == 0 && from < groups.count; from = to) {
        struct work work = {.set = set, .groups = &groups, .arena = &arena, .from = from};

        for (to = from; to < groups.count && same_work(&groups.items[from], &groups.items[to]);)
            to++;
        work.to = to;
        choose_metrics(&work);
        if (to - from >= 2 && work.metric_count >= 2)
            status = add_trade_off(&work, into, err);
    }
    return status;
}
