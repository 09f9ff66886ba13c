/* The migrations of schema/sql: forward only, each in a transaction of its own.
 *
 * A file is named NNNN_name.sql. What was applied stands in schema_migration
 * (version, name, sha256, applied_at); a file that changed after it was applied,
 * a missing number and a database newer than the program are errors. Two
 * programs that migrate at once wait for each other (advisory lock taken inside
 * each transaction, so that a pooler does no harm). */
#ifndef SCHEMA_DB_MIGRATE_H
#define SCHEMA_DB_MIGRATE_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/embedded.h"
#include "schema/base/err.h"
#include "schema/db/db.h"

/* Brings the database to this program's version; *ret_applied = how many migrations ran. */
int db_migrate(struct db *db, int *ret_applied, struct err *err) must_check;
/* 0 when the database is at exactly this program's version with the same files.
 * -ERR_SERVICE names both versions and what to do. */
int db_schema_check(struct db *db, struct err *err) must_check;
/* Version of this program, and of the database (0 = nothing there yet). */
int db_schema_version(void);
int db_schema_version_of(struct db *db, int *ret_version, struct err *err) must_check;

/* The same for another list (tests): files sorted by name, ended by a NULL name. */
int db_migrate_files(struct db *db, const struct embedded_file *files, int *ret_applied, struct err *err) must_check;
int db_schema_check_files(struct db *db, const struct embedded_file *files, struct err *err) must_check;
extern const struct embedded_file *const db_migrations;

#endif
