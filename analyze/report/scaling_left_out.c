/* Rows that the tables of scaling have no place for, named with the reason: what is missing must not look as if nobody
 * had measured it. A row is told of below the table of its generation and backend, else below the last one of its
 * workload. */
#include <math.h>

#include "analyze/report/scaling_family.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

enum { NAMES_MOST = 24 };
enum reason { SEVERAL_CHIPS, VARIANT_UNKNOWN, RESOURCES_UNKNOWN, CHIP_UNKNOWN, ALONE, REASONS };
static const char *const reasons[REASONS] = {
    [SEVERAL_CHIPS] = "several chips at once",
    [VARIANT_UNKNOWN] = "which variant is not stated: cores and bandwidth not known",
    [RESOURCES_UNKNOWN] = "cores and bandwidth not known",
    [CHIP_UNKNOWN] = "not in the catalogue",
    [ALONE] = "no other of its generation and backend with known cores or bandwidth",
};

/* Any variant: all have one generation. NULL when the catalogue does not know the chip. */
static const struct chip *entry_of(const struct comparison_row *row)
{
    return row->entry != NULL || !row->chip_known ? row->entry : catalog_chip(row->chip, NULL);
}

static enum reason reason_of(const struct comparison_row *row)
{
    const struct chip *entry = entry_of(row);

    if (entry == NULL || text_is_empty(entry->generation))
        return CHIP_UNKNOWN;
    if (row->chip_count != 1)
        return SEVERAL_CHIPS;
    if (row->entry == NULL)
        return VARIANT_UNKNOWN;
    return row->entry->gpu_cores > 0 || isfinite(row->entry->bandwidth_gb_s) ? ALONE : RESOURCES_UNKNOWN;
}

static bool has_table(const struct comparison *comparison, size_t metric, const struct comparison_row *row)
{
    const struct chip *entry = entry_of(row);
    const struct family family = {.comparison = comparison,
                                  .metric = metric,
                                  .generation = entry != NULL ? entry->generation : "",
                                  .backend = row->backend};

    return !text_is_empty(family.generation) && scaling_members(&family) >= 2;
}

static bool is_left_out(const struct comparison *comparison, size_t metric, const struct family *family,
                        const struct comparison_row *row)
{
    const struct chip *entry = entry_of(row);

    if (!(row->figures[metric].value > 0))
        return false;
    if (family == NULL)
        return !has_table(comparison, metric, row);
    return entry != NULL && text_equal(entry->generation, family->generation) &&
           text_equal(row->backend, family->backend) && !scaling_belongs(family, row);
}

void scaling_say_left_out(const struct comparison *comparison, size_t metric, const struct family *family,
                          struct buf *into)
{
    size_t named = 0, all = 0;

    for (int reason = 0; reason < REASONS; reason++) {
        size_t of_reason = 0;

        for (size_t i = 0; i < comparison->row_count; i++) {
            const struct comparison_row *row = &comparison->rows[i];

            if ((int)reason_of(row) != reason || !is_left_out(comparison, metric, family, row) || ++all > NAMES_MOST)
                continue;
            buf_adds(into, named == 0 ? "Not shown: " : of_reason == 0 ? "; " : ", ");
            comparison_row_name(row, true, into);
            if (family == NULL && !text_is_empty(row->backend))
                buf_addf(into, " on %s", row->backend);
            named++;
            of_reason++;
        }
        if (of_reason > 0)
            buf_addf(into, " (%s)", reasons[reason]);
    }
    if (all > named)
        buf_addf(into, " and %zu more", all - named);
    buf_adds(into, named > 0 ? "." : "");
}

void scaling_note_left_out(const struct comparison *comparison, size_t metric, const struct family *family,
                           struct table *table)
{
    autobuf struct buf line = BUF(1 << 15);

    scaling_say_left_out(comparison, metric, family, &line);
    if (line.len > 0)
        table_note(table, buf_text(&line));
}
