#include "plot/input_table.h"

#include <string.h>

#include "schema/base/str.h"

static bool holds_objects(const struct json *value)
{
    return json_is(value, JSON_ARRAY) && json_is(json_first(value), JSON_OBJECT);
}

/* The table with the most rows, the first of several. */
static bool find_table(const struct json *tables, struct input_table *ret)
{
    for (const struct json *table = json_first(tables); table != NULL; table = json_next(table)) {
        const struct json *rows = json_get(table, "rows");
        if (!holds_objects(rows)) {
            continue;
        }
        if (ret->rows == NULL || json_count(rows) > json_count(ret->rows)) {
            const struct json *metrics = json_get(table, "metrics");
            ret->rows = rows;
            ret->metrics = holds_objects(metrics) ? metrics : NULL;
            ret->table = table;
        }
    }
    return ret->rows != NULL;
}

static const char *title_of(const struct json *table)
{
    const struct json *member = json_get(table, "title");
    return json_is(member, JSON_STRING) ? json_string(member) : NULL;
}

/* "Llama 2 7B F16, pp512: Prompt throughput of M1 on Metal" without the M1: lengths of what is before and behind it. */
static bool cut_generation(const char *title, size_t *ret_before, size_t *ret_behind)
{
    size_t before = SIZE_MAX;
    for (const char *at = title; title != NULL && (at = strstr(at, " of ")) != NULL; at += 4) {
        before = (size_t)(at - title) + 4;
    }
    if (before == SIZE_MAX) {
        return false;
    }
    *ret_before = before;
    *ret_behind = before + strcspn(title + before, " ");
    return true;
}

static bool goes_with(const struct json *table, const struct json *other)
{
    const char *a = title_of(table), *b = title_of(other);
    size_t a_before = 0, a_behind = 0, b_before = 0, b_behind = 0;
    return table == other || (json_get(json_first(json_get(table, "rows")), "speed_up") != NULL &&
                              holds_objects(json_get(other, "rows")) && cut_generation(a, &a_before, &a_behind) &&
                              cut_generation(b, &b_before, &b_behind) && a_before == b_before &&
                              strncmp(a, b, a_before) == 0 && strcmp(a + a_behind, b + b_behind) == 0);
}

const struct json *input_table_rows(const struct input_table *table, const struct json **at)
{
    if (table->tables == NULL) {
        const struct json *rows = *at == NULL ? table->rows : NULL;
        *at = table->rows;
        return rows;
    }
    *at = *at == NULL ? json_first(table->tables) : json_next(*at);
    while (*at != NULL && !goes_with(table->table, *at)) {
        *at = json_next(*at);
    }
    return *at != NULL ? json_get(*at, "rows") : NULL;
}

bool input_table_find(const struct json *root, struct input_table *ret)
{
    if (json_is(root, JSON_ARRAY)) {
        ret->rows = root;
        return true;
    }
    const struct json *tables = json_is(root, JSON_OBJECT) ? json_get(root, "tables") : NULL;
    if (holds_objects(tables) && find_table(tables, ret)) {
        ret->tables = tables;
        for (const struct json *table = json_first(tables); table != NULL; table = json_next(table)) {
            ret->others += holds_objects(json_get(table, "rows")) && !goes_with(ret->table, table) ? 1 : 0;
        }
        return true;
    }
    for (const struct json *member = json_first(root); member != NULL; member = json_next(member)) {
        if (holds_objects(member)) {
            ret->rows = member;
            return true;
        }
    }
    return false;
}

/* What follows the metric's name and unit in a key: "", "_low", "_high"; NULL when it is about something else. The
 * first key of the row that begins with the name is its value. */
static const char *rest_of(const struct input_table *table, const char *name, const char *key)
{
    const size_t length = strlen(name);
    for (const struct json *cell = json_first(json_first(table->rows)); cell != NULL; cell = json_next(cell)) {
        const char *base = json_key(cell);
        if (base != NULL && strncmp(base, name, length) == 0 && (base[length] == '\0' || base[length] == '_')) {
            const size_t whole = strlen(base);
            return strncmp(key, base, whole) == 0 ? key + whole : NULL;
        }
    }
    return NULL;
}

const char *input_table_column(struct arena *arena, const struct input_table *table, const char *key)
{
    static const char *const kept[] = {"chip", "variant", "date"};
    if (table->metrics == NULL) {
        return key;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        if (text_equal(key, kept[i])) {
            return key;
        }
    }
    if (text_equal(key, "backend")) {
        return "note";
    }
    for (const struct json *metric = json_first(table->metrics); metric != NULL; metric = json_next(metric)) {
        const struct json *member = json_get(metric, "name");
        const char *name = json_is(member, JSON_STRING) ? json_string(member) : NULL;
        const char *rest = name != NULL ? rest_of(table, name, key) : NULL;
        if (name != NULL && text_equal(key, "runs")) {
            return arena_printf(arena, "%s_runs", name);
        }
        if (rest != NULL && (rest[0] == '\0' || text_equal(rest, "_low") || text_equal(rest, "_high"))) {
            return arena_printf(arena, "%s%s", name, rest);
        }
    }
    return NULL;
}

const char *input_table_baseline(struct arena *arena, const struct input_table *table)
{
    const struct json *member = table->table != NULL ? json_get(table->table, "baseline") : NULL;
    const char *name = json_is(member, JSON_STRING) ? json_string(member) : NULL;
    return text_is_empty(name) ? NULL : arena_strdup(arena, name);
}

const char *input_table_subject(struct arena *arena, const struct input_table *table)
{
    static const char *const keys[] = {"title", "model", "quantization", "task", "mode", "category"};
    const char *subject = NULL;
    for (size_t i = 0; table->table != NULL && i < ARRAY_LENGTH(keys); i++) {
        const struct json *member = json_get(table->table, keys[i]);
        if (json_is(member, JSON_STRING) && json_string(member)[0] != '\0') {
            subject = arena_printf(arena, "%s%s%s", subject != NULL ? subject : "", subject != NULL ? ", " : "",
                                   json_string(member));
        }
    }
    return subject;
}
