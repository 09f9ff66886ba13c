#include "submit/device/chips.h"

#include <math.h>

#include "schema/base/number.h"
#include "schema/bundle/limits.h"

static bool same_memory(double a, double b)
{
    return (isnan(a) && isnan(b)) || number_equal(a, b);
}

void chips_add(struct arena *arena, struct device *device, const char *name, const char *kind, double memory_bytes,
               int64_t cores)
{
    if (name == NULL || device->chip_count >= BUNDLE_CHIPS_MAX)
        return;
    for (size_t i = 0; i < device->chip_count; i++) {
        struct device_chip *chip = &device->chips[i];
        if (text_equal(chip->name, name) && text_equal(chip->kind, kind) &&
            same_memory(chip->memory_bytes, memory_bytes)) {
            chip->count++;
            return;
        }
    }
    size_t capacity = device->chip_count;
    struct device_chip *chips = arena_grow(arena, device->chips, &capacity, device->chip_count + 1, sizeof(*chips));
    if (chips == NULL)
        return;
    device->chips = chips;
    chips[device->chip_count++] =
        (struct device_chip){.name = name, .kind = kind, .count = 1, .cores = cores, .memory_bytes = memory_bytes};
}

bool chips_has(const struct device *device, const char *name_part)
{
    for (size_t i = 0; i < device->chip_count; i++)
        if (str_find_ignore_case(str_of(device->chips[i].name), str_of(name_part), 0) != SIZE_MAX)
            return true;
    return false;
}
