/* What chips cost: a CSV of the user with the header chip,price,currency,date,source. Prices are the user's own, of one
 * chip on one day; nothing is converted, so a file holds one currency. */
#ifndef ANALYZE_DATA_PRICES_H
#define ANALYZE_DATA_PRICES_H

#include "analyze/data/comparison.h"

struct price {
    const char *chip;    /* canonical, else as given */
    const char *variant; /* "" = any variant of it */
    double price;
    const char *date; /* 2026-11-28 */
    const char *source;
    const char *given; /* the name as the file has it */
    int line;          /* of the file */
};
struct price_list {
    struct price *items;
    size_t count;
    const char *currency; /* "EUR"; NULL while there is none */
};

/* ERR_DATA with file and line: a name that means several chips, no price, no date, no source, a second currency, two
 * prices of one chip on one day. Everything in the arena. */
int prices_read(const char *path, struct arena *arena, struct price_list *ret, struct err *err) must_check;
/* The newest of the row's variant, else of its chip; NULL = none. It is for one chip: a row may have several. */
const struct price *price_of(const struct price_list *prices, const struct comparison_row *row);
/* Whether anything was run on its chip. */
bool price_is_used(const struct price *price, const struct result_set *set);

#endif
