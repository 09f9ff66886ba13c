/* Numbers as people read them (specification of charts, section 2.4).
 *
 * The locale is always "C". Minus is U+2212, ranges have an en dash, a percent sign stands behind
 * U+202F, thousands have commas. NAN and infinities print as "–": missing is never zero. The result is
 * text of ours: it needs no encoder in Markdown or HTML. All functions return `target`. */
#ifndef SCHEMA_TEXT_FIGURE_H
#define SCHEMA_TEXT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"

#define FIGURE_SIZE 48
#define FIGURE_MISSING "–"

/* Decimals that a value deserves. With a half-width of its interval (> 0): the half-width to two significant digits,
 * to one when its first digit is 3 or more. Without (NAN): ≥ 100 none, ≥ 10 one, ≥ 1 two, below three significant
 * digits. */
int figure_decimals(double value, double half_width);
/* A column of a table has one unit and one count of decimals: the most that any finite value deserves, at most 6. A
 * small value must not give large ones decimals that no source states, where no interval asks for them: 8,479 beside 8,
 * not 8,479.00. Begins with zeros. */
struct figure_column {
    int most, stated;
    double greatest;
    bool spread;
};
void figure_column_add(struct figure_column *column, double value, double half_width); /* NAN: none */
int figure_column_decimals(const struct figure_column *column);
/* The fewest decimals that write the value as it is, but for the noise of a double's last digits. */
int figure_stated_decimals(double value);
/* "1,238.5" */
const char *figure_fixed(char target[FIGURE_SIZE], double value, int decimals);
/* A value by its own decimals. */
const char *figure_value(char target[FIGURE_SIZE], double value, double half_width);
/* Factor, > 1 is better: "17×", "2.3×", "0.77×". */
const char *figure_factor(char target[FIGURE_SIZE], double factor);
/* "3.1–3.7×"; one more digit when both ends would print the same. */
const char *figure_factor_range(char target[FIGURE_SIZE], double low, double high);
/* Whether a factor's interval says nothing: it holds 1. False when there is no interval. */
bool figure_factor_is_open(double low, double high);
/* 27.1 prints "+27.1 %" with its sign when `with_sign`. */
const char *figure_percent(char target[FIGURE_SIZE], double percent, int decimals, bool with_sign);
/* A count with thousands, "–" when negative (unknown). */
const char *figure_count(char target[FIGURE_SIZE], int64_t count);
/* A finer unit for a column whose largest value is below 1 ("ms" to "µs"): its name and the factor; NULL = keep. */
const char *figure_finer_unit(const char *unit, double *ret_factor);

#endif
