#include "submit/device/nvidia.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/process.h"
#include "submit/device/chips.h"

#define MIB 1048576.0
#define LIVE_LIMIT_MS 2000

/* "23034 MiB" as bytes; NAN for "N/A", "[Not Supported]" and the like. */
static double memory_of(struct str value)
{
    double mib;
    value = str_trim(value);
    size_t blank = str_find(value, STR(" "), 0);
    if (blank != SIZE_MAX)
        value.len = blank;
    return number_parse(value, &mib) && mib > 0 ? mib * MIB : (double)NAN;
}

static bool split_colon(struct str line, struct str *ret_key, struct str *ret_value)
{
    size_t colon = str_find(line, STR(" : "), 0);
    if (colon == SIZE_MAX)
        return false;
    *ret_key = str_trim(str_slice(line.data, colon));
    *ret_value = str_trim(str_slice(line.data + colon + 3, line.len - colon - 3));
    return true;
}

bool nvidia_parse_query(struct str text, struct arena *arena, struct device *device)
{
    const char *name = NULL;
    double memory = (double)NAN;
    bool in_memory = false, found = false;
    struct str line, key, value;
    while (str_next_line(&text, &line)) {
        if (!split_colon(line, &key, &value)) {
            /* A heading. Instances of a MIG card have "Shared FB Memory Usage" of their own. */
            in_memory = str_equal(str_trim(line), STR("FB Memory Usage"));
        } else if (str_equal(key, STR("Driver Version")) && device->driver == NULL) {
            device->driver = fact_text(arena, value);
        } else if (str_equal(key, STR("Product Name"))) {
            chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
            name = fact_text(arena, value);
            memory = (double)NAN;
            found = true;
        } else if (in_memory && str_equal(key, STR("Total"))) {
            memory = memory_of(value);
            in_memory = false;
        }
    }
    chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
    return found;
}

/* Text of <tag>…</tag> when the line holds it. */
static bool element(struct str line, const char *tag, struct str *ret)
{
    char open[64], close[64];
    (void)snprintf(open, sizeof(open), "<%s>", tag);
    (void)snprintf(close, sizeof(close), "</%s>", tag);
    size_t from = str_find(line, str_of(open), 0);
    size_t to = from == SIZE_MAX ? SIZE_MAX : str_find(line, str_of(close), from);
    if (to == SIZE_MAX)
        return false;
    from += strlen(open);
    *ret = str_slice(line.data + from, to - from);
    return true;
}

bool nvidia_parse_xml(struct str text, struct arena *arena, struct device *device)
{
    const char *name = NULL;
    double memory = (double)NAN;
    bool in_memory = false, in_instances = false, found = false;
    struct str line, value;
    while (str_next_line(&text, &line)) {
        if (str_find(line, STR("<mig_devices>"), 0) != SIZE_MAX)
            in_instances = true;
        else if (str_find(line, STR("</mig_devices>"), 0) != SIZE_MAX)
            in_instances = false;
        else if (str_find(line, STR("<fb_memory_usage>"), 0) != SIZE_MAX)
            in_memory = !in_instances;
        else if (element(line, "driver_version", &value) && device->driver == NULL)
            device->driver = fact_text(arena, value);
        else if (element(line, "product_name", &value)) {
            chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
            name = fact_text(arena, value);
            memory = (double)NAN;
            found = true;
        } else if (in_memory && element(line, "total", &value)) {
            memory = memory_of(value);
            in_memory = false;
        }
    }
    chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
    return found;
}

bool nvidia_parse_csv(struct str text, struct arena *arena, struct device *device)
{
    struct str line;
    bool found = false;
    while (str_next_line(&text, &line)) {
        struct str name, memory = STR(""), driver = STR("");
        if (!str_next_field(&line, ',', &name) || str_equal(name, STR("name")) || str_trim(name).len == 0)
            continue;
        (void)str_next_field(&line, ',', &memory);
        (void)str_next_field(&line, ',', &driver);
        if (device->driver == NULL)
            device->driver = fact_text(arena, driver);
        chips_add(arena, device, fact_text(arena, name), "gpu", memory_of(memory), COUNT_UNKNOWN);
        found = true;
    }
    return found;
}

bool nvidia_parse_list(struct str text, struct arena *arena, struct device *device)
{
    struct str line;
    bool found = false;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(": "), 0), end = str_find(line, STR(" (UUID"), 0);
        if (!str_starts_with(line, STR("GPU ")) || colon == SIZE_MAX || end == SIZE_MAX || end <= colon + 2)
            continue;
        chips_add(arena, device, fact_text(arena, str_slice(line.data + colon + 2, end - colon - 2)), "gpu",
                  (double)NAN, COUNT_UNKNOWN);
        found = true;
    }
    return found;
}

/* "|   0  NVIDIA L4                      On  | 0000…": the name stands between the index and the persistence mode;
 * one that ends in "..." was cut by the table and counts as it stands. */
static const char *table_name(struct str line, struct arena *arena)
{
    size_t at = 1, end;
    while (at < line.len && line.data[at] == ' ')
        at++;
    size_t digits = at;
    while (at < line.len && line.data[at] >= '0' && line.data[at] <= '9')
        at++;
    if (at == digits || at >= line.len || line.data[at] != ' ')
        return NULL;
    end = str_find(line, STR("|"), at);
    if (end == SIZE_MAX)
        return NULL;
    struct str cell = str_trim(str_slice(line.data + at, end - at));
    if (str_ends_with(cell, STR(" Off")) || str_ends_with(cell, STR(" N/A")))
        cell.len -= 4;
    else if (str_ends_with(cell, STR(" On")))
        cell.len -= 3;
    else
        return NULL;
    return fact_text(arena, cell);
}

static double table_memory(struct str line)
{
    size_t slash = str_find(line, STR("MiB /"), 0);
    if (slash == SIZE_MAX)
        return (double)NAN;
    struct str rest = str_trim(str_slice(line.data + slash + 5, line.len - slash - 5));
    size_t unit = str_find(rest, STR("MiB"), 0);
    return unit == SIZE_MAX ? (double)NAN : memory_of(str_slice(rest.data, unit));
}

bool nvidia_parse_table(struct str text, struct arena *arena, struct device *device)
{
    const char *name = NULL;
    bool found = false;
    struct str line;
    while (str_next_line(&text, &line)) {
        size_t driver = str_find(line, STR("Driver Version: "), 0);
        if (str_find(line, STR("Processes:"), 0) != SIZE_MAX)
            break;
        if (driver != SIZE_MAX && device->driver == NULL) {
            struct str rest = str_slice(line.data + driver + 16, line.len - driver - 16), word;
            if (str_next_field(&rest, ' ', &word))
                device->driver = fact_text(arena, word);
        } else if (name != NULL) {
            chips_add(arena, device, name, "gpu", table_memory(line), COUNT_UNKNOWN);
            found = true;
            name = NULL;
        } else if (line.len > 1 && line.data[0] == '|') {
            name = table_name(line, arena);
        }
    }
    return found;
}

static bool read_recorded(const struct root *root, struct arena *arena, struct device *device)
{
    static const struct {
        const char *name;
        bool (*parse)(struct str, struct arena *, struct device *);
    } forms[] = {{"nvidia-smi-q", nvidia_parse_query},
                 {"nvidia-smi-q-x", nvidia_parse_xml},
                 {"nvidia-smi", nvidia_parse_table},
                 {"nvidia-smi-L", nvidia_parse_list},
                 {"nvidia-smi-query-gpu", nvidia_parse_csv}};
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        bool read = root_command(root, forms[i].name, &text);
        if (!read && text_equal(forms[i].name, "nvidia-smi-q-x"))
            read = root_read(root, "commands/nvidia-smi-q-x.xml", &text);
        if (read && forms[i].parse(str_slice(buf_text(&text), text.len), arena, device))
            return true;
    }
    return false;
}

static bool read_driver(const struct root *root, struct arena *arena, struct device *device)
{
    size_t count;
    bool found = false;
    char **names = root_list(root, "proc/driver/nvidia/gpus", arena, &count);
    for (size_t i = 0; i < count; i++) {
        char path[512];
        autobuf struct buf text = BUF(64 << 10);
        int length = snprintf(path, sizeof(path), "proc/driver/nvidia/gpus/%s/information", names[i]);
        if (length < 0 || (size_t)length >= sizeof(path) || !root_read(root, path, &text))
            continue;
        struct str rest = str_slice(buf_text(&text), text.len), line;
        while (str_next_line(&rest, &line)) {
            if (!str_starts_with(line, STR("Model:")))
                continue;
            chips_add(arena, device, fact_text(arena, str_slice(line.data + 6, line.len - 6)), "gpu", (double)NAN,
                      COUNT_UNKNOWN);
            found = true;
        }
    }
    return found;
}

static bool read_live(struct arena *arena, struct device *device)
{
    static const char *const command[] = {"nvidia-smi", "--query-gpu=name,memory.total,driver_version",
                                          "--format=csv,noheader", NULL};
    autobuf struct buf out = BUF(1 << 20);
    struct process_result result;
    if (process_run(command, LIVE_LIMIT_MS, &out, NULL, &result, NULL) < 0 || result.exit_status != 0)
        return false;
    return nvidia_parse_csv(str_slice(buf_text(&out), out.len), arena, device);
}

void nvidia_read(const struct root *root, struct arena *arena, struct device *device)
{
    bool driver = root_exists(root, "proc/driver/nvidia/version") || root_exists(root, "dev/nvidiactl") ||
                  root_exists(root, "dev/dxg");
    /* Without a driver nvidia-smi has nothing to say, and starting it costs time. */
    if (root->live ? driver && read_live(arena, device) : read_recorded(root, arena, device))
        return;
    (void)read_driver(root, arena, device);
}
