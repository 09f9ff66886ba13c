/* macOS: what pmset, sysctl, vm_stat and powermetrics print, recorded or asked for now. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/number.h"
#include "schema/base/process.h"
#include "submit/watch/conditions.h"

#ifdef __APPLE__
#include <mach/mach.h>
#endif

#define COMMAND_LIMIT_MS 2000

/* The output of a command: recorded, or on a Mac of the command itself. */
static bool command(const struct root *root, const char *recorded, const char *const *argv, struct buf *into)
{
    if (!root->live)
        return root_command(root, recorded, into);
#ifdef __APPLE__
    struct process_result result;
    return process_run(argv, COMMAND_LIMIT_MS, into, NULL, &result, NULL) == 0 && result.exit_status == 0;
#else
    (void)argv;
    return false;
#endif
}

/* "name   value", "name = value", "name: value" as a number. */
static bool number_behind(struct str line, const char *name, double *ret)
{
    line = str_trim(line);
    if (!str_starts_with(line, str_of(name)))
        return false;
    const char *at = line.data + strlen(name), *end = line.data + line.len;
    if (at < end && !isspace((unsigned char)*at) && *at != '=' && *at != ':')
        return false;
    while (at < end && (isspace((unsigned char)*at) || *at == '=' || *at == ':'))
        at++;
    const char *last = at;
    while (last < end && (isdigit((unsigned char)*last) || *last == '.'))
        last++;
    if (last > at && last[-1] == '.') /* vm_stat ends its numbers with a full stop */
        last--;
    return number_parse(str_slice(at, (size_t)(last - at)), ret);
}

void pmset_battery_parse(struct str text, struct conditions *ret)
{
    struct str line;
    while (str_next_line(&text, &line)) {
        if (str_find(line, STR("drawing from 'AC Power'"), 0) != SIZE_MAX)
            text_copy(ret->power_source, sizeof(ret->power_source), "ac");
        else if (str_find(line, STR("drawing from 'Battery Power'"), 0) != SIZE_MAX)
            text_copy(ret->power_source, sizeof(ret->power_source), "battery");
        const size_t percent = str_find(line, STR("%;"), 0);
        if (percent == SIZE_MAX || str_find(line, STR("InternalBattery"), 0) == SIZE_MAX)
            continue;
        size_t begin = percent;
        while (begin > 0 && isdigit((unsigned char)line.data[begin - 1]))
            begin--;
        double number;
        if (number_parse(str_slice(line.data + begin, percent - begin), &number) && number <= 100)
            ret->battery_percent = number;
    }
}

void pmset_settings_parse(struct str text, struct conditions *ret)
{
    static const char *const modes[] = {"automatic", "low-power", "high-power"};
    struct str line;
    double number;
    while (str_next_line(&text, &line)) {
        if (number_behind(line, "powermode", &number) && number >= 0 && number < 3)
            text_copy(ret->power_mode, sizeof(ret->power_mode), modes[(size_t)number]);
        else if (number_behind(line, "lowpowermode", &number) && ret->power_mode[0] == '\0')
            text_copy(ret->power_mode, sizeof(ret->power_mode), number > 0 ? "low-power" : "automatic");
    }
}

void pmset_thermal_parse(struct str text, struct conditions *ret)
{
    struct str line;
    double number;
    while (str_next_line(&text, &line)) {
        if (number_behind(line, "CPU_Speed_Limit", &number) && number >= 0 && number <= 100)
            ret->speed_limit_percent = number;
        else if (str_find(line, STR("No thermal warning level has been recorded"), 0) != SIZE_MAX &&
                 ret->thermal_state[0] == '\0')
            text_copy(ret->thermal_state, sizeof(ret->thermal_state), "nominal");
        else if (number_behind(line, "Thermal Warning Level", &number) ||
                 number_behind(line, "Thermal warning level", &number))
            text_copy(ret->thermal_state, sizeof(ret->thermal_state), number > 0 ? "warning" : "nominal");
    }
    if (ret->speed_limit_percent < 100)
        ret->throttled_now = 1;
    else if (ret->thermal_state[0] != '\0')
        ret->throttled_now = !text_equal(ret->thermal_state, "nominal");
}

void powermetrics_parse(struct str text, struct conditions *ret)
{
    static const char *const levels[] = {"nominal", "moderate", "heavy", "trapping", "sleeping"};
    const struct str name = STR("Current pressure level:");
    struct str line;
    while (str_next_line(&text, &line)) {
        line = str_trim(line);
        if (!str_starts_with(line, name))
            continue;
        const struct str level = str_trim(str_slice(line.data + name.len, line.len - name.len));
        for (size_t i = 0; i < ARRAY_LENGTH(levels); i++) {
            if (!str_equal_ignore_case(level, str_of(levels[i])))
                continue;
            text_copy(ret->thermal_state, sizeof(ret->thermal_state), levels[i]);
            ret->throttled_now = i > 0;
        }
    }
}

double sysctl_load_parse(struct str text)
{
    const size_t open = str_find(text, STR("{"), 0);
    struct str word;
    double load;
    if (open == SIZE_MAX)
        return (double)NAN;
    struct str rest = str_trim(str_slice(text.data + open + 1, text.len - open - 1));
    if (!str_next_field(&rest, ' ', &word))
        return (double)NAN;
    /* A comma in locales that write one. */
    char digits[32];
    str_copy(digits, sizeof(digits), word);
    char *comma = strchr(digits, ',');
    if (comma != NULL)
        *comma = '.';
    return number_parse(str_of(digits), &load) && load >= 0 ? load : (double)NAN;
}

double vm_stat_parse(struct str text)
{
    static const char *const kinds[] = {"Pages free", "Pages inactive", "Pages speculative", "Pages purgeable"};
    const struct str mark = STR("page size of ");
    const size_t at = str_find(text, mark, 0);
    double page = 0, pages = 0, number;
    struct str line, rest = text;
    if (at == SIZE_MAX)
        return (double)NAN;
    struct str size = str_slice(text.data + at + mark.len, text.len - at - mark.len), word;
    if (!str_next_field(&size, ' ', &word) || !number_parse(word, &page) || page <= 0)
        return (double)NAN;
    while (str_next_line(&rest, &line))
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
            if (number_behind(line, kinds[i], &number))
                pages += number;
    return pages * page;
}

static void read_load(const struct root *root, struct conditions *ret)
{
    static const char *const argv[] = {"sysctl", "vm.loadavg", NULL};
    autobuf struct buf text = BUF(4 << 20);
    struct str rest, line;
    if (root->live) {
        double loads[1];
        if (getloadavg(loads, 1) == 1)
            ret->load = loads[0];
    } else if (command(root, "sysctl", argv, &text)) {
        rest = str_slice(buf_text(&text), text.len);
        while (str_next_line(&rest, &line))
            if (str_starts_with(line, STR("vm.loadavg")))
                ret->load = sysctl_load_parse(line);
    }
#ifdef __APPLE__
    host_cpu_load_info_data_t ticks;
    mach_msg_type_number_t count = HOST_CPU_LOAD_INFO_COUNT;
    if (root->live &&
        host_statistics(mach_host_self(), HOST_CPU_LOAD_INFO, (host_info_t)&ticks, &count) == KERN_SUCCESS) {
        ret->cpu.busy =
            (ticks.cpu_ticks[CPU_STATE_USER] + ticks.cpu_ticks[CPU_STATE_SYSTEM] + ticks.cpu_ticks[CPU_STATE_NICE]) /
            100.0;
        ret->cpu.steal = 0;
        ret->cpu.total = ret->cpu.busy + ticks.cpu_ticks[CPU_STATE_IDLE] / 100.0;
        ret->cpu.cpus = sysconf(_SC_NPROCESSORS_ONLN);
    }
#endif
}

static void read_thermal(const struct root *root, struct conditions *ret)
{
    static const char *const argv[] = {"pmset", "-g", "therm", NULL};
    autobuf struct buf text = BUF(1 << 20);
    if (command(root, "pmset-g-therm", argv, &text))
        pmset_thermal_parse(str_slice(buf_text(&text), text.len), ret);
}

void macos_conditions_read(const struct root *root, struct conditions *ret)
{
    static const char *const settings[] = {"pmset", "-g", NULL}, *const pages[] = {"vm_stat", NULL};
    static const char *const pressure[] = {"powermetrics", "-n", "1", "-i", "100", "--samplers", "thermal", NULL};
    autobuf struct buf text = BUF(1 << 20), memory = BUF(1 << 20), heat = BUF(1 << 20);
    macos_conditions_read_changing(root, ret);
    if (command(root, "pmset-g", settings, &text))
        pmset_settings_parse(str_slice(buf_text(&text), text.len), ret);
    if (command(root, "vm_stat", pages, &memory))
        ret->memory_available = vm_stat_parse(str_slice(buf_text(&memory), memory.len));
    /* It knows more than pmset on Apple silicon, but asks for root. */
    if ((!root->live || geteuid() == 0) && command(root, "powermetrics", pressure, &heat))
        powermetrics_parse(str_slice(buf_text(&heat), heat.len), ret);
}

void macos_conditions_read_changing(const struct root *root, struct conditions *ret)
{
    static const char *const argv[] = {"pmset", "-g", "batt", NULL};
    autobuf struct buf text = BUF(1 << 20);
    read_load(root, ret);
    read_thermal(root, ret);
    if (command(root, "pmset-g-batt", argv, &text))
        pmset_battery_parse(str_slice(buf_text(&text), text.len), ret);
}
