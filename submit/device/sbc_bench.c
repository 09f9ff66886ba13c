#include "submit/device/sbc_bench.h"

#include <string.h>

#include "schema/base/number.h"
#include "submit/device/arm_names.h"
#include "submit/device/board.h"
#include "submit/device/virtualization.h"

#define TYPES_MAX 8

static void set_text(const char **fact, struct arena *arena, struct str text)
{
    if (*fact == NULL)
        *fact = fact_text(arena, text);
}

static bool value_after(struct str line, const char *key, struct str *ret)
{
    struct str trimmed = str_trim(line);
    size_t length = strlen(key);
    if (!str_starts_with(trimmed, str_of(key)))
        return false;
    *ret = str_trim(str_slice(trimmed.data + length, trimmed.len - length));
    return true;
}

/* "Linux 6.2.0-26-generic (host) 	20/08/2023 	_x86_64_	(16 CPU)": release, architecture, threads; never
 * the host. */
static void take_kernel(struct str line, struct arena *arena, struct device *device)
{
    struct str rest = str_slice(line.data + 6, line.len - 6), word;
    if (!str_next_field(&rest, ' ', &word))
        return;
    set_text(&device->kernel, arena, word);
    size_t from = str_find(line, STR("\t_"), 0), count = str_find(line, STR("\t("), 0);
    if (from != SIZE_MAX) {
        size_t to = str_find(line, STR("_\t"), from + 2);
        if (to != SIZE_MAX)
            set_text(&device->architecture, arena, str_slice(line.data + from + 2, to - from - 2));
    }
    int64_t threads;
    if (count != SIZE_MAX && device->threads == COUNT_UNKNOWN) {
        rest = str_slice(line.data + count + 2, line.len - count - 2);
        if (str_next_field(&rest, ' ', &word) && number_parse_int64(word, &threads) && threads > 0)
            device->threads = threads;
    }
}

/* "sbc-bench v0.9.44 Khadas Mind 1.0 / i7-1360P review (date)": board and, past the slash, the chip. A single word can
 * be the host's name. */
static void take_title(struct str line, struct arena *arena, struct device *device)
{
    static const char *const tails[] = {" review", " unattended"};
    struct str rest = line, word;
    size_t date = str_find(line, STR(" ("), 0), last = SIZE_MAX;
    while (date != SIZE_MAX) {
        last = date;
        date = str_find(line, STR(" ("), date + 1);
    }
    if (!str_next_field(&rest, ' ', &word) || !str_next_field(&rest, ' ', &word) || last == SIZE_MAX)
        return;
    const char *end = line.data + last;
    if (rest.data >= end)
        return;
    struct str title = str_trim(str_slice(rest.data, (size_t)(end - rest.data)));
    for (size_t i = 0; i < ARRAY_LENGTH(tails); i++)
        if (str_ends_with(title, str_of(tails[i])))
            title.len -= strlen(tails[i]);
    size_t slash = str_find(title, STR("/ "), 0);
    if (slash != SIZE_MAX) {
        if (arm_is_core_name(device->chip))
            device->chip = NULL;
        set_text(&device->chip, arena, str_slice(title.data + slash + 2, title.len - slash - 2));
        title = str_trim(str_slice(title.data, slash));
    }
    if (str_find(title, STR(" "), 0) != SIZE_MAX)
        set_text(&device->board, arena, title);
}

void sbc_bench_header(struct str text, struct arena *arena, struct device *device)
{
    const char *maker = NULL, *product = NULL;
    struct str line, title = STR(""), value;
    bool in_device = false;
    while (str_next_line(&text, &line)) {
        if (str_starts_with(line, STR("sbc-bench v")) && title.len == 0)
            title = line;
        else if (str_starts_with(line, STR("Device Info:")))
            in_device = true;
        else if (line.len > 0 && line.data[0] != '\t')
            in_device = false;
        if (in_device && value_after(line, "Manufacturer:", &value))
            maker = fact_text(arena, value);
        else if (in_device && value_after(line, "Product Name:", &value))
            product = fact_text(arena, value);
        else if (value_after(line, "Distributor ID:", &value))
            set_text(&device->os_name, arena, value);
        else if (value_after(line, "Release:", &value) && line.data[0] == 'R')
            set_text(&device->os_version, arena, value);
        else if (str_starts_with(line, STR("Linux ")) && str_find(line, STR("CPU)"), 0) != SIZE_MAX)
            take_kernel(line, arena, device);
    }
    if (device->board == NULL)
        device->board = board_name(arena, maker, product);
    if (device->virtualization == NULL)
        device->virtualization = vm_of_product(maker, product);
    if (title.len > 0)
        take_title(title, arena, device);
}

struct core_type {
    struct str name;
    int64_t cpus, speed; /* MHz, -1 = not stated */
};

/* "  4        1        4      710    2419   Cortex-A77 / r1p0" */
static bool read_row(struct str line, struct core_type *ret)
{
    struct str word;
    int64_t number;
    size_t column = 0;
    ret->cpus = 1;
    ret->speed = -1;
    line = str_trim(line);
    while (column < 5) {
        while (line.len > 0 && line.data[0] == ' ')
            line = str_slice(line.data + 1, line.len - 1);
        if (!str_next_field(&line, ' ', &word) || word.len == 0 || (column < 3 && !number_parse_int64(word, &number)))
            return false;
        if (column == 4 && !number_parse_int64(word, &ret->speed))
            ret->speed = -1;
        column++;
    }
    ret->name = str_trim(line);
    size_t stepping = str_find(ret->name, STR(" / r"), 0);
    if (stepping != SIZE_MAX)
        ret->name = str_trim(str_slice(ret->name.data, stepping));
    return ret->name.len > 0;
}

static size_t add_row(struct core_type *types, size_t count, const struct core_type *row)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(types[i].name, row->name)) {
            types[i].cpus++;
            types[i].speed = row->speed > types[i].speed ? row->speed : types[i].speed;
            return count;
        }
    }
    if (count == TYPES_MAX)
        return count;
    size_t at = count;
    /* Fastest first; the table lists clusters slowest first, so equals go before. */
    while (at > 0 && types[at - 1].speed <= row->speed) {
        types[at] = types[at - 1];
        at--;
    }
    types[at] = *row;
    return count + 1;
}

static int64_t cores_of(const struct core_type *type, const struct device *device)
{
    if (device->cores == device->threads)
        return type->cpus;
    /* Only Performance cores of x86 run two threads here; of one the second may be off. */
    return str_equal(type->name, STR("Performance")) ? (type->cpus + 1) / 2 : type->cpus;
}

void sbc_bench_topology(struct str text, struct arena *arena, struct device *device)
{
    struct core_type types[TYPES_MAX], row;
    size_t count = 0;
    int64_t total = 0;
    struct str line;
    while (str_next_line(&text, &line)) {
        if (read_row(line, &row)) {
            count = add_row(types, count, &row);
            total++;
        }
    }
    if (total > 0 && device->threads == COUNT_UNKNOWN)
        device->threads = total;
    if (count == 1 && device->chip == NULL && !str_starts_with(types[0].name, STR("rv")) &&
        !str_equal(types[0].name, STR("-")))
        device->chip = fact_text(arena, types[0].name);
    if (count < 2 || device->core_kind_count > 0 || total != device->threads)
        return;
    struct core_kind *kinds = arena_alloc(arena, count, sizeof(*kinds));
    if (kinds == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        kinds[i] = (struct core_kind){fact_text(arena, types[i].name), cores_of(&types[i], device), types[i].cpus};
    device->core_kinds = kinds;
    device->core_kind_count = count;
}
