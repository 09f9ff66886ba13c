#include "analyze/report/tool_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

enum { SHORT_ID = 12 };

void table_list_done(struct table_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        table_done(&list->items[i]);
    free(list->items);
    *list = (struct table_list){0};
}

struct table *table_list_add(struct table_list *list, const char *caption)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 8;
        struct table *items = realloc(list->items, capacity * sizeof(*items));

        if (items == NULL)
            return NULL;
        list->items = items;
        list->capacity = capacity;
    }
    struct table *table = &list->items[list->count++];

    table_init(table, caption);
    return table;
}

int table_list_check(const struct table_list *list, struct err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const int status = table_check(&list->items[i], err);

        if (status < 0)
            return status;
    }
    return 0;
}

int table_list_give(struct table_list *list, struct table_list *ret, struct err *err)
{
    const int status = table_list_check(list, err);

    if (status < 0)
        return status;
    *ret = *list;
    *list = (struct table_list){0};
    return 0;
}

void evidence_columns(struct table *table)
{
    table_column(table, "runs", NULL, ALIGN_RIGHT);
    table_column_for_people(table, "Runs", ALIGN_RIGHT);
    table_column(table, "devices", "Devices", ALIGN_RIGHT);
    table_column(table, "contributors", "By", ALIGN_RIGHT);
}

void put_evidence(const struct figure *figure, struct table *table)
{
    table_put_integer(table, figure->runs);
    if (figure->runs < 0)
        table_put_text(table, "n/a");
    else
        table_put_integer(table, figure->runs);
    table_put_integer(table, (int64_t)figure->devices);
    table_put_integer(table, (int64_t)figure->contributors);
}

static bool is_left_out(const char *facet, const char *const *without, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(facet, without[i]))
            return true;
    return false;
}

/* Said already: "Q4_K_M" by the model "2.9b-Q4_K_M". */
static bool is_said(const struct group_list *list, const struct result_group *group, size_t facet)
{
    return text_equal(list->facets[facet], "quantization") &&
           str_find_ignore_case(str_of(group_value(list, group, "model")), str_of(group->values[facet]), 0) != SIZE_MAX;
}

void group_title(const struct group_list *list, const struct result_group *group, const char *const *without,
                 size_t without_count, struct buf *into)
{
    const size_t start = into->len;

    for (size_t i = 0; i < list->facet_count; i++) {
        const char *value = group->values[i];

        if (text_is_empty(value) || is_left_out(list->facets[i], without, without_count) || is_said(list, group, i))
            continue;
        if (text_equal(list->facets[i], "parameters") && into->len > start)
            comparison_add_parameters(group_value(list, group, "task"), value, into);
        else
            buf_addf(into, "%s%s", into->len > start ? ", " : "", value);
    }
    if (into->len == start)
        buf_adds(into, "Results");
}

void group_source(const struct result_set *set, const struct result_group *group, struct buf *into)
{
    const struct submission *submission = &set->submissions[group->results[0]->run->submission];

    if (set->submission_count < 2)
        return;
    if (submission->file != NULL)
        buf_addf(into, ", %s%s", file_base_name(submission->file),
                 strchr(submission->id, '#') != NULL ? strchr(submission->id, '#') : "");
    else
        buf_addf(into, ", %.*s", SHORT_ID,
                 submission->id + (text_starts_with(submission->id, "sha256:") ? strlen("sha256:") : 0));
}

double evidence_figure(const struct evidence *evidence)
{
    return evidence->submissions == 1 && isfinite(evidence->mean) ? evidence->mean : evidence->value;
}

void put_fixed(struct table *table, double value, int decimals)
{
    char text[FIGURE_SIZE];

    table_put_number(table, value, decimals, isfinite(value) ? figure_fixed(text, value, decimals) : NULL);
}

void metric_columns(struct table *table)
{
    table_column(table, "metric", NULL, ALIGN_LEFT);
    table_column_for_people(table, "Metric", ALIGN_LEFT);
}

void put_metric_name(struct table *table, const char *name)
{
    table_put_text(table, name);
    table_put_text(table, catalog_metric_title(name));
}
