#include "plot/input_compare.h"

#include <string.h>

#include "schema/base/str.h"

static const char *const fields[COMPARE_FIELDS] = {"tool", "model",   "quantization", "backend",
                                                   "mode", "variant", "task",         "category"};

static const char *text_of(const struct json *row, const char *key)
{
    const struct json *member = json_get(row, key);
    return json_is(member, JSON_STRING) ? json_string(member) : "";
}

bool input_compare_is_drawn(const struct compare_table *table, const struct json *row)
{
    return text_equal(text_of(row, "metric"), table->metric);
}

bool input_compare_find(const struct json *root, struct compare_table *ret)
{
    struct compare_table table = {.sides = json_get(root, "sides"), .rows = json_get(root, "rows")};
    size_t most = 0, all = 0;
    if (!json_is(table.sides, JSON_ARRAY) || !json_is(json_first(table.sides), JSON_STRING) ||
        !json_is(table.rows, JSON_ARRAY)) {
        return false;
    }
    for (const struct json *row = json_first(table.rows); row != NULL; row = json_next(row), all++) {
        size_t count = 0;
        for (const struct json *other = json_first(table.rows); other != NULL; other = json_next(other)) {
            count += text_equal(text_of(row, "metric"), text_of(other, "metric")) ? 1 : 0;
        }
        if (count > most) {
            most = count;
            table.metric = text_of(row, "metric");
        }
    }
    if (text_is_empty(table.metric)) {
        return false;
    }
    const struct json *first = NULL;
    for (const struct json *row = json_first(table.rows); row != NULL; row = json_next(row)) {
        if (!input_compare_is_drawn(&table, row)) {
            continue;
        }
        first = first == NULL ? row : first;
        for (size_t i = 0; i < COMPARE_FIELDS; i++) {
            table.varies[i] |= !text_equal(text_of(row, fields[i]), text_of(first, fields[i]));
        }
    }
    table.rows_left_out = all - most;
    *ret = table;
    return true;
}

static const char *join(struct arena *arena, const struct compare_table *table, const struct json *row, bool varying)
{
    const char *joined = NULL;
    for (size_t i = 0; i < COMPARE_FIELDS; i++) {
        const char *text = text_of(row, fields[i]);
        if (table->varies[i] == varying && text[0] != '\0' && !text_equal(text, "alone")) {
            joined = joined == NULL ? arena_strdup(arena, text) : arena_printf(arena, "%s, %s", joined, text);
        }
    }
    return joined;
}

const char *input_compare_workload(struct arena *arena, const struct compare_table *table, const struct json *row)
{
    const char *joined = join(arena, table, row, true);
    joined = joined != NULL ? joined : arena_strdup(arena, text_of(row, "task"));
    return text_is_empty(joined) ? "all" : joined;
}

const char *input_compare_subject(struct arena *arena, const struct compare_table *table)
{
    for (const struct json *row = json_first(table->rows); row != NULL; row = json_next(row)) {
        if (input_compare_is_drawn(table, row)) {
            return join(arena, table, row, false);
        }
    }
    return NULL;
}

const char *input_compare_side(struct arena *arena, const struct json *side)
{
    const char *text = json_is(side, JSON_STRING) ? json_string(side) : "";
    const char *slash = strrchr(text, '/'), *point = strrchr(text, '.');
    const char *start = slash != NULL ? slash + 1 : text;
    bool ended = point != NULL && point > start &&
                 (text_equal(point, ".json") || text_equal(point, ".jsonl") || text_equal(point, ".txt") ||
                  text_equal(point, ".md"));
    return arena_strndup(arena, start, ended ? (size_t)(point - start) : strlen(start));
}
