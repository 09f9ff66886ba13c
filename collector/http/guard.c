#include "collector/http/guard.h"

#include <string.h>

#include "schema/base/str.h"

bool guard_is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (!letter && (byte == '\0' || strchr("!#$%&'*+-.^_`|~", byte) == NULL)) {
            return false;
        }
    }
    return length > 0;
}

bool guard_is_field_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

int64_t guard_parse_length(const char *text)
{
    int64_t value = 0;
    size_t length = strlen(text);
    if (length == 0 || length > 18) {
        return -1;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

struct tally {
    struct head *head;
    const char *content_length;
    const char *expect;
    const char *next; /* where the next header begins when nothing is hidden between the two */
    size_t headers;
    unsigned hosts, lengths, encodings, keys, authorizations, types, expects, codings;
    bool malformed, gap;
};

static void tally_one(unsigned *count, const char **slot, const char *value)
{
    *count += 1;
    if (slot != NULL) {
        *slot = value != NULL ? value : "";
    }
}

static enum MHD_Result tally_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                    const char *value, size_t value_length)
{
    struct tally *tally = context;
    (void)kind;
    const struct {
        const char *name;
        unsigned *count;
        const char **slot;
    } watched[] = {
        {"Host", &tally->hosts, NULL},
        {"Content-Length", &tally->lengths, &tally->content_length},
        {"Transfer-Encoding", &tally->codings, NULL},
        {"Content-Type", &tally->types, &tally->head->content_type},
        {"Content-Encoding", &tally->encodings, &tally->head->content_encoding},
        {"Idempotency-Key", &tally->keys, &tally->head->idempotency_key},
        {"Authorization", &tally->authorizations, &tally->head->authorization},
        {"Expect", &tally->expects, &tally->expect},
    };
    tally->headers++;
    tally->gap = tally->gap || name != tally->next || value != name + name_length + strlen(": ");
    tally->next = value + value_length + strlen("\r\n");
    if (!guard_is_token(name, name_length) || !guard_is_field_value(value, value_length)) {
        tally->malformed = true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(watched); i++) {
        /* "Transfer-Encoding : x" arrives with the blank in its name, and is refused as no token. */
        if (text_equal_ignore_case(name, watched[i].name)) {
            tally_one(watched[i].count, watched[i].slot, value);
        }
    }
    return MHD_YES;
}

static int check_line(const struct head *head, int *ret_status, struct err *err)
{
    if (!text_equal(head->version, "HTTP/1.1") && !text_equal(head->version, "HTTP/1.0")) {
        *ret_status = 505;
        return err_set(err, ERR_SYNTAX, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    }
    if (!guard_is_token(head->method, strlen(head->method))) {
        return err_set(err, ERR_SYNTAX, "the method is not a word");
    }
    size_t length = strlen(head->uri);
    if (length > GUARD_URI_MAX) {
        *ret_status = 414;
        return err_set(err, ERR_LIMIT, "the path is longer than %d bytes", GUARD_URI_MAX);
    }
    bool in_query = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)head->uri[i];
        /* Values of parameters are decoded by query.c, which refuses what they may not hold. */
        bool encoded = byte == '%' && in_query;
        in_query =
            in_query ||
            (byte == '?' && (text_starts_with(head->uri, "/v1/results?") || text_starts_with(head->uri, "/v1/log/")));
        if (byte <= 0x20 || byte >= 0x7f || (byte == '%' && !encoded) || byte == '\\' || byte == '#') {
            return err_set(err, ERR_SYNTAX, "the path holds a character that no path of this service has");
        }
    }
    return 0;
}

static int check_counts(const struct tally *tally, int *ret_status, struct err *err)
{
    if (tally->headers > GUARD_HEADERS_MAX) {
        *ret_status = 431;
        return err_set(err, ERR_LIMIT, "more than %d headers", GUARD_HEADERS_MAX);
    }
    if (tally->head->fills_memory) {
        *ret_status = 431;
        return err_set(err, ERR_LIMIT, "the headers have more than %d KiB", GUARD_HEAD_MAX >> 10);
    }
    if (tally->malformed) {
        return err_set(err, ERR_SYNTAX, "a header breaks the grammar of HTTP");
    }
    if (tally->codings > 0 && (tally->lengths > 0 || text_equal(tally->head->version, "HTTP/1.0"))) {
        return err_set(err, ERR_SYNTAX, "Transfer-Encoding and Content-Length contradict each other");
    }
    if (tally->codings > 0) {
        return err_set(err, ERR_LENGTH_REQUIRED, "Transfer-Encoding is not taken, send Content-Length");
    }
    if (tally->hosts > 1 || (tally->hosts == 0 && text_equal(tally->head->version, "HTTP/1.1"))) {
        return err_set(err, ERR_SYNTAX, "exactly one Host header is needed");
    }
    if (tally->lengths > 1 || tally->encodings > 1 || tally->keys > 1 || tally->authorizations > 1 ||
        tally->types > 1 || tally->expects > 1) {
        return err_set(err, ERR_SYNTAX, "a header that may stand once stands twice");
    }
    return 0;
}

static int take_length(const struct tally *tally, struct head *head, struct err *err)
{
    head->content_length = -1;
    if (tally->lengths == 0) {
        return 0;
    }
    head->content_length = guard_parse_length(tally->content_length);
    if (head->content_length < 0) {
        return strlen(tally->content_length) > 18 ? err_set(err, ERR_LIMIT, "the body is too long")
                                                  : err_set(err, ERR_SYNTAX, "Content-Length is not a number");
    }
    return 0;
}

static int check_expect(const struct tally *tally, struct head *head, int *ret_status, struct err *err)
{
    head->expects_continue = tally->expects > 0;
    if (head->expects_continue && !text_equal_ignore_case(tally->expect, "100-continue")) {
        *ret_status = 417;
        return err_set(err, ERR_SYNTAX, "only Expect: 100-continue is known");
    }
    return 0;
}

/* In bytes, as it came in. */
static size_t head_size(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info != NULL ? info->header_size : SIZE_MAX;
}

/* "METHOD URI VERSION CRLF", and behind each "NAME: VALUE CRLF" the next one. libmicrohttpd leaves name and value where
 * they came in, with zero bytes for the ends of lines, so that a blank too many or too few, a bare line feed or a
 * folded line moves what comes behind it. Two things look alike: a zero byte is half of a line's end, and a colon with
 * a bare line feed is an empty line. No proxy may forward either (RFC 9110 sections 5.1, 5.5). */
static void begin_line(struct tally *tally)
{
    const struct head *head = tally->head;
    tally->gap = head->version != head->method + strlen(head->method) + strlen(head->uri) + strlen("  ");
    tally->next = head->version + strlen(head->version) + strlen("\r\n");
}

/* All bytes of the head are those of the request line and of headers that we have seen. */
static bool adds_up(struct MHD_Connection *connection, const struct tally *tally)
{
    static const char ends[4]; /* CRLF CRLF, as libmicrohttpd leaves them */
    const char *end = tally->next + strlen("\r\n");
    return !tally->gap && end == tally->head->method + head_size(connection) &&
           memcmp(end - sizeof ends, ends, sizeof ends) == 0;
}

int guard_head(struct MHD_Connection *connection, const char *method, const char *uri, const char *version,
               struct head *ret, int *ret_status, struct err *err)
{
    *ret = (struct head){.method = method, .uri = uri, .version = version, .content_length = -1};
    *ret_status = 0;
    struct tally tally = {.head = ret};
    begin_line(&tally);
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, tally_header, &tally);
    ret->fills_memory = head_size(connection) > GUARD_HEAD_MAX || tally.headers > GUARD_HEADERS_MAX;
    int code = check_line(ret, ret_status, err);
    if (code == 0) {
        code = check_counts(&tally, ret_status, err);
    }
    if (code == 0) {
        code = take_length(&tally, ret, err);
    }
    if (code == 0) {
        code = check_expect(&tally, ret, ret_status, err);
    }
    ret->may_stay_open = code == 0 && adds_up(connection, &tally);
    return code;
}
