/* The key of one client, and the secrets made from it.
 *
 * A submission carries `withdraw`, the SHA-256 of a secret that only its sender
 * can make again: HMAC-SHA-256(key, message), the message being the hash of all
 * the rest of the document (bundle_subject). Two commitments of one key look
 * unrelated, and who shows the secret may withdraw the submission: it becomes
 * known to all then, and must fit no other.
 *
 * The file holds 64 hexadecimal digits and a newline, is made with mode 0600, and
 * is refused when its group or others may read or write it. */
#ifndef SCHEMA_PROOF_CLIENT_KEY_H
#define SCHEMA_PROOF_CLIENT_KEY_H

#include "schema/proof/hash.h"

struct client_key {
    unsigned char bytes[32];
};

/* -ERR_NOT_FOUND when there is no such file, -ERR_NOT_ALLOWED when it is open to
 * others, -ERR_DATA when it holds no key. */
int client_key_load(const char *path, struct client_key *ret, struct err *err) must_check;
/* As client_key_load; makes the file and its folders (0700) when there is none.
 * Of several programs that do so at once all get the same key. */
int client_key_load_or_make(const char *path, struct client_key *ret, struct err *err) must_check;
void client_key_done(struct client_key *key); /* wipes it */

struct sha256 withdraw_secret(const struct client_key *key, const void *message, size_t length);
/* The same of a message as bundle_subject gives it, in hex; false when it is none. */
bool withdraw_secret_of(const struct client_key *key, const char *subject, struct sha256 *ret);
struct sha256 withdraw_commitment(const struct sha256 *secret);

#endif
