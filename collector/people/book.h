/* The tokens in memory: requests are never kept waiting for the database to learn
 * whether a token is known.
 *
 * A thread looks once a second whether a token was added or revoked, and reads them
 * again when so: a revocation holds within TOKEN_BOOK_STALE_US at the latest, because
 * a book that could not look for so long answers ERR_RETRY instead of guessing. It
 * also notes the day on which a token was last used. */
#ifndef COLLECTOR_PEOPLE_BOOK_H
#define COLLECTOR_PEOPLE_BOOK_H

#include "collector/people/token.h"

#define TOKEN_BOOK_STALE_US INT64_C(5000000)

struct token_book;
/* `database` is copied. `role` as in struct db_options. Reads the tokens before it returns. */
int token_book_open(const char *database, const char *role, struct token_book **ret, struct err *err) must_check;
void token_book_close(struct token_book *book); /* NULL is allowed */
/* Proves a token and that it has one of `scopes` (or admin). Fills *ret. ERR_NOT_ALLOWED with *ret_status 401 (not
 * known, expired, revoked) or 403 (known, but not for this); ERR_RETRY when the database did not answer lately. */
int token_book_prove(struct token_book *book, struct str token, unsigned scopes, struct token_facts *ret,
                     int *ret_status, struct err *err) must_check;

#endif
