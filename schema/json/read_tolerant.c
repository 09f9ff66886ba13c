/* Finds JSON documents in what tools print: log lines before, between and after,
 * several documents in one file, and text such as "[1/3] building" that only
 * looks like the beginning of one. */
#include <assert.h>
#include <string.h>

#include "schema/json/document.h"

const struct json_limits json_limits_tool = {
    .bytes = (size_t)64 << 20,
    .depth = 200,
    .nodes = 4000000,
    .key_bytes = SIZE_MAX,
    .number_chars = 4096,
};

/* Bytes that attempts on what proved to be no document may cost, in multiples of the text: nested brackets that
 * never close would otherwise be scanned again from each of them. */
#define WASTE_FACTOR 16
#define WASTE_BASE ((size_t)1 << 20)

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *find_candidate(const char *at, const char *end)
{
    while (at < end && *at != '{' && *at != '[')
        at++;
    return at;
}

/* What follows the bracket says that somebody wrote a document here, whether or not it is whole. */
static bool looks_like_document(const char *at, const char *end)
{
    const char *inside = skip_blanks(at + 1, end);
    return inside < end && *inside == (*at == '{' ? '"' : '{');
}

/* Nothing but blanks between the text and the borders of its lines. */
static bool stands_alone(struct str text, const char *from, const char *to)
{
    while (from > text.data && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    if (from > text.data && from[-1] != '\n' && from[-1] != '\r')
        return false;
    const char *end = text.data + text.len;
    while (to < end && (*to == ' ' || *to == '\t' || *to == '\r'))
        to++;
    return to >= end || *to == '\n' || *to == '{' || *to == '[';
}

/* [from, to) parses. Objects with members and arrays of objects are documents wherever they stand; "{}" and "[3]"
 * are so common in logs that they must have their lines for themselves. */
static bool is_document(struct str text, const char *from, const char *to)
{
    return looks_like_document(from, to) || stands_alone(text, from, to);
}

static int number_strings(struct json_document *document, cJSON *value, int *count)
{
    for (cJSON *item = value; item != NULL; item = item->next) {
        if ((item->type & 0xFF) == cJSON_String)
            item->valueint = ++*count;
        if (item->child != NULL)
            (void)number_strings(document, item->child, count);
    }
    return *count;
}

static int make_document(struct json_scan *scan, struct str text, const char *from, struct json_document **ret,
                         struct err *err)
{
    struct json_document *document = NULL;
    struct str checked = json_scan_text(scan, from);
    int result = buf_check(scan->copy, err);
    if (result == 0)
        result = json_document_new(checked, &document, err);
    if (result < 0)
        return result;
    assert(document != NULL);
    document->source = text;
    document->offset = (size_t)(from - text.data);
    document->length = (size_t)(scan->at - from);
    document->spans = TAKE_PTR(scan->spans);
    document->span_count = scan->span_count;
    int count = 0;
    (void)number_strings(document, document->root, &count);
    *ret = document;
    return 1;
}

struct search {
    struct str text;
    const struct json_limits *limits;
    struct buf *copy;
    const char *at;
    size_t wasted;
};

/* Tries the candidate at search->at. 1: *ret; 0: it is noise and search->at stands behind it; -code. */
static int try_candidate(struct search *search, struct json_document **ret, struct err *err)
{
    struct str text = search->text;
    const char *from = search->at, *end = text.data + text.len;
    buf_reset(search->copy);
    autoscan struct json_scan scan = {
        .begin = text.data,
        .at = from,
        .end = end,
        .limits = search->limits,
        .copy = search->copy,
        .copied = from,
    };
    int result = json_scan_value(&scan);
    if (result == 0 && is_document(text, from, scan.at))
        return make_document(&scan, text, from, ret, err);
    if (result < 0 && (looks_like_document(from, end) || scan.code == ERR_MEMORY))
        return json_scan_report(&scan, err);
    /* Behind too many brackets stands no document either: going on from there keeps the work linear. */
    search->at = result == 0 ? scan.at : scan.code == ERR_LIMIT && scan.fault_at > from ? scan.fault_at : from + 1;
    search->wasted += (size_t)(scan.at - from);
    if (search->wasted > WASTE_BASE + WASTE_FACTOR * text.len)
        return err_set(err, ERR_LIMIT, "too much text that begins like JSON and is none");
    return 0;
}

int json_read_tolerant(struct str text, size_t *offset, const struct json_limits *limits, struct json_document **ret,
                       struct err *err)
{
    if (text.len > limits->bytes)
        return err_set(err, ERR_LIMIT, "a text of %zu bytes is over the limit of %zu", text.len, limits->bytes);
    if (*offset >= text.len)
        return 0;
    autobuf struct buf copy = BUF(limits->bytes * 3);
    const char *end = text.data + text.len;
    struct search search = {text, limits, &copy, find_candidate(text.data + *offset, end), 0};
    while (search.at < end) {
        const char *from = search.at;
        int result = try_candidate(&search, ret, err);
        if (result != 0) {
            *offset = result < 0 ? (size_t)(from - text.data) : (*ret)->offset + (*ret)->length;
            return result;
        }
        search.at = find_candidate(search.at, end);
    }
    *offset = text.len;
    return 0;
}
