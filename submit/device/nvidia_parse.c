/* The forms in which nvidia-smi and its kin print cards. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/chips.h"
#include "submit/device/extras.h"
#include "submit/device/nvidia.h"

#define MIB 1048576.0

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

/* "610.57.04 [Deprecated; …]" without the remark. */
static struct str version_of(struct str value)
{
    size_t remark = str_find(value, STR(" ["), 0);
    if (remark != SIZE_MAX)
        value.len = remark;
    return str_trim(value);
}

static void set_driver(struct arena *arena, struct device *device, struct str value)
{
    if (device->driver == NULL && value.len > 0 && value.data[0] >= '0' && value.data[0] <= '9')
        device->driver = fact_text(arena, version_of(value));
}

static void set_cuda(struct arena *arena, struct device *device, struct str value)
{
    value = version_of(value);
    if (value.len > 0 && value.data[0] >= '0' && value.data[0] <= '9')
        extras_text(arena, device, EXTRA_CUDA, value);
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
    int64_t instances = 0;
    struct str line, key, value;
    while (str_next_line(&text, &line)) {
        if (!split_colon(line, &key, &value)) {
            /* A heading. Instances of a MIG card have "Shared FB Memory Usage" of their own. */
            in_memory = str_equal(str_trim(line), STR("FB Memory Usage"));
            instances += str_equal(str_trim(line), STR("MIG Device"));
        } else if (str_equal(key, STR("Driver Version")) || str_equal(key, STR("KMD Version"))) {
            set_driver(arena, device, value);
        } else if (str_equal(key, STR("CUDA Version")) || str_equal(key, STR("CUDA UMD Version"))) {
            set_cuda(arena, device, value);
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
    extras_number(arena, device, EXTRA_MIG, (double)instances);
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
    int64_t instances = 0;
    struct str line, value;
    while (str_next_line(&text, &line)) {
        instances += str_find(line, STR("<mig_device>"), 0) != SIZE_MAX;
        if (str_find(line, STR("<mig_devices>"), 0) != SIZE_MAX)
            in_instances = true;
        else if (str_find(line, STR("</mig_devices>"), 0) != SIZE_MAX)
            in_instances = false;
        else if (str_find(line, STR("<fb_memory_usage>"), 0) != SIZE_MAX)
            in_memory = !in_instances;
        else if (element(line, "driver_version", &value) || element(line, "kmd_version", &value))
            set_driver(arena, device, value);
        else if (element(line, "cuda_version", &value) || element(line, "cuda_umd_version", &value))
            set_cuda(arena, device, value);
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
    extras_number(arena, device, EXTRA_MIG, (double)instances);
    return found;
}

#define COLUMNS_MAX 256
struct columns {
    size_t name, memory, driver; /* SIZE_MAX = not among them */
};

/* "name, memory.total [MiB], driver_version": false when the line is no head. */
static bool read_head(struct str line, struct columns *ret)
{
    struct columns columns = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    struct str field;
    for (size_t i = 0; i < COLUMNS_MAX && str_next_field(&line, ',', &field); i++) {
        field = str_trim(field);
        if (str_equal(field, STR("name")) || str_equal(field, STR("gpu_name")))
            columns.name = i;
        else if (str_starts_with(field, STR("memory.total")))
            columns.memory = i;
        else if (str_equal(field, STR("driver_version")))
            columns.driver = i;
    }
    if (columns.name == SIZE_MAX)
        return false;
    *ret = columns;
    return true;
}

bool nvidia_parse_csv(struct str text, struct arena *arena, struct device *device)
{
    /* Without a head: the three columns that this program asks for. */
    struct columns columns = {0, 1, 2};
    struct str line;
    bool found = false;
    while (str_next_line(&text, &line)) {
        struct str field, name = STR(""), memory = STR(""), driver = STR("");
        if (str_starts_with(line, STR("#")) || read_head(line, &columns))
            continue;
        for (size_t i = 0; i < COLUMNS_MAX && str_next_field(&line, ',', &field); i++) {
            name = i == columns.name ? str_trim(field) : name;
            memory = i == columns.memory ? str_trim(field) : memory;
            driver = i == columns.driver ? str_trim(field) : driver;
        }
        const char *fact = fact_text(arena, name);
        if (fact == NULL)
            continue;
        set_driver(arena, device, driver);
        chips_add(arena, device, fact, "gpu", memory_of(memory), COUNT_UNKNOWN);
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
    /* Persistence mode, or the driver model of Windows. */
    static const char *const modes[] = {" Off", " N/A", " On", " WDDM", " TCC", " MCDM"};
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++)
        if (str_ends_with(cell, str_of(modes[i])))
            return fact_text(arena, str_slice(cell.data, cell.len - strlen(modes[i])));
    return NULL;
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

/* The word behind `key` in the head of the table. */
static struct str head_word(struct str line, const char *key)
{
    size_t at = str_find(line, str_of(key), 0);
    struct str word = STR("");
    if (at == SIZE_MAX)
        return word;
    struct str rest = str_trim(str_slice(line.data + at + strlen(key), line.len - at - strlen(key)));
    return str_next_field(&rest, ' ', &word) ? word : STR("");
}

bool nvidia_parse_table(struct str text, struct arena *arena, struct device *device)
{
    const char *name = NULL;
    bool found = false;
    struct str line;
    while (str_next_line(&text, &line)) {
        if (str_find(line, STR("Processes:"), 0) != SIZE_MAX || str_find(line, STR("MIG devices:"), 0) != SIZE_MAX)
            break;
        if (str_find(line, STR("NVIDIA-SMI "), 0) != SIZE_MAX) {
            set_driver(arena, device, head_word(line, "Driver Version:"));
            set_driver(arena, device, head_word(line, "KMD Version:"));
            set_cuda(arena, device, head_word(line, "CUDA Version:"));
            set_cuda(arena, device, head_word(line, "CUDA UMD Version:"));
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

/* Device 0: "NVIDIA L4" … Total amount of global memory: 22478 MBytes (23570219008 bytes) */
bool nvidia_parse_device_query(struct str text, struct arena *arena, struct device *device)
{
    static const char versions[] = "CUDA Driver Version / Runtime Version";
    const char *name = NULL;
    double memory = (double)NAN;
    bool found = false;
    struct str line;
    while (str_next_line(&text, &line)) {
        struct str trimmed = str_trim(line);
        size_t quote = str_find(trimmed, STR(": \""), 0), bytes = str_find(trimmed, STR(" MBytes ("), 0);
        if (str_starts_with(trimmed, STR("Device ")) && quote != SIZE_MAX && str_ends_with(trimmed, STR("\""))) {
            chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
            name = fact_text(arena, str_slice(trimmed.data + quote + 3, trimmed.len - quote - 4));
            memory = (double)NAN;
            found = true;
        } else if (str_starts_with(trimmed, STR("Total amount of global memory:")) && bytes != SIZE_MAX) {
            struct str rest = str_slice(trimmed.data + bytes + 9, trimmed.len - bytes - 9), digits;
            if (!str_next_field(&rest, ' ', &digits) || !number_parse(digits, &memory) || memory <= 0)
                memory = (double)NAN;
        } else if (str_starts_with(trimmed, STR("CUDA Driver Version / Runtime Version"))) {
            set_cuda(arena, device, head_word(trimmed, versions));
        }
    }
    chips_add(arena, device, name, "gpu", memory, COUNT_UNKNOWN);
    return found;
}
