/* The printed output of a benchmark inside a string of JSON, as test runners and CI systems keep it. */
#ifndef SCHEMA_FORMATS_QUOTED_OUTPUT_H
#define SCHEMA_FORMATS_QUOTED_OUTPUT_H

#include <stdbool.h>

#include "schema/base/str.h"

#define QUOTED_PATH_SIZE 200

struct quoted_output {
    const char *format;          /* the name of it */
    char path[QUOTED_PATH_SIZE]; /* of the string, as jq writes it: .[0].stdout */
};
/* The first such string of a text that is JSON; false when there is none. It is not read: what of it is private could
 * not be told from what the JSON around it says. */
bool quoted_output_find(struct str text, struct quoted_output *ret);

#endif
