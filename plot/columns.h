/* Which column of tidy data is what, for the chart verbs. */
#ifndef PLOT_COLUMNS_H
#define PLOT_COLUMNS_H

#include "plot/chart/colours.h"
#include "plot/input.h"

/* The wished column, or the first of the usual ones; *ret = SIZE_MAX when neither is there and none was wished. */
int column_choose(const struct plot_input *input, const char *wish, const char *const *usual, size_t count, size_t *ret,
                  struct err *err) must_check;
/* Whether the heading of a column holds a word, whatever its case. */
bool column_holds_word(const char *column, const char *word);
/* Whether a column tells about another one: memory_bandwidth_low about memory_bandwidth, when that is there. It is an
 * interval, a run count or a factor, and no data to draw by itself. */
bool column_is_companion(const struct plot_input *input, size_t column);
/* Whether a column is data of its own: each cell a number or empty, and one at least a finite number. */
bool column_holds_numbers(const struct plot_input *input, size_t column);
/* The first column of numbers that is not taken; SIZE_MAX when there is none. */
size_t column_free_numbers(const struct plot_input *input, const size_t *taken, size_t count);
/* The text of a cell that must not be empty. */
int column_name(const struct plot_input *input, size_t row, size_t column, const char **ret,
                struct err *err) must_check;
/* What --better or --direction says, when it says something. */
int column_direction(const char *wish, const char *option, struct chart_metric *metric, struct err *err) must_check;
/* The category of a group: the same vendor, the same generation of Apple's M has the same colour everywhere; others in
 * their order, what is too much for the palette together as the last one. Notes the name in `groups`. */
size_t column_category(const char *groups[CHART_CATEGORIES], const char *group, bool fixed_vendors);
/* Keeps the colour of a generation of Apple's M from groups that come before it; called for all groups first. */
void column_keep_generation(const char *groups[CHART_CATEGORIES], const char *group);
/* The place of a series by its name, added at the end when it is new; SIZE_MAX when there are `most` already. */
size_t column_series(const char **names, size_t *count, size_t most, const char *name);

#endif
