/* Rules for words: vendors, phrases, forms of a card, and words that say nothing. */
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_rules.h"

struct vendor_word {
    const char *word, *vendor;
    bool keep; /* part of names ("Xeon"), and tells the vendor */
};

static const struct vendor_word vendor_words[] = {
    {"apple", "Apple", false},
    {"amd", "AMD", false},
    {"ati", "AMD", false},
    {"radeon", "AMD", false},
    {"ryzen", "AMD", true},
    {"epyc", "AMD", true},
    {"threadripper", "AMD", true},
    {"instinct", "AMD", true},
    {"nvidia", "NVIDIA", false},
    {"geforce", "NVIDIA", false},
    {"quadro", "NVIDIA", true},
    {"tesla", "NVIDIA", true},
    {"jetson", "NVIDIA", true},
    {"intel", "Intel", false},
    {"xeon", "Intel", true},
    {"qualcomm", "Qualcomm", false},
    {"snapdragon", "Qualcomm", true},
    {"rockchip", "Rockchip", false},
    {"broadcom", "Broadcom", false},
    {"samsung", "Samsung", false},
    {"google", "Google", false},
    {"amlogic", "Amlogic", false},
    {"aws", "AWS", false},
    {"amazon", "AWS", false},
    {"graviton", "AWS", true},
    {"cavium", "Cavium", false},
    {"hisilicon", "HiSilicon", false},
    {"huawei", "HiSilicon", false},
    {"phytium", "Phytium", false},
    {"loongson", "Loongson", false},
    {"sophon", "Sophgo", false},
    {"sophgo", "Sophgo", false},
    {"starfive", "StarFive", false},
    {"spacemit", "SpacemiT", false},
    {"eswin", "Eswin", false},
    {"cix", "CIX", false},
    {"zhaoxin", "Zhaoxin", false},
    {"mediatek", "MediaTek", false},
    {"allwinner", "Allwinner", false},
    {"ampereone", "Ampere", true},
};

static bool is_apple_m(const char *text)
{
    return text[0] == 'm' && text[1] >= '1' && text[1] <= '9' &&
           (text[2] == '\0' || (text[2] <= '9' && text[3] == '\0'));
}

void chip_rule_vendors(struct chip_words *words, struct chip_hints *hints)
{
    for (size_t i = 0; i < words->count; i++) {
        for (size_t k = 0; k < ARRAY_LENGTH(vendor_words); k++) {
            const struct vendor_word *known = &vendor_words[k];
            if (!chip_word_is(words, i, known->word))
                continue;
            hints->vendors_differ =
                hints->vendors_differ || (hints->vendor && strcmp(hints->vendor, known->vendor) != 0);
            hints->vendor = known->vendor;
        }
        if (i < words->count && (is_apple_m(words->words[i].text) || strcmp(words->words[i].text, "apple") == 0))
            hints->apple = true;
    }
}

struct phrase {
    const char *words[4];
    size_t silent;    /* how many of the words, from the first, say nothing */
    const char *form; /* of a card; NULL = none */
};

static const struct phrase phrases[] = {
    {{"macbook", "pro"}, 2, NULL},
    {{"macbook", "air"}, 2, NULL},
    {{"mac", "mini"}, 2, NULL},
    {{"mac", "studio"}, 2, NULL},
    {{"mac", "pro"}, 2, NULL},
    {{"imac", "pro"}, 2, NULL},
    {{"apple", "silicon"}, 2, NULL},
    {{"tensor", "core"}, 2, NULL},
    {{"tensor", "cores"}, 2, NULL},
    {{"advanced", "micro", "devices"}, 3, NULL},
    {{"founders", "edition"}, 2, NULL},
    {{"workstation", "edition"}, 2, "work"},
    {{"server", "edition"}, 2, "server"},
    {{"limited", "edition"}, 2, NULL},
    {{"developer", "kit"}, 2, NULL},
    {{"engineering", "reference"}, 2, NULL},
    {{"pci", "express"}, 2, "pcie"},
    {{"pci", "e"}, 2, "pcie"},
    {{"t", "head"}, 2, NULL},
};

static size_t phrase_length(const struct chip_words *words, size_t i, const struct phrase *phrase)
{
    size_t length = 0;

    while (length < ARRAY_LENGTH(phrase->words) && phrase->words[length])
        if (!chip_word_is(words, i + length, phrase->words[length]))
            return 0;
        else
            length++;
    return length;
}

/* "Max-Q" in any spelling becomes one word. */
static void join_max_q(struct chip_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (chip_word_is(words, i, "max") && chip_word_is(words, i + 1, "q")) {
            text_copy(words->words[i].text, sizeof words->words[i].text, "maxq");
            chip_drop(words, i + 1, 1);
        }
}

/* "MacBook Pro 16-inch 2021": the size of the screen and the year of the model. */
static void drop_screen(struct chip_words *words, size_t i)
{
    double value;
    const char *rest;

    while ((rest = chip_number(words, i, &value)) != NULL &&
           ((value >= 13 && value <= 27) || (value >= 2020 && value <= 2040)) &&
           (*rest == '\0' || strcmp(rest, "in") == 0)) {
        chip_drop(words, i++, 1);
        if (chip_word_is(words, i, "inch") || chip_word_is(words, i, "in"))
            chip_drop(words, i++, 1);
    }
}

void chip_rule_phrases(struct chip_words *words, struct chip_hints *hints)
{
    join_max_q(words);
    for (size_t i = 0; i < words->count; i++)
        for (size_t k = 0; k < ARRAY_LENGTH(phrases); k++) {
            const size_t length = phrase_length(words, i, &phrases[k]);
            if (length == 0)
                continue;
            chip_drop(words, i, phrases[k].silent);
            if (strstr(phrases[k].words[0], "mac"))
                drop_screen(words, i + length);
            if (phrases[k].form)
                text_copy(hints->form, sizeof hints->form, phrases[k].form);
        }
}

void chip_rule_form(struct chip_words *words, struct chip_hints *hints)
{
    static const char *const forms[] = {"pcie", "sxm", "sxm2", "sxm3",   "sxm4", "sxm5",
                                        "nvl",  "oam", "mxm",  "nvlink", NULL};
    static const char *const slot[] = {"4.0", "3.0", "5.0", "gen3", "gen4", "gen5", "sse2", "ssse3", NULL};

    for (size_t i = 0; i < words->count; i++) {
        if (!chip_word_in(words, i, forms))
            continue;
        if (hints->form[0] == '\0' || strcmp(words->words[i].text, "pcie") != 0)
            text_copy(hints->form, sizeof hints->form, words->words[i].text);
        if (strcmp(hints->form, "nvlink") == 0)
            text_copy(hints->form, sizeof hints->form, "sxm");
        chip_drop(words, i, 1);
        while (chip_word_in(words, i + 1, slot))
            chip_drop(words, ++i, 1);
    }
}

/* Words that name no chip wherever they stand. */
static const char *const silent_words[] = {
    "cpu",        "cpus",         "gpu",           "gpus",    "processor",   "processors", "graphics", "graphic",
    "gfx",        "card",         "corporation",   "corp",    "inc",         "ltd",        "co",       "genuine",
    "desktop",    "soc",          "chip",          "apu",     "with",        "design",     "silicon",  "igpu",
    "dgpu",       "fe",           "generation",    "edition", "accelerator", "core",       "cores",    "oryon",
    "ampere",     "technologies", "semiconductor", "web",     "services",    "the",        "asus",     "msi",
    "gigabyte",   "evga",         "zotac",         "palit",   "pny",         "gainward",   "sapphire", "xfx",
    "powercolor", "asrock",       "imac",          "macbook", "mac",         "module",     NULL};
/* Board names of Macs, silent beside an Apple chip only. */
static const char *const mac_words[] = {"mini", "studio", "air", "virtual", NULL};
static const char *const laptop_words[] = {"laptop", "mobile", "notebook", NULL};

void chip_rule_silent(struct chip_words *words, struct chip_hints *hints)
{
    for (size_t i = 0; i < words->count; i++) {
        /* "Core" is part of Intel's names. */
        const bool core = chip_word_is(words, i, "core") && i + 1 < words->count && !words->words[i + 1].gone;
        if (chip_word_is(words, i, "virtual"))
            hints->virtual_machine = true;
        if (chip_word_in(words, i, laptop_words)) {
            hints->laptop = true;
            chip_drop(words, i, 1);
        } else if (chip_word_in(words, i, silent_words) && !core) {
            chip_drop(words, i, 1);
        } else if (hints->apple && chip_word_in(words, i, mac_words)) {
            chip_drop(words, i, 1);
        }
        for (size_t k = 0; k < ARRAY_LENGTH(vendor_words); k++)
            if (!vendor_words[k].keep && chip_word_is(words, i, vendor_words[k].word))
                chip_drop(words, i, 1);
    }
}
