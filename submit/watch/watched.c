#include <math.h>

#include "schema/base/log.h"
#include "submit/watch/watch.h"

struct watched watched_begin(const struct conditions *before)
{
    struct watched watched = {
        .before = *before, .after = conditions_unknown(), .temperature_max = (double)NAN, .clock_min = (double)NAN};
    watched_add(&watched, before);
    watched.samples = 0;
    /* A card that waits for work is at its lowest clock and power. */
    watched.gpu_max = before->gpu;
    watched.gpu_max.power_w = watched.gpu_max.clock_mhz = (double)NAN;
    watched.gpu_power_sum = watched.gpu_clock_sum = 0;
    watched.gpu_power_samples = watched.gpu_clock_samples = 0;
    return watched;
}

/* The order of macOS; a warning is at least moderate. */
static int rank_of(const char *state)
{
    static const char *const ranks[] = {"nominal", "moderate", "warning", "heavy", "trapping", "sleeping"};
    int rank = -1;
    for (int i = 0; i < (int)ARRAY_LENGTH(ranks); i++)
        if (text_equal(state, ranks[i]))
            rank = i;
    return rank;
}

static void add_largest(double *largest, double number)
{
    if (!isnan(number) && !(number <= *largest))
        *largest = number;
}

static void add_gpu(struct watched *watched, const struct gpu_state *now)
{
    add_largest(&watched->gpu_max.temperature, now->temperature);
    add_largest(&watched->gpu_max.power_w, now->power_w);
    add_largest(&watched->gpu_max.clock_mhz, now->clock_mhz);
    if (now->throttled > watched->gpu_max.throttled)
        watched->gpu_max.throttled = now->throttled;
    if (!isnan(now->power_w)) {
        watched->gpu_power_sum += now->power_w;
        watched->gpu_power_samples++;
    }
    if (!isnan(now->clock_mhz)) {
        watched->gpu_clock_sum += now->clock_mhz;
        watched->gpu_clock_samples++;
    }
}

void watched_add(struct watched *watched, const struct conditions *now)
{
    add_gpu(watched, &now->gpu);
    watched->samples++;
    if (!isnan(now->temperature) && !(now->temperature <= watched->temperature_max))
        watched->temperature_max = now->temperature;
    if (!isnan(now->clock_mhz)) {
        if (!(now->clock_mhz >= watched->clock_min))
            watched->clock_min = now->clock_mhz;
        watched->clock_sum += now->clock_mhz;
        watched->clock_samples++;
    }
    watched->throttled_seen |= now->throttled_now == 1 || now->throttle_events > watched->before.throttle_events;
    watched->battery_seen |= text_equal(now->power_source, "battery");
    watched->mains_seen |= text_equal(now->power_source, "ac");
    if (rank_of(now->thermal_state) > rank_of(watched->worst_state))
        text_copy(watched->worst_state, sizeof(watched->worst_state), now->thermal_state);
}

void watched_end(struct watched *watched, const struct conditions *after, double seconds, double own_cpu_s)
{
    watched_add(watched, after);
    watched->after = *after;
    watched->seconds = seconds;
    watched->own_cpu_s = own_cpu_s;
}

static double share_of(const struct watched *watched, double seconds)
{
    const double total = watched->after.cpu.total - watched->before.cpu.total;
    if (!(total > 0))
        return (double)NAN;
    return seconds > 0 ? 100 * seconds / total : isnan(seconds) ? (double)NAN : 0;
}

double watched_others_percent(const struct watched *watched)
{
    return share_of(watched, watched->after.cpu.busy - watched->before.cpu.busy - watched->own_cpu_s);
}

double watched_steal_percent(const struct watched *watched)
{
    return share_of(watched, watched->after.cpu.steal - watched->before.cpu.steal);
}

static void add_number(struct arena *arena, struct parameter_list *into, const char *name, double number,
                       double rounding)
{
    if (isfinite(number))
        parameters_set_number(arena, into, name, rounding > 0 ? round(number * rounding) / rounding : number);
}

static void add_word(struct arena *arena, struct parameter_list *into, const char *name, const char *word)
{
    if (!text_is_empty(word))
        (void)parameters_set_word(arena, into, name, word);
}

static bool knows_throttling(const struct watched *watched)
{
    return watched->throttled_seen || watched->before.throttled_now >= 0 || !isnan(watched->before.throttle_events);
}

static void add_power(const struct watched *watched, struct arena *arena, struct parameter_list *into)
{
    const struct conditions *before = &watched->before;
    add_word(arena, into, "power_source",
             watched->battery_seen && watched->mains_seen ? "changed" : before->power_source);
    add_number(arena, into, "battery_percent_before", before->battery_percent, 1);
    add_number(arena, into, "battery_percent_after", watched->after.battery_percent, 1);
    add_word(arena, into, "power_mode", before->power_mode);
    add_word(arena, into, "governor", before->governor);
    add_word(arena, into, "energy_preference", before->energy_preference);
    if (before->turbo >= 0)
        parameters_set_boolean(arena, into, "turbo", before->turbo > 0);
}

static void add_heat(const struct watched *watched, struct arena *arena, struct parameter_list *into)
{
    const struct conditions *before = &watched->before, *after = &watched->after;
    add_word(arena, into, "thermal_state", watched->worst_state);
    if (knows_throttling(watched))
        parameters_set_boolean(arena, into, "throttled", watched->throttled_seen);
    add_number(arena, into, "throttle_events", after->throttle_events - before->throttle_events, 1);
    add_number(arena, into, "temperature_before", before->temperature, 10);
    add_number(arena, into, "temperature_after", after->temperature, 10);
    add_number(arena, into, "temperature_max", watched->temperature_max, 10);
    add_number(arena, into, "clock_mhz_min", watched->clock_min, 1);
    if (watched->clock_samples > 0)
        add_number(arena, into, "clock_mhz_mean", watched->clock_sum / (double)watched->clock_samples, 1);
}

static void add_cards(const struct watched *watched, struct arena *arena, struct parameter_list *into)
{
    const struct gpu_state *most = &watched->gpu_max;
    add_number(arena, into, "gpu_temperature_before", watched->before.gpu.temperature, 10);
    add_number(arena, into, "gpu_temperature_after", watched->after.gpu.temperature, 10);
    add_number(arena, into, "gpu_temperature_max", most->temperature, 10);
    add_number(arena, into, "gpu_power_w_max", most->power_w, 10);
    if (watched->gpu_power_samples > 0)
        add_number(arena, into, "gpu_power_w_mean", watched->gpu_power_sum / (double)watched->gpu_power_samples, 10);
    add_number(arena, into, "gpu_clock_mhz_max", most->clock_mhz, 1);
    if (watched->gpu_clock_samples > 0)
        add_number(arena, into, "gpu_clock_mhz_mean", watched->gpu_clock_sum / (double)watched->gpu_clock_samples, 1);
    if (most->throttled >= 0)
        parameters_set_boolean(arena, into, "gpu_throttled", most->throttled > 0);
}

void watched_parameters(const struct watched *watched, struct arena *arena, struct parameter_list *into)
{
    const struct conditions *before = &watched->before, *after = &watched->after;
    add_power(watched, arena, into);
    add_heat(watched, arena, into);
    add_cards(watched, arena, into);
    add_number(arena, into, "load_before", before->load, 100);
    add_number(arena, into, "load_after", after->load, 100);
    add_number(arena, into, "others_cpu_percent", watched_others_percent(watched), 10);
    add_number(arena, into, "steal_percent", watched_steal_percent(watched), 10);
    /* To the MiB: more digits tell nothing of a benchmark and something of the machine. */
    add_number(arena, into, "memory_available_before", floor(before->memory_available / 1048576) * 1048576, 0);
    add_number(arena, into, "memory_available_after", floor(after->memory_available / 1048576) * 1048576, 0);
    add_number(arena, into, "watched_s", watched->seconds, 10);
    add_number(arena, into, "watch_samples", (double)watched->samples, 1);
}

/* NAN when it is not there. */
static double number_of(const struct parameter_list *conditions, const char *name)
{
    const struct parameter *found = parameters_find(conditions, name);
    return found == NULL || found->type == PARAMETER_WORD ? (double)NAN : found->number;
}

void watch_flags(const struct parameter_list *conditions, struct arena *arena, struct flag_list *into)
{
    const struct parameter *power = parameters_find(conditions, "power_source");
    /* The kernel counts CPU time in hundredths of a second: less than a second tells nothing. */
    const bool long_enough = number_of(conditions, "watched_s") >= 1;
    if (number_of(conditions, "throttled") > 0 || number_of(conditions, "gpu_throttled") > 0)
        flags_add(arena, into, "throttled");
    if (power != NULL && (text_equal(power->word, "battery") || text_equal(power->word, "changed")))
        flags_add(arena, into, "on_battery");
    if (long_enough && (number_of(conditions, "others_cpu_percent") > WATCH_OTHERS_PERCENT ||
                        number_of(conditions, "steal_percent") > WATCH_STEAL_PERCENT))
        flags_add(arena, into, "busy_machine");
}

void watch_warn(const struct flag_list *flags)
{
    static const char *const words[][2] = {
        {"throttled", "the machine slowed down while it ran (heat or power); the run is flagged"},
        {"on_battery", "it ran on battery; the run is flagged"},
        {"busy_machine", "other programs used the machine meanwhile; the run is flagged"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (flags_has(flags, words[i][0]))
            log_message(LOG_WARNING, "%s", words[i][1]);
}
