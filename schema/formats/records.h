/* JSON outputs whose results are objects: one document, a list, or one object a
 * line; log lines may stand before and between. One reading a text. */
#ifndef SCHEMA_FORMATS_RECORDS_H
#define SCHEMA_FORMATS_RECORDS_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"
#include "schema/json/json.h"

struct record_reader {
    struct reading *reading;
    const struct json_document *document; /* of the record, for places in the text */
};
/* One object. -ERR_DATA with a path when it cannot be used; what was read before it stays. */
typedef int record_function(struct record_reader *reader, const struct json *object, const char *path, struct err *err);

int records_read(const struct format *format, const struct format_input *input, struct reading_list *into,
                 record_function *read, struct err *err) must_check;
/* Notes every string at and below `value` as private: what no rule takes stays on the machine. */
void record_hide(struct record_reader *reader, const struct json *value);
/* Takes an unknown member as a parameter, or hides and lists it. */
void record_take(struct record_reader *reader, struct parameter_list *list, const struct json *member);

#endif
