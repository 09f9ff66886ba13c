/* Tokens: made once, kept as a hash (reliability.md 2.8).
 *
 * A token is cc1_, 8 characters that name it and may be shown, _, and 43 characters of
 * base64url: 32 random bytes. The database holds the SHA-256 of the whole text: with that
 * much chance in it a slow hash would protect nothing. */
#ifndef COLLECTOR_PEOPLE_TOKEN_H
#define COLLECTOR_PEOPLE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"
#include "schema/wire/token.h"

#define TOKEN_ID_SIZE 9

enum token_scope {
    TOKEN_MAY_SUBMIT = 1,
    TOKEN_MAY_WITHDRAW = 2,
    TOKEN_MAY_MODERATE = 4,
    TOKEN_MAY_ADMIN = 8 /* everything */
};

/* What a proved token may do, and for whom. */
struct token_facts {
    char id[TOKEN_ID_SIZE]; /* "" = no token was shown */
    uint8_t contributor_key[16];
    unsigned scopes;
};

/* A new token from the system's random bytes. Wipe it after it was shown. */
int token_make(char ret[TOKEN_SIZE], struct err *err) must_check;
/* Whether a contributor may be called so: what people see of him, in tables and terminals. -ERR_USAGE. */
int token_name_check(const char *name, struct err *err) must_check;
/* The id inside a well-formed token; false when it is not one. */
bool token_id_of(struct str token, char ret[TOKEN_ID_SIZE]);
struct sha256 token_hash(struct str token);
/* 0 for an unknown word. */
unsigned token_scope_of(struct str word);
/* "submit withdraw"; words in the order of enum token_scope. */
void token_scope_words(unsigned scopes, char *target, size_t size);

#endif
