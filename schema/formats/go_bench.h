/* Lines of `go test -bench`, wherever they stand. */
#ifndef SCHEMA_FORMATS_GO_BENCH_H
#define SCHEMA_FORMATS_GO_BENCH_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

/* Adds the runs and the machine of the input's lines to the reading, and marks in them what is private. */
int go_bench_take(struct reading *reading, const struct format_input *input, struct err *err) must_check;

/* The folder of somebody's path within the name of a benchmark: that of a part called by it, or of a value
 * ("BenchmarkRead/C:\d\x", "BenchmarkRead/file=~/d/x"). "BenchmarkRouter/users/7" is a name, no path. False
 * when there is none. */
bool go_bench_private_folder(struct str name, struct str *ret_folder);
/* The name without such a folder, which is marked. */
const char *go_bench_shown_name(struct reading *reading, const struct format_input *input, struct str name);
/* GOMAXPROCS off the end of a name ("Sort-8"); NAN when it has none. */
double go_bench_take_procs(struct str *name);

#endif
