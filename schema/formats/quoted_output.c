#include "schema/formats/quoted_output.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/formats/formats.h"
#include "schema/json/json.h"

#define TEXT_MAX ((size_t)8 << 20)
#define DEPTH_MAX 20
#define STRINGS_MAX 16 /* of several lines, that are looked into */

struct search {
    struct quoted_output *found;
    char path[QUOTED_PATH_SIZE];
    int strings;
};

static bool is_output(struct search *search, const char *text)
{
    const struct format_input input = {.text = str_of(text)};
    const char *newline = strchr(text, '\n');
    if (newline == NULL || newline[1] == '\0' || search->strings++ >= STRINGS_MAX)
        return false;
    const struct format *format = formats_detect(&input);
    if (format == NULL)
        return false;
    search->found->format = format->name;
    text_copy(search->found->path, sizeof search->found->path, search->path);
    return true;
}

/* jq's .name, or .["na me"]. False when it does not fit. */
static bool add_step(char *path, const char *key, size_t index)
{
    size_t length = strlen(path), room = QUOTED_PATH_SIZE - length;
    bool plain = key != NULL && key[0] != '\0' && (key[0] < '0' || key[0] > '9') &&
                 strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == strlen(key);
    const char *dot = length == 0 ? "." : "";
    int added = key == NULL ? snprintf(path + length, room, "%s[%zu]", dot, index)
                : plain     ? snprintf(path + length, room, ".%s", key)
                            : snprintf(path + length, room, "%s[\"%s\"]", dot, key);
    return added > 0 && (size_t)added < room && (key == NULL || strpbrk(key, "\"\\\n'") == NULL);
}

static bool search_value(struct search *search, const struct json *value, int depth)
{
    size_t length = strlen(search->path), index = 0;
    if (json_string(value) != NULL)
        return is_output(search, json_string(value));
    if (depth == 0 || (!json_is(value, JSON_ARRAY) && !json_is(value, JSON_OBJECT)))
        return false;
    for (const struct json *item = json_first(value); item != NULL; item = json_next(item), index++) {
        bool fits = add_step(search->path, json_key(item), index);
        if (fits && search_value(search, item, depth - 1))
            return true;
        search->path[length] = '\0';
    }
    return false;
}

bool quoted_output_find(struct str text, struct quoted_output *ret)
{
    struct search search = {.found = ret};
    autobuf struct buf listed = BUF(TEXT_MAX + 8);
    autojson struct json_document *document = NULL;
    text = str_trim(text);
    if (text.len == 0 || text.len > TEXT_MAX || strchr("{[\"", text.data[0]) == NULL)
        return false;
    /* A string alone is no document for the reader: in a list it is one. */
    buf_addc(&listed, '[');
    buf_add(&listed, text.data, text.len);
    buf_addc(&listed, ']');
    size_t offset = 0;
    if (buf_check(&listed, NULL) < 0 ||
        json_read_tolerant(str_slice(buf_text(&listed), listed.len), &offset, &json_limits_tool, &document, NULL) <=
            0 ||
        offset != listed.len)
        return false;
    if (!search_value(&search, json_at(json_root(document), 0), DEPTH_MAX))
        return false;
    if (ret->path[0] == '\0')
        text_copy(ret->path, sizeof ret->path, ".");
    return true;
}
