/* Rows with metrics that few rows have: a comparison of their own beside the table, so that the table keeps no
 * column that is empty but for one row. */
#include <math.h>

#include "analyze/data/comparison.h"

static bool has_further(const struct comparison *comparison, size_t row)
{
    for (size_t i = 1; i < comparison->metric_count; i++)
        if (isfinite(comparison->rows[row].figures[i].value) && !comparison_metric_is_main(comparison, i))
            return true;
    return false;
}

/* Takes the rows over in both orders. */
static void take_rows(const struct comparison *comparison, size_t *moved, struct comparison *further)
{
    size_t ranked = 0;

    for (size_t i = 0; i < comparison->row_count; i++) {
        moved[i] = NO_ROW;
        if (!has_further(comparison, i))
            continue;
        moved[i] = further->row_count;
        further->rows[further->row_count++] = comparison->rows[i];
    }
    for (size_t i = 0; i < comparison->row_count; i++)
        if (moved[comparison->by_value[i]] != NO_ROW)
            further->by_value[ranked++] = moved[comparison->by_value[i]];
    if (comparison->baseline != NO_ROW)
        further->baseline = moved[comparison->baseline];
}

int comparison_further(const struct comparison *comparison, struct arena *arena, struct comparison *ret, bool *ret_any,
                       struct err *err)
{
    autofree size_t *moved = mem_zalloc(comparison->row_count + 1, sizeof(*moved));
    struct comparison further = *comparison;

    further.further = true;
    further.row_count = 0;
    further.rows = arena_alloc(arena, comparison->row_count + 1, sizeof(*further.rows));
    further.by_value = arena_alloc(arena, comparison->row_count + 1, sizeof(*further.by_value));
    if (moved == NULL || further.rows == NULL || further.by_value == NULL)
        return mem_error(err);
    take_rows(comparison, moved, &further);
    /* Rows that lack the first metric of the table have another one first. */
    if (further.row_count > 0 && comparison_metric_rows(&further, 0) == 0)
        comparison_arrange(&further);
    *ret_any = further.row_count > 0;
    *ret = further;
    return 0;
}
