/* What is drawn for a column or a chip: title, unit and direction of a metric, names as short as they stay clear. */
#ifndef PLOT_NAMES_H
#define PLOT_NAMES_H

#include "plot/chart/chart.h"
#include "plot/input.h"

/* Title, unit and direction of a column, from the catalogue or its heading: "Proof time (s)", "peak_power_w". Lives in
 * the input's arena or in `column`. */
void plot_describe_metric(struct plot_input *input, const char *column, struct chart_metric *ret);
/* Whether the heading says it: it is in the catalogue, or ends in a unit. "Prompts (512 tokens)" does not. */
bool plot_metric_is_known(const char *column, const struct chart_metric *metric);
/* What the variants of chips mean, "76c = GPU cores", by one of them; NULL when nobody knows. In the arena. */
const char *plot_variant_words(struct arena *arena, const char *name, const char *variant);
/* Whether a column holds what a chip achieved, such as a throughput, and not what it has, such as cores. */
bool plot_is_achievement(const char *column, const struct chart_metric *metric);
/* A part of `name`: without its vendor where the rest says enough, "RTX 4090" of "NVIDIA RTX 4090". */
const char *plot_short_name(const char *name);
/* The names of one chart beside each other: where one of them must keep its vendor ("Apple CPU") those that are nothing
 * but a number without it ("L4", "M2 Pro") keep theirs. See all of them first. */
struct plot_naming {
    bool vendors;
};
void plot_naming_see(struct plot_naming *naming, const char *name);
const char *plot_naming_short(const struct plot_naming *naming, const char *name);

#endif
