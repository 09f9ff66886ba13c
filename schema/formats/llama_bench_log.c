#include "schema/formats/llama_bench_log.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"

void llama_log_reset(struct llama_log *log)
{
    *log = (struct llama_log){.arena = log->arena};
}

static void add_gpu(struct llama_log *log, struct str name)
{
    const char *text = reader_text(log->arena, name);
    if (text == NULL)
        return;
    log->gpus = log->gpus == NULL ? text : arena_printf(log->arena, "%s, %s", log->gpus, text);
}

static struct str before(struct str text, struct str mark)
{
    size_t at = str_find(text, mark, 0);
    return at == SIZE_MAX ? text : str_slice(text.data, at);
}

static struct str behind(struct str text, size_t length)
{
    return str_trim(str_slice(text.data + length, text.len - length));
}

static size_t count_digits(struct str text)
{
    size_t count = 0;
    while (count < text.len && text.data[count] >= '0' && text.data[count] <= '9')
        count++;
    return count;
}

/* CUDA, ROCm: "Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes" */
static bool take_cuda(struct llama_log *log, struct str line)
{
    if (!str_starts_with(line, STR("Device ")))
        return false;
    struct str rest = behind(line, strlen("Device"));
    size_t digits = count_digits(rest);
    if (digits == 0 || digits == rest.len || rest.data[digits] != ':')
        return false;
    add_gpu(log, before(behind(rest, digits + 1), STR(", ")));
    return true;
}

/* Vulkan: "ggml_vulkan: 0 = AMD Radeon 8060S Graphics (RADV GFX1151) (radv) | uma: 1 | …"; in 2024 "Vulkan0: …". */
static bool take_vulkan(struct llama_log *log, struct str line)
{
    struct str rest = line;
    if (str_starts_with(line, STR("ggml_vulkan:")))
        rest = behind(line, strlen("ggml_vulkan:"));
    else if (str_starts_with(line, STR("Vulkan")))
        rest = behind(line, strlen("Vulkan"));
    else
        return false;
    size_t digits = count_digits(rest);
    struct str mark = digits > 0 ? behind(rest, digits) : rest;
    if (digits == 0 || mark.len == 0 || (mark.data[0] != '=' && mark.data[0] != ':'))
        return false;
    struct str name = str_trim(before(behind(mark, 1), STR(" | ")));
    size_t open = name.len;
    while (open > 0 && name.data[open - 1] != '(')
        open--;
    if (open > 1 && name.data[name.len - 1] == ')') { /* the last parentheses hold the driver */
        log->driver = reader_text(log->arena, str_slice(name.data + open, name.len - open - 1));
        name = str_trim(str_slice(name.data, open - 1));
    }
    add_gpu(log, name);
    return true;
}

static bool take_metal(struct llama_log *log, struct str line)
{
    static const char *const marks[] = {"GPU name:", "picking default device:", "found device:"};
    if (!str_starts_with(line, STR("ggml_metal_")))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(marks); i++) {
        size_t at = str_find(line, str_of(marks[i]), 0);
        if (at == SIZE_MAX)
            continue;
        if (log->metal)
            log->gpus = NULL;
        add_gpu(log, behind(line, at + strlen(marks[i])));
        log->metal = true;
        return true;
    }
    return false;
}

/* OpenCL: "ggml_opencl: selected device: 'QUALCOMM Adreno(TM) 750 (OpenCL 3.0 …)'" */
static bool take_opencl(struct llama_log *log, struct str line)
{
    if (!str_starts_with(line, STR("ggml_opencl:")))
        return false;
    size_t at = str_find(line, STR("device: '"), 0);
    if (at == SIZE_MAX)
        return false;
    struct str name = before(behind(line, at + strlen("device: '")), STR("'"));
    log->gpus = NULL;
    add_gpu(log, before(name, STR(" (OpenCL")));
    return true;
}

/* SYCL: "| 0| [level_zero:gpu:0]| Intel Arc A770 Graphics| 12.55| …" */
static bool take_sycl(struct llama_log *log, struct str line)
{
    struct markdown_row row;
    if (!markdown_read_row(line, &row) || row.count < 3)
        return false;
    if (str_find(row.cells[1], STR(":gpu"), 0) == SIZE_MAX || row.cells[1].data[0] != '[')
        return false;
    add_gpu(log, row.cells[2]);
    return true;
}

/* "ggml_cuda_init: found 2 CUDA devices:", "ggml_vulkan: Found 1 Vulkan devices:": the bit of the backend whose list
 * begins; 0 when none does. */
static unsigned begun_list(struct str line)
{
    static const char *const starts[] = {"ggml_cuda_init:", "ggml_vulkan:", "ggml_init_cublas:"};
    for (size_t i = 0; i < ARRAY_LENGTH(starts); i++)
        if (str_starts_with(line, str_of(starts[i])) && str_find_ignore_case(line, STR("found "), 0) != SIZE_MAX)
            return 1U << i;
    return 0;
}

bool llama_log_take(struct llama_log *log, struct str line, size_t begin, size_t end)
{
    line = markdown_unquote(line);
    unsigned list = begun_list(line);
    if ((log->lists & list) != 0)
        llama_log_reset(log); /* the program was started again */
    log->lists |= list;
    if (list == 0 && !take_cuda(log, line) && !take_vulkan(log, line) && !take_metal(log, line) &&
        !take_opencl(log, line) && !take_sycl(log, line))
        return false;
    if (log->line_count < LLAMA_LOG_LINES_MAX) {
        log->lines[log->line_count].begin = begin;
        log->lines[log->line_count++].end = end;
    }
    return true;
}
