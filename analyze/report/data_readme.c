/* The words of data/README.md: constant, but for nothing. */
#include "analyze/report/data_tables.h"

struct described {
    const char *name, *words;
};

static const struct described files[] = {
    {"figures", "one line per chip, workload and metric: what the tables and charts show"},
    {"measurements", "one line per measurement as submitted, of every state"},
    {"submissions", "one line per submission that is known, by its id"},
    {"findings", "what the plausibility rules found, with the numbers"},
    {"coverage", "chips × models: have, need or none; of more than 20,000 pairs only those that have"},
};

static const struct described columns[] = {
    {"tool, model, quantization, task, mode, category, parameters",
     "what was run; canonical where the catalogue knows the name"},
    {"run_variant", "`alone`, `parallel` (one of two models at once) or `combined`"},
    {"chip, variant, chip_count", "the chip, its variant where it is known, how many worked together"},
    {"chip_given", "the chip's name as the tool printed it"},
    {"backend", "CUDA, Metal, ANE, …"},
    {"metric, unit, better", "the metric of the catalogue, its unit, and which direction is better"},
    {"value", "median of a device's submissions, of a contributor's devices, over contributors"},
    {"low_95, high_95", "95 % interval of the median from order statistics; empty when there are fewer than 6 values"},
    {"interval_of", "what the interval counts: contributors, devices, submissions or samples"},
    {"least, greatest", "smallest and greatest submitted value behind the figure"},
    {"stddev, stddev_kind", "standard deviation as submitted; of a figure only when one submission stands behind it"},
    {"n, runs", "repetitions behind a measurement, and their sum; empty when a source does not say"},
    {"submissions, devices, contributors", "how many stand behind the figure"},
    {"set_up, set_ups", "what tunes a run (threads, layers, build); how many different ones a figure mixes"},
    {"flagged", "how many of the values have a remark of the plausibility rules"},
    {"newest_run, ran_at", "time of the run as its source states it, UTC; empty when it does not"},
    {"baseline, factor", "factor against that chip, greater is better; empty when the baseline has no value"},
    {"submission, state, counts", "SHA-256 of the submission's bytes, its state, whether it enters the figures: "
                                  "yes, no, failed when the run failed or its tool calls it invalid, or quarantined "
                                  "when a check holds back this run of a file and not the file"},
    {"format", "how the tool's output was written"},
    {"rule, severity, message", "the rule, whether it only flags or also quarantines or is just a note, and what it "
                                "found; run and metric where it names them"},
    {"have_or_need, generation", "`have` a result, `need` one since others of the family have it, or `none` and nobody "
                                 "asks for one; the generation of the chip"},
};

static void put_list(struct buf *into, const struct described *items, size_t count, const char *first,
                     const char *ending)
{
    buf_addf(into, "| %s | What it is |\n|:---|:---|\n", first);
    for (size_t i = 0; i < count; i++)
        buf_addf(into, "| %s%s | %s |\n", items[i].name, ending, items[i].words);
    buf_adds(into, "\n");
}

void data_readme(struct buf *into)
{
    buf_adds(
        into,
        "# Data files\n\nUTF-8, numbers with full precision, empty (CSV) or null (JSON) where something is missing: "
        "missing is never zero. In CSV a text that a spreadsheet would take for a formula begins with an "
        "apostrophe; JSON has the exact text. NAME.ndjson holds the objects of NAME.json, one a line.\n\n");
    put_list(into, files, ARRAY_LENGTH(files), "File", " (.csv, .json)");
    buf_adds(into, "More than 20,000 measurements stand in `measurements-*.ndjson`, by the first digits of their "
                   "submission's hash, and in no other form: `cat` puts them together, and `crosschip-analyze export` "
                   "gives them as CSV.\n\n");
    buf_adds(into, "`table-*.csv` hold one workload each, chips by value, as RESULTS.md shows them.\n\n");
    buf_adds(into,
             "`previous-figures.ndjson` and `previous-submissions.ndjson` are those files of the publication that "
             "the changes in RESULTS.md were told against; a first publication has none.\n\n");
    put_list(into, columns, ARRAY_LENGTH(columns), "Column", "");
}
