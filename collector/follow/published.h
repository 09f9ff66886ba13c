/* The newest head that this collector signed, kept in a file outside the database.
 *
 * Whoever holds a signed head can prove that a log forked. So before a head is handed out it stands in the file, and a
 * database whose log does not continue that head (a restored backup, a standby that was behind) is not sealed and not
 * written to, until a new epoch names the old head. The file holds the text of the head (schema/proof/log.h), then
 * the key_id and the signature, a line each; it is replaced as a whole.
 * Safe for several threads; a struct db belongs to the caller. Errors: those of log.h, ERR_DATA when the database does
 * not continue the head, ERR_CANNOT_WRITE. */
#ifndef COLLECTOR_FOLLOW_PUBLISHED_H
#define COLLECTOR_FOLLOW_PUBLISHED_H

#include <stdlib.h>

#include "collector/follow/log.h"
#include "schema/proof/sign.h"

/* Where it stands beside the key; the caller's; NULL without memory. */
char *published_path(const char *key_path) returns_owned(free);

struct published;
/* Reads the file, where there is one. `pair` signs and must outlive it. ERR_DATA when the file holds no head. */
int published_open(const char *path, const struct sign_pair *pair, struct published **ret, struct err *err) must_check;
void published_close(struct published *published); /* NULL is allowed */
/* The last check found that the database does not continue what was signed. */
bool published_behind(struct published *published);
/* False when no head was ever signed. */
bool published_head(struct published *published, struct log_head *ret);

/* Whether `head`, as it stands in the database, continues the signed one. */
int published_check(struct published *published, struct db *db, const struct log_head *head,
                    struct err *err) must_check;
/* `head` was made from one that had been checked, by the one sealer that could. */
void published_note(struct published *published, const struct log_head *head);
/* Reads the head of the database, checks it, keeps it in the file, and signs it. */
int published_sign(struct published *published, struct db *db, struct log_head *ret, struct signature *ret_signature,
                   struct err *err) must_check;

/* Begins the next epoch, its entry 0 naming the signed head, or the head of the database where none was signed; every
 * event in the database is put into the new log again. ERR_FOUND when the database continues what was signed, unless
 * `always`. */
int published_new_epoch(struct published *published, struct db *db, bool always, int64_t now_us, struct log_head *ret,
                        struct err *err) must_check;

#endif
