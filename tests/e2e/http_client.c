/* A small HTTP client for the tests: says exactly which bytes go and what came back.
 *
 *   http_client ADDRESS get PATH [HEADER…]
 *   http_client ADDRESS head PATH [HEADER…]         prints the head of the answer as it came
 *   http_client ADDRESS method METHOD PATH [HEADER…]
 *   http_client ADDRESS post PATH FILE [HEADER…]    Content-Length and Host are added
 *   http_client ADDRESS twice PATH FILE             the same POST over two connections at one moment
 *   http_client ADDRESS keep PATH FILE…             POSTs over one connection; prints "reused" or "closed"
 *   http_client ADDRESS raw FILE [piece]            the bytes as they are, in pieces of so many bytes
 *   http_client ADDRESS many COUNT PATH             so many connections, all asking at one moment
 *   http_client ADDRESS idle SECONDS [BYTES]        sends the bytes and waits; how long the connection lived
 *   http_client ADDRESS hold COUNT SECONDS [BYTES]  so many connections, each sends the bytes (\n is a line's end) and
 *                                                   waits; prints "held" and how many were open at the end
 * ADDRESS is host:port or unix:/path. Each answer is one line: status, a blank, body. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

enum { ANSWER_MAX = 32 << 20, WAIT_MS = 20000 };

static const char *address;

static void fail(const char *what)
{
    fprintf(stderr, "http_client: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int open_unix(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    text_copy(name.sun_path, sizeof name.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&name, sizeof name) != 0) {
        fail("connect");
    }
    return descriptor;
}

static int open_connection(void)
{
    if (text_starts_with(address, "unix:")) {
        return open_unix(address + strlen("unix:"));
    }
    const char *colon = strrchr(address, ':');
    int64_t port = 0;
    struct sockaddr_in name = {.sin_family = AF_INET};
    if (colon == NULL || !number_parse_int64(str_of(colon + 1), &port)) {
        fail("address");
    }
    name.sin_port = htons((uint16_t)port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&name, sizeof name) != 0) {
        fail("connect");
    }
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

/* False when the other side closed while we were writing. */
static bool send_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Reads what comes within the limit; false at the end of the stream. */
static bool receive_some(int descriptor, struct buf *into, int limit_ms)
{
    char bytes[8192];
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    if (poll(&wait, 1, limit_ms) <= 0) {
        return false;
    }
    ssize_t got = recv(descriptor, bytes, sizeof bytes, 0);
    if (got > 0) {
        buf_add(into, bytes, (size_t)got);
    }
    return got > 0;
}

/* Length of the first whole answer in `bytes`, 0 when it is not whole; *ret_body is where its body begins. */
static size_t answer_length(struct str bytes, size_t *ret_body)
{
    size_t head = str_find(bytes, STR("\r\n\r\n"), 0);
    if (head == SIZE_MAX) {
        return 0;
    }
    struct str rest = str_slice(bytes.data, head), line;
    int64_t length = 0;
    while (str_next_line(&rest, &line)) {
        struct str name;
        if (str_next_field(&line, ':', &name) && str_equal_ignore_case(name, STR("content-length"))) {
            (void)number_parse_int64(str_trim(line), &length);
        }
    }
    *ret_body = head + 4;
    return bytes.len >= head + 4 + (size_t)length ? head + 4 + (size_t)length : 0;
}

static void print_answer(struct str answer, size_t body)
{
    struct str shown = str_trim(str_slice(answer.data + body, answer.len - body));
    printf("%.3s %.*s\n", answer.len > 12 ? answer.data + 9 : "000", (int)shown.len, shown.len > 0 ? shown.data : "");
}

/* One whole answer; false when the stream ended before. */
static bool read_answer(int descriptor, struct buf *into, bool print)
{
    size_t body = 0, length;
    int64_t until = clock_monotonic_us() + WAIT_MS * 1000;
    while ((length = answer_length(str_slice(buf_text(into), into->len), &body)) == 0) {
        if (clock_monotonic_us() > until || !receive_some(descriptor, into, WAIT_MS)) {
            return false;
        }
    }
    if (print) {
        print_answer(str_slice(into->data, length), body);
    }
    return true;
}

static void write_post(struct buf *into, const char *path, const char *file, char **headers, int count)
{
    autobuf struct buf body = BUF(ANSWER_MAX);
    bool typed = false;
    struct err err;
    if (file_read(file, &body, &err) != 0) {
        fprintf(stderr, "http_client: %s\n", err.text);
        exit(2);
    }
    buf_addf(into, "POST %s HTTP/1.1\r\nHost: localhost\r\n", path);
    for (int i = 0; i < count; i++) {
        buf_addf(into, "%s\r\n", headers[i]);
        typed = typed || text_starts_with(headers[i], "Content-Type");
    }
    if (!typed) {
        buf_adds(into, "Content-Type: application/json\r\n");
    }
    buf_addf(into, "Content-Length: %zu\r\n\r\n", body.len);
    buf_add(into, body.data, body.len);
}

static void require_answer(int descriptor)
{
    autobuf struct buf answer = BUF(ANSWER_MAX);
    if (!read_answer(descriptor, &answer, true)) {
        printf("000 no answer\n");
    }
}

static int run_get(const char *method, const char *path, char **headers, int count)
{
    autobuf struct buf request = BUF(BUF_MIB);
    autoclose int descriptor = open_connection();
    buf_addf(&request, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path);
    for (int i = 0; i < count; i++) {
        buf_addf(&request, "%s\r\n", headers[i]);
    }
    buf_adds(&request, "\r\n");
    (void)send_all(descriptor, request.data, request.len);
    require_answer(descriptor);
    return 0;
}

static int run_head(const char *path, char **headers, int count)
{
    autobuf struct buf request = BUF(BUF_MIB), answer = BUF(ANSWER_MAX);
    autoclose int descriptor = open_connection();
    buf_addf(&request, "HEAD %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", path);
    for (int i = 0; i < count; i++) {
        buf_addf(&request, "%s\r\n", headers[i]);
    }
    buf_adds(&request, "\r\n");
    (void)send_all(descriptor, request.data, request.len);
    while (receive_some(descriptor, &answer, WAIT_MS)) {
    }
    struct str rest = str_of(buf_text(&answer)), line;
    while (str_next_line(&rest, &line)) {
        printf("%.*s\n", (int)line.len, line.data);
    }
    return answer.len > 0 ? 0 : 2;
}

static int run_post(const char *path, const char *file, char **headers, int count)
{
    autobuf struct buf request = BUF(ANSWER_MAX);
    autoclose int descriptor = open_connection();
    write_post(&request, path, file, headers, count);
    (void)send_all(descriptor, request.data, request.len);
    require_answer(descriptor);
    return 0;
}

static int run_twice(const char *path, const char *file)
{
    autobuf struct buf request = BUF(ANSWER_MAX);
    autoclose int first = open_connection();
    autoclose int second = open_connection();
    write_post(&request, path, file, NULL, 0);
    /* All but the last byte to both, then the last: they arrive together. */
    (void)send_all(first, request.data, request.len - 1);
    (void)send_all(second, request.data, request.len - 1);
    (void)send_all(first, request.data + request.len - 1, 1);
    (void)send_all(second, request.data + request.len - 1, 1);
    require_answer(first);
    require_answer(second);
    return 0;
}

static int run_keep(const char *path, char **files, int count)
{
    autoclose int descriptor = open_connection();
    bool open = true;
    for (int i = 0; i < count && open; i++) {
        autobuf struct buf request = BUF(ANSWER_MAX);
        autobuf struct buf answer = BUF(ANSWER_MAX);
        write_post(&request, path, files[i], NULL, 0);
        open = send_all(descriptor, request.data, request.len) && read_answer(descriptor, &answer, true);
    }
    printf("%s\n", open ? "reused" : "closed");
    return 0;
}

/* Prints every status line that came, one a line, then "end" or "open". */
static int run_raw(const char *file, size_t piece)
{
    autobuf struct buf bytes = BUF(ANSWER_MAX);
    autobuf struct buf answer = BUF(ANSWER_MAX);
    autoclose int descriptor = open_connection();
    struct err err;
    if (file_read(file, &bytes, &err) != 0) {
        return 2;
    }
    bool open = true;
    for (size_t at = 0; open && at < bytes.len; at += piece) {
        size_t part = bytes.len - at < piece ? bytes.len - at : piece;
        open = send_all(descriptor, bytes.data + at, part);
    }
    (void)shutdown(descriptor, SHUT_WR);
    int64_t until = clock_monotonic_us() + 3000000;
    while (clock_monotonic_us() < until && receive_some(descriptor, &answer, 1500)) {
    }
    size_t at = 0;
    struct str all = str_slice(buf_text(&answer), answer.len);
    while ((at = str_find(all, STR("HTTP/1.1 "), at)) != SIZE_MAX) {
        printf("%.3s\n", all.data + at + 9);
        at++;
    }
    return 0;
}

static int run_many(long count, const char *path)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)count + 64, .rlim_max = (rlim_t)count + 64};
    struct rlimit now;
    if (getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur < limit.rlim_cur) {
        limit.rlim_max = now.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    autobuf struct buf request = BUF(BUF_MIB);
    buf_addf(&request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
    int *descriptors = calloc((size_t)count, sizeof *descriptors);
    long answered = 0;
    for (long i = 0; descriptors != NULL && i < count; i++) {
        descriptors[i] = open_connection();
    }
    for (int round = 0; descriptors != NULL && round < 3; round++) {
        for (long i = 0; i < count; i++) {
            (void)send_all(descriptors[i], request.data, request.len);
        }
        for (long i = 0; i < count; i++) {
            autobuf struct buf answer = BUF(BUF_MIB);
            answered += read_answer(descriptors[i], &answer, false) && strstr(answer.data, " 200 ") != NULL ? 1 : 0;
        }
    }
    for (long i = 0; descriptors != NULL && i < count; i++) {
        (void)close(descriptors[i]);
    }
    free(descriptors);
    printf("%ld answered\n", answered);
    return 0;
}

static int run_idle(const char *bytes, long seconds)
{
    autobuf struct buf answer = BUF(BUF_MIB);
    autoclose int descriptor = open_connection();
    int64_t begun = clock_monotonic_us();
    (void)send_all(descriptor, bytes, strlen(bytes));
    while (clock_monotonic_us() < begun + seconds * 1000000 && receive_some(descriptor, &answer, (int)seconds * 1000)) {
    }
    int64_t lived = (clock_monotonic_us() - begun) / 1000000;
    printf("%s after %lld s\n", lived < seconds ? "closed" : "open", (long long)lived);
    return 0;
}

/* "\n" in an argument is the end of a line of HTTP. */
static void unfold(const char *text, struct buf *into)
{
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == 'n') {
            buf_adds(into, "\r\n");
            text++;
        } else {
            buf_addc(into, *text);
        }
    }
}

static int run_hold(long count, long seconds, const char *bytes)
{
    autobuf struct buf text = BUF(BUF_MIB);
    struct rlimit limit = {.rlim_cur = (rlim_t)count + 64, .rlim_max = (rlim_t)count + 64};
    long open_at_end = 0;
    unfold(bytes, &text);
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    struct pollfd *all = calloc((size_t)count, sizeof *all);
    if (all == NULL) {
        fail("memory");
    }
    for (long i = 0; i < count; i++) {
        all[i].fd = open_connection();
        all[i].events = POLLRDHUP;
        (void)send_all(all[i].fd, buf_text(&text), text.len);
    }
    printf("held\n");
    (void)fflush(stdout);
    clock_sleep_us((int64_t)seconds * 1000000);
    (void)poll(all, (nfds_t)count, 0);
    for (long i = 0; i < count; i++) {
        open_at_end += (all[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0 ? 1 : 0;
        (void)close(all[i].fd);
    }
    free(all);
    printf("%ld open\n", open_at_end);
    return 0;
}

static long number_of(const char *text)
{
    int64_t number = 0;
    if (!number_parse_int64(str_of(text), &number)) {
        fail(text);
    }
    return (long)number;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 2 ? argv[2] : "";
    address = argc > 1 ? argv[1] : "";
    if (text_equal(verb, "get") && argc >= 4) {
        return run_get("GET", argv[3], argv + 4, argc - 4);
    }
    if (text_equal(verb, "head") && argc >= 4) {
        return run_head(argv[3], argv + 4, argc - 4);
    }
    if (text_equal(verb, "method") && argc >= 5) {
        return run_get(argv[3], argv[4], argv + 5, argc - 5);
    }
    if (text_equal(verb, "post") && argc >= 5) {
        return run_post(argv[3], argv[4], argv + 5, argc - 5);
    }
    if (text_equal(verb, "twice") && argc == 5) {
        return run_twice(argv[3], argv[4]);
    }
    if (text_equal(verb, "keep") && argc >= 5) {
        return run_keep(argv[3], argv + 4, argc - 4);
    }
    if (text_equal(verb, "raw") && argc >= 4) {
        return run_raw(argv[3], argc > 4 ? (size_t)number_of(argv[4]) : SIZE_MAX / 2);
    }
    if (text_equal(verb, "many") && argc == 5) {
        return run_many(number_of(argv[3]), argv[4]);
    }
    if (text_equal(verb, "hold") && argc >= 5) {
        return run_hold(number_of(argv[3]), number_of(argv[4]), argc > 5 ? argv[5] : "");
    }
    if (text_equal(verb, "idle") && argc >= 4) {
        return run_idle(argc > 4 ? argv[4] : "", number_of(argv[3]));
    }
    fprintf(stderr, "http_client: see the head of its source\n");
    return 64;
}
