/* The token of a contributor for each collector: a file of mode 0600 below
 * XDG_CONFIG_HOME, as `login` writes it. Never on a command line, never in a
 * message. */
#ifndef SUBMIT_TOKENS_H
#define SUBMIT_TOKENS_H

#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"
#include "schema/wire/token.h"

/* --token-file, else the variable CROSSCHIP_TOKEN, else token-file of the settings, else what `login` stored for
 * `server` (its canonical name; NULL = none). "" when there is none. */
int tokens_find(const struct invocation *invocation, const char *server, char ret[TOKEN_SIZE],
                struct err *err) must_check;
/* Where the token of a server lies; in the arena. */
int tokens_path(const char *server, struct arena *arena, const char **ret, struct err *err) must_check;
int tokens_store(const char *server, const char *token, struct err *err) must_check;

#endif
