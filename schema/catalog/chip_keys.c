/* The keys of the catalogue: exact look-up, and the nearest names when there is none. */
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_text.h"

#define KEY_MAX 40
#define BEGINNINGS_MAX 24

struct key_row {
    const char *key;
    unsigned short row;         /* of the chip's first entry */
    unsigned char needs_vendor; /* "4090" is a chip only beside a vendor's name */
};

/* In the order of the keys' bytes. */
static const struct key_row keys[] = {
#include "gen/schema/catalog/chip_keys.inc"
};

static bool fits_vendor(const struct key_row *row, const struct chip *chip, const struct chip_hints *hints)
{
    if (hints->vendors_differ)
        return false;
    return hints->vendor ? strcmp(hints->vendor, chip->vendor) == 0 : !row->needs_vendor;
}

static int compare_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct key_row *)row)->key);
}

const struct chip *chip_by_key(const char *key, const struct chip_hints *hints)
{
    size_t count;
    const struct chip *chips = catalog_chips(&count), *found = NULL;
    const struct key_row *row = bsearch(key, keys, ARRAY_LENGTH(keys), sizeof keys[0], compare_key);

    while (row && row > keys && strcmp(row[-1].key, key) == 0)
        row--;
    for (; row && row < keys + ARRAY_LENGTH(keys) && strcmp(row->key, key) == 0; row++) {
        const struct chip *chip = &chips[row->row];
        if (!fits_vendor(row, chip, hints) || chip == found)
            continue;
        if (found)
            return NULL;
        found = chip;
    }
    return found;
}

/* Edits between two keys (Levenshtein 1966, one row); `limit` + 1 when there are more. A changed digit counts twice:
 * it names another chip, where a changed letter is often a slip. */
static size_t edits(const char *a, size_t length_a, const char *b, size_t length_b, size_t limit)
{
    size_t row[KEY_MAX + 1];

    for (size_t k = 0; k <= length_b; k++)
        row[k] = k;
    for (size_t i = 1; i <= length_a; i++) {
        const size_t change = a[i - 1] >= '0' && a[i - 1] <= '9' ? 2 : 1;
        size_t corner = row[0], least = i;
        row[0] = i;
        for (size_t k = 1; k <= length_b; k++) {
            const size_t above = row[k];
            size_t best = corner + (a[i - 1] == b[k - 1] ? 0 : change);
            best = above + 1 < best ? above + 1 : best;
            best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
            row[k] = best;
            corner = above;
            least = best < least ? best : least;
        }
        if (least > limit)
            return limit + 1;
    }
    return row[length_b];
}

/* True when one begins with the other: "rtx2080" of "rtx2080super". */
static bool begins(const char *key, size_t length, const char *name, size_t name_length)
{
    const size_t shorter = length < name_length ? length : name_length;

    return shorter >= 4 && memcmp(key, name, shorter) == 0;
}

/* How far a name is; SIZE_MAX = too far. */
static size_t distance(const char *key, size_t length, const char *name, size_t name_length)
{
    const size_t limit = length < 4 ? 0 : length < 5 ? 1 : length < 12 ? 2 : 3;
    const size_t difference = length > name_length ? length - name_length : name_length - length;

    if (begins(key, length, name, name_length))
        return difference / 4;
    if (difference > limit)
        return SIZE_MAX;
    const size_t count = edits(key, length, name, name_length, limit);
    return count <= limit ? count : SIZE_MAX;
}

struct ranking {
    const struct chip *chips[CHIP_CANDIDATES_MAX];
    size_t distances[CHIP_CANDIDATES_MAX];
    size_t count;
};

static void take_out(struct ranking *ranking, size_t place)
{
    ranking->count--;
    for (size_t k = place; k < ranking->count; k++) {
        ranking->chips[k] = ranking->chips[k + 1];
        ranking->distances[k] = ranking->distances[k + 1];
    }
}

/* Nearest first; equally near ones in natural order. A chip has several keys: its nearest counts. */
static void rank(struct ranking *ranking, const struct chip *chip, size_t far)
{
    size_t place = 0;

    for (size_t k = 0; k < ranking->count; k++)
        if (ranking->chips[k] == chip) {
            if (ranking->distances[k] <= far)
                return;
            take_out(ranking, k);
        }
    while (place < ranking->count &&
           (ranking->distances[place] < far || (ranking->distances[place] == far && ranking->chips[place] < chip)))
        place++;
    if (place == CHIP_CANDIDATES_MAX)
        return;
    if (ranking->count < CHIP_CANDIDATES_MAX)
        ranking->count++;
    for (size_t k = ranking->count - 1; k > place; k--) {
        ranking->chips[k] = ranking->chips[k - 1];
        ranking->distances[k] = ranking->distances[k - 1];
    }
    ranking->chips[place] = chip;
    ranking->distances[place] = far;
}

void chip_nearest(const char *key, const char *vendor, bool beginnings_only, struct chip_match *match)
{
    size_t count, beginnings = 0;
    const struct chip *chips = catalog_chips(&count);
    const size_t length = strlen(key);
    struct ranking ranking = {.count = 0};

    if (length < 2 || length >= KEY_MAX)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const struct chip *chip = &chips[keys[i].row];
        const size_t key_length = strlen(keys[i].key);
        if ((vendor && strcmp(vendor, chip->vendor) != 0) || key_length >= KEY_MAX)
            continue;
        const bool beginning = begins(key, length, keys[i].key, key_length);
        const size_t far = beginning || !beginnings_only ? distance(key, length, keys[i].key, key_length) : SIZE_MAX;
        beginnings += beginning && key_length > length;
        if (far != SIZE_MAX)
            rank(&ranking, chip, far);
    }
    /* What begins very many names is a family ("Core i7"), and eight of its members would mislead. */
    if (beginnings > BEGINNINGS_MAX)
        return;
    for (size_t i = 0; i < ranking.count; i++)
        match->candidates[match->candidate_count++] = ranking.chips[i]->name;
}
