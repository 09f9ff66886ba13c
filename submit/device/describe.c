#include <math.h>

#include "schema/base/number.h"
#include "submit/device/device.h"

#define GIB 1073741824.0

static void line(struct buf *into, const char *name, const char *value)
{
    if (value != NULL)
        buf_addf(into, "%-16s %s\n", name, value);
}

static void count_line(struct buf *into, const char *name, int64_t value)
{
    if (value != COUNT_UNKNOWN)
        buf_addf(into, "%-16s %lld\n", name, (long long)value);
}

static void memory_line(struct buf *into, const char *name, double bytes)
{
    char text[NUMBER_TEXT_SIZE];
    if (!isnan(bytes))
        buf_addf(into, "%-16s %s GiB\n", name, number_fixed(text, sizeof(text), bytes / GIB, 1));
}

static void describe_kinds(const struct device *device, struct buf *into)
{
    if (device->core_kind_count == 0)
        return;
    buf_addf(into, "%-16s ", "kinds of cores");
    for (size_t i = 0; i < device->core_kind_count; i++) {
        const struct core_kind *kind = &device->core_kinds[i];
        int64_t count = kind->cores != COUNT_UNKNOWN ? kind->cores : kind->threads;
        buf_adds(into, i == 0 ? "" : ", ");
        if (count != COUNT_UNKNOWN)
            buf_addf(into, "%lld ", (long long)count);
        buf_adds(into, kind->name == NULL ? "unnamed" : kind->name);
    }
    buf_addc(into, '\n');
}

static void describe_chips(const struct device *device, struct buf *into)
{
    for (size_t i = 0; i < device->chip_count; i++) {
        const struct device_chip *chip = &device->chips[i];
        char text[NUMBER_TEXT_SIZE];
        buf_addf(into, "%-16s ", chip->kind == NULL ? "chip" : chip->kind);
        if (chip->count > 1)
            buf_addf(into, "%lld x ", (long long)chip->count);
        buf_adds(into, chip->name);
        if (!isnan(chip->memory_bytes))
            buf_addf(into, ", %s GiB", number_fixed(text, sizeof(text), chip->memory_bytes / GIB, 1));
        buf_addc(into, '\n');
    }
}

static void describe_extra(const struct device *device, struct buf *into)
{
    for (size_t i = 0; i < device->extra.count; i++) {
        const struct parameter *item = &device->extra.items[i];
        char text[NUMBER_TEXT_SIZE];
        const char *value = item->type == PARAMETER_WORD      ? item->word
                            : item->type == PARAMETER_BOOLEAN ? (item->number > 0 ? "yes" : "no")
                                                              : number_shortest(text, item->number);
        line(into, item->name, value);
    }
}

void device_describe(const struct device *device, struct buf *into)
{
    line(into, "chip", device->chip);
    count_line(into, "packages", device->cpu_count);
    count_line(into, "cores", device->cores);
    count_line(into, "threads", device->threads);
    count_line(into, "usable threads", device->usable_threads);
    describe_kinds(device, into);
    count_line(into, "gpu cores", device->gpu_cores);
    describe_chips(device, into);
    memory_line(into, "memory", device->memory_bytes);
    line(into, "memory type", device->memory_type);
    line(into, "board", device->board);
    line(into, "architecture", device->architecture);
    line(into, "os", device->os_name);
    line(into, "os version", device->os_version);
    line(into, "kernel", device->kernel);
    line(into, "driver", device->driver);
    line(into, "virtualization", device->virtualization);
    describe_extra(device, into);
}
