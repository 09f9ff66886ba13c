/* Outputs of several tools in one input, as in a README or the log of a
 * script: each tool's reader takes its own lines. */
#ifndef SCHEMA_FORMATS_SEVERAL_TOOLS_H
#define SCHEMA_FORMATS_SEVERAL_TOOLS_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/formats/formats.h"

/* `into` holds what the surest format read; `confidences` tells how sure each of formats_all is. Appends the readings
 * of others that recognise the input by a mark of their own and whose figures stand elsewhere in it. What such a one
 * could not read is told in the problems of the first reading. */
int several_tools_read(const struct format_input *input, const struct format *surest, const int *confidences,
                       struct reading_list *into, struct err *err) must_check;

#endif
