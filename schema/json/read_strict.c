#include <pthread.h>

#include "schema/json/document.h"

const struct json_limits json_limits_bundle = {
    .bytes = (size_t)8 << 20,
    .depth = 32,
    .nodes = 200000,
    .key_bytes = 64,
    .number_chars = 32,
    .exempt_member = "original",
    .string_bytes = 4096,
};

/* cJSON allocates a block for each value and each text. They live and die with their document, so they come from its
 * arena: that is several times faster, and a document is given back at once. */
static _Thread_local struct arena *reading_into;

static void *take_memory(size_t size)
{
    return reading_into != NULL ? arena_alloc(reading_into, 1, size) : NULL;
}

/* What cJSON drops of a text that it could not read goes with the arena. */
static void drop_memory(void *memory)
{
    (void)memory;
}

static void install_memory(void)
{
    cJSON_Hooks hooks = {.malloc_fn = take_memory, .free_fn = drop_memory};
    cJSON_InitHooks(&hooks);
}

int json_document_new(struct str checked, struct json_document **ret, struct err *err)
{
    autojson struct json_document *document = mem_zalloc(1, sizeof *document);
    if (document == NULL)
        return mem_error(err);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, install_memory);
    document->values.unzeroed = true; /* cJSON clears what it takes */
    reading_into = &document->values;
    document->root = cJSON_ParseWithLength(checked.data, checked.len);
    reading_into = NULL;
    if (document->root == NULL) /* the text is well-formed: only memory can be missing */
        return mem_error(err);
    *ret = TAKE_PTR(document);
    return 0;
}

int json_read_strict(struct str text, const struct json_limits *limits, struct json_document **ret, struct err *err)
{
    if (text.len > limits->bytes)
        return err_set(err, ERR_LIMIT, "a document of %zu bytes is over the limit of %zu", text.len, limits->bytes);
    const char *begin = text.data != NULL ? text.data : "";
    autoscan struct json_scan scan = {.begin = begin, .at = begin, .end = begin + text.len, .limits = limits};
    json_scan_blanks(&scan);
    int result =
        scan.at >= scan.end ? json_scan_fail(&scan, ERR_SYNTAX, scan.at, "an empty document") : json_scan_value(&scan);
    json_scan_blanks(&scan);
    if (result == 0 && scan.at < scan.end)
        result = json_scan_fail(&scan, ERR_SYNTAX, scan.at, "text after the end of the document");
    if (result < 0)
        return json_scan_report(&scan, err);
    struct json_document *document = NULL;
    result = json_document_new(str_slice(begin, text.len), &document, err);
    if (result < 0)
        return result;
    document->length = text.len;
    *ret = document;
    return 0;
}
