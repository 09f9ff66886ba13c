/* Two models alone and at once, as the dual-model benchmark of ANEMLL-Bench reports them.
 *
 * Its rules (its dual-model guide and source): throughput of a model = its bytes ÷ its own mean time; combined
 * throughput = bytes of both × runs ÷ wall time, stated by the tool; factor = combined ÷ sum of the throughputs alone;
 * efficiency = 100 × factor; slowdown = time in parallel ÷ time alone. Above 0.9 it speaks of high utilisation, above
 * 0.7 of good, else of low; its guide advises to run one after the other below 50 %. Two decimals throughout. Where the
 * combined throughput is not stated it is missing here: times of the models alone do not give the wall time. */
#include <math.h>

#include "analyze/report/left_out.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

static const char *const facets[] = {"submission", "chip", "tool", "backend", "task", "variant", "model"};
static const char *const hidden[] = {"submission", "variant", "model"};
enum { FACETS = ARRAY_LENGTH(facets), SECTION = 5, VARIANT = 5, MODEL = 6 };

struct dual {
    const struct result_set *set;
    const struct group_list *groups;
    struct arena *arena;
    size_t from, to; /* groups of one submission, chip, backend and task */
    double sum_alone, combined;
    size_t alone;
};

static bool same_section(const struct result_group *a, const struct result_group *b)
{
    for (size_t i = 0; i < SECTION; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

static int figure_of(const struct dual *dual, const struct result_group *group, const char *metric, double *ret,
                     struct err *err)
{
    struct evidence evidence;
    const int status = group_metric(group, metric, dual->arena, &evidence, err);

    *ret = status == 0 ? evidence_figure(&evidence) : (double)NAN;
    return status;
}

static const struct result_group *find_alone(const struct dual *dual, const char *model)
{
    for (size_t i = dual->from; i < dual->to; i++)
        if (text_equal(dual->groups->items[i].values[VARIANT], "alone") &&
            text_equal(dual->groups->items[i].values[MODEL], model))
            return &dual->groups->items[i];
    return NULL;
}

static int put_group(struct dual *dual, const struct result_group *group, struct table *table, struct err *err)
{
    const char *variant = group->values[VARIANT];
    const struct result_group *alone = text_equal(variant, "parallel") ? find_alone(dual, group->values[MODEL]) : NULL;
    double time = (double)NAN, bandwidth = (double)NAN, before = (double)NAN;
    int status = figure_of(dual, group, "inference_time", &time, err);

    if (status == 0)
        status = figure_of(dual, group, "memory_bandwidth", &bandwidth, err);
    if (status == 0 && alone != NULL)
        status = figure_of(dual, alone, "inference_time", &before, err);
    if (status < 0)
        return status;
    table_row(table);
    table_put_text(table, variant);
    table_put_text(table, group->values[MODEL]);
    put_fixed(table, time, 2);
    put_fixed(table, bandwidth, 2);
    put_fixed(table, time / before, 2);
    if (text_equal(variant, "alone")) {
        dual->sum_alone += bandwidth;
        dual->alone++;
    } else if (text_equal(variant, "combined")) {
        dual->combined = bandwidth;
    }
    return 0;
}

static const char *band_of(double factor)
{
    if (factor > 0.9)
        return "high bandwidth utilization (factor above 0.9)";
    return factor > 0.7 ? "good bandwidth utilization (factor above 0.7)"
                        : "low bandwidth utilization (factor of 0.7 or less): the models compete";
}

static void add_analysis(const struct dual *dual, struct table *table)
{
    const double factor = dual->combined / dual->sum_alone;
    autobuf struct buf line = BUF(1024);

    if (!isfinite(factor) || dual->alone < 2) {
        table_note(table, "No factor: it needs the combined throughput and each model's throughput alone.");
        return;
    }
    buf_addf(&line,
             "Combined throughput %.2f GB/s, sum of individual throughputs %.2f GB/s, bandwidth utilization factor "
             "%.2f×, efficiency %.2f %%.",
             dual->combined, dual->sum_alone, factor, 100 * factor);
    table_note(table, buf_text(&line));
    buf_reset(&line);
    buf_addf(&line, "By the tool's own bands: %s.%s", band_of(factor),
             factor < 0.5 ? " Its guide's rule of thumb below 50 %: run one after the other." : "");
    table_note(table, buf_text(&line));
    table_note(table, "Each figure is one published mean: without run counts and spread nothing here is tested.");
}

static int add_dual(struct dual *dual, struct table_list *list, struct err *err)
{
    autobuf struct buf title = BUF(65536);

    group_title(dual->groups, &dual->groups->items[dual->from], hidden, ARRAY_LENGTH(hidden), &title);
    group_source(dual->set, &dual->groups->items[dual->from], &title);
    struct table *table = table_list_add(list, buf_text(&title));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "variant", "Run", ALIGN_LEFT);
    table_column(table, "model", "Model", ALIGN_LEFT);
    table_column(table, "inference_time_ms", "ms", ALIGN_RIGHT);
    table_column(table, "memory_bandwidth_gb_s", "GB/s", ALIGN_RIGHT);
    table_column(table, "slowdown", "Slowdown", ALIGN_RIGHT);
    for (size_t i = dual->from; i < dual->to; i++) {
        const int status = put_group(dual, &dual->groups->items[i], table, err);

        if (status < 0)
            return status;
    }
    add_analysis(dual, table);
    return 0;
}

static bool has_several(const struct dual *dual)
{
    for (size_t i = dual->from; i < dual->to; i++)
        if (!text_equal(dual->groups->items[i].values[VARIANT], "alone"))
            return true;
    return false;
}

int parallel_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                    struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotables struct table_list list = {.count = 0};
    struct group_list groups;
    int status = groups_of(set, selection, facets, FACETS, &arena, &groups, err);

    for (size_t from = 0, to = 0; status == 0 && from < groups.count; from = to) {
        struct dual dual = {.set = set, .groups = &groups, .arena = &arena, .from = from, .combined = (double)NAN};

        for (to = from; to < groups.count && same_section(&groups.items[from], &groups.items[to]);)
            to++;
        dual.to = to;
        if (has_several(&dual))
            status = add_dual(&dual, &list, err);
    }
    if (status == 0 && list.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no result ran two models at once");
        return err_hint(err, "such results have the variants parallel and combined: ANEMLL-Bench's dual benchmark, "
                             "crosschip-submit bench");
    }
    if (status == 0)
        status = left_out_of_groups(set, selection, &groups, NULL, NULL, &list.items[0], err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
