/* Tables and lists of nobody's format: what stands in their header, so that a
 * refusal shows it. */
#ifndef SCHEMA_FORMATS_FOREIGN_H
#define SCHEMA_FORMATS_FOREIGN_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/str.h"

/* Fills err and returns true when the text is a CSV or a JSON whose columns or members are not known. */
bool foreign_explain(struct str text, struct err *err);

#endif
