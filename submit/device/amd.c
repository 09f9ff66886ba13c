#include "submit/device/amd.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/json.h"
#include "submit/device/chips.h"
#include "submit/device/extras.h"

/* Member by name without case: rocm-smi changed "Card series" to "Card Series" between versions. */
static const char *member(const struct json *object, const char *name)
{
    for (const struct json *value = json_first(object); value != NULL; value = json_next(value))
        if (text_equal_ignore_case(json_key(value), name))
            return json_string(value);
    return NULL;
}

/* What drivers call the graphics of every processor is no name; the processor often says which one it has:
 * "AMD Ryzen 7 7840U w/ Radeon 780M Graphics". */
static const char *integrated_name(struct arena *arena, const struct device *device, const char *name)
{
    const char *with = device->chip == NULL ? NULL : strstr(device->chip, " w/ Radeon ");
    return with != NULL && text_equal(name, "AMD Radeon Graphics") ? arena_printf(arena, "AMD %s", with + 4) : name;
}

static void add_card(struct arena *arena, struct device *device, const char *name, double memory, int64_t cores)
{
    chips_add(arena, device, integrated_name(arena, device, name), "gpu", memory, cores);
}

/* A series that is only a number ("0x1002") is no name; then the number of the device has to do. */
static const char *card_name(struct arena *arena, const struct json *card)
{
    static const char *const keys[] = {"Card series", "Device Name", "Card model"};
    static const char *const numbers[] = {"GPU ID", "Device ID", "Card model"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const char *value = member(card, keys[i]);
        if (!text_is_empty(value) && !text_starts_with(value, "0x") && !text_equal(value, "N/A"))
            return fact_text(arena, str_of(value));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        const char *value = member(card, numbers[i]);
        if (text_starts_with(value, "0x") && !text_equal(value, "0x1002"))
            return fact_text(arena, str_of(arena_printf(arena, "AMD GPU %s", value + 2)));
    }
    return "AMD GPU";
}

bool amd_parse_rocm_json(struct str text, struct arena *arena, struct device *device)
{
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    bool found = false;
    if (json_read_tolerant(text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return false;
    for (const struct json *card = json_first(json_root(document)); card != NULL; card = json_next(card)) {
        const char *memory = member(card, "VRAM Total Memory (B)"), *driver = member(card, "Driver version");
        double bytes = (double)NAN;
        if (driver != NULL && device->driver == NULL)
            device->driver = fact_text(arena, str_of(driver));
        if (!text_starts_with(json_key(card), "card"))
            continue;
        if (memory != NULL && !number_parse(str_of(memory), &bytes))
            bytes = (double)NAN;
        add_card(arena, device, card_name(arena, card), bytes, COUNT_UNKNOWN);
        found = true;
    }
    return found;
}

/* "GPU[0]		: Card Series: 		AMD Instinct MI300X", or the short table, where a line holds only the
 * name. */
bool amd_parse_rocm_text(struct str text, struct arena *arena, struct device *device)
{
    struct str line;
    bool found = false;
    while (str_next_line(&text, &line)) {
        size_t series = str_find_ignore_case(line, STR("Card series:"), 0);
        struct str name = STR("");
        if (series != SIZE_MAX)
            name = str_slice(line.data + series + 12, line.len - series - 12);
        else if (str_starts_with(line, STR("        ")) && str_starts_with(str_trim(line), STR("AMD ")))
            name = line;
        const char *fact = fact_text(arena, name);
        if (fact == NULL || text_starts_with(fact, "0x"))
            continue;
        add_card(arena, device, fact, (double)NAN, COUNT_UNKNOWN);
        found = true;
    }
    return found;
}

static bool colon_value(struct str line, const char *key, struct str *ret)
{
    struct str trimmed = str_trim(line);
    size_t length = strlen(key);
    if (!str_starts_with(trimmed, str_of(key)) || trimmed.len <= length || trimmed.data[length] != ':')
        return false;
    *ret = str_trim(str_slice(trimmed.data + length + 1, trimmed.len - length - 1));
    return true;
}

struct card {
    const char *name;
    double memory;
    int64_t cores;
};
static const struct card no_card = {NULL, (double)NAN, COUNT_UNKNOWN};

static int64_t count_of(struct str value)
{
    int64_t number;
    return number_parse_int64(value, &number) && number > 0 ? number : COUNT_UNKNOWN;
}

/* "196592 MB" as bytes; amd-smi means MiB. */
static double mebibytes(struct str value)
{
    double mib;
    size_t blank = str_find(value, STR(" "), 0);
    struct str digits = str_slice(value.data, blank == SIZE_MAX ? value.len : blank);
    return number_parse(digits, &mib) && mib > 0 ? mib * 1048576.0 : (double)NAN;
}

bool amd_parse_amd_smi(struct str text, struct arena *arena, struct device *device)
{
    struct card card = no_card;
    bool in_driver = false, in_vram = false, found = false;
    struct str line, value;
    while (str_next_line(&text, &line)) {
        if (colon_value(line, "DRIVER", &value) || colon_value(line, "VRAM", &value)) {
            in_driver = str_starts_with(str_trim(line), STR("DRIVER"));
            in_vram = !in_driver;
        } else if (in_driver && colon_value(line, "VERSION", &value)) {
            if (device->driver == NULL)
                device->driver = fact_text(arena, value);
            in_driver = false;
        } else if (in_vram && colon_value(line, "SIZE", &value)) {
            card.memory = mebibytes(value);
            in_vram = false;
        } else if (colon_value(line, "NUM_COMPUTE_UNITS", &value)) {
            card.cores = count_of(value);
        } else if (colon_value(line, "MARKET_NAME", &value)) {
            add_card(arena, device, card.name, card.memory, card.cores);
            card = no_card;
            card.name = fact_text(arena, value);
            found = card.name != NULL || found;
        }
    }
    add_card(arena, device, card.name, card.memory, card.cores);
    return found;
}

/* One card of `amd-smi static --json`: {"asic": {…}, "vram": {"size": {"value", "unit"}}, "driver": {…}}. */
static bool add_static_card(const struct json *item, struct arena *arena, struct device *device)
{
    const struct json *asic = json_get(item, "asic"), *size = json_get(json_get(item, "vram"), "size");
    const char *name = json_string(json_get(asic, "market_name")),
               *driver = json_string(json_get(json_get(item, "driver"), "version"));
    double mib = json_number(json_get(size, "value"));
    int64_t cores;
    if (name == NULL)
        return false;
    if (driver != NULL && device->driver == NULL)
        device->driver = fact_text(arena, str_of(driver));
    if (!json_integer(json_get(asic, "num_compute_units"), &cores) || cores <= 0)
        cores = COUNT_UNKNOWN;
    add_card(arena, device, fact_text(arena, str_of(name)), mib > 0 ? mib * 1048576.0 : (double)NAN, cores);
    return true;
}

bool amd_parse_amd_smi_json(struct str text, struct arena *arena, struct device *device)
{
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    bool found = false;
    if (json_read_tolerant(text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return false;
    /* Since ROCm 7 the cards stand under "gpu_data". */
    const struct json *cards = json_get(json_root(document), "gpu_data");
    for (const struct json *card = json_first(cards == NULL ? json_root(document) : cards); card != NULL;
         card = json_next(card))
        found = add_static_card(card, arena, device) || found;
    return found;
}

struct agent {
    struct card card;
    bool gpu, in_pool;
};

static void end_agent(struct agent *agent, struct arena *arena, struct device *device, bool gpus)
{
    if (agent->gpu && gpus)
        add_card(arena, device, agent->card.name, agent->card.memory, agent->card.cores);
    if (!agent->gpu && !gpus && device->chip == NULL)
        device->chip = agent->card.name;
    *agent = (struct agent){.card = no_card};
}

static bool read_agents(struct str text, struct arena *arena, struct device *device, bool gpus)
{
    struct agent agent = {.card = no_card};
    struct str line, value;
    size_t before = device->chip_count;
    while (str_next_line(&text, &line)) {
        if (str_starts_with(line, STR("Agent ")))
            end_agent(&agent, arena, device, gpus);
        else if (colon_value(line, "Marketing Name", &value))
            agent.card.name = fact_text(arena, value);
        else if (colon_value(line, "Device Type", &value))
            agent.gpu = str_equal(value, STR("GPU"));
        else if (colon_value(line, "Compute Unit", &value))
            agent.card.cores = count_of(value);
        else if (colon_value(line, "Segment", &value))
            agent.in_pool = str_starts_with(value, STR("GLOBAL"));
        else if (agent.in_pool && colon_value(line, "Size", &value)) {
            double kib;
            size_t bracket = str_find(value, STR("("), 0);
            if (isnan(agent.card.memory) && bracket != SIZE_MAX && number_parse(str_slice(value.data, bracket), &kib) &&
                kib > 0)
                agent.card.memory = kib * 1024.0;
            agent.in_pool = false;
        }
    }
    end_agent(&agent, arena, device, gpus);
    return device->chip_count > before;
}

bool amd_parse_rocminfo(struct str text, struct arena *arena, struct device *device)
{
    return read_agents(text, arena, device, true);
}

void rocminfo_apply(struct str text, struct arena *arena, struct device *device)
{
    (void)read_agents(text, arena, device, false);
}

static void read_versions(const struct root *root, struct arena *arena, struct device *device)
{
    char line[128];
    if (root_line(root, line, sizeof(line), "opt/rocm/.info/version") ||
        root_line(root, line, sizeof(line), "opt/rocm/.info/version-dev"))
        extras_text(arena, device, EXTRA_ROCM, str_of(line));
    if (device->driver == NULL && root_line(root, line, sizeof(line), "sys/module/amdgpu/version"))
        device->driver = fact_text(arena, str_of(line));
}

void amd_read(const struct root *root, struct arena *arena, struct device *device)
{
    static const struct {
        const char *name;
        bool (*parse)(struct str, struct arena *, struct device *);
    } forms[] = {{"amd-smi-static", amd_parse_amd_smi},
                 {"amd-smi-static-json", amd_parse_amd_smi_json},
                 {"amd-smi", amd_parse_amd_smi},
                 {"rocm-smi-a-json", amd_parse_rocm_json},
                 {"rocm-smi-json", amd_parse_rocm_json},
                 {"rocm-smi-showproductname-json", amd_parse_rocm_json},
                 {"rocminfo", amd_parse_rocminfo},
                 {"rocm-smi-a", amd_parse_rocm_text},
                 {"rocm-smi-showproductname", amd_parse_rocm_text},
                 {"rocm-smi-out_a", amd_parse_rocm_text},
                 {"rocm-smi", amd_parse_rocm_text}};
    read_versions(root, arena, device);
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, forms[i].name, &text) &&
            forms[i].parse(str_slice(buf_text(&text), text.len), arena, device))
            return;
    }
}
