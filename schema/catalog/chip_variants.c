/* Which variant of a chip a machine has, and the nearest names when there is no chip. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/chip_text.h"

/* Cards report a little less than their label (ECC, firmware): 81559 MiB of an "80 GB" card, 15 GiB of 16. */
static bool memory_fits(const struct chip *chip, double gib)
{
    const char *const more = "more than ";
    const double stated = strtod(chip->variant + (text_starts_with(chip->variant, more) ? strlen(more) : 0), NULL);

    if (text_ends_with(chip->variant, " or less"))
        return gib <= stated * 1.01;
    if (text_starts_with(chip->variant, more))
        return gib > stated * 1.01;
    return isnan(chip->memory_gib) || (gib >= chip->memory_gib * 0.88 && gib <= chip->memory_gib * 1.02);
}

static bool form_fits(const struct chip *chip, const char *form)
{
    const size_t length = strlen(form);
    const char *variant = chip->variant;

    if (strcmp(form, "work") == 0 || strcmp(form, "server") == 0)
        return strncasecmp(variant, form, length) == 0 || !strstr(variant, "Edition");
    const bool has_form = strncasecmp(variant, "pcie", 4) == 0 || strncasecmp(variant, "sxm", 3) == 0 ||
                          strncasecmp(variant, "nvl", 3) == 0;
    return !has_form || strncasecmp(variant, form, length) == 0;
}

static bool cores_fit(const struct chip *chip, const struct chip_hints *hints, const struct chip_facts *facts)
{
    const int64_t given_cpu = facts && !hints->virtual_machine ? facts->cpu_cores : 0;
    const int64_t given_gpu = facts && !hints->virtual_machine ? facts->gpu_cores : 0;

    if (strcmp(chip->kind, "soc") != 0 || chip->cpu_cores == 0 || chip->gpu_cores == 0)
        return true;
    if (hints->some_cores > 0 && hints->some_cores != chip->cpu_cores && hints->some_cores != chip->gpu_cores)
        return false;
    return (hints->cpu_cores == 0 || hints->cpu_cores == chip->cpu_cores) &&
           (hints->gpu_cores == 0 || hints->gpu_cores == chip->gpu_cores) &&
           (given_cpu <= 0 || given_cpu == chip->cpu_cores) && (given_gpu <= 0 || given_gpu == chip->gpu_cores);
}

static bool type_fits(const struct chip *chip, const char *type, bool any_has)
{
    return !any_has || text_equal_ignore_case(chip->memory_type, type);
}

/* "14-core GPU": all variants with that many GPU cores. */
static bool stands_for_several(const char *variant)
{
    const size_t digits = strspn(variant, "0123456789");

    return digits > 0 && strcmp(variant + digits, "-core GPU") == 0;
}

bool catalog_variant_is(const char *variant, const char *wanted)
{
    if (text_is_empty(variant) || text_is_empty(wanted))
        return text_is_empty(variant) && text_is_empty(wanted);
    const char *gpu = strchr(variant, '/');
    char *end;

    if (!stands_for_several(wanted) || gpu == NULL)
        return strcmp(variant, wanted) == 0;
    return strtol(gpu + 1, &end, 10) == strtol(wanted, NULL, 10) && strcmp(end, "G") == 0;
}

static bool fits(const struct chip *chip, const struct chip_hints *hints, const struct chip_facts *facts,
                 bool type_known)
{
    const double given = facts ? facts->memory_gib : (double)NAN;

    return !stands_for_several(chip->variant) && cores_fit(chip, hints, facts) &&
           (isnan(hints->memory_gib) || memory_fits(chip, hints->memory_gib)) &&
           (!(given > 0) || memory_fits(chip, given)) && (hints->form[0] == '\0' || form_fits(chip, hints->form)) &&
           type_fits(chip, hints->memory_type, type_known);
}

/* The entry that stands for all variants that are possible; NULL when they differ in more than their CPUs. */
static const struct chip *entry_for_all(const struct chip *first, size_t count, const struct chip_match *match)
{
    for (size_t i = 0; i < count; i++) {
        bool all = stands_for_several(first[i].variant);

        for (size_t j = 0; j < match->candidate_count && all; j++)
            all = catalog_variant_is(match->candidates[j], first[i].variant);
        if (all)
            return &first[i];
    }
    return NULL;
}

static void set_variant(const struct chip *chip, struct chip_match *match)
{
    match->variant = chip->variant;
    match->entry = chip;
    match->bandwidth_max_gb_s = chip->bandwidth_gb_s;
}

void chip_find_variant(const struct chip *first, const struct chip_hints *hints, const struct chip_facts *facts,
                       struct chip_match *match)
{
    const size_t count = chip_entries(first);
    const bool virtual_board = facts && facts->board && text_starts_with(facts->board, "VirtualMac");
    struct chip_hints seen = *hints;
    size_t possible = 0;
    bool type_known = false;

    seen.virtual_machine = seen.virtual_machine || virtual_board;
    if (count == 1 && first->variant[0] == '\0') {
        set_variant(first, match);
        return;
    }
    for (size_t i = 0; i < count; i++)
        type_known =
            type_known || (seen.memory_type[0] && text_equal_ignore_case(first[i].memory_type, seen.memory_type));
    for (size_t i = 0; i < count; i++)
        possible += fits(&first[i], &seen, facts, type_known);
    match->bandwidth_max_gb_s = (double)NAN;
    for (size_t i = 0; i < count; i++) {
        /* Facts that contradict each other exclude all: then every variant is possible again. */
        if (possible > 0 ? !fits(&first[i], &seen, facts, type_known) : stands_for_several(first[i].variant))
            continue;
        if (possible == 1) {
            set_variant(&first[i], match);
            return;
        }
        match->bandwidth_max_gb_s = fmax(match->bandwidth_max_gb_s, first[i].bandwidth_gb_s);
        if (match->candidate_count < CHIP_CANDIDATES_MAX)
            match->candidates[match->candidate_count++] = first[i].variant;
    }
    const struct chip *all = entry_for_all(first, count, match);

    if (all != NULL) {
        set_variant(all, match);
        match->candidate_count = 0;
    }
}
