#include "submit/device/macos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/json.h"
#include "submit/device/macos_recorded.h"
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#define LEVELS_MAX 8
#define GIB 1073741824.0

/* Where values of sysctl come from: a recorded listing, or this machine. */
struct source {
    bool live;
    struct str listing;
};

static bool value_of(const struct source *source, const char *key, char *target, size_t size)
{
#ifdef __APPLE__
    if (source->live) {
        char text[256] = "";
        size_t length = sizeof(text);
        if (sysctlbyname(key, text, &length, NULL, 0) != 0 || length == 0 || length >= sizeof(text))
            return false;
        int64_t number = 0;
        bool is_text = text[length - 1] == '\0' && length != sizeof(int32_t) && length != sizeof(int64_t);
        if (!is_text && length <= sizeof(number)) {
            memcpy(&number, text, length);
            (void)snprintf(target, size, "%lld", (long long)number);
        } else {
            text_copy(target, size, text);
        }
        return true;
    }
#endif
    struct str rest = source->listing, line;
    size_t length = strlen(key);
    while (str_next_line(&rest, &line)) {
        if (!str_starts_with(line, str_of(key)) || line.len <= length ||
            (line.data[length] != ':' && line.data[length] != ' '))
            continue;
        struct str value = str_trim(str_slice(line.data + length + 1, line.len - length - 1));
        if (value.len > 0 && value.data[0] == '=')
            value = str_trim(str_slice(value.data + 1, value.len - 1));
        if (value.len == 0 || value.len >= size)
            return false;
        memcpy(target, value.data, value.len);
        target[value.len] = '\0';
        return true;
    }
    return false;
}

static const char *text_value(const struct source *source, const char *key, struct arena *arena)
{
    char text[256];
    return value_of(source, key, text, sizeof(text)) ? fact_text(arena, str_of(text)) : NULL;
}

static int64_t count_value(const struct source *source, const char *key)
{
    char text[64];
    int64_t number;
    return value_of(source, key, text, sizeof(text)) && number_parse_int64(str_of(text), &number) && number > 0
               ? number
               : COUNT_UNKNOWN;
}

/* One kind of cores a performance level, fastest first; older systems give the levels no names. */
static void read_levels(const struct source *source, struct arena *arena, struct device *device)
{
    int64_t levels = count_value(source, "hw.nperflevels");
    if (levels < 2 || levels > LEVELS_MAX)
        return;
    device->core_kinds = arena_alloc(arena, (size_t)levels, sizeof(*device->core_kinds));
    if (device->core_kinds == NULL)
        return;
    for (int64_t i = 0; i < levels; i++) {
        char key[64];
        struct core_kind *kind = &device->core_kinds[i];
        (void)snprintf(key, sizeof(key), "hw.perflevel%d.name", (int)i);
        kind->name = text_value(source, key, arena);
        if (kind->name == NULL)
            kind->name = levels > 2 ? arena_printf(arena, "Level %d", (int)i) : i == 0 ? "Performance" : "Efficiency";
        (void)snprintf(key, sizeof(key), "hw.perflevel%d.physicalcpu", (int)i);
        kind->cores = count_value(source, key);
        (void)snprintf(key, sizeof(key), "hw.perflevel%d.logicalcpu", (int)i);
        kind->threads = count_value(source, key);
        device->core_kind_count++;
    }
}

static void read_sysctl(const struct source *source, struct arena *arena, struct device *device)
{
    int64_t bytes = count_value(source, "hw.memsize");
    device->chip = text_value(source, "machdep.cpu.brand_string", arena);
    device->cpu_count = count_value(source, "hw.packages");
    device->cores = count_value(source, "hw.physicalcpu");
    device->threads = count_value(source, "hw.logicalcpu");
    device->board = text_value(source, "hw.model", arena);
    device->architecture = text_value(source, "hw.machine", arena);
    device->os_version = text_value(source, "kern.osproductversion", arena);
    device->kernel = text_value(source, "kern.osrelease", arena);
    if (bytes > 0)
        device->memory_bytes = (double)bytes;
    read_levels(source, arena, device);
    if (device->virtualization == NULL &&
        ((device->chip != NULL && strstr(device->chip, "(Virtual)") != NULL) ||
         text_starts_with(device->board, "VirtualMac") || count_value(source, "kern.hv_vmm_present") == 1))
        device->virtualization = "vm";
}

/* "16 GB" as bytes. */
static double memory_of(const char *text)
{
    double value;
    struct str size = str_of(text);
    size_t blank = str_find(size, STR(" "), 0);
    if (blank == SIZE_MAX || !number_parse(str_slice(size.data, blank), &value))
        return (double)NAN;
    return str_ends_with(size, STR("TB")) ? value * 1024 * GIB : value * GIB;
}

static void read_profile(struct str text, struct arena *arena, struct device *device)
{
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    if (json_read_tolerant(text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return;
    const struct json *hardware = json_first(json_get(json_root(document), "SPHardwareDataType"));
    const char *chip = json_string(json_get(hardware, "chip_type")),
               *memory = json_string(json_get(hardware, "physical_memory"));
    if (chip == NULL)
        chip = json_string(json_get(hardware, "cpu_type"));
    /* A program under Rosetta is told "Unknown". */
    if (device->chip == NULL && !text_equal(chip, "Unknown"))
        device->chip = fact_text(arena, str_of(chip));
    if (device->board == NULL)
        device->board = fact_text(arena, str_of(json_string(json_get(hardware, "machine_model"))));
    if (isnan(device->memory_bytes) && memory != NULL)
        device->memory_bytes = memory_of(memory);
    /* "proc 8:4:4": the first figure is the total; what the others mean changes between versions. */
    const char *processors = json_string(json_get(hardware, "number_processors"));
    if (device->cores == COUNT_UNKNOWN && text_starts_with(processors, "proc ")) {
        struct str rest = str_of(processors + 5), total;
        if (str_next_field(&rest, ':', &total) && !number_parse_int64(total, &device->cores))
            device->cores = COUNT_UNKNOWN;
    }
    for (const struct json *display = json_first(json_get(json_root(document), "SPDisplaysDataType")); display != NULL;
         display = json_next(display)) {
        const char *cores = json_string(json_get(display, "sppci_cores"));
        if (cores != NULL && device->gpu_cores == COUNT_UNKNOWN &&
            !number_parse_int64(str_of(cores), &device->gpu_cores))
            device->gpu_cores = COUNT_UNKNOWN;
    }
}

bool macos_looks_like(const struct root *root)
{
    size_t count;
    struct arena arena = {0};
    bool mac = false;
    char **names = root_list(root, "commands", &arena, &count);
    for (size_t i = 0; i < count; i++)
        mac = mac || text_starts_with(names[i], "system_profiler") || text_equal(names[i], "sw_vers.txt");
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    if (!mac && (root_command(root, "sysctl", &text) || root_command(root, "sysctl-a", &text))) {
        struct str listing = str_slice(buf_text(&text), text.len);
        mac = str_find(listing, STR("machdep.cpu.brand_string"), 0) != SIZE_MAX ||
              str_find(listing, STR("hw.perflevel0"), 0) != SIZE_MAX;
    }
    arena_done(&arena);
    return mac || macos_is_recorded(root);
}

void macos_read(const struct root *root, struct arena *arena, struct device *device)
{
    static const char *const listings[] = {"sysctl", "sysctl-a"};
    static const char *const profiles[] = {"system_profiler-SPHardwareDataType-json", "system_profiler-json",
                                           "system_profiler-SPDisplaysDataType-json"};
    struct source live = {.live = true, .listing = STR("")};
    if (root->live)
        read_sysctl(&live, arena, device);
    for (size_t i = 0; i < ARRAY_LENGTH(listings) && device->chip == NULL; i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, listings[i], &text)) {
            struct source recorded = {.live = false, .listing = str_slice(buf_text(&text), text.len)};
            read_sysctl(&recorded, arena, device);
        }
    }
    for (size_t i = 0; i < ARRAY_LENGTH(profiles); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, profiles[i], &text))
            read_profile(str_slice(buf_text(&text), text.len), arena, device);
    }
    autobuf struct buf versions = BUF(ROOT_FILE_MAX);
    if (root_command(root, "sw_vers", &versions)) {
        struct source recorded = {.live = false, .listing = str_slice(buf_text(&versions), versions.len)};
        device->os_version = text_value(&recorded, "ProductVersion", arena);
    }
    macos_recorded_read(root, arena, device);
    device->os_name = "macOS";
}
