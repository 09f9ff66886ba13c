/* Any bytes through each parser of the facts of a machine, as if a program had printed them. A device that was read is
 * written as JSON and read again as the same; slices lie within the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "submit/device/amd.h"
#include "submit/device/board.h"
#include "submit/device/caches.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/dmidecode.h"
#include "submit/device/inxi.h"
#include "submit/device/limits.h"
#include "submit/device/lscpu.h"
#include "submit/device/lshw.h"
#include "submit/device/macos_profile.h"
#include "submit/device/memory.h"
#include "submit/device/nvidia.h"
#include "submit/device/os.h"
#include "submit/device/pci.h"
#include "submit/device/sbc_bench.h"
#include "submit/device/topology.h"
#include "submit/device/virtualization.h"
#include "tests/fuzz/device_again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void apply_all(struct str text)
{
    static void (*const parsers[])(struct str, struct arena *, struct device *) = {
        lscpu_apply,      dmidecode_apply,    lshw_apply,         inxi_apply,         rocminfo_apply,
        sbc_bench_header, sbc_bench_topology, macos_profile_json, macos_profile_text,
    };
    for (size_t i = 0; i < ARRAY_LENGTH(parsers); i++) {
        struct arena arena = {0};
        struct device device = device_unknown();
        parsers[i](text, &arena, &device);
        check_device(&device);
        arena_done(&arena);
    }
}

/* What these find is a card: there is one when they say so. */
static void find_all(struct str text)
{
    static bool (*const parsers[])(struct str, struct arena *, struct device *) = {
        nvidia_parse_query,     nvidia_parse_xml,    nvidia_parse_csv,    nvidia_parse_list,
        nvidia_parse_table,     amd_parse_rocm_json, amd_parse_rocm_text, amd_parse_amd_smi,
        amd_parse_amd_smi_json, amd_parse_rocminfo,  pci_parse_lspci,     nvidia_parse_device_query,
    };
    for (size_t i = 0; i < ARRAY_LENGTH(parsers); i++) {
        struct arena arena = {0};
        struct device device = device_unknown();
        if (parsers[i](text, &arena, &device) && device.chip_count == 0)
            abort();
        check_device(&device);
        arena_done(&arena);
    }
}

static void check_slice(struct str text, struct str slice)
{
    if (slice.len > 0 && (slice.data < text.data || slice.data + slice.len > text.data + text.len))
        abort();
}

static void cut_all(struct str text)
{
    struct cpuinfo info = {0};
    cpuinfo_parse(text, &info);
    check_slice(text, info.name);
    check_slice(text, info.vendor);
    check_slice(text, info.board);
    if (info.part_count > CPUINFO_PARTS_MAX)
        abort();
    struct os_release release = {0};
    os_release_parse(text, &release);
    check_slice(text, release.name);
    check_slice(text, release.version);
    struct str kernel = {0}, machine = {0};
    uname_parse(text, &kernel, &machine);
    check_slice(text, kernel);
    check_slice(text, machine);
    check_slice(text, kernel_of_version(text));
}

/* What stands in one line of a file. */
static void read_words(struct str text, const char *terminated)
{
    struct arena arena = {0};
    int64_t *cpus = NULL;
    size_t count = 0;
    if (cpu_list_parse(text, &arena, &cpus, &count) && count > 0 && cpus == NULL)
        abort();
    (void)cpu_vendor_name(text, &arena);
    (void)raspberry_chip(text);
    (void)cache_size_parse(text);
    (void)cpu_max_parse(text);
    (void)meminfo_parse(text);
    (void)free_parse(text);
    (void)vm_of_hypervisor(text);
    (void)vm_of_pci(text, true);
    (void)container_of_mounts(text);
    (void)container_of_cgroup(text);
    (void)vm_of_product(terminated, terminated);
    (void)vm_of_kernel(terminated);
    (void)board_name(&arena, terminated, terminated);
    struct device device = device_unknown();
    macos_profile_processors(terminated, terminated, &arena, &device);
    check_device(&device);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy without NUL behind it: reading past the end is seen. */
    autofree char *bytes = malloc(size > 0 ? size : 1);
    char line[256] = "";
    if (bytes == NULL)
        return 0;
    if (size > 0)
        memcpy(bytes, data, size);
    size_t length = size < sizeof line ? size : sizeof line - 1;
    if (length > 0)
        memcpy(line, bytes, length);
    apply_all(str_slice(bytes, size));
    find_all(str_slice(bytes, size));
    cut_all(str_slice(bytes, size));
    read_words(str_slice(bytes, length), line);
    return 0;
}
