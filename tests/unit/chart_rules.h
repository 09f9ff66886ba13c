/* What must hold for every chart of any data, as checks that fail the test with words about what they found. */
#ifndef TESTS_UNIT_CHART_RULES_H
#define TESTS_UNIT_CHART_RULES_H

#include "tests/unit/chart_set.h"

/* Every place is a number, every mark within the picture. */
void chart_rules_places(const struct chart_layout *layout);
/* Texts have 4.5 : 1 against what is behind them. */
void chart_rules_contrast(const struct chart_layout *layout);
/* 3 to 6 ticks within the domain, at round distances where the axis is linear. */
void chart_rules_ticks(const struct chart_layout *layout);
/* Bars are proportional from zero, and the figure behind each is its own value. */
void chart_rules_bars(const struct chart_layout *layout);
/* Figures of some roles are numbers of the set at the rounding that they show. */
void chart_rules_figures(const struct chart_layout *layout, const struct chart_set *set);
/* Rows stand in the order of the set, and different ones have different names. */
void chart_rules_order(const struct chart_layout *layout, const struct chart_set *set);
/* The alternative text has a fair length and states the counts of the set. */
void chart_rules_alt(const struct chart_layout *layout, const struct chart_set *set);

#endif
