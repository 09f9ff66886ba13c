#include "plot/chart/colours.h"

#include "schema/base/str.h"

static const struct chart_colours light = {
    .background = 0xFFFFFF,
    .ink = 0x14181D,
    .text = 0x36404A,
    .muted = 0x5F6B76,
    .grid = 0xE4E8EC,
    .axis = 0x8A949E,
    .band = 0xF4F6F8,
    .baseline = 0x9AA4AE,
    .category = {0x0072B2, 0xC8500A, 0x009E73, 0x7A1F5C, 0x332288, 0x6B7A87},
    .category_text = {0x0072B2, 0xC8500A, 0x007A59, 0x7A1F5C, 0x332288, 0x5F6B76},
};

static const struct chart_colours dark = {
    .background = 0x12161B,
    .ink = 0xF3F5F7,
    .text = 0xCDD5DC,
    .muted = 0x9AA6B2,
    .grid = 0x2A323A,
    .axis = 0x6B7680,
    .band = 0x191F26,
    .baseline = 0x7A8591,
    .category = {0x56A8E0, 0xF0894A, 0xA6E3CF, 0xF0E442, 0xE8596B, 0x9AA6B2},
    .category_text = {0x56A8E0, 0xF0894A, 0xA6E3CF, 0xF0E442, 0xE8596B, 0x9AA6B2},
};

const struct chart_colours *chart_colours(enum chart_theme theme)
{
    return theme == THEME_DARK ? &dark : &light;
}

size_t chart_group_category(const char *group)
{
    static const char *const order[] = {"Apple", "AMD", "NVIDIA", "Intel", "Qualcomm"};
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        if (text_equal(order[i], group)) {
            return i;
        }
    }
    return CHART_CATEGORIES - 1;
}
