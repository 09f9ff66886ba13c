#include "submit/device/facts.h"

#include <math.h>
#include <string.h>

#define AT(member) offsetof(struct device, member)
#define CPUINFO "proc/cpuinfo commands/lscpu.txt"
#define TOPOLOGY "sys/devices/system/cpu/online " CPUINFO
#define DMI "sys/firmware/dmi/tables/DMI commands/dmidecode.txt"
#define CACHES "sys/devices/system/cpu/cpu0/cache commands/lscpu.txt"
#define GROUPS "proc/self/cgroup sys/fs/cgroup"
#define CARDS "sys/bus/pci/devices sys/class/drm commands/nvidia-smi.txt commands/rocm-smi.txt"
#define SYSCTL "commands/sysctl.txt commands/sysctl-a.txt"
#define PROFILE "commands/system_profiler-SPHardwareDataType.txt commands/system_profiler-SPHardwareDataType-json.txt"
#define DISPLAYS "commands/system_profiler-SPDisplaysDataType.txt commands/ioreg-AGXAccelerator.txt"

const struct fact facts[] = {
    {"chip", "chip", FACT_TEXT, AT(chip), CPUINFO, SYSCTL " " PROFILE},
    {"cpu_count", "packages", FACT_COUNT, AT(cpu_count), TOPOLOGY, SYSCTL " " PROFILE},
    {"cores", "cores", FACT_COUNT, AT(cores), TOPOLOGY, SYSCTL " " PROFILE},
    {"threads", "threads", FACT_COUNT, AT(threads), TOPOLOGY, SYSCTL " " PROFILE},
    {"usable_threads", "usable threads", FACT_COUNT, AT(usable_threads), GROUPS, NULL},
    {"core_kinds", "kinds of cores", FACT_KINDS, AT(core_kinds), CPUINFO " sys/devices/cpu_core", SYSCTL " " PROFILE},
    {"gpu_cores", "gpu cores", FACT_COUNT, AT(gpu_cores), NULL, DISPLAYS},
    {"chips", "further chips", FACT_CHIPS, AT(chips), CARDS, NULL},
    {"memory_bytes", "memory", FACT_NUMBER, AT(memory_bytes), "proc/meminfo commands/free.txt", SYSCTL " " PROFILE},
    {"memory_type", "memory type", FACT_TEXT, AT(memory_type), DMI, "commands/system_profiler-SPMemoryDataType.txt"},
    {"board", "board", FACT_TEXT, AT(board), "sys/class/dmi/id/product_name sys/firmware/devicetree/base/model",
     SYSCTL " " PROFILE},
    {"architecture", "architecture", FACT_TEXT, AT(architecture), "commands/uname-a.txt " CPUINFO,
     SYSCTL " commands/uname-a.txt commands/uname-m.txt"},
    {"os_name", "os", FACT_TEXT, AT(os_name), "etc/os-release usr/lib/os-release", NULL},
    {"os_version", "os version", FACT_TEXT, AT(os_version), "etc/os-release usr/lib/os-release",
     "commands/sw_vers.txt " SYSCTL},
    {"kernel", "kernel", FACT_TEXT, AT(kernel), "proc/sys/kernel/osrelease proc/version commands/uname-a.txt",
     SYSCTL " commands/uname-a.txt"},
    {"driver", "driver", FACT_TEXT, AT(driver), "proc/driver/nvidia/version sys/module/amdgpu/version", NULL},
    {"virtualization", "virtualization", FACT_TEXT, AT(virtualization), NULL, NULL},
    {"cpu_vendor", "cpu vendor", FACT_EXTRA_WORD, EXTRA_CPU_VENDOR, CPUINFO, NULL},
    {"l1d_cache_bytes", "L1 data cache", FACT_EXTRA_NUMBER, EXTRA_L1D_CACHE, CACHES, NULL},
    {"l1i_cache_bytes", "L1 instr. cache", FACT_EXTRA_NUMBER, EXTRA_L1I_CACHE, CACHES, NULL},
    {"l2_cache_bytes", "L2 cache", FACT_EXTRA_NUMBER, EXTRA_L2_CACHE, CACHES, SYSCTL},
    {"l3_cache_bytes", "L3 cache", FACT_EXTRA_NUMBER, EXTRA_L3_CACHE, CACHES, NULL},
    {"offline_threads", "offline threads", FACT_EXTRA_NUMBER, EXTRA_OFFLINE_THREADS, NULL, NULL},
    {"numa_nodes", "NUMA nodes", FACT_EXTRA_NUMBER, EXTRA_NUMA_NODES, "sys/devices/system/node commands/lscpu.txt",
     NULL},
    {"memory_speed_mts", "memory MT/s", FACT_EXTRA_NUMBER, EXTRA_MEMORY_SPEED, DMI, NULL},
    {"memory_limit_bytes", "memory limit", FACT_EXTRA_NUMBER, EXTRA_MEMORY_LIMIT, NULL, NULL},
    {"cpu_quota", "CPU quota", FACT_EXTRA_NUMBER, EXTRA_CPU_QUOTA, NULL, NULL},
    {"control_group_version", "control groups", FACT_EXTRA_NUMBER, EXTRA_CONTROL_GROUPS, NULL, NULL},
    {"cuda_version", "CUDA", FACT_EXTRA_WORD, EXTRA_CUDA, NULL, NULL},
    {"rocm_version", "ROCm", FACT_EXTRA_WORD, EXTRA_ROCM, NULL, NULL},
    {"metal_version", "Metal", FACT_EXTRA_WORD, EXTRA_METAL, NULL, NULL},
    {"mig_instances", "MIG instances", FACT_EXTRA_NUMBER, EXTRA_MIG, NULL, NULL},
    {"translated", "translated by", FACT_EXTRA_WORD, EXTRA_TRANSLATED, NULL, NULL},
    {"power_source", "power source", FACT_EXTRA_WORD, EXTRA_POWER_SOURCE, NULL, NULL},
    {NULL, NULL, FACT_TEXT, 0, NULL, NULL},
};

const struct fact kind_facts[] = {
    {"name", NULL, FACT_TEXT, offsetof(struct core_kind, name), NULL, NULL},
    {"cores", NULL, FACT_COUNT, offsetof(struct core_kind, cores), NULL, NULL},
    {"threads", NULL, FACT_COUNT, offsetof(struct core_kind, threads), NULL, NULL},
    {NULL, NULL, FACT_TEXT, 0, NULL, NULL},
};

const struct fact chip_facts[] = {
    {"name", NULL, FACT_TEXT, offsetof(struct device_chip, name), NULL, NULL},
    {"kind", NULL, FACT_TEXT, offsetof(struct device_chip, kind), NULL, NULL},
    {"count", NULL, FACT_COUNT, offsetof(struct device_chip, count), NULL, NULL},
    {"cores", NULL, FACT_COUNT, offsetof(struct device_chip, cores), NULL, NULL},
    {"memory_bytes", NULL, FACT_NUMBER, offsetof(struct device_chip, memory_bytes), NULL, NULL},
    {NULL, NULL, FACT_TEXT, 0, NULL, NULL},
};

const char *fact_text_of(const void *object, const struct fact *fact)
{
    const char *text;
    memcpy(&text, (const char *)object + fact->offset, sizeof(text));
    return text;
}

int64_t fact_count_of(const void *object, const struct fact *fact)
{
    int64_t count;
    memcpy(&count, (const char *)object + fact->offset, sizeof(count));
    return count;
}

double fact_number_of(const void *object, const struct fact *fact)
{
    double number;
    memcpy(&number, (const char *)object + fact->offset, sizeof(number));
    return number;
}

const struct parameter *fact_extra_of(const struct device *device, const struct fact *fact)
{
    return parameters_find(&device->extra, fact->key);
}

bool fact_is_known(const struct fact *fact, const struct device *device)
{
    switch (fact->type) {
    case FACT_TEXT:
        return fact_text_of(device, fact) != NULL;
    case FACT_COUNT:
        return fact_count_of(device, fact) != COUNT_UNKNOWN;
    case FACT_NUMBER:
        return !isnan(fact_number_of(device, fact));
    case FACT_KINDS:
        return device->core_kind_count > 0;
    case FACT_CHIPS:
        return device->chip_count > 0;
    case FACT_EXTRA_NUMBER:
    case FACT_EXTRA_WORD:
        return fact_extra_of(device, fact) != NULL;
    }
    return false;
}
