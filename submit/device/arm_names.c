#include "submit/device/arm_names.h"

#include <stddef.h>
#include <string.h>

#include "schema/base/attributes.h"

static const struct arm_core cores[] = {
    {0x41, 0xb36, "ARM1136", NULL, false},
    {0x41, 0xb76, "ARM1176", NULL, false},
    {0x41, 0xc05, "Cortex-A5", NULL, false},
    {0x41, 0xc07, "Cortex-A7", NULL, false},
    {0x41, 0xc08, "Cortex-A8", NULL, false},
    {0x41, 0xc09, "Cortex-A9", NULL, false},
    {0x41, 0xc0d, "Cortex-A17", NULL, false},
    {0x41, 0xc0e, "Cortex-A17", NULL, false},
    {0x41, 0xc0f, "Cortex-A15", NULL, false},
    {0x41, 0xd01, "Cortex-A32", NULL, false},
    {0x41, 0xd02, "Cortex-A34", NULL, false},
    {0x41, 0xd03, "Cortex-A53", NULL, false},
    {0x41, 0xd04, "Cortex-A35", NULL, false},
    {0x41, 0xd05, "Cortex-A55", NULL, false},
    {0x41, 0xd06, "Cortex-A65", NULL, true},
    {0x41, 0xd07, "Cortex-A57", NULL, false},
    {0x41, 0xd08, "Cortex-A72", NULL, false},
    {0x41, 0xd09, "Cortex-A73", NULL, false},
    {0x41, 0xd0a, "Cortex-A75", NULL, false},
    {0x41, 0xd0b, "Cortex-A76", NULL, false},
    {0x41, 0xd0c, "Neoverse-N1", NULL, false},
    {0x41, 0xd0d, "Cortex-A77", NULL, false},
    {0x41, 0xd0e, "Cortex-A76AE", NULL, false},
    {0x41, 0xd40, "Neoverse-V1", NULL, false},
    {0x41, 0xd41, "Cortex-A78", NULL, false},
    {0x41, 0xd42, "Cortex-A78AE", NULL, false},
    {0x41, 0xd43, "Cortex-A65AE", NULL, true},
    {0x41, 0xd44, "Cortex-X1", NULL, false},
    {0x41, 0xd46, "Cortex-A510", NULL, false},
    {0x41, 0xd47, "Cortex-A710", NULL, false},
    {0x41, 0xd48, "Cortex-X2", NULL, false},
    {0x41, 0xd49, "Neoverse-N2", NULL, false},
    {0x41, 0xd4a, "Neoverse-E1", NULL, true},
    {0x41, 0xd4b, "Cortex-A78C", NULL, false},
    {0x41, 0xd4c, "Cortex-X1C", "Snapdragon 8cx Gen 3", false},
    {0x41, 0xd4d, "Cortex-A715", NULL, false},
    {0x41, 0xd4e, "Cortex-X3", NULL, false},
    {0x41, 0xd4f, "Neoverse-V2", NULL, false},
    {0x41, 0xd80, "Cortex-A520", NULL, false},
    {0x41, 0xd81, "Cortex-A720", NULL, false},
    {0x41, 0xd82, "Cortex-X4", NULL, false},
    {0x41, 0xd83, "Neoverse-V3AE", NULL, false},
    {0x41, 0xd84, "Neoverse-V3", NULL, false},
    {0x41, 0xd85, "Cortex-X925", NULL, false},
    {0x41, 0xd87, "Cortex-A725", NULL, false},
    {0x41, 0xd89, "Cortex-A720AE", NULL, false},
    {0x41, 0xd8a, "C1-Nano", NULL, false},
    {0x41, 0xd8b, "C1-Pro", NULL, false},
    {0x41, 0xd8c, "C1-Ultra", NULL, false},
    {0x41, 0xd8e, "Neoverse-N3", NULL, false},
    {0x41, 0xd8f, "Cortex-A320", NULL, false},
    {0x41, 0xd90, "C1-Premium", NULL, false},
    {0x42, 0x516, "ThunderX2", "Cavium ThunderX2", true},
    {0x43, 0x0a1, "ThunderX", "Cavium ThunderX", false},
    {0x43, 0x0af, "ThunderX2", "Cavium ThunderX2", true},
    {0x46, 0x001, "A64FX", "Fujitsu A64FX", false},
    {0x48, 0xd01, "TaiShan v110", "HiSilicon Kunpeng 920", false},
    {0x48, 0xd02, "TaiShan v120", NULL, false},
    {0x4e, 0x000, "Denver", NULL, false},
    {0x4e, 0x003, "Denver 2", "NVIDIA Tegra X2", false},
    {0x4e, 0x004, "Carmel", "NVIDIA Tegra Xavier", false},
    {0x4e, 0x010, "Olympus", "NVIDIA Vera", true},
    {0x50, 0x000, "X-Gene", "APM X-Gene", false},
    {0x51, 0x001, "Oryon", "Snapdragon X", false},
    {0x51, 0x002, "Oryon 2", NULL, false},
    {0x51, 0x800, "Kryo 2xx Gold", NULL, false},
    {0x51, 0x801, "Kryo 2xx Silver", NULL, false},
    {0x51, 0x802, "Kryo 3xx Gold", NULL, false},
    {0x51, 0x803, "Kryo 3xx Silver", NULL, false},
    {0x51, 0x804, "Kryo 4xx Gold", NULL, false},
    {0x51, 0x805, "Kryo 4xx Silver", NULL, false},
    {0x51, 0xc00, "Falkor", "Qualcomm Centriq 2400", false},
    {0x61, 0x022, "Icestorm", "Apple M1", false},
    {0x61, 0x023, "Firestorm", "Apple M1", false},
    {0x61, 0x024, "Icestorm", "Apple M1 Pro", false},
    {0x61, 0x025, "Firestorm", "Apple M1 Pro", false},
    {0x61, 0x028, "Icestorm", "Apple M1 Max", false},
    {0x61, 0x029, "Firestorm", "Apple M1 Max", false},
    {0x61, 0x032, "Blizzard", "Apple M2", false},
    {0x61, 0x033, "Avalanche", "Apple M2", false},
    {0x61, 0x034, "Blizzard", "Apple M2 Pro", false},
    {0x61, 0x035, "Avalanche", "Apple M2 Pro", false},
    {0x61, 0x038, "Blizzard", "Apple M2 Max", false},
    {0x61, 0x039, "Avalanche", "Apple M2 Max", false},
    {0x6d, 0xd49, "Azure Cobalt 100", "Microsoft Azure Cobalt 100", false},
    {0x70, 0x660, "FTC660", NULL, false},
    {0x70, 0x661, "FTC661", NULL, false},
    {0x70, 0x662, "FTC662", NULL, false},
    {0x70, 0x663, "FTC663", NULL, false},
    {0x70, 0x664, "FTC664", NULL, false},
    {0x70, 0x862, "FTC862", NULL, false},
    {0xc0, 0xac3, "Ampere-1", "AmpereOne", false},
    {0xc0, 0xac4, "Ampere-1a", "AmpereOne", false},
};

const struct arm_core *arm_core_find(unsigned implementer, unsigned part)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cores); i++)
        if (cores[i].implementer == implementer && cores[i].part == part)
            return &cores[i];
    return NULL;
}

int arm_core_class(const struct arm_core *core)
{
    static const char *const small[] = {"Cortex-A5",  "Cortex-A7",  "Cortex-A32",  "Cortex-A34",  "Cortex-A35",
                                        "Cortex-A53", "Cortex-A55", "Cortex-A320", "Cortex-A510", "Cortex-A520",
                                        "Icestorm",   "Blizzard",   "C1-Nano",     "Sawtooth"};
    if (core == NULL)
        return 2;
    for (size_t i = 0; i < ARRAY_LENGTH(small); i++)
        if (text_equal(core->name, small[i]))
            return 1;
    if (text_ends_with(core->name, "Silver"))
        return 1;
    return text_starts_with(core->name, "Cortex-X") || text_equal(core->name, "C1-Ultra") ||
                   text_equal(core->name, "C1-Premium")
               ? 3
               : 2;
}

/* "NVidia Carmel" is a Carmel. */
static bool is_core(const char *core, const char *name)
{
    const char *blank = name == NULL ? NULL : strchr(name, ' ');
    return text_equal(core, name) || (blank != NULL && text_equal(core, blank + 1));
}

bool arm_is_core_name(const char *name)
{
    static const char *const prefixes[] = {
        "Cortex-",        "Neoverse-",        "Kryo", "ARM11", "C1-", "Oryon", "Qualcomm Kryo",
        "Qualcomm Oryon", "Virtualized Apple"};
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
        if (text_starts_with(name, prefixes[i]))
            return true;
    for (size_t i = 0; i < ARRAY_LENGTH(cores); i++)
        if (is_core(cores[i].name, name))
            return true;
    return false;
}

const char *arm_chip_of_core_name(const char *name)
{
    const char *chip = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(cores); i++) {
        if (!is_core(cores[i].name, name) || cores[i].chip == NULL)
            continue;
        if (chip != NULL && !text_equal(chip, cores[i].chip))
            return NULL;
        chip = cores[i].chip;
    }
    return chip;
}

const char *arm_implementer_name(unsigned implementer)
{
    switch (implementer) {
    case 0x41:
        return "Arm";
    case 0x42:
        return "Broadcom";
    case 0x43:
        return "Cavium";
    case 0x46:
        return "Fujitsu";
    case 0x48:
        return "HiSilicon";
    case 0x4e:
        return "NVIDIA";
    case 0x50:
        return "APM";
    case 0x51:
        return "Qualcomm";
    case 0x53:
        return "Samsung";
    case 0x61:
        return "Apple";
    case 0x6d:
        return "Microsoft";
    case 0x70:
        return "Phytium";
    case 0xc0:
        return "Ampere";
    default:
        return NULL;
    }
}

struct known_chip {
    const char *compatible, *name;
};
/* Where the part number is not what people call the chip. */
static const struct known_chip known_chips[] = {
    {"apple,t8103", "Apple M1"},
    {"apple,t6000", "Apple M1 Pro"},
    {"apple,t6001", "Apple M1 Max"},
    {"apple,t6002", "Apple M1 Ultra"},
    {"apple,t8112", "Apple M2"},
    {"apple,t6020", "Apple M2 Pro"},
    {"apple,t6021", "Apple M2 Max"},
    {"apple,t6022", "Apple M2 Ultra"},
    {"apple,t8122", "Apple M3"},
    {"apple,t6030", "Apple M3 Pro"},
    {"apple,t6031", "Apple M3 Max"},
    {"apple,t6034", "Apple M3 Max"},
    {"nvidia,tegra234", "NVIDIA Orin"},
    {"nvidia,tegra194", "NVIDIA Xavier"},
    {"nvidia,tegra210", "NVIDIA Tegra X1"},
    {"nvidia,tegra186", "NVIDIA Tegra X2"},
    {"qcom,sc8280xp", "Snapdragon 8cx Gen 3"},
    {"qcom,sc7180", "Snapdragon 7c"},
    {"qcom,sm8250", "Snapdragon 865"},
    {"qcom,x1e80100", "Snapdragon X Elite"},
};
static const struct known_chip vendors[] = {
    {"allwinner", "Allwinner"}, {"amlogic", "Amlogic"},   {"brcm", "Broadcom"},       {"cix", "CIX"},
    {"eswin", "Eswin"},         {"fsl", "NXP"},           {"hisilicon", "HiSilicon"}, {"mediatek", "MediaTek"},
    {"nvidia", "NVIDIA"},       {"qcom", "Qualcomm"},     {"rockchip", "Rockchip"},   {"samsung", "Samsung"},
    {"sophgo", "Sophgo"},       {"spacemit", "SpacemiT"}, {"starfive", "StarFive"},   {"ti", "TI"},
    {"xlnx", "Xilinx"},
};

bool arm_chip_from_compatible(struct str compatible, struct buf *into)
{
    for (size_t i = 0; i < ARRAY_LENGTH(known_chips); i++) {
        if (str_equal(compatible, str_of(known_chips[i].compatible))) {
            buf_adds(into, known_chips[i].name);
            return true;
        }
    }
    size_t comma = str_find(compatible, STR(","), 0);
    if (comma == SIZE_MAX || comma + 1 == compatible.len)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(vendors); i++) {
        if (!str_equal(str_slice(compatible.data, comma), str_of(vendors[i].compatible)))
            continue;
        buf_adds(into, vendors[i].name);
        buf_addc(into, ' ');
        for (size_t at = comma + 1; at < compatible.len; at++) {
            char byte = compatible.data[at];
            buf_addc(into, byte >= 'a' && byte <= 'z' ? (char)(byte - ('a' - 'A')) : byte);
        }
        return true;
    }
    return false;
}
