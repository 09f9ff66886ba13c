#include "analyze/data/pooled.h"

#include "analyze/data/facets.h"
#include "schema/base/str.h"

enum { VALUES_MOST = 64, VALUES_SHOWN = 3, NAMES_MOST = 32 };

/* Different texts, in the order in which they were met. */
struct values {
    const char *items[VALUES_MOST];
    size_t count;
};

static void add_value(struct values *values, const char *value)
{
    for (size_t i = values->count; i > 0; i--)
        if (text_equal(values->items[i - 1], value))
            return;
    if (values->count < VALUES_MOST)
        values->items[values->count++] = value;
}

/* Different set-ups; results of one are the rule, and stand beside each other. */
struct setups {
    const struct set_setup *items[VALUES_MOST];
    size_t count;
};

static void add_setup(struct setups *setups, const struct set_setup *setup)
{
    for (size_t i = setups->count; i > 0; i--)
        if (setups->items[i - 1] == setup)
            return;
    if (setups->count < VALUES_MOST)
        setups->items[setups->count++] = setup;
}

static bool describe(const char *name, const struct values *values, bool any, struct buf *into)
{
    if (values->count < 2)
        return false;
    buf_addf(into, "%s%s (", any ? ", " : "", name);
    for (size_t i = 0; i < values->count && i < VALUES_SHOWN; i++)
        buf_addf(into, "%s%s", i > 0 ? ", " : "", text_is_empty(values->items[i]) ? "not stated" : values->items[i]);
    if (values->count > VALUES_SHOWN)
        buf_addf(into, " and %zu more", values->count - VALUES_SHOWN);
    buf_adds(into, ")");
    return true;
}

static struct values versions_of(const struct result *const *results, size_t count)
{
    struct values versions = {.count = 0};

    /* Equal texts are mostly one text. */
    for (size_t i = 0; i < count; i++)
        if (i == 0 || results[i]->run->tool_version != results[i - 1]->run->tool_version)
            add_value(&versions, results[i]->run->tool_version);
    return versions;
}

bool pooled_differences(const struct result *const *results, size_t count, struct arena *arena, struct buf *into)
{
    const struct values versions = versions_of(results, count);
    struct setups setups = {.count = 0};
    struct values variants = {.count = 0}, names = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || results[i]->run->machine != results[i - 1]->run->machine)
            add_value(&variants, results[i]->run->machine->chip_variant);
        add_setup(&setups, results[i]->run->setup);
    }
    bool any = describe("variant", &variants, false, into);

    any |= describe("version", &versions, any, into);
    for (size_t i = 0; i < setups.count; i++)
        for (size_t j = 0; j < setups.items[i]->items.count; j++)
            if (names.count < NAMES_MOST)
                add_value(&names, setups.items[i]->items.items[j].name);
    for (size_t i = 0; i < names.count; i++) {
        struct values values = {.count = 0};

        for (size_t j = 0; j < setups.count; j++)
            add_value(&values, facet_parameter(&setups.items[j]->items, names.items[i], arena));
        any |= describe(names.items[i], &values, any, into);
    }
    return any;
}

size_t pooled_versions(const struct result *const *results, size_t count)
{
    const struct values versions = versions_of(results, count);
    size_t stated = versions.count;

    for (size_t i = 0; i < versions.count; i++)
        stated -= text_is_empty(versions.items[i]) ? 1 : 0;
    return stated;
}
