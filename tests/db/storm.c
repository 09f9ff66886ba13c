#include "tests/db/storm.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/str.h"

#define WORKER "crosschip worker"
#define OTHERS "from pg_stat_activity where application_name = '" WORKER "' and datname = current_database()"

enum { OUTLIVE_TRIES = 4000 };
enum { ROLE_SEALER = STORM_COMMITTERS, ROLE_JUDGE = ROLE_SEALER + 2, ROLE_OBSERVE, ROLE_SUMMARISE, ROLE_FEED };

uint64_t storm_draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % below;
}

/* ---------------------------------------------------------------- the processes: no assertion may stand here */

struct worker {
    struct storm *storm;
    struct db *db;
    uint64_t seed;
    int role;
    pid_t parent;
    struct sealer sealer;
};

static int commit_one(struct worker *worker, struct err *err)
{
    struct storm_book *book = worker->storm->book;
    const size_t number = book->begun[worker->role];
    struct thing thing;
    unsigned char secret[32];
    const struct thing_own own = {.secret = secret};
    struct sha256 id;
    if (number == STORM_EACH_MOST) {
        return 0;
    }
    /* A committer that was killed meanwhile sends the same again. */
    worker->storm->make(worker->storm->seed * 1000 + number * STORM_COMMITTERS + (uint64_t)worker->role, &thing,
                        secret);
    const int code = store_own(worker->db, &thing, &own, &id, err);
    book->items[worker->role][number].id = id;
    book->items[worker->role][number].acknowledged = code == 0;
    book->begun[worker->role] = number + (code == 0 ? 1 : 0);
    return code;
}

static int read_feed(struct worker *worker, struct err *err)
{
    struct storm_book *book = worker->storm->book;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    db_put_int64(&values, (int64_t)book->read);
    const int code = db_query(worker->db,
                              "select log_index, leaf from log_entry where epoch = 1 and log_index >= $1::bigint "
                              "order by log_index limit 16",
                              &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows) && book->read < STORM_READ_MOST; row++) {
        book->late = book->late || db_int64(rows, row, 0) != (int64_t)book->read;
        memcpy(book->leaves[book->read].bytes, db_bytes(rows, row, 1).data, sizeof book->leaves[0].bytes);
        book->read = book->read + 1;
    }
    return code;
}

static int work_round(struct worker *worker, struct err *err)
{
    const int64_t now = NOW + (int64_t)storm_draw(&worker->seed, 1000000) - 500000;
    struct sealing sealing = {0};
    struct piece piece = {0};
    int code = 0;
    switch (worker->role) {
    case ROLE_JUDGE:
        code = judge_round(worker->db, now, &piece, err);
        break;
    case ROLE_OBSERVE:
        code = observe_round(worker->db, &piece, err);
        break;
    case ROLE_SUMMARISE:
        code = summarise_round(worker->db, &piece, err);
        break;
    case ROLE_FEED:
        return read_feed(worker, err);
    default:
        if (worker->role < STORM_COMMITTERS) {
            return commit_one(worker, err);
        }
        code = log_seal(worker->db, &worker->sealer, now, &sealing, err);
        break;
    }
    worker->storm->book->rounds += code == 0 && (piece.end > piece.first || sealing.entries > 0);
    return code;
}

/* As a collector does: what failed in passing is done again, all of it. */
static int work(struct worker *worker, struct err *err)
{
    const struct db_options options = {.application_name = WORKER, .writes = true};
    while (!worker->storm->book->over && getppid() == worker->parent) {
        const int code = worker->db == NULL               ? db_connect(harness_conninfo(), &options, &worker->db, err)
                         : db_connection_lost(worker->db) ? db_reconnect(worker->db, err)
                                                          : work_round(worker, err);
        if (code != 0 && !db_is_transient(err)) {
            return code;
        }
        if (code != 0) {
            worker->sealer = (struct sealer){0};
        }
        (void)usleep((useconds_t)storm_draw(&worker->seed, 2000));
    }
    return 0;
}

static void start(struct storm *storm, int role)
{
    const uint64_t life = ++storm->book->lives;
    const pid_t parent = getpid();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child != 0) {
        storm->workers[role] = child;
        return;
    }
    struct worker worker = {
        .storm = storm, .seed = (storm->seed + life) * UINT64_C(0x9e3779b97f4a7c15), .role = role, .parent = parent};
    struct err err = {0};
    const int code = work(&worker, &err);
    if (code != 0) {
        (void)fprintf(stderr, "worker %d: %s %s (%s)\n", role, err.text, err.detail, err.sqlstate);
    }
    _exit(code != 0);
}

/* ---------------------------------------------------------------- beside them */

void storm_begin(struct storm *storm)
{
    storm->book = mmap(NULL, sizeof *storm->book, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(storm->book != MAP_FAILED);
    storm->chance = storm->seed;
    for (int role = 0; role < STORM_WORKERS; role++) {
        start(storm, role);
    }
}

/* PostgreSQL ends the connection of one that is in a transaction. */
static void terminate_one(struct storm *storm, struct db *db)
{
    storm->terminated += (int)harness_number(
        db, "select count(pg_terminate_backend(pid)) from (select pid " OTHERS
            " and xact_start is not null and pid <> pg_backend_pid() order by query_start desc limit 1) one");
}

static bool crash_one(struct db *db)
{
    const int64_t pid = harness_number(db, "select coalesce((select pid " OTHERS
                                           " and xact_start is not null order by query_start desc limit 1), 0)");
    return pid > 0 && kill((pid_t)pid, SIGKILL) == 0; /* it may have ended meanwhile */
}

/* Until PostgreSQL has seen that a process of its own was killed, and has recovered. */
static void outlive(struct db *db)
{
    struct err err;
    int code = 0;
    for (int i = 0; i < OUTLIVE_TRIES && !db_connection_lost(db); i++) {
        (void)usleep(5000);
        code = db_query(db, "select 1", NULL, NULL, &err);
        assert_true(code == 0 || db_is_transient(&err));
    }
    assert_true(db_connection_lost(db));
    for (int i = 0; i < OUTLIVE_TRIES && (code = db_reconnect(db, &err)) != 0; i++) {
        assert_true(db_is_transient(&err));
        (void)usleep(5000);
    }
    harness_ok(code, &err);
}

void storm_crash(struct storm *storm, struct db *db, struct db *other)
{
    for (int i = 0; i < OUTLIVE_TRIES && storm->crashed == 0; i++) {
        if (crash_one(db)) {
            outlive(db);
            outlive(other);
            storm->crashed++;
        }
    }
}

static void kill_one(struct storm *storm, int role)
{
    int status = 0;
    assert_int_equal(kill(storm->workers[role], SIGKILL), 0);
    assert_int_equal(waitpid(storm->workers[role], &status, 0), storm->workers[role]);
    storm->workers[role] = 0;
    if (WIFEXITED(status)) { /* it had ended before */
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    storm->killed++;
    start(storm, role);
}

void storm_kill_one(struct storm *storm, struct db *db)
{
    uint64_t *seed = &storm->chance;
    (void)usleep((useconds_t)storm_draw(seed, 25000));
    if (storm_draw(seed, 2) == 0) {
        terminate_one(storm, db);
    } else {
        kill_one(storm, (int)storm_draw(seed, STORM_WORKERS));
    }
}

static void expect_acknowledged(const struct storm_book *book, struct db *db)
{
    for (int committer = 0; committer < STORM_COMMITTERS; committer++) {
        for (size_t i = 0; i < book->begun[committer]; i++) {
            autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
            autoresult struct db_result *row = NULL;
            struct err err;
            db_put_bytea(&values, book->items[committer][i].id.bytes, sizeof book->items[committer][i].id.bytes);
            harness_ok(
                db_query(db, "select count(*) from submission where content_hash = $1::bytea", &values, &row, &err),
                &err);
            assert_int_equal(db_int64(row, 0, 0), 1);
        }
    }
}

static void expect_read(const struct storm_book *book, struct db *db)
{
    autoresult struct db_result *rows = NULL;
    struct err err;
    assert_false(book->late);
    harness_ok(db_query(db, "select leaf from log_entry where epoch = 1 order by log_index", NULL, &rows, &err), &err);
    assert_true(db_rows(rows) >= book->read);
    for (size_t i = 0; i < book->read; i++) {
        assert_memory_equal(db_bytes(rows, i, 0).data, book->leaves[i].bytes, sizeof book->leaves[i].bytes);
    }
}

void storm_end(struct storm *storm, struct db *db)
{
    storm->book->over = true;
    for (int role = 0; role < STORM_WORKERS; role++) {
        int status = 0;
        assert_int_equal(waitpid(storm->workers[role], &status, 0), storm->workers[role]);
        storm->workers[role] = 0;
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    /* What a killed one had begun is rolled back when PostgreSQL notices. */
    while (harness_number(db, "select count(*) " OTHERS) > 0) {
        harness_exec(db, "select pg_sleep(0.005)");
    }
    expect_acknowledged(storm->book, db);
    expect_read(storm->book, db);
}

void storm_close(struct storm *storm)
{
    for (int role = 0; role < STORM_WORKERS; role++) {
        if (storm->workers[role] > 0) {
            (void)kill(storm->workers[role], SIGKILL);
            (void)waitpid(storm->workers[role], NULL, 0);
        }
    }
    if (storm->book != NULL) {
        (void)munmap(storm->book, sizeof *storm->book);
        storm->book = NULL;
    }
}
