#include "submit/device/amd.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/json.h"
#include "submit/device/chips.h"

/* Member by name without case: rocm-smi changed "Card series" to "Card Series" between versions. */
static const char *member(const struct json *object, const char *name)
{
    for (const struct json *value = json_first(object); value != NULL; value = json_next(value))
        if (text_equal_ignore_case(json_key(value), name))
            return json_string(value);
    return NULL;
}

/* A series that is only a number ("0x1002") is no name. */
static const char *card_name(struct arena *arena, const struct json *card)
{
    static const char *const keys[] = {"Card series", "Device Name", "Card model"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const char *value = member(card, keys[i]);
        if (!text_is_empty(value) && !text_starts_with(value, "0x"))
            return fact_text(arena, str_of(value));
    }
    return NULL;
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
        const char *name = card_name(arena, card);
        chips_add(arena, device, name == NULL ? "AMD GPU" : name, "gpu", bytes, COUNT_UNKNOWN);
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
        chips_add(arena, device, fact, "gpu", (double)NAN, COUNT_UNKNOWN);
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

bool amd_parse_amd_smi(struct str text, struct arena *arena, struct device *device)
{
    const char *name = NULL;
    double memory = (double)NAN;
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
            double mib;
            size_t blank = str_find(value, STR(" "), 0);
            struct str digits = str_slice(value.data, blank == SIZE_MAX ? value.len : blank);
            memory = number_parse(digits, &mib) ? mib * 1048576.0 : (double)NAN;
            in_vram = false;
        } else if (colon_value(line, "MARKET_NAME", &value)) {
            chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
            name = fact_text(arena, value);
            memory = (double)NAN;
            found = name != NULL || found;
        }
    }
    chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
    return found;
}

void amd_read(const struct root *root, struct arena *arena, struct device *device)
{
    static const struct {
        const char *name;
        bool (*parse)(struct str, struct arena *, struct device *);
    } forms[] = {{"amd-smi-static", amd_parse_amd_smi},
                 {"rocm-smi-a-json", amd_parse_rocm_json},
                 {"rocm-smi-showproductname-json", amd_parse_rocm_json},
                 {"rocm-smi", amd_parse_rocm_text}};
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, forms[i].name, &text) &&
            forms[i].parse(str_slice(buf_text(&text), text.len), arena, device))
            return;
    }
}
