/* Watches the machine while something runs: once before, once a second, once after. */
#ifndef SUBMIT_WATCH_WATCH_H
#define SUBMIT_WATCH_WATCH_H

#include "submit/watch/conditions.h"

/* Others together used more of the CPUs than this, or the host of a virtual machine took more: the machine was busy. */
#define WATCH_OTHERS_PERCENT 10.0
#define WATCH_STEAL_PERCENT 5.0

struct watch;

/* Called each second from the watching thread with what is seen then; may be NULL. */
typedef void watch_each(void *context, double seconds, const struct conditions *now);

/* `root` NULL = this machine; it must live until watch_free. */
int watch_start(const struct root *root, watch_each *each, void *context, struct watch **ret,
                struct err *err) must_check;
/* Reads for the last time and ends the watching; further calls do nothing. */
void watch_stop(struct watch *watch);
void watch_free(struct watch *watch);
void watch_free_cleanup(struct watch **watch);
#define autowatch cleanup(watch_free_cleanup)

/* After watch_stop. Words and numbers for `conditions` of a run (names in schema/bundle/FORMAT.md). */
void watch_parameters(const struct watch *watch, struct arena *arena, struct parameter_list *into);
/* What follows from such conditions: throttled, on_battery, busy_machine. */
void watch_flags(const struct parameter_list *conditions, struct arena *arena, struct flag_list *into);

/* One warning for each of these flags. */
void watch_warn(const struct flag_list *flags);

/* The sums behind these, so that they can be tested without waiting for seconds. */
struct watched {
    struct conditions before, after;
    double seconds;
    double own_cpu_s; /* of this process and of its children that ended, meanwhile */
    size_t samples;
    double temperature_max, clock_min, clock_sum;
    size_t clock_samples;
    struct gpu_state gpu_max; /* of each of its parts */
    double gpu_power_sum, gpu_clock_sum;
    size_t gpu_power_samples, gpu_clock_samples;
    bool throttled_seen, battery_seen, mains_seen;
    char worst_state[CONDITION_WORD_SIZE];
};
struct watched watched_begin(const struct conditions *before);
void watched_add(struct watched *watched, const struct conditions *now);
/* Takes `after` for the last sample, too. */
void watched_end(struct watched *watched, const struct conditions *after, double seconds, double own_cpu_s);
/* NAN when it is not known. */
double watched_others_percent(const struct watched *watched);
double watched_steal_percent(const struct watched *watched);
void watched_parameters(const struct watched *watched, struct arena *arena, struct parameter_list *into);

#endif
