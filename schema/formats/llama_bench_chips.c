/* Which chip a record of llama-bench ran on. */
#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/llama_bench_record.h"

/* cpu_info lists every device of kind CPU or accelerator: the BLAS library comes first, "CPU" is a backend
 * that does not know its processor. */
static bool is_library(struct str part)
{
    static const char *const names[] = {
        "Accelerate", "OpenBLAS", "BLIS", "NVPL", "MKL",      "Intel MKL",
        "oneMKL",     "BLAS",     "CPU",  "AMX",  "KleidiAI", "zDNN",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(part, str_of(names[i])))
            return true;
    return false;
}

/* Takes the next part up to ", " outside of parentheses, or up to a slash before the name of another maker. */
static bool next_part(struct str *rest, bool slashes, struct str *ret)
{
    static const char *const makers[] = {"NVIDIA", "AMD",    "Tesla", "Quadro", "GeForce",
                                         "GRID",   "Radeon", "Intel", "Apple"};
    if (rest->len == 0)
        return false;
    size_t depth = 0, at = 0, skip = 0;
    for (; at < rest->len && skip == 0; at += skip == 0) {
        char c = rest->data[at];
        struct str behind = str_slice(rest->data + at + 1, rest->len - at - 1);
        depth += c == '(';
        depth -= c == ')' && depth > 0;
        if (depth == 0 && c == ',')
            skip = 1;
        for (size_t i = 0; slashes && c == '/' && i < ARRAY_LENGTH(makers); i++)
            if (str_starts_with(behind, str_of(makers[i])))
                skip = 1;
    }
    *ret = str_trim(str_slice(rest->data, at));
    *rest = str_slice(rest->data + at + skip, rest->len - at - skip);
    return true;
}

const char *llama_cpu_name(struct arena *arena, const struct llama_record *record)
{
    struct str rest = str_of(record->cpu_info), part;
    while (next_part(&rest, false, &part))
        if (part.len > 0 && !is_library(part))
            return arena_strndup(arena, part.data, part.len);
    return NULL;
}

void llama_gpu_names(struct arena *arena, const struct llama_record *record, struct llama_gpus *ret)
{
    ret->count = 0;
    struct str rest = str_of(record->gpu_info), part;
    while (ret->count < LLAMA_GPUS_MAX && next_part(&rest, true, &part))
        if (part.len > 0 && !is_library(part) && !str_starts_with(part, STR("RPC[")))
            ret->names[ret->count++] = arena_strndup(arena, part.data, part.len);
}

static bool is_yes(double flag)
{
    return flag > 0;
}

/* llama-bench before 2024-11 said it by one boolean for each backend; this is the order in which it asked them. */
static const char *backend_of_booleans(const struct llama_record *record)
{
    if (is_yes(record->cuda))
        return "CUDA";
    if (is_yes(record->vulkan))
        return "Vulkan";
    if (is_yes(record->kompute))
        return "Kompute";
    if (is_yes(record->metal))
        return "Metal";
    if (is_yes(record->sycl))
        return "SYCL";
    if (is_yes(record->opencl))
        return "OpenCL";
    if (is_yes(record->gpu_blas))
        return "GPU BLAS";
    if (is_yes(record->blas))
        return "BLAS";
    return isnan(record->cuda) && isnan(record->metal) && isnan(record->blas) ? NULL : "CPU";
}

static bool is_processor_backend(struct str name)
{
    static const char *const names[] = {"CPU", "BLAS", "AMX", "KleidiAI", "OpenBLAS", "Accelerate", "ZenDNN"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(name, str_of(names[i])))
            return true;
    return false;
}

const char *llama_backend(struct arena *arena, const struct llama_record *record)
{
    if (text_is_empty(record->backends))
        return backend_of_booleans(record);
    struct str rest = str_of(record->backends), best = {0};
    while (rest.len > 0) {
        size_t end = 0;
        while (end < rest.len && strchr(",+", rest.data[end]) == NULL)
            end++;
        struct str name = str_trim(str_slice(rest.data, end));
        rest = str_slice(rest.data + end + (end < rest.len), rest.len - end - (end < rest.len));
        bool helper = is_processor_backend(name) || str_equal(name, STR("RPC"));
        if (name.len > 0 && (best.len == 0 || (!helper && (is_processor_backend(best) || str_equal(best, STR("RPC"))))))
            best = name;
    }
    const char *given = best.len > 0 ? arena_strndup(arena, best.data, best.len) : NULL;
    const char *canonical = given != NULL ? catalog_match_backend(given) : NULL;
    return canonical != NULL ? canonical : given;
}

/* With no layer offloaded the processor generates. Prompts are another matter: CUDA streams the weights to the GPU for
 * their large batches, so that the GPU did much of it; such a run is flagged. */
bool llama_ran_on_gpu(struct arena *arena, const struct llama_record *record)
{
    if (number_equal(record->n_gpu_layers, 0) && !(record->n_prompt > 0) && record->n_gen > 0)
        return false;
    const char *backend = llama_backend(arena, record);
    if (backend == NULL)
        return !text_is_empty(record->gpu_info);
    return !is_processor_backend(str_of(backend));
}

/* The GPUs that took part: all, the main one with split_mode none, or those that `devices` names ("CUDA0/CUDA1"). */
static void keep_used(const struct llama_record *record, struct llama_gpus *gpus)
{
    struct llama_gpus used = {.count = 0};
    struct str rest = str_of(record->devices);
    while (rest.len > 0) {
        size_t end = 0;
        while (end < rest.len && strchr("/,", rest.data[end]) == NULL)
            end++;
        size_t digits = end;
        while (digits > 0 && rest.data[digits - 1] >= '0' && rest.data[digits - 1] <= '9')
            digits--;
        int64_t index = 0;
        bool numbered = digits > 0 && digits < end &&
                        number_parse_int64(str_slice(rest.data + digits, end - digits), &index) &&
                        index < (int64_t)gpus->count;
        if (!numbered || used.count == gpus->count)
            return; /* "auto", "none", or devices of another numbering */
        used.names[used.count++] = gpus->names[index];
        rest = str_slice(rest.data + end + (end < rest.len), rest.len - end - (end < rest.len));
    }
    if (used.count > 0)
        *gpus = used;
    if (text_equal(record->split_mode, "none") && gpus->count > 1) {
        size_t main_gpu = record->main_gpu > 0 && record->main_gpu < (double)gpus->count ? (size_t)record->main_gpu : 0;
        gpus->names[0] = gpus->names[main_gpu];
        gpus->count = 1;
    }
}

static void set_gpus(struct llama_document *document, struct arena *arena, struct run *run,
                     const struct llama_record *record, const struct llama_gpus *gpus)
{
    bool alike = true;
    for (size_t i = 1; i < gpus->count; i++)
        alike = alike && text_equal(gpus->names[i], gpus->names[0]);
    if (alike) {
        run->chip_name = gpus->names[0];
        run->chip_count = (int64_t)gpus->count;
        return;
    }
    const char *all = gpus->names[0];
    for (size_t i = 1; i < gpus->count; i++)
        all = arena_printf(arena, "%s, %s", all, gpus->names[i]);
    run->chip_name = all;
    flags_add(arena, &run->flags, "mixed_chips");
    llama_document_note(document, record, record->line, 0, "gpu_info", "different GPUs worked together: %s", all);
}

void llama_set_chip(struct llama_document *document, struct reading *reading, struct run *run,
                    const struct llama_record *record)
{
    struct arena *arena = &reading->arena;
    const char *cpu = llama_cpu_name(arena, record), *backend = llama_backend(arena, record);
    bool on_gpu = llama_ran_on_gpu(arena, record);
    bool processor = backend == NULL || is_processor_backend(str_of(backend));
    run->workload.backend = arena_strdup(arena, on_gpu || processor ? backend : "CPU");
    if (record->gpu_info != NULL && strstr(record->gpu_info, "RPC[") != NULL)
        flags_add(arena, &run->flags, "remote_devices");
    if (!on_gpu) {
        run->chip_name = cpu;
        return;
    }
    if (number_equal(record->n_gpu_layers, 0))
        flags_add(arena, &run->flags, "no_layers_offloaded");
    struct llama_gpus gpus;
    llama_gpu_names(arena, record, &gpus);
    keep_used(record, &gpus);
    if (gpus.count > 0)
        set_gpus(document, arena, run, record, &gpus);
    else if (text_equal(backend, "Metal"))
        run->chip_name = cpu;
    else if (cpu != NULL) /* not NULL: that would claim that the processor did it */
        run->chip_name = arena_printf(arena, "unnamed GPU (%s)", backend);
}

static bool same_number(double a, double b)
{
    return number_equal(a, b) || (isnan(a) && isnan(b));
}

bool llama_same_chips(const struct llama_record *a, const struct llama_record *b)
{
    const double now[] = {a->n_gpu_layers, a->main_gpu, a->cuda,     a->metal, a->vulkan, a->kompute,
                          a->sycl,         a->opencl,   a->gpu_blas, a->blas,  a->f16_kv};
    const double before[] = {b->n_gpu_layers, b->main_gpu, b->cuda,     b->metal, b->vulkan, b->kompute,
                             b->sycl,         b->opencl,   b->gpu_blas, b->blas,  b->f16_kv};
    for (size_t i = 0; i < ARRAY_LENGTH(now); i++)
        if (!same_number(now[i], before[i]))
            return false;
    return (a->n_prompt > 0) == (b->n_prompt > 0) && (a->n_gen > 0) == (b->n_gen > 0) &&
           text_equal(a->cpu_info, b->cpu_info) && text_equal(a->gpu_info, b->gpu_info) &&
           text_equal(a->backends, b->backends) && text_equal(a->devices, b->devices) &&
           text_equal(a->split_mode, b->split_mode) && text_equal(a->driver, b->driver);
}

void llama_set_chip_before(struct reading *reading, struct run *run)
{
    const struct run *before = &reading->runs[reading->run_count - 2];
    run->chip_name = before->chip_name;
    run->chip_count = before->chip_count;
    run->workload.backend = before->workload.backend;
    static const char *const flags[] = {"remote_devices", "no_layers_offloaded", "mixed_chips"};
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
        if (flags_has(&before->flags, flags[i]))
            flags_add(&reading->arena, &run->flags, flags[i]);
}
