#include "schema/formats/no_result.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/mem.h"

static bool begins(struct str text, const char *bytes, size_t length)
{
    return text.len >= length && memcmp(text.data, bytes, length) == 0;
}

static bool is_picture(struct str text)
{
    return begins(text, "\x89PNG", 4) || begins(text, "\xff\xd8\xff", 3) || begins(text, "GIF8", 4) ||
           begins(text, "%PDF-", 5) ||
           (begins(text, "RIFF", 4) && str_has(str_slice(text.data, text.len < 16 ? text.len : 16), "WEBP")) ||
           (text.len > 12 && memcmp(text.data + 4, "ftyp", 4) == 0);
}

/* Results.MD of ANEMLL-Bench: typed by hand from what people sent. Its times are of another model than its bandwidths,
 * and neither is named beside the figure. */
static bool is_anemll_page(struct str text)
{
    return str_has(text, "ANEMLL") && str_has(text, "Memory Bandwidth (GB/s)") &&
           str_has(text, "Inference Time (ms)") && str_has(text, "| Chip") && !str_has(text, "system_info");
}

/* get_system_info() of ANEMLL-Bench alone. */
static bool is_anemll_machine(struct str text)
{
    return str_has(text, "\"python_version\"") && str_has(text, "\"neural_engine\"") && str_has(text, "\"total_gb\"") &&
           !str_has(text, "\"results\"") && !str_has(text, "inference_time_ms");
}

static bool is_notebook(struct str text)
{
    return str_has(text, "\"nbformat\"") && str_has(text, "\"cells\"");
}

/* llama-cli and its like: what one conversation took, in the time of one machine. */
static bool is_llama_timings(struct str text)
{
    return (str_has(text, "llama_print_timings:") || str_has(text, "llama_perf_context_print:")) &&
           str_has(text, "eval time");
}

static bool is_accuracy_console(struct str text)
{
    return str_has(text, "Mode: AccuracyOnly") || str_has(text, "TestMode.AccuracyOnly") ||
           str_has(text, "accuracy_mode: True");
}

static bool is_schema(struct str text)
{
    return str_has(text, "\"$schema\"") && str_has(text, "json-schema.org");
}

static bool is_database(struct str text)
{
    return begins(text, "SQLite format 3", 15) || begins(text, "PAR1", 4);
}

/* result-file-to-json, -to-csv and -to-text of the Phoronix Test Suite: made from the composite.xml beside them. */
static bool is_phoronix_export(struct str text)
{
    bool json = str_has(text, "\"display_format\"") && str_has(text, "\"proportion\"") && str_has(text, "\"systems\"");
    bool table = str_has(text, "\",HIB,") || str_has(text, "\",LIB,");
    bool bars = (str_has(text, "> Higher Is Better") || str_has(text, "< Lower Is Better")) && str_has(text, " |==");
    return json || table || bars;
}

static const struct kind {
    bool (*is)(struct str text);
    const char *text, *hint;
} kinds[] = {
    {is_picture, "this is a picture: no figure can be read off it with certainty",
     "send the text, JSON or CSV that the benchmark wrote, or paste its output into a file"},
    {is_database, "this is a database file, not the output of a benchmark",
     "write the results as JSON or CSV with the tool that made them (llama-bench -o sql | sqlite3: send the .sql)"},
    {is_schema, "this is a JSON Schema: it describes results and holds none", "send a file that the schema describes"},
    {is_anemll_page,
     "this is ANEMLL-Bench's page of published results: typed by hand, without the model of each figure (its times are "
     "of llama_lm_head_lut6, its bandwidths of llama_lm_head) and without who measured it",
     "send the JSON of each submission, or the HTML report that ANEMLL-Bench wrote"},
    {is_anemll_machine, "these are the facts of a machine (system_info of ANEMLL-Bench): nothing was measured",
     "send the report or the JSON with \"results\" in it"},
    {is_notebook, "a Jupyter notebook in which no table of llama-bench stands",
     "run llama-bench in it, or save the benchmark's own output as a file"},
    {is_llama_timings, "these are the timings of one conversation (llama_print_timings), not of a benchmark",
     "measure with llama-bench, which repeats the same work: llama-bench -m MODEL -o json"},
    {is_phoronix_export, "this is an export of the Phoronix Test Suite, made from its result file",
     "send that file: composite.xml in ~/.phoronix-test-suite/test-results/NAME/"},
    {is_accuracy_console, "an accuracy run of MLPerf Inference: it has no figures of speed",
     "send the output of the performance run"},
};

bool no_result_explain(struct str text, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (!kinds[i].is(text))
            continue;
        err_set(err, ERR_DATA, "%s", kinds[i].text);
        err_hint(err, "%s", kinds[i].hint);
        return true;
    }
    return false;
}
