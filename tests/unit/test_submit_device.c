/* Facts of machines: each parser on texts as kernels and tools print them, and whole recorded machines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/process.h"
#include "submit/device/amd.h"
#include "submit/device/arm_names.h"
#include "submit/device/board.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"
#include "submit/device/limits.h"
#include "submit/device/lscpu.h"
#include "submit/device/memory.h"
#include "submit/device/nvidia.h"
#include "submit/device/os.h"
#include "submit/device/pci.h"
#include "submit/device/topology.h"
#include "submit/device/virtualization.h"

#define MIB 1048576.0

static void equal_text(struct str got, const char *wanted)
{
    assert_int_equal(got.len, strlen(wanted));
    assert_memory_equal(got.data, wanted, got.len);
}

static void reads_x86_cpuinfo(void **state)
{
    struct cpuinfo info;
    (void)state;
    cpuinfo_parse(
        STR("processor\t: 0\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) Gold 6130\nphysical id\t: 0\nsiblings\t: 2\n"
            "core id\t\t: 0\ncpu cores\t: 1\nflags\t\t: fpu lm hypervisor\n\n"
            "processor\t: 1\nmodel name\t: Intel(R) Xeon(R) Gold 6130\nphysical id\t: 0\nsiblings\t: 2\ncore id\t\t: "
            "0\n\n"
            "processor\t: 2\nphysical id\t: 1\nsiblings\t: 2\ncore id\t\t: 0\n\n"
            "processor\t: 3\nphysical id\t: 1\nsiblings\t: 2\ncore id\t\t: 0\n"),
        &info);
    equal_text(info.name, "Intel(R) Xeon(R) Gold 6130");
    assert_int_equal(info.processors, 4);
    assert_int_equal(info.packages, 2);
    assert_int_equal(info.cores, 2); /* one core id twice: it counts with its package */
    assert_int_equal(info.threads, 4);
    assert_true(info.hypervisor);
    assert_string_equal(info.architecture, "x86_64");
}

static void reads_an_excerpt(void **state)
{
    struct cpuinfo info;
    (void)state;
    cpuinfo_parse(STR("processor : 0\nmodel name : AMD Ryzen 9 9950X 16-Core Processor\nphysical id : 0\nsiblings : "
                      "32\ncore id : 0\ncpu cores : 16\n"),
                  &info);
    assert_int_equal(info.threads, 32);
    assert_int_equal(info.cores, 16);
    assert_int_equal(info.packages, COUNT_UNKNOWN);
}

static void reads_arm_cpuinfo(void **state)
{
    struct cpuinfo info;
    (void)state;
    cpuinfo_parse(STR("processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd05\n\n"
                      "processor\t: 1\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0b\n\n"
                      "Hardware\t: BCM2835\nSerial\t\t: 100000001234abcd\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n"),
                  &info);
    assert_int_equal(info.part_count, 2);
    assert_string_equal(arm_core_find(info.parts[1].implementer, info.parts[1].part)->name, "Cortex-A76");
    equal_text(info.board, "Raspberry Pi 4 Model B Rev 1.4");
    assert_string_equal(info.architecture, "aarch64");
    assert_int_equal(info.name.len, 0);
    /* One part behind all processors, as 32-bit kernels print it. */
    cpuinfo_parse(STR("Processor\t: ARMv7 Processor rev 4 (v7l)\nprocessor\t: 0\n\nprocessor\t: 1\n\nCPU "
                      "implementer\t: 0x41\nCPU part\t: 0xc0f\n"),
                  &info);
    assert_int_equal(info.parts[0].count, 2);
    assert_int_equal(info.name.len, 0);
    equal_text(info.generic_name, "ARMv7 Processor rev 4 (v7l)");
}

static void reads_nothing_out_of_nothing(void **state)
{
    static const char *const texts[] = {
        "", "\n\n", ":", "processor", "processor:", ": x", "core id : -1\nprocessor : 99999999999999999999\n"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct cpuinfo info;
        cpuinfo_parse(str_of(texts[i]), &info);
        assert_int_equal(info.cores, COUNT_UNKNOWN);
        assert_int_equal(info.name.len, 0);
    }
}

static void names_chips_of_the_device_tree(void **state)
{
    static const struct {
        const char *compatible, *name;
    } cases[] = {
        {"apple,t6000", "Apple M1 Pro"}, {"rockchip,rk3588", "Rockchip RK3588"}, {"brcm,bcm2711", "Broadcom BCM2711"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autobuf struct buf name = BUF(100);
        assert_true(arm_chip_from_compatible(str_of(cases[i].compatible), &name));
        assert_string_equal(buf_text(&name), cases[i].name);
    }
    autobuf struct buf name = BUF(100);
    assert_false(arm_chip_from_compatible(STR("somebody,board"), &name));
    assert_false(arm_chip_from_compatible(STR("rockchip,"), &name));
    assert_false(arm_chip_from_compatible(STR("rk3588"), &name));
}

static void reads_cpu_lists(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    int64_t *cpus;
    size_t count;
    (void)state;
    assert_true(cpu_list_parse(STR("0-3,8,10-11\n"), &arena, &cpus, &count));
    assert_int_equal(count, 7);
    assert_int_equal(cpus[4], 8);
    assert_int_equal(cpus[6], 11);
    static const char *const bad[] = {"", "a", "3-1", "-1", "1-", "0-99999999999"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_false(cpu_list_parse(str_of(bad[i]), &arena, &cpus, &count));
}

static void reads_lscpu(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    lscpu_apply(
        STR("Architecture:        aarch64\nCPU(s):              8\nOn-line CPU(s) list: 0-7\n"
            "Model name:          Cortex-A55\nThread(s) per core:  1\nCore(s) per socket:  4\nSocket(s):           1\n"
            "Model name:          Cortex-A76\nThread(s) per core:  1\nCore(s) per socket:  4\nSocket(s):           "
            "1\n"),
        &arena, &device);
    assert_int_equal(device.cores, 8);
    assert_int_equal(device.threads, 8);
    assert_int_equal(device.core_kind_count, 2);
    assert_string_equal(device.core_kinds[0].name, "Cortex-A76");
    assert_int_equal(device.core_kinds[0].cores, 4);
}

static void reads_memory(void **state)
{
    (void)state;
    assert_true(fabs(meminfo_parse(STR("MemTotal:       16265948 kB\nMemFree: 1 kB\n")) - 16265948.0 * 1024) < 1);
    assert_true(isnan(meminfo_parse(STR("MemFree: 1 kB\n"))));
    assert_true(isnan(meminfo_parse(STR("MemTotal: many kB\n"))));
    assert_true(fabs(free_parse(STR("   total used\nMem:   5,4Gi  1Gi\n")) - 5.4 * 1024 * MIB) < 1);
    assert_true(fabs(free_parse(STR("Mem:        3861332      222820\n")) - 3861332.0 * 1024) < 1);
    assert_true(isnan(free_parse(STR("Mem:\n"))));
}

static void reads_systems_without_hosts(void **state)
{
    struct os_release release;
    struct str kernel, machine;
    (void)state;
    os_release_parse(STR("NAME=\"Red Hat Enterprise Linux\"\nVERSION_ID='10.0'\nPRETTY_NAME=x\n"), &release);
    equal_text(release.name, "Red Hat Enterprise Linux");
    equal_text(release.version, "10.0");
    equal_text(kernel_of_version(STR("Linux version 6.1.0-13-amd64 (debian-kernel@lists.debian.org) (gcc-12)")),
               "6.1.0-13-amd64");
    uname_parse(STR("Linux annas-laptop 5.15.0-75-generic #82-Ubuntu SMP x86_64 x86_64 x86_64 GNU/Linux\n"), &kernel,
                &machine);
    equal_text(kernel, "5.15.0-75-generic");
    equal_text(machine, "x86_64");
}

static void knows_virtual_machines(void **state)
{
    (void)state;
    assert_string_equal(vm_of_product("VMware, Inc.", "VMware Virtual Platform"), "vmware");
    assert_string_equal(vm_of_product("Microsoft Corporation", "Virtual Machine"), "hyper-v");
    assert_null(vm_of_product("Microsoft Corporation", "Surface Laptop 4"));
    assert_null(vm_of_product("Amazon EC2", "m7g.metal"));
    assert_null(vm_of_product("Dell Inc.", "PowerEdge R6515"));
    assert_string_equal(vm_of_kernel("Linux version 4.19.104-microsoft-standard (x)"), "wsl2");
    assert_string_equal(vm_of_kernel("Linux version 4.4.0-19041-Microsoft (x)"), "wsl");
    assert_null(vm_of_kernel("Linux version 6.1.0-13-amd64"));
    assert_string_equal(container_of_cgroup(STR("12:pids:/docker/0123\n")), "docker");
    assert_null(container_of_cgroup(STR("0::/user.slice/user-1000.slice/session-2.scope\n")));
}

static void reads_limits(void **state)
{
    (void)state;
    assert_true(fabs(cpu_max_parse(STR("600000 100000\n")) - 6) < 1e-9);
    assert_true(isnan(cpu_max_parse(STR("max 100000"))));
    assert_true(isnan(cpu_max_parse(STR(""))));
    assert_true(isnan(cpu_max_parse(STR("5 0"))));
}

static void joins_maker_and_product(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    (void)state;
    assert_string_equal(board_name(&arena, "Dell Inc.", "PowerEdge R6515"), "Dell Inc. PowerEdge R6515");
    assert_string_equal(board_name(&arena, "HP", "HP EliteBook 840"), "HP EliteBook 840");
    assert_null(board_name(&arena, "Dell Inc.", NULL));
    assert_null(fact_text(&arena, STR(" To Be Filled By O.E.M. ")));
    assert_string_equal(fact_text(&arena, STR("a \t b\x1b[31m\xff")), "a b[31m");
}

static void reads_nvidia(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    assert_true(nvidia_parse_query(
        STR("Driver Version : 550.90.07\nGPU 00000000:01:00.0\n    Product Name : NVIDIA L4\n    GPU UUID : "
            "GPU-secret\n"
            "    MIG Device\n        Shared FB Memory Usage\n            Total : 10 MiB\n"
            "    FB Memory Usage\n        Total : 23034 MiB\n    BAR1 Memory Usage\n        Total : 32768 MiB\n"
            "GPU 00000000:02:00.0\n    Product Name : NVIDIA L4\n    FB Memory Usage\n        Total : 23034 MiB\n"),
        &arena, &device));
    assert_int_equal(device.chip_count, 1);
    assert_int_equal(device.chips[0].count, 2);
    assert_string_equal(device.chips[0].name, "NVIDIA L4");
    assert_true(fabs(device.chips[0].memory_bytes - 23034 * MIB) < 1);
    assert_string_equal(device.driver, "550.90.07");
    device = device_unknown();
    assert_true(nvidia_parse_csv(STR("name, memory.total [MiB], driver_version\nNVIDIA GB10, [N/A], 580.1\n"), &arena,
                                 &device));
    assert_true(isnan(device.chips[0].memory_bytes));
    device = device_unknown();
    assert_true(nvidia_parse_list(
        STR("GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)\n  MIG 3g.40gb     Device  0: (UUID: MIG-1)\n"), &arena,
        &device));
    assert_int_equal(device.chip_count, 1);
    device = device_unknown();
    assert_true(nvidia_parse_table(STR("| NVIDIA-SMI 550.90.07    Driver Version: 550.90.07   CUDA Version: 12.4 |\n"
                                       "|   0  NVIDIA L4                      On  |   00000000:01:00.0 Off |      0 |\n"
                                       "| N/A   33C    P8    16W /   72W |       1MiB /  23034MiB |      0%  |\n"
                                       "| Processes:  |\n|    0   N/A  N/A   1234   C   /home/anna/secret   On |\n"),
                                   &arena, &device));
    assert_int_equal(device.chip_count, 1);
    assert_true(fabs(device.chips[0].memory_bytes - 23034 * MIB) < 1);
    assert_false(nvidia_parse_query(STR("NVIDIA-SMI has failed\n"), &arena, &device));
}

static void reads_amd_and_pci(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device = device_unknown();
    (void)state;
    assert_true(amd_parse_rocm_json(
        STR("{\"card0\":{\"Card series\":\"AMD Instinct MI100\",\"Unique ID\":\"0x1\",\"VRAM Total Memory "
            "(B)\":\"34342961152\"},"
            "\"card1\":{\"Card Series\":\"AMD Instinct MI100\",\"VRAM Total Memory (B)\":\"34342961152\"},"
            "\"system\":{\"Driver version\":\"6.3.6\"}}"),
        &arena, &device));
    assert_int_equal(device.chips[0].count, 2);
    assert_string_equal(device.driver, "6.3.6");
    assert_string_equal(pci_name(STR("# ids\n1002  AMD\n\t73df  Navi 22\n\t\t1 x  y\n8086  Intel\n\t73df  Other\n"),
                                 0x1002, 0x73df, &arena),
                        "Navi 22");
    assert_null(pci_name(STR("1002  AMD\n\t73df  Navi 22\n"), 0x1002, 0x1, &arena));
    device = device_unknown();
    assert_true(pci_parse_lspci(STR("00:02.0 VGA compatible controller [0300]: Intel Corporation UHD 770 [8086:4680] "
                                    "(rev 0c)\n01:00.0 3D controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev "
                                    "a1)\n02:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED Graphics\n"
                                    "03:00.0 Ethernet controller: Intel Corporation I210\n"),
                                &arena, &device));
    assert_int_equal(device.chip_count, 2);
    assert_string_equal(device.chips[0].name, "Intel Corporation UHD 770");
    assert_string_equal(device.chips[1].name, "NVIDIA Corporation AD102 [GeForce RTX 4090]");
    assert_false(pci_parse_lspci(STR("\n:\nx\n00:02.0 VGA compatible controller\n"), &arena, &device));
}

static void json_goes_both_ways(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct core_kind kinds[] = {{"Performance", 4, 8}, {"Efficiency", 4, COUNT_UNKNOWN}};
    struct device_chip chips[] = {{"NVIDIA L4", "gpu", 2, COUNT_UNKNOWN, 23034 * MIB}};
    struct device device = device_unknown(), back;
    autobuf struct buf first = BUF(BUF_MIB), second = BUF(BUF_MIB);
    (void)state;
    device.chip = "Some \"Chip\"";
    device.cores = 8;
    device.core_kinds = kinds;
    device.core_kind_count = 2;
    device.chips = chips;
    device.chip_count = 1;
    device.memory_bytes = 17179869184;
    parameters_set_number(&arena, &device.extra, "cpu_quota", 1.5);
    struct json_writer writer = json_writer(&first, 0), again = json_writer(&second, 0);
    device_json_write(&writer, &device);
    assert_int_equal(device_json_read(str_of(buf_text(&first)), &arena, &back, NULL), 0);
    device_json_write(&again, &back);
    assert_string_equal(buf_text(&first), buf_text(&second));
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"cores\":\"8\"}",
                                      "{\"cores\":1.5}",
                                      "{\"cores\":-1}",
                                      "{\"chips\":{}}",
                                      "{\"chips\":[{\"count\":1}]}",
                                      "{\"extra\":{\"a\":\"b/c\"}}",
                                      "{\"memory_bytes\":0}"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_true(device_json_read(str_of(bad[i]), &arena, &back, NULL) < 0);
}

/* A link that leads out of a recorded machine must not be followed. */
static void stays_below_its_root(void **state)
{
    char folder[] = "/tmp/crosschip-root-XXXXXX", path[128], link[128];
    struct arena arena cleanup(arena_done) = {0};
    struct device device;
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/proc", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(link, sizeof(link), "%s/proc/meminfo", folder);
    assert_int_equal(symlink("/proc/meminfo", link), 0);
    assert_int_equal(device_collect(folder, DEVICE_PLATFORM_LINUX, &arena, &device, NULL) < 0, 1);
    (void)unlink(link);
    (void)rmdir(path);
    (void)rmdir(folder);
}

/* A recording with one file: what is known of it, or nothing. */
static int collect_one(const char *subfolder, const char *name, const char *text, struct arena *arena,
                       struct device *device)
{
    char folder[] = "/tmp/crosschip-root-XXXXXX", path[128], file[160];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/%s", folder, subfolder);
    assert_int_equal(file_make_folders(path, 0700, NULL), 0);
    (void)snprintf(file, sizeof(file), "%s/%s", path, name);
    assert_int_equal(file_replace(file, 0600, text, strlen(text), NULL), 0);
    struct err err = {0};
    int r = device_collect(folder, DEVICE_PLATFORM_UNSET, arena, device, &err);
    (void)unlink(file);
    (void)rmdir(path);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (!text_equal(path, folder))
        (void)rmdir(path);
    (void)rmdir(folder);
    return r;
}

static void reads_recordings_of_one_file(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device;
    autobuf struct buf out = BUF(BUF_MIB);
    (void)state;
    assert_int_equal(collect_one("commands", "detected-hardware.json",
                                 "{\"model\":\"Mac mini\",\"chip\":\"Apple M4\",\"total_ram_gb\":24,\"cpu_cores\":10,"
                                 "\"performance_cores\":4,\"efficiency_cores\":6,\"gpu_cores\":\"10\","
                                 "\"power_source\":\"ac_power\",\"disk_available_gb\":19}",
                                 &arena, &device),
                     0);
    assert_string_equal(device.chip, "Apple M4");
    assert_int_equal(device.cores, 10);
    assert_int_equal(device.gpu_cores, 10);
    assert_int_equal(device.core_kind_count, 2);
    assert_int_equal(device.core_kinds[1].cores, 6);
    assert_true(fabs(device.memory_bytes - 24 * 1024 * MIB) < 1);
    assert_string_equal(device.extra.items[0].word, "ac");
    assert_int_equal(collect_one("commands", "ioreg-AppleSmartBattery.txt",
                                 "  {\n   \"ExternalConnected\" = No\n   \"Serial\" = \"F5D1234ABC\"\n  }\n", &arena,
                                 &device),
                     0);
    assert_string_equal(device.extra.items[0].word, "battery");
    device_describe(&device, &out);
    assert_null(strstr(buf_text(&out), "F5D1234ABC"));
    assert_int_equal(collect_one("proc/self", "cgroup",
                                 "4:pids:/user.slice\n1:name=systemd:/user.slice/user-1013.slice\n", &arena, &device),
                     0);
    assert_string_equal(device.extra.items[0].name, "control_group_version");
    assert_true(fabs(device.extra.items[0].number - 1) < 0.5);
    assert_int_equal(collect_one("commands", "detected-hardware.json", "[", &arena, &device), 0);
    assert_int_equal(collect_one("proc/self", "cgroup", "", &arena, &device), -ERR_DATA);
    assert_int_equal(collect_one("proc/self", "status", "Name:\tx\nCpus_allowed_list:\t0-2,5\n", &arena, &device), 0);
    assert_int_equal(device.usable_threads, 4);
}

static void reads_this_machine(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device;
    (void)state;
    assert_int_equal(device_collect(NULL, DEVICE_PLATFORM_UNSET, &arena, &device, NULL), 0);
    assert_int_equal(device.threads, sysconf(_SC_NPROCESSORS_ONLN));
    assert_non_null(device.kernel);
    assert_non_null(device.architecture);
    /* MemTotal and the page count tell of the same memory. */
    double pages = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    assert_true(fabs(device.memory_bytes / pages - 1) < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_x86_cpuinfo),
        cmocka_unit_test(reads_an_excerpt),
        cmocka_unit_test(reads_arm_cpuinfo),
        cmocka_unit_test(reads_nothing_out_of_nothing),
        cmocka_unit_test(names_chips_of_the_device_tree),
        cmocka_unit_test(reads_cpu_lists),
        cmocka_unit_test(reads_lscpu),
        cmocka_unit_test(reads_memory),
        cmocka_unit_test(reads_systems_without_hosts),
        cmocka_unit_test(knows_virtual_machines),
        cmocka_unit_test(reads_limits),
        cmocka_unit_test(joins_maker_and_product),
        cmocka_unit_test(reads_nvidia),
        cmocka_unit_test(reads_amd_and_pci),
        cmocka_unit_test(json_goes_both_ways),
        cmocka_unit_test(stays_below_its_root),
        cmocka_unit_test(reads_recordings_of_one_file),
        cmocka_unit_test(reads_this_machine),
    };
    return cmocka_run_group_tests_name("submit_device", tests, NULL, NULL);
}
