#include "submit/device/macos_recorded.h"

#include <math.h>

#include "schema/base/number.h"
#include "schema/json/json.h"
#include "submit/device/extras.h"

#define GIB 1073741824.0

static const char hardware_path[] = "commands/detected-hardware.json";
static const char battery_name[] = "ioreg-AppleSmartBattery";

bool macos_is_recorded(const struct root *root)
{
    return root_exists(root, hardware_path) || root_exists(root, "commands/ioreg-AppleSmartBattery.txt");
}

/* A count as number or as text: "gpu_cores" is a text. */
static int64_t count_of(const struct json *object, const char *key)
{
    const struct json *item = json_get(object, key);
    int64_t count = COUNT_UNKNOWN;
    const char *text = json_string(item);
    if (text != NULL) {
        if (!number_parse_int64(str_of(text), &count))
            return COUNT_UNKNOWN;
    } else if (json_number(item) >= 1 && json_number(item) <= 1e6) {
        count = (int64_t)json_number(item);
    }
    return count > 0 ? count : COUNT_UNKNOWN;
}

static const char *text_of(const struct json *object, const char *key, struct arena *arena)
{
    const char *text = json_string(json_get(object, key));
    return text == NULL ? NULL : fact_text(arena, str_of(text));
}

static void set_count(int64_t *fact, int64_t count)
{
    if (*fact == COUNT_UNKNOWN)
        *fact = count;
}

static void set_text(const char **fact, const char *text)
{
    if (*fact == NULL)
        *fact = text;
}

static void read_kinds(const struct json *hardware, struct arena *arena, struct device *device)
{
    const int64_t fast = count_of(hardware, "performance_cores"), slow = count_of(hardware, "efficiency_cores");
    if (device->core_kind_count > 0 || fast == COUNT_UNKNOWN || slow == COUNT_UNKNOWN)
        return;
    struct core_kind *kinds = arena_alloc(arena, 2, sizeof(*kinds));
    if (kinds == NULL)
        return;
    kinds[0] = (struct core_kind){.name = "Performance", .cores = fast, .threads = fast};
    kinds[1] = (struct core_kind){.name = "Efficiency", .cores = slow, .threads = slow};
    device->core_kinds = kinds;
    device->core_kind_count = 2;
}

static void set_power(bool on_battery, struct arena *arena, struct device *device)
{
    extras_word(arena, device, EXTRA_POWER_SOURCE, on_battery ? "battery" : "ac");
}

static void read_hardware(struct str text, struct arena *arena, struct device *device)
{
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    if (json_read_tolerant(text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return;
    const struct json *hardware = json_root(document);
    const double gib = json_number(json_get(hardware, "total_ram_gb"));
    const char *power = json_string(json_get(hardware, "power_source"));
    set_text(&device->chip, text_of(hardware, "chip", arena));
    set_text(&device->board, text_of(hardware, "model", arena));
    set_text(&device->os_version, text_of(hardware, "os_version", arena));
    set_count(&device->cores, count_of(hardware, "cpu_cores"));
    set_count(&device->threads, device->cores); /* no chip of these machines has two threads a core */
    set_count(&device->gpu_cores, count_of(hardware, "gpu_cores"));
    if (isnan(device->memory_bytes) && gib > 0)
        device->memory_bytes = gib * GIB;
    read_kinds(hardware, arena, device);
    if (power != NULL)
        set_power(text_equal(power, "battery_power") || text_equal(power, "battery"), arena, device);
}

/* `"ExternalConnected" = No` among the lines of ioreg. */
static void read_battery(struct str text, struct arena *arena, struct device *device)
{
    struct str line;
    while (str_next_line(&text, &line)) {
        line = str_trim(line);
        if (str_equal(line, STR("\"ExternalConnected\" = No")))
            set_power(true, arena, device);
        else if (str_equal(line, STR("\"ExternalConnected\" = Yes")))
            set_power(false, arena, device);
    }
}

void macos_recorded_read(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf hardware = BUF(ROOT_FILE_MAX), battery = BUF(ROOT_FILE_MAX);
    if (root->live)
        return;
    if (root_read(root, hardware_path, &hardware))
        read_hardware(str_slice(buf_text(&hardware), hardware.len), arena, device);
    if (root_command(root, battery_name, &battery))
        read_battery(str_slice(buf_text(&battery), battery.len), arena, device);
}
