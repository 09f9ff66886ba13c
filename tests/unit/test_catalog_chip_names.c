/* Names as tools, drivers and people write them, and the chip that each one is. Written from what nvidia-smi, lspci,
 * /proc/cpuinfo, sysctl, llama.cpp, llamafile and result pages print; where a name must give no chip, that is the
 * point. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

struct spelling {
    const char *raw, *chip; /* chip NULL: must match nothing */
    const char *variant;    /* NULL: several are possible */
    int count;
};

static void check(const struct spelling *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct spelling *want = &cases[i];
        struct chip_match match;
        catalog_match_chip(want->raw, NULL, &match);
        if (!text_equal(match.chip, want->chip) || (match.chip != NULL) != (want->chip != NULL))
            fail_msg("'%s' gave %s, not %s", want->raw, match.chip ? match.chip : "none",
                     want->chip ? want->chip : "none");
        if ((match.variant != NULL) != (want->variant != NULL) || !text_equal(match.variant, want->variant))
            fail_msg("'%s' gave variant %s, not %s", want->raw, match.variant ? match.variant : "none",
                     want->variant ? want->variant : "none");
        if (want->count != match.count)
            fail_msg("'%s' gave %d chips, not %d", want->raw, match.count, want->count);
        assert_true((match.entry != NULL) == (match.variant != NULL));
    }
}

static void apple(void **state)
{
    static const struct spelling cases[] = {
        {"M1 Max", "Apple M1 Max", NULL, 1},
        {"apple m1max", "Apple M1 Max", NULL, 1},
        {"Apple M1 (7-core GPU)", "Apple M1", "8C/7G", 1},
        {"M3 Max 16 CPU 40 GPU", "Apple M3 Max", "16C/40G", 1},
        {"Radeon Pro W7800 48GB", "AMD Radeon PRO W7800", "48 GB", 1},
        {"AMD Radeon VII", "AMD Radeon VII", "", 1},
        {"Apple M1 4P+4E+8GPU", "Apple M1", "8C/8G", 1},
        {"Apple M1 Pro 6P+2E", "Apple M1 Pro", "8C/14G", 1},
        {"Apple M1 Pro (14-core GPU)", "Apple M1 Pro", "14-core GPU", 1},
        {"M1 Pro (14C)", "Apple M1 Pro", "14-core GPU", 1},
        {"M1 Pro 14c", "Apple M1 Pro", "14-core GPU", 1},
        {"M1 Pro (8C/14G)", "Apple M1 Pro", "8C/14G", 1},
        {"M1 Pro (10-core CPU, 14-core GPU)", "Apple M1 Pro", "10C/14G", 1},
        {"M1 Pro (16 GPU cores)", "Apple M1 Pro", "10C/16G", 1},
        {"M4 (8-core GPU)", "Apple M4", "8-core GPU", 1},
        {"M1 Max (32c)", "Apple M1 Max", "10C/32G", 1},
        {"Apple M1 Pro (10C/16G)", "Apple M1 Pro", "10C/16G", 1},
        {"Apple M1 Max, 10-core CPU, 32-core GPU", "Apple M1 Max", "10C/32G", 1},
        {"M1 Ultra (48 GPU Core) 64GB", "Apple M1 Ultra", "20C/48G", 1},
        {"Apple M2 Ultra (76c)", "Apple M2 Ultra", "24C/76G", 1},
        {"Apple M3 Max (16 cores)", "Apple M3 Max", "16C/40G", 1},
        {"Apple M4 Max 12P+4E+40GPU", "Apple M4 Max", "16C/40G", 1},
        {"Apple M4 Max 16C40G", "Apple M4 Max", "16C/40G", 1},
        {"Apple M4 Max 40GPU 36GB", "Apple M4 Max", "16C/40G", 1},
        {"Apple M4 Pro 24GB Mini", "Apple M4 Pro", NULL, 1},
        {"M4 Mac mini (10 core - 32GB)", "Apple M4", NULL, 1},
        {"Mac Studio (M3 Ultra 512GB)", "Apple M3 Ultra", NULL, 1},
        {"MacBook Pro M1", "Apple M1", NULL, 1},
        {"MacBook Pro (16-inch, 2021), M1 Max", "Apple M1 Max", NULL, 1},
        {"Apple M1 (Virtual)", "Apple M1", NULL, 1},
        {"Apple M1 Max (14-core GPU)", "Apple M1 Max", NULL, 1}, /* no such part: no variant */
        {"M7", NULL, NULL, 1},
        {"Apple M10", NULL, NULL, 1},
        {"M10", NULL, NULL, 1},
        {"Apple M1 Pro Max", NULL, NULL, 1},
        {"Apple processor", NULL, NULL, 1},
        {"A10", NULL, NULL, 1},
        {"Apple A10", "Apple A10 Fusion", "", 1},
        {"Apple Neural Engine (M1)", "Apple Neural Engine (M1)", "", 1},
        {"NVIDIA M1 Max", NULL, NULL, 1},
    };
    (void)state;
    check(cases, ARRAY_LENGTH(cases));
}

static void nvidia(void **state)
{
    static const struct spelling cases[] = {
        {"RTX 4090", "NVIDIA GeForce RTX 4090", "", 1},
        {"nvidia rtx4090-24g", "NVIDIA GeForce RTX 4090", "", 1},
        {"NVIDIA 4090", "NVIDIA GeForce RTX 4090", "", 1},
        {"4090", NULL, NULL, 1},
        {"AMD RTX 4090", NULL, NULL, 1},
        {"NVIDIA GeForce RTX 4090 D", "NVIDIA GeForce RTX 4090 D", "", 1},
        {"RTX 4090D", "NVIDIA GeForce RTX 4090 D", "", 1},
        {"NVIDIA GeForce RTX 4090 Laptop GPU", "NVIDIA GeForce RTX 4090 Laptop GPU", "", 1},
        {"RTX 4090 (Mobile)", "NVIDIA GeForce RTX 4090 Laptop GPU", "", 1},
        {"RTX 4090M", NULL, NULL, 1},
        {"RTX 4090 Max-Q", NULL, NULL, 1},
        {"NVIDIA GeForce GTX 1070 with Max-Q Design", "NVIDIA GeForce GTX 1070 with Max-Q Design", "", 1},
        {"NVIDIA 4070 Ti Super", "NVIDIA GeForce RTX 4070 Ti SUPER", "", 1},
        {"GeForce RTX 4070Ti", "NVIDIA GeForce RTX 4070 Ti", "", 1},
        {"GTX 4090", NULL, NULL, 1},
        {"GTX 1060 3GB", "NVIDIA GeForce GTX 1060 3GB", "", 1},
        {"GTX 1060 6GB", "NVIDIA GeForce GTX 1060", "", 1},
        {"RTX 3060 (8GB)", "NVIDIA GeForce RTX 3060", "8 GB", 1},
        {"NVIDIA GeForce RTX 3060, 12288 MiB", "NVIDIA GeForce RTX 3060", "12 GB", 1},
        {"RTX 3080 20GB", "NVIDIA GeForce RTX 3080", NULL, 1},
        {"NVIDIA GeForce RTX 2080 ...", NULL, NULL, 1},
        {"Graphics Device", NULL, NULL, 1},
        {"NVIDIA A100-SXM4-80GB", "NVIDIA A100", "SXM4 80 GB", 1},
        {"A100-PCIE-40GB", "NVIDIA A100", "PCIe 40 GB", 1},
        {"NVIDIA A100 40GB", "NVIDIA A100", NULL, 1},
        {"NVIDIA H100 80GB HBM3", "NVIDIA H100", "SXM5 80 GB", 1},
        {"NVIDIA H100 PCIe", "NVIDIA H100", "PCIe 80 GB", 1},
        {"NVIDIA H100 NVL", "NVIDIA H100", "NVL 94 GB", 1},
        {"NVIDIA A100-SXM4-40GB MIG 1g.5gb", NULL, NULL, 1},
        {"GRID A100-10C", NULL, NULL, 1},
        {"Tesla T4", "NVIDIA Tesla T4", "", 1},
        {"NVIDIA T4", "NVIDIA Tesla T4", "", 1},
        {"Tesla V100-SXM3-32GB", "NVIDIA Tesla V100", NULL, 1},
        {"Quadro P400", "NVIDIA Quadro P400", "", 1},
        {"NVIDIA A4000", "NVIDIA RTX A4000", "", 1},
        {"NVIDIA RTX 6000 Ada", "NVIDIA RTX 6000 Ada Generation", "", 1},
        {"NVIDIA RTX 6000", NULL, NULL, 1},
        {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "NVIDIA RTX PRO 6000 Blackwell", "Workstation Edition",
         1},
        {"NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "NVIDIA RTX PRO 6000 Blackwell Max-Q", "", 1},
        {"NVIDIA_DGX_Spark", "NVIDIA GB10", "", 1},
        {"NVIDIA DGX Spark (GB10)", "NVIDIA GB10", "", 1},
        {"Orin", NULL, NULL, 1},
        {"NVIDIA Jetson AGX Orin 64GB", "NVIDIA Jetson AGX Orin", "64 GB", 1},
        {"NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super", "NVIDIA Jetson Orin Nano Super", "", 1},
        {"NVIDIA GeForce GTX 1080/PCIe/SSE2", "NVIDIA GeForce GTX 1080", "", 1},
    };
    (void)state;
    check(cases, ARRAY_LENGTH(cases));
}

static void amd_and_intel(void **state)
{
    static const struct spelling cases[] = {
        {"AMD  Radeon RX 7800 XT", "AMD Radeon RX 7800 XT", "", 1},
        {"Radeon RX 7900 XTX", "AMD Radeon RX 7900 XTX", "", 1},
        {"AMD 7900 XT", "AMD Radeon RX 7900 XT", "", 1},
        {"AMD 7600", NULL, NULL, 1}, /* Radeon RX 7600 or Ryzen 5 7600 */
        {"AMD Radeon Graphics", NULL, NULL, 1},
        {"Radeon 8060S Graphics (RADV GFX1151)", "AMD Radeon 8060S", "", 1},
        {"AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", "AMD Ryzen AI Max+ 395", "", 1},
        {"AMD Eng Sample: 100-000001243-50_Y", "AMD Ryzen AI Max+ 395", "", 1},
        {"Radeon Instinct MI50 32GB", "AMD Instinct MI50", "32 GB", 1},
        {"AMD INSTINCT MI200 (MCM) OAM LC MBA HPE C2", NULL, NULL, 1},
        {"AMD Ryzen 9 7950X3D 16-Core Processor (znver4)", "AMD Ryzen 9 7950X3D", "", 1},
        {"AMD Ryzen 5 3550H with Radeon Vega Mobile Gfx (znver2)", "AMD Ryzen 5 3550H", "", 1},
        {"AMD Ryzen 7 7840U w/ Radeon  780M Graphics", "AMD Ryzen 7 7840U", "", 1},
        {"Ryzen 9 7950X", "AMD Ryzen 9 7950X", "", 1},
        {"AMD Ryzen Embedded R1606G with Radeon Vega Gfx", NULL, NULL, 1},
        {"AMD EPYC 9654 96-Core Processor", "AMD EPYC 9654", "", 1},
        {"EPYC-Milan Processor", NULL, NULL, 1},
        {"DO-Premium-AMD (znver2)", NULL, NULL, 1},
        {"AMD Custom APU 0932 (znver2)", NULL, NULL, 1},
        {"11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", "Intel Core i7-1185G7", "", 1},
        {"i7 1185G7", "Intel Core i7-1185G7", "", 1},
        {"Intel(R) Core(TM) i7", NULL, NULL, 1},
        {"Intel(R) Core(TM) i9-9999Z CPU @ 3.0GHz", NULL, NULL, 1},
        {"Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", "Intel Xeon Platinum 8259CL", "", 1},
        {"Intel(R) Xeon(R) Platinum 8480+", "Intel Xeon Platinum 8480+", "", 1},
        {"Intel(R) Xeon(R) CPU E5-2680 0 @ 2.70GHz", "Intel Xeon E5-2680", "", 1},
        {"Intel Xeon CPU           X5675  @ 3.07GHz (westmere)", "Intel Xeon X5675", "", 1},
        {"Intel Xeon Processor (Skylake, IBRS)", NULL, NULL, 1},
        {"8-Core Intel Xeon W", NULL, NULL, 1},
        {"Intel(R) Arc(TM) A770 Graphics (DG2)", "Intel Arc A770", NULL, 1},
        {"Intel Arc A310 ECO", NULL, NULL, 1},
        {"Intel(R) UHD Graphics 620", NULL, NULL, 1},
    };
    (void)state;
    check(cases, ARRAY_LENGTH(cases));
}

static void others(void **state)
{
    static const struct spelling cases[] = {
        {"Neoverse-N1", NULL, NULL, 1},
        {"Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Oryon(TM) CPU", "Qualcomm Snapdragon X Elite X1E-80-100", "",
         1},
        {"X1E001DE", "Qualcomm Snapdragon X Elite X1E-00-1DE", "", 1},
        {"Snapdragon X Elite", NULL, NULL, 1},
        {"Qualcomm Snapdragon 7c", "Qualcomm Snapdragon 7c", "", 1},
        {"Rockchip RK3588/RK3588s (35881000)", "Rockchip RK3588", "", 1},
        {"Raspberry Pi 5 Model B Rev 1.0", "Broadcom BCM2712", "", 1},
        {"Raspberry Pi 2", NULL, NULL, 1},
        {"Ampere(R) Altra(R) Processor Q80-30 CPU @ 3.0GHz", "Ampere Altra Q80", "", 1},
        {"MTL0", NULL, NULL, 1},
        {"CPU", NULL, NULL, 1},
        {"", NULL, NULL, 1},
        {"llvmpipe (LLVM 15.0.7, 256 bits)", NULL, NULL, 1},
        {"VMware SVGA (NVIDIA RTX 4090)", NULL, NULL, 1},
        {"RTX 4090 (RTX 3080)", NULL, NULL, 1},
        {"Framework 13 (Ryzen AI 5 340 16GB)", "AMD Ryzen AI 5 340", "", 1},
        /* Escape sequences, marks, odd white space, full-width letters; a Cyrillic A is not an A. */
        {"\033[1mRTX 4090\033[0m", "NVIDIA GeForce RTX 4090", "", 1},
        {"NVIDIA\xC2\xAE GeForce\xE2\x84\xA2 RTX\xC2\xA0"
         "4090\r\n",
         "NVIDIA GeForce RTX 4090", "", 1},
        {"\xEF\xBC\xB2\xEF\xBC\xB4\xEF\xBC\xB8 4090", "NVIDIA GeForce RTX 4090", "", 1},
        {"\xD0\x90pple M1", NULL, NULL, 1},
        {"Apple M1\xFF", NULL, NULL, 1},
    };
    (void)state;
    check(cases, ARRAY_LENGTH(cases));
}

static void how_many(void **state)
{
    static const struct spelling cases[] = {
        {"2x RTX 4090", "NVIDIA GeForce RTX 4090", "", 2},
        {"RTX 4090 x2", "NVIDIA GeForce RTX 4090", "", 2},
        {"RTX 4090 (x4)", "NVIDIA GeForce RTX 4090", "", 4},
        {"2 x NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090", "", 2},
        {"8xMI300X", "AMD Instinct MI300X", "", 8},
        {"AMD Instinct MI300X x8", "AMD Instinct MI300X", "", 8},
        {"NVIDIA A100 PCIe x4", "NVIDIA A100", NULL, 4},
        {"RTX 4090 PCIe x16", "NVIDIA GeForce RTX 4090", "", 1},
        {"Dual RTX 3090", "NVIDIA GeForce RTX 3090", "", 2},
        {"3\xC3\x97 RTX 3090", "NVIDIA GeForce RTX 3090", "", 3},
        {"NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-80GB", "NVIDIA A100", "SXM4 80 GB", 3},
        {"NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-40GB", "NVIDIA A100", NULL, 2},
        {"AMD Ryzen 5 5600X 6-Core Processor", "AMD Ryzen 5 5600X", "", 1},
        {"NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 3090", NULL, NULL, 1},
        {"AMD Radeon RX 7900 XTX, gfx1100 (0x1100), VMM: no, Wave Size: 32", "AMD Radeon RX 7900 XTX", "", 1},
        {"Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes", "NVIDIA GeForce RTX 3090", "", 1},
        {"ggml_vulkan: 0 = AMD Radeon 8060S Graphics (RADV STRIX_HALO) (radv) | uma: 1 | fp16: 1", "AMD Radeon 8060S",
         "", 1},
    };
    (void)state;
    check(cases, ARRAY_LENGTH(cases));
}

/* pci.ids names several cards for one silicon: none of them, all as candidates. */
static void pci_names(void **state)
{
    struct chip_match match;

    (void)state;
    catalog_match_chip("01:00.0 VGA compatible controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)", NULL,
                       &match);
    assert_string_equal(match.chip, "NVIDIA GeForce RTX 4090");
    catalog_match_chip("Navi 22 [Radeon RX 6700/6700 XT / 6800M]", NULL, &match);
    assert_null(match.chip);
    assert_int_equal(match.candidate_count, 3);
    assert_string_equal(match.candidates[0], "AMD Radeon RX 6700");
    assert_string_equal(match.candidates[1], "AMD Radeon RX 6700 XT");
    assert_string_equal(match.candidates[2], "AMD Radeon RX 6800M");
    catalog_match_chip("NVIDIA Corporation GA104M [GeForce RTX 3070 Mobile / Max-Q] (rev a1)", NULL, &match);
    assert_null(match.chip);
    assert_string_equal(match.candidates[0], "NVIDIA GeForce RTX 3070 Laptop GPU");
    catalog_match_chip("Advanced Micro Devices, Inc. [AMD/ATI] Navi 33 [Radeon RX 7600] (rev c8)", NULL, &match);
    assert_string_equal(match.chip, "AMD Radeon RX 7600");
}

static void candidates(void **state)
{
    struct chip_match match;

    (void)state;
    catalog_match_chip("NVIDIA GeForce RTX 2080 ...", NULL, &match);
    assert_in_range(match.candidate_count, 3, CHIP_CANDIDATES_MAX);
    for (size_t i = 0; i < match.candidate_count; i++)
        assert_true(text_starts_with(match.candidates[i], "NVIDIA GeForce RTX 2080"));
    catalog_match_chip("Apple M1 Mxa", NULL, &match);
    assert_null(match.chip);
    assert_true(match.candidate_count > 0);
    assert_string_equal(match.candidates[0], "Apple M1 Max");
    catalog_match_chip("AMD 7600", NULL, &match);
    bool radeon = false, ryzen = false;
    for (size_t i = 0; i < match.candidate_count; i++) {
        radeon = radeon || strcmp(match.candidates[i], "AMD Radeon RX 7600") == 0;
        ryzen = ryzen || strcmp(match.candidates[i], "AMD Ryzen 5 7600") == 0;
    }
    assert_true(radeon && ryzen);
    catalog_match_chip("something else entirely", NULL, &match);
    assert_int_equal(match.candidate_count, 0);
}

/* A very long name, many words, many brackets: no chip, and nothing breaks. */
static void long_names(void **state)
{
    char raw[4096];
    struct chip_match match;

    (void)state;
    memset(raw, 'M', sizeof raw - 1);
    raw[sizeof raw - 1] = '\0';
    catalog_match_chip(raw, NULL, &match);
    assert_null(match.chip);
    for (size_t i = 0; i < sizeof raw - 1; i++)
        raw[i] = "(M1 [, "[i % 7];
    catalog_match_chip(raw, NULL, &match);
    assert_null(match.chip);
    memcpy(raw, "Apple M1", 8);
    memset(raw + 8, ' ', 4000);
    raw[4008] = '\0';
    catalog_match_chip(raw, NULL, &match);
    assert_string_equal(match.chip, "Apple M1");
    catalog_match_chip(NULL, NULL, &match);
    assert_null(match.chip);
}

/* Letters and digits of other alphabets: to a person the same, and no name of ours. Full-width ASCII is read as ASCII,
 * and no bundle holds invisible characters. */
static void look_alikes(void **state)
{
    static const char *const names[] = {
        "\xd0\x90pple M1 Max", /* Cyrillic A */
        "Apple \xd0\x9c"
        "1 Max",               /* Cyrillic EM */
        "Apple M\xd9\xa1 Max", /* Arabic-Indic one */
        "Apple \xce\x9c"
        "1 Max", /* Greek MU */
        "NVIDIA GeForce R\xd0\xa2X 4090",
        "Apple M\xf0\x9d\x9f\x8f Max", /* mathematical bold one */
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct chip_match match;
        catalog_match_chip(names[i], NULL, &match);
        if (match.chip != NULL)
            fail_msg("%s gave %s", names[i], match.chip);
    }
    assert_null(catalog_match_model("Ll\xd0\xb0ma 2 7B", (double)NAN, (double)NAN));
}

static void aliases_count_by_their_bytes(void **state)
{
    static const struct catalog_alias items[] = {
        {"A card", "NVIDIA GeForce RTX 4090", ""},
        {"Apple M1 Max", "Apple M2", ""},
        {"Desk", "Apple M1 Max", "10C/24G"},
    };
    const struct catalog_aliases aliases = {items, ARRAY_LENGTH(items)};
    static const char *const others[] = {"a card", "A  card", "A card ", "\xd0\x90 card", ""};
    struct chip_match match;

    (void)state;
    catalog_match_chip_or_alias("A card", NULL, &aliases, &match);
    assert_string_equal(match.chip, "NVIDIA GeForce RTX 4090");
    catalog_match_chip_or_alias("Desk", NULL, &aliases, &match);
    assert_string_equal(match.chip, "Apple M1 Max");
    assert_string_equal(match.variant, "10C/24G");
    assert_ptr_equal(match.entry, catalog_chip("Apple M1 Max", "10C/24G"));
    /* The catalogue comes first. */
    catalog_match_chip_or_alias("Apple M1 Max", NULL, &aliases, &match);
    assert_string_equal(match.chip, "Apple M1 Max");
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        catalog_match_chip_or_alias(others[i], NULL, &aliases, &match);
        assert_null(match.chip);
    }
    catalog_match_chip_or_alias("A card", NULL, NULL, &match);
    assert_null(match.chip);
}

/* One field of a CSV line; doubled quotes inside quotes. */
static const char *field(const char *at, char *target, size_t size)
{
    size_t length = 0;
    bool quoted = *at == '"';

    for (at += quoted; *at && *at != '\n' && (quoted || *at != ','); at++) {
        if (*at == '"' && at[1] != '"') {
            quoted = false;
            continue;
        }
        at += *at == '"';
        if (length + 1 < size)
            target[length++] = *at;
    }
    target[length] = '\0';
    return *at == ',' ? at + 1 : at;
}

/* Every row of the collected spellings, where they are at hand. */
static void collected_spellings(void **state)
{
    FILE *file = fopen("../shared/corpus/chips/aliases.csv", "r");
    char line[4096], raw[1024], chip[256];
    size_t rows = 0, right = 0;

    (void)state;
    if (!file) {
        print_message("no ../shared/corpus/chips/aliases.csv here: skipped\n");
        skip();
    }
    while (fgets(line, sizeof line, file)) {
        struct chip_match match;
        field(field(line, raw, sizeof raw), chip, sizeof chip);
        if (rows++ == 0)
            continue;
        catalog_match_chip(raw, NULL, &match);
        if (match.chip && strcmp(match.chip, chip) != 0)
            fail_msg("'%s' gave %s, not %s", raw, match.chip, chip[0] ? chip : "none");
        right += text_equal(match.chip, chip);
    }
    assert_int_equal(fclose(file), 0);
    assert_true(rows > 200);
    assert_true((double)right >= 0.98 * (double)(rows - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apple),
        cmocka_unit_test(nvidia),
        cmocka_unit_test(amd_and_intel),
        cmocka_unit_test(others),
        cmocka_unit_test(how_many),
        cmocka_unit_test(pci_names),
        cmocka_unit_test(candidates),
        cmocka_unit_test(long_names),
        cmocka_unit_test(collected_spellings),
        cmocka_unit_test(look_alikes),
        cmocka_unit_test(aliases_count_by_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
