/* What the columns of a heat map are called, and the words around it: metric, unit, direction. */
#ifndef PLOT_HEATMAP_WORDS_H
#define PLOT_HEATMAP_WORDS_H

#include "plot/heatmap_data.h"

/* Finds metric and unit of each column. What all columns share is noted in the data, else headings get theirs:
 * "inference_time" becomes "Inference time (ms)". Called last: the columns no longer go by the names in the file. */
void heatmap_words_describe(struct plot_input *input, struct heatmap_data *data);
/* Without a claim. All in the input's arena. */
const char *heatmap_words_title(struct plot_input *input, const struct heatmap_data *data);
const char *heatmap_words_subtitle(struct plot_input *input, const struct heatmap_data *data);
/* What a cell is and what the data does not state; the order of the rows, when they are sorted by a column. */
const char *heatmap_words_footer(struct plot_input *input, const struct heatmap_data *data, enum chips_sort sort);

#endif
