/* The key that this collector signs its receipts with (schema/bundle/FORMAT.md, "Receipts and keys").
 *
 * The secret is a file (0600, 64 hex digits: the seed of an Ed25519 key), made at the first start; the database keeps
 * the public keys of all times. A collector whose file is not the key in use does not start: receipts that nobody can
 * trace would be worth nothing. */
#ifndef COLLECTOR_INTAKE_SIGNING_H
#define COLLECTOR_INTAKE_SIGNING_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/db/db.h"
#include "schema/proof/sign.h"

struct signer {
    struct sign_pair pair;
    char key_id[SIGN_KEY_ID_SIZE];
};

/* Loads the key of `path`; makes and registers one when neither file nor database has any. ERR_NOT_FOUND when the
 * database knows a key and the file is not there, ERR_DATA when they differ; the hints say what to do. */
int signer_open(struct db *db, const char *path, int64_t now_us, struct signer *ret, struct err *err) must_check;
/* Whether the file holds a key, and the one in use (any key or none while the database knows none). Changes nothing.
 * Errors and hints as signer_open. */
int signer_check(struct db *db, const char *path, struct err *err) must_check;
void signer_done(struct signer *signer); /* wipes it */
#define autosigner cleanup(signer_done)

/* Makes a new key that the one in use signs, and puts its file in the place of the old one. No collector may be running
 * on this database: it would go on signing with the old one. Interrupted anywhere, the next start or the next call
 * goes on. */
int signer_rotate(struct db *db, const char *path, int64_t now_us, struct signer *ret, struct err *err) must_check;

/* {"keys":[…]} as GET /v1/key answers it, with a line feed. */
int signing_keys_write(struct db *db, struct buf *into, struct err *err) must_check;

#endif
