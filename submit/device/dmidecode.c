#include "submit/device/dmidecode.h"

#include <math.h>

#include "schema/base/number.h"
#include "submit/device/board.h"
#include "submit/device/extras.h"
#include "submit/device/root.h"
#include "submit/device/virtualization.h"

enum section { SECTION_OTHER, SECTION_SYSTEM, SECTION_PROCESSOR, SECTION_MEMORY };

struct parse {
    struct arena *arena;
    const char *vendor, *product, *processor, *memory_type;
    double memory, speed;             /* bytes, MT/s */
    int64_t packages, cores, threads; /* of the populated sockets; 0 = none seen */
    bool populated;                   /* the module being read has a size */
};

static enum section section_of(struct str line)
{
    if (str_equal(line, STR("System Information")))
        return SECTION_SYSTEM;
    if (str_equal(line, STR("Processor Information")))
        return SECTION_PROCESSOR;
    return str_equal(line, STR("Memory Device")) ? SECTION_MEMORY : SECTION_OTHER;
}

/* "16384 MB", "16 GB"; NAN for "No Module Installed". */
static double size_of(struct str value)
{
    double number;
    size_t blank = str_find(value, STR(" "), 0);
    if (blank == SIZE_MAX || !number_parse(str_slice(value.data, blank), &number))
        return (double)NAN;
    struct str unit = str_trim(str_slice(value.data + blank, value.len - blank));
    double factor = str_equal(unit, STR("TB"))   ? 1099511627776.0
                    : str_equal(unit, STR("GB")) ? 1073741824.0
                    : str_equal(unit, STR("MB")) ? 1048576.0
                    : str_equal(unit, STR("kB")) ? 1024.0
                                                 : (double)NAN;
    return number * factor;
}

static void keep_first(struct parse *parse, const char **target, struct str value)
{
    if (*target == NULL)
        *target = fact_text(parse->arena, value);
}

/* "2133 MT/s"; older versions say MHz and mean the same. */
static double speed_of(struct str value)
{
    double number;
    size_t blank = str_find(value, STR(" "), 0);
    if (blank == SIZE_MAX || !number_parse(str_slice(value.data, blank), &number) || number <= 0)
        return (double)NAN;
    struct str unit = str_trim(str_slice(value.data + blank, value.len - blank));
    return str_equal(unit, STR("MT/s")) || str_equal(unit, STR("MHz")) ? number : (double)NAN;
}

static void take_memory(struct parse *parse, struct str key, struct str value)
{
    double bytes = str_equal(key, STR("Size")) ? size_of(value) : (double)NAN;
    if (str_equal(key, STR("Size")))
        parse->populated = !isnan(bytes);
    if (!isnan(bytes))
        parse->memory = isnan(parse->memory) ? bytes : parse->memory + bytes;
    if (!parse->populated)
        return;
    if (str_equal(key, STR("Type")) && !str_equal(value, STR("Other")))
        keep_first(parse, &parse->memory_type, value);
    /* The configured speed stands after the rated one and is the true one. */
    if ((str_equal(key, STR("Speed")) && isnan(parse->speed)) || str_equal(key, STR("Configured Memory Speed")) ||
        str_equal(key, STR("Configured Clock Speed"))) {
        double speed = speed_of(value);
        parse->speed = isnan(speed) ? parse->speed : speed;
    }
}

static void take_processor(struct parse *parse, struct str key, struct str value)
{
    int64_t number;
    if (str_equal(key, STR("Version")))
        keep_first(parse, &parse->processor, value);
    else if (str_equal(key, STR("Status")) && str_starts_with(value, STR("Populated")))
        parse->packages++;
    else if (str_equal(key, STR("Core Enabled")) && number_parse_int64(value, &number) && number > 0)
        parse->cores += number;
    else if (str_equal(key, STR("Thread Count")) && number_parse_int64(value, &number) && number > 0)
        parse->threads += number;
}

static void take(struct parse *parse, enum section section, struct str key, struct str value)
{
    if (section == SECTION_SYSTEM && str_equal(key, STR("Manufacturer")))
        keep_first(parse, &parse->vendor, value);
    else if (section == SECTION_SYSTEM && str_equal(key, STR("Product Name")))
        keep_first(parse, &parse->product, value);
    else if (section == SECTION_PROCESSOR)
        take_processor(parse, key, value);
    else if (section == SECTION_MEMORY)
        take_memory(parse, key, value);
}

static void set_count(int64_t *fact, int64_t count)
{
    if (*fact == COUNT_UNKNOWN && count > 0)
        *fact = count;
}

void dmidecode_apply(struct str text, struct arena *arena, struct device *device)
{
    struct parse parse = {.arena = arena, .memory = (double)NAN, .speed = (double)NAN};
    enum section section = SECTION_OTHER;
    struct str line;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(":"), 0);
        if (line.len > 0 && line.data[0] != '\t') {
            section = section_of(str_trim(line));
            parse.populated = false;
        } else if (colon != SIZE_MAX)
            take(&parse, section, str_trim(str_slice(line.data, colon)),
                 str_trim(str_slice(line.data + colon + 1, line.len - colon - 1)));
    }
    if (device->chip == NULL)
        device->chip = parse.processor;
    if (device->board == NULL)
        device->board = board_name(arena, parse.vendor, parse.product);
    if (device->virtualization == NULL)
        device->virtualization = vm_of_product(parse.vendor, parse.product);
    if (isnan(device->memory_bytes))
        device->memory_bytes = parse.memory;
    if (device->memory_type == NULL)
        device->memory_type = parse.memory_type;
    extras_number(arena, device, EXTRA_MEMORY_SPEED, parse.speed);
    /* Tables of virtual machines list every socket that they could have. */
    if (device->virtualization != NULL)
        return;
    set_count(&device->cpu_count, parse.packages);
    set_count(&device->cores, parse.cores);
    set_count(&device->threads, parse.threads);
}
