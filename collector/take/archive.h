/* Backups: everything of one database and the key beside it, in one folder.
 *
 *   DIR/database.dump   pg_dump's custom format: logical, restores into newer major versions too
 *   DIR/signing.key     what receipts are signed with; missing where there was none
 *   DIR/backup.json     versions, time, head of the log, number of submissions
 *
 * All files are 0600, the folder 0700: whoever reads it can sign. */
#ifndef COLLECTOR_TAKE_ARCHIVE_H
#define COLLECTOR_TAKE_ARCHIVE_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/db/db.h"

struct archive_figures {
    int schema_version;
    int64_t submissions, log_size;
    int log_epoch;
    char log_root[65]; /* hexadecimal */
};

/* Writes the folder, whole or not at all; it must not be there. `key` NULL: none. The database is read in one moment
 * by pg_dump; the figures are those of that moment or a little before. */
int archive_make(struct db *db, const char *conninfo, const char *key, const char *folder, int64_t now_us,
                 struct archive_figures *ret, struct err *err) must_check;

/* Whether the folder is a backup, before anything is made for it: -ERR_DATA when it is none. */
int archive_look(const char *folder, struct err *err) must_check;

/* Into an empty database, all or nothing, and the key to `key` (NULL: not restored) unless the same stands there.
 * Afterwards every figure of the backup must be met, every stored byte have its hash, and the key be the one that the
 * database knows: else all is taken away again. -ERR_DATA when the folder is no backup or a damaged one,
 * -ERR_NOT_FOUND when it is not there, -ERR_CANNOT_WRITE when the target is not empty or holds another key. */
int archive_restore(struct db *db, const char *conninfo, const char *folder, const char *key,
                    struct archive_figures *ret, struct err *err) must_check;

#endif
