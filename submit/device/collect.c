#include "submit/device/device.h"

#include <math.h>
#include <string.h>

#include "submit/device/amd.h"
#include "submit/device/arm_names.h"
#include "submit/device/board.h"
#include "submit/device/core_kinds.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/dmidecode.h"
#include "submit/device/limits.h"
#include "submit/device/lscpu.h"
#include "submit/device/macos.h"
#include "submit/device/memory.h"
#include "submit/device/nvidia.h"
#include "submit/device/os.h"
#include "submit/device/pci.h"
#include "submit/device/root.h"
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

/* Machines that exist with one chip only and name it nowhere else. */
static const char *chip_of_product(const struct root *root)
{
    char product[256];
    if (root_line(root, product, sizeof(product), "sys/class/dmi/id/product_name") &&
        str_find_ignore_case(str_of(product), STR("DGX_Spark"), 0) != SIZE_MAX)
        return "NVIDIA GB10";
    return NULL;
}

static const char *chip_name(const struct root *root, const struct cpuinfo *info, struct arena *arena)
{
    char machine[256], family[256];
    const char *name = fact_text(arena, info->name);
    if (name != NULL)
        return name;
    name = chip_of_device_tree(root, arena);
    if (name == NULL)
        name = chip_of_product(root);
    if (name != NULL)
        return name;
    if (root_line(root, family, sizeof(family), "sys/devices/soc0/family") &&
        root_line(root, machine, sizeof(machine), "sys/devices/soc0/soc_id") && !text_starts_with(machine, "jep106") &&
        fact_text(arena, str_of(machine)) != NULL)
        return fact_text(arena, str_of(arena_printf(arena, "%s %s", family, machine)));
    return chip_of_cores(info, arena);
}

static void read_cpu(const struct root *root, struct arena *arena, struct device *device, bool *ret_hypervisor)
{
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    struct cpuinfo info;
    struct topology topology;
    (void)root_read(root, "proc/cpuinfo", &text);
    cpuinfo_parse(str_slice(buf_text(&text), text.len), &info);
    topology_read(root, arena, &topology);
    device->cpu_count = topology.packages > 0 ? topology.packages : info.packages;
    device->cores = topology.cores > 0 ? topology.cores : info.cores;
    device->threads = topology.threads > 0 ? topology.threads : info.threads;
    device->chip = chip_name(root, &info, arena);
    core_kinds_read(root, &info, &topology, arena, device);
    board_read(root, &info, arena, device);
    if (device->architecture == NULL)
        device->architecture = info.architecture;
    *ret_hypervisor = info.hypervisor;
}

/* What one could not read from the kernel, from recorded outputs. */
static void read_recorded(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf lscpu = BUF(ROOT_FILE_MAX), memory = BUF(ROOT_FILE_MAX), tables = BUF(ROOT_FILE_MAX);
    if (root_command(root, "lscpu", &lscpu))
        lscpu_apply(str_slice(buf_text(&lscpu), lscpu.len), arena, device);
    if (isnan(device->memory_bytes) && root_command(root, "free", &memory))
        device->memory_bytes = free_parse(str_slice(buf_text(&memory), memory.len));
    if (root_command(root, "dmidecode", &tables))
        dmidecode_apply(str_slice(buf_text(&tables), tables.len), arena, device);
}

static void read_linux(const struct root *root, struct arena *arena, struct device *device)
{
    bool hypervisor = false;
    autobuf struct buf meminfo = BUF(ROOT_FILE_MAX);
    os_read(root, arena, device);
    read_cpu(root, arena, device, &hypervisor);
    if (root_read(root, "proc/meminfo", &meminfo))
        device->memory_bytes = meminfo_parse(str_slice(buf_text(&meminfo), meminfo.len));
    virtualization_read(root, hypervisor, arena, device);
    read_recorded(root, arena, device);
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
