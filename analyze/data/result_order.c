/* One order of all that a set holds, which does not depend on the order of arrival, and what equal facts share: ranks.
 */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/names.h"
#include "analyze/data/result_set.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

#define NOWHERE UINT32_MAX

static int compare_by_id(const void *left, const void *right, void *context)
{
    const struct result_set *set = context;
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const int order = strcmp(set->submissions[a].id, set->submissions[b].id);

    return order != 0 ? order : (a > b) - (a < b);
}

static int compare_findings(const void *left, const void *right, void *context)
{
    const struct set_finding *a = left, *b = right;
    const size_t *ranks = context;

    if (ranks[a->submission] != ranks[b->submission])
        return ranks[a->submission] < ranks[b->submission] ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    if (strcmp(a->rule, b->rule) != 0)
        return strcmp(a->rule, b->rule);
    return strcmp(a->message, b->message);
}

/* Accepted ones first came, first served: by the log, which the collector's followers go by; what does not stand there
 * (yet) comes after, by time received, then by id. */
static int compare_arrivals(const void *left, const void *right, void *context)
{
    const struct result_set *set = context;
    const struct submission *a = &set->submissions[*(const size_t *)left];
    const struct submission *b = &set->submissions[*(const size_t *)right];

    if (strcmp(a->original, b->original) != 0)
        return strcmp(a->original, b->original);
    if ((a->log_epoch > 0) != (b->log_epoch > 0))
        return a->log_epoch > 0 ? -1 : 1;
    if (a->log_epoch != b->log_epoch)
        return a->log_epoch < b->log_epoch ? -1 : 1;
    if (a->log_index != b->log_index)
        return a->log_index < b->log_index ? -1 : 1;
    if (a->received_us != b->received_us)
        return a->received_us < b->received_us ? -1 : 1;
    return strcmp(a->id, b->id);
}

static int mark_repeats(struct result_set *set, struct err *err)
{
    autofree size_t *order = mem_zalloc(set->submission_count + 1, sizeof(*order));
    size_t count = 0;

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->submission_count; i++)
        if (set->submissions[i].state == STATE_ACCEPTED && set->submissions[i].original != NULL)
            order[count++] = i;
    if (count > 1)
        qsort_r(order, count, sizeof(*order), compare_arrivals, set);
    for (size_t i = 1; i < count; i++)
        if (text_equal(set->submissions[order[i]].original, set->submissions[order[i - 1]].original))
            set->submissions[order[i]].repeats = true;
    return 0;
}

/* ---- ranks */

/* ranks[number] in the order of the texts. */
static int rank_names(const struct names *names, uint32_t *ranks, struct err *err)
{
    autofree const char **sorted = mem_zalloc(names->count + 1, sizeof(*sorted));

    if (sorted == NULL)
        return mem_error(err);
    if (names->count > 0)
        memcpy(sorted, names->items, names->count * sizeof(*sorted));
    text_sort(sorted, names->count);
    for (size_t i = 0; i < names->count; i++) {
        const char **found = bsearch(&names->items[i], sorted, names->count, sizeof(*sorted), text_compare_items);

        ranks[i] = found != NULL ? (uint32_t)(found - sorted) : 0;
    }
    return 0;
}

/* All that tells the cells of a run's results apart, but the metric. */
static void write_kind(const struct set_run *run, struct buf *into)
{
    const struct set_workload *workload = run->workload;
    const char *const parts[] = {run->tool,
                                 workload->model,
                                 workload->quantization,
                                 workload->mode,
                                 workload->task,
                                 workload->category,
                                 workload->parameters,
                                 run->variant,
                                 run->machine->chip,
                                 run->machine->chip_variant,
                                 workload->backend};

    buf_reset(into);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        buf_adds(into, parts[i]);
        buf_addc(into, '\x1f');
    }
    buf_add(into, (const char *)&run->machine->chip_count, sizeof(run->machine->chip_count));
}

/* Numbers of texts, of which each is kept in an arena that ends with them. */
struct numbering {
    struct arena arena;
    struct names contributors, devices, setups, kinds;
    struct names facts; /* what a kind is written from, by address: few, and shared by many runs */
    uint32_t *kind_of;  /* of each of them */
    size_t capacity;
};

static void numbering_done(struct numbering *numbering)
{
    names_done(&numbering->contributors);
    names_done(&numbering->devices);
    names_done(&numbering->setups);
    names_done(&numbering->kinds);
    names_done(&numbering->facts);
    free(numbering->kind_of);
    arena_done(&numbering->arena);
}

static bool number_text(struct numbering *numbering, struct names *names, struct str text, uint32_t *ret)
{
    const size_t number = names_number(names, &numbering->arena, text);

    *ret = (uint32_t)number;
    return number != NAMES_NONE;
}

static bool number_kind(struct numbering *numbering, struct set_run *run, struct buf *scratch)
{
    const void *const facts[] = {run->tool, run->workload, run->machine, run->variant};
    const size_t known = numbering->facts.count;
    uint32_t number;

    if (!number_text(numbering, &numbering->facts, str_slice((const char *)facts, sizeof(facts)), &number) ||
        mem_grow(&numbering->kind_of, &numbering->capacity, (size_t)number + 1, sizeof(*numbering->kind_of)) < 0)
        return false;
    if (number == known) {
        write_kind(run, scratch);
        if (!number_text(numbering, &numbering->kinds, str_slice(buf_text(scratch), scratch->len),
                         &numbering->kind_of[number]))
            return false;
    }
    run->kind = numbering->kind_of[number];
    return true;
}

/* Runs of one submission mostly stand together, with one device and one set-up. */
static int number_runs(struct result_set *set, struct numbering *numbering, struct err *err)
{
    autobuf struct buf scratch = BUF(1 << 20);
    const struct set_run *last = NULL;

    for (size_t i = 0; i < set->run_count; i++) {
        struct set_run *run = set->runs[i];
        const char *contributor = set->submissions[run->submission].contributor;
        bool good = number_kind(numbering, run, &scratch);

        if (last != NULL && last->submission == run->submission)
            run->contributor_rank = last->contributor_rank;
        else
            good =
                good && number_text(numbering, &numbering->contributors, str_of(contributor), &run->contributor_rank);
        if (last != NULL && last->device == run->device)
            run->device_rank = last->device_rank;
        else
            good = good && number_text(numbering, &numbering->devices, str_of(run->device), &run->device_rank);
        if (last != NULL && last->setup == run->setup)
            run->setup_rank = last->setup_rank;
        else
            good = good && number_text(numbering, &numbering->setups, str_of(run->setup->text), &run->setup_rank);
        if (!good)
            return mem_error(err);
        last = run;
    }
    set->setup_count = numbering->setups.count;
    return buf_check(&scratch, err);
}

static int rank_runs(struct result_set *set, struct err *err)
{
    struct numbering numbering cleanup(numbering_done) = {.capacity = 0};
    int status = number_runs(set, &numbering, err);
    autofree uint32_t *contributors = mem_zalloc(numbering.contributors.count + 1, sizeof(*contributors));
    autofree uint32_t *devices = mem_zalloc(numbering.devices.count + 1, sizeof(*devices));

    if (status < 0 || contributors == NULL || devices == NULL)
        return status < 0 ? status : mem_error(err);
    status = rank_names(&numbering.contributors, contributors, err);
    if (status == 0)
        status = rank_names(&numbering.devices, devices, err);
    for (size_t i = 0; i < set->run_count && status == 0; i++) {
        set->runs[i]->contributor_rank = contributors[set->runs[i]->contributor_rank];
        set->runs[i]->device_rank = devices[set->runs[i]->device_rank];
    }
    return status;
}

/* Metric and unit; the direction does not tell cells apart. */
static void rank_measures(struct result_set *set)
{
    for (size_t i = 0; i < set->measure_count; i++) {
        size_t same = 0;

        while (!text_equal(set->measures[same]->metric, set->measures[i]->metric) ||
               !text_equal(set->measures[same]->unit, set->measures[i]->unit))
            same++;
        set->measures[i]->rank = (uint32_t)same;
    }
}

/* ---- results by submission id and ordinal, where they are: ten million have no room for a copy */

/* places[i]: where result i belongs when only the submission counts, each in the order of arrival. */
static int place_by_submission(const struct result_set *set, const size_t *ranks, uint32_t *places, struct err *err)
{
    autofree size_t *starts = mem_zalloc(set->submission_count + 2, sizeof(*starts));

    if (starts == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        starts[ranks[set->results[i].run->submission] + 1]++;
    for (size_t i = 0; i < set->submission_count; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < set->result_count; i++)
        places[i] = (uint32_t)starts[ranks[set->results[i].run->submission]]++;
    return 0;
}

static void move_to_places(struct result *results, size_t count, uint32_t *places)
{
    for (size_t i = 0; i < count; i++)
        while (places[i] != i) {
            const uint32_t to = places[i];
            const struct result moved = results[to];

            results[to] = results[i];
            results[i] = moved;
            places[i] = places[to];
            places[to] = to;
        }
}

static int compare_ordinals(const void *left, const void *right)
{
    const struct result *a = left, *b = right;

    return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* Those of one submission mostly are in this order already. */
static void sort_ordinals(struct result *results, size_t count)
{
    for (size_t i = 0, end; i < count; i = end) {
        bool sorted = true;

        for (end = i + 1; end < count && results[end].run->submission == results[i].run->submission; end++)
            sorted = sorted && results[end - 1].ordinal < results[end].ordinal;
        if (!sorted)
            qsort(results + i, end - i, sizeof(*results), compare_ordinals);
    }
}

static int order_results(struct result_set *set, const size_t *ranks, struct err *err)
{
    if (set->result_count >= NOWHERE)
        return err_set(err, ERR_LIMIT, "more than %u results at once", NOWHERE - 1);
    autofree uint32_t *places = mem_zalloc(set->result_count + 1, sizeof(*places));

    if (places == NULL)
        return mem_error(err);
    const int status = place_by_submission(set, ranks, places, err);

    if (status < 0)
        return status;
    move_to_places(set->results, set->result_count, places);
    sort_ordinals(set->results, set->result_count);
    return 0;
}

static void rank_submissions(const struct result_set *set, size_t *ranks)
{
    for (size_t i = 0; i < set->submission_count; i++)
        ranks[set->submission_order[i]] = i;
}

int result_set_sort_findings(struct result_set *set, struct err *err)
{
    autofree size_t *ranks = mem_zalloc(set->submission_count + 1, sizeof(*ranks));

    if (ranks == NULL)
        return mem_error(err);
    rank_submissions(set, ranks);
    if (set->finding_count > 1)
        qsort_r(set->findings, set->finding_count, sizeof(*set->findings), compare_findings, ranks);
    return 0;
}

int result_set_finish(struct result_set *set, struct err *err)
{
    if (arena_check(&set->arena, err) < 0)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    autofree size_t *ranks = mem_zalloc(set->submission_count + 1, sizeof(*ranks));

    set->submission_order = arena_alloc(&set->arena, set->submission_count + 1, sizeof(*set->submission_order));
    if (ranks == NULL || set->submission_order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->submission_count; i++)
        set->submission_order[i] = i;
    if (set->submission_count > 1)
        qsort_r(set->submission_order, set->submission_count, sizeof(size_t), compare_by_id, set);
    rank_submissions(set, ranks);
    rank_measures(set);
    int status = order_results(set, ranks, err);

    if (status == 0)
        status = result_set_sort_findings(set, err);
    if (status == 0)
        status = rank_runs(set, err);
    return status < 0 ? status : mark_repeats(set, err);
}
