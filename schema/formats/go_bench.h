/* Lines of `go test -bench`, wherever they stand. */
#ifndef SCHEMA_FORMATS_GO_BENCH_H
#define SCHEMA_FORMATS_GO_BENCH_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

/* Adds the runs and the machine of the input's lines to the reading, and marks in them what is private. */
int go_bench_take(struct reading *reading, const struct format_input *input, struct err *err) must_check;

#endif
