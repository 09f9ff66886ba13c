/* A recorded machine out of any bytes: behind each byte 1 stands the number of a file and then its text. What is read
 * below the folder is written as JSON and read again as the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/process.h"
#include "schema/base/str.h"
#include "tests/fuzz/device_again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATHS_MAX = 512, FILES_MAX = 8 };

static const char *const files[] = {
    "proc/cpuinfo",
    "proc/meminfo",
    "proc/version",
    "proc/self/cgroup",
    "proc/self/mountinfo",
    "proc/self/status",
    "proc/sysinfo",
    "proc/bus/pci/devices",
    "proc/driver/nvidia/version",
    "proc/driver/nvidia/gpus/0000:01:00.0/information",
    "proc/device-tree/compatible",
    "proc/device-tree/model",
    "proc/sys/kernel/osrelease",
    "etc/os-release",
    "sys/class/dmi/id/product_name",
    "sys/class/dmi/id/sys_vendor",
    "sys/class/dmi/id/board_name",
    "sys/fs/cgroup/cpu.max",
    "sys/fs/cgroup/cpuset.cpus.effective",
    "sys/devices/system/cpu/online",
    "sys/devices/system/cpu/cpu0/topology/core_id",
    "sys/devices/system/cpu/cpu0/topology/physical_package_id",
    "sys/devices/system/cpu/cpu0/topology/thread_siblings_list",
    "sys/devices/system/cpu/cpu0/cache/index0/size",
    "sys/devices/system/cpu/cpu0/cache/index0/level",
    "sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_list",
    "sys/devices/cpu_core/cpus",
    "sys/devices/soc0/machine",
    "commands/lscpu.txt",
    "commands/free.txt",
    "commands/nproc.txt",
    "commands/uname-a.txt",
    "commands/nvidia-smi.txt",
    "commands/nvidia-smi-q.txt",
    "commands/sbc-bench-header.txt",
    "commands/sysctl.txt",
    "commands/sysctl-n-hw.model.txt",
    "commands/sw_vers.txt",
    "commands/system_profiler-SPHardwareDataType.txt",
    "commands/system_profiler-SPDisplaysDataType.txt",
    "commands/system_profiler-SPMemoryDataType.txt",
    "commands/detected-hardware.json",
};

static char folder[64];

static void remove_folder(void)
{
    const char *const command[] = {"rm", "-rf", folder, NULL};
    struct process_result result;
    (void)process_run(command, 10000, NULL, NULL, &result, NULL);
}

static void path_of(size_t which, char path[PATHS_MAX])
{
    (void)snprintf(path, PATHS_MAX, "%s/%s", folder, files[which]);
}

static void make_folder(void)
{
    text_copy(folder, sizeof folder,
              access("/dev/shm", W_OK) == 0 ? "/dev/shm/crosschip-fuzz-XXXXXX" : "/tmp/crosschip-fuzz-XXXXXX");
    if (mkdtemp(folder) == NULL || atexit(remove_folder) != 0)
        abort();
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char path[PATHS_MAX];
        path_of(i, path);
        *strrchr(path, '/') = '\0';
        if (file_make_folders(path, 0700, NULL) < 0)
            abort();
    }
}

static void put(size_t which, struct str text)
{
    char path[PATHS_MAX];
    path_of(which, path);
    FILE *file = fopen(path, "we");
    if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0)
        abort();
}

static void collect(void)
{
    struct arena arena = {0};
    struct device device;
    struct err err = {0};
    if (device_collect(folder, DEVICE_PLATFORM_UNSET, &arena, &device, &err) == 0) {
        autobuf struct buf described = BUF((size_t)16 * BUF_MIB);
        device_describe(&device, &described);
        check_device(&device);
    } else if (err.text[0] == '\0') {
        abort();
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t written[FILES_MAX], count = 0, at = 0;
    if (folder[0] == '\0')
        make_folder();
    while (count < FILES_MAX && at + 2 <= size) {
        size_t which = (data[at] == 1 ? data[at + 1] : data[at]) % ARRAY_LENGTH(files);
        size_t begin = at + 2;
        const uint8_t *next = memchr(data + begin, 1, size - begin);
        size_t end = next == NULL ? size : (size_t)(next - data);
        put(which, str_slice((const char *)data + begin, end - begin));
        written[count++] = which;
        at = end;
    }
    collect();
    for (size_t i = 0; i < count; i++) {
        char path[PATHS_MAX];
        path_of(written[i], path);
        (void)unlink(path);
    }
    return 0;
}
