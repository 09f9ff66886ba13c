#include "analyze/report/commit_message.h"

#include "analyze/report/provenance.h"
#include "schema/base/options.h"
#include "schema/base/str.h"

#define CHIPS_NAMED 12

static const char *chip_of(const struct change *change)
{
    const char *chip =
        change->comparison != NULL ? change->comparison->rows[change->row].chip : change->before->fields[FIELD_CHIP];

    return catalog_chip(chip, NULL) != NULL ? catalog_short_chip_name(chip) : NULL;
}

static bool is_first(const struct changes *changes, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (changes->items[i].kind == changes->items[at].kind &&
            text_equal(chip_of(&changes->items[i]), chip_of(&changes->items[at])))
            return false;
    return true;
}

static size_t count_chip(const struct changes *changes, enum change_kind kind, const char *chip)
{
    size_t count = 0;

    for (size_t i = 0; i < changes->count; i++)
        count += changes->items[i].kind == kind && text_equal(chip_of(&changes->items[i]), chip) ? 1 : 0;
    return count;
}

/* "New: M4 Max 2, M4 Pro 1, 3 of other chips". */
static void add_kind(const struct changes *changes, enum change_kind kind, const char *word, struct buf *into)
{
    size_t named = 0, told = 0;

    if (changes->of_kind[kind] == 0)
        return;
    buf_addf(into, "%s: ", word);
    for (size_t i = 0; i < changes->count && named < CHIPS_NAMED; i++) {
        const char *chip = chip_of(&changes->items[i]);

        if (changes->items[i].kind != kind || chip == NULL || !is_first(changes, i))
            continue;
        const size_t count = count_chip(changes, kind, chip);

        buf_addf(into, "%s%s %zu", named++ > 0 ? ",\n  " : "", chip, count);
        told += count;
    }
    if (told < changes->of_kind[kind])
        buf_addf(into, "%s%zu of other chips", named > 0 ? ",\n  " : "", changes->of_kind[kind] - told);
    buf_addc(into, '\n');
}

void commit_message(const struct report *report, struct buf *into)
{
    const struct changes *changes = report->changes;
    const size_t counted =
        result_set_count_state(report->results, STATE_ACCEPTED) - result_set_repeats(report->results);

    if (changes == NULL || changes->previous->kept) {
        buf_adds(into, "Publish the results of ");
        report_plural(into, counted, "submission", "submissions");
        buf_adds(into, "\n\n");
    } else {
        buf_addf(into, "Publish results: %zu new, %zu changed, %zu gone\n\n", changes->of_kind[CHANGE_NEW],
                 changes->of_kind[CHANGE_VALUE], changes->of_kind[CHANGE_GONE]);
        report_plural(into, changes->came, "submission came", "submissions came");
        buf_addf(into, ", %zu no longer %s.\nFigures by chip:\n", changes->left,
                 changes->left == 1 ? "counts" : "count");
        add_kind(changes, CHANGE_NEW, "New", into);
        add_kind(changes, CHANGE_VALUE, "Changed", into);
        add_kind(changes, CHANGE_GONE, "Gone", into);
        buf_addc(into, '\n');
    }
    buf_adds(into, "Input set: ");
    provenance_input_hash(report->results, into);
    buf_adds(into, "\nMade by crosschip-analyze " CROSSCHIP_VERSION "\n");
}
