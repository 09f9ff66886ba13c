/* Changes of the quality hash that somebody accepted: a file with who and why, one line each.
 * CSV: from,to,who,why,date. It is meant to stand beside the code that is gated. */
#ifndef ANALYZE_ACCEPTED_H
#define ANALYZE_ACCEPTED_H

#include "analyze/data/gate.h"
#include "schema/base/options.h"

/* Reads --accepted FILE and adds what --accept-hash OLD=NEW asks for to the rules and to the file (with --who and --why,
 * which it then needs). ERR_USAGE, ERR_DATA with the line. */
int accepted_read(const struct invocation *invocation, struct arena *arena, struct gate_rules *rules,
                  struct err *err) must_check;

#endif
