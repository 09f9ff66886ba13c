/* What models put out, by the hash of their output: speeds are comparable only within one model and one output.
 *
 * The hash is that of web-rwkv-gguf: acc = acc · 31 + token modulo 2^64 over 32 tokens, compared as a number (its text
 * is not padded). A row is one output of one model; "first" and "last" are the times between which it was seen. An
 * output whose shown tokens are all the same is degenerate: a broken kernel is fast too. A speed is the nested median;
 * beside it stand the least and the greatest of single runs, because one output may come from very different runs. */
#include <math.h>
#include <stdlib.h>

#include "analyze/report/left_out.h"
#include "analyze/report/remarks.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

static const char *const facets[] = {"chip",    "tool", "model",      "quantization",
                                     "backend", "task", "parameters", "setup.quality_hash"};
static const char *const hidden[] = {"setup.quality_hash"};
enum { FACETS = ARRAY_LENGTH(facets), SECTION = FACETS - 1 };

static bool same_section(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

static const double far_apart = 1.5; /* greatest ÷ least */

struct span {
    int64_t first, last;
    size_t runs;
};

static struct span span_of(const struct result_group *group)
{
    struct span span = {TIME_UNKNOWN, TIME_UNKNOWN, 0};

    for (size_t i = 0; i < group->count; i++) {
        const struct result *result = group->results[i];
        const bool new_run = i == 0 || result->run->number != group->results[i - 1]->run->number ||
                             result->run->submission != group->results[i - 1]->run->submission;

        span.runs += new_run ? 1 : 0;
        if (result->run->ran_us == TIME_UNKNOWN)
            continue;
        span.first = span.first == TIME_UNKNOWN || result->run->ran_us < span.first ? result->run->ran_us : span.first;
        span.last = result->run->ran_us > span.last ? result->run->ran_us : span.last;
    }
    return span;
}

static const char *date_of(int64_t time, char target[CLOCK_TEXT_SIZE])
{
    if (time == TIME_UNKNOWN)
        return NULL;
    (void)clock_format(target, time);
    target[10] = '\0';
    return target;
}

/* ---- speeds */

static const struct speed {
    const char *metric, *word;
    const char *key, *least_key, *greatest_key, *title;
} speeds[] = {
    {"generation_throughput", "generation", "generation_throughput_tok_s", "least_generation_throughput_tok_s",
     "greatest_generation_throughput_tok_s", "Median generation, tok/s"},
    {"prompt_throughput", "prompt", "prompt_throughput_tok_s", "least_prompt_throughput_tok_s",
     "greatest_prompt_throughput_tok_s", "Median prompt, tok/s"},
};

static void speed_columns(struct table *table)
{
    for (size_t i = 0; i < ARRAY_LENGTH(speeds); i++) {
        table_column(table, speeds[i].key, speeds[i].title, ALIGN_RIGHT);
        table_column(table, speeds[i].least_key, "Least", ALIGN_RIGHT);
        table_column(table, speeds[i].greatest_key, "Greatest", ALIGN_RIGHT);
    }
}

static int put_speed(const struct speed *speed, const struct result_group *group, struct arena *arena,
                     struct table *table, struct buf *remark, struct err *err)
{
    struct evidence evidence = {.value = (double)NAN};
    double least = (double)NAN, greatest = (double)NAN;
    char times[FIGURE_SIZE];
    const int status = group_metric(group, speed->metric, arena, &evidence, err);

    if (status < 0)
        return status;
    for (size_t i = 0; i < group->count; i++) {
        const double value = group->results[i]->value;

        if (!text_equal(group->results[i]->measure->metric, speed->metric) || !isfinite(value))
            continue;
        least = isfinite(least) && least < value ? least : value;
        greatest = isfinite(greatest) && greatest > value ? greatest : value;
    }
    put_fixed(table, evidence.value, 2);
    put_fixed(table, least, 2);
    put_fixed(table, greatest, 2);
    if (least > 0 && greatest > far_apart * least)
        buf_addf(remark, "%s%s %s apart", remark->len > 0 ? "; " : "", speed->word,
                 figure_factor(times, greatest / least));
    return 0;
}

static int put_output(const struct result_set *set, const struct result_group *group, struct arena *arena,
                      struct table *table, struct err *err)
{
    struct remarks remarks = {.count = 0};
    const struct span span = span_of(group);
    autobuf struct buf remark = BUF(8192);
    char date[CLOCK_TEXT_SIZE];
    int status = 0;

    table_row(table);
    table_put_text(table, group->values[SECTION]);
    table_put_integer(table, (int64_t)span.runs);
    table_put_text(table, date_of(span.first, date));
    table_put_text(table, date_of(span.last, date));
    remarks_collect(set, group->results, group->count, &remarks);
    remarks_say(&remarks, &remark);
    for (size_t i = 0; i < ARRAY_LENGTH(speeds) && status == 0; i++)
        status = put_speed(&speeds[i], group, arena, table, &remark, err);
    table_put_text(table, remark.len > 0 ? buf_text(&remark) : NULL);
    return status;
}

static int add_section(const struct result_set *set, const struct group_list *groups, size_t from, size_t to,
                       struct arena *arena, struct table_list *list, struct err *err)
{
    autobuf struct buf title = BUF(65536);
    struct remarks remarks = {.count = 0};
    int status = 0;

    group_title(groups, &groups->items[from], hidden, ARRAY_LENGTH(hidden), &title);
    struct table *table = table_list_add(list, buf_text(&title));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "quality_hash", "Quality hash", ALIGN_LEFT);
    table_column(table, "runs", "Runs", ALIGN_RIGHT);
    table_column(table, "first", "First", ALIGN_LEFT);
    table_column(table, "last", "Last", ALIGN_LEFT);
    speed_columns(table);
    table_column(table, "remark", "Remark", ALIGN_LEFT);
    for (size_t i = from; i < to && status == 0; i++)
        if (!text_is_empty(groups->items[i].values[SECTION])) {
            remarks_collect(set, groups->items[i].results, groups->items[i].count, &remarks);
            status = put_output(set, &groups->items[i], arena, table, err);
        }
    remarks_note(&remarks, table);
    table_note(table, "Medians of runs, device by device and contributor by contributor; least and greatest of single "
                      "runs. Apart: the greatest is more than 1.5 times the least, so these are no runs of one kind; "
                      "history shows them one by one.");
    if (table->row_count > 1)
        table_note(table, "Different hashes are different outputs: their speeds are not compared.");
    return status;
}

static bool states_output(const struct group_list *groups, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (!text_is_empty(groups->items[i].values[SECTION]))
            return true;
    return false;
}

int quality_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                   struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    int status = groups_of(set, selection, facets, FACETS, &arena, &groups, err);

    for (size_t from = 0, to = 0; status == 0 && from < groups.count; from = to) {
        for (to = from; to < groups.count && same_section(&groups.items[from], &groups.items[to]);)
            to++;
        if (states_output(&groups, from, to))
            status = add_section(set, &groups, from, to, &arena, &list, err);
    }
    if (status == 0 && list.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no result states a hash of its output");
        return err_hint(err, "web-rwkv-gguf and crosschip-submit bench state one");
    }
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, NULL, NULL, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
