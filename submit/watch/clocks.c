/* Governor, turbo and clocks: /sys/devices/system/cpu. Virtual machines and many containers show none of it. */
#include <math.h>
#include <stdio.h>

#include "submit/device/topology.h"
#include "submit/watch/conditions.h"

/* More are not asked for their clock each second: the question itself wakes the CPU. */
#define CLOCKS_MAX 16

static void take_word(char word[CONDITION_WORD_SIZE], const char *seen)
{
    if (word[0] == '\0')
        text_copy(word, CONDITION_WORD_SIZE, seen);
    else if (!text_equal(word, seen))
        text_copy(word, CONDITION_WORD_SIZE, "mixed");
}

static int turbo_of(const struct root *root)
{
    int64_t number;
    if (root_int(root, &number, "sys/devices/system/cpu/intel_pstate/no_turbo"))
        return number == 0;
    if (root_int(root, &number, "sys/devices/system/cpu/cpufreq/boost"))
        return number != 0;
    return -1;
}

void clocks_read(const struct root *root, struct conditions *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    struct topology topology;
    char word[CONDITION_WORD_SIZE];
    topology_read(root, &arena, &topology);
    ret->governor[0] = ret->energy_preference[0] = '\0';
    for (size_t i = 0; i < topology.cpu_count; i++) {
        const int cpu = (int)topology.cpus[i];
        if (root_line(root, word, sizeof(word), "sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu))
            take_word(ret->governor, word);
        if (root_line(root, word, sizeof(word), "sys/devices/system/cpu/cpu%d/cpufreq/energy_performance_preference",
                      cpu))
            take_word(ret->energy_preference, word);
    }
    ret->turbo = turbo_of(root);
    clocks_read_changing(root, ret);
}

void clocks_read_changing(const struct root *root, struct conditions *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    double sum = 0;
    size_t seen = 0, count = 0;
    int64_t *cpus = NULL;
    char online[4096];
    if (!root_line(root, online, sizeof(online), "sys/devices/system/cpu/online") ||
        !cpu_list_parse(str_of(online), &arena, &cpus, &count))
        return;
    const size_t step = count > CLOCKS_MAX ? count / CLOCKS_MAX : 1;
    for (size_t i = 0; i < count && seen < CLOCKS_MAX; i += step) {
        int64_t khz;
        if (!root_int(root, &khz, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", (int)cpus[i]) || khz <= 0)
            continue;
        sum += (double)khz / 1000;
        seen++;
    }
    ret->clock_mhz = seen > 0 ? sum / (double)seen : (double)NAN;
}
