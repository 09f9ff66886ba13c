#include "analyze/data/result_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/checks/checks.h"

static const char *const state_words[STATE_COUNT] = {
    [STATE_ACCEPTED] = "accepted",   [STATE_QUARANTINED] = "quarantined", [STATE_REJECTED] = "rejected",
    [STATE_WITHDRAWN] = "withdrawn", [STATE_DELETED] = "deleted",
};

const char *submission_state_word(enum submission_state state)
{
    return state < STATE_COUNT ? state_words[state] : "unknown";
}

bool submission_state_parse(const char *word, enum submission_state *ret)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (text_equal(word, state_words[i])) {
            *ret = (enum submission_state)i;
            return true;
        }
    return false;
}

void result_set_init(struct result_set *set)
{
    memset(set, 0, sizeof(*set));
    arena_init(&set->arena, 0);
}

void result_set_done(struct result_set *set)
{
    arena_done(&set->arena);
    memset(set, 0, sizeof(*set));
}

struct submission *result_set_add_submission(struct result_set *set)
{
    struct submission *items =
        arena_grow(&set->arena, set->submissions, &set->submission_capacity, set->submission_count + 1, sizeof(*items));

    if (items == NULL)
        return NULL;
    set->submissions = items;
    struct submission *submission = &items[set->submission_count++];

    *submission = (struct submission){.contributor = "", .received_us = TIME_UNKNOWN};
    return submission;
}

struct result *result_set_add_result(struct result_set *set)
{
    const double none = (double)NAN;
    struct result *items =
        arena_grow(&set->arena, set->results, &set->result_capacity, set->result_count + 1, sizeof(*items));

    if (items == NULL)
        return NULL;
    set->results = items;
    struct result *result = &items[set->result_count++];

    *result = (struct result){.device = "",
                              .chip_given = "",
                              .chip = "",
                              .chip_variant = "",
                              .chip_count = 1,
                              .tool = "",
                              .tool_version = "",
                              .model = "",
                              .quantization = "",
                              .backend = "",
                              .mode = "",
                              .task = "",
                              .category = "",
                              .parameters = "",
                              .setup = "",
                              .os = "",
                              .driver = "",
                              .variant = "alone",
                              .metric = "",
                              .unit = "",
                              .flags = "",
                              .n = COUNT_UNKNOWN,
                              .value = none,
                              .mean = none,
                              .stddev = none,
                              .min = none,
                              .max = none,
                              .median = none,
                              .model_bytes = none,
                              .ran_us = TIME_UNKNOWN};
    return result;
}

struct set_finding *result_set_add_finding(struct result_set *set)
{
    struct set_finding *items =
        arena_grow(&set->arena, set->findings, &set->finding_capacity, set->finding_count + 1, sizeof(*items));

    if (items == NULL)
        return NULL;
    set->findings = items;
    struct set_finding *finding = &items[set->finding_count++];

    *finding = (struct set_finding){.run = -1, .rule = "", .severity = "", .chip = "", .model = "", .message = ""};
    return finding;
}

void result_set_flags(struct result *result, const char *flags)
{
    struct str rest = str_of(flags), flag;
    char word[64];

    result->flags = flags;
    result->flagged = result->flagged || rest.len > 0;
    while (rest.len > 0 && str_next_field(&rest, ',', &flag)) {
        str_copy(word, sizeof(word), str_trim(flag));
        result->failed = result->failed || check_flag_voids(word);
    }
}

static bool may_count(const struct result_set *set, const struct result *result)
{
    const struct submission *submission = &set->submissions[result->submission];

    return submission->state == set->counted && !submission->repeats && isfinite(result->value) &&
           !text_is_empty(result->chip);
}

bool result_counts(const struct result_set *set, const struct result *result)
{
    return !result->failed && may_count(set, result);
}

bool result_is_usable(const struct result_set *set, const struct result *result)
{
    return !result->failed && result_is_shown(set, result);
}

bool result_is_shown(const struct result_set *set, const struct result *result)
{
    const enum submission_state state = set->submissions[result->submission].state;

    return (state == STATE_ACCEPTED || state == STATE_QUARANTINED) && isfinite(result->value);
}

size_t result_set_count_state(const struct result_set *set, enum submission_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < set->submission_count; i++)
        count += set->submissions[i].state == state ? 1 : 0;
    return count;
}

size_t result_set_repeats(const struct result_set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < set->submission_count; i++)
        count += set->submissions[i].repeats ? 1 : 0;
    return count;
}

size_t result_set_failed_runs(const struct result_set *set)
{
    const struct result *last = NULL;
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (!result->failed || !may_count(set, result))
            continue;
        count += last == NULL || last->submission != result->submission || last->run != result->run ? 1 : 0;
        last = result;
    }
    return count;
}

int64_t result_set_newest(const struct result_set *set)
{
    int64_t newest = TIME_UNKNOWN;

    for (size_t i = 0; i < set->result_count; i++)
        if (result_counts(set, &set->results[i]) && set->results[i].ran_us > newest)
            newest = set->results[i].ran_us;
    return newest;
}

int64_t result_set_oldest(const struct result_set *set)
{
    int64_t oldest = TIME_UNKNOWN;

    for (size_t i = 0; i < set->result_count; i++) {
        const int64_t ran_us = set->results[i].ran_us;

        if (!result_counts(set, &set->results[i]) || ran_us == TIME_UNKNOWN)
            continue;
        oldest = oldest == TIME_UNKNOWN || ran_us < oldest ? ran_us : oldest;
    }
    return oldest;
}

/* ---- one order */

static int compare_by_id(const void *left, const void *right, void *context)
{
    const struct result_set *set = context;

    return strcmp(set->submissions[*(const size_t *)left].id, set->submissions[*(const size_t *)right].id);
}

static int compare_results(const void *left, const void *right, void *context)
{
    const struct result *a = left, *b = right;
    const size_t *ranks = context;

    if (ranks[a->submission] != ranks[b->submission])
        return ranks[a->submission] < ranks[b->submission] ? -1 : 1;
    return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
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

/* Accepted ones first came, first served: by time received, then by id. */
static int compare_arrivals(const void *left, const void *right, void *context)
{
    const struct result_set *set = context;
    const struct submission *a = &set->submissions[*(const size_t *)left];
    const struct submission *b = &set->submissions[*(const size_t *)right];

    if (strcmp(a->original, b->original) != 0)
        return strcmp(a->original, b->original);
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
    for (size_t i = 0; i < set->submission_count; i++)
        ranks[set->submission_order[i]] = i;
    if (set->result_count > 1)
        qsort_r(set->results, set->result_count, sizeof(*set->results), compare_results, ranks);
    if (set->finding_count > 1)
        qsort_r(set->findings, set->finding_count, sizeof(*set->findings), compare_findings, ranks);
    return mark_repeats(set, err);
}
