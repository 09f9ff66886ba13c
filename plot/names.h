/* What is drawn for a column or a chip: title, unit and direction of a metric, names as short as they stay clear. */
#ifndef PLOT_NAMES_H
#define PLOT_NAMES_H

#include "plot/chart/chart.h"
#include "plot/input.h"

/* Title, unit and direction of a column, from the catalogue or its heading: "Proof time (s)", "peak_power_w". Lives in
 * the input's arena or in `column`. */
void plot_describe_metric(struct plot_input *input, const char *column, struct chart_metric *ret);
/* Whether a column holds what a chip achieved, such as a throughput, and not what it has, such as cores. */
bool plot_is_achievement(const char *column, const struct chart_metric *metric);
/* A part of `name`: without its vendor where the rest says enough, "RTX 4090" of "NVIDIA RTX 4090". */
const char *plot_short_name(const char *name);

#endif
