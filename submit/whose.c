#include "submit/whose.h"

#include <math.h>
#include <stdint.h>

#include "schema/catalog/catalog.h"

/* The same chip in the catalogue, or, where it knows neither, the same name. */
static bool same_chip(const char *a, const char *b)
{
    struct chip_match left, right;
    if (text_equal_ignore_case(a, b))
        return true;
    catalog_match_chip(a, NULL, &left);
    catalog_match_chip(b, NULL, &right);
    return left.chip != NULL && right.chip != NULL && text_equal(left.chip, right.chip);
}

static bool has_chip(const struct device *local, const char *name)
{
    if (local->chip != NULL && same_chip(local->chip, name))
        return true;
    for (size_t i = 0; i < local->chip_count; i++)
        if (same_chip(local->chips[i].name, name))
            return true;
    return false;
}

static bool has(const char *text, const char *part)
{
    return text != NULL && str_find_ignore_case(str_of(text), str_of(part), 0) != SIZE_MAX;
}

/* ---------------------------------------------------------------- words for one thing */

/* Go, Node and the makers of systems have a word each for one architecture. */
static const char *architecture_of(const char *word)
{
    static const struct {
        const char *word, *meaning;
    } words[] = {{"amd64", "x86_64"},  {"x64", "x86_64"}, {"x86-64", "x86_64"}, {"arm64", "aarch64"},
                 {"armv8", "aarch64"}, {"i386", "x86"},   {"i486", "x86"},      {"i586", "x86"},
                 {"i686", "x86"},      {"386", "x86"},    {"ia32", "x86"}};
    for (size_t i = 0; word != NULL && i < ARRAY_LENGTH(words); i++)
        if (text_equal_ignore_case(word, words[i].word))
            return words[i].meaning;
    return word;
}

/* "linux", "Darwin" and "win32" are kernels, "Debian GNU/Linux" is what one is part of: NULL where a text is neither.
 */
static const char *kernel_of(const char *system)
{
    static const struct {
        const char *part, *kernel;
    } parts[] = {{"darwin", "macos"},    {"macos", "macos"},   {"mac os", "macos"},  {"os x", "macos"},
                 {"windows", "windows"}, {"win32", "windows"}, {"mingw", "windows"}, {"freebsd", "freebsd"},
                 {"linux", "linux"},     {"ubuntu", "linux"},  {"debian", "linux"},  {"fedora", "linux"},
                 {"centos", "linux"},    {"red hat", "linux"}, {"rhel", "linux"},    {"suse", "linux"}};
    for (size_t i = 0; system != NULL && i < ARRAY_LENGTH(parts); i++)
        if (has(system, parts[i].part))
            return parts[i].kernel;
    return NULL;
}

static bool agrees(const char *stated, const char *local)
{
    return stated == NULL || local == NULL || text_equal_ignore_case(stated, local);
}

/* A kernel agrees with each of its systems; of two systems one is part of the other ("Ubuntu", "Ubuntu 22.04"). */
static bool systems_agree(const char *stated, const char *local)
{
    if (agrees(stated, local) || has(stated, local) || has(local, stated))
        return true;
    const char *kernel = kernel_of(stated), *own = kernel_of(local);
    if (kernel == NULL || !text_equal(kernel, own != NULL ? own : "linux"))
        return false;
    return !text_equal(kernel, "linux") || str_find_ignore_case(str_of(stated), STR("linux"), 0) == 0;
}

static bool counts_agree(int64_t stated, int64_t local)
{
    return stated == COUNT_UNKNOWN || local == COUNT_UNKNOWN || stated == local;
}

/* ---------------------------------------------------------------- backends */

static bool has_maker(const struct device *local, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has(local->chip, names[i]) || has(local->board, names[i]))
            return true;
        for (size_t j = 0; j < local->chip_count; j++)
            if (has(local->chips[j].name, names[i]))
                return true;
    }
    return false;
}

/* Whether this machine could run on it at all: Metal and MLX need a Mac, CUDA and ROCm the maker's hardware. */
static bool could_run(const struct device *local, const char *backend)
{
    static const char *const nvidia[] = {"NVIDIA", "GeForce", "Quadro", "Tesla", "Jetson", "Tegra", "Orin", "GB10"};
    static const char *const amd[] = {"Advanced Micro Devices", "AMD GPU", "Radeon", "Instinct", "Ryzen"};
    const char *kernel = kernel_of(local->os_name);
    const bool mac = kernel != NULL && text_equal(kernel, "macos");
    const char *name = catalog_match_backend(backend);
    name = name != NULL ? name : backend;
    if (has(name, "Metal"))
        return mac;
    if (has(name, "MLX"))
        return mac || has_maker(local, nvidia, ARRAY_LENGTH(nvidia));
    if (has(name, "CUDA"))
        return has_maker(local, nvidia, ARRAY_LENGTH(nvidia));
    return !has(name, "ROCm") || has_maker(local, amd, ARRAY_LENGTH(amd));
}

/* What a tool runs on where its output names no backend. */
static const char *backend_of_tool(const char *tool)
{
    static const struct {
        const char *tool, *backend;
    } tools[] = {{"anemll-bench", "Metal"},
                 {"mac-llm-bench", "Metal"},
                 {"mlx-lm", "MLX"},
                 {"mlx-benchmark", "MLX"},
                 {"trtexec", "CUDA"}};
    for (size_t i = 0; tool != NULL && i < ARRAY_LENGTH(tools); i++)
        if (text_equal_ignore_case(tool, tools[i].tool))
            return tools[i].backend;
    return NULL;
}

/* ---------------------------------------------------------------- all of it */

static bool chips_agree(const struct reading *reading, const struct device *local)
{
    const struct device *stated = &reading->device;
    if (stated->chip != NULL && !has_chip(local, stated->chip))
        return false;
    for (size_t i = 0; i < stated->chip_count; i++)
        if (!has_chip(local, stated->chips[i].name))
            return false;
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];
        if (run->chip_name != NULL && !has_chip(local, run->chip_name))
            return false;
        const char *backend = run->workload.backend != NULL ? run->workload.backend : backend_of_tool(reading->tool);
        if (backend != NULL && local->os_name != NULL && !could_run(local, backend))
            return false;
    }
    return true;
}

bool whose_is_local(const struct reading *reading, const struct device *local)
{
    const struct device *stated = &reading->device;
    if (!chips_agree(reading, local))
        return false;
    /* Tools round memory: a tenth apart is another machine. */
    if (!isnan(stated->memory_bytes) && !isnan(local->memory_bytes) &&
        fabs(stated->memory_bytes / local->memory_bytes - 1) > 0.1)
        return false;
    /* Some count what the machine has, others what a container or a mask leaves. */
    if (!counts_agree(stated->threads, local->threads) && !counts_agree(stated->threads, local->usable_threads))
        return false;
    if (!counts_agree(stated->cores, local->cores) && !counts_agree(stated->cores, local->threads) &&
        !counts_agree(stated->cores, local->usable_threads))
        return false;
    return agrees(stated->board, local->board) && systems_agree(stated->os_name, local->os_name) &&
           agrees(architecture_of(stated->architecture), architecture_of(local->architecture));
}

/* ---------------------------------------------------------------- hosts and mails */

static struct str first_label(struct str host)
{
    size_t dot = str_find(host, STR("."), 0);
    return dot == SIZE_MAX ? host : str_slice(host.data, dot);
}

static bool is_own_host(struct str host, struct str own)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "0.0.0.0", "::1", "::", "[::1]"};
    for (size_t i = 0; i < ARRAY_LENGTH(loopback); i++)
        if (str_equal_ignore_case(host, str_of(loopback[i])))
            return true;
    return str_equal_ignore_case(first_label(host), first_label(own));
}

bool whose_names_other_host(const struct reading *reading, struct str text, const char *own)
{
    for (size_t i = 0; i < reading->private_count; i++) {
        const struct private_span *span = &reading->privates[i];
        const size_t begin = reading->original_offset + span->offset;
        if (span->kind != PRIVATE_HOST || begin > text.len || span->length > text.len - begin)
            continue;
        struct str host = str_trim(str_slice(text.data + begin, span->length));
        if (host.len > 0 && !str_starts_with(host, STR("[removed:")) && !is_own_host(host, str_of(own)))
            return true;
    }
    return false;
}

bool whose_is_mail(struct str text)
{
    static const char *const fields[] = {"From",         "To",          "Date",         "Subject",
                                         "Message-ID",   "Received",    "Reply-To",     "MIME-Version",
                                         "Content-Type", "Return-Path", "Delivered-To", "Cc"};
    bool from = false;
    size_t known = 0;
    struct str line, name;
    text = str_trim(text);
    if (str_starts_with(text, STR("From "))) /* of an mbox */
        (void)str_next_line(&text, &line);
    while (str_next_line(&text, &line) && line.len > 0) {
        if (line.data[0] == ' ' || line.data[0] == '\t')
            continue;
        struct str rest = line;
        if (!str_next_field(&rest, ':', &name) || rest.data == NULL || name.len == 0 || name.len > 40 ||
            str_find(name, STR(" "), 0) != SIZE_MAX)
            break;
        for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
            known += str_equal_ignore_case(name, str_of(fields[i]));
        from = from || str_equal_ignore_case(name, STR("From"));
    }
    return from && known >= 2;
}
