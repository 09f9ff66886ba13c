#include "analyze/report/single.h"

#include <string.h>

#include "analyze/report/picture.h"
#include "schema/base/str.h"

void single_done(struct single *single)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        table_list_done(&single->parts[i].tables);
    for (size_t i = 0; i < single->chart_count; i++) {
        buf_done(&single->charts[i]);
        buf_done(&single->phone_charts[i]);
    }
    arena_done(&single->arena);
    memset(single, 0, sizeof(*single));
}

/* The value that all results share; "several" where they do not. */
static const char *shared(const struct result_set *set, const char *facet, struct arena *arena, const char *several)
{
    const char *value = NULL;

    for (size_t i = 0; i < set->result_count; i++) {
        if (!result_is_shown(set, &set->results[i]))
            continue;
        const char *text = facet_of(set, &set->results[i], facet, arena);

        if (value != NULL && !text_equal(value, text))
            return several;
        value = text;
    }
    return value != NULL ? value : "";
}

static int name_it(const struct result_set *set, struct single *single, struct err *err)
{
    const char *model = shared(set, "model", &single->arena, "several models");
    const char *quantization = shared(set, "quantization", &single->arena, "");
    const char *chip = shared(set, "chip", &single->arena, "several chips");
    autobuf struct buf title = BUF(1 << 14);

    if (text_is_empty(model))
        buf_adds(&title, shared(set, "tool", &single->arena, "several tools"));
    else
        comparison_model_name(model, quantization, &title);
    buf_addf(&title, " on %s", text_is_empty(chip) ? "a chip that the file does not name" : chip);
    single->title = arena_strdup(&single->arena, buf_text(&title));
    return arena_check(&single->arena, err);
}

/* What a tool's own report would say, where the files are of its kind. */
static int add_comparisons(const struct result_set *set, struct table_list *into, struct err *err)
{
    static int (*const reports[])(const struct result_set *, const struct selection *, struct table_list *,
                                  struct err *) = {modes_tables, parallel_tables, quantization_tables, quality_tables};
    int status = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(reports) && status == 0; i++) {
        autotables struct table_list found = {.count = 0};

        status = reports[i](set, NULL, &found, err);
        if (status == -ERR_NOTHING) {
            status = 0;
            continue;
        }
        for (size_t j = 0; j < found.count && status == 0; j++) {
            struct table *table = table_list_add(into, NULL);

            if (table == NULL)
                return mem_error(err);
            *table = found.items[j];
            found.items[j] = (struct table){.caption = NULL};
        }
    }
    return status;
}

static int add_chart(const struct report *report, const struct comparison *comparison, struct draw *draw,
                     struct single *single, struct err *err)
{
    autopicture struct picture picture = {.alt = NULL};
    struct buf *wide = &single->charts[single->chart_count], *phone = &single->phone_charts[single->chart_count];
    int status = picture_compose(report, comparison, &picture, err);

    *wide = *phone = BUF(REPORT_BYTES_MAX);
    single->chart_count++;
    if (status == 0)
        status = picture_svg(&picture, draw, wide, err);
    picture.chart.width = PHONE_WIDTH;
    if (status == 0)
        status = picture_svg(&picture, draw, phone, err);
    if (status == 0)
        status = buf_check(wide, err);
    return status < 0 ? status : buf_check(phone, err);
}

/* One bar alone is no comparison. */
static int add_charts(const struct report *report, struct single *single, struct err *err)
{
    autodraw struct draw *draw = NULL;
    int status = draw_new(&draw, err);

    for (size_t i = 0; i < report->comparisons->count && status == 0; i++) {
        if (single->chart_count == SINGLE_CHARTS_MAX)
            single->charts_left_out++;
        else
            status = add_chart(report, &report->comparisons->items[i], draw, single, err);
    }
    return status;
}

int single_make(const struct report *report, struct single *ret, struct err *err)
{
    static const char *const headings[PART_COUNT] = {"Configuration", "Results", "Comparison", "Trade-offs", "Remarks"};
    static int (*const parts[PART_COUNT])(const struct result_set *, struct table_list *, struct err *) = {
        single_configuration, single_results, add_comparisons, single_trade_offs, single_remarks};
    autosingle struct single single = {.title = NULL};
    size_t usable = 0;
    int status = 0;

    for (size_t i = 0; i < report->results->result_count; i++)
        usable += result_is_shown(report->results, &report->results->results[i]) ? 1 : 0;
    if (usable == 0) {
        (void)err_set(err, ERR_NOTHING, "there is no figure to report");
        return err_hint(err, "crosschip-submit check FILE says what is in a file");
    }
    status = name_it(report->results, &single, err);
    for (size_t i = 0; i < PART_COUNT && status == 0; i++) {
        single.parts[i].heading = headings[i];
        status = parts[i](report->results, &single.parts[i].tables, err);
        if (status == 0)
            status = table_list_check(&single.parts[i].tables, err);
    }
    if (status == 0)
        status = add_charts(report, &single, err);
    if (status < 0)
        return status;
    *ret = single;
    memset(&single, 0, sizeof(single));
    return 0;
}
