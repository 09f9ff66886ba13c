#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "submit/device/absent.h"
#include "submit/device/device.h"
#include "submit/device/facts.h"

#define KIB 1024.0
#define MIB 1048576.0
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

/* In the unit in which it is at least one, with a decimal where it is no whole number. Caches are the sum of all of a
 * level. */
static const char *size_text(struct buf *into, double bytes, bool sum)
{
    char text[NUMBER_TEXT_SIZE];
    const double unit = bytes >= GIB ? GIB : bytes >= MIB ? MIB : KIB;
    const bool whole = fmod(bytes, unit) < 0.5;
    buf_addf(into, "%s %s", number_fixed(text, sizeof(text), bytes / unit, whole ? 0 : 1),
             bytes >= GIB   ? "GiB"
             : bytes >= MIB ? "MiB"
                            : "KiB");
    buf_adds(into, sum ? " in all" : "");
    return buf_text(into);
}

static void describe_extra(const struct fact *fact, const struct device *device, struct buf *into)
{
    const struct parameter *item = fact_extra_of(device, fact);
    autobuf struct buf size = BUF(64);
    char text[NUMBER_TEXT_SIZE];
    if (item != NULL && item->type == PARAMETER_NUMBER && text_ends_with(fact->key, "_bytes"))
        line(into, fact->title, size_text(&size, item->number, strstr(fact->key, "_cache_") != NULL));
    else if (item != NULL)
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

void device_describe_absent(const struct device *device, const char *root, enum device_platform platform,
                            struct buf *into)
{
    const char *heading = "\nnot known:\n";
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        autobuf struct buf reason = BUF(8192);
        if (fact_is_known(fact, device) || !absent_reason(fact, root, platform, &reason))
            continue;
        buf_adds(into, heading);
        heading = "";
        line(into, fact->title, buf_text(&reason));
    }
}
