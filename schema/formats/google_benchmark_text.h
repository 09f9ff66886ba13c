/* What Google Benchmark prints above its tables, on the console and in front of its CSV. */
#ifndef SCHEMA_FORMATS_GOOGLE_BENCHMARK_TEXT_H
#define SCHEMA_FORMATS_GOOGLE_BENCHMARK_TEXT_H

#include <stdbool.h>

#include "schema/formats/formats.h"
#include "schema/formats/google_benchmark.h"
#include "schema/formats/lines.h"

/* Takes a line of the preamble ("Run on (8 X 2400 MHz CPU s)", a date, caches, warnings); false when it is none. */
bool google_take_preamble(struct reading *reading, const struct format_input *input, const struct line *line,
                          struct google_context *context);

#endif
