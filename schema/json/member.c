#include <math.h>

#include "schema/json/json.h"

/* Fetches a member of a wanted type. 1: *ret; 0: optional and not there; -ERR_DATA. */
static int fetch(const struct json *object, const char *path, const char *key, enum json_presence presence,
                 enum json_type type, const struct json **ret, struct err *err)
{
    const struct json *value = json_get(object, key);
    enum json_type found = json_type(value);
    if (found == type) {
        *ret = value;
        return 1;
    }
    bool missing = found == JSON_ABSENT || found == JSON_NULL;
    if (missing && presence == JSON_OPTIONAL)
        return 0;
    if (found == JSON_ABSENT)
        (void)err_set(err, ERR_DATA, "%s is missing here", json_type_name(type));
    else
        (void)err_set(err, ERR_DATA, "expected %s, found %s", json_type_name(type), json_type_name(found));
    bool top = path == NULL || path[0] == '\0';
    (void)err_path(err, "%s%s%s", top ? "" : path, top ? "" : ".", key);
    return -ERR_DATA;
}

int json_member_string(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       const char **ret, struct err *err)
{
    const struct json *value = NULL;
    int result = fetch(object, path, key, presence, JSON_STRING, &value, err);
    if (result < 0)
        return result;
    *ret = json_string(value);
    return 0;
}

int json_member_number(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       double *ret, struct err *err)
{
    const struct json *value = NULL;
    int result = fetch(object, path, key, presence, JSON_NUMBER, &value, err);
    if (result < 0)
        return result;
    *ret = json_number(value);
    return 0;
}

int json_member_array(const struct json *object, const char *path, const char *key, enum json_presence presence,
                      const struct json **ret, struct err *err)
{
    const struct json *value = NULL;
    int result = fetch(object, path, key, presence, JSON_ARRAY, &value, err);
    if (result < 0)
        return result;
    *ret = value;
    return 0;
}

int json_member_object(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       const struct json **ret, struct err *err)
{
    const struct json *value = NULL;
    int result = fetch(object, path, key, presence, JSON_OBJECT, &value, err);
    if (result < 0)
        return result;
    *ret = value;
    return 0;
}
