#include "analyze/data/sides.h"

#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/str.h"

enum { LABEL_LONGEST = 24 };

/* ---- naming sides */

static int add_path(struct side_list *sides, const char *path)
{
    for (size_t i = 0; i < sides->path_count; i++)
        if (text_equal(sides->paths[i], path))
            return 0;
    sides->paths[sides->path_count++] = path;
    return 0;
}

/* "FILE" or "FILE:KEY=VALUE": the longest beginning that is a file counts. */
static int parse_file(const char *argument, struct arena *arena, struct side *side, struct err *err)
{
    const char *colon = argument;

    if (text_equal(argument, "-") || access(argument, F_OK) == 0) {
        side->path = argument;
        return 0;
    }
    while ((colon = strchr(colon, ':')) != NULL) {
        const char *path = arena_strndup(arena, argument, (size_t)(colon - argument));

        colon++;
        if (path != NULL && access(path, F_OK) == 0) {
            side->path = path;
            return selection_parse(colon, arena, &side->selection, err);
        }
    }
    if (strchr(argument, '/') != NULL || text_ends_with(argument, ".json") || text_ends_with(argument, ".csv")) {
        (void)err_set(err, ERR_DATA, "there is no such file");
        (void)err_path(err, "%s", argument);
        return err_hint(err,
                        "check the name and the folder; without a file a side is a selection of the database, such "
                        "as \"M4 Max\" or chip=M4,os=macOS 15");
    }
    return arena_check(arena, err);
}

static int check_kinds(const struct side_list *sides, struct err *err)
{
    for (size_t i = 0; i < sides->count; i++)
        if ((sides->items[i].path != NULL) != (sides->items[0].path != NULL)) {
            const char *other = sides->items[i].path == NULL ? sides->items[i].name : sides->items[0].name;

            (void)err_set(err, ERR_USAGE, "\"%s\" is no file, and another side is one", other);
            return err_hint(err, "compare files with files; a selection of a file is FILE:KEY=VALUE");
        }
    return 0;
}

/* Letters for all where one name would make a column too wide, or two would look the same. */
static int label_sides(struct side_list *sides, struct arena *arena, struct err *err)
{
    bool letters = false;

    for (size_t i = 0; i < sides->count; i++) {
        struct side *side = &sides->items[i];

        side->label = side->path != NULL ? file_base_name(side->name) : side->name;
        letters = letters || strlen(side->label) > LABEL_LONGEST;
        for (size_t j = 0; j < i; j++)
            letters = letters || text_equal(side->label, sides->items[j].label);
    }
    for (size_t i = 0; letters && i < sides->count; i++)
        sides->items[i].label = arena_printf(arena, "%c", (char)('A' + (char)i));
    const int status = arena_check(arena, err);

    return status < 0 ? status : check_kinds(sides, err);
}

int sides_parse(const char *const *arguments, size_t count, struct arena *arena, struct side_list *ret, struct err *err)
{
    struct side_list sides = {.count = 0};

    if (count < 2 || count > SIDES_MAX)
        return err_set(err, ERR_USAGE, "a comparison has 2 to %d sides", SIDES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct side *side = &sides.items[sides.count++];

        *side = (struct side){.name = arguments[i], .selection = {NULL, 0, TIME_UNKNOWN, TIME_UNKNOWN}};
        const int status = parse_file(arguments[i], arena, side, err);

        if (status < 0)
            return status;
        if (side->path != NULL)
            add_path(&sides, side->path);
    }
    *ret = sides;
    return label_sides(ret, arena, err);
}

/* ---- what a value alone means */

static bool some_has(const struct result_set *set, const char *facet, const char *value, struct arena *arena)
{
    const struct facet_choice choice = facet_choose(facet, value);

    for (size_t i = 0; i < set->result_count; i++)
        if (result_is_usable(set, &set->results[i]) && facet_is(set, &set->results[i], &choice, arena))
            return true;
    return false;
}

static int choose_facet(const struct result_set *set, struct side *side, struct arena *arena, struct err *err)
{
    static const char *const order[] = {"chip", "submission", "version", "model",  "quantization", "backend",
                                        "mode", "title",      "change",  "device", "tool",         "generation"};
    struct facet_choice *choice = arena_alloc(arena, 1, sizeof(*choice));

    if (choice == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
        if (some_has(set, order[i], side->name, arena)) {
            *choice = facet_choose(order[i], side->name);
            side->selection = (struct selection){choice, 1, TIME_UNKNOWN, TIME_UNKNOWN};
            return 0;
        }
    *choice = facet_choose("chip", side->name);
    const struct selection wanted = {choice, 1, TIME_UNKNOWN, TIME_UNKNOWN};
    const int status = selection_explain(set, &wanted, err);

    if (err != NULL)
        (void)err_set(err, ERR_NOTHING, "no file, chip, submission, version or label is called \"%s\"", side->name);
    if (facet_hint_chips(side->name, err))
        return status;
    (void)err_hint(err, "KEY=VALUE says what is meant, such as chip=M4 or version=b4567; crosschip-analyze table shows "
                        "the chips that are there");
    return status;
}

bool side_covers(const struct result_set *set, const struct side *side, const struct result *result,
                 struct arena *arena)
{
    const struct submission *submission = &set->submissions[result->run->submission];

    if (side->path != NULL ? !text_equal(submission->file, side->path) : submission->repeats)
        return false;
    return selection_passes(set, &side->selection, result, arena);
}

bool side_has(const struct result_set *set, const struct side *side, const struct result *result, struct arena *arena)
{
    return result_is_usable(set, result) && side_covers(set, side, result, arena);
}

static int resolve(const struct result_set *set, struct side *side, struct arena *arena, struct err *err)
{
    bool failed = false, quarantined = false;
    int status = 0;

    if (side->path == NULL && side->selection.count == 0)
        status = strchr(side->name, '=') != NULL ? selection_parse(side->name, arena, &side->selection, err)
                                                 : choose_facet(set, side, arena, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (side_has(set, side, result, arena))
            return 0;
        if (!result_is_left_out(set, result) || !side_covers(set, side, result, arena))
            continue;
        failed = failed || result->failed;
        quarantined = quarantined || !result->failed;
    }
    if (side->selection.count > 0 && !failed && !quarantined)
        return selection_explain(set, &side->selection, err);
    (void)err_set(err, ERR_NOTHING,
                  quarantined ? "its runs are quarantined: there is nothing to compare"
                  : failed    ? "its runs failed or are invalid: there is nothing to compare"
                              : "there is no figure in it that could be compared");
    if (quarantined)
        (void)err_hint(err, "crosschip-analyze audit says why");
    return err_path(err, "%s", side->path != NULL ? side->path : side->name);
}

int sides_resolve(const struct result_set *set, struct side_list *sides, struct arena *arena, struct err *err)
{
    int status = 0;

    for (size_t i = 0; i < sides->count && status == 0; i++)
        status = resolve(set, &sides->items[i], arena, err);
    return status;
}

/* The first result from `at` on that the side has; the number of results when there is none. */
static size_t next_of(const struct result_set *set, const struct side *side, size_t at, struct arena *arena)
{
    while (at < set->result_count && !side_has(set, side, &set->results[at], arena))
        at++;
    return at;
}

static bool same_measurement(const struct result_set *set, const struct result *a, const struct result *b)
{
    return a->run->number == b->run->number && a->ordinal == b->ordinal &&
           text_equal(set->submissions[a->run->submission].id, set->submissions[b->run->submission].id);
}

enum sides_overlap sides_overlap(const struct result_set *set, const struct side *a, const struct side *b,
                                 struct arena *arena)
{
    size_t first = next_of(set, a, 0, arena), second = next_of(set, b, 0, arena);

    while (first < set->result_count && second < set->result_count &&
           same_measurement(set, &set->results[first], &set->results[second])) {
        first = next_of(set, a, first + 1, arena);
        second = next_of(set, b, second + 1, arena);
    }
    if (first == set->result_count && second == set->result_count)
        return SIDES_EQUAL;
    for (size_t i = 0; i < set->result_count; i++)
        if (side_has(set, a, &set->results[i], arena) && side_has(set, b, &set->results[i], arena))
            return SIDES_OVERLAP;
    return SIDES_APART;
}
