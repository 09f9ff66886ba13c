#include "analyze/inputs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyze/data/from_database.h"
#include "analyze/data/from_files.h"
#include "analyze/report/left_out.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define BASELINE_KEY "baseline."

static void tell(void *context, const char *message)
{
    (void)context;
    log_info("%s", message);
}

static int load_database(const struct invocation *invocation, bool values_only, struct result_set *set, struct err *err)
{
    const struct database_source source = {.uri = option_text(invocation, "database"),
                                           .data_folder = option_text(invocation, "data"),
                                           .account = option_text(invocation, "user"),
                                           .values_only = values_only,
                                           .progress = tell};

    return from_database(set, &source, err);
}

static int load(const struct invocation *invocation, const char *const *paths, size_t count, bool values_only,
                struct result_set *ret, struct err *err)
{
    int status = count > 0 ? from_files(ret, paths, count, err) : load_database(invocation, values_only, ret, err);

    if (status == 0 && count > 0)
        status = result_set_finish(ret, err);
    if (status < 0)
        result_set_done(ret);
    return status;
}

int inputs_load_sides(const struct invocation *invocation, const char *const *paths, size_t count,
                      struct result_set *ret, struct err *err)
{
    result_set_init(ret);
    ret->files_are_sides = true;
    return load(invocation, paths, count, false, ret, err);
}

static int load_arguments(const struct invocation *invocation, size_t first, bool values_only, struct content *content,
                          struct result_set *ret, struct err *err)
{
    const size_t count = argument_count(invocation) > first ? argument_count(invocation) - first : 0;
    autofree const char **paths = mem_zalloc(count + 1, sizeof(*paths));

    if (paths == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        paths[i] = argument_at(invocation, first + i);
    result_set_init(ret);
    ret->content = content;
    return load(invocation, paths, count, values_only, ret, err);
}

int inputs_load(const struct invocation *invocation, size_t first, struct result_set *ret, struct err *err)
{
    return load_arguments(invocation, first, false, NULL, ret, err);
}

int inputs_load_content(const struct invocation *invocation, size_t first, struct content *content,
                        struct result_set *ret, struct err *err)
{
    return load_arguments(invocation, first, false, content, ret, err);
}

int inputs_load_values(const struct invocation *invocation, size_t first, struct result_set *ret, struct err *err)
{
    return load_arguments(invocation, first, true, NULL, ret, err);
}

/* ---- selections */

int inputs_date(const char *text, int64_t *ret, struct err *err)
{
    char moment[64];

    (void)snprintf(moment, sizeof(moment), strlen(text) == strlen("2000-01-01") ? "%.32sT00:00:00Z" : "%.40s", text);
    if (clock_parse(str_of(moment), ret))
        return 0;
    (void)err_set(err, ERR_USAGE, "\"%s\" is no date", text);
    return err_hint(err, "2026-11-28, or a time as 2026-11-28T10:00:00Z");
}

int inputs_state(const struct invocation *invocation, enum submission_state *ret, struct err *err)
{
    const char *wanted = option_text(invocation, "state");

    *ret = STATE_ACCEPTED;
    if (wanted == NULL || submission_state_parse(wanted, ret))
        return 0;
    (void)err_set(err, ERR_USAGE, "--state does not know \"%s\"", wanted);
    return err_hint(err, "accepted, quarantined, rejected, withdrawn or deleted");
}

int inputs_selection(const struct invocation *invocation, struct arena *arena, struct selection *ret, struct err *err)
{
    static const char *const shorter[] = {"family", "backend", "task", "mode", "os"};
    const size_t count = option_count(invocation, "where");
    const char *since = option_text(invocation, "since");
    autobuf struct buf all = BUF(65536);

    *ret = (struct selection){NULL, 0, TIME_UNKNOWN, TIME_UNKNOWN};
    for (size_t i = 0; i < count; i++)
        buf_addf(&all, "%s%s", all.len > 0 ? "," : "", option_item(invocation, "where", i));
    for (size_t i = 0; i < ARRAY_LENGTH(shorter); i++)
        if (option_exists(invocation, shorter[i]) && option_text(invocation, shorter[i]) != NULL)
            buf_addf(&all, "%s%s=%s", all.len > 0 ? "," : "", shorter[i], option_text(invocation, shorter[i]));
    int status = all.len > 0 ? selection_parse(buf_text(&all), arena, ret, err) : 0;

    if (status == 0 && since != NULL)
        status = inputs_date(since, &ret->since_us, err);
    return status;
}

static bool selects(const struct selection *selection)
{
    return selection->count > 0 || selection->since_us != TIME_UNKNOWN;
}

static int load_selected(const struct invocation *invocation, size_t first, bool values_only, struct result_set *ret,
                         struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autoset struct result_set set = {.file_count = 0};
    struct selection selection;
    int status = inputs_selection(invocation, &arena, &selection, err);

    if (status == 0)
        status = load_arguments(invocation, first, values_only && !selects(&selection), NULL, &set, err);
    if (status == 0 && selects(&selection))
        status = selection_keep(&set, &selection, err);
    if (status < 0)
        return status;
    *ret = set;
    memset(&set, 0, sizeof(set));
    return 0;
}

int inputs_load_selected(const struct invocation *invocation, size_t first, struct result_set *ret, struct err *err)
{
    return load_selected(invocation, first, false, ret, err);
}

int inputs_load_selected_values(const struct invocation *invocation, size_t first, struct result_set *ret,
                                struct err *err)
{
    return load_selected(invocation, first, true, ret, err);
}

/* ---- baselines of crosschip.conf */

struct rule_list {
    struct arena arena;
    struct baseline_rule *items;
    size_t count, capacity;
};

static void add_rule(void *context, const char *key, const char *value)
{
    struct rule_list *list = context;
    struct baseline_rule *items =
        arena_grow(&list->arena, list->items, &list->capacity, list->count + 1, sizeof(*items));

    if (items == NULL)
        return;
    list->items = items;
    items[list->count++] = (struct baseline_rule){
        arena_strdup(&list->arena, text_starts_with(key, BASELINE_KEY) ? key + strlen(BASELINE_KEY) : key),
        arena_strdup(&list->arena, value)};
}

int inputs_baselines(const struct invocation *invocation, struct comparison_set *set, struct err *err)
{
    struct rule_list list = {.count = 0};

    config_each(invocation, BASELINE_KEY, add_rule, &list);
    const char *named = option_exists(invocation, "baseline") ? option_text(invocation, "baseline") : NULL;
    const struct baseline_rules rules = {named, list.items, list.count};
    int status = arena_check(&list.arena, err);

    if (status == 0)
        status = baseline_apply(set, &rules, err);
    arena_done(&list.arena);
    return status;
}

/* ---- nothing to compare */

/* True when a part of the filter alone finds nothing, or its parts do so only apart: err says which, with what is near.
 */
static bool filter_finds_nothing(const struct result_set *results, const struct comparison_filter *filter,
                                 struct err *err)
{
    const char *const names[] = {"tool", "model", "quantization", "metric"};
    const char *const values[] = {filter->tool, filter->model, filter->quantization, filter->metric};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct facet_choice choices[ARRAY_LENGTH(names)];
    struct selection wanted = {choices, 0, TIME_UNKNOWN, TIME_UNKNOWN};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (values[i] != NULL)
            choices[wanted.count++] = facet_choose(names[i], values[i]);
    for (size_t i = 0; i < results->result_count; i++)
        if (selection_passes(results, &wanted, &results->results[i], &arena))
            return false;
    (void)selection_explain(results, &wanted, err);
    return true;
}

/* Results that would count, if they said what they were measured on. */
static size_t count_nameless(const struct result_set *results)
{
    size_t count = 0;

    for (size_t i = 0; i < results->result_count; i++) {
        const struct result *result = &results->results[i];

        count += result_is_usable(results, result) && text_is_empty(result->run->machine->chip) ? 1 : 0;
    }
    return count;
}

void inputs_left_out(const struct result_set *results, struct buf *into)
{
    const size_t quarantined =
        results->counted == STATE_ACCEPTED ? result_set_count_state(results, STATE_QUARANTINED) : 0;
    const size_t runs = results->counted == STATE_ACCEPTED ? result_set_quarantined_runs(results) : 0;
    const size_t nameless = count_nameless(results), failed = result_set_failed_runs(results);
    const char *comma = "Left out: ";

    if (quarantined > 0) {
        buf_addf(into, "%s%zu quarantined %s (crosschip-analyze audit says why)", comma, quarantined,
                 quarantined == 1 ? "submission" : "submissions");
        comma = ", ";
    }
    if (runs > 0) {
        buf_adds(into, comma);
        left_out_names(results, into);
        comma = ", ";
    }
    if (nameless > 0) {
        buf_addf(into, "%s%zu %s without a chip", comma, nameless, nameless == 1 ? "result" : "results");
        comma = ", ";
    }
    if (failed > 0)
        buf_addf(into, "%s%zu %s that failed", comma, failed, failed == 1 ? "run" : "runs");
    if (into->len > 0)
        buf_adds(into, ".");
}

void inputs_note_left_out(const struct result_set *results, struct table *table)
{
    autobuf struct buf line = BUF(16384);

    inputs_left_out(results, &line);
    if (line.len > 0)
        table_note(table, buf_text(&line));
}

int inputs_nothing(const struct result_set *results, const struct comparison_filter *filter, struct err *err)
{
    const size_t quarantined =
        result_set_count_state(results, STATE_QUARANTINED) + result_set_quarantined_runs(results);

    if (results->submission_count == 0) {
        (void)err_set(err, ERR_NOTHING, "the database holds no submission");
        return err_hint(err, "send one with crosschip-submit send FILE, or name benchmark outputs as arguments");
    }
    if (results->result_count > 0 && filter_finds_nothing(results, filter, err))
        return -(int)ERR_NOTHING;
    (void)err_set(err, ERR_NOTHING, "no %s result in %zu %s", submission_state_word(results->counted),
                  results->submission_count, results->submission_count == 1 ? "submission" : "submissions");
    if (result_set_failed_runs(results) > 0)
        return err_hint(err, "runs that failed or that their tool calls invalid are left out: %zu",
                        result_set_failed_runs(results));
    if (count_nameless(results) > 0) {
        (void)err_set(err, ERR_NOTHING, "no result names the chip that it was measured on");
        return err_hint(err, "crosschip-submit send attaches this machine's facts, or those of --device F; modes, "
                             "quantization and audit show results without a chip");
    }
    return quarantined > 0 && results->counted == STATE_ACCEPTED
               ? err_hint(err, "%zu %s quarantined: crosschip-analyze audit says why", quarantined,
                          quarantined == 1 ? "is" : "are")
               : err_hint(err, "crosschip-submit check FILE says what is in a file");
}

int inputs_compare(const struct invocation *invocation, const struct result_set *results,
                   const struct comparison_filter *filter, const char *chip, struct comparison_set *ret,
                   struct err *err)
{
    autocomparisons struct comparison_set set = {.count = 0};
    int status = comparison_build(results, filter, &set, err);

    if (status == 0 && set.count == 0)
        return inputs_nothing(results, filter, err);
    /* What does not count has no factors either. */
    if (status == 0 && results->counted == STATE_ACCEPTED)
        status = inputs_baselines(invocation, &set, err);
    if (status == 0 && chip != NULL)
        status = comparison_keep_chip(&set, chip, err);
    if (status == -(int)ERR_NOTHING && chip != NULL && !facet_hint_chips(chip, err))
        (void)facet_hint_values(results, "chip", chip, err);
    if (status < 0)
        return status;
    *ret = set;
    memset(&set, 0, sizeof(set));
    return 0;
}

int inputs_print(const struct buf *text, struct err *err)
{
    const int status = buf_check(text, err);

    if (status < 0)
        return status;
    if (fwrite(buf_text(text), 1, text->len, stdout) != text->len)
        return err_set(err, ERR_CANNOT_WRITE, "cannot write to standard output");
    return 0;
}
