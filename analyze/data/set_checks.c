#include "analyze/data/set_checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/twins.h"
#include "schema/base/str.h"
#include "schema/checks/checks.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

#define PRODUCTS_LEAST 3
#define PRODUCT_TOLERANCE 0.03

enum { PRODUCT, DEGENERATE, REPEAT, VERSIONS, TWINS };

/* Messages stand in tables that cut what is longer than 80 characters. */
const struct set_rule set_rules[] = {
    [PRODUCT] = {"bandwidth_time_constant", "flag",
                 "Bandwidth times time must be the same for all chips of a model, within 3 percent."},
    [DEGENERATE] = {"degenerate_output", "flag",
                    "The tokens that a check of the output shows must not all be the same."},
    [REPEAT] = {"repeated_original", SET_NOTE, "The same original counts once, as the submission that came first."},
    [VERSIONS] = {"mixed_versions", SET_NOTE, "A cell should hold results of one version of its tool."},
    [TWINS] = {"equal_figures", SET_NOTE,
               "The times and rates of two devices should not all be equal to rounding: perhaps one measurement was "
               "sent twice, and both count."},
    {NULL, NULL, NULL},
};

static int add_finding(struct result_set *set, const struct result *result, long run, const struct set_rule *rule,
                       const char *message, struct err *err)
{
    struct set_finding *finding = result_set_add_finding(set);

    if (finding == NULL || message == NULL)
        return mem_error(err);
    *finding = (struct set_finding){.submission = result->run->submission,
                                    .run = run,
                                    .rule = rule->name,
                                    .severity = rule->severity,
                                    .chip = result->run->machine->chip,
                                    .model = result->run->workload->model,
                                    .metric = "",
                                    .message = message,
                                    .of_quarantined = run >= 0 && result->run->quarantined};
    return 0;
}

/* ---- bandwidth × time */

struct product {
    const struct result *result;
    double gb;
};

/* Results of one run stand together: they are in the order of submission and measurement. */
static const struct result *time_of(const struct result_set *set, size_t bandwidth)
{
    const struct result *result = &set->results[bandwidth];

    for (size_t i = bandwidth; i-- > 0 && set->results[i].run->submission == result->run->submission;)
        if (set->results[i].run == result->run && text_equal(set->results[i].measure->metric, "inference_time"))
            return &set->results[i];
    for (size_t i = bandwidth + 1; i < set->result_count && set->results[i].run->submission == result->run->submission;
         i++)
        if (set->results[i].run == result->run && text_equal(set->results[i].measure->metric, "inference_time"))
            return &set->results[i];
    return NULL;
}

static int compare_models(const struct result *a, const struct result *b)
{
    int order = strcmp(a->run->tool, b->run->tool);

    if (order == 0)
        order = strcmp(a->run->workload->model, b->run->workload->model);
    return order != 0 ? order : strcmp(a->run->workload->quantization, b->run->workload->quantization);
}

static int compare_products(const void *left, const void *right)
{
    const struct product *a = left, *b = right;
    const int order = compare_models(a->result, b->result);

    if (order != 0)
        return order;
    if (a->gb < b->gb || a->gb > b->gb)
        return a->gb < b->gb ? -1 : 1;
    return (a->result > b->result) - (a->result < b->result);
}

static size_t collect_products(const struct result_set *set, struct product *products)
{
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i], *time = NULL;

        if (!text_equal(result->measure->metric, "memory_bandwidth") || isfinite(result->run->workload->model_bytes) ||
            text_is_empty(result->run->workload->model) || result->failed || !result_is_shown(set, result))
            continue;
        time = time_of(set, i);
        if (time != NULL && time->value > 0 && result->value > 0)
            products[count++] = (struct product){result, result->value * time->value / 1000};
    }
    return count;
}

static int check_group(struct result_set *set, const struct product *products, size_t count, struct err *err)
{
    const double median =
        count % 2 == 1 ? products[count / 2].gb : (products[count / 2 - 1].gb + products[count / 2].gb) / 2;
    int status = 0;

    for (size_t i = 0; i < count && status == 0 && count >= PRODUCTS_LEAST; i++) {
        const double off = products[i].gb / median - 1;

        if (fabs(off) > PRODUCT_TOLERANCE)
            status =
                add_finding(set, products[i].result, (long)products[i].result->run->number, &set_rules[PRODUCT],
                            arena_printf(&set->arena,
                                         "bandwidth x time = %.4g GB, but the median of %zu runs is %.4g GB (%+.1f %%)",
                                         products[i].gb, count, median, 100 * off),
                            err);
    }
    return status;
}

static int check_products(struct result_set *set, struct err *err)
{
    autofree struct product *products = mem_zalloc(set->result_count + 1, sizeof(*products));
    int status = 0;

    if (products == NULL)
        return mem_error(err);
    const size_t count = collect_products(set, products);

    if (count > 1)
        qsort(products, count, sizeof(*products), compare_products);
    for (size_t i = 0; i < count && status == 0;) {
        size_t end = i + 1;

        while (end < count && compare_models(products[i].result, products[end].result) == 0)
            end++;
        status = check_group(set, products + i, end - i, err);
        i = end;
    }
    return status;
}

/* ---- outputs */

static bool has_flag(const char *flags, const char *wanted)
{
    struct str rest = str_of(flags), word;

    while (rest.len > 0 && str_next_field(&rest, ',', &word))
        if (str_equal(str_trim(word), str_of(wanted)))
            return true;
    return false;
}

/* Results of one run stand together. */
static int check_outputs(struct result_set *set, struct err *err)
{
    const struct set_run *last = NULL;
    int status = 0;

    for (size_t i = 0; i < set->result_count && status == 0; i++) {
        const struct result *result = &set->results[i];

        if (result->run == last || !has_flag(result->detail->flags, set_rules[DEGENERATE].name))
            continue;
        last = result->run;
        const struct parameter *hash = parameters_find(&last->setup->items, "quality_hash");
        const char *message =
            arena_printf(&set->arena, "every token that the check of its output shows is the same%s%s",
                         hash != NULL && hash->type == PARAMETER_WORD ? ": quality hash " : "",
                         hash != NULL && hash->type == PARAMETER_WORD ? hash->word : "");

        status = add_finding(set, result, (long)last->number, &set_rules[DEGENERATE], message, err);
    }
    return status;
}

/* ---- repetitions and versions */

static int check_repeats(struct result_set *set, struct err *err)
{
    size_t last = SIZE_MAX;
    int status = 0;

    for (size_t i = 0; i < set->result_count && status == 0; i++) {
        const struct result *result = &set->results[i];

        if (result->run->submission == last)
            continue;
        last = result->run->submission;
        if (set->submissions[last].repeats)
            status = add_finding(set, result, -1, &set_rules[REPEAT],
                                 "an earlier accepted submission has the same original: this one counts nowhere", err);
    }
    return status;
}

static int check_figure(struct result_set *set, const struct figure *figure, const char **versions, struct err *err)
{
    size_t distinct = 0, stated = 0, first = 0, last = 0;

    for (size_t i = 0; i < figure->result_count; i++)
        if (!text_is_empty(figure->results[i]->run->tool_version))
            versions[stated++] = figure->results[i]->run->tool_version;
    text_sort(versions, stated);
    for (size_t i = 0; i < stated; i++)
        distinct += i == 0 || strcmp(versions[i], versions[i - 1]) != 0 ? 1 : 0;
    if (distinct < 2)
        return 0;
    /* b9 comes before b10. */
    for (size_t i = 1; i < stated; i++) {
        first = text_compare_natural(versions[i], versions[first]) < 0 ? i : first;
        last = text_compare_natural(versions[i], versions[last]) > 0 ? i : last;
    }
    const char *message =
        arena_printf(&set->arena, "%zu versions of %s in one cell of %zu results, from %s to %s", distinct,
                     figure->results[0]->run->tool, figure->result_count, versions[first], versions[last]);

    return add_finding(set, figure->results[0], -1, &set_rules[VERSIONS], message, err);
}

/* The first metric speaks for the cell. */
static int check_versions(struct result_set *set, const struct comparison_set *comparisons, struct err *err)
{
    autofree const char **versions = mem_zalloc(set->result_count + 1, sizeof(*versions));
    int status = 0;

    if (versions == NULL)
        return mem_error(err);
    for (size_t i = 0; i < comparisons->count; i++)
        for (size_t j = 0; j < comparisons->items[i].row_count && status == 0; j++)
            status = check_figure(set, &comparisons->items[i].rows[j].figures[0], versions, err);
    return status;
}

/* ---- measurements that look sent twice */

/* The other is named by its id: what is published must not say what somebody called a file. */
static int check_twins(struct result_set *set, const struct comparison_set *comparisons, struct err *err)
{
    autotwins struct twin_list list = {NULL, 0};
    int status = twins_find(comparisons, &list, err);

    for (size_t i = 0; i < list.count && status == 0; i++) {
        const struct twin *twin = &list.items[i];
        const size_t other = twin->first->run->submission;

        status = add_finding(set, twin->second, -1, &set_rules[TWINS],
                             arena_printf(&set->arena, "%zu %s equal to rounding in %.19s: perhaps sent twice",
                                          twin->likeness.equal, twin->likeness.equal == 1 ? "figure is" : "figures are",
                                          set->submissions[other].id),
                             err);
        if (status == 0)
            set->findings[set->finding_count - 1].other = other + 1;
    }
    return status;
}

/* ---- */

int set_checks(struct result_set *set, const struct comparison_set *comparisons, struct err *err)
{
    const size_t before = set->finding_count;
    int status = check_products(set, err);

    if (status == 0)
        status = check_outputs(set, err);
    if (status == 0)
        status = check_repeats(set, err);
    if (status == 0)
        status = check_versions(set, comparisons, err);
    if (status == 0)
        status = check_twins(set, comparisons, err);
    return status == 0 && set->finding_count > before ? result_set_sort_findings(set, err) : status;
}

const char *set_rule_words(const char *name)
{
    for (const struct set_rule *rule = set_rules; rule->name != NULL; rule++)
        if (text_equal(rule->name, name))
            return rule->words;
    const struct check_rule *rule = check_rule_by_name(name);

    return rule != NULL ? rule->words : NULL;
}
