#include <math.h>

#include "schema/base/number.h"
#include "submit/device/device.h"
#include "submit/device/facts.h"

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

static void describe_extra(const struct fact *fact, const struct device *device, struct buf *into)
{
    const struct parameter *item = fact_extra_of(device, fact);
    char text[NUMBER_TEXT_SIZE];
    if (item != NULL)
        line(into, fact->title, item->type == PARAMETER_WORD ? item->word : number_shortest(text, item->number));
}

void device_describe(const struct device *device, struct buf *into)
{
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        switch (fact->type) {
        case FACT_TEXT:
            line(into, fact->title, fact_text_of(device, fact));
            break;
        case FACT_COUNT:
            count_line(into, fact->title, fact_count_of(device, fact));
            break;
        case FACT_NUMBER:
            memory_line(into, fact->title, fact_number_of(device, fact));
            break;
        case FACT_KINDS:
            describe_kinds(device, into);
            break;
        case FACT_CHIPS:
            describe_chips(device, into);
            break;
        case FACT_EXTRA_NUMBER:
        case FACT_EXTRA_WORD:
            describe_extra(fact, device, into);
            break;
        }
    }
}
