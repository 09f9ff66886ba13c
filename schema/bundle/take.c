/* Members of one kind each: text, counts, tables of fields, lists. */
#include <math.h>
#include <stdio.h>

#include "schema/bundle/bundle_read.h"
#include "schema/bundle/limits.h"

const char *take_path(char target[TAKE_PATH_SIZE], const char *path, const char *key)
{
    (void)snprintf(target, TAKE_PATH_SIZE, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
    return target;
}

int take_over_limit(const struct taker *taker, const char *path, const char *key, size_t limit)
{
    char full[TAKE_PATH_SIZE];
    (void)err_set(taker->err, ERR_LIMIT, "more than %zu entries", limit);
    (void)err_path(taker->err, "%s", take_path(full, path, key));
    return -ERR_LIMIT;
}

static int wrong(const struct taker *taker, const char *path, const char *key, const char *expected,
                 const struct json *found)
{
    char full[TAKE_PATH_SIZE];
    (void)err_set(taker->err, ERR_DATA, "expected %s, found %s", expected, json_type_name(json_type(found)));
    (void)err_path(taker->err, "%s", take_path(full, path, key));
    return -ERR_DATA;
}

int take_string(const struct taker *taker, const struct json *object, const char *path, const char *key,
                enum json_presence presence, const char **ret)
{
    const char *text = NULL;
    int result = json_member_string(object, path, key, presence, &text, taker->err);
    if (result < 0)
        return result;
    *ret = arena_strdup(&taker->reading->arena, text);
    return arena_check(&taker->reading->arena, taker->err);
}

int take_count(const struct taker *taker, const struct json *object, const char *path, const char *key, int64_t *ret)
{
    const struct json *value = json_get(object, key);
    enum json_type type = json_type(value);
    if (type == JSON_ABSENT || type == JSON_NULL) {
        *ret = COUNT_UNKNOWN;
        return 0;
    }
    int64_t count = 0;
    if (!json_integer(value, &count) || count < 0)
        return wrong(taker, path, key, "a whole number from 0", value);
    *ret = count;
    return 0;
}

static int take_field(const struct taker *taker, const struct json *object, const char *path, const struct field *field,
                      void *into)
{
    double number = (double)NAN;
    int result = 0;
    switch (field->type) {
    case FIELD_NAME:
        return take_string(taker, object, path, field->key, JSON_OPTIONAL, field_name(into, field));
    case FIELD_COUNT:
        return take_count(taker, object, path, field->key, field_count(into, field));
    case FIELD_NUMBER:
        result = json_member_number(object, path, field->key, JSON_OPTIONAL, &number, taker->err);
        *field_number(into, field) = number;
        break;
    }
    return result;
}

int take_fields(const struct taker *taker, const struct json *object, const char *path, const struct field *fields,
                void *into)
{
    for (const struct field *field = fields; field->key != NULL; field++) {
        int result = take_field(taker, object, path, field, into);
        if (result < 0)
            return result;
    }
    return 0;
}

static int take_parameter(const struct taker *taker, const struct json *value, const char *path,
                          struct parameter_list *into)
{
    struct arena *arena = &taker->reading->arena;
    const char *name = json_key(value);
    if (json_is(value, JSON_NUMBER))
        parameters_set_number(arena, into, name, json_number(value));
    else if (json_is(value, JSON_BOOLEAN))
        parameters_set_boolean(arena, into, name, json_boolean(value, false));
    else if (!json_is(value, JSON_STRING))
        return wrong(taker, path, name, "a number, true, false or a word", value);
    else if (!parameters_set_word(arena, into, name, json_string(value)) && arena->failed == 0)
        return wrong(taker, path, name, "a word of at most 64 characters without / \\ @", value);
    return arena_check(arena, taker->err);
}

int take_parameters(const struct taker *taker, const struct json *object, const char *path, const char *key,
                    struct parameter_list *into)
{
    const struct json *members = NULL;
    int result = json_member_object(object, path, key, JSON_OPTIONAL, &members, taker->err);
    if (result < 0)
        return result;
    char inner[TAKE_PATH_SIZE];
    (void)take_path(inner, path, key);
    for (const struct json *value = json_first(members); value != NULL; value = json_next(value)) {
        if (into->count >= BUNDLE_PARAMETERS_MAX)
            return take_over_limit(taker, path, key, BUNDLE_PARAMETERS_MAX);
        result = take_parameter(taker, value, inner, into);
        if (result < 0)
            return result;
    }
    return 0;
}

int take_flags(const struct taker *taker, const struct json *object, const char *path, struct flag_list *into)
{
    const struct json *items = NULL;
    int result = json_member_array(object, path, "flags", JSON_OPTIONAL, &items, taker->err);
    if (result < 0)
        return result;
    for (const struct json *item = json_first(items); item != NULL; item = json_next(item)) {
        if (json_string(item) == NULL)
            return wrong(taker, path, "flags", "words", item);
        if (into->count >= BUNDLE_PARAMETERS_MAX)
            return take_over_limit(taker, path, "flags", BUNDLE_PARAMETERS_MAX);
        flags_add(&taker->reading->arena, into, json_string(item));
    }
    return arena_check(&taker->reading->arena, taker->err);
}
