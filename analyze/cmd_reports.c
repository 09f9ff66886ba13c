/* crosschip-analyze modes, parallel, quantization, history, quality: the reports that four tools give; and
 * scaling, efficiency and distribution. */
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/report/left_out.h"
#include "analyze/report/report.h"
#include "analyze/report/tool_tables.h"
#include "analyze/verbs.h"
#include "schema/base/log.h"

typedef int tables_function(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                            struct err *err);

static int print(const struct invocation *invocation, const struct table_list *list, struct err *err)
{
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    enum output_format format;
    const int status = output_format_of(invocation, &format, err);

    if (status < 0)
        return status;
    output_tables(list, format, &text);
    return inputs_print(&text, err);
}

static int load(const struct invocation *invocation, struct arena *arena, struct result_set *results,
                struct selection *selection, struct err *err)
{
    int status = inputs_selection(invocation, arena, selection, err);

    if (status == 0)
        status = inputs_load(invocation, 0, results, err);
    return status;
}

/* Nothing of the kind may be the selection's fault, or that of the checks. */
static int explain(const struct result_set *results, const struct selection *selection, int status, struct err *err)
{
    struct err reason = {0};
    autobuf struct buf left_out = BUF(8192);

    if (status == -ERR_NOTHING && results->file_count > 0 && left_out_all(results, &left_out))
        (void)err_hint(err, "left out: %s; crosschip-analyze audit says why", buf_text(&left_out));
    if (status == -ERR_NOTHING && selection->count > 0 && selection_explain(results, selection, &reason) < 0 && err)
        *err = reason;
    return status;
}

static int run(const struct invocation *invocation, tables_function *make, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autoset struct result_set results = {.file_count = 0};
    autotables struct table_list list = {.count = 0};
    struct selection selection;
    int status = load(invocation, &arena, &results, &selection, err);

    if (status == 0)
        status = explain(&results, &selection, make(&results, &selection, &list, err), err);
    return status < 0 ? status : print(invocation, &list, err);
}

int verb_modes(const struct invocation *invocation, struct err *err)
{
    return run(invocation, modes_tables, err);
}

int verb_parallel(const struct invocation *invocation, struct err *err)
{
    return run(invocation, parallel_tables, err);
}

int verb_quantization(const struct invocation *invocation, struct err *err)
{
    return run(invocation, quantization_tables, err);
}

int verb_quality(const struct invocation *invocation, struct err *err)
{
    return run(invocation, quality_tables, err);
}

int verb_distribution(const struct invocation *invocation, struct err *err)
{
    return run(invocation, distribution_tables, err);
}

int verb_scaling(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter filter = {NULL, NULL, NULL, NULL};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autotables struct table_list list = {.count = 0};
    int status = inputs_load_selected(invocation, 0, &results, err);

    if (status == 0)
        status = inputs_compare(invocation, &results, &filter, NULL, &set, err);
    if (status == 0)
        status = scaling_tables(&set, option_text(invocation, "baseline"), &list, err);
    if (status == 0 && list.count > 0)
        inputs_note_left_out(&results, &list.items[list.count - 1]);
    return status < 0 ? status : print(invocation, &list, err);
}

/* A price that nothing was run for is most likely a name that was written another way. */
static void tell_unused(const char *path, const struct price_list *prices, const struct result_set *results)
{
    for (size_t i = 0; i < prices->count; i++)
        if (!price_is_used(&prices->items[i], results))
            log_warning("%s:%d: no result of \"%s\"", path, prices->items[i].line, prices->items[i].given);
}

int verb_efficiency(const struct invocation *invocation, struct err *err)
{
    const struct comparison_filter filter = {option_text(invocation, "model"), option_text(invocation, "quantization"),
                                             option_text(invocation, "metric"), option_text(invocation, "tool")};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autotables struct table_list list = {.count = 0};
    struct price_list prices = {.count = 0};
    const char *path = option_text(invocation, "prices");
    int status = path != NULL ? prices_read(path, &arena, &prices, err) : 0;

    if (status == 0)
        status = inputs_load_selected(invocation, 0, &results, err);
    if (status == 0)
        tell_unused(path, &prices, &results);
    if (status == 0)
        status = comparison_build(&results, &filter, &set, err);
    if (status == 0 && set.count == 0)
        return inputs_nothing(&results, &filter, err);
    if (status == 0)
        status = efficiency_tables(&set, &prices, &list, err);
    if (status == 0 && list.count > 0)
        inputs_note_left_out(&results, &list.items[list.count - 1]);
    return status < 0 ? status : print(invocation, &list, err);
}

int verb_history(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autoset struct result_set results = {.file_count = 0};
    autotables struct table_list list = {.count = 0};
    struct selection selection;
    const char *by = option_text(invocation, "by");
    int status = facet_check(by, err);

    if (status == 0)
        status = load(invocation, &arena, &results, &selection, err);
    if (status == 0)
        status = explain(&results, &selection, history_tables(&results, &selection, by, &list, err), err);
    return status < 0 ? status : print(invocation, &list, err);
}
