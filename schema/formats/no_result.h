/* Files that people send beside results or in their place: pictures of results, pages written about them, facts of a
 * machine alone. Known by content, so that the refusal says what the file is and what to send instead. */
#ifndef SCHEMA_FORMATS_NO_RESULT_H
#define SCHEMA_FORMATS_NO_RESULT_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/str.h"

/* Sets err (ERR_DATA, with a hint) when the text is one of them. */
bool no_result_explain(struct str text, struct err *err);

#endif
