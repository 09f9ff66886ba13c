/* Names that no rule knows, by the decisions of the caller. */
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

static int compare_name(const void *name, const void *item)
{
    return strcmp(name, ((const struct catalog_alias *)item)->name);
}

const struct catalog_alias *catalog_alias(const struct catalog_aliases *aliases, const char *name)
{
    if (aliases == NULL || aliases->count == 0 || text_is_empty(name))
        return NULL;
    return bsearch(name, aliases->items, aliases->count, sizeof(*aliases->items), compare_name);
}

void catalog_match_chip_or_alias(const char *raw, const struct chip_facts *facts, const struct catalog_aliases *aliases,
                                 struct chip_match *ret)
{
    catalog_match_chip(raw, facts, ret);
    const struct catalog_alias *alias = ret->chip == NULL ? catalog_alias(aliases, raw) : NULL;

    if (alias == NULL)
        return;
    catalog_match_chip(alias->target, facts, ret);
    const struct chip *entry = text_is_empty(alias->variant) ? NULL : catalog_chip(ret->chip, alias->variant);

    if (ret->chip != NULL && entry != NULL) {
        ret->variant = entry->variant;
        ret->entry = entry;
        ret->bandwidth_max_gb_s = entry->bandwidth_gb_s;
        ret->candidate_count = 0;
    }
}
