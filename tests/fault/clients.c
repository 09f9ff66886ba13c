#include "tests/fault/clients.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/bundle/bundle.h"
#include "tests/unit/intake_sample.h"

enum { LIFE_US = 100000, STUCK_US = 60000000 };

unsigned clients_random(struct clients *clients, unsigned below)
{
    /* xorshift64* (Marsaglia 2003, Vigna 2016) */
    clients->random ^= clients->random >> 12;
    clients->random ^= clients->random << 25;
    clients->random ^= clients->random >> 27;
    return (unsigned)((clients->random * UINT64_C(2685821657736338717)) >> 33) % below;
}

void clients_init(struct clients *clients, struct oracle *oracle, const char *bin, const char *work)
{
    clients->oracle = oracle;
    clients->bin = bin;
    clients->work = work;
    clients->life_us = LIFE_US;
    (void)snprintf(clients->key, sizeof clients->key, "%s/key", work);
    for (size_t i = 0; i < SPOOLS; i++) {
        clients->spools[i] = mem_printf("%s/spool%zu", work, i);
    }
    oracle->spools = clients->spools;
    oracle->spool_count = SPOOLS;
}

void clients_done(struct clients *clients)
{
    for (size_t i = 0; i < SPOOLS; i++) {
        free(clients->spools[i]);
    }
}

static struct client *free_client(struct clients *clients)
{
    for (size_t i = 0; i < clients->in_flight; i++) {
        if (clients->items[i].pid == 0) {
            return &clients->items[i];
        }
    }
    return NULL;
}

/* Runs crosschip-submit with its standard output in a pipe. */
static void start(struct clients *clients, struct client *client, const char *const *arguments)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        harness_fail("no pipe: %s", strerror(errno));
    }
    *client = (struct client){.descriptor = ends[0], .started_us = clock_monotonic_us()};
    client->pid = fork();
    if (client->pid == 0) {
        char log[600];
        (void)snprintf(log, sizeof log, "%s/clients.log", clients->work);
        int errors = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)dup2(errors, STDERR_FILENO);
        (void)execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    (void)close(ends[1]);
    if (client->pid < 0) {
        harness_fail("cannot fork");
    }
    if (clients->kills < clients->kills_wanted && clients_random(clients, 3) == 0) {
        /* Anywhere in its life, and as often near its end, where queue and receipts change. */
        const unsigned life = (unsigned)clients->life_us;
        client->kill_at_us =
            client->started_us + (clients_random(clients, 2) == 0 ? clients_random(clients, life)
                                                                  : life * 6 / 10 + clients_random(clients, life / 2));
    }
}

static void start_send(struct clients *clients, struct client *client, const char *file, size_t index, size_t spool)
{
    char program[600];
    const char *const arguments[] = {
        program, "send",       "-q", "--server", clients->oracle->servers->url, "--spool", clients->spools[spool],
        "--key", clients->key, file, NULL};
    (void)snprintf(program, sizeof program, "%s/crosschip-submit", clients->bin);
    clients->oracle->ledger->items[index].spools |= 1u << spool;
    start(clients, client, arguments);
}

static void start_flush(struct clients *clients, struct client *client, size_t spool)
{
    char program[600];
    const char *const arguments[] = {
        program, "queue", "flush", "-q", "--server", clients->oracle->servers->url, "--spool", clients->spools[spool],
        NULL};
    (void)snprintf(program, sizeof program, "%s/crosschip-submit", clients->bin);
    clients->flushes++;
    start(clients, client, arguments);
}

/* A new bundle, in the ledger before anybody else sees it. */
static size_t make_bundle(struct clients *clients, char file[600])
{
    autobuf struct buf bytes = BUF(BUF_MIB);
    char id[BUNDLE_ID_SIZE];
    struct err err;
    sample_bundle(&bytes, (int)clients->made++);
    (void)bundle_id(str_slice(bytes.data, bytes.len), id);
    (void)snprintf(file, 600, "%s/bundles/%u.json", clients->work, clients->made);
    size_t index = ledger_generated(clients->oracle->ledger, id);
    int descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || file_write_all(descriptor, bytes.data, bytes.len, &err) != 0) {
        harness_fail("%s cannot be written", file);
    }
    (void)close(descriptor);
    return index;
}

void clients_start(struct clients *clients)
{
    struct client *client;
    while ((client = free_client(clients)) != NULL) {
        char file[600];
        size_t spool = clients_random(clients, SPOOLS);
        if (clients_random(clients, 8) == 0) {
            start_flush(clients, client, spool);
            continue;
        }
        size_t index = make_bundle(clients, file);
        start_send(clients, client, file, index, spool);
        /* Now and then two send the same bytes at once. */
        if (clients_random(clients, 4) == 0 && (client = free_client(clients)) != NULL) {
            start_send(clients, client, file, index, (spool + 1) % SPOOLS);
        }
    }
}

/* "accepted ID", "quarantined ID (rule)": a promise. */
static void read_line(struct clients *clients, const char *line)
{
    char id[LEDGER_ID_SIZE] = "";
    const char *at = strchr(line, ' ');
    if (at == NULL || (strncmp(line, "accepted ", 9) != 0 && strncmp(line, "quarantined ", 12) != 0)) {
        return;
    }
    text_copy(id, sizeof id, at + 1);
    struct generated *item = ledger_acked(clients->oracle->ledger, id);
    if (item == NULL) {
        oracle_find(clients->oracle, "acknowledged and never made: %s", id);
        return;
    }
    clients->acked_at_us = clock_monotonic_us();
    clients->oracle->unseen += item->seen ? 0 : 1;
}

static void take_bytes(struct clients *clients, struct client *client, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
            client->line[client->length] = '\0';
            read_line(clients, client->line);
            client->length = 0;
        } else if (client->length + 1 < sizeof client->line) {
            client->line[client->length++] = bytes[i];
        }
    }
}

static void end_client(struct clients *clients, struct client *client)
{
    int status = 0;
    (void)close(client->descriptor);
    (void)waitpid(client->pid, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
        oracle_find(clients->oracle, "a client died of signal %d", WTERMSIG(status));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        const int64_t life = clock_monotonic_us() - client->started_us;
        clients->life_us += ((life < 10 * LIFE_US ? life : 10 * LIFE_US) - clients->life_us) / 16;
    }
    *client = (struct client){0};
}

void clients_step(struct clients *clients, int limit_ms)
{
    struct pollfd waits[CLIENTS_MAX];
    struct client *of[CLIENTS_MAX];
    nfds_t count = 0;
    const int64_t now = clock_monotonic_us();
    for (size_t i = 0; i < clients->in_flight; i++) {
        struct client *client = &clients->items[i];
        if (client->pid == 0) {
            continue;
        }
        if (client->kill_at_us != 0 && now >= client->kill_at_us) {
            (void)kill(client->pid, SIGKILL);
            client->kill_at_us = 0;
            clients->kills++;
        }
        if (now - client->started_us > STUCK_US) {
            oracle_find(clients->oracle, "a client hangs");
            (void)kill(client->pid, SIGKILL);
        }
        of[count] = client;
        waits[count++] = (struct pollfd){.fd = client->descriptor, .events = POLLIN};
    }
    if (poll(waits, count, limit_ms) <= 0) {
        return;
    }
    for (nfds_t i = 0; i < count; i++) {
        char bytes[4096];
        if (waits[i].revents == 0) {
            continue;
        }
        ssize_t length = read(waits[i].fd, bytes, sizeof bytes);
        if (length > 0) {
            take_bytes(clients, of[i], bytes, (size_t)length);
        } else {
            end_client(clients, of[i]);
        }
    }
    oracle_look(clients->oracle);
}

static bool any_left(const struct clients *clients)
{
    for (size_t i = 0; i < clients->in_flight; i++) {
        if (clients->items[i].pid != 0) {
            return true;
        }
    }
    return false;
}

void clients_finish(struct clients *clients)
{
    while (any_left(clients)) {
        clients_step(clients, 50);
    }
}

static size_t queued(const struct clients *clients, size_t spool)
{
    char path[600];
    size_t count = 0;
    (void)snprintf(path, sizeof path, "%s/queue", clients->spools[spool]);
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return count;
}

void clients_heal(struct clients *clients, int seconds)
{
    const int64_t deadline = clock_monotonic_us() + (int64_t)seconds * 1000000;
    const unsigned wanted = clients->kills_wanted;
    bool waiting = true;
    clients->kills_wanted = 0; /* nobody is hurt while it heals */
    clients_finish(clients);
    /* One flush at least: what a kill left between two folders is settled by the next program that opens the spool. */
    for (bool first = true; (waiting || first) && clock_monotonic_us() < deadline; first = false) {
        for (size_t spool = 0; spool < SPOOLS; spool++) {
            start_flush(clients, &clients->items[spool], spool);
        }
        clients_finish(clients);
        waiting = false;
        for (size_t spool = 0; spool < SPOOLS; spool++) {
            waiting = waiting || queued(clients, spool) > 0;
        }
    }
    clients->kills_wanted = wanted;
}
