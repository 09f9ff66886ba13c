/* The chips themselves: the compiled table, its order, and names for charts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_text.h"

/* In natural order: chips.csv is written that way, and a test holds it to that. */
static const struct chip chips[] = {
#include "gen/schema/catalog/chips.inc"
};
/* First row of each chip, in the order of the names' bytes. */
static const unsigned short rows_by_name[] = {
#include "gen/schema/catalog/chip_names.inc"
};

const struct chip *catalog_chips(size_t *ret_count)
{
    *ret_count = ARRAY_LENGTH(chips);
    return chips;
}

size_t chip_entries(const struct chip *first)
{
    size_t count = 1;

    while (first + count < chips + ARRAY_LENGTH(chips) && strcmp(first[count].name, first->name) == 0)
        count++;
    return count;
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, chips[*(const unsigned short *)row].name);
}

static const struct chip *first_entry(const char *name)
{
    const unsigned short *row =
        name ? bsearch(name, rows_by_name, ARRAY_LENGTH(rows_by_name), sizeof rows_by_name[0], compare_name) : NULL;

    return row ? &chips[*row] : NULL;
}

const struct chip *catalog_chip(const char *name, const char *variant)
{
    const struct chip *first = first_entry(name);
    const size_t count = first ? chip_entries(first) : 0;

    for (size_t i = 0; i < count; i++)
        if (!variant || text_equal(first[i].variant, variant))
            return &first[i];
    return NULL;
}

static int tier_rank(struct str word)
{
    static const char *const tiers[] = {"Pro", "Max", "Ultra"};

    for (size_t i = 0; i < ARRAY_LENGTH(tiers); i++)
        if (str_equal_ignore_case(word, str_of(tiers[i])))
            return (int)i + 1;
    return 0;
}

/* Names that the catalogue does not have: word by word, tiers in their order, the rest as people order text. */
static int compare_unknown(const char *a, const char *b)
{
    struct str rest_a = str_of(a), rest_b = str_of(b), word_a, word_b;

    for (;;) {
        const bool more_a = str_next_field(&rest_a, ' ', &word_a), more_b = str_next_field(&rest_b, ' ', &word_b);
        if (!more_a || !more_b)
            return more_a - more_b;
        char text_a[64], text_b[64];
        text_copy(text_a, sizeof text_a < word_a.len + 1 ? sizeof text_a : word_a.len + 1, word_a.data);
        text_copy(text_b, sizeof text_b < word_b.len + 1 ? sizeof text_b : word_b.len + 1, word_b.data);
        const int tier_a = tier_rank(word_a), tier_b = tier_rank(word_b);
        const int order = tier_a > 0 && tier_b > 0 ? tier_a - tier_b : text_compare_natural(text_a, text_b);
        if (order != 0)
            return order;
    }
}

static const struct chip *known_variant(const struct chip *first, const char *variant)
{
    const size_t count = first ? chip_entries(first) : 0;

    for (size_t i = 0; i < count; i++)
        if (text_equal(first[i].variant, variant))
            return &first[i];
    return NULL;
}

static int compare_variants(const struct chip *first, const char *a, const char *b)
{
    const struct chip *known_a = known_variant(first, a), *known_b = known_variant(first, b);

    if (text_is_empty(a) || text_is_empty(b))
        return text_is_empty(b) - text_is_empty(a);
    if (known_a && known_b)
        return (known_a > known_b) - (known_a < known_b);
    if (known_a || known_b)
        return known_a ? -1 : 1;
    return text_compare_natural(a, b);
}

int catalog_compare_chips(const char *name_a, const char *variant_a, const char *name_b, const char *variant_b)
{
    const struct chip *a = first_entry(name_a), *b = first_entry(name_b);

    if (a && b && a != b)
        return a < b ? -1 : 1;
    if ((a != NULL) != (b != NULL))
        return a ? -1 : 1;
    if (!a) {
        const int order = compare_unknown(name_a ? name_a : "", name_b ? name_b : "");
        if (order != 0)
            return order;
        const int bytes = strcmp(name_a ? name_a : "", name_b ? name_b : "");
        if (bytes != 0)
            return bytes;
    }
    return compare_variants(a, variant_a, variant_b);
}

/* What charts leave out of a name, and what of that they keep: "AMD Radeon RX 7600" is "RX 7600". */
static const struct {
    const char *prefix;
    size_t kept;
} prefixes[] = {
    {"NVIDIA GeForce ", 0}, {"NVIDIA ", 0},       {"AMD Radeon RX ", 3},
    {"AMD Radeon PRO ", 4}, {"AMD Instinct ", 0}, {"AMD ", 0},
    {"Apple ", 0},          {"Intel ", 0},        {"Qualcomm ", 0},
};

static const char *without_prefix(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
        if (text_starts_with(name, prefixes[i].prefix))
            return name + strlen(prefixes[i].prefix) - prefixes[i].kept;
    return name;
}

/* No other chip is called the same without its prefix. */
static bool is_clear_without_prefix(const char *name)
{
    const char *shorter = without_prefix(name);

    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++) {
        char other[128];
        text_copy(other, sizeof other, prefixes[i].prefix);
        text_copy(other + strlen(other) - prefixes[i].kept, sizeof other - strlen(other), shorter);
        if (strcmp(other, name) != 0 && first_entry(other) && strcmp(without_prefix(other), shorter) == 0)
            return false;
    }
    return true;
}

const char *catalog_short_chip_name(const char *name)
{
    /* Found once for each chip: pages ask thousands of times. */
    static _Atomic(unsigned char) found[ARRAY_LENGTH(chips)];
    enum { UNKNOWN, CLEAR, UNCLEAR };
    const struct chip *entry = first_entry(name);

    if (entry == NULL)
        return name;
    unsigned char clear = found[entry - chips];

    if (clear == UNKNOWN)
        found[entry - chips] = clear = is_clear_without_prefix(name) ? CLEAR : UNCLEAR;
    return clear == CLEAR ? without_prefix(name) : name;
}

void catalog_variant_label(const struct chip *chip, struct buf *into)
{
    const struct chip *first = first_entry(chip->name);
    const size_t count = first ? chip_entries(first) : 0;
    size_t alike = 0;

    for (size_t i = 0; i < count; i++)
        alike += first[i].gpu_cores == chip->gpu_cores;
    /* One that stands for several has GPU cores and no CPU cores. */
    if (strcmp(chip->kind, "soc") == 0 && chip->gpu_cores > 0 && (alike == 1 || chip->cpu_cores == 0) &&
        chip->variant[0])
        buf_addf(into, "%dc", chip->gpu_cores);
    else
        buf_adds(into, chip->variant);
}
