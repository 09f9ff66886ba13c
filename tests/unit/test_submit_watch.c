/* Conditions of machines: trees as kernels write them, texts as macOS prints them, and what a watched run says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/process.h"
#include "submit/watch/watch.h"

static char folder[64];

static int make_tree(void **state)
{
    (void)state;
    text_copy(folder, sizeof(folder), "/tmp/crosschip-watch.XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_tree(void **state)
{
    const char *const argv[] = {"rm", "-r", folder, NULL};
    struct process_result result;
    (void)state;
    return process_run(argv, 10000, NULL, NULL, &result, NULL);
}

static void put(const char *path, const char *text)
{
    autofree char *whole = mem_printf("%s/%s", folder, path);
    autofree char *above = mem_strdup(whole);
    assert_non_null(whole);
    assert_non_null(above);
    *strrchr(above, '/') = '\0';
    assert_int_equal(file_make_folders(above, 0755, NULL), 0);
    assert_int_equal(file_replace(whole, 0644, text, strlen(text), NULL), 0);
}

static struct conditions read_tree(void)
{
    struct root root;
    struct conditions conditions;
    assert_int_equal(root_open(folder, &root, NULL), 0);
    conditions_read(&root, DEVICE_PLATFORM_UNSET, &conditions);
    return conditions;
}

static void near(double got, double wanted)
{
    assert_true(fabs(got - wanted) <= 1e-9 * (1 + fabs(wanted)));
}

static void knows_nothing_of_an_empty_tree(void **state)
{
    (void)state;
    put("proc/version", "Linux");
    const struct conditions c = read_tree();
    assert_string_equal(c.power_source, "");
    assert_string_equal(c.governor, "");
    assert_int_equal(c.turbo, -1);
    assert_true(isnan(c.temperature) && isnan(c.load) && isnan(c.throttle_events) && isnan(c.memory_available));
    assert_int_equal(c.cpu.cpus, COUNT_UNKNOWN);
}

static void reads_a_laptop(void **state)
{
    (void)state;
    put("sys/class/power_supply/AC/type", "Mains\n");
    put("sys/class/power_supply/AC/online", "0\n");
    put("sys/class/power_supply/BAT0/type", "Battery\n");
    put("sys/class/power_supply/BAT0/status", "Discharging\n");
    put("sys/class/power_supply/BAT0/capacity", "71\n");
    put("sys/class/power_supply/hid-mouse/type", "Battery\n");
    put("sys/class/power_supply/hid-mouse/scope", "Device\n");
    put("sys/class/power_supply/hid-mouse/capacity", "3\n");
    put("sys/firmware/acpi/platform_profile", "low-power\n");
    put("sys/devices/system/cpu/online", "0-1\n");
    put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    put("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
    put("sys/devices/system/cpu/cpu0/cpufreq/energy_performance_preference", "balance_power\n");
    put("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2000000\n");
    put("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "3000000\n");
    put("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
    put("sys/class/thermal/thermal_zone0/type", "acpitz\n");
    put("sys/class/thermal/thermal_zone0/temp", "99000\n");
    put("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
    put("sys/class/thermal/thermal_zone1/temp", "81500\n");
    put("proc/loadavg", "1.25 0.90 0.70 2/345 6789\n");
    const struct conditions c = read_tree();
    assert_string_equal(c.power_source, "battery");
    near(c.battery_percent, 71); /* without the mouse */
    assert_string_equal(c.power_mode, "low-power");
    assert_string_equal(c.governor, "mixed");
    assert_string_equal(c.energy_preference, "balance_power");
    assert_int_equal(c.turbo, 0);
    near(c.clock_mhz, 2500);
    near(c.temperature, 81.5);
    near(c.load, 1.25);
}

static void tells_mains_from_battery(void **state)
{
    (void)state;
    put("proc/loadavg", "0 0 0 1/1 1\n");
    put("sys/class/power_supply/BAT0/type", "Battery\n");
    put("sys/class/power_supply/BAT0/status", "Full\n");
    assert_string_equal(read_tree().power_source, "ac");
    put("sys/class/power_supply/BAT0/status", "Discharging\n");
    assert_string_equal(read_tree().power_source, "battery");
    /* A charger that gives too little. */
    put("sys/class/power_supply/usb/type", "USB\n");
    put("sys/class/power_supply/usb/online", "1\n");
    assert_string_equal(read_tree().power_source, "ac");
}

static void counts_throttling_once_a_core(void **state)
{
    static const char *const cpus[] = {"0", "1", "2", "3"};
    (void)state;
    put("proc/loadavg", "0 0 0 1/1 1\n");
    put("sys/devices/system/cpu/online", "0-3\n");
    for (size_t i = 0; i < 4; i++) {
        autofree char *base = mem_printf("sys/devices/system/cpu/cpu%s", cpus[i]);
        autofree char *core = mem_printf("%s/thermal_throttle/core_throttle_count", base);
        autofree char *package = mem_printf("%s/thermal_throttle/package_throttle_count", base);
        autofree char *siblings = mem_printf("%s/topology/core_cpus_list", base);
        autofree char *all = mem_printf("%s/topology/package_cpus_list", base);
        put(core, i % 2 == 0 ? "5\n" : "7\n");
        put(package, "11\n");
        put(siblings, i % 2 == 0 ? "0,2\n" : "1,3\n");
        put(all, "0-3\n");
    }
    near(read_tree().throttle_events, 5 + 7 + 11);
}

static void reads_sensors_and_firmware(void **state)
{
    (void)state;
    put("proc/loadavg", "0 0 0 1/1 1\n");
    put("sys/class/hwmon/hwmon0/name", "nvme\n");
    put("sys/class/hwmon/hwmon0/temp1_input", "95000\n");
    put("sys/class/hwmon/hwmon3/name", "k10temp\n");
    put("sys/class/hwmon/hwmon3/temp1_input", "64250\n");
    put("sys/class/hwmon/hwmon3/temp3_input", "66000\n");
    put("sys/class/hwmon/hwmon3/temp4_input", "-128000\n");
    put("sys/devices/platform/soc/soc:firmware/get_throttled", "0x50005\n");
    put("sys/devices/system/cpu/cpufreq/boost", "1\n");
    const struct conditions c = read_tree();
    near(c.temperature, 66);
    assert_int_equal(c.throttled_now, 1);
    assert_int_equal(c.turbo, 1);
    put("sys/devices/platform/soc/soc:firmware/get_throttled", "0x50000\n"); /* it was, and is not now */
    assert_int_equal(read_tree().throttled_now, 0);
}

/* What drivers of 2024 print of a card, shortened. */
#define CARD(bus, temperature, power, clock, thermal)                                                                  \
    "GPU " bus "\n    Product Name                          : NVIDIA H100 80GB HBM3\n"                                 \
    "    Clocks Event Reasons\n        Idle                              : Not Active\n"                               \
    "        SW Power Cap                      : Active\n        HW Slowdown                       : Not Active\n"     \
    "        SW Thermal Slowdown               : " thermal "\n"                                                        \
    "    Temperature\n        GPU Current Temp                  : " temperature "\n"                                   \
    "        GPU Shutdown Temp                 : 92 C\n"                                                               \
    "    GPU Power Readings\n        Average Power Draw                : " power "\n"                                  \
    "        Current Power Limit               : 700.00 W\n"                                                           \
    "    Module Power Readings\n        Average Power Draw                : N/A\n"                                     \
    "    Clocks\n        Graphics                          : 1975 MHz\n        SM                                "     \
    ": " clock "\n        Memory                            : 2619 MHz\n"                                              \
    "    Max Clocks\n        Graphics                          : 1980 MHz\n        SM                                " \
    ": "                                                                                                               \
    "1980 MHz\n"

static void reads_graphics_cards(void **state)
{
    (void)state;
    put("proc/loadavg", "0 0 0 1/1 1\n");
    assert_true(isnan(read_tree().gpu.temperature) && read_tree().gpu.throttled == -1);
    put("sys/class/drm/card1/device/hwmon/hwmon5/name", "amdgpu\n");
    put("sys/class/drm/card1/device/hwmon/hwmon5/temp1_input", "71000\n");
    put("sys/class/drm/card1/device/hwmon/hwmon5/power1_average", "213500000\n");
    put("sys/class/drm/card1/device/hwmon/hwmon5/freq1_input", "2435000000\n");
    put("sys/class/drm/card1-DP-1/status", "connected\n");
    put("sys/class/drm/card2/device/hwmon/hwmon6/name", "nouveau\n");
    put("sys/class/drm/card2/device/hwmon/hwmon6/temp1_input", "99000\n");
    struct gpu_state gpu = read_tree().gpu;
    near(gpu.temperature, 71);
    near(gpu.power_w, 213.5);
    near(gpu.clock_mhz, 2435);
    assert_int_equal(gpu.throttled, -1);
    put("commands/nvidia-smi-q.txt",
        "\n==============NVSMI LOG==============\n\nAttached GPUs                             : 2\n" CARD(
            "00000000:18:00.0", "55 C", "680.25 W", "1755 MHz", "Not Active")
            CARD("00000000:2A:00.0", "87 C", "600.50 W", "1200 MHz", "Active"));
    gpu = read_tree().gpu;
    near(gpu.temperature, 87);
    near(gpu.power_w, 213.5 + 680.25 + 600.5);
    near(gpu.clock_mhz, 2435);
    assert_int_equal(gpu.throttled, 1);
}

static void sums_up_graphics_cards(void **state)
{
    (void)state;
    struct arena arena cleanup(arena_done) = {0};
    struct parameter_list list = {0};
    struct flag_list flags = {0};
    struct conditions before = conditions_unknown(), now = conditions_unknown();
    before.gpu = (struct gpu_state){40, 30, 210, 0};
    struct watched watched = watched_begin(&before);
    now.gpu = (struct gpu_state){80, 300, 1800, 0};
    watched_add(&watched, &now);
    now.gpu = (struct gpu_state){86, 340, 1600, 1};
    watched_end(&watched, &now, 2, 1);
    watched_parameters(&watched, &arena, &list);
    near(parameters_find(&list, "gpu_temperature_before")->number, 40);
    near(parameters_find(&list, "gpu_temperature_max")->number, 86);
    near(parameters_find(&list, "gpu_power_w_mean")->number, 320); /* without the card that waits */
    near(parameters_find(&list, "gpu_power_w_max")->number, 340);
    near(parameters_find(&list, "gpu_clock_mhz_mean")->number, 1700);
    near(parameters_find(&list, "gpu_throttled")->number, 1);
    watch_flags(&list, &arena, &flags);
    assert_true(flags_has(&flags, "throttled"));
}

static void finds_the_tightest_group(void **state)
{
    (void)state;
    put("proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 100 kB\nMemAvailable: 8000000 kB\n");
    near(read_tree().memory_available, 8000000.0 * 1024);
    put("proc/self/cgroup", "0::/a/b\n");
    put("sys/fs/cgroup/a/memory.max", "1000000000\n");
    put("sys/fs/cgroup/a/memory.current", "600000000\n");
    put("sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 100000000\nactive_file 50000000\n");
    put("sys/fs/cgroup/a/b/memory.max", "max\n");
    near(read_tree().memory_available, 550000000);
    put("proc/self/cgroup", "5:memory:/job\n1:name=systemd:/\n");
    put("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "300000000\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100000000\n");
    near(read_tree().memory_available, 200000000);
}

static void sums_cpu_times(void **state)
{
    (void)state;
    const struct cpu_times t = proc_stat_parse(
        STR("cpu  100 20 30 1000 50 4 6 200 90 0\ncpu0 50 10 15 500 25 2 3 100 45 0\ncpu1 50 10 15 500 25 2 3 100 45 "
            "0\nintr 1 2\n"));
    near(t.busy, 1.6);
    near(t.steal, 2);
    near(t.total, 14.1);
    assert_int_equal(t.cpus, 2);
    assert_true(isnan(proc_stat_parse(STR("cpu  1 x\n")).busy));
    assert_true(isnan(proc_stat_parse(STR("")).total));
}

static void reads_what_macos_prints(void **state)
{
    struct conditions c = conditions_unknown();
    (void)state;
    pmset_battery_parse(
        STR("Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t85%; discharging; 3:45 "
            "remaining present: true\n"),
        &c);
    assert_string_equal(c.power_source, "battery");
    near(c.battery_percent, 85);
    pmset_settings_parse(
        STR("System-wide power settings:\nCurrently in use:\n standby              1\n powermode       "
            "     2\n lowpowermode         0\n"),
        &c);
    assert_string_equal(c.power_mode, "high-power");
    pmset_thermal_parse(STR("Note: No thermal warning level has been recorded\nNote: No performance warning level has "
                            "been recorded\n"),
                        &c);
    assert_string_equal(c.thermal_state, "nominal");
    assert_int_equal(c.throttled_now, 0);
    pmset_thermal_parse(STR("2026-08-01 10:00:00 +0200 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n"
                            "\tCPU_Available_CPUs \t= 8\n\tCPU_Speed_Limit \t= 72\n"),
                        &c);
    near(c.speed_limit_percent, 72);
    assert_int_equal(c.throttled_now, 1);
    powermetrics_parse(STR("**** Thermal pressure ****\n\nCurrent pressure level: Heavy\n"), &c);
    assert_string_equal(c.thermal_state, "heavy");
    near(sysctl_load_parse(STR("vm.loadavg: { 1.86 2.01 1.95 }\n")), 1.86);
    near(sysctl_load_parse(STR("vm.loadavg: { 1,86 2,01 1,95 }\n")), 1.86);
    assert_true(isnan(sysctl_load_parse(STR("vm.loadavg: none"))));
    near(vm_stat_parse(
             STR("Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free:          100.\nPages "
                 "active:   9.\nPages inactive:   20.\nPages speculative:  3.\nPages purgeable: 1.\n")),
         124.0 * 16384);
    assert_true(isnan(vm_stat_parse(STR("nothing"))));
}

static void reads_a_recorded_mac(void **state)
{
    (void)state;
    put("commands/pmset-g-batt.txt", "Now drawing from 'AC Power'\n");
    put("commands/pmset-g.txt", " lowpowermode         1\n");
    put("commands/sysctl.txt", "hw.memsize: 17179869184\nvm.loadavg: { 3.50 2.00 1.00 }\n");
    put("commands/pmset-g-therm.txt", "Note: No thermal warning level has been recorded\n");
    const struct conditions c = read_tree();
    assert_string_equal(c.power_source, "ac");
    assert_string_equal(c.power_mode, "low-power");
    assert_string_equal(c.thermal_state, "nominal");
    near(c.load, 3.5);
}

static const struct parameter *find(const struct parameter_list *list, const char *name)
{
    const struct parameter *found = parameters_find(list, name);
    assert_non_null(found);
    return found;
}

static void says_what_a_run_saw(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct parameter_list list = {0};
    struct flag_list flags = {0};
    struct conditions before = conditions_unknown(), middle, after;
    (void)state;
    text_copy(before.power_source, sizeof(before.power_source), "ac");
    text_copy(before.governor, sizeof(before.governor), "powersave");
    before.temperature = 50;
    before.throttle_events = 100;
    before.clock_mhz = 3000;
    before.cpu = (struct cpu_times){1000, 10, 5000, 4};
    after = middle = before;
    text_copy(middle.power_source, sizeof(middle.power_source), "battery");
    middle.temperature = 93.24;
    middle.clock_mhz = 1500;
    middle.throttle_events = after.throttle_events = 104;
    after.temperature = 70;
    /* 10 s of four CPUs: 20 s of work, 12 of them ours; 1 s taken by the host. */
    after.cpu = (struct cpu_times){1020, 11, 5040, 4};
    struct watched watched = watched_begin(&before);
    watched_add(&watched, &middle);
    watched_end(&watched, &after, 10, 12);
    near(watched_others_percent(&watched), 20);
    near(watched_steal_percent(&watched), 2.5);
    watched_parameters(&watched, &arena, &list);
    watch_flags(&list, &arena, &flags);
    assert_string_equal(find(&list, "power_source")->word, "changed");
    assert_string_equal(find(&list, "governor")->word, "powersave");
    near(find(&list, "temperature_max")->number, 93.2);
    near(find(&list, "temperature_after")->number, 70);
    near(find(&list, "clock_mhz_min")->number, 1500);
    near(find(&list, "clock_mhz_mean")->number, 2500);
    near(find(&list, "throttle_events")->number, 4);
    near(find(&list, "others_cpu_percent")->number, 20);
    assert_true(find(&list, "throttled")->number > 0);
    assert_null(parameters_find(&list, "turbo"));
    assert_null(parameters_find(&list, "battery_percent_before"));
    assert_true(flags_has(&flags, "throttled") && flags_has(&flags, "on_battery") && flags_has(&flags, "busy_machine"));
}

static void flags_nothing_of_a_quiet_machine(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct parameter_list list = {0};
    struct flag_list flags = {0};
    struct conditions before = conditions_unknown(), after;
    (void)state;
    before.throttle_events = 7;
    before.cpu = (struct cpu_times){1000, 0, 5000, 4};
    after = before;
    after.cpu = (struct cpu_times){1039, 0, 5040, 4};
    struct watched watched = watched_begin(&before);
    watched_end(&watched, &after, 10, 38);
    watched_parameters(&watched, &arena, &list);
    watch_flags(&list, &arena, &flags);
    assert_int_equal(flags.count, 0);
    assert_true(find(&list, "throttled")->number < 1);
    /* Nothing tells of heat: then nothing is said of it. */
    before.throttle_events = (double)NAN;
    watched = watched_begin(&before);
    watched_end(&watched, &before, 1, 0);
    list = (struct parameter_list){0};
    watched_parameters(&watched, &arena, &list);
    assert_null(parameters_find(&list, "throttled"));
    assert_null(parameters_find(&list, "others_cpu_percent"));
}

static void watches_this_machine(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct parameter_list list = {0};
    struct root root;
    struct watch *watch = NULL;
    (void)state;
    put("proc/loadavg", "0.50 0 0 1/1 1\n");
    assert_int_equal(root_open(folder, &root, NULL), 0);
    assert_int_equal(watch_start(&root, NULL, NULL, &watch, NULL), 0);
    put("proc/loadavg", "0.75 0 0 1/1 1\n");
    watch_stop(watch);
    watch_stop(watch);
    watch_parameters(watch, &arena, &list);
    watch_free(watch);
    near(find(&list, "load_before")->number, 0.5);
    near(find(&list, "load_after")->number, 0.75);
}

int main(void)
{
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)
    const struct CMUnitTest tests[] = {
        IN_TREE(knows_nothing_of_an_empty_tree),
        IN_TREE(reads_a_laptop),
        IN_TREE(tells_mains_from_battery),
        IN_TREE(counts_throttling_once_a_core),
        IN_TREE(reads_sensors_and_firmware),
        IN_TREE(reads_graphics_cards),
        cmocka_unit_test(sums_up_graphics_cards),
        IN_TREE(finds_the_tightest_group),
        cmocka_unit_test(sums_cpu_times),
        cmocka_unit_test(reads_what_macos_prints),
        IN_TREE(reads_a_recorded_mac),
        cmocka_unit_test(says_what_a_run_saw),
        cmocka_unit_test(flags_nothing_of_a_quiet_machine),
        IN_TREE(watches_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
