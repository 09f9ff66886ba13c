/* crosschip-analyze check: the regression gate. */
#include <stdlib.h>
#include <string.h>

#include "analyze/accepted.h"
#include "analyze/data/gate.h"
#include "analyze/data/targets.h"
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/gate_report.h"
#include "analyze/report/tool_tables.h"
#include "analyze/report/report.h"
#include "analyze/verbs.h"
#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

enum { BEFORE, NOW, SIDES };

struct check {
    const struct invocation *invocation;
    struct arena arena;
    struct result_set results;
    struct side_list sides;
    struct side_rows rows;
    struct gate_rules rules;
    struct gate gate;
    struct target_list targets;
};

/* ---- rules from options and files */

static int parse_percent(struct str text, double *ret, struct err *err)
{
    double percent = 0;

    if (str_ends_with(text, STR("%")))
        text.len--;
    if (!number_parse(text, &percent) || percent < 0 || percent > 1000) {
        (void)err_set(err, ERR_USAGE, "\"%.*s\" is no threshold in percent", (int)text.len, text.data);
        return err_hint(err, "a number such as 5 or 2.5");
    }
    *ret = percent / 100;
    return 0;
}

static int read_thresholds(struct check *check, struct err *err)
{
    const size_t count = option_count(check->invocation, "threshold-for");
    struct gate_threshold *items = arena_alloc(&check->arena, count + 1, sizeof(*items));

    if (items == NULL)
        return arena_check(&check->arena, err);
    int status = parse_percent(str_of(option_text(check->invocation, "threshold")), &items[0].share, err);

    for (size_t i = 0; i < count && status == 0; i++) {
        const char *text = option_item(check->invocation, "threshold-for", i), *equals = strchr(text, '=');

        if (equals == NULL) {
            (void)err_set(err, ERR_USAGE, "\"%s\" names no threshold of a metric", text);
            return err_hint(err, "METRIC=PERCENT, such as load_time=20");
        }
        items[i + 1].metric = arena_strndup(&check->arena, text, (size_t)(equals - text));
        status = parse_percent(str_of(equals + 1), &items[i + 1].share, err);
    }
    check->rules.thresholds = items;
    check->rules.threshold_count = count + 1;
    return status;
}

static int read_ignored(struct check *check, struct err *err)
{
    const char *path = option_text(check->invocation, "ignore");
    autobuf struct buf text = BUF(BUF_MIB);
    struct str rest, line;
    const char **items = NULL;
    size_t count = 0, capacity = 0;

    if (path == NULL)
        return 0;
    const int status = file_read(path, &text, err);

    if (status < 0)
        return err_file(err, path);
    rest = str_slice(buf_text(&text), text.len);
    while (str_next_line(&rest, &line)) {
        const struct str wanted = str_trim(line);

        if (wanted.len == 0 || wanted.data[0] == '#')
            continue;
        items = arena_grow(&check->arena, items, &capacity, count + 1, sizeof(*items));
        if (items == NULL)
            break;
        items[count++] = arena_strndup(&check->arena, wanted.data, wanted.len);
    }
    check->rules.ignored = items;
    check->rules.ignored_count = count;
    return arena_check(&check->arena, err);
}

static int read_rules(struct check *check, struct err *err)
{
    const char *targets = option_text(check->invocation, "targets");
    int status = read_thresholds(check, err);

    if (status == 0)
        status = read_ignored(check, err);
    if (status == 0)
        status = accepted_read(check->invocation, &check->arena, &check->rules, err);
    if (status == 0 && targets != NULL)
        status = targets_read(targets, &check->arena, &check->targets, err);
    return status;
}

/* A threshold of a metric that nobody knows would judge nothing. */
static int check_metrics(const struct check *check, struct err *err)
{
    const struct result_set *set = &check->results;

    for (size_t i = 0; i < check->rules.threshold_count; i++) {
        const char *metric = check->rules.thresholds[i].metric;
        bool known = metric == NULL;

        for (size_t j = 0; j < set->measure_count && !known; j++)
            known = text_equal_ignore_case(set->measures[j]->metric, metric);
        if (known || catalog_metric(metric) != NULL)
            continue;
        (void)err_set(err, ERR_USAGE, "--threshold-for: there is no metric \"%s\"", metric);
        return facet_hint_values(set, "metric", metric, err);
    }
    return 0;
}

/* ---- the two sides */

static int parse_sides(struct check *check, struct err *err)
{
    const char *against = option_text(check->invocation, "against"), *now = argument_at(check->invocation, 0);
    const char *const names[SIDES] = {against != NULL ? against : now, now};

    if (against != NULL && option_text(check->invocation, "last") != NULL)
        return err_set(err, ERR_USAGE, "--against and --last are two baselines, and a gate has one");
    if (against == NULL && option_text(check->invocation, "last") == NULL && check->targets.count == 0) {
        (void)err_set(err, ERR_USAGE, "there is nothing to check against");
        return err_hint(err, "--against FILE, --against version=b4567, --last 5 for the runs before the newest, or "
                             "--targets FILE");
    }
    return sides_parse(names, SIDES, &check->arena, &check->sides, err);
}

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a < *b) - (*a > *b);
}

/* The newest time is now, also when its runs failed or are quarantined; the --last N distinct times before it are the
 * baseline. */
static int split_by_time(struct check *check, long last, struct err *err)
{
    const struct result_set *set = &check->results;
    autofree int64_t *times = mem_zalloc(set->result_count + 1, sizeof(*times));
    size_t count = 0, distinct = 0;

    if (times == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        if ((result_is_usable(set, &set->results[i]) || result_is_left_out(set, &set->results[i])) &&
            side_covers(set, &check->sides.items[NOW], &set->results[i], &check->arena) &&
            set->results[i].run->ran_us != TIME_UNKNOWN)
            times[count++] = set->results[i].run->ran_us;
    qsort(times, count, sizeof(*times), compare_times);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || times[i] != times[i - 1])
            times[distinct++] = times[i];
    if (distinct < 2) {
        (void)err_set(err, ERR_NOTHING, "--last needs results of at least two times, and there %s %zu",
                      distinct == 1 ? "is" : "are", distinct);
        return err_hint(err, "results without a time cannot be put in an order: --against names a baseline");
    }
    const size_t oldest = (size_t)last < distinct - 1 ? (size_t)last : distinct - 1;

    check->sides.items[NOW].selection.since_us = times[0];
    check->sides.items[BEFORE].selection.since_us = times[oldest];
    check->sides.items[BEFORE].selection.before_us = times[0];
    return 0;
}

static int find_sides(struct check *check, struct err *err)
{
    long last = 0;
    int status =
        inputs_load_sides(check->invocation, check->sides.paths, check->sides.path_count, &check->results, err);

    if (status == 0)
        status = sides_resolve(&check->results, &check->sides, &check->arena, err);
    if (status == 0)
        status = check_metrics(check, err);
    if (status == 0)
        status = option_int(check->invocation, "last", 1, 1000000, &last, err);
    if (status == 0 && last > 0)
        status = split_by_time(check, last, err);
    return status < 0 || last == 0 ? status : sides_resolve(&check->results, &check->sides, &check->arena, err);
}

/* ---- output */

static bool has_baseline(const struct check *check)
{
    return option_text(check->invocation, "against") != NULL || option_text(check->invocation, "last") != NULL;
}

/* Targets alone judge nothing. */
static int exit_status_of(const struct check *check)
{
    return has_baseline(check) ? gate_exit_status(&check->gate) : 0;
}

static int targets_table(const struct check *check, const struct side_rows *rows, struct table *ret, struct err *err)
{
    table_init(ret, "Targets");
    table_column(ret, "level", "Level", ALIGN_LEFT);
    metric_columns(ret);
    table_column(ret, "bound", "Bound", ALIGN_LEFT);
    table_column(ret, "limit", "Limit", ALIGN_RIGHT);
    table_column(ret, "value", "Worst", ALIGN_RIGHT);
    table_column(ret, "unit", "Unit", ALIGN_LEFT);
    table_column(ret, "outcome", "Outcome", ALIGN_LEFT);
    for (size_t i = 0; i < check->targets.count; i++) {
        const struct target *target = &check->targets.items[i];
        double value;
        const enum target_outcome outcome = target_check(target, rows, NOW, &value);

        table_row(ret);
        table_put_text(ret, target->level);
        put_metric_name(ret, target->metric);
        table_put_text(ret, target->at_least ? "at least" : "at most");
        table_put_number(ret, target->limit, 1, NULL);
        table_put_number(ret, value, 1, NULL);
        table_put_text(ret, target->unit);
        table_put_text(ret, target_word(outcome));
    }
    return table_check(ret, err);
}

static void add_compared(const struct side_rows *rows, struct json_writer *writer)
{
    json_write_key(writer, "compared");
    json_begin_array(writer);
    for (size_t i = 0; i < rows->compared_count; i++) {
        const char *const *values = rows->compared_values[i];

        json_begin_object(writer);
        json_pair_string(writer, "property", rows->compared[i]);
        json_pair_string(writer, "before", text_is_empty(values[BEFORE]) ? NULL : values[BEFORE]);
        json_pair_string(writer, "now", text_is_empty(values[NOW]) ? NULL : values[NOW]);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static int print_json(const struct check *check, const struct table *gate, const struct table *targets,
                      struct buf *into, struct err *err)
{
    struct json_writer writer = json_writer(into, 1);
    autobuf struct buf headline = BUF(1024);

    if (has_baseline(check))
        gate_headline(&check->gate, &headline);
    else
        buf_adds(&headline, "No baseline: only targets");
    json_begin_object(&writer);
    json_pair_string(&writer, "verdict", buf_text(&headline));
    json_write_key(&writer, "exit_status");
    json_write_int(&writer, exit_status_of(check));
    add_compared(&check->rows, &writer);
    json_write_key(&writer, "rows");
    table_write_json(gate, &writer);
    json_write_key(&writer, "targets");
    table_write_json(targets, &writer);
    output_notes(gate, &writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
    return buf_check(into, err);
}

static void print_tables(const struct check *check, const struct table both[2], enum output_format format,
                         struct buf *into)
{
    const bool shown[] = {check->rows.row_count > 0, check->targets.count > 0};

    if (format == OUTPUT_CSV && shown[0] && shown[1]) {
        tables_print_csv(both, 2, into);
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(shown); i++)
        if (shown[i])
            output_table(&both[i], format, into);
}

static int print(struct check *check, const struct side_rows *all_now, struct err *err)
{
    autotable struct table gate = {.caption = NULL}, targets = {.caption = NULL};
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    const char *junit = option_text(check->invocation, "junit");
    enum output_format format = OUTPUT_TEXT;
    int status = output_format_of(check->invocation, &format, err);

    if (status == 0)
        status = gate_table(&check->results, &check->rows, &check->gate, &check->sides, &gate, err);
    if (status == 0)
        status = targets_table(check, all_now, &targets, err);
    if (status == 0 && junit != NULL) {
        autobuf struct buf xml = BUF(REPORT_BYTES_MAX);

        gate_junit(&check->rows, &check->gate, &xml);
        status = buf_check(&xml, err);
        if (status == 0)
            status = file_replace(junit, 0644, xml.data, xml.len, err);
    }
    if (status == 0 && format == OUTPUT_JSON)
        status = print_json(check, &gate, &targets, &text, err);
    else if (status == 0)
        print_tables(check, (const struct table[]){gate, targets}, format, &text);
    return status < 0 ? status : inputs_print(&text, err);
}

/* ---- the verb */

/* All figures of now, for the targets: it is compared with itself. */
static int figures_of_now(struct check *check, struct side_rows *ret, struct err *err)
{
    struct side_list twice = check->sides;

    twice.items[BEFORE] = twice.items[NOW];
    return check->targets.count > 0 ? sides_compare(&check->results, &twice, &check->arena, ret, err) : 0;
}

static bool chosen(const struct side_list *sides, const char *facet)
{
    for (size_t i = 0; i < sides->count; i++)
        for (size_t j = 0; j < sides->items[i].selection.count; j++)
            if (text_equal(sides->items[i].selection.items[j].name, facet))
                return true;
    return false;
}

static const char *or_not_stated(const char *value)
{
    return text_is_empty(value) ? "not stated" : value;
}

/* A baseline of other work holds nothing against this one, unless somebody chose the sides by just that. */
static int check_same_work(const struct check *check, struct err *err)
{
    static const char *const work[] = {"tool", "model",    "quantization", "mode",
                                       "task", "category", "parameters",   "variant"};
    const struct side_rows *rows = &check->rows;

    for (size_t i = 0; i < rows->compared_count; i++)
        for (size_t j = 0; j < ARRAY_LENGTH(work); j++) {
            const char *const *values = rows->compared_values[i];

            if (!text_equal(rows->compared[i], work[j]) || chosen(&check->sides, work[j]))
                continue;
            (void)err_set(err, ERR_NOTHING, "the baseline has another %s (%s) than what is checked (%s)", work[j],
                          or_not_stated(values[BEFORE]), or_not_stated(values[NOW]));
            return err_hint(err,
                            "compare shows them side by side; FILE:%s=VALUE on both sides checks them all the same "
                            "(FILE:%s= where it is not stated)",
                            work[j], work[j]);
        }
    return 0;
}

static int run(struct check *check, struct err *err)
{
    struct side_rows all_now = {.row_count = 0};
    int status = read_rules(check, err);

    if (status == 0)
        status = parse_sides(check, err);
    if (status == 0)
        status = find_sides(check, err);
    if (status == 0 && has_baseline(check))
        status = sides_compare(&check->results, &check->sides, &check->arena, &check->rows, err);
    if (status == 0)
        status = check_same_work(check, err);
    if (status == 0)
        status = gate_run(&check->rows, &check->rules, &check->arena, &check->gate, err);
    if (status == 0)
        gate_count_left_out(&check->results, &check->sides.items[NOW], &check->rows, &check->arena, &check->gate);
    if (status == 0)
        status = figures_of_now(check, &all_now, err);
    if (status == 0)
        status = print(check, &all_now, err);
    if (status < 0)
        return status;
    return exit_status_of(check);
}

int verb_check(const struct invocation *invocation, struct err *err)
{
    struct check check = {.invocation = invocation, .results = {.file_count = 0}};
    const int status = run(&check, err);

    result_set_done(&check.results);
    arena_done(&check.arena);
    return status;
}
