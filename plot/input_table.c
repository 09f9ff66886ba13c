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
        ret->others += ret->rows != NULL;
        if (ret->rows == NULL || json_count(rows) > json_count(ret->rows)) {
            const struct json *metrics = json_get(table, "metrics");
            ret->rows = rows;
            ret->metrics = holds_objects(metrics) ? metrics : NULL;
            ret->table = table;
        }
    }
    return ret->rows != NULL;
}

bool input_table_find(const struct json *root, struct input_table *ret)
{
    if (json_is(root, JSON_ARRAY)) {
        ret->rows = root;
        return true;
    }
    const struct json *tables = json_is(root, JSON_OBJECT) ? json_get(root, "tables") : NULL;
    if (holds_objects(tables) && find_table(tables, ret)) {
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
