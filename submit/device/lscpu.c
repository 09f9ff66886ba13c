#include "submit/device/lscpu.h"

#include <math.h>

#include "schema/base/number.h"
#include "submit/device/arm_names.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/extras.h"
#include "submit/device/root.h"
#include "submit/device/virtualization.h"

#define MODELS_MAX 8
#define CPU_NUMBER_MAX 1000000

struct model {
    struct str name;
    int64_t per_socket, sockets;
    int64_t per_core;
};
struct parse {
    struct model models[MODELS_MAX]; /* [0] also takes what stands before the first name */
    size_t count;                    /* names seen */
    struct str architecture, hypervisor, bios_name, vendor;
    int64_t threads, online, nodes;
    double caches[4]; /* bytes, in the order of cache_lines */
};

static const struct {
    const char *key;
    enum extra extra;
} cache_lines[] = {{"L1d cache", EXTRA_L1D_CACHE},
                   {"L1i cache", EXTRA_L1I_CACHE},
                   {"L2 cache", EXTRA_L2_CACHE},
                   {"L3 cache", EXTRA_L3_CACHE}};

static const struct model no_model = {{NULL, 0}, COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN};

static int64_t integer(struct str value)
{
    int64_t number;
    return number_parse_int64(value, &number) && number > 0 ? number : COUNT_UNKNOWN;
}

static int64_t count_list(struct str list)
{
    int64_t total = 0;
    struct str field;
    while (str_next_field(&list, ',', &field)) {
        int64_t first, last;
        struct str from = str_trim(field);
        size_t dash = str_find(from, STR("-"), 0);
        struct str to = from;
        if (dash != SIZE_MAX) {
            to = str_slice(from.data + dash + 1, from.len - dash - 1);
            from.len = dash;
        }
        if (!number_parse_int64(from, &first) || !number_parse_int64(to, &last) || first < 0 || last < first ||
            last > CPU_NUMBER_MAX)
            return COUNT_UNKNOWN;
        total += last - first + 1;
    }
    return total > 0 ? total : COUNT_UNKNOWN;
}

/* "18 MiB (1 instance)": the sum of all. Older versions print one instance ("64K") and are not taken. */
static double cache_size(struct str value)
{
    static const char *const units[] = {"KiB", "MiB", "GiB"};
    static const double factors[] = {1024.0, 1048576.0, 1073741824.0, 1099511627776.0};
    double number;
    size_t blank = str_find(value, STR(" "), 0);
    if (blank == SIZE_MAX || str_find(value, STR("instance"), 0) == SIZE_MAX ||
        !number_parse(str_slice(value.data, blank), &number))
        return (double)NAN;
    struct str unit = str_trim(str_slice(value.data + blank, value.len - blank));
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_starts_with(unit, str_of(units[i])))
            return number * factors[i];
    return (double)NAN;
}

static void begin_model(struct parse *parse, struct str name)
{
    if (parse->count >= MODELS_MAX)
        return;
    struct model *next = &parse->models[parse->count++];
    /* Older versions print the counts before the name: the first model keeps them. */
    if (parse->count > 1)
        *next = no_model;
    next->name = name;
}

/* On POWER and s390 older versions name the processor in "Model"; elsewhere that is a number. */
static bool is_name(struct str key, struct str value, const struct parse *parse)
{
    int64_t number;
    return str_equal(key, STR("Model name")) ||
           (str_equal(key, STR("Model")) && parse->count == 0 && !number_parse_int64(value, &number) &&
            !str_starts_with(value, STR("0x")));
}

static void take_counts(struct parse *parse, struct str key, struct str value)
{
    struct model *model = &parse->models[parse->count == 0 ? 0 : parse->count - 1];
    if (str_equal(key, STR("CPU(s)")))
        parse->threads = integer(value);
    else if (str_equal(key, STR("On-line CPU(s) list")))
        parse->online = count_list(value);
    else if (str_equal(key, STR("NUMA node(s)")))
        parse->nodes = integer(value);
    else if (str_equal(key, STR("Core(s) per socket")) || str_equal(key, STR("Core(s) per cluster")))
        model->per_socket = integer(value);
    else if (str_equal(key, STR("Socket(s)")) || str_equal(key, STR("Cluster(s)"))) {
        if (integer(value) > 0)
            model->sockets = integer(value);
    } else if (str_equal(key, STR("Thread(s) per core")))
        model->per_core = integer(value);
}

static void take(struct parse *parse, struct str key, struct str value)
{
    if (is_name(key, value, parse))
        begin_model(parse, value);
    else if (str_equal(key, STR("Architecture")))
        parse->architecture = value;
    else if (str_equal(key, STR("Vendor ID")))
        parse->vendor = value;
    else if (str_equal(key, STR("BIOS Model name")) && parse->bios_name.len == 0)
        parse->bios_name = value;
    else if (str_equal(key, STR("Hypervisor vendor")))
        parse->hypervisor = value;
    else
        take_counts(parse, key, value);
    for (size_t i = 0; i < ARRAY_LENGTH(cache_lines); i++)
        if (str_equal(key, str_of(cache_lines[i].key)))
            parse->caches[i] = cache_size(value);
}

static void apply_kinds(const struct parse *parse, struct arena *arena, struct device *device)
{
    if (parse->count < 2 || device->core_kind_count > 0)
        return;
    struct core_kind *kinds = arena_alloc(arena, parse->count, sizeof(*kinds));
    if (kinds == NULL)
        return;
    /* The kernel lists clusters slowest first. */
    for (size_t i = 0; i < parse->count; i++) {
        const struct model *model = &parse->models[parse->count - 1 - i];
        kinds[i] = (struct core_kind){fact_text(arena, model->name), COUNT_UNKNOWN, COUNT_UNKNOWN};
        /* Two nameless models are steppings of one core as often as two kinds. */
        if (kinds[i].name == NULL || (i > 0 && text_equal(kinds[i].name, kinds[i - 1].name)))
            return;
        if (model->per_socket > 0 && model->sockets > 0) {
            kinds[i].cores = model->per_socket * model->sockets;
            kinds[i].threads = model->per_core > 0 ? kinds[i].cores * model->per_core : COUNT_UNKNOWN;
        }
    }
    device->core_kinds = kinds;
    device->core_kind_count = parse->count;
}

/* "2 threads per core" with fewer threads than that makes: a hybrid, whose Efficiency cores have one. */
static void apply_hybrid(const struct parse *parse, struct arena *arena, struct device *device)
{
    const struct model *model = &parse->models[0];
    int64_t fast = device->threads - device->cores;
    if (device->core_kind_count > 0 || parse->count != 1 || model->per_core != 2 || parse->online != parse->threads ||
        !str_equal(parse->vendor, STR("GenuineIntel")) || fast <= 0 || fast >= device->cores)
        return;
    struct core_kind *kinds = arena_alloc(arena, 2, sizeof(*kinds));
    if (kinds == NULL)
        return;
    kinds[0] = (struct core_kind){"Performance", fast, fast * 2};
    kinds[1] = (struct core_kind){"Efficiency", device->cores - fast, device->cores - fast};
    device->core_kinds = kinds;
    device->core_kind_count = 2;
}

static void apply_counts(const struct parse *parse, struct device *device)
{
    int64_t cores = 0, sockets = COUNT_UNKNOWN, per_core = COUNT_UNKNOWN;
    size_t models = parse->count == 0 ? 1 : parse->count;
    for (size_t i = 0; i < models; i++) {
        const struct model *model = &parse->models[i];
        if (model->per_socket < 0 || model->sockets < 0)
            return;
        cores += model->per_socket * model->sockets;
        sockets = model->sockets > sockets ? model->sockets : sockets;
        per_core = model->per_core > per_core ? model->per_core : per_core;
    }
    /* Clusters of different sizes are counted as if all were like the first: then the threads tell better. */
    if (per_core == 1 && device->threads > 0 && cores != device->threads)
        cores = device->threads;
    if (device->cores == COUNT_UNKNOWN)
        device->cores = cores;
    if (device->cpu_count == COUNT_UNKNOWN)
        device->cpu_count = sockets;
}

/* lscpu appends "CPU @ 3.2GHz" to what the firmware calls the processor. */
static struct str bios_name(struct str name)
{
    size_t clock = str_find(name, STR(" CPU @ "), 0);
    if (clock != SIZE_MAX)
        name.len = clock;
    name = str_trim(name);
    if (str_ends_with(name, STR(" Not Set")))
        name = str_trim(str_slice(name.data, name.len - 8));
    return str_starts_with(name, STR("Not ")) || str_find(name, STR("virt-"), 0) == 0 ? STR("") : name;
}

static const char *chip_of(const struct parse *parse, struct arena *arena)
{
    const char *name = parse->count == 0 ? NULL : fact_text(arena, parse->models[parse->count - 1].name);
    if (text_starts_with(name, "ARMv") || text_starts_with(name, "AArch64"))
        name = NULL;
    if (name == NULL || arm_is_core_name(name)) {
        const char *firmware = fact_text(arena, bios_name(parse->bios_name));
        name = firmware != NULL ? firmware : name;
    }
    return name;
}

void lscpu_apply(struct str text, struct arena *arena, struct device *device)
{
    struct parse parse = {.threads = COUNT_UNKNOWN, .online = COUNT_UNKNOWN, .nodes = COUNT_UNKNOWN};
    parse.models[0] = no_model;
    struct str line;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(":"), 0);
        if (colon != SIZE_MAX)
            take(&parse, str_trim(str_slice(line.data, colon)),
                 str_trim(str_slice(line.data + colon + 1, line.len - colon - 1)));
    }
    if (device->chip == NULL)
        device->chip = chip_of(&parse, arena);
    if (device->threads == COUNT_UNKNOWN)
        device->threads = parse.online > 0 ? parse.online : parse.threads;
    if (device->architecture == NULL)
        device->architecture = fact_text(arena, parse.architecture);
    if (device->virtualization == NULL && parse.hypervisor.len > 0)
        device->virtualization = vm_of_hypervisor(parse.hypervisor);
    apply_kinds(&parse, arena, device);
    apply_counts(&parse, device);
    apply_hybrid(&parse, arena, device);
    if (!str_starts_with(parse.vendor, STR("0x")))
        extras_word(arena, device, EXTRA_CPU_VENDOR, cpu_vendor_name(parse.vendor, arena));
    extras_number(arena, device, EXTRA_NUMA_NODES, (double)parse.nodes);
    for (size_t i = 0; i < ARRAY_LENGTH(cache_lines); i++)
        extras_number(arena, device, cache_lines[i].extra, parse.caches[i]);
}
