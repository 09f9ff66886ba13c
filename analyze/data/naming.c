/* How comparisons and their rows are called. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/comparison.h"
#include "schema/base/str.h"

static void add_part(struct buf *into, const char *separator, const char *text)
{
    if (text_is_empty(text))
        return;
    buf_addf(into, "%s%s", into->len > 0 ? separator : "", text);
}

void comparison_title(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf title = BUF(4096);

    add_part(&title, "", text_is_empty(comparison->model) ? "unnamed model" : comparison->model);
    add_part(&title, " ", comparison->quantization);
    add_part(&title, ", ", comparison->task);
    add_part(&title, ", ", comparison->mode);
    add_part(&title, ", ", comparison->category);
    add_part(&title, ", ", comparison->parameters);
    if (!text_equal(comparison->variant, "alone"))
        add_part(&title, ", ", comparison->variant);
    buf_adds(into, buf_text(&title));
}

void comparison_row_name(const struct comparison_row *row, bool short_name, struct buf *into)
{
    if (row->chip_count > 1)
        buf_addf(into, "%lld × ", (long long)row->chip_count);
    buf_adds(into, short_name && row->chip_known ? catalog_short_chip_name(row->chip) : row->chip);
    if (!text_is_empty(row->variant))
        buf_addf(into, " (%s)", row->variant);
}

/* ---- keeping one chip */

static bool is_chip(const struct comparison_row *row, const char *wanted, const struct chip_match *match)
{
    if (match->chip != NULL)
        return text_equal(row->chip, match->chip) &&
               (match->variant == NULL || text_is_empty(match->variant) || text_equal(row->variant, match->variant));
    return text_equal_ignore_case(row->chip, wanted);
}

/* Rows and by_value keep their order; the baseline's row may go, its name stays. */
static void keep_rows(struct comparison *comparison, const char *wanted, const struct chip_match *match)
{
    autofree size_t *moved = mem_zalloc(comparison->row_count + 1, sizeof(*moved));
    size_t kept = 0, ranked = 0;

    if (moved == NULL)
        return;
    for (size_t i = 0; i < comparison->row_count; i++) {
        moved[i] = NO_ROW;
        if (!is_chip(&comparison->rows[i], wanted, match))
            continue;
        moved[i] = kept;
        comparison->rows[kept++] = comparison->rows[i];
    }
    for (size_t i = 0; i < comparison->row_count; i++)
        if (moved[comparison->by_value[i]] != NO_ROW)
            comparison->by_value[ranked++] = moved[comparison->by_value[i]];
    if (comparison->baseline != NO_ROW)
        comparison->baseline = moved[comparison->baseline];
    comparison->row_count = kept;
}

int comparison_keep_chip(struct comparison_set *set, const char *chip, struct err *err)
{
    struct chip_match match;
    size_t kept = 0;

    catalog_match_chip(chip, NULL, &match);
    for (size_t i = 0; i < set->count; i++) {
        keep_rows(&set->items[i], chip, &match);
        if (set->items[i].row_count > 0)
            set->items[kept++] = set->items[i];
    }
    set->count = kept;
    if (kept > 0)
        return 0;
    (void)err_set(err, ERR_NOTHING, "no result of the chip \"%s\"", chip);
    return err_hint(err, "crosschip-analyze table lists the chips that are there");
}
