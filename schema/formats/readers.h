/* The readers that formats.c registers, and what they ask one another to tell
 * which one a text is for. */
#ifndef SCHEMA_FORMATS_READERS_H
#define SCHEMA_FORMATS_READERS_H

#include <stddef.h>

#include "schema/base/str.h"
#include "schema/formats/formats.h"

extern const struct format format_llama_bench_json, format_llama_bench_jsonl, format_llama_bench_csv,
    format_llama_bench_md;
extern const struct format format_anemll_bench_json, format_anemll_bench_html, format_anemll_bench_text;

/* Where the line begins that is the header of a llama-bench Markdown table, or of its CSV; SIZE_MAX. */
size_t llama_bench_find_table(struct str text, size_t from);
size_t llama_bench_find_csv(struct str text, size_t from);

#endif
