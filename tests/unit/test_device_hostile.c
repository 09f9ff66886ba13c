/* Recorded machines that somebody made to hurt the reader. */
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
#include "schema/base/str.h"
#include "submit/device/device.h"

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

/* Trees that somebody made to hurt: each ends, with what is good in it or with an error. */
static void survives_hostile_trees(void **state)
{
    static const char *const commands[] = {"lscpu",
                                           "nvidia-smi-q",
                                           "nvidia-smi",
                                           "rocm-smi-a-json",
                                           "amd-smi-static",
                                           "rocminfo",
                                           "sysctl",
                                           "system_profiler-json",
                                           "dmidecode",
                                           "lshw",
                                           "inxi",
                                           "free",
                                           "sbc-bench-header",
                                           "sbc-bench-cpu-topology",
                                           "uname-a"};
    struct machine machine;
    char path[256], junk[4096];
    unsigned seed = 1;
    (void)state;
    begin(&machine);
    put(&machine, "proc/meminfo", "MemTotal: 1024 kB\n");
    /* Nobody writes into it: a reader that opens it waits for ever. */
    (void)snprintf(path, sizeof(path), "%s/proc/cpuinfo", machine.folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    (void)snprintf(path, sizeof(path), "%s/proc/version", machine.folder);
    assert_int_equal(symlink("version", path), 0);
    (void)snprintf(path, sizeof(path), "%s/etc", machine.folder);
    assert_int_equal(symlink("/etc", path), 0);
    (void)snprintf(path, sizeof(path), "%s/proc/sysinfo", machine.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put(&machine, "sys/devices/system/cpu/online", "0-999999\n");
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        (void)snprintf(path, sizeof(path), "commands/%s.txt", commands[i]);
        for (size_t k = 0; k + 1 < sizeof(junk); k++) {
            seed = seed * 1103515245u + 12345u;
            junk[k] = (char)(seed >> 16 & 0xff);
            junk[k] = junk[k] == '\0' ? ':' : junk[k];
        }
        junk[sizeof(junk) - 1] = '\0';
        put(&machine, path, junk);
    }
    /* 40 GB without a byte of data. */
    (void)snprintf(path, sizeof(path), "%s/commands/nvidia-smi-q-x.txt", machine.folder);
    put(&machine, "commands/nvidia-smi-q-x.txt", "");
    assert_int_equal(truncate(path, (off_t)40 << 30), 0);
    assert_int_equal(device_collect(machine.folder, DEVICE_PLATFORM_LINUX, &machine.arena, &machine.device, NULL), 0);
    assert_true(fabs(machine.device.memory_bytes - 1024 * 1024) < 1);
    assert_int_equal(machine.device.threads, COUNT_UNKNOWN);
    struct device mac;
    struct err err = {0};
    int r = device_collect(machine.folder, DEVICE_PLATFORM_MACOS, &machine.arena, &mac, &err);
    assert_true(r == 0 || r == -ERR_DATA);
    end(&machine);
    begin(&machine);
    assert_int_equal(collect(&machine), -ERR_DATA);
    assert_int_equal(device_collect(machine.folder, DEVICE_PLATFORM_MACOS, &machine.arena, &mac, &err), -ERR_DATA);
    end(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_hostile_trees),
    };
    return cmocka_run_group_tests_name("device_hostile", tests, NULL, NULL);
}
