/* Facts of machines out of recorded outputs: Macs, boards, cards, kinds of cores. Texts as the programs print them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/process.h"
#include "schema/json/json.h"
#include "submit/device/absent.h"
#include "submit/device/amd.h"
#include "submit/device/caches.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"
#include "submit/device/dmidecode.h"
#include "submit/device/facts.h"
#include "submit/device/inxi.h"
#include "submit/device/lscpu.h"
#include "submit/device/lshw.h"
#include "submit/device/mac_models.h"
#include "submit/device/macos_profile.h"
#include "submit/device/nvidia.h"
#include "submit/device/sbc_bench.h"
#include "submit/device/virtualization.h"

#define MIB 1048576.0

/* A recorded machine below a new folder. */
struct machine {
    char folder[64];
    struct arena arena;
    struct device device;
};

static void begin(struct machine *machine)
{
    *machine = (struct machine){.folder = "/tmp/crosschip-machine-XXXXXX"};
    assert_non_null(mkdtemp(machine->folder));
}

static void put(const struct machine *machine, const char *path, const char *text)
{
    char file[256], folder[256];
    (void)snprintf(file, sizeof(file), "%s/%s", machine->folder, path);
    text_copy(folder, sizeof(folder), file);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(file_make_folders(folder, 0700, NULL), 0);
    assert_int_equal(file_replace(file, 0600, text, strlen(text), NULL), 0);
}

static int collect(struct machine *machine)
{
    struct err err = {0};
    return device_collect(machine->folder, DEVICE_PLATFORM_UNSET, &machine->arena, &machine->device, &err);
}

static void end(struct machine *machine)
{
    const char *const command[] = {"rm", "-rf", machine->folder, NULL};
    struct process_result result;
    arena_done(&machine->arena);
    assert_int_equal(process_run(command, 10000, NULL, NULL, &result, NULL), 0);
}

static void kinds_are(const struct device *device, const char *wanted)
{
    autobuf struct buf text = BUF(1024);
    for (size_t i = 0; i < device->core_kind_count; i++)
        buf_addf(&text, "%s%lld %s", i == 0 ? "" : ", ", (long long)device->core_kinds[i].cores,
                 device->core_kinds[i].name);
    assert_string_equal(buf_text(&text), wanted);
}

static void reads_every_shape_of_processors(void **state)
{
    static const struct {
        const char *text, *firmware, *kinds;
        int64_t cores;
    } cases[] = {
        {"proc 8:4:4", "10151.1", "4 Performance, 4 Efficiency", 8},
        {"proc 24:16:8:0", "18000.101.6", "16 Performance, 8 Efficiency", 24},
        {"proc 18:6:0:12", "18000.101.6", "6 Super, 12 Performance", 18},
        {"proc 12:0:8:4", "20457.1.29", "8 Performance, 4 Efficiency", 12},
        {"proc 18:6:12:0", "20457.1.29", "6 Super, 12 Performance", 18},
        {"proc 12:2:4:6", NULL, "2 Super, 4 Performance, 6 Efficiency", 12},
        /* One meaning under either system would be the wrong one half of the time. */
        {"proc 18:6:0:12", NULL, "", 18},
        {"proc 24:16:8:0", NULL, "", 24},
        {"proc 10:4:4", "10151.1", "", 10},
        {"proc 8:4:4:4:4", "1", "", COUNT_UNKNOWN},
        {"proc eight", "1", "", COUNT_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena arena cleanup(arena_done) = {0};
        struct device device = device_unknown();
        macos_profile_processors(cases[i].text, cases[i].firmware, &arena, &device);
        assert_int_equal(device.cores, cases[i].cores);
        kinds_are(&device, cases[i].kinds);
    }
}

static void reads_a_profile_as_text(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    macos_profile_text(
        STR("Hardware:\n\n    Hardware Overview:\n\n      Model Name: MacBook Air\n"
            "      Model Identifier: Mac17,3\n      Chip: Apple M5\n"
            "      Total Number of Cores: 10 (4 Super and 6 Efficiency)\n      Memory: 32 GB\n"
            "      Serial Number (system): C02SECRET123\n      Hardware UUID: 01234567-SECRET\n\n"
            "Graphics/Displays:\n\n    Apple M5:\n\n      Chipset Model: Apple M5\n"
            "      Total Number of Cores: 8\n      Metal Support: Metal 4\n\n"
            "Software:\n\n      System Version: macOS 26.5.1 (25F80)\n      Computer Name: Anna's Air\n"),
        &arena, &device);
    assert_string_equal(device.chip, "Apple M5");
    assert_string_equal(device.board, "Mac17,3");
    assert_string_equal(device.os_version, "26.5.1");
    assert_int_equal(device.cores, 10);
    assert_int_equal(device.threads, 10);
    assert_int_equal(device.gpu_cores, 8);
    kinds_are(&device, "4 Super, 6 Efficiency");
    assert_true(fabs(device.memory_bytes - 32 * 1024 * MIB) < 1);
    autobuf struct buf out = BUF(BUF_MIB);
    device_describe(&device, &out);
    assert_null(strstr(buf_text(&out), "SECRET"));
    assert_null(strstr(buf_text(&out), "Anna"));
}

static void reads_an_intel_mac(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    macos_profile_json(
        STR("{\"SPHardwareDataType\":[{\"cpu_type\":\"8-Core Intel Core i9\",\"machine_model\":\"MacBookPro16,1\","
            "\"number_processors\":8,\"packages\":1,\"physical_memory\":\"32 GB\","
            "\"platform_cpu_htt\":\"htt_enabled\",\"serial_number\":\"C02SECRET\"}],"
            "\"SPDisplaysDataType\":[{\"sppci_model\":\"AMD Radeon Pro 5500M\",\"spdisplays_vram\":\"8 GB\"}]}"),
        &arena, &device);
    assert_int_equal(device.cores, 8);
    assert_int_equal(device.threads, 16);
    assert_int_equal(device.chip_count, 1);
    assert_string_equal(device.chips[0].name, "AMD Radeon Pro 5500M");
    assert_true(fabs(device.chips[0].memory_bytes - 8 * 1024 * MIB) < 1);
}

static void reads_recorded_macs(void **state)
{
    struct machine machine;
    (void)state;
    begin(&machine);
    put(&machine, "commands/sysctl.txt",
        "hw.nperflevels: 3\nhw.perflevel0.name: Super\nhw.perflevel0.physicalcpu: 2\nhw.perflevel1.name: Performance\n"
        "hw.perflevel1.physicalcpu: 4\nhw.perflevel2.name: Efficiency\nhw.perflevel2.physicalcpu: 6\n");
    put(&machine, "commands/sysctl-n-hw.memsize.txt", "34359738368\n");
    put(&machine, "commands/sysctl-n-machdep.cpu.brand_string.txt", "Apple M6\n");
    put(&machine, "commands/ioreg-AGXAccelerator.txt", "    \"gpu-core-count\" = 12\n    \"Serial\" = \"SECRET\"\n");
    assert_int_equal(collect(&machine), 0);
    assert_string_equal(machine.device.chip, "Apple M6");
    assert_string_equal(machine.device.os_name, "macOS");
    kinds_are(&machine.device, "2 Super, 4 Performance, 6 Efficiency");
    assert_int_equal(machine.device.threads, 12);
    assert_int_equal(machine.device.gpu_cores, 12);
    assert_true(fabs(machine.device.memory_bytes - 34359738368.0) < 1);
    end(&machine);
    /* Rosetta hides the chip; the model has one only. */
    begin(&machine);
    put(&machine, "commands/system_profiler-SPHardwareDataType-json.txt",
        "{\"SPHardwareDataType\":[{\"cpu_type\":\"Unknown\",\"machine_model\":\"MacBookAir10,1\","
        "\"number_processors\":8}]}");
    assert_int_equal(collect(&machine), 0);
    assert_string_equal(machine.device.chip, "Apple M1");
    assert_string_equal(parameters_find(&machine.device.extra, "translated")->word, "rosetta");
    end(&machine);
    assert_null(mac_model_chip(NULL));
    assert_null(mac_model_chip("Mac99,1"));
    /* Uname alone tells a Mac from Linux. */
    begin(&machine);
    put(&machine, "commands/uname-a.txt", "Darwin annas-mac.local 24.6.0 Darwin Kernel Version 24.6.0 arm64\n");
    assert_int_equal(collect(&machine), 0);
    assert_string_equal(machine.device.os_name, "macOS");
    assert_string_equal(machine.device.kernel, "24.6.0");
    assert_string_equal(machine.device.architecture, "arm64");
    end(&machine);
}

static void put_cpu(const struct machine *machine, int cpu, const char *siblings, const char *l2)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    put(machine, path, siblings);
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
    put(machine, path, "0\n");
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index0/level", cpu);
    put(machine, path, "2\n");
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index0/type", cpu);
    put(machine, path, "Unified\n");
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index0/size", cpu);
    put(machine, path, "2048K\n");
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index0/shared_cpu_list", cpu);
    put(machine, path, l2);
}

/* Two Performance cores with two threads, two Efficiency cores behind one L2, two without a last cache. */
static void put_hybrid(const struct machine *machine)
{
    static const char *const siblings[] = {"0-1", "0-1", "2-3", "2-3", "4", "5", "6", "7"};
    static const char *const l2[] = {"0-1", "0-1", "2-3", "2-3", "4-5", "4-5", "6-7", "6-7"};
    put(machine, "proc/cpuinfo", "processor : 0\nvendor_id : GenuineIntel\nmodel name : Intel(R) Core(TM) Ultra 7\n");
    put(machine, "sys/devices/system/cpu/online", "0-7\n");
    put(machine, "sys/devices/system/cpu/present", "0-7\n");
    for (int cpu = 0; cpu < 8; cpu++)
        put_cpu(machine, cpu, siblings[cpu], l2[cpu]);
}

static void tells_kinds_of_cores(void **state)
{
    struct machine machine;
    (void)state;
    begin(&machine);
    put_hybrid(&machine);
    assert_int_equal(collect(&machine), 0);
    kinds_are(&machine.device, "2 Performance, 4 Efficiency");
    assert_int_equal(machine.device.cores, 6);
    assert_true(fabs(parameters_find(&machine.device.extra, "l2_cache_bytes")->number - 4 * 2 * MIB) < 1);
    /* The kernel's own units tell the rest: CPUs 6 and 7 have no last cache. */
    put(&machine, "sys/devices/cpu_core/cpus", "0-3\n");
    put(&machine, "sys/devices/cpu_atom/cpus", "4-7\n");
    for (int cpu = 0; cpu < 6; cpu++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/cache/index3/level", cpu);
        put(&machine, path, "3\n");
    }
    assert_int_equal(collect(&machine), 0);
    kinds_are(&machine.device, "2 Performance, 2 Efficiency, 2 Low Power Efficiency");
    end(&machine);
    /* A sibling that is switched off makes no hybrid. */
    begin(&machine);
    put_hybrid(&machine);
    put(&machine, "sys/devices/system/cpu/online", "0-2,4-7\n");
    put(&machine, "sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "2\n");
    assert_int_equal(collect(&machine), 0);
    kinds_are(&machine.device, "");
    assert_true(fabs(parameters_find(&machine.device.extra, "offline_threads")->number - 1) < 0.5);
    end(&machine);
}

static void names_chips_by_board_and_core(void **state)
{
    static const struct {
        const char *path, *text, *chip;
    } cases[] = {
        {"proc/cpuinfo",
         "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\nHardware\t: BCM2835\nRevision\t: c03114\n"
         "Serial\t\t: 10000000abcdef01\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n",
         "Broadcom BCM2711"},
        {"proc/cpuinfo",
         "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd07\n\nHardware\t: BCM2835\nRevision\t: 000e\n",
         "Broadcom BCM2835"},
        {"proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x4e\nCPU part\t: 0x004\n", "NVIDIA Tegra Xavier"},
        {"proc/cpuinfo",
         "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd81\n\nprocessor\t: 1\nCPU implementer\t: 0x41\n"
         "CPU part\t: 0xd80\n",
         "Arm Cortex-A720 + Cortex-A520"},
        {"commands/lscpu.txt",
         "Architecture: aarch64\nVendor ID: Ampere\nModel name: Ampere-1a\n"
         "BIOS Model name: AmpereOne (R) A192-32X CPU @ 3.2GHz\n",
         "AmpereOne (R) A192-32X"},
        {"commands/lscpu.txt", "Architecture: aarch64\nCPU(s): 4\nModel: 0\nModel name: ARMv8 Processor rev 0 (v8l)\n",
         NULL},
        {"commands/sbc-bench-header.txt",
         "sbc-bench v0.7.4 Amazon m6g.8xlarge (Wed, 25 Nov 2020 16:12:12 +0000)\n"
         "Linux 5.4.0-1029-aws (secret-host) \t11/25/20 \t_aarch64_\t(32 CPU)\n",
         "AWS Graviton2"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct machine machine;
        autobuf struct buf out = BUF(BUF_MIB);
        begin(&machine);
        put(&machine, cases[i].path, cases[i].text);
        assert_int_equal(collect(&machine), 0);
        if (cases[i].chip == NULL)
            assert_null(machine.device.chip);
        else
            assert_string_equal(machine.device.chip, cases[i].chip);
        device_describe(&machine.device, &out);
        assert_null(strstr(buf_text(&out), "secret-host"));
        assert_null(strstr(buf_text(&out), "10000000abcdef01"));
        end(&machine);
    }
}

/* The device tree names a chip of several modules, the firmware of a server its processor. */
static void names_modules_and_servers(void **state)
{
    struct machine machine;
    (void)state;
    begin(&machine);
    put(&machine, "proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd42\n");
    put(&machine, "sys/firmware/devicetree/base/compatible", "nvidia,tegra234");
    put(&machine, "sys/firmware/devicetree/base/model", "NVIDIA Jetson AGX Orin Developer Kit");
    assert_int_equal(collect(&machine), 0);
    assert_string_equal(machine.device.chip, "NVIDIA Jetson AGX Orin");
    end(&machine);
    begin(&machine);
    put(&machine, "proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
    put(&machine, "sys/devices/soc0/family", "jep106:0a16\n");
    put(&machine, "sys/devices/soc0/soc_id", "jep106:0a16:0001\n");
    put(&machine, "sys/devices/soc0/machine", "Ampere(R) Altra(R) Processor\n");
    assert_int_equal(collect(&machine), 0);
    assert_string_equal(machine.device.chip, "Ampere(R) Altra(R) Processor");
    end(&machine);
}

static void reads_tables_of_tools(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    sbc_bench_topology(STR(" CPU    cluster  policy   speed  speed   core type\n"
                           "  0        0        0      408    1800   Cortex-A55 / r2p0\n"
                           "  1        0        0      408    1800   Cortex-A55 / r2p0\n"
                           "  2        1        2      408    2400   Cortex-A76 / r4p0\n"
                           "  3        2        3      408    2000   Performance\n"),
                       &arena, &device);
    kinds_are(&device, "1 Cortex-A76, 1 Performance, 2 Cortex-A55");
    device = device_unknown();
    inxi_apply(STR("System:\n  Host: secret Kernel: 6.16.0 arch: x86_64 bits: 64\nMachine:\n  Type: Mini-pc System: "
                   "Framework product: Desktop v: A6\n    serial: SECRET\nCPU:\n  Info: 16-core AMD RYZEN AI MAX+ 395 "
                   "[MT MCP] speed: 1\nInfo:\n  Memory: total: 128 GiB available: 125.08 GiB\n"),
               &arena, &device);
    assert_string_equal(device.chip, "AMD RYZEN AI MAX+ 395");
    assert_string_equal(device.board, "Framework Desktop");
    assert_int_equal(device.cores, 16);
    assert_int_equal(device.threads, 32);
    device = device_unknown();
    dmidecode_apply(
        STR("Handle 1\nMemory Device\n\tSize: 16 GB\n\tType: DDR5\n\tSpeed: 5600 MT/s\n\tSerial Number: X1\n"
            "\tConfigured Memory Speed: 5200 MT/s\n\nHandle 2\nMemory Device\n\tSize: No Module Installed\n"
            "\tType: Unknown\n\nHandle 3\nProcessor Information\n\tVersion: AMD EPYC 7763\n"
            "\tStatus: Populated, Enabled\n\tCore Enabled: 64\n\tThread Count: 128\n"),
        &arena, &device);
    assert_string_equal(device.memory_type, "DDR5");
    assert_true(fabs(device.memory_bytes - 16 * 1024 * MIB) < 1);
    assert_true(fabs(parameters_find(&device.extra, "memory_speed_mts")->number - 5200) < 1);
    assert_int_equal(device.cpu_count, 1);
    assert_int_equal(device.threads, 128);
    device = device_unknown();
    lshw_apply(STR("secret-host\n    description: Desktop\n    product: NUC13\n    vendor: Intel\n    serial: S1\n"
                   "  *-core\n     *-bank:0\n          description: SODIMM DDR5 Synchronous 4800 MHz (0.2 ns)\n"
                   "          size: 8GiB\n     *-bank:1\n          description: [empty]\n     *-cpu\n"
                   "          product: Intel(R) Core(TM) i3-N305\n"),
               &arena, &device);
    assert_string_equal(device.memory_type, "DDR5");
    assert_string_equal(device.chip, "Intel(R) Core(TM) i3-N305");
    assert_string_equal(device.board, "Intel NUC13");
    assert_true(fabs(device.memory_bytes - 8 * 1024 * MIB) < 1);
}

static void reads_newer_cards(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    assert_true(nvidia_parse_query(STR("Driver Version : 610.57.04 [Deprecated; will be removed]\nCUDA UMD Version : "
                                       "13.3\n    Product Name : NVIDIA H100\n    MIG Device\n    MIG Device\n"),
                                   &arena, &device));
    assert_string_equal(device.driver, "610.57.04");
    assert_string_equal(parameters_find(&device.extra, "cuda_version")->word, "13.3");
    assert_true(fabs(parameters_find(&device.extra, "mig_instances")->number - 2) < 0.5);
    device = device_unknown();
    assert_true(nvidia_parse_table(STR("| NVIDIA-SMI 610.62   KMD Version: 610.62   CUDA UMD Version: 13.3 |\n"
                                       "|   0  NVIDIA GeForce RTX 2080 SUPER   WDDM  |   00000000:01:00.0  On |\n"
                                       "| 40%   33C    P8    16W /  250W |     500MiB /   8192MiB |      0%  |\n"),
                                   &arena, &device));
    assert_string_equal(device.chips[0].name, "NVIDIA GeForce RTX 2080 SUPER");
    assert_string_equal(device.driver, "610.62");
    device = device_unknown();
    assert_true(nvidia_parse_csv(STR("# $ nvidia-smi --query-gpu=uuid,name\nuuid, name, driver_version, memory.total "
                                     "[MiB]\nGPU-secret, NVIDIA H200, 590.48.01, 143771 MiB\n"),
                                 &arena, &device));
    assert_string_equal(device.chips[0].name, "NVIDIA H200");
    assert_true(fabs(device.chips[0].memory_bytes - 143771 * MIB) < 1);
    device = device_unknown();
    assert_true(nvidia_parse_device_query(STR("Device 0: \"NVIDIA L4\"\n  CUDA Driver Version / Runtime Version  12.4 "
                                              "/ 11.8\n  Total amount of global memory:  22478 MBytes (23570219008 "
                                              "bytes)\n"),
                                          &arena, &device));
    assert_true(fabs(device.chips[0].memory_bytes - 23570219008.0) < 1);
    device = device_unknown();
    device.chip = "AMD Ryzen 7 7840U w/ Radeon 780M Graphics";
    assert_true(amd_parse_amd_smi_json(
        STR("[{\"gpu\":0,\"asic\":{\"market_name\":\"AMD Radeon Graphics\",\"asic_serial\":\"0xSECRET\","
            "\"num_compute_units\":12},\"vram\":{\"size\":{\"value\":512,\"unit\":\"MB\"}},\"driver\":{\"version\":"
            "\"6.12\"}}]"),
        &arena, &device));
    assert_string_equal(device.chips[0].name, "AMD Radeon 780M Graphics");
    assert_int_equal(device.chips[0].cores, 12);
    device = device_unknown();
    assert_true(
        amd_parse_rocm_json(STR("{\"card0\":{\"GPU ID\":\"0x73df\",\"Card series\":\"0x1002\"}}"), &arena, &device));
    assert_string_equal(device.chips[0].name, "AMD GPU 73df");
}

static void sees_guests(void **state)
{
    (void)state;
    assert_string_equal(vm_of_pci(STR("0010\t80eebeef\t12\t0\n"), false), "virtualbox");
    assert_string_equal(vm_of_pci(STR("0018\t1af41000\t12\t0\n"), true), "kvm");
    assert_null(vm_of_pci(STR("0018\t1af41000\t12\t0\n"), false));
    assert_null(vm_of_pci(STR("junk\n\n\t\t\n"), true));
    assert_string_equal(vm_of_hypervisor(STR("VMwareVMware")), "vmware");
    assert_string_equal(vm_of_hypervisor(STR("Microsoft Hv")), "hyper-v");
    assert_string_equal(vm_of_hypervisor(STR("SomethingNew")), "vm");
    assert_string_equal(container_of_mounts(STR("1 2 0:50 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/x\n")),
                        "docker");
    assert_null(container_of_mounts(STR("1 2 8:1 / / rw - ext4 /dev/sda1 rw\n1 2 0:5 / /var/lib/docker/ rw\n")));
}

/* What is not in the table of facts neither goes out nor comes in. */
static void only_listed_facts_pass(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    autobuf struct buf out = BUF(BUF_MIB);
    (void)state;
    device.chip = "Some Chip";
    assert_true(parameters_set_word(&arena, &device.extra, "host", "annas-laptop"));
    parameters_set_number(&arena, &device.extra, "numa_nodes", 2);
    struct json_writer writer = json_writer(&out, 0);
    device_json_write(&writer, &device);
    assert_null(strstr(buf_text(&out), "annas-laptop"));
    autojson struct json_document *document = NULL;
    assert_int_equal(json_read_strict(str_of(buf_text(&out)), &json_limits_bundle, &document, NULL), 0);
    for (const struct json *item = json_first(json_root(document)); item != NULL; item = json_next(item)) {
        bool listed = text_equal(json_key(item), "extra");
        for (const struct fact *fact = facts; fact->key != NULL; fact++)
            listed = listed || text_equal(fact->key, json_key(item));
        assert_true(listed);
    }
    struct device back;
    assert_int_equal(device_json_read(STR("{\"chip\":\"X\",\"host\":\"annas-laptop\",\"extra\":{\"serial\":\"S1\","
                                          "\"cpu_quota\":2}}"),
                                      &arena, &back, NULL),
                     0);
    assert_int_equal(back.extra.count, 1);
    assert_string_equal(back.extra.items[0].name, "cpu_quota");
}

static void tells_why_a_fact_is_absent(void **state)
{
    struct machine machine;
    (void)state;
    begin(&machine);
    put(&machine, "proc/cpuinfo", "processor : 0\nmodel name : A\n");
    put(&machine, "proc/meminfo", "MemFree: 1 kB\n");
    assert_int_equal(collect(&machine), 0);
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        autobuf struct buf reason = BUF(8192);
        if (fact_is_known(fact, &machine.device) ||
            !absent_reason(fact, machine.folder, DEVICE_PLATFORM_LINUX, &reason))
            continue;
        if (text_equal(fact->key, "memory_bytes"))
            assert_string_equal(buf_text(&reason), "not told by proc/meminfo");
        if (text_equal(fact->key, "kernel"))
            assert_string_equal(buf_text(&reason),
                                "not there: proc/sys/kernel/osrelease, proc/version, commands/uname-a.txt");
        assert_true(reason.len > 0);
    }
    end(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_shape_of_processors),
        cmocka_unit_test(reads_a_profile_as_text),
        cmocka_unit_test(reads_an_intel_mac),
        cmocka_unit_test(reads_recorded_macs),
        cmocka_unit_test(tells_kinds_of_cores),
        cmocka_unit_test(names_chips_by_board_and_core),
        cmocka_unit_test(names_modules_and_servers),
        cmocka_unit_test(reads_tables_of_tools),
        cmocka_unit_test(reads_newer_cards),
        cmocka_unit_test(sees_guests),
        cmocka_unit_test(only_listed_facts_pass),
        cmocka_unit_test(tells_why_a_fact_is_absent),
    };
    return cmocka_run_group_tests_name("device_readers", tests, NULL, NULL);
}
