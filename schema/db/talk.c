/* Sending statements and waiting for answers, never longer than the deadline of the call. */
#include "schema/db/private.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/mem.h"

void db_drop(struct db *db)
{
    PQfinish(db->connection);
    db->connection = NULL;
    PQfreemem(db->copy_piece);
    db->copy_piece = NULL;
    PQclear(db->row.result);
    db->row.result = NULL;
    db->mode = DB_MODE_IDLE;
    db->begins = false;
    memset(db->kept, 0, sizeof db->kept);
}

void db_start_clock(struct db *db)
{
    const int limit_ms = db->options.answer_limit_ms;
    db->deadline_us = limit_ms < 0 ? INT64_MAX : clock_monotonic_us() + INT64_C(1000) * limit_ms;
    db->warned = false;
}

int db_ready(struct db *db, struct err *err)
{
    if (db->connection == NULL) {
        return db_fail_code(err, ERR_SERVICE, "08003", "there is no connection to the database");
    }
    if (db->mode != DB_MODE_IDLE) {
        return db_fail_code(err, ERR_INTERNAL, "HY010", "a statement was sent while a COPY or a stream is open");
    }
    if (db->begins) {
        db->begins = false;
        return db_begin(db, DB_READ_COMMITTED, err);
    }
    return 0;
}

static int remaining_ms(const struct db *db)
{
    if (db->deadline_us == INT64_MAX) {
        return -1;
    }
    const int64_t left_us = db->deadline_us - clock_monotonic_us();
    if (left_us <= 0) {
        return 0;
    }
    return left_us / 1000 >= INT_MAX ? INT_MAX : (int)(left_us / 1000) + 1;
}

static int fail_deadline(struct db *db, struct err *err)
{
    db_drop(db);
    return db_fail_code(err, ERR_SERVICE, "08006", "the database did not answer in time");
}

/* Waits until the socket can be read (or written), then reads what is there. */
static int wait_socket(struct db *db, bool to_write, struct err *err)
{
    struct pollfd wait = {.fd = PQsocket(db->connection), .events = (short)(to_write ? POLLIN | POLLOUT : POLLIN)};
    int ready;
    do {
        const int limit_ms = remaining_ms(db);
        if (limit_ms == 0) {
            return fail_deadline(db, err);
        }
        ready = poll(&wait, 1, limit_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready < 0) {
        return db_fail_lost(db, err);
    }
    if (ready == 0) {
        return fail_deadline(db, err);
    }
    /* A failure here is not the end: an answer that came before it may still be read. */
    if ((wait.revents & ~POLLOUT) != 0) {
        (void)PQconsumeInput(db->connection);
    }
    return 0;
}

int db_wait_input(struct db *db, struct err *err)
{
    return wait_socket(db, false, err);
}

int db_flush(struct db *db, struct err *err)
{
    for (;;) {
        const int pending = PQflush(db->connection);
        if (pending == 0) {
            return 0;
        }
        if (pending < 0) {
            /* The server may have said why it closed. */
            (void)PQconsumeInput(db->connection);
            return 0;
        }
        const int code = wait_socket(db, true, err);
        if (code < 0) {
            return code;
        }
    }
}

int db_next_result(struct db *db, PGresult **ret, struct err *err)
{
    while (PQisBusy(db->connection) != 0) {
        if (PQstatus(db->connection) == CONNECTION_BAD) {
            break;
        }
        const int code = wait_socket(db, false, err);
        if (code < 0) {
            return code;
        }
    }
    *ret = PQgetResult(db->connection);
    return 0;
}

bool db_result_is_good(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* PQgetResult repeats PGRES_COPY_* until the copy is over, so they end the loop. */
static bool result_is_copy(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

int64_t db_affected_by(PGresult *result)
{
    const char *affected = PQcmdTuples(result);
    return affected[0] == '\0' ? 0 : strtoll(affected, NULL, 10);
}

int db_collect(struct db *db, PGresult **ret, struct err *err)
{
    PGresult *kept = NULL;
    for (;;) {
        PGresult *next = NULL;
        const int code = db_next_result(db, &next, err);
        if (code < 0) {
            PQclear(kept);
            return code;
        }
        if (next == NULL) {
            break;
        }
        if (kept == NULL || db_result_is_good(kept)) {
            PQclear(kept);
            kept = next;
        } else {
            PQclear(next);
        }
        if (result_is_copy(kept)) {
            break;
        }
    }
    if (kept == NULL || !(db_result_is_good(kept) || result_is_copy(kept))) {
        const int code = db_fail(db, kept, err);
        PQclear(kept);
        return code;
    }
    db->affected = db_affected_by(kept);
    *ret = kept;
    return 0;
}

static int fail_values(const struct db_values *parameters, struct err *err)
{
    return parameters->bytes.failed == ERR_MEMORY ? mem_error(err)
                                                  : err_set(err, ERR_LIMIT, "a value is too large for the database");
}

struct wire_parameters {
    const char **values;
    int *lengths, *formats;
    Oid *types;
};

static void wire_parameters_done(struct wire_parameters *wire)
{
    free(wire->values);
    free(wire->lengths);
    free(wire->formats);
    free(wire->types);
}

static int wire_parameters_fill(struct wire_parameters *wire, const struct db_values *parameters, struct err *err)
{
    const size_t count = parameters->count;
    wire->values = mem_zalloc(count, sizeof *wire->values);
    wire->lengths = mem_zalloc(count, sizeof *wire->lengths);
    wire->formats = mem_zalloc(count, sizeof *wire->formats);
    wire->types = mem_zalloc(count, sizeof *wire->types);
    if (wire->values == NULL || wire->lengths == NULL || wire->formats == NULL || wire->types == NULL) {
        return mem_error(err);
    }
    for (size_t at = 0; at < count; at++) {
        const struct db_values_slot *slot = &parameters->slots[at];
        const char *value = parameters->bytes.data + slot->offset;
        const uint32_t length = db_load32(value);
        wire->values[at] = length == UINT32_MAX ? NULL : value + 4;
        wire->lengths[at] = length == UINT32_MAX ? 0 : (int)length;
        wire->formats[at] = 1;
        wire->types[at] = slot->type;
    }
    return 0;
}

/* Of the kept statement `kept`. */
static void name_kept(char name[32], size_t kept)
{
    (void)snprintf(name, 32, "kept_%zu", kept);
}

static int send_wire(struct db *db, const char *sql, size_t kept, size_t count, const struct wire_parameters *wire)
{
    char name[32];
    if (kept == DB_NOT_KEPT) {
        return PQsendQueryParams(db->connection, sql, (int)count, wire->types, wire->values, wire->lengths,
                                 wire->formats, 1);
    }
    name_kept(name, kept);
    return PQsendQueryPrepared(db->connection, name, (int)count, wire->values, wire->lengths, wire->formats, 1);
}

int db_send_kept(struct db *db, const char *sql, size_t kept, const struct db_values *parameters, struct err *err)
{
    struct wire_parameters wire cleanup(wire_parameters_done) = {0};
    if (parameters != NULL && parameters->bytes.failed != 0) {
        return fail_values(parameters, err);
    }
    const size_t count = parameters == NULL ? 0 : parameters->count;
    const int code = count == 0 ? 0 : wire_parameters_fill(&wire, parameters, err);
    if (code < 0) {
        return code;
    }
    return send_wire(db, sql, kept, count, &wire) == 0 ? db_fail_lost(db, err) : 0;
}

int db_send(struct db *db, const char *sql, const struct db_values *parameters, struct err *err)
{
    return db_send_kept(db, sql, DB_NOT_KEPT, parameters, err);
}

static int prepare(struct db *db, const char *sql, size_t kept, const struct db_values *parameters, struct err *err)
{
    struct wire_parameters wire cleanup(wire_parameters_done) = {0};
    char name[32];
    PGresult *result = NULL;
    const size_t count = parameters == NULL ? 0 : parameters->count;
    int code = count == 0 ? 0 : wire_parameters_fill(&wire, parameters, err);
    if (code < 0) {
        return code;
    }
    name_kept(name, kept);
    if (PQsendPrepare(db->connection, name, sql, (int)count, wire.types) == 0) {
        return db_fail_lost(db, err);
    }
    code = db_flush(db, err);
    if (code == 0) {
        code = db_collect(db, &result, err);
    }
    PQclear(result);
    return code;
}

int db_keep(struct db *db, const char *sql, const struct db_values *parameters, size_t *ret_kept, struct err *err)
{
    *ret_kept = DB_NOT_KEPT;
    size_t kept = 0;
    while (kept < DB_KEPT_MOST && db->kept[kept] != NULL && db->kept[kept] != sql) {
        kept++;
    }
    if (!db->options.direct || kept == DB_KEPT_MOST) {
        return 0;
    }
    const int code = db->kept[kept] == sql ? 0 : prepare(db, sql, kept, parameters, err);
    if (code == 0) {
        db->kept[kept] = sql;
        *ret_kept = kept;
    }
    return code;
}

int db_exec_collect(struct db *db, const char *sql, PGresult **ret, struct err *err)
{
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    db_start_clock(db);
    if (PQsendQuery(db->connection, sql) == 0) {
        return db_fail_lost(db, err);
    }
    code = db_flush(db, err);
    return code < 0 ? code : db_collect(db, ret, err);
}
