/* What the functions of schema/sql/ refuse (SQLSTATE CR404, CR403, …) as codes of ours; their words are for people. */
#ifndef COLLECTOR_INTAKE_REFUSAL_H
#define COLLECTOR_INTAKE_REFUSAL_H

#include <stdbool.h>

#include "schema/base/err.h"

/* True when a function said no: the request is at fault, not the server. */
bool refusal_is(const struct err *err);
/* The code of that refusal, set in *err too; any other `code` as it is. */
int refusal_code(int code, struct err *err);

#endif
