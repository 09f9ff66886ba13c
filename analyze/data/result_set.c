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
    free(set->results);
    free(set->runs);
    free(set->measures);
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

static const struct set_machine no_machine = {
    .chip_given = "", .chip = "", .chip_variant = "", .chip_count = 1, .os = "", .driver = ""};
static const struct set_setup no_setup = {.text = ""};
static const struct label_list no_labels = {NULL, 0, 0};

struct set_run *result_set_add_run(struct result_set *set, size_t submission)
{
    static const struct set_workload no_workload = {.model = "",
                                                    .quantization = "",
                                                    .backend = "",
                                                    .mode = "",
                                                    .task = "",
                                                    .category = "",
                                                    .parameters = "",
                                                    .model_bytes = (double)NAN};
    struct set_run *run = arena_alloc(&set->arena, 1, sizeof(*run));

    if (run == NULL || mem_grow(&set->runs, &set->run_capacity, set->run_count + 1, sizeof(struct set_run *)) < 0) {
        set->arena.failed = 1;
        return NULL;
    }
    *run = (struct set_run){.submission = (uint32_t)submission,
                            .device = "",
                            .machine = &no_machine,
                            .workload = &no_workload,
                            .setup = &no_setup,
                            .labels = &no_labels,
                            .tool = "",
                            .tool_version = "",
                            .variant = "alone",
                            .flags = "",
                            .ran_us = TIME_UNKNOWN};
    return set->runs[set->run_count++] = run;
}

static const struct result_detail no_detail = {.mean = (double)NAN,
                                               .stddev = (double)NAN,
                                               .min = (double)NAN,
                                               .max = (double)NAN,
                                               .median = (double)NAN,
                                               .flags = ""};

struct result_detail *result_set_add_detail(struct result_set *set)
{
    struct result_detail *detail = arena_alloc(&set->arena, 1, sizeof(*detail));

    if (detail != NULL)
        *detail = no_detail;
    return detail;
}

struct result *result_set_add_result(struct result_set *set, const struct set_run *run)
{
    if (mem_grow(&set->results, &set->result_capacity, set->result_count + 1, sizeof(*set->results)) < 0) {
        set->arena.failed = 1;
        return NULL;
    }
    struct result *result = &set->results[set->result_count++];

    *result = (struct result){.run = run, .detail = &no_detail, .value = (double)NAN, .n = (int32_t)COUNT_UNKNOWN};
    return result;
}

void result_set_take_results(struct result_set *set, struct result_set *from)
{
    set->results = TAKE_PTR(from->results);
    set->result_count = from->result_count;
    set->result_capacity = from->result_capacity;
    set->measures = TAKE_PTR(from->measures);
    set->measure_count = from->measure_count;
    set->measure_capacity = from->measure_capacity;
    arena_take(&set->arena, &from->arena);
}

const struct set_measure *result_set_measure(struct result_set *set, const char *metric, const char *unit,
                                             enum direction direction)
{
    for (size_t i = 0; i < set->measure_count; i++) {
        const struct set_measure *measure = set->measures[i];

        if (measure->direction == direction && text_equal(measure->metric, metric) && text_equal(measure->unit, unit))
            return measure;
    }
    struct set_measure *measure = arena_alloc(&set->arena, 1, sizeof(*measure));

    if (measure == NULL ||
        mem_grow(&set->measures, &set->measure_capacity, set->measure_count + 1, sizeof(struct set_measure *)) < 0) {
        set->arena.failed = 1;
        return NULL;
    }
    *measure = (struct set_measure){.metric = metric, .unit = unit, .direction = direction};
    return set->measures[set->measure_count++] = measure;
}

struct set_finding *result_set_add_finding(struct result_set *set)
{
    struct set_finding *items =
        arena_grow(&set->arena, set->findings, &set->finding_capacity, set->finding_count + 1, sizeof(*items));

    if (items == NULL)
        return NULL;
    set->findings = items;
    struct set_finding *finding = &items[set->finding_count++];

    *finding = (struct set_finding){
        .run = -1, .rule = "", .severity = "", .chip = "", .model = "", .metric = "", .message = ""};
    return finding;
}

void result_set_flags(struct result *result, const char *flags)
{
    struct str rest = str_of(flags), flag;
    char word[64];

    result->flagged = result->flagged || rest.len > 0;
    while (rest.len > 0 && str_next_field(&rest, ',', &flag)) {
        str_copy(word, sizeof(word), str_trim(flag));
        result->failed = result->failed || check_flag_voids(word);
    }
}

enum submission_state result_state(const struct result_set *set, const struct result *result)
{
    const enum submission_state state = set->submissions[result->run->submission].state;

    return state == STATE_ACCEPTED && result->run->quarantined ? STATE_QUARANTINED : state;
}

enum submission_state finding_state(const struct result_set *set, const struct set_finding *finding)
{
    const enum submission_state state = set->submissions[finding->submission].state;

    return state == STATE_ACCEPTED && finding->of_quarantined ? STATE_QUARANTINED : state;
}

static bool may_count(const struct result_set *set, const struct result *result)
{
    return result_state(set, result) == set->counted && !set->submissions[result->run->submission].repeats &&
           isfinite(result->value) && !text_is_empty(result->run->machine->chip);
}

bool result_counts(const struct result_set *set, const struct result *result)
{
    return !result->failed && may_count(set, result);
}

bool result_is_usable(const struct result_set *set, const struct result *result)
{
    return !result->failed && isfinite(result->value) && result_state(set, result) == set->counted;
}

bool result_is_left_out(const struct result_set *set, const struct result *result)
{
    const enum submission_state state = result_state(set, result);

    return state == STATE_QUARANTINED || (state == STATE_ACCEPTED && result->failed);
}

bool result_is_shown(const struct result_set *set, const struct result *result)
{
    const enum submission_state state = set->submissions[result->run->submission].state;

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
    const struct set_run *last = NULL;
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (!result->failed || !may_count(set, result))
            continue;
        count += last != result->run ? 1 : 0;
        last = result->run;
    }
    return count;
}

size_t result_set_quarantined_runs(const struct result_set *set)
{
    const struct set_run *last = NULL;
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct set_run *run = set->results[i].run;

        if (run == last || !run->quarantined || set->submissions[run->submission].state != STATE_ACCEPTED)
            continue;
        last = run;
        count++;
    }
    return count;
}

size_t result_set_undated(const struct result_set *set)
{
    size_t submissions = 0, last = SIZE_MAX;
    bool dated = false;

    for (size_t i = 0; i < set->result_count; i++) {
        if (!result_counts(set, &set->results[i]))
            continue;
        if (set->results[i].run->submission != last) {
            submissions += last != SIZE_MAX && !dated ? 1 : 0;
            last = set->results[i].run->submission;
            dated = false;
        }
        dated = dated || set->results[i].run->ran_us != TIME_UNKNOWN;
    }
    return submissions + (last != SIZE_MAX && !dated ? 1 : 0);
}

int64_t result_set_newest(const struct result_set *set)
{
    int64_t newest = TIME_UNKNOWN;

    for (size_t i = 0; i < set->result_count; i++)
        if (result_counts(set, &set->results[i]) && set->results[i].run->ran_us > newest)
            newest = set->results[i].run->ran_us;
    return newest;
}

int64_t result_set_oldest(const struct result_set *set)
{
    int64_t oldest = TIME_UNKNOWN;

    for (size_t i = 0; i < set->result_count; i++) {
        const int64_t ran_us = set->results[i].run->ran_us;

        if (!result_counts(set, &set->results[i]) || ran_us == TIME_UNKNOWN)
            continue;
        oldest = oldest == TIME_UNKNOWN || ran_us < oldest ? ran_us : oldest;
    }
    return oldest;
}
