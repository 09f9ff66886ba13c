#include "analyze/report/left_out.h"

#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

enum { NAMED_MOST = 6, SHORT_ID = 12 };

/* The rule that quarantined the run, or its submission as a whole; NULL = it is not known. */
static const char *rule_of(const struct result_set *set, const struct set_run *run)
{
    for (size_t i = 0; i < set->finding_count; i++) {
        const struct set_finding *finding = &set->findings[i];

        if (finding->submission == run->submission && (finding->run < 0 || finding->run == (long)run->number) &&
            text_equal(finding->severity, "quarantine"))
            return finding->rule;
    }
    return NULL;
}

void left_out_reason(const struct result_set *set, const struct result *result, struct buf *into)
{
    const char *rule = rule_of(set, result->run);

    if (rule != NULL)
        buf_addf(into, "quarantined, %s", rule);
    else
        buf_adds(into, result_state(set, result) == STATE_QUARANTINED ? "quarantined" : "failed");
}

/* ---- the line */

/* Names the first few of the runs that it is told, and counts the others. */
struct line {
    struct buf text;
    const struct set_run *last;
    size_t count;
    bool of_side; /* which says the file */
};

static void add_run(struct line *line, const struct result_set *set, const struct result *result)
{
    const struct submission *submission = &set->submissions[result->run->submission];

    if (result->run == line->last)
        return;
    line->last = result->run;
    if (line->count++ >= NAMED_MOST)
        return;
    buf_addf(&line->text, "%srun %u", line->count > 1 ? ", " : "", result->run->number);
    if (submission->file == NULL)
        buf_addf(&line->text, " of %.*s", SHORT_ID,
                 submission->id + (text_starts_with(submission->id, "sha256:") ? strlen("sha256:") : 0));
    else if (!line->of_side && set->submission_count > 1)
        buf_addf(&line->text, " of %s", file_base_name(submission->file));
    if (submission->file != NULL && strchr(submission->id, '#') != NULL)
        buf_adds(&line->text, strchr(submission->id, '#'));
    buf_adds(&line->text, " (");
    left_out_reason(set, result, &line->text);
    buf_adds(&line->text, ")");
}

static bool say_line(struct line *line, struct buf *into)
{
    buf_adds(into, buf_text(&line->text));
    if (line->count > NAMED_MOST)
        buf_addf(into, " and %zu more", line->count - NAMED_MOST);
    buf_done(&line->text);
    return line->count > 0;
}

static int put_line(struct line *line, const char *of, struct table *table, struct err *err)
{
    autobuf struct buf note = BUF(16384);

    buf_addf(&note, "Left out%s: ", of);
    if (!say_line(line, &note))
        return 0;
    buf_adds(&note, ". crosschip-analyze audit says why.");
    table_note(table, buf_text(&note));
    return buf_check(&note, err);
}

void left_out_names(const struct result_set *set, struct buf *into)
{
    struct line line = {.text = BUF(8192)};

    for (size_t i = 0; i < set->result_count; i++)
        if (result_state(set, &set->results[i]) != set->submissions[set->results[i].run->submission].state)
            add_run(&line, set, &set->results[i]);
    (void)say_line(&line, into);
}

bool left_out_all(const struct result_set *set, struct buf *into)
{
    struct line line = {.text = BUF(8192)};

    for (size_t i = 0; i < set->result_count; i++)
        if (result_is_left_out(set, &set->results[i]))
            add_run(&line, set, &set->results[i]);
    return say_line(&line, into);
}

/* Whether some group is of this tool. Results of one tool stand beside each other: the answer to the last is kept. */
struct tools {
    const struct group_list *groups;
    const char *last;
    bool found;
};

static bool has_tool(struct tools *tools, const char *tool)
{
    if (tools->last != NULL && text_equal(tools->last, tool))
        return tools->found;
    tools->last = tool;
    tools->found = false;
    for (size_t i = 0; i < tools->groups->count && !tools->found; i++)
        tools->found = text_equal(group_value(tools->groups, &tools->groups->items[i], "tool"), tool);
    return tools->found;
}

int left_out_of_groups(const struct result_set *set, const struct selection *selection, const struct group_list *groups,
                       left_out_told *told, const void *context, struct table *table, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct line line = {.text = BUF(8192)};
    struct tools tools = {.groups = groups};

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (result_is_left_out(set, result) && (set->file_count > 0 || has_tool(&tools, result->run->tool)) &&
            (selection == NULL || selection_passes(set, selection, result, &arena)) &&
            (told == NULL || !told(context, result)))
            add_run(&line, set, result);
    }
    return put_line(&line, "", table, err);
}

int left_out_of_sides(const struct result_set *set, const struct side_list *sides, struct table *table, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    int status = 0;

    for (size_t side = 0; side < sides->count && status == 0; side++) {
        autobuf struct buf of = BUF(4096);
        struct line line = {.text = BUF(8192), .of_side = true};

        for (size_t i = 0; i < set->result_count; i++)
            if (result_is_left_out(set, &set->results[i]) &&
                side_covers(set, &sides->items[side], &set->results[i], &arena))
                add_run(&line, set, &set->results[i]);
        buf_addf(&of, " of %s", sides->items[side].label);
        status = put_line(&line, buf_text(&of), table, err);
    }
    return status;
}
