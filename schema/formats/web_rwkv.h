/* Results of web-rwkv-gguf (github.com/JoelTankard/web-rwkv-gguf), whichever
 * way they were written: the Markdown log of examples/benchmark.rs or what it
 * prints.
 *
 * The program reads 128 tokens and generates 64 in each of its versions; the
 * log does not say so. Its quality hash is 64 bits in hexadecimal without
 * leading zeros; it is kept as a decimal integer, so that equal hashes are equal
 * texts. */
#ifndef SCHEMA_FORMATS_WEB_RWKV_H
#define SCHEMA_FORMATS_WEB_RWKV_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/str.h"
#include "schema/bundle/types.h"

#define WEB_RWKV_TOOL "web-rwkv-gguf"
#define WEB_RWKV_LOADS_MAX 64

enum rwkv_seen { RWKV_LOAD = 1, RWKV_PREFILL = 2, RWKV_GENERATION = 4 };

struct rwkv_result {
    int line;
    struct str model, version, gpu, title, change, time, hash; /* slices of the input; empty when not stated */
    double layers, embedding, vocabulary;
    double prefill_tokens, generated_tokens; /* 128 and 64 unless printed otherwise */
    unsigned seen;                           /* which of the three figures there are */
    double load, prefill, generation;        /* ms, tok/s, tok/s */
    double loads[WEB_RWKV_LOADS_MAX];
    size_t load_count;
    bool one_token_only; /* all tokens of the quality check are the same */
};
void rwkv_result_init(struct rwkv_result *result, int line);
/* "[33, 3319, 153]": notes whether they are all one token. */
void rwkv_take_tokens(struct rwkv_result *result, struct str list);
/* Adds it as a run when it has a figure, with a problem when it has none. */
void rwkv_add_run(struct reading *reading, const struct rwkv_result *result);
/* The GPU as the chip of a run; of the device, too, where it is a part of the main chip. */
void rwkv_set_gpu(struct reading *reading, struct run *run, struct str name);

#endif
