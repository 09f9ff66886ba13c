#include "submit/device/macos_profile.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/json.h"
#include "submit/device/chips.h"
#include "submit/device/extras.h"
#include "submit/device/mac_models.h"

#define MIB 1048576.0
#define KINDS_MAX 3
/* Firmware of macOS 27: the middle figure became the Performance cores below the Super ones. */
#define FIRMWARE_SUPER_FIRST 20000

static void set_text(const char **fact, struct arena *arena, struct str text)
{
    if (*fact == NULL)
        *fact = fact_text(arena, text);
}

static void set_json(const char **fact, struct arena *arena, const struct json *object, const char *key)
{
    set_text(fact, arena, str_of(json_string(json_get(object, key))));
}

/* "16 GB", "1536 MB" as bytes; NAN otherwise. */
static double size_of(struct str size)
{
    double value, factor;
    size_t blank = str_find(size, STR(" "), 0);
    if (blank == SIZE_MAX || !number_parse(str_slice(size.data, blank), &value))
        return (double)NAN;
    struct str unit = str_trim(str_slice(size.data + blank, size.len - blank));
    factor = str_starts_with(unit, STR("TB"))   ? MIB * 1024 * 1024
             : str_starts_with(unit, STR("GB")) ? MIB * 1024
             : str_starts_with(unit, STR("MB")) ? MIB
                                                : (double)NAN;
    return value * factor;
}

static void set_memory(struct device *device, struct str size)
{
    if (isnan(device->memory_bytes) && size.len > 0)
        device->memory_bytes = size_of(size);
}

struct kinds {
    struct core_kind items[KINDS_MAX];
    size_t count;
};

static void add_kind(struct kinds *kinds, const char *name, int64_t cores)
{
    if (cores > 0 && kinds->count < KINDS_MAX)
        kinds->items[kinds->count++] = (struct core_kind){name, cores, cores};
}

static void set_kinds(const struct kinds *kinds, struct arena *arena, struct device *device)
{
    struct core_kind *items = NULL;
    if (kinds->count >= 2 && device->core_kind_count == 0)
        items = arena_alloc(arena, kinds->count, sizeof(*items));
    if (items == NULL)
        return;
    memcpy(items, kinds->items, kinds->count * sizeof(*items));
    device->core_kinds = items;
    device->core_kind_count = kinds->count;
}

static void set_apple_cores(struct device *device, int64_t cores)
{
    if (device->cores == COUNT_UNKNOWN && cores > 0)
        device->cores = cores;
    if (device->threads == COUNT_UNKNOWN && text_starts_with(device->chip, "Apple"))
        device->threads = device->cores;
}

void macos_profile_processors(const char *text, const char *firmware, struct arena *arena, struct device *device)
{
    int64_t figures[4] = {0}, major = COUNT_UNKNOWN;
    size_t count = 0;
    struct kinds kinds = {.count = 0};
    if (!text_starts_with(text, "proc "))
        return;
    struct str rest = str_of(text + 5), field, version = str_of(firmware);
    for (; str_next_field(&rest, ':', &field); count++)
        if (count >= 4 || !number_parse_int64(str_trim(field), &figures[count]) || figures[count] < 0)
            return;
    set_apple_cores(device, figures[0]);
    if (str_next_field(&version, '.', &field) && !number_parse_int64(field, &major))
        major = COUNT_UNKNOWN;
    if (count < 3 || figures[1] + figures[2] + figures[3] != figures[0])
        return;
    /* Without the firmware only these shapes have one meaning: no cores of the first kind exist before macOS 27, and
     * all three kinds were never reported before it. */
    bool super_first = major >= FIRMWARE_SUPER_FIRST ||
                       (major == COUNT_UNKNOWN && figures[3] > 0 && (figures[1] == 0 || figures[2] > 0));
    if (count == 4 && super_first) {
        add_kind(&kinds, "Super", figures[1]);
        add_kind(&kinds, "Performance", figures[2]);
        add_kind(&kinds, "Efficiency", figures[3]);
    } else if (count == 3 || major != COUNT_UNKNOWN) {
        add_kind(&kinds, figures[3] > 0 ? "Super" : "Performance", figures[1]);
        add_kind(&kinds, "Performance", figures[3]);
        add_kind(&kinds, "Efficiency", figures[2]);
    }
    set_kinds(&kinds, arena, device);
}

static void json_hardware(const struct json *hardware, struct arena *arena, struct device *device)
{
    static const char *const chips[] = {"chip_type", "cpu_type"};
    const struct json *processors = json_get(hardware, "number_processors");
    /* A program under Rosetta and a virtual machine are told "Unknown". */
    for (size_t i = 0; i < ARRAY_LENGTH(chips); i++)
        if (!text_equal(json_string(json_get(hardware, chips[i])), "Unknown"))
            set_json(&device->chip, arena, hardware, chips[i]);
    set_json(&device->board, arena, hardware, "machine_model");
    if (text_equal(json_string(json_get(hardware, "cpu_type")), "Unknown") && mac_model_chip(device->board) != NULL)
        extras_word(arena, device, EXTRA_TRANSLATED, "rosetta");
    set_memory(device, str_of(json_string(json_get(hardware, "physical_memory"))));
    if (text_starts_with(json_string(json_get(hardware, "machine_name")), "Apple Virtual Machine"))
        device->virtualization = "vm";
    macos_profile_processors(json_string(processors), json_string(json_get(hardware, "boot_rom_version")), arena,
                             device);
    int64_t cores, packages;
    if (json_integer(processors, &cores) && cores > 0) {
        set_apple_cores(device, cores);
        const char *threading = json_string(json_get(hardware, "platform_cpu_htt"));
        if (threading != NULL && device->threads == COUNT_UNKNOWN)
            device->threads = text_equal(threading, "htt_enabled") ? device->cores * 2 : device->cores;
    }
    if (device->cpu_count == COUNT_UNKNOWN && json_integer(json_get(hardware, "packages"), &packages) && packages > 0)
        device->cpu_count = packages;
}

/* "spdisplays_metal3", "Metal 3", "spdisplays_supported": the version where there is one. */
static void set_metal(struct arena *arena, struct device *device, struct str text)
{
    size_t at = str_find_ignore_case(text, STR("metal"), 0);
    if (at == SIZE_MAX)
        return;
    struct str rest = str_trim(str_slice(text.data + at + 5, text.len - at - 5));
    if (rest.len > 0 && rest.len < 4 && rest.data[0] >= '0' && rest.data[0] <= '9')
        extras_text(arena, device, EXTRA_METAL, rest);
}

/* A graphics processor: the chip's own one gives its cores, any other is a further chip. */
static void add_graphics(struct arena *arena, struct device *device, const char *model, int64_t cores, double memory)
{
    if (text_starts_with(model, "Apple M") || text_starts_with(model, "Apple A")) {
        if (device->chip == NULL)
            device->chip = model;
        if (device->gpu_cores == COUNT_UNKNOWN && cores > 0)
            device->gpu_cores = cores;
        return;
    }
    if (model != NULL && strstr(model, "Paravirtual") != NULL && device->virtualization == NULL)
        device->virtualization = "vm";
    chips_add(arena, device, model, "gpu", memory, cores > 0 ? cores : COUNT_UNKNOWN);
}

static void json_display(const struct json *display, struct arena *arena, struct device *device)
{
    static const char *const metals[] = {"spdisplays_mtlgpufamilysupport", "spdisplays_metal"};
    static const char *const memories[] = {"spdisplays_vram", "_spdisplays_vram", "spdisplays_vram_shared"};
    const char *model = NULL, *cores = json_string(json_get(display, "sppci_cores"));
    int64_t count = COUNT_UNKNOWN;
    double memory = (double)NAN;
    set_json(&model, arena, display, "sppci_model");
    if (cores != NULL && !number_parse_int64(str_of(cores), &count))
        count = COUNT_UNKNOWN;
    for (size_t i = 0; i < ARRAY_LENGTH(memories) && isnan(memory); i++)
        memory = size_of(str_of(json_string(json_get(display, memories[i]))));
    for (size_t i = 0; i < ARRAY_LENGTH(metals); i++)
        set_metal(arena, device, str_of(json_string(json_get(display, metals[i]))));
    add_graphics(arena, device, model, count, memory);
}

void macos_profile_json(struct str text, struct arena *arena, struct device *device)
{
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    if (json_read_tolerant(text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return;
    const struct json *root = json_root(document);
    const struct json *memory = json_first(json_get(root, "SPMemoryDataType"));
    const char *version = json_string(json_get(json_first(json_get(root, "SPSoftwareDataType")), "os_version"));
    json_hardware(json_first(json_get(root, "SPHardwareDataType")), arena, device);
    set_json(&device->memory_type, arena, memory, "dimm_type");
    const struct json *displays = json_get(root, "SPDisplaysDataType");
    for (const struct json *display = json_first(displays); display != NULL; display = json_next(display))
        json_display(display, arena, device);
    /* "macOS 15.6 (24G84)" */
    if (text_starts_with(version, "macOS ")) {
        struct str rest = str_of(version + 6), word;
        if (str_next_field(&rest, ' ', &word))
            set_text(&device->os_version, arena, word);
    }
}

struct profile {
    struct arena *arena;
    struct device *device;
    bool graphics; /* past "Chipset Model": cores are those of it */
    const char *model;
    int64_t cores;
    double memory;
};

static void end_graphics(struct profile *profile)
{
    if (profile->model != NULL)
        add_graphics(profile->arena, profile->device, profile->model, profile->cores, profile->memory);
    profile->model = NULL;
    profile->cores = COUNT_UNKNOWN;
    profile->memory = (double)NAN;
}

/* "10 (4 Super and 6 Efficiency)", "8 (4 performance and 4 efficiency)", "8" */
static void text_cores(struct profile *profile, struct str value)
{
    struct kinds kinds = {.count = 0};
    struct str rest = value, word;
    int64_t total = COUNT_UNKNOWN, cores = COUNT_UNKNOWN;
    static const char *const names[] = {"Super", "Performance", "Efficiency"};
    while (str_next_field(&rest, ' ', &word)) {
        int64_t number;
        while (word.len > 0 && strchr("(),", word.data[0]) != NULL)
            word = str_slice(word.data + 1, word.len - 1);
        while (word.len > 0 && strchr("(),", word.data[word.len - 1]) != NULL)
            word.len--;
        if (number_parse_int64(word, &number)) {
            if (total == COUNT_UNKNOWN)
                total = number;
            cores = number;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
            if (str_equal_ignore_case(word, str_of(names[i])))
                add_kind(&kinds, names[i], cores);
    }
    set_apple_cores(profile->device, total);
    set_kinds(&kinds, profile->arena, profile->device);
}

static void text_graphics(struct profile *profile, struct str key, struct str value)
{
    if (str_equal(key, STR("Chipset Model"))) {
        end_graphics(profile);
        profile->graphics = true;
        profile->model = fact_text(profile->arena, value);
    } else if (str_equal(key, STR("Total Number of GPU Cores")) ||
               (profile->graphics && str_equal(key, STR("Total Number of Cores")))) {
        if (!number_parse_int64(value, &profile->cores))
            profile->cores = COUNT_UNKNOWN;
    } else if (str_starts_with(key, STR("VRAM")))
        profile->memory = size_of(value);
    else if (str_starts_with(key, STR("Metal")))
        set_metal(profile->arena, profile->device, str_starts_with(value, STR("Metal")) ? value : STR(""));
}

static void text_software(struct profile *profile, struct str key, struct str value)
{
    struct device *device = profile->device;
    if (str_equal(key, STR("System Version")) && str_starts_with(value, STR("macOS "))) {
        struct str rest = str_slice(value.data + 6, value.len - 6), word;
        if (str_next_field(&rest, ' ', &word))
            set_text(&device->os_version, profile->arena, word);
    } else if (str_equal(key, STR("Kernel Version")) && str_starts_with(value, STR("Darwin ")))
        set_text(&device->kernel, profile->arena, str_slice(value.data + 7, value.len - 7));
    else if (str_equal(key, STR("Type")) && str_find(value, STR("DDR"), 0) != SIZE_MAX)
        set_text(&device->memory_type, profile->arena, value);
}

static void text_hardware(struct profile *profile, struct str key, struct str value)
{
    struct device *device = profile->device;
    int64_t number;
    if (str_equal(key, STR("Chip")) || str_equal(key, STR("Processor Name"))) {
        if (!str_equal(value, STR("Unknown")))
            set_text(&device->chip, profile->arena, value);
    } else if (str_equal(key, STR("Model Identifier")))
        set_text(&device->board, profile->arena, value);
    else if (str_equal(key, STR("Memory")))
        set_memory(device, value);
    else if (str_equal(key, STR("Total Number of Cores")) && !profile->graphics)
        text_cores(profile, value);
    else if (str_equal(key, STR("Number of Processors")) && number_parse_int64(value, &number) && number > 0) {
        if (device->cpu_count == COUNT_UNKNOWN)
            device->cpu_count = number;
    } else if (str_equal(key, STR("Hyper-Threading Technology")) && device->cores > 0 &&
               device->threads == COUNT_UNKNOWN)
        device->threads = str_equal(value, STR("Enabled")) ? device->cores * 2 : device->cores;
}

void macos_profile_text(struct str text, struct arena *arena, struct device *device)
{
    struct profile profile = {.arena = arena, .device = device, .cores = COUNT_UNKNOWN, .memory = (double)NAN};
    struct str line;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(":"), 0);
        if (colon == SIZE_MAX)
            continue;
        struct str key = str_trim(str_slice(line.data, colon));
        struct str value = str_trim(str_slice(line.data + colon + 1, line.len - colon - 1));
        if (value.len == 0) {
            /* A heading: "Graphics/Displays:", "Hardware:". */
            if (line.data[0] != ' ')
                profile.graphics = str_find_ignore_case(key, STR("graphics"), 0) != SIZE_MAX;
            continue;
        }
        text_graphics(&profile, key, value);
        text_hardware(&profile, key, value);
        text_software(&profile, key, value);
    }
    end_graphics(&profile);
}
