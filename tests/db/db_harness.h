/* A throw-away PostgreSQL for the database tests.
 *
 * One cluster for each test program (not flushed to disk: never for real data), one
 * database for each test, cloned from a migrated template:
 *     cmocka_unit_test_setup_teardown(test_x, harness_begin, harness_end)
 *     cmocka_run_group_tests(tests, harness_open, harness_close)
 * Works as root (PostgreSQL then runs as postgres) and as anybody else. */
#ifndef TESTS_DB_HARNESS_H
#define TESTS_DB_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "schema/base/err.h"
#include "schema/cluster/cluster.h"
#include "schema/db/db.h"

int harness_open(void **state);
int harness_close(void **state);
int harness_begin(void **state);
int harness_end(void **state);
/* For tests of the migrations themselves: the database of this test is empty. */
int harness_begin_empty(void **state);

/* The database of the running test, as its owner. */
const char *harness_conninfo(void);
/* One more connection to it. */
struct db *harness_connect(void);
struct cluster *harness_cluster(void);

/* A folder of its own below /tmp that the account of PostgreSQL may enter; harness_remove_folder deletes it. */
char *harness_make_folder(void);
void harness_remove_folder(const char *folder);

/* Runs constant SQL; the test fails when it fails. */
void harness_exec(struct db *db, const char *sql);
/* The single int8 or int4 of a query. */
int64_t harness_number(struct db *db, const char *sql);

/* Fails the test with the words of the err. */
#define harness_ok(code, err) harness_ok_at((code), (err), __FILE__, __LINE__)
void harness_ok_at(int code, const struct err *err, const char *file, int line);
/* The call must have failed with this code. */
#define harness_refused(code, expected, err) harness_refused_at((code), (expected), (err), __FILE__, __LINE__)
void harness_refused_at(int code, enum err_code expected, const struct err *err, const char *file, int line);

#endif
