/* Room-private: the rules of chip_words.c that keep a fact, and their helpers. */
#ifndef SCHEMA_CATALOG_CHIP_RULES_H
#define SCHEMA_CATALOG_CHIP_RULES_H

#include "schema/catalog/chip_text.h"

/* Word i stands there, was not taken out, and is `text` (one of the NULL-ended `list`). */
bool chip_word_is(const struct chip_words *words, size_t i, const char *text);
bool chip_word_in(const struct chip_words *words, size_t i, const char *const *list);
void chip_drop(struct chip_words *words, size_t i, size_t count);
/* Word i begins with a number: its value, and what follows it in the word; NULL when not. */
const char *chip_number(const struct chip_words *words, size_t i, double *ret_value);

void chip_rule_vendors(struct chip_words *words, struct chip_hints *hints);
void chip_rule_cores(struct chip_words *words, struct chip_hints *hints);
void chip_rule_phrases(struct chip_words *words, struct chip_hints *hints);
void chip_rule_count(struct chip_words *words, struct chip_hints *hints);
void chip_rule_memory(struct chip_words *words, struct chip_hints *hints);
void chip_rule_form(struct chip_words *words, struct chip_hints *hints);
void chip_rule_silent(struct chip_words *words, struct chip_hints *hints);

#endif
