/* The framing guard behind libmicrohttpd, on any bytes. A strict reader of RFC 9112 counts the whole requests that the
 * bytes begin with; at most one more than those may be executed: behind the first that is not strict nothing is, so
 * that no request hides in another.
 *
 * Two things are let be. libmicrohttpd puts zero bytes where a line ends and behind a name, so that a zero byte that
 * came in looks like half of an end, and a line of a colon and a bare line feed like an empty one: nobody can tell
 * afterwards. No proxy may forward either: a zero byte has to be refused or become a blank (RFC 9110 section 5.5), and
 * a field has a name (section 5.1). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/http/guard.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 16 << 10, STEPS_MAX = 1000 };

struct request {
    char *uri;
    bool begun, closes;
};
static size_t executed;
static bool connected;

static void *request_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct request *request = mem_zalloc(1, sizeof *request);
    (void)context;
    (void)connection;
    if (request != NULL)
        request->uri = mem_strdup(uri);
    return request;
}

static void request_end(void *context, struct MHD_Connection *connection, void **slot,
                        enum MHD_RequestTerminationCode why)
{
    struct request *request = *slot;
    (void)context;
    (void)connection;
    (void)why;
    if (request != NULL) {
        free(request->uri);
        free(request);
        *slot = NULL;
    }
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, bool closes)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (closes)
        (void)MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* As collector/http/request.c does it: the first call looks at the head, the last one answers. The parameters are
 * libmicrohttpd's. NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **slot)
{
    struct request *request = *slot;
    struct head head;
    struct err err;
    int status = 0;
    (void)context;
    (void)url;
    (void)upload;
    if (request == NULL || request->uri == NULL)
        return MHD_NO;
    if (!request->begun) {
        request->begun = true;
        if (guard_head(connection, method, request->uri, version, &head, &status, &err) != 0)
            return answer(connection, status != 0 ? (unsigned)status : 400, true);
        request->closes = !head.may_stay_open;
        executed++;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return answer(connection, 200, request->closes);
}

static void connection_changed(void *context, struct MHD_Connection *connection, void **slot,
                               enum MHD_ConnectionNotificationCode what)
{
    (void)context;
    (void)connection;
    (void)slot;
    connected = what == MHD_CONNECTION_NOTIFY_STARTED;
}

/* ---- the strict reader. A line may end with a line feed alone (RFC 9112 section 2.2), and libmicrohttpd cuts a value
 * at NUL: neither moves the border between two requests. A line that goes on in the next one does. */
static bool take_line(struct str *rest, struct str *ret)
{
    size_t end = str_find(*rest, STR("\n"), 0);
    if (end == SIZE_MAX)
        return false;
    *ret = str_slice(rest->data, end > 0 && rest->data[end - 1] == '\r' ? end - 1 : end);
    *rest = str_slice(rest->data + end + 1, rest->len - end - 1);
    for (size_t i = 0; i < ret->len; i++)
        if (ret->data[i] == '\r')
            return false;
    return ret->len == 0 || (ret->data[0] != ' ' && ret->data[0] != '\t');
}

/* METHOD SP PATH SP HTTP/1.1 */
static bool is_request_line(struct str line)
{
    struct str method, path;
    return str_next_field(&line, ' ', &method) && str_next_field(&line, ' ', &path) &&
           guard_is_token(method.data, method.len) && path.len > 0 &&
           (str_equal(line, STR("HTTP/1.1")) || str_equal(line, STR("HTTP/1.0")));
}

/* ":" and a bare line feed; see the top. */
static bool is_nameless(struct str line)
{
    return str_equal(line, STR(":")) && line.data[1] == '\n';
}

/* One whole request with at most one length and no coding; moves behind it. */
static bool take_request(struct str *rest)
{
    struct str line, name;
    int64_t length = -1;
    /* Empty lines before a request are none of it (RFC 9112 section 2.2). */
    do {
        if (!take_line(rest, &line))
            return false;
    } while (line.len == 0);
    if (!is_request_line(line))
        return false;
    while (take_line(rest, &line) && line.len > 0 && !is_nameless(line)) {
        if (!str_next_field(&line, ':', &name) || !guard_is_token(name.data, name.len) ||
            str_equal_ignore_case(name, STR("Transfer-Encoding")))
            return false;
        if (str_equal_ignore_case(name, STR("Content-Length"))) {
            autofree char *digits = mem_strndup(str_trim(line).data, str_trim(line).len);
            if (digits == NULL || length >= 0)
                return false;
            length = guard_parse_length(digits);
            if (length < 0)
                return false;
        }
    }
    if (line.data == NULL || (line.len > 0 && !is_nameless(line)))
        return false;
    size_t body = length > 0 ? (size_t)length : 0;
    if (body > rest->len)
        return false;
    *rest = str_slice(rest->data + body, rest->len - body);
    return true;
}

static size_t count_strict(struct str bytes)
{
    size_t count = 0;
    while (bytes.len > 0 && take_request(&bytes))
        count++;
    return count;
}

static struct MHD_Daemon *daemon_of_all(void)
{
    static struct MHD_Daemon *daemon;
    if (daemon == NULL) {
        daemon =
            MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_EPOLL, 0, NULL, NULL, handle, NULL,
                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 << 10, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                             MHD_OPTION_URI_LOG_CALLBACK, request_begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, request_end,
                             NULL, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, NULL, MHD_OPTION_END);
        if (daemon == NULL)
            abort();
    }
    return daemon;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    struct MHD_Daemon *daemon = daemon_of_all();
    struct sockaddr address = {.sa_family = AF_UNIX};
    if (size == 0 || size > INPUT_MAX || memchr(data, 0, size) != NULL ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        return 0;
    executed = 0;
    if (send(ends[0], data, size, MSG_NOSIGNAL) != (ssize_t)size || shutdown(ends[0], SHUT_WR) != 0 ||
        MHD_add_connection(daemon, ends[1], &address, sizeof address.sa_family) != MHD_YES) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return 0;
    }
    int idle = 0;
    for (int step = 0; step < STEPS_MAX && connected && idle < 3; step++) {
        char answers[4096];
        size_t before = executed;
        (void)MHD_run(daemon);
        ssize_t got = recv(ends[0], answers, sizeof answers, 0);
        idle = got > 0 || executed != before ? 0 : idle + 1;
    }
    size_t strict = count_strict(str_slice((const char *)data, size));
    if (executed > strict + 1)
        abort();
    (void)close(ends[0]);
    for (int step = 0; step < 5 && connected; step++)
        (void)MHD_run(daemon);
    return 0;
}
