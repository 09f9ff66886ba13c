#include "analyze/report/changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"

#define KEY_BYTES_MAX ((size_t)1 << 16)

/* ---- names */

/* Only what titles are made of. */
static struct comparison workload_of(const struct previous_figure *figure)
{
    const char *const *fields = figure->fields;

    return (struct comparison){.tool = fields[FIELD_TOOL],
                               .model = fields[FIELD_MODEL],
                               .quantization = fields[FIELD_QUANTIZATION],
                               .mode = fields[FIELD_MODE],
                               .task = fields[FIELD_TASK],
                               .category = fields[FIELD_CATEGORY],
                               .parameters = fields[FIELD_PARAMETERS],
                               .variant = fields[FIELD_RUN_VARIANT]};
}

void change_workload(const struct change *change, struct buf *into)
{
    const struct comparison workload = change->comparison == NULL ? workload_of(change->before) : *change->comparison;

    comparison_title(&workload, into);
    buf_addf(into, " (%s)", workload.tool);
}

void change_row_name(const struct change *change, struct buf *into)
{
    if (change->comparison != NULL) {
        const struct comparison_row *row = &change->comparison->rows[change->row];

        comparison_row_name(row, true, into);
        if (change->comparison->backends_differ && !text_is_empty(row->backend))
            buf_addf(into, ", %s", row->backend);
        return;
    }
    const char *const *fields = change->before->fields;
    const struct comparison_row row = {.chip = fields[FIELD_CHIP],
                                       .variant = fields[FIELD_VARIANT],
                                       .chip_known = catalog_chip(fields[FIELD_CHIP], NULL) != NULL,
                                       .chip_count = strtoll(fields[FIELD_CHIP_COUNT], NULL, 10)};

    comparison_row_name(&row, true, into);
    if (!text_is_empty(fields[FIELD_BACKEND]))
        buf_addf(into, ", %s", fields[FIELD_BACKEND]);
}

const char *change_metric(const struct change *change)
{
    if (change->comparison != NULL)
        return change->comparison->metrics[change->metric].title;
    return catalog_metric_title(change->before->fields[FIELD_METRIC]);
}

const char *change_unit(const struct change *change)
{
    return change->comparison != NULL ? change->comparison->metrics[change->metric].unit : change->before->unit;
}

bool change_is_established(const struct change *change)
{
    return change->verdict.kind == VERDICT_BETTER || change->verdict.kind == VERDICT_WORSE;
}

/* ---- why a figure is gone */

static bool was_behind(const struct result *result, const struct previous_figure *figure)
{
    const char *const *fields = figure->fields;

    return text_equal(result->run->machine->chip, fields[FIELD_CHIP]) &&
           text_equal(result->measure->metric, fields[FIELD_METRIC]) &&
           text_equal(result->run->tool, fields[FIELD_TOOL]) &&
           text_equal(result->run->workload->model, fields[FIELD_MODEL]) &&
           text_equal(result->run->workload->quantization, fields[FIELD_QUANTIZATION]) &&
           text_equal(result->run->workload->task, fields[FIELD_TASK]) &&
           text_equal(result->run->workload->mode, fields[FIELD_MODE]) &&
           text_equal(result->run->workload->parameters, fields[FIELD_PARAMETERS]);
}

void change_reason(const struct report *report, const struct change *change, struct buf *into)
{
    const struct result_set *set = report->results;
    bool seen[STATE_COUNT] = {false};
    size_t named = 0;

    for (size_t i = 0; i < set->result_count; i++)
        if (was_behind(&set->results[i], change->before))
            seen[set->submissions[set->results[i].run->submission].state] = true;
    for (int i = 0; i < STATE_COUNT; i++)
        if (seen[i] && i != STATE_ACCEPTED)
            buf_addf(into, "%s%s", named++ > 0 ? ", " : "", submission_state_word((enum submission_state)i));
    if (named == 0)
        buf_adds(into, "no longer in the data by that name");
}

/* ---- finding */

struct search {
    const struct report *report;
    const struct previous *previous;
    struct arena *arena;
    struct changes *changes;
    bool *counted; /* of each submission: by the previous publication */
    bool *met;     /* of each previous figure: it is there still */
};

static struct change *add(struct search *search, enum change_kind kind)
{
    struct changes *changes = search->changes;
    struct change *items =
        arena_grow(search->arena, changes->items, &changes->capacity, changes->count + 1, sizeof(*items));

    if (items == NULL)
        return NULL;
    changes->items = items;
    changes->of_kind[kind]++;
    items[changes->count] = (struct change){.kind = kind};
    return &items[changes->count++];
}

/* The results behind a figure, apart by whether they counted before. */
static int test(struct search *search, const struct figure *figure, struct change *change, struct err *err)
{
    const struct result **parted = arena_alloc(search->arena, figure->result_count + 1, sizeof(*parted));
    size_t earlier = 0, later = figure->result_count;

    if (parted == NULL)
        return mem_error(err);
    for (size_t i = 0; i < figure->result_count; i++) {
        const struct result *result = figure->results[i];

        parted[search->counted[result->run->submission] ? earlier++ : --later] = result;
    }
    int status = evidence_of(parted, earlier, search->arena, &change->earlier, err);

    if (status == 0)
        status = evidence_of(parted + later, figure->result_count - later, search->arena, &change->later, err);
    if (status == 0)
        status = verdict_test(&change->earlier, &change->later, change->comparison->metrics[change->metric].direction,
                              &change->verdict, err);
    search->changes->tested += status == 0 && !isnan(change->verdict.p) ? 1 : 0;
    return status;
}

static bool same_value(double a, double b)
{
    return a <= b && a >= b;
}

static int look_at(struct search *search, const struct comparison *comparison, size_t row, size_t metric,
                   struct err *err)
{
    const struct figure *figure = &comparison->rows[row].figures[metric];
    autobuf struct buf key = BUF(KEY_BYTES_MAX);

    previous_key(comparison, row, metric, &key);
    const int status = buf_check(&key, err);

    if (status < 0)
        return status;
    const struct previous_figure *before = previous_find(search->previous, buf_text(&key));

    if (before != NULL)
        search->met[before - search->previous->figures] = true;
    if (before != NULL && same_value(before->value, figure->value)) {
        search->changes->unchanged++;
        return 0;
    }
    struct change *change = add(search, before == NULL ? CHANGE_NEW : CHANGE_VALUE);

    if (change == NULL)
        return arena_check(search->arena, err);
    change->comparison = comparison;
    change->row = row;
    change->metric = metric;
    change->before = before;
    return before == NULL ? 0 : test(search, figure, change, err);
}

static int look_at_all(struct search *search, struct err *err)
{
    const struct comparison_set *set = search->report->comparisons;

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++)
            for (size_t k = 0; k < set->items[i].metric_count; k++) {
                const int status =
                    isfinite(set->items[i].rows[j].figures[k].value) ? look_at(search, &set->items[i], j, k, err) : 0;

                if (status < 0)
                    return status;
            }
    for (size_t i = 0; i < search->previous->figure_count; i++) {
        struct change *gone = search->met[i] ? NULL : add(search, CHANGE_GONE);

        if (gone != NULL)
            gone->before = &search->previous->figures[i];
    }
    return arena_check(search->arena, err);
}

static void count_submissions(struct search *search)
{
    const struct result_set *set = search->report->results;
    size_t before = 0, stayed = 0;

    for (size_t i = 0; i < search->previous->submission_count; i++)
        before += search->previous->submissions[i].counted ? 1 : 0;
    for (size_t i = 0; i < set->submission_count; i++) {
        const bool counts = set->submissions[i].state == STATE_ACCEPTED && !set->submissions[i].repeats;

        search->counted[i] = previous_counted(search->previous, set->submissions[i].id);
        search->changes->came += counts && !search->counted[i] ? 1 : 0;
        stayed += counts && search->counted[i] ? 1 : 0;
    }
    search->changes->left = before - stayed;
}

/* The name of the pair for the seed: nothing but the figure. */
static int settle(struct changes *changes, struct arena *arena, struct err *err)
{
    struct verdict **verdicts = arena_alloc(arena, changes->tested + 1, sizeof(*verdicts));
    size_t count = 0;

    if (verdicts == NULL)
        return mem_error(err);
    for (size_t i = 0; i < changes->count; i++)
        if (changes->items[i].kind == CHANGE_VALUE && !isnan(changes->items[i].verdict.p))
            verdicts[count++] = &changes->items[i].verdict;
    int status = verdicts_settle(verdicts, count, err);

    for (size_t i = 0; i < changes->count && status == 0; i++) {
        struct change *change = &changes->items[i];

        if (change->kind == CHANGE_VALUE && change_is_established(change))
            status = verdict_interval(&change->earlier, &change->later,
                                      change->comparison->metrics[change->metric].direction, change->before->key,
                                      &change->verdict, err);
    }
    return status;
}

int changes_find(const struct report *report, const struct previous *previous, struct arena *arena, struct changes *ret,
                 struct err *err)
{
    struct changes changes = {.previous = previous};
    struct search search = {.report = report,
                            .previous = previous,
                            .arena = arena,
                            .changes = &changes,
                            .counted = arena_alloc(arena, report->results->submission_count + 1, sizeof(bool)),
                            .met = arena_alloc(arena, previous->figure_count + 1, sizeof(bool))};

    if (search.counted == NULL || search.met == NULL)
        return mem_error(err);
    count_submissions(&search);
    int status = look_at_all(&search, err);

    if (status == 0)
        status = settle(&changes, arena, err);
    if (status == 0)
        *ret = changes;
    return status;
}
