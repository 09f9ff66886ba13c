/* The readers that formats.c registers, and what they ask one another to tell
 * which one a text is for. */
#ifndef SCHEMA_FORMATS_READERS_H
#define SCHEMA_FORMATS_READERS_H

#include <stddef.h>

#include "schema/base/str.h"
#include "schema/formats/formats.h"

#define READER(name) extern const struct format name;
#include "schema/formats/group_llm.inc"
#include "schema/formats/group_seeds.inc"
#include "schema/formats/group_general.inc"
#undef READER

/* Where the line begins that is the header of a llama-bench Markdown table, or of its CSV; SIZE_MAX. */
size_t llama_bench_find_table(struct str text, size_t from);
size_t llama_bench_find_csv(struct str text, size_t from);

#endif
