#include "schema/formats/stated_json.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define SAMPLES_MAX 1000000
#define LISTS_DEEP 4

static bool is_not_finite(const struct json *value)
{
    return json_is(value, JSON_NOT_FINITE) ||
           (json_is(value, JSON_STRING) && reader_is_not_finite(str_of(json_string(value))));
}

int stated_number(const struct json *object, const char *path, const char *key, double *ret, bool *ret_not_finite,
                  struct err *err)
{
    const struct json *value = json_get(object, key);
    bool not_finite = is_not_finite(value);
    if (ret_not_finite != NULL)
        *ret_not_finite = not_finite;
    *ret = MISSING;
    if (not_finite || value == NULL || json_is(value, JSON_NULL))
        return 0;
    if (!json_is(value, JSON_NUMBER)) {
        err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(value)));
        return err_path(err, "%s%s%s", path, *path != '\0' ? "." : "", key);
    }
    *ret = json_number(value);
    return 0;
}

struct filling {
    double *samples;
    size_t count;
};

/* Counts when there is nowhere to put the numbers. */
static int fill(const struct json *list, const char *path, int depth, struct filling *filling, struct err *err)
{
    size_t index = 0;
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item), index++) {
        int result = 0;
        if (json_is(item, JSON_ARRAY) && depth < LISTS_DEEP) {
            result = fill(item, path, depth + 1, filling, err);
        } else if (json_is(item, JSON_NUMBER) || json_is(item, JSON_NULL) || is_not_finite(item)) {
            if (filling->samples != NULL)
                filling->samples[filling->count] = json_number(item);
            filling->count++;
        } else {
            err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(item)));
            result = err_path(err, "%s[%zu]", path, index);
        }
        if (result < 0)
            return result;
    }
    return 0;
}

int stated_samples(struct reading *reading, const struct json *list, const char *path, struct stated_figures *stated,
                   struct err *err)
{
    if (list == NULL || json_is(list, JSON_NULL))
        return 0;
    if (!json_is(list, JSON_ARRAY)) {
        err_set(err, ERR_DATA, "expected a list of numbers, found %s", json_type_name(json_type(list)));
        return err_path(err, "%s", path);
    }
    struct filling filling = {0};
    int result = fill(list, path, 0, &filling, err);
    if (result < 0 || filling.count == 0)
        return result;
    if (filling.count > SAMPLES_MAX) {
        err_set(err, ERR_LIMIT, "more than %d samples", SAMPLES_MAX);
        return err_path(err, "%s", path);
    }
    filling.samples = arena_alloc(&reading->arena, filling.count, sizeof *filling.samples);
    if (filling.samples == NULL)
        return mem_error(err);
    filling.count = 0;
    result = fill(list, path, 0, &filling, err);
    stated->samples = filling.samples;
    stated->sample_count = filling.count;
    return result;
}

void stated_parameter(const struct document *document, struct reading *reading, struct parameter_list *list,
                      const struct json *member)
{
    double number = 0;
    const char *name = json_key(member), *text = json_string(member);
    if (text != NULL && !text_is_empty(name) && strlen(name) <= 64 && whole_number(str_of(text), &number))
        parameters_set_number(&reading->arena, list, name, number);
    else if (!reader_take_parameter(&reading->arena, list, member) && !text_is_empty(text))
        document_private(document, reading, member, PRIVATE_TEXT);
}

const char *stated_text(struct reading *reading, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    return text == NULL || reader_is_placeholder(text) ? NULL : reader_text(&reading->arena, str_of(text));
}

int64_t stated_count(const struct json *object, const char *key)
{
    int64_t count = 0;
    return json_integer(json_get(object, key), &count) && count > 0 ? count : COUNT_UNKNOWN;
}
