#include "submit/device/inxi.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/board.h"

static void set_text(const char **fact, struct arena *arena, struct str text)
{
    if (*fact == NULL)
        *fact = fact_text(arena, text);
}

/* The words behind `key` up to the next "word:" of the line; empty when it is not there. */
static struct str value_of(struct str line, const char *key)
{
    size_t at = str_find(line, str_of(key), 0);
    if (at == SIZE_MAX || (at > 0 && line.data[at - 1] != ' '))
        return STR("");
    struct str rest = str_trim(str_slice(line.data + at + strlen(key), line.len - at - strlen(key))), word;
    struct str value = str_slice(rest.data, 0);
    while (str_next_field(&rest, ' ', &word)) {
        if (str_ends_with(word, STR(":")))
            break;
        value.len = (size_t)(word.data + word.len - value.data);
    }
    return str_trim(value);
}

/* "Info: 16-core AMD RYZEN AI MAX+ 395 w/ Radeon 8060S [MT MCP]", "Info: quad core model: Intel Core i5-3317U bits: 64"
 */
static void take_cpu(struct str line, struct arena *arena, struct device *device)
{
    struct str name = value_of(line, "model:"), info = value_of(line, "Info:"), word, rest;
    size_t bracket;
    int64_t cores;
    if (info.len == 0)
        info = value_of(line, "Topology:");
    rest = info;
    if (str_next_field(&rest, ' ', &word) && str_find(word, STR("-core"), 0) != SIZE_MAX) {
        word.len = str_find(word, STR("-core"), 0);
        if (device->cores == COUNT_UNKNOWN && number_parse_int64(word, &cores) && cores > 0)
            device->cores = cores;
        if (name.len == 0)
            name = rest;
    }
    bracket = str_find(name, STR(" ["), 0);
    if (bracket != SIZE_MAX) {
        if (device->threads == COUNT_UNKNOWN && device->cores > 0)
            device->threads = str_find(name, STR("MT"), bracket) != SIZE_MAX ? device->cores * 2 : COUNT_UNKNOWN;
        name.len = bracket;
    }
    set_text(&device->chip, arena, name);
}

static void take_memory(struct str line, struct device *device)
{
    struct str value = value_of(line, "total:");
    double number;
    size_t blank = str_find(value, STR(" "), 0);
    if (isnan(device->memory_bytes) && blank != SIZE_MAX && number_parse(str_slice(value.data, blank), &number) &&
        number > 0)
        device->memory_bytes = str_find(value, STR("GiB"), 0) != SIZE_MAX   ? number * 1073741824.0
                               : str_find(value, STR("MiB"), 0) != SIZE_MAX ? number * 1048576.0
                                                                            : (double)NAN;
}

void inxi_apply(struct str text, struct arena *arena, struct device *device)
{
    const char *maker = NULL, *product = NULL;
    struct str line, section = STR("");
    while (str_next_line(&text, &line)) {
        if (line.len > 0 && line.data[0] != ' ') {
            section = str_trim(line);
            continue;
        }
        if (str_equal(section, STR("System:"))) {
            set_text(&device->kernel, arena, value_of(line, "Kernel:"));
            set_text(&device->architecture, arena, value_of(line, "arch:"));
            set_text(&device->os_name, arena, value_of(line, "Distro:"));
        } else if (str_equal(section, STR("Machine:"))) {
            set_text(&maker, arena, value_of(line, "System:"));
            set_text(&product, arena, value_of(line, "product:"));
        } else if (str_equal(section, STR("CPU:"))) {
            take_cpu(line, arena, device);
        } else if (str_find(line, STR("Memory:"), 0) != SIZE_MAX) {
            take_memory(line, device);
        }
    }
    if (device->board == NULL)
        device->board = board_name(arena, maker, product);
}
