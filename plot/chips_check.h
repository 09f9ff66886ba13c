/* Whether the two metrics of a chip chart can be of one model. */
#ifndef PLOT_CHIPS_CHECK_H
#define PLOT_CHIPS_CHECK_H

#include "plot/chips_data.h"

/* A run reads each byte of the model once, so measured bandwidth × time of inference is the same on every chip. Where
 * one of three chips or more is 3 % from the median: the sentence that says so, for the footer, in the input's arena;
 * otherwise NULL, also for other metrics. */
const char *chips_check_bytes(struct plot_input *input, const struct chips_data *data);

#endif
