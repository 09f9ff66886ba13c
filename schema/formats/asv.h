/* What the name of an asv benchmark tells: its kind, and with it metric and unit. */
#ifndef SCHEMA_FORMATS_ASV_H
#define SCHEMA_FORMATS_ASV_H

#include "schema/base/str.h"

#define ASV_TOOL "asv"

struct asv_kind {
    const char *prefix, *class_prefix; /* of the function, or of it in CamelCase */
    const char *metric, *unit;
};
/* By the last part of "module.Class.time_name"; never NULL: what is none of the kinds is tracked, without a unit. */
const struct asv_kind *asv_kind_of(struct str name);

#endif
