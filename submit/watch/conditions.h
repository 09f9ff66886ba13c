/* In what state a machine is: power, clocks, heat, load, memory.
 *
 * Read below a root prefix, as the facts of a device are, so that each reader is tested on machines that are written
 * for it. What cannot be read stays unknown: NAN, "", -1. */
#ifndef SUBMIT_WATCH_CONDITIONS_H
#define SUBMIT_WATCH_CONDITIONS_H

#include "submit/device/device.h"
#include "submit/device/root.h"

#define CONDITION_WORD_SIZE 32

/* CPU time of all processors together since the machine started, in seconds. */
struct cpu_times {
    double busy, steal, total; /* steal: taken by the host of a virtual machine; in no other figure but total */
    int64_t cpus;              /* COUNT_UNKNOWN */
};

/* Graphics cards: the hottest, all together, the fastest. NAN when no card tells. */
struct gpu_state {
    double temperature, power_w, clock_mhz;
    int throttled; /* by heat or a power brake; -1 unknown */
};

struct conditions {
    char power_source[CONDITION_WORD_SIZE]; /* ac, battery */
    double battery_percent;
    char power_mode[CONDITION_WORD_SIZE]; /* of the machine: balanced, performance, low-power, … */
    char governor[CONDITION_WORD_SIZE];   /* of the clocks; mixed when CPUs differ */
    char energy_preference[CONDITION_WORD_SIZE];
    int turbo;                               /* 1, 0; -1 unknown */
    char thermal_state[CONDITION_WORD_SIZE]; /* macOS: nominal, moderate, heavy, trapping, sleeping */
    double speed_limit_percent;              /* macOS: below 100 when heat slows the CPU down */
    double throttle_events;                  /* of cores and packages since the machine started */
    int throttled_now;                       /* where the machine says so itself */
    double temperature;                      /* of the hottest part of the CPU, °C */
    double clock_mhz;                        /* mean of up to CLOCKS_MAX CPUs */
    double load;                             /* of one minute */
    double memory_available;                 /* bytes, within the limits of control groups */
    struct cpu_times cpu;
    struct gpu_state gpu;
};

struct conditions conditions_unknown(void);
void conditions_read(const struct root *root, enum device_platform platform, struct conditions *ret);
/* What changes from second to second, cheap enough for that; the rest of *ret stays. */
void conditions_read_changing(const struct root *root, enum device_platform platform, struct conditions *ret);

/* The parts, by what their names say; conditions.c calls them all. */
void power_read(const struct root *root, struct conditions *ret);
void clocks_read(const struct root *root, struct conditions *ret);
void clocks_read_changing(const struct root *root, struct conditions *ret);
void heat_read(const struct root *root, struct conditions *ret);
void load_read(const struct root *root, struct conditions *ret);
void memory_read(const struct root *root, struct conditions *ret);
void gpu_read(const struct root *root, struct conditions *ret);
void macos_conditions_read(const struct root *root, struct conditions *ret);
void macos_conditions_read_changing(const struct root *root, struct conditions *ret);

/* The line `cpu` of /proc/stat, in hundredths of a second, and how many lines `cpuN` there are. */
struct cpu_times proc_stat_parse(struct str text);
/* What `pmset -g batt`, `pmset -g`, `pmset -g therm` and `powermetrics` print. */
void pmset_battery_parse(struct str text, struct conditions *ret);
void pmset_settings_parse(struct str text, struct conditions *ret);
void pmset_thermal_parse(struct str text, struct conditions *ret);
void powermetrics_parse(struct str text, struct conditions *ret);
/* What `nvidia-smi -q` prints of all cards, added to *ret; false when it is something else. */
bool nvidia_query_state(struct str text, struct gpu_state *ret);
/* What `sysctl vm.loadavg` prints: { 1.86 2.01 1.95 }. NAN when it is something else. */
double sysctl_load_parse(struct str text);
/* Free, inactive, speculative and purgeable pages of `vm_stat` in bytes; NAN. */
double vm_stat_parse(struct str text);

#endif
