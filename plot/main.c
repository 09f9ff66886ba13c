#include "plot/cmd.h"

static const struct verb verbs[] = {
    {
        .name = "chips",
        .arguments = "[FILE|-]",
        .summary = "bars of one or two metrics by chip",
        .description =
            "Reads CSV with a header or JSON with an array of objects. The first column (or chip, name, device) names\n"
            "the chip; each column of numbers is a metric. Columns that a metric may have besides: METRIC_low and\n"
            "METRIC_high (95 % interval), METRIC_runs, METRIC_factor_low and METRIC_factor_high; and of each row:\n"
            "variant, group (colour; the vendor when absent) and note. Unit and direction of a metric come from the\n"
            "catalogue, or from the heading (\"time (ms)\") and --direction.",
        .example = "crosschip-plot chips results.csv -o chips.png --baseline \"M1 Max\"",
        .options = plot_chips_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_chips_run,
    },
    {
        .name = "heatmap",
        .arguments = "[FILE|-]",
        .summary = "one value per chip and workload, coloured by its factor",
        .description =
            "Reads CSV with a header or JSON with an array of objects: either a row per chip and a column per\n"
            "workload (\"GROUP | TITLE\" puts it under a heading), or the columns chip, workload, value and, if "
            "wanted,\n"
            "group. variant is a grey column beside the name. An empty cell is no data, the word failed a failure.",
        .example = "crosschip-plot heatmap results.csv -o heatmap.png --baseline \"M1 Max\"",
        .options = plot_heatmap_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_heatmap_run,
    },
    {
        .name = "distribution",
        .arguments = "[FILE|-]",
        .summary = "every run of each chip around its median",
        .description =
            "Reads CSV with a header or JSON with an array of objects, one row per run: a column that names the chip\n"
            "and a column of numbers. Each chip gets its runs as points, from 6 runs on a box, from 20 on a density.\n"
            "What crosschip-analyze distribution prints with --json becomes a box of each chip.",
        .example = "crosschip-plot distribution runs.csv -o distribution.png --metric \"Proof time (s)\"",
        .options = plot_distribution_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_distribution_run,
    },
    {
        .name = "scatter",
        .arguments = "[FILE|-]",
        .summary = "two metrics of each chip against each other, with a frontier",
        .description =
            "Reads CSV with a header or JSON with an array of objects: names, two columns of numbers and, if wanted,\n"
            "group, family or vendor (colour and shape), lesser (1 = hollow, a lesser variant of the chip of the same\n"
            "name) and pinned (1 = always named). Both axes are logarithmic when a range exceeds 10 to 1.",
        .example = "crosschip-plot scatter chips.csv --x bandwidth --y \"Latency (ms)\" -o scatter.png",
        .options = plot_scatter_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_scatter_run,
    },
    {
        .name = "history",
        .arguments = "[FILE|-]",
        .summary = "runs over time, levels and where they change",
        .description = "Reads CSV with a header or JSON with an array of objects, one row per run: a time (date, RFC "
                       "3339, seconds\n"
                       "since 1970, a number or a commit; without one the order of the rows), a number and, if wanted, "
                       "the series\n"
                       "(chip). Up to four series share a panel.",
        .example = "crosschip-plot history runs.csv --x date --y \"Proof time (ms)\" -o history.png",
        .options = plot_history_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_history_run,
    },
    {
        .name = "scaling",
        .arguments = "[FILE|-]",
        .summary = "speed-up inside chip families against their extra resources",
        .description =
            "Reads CSV with a header or JSON with an array of objects: names, one or two metrics and, if wanted, the\n"
            "family and the resources (a column with cores, rated or theoretical in its name). What is not there "
            "comes\n"
            "from the catalogue: GPU cores for prompts, rated memory bandwidth for everything else.",
        .example = "crosschip-plot scaling chips.csv --x gpu_cores --y prompt_throughput -o scaling.png",
        .options = plot_scaling_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_scaling_run,
    },
    {
        .name = "categories",
        .arguments = "[FILE|-]",
        .summary = "groups of bars: prompt categories, modes, original against quantized",
        .description =
            "Reads CSV with a header or JSON with an array of objects: either a row per category and a column of\n"
            "numbers per series, or the columns category, series and value. Ratios refer to the first series. What\n"
            "crosschip-analyze compare prints with --json becomes a group per workload and a series per side.",
        .example = "crosschip-plot categories modes.csv --metric \"Generation (tok/s)\" -o modes.png",
        .options = plot_categories_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_categories_run,
    },
    {
        .name = "serving",
        .arguments = "[FILE|-]",
        .summary = "latency against throughput of a server under load",
        .description =
            "Reads CSV with a header or JSON with an array of objects, one row per load: chip, request rate, output\n"
            "throughput, median latency and, if wanted, the p99. An axis is logarithmic when it spans more than 10 to "
            "1.",
        .example = "crosschip-plot serving loads.csv -o serving.png --title \"Latency under load\"",
        .options = plot_serving_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_serving_run,
    },
    {
        .name = "sustained",
        .arguments = "[FILE|-]",
        .summary = "a metric over the seconds of a long run, throttling marked",
        .description =
            "Reads CSV with a header or JSON with an array of objects, one row per sample: seconds, a number and, if\n"
            "wanted, the chip and a column that says why it was throttled (empty, 0 or none where it was not).",
        .example = "crosschip-plot sustained samples.csv --y \"Generation (tok/s)\" -o sustained.png",
        .options = plot_sustained_options,
        .least_arguments = 0,
        .most_arguments = 1,
        .run = plot_sustained_run,
    },
    {0},
};

static const struct program program = {
    .name = "crosschip-plot",
    .summary = "draw charts of benchmark results",
    .description = "Draws PNG, SVG and PDF from tidy CSV or JSON, and from what crosschip-analyze prints with --json.",
    .verbs = verbs,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
