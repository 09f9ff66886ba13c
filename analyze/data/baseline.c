#include "analyze/data/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/facets.h"
#include "schema/base/str.h"

#define HINT_NAMES_MAX 280

static bool row_is(const struct comparison_row *row, const char *wanted, const struct chip_match *match)
{
    if (match->chip == NULL)
        return text_equal_ignore_case(row->chip, wanted);
    if (!text_equal(row->chip, match->chip))
        return false;
    if (!text_is_empty(match->variant))
        return catalog_variant_is(row->variant, match->variant);
    /* The name may exclude some variants ("M1 Pro 10-core"). */
    for (size_t i = 0; i < match->candidate_count; i++)
        if (catalog_variant_is(match->candidates[i], row->variant))
            return true;
    return match->candidate_count == 0 || text_is_empty(row->variant);
}

bool baseline_is(const struct comparison_row *row, const char *wanted)
{
    struct chip_match match;

    catalog_match_chip(wanted, NULL, &match);
    return row_is(row, wanted, &match);
}

/* Values that the row has among the metrics that most rows have. */
static size_t values_of(const struct comparison *comparison, const struct comparison_row *row)
{
    size_t values = 0;

    for (size_t i = 0; i < comparison->metric_count; i++)
        values += isfinite(row->figures[i].value) ? 1 : 0;
    return values;
}

/* The row of a named chip: one chip before several, the one with most metrics, then natural order. */
static size_t find_named(const struct comparison *comparison, const char *wanted)
{
    struct chip_match match;
    size_t best = NO_ROW;

    catalog_match_chip(wanted, NULL, &match);
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];

        if (!row_is(row, wanted, &match) || values_of(comparison, row) == 0)
            continue;
        if (best == NO_ROW || row->chip_count < comparison->rows[best].chip_count ||
            (row->chip_count == comparison->rows[best].chip_count &&
             values_of(comparison, row) > values_of(comparison, &comparison->rows[best])))
            best = i;
    }
    return best;
}

/* A chip of the catalogue, whatever its variant: all forms have one tier and one year. */
static const struct chip *any_entry(const struct comparison_row *row)
{
    size_t count = 0;
    const struct chip *chips = catalog_chips(&count);

    if (row->entry != NULL)
        return row->entry;
    for (size_t i = 0; row->chip_known && i < count; i++)
        if (text_equal(chips[i].name, row->chip))
            return &chips[i];
    return NULL;
}

struct candidate {
    const char *chip;
    bool known, base, alone;
    int year;
    double value;
};

static struct candidate candidate_of(const struct comparison *comparison, size_t row)
{
    const struct comparison_row *at = &comparison->rows[row];
    const struct chip *entry = any_entry(at);
    const double value = at->figures[0].value;

    return (struct candidate){.chip = at->chip,
                              .known = entry != NULL && entry->year > 0,
                              .base = entry != NULL && text_is_empty(entry->tier),
                              .alone = at->chip_count <= 1,
                              .year = entry != NULL ? entry->year : 0,
                              .value = comparison->metrics[0].direction == DIRECTION_LOWER ? -value : value};
}

static bool goes_before(const struct candidate *a, const struct candidate *b)
{
    if (a->alone != b->alone)
        return a->alone;
    if (a->known != b->known)
        return a->known;
    if (a->base != b->base)
        return a->base;
    if (a->year != b->year)
        return a->year < b->year;
    /* Of one chip's variants the first in natural order, so that all tasks of a model get the same one. */
    return !text_equal(a->chip, b->chip) && a->value < b->value;
}

/* So that most rows get all their factors. */
static bool has_main_metrics(const struct comparison *comparison, const struct comparison_row *row)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (!isfinite(row->figures[i].value) && comparison_metric_is_main(comparison, i))
            return false;
    return true;
}

static size_t find_default(const struct comparison *comparison, bool all_metrics)
{
    size_t best = NO_ROW;
    struct candidate best_candidate = {.year = 0};

    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];

        if (all_metrics ? !has_main_metrics(comparison, row) : !isfinite(row->figures[0].value))
            continue;
        const struct candidate candidate = candidate_of(comparison, i);

        if (best == NO_ROW || goes_before(&candidate, &best_candidate)) {
            best = i;
            best_candidate = candidate;
        }
    }
    return best;
}

static bool scope_is(const char *scope, const struct comparison *comparison, bool with_model)
{
    const size_t length = strlen(comparison->tool);

    if (!with_model)
        return text_equal_ignore_case(scope, comparison->tool);
    return strlen(scope) > length && scope[length] == '.' &&
           str_equal_ignore_case(str_slice(scope, length), str_of(comparison->tool)) &&
           text_equal_ignore_case(scope + length + 1, comparison->model);
}

/* A rule for the model is more particular than one for the tool. */
static size_t find_configured(const struct comparison *comparison, const struct baseline_rules *rules)
{
    for (int with_model = 1; with_model >= 0; with_model--)
        for (size_t i = 0; i < rules->count; i++) {
            if (!scope_is(rules->items[i].scope, comparison, with_model == 1))
                continue;
            const size_t row = find_named(comparison, rules->items[i].chip);

            if (row != NO_ROW)
                return row;
        }
    return NO_ROW;
}

static void fill_factors(struct comparison *comparison)
{
    const struct comparison_row *base = &comparison->rows[comparison->baseline];

    for (size_t i = 0; i < comparison->row_count; i++)
        for (size_t j = 0; j < comparison->metric_count; j++) {
            struct figure *figure = &comparison->rows[i].figures[j];
            const double reference = base->figures[j].value;

            if (!(figure->value > 0) || !(reference > 0) || !isfinite(figure->value) || !isfinite(reference))
                continue;
            if (comparison->metrics[j].direction == DIRECTION_HIGHER)
                figure->factor = figure->value / reference;
            else if (comparison->metrics[j].direction == DIRECTION_LOWER)
                figure->factor = reference / figure->value;
        }
}

static int name_baseline(struct arena *arena, struct comparison *comparison, struct err *err)
{
    autobuf struct buf name = BUF(1024);

    comparison_row_name(&comparison->rows[comparison->baseline], true, &name);
    if (comparison->backends_differ && !text_is_empty(comparison->rows[comparison->baseline].backend))
        buf_addf(&name, ", %s", comparison->rows[comparison->baseline].backend);
    comparison->baseline_name = arena_strdup(arena, buf_text(&name));
    return comparison->baseline_name != NULL ? 0 : mem_error(err);
}

/* The variants of a named chip that are there; false when there is none. */
static bool hint_variants(const struct comparison_set *set, const char *named, struct err *err)
{
    autobuf struct buf names = BUF(1 << 16);
    struct chip_match match;

    catalog_match_chip(named, NULL, &match);
    for (size_t i = 0; i < set->count && match.chip != NULL; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++) {
            autobuf struct buf name = BUF(1024);

            comparison_row_name(&set->items[i].rows[j], true, &name);
            if (!text_equal(set->items[i].rows[j].chip, match.chip) ||
                str_find(str_of(buf_text(&names)), str_of(buf_text(&name)), 0) != SIZE_MAX)
                continue;
            buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", buf_text(&name));
        }
    if (names.len > 0)
        (void)err_hint(err, "there is %.*s%s", HINT_NAMES_MAX, buf_text(&names),
                       names.len > HINT_NAMES_MAX ? " …" : "");
    return names.len > 0;
}

static int unknown_baseline(const struct comparison_set *set, const char *named, struct err *err)
{
    autobuf struct buf names = BUF(1 << 16);
    const char *last = "";

    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->items[i].row_count; j++) {
            const char *chip = set->items[i].rows[j].chip;

            if (text_equal(chip, last) || str_find(str_of(buf_text(&names)), str_of(chip), 0) != SIZE_MAX)
                continue;
            buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", chip);
            last = chip;
        }
    (void)err_set(err, ERR_USAGE, "no result of the baseline \"%s\"", named);
    if (facet_hint_chips(named, err) || hint_variants(set, named, err))
        return -ERR_USAGE;
    return err_hint(err, "chips that are there: %.*s%s", HINT_NAMES_MAX, buf_text(&names),
                    names.len > HINT_NAMES_MAX ? " …" : "");
}

/* By a rule of the configuration, else the oldest base chip. */
static size_t choose(const struct comparison *comparison, const struct baseline_rules *rules)
{
    size_t row = find_configured(comparison, rules);

    if (row == NO_ROW)
        row = find_default(comparison, true);
    return row != NO_ROW ? row : find_default(comparison, false);
}

int baseline_apply(struct comparison_set *set, const struct baseline_rules *rules, struct err *err)
{
    bool found = false;

    for (size_t i = 0; i < set->count; i++) {
        struct comparison *comparison = &set->items[i];

        if (comparison->metric_count == 0 || comparison->row_count == 0)
            continue;
        comparison->baseline = rules->named != NULL ? find_named(comparison, rules->named) : NO_ROW;
        found = found || comparison->baseline != NO_ROW;
        if (rules->named == NULL)
            comparison->baseline = choose(comparison, rules);
        else
            comparison->baseline_missing = comparison->baseline == NO_ROW ? rules->named : NULL;
        if (comparison->baseline == NO_ROW)
            continue;
        fill_factors(comparison);
        if (name_baseline(&set->arena, comparison, err) < 0)
            return -ERR_MEMORY;
    }
    if (rules->named != NULL && !found)
        return unknown_baseline(set, rules->named, err);
    return 0;
}
