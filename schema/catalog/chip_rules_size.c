/* Rules for numbers beside a name: cores, memory, how many chips. */
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_rules.h"

static const char *const core_words[] = {"core", "cores", NULL};
static const char *const gpu_words[] = {"gpu", "gpus", "graphics", NULL};
static const char *const cpu_words[] = {"cpu", "cpus", "processor", NULL};

/* "12p+4e+40gpu": every part a number and a kind of core. False when it is something else. */
static bool core_list(const char *text, int *ret_cpu, int *ret_gpu)
{
    int cpu = 0, gpu = 0, parts = 0;

    for (; *text; parts++) {
        int value = 0;
        const char *start = text;
        for (; *text >= '0' && *text <= '9' && text - start < 4; text++)
            value = value * 10 + (*text - '0');
        const size_t length = strcspn(text, "+");
        if (text == start || length == 0 || length > 3)
            return false;
        if (strncmp(text, "gpu", length) == 0 && length == 3)
            gpu += value;
        else if ((length == 1 && strchr("pesm", *text)) || (length == 3 && strncmp(text, "lpe", 3) == 0))
            cpu += value;
        else
            return false;
        text += length + (text[length] == '+');
    }
    *ret_cpu = cpu;
    *ret_gpu = gpu;
    return parts >= 2;
}

/* "10c16g", "10c" + "16g", "76c", "24c" + "48t", "40gpu". Returns how many words it took. */
static size_t short_cores(const struct chip_words *words, size_t i, struct chip_hints *hints)
{
    double first, second;
    const char *rest = chip_number(words, i, &first);

    if (rest && hints->apple && strcmp(rest, "gpu") == 0 && first >= 1 && first <= 1024) {
        hints->gpu_cores = (int)first;
        return 1;
    }
    if (!rest || *rest != 'c' || first < 1 || first > 1024)
        return 0;
    if (rest[1] >= '0' && rest[1] <= '9' && strlen(rest) <= 5 && rest[strlen(rest) - 1] == 'g') {
        hints->cpu_cores = (int)first;
        hints->gpu_cores = 0;
        for (const char *at = rest + 1; *at >= '0' && *at <= '9'; at++)
            hints->gpu_cores = hints->gpu_cores * 10 + (*at - '0');
        return 1;
    }
    const bool cpu = strcmp(rest, "cpu") == 0;
    if (!cpu && rest[1] != '\0')
        return 0;
    const char *next = chip_number(words, i + 1, &second);
    if (next && (strcmp(next, "g") == 0 || strcmp(next, "gpu") == 0) && second <= 1024) {
        hints->cpu_cores = (int)first;
        hints->gpu_cores = (int)second;
        return 2;
    }
    const bool threads = next && strcmp(next, "t") == 0;
    /* Alone it counts beside an Apple chip only: "Snapdragon 7c" is a name. */
    if (!cpu && !threads && !hints->apple)
        return 0;
    *(cpu || threads ? &hints->cpu_cores : &hints->some_cores) = (int)first;
    return threads ? 2 : 1;
}

static int number_word(const char *text)
{
    static const char *const names[] = {"two", "dual", "four", "quad", "six", "eight", "ten", "twelve", "sixteen"};
    static const int values[] = {2, 2, 4, 4, 6, 8, 10, 12, 16};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(text, names[i]) == 0)
            return values[i];
    return 0;
}

/* "40 GPU cores", and of Apple's chips, as people write of them, "16 CPU 40 GPU" without the word. Words used, or 0. */
static size_t cores_of_unit(const struct chip_words *words, size_t next, struct chip_hints *hints, int value)
{
    const bool gpu = chip_word_in(words, next, gpu_words), cores = chip_word_in(words, next + 1, core_words);
    if (gpu ? !cores && !hints->apple : !hints->apple || !chip_word_in(words, next, cpu_words))
        return 0;
    *(gpu ? &hints->gpu_cores : &hints->cpu_cores) = value;
    return cores ? 2 : 1;
}

/* "7-core GPU", "48 GPU core", "64-core processor", "eight-core", "16 cores". Returns how many words it took. */
static size_t long_cores(const struct chip_words *words, size_t i, struct chip_hints *hints)
{
    double value = 0;
    const char *rest = chip_number(words, i, &value);
    size_t next = i + 1;

    if (!rest) {
        value = i < words->count && !words->words[i].gone ? number_word(words->words[i].text) : 0;
        rest = value > 0 ? "" : NULL;
    }
    if (!rest || value < 1 || value > 1024)
        return 0;
    const bool joined = strcmp(rest, "core") == 0 || strcmp(rest, "cores") == 0;
    if (!joined && *rest)
        return 0;
    const size_t unit = joined ? 0 : cores_of_unit(words, next, hints, (int)value);
    if (unit > 0)
        return unit + 1;
    if (!joined && !chip_word_in(words, next++, core_words))
        return 0;
    const bool gpu = chip_word_in(words, next, gpu_words), cpu = chip_word_in(words, next, cpu_words);
    *(gpu ? &hints->gpu_cores : cpu || !hints->apple ? &hints->cpu_cores : &hints->some_cores) = (int)value;
    return next - i + (gpu || cpu);
}

void chip_rule_cores(struct chip_words *words, struct chip_hints *hints)
{
    for (size_t i = 0; i < words->count; i++) {
        int cpu, gpu;
        double value;
        if (words->words[i].gone)
            continue;
        if (core_list(words->words[i].text, &cpu, &gpu)) {
            hints->cpu_cores = cpu;
            hints->gpu_cores = gpu > 0 ? gpu : hints->gpu_cores;
            chip_drop(words, i, 1);
            continue;
        }
        size_t took = short_cores(words, i, hints);
        if (took == 0)
            took = long_cores(words, i, hints);
        const char *rest = took == 0 ? chip_number(words, i, &value) : NULL;
        if (rest && (*rest == '\0' || *rest == '-') &&
            (chip_word_is(words, i + 1, "threads") || chip_word_is(words, i + 1, "thread")))
            took = 2;
        chip_drop(words, i, took);
    }
}

static bool is_memory_type(const char *text)
{
    static const char *const types[] = {"hbm",    "hbm2",   "hbm2e",   "hbm3",   "hbm3e",  "gddr5",
                                        "gddr5x", "gddr6",  "gddr6x",  "gddr7",  "ddr3",   "ddr4",
                                        "ddr5",   "lpddr4", "lpddr4x", "lpddr5", "lpddr5x"};

    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        if (strcmp(text, types[i]) == 0)
            return true;
    return false;
}

/* GiB in a unit of memory; 0 when the word is none. A lone "g" counts
 * only for cards (on a Mac it may be GPU cores) and small numbers ("2200G" is a processor). */
static double memory_unit(const char *text, double value, const struct chip_hints *hints)
{
    if (strcmp(text, "gb") == 0 || strcmp(text, "gib") == 0 ||
        (strcmp(text, "g") == 0 && !hints->apple && value <= 512))
        return 1;
    if (strcmp(text, "tb") == 0 || strcmp(text, "tib") == 0)
        return 1024;
    return strcmp(text, "mib") == 0 || strcmp(text, "mb") == 0 ? 1.0 / 1024 : 0;
}

static void drop_memory(struct chip_words *words, size_t i, size_t count)
{
    for (size_t k = i; k < i + count; k++) {
        words->words[k].gone = true;
        words->words[k].memory = true;
    }
}

void chip_rule_memory(struct chip_words *words, struct chip_hints *hints)
{
    static const char *const memory_words[] = {"ram", "vram", "memory", "unified", "mem", "ddr", NULL};

    for (size_t i = 0; i < words->count; i++) {
        double value = 0, unit = 0;
        const char *rest = chip_number(words, i, &value);
        size_t took = 0;
        if (rest && (unit = memory_unit(rest, value, hints)) > 0)
            took = 1;
        else if (rest && *rest == '\0' && i + 1 < words->count &&
                 (unit = memory_unit(words->words[i + 1].text, value, hints)) > 0)
            took = 2;
        if (took > 0) {
            hints->memory_gib = value * unit;
            drop_memory(words, i, took);
            i += took - 1;
        } else if (!words->words[i].gone && is_memory_type(words->words[i].text)) {
            text_copy(hints->memory_type, sizeof hints->memory_type, words->words[i].text);
            /* "DDR4-3200": the number is its clock. */
            const char *clock = chip_number(words, i + 1, &value);
            chip_drop(words, i, clock && *clock == '\0' && value >= 800 && value <= 12000 ? 2 : 1);
        } else if (chip_word_in(words, i, memory_words)) {
            chip_drop(words, i, 1);
        }
    }
}

/* Takes the "8x" off "8xmi300x". */
static bool split_count(struct chip_word *word, const char *rest, double value, struct chip_hints *hints)
{
    if (!rest || rest[0] != 'x' || rest[1] < 'a' || rest[1] > 'z' || value < 1 || value > 99)
        return false;
    hints->count = (int)value;
    memmove(word->text, rest + 1, strlen(rest + 1) + 1);
    return true;
}

static bool count_in_front(struct chip_words *words, struct chip_hints *hints)
{
    double value = 0;
    size_t i = 0;

    while (i < words->count && words->words[i].gone)
        i++;
    const char *rest = chip_number(words, i, &value);
    if (rest && value >= 1 && value <= 999 && *rest == 'x' && rest[1] == '\0') {
        chip_drop(words, i, 1);
    } else if (rest && value >= 1 && value <= 999 && *rest == '\0' && chip_word_is(words, i + 1, "x")) {
        chip_drop(words, i, 2);
    } else if (i + 1 < words->count && (chip_word_is(words, i, "dual") || chip_word_is(words, i, "quad"))) {
        value = chip_word_is(words, i, "dual") ? 2 : 4;
        chip_drop(words, i, 1);
    } else {
        return i < words->count && split_count(&words->words[i], rest, value, hints);
    }
    hints->count = (int)value;
    return true;
}

/* "x8" is 8; 0 for any other word. */
static int copies(const char *text)
{
    int value = 0;

    if (text[0] != 'x' || text[1] == '0' || strlen(text) > 4)
        return 0;
    for (text++; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (*text - '0');
    return *text == '\0' ? value : 0;
}

/* The last word that is left, not counting "GPU"; words->count when there is none. */
static size_t last_word(const struct chip_words *words)
{
    for (size_t i = words->count; i-- > 0;)
        if (!words->words[i].gone && !chip_word_is(words, i, "gpu"))
            return i;
    return words->count;
}

/* "RTX 4090 x2", "RTX 4090 x 2"; "PCIe x16" is a slot. */
static void count_behind(struct chip_words *words, struct chip_hints *hints)
{
    const size_t last = last_word(words);
    double value = 0;

    if (last == words->count)
        return;
    const char *rest = last > 0 && chip_word_is(words, last - 1, "x") ? chip_number(words, last, &value) : NULL;
    const bool apart = rest && *rest == '\0' && value >= 1 && value <= 999;
    const int count = apart ? (int)value : copies(words->words[last].text);
    if (count == 0)
        return;
    const bool slot = count == 16 && last > 0 && strncmp(words->words[last - 1].text, "pci", 3) == 0;
    hints->count = slot ? hints->count : count;
    chip_drop(words, apart ? last - 1 : last, apart ? 2 : 1);
}

void chip_rule_count(struct chip_words *words, struct chip_hints *hints)
{
    if (!count_in_front(words, hints))
        count_behind(words, hints);
}
