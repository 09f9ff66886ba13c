/* The published folder under its own paths: tags, ranges, gzip; nothing above the folder, no links, no hidden names.
 * The folder is opened anew for every request, because a publication exchanges it. */
#include "collector/http/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/proof/hash.h"
#include "schema/read/deflate.h"

enum { FILE_MOST = 64 << 20, PATH_MOST = 512, COMPRESS_FROM = 512 };

static const char page_policy[] = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";

static const struct kind {
    const char *ending, *type;
    bool text; /* worth compressing */
} kinds[] = {
    {".html", "text/html; charset=utf-8", true},
    {".svg", "image/svg+xml", true},
    {".png", "image/png", false},
    {".csv", "text/csv; charset=utf-8", true},
    {".json", "application/json", true},
    {".ndjson", "application/x-ndjson", true},
    {".xml", "application/atom+xml; charset=utf-8", true},
    {".md", "text/markdown; charset=utf-8", true},
};

static const struct kind *kind_of(const char *path)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (text_ends_with(path, kinds[i].ending)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Names of publications need no percent-encoding: whatever else is asked for is not there. */
static bool is_plain(struct str path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] == '\0' || strchr(plain, path.data[i]) == NULL) {
            return false;
        }
    }
    return path.len > 0 && path.len < PATH_MOST && path.data[0] == '/' && str_find(path, STR("/."), 0) == SIZE_MAX &&
           str_find(path, STR("//"), 0) == SIZE_MAX;
}

/* -1 when there is no such file. */
static int open_below(const struct http_server *server, const char *path)
{
    struct str rest = str_of(path + 1), name;
    int at = openat(server->site_parent, server->site, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    while (at >= 0 && str_next_field(&rest, '/', &name)) {
        char text[PATH_MOST];
        str_copy(text, sizeof text, name);
        int below = openat(at, text, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        close(at);
        at = below;
    }
    return at;
}

/* Who follows an old link with a browser reads a page: a chip or a pair has one only while results stand behind it. */
static void reply_missing(struct request *request, struct str path)
{
    struct err err;
    struct buf content = BUF(PATH_MOST);
    if (str_ends_with(path, STR(".html"))) {
        buf_adds(&content, "<h1>There is no such page</h1>\n<p class=\"lead\">A chip, a model or a pair has a page "
                           "while accepted results stand behind it.</p>\n<ul>\n"
                           "<li><a href=\"/site/find.html\">Find a chip or model</a></li>\n"
                           "<li><a href=\"/site/submissions.html\">All submissions</a></li>\n"
                           "<li><a href=\"/site/index.html\">Results</a></li>\n</ul>\n");
        reply_page(request, 404, "There is no such page", &content);
        return;
    }
    (void)err_set(&err, ERR_NOT_FOUND, "there is nothing at this path");
    reply_error(&request->reply, 0, &err);
}

static const char *header(struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* Of Accept-Encoding, gzip with any weight but 0 (RFC 9110, section 12.5.3). */
static bool takes_gzip(struct request *request)
{
    struct str rest = str_of(header(request, "Accept-Encoding")), item, name;
    while (str_next_field(&rest, ',', &item)) {
        (void)str_next_field(&item, ';', &name);
        item = str_trim(item);
        if (str_equal_ignore_case(str_trim(name), STR("gzip"))) {
            return !str_equal(item, STR("q=0")) && !str_starts_with(item, STR("q=0.0"));
        }
    }
    return false;
}

static bool read_number(struct str text, size_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || *ret > FILE_MOST) {
            return false;
        }
        *ret = *ret * 10 + (size_t)(text.data[i] - '0');
    }
    return text.len > 0;
}

enum range { RANGE_NONE, RANGE_PART, RANGE_OUTSIDE };

/* One range of bytes; several, and what is malformed, give the whole file (RFC 9110, section 14.2). */
static enum range find_range(struct request *request, size_t size, size_t *ret_first, size_t *ret_length)
{
    const char *condition = header(request, "If-Range");
    char own[sizeof request->reply.etag + 2];
    struct str range = str_of(header(request, "Range")), first_text, last_text;
    size_t first = 0, last = 0;
    (void)snprintf(own, sizeof own, "\"%s\"", request->reply.etag);
    if ((condition != NULL && !text_equal(condition, own)) || !str_starts_with(range, STR("bytes="))) {
        return RANGE_NONE;
    }
    range = str_slice(range.data + 6, range.len - 6);
    const size_t dash = str_find(range, STR("-"), 0);
    if (dash == SIZE_MAX || str_find(range, STR(","), 0) != SIZE_MAX) {
        return RANGE_NONE;
    }
    first_text = str_slice(range.data, dash);
    last_text = str_slice(range.data + dash + 1, range.len - dash - 1);
    if (first_text.len == 0) {
        if (!read_number(last_text, &last)) {
            return RANGE_NONE;
        }
        *ret_length = last < size ? last : size;
        *ret_first = size - *ret_length;
        return *ret_length > 0 ? RANGE_PART : RANGE_OUTSIDE;
    }
    if (!read_number(first_text, &first) || (last_text.len > 0 && (!read_number(last_text, &last) || last < first))) {
        return RANGE_NONE;
    }
    if (first >= size) {
        return RANGE_OUTSIDE;
    }
    *ret_first = first;
    *ret_length = (last_text.len > 0 && last < size ? last + 1 : size) - first;
    return RANGE_PART;
}

static void reply_file(struct request *request, const struct kind *kind, struct buf *bytes)
{
    struct reply *reply = &request->reply;
    const struct sha256 hash = sha256_of(buf_text(bytes), bytes->len);
    const size_t size = bytes->len;
    char hex[SHA256_HEX_SIZE];
    struct buf other = BUF(FILE_MOST);
    size_t first = 0, length = 0;
    (void)sha256_hex(hex, &hash);
    str_copy(reply->etag, sizeof reply->etag, str_slice(hex, 32));
    const enum range range = find_range(request, size, &first, &length);
    if (range == RANGE_NONE && kind->text && size >= COMPRESS_FROM && takes_gzip(request) &&
        read_deflate(str_slice(buf_text(bytes), size), &other, NULL) == 0) {
        (void)snprintf(reply->etag + 32, sizeof reply->etag - 32, "-gzip");
        reply->coding = "gzip";
    } else if (range == RANGE_PART) {
        buf_add(&other, buf_text(bytes) + first, length);
        (void)snprintf(reply->range, sizeof reply->range, "bytes %zu-%zu/%zu", first, first + length - 1, size);
    } else if (range == RANGE_OUTSIDE) {
        (void)snprintf(reply->range, sizeof reply->range, "bytes */%zu", size);
    }
    const bool whole = range == RANGE_NONE && reply->coding == NULL;
    reply_body(reply,
               range == RANGE_PART      ? 206
               : range == RANGE_OUTSIDE ? 416
                                        : 200,
               kind->type, whole ? bytes : &other);
    reply->cache = "no-cache";
    reply->ranges = true;
    reply->policy = text_equal(kind->ending, ".html") ? page_policy : "default-src 'none'; style-src 'unsafe-inline'";
    buf_done(&other);
}

void act_site(struct request *request)
{
    struct str rest = str_of(request->uri), path;
    char text[PATH_MOST + 16] = "";
    struct stat status;
    (void)str_next_field(&rest, '?', &path);
    if (str_equal(path, STR("/")) || str_equal(path, STR("/site")) || str_equal(path, STR("/site/"))) {
        reply_text(&request->reply, 302, "text/plain; charset=utf-8", "/site/index.html\n");
        request->reply.location = "/site/index.html";
        return;
    }
    if (is_plain(path)) {
        str_copy(text, sizeof text, path);
    }
    const struct kind *kind = kind_of(text);
    autoclose int file = kind != NULL ? open_below(request->server, text) : -1;
    autobuf struct buf bytes = BUF(FILE_MOST);
    if (file < 0 || fstat(file, &status) < 0 || !S_ISREG(status.st_mode) ||
        file_read_descriptor(file, &bytes, NULL) < 0) {
        reply_missing(request, path);
        return;
    }
    reply_file(request, kind, &bytes);
}
