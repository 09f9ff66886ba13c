/* The text of a chip name as a tool or a person wrote it, cut into words.
 *
 * Room-private. chip_clean makes small ASCII letters of it; chip_split_words
 * cuts one stretch of it into words; the rules of chip_words.c then take out
 * what does not name the chip and keep the facts. Nothing is allocated. */
#ifndef SCHEMA_CATALOG_CHIP_TEXT_H
#define SCHEMA_CATALOG_CHIP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/catalog/catalog.h"

#define CHIP_TEXT_SIZE 320
#define CHIP_WORDS_MAX 48
#define CHIP_WORD_SIZE 24
#define CHIP_GROUPS_MAX 4

struct chip_word {
    char text[CHIP_WORD_SIZE];
    bool gone;   /* taken out by a rule */
    bool memory; /* taken out as a size of memory: some names have one ("GTX 1060 3GB") */
};

/* What a name says beside the name. */
struct chip_hints {
    int cpu_cores, gpu_cores, some_cores; /* some_cores: it does not say of what; 0 = not said */
    double memory_gib;                    /* NAN = not said */
    char memory_type[8];                  /* "hbm3"; "" = not said */
    char form[8];                         /* "sxm4", "pcie", "nvl", "server", … */
    const char *vendor;                   /* as in struct chip; NULL = not said */
    bool vendors_differ;
    int count; /* 0 = not said */
    bool laptop, virtual_machine, apple;
};

struct chip_words {
    struct chip_word words[CHIP_WORDS_MAX];
    size_t count;
    bool too_many;
};

/* A name cut into what stands outside brackets and inside them. */
struct chip_text {
    char outer[CHIP_TEXT_SIZE];
    char groups[CHIP_GROUPS_MAX][CHIP_TEXT_SIZE];
    size_t group_count;
    bool cut; /* ends in "...": the tool cut the name */
};

/* Small ASCII letters, one blank between words; control sequences, ® and ™ gone, characters of
 * other scripts become '?', so that a name with them matches nothing. */
void chip_clean(const char *raw, char target[CHIP_TEXT_SIZE]);
void chip_split_groups(const char *clean, struct chip_text *ret);
void chip_split_words(const char *text, struct chip_words *ret);

/* Takes out of *words what does not name the chip, adds what it says to *hints. */
void chip_apply_rules(struct chip_words *words, struct chip_hints *hints);
/* True when all words of a group belong to a name ("Mobile", "Ti"): the group must not be set aside. */
bool chip_group_names(const struct chip_words *words);
/* The words that are left, joined; with_memory keeps sizes of memory. "" when none are left. */
void chip_key(const struct chip_words *words, const struct chip_hints *hints, bool with_memory,
              char target[CHIP_TEXT_SIZE]);

/* The chip with that key (its first entry); NULL when there is none, or several. */
const struct chip *chip_by_key(const char *key, const struct chip_hints *hints);
/* Adds the nearest names to a key to the candidates, best first: for a person to choose from, never chosen here.
 * beginnings_only: the name was cut, so only longer ones that begin with it (or shorter ones that it begins with). */
void chip_nearest(const char *key, const char *vendor, bool beginnings_only, struct chip_match *match);
/* The variant of match->chip that the facts allow, the bound of its bandwidth, or the variants as candidates. */
void chip_find_variant(const struct chip *first, const struct chip_hints *hints, const struct chip_facts *facts,
                       struct chip_match *match);
/* Entries of one chip: the first, and how many stand together. */
size_t chip_entries(const struct chip *first);

#endif
