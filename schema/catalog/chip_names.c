/* From what a tool prints to a chip of the catalogue.
 *
 * The name is cleaned, cut into words, the words that do not name the chip are
 * taken out (chip_words.c), and what is left must be exactly a key of the
 * catalogue. Nothing is matched by likeness: a wrong chip is worse than none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_text.h"
#include "schema/catalog/names.h"

/* The chip that the words name: with a size of memory in the name first ("GTX 1060 3GB"), then without. */
static const struct chip *by_words(const struct chip_words *words, const struct chip_hints *hints)
{
    char with_memory[CHIP_TEXT_SIZE], key[CHIP_TEXT_SIZE];

    if (words->too_many)
        return NULL;
    chip_key(words, hints, true, with_memory);
    chip_key(words, hints, false, key);
    const struct chip *found = key[0] ? chip_by_key(with_memory, hints) : NULL;
    if (!found && key[0])
        found = chip_by_key(key, hints);
    return found;
}

static struct chip_hints no_hints(void)
{
    return (struct chip_hints){.memory_gib = (double)NAN};
}

/* The facts of a note in brackets, where the name itself does not state them. */
static void merge_facts(struct chip_hints *into, const struct chip_hints *from, bool count)
{
    into->cpu_cores = into->cpu_cores ? into->cpu_cores : from->cpu_cores;
    into->gpu_cores = into->gpu_cores ? into->gpu_cores : from->gpu_cores;
    into->some_cores = into->some_cores ? into->some_cores : from->some_cores;
    if (isnan(into->memory_gib))
        into->memory_gib = from->memory_gib;
    if (into->memory_type[0] == '\0')
        memcpy(into->memory_type, from->memory_type, sizeof into->memory_type);
    if (into->form[0] == '\0')
        memcpy(into->form, from->form, sizeof into->form);
    into->virtual_machine = into->virtual_machine || from->virtual_machine;
    if (count && from->count > 0)
        into->count = from->count;
}

static bool all_gone(const struct chip_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!words->words[i].gone)
            return false;
    return true;
}

static void append_words(struct chip_words *into, const struct chip_words *from)
{
    for (size_t i = 0; i < from->count; i++) {
        if (into->count == CHIP_WORDS_MAX)
            into->too_many = true;
        else
            into->words[into->count++] = from->words[i];
    }
}

/* The chip that a note in brackets names. "6700/6700 XT" names several: none, and each becomes a candidate. */
static const struct chip *by_group(const char *group, const struct chip_hints *outer, struct chip_match *match)
{
    struct str rest = str_of(group), part;
    const struct chip *found = NULL;
    const char *vendor = outer->vendor;
    size_t parts = 0, named = 0;

    while (str_next_field(&rest, '/', &part)) {
        char text[CHIP_TEXT_SIZE];
        struct chip_words words;
        struct chip_hints hints = no_hints();
        text_copy(text, part.len + 1, part.data);
        chip_split_words(text, &words);
        hints.apple = outer->apple;
        chip_apply_rules(&words, &hints);
        parts += !all_gone(&words);
        vendor = hints.vendor ? hints.vendor : vendor;
        hints.vendor = vendor;
        const struct chip *chip = by_words(&words, &hints);
        if (!chip)
            continue;
        named++;
        found = chip;
        if (match->candidate_count < CHIP_CANDIDATES_MAX)
            match->candidates[match->candidate_count++] = chip->name;
    }
    if (parts > 1 || named > 1)
        return NULL;
    match->candidate_count = named > 0 ? match->candidate_count - named : match->candidate_count;
    return found;
}

static bool has_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (str_find(str_of(text), str_of(*words), 0) != SIZE_MAX)
            return true;
    return false;
}

/* What stands in brackets is not what ran: a text that imitates a chip or a machine, or names another part of the chip.
 */
static bool brackets_mislead(const struct chip_text *text, const struct chip *inner)
{
    static const char *const imitations[] = {"virtual",  "emulat",   "simulat", "qemu", "vmware",
                                             "llvmpipe", "paravirt", "remote",  "like", "swiftshader",
                                             "angle",    "class",    "vs",      NULL};
    static const char *const accelerators[] = {"npu", "neural", "engine", "boost", "hexagon", "dsp", "tpu", NULL};
    static const char *const graphics[] = {"graphics", "gpu", "radeon", "geforce", "rtx", "iris", "uhd", NULL};

    if (has_any(text->outer, imitations))
        return true;
    return (strcmp(inner->kind, "npu") != 0 && has_any(text->outer, accelerators)) ||
           (strcmp(inner->kind, "gpu") != 0 && has_any(text->outer, graphics));
}

struct reading {
    struct chip_text text;
    struct chip_words outer, groups[CHIP_GROUPS_MAX];
    struct chip_hints hints;
    bool inlined; /* a note in brackets belongs to the name */
};

static void read_name(const char *clean, struct reading *reading)
{
    chip_split_groups(clean, &reading->text);
    reading->hints = no_hints();
    reading->inlined = false;
    chip_split_words(reading->text.outer, &reading->outer);
    for (size_t i = 0; i < reading->text.group_count; i++) {
        chip_split_words(reading->text.groups[i], &reading->groups[i]);
        if (!chip_group_names(&reading->groups[i]))
            continue;
        append_words(&reading->outer, &reading->groups[i]);
        reading->groups[i].count = 0;
        reading->inlined = true;
    }
    chip_apply_rules(&reading->outer, &reading->hints);
    for (size_t i = 0; i < reading->text.group_count; i++) {
        struct chip_hints hints = no_hints();
        hints.apple = reading->hints.apple;
        chip_apply_rules(&reading->groups[i], &hints);
        merge_facts(&reading->hints, &hints, all_gone(&reading->groups[i]));
    }
}

/* What stands in brackets as part of the name: "TITAN X (Pascal)", "Apple Neural Engine (M1)". */
static const struct chip *with_groups(const struct reading *reading)
{
    struct chip_words all = reading->outer;

    for (size_t i = 0; i < reading->text.group_count; i++)
        append_words(&all, &reading->groups[i]);
    return reading->text.group_count > 0 ? by_words(&all, &reading->hints) : NULL;
}

static const struct chip *find(const struct reading *reading, struct chip_match *match)
{
    const struct chip *outer = by_words(&reading->outer, &reading->hints);
    const struct chip *joined = outer ? NULL : with_groups(reading);

    if (joined)
        return joined;
    if (reading->hints.vendors_differ)
        return NULL;
    for (size_t i = 0; i < reading->text.group_count; i++) {
        const struct chip *inner =
            reading->groups[i].count > 0 ? by_group(reading->text.groups[i], &reading->hints, match) : NULL;
        if (!inner || (!outer && brackets_mislead(&reading->text, inner)))
            continue;
        /* "Ryzen AI Max+ 395 (Radeon 8060S)" names a part; "RTX 4090 (RTX 3080)" contradicts itself. */
        if (outer && inner != outer && strcmp(inner->kind, outer->kind) == 0) {
            match->candidates[0] = outer->name;
            match->candidates[1] = inner->name;
            match->candidate_count = 2;
            return NULL;
        }
        outer = outer ? outer : inner;
    }
    return outer;
}

static void match_part(const char *clean, const struct chip_facts *facts, struct chip_match *ret)
{
    struct reading reading;

    *ret = (struct chip_match){.count = 1, .bandwidth_max_gb_s = (double)NAN};
    read_name(clean, &reading);
    const struct chip *first = reading.text.cut ? NULL : find(&reading, ret);
    ret->count = first && reading.hints.count > 0 ? reading.hints.count : 1;
    if (first) {
        ret->candidate_count = 0;
        ret->chip = first->name;
        chip_find_variant(first, &reading.hints, facts, ret);
        return;
    }
    char key[CHIP_TEXT_SIZE];
    chip_key(&reading.outer, &reading.hints, false, key);
    if (key[0] && ret->candidate_count == 0)
        chip_nearest(key, reading.hints.vendor, reading.text.cut, ret);
}

/* Where the first part of a list ends: ", ", " + ", " & ", "; " outside brackets. SIZE_MAX when it is no list. */
static size_t list_end(const char *clean)
{
    int depth = 0;

    for (size_t i = 0; clean[i]; i++) {
        depth += (clean[i] == '(' || clean[i] == '[') - (clean[i] == ')' || clean[i] == ']');
        const bool mark = clean[i] == ',' || clean[i] == ';' ||
                          ((clean[i] == '+' || clean[i] == '&') && i > 0 && clean[i - 1] == ' ' && clean[i + 1] == ' ');
        if (mark && depth <= 0)
            return i;
    }
    return SIZE_MAX;
}

static bool says_nothing(const char *text)
{
    struct chip_words words;
    struct chip_hints hints = no_hints();

    hints.apple = true;
    chip_split_words(text, &words);
    chip_apply_rules(&words, &hints);
    return all_gone(&words);
}

/* Notes of a driver behind a name: ", gfx1100 (0x1100), VMM: no, Wave Size: 32". */
static bool is_note(const char *text)
{
    static const char *const starts[] = {
        "gfx",     "compute capability", "vmm",           "wave size", "warp size", "uma", "fp16", "bf16", "driver",
        "int dot", "matrix cores",       "shared memory", "id",        "vram",      "cc "};

    while (*text == ' ')
        text++;
    for (size_t i = 0; i < ARRAY_LENGTH(starts); i++)
        if (text_starts_with(text, starts[i]))
            return true;
    return false;
}

/* "M1 Max, 10-core CPU, 32-core GPU" and "Advanced Micro Devices, Inc. …" are one name: their marks become blanks.
 * Returns how many parts there are then. */
static size_t join_facts(char *clean)
{
    size_t parts = 1;

    for (char *from = clean;;) {
        const size_t end = list_end(from);
        if (end == SIZE_MAX)
            return parts;
        char *const mark = from + end, *const next = mark + 1;
        const size_t next_end = list_end(next);
        const char kept = next_end == SIZE_MAX ? '\0' : next[next_end];
        *mark = '\0';
        if (next_end != SIZE_MAX)
            next[next_end] = '\0';
        const bool joined = says_nothing(from) || says_nothing(next);
        *mark = joined ? ' ' : ',';
        if (next_end != SIZE_MAX)
            next[next_end] = kept;
        parts += !joined;
        from = joined ? from : next;
    }
}

/* Two parts of a list that name different things: no chip, both as candidates. */
static void contradict(const struct chip_match *first, const struct chip_match *other, struct chip_match *ret)
{
    struct chip_match none = {.count = 1, .bandwidth_max_gb_s = (double)NAN};

    if (first->chip)
        none.candidates[none.candidate_count++] = first->chip;
    if (other->chip)
        none.candidates[none.candidate_count++] = other->chip;
    *ret = none;
}

/* "A, A, A" is three of one chip; "A, B" is no chip. */
static void match_list(char *clean, const struct chip_facts *facts, struct chip_match *ret)
{
    int total = 0;

    for (char *rest = clean; rest;) {
        struct chip_match part;
        const size_t end = list_end(rest);
        char *next = end == SIZE_MAX ? NULL : rest + end + 1;
        if (next)
            rest[end] = '\0';
        if (total == 0) {
            match_part(rest, facts, ret);
            total = ret->count;
        } else if (!is_note(rest)) {
            match_part(rest, facts, &part);
            if (!part.chip || !text_equal(part.chip, ret->chip)) {
                contradict(ret, &part, ret);
                return;
            }
            if (!text_equal(part.variant, ret->variant)) {
                ret->variant = NULL;
                ret->entry = NULL;
                ret->bandwidth_max_gb_s = fmax(ret->bandwidth_max_gb_s, part.bandwidth_max_gb_s);
            }
            total += part.count;
        }
        rest = next;
    }
    ret->count = total;
}

static void match_name(const char *raw, const struct chip_facts *facts, struct chip_match *ret)
{
    char clean[CHIP_TEXT_SIZE];

    chip_clean(raw, clean);
    if (strlen(clean) + 1 >= CHIP_TEXT_SIZE) {
        *ret = (struct chip_match){.count = 1, .bandwidth_max_gb_s = (double)NAN};
        return;
    }
    if (join_facts(clean) > 1)
        match_list(clean, facts, ret);
    else
        match_part(clean, facts, ret);
}

/* As for models: the names last looked up without facts are kept. */
void catalog_match_chip(const char *raw, const struct chip_facts *facts, struct chip_match *ret)
{
    static _Thread_local struct {
        char raw[RECENT_TEXT_SIZE];
        struct chip_match match;
    } recent[RECENT_COUNT];
    static _Thread_local size_t next;

    if (text_is_empty(raw) || facts || strlen(raw) >= RECENT_TEXT_SIZE) {
        match_name(raw ? raw : "", facts, ret);
        return;
    }
    for (size_t i = 0; i < RECENT_COUNT; i++)
        if (strcmp(recent[i].raw, raw) == 0) {
            *ret = recent[i].match;
            return;
        }
    match_name(raw, facts, ret);
    const size_t slot = next++ % RECENT_COUNT;
    memcpy(recent[slot].raw, raw, strlen(raw) + 1);
    recent[slot].match = *ret;
}
