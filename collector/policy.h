/* What --anonymous means where somebody brings submissions in by hand: import and pull. */
#ifndef COLLECTOR_POLICY_H
#define COLLECTOR_POLICY_H

#include "collector/intake/intake.h"
#include "schema/base/options.h"

/* accept or quarantine; `refuse`, which is for serve, counts as accept unless the command line says it. ERR_USAGE with
 * the place of another word. `origin` lives as long as *ret. */
int policy_choose(const struct invocation *invocation, const char *origin, struct intake_policy *ret,
                  struct err *err) must_check;

#endif
