/* Sends hostile input to a collector and says what came back; knows no expectation.
 *
 *   hostile_client ADDRESS bodies [CODING] < LIST      POSTs each file of the list (one path a line) over keep-alive
 *   hostile_client ADDRESS strings FILE…               puts each string of JSON arrays into six fields of a bundle
 *   hostile_client ADDRESS raw PIECE < LIST            sends each file as it is, all at once beside each other, in
 *                                                      pieces of PIECE bytes, then no more; a path after "-" stays open
 * ADDRESS is host:port on loopback. Prints one line an input: what came back, a tab, the path. For bodies that is the
 * status; for raw the number of answers, a slash, the number of those with 2xx, a slash, "closed" or "open"; for
 * strings the counts of each status. The last line is "longest SECONDS PATH". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"

enum { ANSWER_MAX = 1 << 20, FILE_MAX = 16 << 20, WAIT_MS = 20000, RAW_MOST = 256, SINGLE_MOST = 4096 };
static const int64_t raw_limit_us = 16000000;

static struct sockaddr_in address;
static double longest;
static char longest_of[512];

static void fail(const char *what)
{
    fprintf(stderr, "hostile_client: %s: %s\n", what, strerror(errno));
    exit(74);
}

static int open_connection(void)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        fail("connect");
    }
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

static void note_time(int64_t begun_us, const char *of)
{
    double seconds = (double)(clock_monotonic_us() - begun_us) / 1e6;
    if (seconds > longest) {
        longest = seconds;
        text_copy(longest_of, sizeof longest_of, of);
    }
}

/* ---- bodies */
static int connection = -1;

static bool send_all(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Status of one whole answer; 0 when the stream ended before. *ret_open: another request may follow. */
static int read_status(bool *ret_open)
{
    autobuf struct buf answer = BUF(ANSWER_MAX);
    struct pollfd wait = {.fd = connection, .events = POLLIN};
    *ret_open = false;
    while (poll(&wait, 1, WAIT_MS) > 0) {
        char bytes[4096];
        ssize_t got = recv(connection, bytes, sizeof bytes, 0);
        if (got <= 0) {
            break;
        }
        buf_add(&answer, bytes, (size_t)got);
        struct str all = str_slice(answer.data, answer.len);
        size_t head = str_find(all, STR("\r\n\r\n"), 0), at = str_find(all, STR("Content-Length: "), 0);
        if (head == SIZE_MAX || at == SIZE_MAX) {
            continue;
        }
        size_t length = strtoul(answer.data + at + strlen("Content-Length: "), NULL, 10);
        if (answer.len >= head + 4 + length) {
            *ret_open = str_find(all, STR("Connection: close"), 0) == SIZE_MAX;
            break;
        }
    }
    return answer.len > 12 ? (int)strtol(answer.data + 9, NULL, 10) : 0;
}

static int post(const char *bytes, size_t length, const char *coding, const char *of)
{
    char head[256];
    bool open = false;
    int status = 0;
    int64_t begun = clock_monotonic_us();
    int head_length = snprintf(head, sizeof head,
                               "POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                               "Content-Length: %zu\r\n%s%s%s\r\n",
                               length, coding != NULL ? "Content-Encoding: " : "", coding != NULL ? coding : "",
                               coding != NULL ? "\r\n" : "");
    for (int tries = 0; tries < 2 && status == 0; tries++) {
        if (connection < 0) {
            connection = open_connection();
        }
        /* A refusal may come before all is sent: what was answered counts, not whether all went out. */
        (void)(send_all(head, (size_t)head_length) && send_all(bytes, length));
        status = read_status(&open);
        if (!open) {
            (void)close(connection);
            connection = -1;
        }
    }
    note_time(begun, of);
    return status;
}

static bool next_path(char *path, size_t size)
{
    if (fgets(path, (int)size, stdin) == NULL) {
        return false;
    }
    path[strcspn(path, "\n")] = '\0';
    return true;
}

static void read_input(const char *path, struct buf *into)
{
    struct err err;
    *into = BUF(FILE_MAX);
    if (file_read(path, into, &err) != 0) {
        fprintf(stderr, "hostile_client: %s: %s\n", path, err.text);
        exit(66);
    }
}

static void send_bodies(const char *coding)
{
    char path[512];
    while (next_path(path, sizeof path)) {
        autobuf struct buf bytes = {0};
        read_input(path, &bytes);
        printf("%d\t%s\n", post(buf_text(&bytes), bytes.len, coding, path), path);
    }
}

/* ---- strings */
static void put_pair(struct json_writer *writer, const char *name, const char *value)
{
    json_pair_string(writer, name, value);
}

/* A small bundle with one of its texts replaced. */
static void bundle_with(struct buf *into, int field, const char *text, int number)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    put_pair(&writer, "crosschip", "1.0");
    json_write_key(&writer, "consent");
    json_write_raw(&writer, STR("{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"}"));
    json_write_key(&writer, "format");
    json_write_raw(&writer, STR("{\"name\":\"llama-bench-json\",\"reader\":1}"));
    put_pair(&writer, "note", field == 0 ? text : "plain");
    json_write_key(&writer, "device");
    json_begin_object(&writer);
    put_pair(&writer, "chip", field == 1 ? text : "Apple M1 Max");
    put_pair(&writer, "board", field == 2 ? text : "Mac13,1");
    json_pair_int(&writer, "memory_bytes", number * INT64_C(1048576));
    json_end_object(&writer);
    json_write_key(&writer, "runs");
    json_begin_array(&writer);
    json_begin_object(&writer);
    json_write_key(&writer, "workload");
    json_begin_object(&writer);
    put_pair(&writer, "model", field == 3 ? text : "Llama 2 7B");
    put_pair(&writer, "task", field == 4 ? text : "tg128");
    json_end_object(&writer);
    json_write_key(&writer, "labels");
    json_begin_object(&writer);
    put_pair(&writer, "title", field == 5 ? text : "plain");
    json_end_object(&writer);
    json_write_key(&writer, "metrics");
    json_write_raw(&writer, STR("[{\"name\":\"generation_throughput\",\"unit\":\"tok/s\",\"direction\":\"higher\","
                                "\"mean\":61.19}]"));
    json_end_object(&writer);
    json_end_array(&writer);
    json_end_object(&writer);
}

static void send_strings(const char *path)
{
    autobuf struct buf text = {0};
    autojson struct json_document *document = NULL;
    struct err err;
    size_t offset = 0;
    int counts[600] = {0}, number = 0;
    read_input(path, &text);
    if (json_read_tolerant(str_slice(text.data, text.len), &offset, &json_limits_tool, &document, &err) != 1) {
        fprintf(stderr, "hostile_client: %s: %s\n", path, err.text);
        exit(65);
    }
    for (const struct json *item = json_first(json_root(document)); item != NULL; item = json_next(item)) {
        for (int field = 0; field < 6 && json_string(item) != NULL; field++) {
            autobuf struct buf bundle = BUF(BUF_MIB);
            bundle_with(&bundle, field, json_string(item), ++number);
            int status = post(buf_text(&bundle), bundle.len, NULL, path);
            counts[status >= 0 && status < 600 ? status : 0]++;
        }
    }
    for (int status = 0; status < 600; status++) {
        if (counts[status] > 0) {
            printf("%d:%d ", status, counts[status]);
        }
    }
    printf("\t%s\n", path);
}

/* ---- raw */
struct raw {
    char path[512];
    bool stays_open, sent, closed;
    int descriptor;
    struct buf bytes, answer;
    size_t at;
    int64_t begun_us;
};

/* One piece; of a long file only the beginning goes in small ones. */
static void raw_send(struct raw *raw, size_t piece)
{
    size_t left = raw->bytes.len - raw->at, length = raw->at < SINGLE_MOST ? piece : 512;
    length = length < left ? length : left;
    ssize_t sent = length == 0 ? 0 : send(raw->descriptor, raw->bytes.data + raw->at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
        return;
    }
    raw->at += sent > 0 ? (size_t)sent : 0;
    if (sent < 0 || raw->at == raw->bytes.len) {
        raw->sent = true;
        if (!raw->stays_open) {
            (void)shutdown(raw->descriptor, SHUT_WR);
        }
    }
}

static void raw_receive(struct raw *raw)
{
    char bytes[4096];
    ssize_t got = recv(raw->descriptor, bytes, sizeof bytes, 0);
    if (got > 0) {
        buf_add(&raw->answer, bytes, (size_t)got);
    } else if (got == 0 || errno != EAGAIN) {
        raw->closed = true;
        note_time(raw->stays_open ? clock_monotonic_us() : raw->begun_us, raw->path);
    }
}

static void raw_print(const struct raw *raw)
{
    struct str all = str_slice(raw->answer.data, raw->answer.len);
    int answers = 0, good = 0;
    for (size_t at = 0; (at = str_find(all, STR("HTTP/1."), at)) != SIZE_MAX; at++) {
        bool is_status = at + 12 <= all.len && all.data[at + 8] == ' ';
        answers += is_status ? 1 : 0;
        good += is_status && all.data[at + 9] == '2' ? 1 : 0;
    }
    printf("%d/%d/%s\t%s\n", answers, good, raw->closed ? "closed" : "open", raw->path);
}

static size_t raw_open_all(struct raw *raws)
{
    size_t count = 0;
    char path[512];
    while (count < RAW_MOST && next_path(path, sizeof path)) {
        struct raw *raw = &raws[count++];
        raw->stays_open = path[0] == '-';
        text_copy(raw->path, sizeof raw->path, path + (raw->stays_open ? 1 : 0));
        read_input(raw->path, &raw->bytes);
        raw->answer = BUF(ANSWER_MAX);
        raw->descriptor = open_connection();
        (void)fcntl(raw->descriptor, F_SETFL, O_NONBLOCK);
        raw->begun_us = clock_monotonic_us();
    }
    return count;
}

static void send_raw(size_t piece)
{
    autofree struct raw *raws = mem_zalloc(RAW_MOST, sizeof *raws);
    struct pollfd polls[RAW_MOST];
    if (raws == NULL) {
        fail("memory");
    }
    size_t count = raw_open_all(raws), left = count;
    int64_t until = clock_monotonic_us() + raw_limit_us;
    while (left > 0 && clock_monotonic_us() < until) {
        for (size_t i = 0; i < count; i++) {
            short sending = raws[i].sent ? 0 : POLLOUT;
            polls[i] = (struct pollfd){.fd = raws[i].closed ? -1 : raws[i].descriptor, .events = POLLIN | sending};
        }
        (void)poll(polls, count, 100);
        left = 0;
        for (size_t i = 0; i < count; i++) {
            if (!raws[i].closed && (polls[i].revents & POLLOUT) != 0) {
                raw_send(&raws[i], piece);
            }
            if (!raws[i].closed && (polls[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
                raw_receive(&raws[i]);
            }
            left += raws[i].closed ? 0 : 1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        raw_print(&raws[i]);
        (void)close(raws[i].descriptor);
        buf_done(&raws[i].bytes);
        buf_done(&raws[i].answer);
    }
}

int main(int argc, char **argv)
{
    const char *colon = argc > 2 ? strrchr(argv[1], ':') : NULL;
    int64_t port = 0, piece = 0;
    if (colon == NULL || !number_parse_int64(str_of(colon + 1), &port)) {
        fprintf(stderr, "usage: hostile_client ADDRESS bodies|strings|raw …\n");
        return 64;
    }
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (text_equal(argv[2], "bodies")) {
        send_bodies(argc > 3 ? argv[3] : NULL);
    } else if (text_equal(argv[2], "raw") && argc == 4 && number_parse_int64(str_of(argv[3]), &piece) && piece > 0) {
        send_raw((size_t)piece);
    } else {
        for (int i = 3; text_equal(argv[2], "strings") && i < argc; i++) {
            send_strings(argv[i]);
        }
    }
    printf("longest %.3f %s\n", longest, longest_of);
    return 0;
}
