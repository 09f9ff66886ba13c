#include "analyze/data/facets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

static const struct chip *entry_of(const struct result *result)
{
    if (result->run->machine->chip_entry != NULL || !result->run->machine->chip_known)
        return result->run->machine->chip_entry;
    return catalog_chip(result->run->machine->chip, NULL);
}

static const char *date_of(const struct result *result, struct arena *arena)
{
    char text[CLOCK_TEXT_SIZE];

    if (result->run->ran_us == TIME_UNKNOWN)
        return "";
    (void)clock_format(text, result->run->ran_us);
    text[strlen("2000-01-01")] = '\0';
    return arena_strdup(arena, text);
}

static const char *count_of(const struct result *result, struct arena *arena)
{
    return arena_printf(arena, "%lld", (long long)result->run->machine->chip_count);
}

enum source { OF_RUN, OF_MACHINE, OF_WORKLOAD, OF_SETUP, OF_MEASURE, OF_SUBMISSION, OF_CHIP };

/* Facets that are stored as text, and where. */
static const struct stored {
    const char *name;
    enum source source;
    size_t offset;
} stored[] = {
    {"tool", OF_RUN, offsetof(struct set_run, tool)},
    {"version", OF_RUN, offsetof(struct set_run, tool_version)},
    {"chip", OF_MACHINE, offsetof(struct set_machine, chip)},
    {"chip_variant", OF_MACHINE, offsetof(struct set_machine, chip_variant)},
    {"vendor", OF_CHIP, offsetof(struct chip, vendor)},
    {"kind", OF_CHIP, offsetof(struct chip, kind)},
    {"family", OF_CHIP, offsetof(struct chip, family)},
    {"generation", OF_CHIP, offsetof(struct chip, generation)},
    {"tier", OF_CHIP, offsetof(struct chip, tier)},
    {"model", OF_WORKLOAD, offsetof(struct set_workload, model)},
    {"quantization", OF_WORKLOAD, offsetof(struct set_workload, quantization)},
    {"backend", OF_WORKLOAD, offsetof(struct set_workload, backend)},
    {"mode", OF_WORKLOAD, offsetof(struct set_workload, mode)},
    {"task", OF_WORKLOAD, offsetof(struct set_workload, task)},
    {"category", OF_WORKLOAD, offsetof(struct set_workload, category)},
    {"parameters", OF_WORKLOAD, offsetof(struct set_workload, parameters)},
    {"variant", OF_RUN, offsetof(struct set_run, variant)},
    {"setup", OF_SETUP, offsetof(struct set_setup, text)},
    {"metric", OF_MEASURE, offsetof(struct set_measure, metric)},
    {"os", OF_MACHINE, offsetof(struct set_machine, os)},
    {"driver", OF_MACHINE, offsetof(struct set_machine, driver)},
    {"device", OF_RUN, offsetof(struct set_run, device)},
    {"submission", OF_SUBMISSION, offsetof(struct submission, id)},
    {"format", OF_SUBMISSION, offsetof(struct submission, format)},
    {"file", OF_SUBMISSION, offsetof(struct submission, file)},
    {"contributor", OF_SUBMISSION, offsetof(struct submission, contributor)},
};

static const struct made {
    const char *name;
    const char *(*of)(const struct result *, struct arena *);
} made[] = {{"count", count_of}, {"date", date_of}};

static const char *const lists[] = {"setup.", "parameter.", "label."};

static const char *alias_of(const char *name)
{
    static const struct {
        const char *alias, *name;
    } aliases[] = {{"title", "label.title"},
                   {"change", "label.change"},
                   {"tool_version", "version"},
                   {"quant", "quantization"},
                   {"runtime", "backend"}};

    for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
        if (text_equal(name, aliases[i].alias))
            return aliases[i].name;
    return name;
}

static bool is_known(const char *given)
{
    const char *name = alias_of(given);

    for (size_t i = 0; i < ARRAY_LENGTH(stored); i++)
        if (text_equal(name, stored[i].name))
            return true;
    for (size_t i = 0; i < ARRAY_LENGTH(made); i++)
        if (text_equal(name, made[i].name))
            return true;
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
        if (text_starts_with(name, lists[i]) && name[strlen(lists[i])] != '\0')
            return true;
    return false;
}

int facet_check(const char *name, struct err *err)
{
    if (is_known(name))
        return 0;
    (void)err_set(err, ERR_USAGE, "results have no property \"%s\"", name);
    return err_hint(err, "chip, chip_variant, vendor, family, generation, model, quantization, backend, mode, task, "
                         "category, variant, tool, version, os, driver, date, file, submission, title, change, "
                         "setup.NAME, parameter.NAME, label.NAME");
}

const char *facet_parameter(const struct parameter_list *list, const char *name, struct arena *arena)
{
    const struct parameter *parameter = parameters_find(list, name);
    char digits[NUMBER_TEXT_SIZE];

    if (parameter == NULL)
        return "";
    if (parameter->type == PARAMETER_WORD)
        return parameter->word;
    if (parameter->type == PARAMETER_BOOLEAN)
        return parameter->number > 0 ? "yes" : "no";
    return arena_strdup(arena, number_shortest(digits, parameter->number));
}

static const char *stored_text(const struct result_set *set, const struct result *result, const struct stored *facet)
{
    const void *const froms[] = {[OF_RUN] = result->run,
                                 [OF_MACHINE] = result->run->machine,
                                 [OF_WORKLOAD] = result->run->workload,
                                 [OF_SETUP] = result->run->setup,
                                 [OF_MEASURE] = result->measure,
                                 [OF_SUBMISSION] = &set->submissions[result->run->submission],
                                 [OF_CHIP] = entry_of(result)};
    const char *from = froms[facet->source], *text;

    if (from == NULL)
        return "";
    memcpy(&text, from + facet->offset, sizeof(text));
    return text != NULL ? text : "";
}

const char *facet_of(const struct result_set *set, const struct result *result, const char *given, struct arena *arena)
{
    const char *name = alias_of(given), *text = NULL;

    for (size_t i = 0; i < ARRAY_LENGTH(stored); i++)
        if (text_equal(name, stored[i].name))
            return stored_text(set, result, &stored[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(made); i++)
        if (text_equal(name, made[i].name))
            text = made[i].of(result, arena);
    if (text_starts_with(name, "setup."))
        text = facet_parameter(&result->run->setup->items, name + strlen("setup."), arena);
    else if (text_starts_with(name, "parameter."))
        text = facet_parameter(&result->run->workload->parameter_items, name + strlen("parameter."), arena);
    else if (text_starts_with(name, "label."))
        text = label_text(result->run->labels, name + strlen("label."));
    return text != NULL ? text : "";
}

struct facet_choice facet_choose(const char *name, const char *value)
{
    const double unknown = (double)NAN;
    struct facet_choice choice = {alias_of(name), value, NULL, NULL};

    if (text_is_empty(value))
        return choice;
    if (text_equal(choice.name, "chip")) {
        struct chip_match match;

        catalog_match_chip(value, NULL, &match);
        choice.canonical = match.chip;
        choice.canonical_variant = match.chip != NULL && !text_is_empty(match.variant) ? match.variant : NULL;
    } else if (text_equal(choice.name, "model")) {
        const struct model *model = catalog_match_model(value, unknown, unknown);

        choice.canonical = model != NULL ? model->name : NULL;
    } else if (text_equal(choice.name, "quantization")) {
        choice.canonical = catalog_match_quantization(value);
    }
    return choice;
}

bool facet_hint_chips(const char *name, struct err *err)
{
    struct chip_match match;
    autobuf struct buf names = BUF(4096);

    catalog_match_chip(name, NULL, &match);
    if (match.chip != NULL || match.candidate_count == 0)
        return false;
    for (size_t i = 0; i < match.candidate_count; i++)
        buf_addf(&names, "%s%s", i > 0 ? ", " : "", match.candidates[i]);
    (void)err_hint(err, "\"%s\" may mean %s", name, buf_text(&names));
    return true;
}

static bool chip_is(const struct result *result, const struct facet_choice *choice)
{
    if (choice->canonical == NULL)
        return text_equal_ignore_case(result->run->machine->chip_given, choice->value);
    return text_equal(result->run->machine->chip, choice->canonical) &&
           (choice->canonical_variant == NULL ||
            catalog_variant_is(result->run->machine->chip_variant, choice->canonical_variant));
}

static bool submission_is(const char *id, const char *wanted)
{
    return strlen(wanted) >= 4 &&
           (text_starts_with(id, wanted) || (text_starts_with(id, "sha256:") && text_starts_with(id + 7, wanted)));
}

bool facet_is(const struct result_set *set, const struct result *result, const struct facet_choice *choice,
              struct arena *arena)
{
    const char *name = choice->name, *have = facet_of(set, result, name, arena);

    if (text_equal_ignore_case(have, choice->value) || text_is_empty(choice->value))
        return text_is_empty(have) == text_is_empty(choice->value);
    if (text_equal(name, "chip"))
        return chip_is(result, choice);
    if (choice->canonical != NULL)
        return text_equal(choice->canonical, have);
    if (text_equal(name, "submission"))
        return submission_is(have, choice->value);
    /* People call both the M chips and the M4 chips a family. */
    if (text_equal(name, "family"))
        return text_equal_ignore_case(facet_of(set, result, "generation", arena), choice->value);
    if (text_equal(name, "file"))
        return text_ends_with(have, choice->value);
    return false;
}
