#include "schema/db/private.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"

/* SQLSTATE (or its class: two characters) → our code, and whether trying again may help.
 * PostgreSQL documentation, appendix A. The first match counts. */
static const struct {
    const char *state;
    enum err_code code;
    bool transient;
} states[] = {
    {"08007", ERR_RETRY, true},                                      /* outcome of COMMIT not known */
    {"08P01", ERR_INTERNAL, false},                                  /* protocol violation */
    {"08", ERR_SERVICE, true},         {"57P01", ERR_SERVICE, true}, /* being shut down */
    {"57P02", ERR_SERVICE, true},      {"57P03", ERR_SERVICE, true}, /* starting or recovering */
    {"57014", ERR_RETRY, true},                                      /* statement time limit */
    {"53100", ERR_CANNOT_WRITE, true},                               /* disk full */
    {"53200", ERR_MEMORY, true},       {"53300", ERR_SERVICE, true}, /* too many connections */
    {"40", ERR_RETRY, true},                                         /* serialization, deadlock */
    {"55P03", ERR_RETRY, true},                                      /* lock time limit */
    {"25006", ERR_SERVICE, true},                                    /* read-only: this is a standby now */
    {"25P03", ERR_SERVICE, true},                                    /* idle in a transaction for too long */
    {"58030", ERR_IO, false},          {"28", ERR_NOT_ALLOWED, false},
    {"42501", ERR_NOT_ALLOWED, false}, {"3D000", ERR_SERVICE, false}, /* no such database */
};

static int state_row(const char *sqlstate)
{
    for (size_t at = 0; at < ARRAY_LENGTH(states); at++) {
        if (sqlstate[0] != '\0' && text_starts_with(sqlstate, states[at].state)) {
            return (int)at;
        }
    }
    return -1;
}

bool db_is_transient(const struct err *err)
{
    const int row = state_row(err->sqlstate);
    return row >= 0 && states[row].transient;
}

bool db_is_in_doubt(const struct err *err)
{
    return db_sqlstate_is(err, "08007");
}

bool db_sqlstate_is(const struct err *err, const char *sqlstate)
{
    return text_equal(err->sqlstate, sqlstate);
}

bool db_connection_lost(const struct db *db)
{
    return db->connection == NULL;
}

int db_fail_code(struct err *err, enum err_code code, const char *sqlstate, const char *text)
{
    (void)err_set(err, code, "%s", text);
    if (err != NULL) {
        text_copy(err->sqlstate, sizeof err->sqlstate, sqlstate);
    }
    return -(int)code;
}

int db_fail_lost(struct db *db, struct err *err)
{
    db_drop(db);
    return db_fail_code(err, ERR_SERVICE, "08006", "the connection to the database was lost");
}

void db_one_line(char *target, size_t size, const char *text)
{
    char line[400];
    text_copy(line, sizeof line, text);
    for (size_t at = 0; line[at] != '\0'; at++) {
        if (line[at] == '\n' || line[at] == '\t') {
            line[at] = ' ';
        }
    }
    const struct str trimmed = str_trim(str_of(line));
    line[(size_t)(trimmed.data - line) + trimmed.len] = '\0';
    text_copy(target, size, trimmed.data);
}

/* Messages of class 22 (bad values) and 23 (constraints) other than the fixed texts of
 * 23502 to 23514 quote the value itself, which a stranger may have sent. */
static bool may_quote_data(const char *sqlstate)
{
    return text_starts_with(sqlstate, "22") ||
           (text_starts_with(sqlstate, "23") && !text_starts_with(sqlstate, "235")) || text_starts_with(sqlstate, "P0");
}

int db_fail(struct db *db, const PGresult *result, struct err *err)
{
    const char *sqlstate = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (sqlstate == NULL) {
        if (db->connection == NULL || PQstatus(db->connection) == CONNECTION_BAD || result == NULL) {
            return db_fail_lost(db, err);
        }
        return db_fail_code(err, ERR_INTERNAL, "XX000", "the database client library failed");
    }
    const int row = state_row(sqlstate);
    const enum err_code code = row < 0 ? ERR_INTERNAL : states[row].code;
    char line[256];
    if (may_quote_data(sqlstate) || primary == NULL) {
        (void)snprintf(line, sizeof line, "the database refused a value");
    } else {
        db_one_line(line, sizeof line, primary);
    }
    char state[6];
    text_copy(state, sizeof state, sqlstate);
    if (text_starts_with(state, "57P0") || text_equal(state, "25P03") || text_equal(state, "25006") ||
        PQstatus(db->connection) == CONNECTION_BAD) {
        db_drop(db);
    }
    /* What our own functions raise is written for people. */
    if (text_starts_with(state, "CR")) {
        return db_fail_code(err, code, state, line);
    }
    char text[300];
    (void)snprintf(text, sizeof text, "database: %s (SQLSTATE %s)", line, state);
    (void)db_fail_code(err, code, state, text);
    if (err != NULL && (text_equal(state, "XX001") || text_equal(state, "XX002"))) {
        (void)err_hint(err, "the files of the database are damaged: check the disk, and restore the newest backup into "
                            "another folder");
    }
    return -(int)code;
}
