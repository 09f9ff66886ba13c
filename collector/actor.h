/* Who decides something at the command line, and why: what the audit keeps. */
#ifndef COLLECTOR_ACTOR_H
#define COLLECTOR_ACTOR_H

#include "schema/base/options.h"

enum { ACTOR_SIZE = 128 };

/* moderator:NAME, of --by or the account. */
void actor_name(const struct invocation *invocation, char target[ACTOR_SIZE]);
/* -ERR_USAGE when --reason says nothing. */
int actor_reason(const struct invocation *invocation, struct err *err) must_check;

#endif
