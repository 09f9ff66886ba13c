/* Chips put together: by vendor, family, generation, tier, kind or backend.
 *
 * The figure of a group is the median over its rows (chip, variant, how many), so that a chip with many submissions
 * counts as much as one with few; beside it the range and how many chips there are. It describes a set of products, not
 * one. */
#include <math.h>
#include <stdlib.h>

#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

static const char *const words[] = {"vendor", "family", "generation", "tier", "kind", "backend", "chip"};

static const struct chip *entry_of(const struct comparison_row *row)
{
    return row->entry != NULL || !row->chip_known ? row->entry : catalog_chip(row->chip, NULL);
}

static const char *group_of(const struct comparison_row *row, const char *by)
{
    const struct chip *entry = entry_of(row);

    if (text_equal(by, "backend"))
        return row->backend;
    if (text_equal(by, "chip"))
        return row->chip;
    if (entry == NULL)
        return "";
    if (text_equal(by, "vendor"))
        return entry->vendor;
    if (text_equal(by, "family"))
        return entry->family;
    if (text_equal(by, "generation"))
        return entry->generation;
    return text_equal(by, "tier") ? (text_is_empty(entry->tier) ? "base" : entry->tier) : entry->kind;
}

static int put_group(const struct comparison *comparison, const char *by, const char *name, struct table *table,
                     struct err *err)
{
    autofree double *values = mem_zalloc(comparison->row_count + 1, sizeof(*values));

    if (values == NULL)
        return mem_error(err);
    table_row(table);
    table_put_text(table, text_is_empty(name) ? "not stated" : name);
    for (size_t metric = 0; metric < comparison->metric_count; metric++) {
        size_t count = 0;

        for (size_t i = 0; i < comparison->row_count; i++)
            if (text_equal(group_of(&comparison->rows[i], by), name) &&
                isfinite(comparison->rows[i].figures[metric].value))
                values[count++] = comparison->rows[i].figures[metric].value;
        stats_sort(values, count);
        table_put_number(table, stats_median(values, count), 0, NULL);
        table_put_number(table, count > 0 ? values[0] : (double)NAN, 0, NULL);
        table_put_number(table, count > 0 ? values[count - 1] : (double)NAN, 0, NULL);
        table_put_integer(table, (int64_t)count);
    }
    return 0;
}

static void add_columns(const struct comparison *comparison, const char *by, struct table *table)
{
    char word[32];

    str_copy(word, sizeof(word), str_of(by));
    word[0] = (char)(word[0] - 'a' + 'A');
    table_column(table, by, word, ALIGN_LEFT);
    for (size_t metric = 0; metric < comparison->metric_count; metric++) {
        const struct comparison_metric *what = &comparison->metrics[metric];
        static const char *const parts[] = {"median", "least", "greatest", "chips"};
        static const char *const titles[] = {NULL, "Least", "Greatest", "Chips"};

        for (size_t part = 0; part < ARRAY_LENGTH(parts); part++) {
            autobuf struct buf key = BUF(512), title = BUF(512);

            buf_addf(&key, "%s_%s", what->name, parts[part]);
            if (part == 0)
                buf_addf(&title, "%s, %s: median of chips", what->title, what->unit);
            else
                buf_adds(&title, titles[part]);
            table_column(table, buf_text(&key), buf_text(&title), ALIGN_RIGHT);
        }
    }
}

static int add_comparison(const struct comparison *comparison, const char *by, struct table_list *list, struct err *err)
{
    autobuf struct buf caption = BUF(8192);
    int status = 0;

    comparison_title(comparison, &caption);
    buf_addf(&caption, " (%s) by %s", comparison->tool, by);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    add_columns(comparison, by, table);
    for (size_t i = 0; i < comparison->row_count && status == 0; i++) {
        const char *name = group_of(&comparison->rows[i], by);
        bool told = false;

        for (size_t j = 0; j < i; j++)
            told = told || text_equal(name, group_of(&comparison->rows[j], by));
        if (!told)
            status = put_group(comparison, by, name, table, err);
    }
    for (size_t i = 1; i < table->column_count; i++)
        table_even_decimals(table, i);
    table_note(table, "Medians of chips: each chip counts once. They describe a group of products, not one of them.");
    return status;
}

int grouped_tables(const struct comparison_set *set, const char *by, struct table_list *ret, struct err *err)
{
    autotables struct table_list list = {.count = 0};
    bool known = false;
    int status = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        known = known || text_equal(by, words[i]);
    if (!known) {
        (void)err_set(err, ERR_USAGE, "--group-by does not know \"%s\"", by);
        return err_hint(err, "vendor, family, generation, tier, kind, backend or chip");
    }
    for (size_t i = 0; i < set->count && status == 0; i++)
        status = add_comparison(&set->items[i], by, &list, err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
