/* A bounded load over HTTP keep-alive: each client sends the next bundle when it has the answer to the last.
 *
 *   load ADDRESS SECONDS CLIENTS [COUNT [IDLE [SLOW [FIRST]]]]
 *
 * ADDRESS is host:port on loopback. Ends after SECONDS, or after COUNT answers where COUNT is not 0. IDLE further
 * connections send nothing, SLOW ones send a byte of a request every two seconds; what is closed is opened again. FIRST
 * is where the numbers of the bundles begin; without it they follow from the clock. Prints one line: rate (of 2xx),
 * p50_ms, p99_ms and max_ms of answers, created (201), known (200), later (429 and 503 with Retry-After), failed
 * (everything else), reopened. Exit status 1 when something failed. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "tests/bench/ingest/bundles.h"

enum { ANSWER_MAX = 64 << 10, HEAD_MAX = 256, EVENTS = 256, TICK_MS = 50 };
/* Sooner than it is told, so that the pressure stays. */
static const int64_t again_us = 250000, slow_step_us = 2000000, patience_us = 20000000;

enum client_kind { CLIENT_GOOD, CLIENT_IDLE, CLIENT_SLOW };

struct client {
    enum client_kind kind;
    int descriptor; /* -1 = closed */
    char head[HEAD_MAX];
    size_t head_length, sent, total; /* of head and body */
    struct bundle_kind *bundle;
    uint64_t number;
    bool sending, waiting;
    int64_t begun_us, next_us; /* next_us: of a slow one, or when a refused one asks again */
    char answer[ANSWER_MAX];
    size_t got;
};

static struct {
    int epoll;
    struct sockaddr_in address;
    struct bundle_kind kinds[BUNDLE_KINDS];
    struct client *clients;
    size_t client_count;
    uint64_t next_number;
    int64_t asked, asked_max;
    float *times_ms;
    size_t time_count, time_capacity;
    int64_t created, known, later, failed, reopened;
    int64_t now_us;
} load;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(74);
}

static void watch(struct client *client, uint32_t events, int how)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(load.epoll, how, client->descriptor, &event) != 0) {
        fail("epoll_ctl");
    }
}

static void open_client(struct client *client)
{
    int on = 1;
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->descriptor < 0 ||
        connect(client->descriptor, (struct sockaddr *)&load.address, sizeof load.address) != 0) {
        fail("connect");
    }
    (void)fcntl(client->descriptor, F_SETFL, O_NONBLOCK);
    (void)setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->sending = client->waiting = false;
    client->got = client->sent = 0;
    watch(client, EPOLLIN, EPOLL_CTL_ADD);
}

static void close_client(struct client *client)
{
    (void)close(client->descriptor);
    client->descriptor = -1;
    load.reopened++;
}

static void send_rest(struct client *client)
{
    while (client->sent < client->total) {
        struct iovec parts[2];
        int count = 0;
        size_t at = client->sent;
        if (at < client->head_length) {
            parts[count++] = (struct iovec){client->head + at, client->head_length - at};
            at = client->head_length;
        }
        if (client->total > client->head_length) {
            bundle_put_number(client->bundle->text.data + client->bundle->number_at, client->number);
            at -= client->head_length;
            parts[count++] = (struct iovec){client->bundle->text.data + at, client->bundle->text.len - at};
        }
        const struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
        ssize_t sent = sendmsg(client->descriptor, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            if (!client->sending) {
                client->sending = true;
                watch(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            }
            return;
        }
        if (sent < 0) {
            return; /* what the server has to say is read, or the end seen */
        }
        client->sent += (size_t)sent;
    }
    if (client->sending) {
        client->sending = false;
        watch(client, EPOLLIN, EPOLL_CTL_MOD);
    }
}

static void ask(struct client *client)
{
    if (load.asked_max > 0 && load.asked >= load.asked_max) {
        return;
    }
    load.asked++;
    client->number = load.next_number++;
    client->bundle = &load.kinds[client->number % BUNDLE_KINDS];
    client->head_length = (size_t)snprintf(client->head, HEAD_MAX,
                                           "POST /v1/submissions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                                           "application/json\r\nContent-Length: %zu\r\n\r\n",
                                           client->bundle->text.len);
    client->total = client->head_length + client->bundle->text.len;
    client->sent = client->got = 0;
    client->begun_us = clock_monotonic_us();
    client->waiting = true;
    client->next_us = 0;
    send_rest(client);
}

/* Where the value of a header begins; SIZE_MAX = not there. `rest` is its name without the first letter of each word,
 * which servers write large or small. */
static size_t find_header(struct str answer, const char *rest)
{
    size_t at = str_find(answer, str_of(rest), 0);
    return at == SIZE_MAX ? SIZE_MAX : at + strlen(rest);
}

static size_t answer_length(struct str bytes)
{
    size_t head = str_find(bytes, STR("\r\n\r\n"), 0);
    size_t at = find_header(bytes, "ength: ");
    if (head == SIZE_MAX || at == SIZE_MAX || at > head) {
        return 0;
    }
    size_t length = head + 4 + (size_t)strtoul(bytes.data + at, NULL, 10);
    return bytes.len >= length ? length : 0;
}

static void note_time(const struct client *client)
{
    if (load.time_count == load.time_capacity &&
        mem_grow(&load.times_ms, &load.time_capacity, load.time_count + 1, sizeof *load.times_ms) < 0) {
        fail("memory");
    }
    load.times_ms[load.time_count++] = (float)(clock_monotonic_us() - client->begun_us) / 1000;
}

/* One whole answer: counted, and the next question goes. */
static void take_answer(struct client *client)
{
    long status = strtol(client->answer + strlen("HTTP/1.1 "), NULL, 10);
    const struct str all = str_slice(client->answer, client->got);
    const bool again = (status == 503 || status == 429) && find_header(all, "etry-After: ") != SIZE_MAX;
    const bool closes = find_header(all, "onnection: close") != SIZE_MAX;
    client->waiting = false;
    load.created += status == 201 ? 1 : 0;
    load.known += status == 200 ? 1 : 0;
    load.later += again ? 1 : 0;
    if (status != 201 && status != 200 && !again) {
        load.failed++;
        fprintf(stderr, "load: %.*s\n", (int)(client->got > 500 ? 500 : client->got), client->answer);
    }
    if (status < 300) {
        note_time(client);
    }
    if (closes) {
        close_client(client);
        open_client(client);
    }
    if (again) {
        client->next_us = load.now_us + again_us;
    } else {
        ask(client);
    }
}

static void receive(struct client *client)
{
    ssize_t got = recv(client->descriptor, client->answer + client->got, ANSWER_MAX - 1 - client->got, 0);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        if (client->kind == CLIENT_GOOD && client->waiting) {
            load.failed++;
            fprintf(stderr, "load: the server closed before it answered\n");
        }
        close_client(client);
        return;
    }
    client->got += (size_t)got;
    client->answer[client->got] = '\0';
    if (client->kind == CLIENT_GOOD && answer_length(str_slice(client->answer, client->got)) > 0) {
        take_answer(client);
    } else if (client->kind != CLIENT_GOOD) {
        client->got = 0; /* 408 and the like: of no interest */
    }
}

static void step_slow(struct client *client)
{
    static const char request[] =
        "POST /v1/submissions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: 8000\r\n\r\n{\"crosschip\":\"1.0\", ";
    if (client->sent + 1 < sizeof request &&
        send(client->descriptor, request + client->sent, client->sent == 0 ? 40 : 1, MSG_NOSIGNAL) > 0) {
        client->sent += client->sent == 0 ? 40 : 1;
    }
    client->next_us = load.now_us + slow_step_us;
}

/* What the clock decides: closed connections open again, slow ones go on, refused ones ask again. */
static void tick(void)
{
    for (size_t i = 0; i < load.client_count; i++) {
        struct client *client = &load.clients[i];
        if (client->descriptor < 0) {
            open_client(client);
            if (client->kind == CLIENT_GOOD) {
                ask(client);
            }
        } else if (client->kind == CLIENT_SLOW && load.now_us >= client->next_us) {
            step_slow(client);
        } else if (client->kind == CLIENT_GOOD && !client->waiting && client->next_us != 0 &&
                   load.now_us >= client->next_us) {
            ask(client);
        }
    }
}

static size_t count_waiting(void)
{
    size_t count = 0;
    for (size_t i = 0; i < load.client_count; i++) {
        count += load.clients[i].kind == CLIENT_GOOD && (load.clients[i].waiting || load.clients[i].next_us != 0);
    }
    return count;
}

static void handle_events(void)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(load.epoll, events, EVENTS, TICK_MS);
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if ((events[i].events & EPOLLOUT) != 0 && client->waiting) {
            send_rest(client);
        }
        if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
            receive(client);
        }
    }
}

static void run(int64_t seconds)
{
    int64_t begun = clock_monotonic_us(), until = begun + seconds * 1000000, ticked = 0;
    bool ending = false;
    while (!ending || (count_waiting() > 0 && load.now_us < until + patience_us)) {
        load.now_us = clock_monotonic_us();
        if (load.now_us - ticked > TICK_MS * 1000) {
            tick();
            ticked = load.now_us;
        }
        handle_events();
        if (!ending && (load.now_us > until || (load.asked_max > 0 && load.asked >= load.asked_max))) {
            ending = true;
            load.asked_max = load.asked; /* nothing new: only the answers that are under way */
        }
        if (ending) {
            for (size_t i = 0; i < load.client_count; i++) {
                load.clients[i].next_us = load.clients[i].kind == CLIENT_GOOD ? 0 : load.clients[i].next_us;
            }
        }
    }
    load.failed += (int64_t)count_waiting();
    load.now_us = clock_monotonic_us() - begun;
}

static int compare(const void *a, const void *b)
{
    const float *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void print(void)
{
    size_t n = load.time_count;
    qsort(load.times_ms, n, sizeof *load.times_ms, compare);
    printf(
        "rate %.1f p50_ms %.3f p99_ms %.3f max_ms %.3f created %lld known %lld later %lld failed %lld reopened %lld\n",
        (double)(load.created + load.known) * 1e6 / (double)load.now_us, n > 0 ? (double)load.times_ms[n / 2] : 0.0,
        n > 0 ? (double)load.times_ms[n * 99 / 100] : 0.0, n > 0 ? (double)load.times_ms[n - 1] : 0.0,
        (long long)load.created, (long long)load.known, (long long)load.later, (long long)load.failed,
        (long long)load.reopened);
}

static void add_clients(int64_t count, enum client_kind kind)
{
    for (int64_t i = 0; i < count; i++) {
        struct client *client = &load.clients[load.client_count++];
        client->kind = kind;
        open_client(client);
    }
}

static int64_t argument(char **argv, int argc, int index, int64_t fallback)
{
    int64_t value = fallback;
    if (index < argc && !number_parse_int64(str_of(argv[index]), &value)) {
        fprintf(stderr, "load: not a number: %s\n", argv[index]);
        exit(64);
    }
    return value;
}

int main(int argc, char **argv)
{
    const char *colon = argc > 1 ? strrchr(argv[1], ':') : NULL;
    int64_t port = 0;
    if (argc < 4 || colon == NULL || !number_parse_int64(str_of(colon + 1), &port)) {
        fprintf(stderr, "usage: load ADDRESS SECONDS CLIENTS [COUNT [IDLE [SLOW [FIRST]]]]\n");
        return 64;
    }
    int64_t good = argument(argv, argc, 3, 1), idle = argument(argv, argc, 5, 0), slow = argument(argv, argc, 6, 0);
    struct rlimit files = {8192, 8192};
    (void)setrlimit(RLIMIT_NOFILE, &files);
    load.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    load.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    load.asked_max = argument(argv, argc, 4, 0);
    load.next_number = (uint64_t)argument(argv, argc, 7, clock_wall_us() * 1000);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.clients = mem_zalloc((size_t)(good + idle + slow), sizeof *load.clients);
    if (load.epoll < 0 || load.clients == NULL) {
        fail("start");
    }
    bundles_make(load.kinds);
    add_clients(idle, CLIENT_IDLE);
    add_clients(slow, CLIENT_SLOW);
    add_clients(good, CLIENT_GOOD);
    for (size_t i = load.client_count - (size_t)good; i < load.client_count; i++) {
        ask(&load.clients[i]);
    }
    run(argument(argv, argc, 2, 1));
    print();
    bundles_done(load.kinds);
    free(load.clients);
    free(load.times_ms);
    return load.failed > 0;
}
