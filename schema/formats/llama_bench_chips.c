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
        if (part.len > 0 && !is_library(part))
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

bool llama_ran_on_gpu(struct arena *arena, const struct llama_record *record)
{
    if (number_equal(record->n_gpu_layers, 0) && llama_cpu_name(arena, record) != NULL)
        return false;
    const char *backend = llama_backend(arena, record);
    if (backend == NULL)
        return !text_is_empty(record->gpu_info);
    return !is_processor_backend(str_of(backend));
}
