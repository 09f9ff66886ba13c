#include "schema/formats/phoronix.h"

#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

#define GIB ((double)((int64_t)1 << 30))
#define MIB ((double)((int64_t)1 << 20))

/* ---------------------------------------------------------------- machines */

static bool same_machine(const struct xml_element *a, const struct xml_element *b)
{
    return text_equal(xml_child_text(a, "Hardware"), xml_child_text(b, "Hardware")) &&
           text_equal(xml_child_text(a, "Software"), xml_child_text(b, "Software"));
}

static int add_system(struct phoronix_machine *machine, struct arena *arena, const struct xml_element *system,
                      struct err *err)
{
    const struct xml_element **systems =
        arena_grow(arena, machine->systems, &machine->capacity, machine->count + 1, sizeof(struct xml_element *));
    if (systems == NULL)
        return arena_check(arena, err);
    machine->systems = systems;
    machine->systems[machine->count++] = system;
    return 0;
}

int phoronix_machines(const struct xml_element *root, struct arena *arena, struct phoronix_machine **ret,
                      size_t *ret_count, struct err *err)
{
    size_t count = 0, capacity = 0;
    struct phoronix_machine *machines = NULL;
    const struct xml_element *system = xml_child(root, "System");
    do {
        size_t i = 0;
        while (i < count && !same_machine(machines[i].systems[0], system))
            i++;
        if (i == count) {
            machines = arena_grow(arena, machines, &capacity, count + 1, sizeof *machines);
            if (machines == NULL)
                return arena_check(arena, err);
            machines[count++] = (struct phoronix_machine){0};
        }
        int r = add_system(&machines[i], arena, system, err);
        if (r < 0)
            return r;
        system = xml_sibling(system, "System");
    } while (system != NULL);
    *ret = machines;
    *ret_count = count;
    return 0;
}

bool phoronix_has_system(const struct phoronix_machine *machine, const struct xml_element *system)
{
    for (size_t i = 0; i < machine->count; i++)
        if (machine->systems[i] == system)
            return true;
    return false;
}

const struct xml_element *phoronix_system_of(const struct phoronix_machine *machine, const char *identifier)
{
    for (size_t i = 0; i < machine->count; i++)
        if (machine->systems[i] != NULL && text_equal(xml_child_text(machine->systems[i], "Identifier"), identifier))
            return machine->systems[i];
    return NULL;
}

/* ---------------------------------------------------------------- facts */

/* The value behind "Key: " up to the next ", Other Key: "; values hold commas themselves. */
static struct str value_of(const char *line, const char *key)
{
    struct str text = str_of(line), found = {0};
    size_t length = strlen(key);
    for (size_t at = 0; (at = str_find(text, str_of(key), at)) != SIZE_MAX; at++) {
        bool begins = at == 0 || (at >= 2 && text.data[at - 1] == ' ' && text.data[at - 2] == ',');
        if (!begins || at + length + 1 >= text.len || text.data[at + length] != ':')
            continue;
        size_t from = at + length + 1, end = from;
        while ((end = str_find(text, STR(", "), end)) != SIZE_MAX) {
            size_t letter = end + 2;
            while (letter < text.len && (text.data[letter] == ' ' || text.data[letter] == '-' ||
                                         (text.data[letter] >= 'A' && text.data[letter] <= 'Z') ||
                                         (text.data[letter] >= 'a' && text.data[letter] <= 'z')))
                letter++;
            if (letter > end + 2 && letter + 1 < text.len && text.data[letter] == ':' && text.data[letter + 1] == ' ')
                break;
            end++;
        }
        return str_trim(str_slice(text.data + from, (end == SIZE_MAX ? text.len : end) - from));
    }
    return found;
}

/* Takes "(…)" off the end; false when there is none. */
static bool take_brackets(struct str *text, struct str *ret_inside)
{
    if (!str_ends_with(*text, STR(")")))
        return false;
    size_t open = text->len;
    while (open > 0 && text->data[open - 1] != '(')
        open--;
    if (open == 0)
        return false;
    *ret_inside = str_slice(text->data + open, text->len - open - 1);
    *text = str_trim(str_slice(text->data, open - 1));
    return true;
}

/* "2 Cores", "1 Core", "16 Cores / 32 Threads" (before version 8: "Total Cores"). */
static void take_cores(struct device *device, struct str inside)
{
    struct str part;
    while (str_next_field(&inside, '/', &part)) {
        double count = 0;
        bool threads = str_find(part, STR("Thread"), 0) != SIZE_MAX;
        bool cores = str_find(part, STR("Core"), 0) != SIZE_MAX;
        if (!take_number(&part, &count) || count < 1 || count > 1e6)
            continue;
        if (threads)
            device->threads = (int64_t)count;
        else if (cores)
            device->cores = (int64_t)count;
    }
}

static void set_processor(struct reading *reading, struct str processor)
{
    struct device *device = &reading->device;
    struct str inside;
    double packages = 0;
    if (take_brackets(&processor, &inside))
        take_cores(device, inside);
    size_t clock = str_find(processor, STR(" @ "), 0);
    if (clock != SIZE_MAX)
        processor = str_trim(str_slice(processor.data, clock));
    struct str rest = processor;
    if (take_number(&rest, &packages) && take_text(&rest, STR("x ")) && packages >= 1 && packages < 1000) {
        device->cpu_count = (int64_t)packages;
        processor = rest;
    }
    device->chip = reader_text(&reading->arena, processor);
}

/* "8192MB", "16GB", "2 x 16GB DDR5-6000MT/s Maker Part": bytes, and the type where one stands there. */
static void set_memory(struct reading *reading, struct str memory)
{
    struct str rest = memory;
    double count = 1, size = 0;
    if (!take_number(&rest, &size))
        return;
    if (take_text(&rest, STR("x "))) {
        count = size;
        if (!take_number(&rest, &size))
            return;
    }
    double unit = take_text(&rest, STR("GB")) ? GIB : take_text(&rest, STR("MB")) ? MIB : 0;
    if (unit > 0 && size > 0)
        reading->device.memory_bytes = count * size * unit;
    size_t type = str_find(rest, STR("DDR"), 0);
    if (type == SIZE_MAX)
        return;
    size_t end = type;
    while (end < rest.len && rest.data[end] != ' ' && rest.data[end] != ',')
        end++;
    while (type > 0 && rest.data[type - 1] != ' ')
        type--;
    reading->device.memory_type = reader_text(&reading->arena, str_slice(rest.data + type, end - type));
}

static void set_graphics(struct reading *reading, struct str graphics)
{
    struct str inside;
    (void)take_brackets(&graphics, &inside);
    const char *name = reader_text(&reading->arena, graphics);
    struct device_chip *chip = name == NULL ? NULL : arena_alloc(&reading->arena, 1, sizeof *chip);
    if (chip == NULL)
        return;
    *chip =
        (struct device_chip){.name = name, .kind = "gpu", .count = 1, .cores = COUNT_UNKNOWN, .memory_bytes = MISSING};
    reading->device.chips = chip;
    reading->device.chip_count = 1;
}

static void set_os(struct reading *reading, const char *software)
{
    struct device *device = &reading->device;
    struct str os = value_of(software, "OS"), kernel = value_of(software, "Kernel"), inside;
    size_t space = os.len;
    while (space > 0 && os.data[space - 1] != ' ')
        space--;
    bool version = space > 0 && space < os.len && os.data[space] >= '0' && os.data[space] <= '9';
    device->os_name = reader_text(&reading->arena, version ? str_slice(os.data, space) : os);
    if (version)
        device->os_version = reader_text(&reading->arena, str_slice(os.data + space, os.len - space));
    if (take_brackets(&kernel, &inside))
        device->architecture = reader_text(&reading->arena, inside);
    device->kernel = reader_text(&reading->arena, kernel);
    device->virtualization = reader_text(&reading->arena, value_of(software, "System Layer"));
}

void phoronix_set_device(struct reading *reading, const struct xml_element *system)
{
    const char *hardware = xml_child_text(system, "Hardware");
    struct str board = value_of(hardware, "Motherboard"), inside;
    set_processor(reading, value_of(hardware, "Processor"));
    set_memory(reading, value_of(hardware, "Memory"));
    set_graphics(reading, value_of(hardware, "Graphics"));
    (void)take_brackets(&board, &inside);
    reading->device.board = reader_text(&reading->arena, board);
    set_os(reading, xml_child_text(system, "Software"));
}

void phoronix_set_software(struct reading *reading, struct run *run, const struct xml_element *system)
{
    static const struct {
        const char *key, *name;
    } kept[] = {{"Compiler", "compiler"}, {"File-System", "file_system"}, {"OpenGL", "opengl"},
                {"OpenCL", "opencl"},     {"Vulkan", "vulkan"},           {"Display Driver", "display_driver"}};
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        const char *value = reader_text(&reading->arena, value_of(xml_child_text(system, "Software"), kept[i].key));
        if (value != NULL)
            (void)parameters_set_word(&reading->arena, &run->setup, kept[i].name, value);
    }
}

const char *phoronix_version(struct reading *reading, const char *client)
{
    struct str rest = str_of(client), before, version;
    if (!take_until(&rest, STR(" v"), &before) || !str_next_field(&rest, ' ', &version))
        return NULL;
    return reader_text(&reading->arena, version);
}

const char *phoronix_metric_of(const char *scale, const char **ret_unit)
{
    static const struct {
        const char *scale, *unit, *metric;
    } words[] = {
        {"Requests Per Second", "req/s", "request_throughput"},
        {"Frames Per Second", "frames/s", "frame_throughput"},
        {"FPS", "frames/s", "frame_throughput"},
        {"Tokens Per Second", "tok/s", "generation_throughput"},
        {"Images Per Second", "samples/s", "sample_throughput"},
        {"Operations Per Second", "ops/s", "operation_throughput"},
        {"Ops/sec", "ops/s", "operation_throughput"},
        {"IOPS", "IOPS", "io_operations"},
        {"Transactions Per Second", "/s", "transaction_throughput"},
        {"Queries Per Second", "/s", "query_throughput"},
        {"Milliseconds", "ms", "time"},
        {"Microseconds", "us", "time"},
        {"Nanoseconds", "ns", "time"},
        {"Watts", "W", "power"},
        {"Joules", "J", "energy"},
        {"Celsius", "°C", "temperature"},
    };
    *ret_unit = scale == NULL ? "" : scale;
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (text_equal_ignore_case(scale, words[i].scale)) {
            *ret_unit = words[i].unit;
            return words[i].metric;
        }
    const char *metric = figures_metric_of(*ret_unit);
    bool bytes =
        figures_direction_of(*ret_unit) == DIRECTION_HIGHER && str_find(str_of(*ret_unit), STR("B/s"), 0) != SIZE_MAX;
    return metric == NULL && bytes ? "data_throughput" : metric;
}
