/* Both JSON readers on any bytes. What the strict one takes the tolerant one must take too, if it is an object or an
 * array, and the writer's output of a number must read back. */
#include <stdint.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct json *value)
{
    for (const struct json *item = json_first(value); item != NULL; item = json_next(item)) {
        (void)json_key(item);
        (void)json_string(item);
        (void)json_number(item);
        walk(item);
    }
}

/* Number of documents found in a bounded number of calls; every call must move on. */
static size_t read_all(struct str text)
{
    size_t offset = 0, count = 0;
    for (int calls = 0; offset < text.len && calls < 64; calls++) {
        autojson struct json_document *document = NULL;
        struct err err = {0};
        size_t before = offset;
        int result = json_read_tolerant(text, &offset, &json_limits_tool, &document, &err);
        if (result == 0)
            break;
        if (result == 1) {
            size_t at = 0, length = 0;
            json_extent(document, &at, &length);
            if (offset <= before || at + length != offset)
                abort();
            walk(json_root(document));
            count++;
        } else {
            if (err.text[0] == '\0' || offset < before)
                abort();
            offset++;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy without NUL behind it: reading past the end is seen. */
    autofree char *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)data[i];
    struct str text = str_slice(bytes, size);
    autojson struct json_document *document = NULL;
    struct err err = {0};
    int result = json_read_strict(text, &json_limits_bundle, &document, &err);
    if ((result == 0) != (document != NULL) || (result < 0 && err.text[0] == '\0'))
        abort();
    walk(json_root(document));
    size_t found = read_all(text);
    bool container = json_is(json_root(document), JSON_OBJECT) || json_is(json_root(document), JSON_ARRAY);
    if (container && found != 1)
        abort();
    return 0;
}
