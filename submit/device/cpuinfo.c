#include "submit/device/cpuinfo.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/bundle/types.h"
#include "submit/device/root.h"

struct core_place {
    int64_t package, core;
};

struct parse {
    struct cpuinfo *info;
    int64_t package, core; /* of the block being read; -1 = not stated */
    int64_t siblings, cores_per_package;
    unsigned implementer;
    struct core_place *places;
    size_t place_count, place_capacity;
};

static void end_block(struct parse *parse)
{
    if (parse->core >= 0 &&
        mem_grow(&parse->places, &parse->place_capacity, parse->place_count + 1, sizeof(*parse->places)) == 0) {
        int64_t package = parse->package < 0 ? 0 : parse->package;
        parse->places[parse->place_count++] = (struct core_place){package, parse->core};
    }
    parse->package = -1;
    parse->core = -1;
}

static void count_processor(struct parse *parse)
{
    end_block(parse);
    if (parse->info->processors == COUNT_UNKNOWN)
        parse->info->processors = 0;
    parse->info->processors++;
}

static void add_part(struct parse *parse, unsigned part)
{
    struct cpuinfo *info = parse->info;
    for (size_t i = 0; i < info->part_count; i++) {
        if (info->parts[i].implementer == parse->implementer && info->parts[i].part == part) {
            info->parts[i].count++;
            return;
        }
    }
    if (info->part_count < CPUINFO_PARTS_MAX)
        info->parts[info->part_count++] = (struct cpu_part){parse->implementer, part, 1};
}

static int64_t integer(struct str value)
{
    int64_t number;
    return number_parse_int64(value, &number) ? number : -1;
}

static unsigned hexadecimal(struct str value)
{
    uint64_t number;
    if (str_starts_with(value, STR("0x")))
        value = str_slice(value.data + 2, value.len - 2);
    return number_parse_uint64_hex(value, &number) && number <= 0xffffff ? (unsigned)number : 0;
}

static bool has_word(struct str text, const char *word)
{
    struct str field;
    while (str_next_field(&text, ' ', &field))
        if (str_equal(field, str_of(word)))
            return true;
    return false;
}

/* "ARMv8 Processor rev 1 (v8l)" and the like name no product. */
static bool is_generic(struct str name)
{
    return str_starts_with(name, STR("ARMv")) || str_starts_with(name, STR("AArch64")) ||
           str_starts_with(name, STR("Virtualized"));
}

static void set_name(struct cpuinfo *info, struct str name)
{
    if (name.len == 0)
        return;
    struct str *target = is_generic(name) ? &info->generic_name : &info->name;
    if (target->len == 0)
        *target = name;
}

static bool key_is(struct str key, const char *word)
{
    return str_equal_ignore_case(key, str_of(word));
}

static void take_counts(struct parse *parse, struct str key, struct str value)
{
    if (key_is(key, "physical id") || key_is(key, "package"))
        parse->package = integer(value);
    else if (key_is(key, "core id") || key_is(key, "core"))
        parse->core = integer(value);
    else if (key_is(key, "siblings"))
        parse->siblings = integer(value);
    else if (key_is(key, "cpu cores"))
        parse->cores_per_package = integer(value);
    else if (key_is(key, "# processors") || key_is(key, "ncpus active"))
        parse->info->processors = integer(value);
}

static void take_arm(struct parse *parse, struct str key, struct str value)
{
    struct cpuinfo *info = parse->info;
    if (key_is(key, "cpu implementer"))
        parse->implementer = hexadecimal(value);
    else if (key_is(key, "cpu part"))
        add_part(parse, hexadecimal(value));
    else if (str_equal(key, STR("Hardware")))
        info->hardware = value;
    else if (str_equal(key, STR("Model")))
        info->board = value;
    else if (str_equal(key, STR("Revision")))
        info->revision = value;
    else if (str_equal(key, STR("CPU architecture")))
        info->architecture = integer(value) >= 8 ? "aarch64" : "arm";
}

static void take_names(struct parse *parse, struct str key, struct str value)
{
    struct cpuinfo *info = parse->info;
    if (str_equal(key, STR("vendor_id")) && info->vendor.len == 0)
        info->vendor = value;
    if (key_is(key, "model name") || key_is(key, "cpu model") || key_is(key, "cpu") || key_is(key, "uarch"))
        set_name(info, value);
    else if (str_equal(key, STR("flags"))) {
        info->hypervisor = info->hypervisor || has_word(value, "hypervisor");
        if (info->architecture == NULL)
            info->architecture = has_word(value, "lm") ? "x86_64" : "i686";
    } else if (str_equal(key, STR("isa")) && str_starts_with(value, STR("rv")))
        info->architecture = str_starts_with(value, STR("rv32")) ? "riscv32" : "riscv64";
    else if (key_is(key, "isa") && str_find(value, STR("loongarch64"), 0) != SIZE_MAX)
        info->architecture = "loongarch64";
    else if (key_is(key, "vendor_id") && str_equal(value, STR("IBM/S390")))
        info->architecture = "s390x";
    else if (key_is(key, "platform") && str_starts_with(value, STR("P")))
        info->architecture = "ppc64";
    else if (key_is(key, "type") && str_starts_with(value, STR("sun4u")))
        info->architecture = "sparc64";
}

static void take_line(struct parse *parse, struct str line)
{
    size_t colon = str_find(line, STR(":"), 0);
    if (colon == SIZE_MAX)
        return;
    struct str key = str_trim(str_slice(line.data, colon));
    struct str value = str_trim(str_slice(line.data + colon + 1, line.len - colon - 1));
    if (str_equal(key, STR("processor")))
        count_processor(parse);
    else if (str_equal(key, STR("Processor")) && integer(value) < 0)
        set_name(parse->info, value);
    take_counts(parse, key, value);
    take_arm(parse, key, value);
    take_names(parse, key, value);
}

static int compare_places(const void *a, const void *b)
{
    const struct core_place *left = a, *right = b;
    if (left->package != right->package)
        return left->package < right->package ? -1 : 1;
    return (left->core > right->core) - (left->core < right->core);
}

static void count_places(struct parse *parse)
{
    struct cpuinfo *info = parse->info;
    if (parse->place_count == 0 || info->processors < 1 || parse->place_count != (size_t)info->processors)
        return;
    qsort(parse->places, parse->place_count, sizeof(*parse->places), compare_places);
    info->packages = 1;
    info->cores = 1;
    for (size_t i = 1; i < parse->place_count; i++) {
        if (parse->places[i].package != parse->places[i - 1].package)
            info->packages++;
        if (compare_places(&parse->places[i], &parse->places[i - 1]) != 0)
            info->cores++;
    }
}

/* Some kernels list one CPU part behind all processors, and an excerpt lists one CPU of many. */
static void settle(struct parse *parse)
{
    struct cpuinfo *info = parse->info;
    count_places(parse);
    if (info->part_count == 1 && info->parts[0].count == 1 && info->processors > 1)
        info->parts[0].count = info->processors;
    if (parse->siblings > info->processors) {
        info->threads = parse->siblings;
        info->packages = COUNT_UNKNOWN;
        info->cores = parse->cores_per_package > 0 ? parse->cores_per_package : COUNT_UNKNOWN;
    } else if (info->processors > 0) {
        info->threads = info->processors;
    }
}

const char *cpu_vendor_name(struct str vendor, struct arena *arena)
{
    static const char *const names[][2] = {
        {"GenuineIntel", "Intel"},  {"AuthenticAMD", "AMD"}, {"HygonGenuine", "Hygon"},
        {"CentaurHauls", "VIA"},    {"ARM", "Arm"},          {"Nvidia", "NVIDIA"},
        {"  Shanghai  ", "Zhaoxin"}};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(vendor, str_trim(str_of(names[i][0]))))
            return names[i][1];
    return fact_text(arena, vendor);
}

const char *raspberry_chip(struct str revision)
{
    static const char *const chips[] = {"Broadcom BCM2835", "Broadcom BCM2836", "Broadcom BCM2837", "Broadcom BCM2711",
                                        "Broadcom BCM2712"};
    uint64_t code;
    /* Bit 23 marks the new style, bits 12 to 15 are the chip (raspberrypi.com, "Raspberry Pi revision codes"). All
     * boards of the old style had the first chip. */
    if (!number_parse_uint64_hex(revision, &code) || code == 0 || code > 0xffffffff)
        return NULL;
    if ((code & 0x800000) == 0)
        return (code & 0xffffff) <= 0x15 ? chips[0] : NULL;
    return (code >> 12 & 0xf) < ARRAY_LENGTH(chips) ? chips[code >> 12 & 0xf] : NULL;
}

void cpuinfo_parse(struct str text, struct cpuinfo *ret)
{
    *ret = (struct cpuinfo){
        .processors = COUNT_UNKNOWN, .packages = COUNT_UNKNOWN, .cores = COUNT_UNKNOWN, .threads = COUNT_UNKNOWN};
    struct parse parse = {.info = ret, .package = -1, .core = -1, .siblings = -1, .cores_per_package = -1};
    struct str line;
    while (str_next_line(&text, &line))
        take_line(&parse, line);
    end_block(&parse);
    settle(&parse);
    free(parse.places);
}
