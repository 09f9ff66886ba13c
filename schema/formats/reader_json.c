#include "schema/formats/reader_json.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/bundle/cell.h"
#include "schema/formats/reader.h"

static int wrong_type(const struct json *value, const char *path, const char *key, struct err *err)
{
    err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(value)));
    return err_path(err, "%s%s%s", path, *path != '\0' ? "." : "", key);
}

/* A word that tools write where they have no number. */
static bool is_unknown(const char *text)
{
    static const char *const unknown[] = {"", "Unknown", "N/A", "None"};
    for (size_t i = 0; i < ARRAY_LENGTH(unknown); i++)
        if (text_equal_ignore_case(text, unknown[i]))
            return true;
    return false;
}

int reader_member_number(const struct json *object, const char *path, const char *key, double *ret, struct err *err)
{
    const struct json *value = json_get(object, key);
    *ret = MISSING;
    switch (json_type(value)) {
    case JSON_ABSENT:
    case JSON_NULL:
    case JSON_NOT_FINITE:
        return 0;
    case JSON_NUMBER:
        *ret = json_number(value);
        return 0;
    case JSON_STRING:
        if (number_parse_loose(str_of(json_string(value)), ret))
            return 0;
        *ret = MISSING;
        if (is_unknown(json_string(value)))
            return 0;
        break;
    case JSON_BOOLEAN:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return wrong_type(value, path, key, err);
}

int reader_member_figure(const struct json *object, const char *path, const char *key, double *ret,
                         bool *ret_not_finite, struct err *err)
{
    const struct json *value = json_get(object, key);
    const char *text = json_string(value);
    *ret_not_finite = json_is(value, JSON_NOT_FINITE) || (text != NULL && reader_is_not_finite(str_of(text)));
    if (!*ret_not_finite)
        return reader_member_number(object, path, key, ret, err);
    *ret = MISSING;
    return 0;
}

bool reader_take_parameter(struct arena *arena, struct parameter_list *list, const struct json *member)
{
    const char *name = json_key(member);
    enum private_kind kind;
    if (text_is_empty(name) || strlen(name) > 64 || reader_name_is_personal(str_of(name), &kind))
        return false;
    return !reader_is_placeholder(json_string(member)) && parameters_set_json(arena, list, member);
}
