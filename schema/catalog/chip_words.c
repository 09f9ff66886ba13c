/* The cut into words, and the rules that take out what does not name the chip. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/chip_rules.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_word_byte(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || byte == '?';
}

/* A point belongs to a number, a plus to the word in front of it ("Max+", "12P+4E"). */
static bool continues(const char *at, size_t length)
{
    if (is_word_byte(at[0]))
        return true;
    if (length == 0)
        return false;
    return at[0] == '+' || (at[0] == '.' && is_digit(at[-1]) && is_digit(at[1]));
}

static void add_word(struct chip_words *words, const char *text, size_t length)
{
    if (words->count == CHIP_WORDS_MAX || length >= CHIP_WORD_SIZE) {
        words->too_many = true;
        return;
    }
    struct chip_word *word = &words->words[words->count++];
    *word = (struct chip_word){.gone = false};
    memcpy(word->text, text, length);
}

void chip_split_words(const char *text, struct chip_words *ret)
{
    ret->count = 0;
    ret->too_many = false;
    for (const char *at = text; *at;) {
        size_t length = 0;
        if (*at == '@') {
            add_word(ret, at, 1);
            at++;
        } else if (*at == '*' && is_digit(at[1])) {
            add_word(ret, "x", 1);
            at++;
        }
        while (at[length] && continues(at + length, length))
            length++;
        if (length > 0)
            add_word(ret, at, length);
        at += length > 0 ? length : *at != '\0';
    }
}

bool chip_word_is(const struct chip_words *words, size_t i, const char *text)
{
    return i < words->count && !words->words[i].gone && strcmp(words->words[i].text, text) == 0;
}

bool chip_word_in(const struct chip_words *words, size_t i, const char *const *list)
{
    for (; *list; list++)
        if (chip_word_is(words, i, *list))
            return true;
    return false;
}

void chip_drop(struct chip_words *words, size_t i, size_t count)
{
    for (size_t k = i; k < i + count && k < words->count; k++)
        words->words[k].gone = true;
}

const char *chip_number(const struct chip_words *words, size_t i, double *ret_value)
{
    if (i >= words->count || words->words[i].gone || !is_digit(words->words[i].text[0]))
        return NULL;
    const char *text = words->words[i].text;
    double value = 0, unit = 1;
    bool fraction = false;

    for (; is_digit(*text) || (*text == '.' && !fraction); text++) {
        if (*text == '.') {
            fraction = true;
            continue;
        }
        value = value * 10 + (*text - '0');
        unit *= fraction ? 10 : 1;
    }
    if (value > 1e9)
        return NULL;
    *ret_value = value / unit;
    return text;
}

/* "11th Gen", "13th Generation". */
static void rule_ordinals(struct chip_words *words)
{
    static const char *const gens[] = {"gen", "generation", NULL};
    double value;

    for (size_t i = 0; i < words->count; i++) {
        const char *rest = chip_number(words, i, &value);
        if (rest &&
            (strcmp(rest, "th") == 0 || strcmp(rest, "st") == 0 || strcmp(rest, "nd") == 0 ||
             strcmp(rest, "rd") == 0) &&
            chip_word_in(words, i + 1, gens))
            chip_drop(words, i, 2);
    }
}

/* "@ 3.20GHz", "2.6 GHz". */
static void rule_clock(struct chip_words *words)
{
    static const char *const units[] = {"ghz", "mhz", NULL};
    double value;

    for (size_t i = 0; i < words->count; i++) {
        const bool at = chip_word_is(words, i, "@");
        const char *rest = chip_number(words, at ? i + 1 : i, &value);
        const size_t number = at ? i + 1 : i;
        if (rest && (strcmp(rest, "ghz") == 0 || strcmp(rest, "mhz") == 0))
            chip_drop(words, i, at ? 2 : 1);
        else if (rest && *rest == '\0' && chip_word_in(words, number + 1, units))
            chip_drop(words, i, at ? 3 : 2);
        else if (at && rest && *rest == '\0')
            chip_drop(words, i, 2);
    }
}

/* "w/ Radeon 780M Graphics", "with Radeon Vega Mobile Gfx", "Ryzen 7 5700G Radeon Graphics": the chip's graphics part.
 */
static void rule_graphics_part(struct chip_words *words)
{
    static const char *const parts[] = {"radeon",     "vega", "iris",  "uhd", "hd",
                                        "integrated", "amd",  "intel", "gpu", NULL};
    bool ryzen = false;

    for (size_t i = 0; i < words->count; i++) {
        const bool with = chip_word_is(words, i, "w") || chip_word_is(words, i, "with");
        if ((with && chip_word_in(words, i + 1, parts)) || (ryzen && i > 1 && chip_word_is(words, i, "radeon"))) {
            chip_drop(words, i, words->count - i);
            return;
        }
        ryzen = ryzen || chip_word_is(words, i, "ryzen");
    }
}

/* "Raspberry Pi 5 Model B Rev 1.0". */
static void rule_board_revision(struct chip_words *words)
{
    for (size_t i = 0; i + 1 < words->count; i++) {
        if (chip_word_is(words, i, "rev"))
            chip_drop(words, i, 2);
        else if (chip_word_is(words, i, "model") && strlen(words->words[i + 1].text) <= 2)
            chip_drop(words, i, chip_word_is(words, i + 2, "plus") ? 3 : 2);
    }
}

/* Xeons before version 2 print "E5-2680 0". */
static void rule_first_version(struct chip_words *words)
{
    for (size_t i = 0; i + 2 < words->count; i++)
        if ((chip_word_is(words, i, "e5") || chip_word_is(words, i, "e3") || chip_word_is(words, i, "e7")) &&
            chip_word_is(words, i + 2, "0"))
            chip_drop(words, i + 2, 1);
}

void chip_apply_rules(struct chip_words *words, struct chip_hints *hints)
{
    chip_rule_vendors(words, hints);
    chip_rule_cores(words, hints);
    rule_clock(words);
    rule_ordinals(words);
    rule_graphics_part(words);
    rule_board_revision(words);
    rule_first_version(words);
    chip_rule_phrases(words, hints);
    chip_rule_memory(words, hints);
    chip_rule_count(words, hints);
    chip_rule_form(words, hints);
    chip_rule_silent(words, hints);
}

static void add_key(char *target, const char *text)
{
    size_t length = strlen(target);

    for (; *text && length + 5 < CHIP_TEXT_SIZE; text++) {
        if (*text == '+') {
            memcpy(target + length, "plus", 4);
            length += 4;
        } else if (*text != '.') {
            target[length++] = *text;
        }
    }
    target[length] = '\0';
}

void chip_key(const struct chip_words *words, const struct chip_hints *hints, bool with_memory,
              char target[CHIP_TEXT_SIZE])
{
    target[0] = '\0';
    for (size_t i = 0; i < words->count; i++)
        if (!words->words[i].gone || (with_memory && words->words[i].memory))
            add_key(target, words->words[i].text);
    if (hints->laptop && target[0])
        add_key(target, "laptop");
}

bool chip_group_names(const struct chip_words *words)
{
    static const char *const parts[] = {"laptop", "mobile", "notebook", "max", "q",   "maxq", "ti",  "super",
                                        "d",      "xt",     "xtx",      "gre", "sff", "ada",  "pro", "ultra",
                                        "le",     "gpu",    "m",        "s",   "v2",  "ref",  NULL};

    for (size_t i = 0; i < words->count; i++)
        if (!chip_word_in(words, i, parts))
            return false;
    return words->count > 0 && !(words->count == 1 && chip_word_is(words, 0, "gpu"));
}
