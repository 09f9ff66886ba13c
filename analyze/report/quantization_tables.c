/* A model as it was against its quantised form, as the benchmark of Model Quantizer reports them.
 *
 * Its rules (its summary and benchmarking guide): difference = quantised − original, ratio = quantised ÷ original;
 * figures of a prompt category are the arithmetic mean over its prompts; memory reduction = (1 − peak memory quantised
 * ÷ original) × 100; speed change = (generation rate quantised ÷ original − 1) × 100; two decimals, memory in GiB
 * (which it calls GB), times in s. Its guide expects about 50 % less memory with 8 bit and 75 % with 4 bit. Its rate of
 * "prompt evaluation" times tokenisation only and is named so here. */
#include <math.h>

#include "analyze/report/left_out.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

static const char *const facets[] = {"submission", "chip", "tool", "model", "backend", "task", "category", "mode"};
static const char *const hidden[] = {"submission", "category", "mode"};
enum { FACETS = ARRAY_LENGTH(facets), SECTION = 6, CATEGORY = 6, MODE = 7 };

enum kind { KIND_MEMORY, KIND_LOADING, KIND_CATEGORY, KIND_OVERALL, KIND_QUALITY };
static const struct line {
    enum kind kind;
    const char *metric, *title;
    double divisor; /* of the catalogue's unit */
} lines[] = {
    {KIND_MEMORY, "initial_memory", "Initial memory, GiB", 1024},
    {KIND_MEMORY, "min_memory", "Least memory, GiB", 1024},
    {KIND_MEMORY, "peak_memory", "Greatest memory, GiB", 1024},
    {KIND_MEMORY, "memory_used", "Mean memory, GiB", 1024},
    {KIND_MEMORY, "memory_increase", "Memory increase, GiB", 1024},
    {KIND_LOADING, "load_time", "Load time, s", 1000},
    {KIND_CATEGORY, "generation_time", "Generation time, s", 1000},
    {KIND_CATEGORY, "generation_throughput", "Tokens per second", 1},
    {KIND_OVERALL, "prompt_tokens", "Prompt tokens", 1},
    {KIND_OVERALL, "tokenization_time", "Tokenisation time, s", 1000},
    {KIND_OVERALL, "tokenization_throughput", "Tokenisation, tokens/s", 1},
    {KIND_OVERALL, "tokens_generated", "Generated tokens", 1},
    {KIND_OVERALL, "generation_time", "Generation time, s", 1000},
    {KIND_OVERALL, "generation_throughput", "Generation tokens/s", 1},
    {KIND_QUALITY, "perplexity", "Perplexity", 1},
    {KIND_QUALITY, "accuracy", "Accuracy", 1},
};

struct pair {
    const struct result_set *set;
    const struct selection *selection; /* NULL = all */
    const struct group_list *groups;
    struct arena *arena;
    size_t from, to; /* groups of one submission, model, chip and backend */
};

static bool same_section(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

/* The arithmetic mean over the results of this metric: the prompts of a category, or the one figure of the whole. */
static double mean_of(const struct pair *pair, const char *category, const char *mode, const char *metric)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = pair->from; i < pair->to; i++) {
        const struct result_group *group = &pair->groups->items[i];

        if (!text_equal(group->values[CATEGORY], category) || !text_equal(group->values[MODE], mode))
            continue;
        for (size_t j = 0; j < group->count; j++)
            if (text_equal(group->results[j]->measure->metric, metric)) {
                sum += isfinite(group->results[j]->detail->mean) ? group->results[j]->detail->mean
                                                                 : group->results[j]->value;
                count++;
            }
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

/* Runs of one side: the prompts of a category. The results of a group stand in the order of their runs. */
static size_t count_runs(const struct pair *pair, const char *category, const char *mode)
{
    size_t count = 0;

    for (size_t i = pair->from; i < pair->to; i++) {
        const struct result_group *group = &pair->groups->items[i];

        if (!text_equal(group->values[CATEGORY], category) || !text_equal(group->values[MODE], mode))
            continue;
        for (size_t j = 0; j < group->count; j++)
            count += j == 0 || group->results[j]->run != group->results[j - 1]->run ? 1 : 0;
    }
    return count;
}

static void put_line(const struct pair *pair, const struct line *line, const char *category, struct table *table)
{
    const double original = mean_of(pair, category, "original", line->metric) / line->divisor;
    const double quantized = mean_of(pair, category, "quantized", line->metric) / line->divisor;

    if (isnan(original) && isnan(quantized))
        return;
    table_row(table);
    table_put_text(table, line->title);
    put_fixed(table, original, 2);
    put_fixed(table, quantized, 2);
    put_fixed(table, quantized - original, 2);
    put_fixed(table, fabs(original) > 0 ? quantized / original : (double)NAN, 2);
}

static struct table *begin(struct table_list *list, const char *title, const char *part)
{
    autobuf struct buf caption = BUF(65536);

    buf_addf(&caption, "%s: %s", title, part);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table != NULL) {
        table_column(table, "metric", "Metric", ALIGN_LEFT);
        table_column(table, "original", "Original", ALIGN_RIGHT);
        table_column(table, "quantized", "Quantized", ALIGN_RIGHT);
        table_column(table, "difference", "Difference", ALIGN_RIGHT);
        table_column(table, "ratio", "Ratio", ALIGN_RIGHT);
    }
    return table;
}

/* Drops the table again when nothing went into it. */
static void end(struct table_list *list)
{
    struct table *table = &list->items[list->count - 1];

    if (table->row_count == 0) {
        table_done(table);
        list->count--;
    }
}

static void note_prompts(const struct pair *pair, const char *category, struct table *table)
{
    const size_t original = count_runs(pair, category, "original"), quantized = count_runs(pair, category, "quantized");
    autobuf struct buf line = BUF(256);

    buf_addf(&line, "The original has %zu %s here, the quantized %zu: these are means over different prompts.",
             original, original == 1 ? "prompt" : "prompts", quantized);
    if (original != quantized && original > 0 && quantized > 0)
        table_note(table, buf_text(&line));
}

static int add_part(const struct pair *pair, const char *title, enum kind kind, const char *part, const char *category,
                    struct table_list *list, struct err *err)
{
    struct table *table = begin(list, title, part);

    if (table == NULL)
        return mem_error(err);
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++)
        if (lines[i].kind == kind)
            put_line(pair, &lines[i], category, table);
    if (kind == KIND_CATEGORY)
        note_prompts(pair, category, table);
    end(list);
    return 0;
}

/* The tool's own order of its categories; others follow in theirs. */
static int add_categories(const struct pair *pair, const char *title, struct table_list *list, struct err *err)
{
    static const char *const known[] = {"short", "medium", "long", "very_long"};
    const char *done[64];
    size_t count = 0;
    int status = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(known) && status == 0; i++) {
        autobuf struct buf part = BUF(256);

        buf_addf(&part, "%s prompts", known[i]);
        status = add_part(pair, title, KIND_CATEGORY, buf_text(&part), known[i], list, err);
        done[count++] = known[i];
    }
    for (size_t i = pair->from; i < pair->to && status == 0; i++) {
        const char *category = pair->groups->items[i].values[CATEGORY];
        bool told = text_is_empty(category) || count == ARRAY_LENGTH(done);

        for (size_t j = 0; j < count; j++)
            told = told || text_equal(category, done[j]);
        if (told)
            continue;
        status = add_part(pair, title, KIND_CATEGORY, category, category, list, err);
        done[count++] = category;
    }
    return status;
}

static const char *quantization_of(const struct pair *pair)
{
    for (size_t i = pair->from; i < pair->to; i++)
        for (size_t j = 0; j < pair->groups->items[i].count; j++)
            if (!text_is_empty(pair->groups->items[i].results[j]->run->workload->quantization) &&
                text_equal(pair->groups->items[i].values[MODE], "quantized"))
                return pair->groups->items[i].results[j]->run->workload->quantization;
    return "not stated";
}

/* ---- what failed or was quarantined, and so is missing above */

static bool is_missing(const struct pair *pair, const struct result *result)
{
    const struct result_group *group = &pair->groups->items[pair->from];

    if (!result_is_left_out(pair->set, result) ||
        (pair->selection != NULL && !selection_passes(pair->set, pair->selection, result, pair->arena)))
        return false;
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(facet_of(pair->set, result, facets[i], pair->arena), group->values[i]))
            return false;
    return true;
}

/* The first result of the pair's submission: the results of a set stand in the order of their submissions. */
static const struct result *first_of(const struct pair *pair)
{
    const struct result *at = pair->groups->items[pair->from].results[0];

    while (at > pair->set->results && at[-1].run->submission == at->run->submission)
        at--;
    return at;
}

static bool same_side(const struct set_run *a, const struct set_run *b)
{
    return text_equal(a->workload->mode, b->workload->mode) && text_equal(a->workload->category, b->workload->category);
}

/* All missing runs of the side and category of the first of them. */
static void note_missing(const struct pair *pair, const struct result *const *of, size_t count, struct table *table)
{
    const struct set_workload *work = of[0]->run->workload;
    const size_t used = count_runs(pair, work->category, work->mode);
    autobuf struct buf line = BUF(4096);
    size_t missing = 0;

    buf_adds(&line, "Not used:");
    for (size_t i = 0; i < count; i++) {
        if (!same_side(of[i]->run, of[0]->run))
            continue;
        buf_addf(&line, "%s run %u (", missing++ > 0 ? "," : "", of[i]->run->number);
        left_out_reason(pair->set, of[i], &line);
        buf_adds(&line, ")");
    }
    buf_addf(&line, "; %s prompts: %zu of %zu on the %s side.", text_is_empty(work->category) ? "all" : work->category,
             used, used + missing, work->mode);
    table_note(table, buf_text(&line));
}

static int add_missing(const struct pair *pair, struct table *table, struct err *err)
{
    const struct result *at = first_of(pair), *end = pair->set->results + pair->set->result_count;
    const uint32_t submission = at->run->submission;
    const struct result **of = NULL; /* the first of each run */
    size_t count = 0, capacity = 0;

    for (; at < end && at->run->submission == submission; at++) {
        if (!is_missing(pair, at) || (count > 0 && of[count - 1]->run == at->run))
            continue;
        of = arena_grow(pair->arena, of, &capacity, count + 1, sizeof(*of));
        if (of == NULL)
            return arena_check(pair->arena, err);
        of[count++] = at;
    }
    for (size_t i = 0; i < count; i++) {
        bool told = false;

        for (size_t j = 0; j < i; j++)
            told = told || same_side(of[j]->run, of[i]->run);
        if (!told)
            note_missing(pair, of + i, count - i, table);
    }
    return 0;
}

/* ---- the summary */

/* A change in percent, and of what: "greatest memory, 15.91 → 4.32 GiB". */
static void put_change(struct table *table, const char *what, double percent, const char *of, double before, double now,
                       const char *unit)
{
    autobuf struct buf text = BUF(512);
    char figure[FIGURE_SIZE];

    table_row(table);
    table_put_text(table, what);
    put_fixed(table, percent, 2);
    if (!isfinite(percent))
        return;
    buf_addf(&text, "%s, %s → ", of, figure_fixed(figure, before, 2));
    buf_addf(&text, "%s%s", figure_fixed(figure, now, 2), unit);
    table_put_text(table, buf_text(&text));
}

static int add_summary(const struct pair *pair, const char *title, struct table_list *list, struct err *err)
{
    const double memory[] = {mean_of(pair, "", "original", "peak_memory") / 1024,
                             mean_of(pair, "", "quantized", "peak_memory") / 1024};
    const double speed[] = {mean_of(pair, "", "original", "generation_throughput"),
                            mean_of(pair, "", "quantized", "generation_throughput")};
    const bool quality =
        isfinite(mean_of(pair, "", "quantized", "perplexity")) || isfinite(mean_of(pair, "", "quantized", "accuracy"));
    autobuf struct buf caption = BUF(65536);

    buf_addf(&caption, "%s: summary, quantization %s", title, quantization_of(pair));
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "what", "What", ALIGN_LEFT);
    table_column(table, "percent", "%", ALIGN_RIGHT);
    table_column(table, "of", "Of", ALIGN_LEFT);
    put_change(table, "Memory reduction", 100 * (1 - memory[1] / memory[0]), "greatest memory", memory[0], memory[1],
               " GiB");
    put_change(table, "Generation speed change", 100 * (speed[1] / speed[0] - 1), "tokens per second", speed[0],
               speed[1],
               speed[1] > speed[0]   ? ": faster"
               : speed[1] < speed[0] ? ": slower"
                                     : "");
    table_note(table, "The guide's rules of thumb: about 50 % less memory with 8 bit, about 75 % with 4 bit.");
    if (!quality)
        table_note(table,
                   "No quality figure (perplexity, accuracy) was measured: what the smaller model lost is not known.");
    table_note(table, "One run of each prompt: nothing here is tested.");
    return add_missing(pair, table, err);
}

static bool has_both(const struct pair *pair)
{
    bool original = false, quantized = false;

    for (size_t i = pair->from; i < pair->to; i++) {
        original = original || text_equal(pair->groups->items[i].values[MODE], "original");
        quantized = quantized || text_equal(pair->groups->items[i].values[MODE], "quantized");
    }
    return original && quantized;
}

static int add_pair(const struct pair *pair, struct table_list *list, struct err *err)
{
    autobuf struct buf title = BUF(65536);

    group_title(pair->groups, &pair->groups->items[pair->from], hidden, ARRAY_LENGTH(hidden), &title);
    group_source(pair->set, &pair->groups->items[pair->from], &title);
    int status = add_summary(pair, buf_text(&title), list, err);

    if (status == 0)
        status = add_part(pair, buf_text(&title), KIND_MEMORY, "memory", "", list, err);
    if (status == 0)
        status = add_part(pair, buf_text(&title), KIND_LOADING, "loading", "", list, err);
    if (status == 0)
        status = add_categories(pair, buf_text(&title), list, err);
    if (status == 0)
        status = add_part(pair, buf_text(&title), KIND_OVERALL, "overall", "", list, err);
    return status < 0 ? status : add_part(pair, buf_text(&title), KIND_QUALITY, "quality", "", list, err);
}

static size_t section_end(const struct group_list *groups, size_t from)
{
    size_t to = from;

    while (to < groups->count && same_section(&groups->items[from], &groups->items[to]))
        to++;
    return to;
}

/* `context`: a pair of no section. A run that is missing from one that has both sides is named below it. */
static bool is_told(const void *context, const struct result *result)
{
    struct pair pair = *(const struct pair *)context;

    for (pair.from = 0; pair.from < pair.groups->count; pair.from = pair.to) {
        pair.to = section_end(pair.groups, pair.from);
        if (has_both(&pair) && is_missing(&pair, result))
            return true;
    }
    return false;
}

int quantization_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                        struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    struct pair pair = {.set = set, .selection = selection, .groups = &groups, .arena = &arena};
    int status = groups_of(set, selection, facets, FACETS, &arena, &groups, err);

    for (; status == 0 && pair.from < groups.count; pair.from = pair.to) {
        pair.to = section_end(&groups, pair.from);
        if (has_both(&pair))
            status = add_pair(&pair, &list, err);
    }
    if (status == 0 && list.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no submission holds a model both as it was and quantised");
        return err_hint(err,
                        "crosschip-analyze compare A:quantization=F16 A:quantization=Q4_0 puts any two side by side");
    }
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, is_told, &pair, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
