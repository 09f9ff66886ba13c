#include "submit/device/lscpu.h"

#include "schema/base/number.h"
#include "submit/device/root.h"

#define MODELS_MAX 8

struct model {
    struct str name;
    int64_t per_socket, sockets;
    int64_t per_core;
};
struct parse {
    struct model models[MODELS_MAX]; /* [0] also takes what stands before the first name */
    size_t count;                    /* names seen */
    struct str architecture, hypervisor;
    int64_t threads, online;
};

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
        if (!number_parse_int64(from, &first) || !number_parse_int64(to, &last) || last < first)
            return COUNT_UNKNOWN;
        total += last - first + 1;
    }
    return total > 0 ? total : COUNT_UNKNOWN;
}

static void take(struct parse *parse, struct str key, struct str value)
{
    struct model *model = &parse->models[parse->count == 0 ? 0 : parse->count - 1];
    if (str_equal(key, STR("Model name")) ||
        (str_equal(key, STR("Model")) && parse->count == 0 && integer(value) < 0)) {
        if (parse->count < MODELS_MAX) {
            struct model *next = &parse->models[parse->count++];
            /* Older versions print the counts before the name: the first model keeps them. */
            if (parse->count > 1)
                *next = (struct model){{NULL, 0}, COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN};
            next->name = value;
        }
    } else if (str_equal(key, STR("Architecture")))
        parse->architecture = value;
    else if (str_equal(key, STR("CPU(s)")))
        parse->threads = integer(value);
    else if (str_equal(key, STR("On-line CPU(s) list")))
        parse->online = count_list(value);
    else if (str_equal(key, STR("Core(s) per socket")) || str_equal(key, STR("Core(s) per cluster")))
        model->per_socket = integer(value);
    else if (str_equal(key, STR("Socket(s)")) || str_equal(key, STR("Cluster(s)"))) {
        if (integer(value) > 0)
            model->sockets = integer(value);
    } else if (str_equal(key, STR("Thread(s) per core")))
        model->per_core = integer(value);
    else if (str_equal(key, STR("Hypervisor vendor")))
        parse->hypervisor = value;
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
        if (model->per_socket > 0 && model->sockets > 0) {
            kinds[i].cores = model->per_socket * model->sockets;
            kinds[i].threads = model->per_core > 0 ? kinds[i].cores * model->per_core : COUNT_UNKNOWN;
        }
    }
    device->core_kinds = kinds;
    device->core_kind_count = parse->count;
}

static void apply_counts(const struct parse *parse, struct device *device)
{
    int64_t cores = 0, sockets = COUNT_UNKNOWN;
    size_t models = parse->count == 0 ? 1 : parse->count;
    for (size_t i = 0; i < models; i++) {
        const struct model *model = &parse->models[i];
        if (model->per_socket < 0 || model->sockets < 0)
            return;
        cores += model->per_socket * model->sockets;
        sockets = model->sockets > sockets ? model->sockets : sockets;
    }
    if (device->cores == COUNT_UNKNOWN)
        device->cores = cores;
    if (device->cpu_count == COUNT_UNKNOWN)
        device->cpu_count = sockets;
}

void lscpu_apply(struct str text, struct arena *arena, struct device *device)
{
    struct parse parse = {.threads = COUNT_UNKNOWN, .online = COUNT_UNKNOWN};
    parse.models[0] = (struct model){{NULL, 0}, COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN};
    struct str line;
    while (str_next_line(&text, &line)) {
        size_t colon = str_find(line, STR(":"), 0);
        if (colon != SIZE_MAX)
            take(&parse, str_trim(str_slice(line.data, colon)),
                 str_trim(str_slice(line.data + colon + 1, line.len - colon - 1)));
    }
    if (device->chip == NULL && parse.count > 0 && !str_starts_with(parse.models[0].name, STR("ARMv")))
        device->chip = fact_text(arena, parse.models[parse.count - 1].name);
    if (device->threads == COUNT_UNKNOWN)
        device->threads = parse.online > 0 ? parse.online : parse.threads;
    if (device->architecture == NULL)
        device->architecture = fact_text(arena, parse.architecture);
    if (device->virtualization == NULL && parse.hypervisor.len > 0)
        device->virtualization = "vm";
    apply_kinds(&parse, arena, device);
    apply_counts(&parse, device);
}
