#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/document.h"

#define INTEGER_LARGEST 9007199254740992.0 /* 2^53 */

/* struct json is cJSON's node seen from outside the room. */
static const cJSON *node_of(const struct json *value)
{
    return (const cJSON *)(const void *)value;
}

static const struct json *value_of(const cJSON *node)
{
    return (const struct json *)(const void *)node;
}

void json_free(struct json_document *document)
{
    if (document == NULL)
        return;
    arena_done(&document->values);
    free(document->spans);
    free(document);
}

void json_free_cleanup(struct json_document **document)
{
    json_free(*document);
    *document = NULL;
}

const struct json *json_root(const struct json_document *document)
{
    return document != NULL ? value_of(document->root) : NULL;
}

void json_position(const struct json_document *document, int *ret_line, int *ret_column)
{
    int line = 1, column = 1;
    for (size_t i = 0; document != NULL && i < document->offset && i < document->source.len; i++) {
        column++;
        if (document->source.data[i] == '\n') {
            line++;
            column = 1;
        }
    }
    *ret_line = line;
    *ret_column = column;
}

void json_extent(const struct json_document *document, size_t *ret_offset, size_t *ret_length)
{
    *ret_offset = document != NULL ? document->offset : 0;
    *ret_length = document != NULL ? document->length : 0;
}

bool json_span(const struct json_document *document, const struct json *value, size_t *ret_offset, size_t *ret_length)
{
    const cJSON *node = node_of(value);
    if (document == NULL || node == NULL || !cJSON_IsString(node) || node->valueint < 1 ||
        (size_t)node->valueint > document->span_count)
        return false;
    const struct scan_span *span = &document->spans[node->valueint - 1];
    *ret_offset = span->offset;
    *ret_length = span->length;
    return true;
}

/* By the type's bits: the library's own tests are calls, and every value of every document passes here. */
enum json_type json_type(const struct json *value)
{
    const cJSON *node = node_of(value);
    if (node == NULL)
        return JSON_ABSENT;
    switch (node->type & 0xFF) {
    case cJSON_Number:
        return isfinite(node->valuedouble) ? JSON_NUMBER : JSON_NOT_FINITE;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    case cJSON_True:
    case cJSON_False:
        return JSON_BOOLEAN;
    default:
        return JSON_NULL;
    }
}

const char *json_type_name(enum json_type type)
{
    switch (type) {
    case JSON_ABSENT:
        return "nothing";
    case JSON_NULL:
        return "null";
    case JSON_BOOLEAN:
        return "true or false";
    case JSON_NUMBER:
        return "a number";
    case JSON_NOT_FINITE:
        return "a number that is not finite";
    case JSON_STRING:
        return "a string";
    case JSON_ARRAY:
        return "an array";
    case JSON_OBJECT:
        return "an object";
    }
    return "nothing";
}

bool json_is(const struct json *value, enum json_type type)
{
    return json_type(value) == type;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!json_is(object, JSON_OBJECT) || key == NULL)
        return NULL;
    const cJSON *node = node_of(object)->child;
    while (node != NULL && (node->string == NULL || node->string[0] != key[0] || strcmp(node->string, key) != 0))
        node = node->next;
    return value_of(node);
}

const struct json *json_first(const struct json *container)
{
    const cJSON *node = node_of(container);
    return node != NULL ? value_of(node->child) : NULL;
}

const struct json *json_next(const struct json *value)
{
    const cJSON *node = node_of(value);
    return node != NULL ? value_of(node->next) : NULL;
}

const struct json *json_at(const struct json *array, size_t index)
{
    const struct json *item = json_is(array, JSON_ARRAY) ? json_first(array) : NULL;
    while (item != NULL && index-- > 0)
        item = json_next(item);
    return item;
}

size_t json_count(const struct json *container)
{
    size_t count = 0;
    for (const struct json *item = json_first(container); item != NULL; item = json_next(item))
        count++;
    return count;
}

const char *json_key(const struct json *member)
{
    const cJSON *node = node_of(member);
    return node != NULL ? node->string : NULL;
}

const char *json_string(const struct json *value)
{
    return json_is(value, JSON_STRING) ? node_of(value)->valuestring : NULL;
}

double json_number(const struct json *value)
{
    return json_is(value, JSON_NUMBER) ? node_of(value)->valuedouble : (double)NAN;
}

bool json_integer(const struct json *value, int64_t *ret_value)
{
    double number = json_number(value);
    if (!isfinite(number) || fabs(number) > INTEGER_LARGEST || !number_is_integer(number))
        return false;
    *ret_value = (int64_t)number;
    return true;
}

bool json_boolean(const struct json *value, bool fallback)
{
    return json_is(value, JSON_BOOLEAN) ? cJSON_IsTrue(node_of(value)) != 0 : fallback;
}
