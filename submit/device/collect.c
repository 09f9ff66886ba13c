#include "submit/device/device.h"

#include <math.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "submit/device/amd.h"
#include "submit/device/arm_names.h"
#include "submit/device/board.h"
#include "submit/device/caches.h"
#include "submit/device/core_kinds.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/dmidecode.h"
#include "submit/device/extras.h"
#include "submit/device/inxi.h"
#include "submit/device/limits.h"
#include "submit/device/lscpu.h"
#include "submit/device/lshw.h"
#include "submit/device/macos.h"
#include "submit/device/memory.h"
#include "submit/device/nvidia.h"
#include "submit/device/os.h"
#include "submit/device/pci.h"
#include "submit/device/root.h"
#include "submit/device/sbc_bench.h"
#include "submit/device/topology.h"
#include "submit/device/virtualization.h"

int device_platform_parse(const char *text, enum device_platform *ret, struct err *err)
{
    if (text == NULL)
        *ret = DEVICE_PLATFORM_UNSET;
    else if (text_equal(text, "linux"))
        *ret = DEVICE_PLATFORM_LINUX;
    else if (text_equal(text, "macos"))
        *ret = DEVICE_PLATFORM_MACOS;
    else {
        (void)err_set(err, ERR_USAGE, "%s is no platform", text);
        return err_hint(err, "--platform takes linux or macos");
    }
    return 0;
}

struct device device_unknown(void)
{
    return (struct device){.cpu_count = COUNT_UNKNOWN,
                           .cores = COUNT_UNKNOWN,
                           .threads = COUNT_UNKNOWN,
                           .usable_threads = COUNT_UNKNOWN,
                           .gpu_cores = COUNT_UNKNOWN,
                           .memory_bytes = (double)NAN};
}

bool device_has_facts(const struct device *device)
{
    return device->chip != NULL || device->cpu_count > 0 || device->cores > 0 || device->threads > 0 ||
           device->usable_threads > 0 || device->gpu_cores > 0 || device->chip_count > 0 ||
           !isnan(device->memory_bytes) || device->board != NULL || device->architecture != NULL ||
           device->os_name != NULL || device->os_version != NULL || device->kernel != NULL ||
           device->virtualization != NULL || device->extra.count > 0;
}

/* The chip of an Arm machine: device tree first, then a core that only one chip has, then the names of its cores. */
static const char *chip_of_device_tree(const struct root *root, struct arena *arena)
{
    autobuf struct buf text = BUF(64 << 10);
    if (!root_read(root, "sys/firmware/devicetree/base/compatible", &text)) {
        buf_reset(&text);
        if (!root_read(root, "proc/device-tree/compatible", &text))
            return NULL;
    }
    /* From the board to the chip: the last entry is the most general one. */
    const char *found = NULL;
    struct str rest = str_slice(buf_text(&text), text.len), entry;
    while (str_next_field(&rest, '\0', &entry)) {
        autobuf struct buf name = BUF(256);
        if (arm_chip_from_compatible(entry, &name))
            found = fact_text(arena, str_slice(buf_text(&name), name.len));
    }
    return found;
}

/* Two joined dies report the parts of one: only their number shows the Ultra. */
static const char *join_dies(const struct cpuinfo *info, const char *chip)
{
    if (info->processors > 12 && text_equal(chip, "Apple M1 Max"))
        return "Apple M1 Ultra";
    if (info->processors > 12 && text_equal(chip, "Apple M2 Max"))
        return "Apple M2 Ultra";
    return chip;
}

static const char *chip_of_cores(const struct cpuinfo *info, struct arena *arena)
{
    autobuf struct buf names = BUF(512);
    for (size_t i = info->part_count; i > 0; i--) {
        const struct cpu_part *part = &info->parts[i - 1];
        const struct arm_core *core = arm_core_find(part->implementer, part->part);
        const char *maker = arm_implementer_name(part->implementer);
        if (core != NULL && core->chip != NULL)
            return join_dies(info, core->chip);
        buf_adds(&names, names.len > 0 ? " + " : maker == NULL ? "" : maker);
        if (names.len > 0 && names.data[names.len - 1] != ' ')
            buf_addc(&names, ' ');
        if (core != NULL)
            buf_adds(&names, core->name);
        else
            buf_addf(&names, "core 0x%02x/0x%03x", part->implementer, part->part);
    }
    return fact_text(arena, str_slice(buf_text(&names), names.len));
}

/* Amazon's instance types name the processor: the letter g behind the generation is Graviton. */
static const char *chip_of_instance(const char *type)
{
    size_t letters = 0;
    while (type[letters] >= 'a' && type[letters] <= 'z')
        letters++;
    const char digit = type[letters];
    if (letters == 0 || letters > 4 || digit < '1' || digit > '9' || type[letters + 1] != 'g' ||
        strchr(type, '.') == NULL)
        return NULL;
    /* T4g, G5g, X2gd, Im4gn and Is4gen have the second generation under other numbers. */
    if (digit == '6' || digit == '2' || digit == '4' || digit == '5')
        return "AWS Graviton2";
    return digit == '7' ? "AWS Graviton3" : digit == '8' ? "AWS Graviton4" : NULL;
}

/* Machines that exist with one chip only and name it nowhere else. */
static const char *chip_of_product(const struct root *root)
{
    char vendor[256], product[256];
    if (!root_line(root, product, sizeof(product), "sys/class/dmi/id/product_name"))
        return NULL;
    if (str_find_ignore_case(str_of(product), STR("DGX_Spark"), 0) != SIZE_MAX)
        return "NVIDIA GB10";
    return root_line(root, vendor, sizeof(vendor), "sys/class/dmi/id/sys_vendor") && text_equal(vendor, "Amazon EC2")
               ? chip_of_instance(product)
               : NULL;
}

/* The chip's own name; NULL where only its cores are known. */
static const char *chip_name(const struct root *root, const struct cpuinfo *info, struct arena *arena)
{
    char machine[256], family[256];
    const char *name = fact_text(arena, info->name);
    if (name != NULL)
        return name;
    name = chip_of_device_tree(root, arena);
    if (name == NULL)
        name = chip_of_product(root);
    if (name == NULL && str_starts_with(info->hardware, STR("BCM2")))
        name = raspberry_chip(info->revision);
    if (name != NULL)
        return name;
    if (!root_line(root, family, sizeof(family), "sys/devices/soc0/family") ||
        !root_line(root, machine, sizeof(machine), "sys/devices/soc0/soc_id") ||
        fact_text(arena, str_of(machine)) == NULL)
        return NULL;
    /* Numbers of JEDEC, as servers have them: the firmware's name for the chip stands beside them. */
    if (text_starts_with(machine, "jep106"))
        return root_line(root, machine, sizeof(machine), "sys/devices/soc0/machine") ? fact_text(arena, str_of(machine))
                                                                                     : NULL;
    return fact_text(arena, str_of(arena_printf(arena, "%s %s", family, machine)));
}

static bool is_known(const char *name, struct chip_match *match)
{
    if (name == NULL)
        return false;
    catalog_match_chip(name, NULL, match);
    return match->chip != NULL;
}

/* The kernel did not name the chip: whatever of firmware, board and cores names one that the catalogue knows, in this
 * order; else the first that says anything. A board that exists with one chip names it: "Raspberry Pi 4 Model B". */
static const char *settle_chip(const struct device *device, const char *cores)
{
    struct chip_match match;
    const bool only_cores = device->chip == NULL || arm_is_core_name(device->chip);
    if (!only_cores && is_known(device->chip, &match))
        return device->chip;
    if (is_known(device->board, &match))
        return match.chip;
    if (text_starts_with(device->board, "Amazon ") && chip_of_instance(device->board + 7) != NULL)
        return chip_of_instance(device->board + 7);
    for (size_t i = 0; i < device->core_kind_count; i++)
        if (arm_chip_of_core_name(device->core_kinds[i].name) != NULL)
            return arm_chip_of_core_name(device->core_kinds[i].name);
    if (!only_cores)
        return device->chip;
    const char *name = cores != NULL ? cores : device->chip, *chip = arm_chip_of_core_name(device->chip);
    return chip != NULL ? chip : name;
}

static void read_vendor(const struct cpuinfo *info, struct arena *arena, struct device *device)
{
    const char *maker = info->part_count > 0 ? arm_implementer_name(info->parts[0].implementer) : NULL;
    extras_word(arena, device, EXTRA_CPU_VENDOR, cpu_vendor_name(info->vendor, arena));
    extras_word(arena, device, EXTRA_CPU_VENDOR, maker);
}

static double count_nodes(const struct root *root, struct arena *arena)
{
    size_t count, nodes = 0;
    char **names = root_list(root, "sys/devices/system/node", arena, &count);
    for (size_t i = 0; i < count; i++)
        nodes += text_starts_with(names[i], "node") && names[i][4] >= '0' && names[i][4] <= '9';
    return (double)nodes;
}

/* What the kernel tells of the CPU. `ret_cores` is a name made of its cores where the chip has none; NULL. */
static void read_cpu(const struct root *root, struct arena *arena, struct device *device, bool *ret_hypervisor,
                     const char **ret_cores)
{
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    struct cpuinfo info;
    struct topology topology;
    (void)root_read(root, "proc/cpuinfo", &text);
    cpuinfo_parse(str_slice(buf_text(&text), text.len), &info);
    core_parts_order(&info);
    topology_read(root, arena, &topology);
    device->cpu_count = topology.packages > 0 ? topology.packages : info.packages;
    device->cores = topology.cores > 0 ? topology.cores : info.cores;
    device->threads = topology.threads > 0 ? topology.threads : info.threads;
    device->chip = chip_name(root, &info, arena);
    core_kinds_read(root, &info, &topology, arena, device);
    board_read(root, &info, arena, device);
    if (device->architecture == NULL)
        device->architecture = info.architecture;
    /* Kernels of phones call the clusters of one chip packages. */
    if (info.part_count > 1 && device->cpu_count > 1)
        device->cpu_count = 1;
    read_vendor(&info, arena, device);
    extras_number(arena, device, EXTRA_OFFLINE_THREADS, (double)topology.offline);
    extras_number(arena, device, EXTRA_NUMA_NODES, count_nodes(root, arena));
    caches_read(root, &topology, arena, device);
    *ret_hypervisor = info.hypervisor;
    *ret_cores = device->chip == NULL ? chip_of_cores(&info, arena) : NULL;
}

typedef void apply_function(struct str text, struct arena *arena, struct device *device);

/* What one could not read from the kernel, from recorded outputs. */
static void read_recorded(const struct root *root, struct arena *arena, struct device *device)
{
    static const struct {
        const char *name;
        apply_function *apply;
    } outputs[] = {{"sbc-bench-header", sbc_bench_header},
                   {"sbc-bench-kernel", sbc_bench_header},
                   {"sbc-bench-cpu-topology", sbc_bench_topology},
                   {"inxi", inxi_apply},
                   {"dmidecode", dmidecode_apply},
                   {"dmidecode-memory", dmidecode_apply},
                   {"dmidecode-memory", lshw_apply},
                   {"lshw", lshw_apply},
                   {"rocminfo", rocminfo_apply}};
    for (size_t i = 0; i < ARRAY_LENGTH(outputs); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, outputs[i].name, &text))
            outputs[i].apply(str_slice(buf_text(&text), text.len), arena, device);
    }
}

/* Kernel and lscpu first, they know best; then `free`, which rounds. */
static void read_listings(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf lscpu = BUF(ROOT_FILE_MAX), memory = BUF(ROOT_FILE_MAX);
    if (root_command(root, "lscpu", &lscpu))
        lscpu_apply(str_slice(buf_text(&lscpu), lscpu.len), arena, device);
    if (isnan(device->memory_bytes) && root_command(root, "free", &memory))
        device->memory_bytes = free_parse(str_slice(buf_text(&memory), memory.len));
}

static void read_linux(const struct root *root, struct arena *arena, struct device *device)
{
    bool hypervisor = false;
    const char *cores = NULL;
    struct chip_match match;
    autobuf struct buf meminfo = BUF(ROOT_FILE_MAX);
    os_read(root, arena, device);
    read_cpu(root, arena, device, &hypervisor, &cores);
    if (root_read(root, "proc/meminfo", &meminfo))
        device->memory_bytes = meminfo_parse(str_slice(buf_text(&meminfo), meminfo.len));
    virtualization_read(root, hypervisor, arena, device);
    /* Modules of one NVIDIA chip have different memory; the board names the module. */
    if (text_starts_with(device->chip, "NVIDIA ") && !is_known(device->chip, &match) && is_known(device->board, &match))
        device->chip = match.chip;
    const char *named = device->chip;
    read_listings(root, arena, device);
    read_recorded(root, arena, device);
    if (named == NULL)
        device->chip = settle_chip(device, cores);
    limits_read(root, arena, device);
    if (device->threads > 0 && device->usable_threads > device->threads)
        device->usable_threads = device->threads;
    nvidia_read(root, arena, device);
    amd_read(root, arena, device);
    if (device->chip_count == 0 || root->live)
        pci_read(root, arena, device);
}

static enum device_platform detect(const struct root *root)
{
#ifdef __APPLE__
    if (root->live)
        return DEVICE_PLATFORM_MACOS;
#endif
    return !root->live && macos_looks_like(root) ? DEVICE_PLATFORM_MACOS : DEVICE_PLATFORM_LINUX;
}

enum device_platform device_platform_of(const char *folder, enum device_platform given)
{
    struct root root;
    return given != DEVICE_PLATFORM_UNSET || root_open(folder, &root, NULL) < 0 ? given : detect(&root);
}

int device_collect(const char *folder, enum device_platform platform, struct arena *arena, struct device *ret,
                   struct err *err)
{
    struct root root;
    struct device device = device_unknown();
    int r = root_open(folder, &root, err);
    if (r < 0)
        return r;
    if (platform == DEVICE_PLATFORM_UNSET)
        platform = detect(&root);
    if (platform == DEVICE_PLATFORM_MACOS)
        macos_read(&root, arena, &device);
    else
        read_linux(&root, arena, &device);
    r = arena_check(arena, err);
    if (r < 0)
        return r;
    if (!device_has_facts(&device)) {
        (void)err_set(err, ERR_DATA, "no fact of a machine below %s", folder == NULL ? "/" : folder);
        return err_hint(err, "expected proc/, sys/, etc/ or commands/NAME.txt there");
    }
    *ret = device;
    return 0;
}
