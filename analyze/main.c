/* crosschip-analyze: tables, coverage, audit and publication of collected results. */
#include "analyze/inputs.h"
#include "analyze/output.h"
#include "analyze/verbs.h"

#define DEFAULT_SORT "value"

static const struct option table_options[] = {
    OPTION_MODEL,
    OPTION_QUANTIZATION,
    OPTION_METRIC,
    OPTION_TOOL,
    OPTION_CHIP,
    OPTIONS_SELECTION,
    OPTION_STATE,
    OPTION_BASELINE,
    {"group-by", 0, OPTION_TEXT_ONCE, "KEY", NULL,
     "medians of chips by vendor, family, generation, tier, kind, backend or chip"},
    {"sort", 0, OPTION_TEXT_ONCE, "ORDER", DEFAULT_SORT, "value (best first) or family (natural chip order)"},
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_MARKDOWN,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option compare_options[] = {
    OPTION_FORMAT, OPTION_JSON,     OPTION_CSV,  OPTION_MARKDOWN,
    OPTION_DATA,   OPTION_DATABASE, OPTION_USER, {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option check_options[] = {
    {"against", 0, OPTION_TEXT_ONCE, "SIDE", NULL,
     "the baseline: a file, a KEY=VALUE of the database, a version, a label"},
    {"last", 0, OPTION_TEXT_ONCE, "N", NULL, "the baseline: the N times before the newest"},
    {"threshold", 0, OPTION_TEXT, "PERCENT", "5", "what a figure may lose"},
    {"threshold-for", 0, OPTION_LIST, "METRIC=PERCENT", NULL, "another threshold for one metric"},
    {"targets", 0, OPTION_TEXT, "FILE", NULL, "limits to tell of: level,metric,bound,limit,unit"},
    {"ignore", 0, OPTION_TEXT, "FILE", NULL, "metrics or KEY=VALUE that do not count, one a line"},
    {"accepted", 0, OPTION_TEXT, "FILE", NULL, "accepted changes of the quality hash: from,to,who,why,date"},
    {"accept-hash", 0, OPTION_LIST_ONCE, "OLD=NEW", NULL, "accept this change and write it to --accepted"},
    {"who", 0, OPTION_TEXT_ONCE, "NAME", NULL, "who accepts it"},
    {"why", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "and for what reason"},
    {"junit", 0, OPTION_TEXT_ONCE, "FILE", NULL, "write JUnit XML too"},
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_MARKDOWN,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option report_options[] = {
    OPTION_WHERE,    OPTION_SINCE, OPTION_FORMAT,   OPTION_JSON, OPTION_CSV,
    OPTION_MARKDOWN, OPTION_DATA,  OPTION_DATABASE, OPTION_USER, {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option history_options[] = {
    {"by", 0, OPTION_TEXT_ONCE, "KEY", "change", "what names a row beside its time: change, title, version, os, …"},
    OPTION_WHERE,
    OPTION_SINCE,
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_MARKDOWN,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option scaling_options[] = {
    OPTIONS_SELECTION, OPTION_BASELINE, OPTION_FORMAT,   OPTION_JSON, OPTION_CSV,
    OPTION_MARKDOWN,   OPTION_DATA,     OPTION_DATABASE, OPTION_USER, {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option efficiency_options[] = {
    {"prices", 0, OPTION_TEXT_ONCE, "FILE", NULL, "what chips cost: a CSV with chip,price,currency,date,source"},
    OPTION_MODEL,
    OPTION_QUANTIZATION,
    OPTION_METRIC,
    OPTION_TOOL,
    OPTIONS_SELECTION,
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_MARKDOWN,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option export_options[] = {
    {"figures", 0, OPTION_FLAG_ONCE, NULL, NULL, "the figures of cells instead of single measurements"},
    {"format", 0, OPTION_TEXT_ONCE, "FORMAT", "csv", "csv, json or ndjson"},
    OPTIONS_SELECTION,
    OPTION_BASELINE,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option coverage_options[] = {
    OPTION_MODEL,
    OPTION_QUANTIZATION,
    OPTION_TOOL,
    {"as-of", 0, OPTION_TEXT_ONCE, "DATE", NULL, "the day that results are old against; otherwise the newest one's"},
    {"estimate", 0, OPTION_FLAG_ONCE, NULL, NULL, "what missing cells would likely hold, with the model's error"},
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_MARKDOWN,
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option audit_options[] = {
    OPTION_STATE,    OPTION_FORMAT,   OPTION_JSON,
    OPTION_CSV,      OPTION_MARKDOWN, OPTION_DATA,
    OPTION_DATABASE, OPTION_USER,     {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option single_options[] = {
    {"output", 'o', OPTION_TEXT_ONCE, "DIR", NULL, "the folder for report.html and report.md"},
    {"card", 0, OPTION_FLAG_ONCE, NULL, NULL,
     "print the section for a model card (a model before and after quantization)"},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct option publish_options[] = {
    OPTION_BASELINE,
    {"contact", 0, OPTION_TEXT_ONCE, "TEXT", NULL,
     "who publishes, and how to reach them: a name, a mail address, an https: link; it is published as it stands"},
    {"dry-run", 0, OPTION_FLAG_ONCE, NULL, NULL, "list what would be written and deleted, and do nothing"},
    {"snapshot", 0, OPTION_TEXT_ONCE, "NAME", NULL,
     "name this publication in snapshot.json, with the hash of every file"},
    {"git", 0, OPTION_TEXT_ONCE, "REPO", NULL, "commit to this git repository; DIR is then a folder of it"},
    {"branch", 0, OPTION_TEXT_ONCE, "NAME", NULL, "branch to commit to with --git; default the one checked out"},
    OPTION_DATA,
    OPTION_DATABASE,
    OPTION_USER,
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

static const struct verb verbs[] = {
    {.name = "table",
     .arguments = "[FILE…]",
     .summary = "tables per workload with values, evidence and factors against a baseline",
     .description =
         "Reads the database, or the FILES named: bundles or outputs of benchmark tools. One table is one model in "
         "one quantization and one task.\n\nWithout --baseline the one of crosschip.conf counts (baseline.TOOL or "
         "baseline.TOOL.MODEL), else the oldest base chip of the table.",
     .example = "crosschip-analyze table --model \"Llama 2 7B\" --baseline \"M1 Max\"\n"
                "crosschip-analyze table --format md a.json b.json",
     .options = table_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_table},
    {.name = "compare",
     .arguments = "A B [C…]",
     .summary = "two or more files, chips, versions or labels side by side, with verdicts that were tested",
     .description =
         "A side is a FILE, a FILE:KEY=VALUE with a selection of its own, a KEY=VALUE of the database, or a value "
         "alone: "
         "a chip, the beginning of a submission's id, a version, a label. Figures pair on everything that describes "
         "the "
         "work, but for what the sides were chosen by. All sides are compared with the first.\n\nbetter and worse need "
         "at least six values on each side, a rank test that holds after adjusting for the number of rows, and a "
         "difference of 5 %; ~ means that no difference was shown. Exits 2 when nothing is comparable.",
     .example = "crosschip-analyze compare before.json after.json\n"
                "crosschip-analyze compare baseline.json:mode=original optimized.json:mode=run_onnx\n"
                "crosschip-analyze compare \"M1 Max\" \"M4 Max\"",
     .options = compare_options,
     .least_arguments = 2,
     .most_arguments = -1,
     .run = verb_compare},
    {.name = "check",
     .arguments = "NOW",
     .summary = "the regression gate: 0 held, 1 regressed, 2 not comparable",
     .description =
         "NOW is a file or a selection of the database, as the sides of compare are. A figure has regressed when it is "
         "worse than the baseline by more than the threshold, in the metric's own direction, and, where both sides "
         "have "
         "at least six values, a rank test agrees. What lacks a test is said. Runs with another quality hash are not "
         "comparable unless --accepted holds that change, and neither is what lacks figures of the baseline because "
         "its runs failed or are quarantined.",
     .example = "crosschip-analyze check now.json --against before.json\n"
                "crosschip-analyze check benchmarks.md --last 5 --format md\n"
                "crosschip-analyze check now.json --against version=b4567 --junit gate.xml",
     .options = check_options,
     .least_arguments = 1,
     .most_arguments = 1,
     .run = verb_check},
    {.name = "modes",
     .arguments = "[FILE…]",
     .summary = "modes of a tool side by side: fastest, relative performance, throughput",
     .description =
         "As the benchmark of the VLM partitioner reports them, with its decimals; and whether a difference to "
         "the fastest mode was shown at all.",
     .example = "crosschip-analyze modes benchmark_results.json",
     .options = report_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_modes},
    {.name = "parallel",
     .arguments = "[FILE…]",
     .summary = "two models alone and at once: utilisation factor, efficiency, slowdown",
     .description = "As the dual-model benchmark of ANEMLL-Bench reports them, with its decimals and its bands.",
     .example = "crosschip-analyze parallel dual_benchmark.txt",
     .options = report_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_parallel},
    {.name = "quantization",
     .arguments = "[FILE…]",
     .summary = "a model as it was against its quantised form: memory, loading, generation",
     .description = "As the benchmark of Model Quantizer reports them, with its decimals; and says when no figure of "
                    "quality stands beside them.",
     .example = "crosschip-analyze quantization benchmark_results.json",
     .options = report_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_quantization},
    {.name = "history",
     .arguments = "[FILE…]",
     .summary = "figures over time, versions or labels, with notes and change points",
     .description = "One table is one workload on one chip. Rows with another output than the one before are named: "
                    "their speeds are not comparable.",
     .example = "crosschip-analyze history benchmarks.md\n"
                "crosschip-analyze history --by version --where \"chip=M4 Max\"",
     .options = history_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_history},
    {.name = "quality",
     .arguments = "[FILE…]",
     .summary = "what models put out, by the hash of their output, and how fast each output is",
     .description = "Speeds are comparable only within one model and one output.",
     .example = "crosschip-analyze quality benchmarks.md",
     .options = report_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_quality},
    {.name = "scaling",
     .arguments = "[FILE…]",
     .summary = "what more cores and more bandwidth bring inside a generation of chips",
     .description = "Speed-up against the smallest chip, its efficiency, and the share of the rated bandwidth that was "
                    "reached: measured, or as decoded tokens per second times the bytes of the weights.",
     .example = "crosschip-analyze scaling --family M2 --where task=tg128",
     .options = scaling_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_scaling},
    {.name = "efficiency",
     .arguments = "[FILE…]",
     .summary = "what chips give for a watt and for their price, the frontier of both, and what they sustain",
     .description = "Per watt where the same submissions measured power; per price from a CSV of yours with the header "
                    "chip,price,currency,date,source, in one currency. On the frontier is a row that no other beats "
                    "in figure and cost at once: medians are compared, nothing is tested.",
     .example = "crosschip-analyze efficiency --prices prices.csv --task tg128\n"
                "crosschip-analyze efficiency localscore.json",
     .options = efficiency_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_efficiency},
    {.name = "distribution",
     .arguments = "[FILE…]",
     .summary = "how the values behind each figure spread: quartiles, outliers, modes, drift",
     .description = "One row is one figure: the values are those of the highest level that has several (contributors, "
                    "devices, submissions, or the samples of a single one), and n counts them. Outliers are counted "
                    "and kept.",
     .example = "crosschip-analyze distribution --where task=tg128 results.json",
     .options = report_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_distribution},
    {.name = "export",
     .arguments = "[FILE…]",
     .summary = "the whole tidy table as CSV, JSON or NDJSON, in full precision",
     .description = "One row is one measurement; with --figures one row is the figure of a cell. In CSV a text that a "
                    "spreadsheet would take for a formula begins with an apostrophe.",
     .example = "crosschip-analyze export --format ndjson --where chip=M4",
     .options = export_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_export},
    {.name = "coverage",
     .arguments = "[FILE…]",
     .summary = "chips and models: what is measured, what is needed",
     .description =
         "Prints the matrix and the ranked gaps: generation absent, chip absent, fewer than six runs, one device "
         "only, older than 180 days. Exits 0 whatever is missing.\n\n--estimate fits a log-additive model to what is "
         "measured and tells how far it misses a figure that is left out, with a range; above 15 % nothing is shown. "
         "Estimates are "
         "no measurements and enter no factor and no claim.",
     .example = "crosschip-analyze coverage --tool llama-bench\n"
                "crosschip-analyze coverage --estimate --as-of 2026-11-28",
     .options = coverage_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_coverage},
    {.name = "audit",
     .arguments = "[FILE…]",
     .summary = "what the plausibility checks found, with the numbers",
     .description =
         "Lists each finding with its numbers, then every check, also those that found nothing. What quarantines holds "
         "back a submission as a whole; of a plain file that somebody names, the run that it is about. Exits 0 when "
         "nothing was found, 1 when something was, 2 when there is nothing to audit; notes (originals that "
         "repeat, cells that mix versions of a tool, figures that look sent twice) do not count as found.",
     .example = "crosschip-analyze audit results.json\n"
                "crosschip-analyze audit --state accepted",
     .options = audit_options,
     .least_arguments = 0,
     .most_arguments = -1,
     .run = verb_audit},
    {.name = "report",
     .arguments = "FILE…",
     .summary = "one page and its Markdown for one result, without a database",
     .description =
         "Configuration, results with their spread, comparison, trade-offs, charts, and what to do about each remark. "
         "The page is one file that loads nothing and needs no network.",
     .example = "crosschip-analyze report result.json -o report\n"
                "crosschip-analyze report benchmark_results.json --card",
     .options = single_options,
     .least_arguments = 1,
     .most_arguments = -1,
     .run = verb_report},
    {.name = "publish",
     .arguments = "DIR [FILE…]",
     .summary = "write RESULTS.md, charts, data files, pages, badges and a feed into DIR",
     .description =
         "Text outside the markers of RESULTS.md survives. Only files whose content changed are written; files of an "
         "earlier publication that are no longer needed are deleted, nothing else. A new folder takes the place of DIR "
         "in "
         "one step where the system can do that. A folder that holds other files and no publication is "
         "refused.\n\nWhat charts and intervals were made from is kept in the account's cache "
         "($XDG_CACHE_HOME/crosschip, ~/.cache/crosschip): publishing again draws and resamples only what changed. "
         "Of a large publication it takes up to 100 MB. It may be deleted at any time: the published files are the "
         "same without it.\n\nWith --git the publication "
         "becomes a "
         "commit on "
         "a branch of REPO, with a message that says what is new; nothing else of the repository changes, and nothing "
         "is pushed. A branch that does not exist begins at the commit that is checked out.",
     .example = "crosschip-analyze publish reports\n"
                "crosschip-analyze publish --git ~/results --branch published reports",
     .options = publish_options,
     .least_arguments = 1,
     .most_arguments = -1,
     .run = verb_publish},
    {.name = "verify-publication",
     .arguments = "DIR",
     .summary = "compare a published folder with its snapshot.json",
     .description =
         "Every file is hashed and compared with the list of the snapshot, and that list with its own hash. Exits 0 "
         "when all "
         "is as published, 1 when something differs or is missing. A folder without a snapshot.json is only looked "
         "through for missing files.",
     .example = "crosschip-analyze publish --snapshot 2026-11 reports\ncrosschip-analyze verify-publication reports",
     .options = NULL,
     .least_arguments = 1,
     .most_arguments = 1,
     .run = verb_verify_publication},
    {.name = NULL},
};

static const struct program program = {
    .name = "crosschip-analyze",
    .summary = "compares chips from collected benchmark results and publishes them",
    .description =
        "Works on the private database of crosschip-collector (started and stopped when no collector runs), on any "
        "PostgreSQL by --database, or straight on files.",
    .verbs = verbs,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
