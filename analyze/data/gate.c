#include "analyze/data/gate.h"

#include <math.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

const char *gate_word(enum gate_outcome outcome)
{
    static const char *const words[] = {
        [GATE_HELD] = "held",           [GATE_IMPROVED] = "improved",         [GATE_REGRESSED] = "regressed",
        [GATE_UNCERTAIN] = "uncertain", [GATE_OTHER_OUTPUT] = "other output", [GATE_NOT_JUDGED] = "not judged",
        [GATE_IGNORED] = "ignored"};

    return words[outcome];
}

static double threshold_of(const struct gate_rules *rules, const char *metric)
{
    double share = 0;

    for (size_t i = 0; i < rules->threshold_count; i++)
        if (rules->thresholds[i].metric == NULL)
            share = rules->thresholds[i].share;
    for (size_t i = 0; i < rules->threshold_count; i++)
        if (rules->thresholds[i].metric != NULL && text_equal_ignore_case(rules->thresholds[i].metric, metric))
            share = rules->thresholds[i].share;
    return share;
}

static bool has_own_threshold(const struct gate_rules *rules, const char *metric)
{
    for (size_t i = 0; i < rules->threshold_count; i++)
        if (rules->thresholds[i].metric != NULL && text_equal_ignore_case(rules->thresholds[i].metric, metric))
            return true;
    return false;
}

static bool is_difference(const char *metric)
{
    static const char *const endings[] = {"_increase", "_difference", "_delta"};

    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
        if (text_ends_with(metric, endings[i]))
            return true;
    return false;
}

static bool is_ignored(const struct side_rows *rows, const struct side_row *row, const struct gate_rules *rules)
{
    for (size_t i = 0; i < rules->ignored_count; i++) {
        const char *ignored = rules->ignored[i], *equals = strchr(ignored, '=');

        if (equals == NULL && text_equal_ignore_case(ignored, row->metric))
            return true;
        for (size_t j = 0; equals != NULL && j < rows->facet_count; j++)
            if (strlen(rows->facets[j]) == (size_t)(equals - ignored) && text_starts_with(ignored, rows->facets[j]) &&
                text_equal_ignore_case(equals + 1, row->facets[j]))
                return true;
    }
    return false;
}

static bool is_accepted(const struct evidence *before, const struct evidence *now, const struct gate_rules *rules)
{
    if (before->output == NULL || now->output == NULL)
        return false;
    for (size_t i = 0; i < rules->accepted_count; i++)
        if (text_equal(rules->accepted[i].from, before->output) && text_equal(rules->accepted[i].to, now->output))
            return true;
    return false;
}

/* By how much it is worse, as a share of the baseline; negative when better. */
static double loss_of(const struct gate_row *row)
{
    return row->row->direction == DIRECTION_LOWER ? row->change : -row->change;
}

/* Why the size of the change alone has to do. */
static const char *reason_untested(const struct verdict *verdict, struct arena *arena)
{
    const char *why = verdict->kind == VERDICT_OTHER ? "another output, which was accepted"
                      : verdict->why != NULL         ? verdict->why
                                                     : "too few values";
    autobuf struct buf text = BUF(1024);

    buf_addf(&text, "not tested: %s", why);
    return arena_strdup(arena, buf_text(&text));
}

static void judge(struct gate_row *row, struct arena *arena)
{
    const struct verdict *verdict = &row->row->verdicts[1];
    const double loss = loss_of(row);

    row->tested = isfinite(verdict->p);
    const bool certain = !row->tested || verdict->q <= VERDICT_CHANCE;

    if (!row->tested)
        row->why = reason_untested(verdict, arena);
    if (loss > row->threshold) {
        row->outcome = certain ? GATE_REGRESSED : GATE_UNCERTAIN;
        row->why = certain ? row->why : "worse by more than the threshold, but the test shows no difference";
    } else if (-loss > row->threshold && certain) {
        row->outcome = GATE_IMPROVED;
    }
}

/* NULL where a share of the baseline can be judged. */
static const char *reason_not_to_judge(const struct gate_row *row, const struct gate_rules *rules)
{
    if (row->row->direction == DIRECTION_UNKNOWN)
        return "nothing says which way is better";
    if (isnan(row->change))
        return "the baseline is not above 0, so a change has no share of it";
    if (is_difference(row->row->metric) && !has_own_threshold(rules, row->row->metric))
        return "a difference may be near 0 or below, so its ratio says nothing; --threshold-for judges it";
    return NULL;
}

static void judge_row(const struct side_rows *rows, const struct side_row *from, const struct gate_rules *rules,
                      struct arena *arena, struct gate_row *row)
{
    const struct evidence *before = &from->evidence[0], *now = &from->evidence[1];

    *row = (struct gate_row){
        .row = from, .outcome = GATE_HELD, .threshold = threshold_of(rules, from->metric), .change = (double)NAN};
    if (before->value > 0)
        row->change = (now->value - before->value) / before->value;
    if (is_ignored(rows, from, rules)) {
        row->outcome = GATE_IGNORED;
    } else if (evidence_outputs_differ(before, now) && !is_accepted(before, now, rules)) {
        row->outcome = GATE_OTHER_OUTPUT;
        row->why = "the runs put out something else than the baseline";
    } else if ((row->why = reason_not_to_judge(row, rules)) != NULL) {
        row->outcome = GATE_NOT_JUDGED;
    } else {
        judge(row, arena);
    }
}

int gate_run(const struct side_rows *rows, const struct gate_rules *rules, struct arena *arena, struct gate *ret,
             struct err *err)
{
    struct gate gate = {.rows = arena_alloc(arena, rows->row_count + 1, sizeof(struct gate_row))};

    if (gate.rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < rows->row_count; i++) {
        struct gate_row *row = &gate.rows[gate.row_count++];

        judge_row(rows, &rows->rows[i], rules, arena, row);
        gate.outcomes[row->outcome]++;
    }
    *ret = gate;
    return arena_check(arena, err);
}

void gate_count_left_out(const struct result_set *set, const struct side *now, const struct side_rows *rows,
                         struct arena *arena, struct gate *gate)
{
    const struct set_run *last = NULL;

    for (size_t i = 0; rows->only_on[0] > 0 && i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (result->run == last || !result_is_left_out(set, result) || !side_covers(set, now, result, arena))
            continue;
        last = result->run;
        gate->left_out++;
    }
}

int gate_exit_status(const struct gate *gate)
{
    if (gate->outcomes[GATE_REGRESSED] > 0)
        return 1;
    const size_t judged = gate->outcomes[GATE_HELD] + gate->outcomes[GATE_IMPROVED] + gate->outcomes[GATE_UNCERTAIN];

    return judged == 0 || gate->outcomes[GATE_OTHER_OUTPUT] > 0 || gate->left_out > 0 ? 2 : 0;
}
