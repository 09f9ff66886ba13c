/* The verbs of crosschip-plot. */
#ifndef PLOT_CMD_H
#define PLOT_CMD_H

#include "schema/base/options.h"

extern const struct option plot_chips_options[];
int plot_chips_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_heatmap_options[];
int plot_heatmap_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_distribution_options[];
int plot_distribution_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_scatter_options[];
int plot_scatter_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_history_options[];
int plot_history_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_scaling_options[];
int plot_scaling_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_categories_options[];
int plot_categories_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_serving_options[];
int plot_serving_run(const struct invocation *invocation, struct err *err);
extern const struct option plot_sustained_options[];
int plot_sustained_run(const struct invocation *invocation, struct err *err);

#endif
