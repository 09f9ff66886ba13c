/* Counts of Valgrind's tools, as Gungraun (formerly iai-callgrind) and iai name them. */
#ifndef SCHEMA_FORMATS_GUNGRAUN_H
#define SCHEMA_FORMATS_GUNGRAUN_H

#include "schema/bundle/types.h"
#include "schema/base/str.h"

/* Adds one count (or a rate such as a share of misses). They are exact: one run is all there is. */
struct measurement *gungraun_add_count(struct reading *reading, struct run *run, struct str name, double value);

#endif
