/* Graphics cards while something runs: NVIDIA's through NVML (recorded: nvidia-smi -q), AMD's through sysfs. */
#include <math.h>
#include <stdio.h>

#include "schema/base/number.h"
#include "submit/device/nvml.h"
#include "submit/watch/conditions.h"

static void add_card(struct gpu_state *all, const struct gpu_state *card)
{
    if (!isnan(card->temperature) && !(card->temperature <= all->temperature))
        all->temperature = card->temperature;
    if (!isnan(card->power_w))
        all->power_w = (isnan(all->power_w) ? 0 : all->power_w) + card->power_w;
    if (card->clock_mhz > 0 && !(card->clock_mhz <= all->clock_mhz))
        all->clock_mhz = card->clock_mhz;
    if (card->throttled > all->throttled)
        all->throttled = card->throttled;
}

static struct gpu_state no_card(void)
{
    return (struct gpu_state){(double)NAN, (double)NAN, (double)NAN, -1};
}

/* ---------------------------------------------------------------- nvidia-smi -q */

/* The number before a unit: "70.12 W". */
static void take_number(struct str value, const char *unit, double *ret)
{
    double number = 0;
    struct str digits = str_trim(value);
    if (!isnan(*ret) || !str_ends_with(digits, str_of(unit)))
        return;
    digits.len -= str_of(unit).len;
    if (number_parse_loose(str_trim(digits), &number))
        *ret = number;
}

static bool is_slowdown(struct str name)
{
    static const char *const names[] = {"HW Slowdown", "HW Thermal Slowdown", "HW Power Brake Slowdown",
                                        "SW Thermal Slowdown"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(name, str_of(names[i])))
            return true;
    return false;
}

static void take_line(struct str section, struct str name, struct str value, struct gpu_state *card)
{
    bool clocks = str_equal(section, STR("Clocks"));
    if (str_equal(name, STR("GPU Current Temp")))
        take_number(value, "C", &card->temperature);
    else if (str_equal(name, STR("Power Draw")) || str_equal(name, STR("Average Power Draw")))
        take_number(value, "W", &card->power_w);
    else if (clocks && str_equal(name, STR("SM")))
        take_number(value, "MHz", &card->clock_mhz);
    else if (is_slowdown(name) && (str_equal(value, STR("Active")) || str_equal(value, STR("Not Active"))))
        card->throttled = card->throttled == 1 || value.data[0] == 'A';
}

bool nvidia_query_state(struct str text, struct gpu_state *ret)
{
    struct gpu_state card = no_card();
    struct str line, section = {0};
    bool any = false;
    if (!str_has(str_slice(text.data, text.len < 4096 ? text.len : 4096), "NVSMI LOG"))
        return false;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(" : "), 0);
        if (str_starts_with(line, STR("GPU "))) {
            add_card(ret, &card);
            card = no_card();
            any = true;
        } else if (colon == SIZE_MAX) {
            section = str_trim(line);
        } else {
            take_line(section, str_trim(str_slice(line.data, colon)),
                      str_trim(str_slice(line.data + colon + 3, line.len - colon - 3)), &card);
        }
    }
    add_card(ret, &card);
    return any;
}

static void read_recorded(const struct root *root, struct gpu_state *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    size_t count = 0;
    char **names = root_list(root, "commands", &arena, &count);
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (text_starts_with(names[i], "nvidia-smi") &&
            snprintf(path, sizeof(path), "commands/%s", names[i]) < (int)sizeof(path) && root_read(root, path, &text) &&
            nvidia_query_state(str_slice(buf_text(&text), text.len), ret))
            return;
    }
}

/* ---------------------------------------------------------------- amdgpu */

static double scaled(const struct root *root, const char *folder, const char *file, double unit)
{
    int64_t number;
    return root_int(root, &number, "%s/%s", folder, file) && number > 0 ? (double)number / unit : (double)NAN;
}

static void read_amd(const struct root *root, struct gpu_state *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    size_t count = 0;
    char **cards = root_list(root, "sys/class/drm", &arena, &count);
    for (size_t i = 0; i < count; i++) {
        size_t sensors = 0;
        char folder[512], name[64];
        /* card0, but not its connectors such as card0-DP-1. */
        if (!text_starts_with(cards[i], "card") || str_find(str_of(cards[i]), STR("-"), 0) != SIZE_MAX)
            continue;
        (void)snprintf(folder, sizeof(folder), "sys/class/drm/%.64s/device/hwmon", cards[i]);
        char **found = root_list(root, folder, &arena, &sensors);
        for (size_t k = 0; k < sensors; k++) {
            struct gpu_state card = no_card();
            (void)snprintf(folder, sizeof(folder), "sys/class/drm/%.64s/device/hwmon/%.64s", cards[i], found[k]);
            if (!root_line(root, name, sizeof(name), "%s/name", folder) || !text_equal(name, "amdgpu"))
                continue;
            card.temperature = scaled(root, folder, "temp1_input", 1e3);
            card.power_w = scaled(root, folder, "power1_average", 1e6);
            if (isnan(card.power_w)) /* newer chips only tell it of the instant */
                card.power_w = scaled(root, folder, "power1_input", 1e6);
            card.clock_mhz = scaled(root, folder, "freq1_input", 1e6);
            add_card(ret, &card);
        }
    }
}

void gpu_read(const struct root *root, struct conditions *ret)
{
    struct nvml_state seen;
    ret->gpu = no_card();
    if (!root->live) {
        read_recorded(root, &ret->gpu);
    } else if ((root_exists(root, "proc/driver/nvidia/version") || root_exists(root, "dev/nvidiactl") ||
                root_exists(root, "dev/dxg")) &&
               nvml_watch(&seen)) {
        struct gpu_state cards = {seen.temperature, seen.power_w, seen.clock_mhz, seen.throttled};
        add_card(&ret->gpu, &cards);
    }
    read_amd(root, &ret->gpu);
}
