/* Kills clients, the collector, PostgreSQL and single backends at random under
 * load, and asks afterwards whether anything was lost, doubled or changed
 * (reliability.md 4.1 and 4.6). Stands outside the programs: it knows them only
 * by their command lines, their spools and the tables.
 *
 * torture BIN WORK SEED CLIENT COLLECTOR POSTMASTER BACKEND [INTERRUPT [CELL]]
 *   SEED        of the random choices; 0 = taken from the clock
 *   CLIENT …    how many of each are killed
 *   INTERRUPT   how many times a statement is cancelled, a backend stopped for a moment, or a table locked
 *   CELL        kills of servers after which all is healed and checked; 0 = 25
 * Ends at the first finding, exit status 1; prints TAP. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "tests/fault/clients.h"

enum { IN_FLIGHT = 20, HEAL_SECONDS = 120, PATIENCE_US = 30000000, STOPPED_US = 250000, LOCKED_US = 2600000 };
enum target { COLLECTOR, POSTMASTER, BACKEND, INTERRUPT, TARGETS };

struct torture {
    struct servers servers;
    struct ledger ledger;
    struct oracle oracle;
    struct clients clients;
    unsigned left[TARGETS], done[TARGETS];
    unsigned cell, since_check, checks;
    int64_t next_us, hit_us; /* of the next and the last kill of a server */
    pid_t stopped;
    bool locked;
    int64_t continue_us;
};

static unsigned kills(const struct torture *torture)
{
    return torture->clients.kills + torture->done[COLLECTOR] + torture->done[POSTMASTER] + torture->done[BACKEND];
}

static unsigned servers_left(const struct torture *torture)
{
    return torture->left[COLLECTOR] + torture->left[POSTMASTER] + torture->left[BACKEND] + torture->left[INTERRUPT];
}

static enum target choose(struct torture *torture)
{
    unsigned pick = clients_random(&torture->clients, servers_left(torture));
    enum target target = COLLECTOR;
    while (pick >= torture->left[target]) {
        pick -= torture->left[target];
        target++;
    }
    return target;
}

/* Somebody else holds a table for longer than the collector waits for a lock: statements in its transactions fail. */
static bool lock_table(struct torture *torture)
{
    struct err err;
    if (db_connection_lost(torture->oracle.db) || db_begin(torture->oracle.db, DB_READ_COMMITTED, &err) != 0) {
        return false;
    }
    if (db_exec(torture->oracle.db, "lock table measurement in access exclusive mode", &err) != 0) {
        db_rollback(torture->oracle.db);
        return false;
    }
    torture->locked = true;
    torture->continue_us = clock_monotonic_us() + LOCKED_US;
    return true;
}

/* Cancels a statement as pg_cancel_backend does, stops a backend for a moment, or holds a lock. */
static bool interrupt(struct torture *torture)
{
    const unsigned kind = clients_random(&torture->clients, 3);
    pid_t backend = servers_backend(&torture->servers, clients_random(&torture->clients, 64));
    if (kind == 0) {
        return lock_table(torture);
    }
    if (backend == 0) {
        return false;
    }
    if (kind == 1) {
        return kill(backend, SIGINT) == 0;
    }
    torture->stopped = backend;
    torture->continue_us = clock_monotonic_us() + STOPPED_US;
    return kill(backend, SIGSTOP) == 0;
}

static bool hit(struct torture *torture, enum target target)
{
    pid_t pid;
    switch (target) {
    case COLLECTOR:
        servers_kill_collector(&torture->servers);
        return true;
    case POSTMASTER:
        pid = servers_postmaster(&torture->servers);
        return pid > 0 && kill(pid, SIGKILL) == 0;
    case BACKEND:
        pid = servers_backend(&torture->servers, clients_random(&torture->clients, 64));
        return pid > 0 && kill(pid, SIGKILL) == 0;
    case INTERRUPT:
        return interrupt(torture);
    case TARGETS:
        break;
    }
    return false;
}

static void wake(struct torture *torture, bool now)
{
    if (!now && clock_monotonic_us() < torture->continue_us) {
        return;
    }
    if (torture->stopped > 0) {
        (void)kill(torture->stopped, SIGCONT);
        torture->stopped = 0;
    }
    if (torture->locked) {
        db_rollback(torture->oracle.db);
        torture->locked = false;
    }
}

/* A collector whose database dies again and again while it starts ends with an error; it is started again, as by
 * whoever supervises it. */
static bool come_back(struct torture *torture)
{
    const int64_t deadline = clock_monotonic_us() + (int64_t)HEAL_SECONDS * 1000000;
    do {
        (void)servers_keep_collector(&torture->servers);
        clients_step(&torture->clients, 50);
        if (servers_wait_ready(&torture->servers, 1)) {
            return true;
        }
    } while (clock_monotonic_us() < deadline);
    return false;
}

static void check_all(struct torture *torture)
{
    wake(torture, true);
    torture->since_check = 0;
    torture->checks++;
    if (!come_back(torture)) {
        oracle_find(&torture->oracle, "the collector does not come back");
        return;
    }
    clients_heal(&torture->clients, HEAL_SECONDS);
    oracle_check(&torture->oracle);
}

/* The next kill comes when the load runs again: that is what it is to hit. */
static void plan(struct torture *torture)
{
    const int64_t now = clock_monotonic_us();
    const bool runs = torture->clients.acked_at_us > torture->hit_us;
    if (servers_left(torture) == 0 || now < torture->next_us || torture->stopped > 0 || torture->locked) {
        return;
    }
    if (!runs && now - torture->hit_us < PATIENCE_US) {
        return;
    }
    if (!runs) {
        oracle_find(&torture->oracle, "nothing was accepted for %d s", PATIENCE_US / 1000000);
    }
    enum target target = choose(torture);
    if (hit(torture, target)) {
        torture->left[target]--;
        torture->done[target]++;
        torture->hit_us = now;
        torture->since_check += target == INTERRUPT ? 0 : 1;
    }
    torture->next_us = now + 100000 + clients_random(&torture->clients, 400000);
}

static void run(struct torture *torture)
{
    struct clients *clients = &torture->clients;
    while ((servers_left(torture) > 0 || clients->kills < clients->kills_wanted) && torture->oracle.findings == 0) {
        clients_start(clients);
        clients_step(clients, 5);
        wake(torture, false);
        (void)servers_keep_collector(&torture->servers);
        plan(torture);
        if (torture->since_check >= torture->cell) {
            check_all(torture);
        }
    }
    if (torture->oracle.findings == 0) {
        check_all(torture);
    }
}

static void report(struct torture *torture, int64_t begun_us)
{
    const struct ledger *ledger = &torture->ledger;
    (void)printf("# %u kills (%u clients, %u collectors, %u postmasters, %u backends) and %u interruptions in %lld s, "
                 "%u checks of everything: %zu bundles made, %zu acknowledged, %zu findings\n",
                 kills(torture), torture->clients.kills, torture->done[COLLECTOR], torture->done[POSTMASTER],
                 torture->done[BACKEND], torture->done[INTERRUPT],
                 (long long)((clock_monotonic_us() - begun_us) / 1000000), torture->checks, ledger->count,
                 ledger->acked, torture->oracle.findings);
}

static void prepare(struct torture *torture, char **arguments, int count)
{
    struct err err;
    char path[600];
    const char *work = arguments[2];
    long numbers[7] = {0};
    for (int i = 3; i < count && i < 10; i++) {
        numbers[i - 3] = strtol(arguments[i], NULL, 10);
    }
    torture->clients.random =
        (numbers[0] != 0 ? (uint64_t)numbers[0] : (uint64_t)clock_wall_us()) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    torture->clients.kills_wanted = (unsigned)numbers[1];
    for (int target = 0; target < TARGETS; target++) {
        torture->left[target] = (unsigned)numbers[2 + target];
    }
    torture->cell = numbers[6] > 0 ? (unsigned)numbers[6] : 25;
    torture->clients.in_flight = IN_FLIGHT;
    (void)snprintf(path, sizeof path, "%s/bundles", work);
    if (file_make_folders(path, 0755, &err) != 0) {
        harness_fail("%s: %s", path, err.text);
    }
    (void)snprintf(path, sizeof path, "%s/ledger", work);
    ledger_open(&torture->ledger, path);
    servers_init(&torture->servers, arguments[1], work);
    torture->oracle.servers = &torture->servers;
    torture->oracle.ledger = &torture->ledger;
    clients_init(&torture->clients, &torture->oracle, arguments[1], work);
}

static struct torture torture;

/* However the harness ends, nothing that it started stays behind: the collector stops its PostgreSQL. */
static void leave(void)
{
    wake(&torture, true);
    (void)servers_stop_collector(&torture.servers);
}

static void on_signal(int number)
{
    (void)number;
    exit(70); /* NOLINT(bugprone-signal-handler,cert-sig30-c): the harness is over anyway */
}

int main(int argc, char **argv)
{
    if (argc < 8) {
        (void)fputs("usage: torture BIN WORK SEED CLIENT COLLECTOR POSTMASTER BACKEND [INTERRUPT [CELL]]\n", stderr);
        return 64;
    }
    prepare(&torture, argv, argc);
    (void)atexit(leave);
    (void)signal(SIGTERM, on_signal);
    (void)signal(SIGINT, on_signal);
    servers_start_collector(&torture.servers);
    if (!servers_wait_ready(&torture.servers, HEAL_SECONDS)) {
        harness_fail("the collector does not start; see %s", torture.servers.log);
    }
    oracle_open(&torture.oracle);
    const int64_t begun_us = clock_monotonic_us();
    torture.hit_us = begun_us;
    run(&torture);
    wake(&torture, true);
    clients_finish(&torture.clients);
    int status = servers_stop_collector(&torture.servers);
    if (status != 0 && torture.oracle.findings == 0) {
        oracle_find(&torture.oracle, "the collector ended with status %d after SIGTERM", status);
    }
    report(&torture, begun_us);
    oracle_close(&torture.oracle);
    const bool good = torture.oracle.findings == 0;
    (void)printf("%sok 1 - nothing lost, nothing twice, nothing changed after %u kills\n1..1\n", good ? "" : "not ",
                 kills(&torture));
    clients_done(&torture.clients);
    ledger_close(&torture.ledger);
    return good ? 0 : 1;
}
