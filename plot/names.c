#include "plot/names.h"

#include <string.h>

#include "plot/columns.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

/* Units that headings end with, and whether more of them is better. What costs (time, energy, memory, money) is not. */
static const struct {
    const char *ending, *unit;
    bool higher_is_better;
} units[] = {
    {"_tok_s", "tok/s", true}, {"_tokens_s", "tok/s", true},
    {"_tps", "tok/s", true},   {"_gb_s", "GB/s", true},
    {"_gib_s", "GiB/s", true}, {"_mb_s", "MB/s", true},
    {"_ms", "ms", false},      {"_us", "µs", false},
    {"_ns", "ns", false},      {"_seconds", "s", false},
    {"_s", "s", false},        {"_w", "W", false},
    {"_watts", "W", false},    {"_j", "J", false},
    {"_wh", "Wh", false},      {"_gb", "GB", false},
    {"_gib", "GiB", false},    {"_mb", "MB", false},
    {"_mib", "MiB", false},    {"_celsius", "°C", false},
    {"_percent", "%", true},   {"_pct", "%", true},
    {"", "us", false},         {"", "seconds", false},
    {"", "min", false},        {"", "h", false},
    {"", "mW", false},         {"", "kWh", false},
    {"", "mJ", false},         {"", "J/token", false},
    {"", "J/tok", false},      {"", "bytes", false},
    {"", "kB", false},         {"", "MB", false},
    {"", "TB", false},         {"", "$", false},
    {"", "USD", false},        {"", "€", false},
    {"", "EUR", false},
};

/* Headings that are nothing but a unit. */
static const struct {
    const char *heading, *title, *unit;
    bool higher_is_better;
} alone[] = {
    {"tok_s", "Throughput", "tok/s", true},
    {"tokens_s", "Throughput", "tok/s", true},
    {"t_s", "Throughput", "tok/s", true},
    {"tps", "Throughput", "tok/s", true},
    {"t/s", "Throughput", "tok/s", true},
    {"tok/s", "Throughput", "tok/s", true},
    {"tokens_per_second", "Throughput", "tok/s", true},
    {"tokens/s", "Throughput", "tok/s", true},
    {"gb_s", "Bandwidth", "GB/s", true},
    {"gb/s", "Bandwidth", "GB/s", true},
    {"ms", "Time", "ms", false},
    {"seconds", "Time", "s", false},
    {"watts", "Power", "W", false},
};

static bool unit_is_better_high(const char *unit)
{
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (text_equal(units[i].unit, unit)) {
            return units[i].higher_is_better;
        }
    }
    return true;
}

/* Words that are written in capitals. */
static void raise_initials(char *title)
{
    static const char *const initials[] = {"gpu",  "cpu",  "npu", "ane", "tpu", "ram", "vram",
                                           "ttft", "tpot", "io",  "p50", "p90", "p95", "p99"};
    for (char *word = title; *word != '\0'; word += *word != '\0') {
        size_t length = strcspn(word, " ");
        for (size_t i = 0; i < ARRAY_LENGTH(initials); i++) {
            bool same = length == strlen(initials[i]) && strncmp(word, initials[i], length) == 0;
            for (size_t k = 0; same && k < length; k++) {
                word[k] = (char)(word[k] - (word[k] >= 'a' ? 'a' - 'A' : 0));
            }
        }
        word += length;
    }
}

/* "peak_power" is drawn as "Peak power"; what has capitals of its own stays. */
static const char *as_words(struct arena *arena, struct str text)
{
    char *title = arena_strndup(arena, text.data, text.len);
    if (title == NULL) {
        return "";
    }
    bool plain = text.len >= 4, lower = plain;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = title[i] >= '0' && title[i] <= '9';
        lower = lower && (digit || (title[i] >= 'a' && title[i] <= 'z') || title[i] == '_' || title[i] == ' ');
        plain = plain && lower && !digit;
    }
    for (size_t i = 0; i < text.len; i++) {
        title[i] = title[i] == '_' && i > 0 && i + 1 < text.len ? ' ' : title[i];
    }
    if (lower) {
        raise_initials(title);
    }
    if (plain && title[0] >= 'a' && title[0] <= 'z') {
        title[0] = (char)(title[0] - 'a' + 'A');
    }
    return title;
}

void plot_describe_metric(struct plot_input *input, const char *column, struct chart_metric *ret)
{
    const struct metric *known = catalog_metric(column);
    if (known != NULL) {
        *ret = (struct chart_metric){known->title, known->unit, text_equal(known->direction, "higher")};
        return;
    }
    struct str text = str_of(column);
    size_t open = str_find(text, STR("("), 0);
    if (open != SIZE_MAX && text.data[text.len - 1] == ')') {
        struct str head = str_trim(str_slice(text.data, open));
        const char *unit = arena_strndup(&input->arena, text.data + open + 1, text.len - open - 2);
        *ret = (struct chart_metric){as_words(&input->arena, head), unit, unit_is_better_high(unit)};
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(alone); i++) {
        if (text_equal_ignore_case(column, alone[i].heading)) {
            *ret = (struct chart_metric){alone[i].title, alone[i].unit, alone[i].higher_is_better};
            return;
        }
    }
    for (size_t i = 0; i < ARRAY_LENGTH(units) && units[i].ending[0] != '\0'; i++) {
        size_t length = strlen(units[i].ending);
        if (text.len > length && text_ends_with(column, units[i].ending)) {
            *ret = (struct chart_metric){as_words(&input->arena, str_slice(text.data, text.len - length)),
                                         units[i].unit, units[i].higher_is_better};
            return;
        }
    }
    *ret = (struct chart_metric){as_words(&input->arena, text), "", true};
}

bool plot_metric_is_known(const char *column, const struct chart_metric *metric)
{
    bool known = catalog_metric(column) != NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(units) && !known; i++) {
        known = text_equal(units[i].unit, metric->unit);
    }
    /* "images/min" is one too. */
    return known || (strchr(metric->unit, '/') != NULL && strpbrk(metric->unit, " 0123456789") == NULL);
}

const char *plot_variant_words(struct arena *arena, const char *name, const char *variant)
{
    if (text_is_empty(variant)) {
        return NULL;
    }
    size_t first = strspn(variant, "0123456789");
    if (first > 0 && text_equal(variant + first, "c")) {
        struct chip_match match;
        catalog_match_chip(name, NULL, &match);
        const struct chip *chip = match.chip != NULL ? catalog_chip(match.chip, NULL) : NULL;
        /* Elsewhere they could be those of a CPU. */
        return chip != NULL && text_equal(chip->vendor, "Apple") ? arena_printf(arena, "%s = GPU cores", variant)
                                                                 : NULL;
    }
    size_t second = first > 0 && strncmp(variant + first, "C/", 2) == 0 ? strspn(variant + first + 2, "0123456789") : 0;
    return second > 0 && text_equal(variant + first + 2 + second, "G")
               ? arena_printf(arena, "%s = CPU and GPU cores", variant)
               : NULL;
}

bool plot_is_achievement(const char *column, const struct chart_metric *metric)
{
    static const char *const owned[] = {"rated", "theoretical", "cores", "peak", "price", "power", "limit", "size"};
    for (size_t i = 0; i < ARRAY_LENGTH(owned); i++) {
        if (column_holds_word(column, owned[i])) {
            return false;
        }
    }
    return metric->higher_is_better && (catalog_metric(column) != NULL || text_ends_with(metric->unit, "/s"));
}

/* Lines of products that name their vendor by themselves, and designs whose number follows a letter: "M2 Pro", "H100".
 */
static bool names_its_vendor(const char *name)
{
    static const char *const lines[] = {"RTX ",  "GTX ",   "RX ",     "Arc ",    "GeForce ",  "Quadro ",    "Tesla ",
                                        "EPYC ", "Xeon ",  "Core ",   "TITAN ",  "Titan ",    "Pentium ",   "Celeron ",
                                        "Atom ", "Ryzen ", "Radeon ", "Athlon ", "Instinct ", "Snapdragon "};
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        if (text_starts_with(name, lines[i])) {
            return true;
        }
    }
    size_t word = strcspn(name, " ");
    return name[0] >= 'A' && name[0] <= 'Z' && strcspn(name, "0123456789") < word;
}

static const char *without_vendor(const char *name)
{
    static const char *const vendors[] = {"NVIDIA GeForce ", "NVIDIA ",   "AMD Radeon ", "AMD ",
                                          "Intel ",          "Qualcomm ", "Apple "};
    for (size_t i = 0; i < ARRAY_LENGTH(vendors); i++) {
        if (text_starts_with(name, vendors[i])) {
            return name + strlen(vendors[i]);
        }
    }
    return name;
}

const char *plot_short_name(const char *name)
{
    const char *known = catalog_short_chip_name(name), *rest = without_vendor(name);
    return known == name && rest != name && names_its_vendor(rest) ? rest : known;
}

void plot_naming_see(struct plot_naming *naming, const char *name)
{
    /* "Apple CPU" says nothing without its vendor. */
    naming->vendors |= without_vendor(name) != name && plot_short_name(name) == name;
}

const char *plot_naming_short(const struct plot_naming *naming, const char *name)
{
    const char *rest = plot_short_name(name);
    bool branded = strcspn(rest, "0123456789") > strcspn(rest, " ");
    return naming->vendors && !branded ? name : rest;
}
