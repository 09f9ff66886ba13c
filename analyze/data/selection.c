/* Choosing results by facets, and saying why a choice found nothing. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/facets.h"
#include "schema/base/buf.h"
#include "schema/base/options.h"
#include "schema/base/str.h"

#define CHOICES_MAX 64
#define NAMES_SHOWN 6

/* One of the values that are given for this facet. */
static bool one_passes(const struct result_set *set, const struct selection *selection, size_t choice,
                       const struct result *result, struct arena *arena)
{
    const char *name = selection->items[choice].name;

    for (size_t i = 0; i < selection->count; i++)
        if (text_equal(selection->items[i].name, name) && facet_is(set, result, &selection->items[i], arena))
            return true;
    return false;
}

bool selection_passes(const struct result_set *set, const struct selection *selection, const struct result *result,
                      struct arena *arena)
{
    if (selection->since_us != TIME_UNKNOWN &&
        (result->run->ran_us == TIME_UNKNOWN || result->run->ran_us < selection->since_us))
        return false;
    for (size_t i = 0; i < selection->count; i++)
        if (!one_passes(set, selection, i, result, arena))
            return false;
    return true;
}

static int add_choice(struct str part, struct arena *arena, struct facet_choice *ret, struct err *err)
{
    const size_t equals = str_find(part, STR("="), 0);

    if (equals == SIZE_MAX || equals == 0) {
        (void)err_set(err, ERR_USAGE, "\"%.*s\" is no selection", (int)part.len, part.data);
        return err_hint(err, "a selection is KEY=VALUE, such as mode=run_onnx, or KEY= for what does not state it; "
                             "several with commas between them");
    }
    const char *name = arena_strndup(arena, part.data, equals);
    const char *value = arena_strndup(arena, part.data + equals + 1, part.len - equals - 1);
    int status = arena_check(arena, err);

    if (status == 0)
        status = facet_check(name, err);
    if (status == 0)
        *ret = facet_choose(name, value);
    return status;
}

int selection_parse(const char *text, struct arena *arena, struct selection *ret, struct err *err)
{
    struct facet_choice *items = arena_alloc(arena, CHOICES_MAX, sizeof(*items));
    struct str rest = str_of(text), part;
    size_t count = 0;

    if (items == NULL)
        return mem_error(err);
    while (str_next_field(&rest, ',', &part)) {
        if (count == CHOICES_MAX)
            return err_set(err, ERR_USAGE, "more than %d selections at once", CHOICES_MAX);
        const int status = add_choice(str_trim(part), arena, &items[count], err);

        if (status < 0)
            return status;
        count++;
    }
    *ret = (struct selection){items, count, TIME_UNKNOWN, TIME_UNKNOWN};
    return 0;
}

/* ---- nothing found */

/* A value of a facet that is there, and how much of what was asked for it shares. */
struct near_value {
    const char *text;
    double closeness;
};

static int compare_texts(const void *left, const void *right)
{
    const struct near_value *a = left, *b = right;

    return text_compare_natural(a->text, b->text);
}

static int compare_near(const void *left, const void *right)
{
    const struct near_value *a = left, *b = right;

    if (a->closeness < b->closeness || a->closeness > b->closeness)
        return a->closeness > b->closeness ? -1 : 1;
    return text_compare_natural(a->text, b->text);
}

static size_t shared_pairs(struct str of, struct str in)
{
    size_t shared = 0;

    for (size_t i = 0; i + 2 <= of.len; i++)
        shared += str_find_ignore_case(in, str_slice(of.data + i, 2), 0) != SIZE_MAX ? 1 : 0;
    return shared;
}

/* From 0 to 2: the share of the pairs of neighbouring letters of each that the other has too (as Dice's coefficient,
 * but repeated pairs count each time). */
static double closeness_of(struct str a, struct str b)
{
    if (a.len < 2 || b.len < 2)
        return str_find_ignore_case(a, b, 0) != SIZE_MAX || str_find_ignore_case(b, a, 0) != SIZE_MAX ? 1 : 0;
    return (double)shared_pairs(a, b) / (double)(a.len - 1) + (double)shared_pairs(b, a) / (double)(b.len - 1);
}

static size_t distinct_values(const struct result_set *set, const char *name, struct arena *arena,
                              struct near_value *values)
{
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const char *value = facet_of(set, &set->results[i], name, arena);

        if (!text_is_empty(value))
            values[count++] = (struct near_value){.text = value};
    }
    if (count > 0)
        qsort(values, count, sizeof(*values), compare_texts);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !text_equal(values[i].text, values[kept - 1].text))
            values[kept++] = values[i];
    return kept;
}

int facet_hint_values(const struct result_set *set, const char *name, const char *wanted, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autofree struct near_value *values = mem_zalloc(set->result_count + 1, sizeof(*values));
    autobuf struct buf names = BUF(4096);

    if (values == NULL)
        return mem_error(err);
    const size_t count = distinct_values(set, name, &arena, values);

    for (size_t i = 0; i < count; i++)
        values[i].closeness = closeness_of(str_of(values[i].text), str_of(wanted));
    if (count > 1)
        qsort(values, count, sizeof(*values), compare_near);
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        buf_addf(&names, "%s%s", i > 0 ? ", " : "", values[i].text);
    if (count > NAMES_SHOWN)
        buf_addf(&names, " and %zu more", count - NAMES_SHOWN);
    return count > 0 ? err_hint(err, "there is %s", buf_text(&names)) : err_hint(err, "no result states a %s", name);
}

static bool finds_something(const struct result_set *set, const struct selection *one, struct arena *arena)
{
    for (size_t i = 0; i < set->result_count; i++)
        if (selection_passes(set, one, &set->results[i], arena))
            return true;
    return false;
}

int selection_explain(const struct result_set *set, const struct selection *selection, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};

    for (size_t i = 0; i < selection->count; i++) {
        const struct selection one = {&selection->items[i], 1, TIME_UNKNOWN, TIME_UNKNOWN};

        if (finds_something(set, &one, &arena))
            continue;
        if (text_is_empty(one.items->value))
            (void)err_set(err, ERR_NOTHING, "every result states its %s", one.items->name);
        else
            (void)err_set(err, ERR_NOTHING, "no result has %s \"%s\"", one.items->name, one.items->value);
        if (text_equal(one.items->name, "chip") && facet_hint_chips(one.items->value, err))
            return -ERR_NOTHING;
        return facet_hint_values(set, text_equal(one.items->name, "family") ? "generation" : one.items->name,
                                 one.items->value, err);
    }
    if (selection->since_us != TIME_UNKNOWN) {
        (void)err_set(err, ERR_NOTHING, "no result that passes the other selections is so new");
        return err_hint(err, "results that state no time do not pass --since");
    }
    (void)err_set(err, ERR_NOTHING, "no result passes all selections at once");
    return err_hint(err, "each of them alone finds some: leave one out");
}

int selection_keep(struct result_set *set, const struct selection *selection, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    size_t kept = 0;

    for (size_t i = 0; i < set->result_count; i++)
        kept += selection_passes(set, selection, &set->results[i], &arena) ? 1 : 0;
    if (kept == 0 && set->result_count > 0)
        return selection_explain(set, selection, err);
    kept = 0;
    for (size_t i = 0; i < set->result_count; i++)
        if (selection_passes(set, selection, &set->results[i], &arena))
            set->results[kept++] = set->results[i];
    set->result_count = kept;
    return 0;
}
