/* The lines in which llama.cpp's backends name their devices at start, on
 * standard error; in front of a Markdown table they are all that names the chip. */
#ifndef SCHEMA_FORMATS_LLAMA_BENCH_LOG_H
#define SCHEMA_FORMATS_LLAMA_BENCH_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

#define LLAMA_LOG_LINES_MAX 128

struct llama_log {
    struct arena *arena;
    const char *gpus;   /* names joined as in gpu_info; NULL when none */
    const char *driver; /* of Vulkan: "radv", "NVIDIA"; NULL */
    bool metal;         /* gpus is of Metal, which names its one device in several lines */
    unsigned lists;     /* backends whose list was begun, one bit each */
    struct {
        size_t begin, end;
    } lines[LLAMA_LOG_LINES_MAX];
    size_t line_count;
};

/* Takes the line at [begin, end) of the input when it tells of devices. */
bool llama_log_take(struct llama_log *log, struct str line, size_t begin, size_t end);
void llama_log_reset(struct llama_log *log);

#endif
