/* Catch2's XML reporter: <Catch2TestRun> of version 3, <Catch> of version 2 (there with <Group> around the test cases).
 * Benchmarks stand in test cases and their sections; all times are nanoseconds. Catch2 divides by n for the deviation
 * (detail/catch_stats.cpp, standard_deviation). */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/xml_documents.h"
#include "schema/read/xml.h"

static const char *const roots[] = {"Catch2TestRun", "Catch", NULL};

static int detect(const struct format_input *input)
{
    if (xml_documents_find(input->text, 0, roots) == SIZE_MAX)
        return 0;
    return str_find(input->text, STR("<BenchmarkResults"), 0) != SIZE_MAX ? 95 : 40;
}

static double number_of(const struct xml_element *element, const char *name)
{
    const char *text = xml_attribute(element, name);
    double value = MISSING;
    return text != NULL && whole_number(str_of(text), &value) ? value : MISSING;
}

static void set_number(struct reading *reading, struct parameter_list *list, const char *name, double value)
{
    if (value >= 0)
        parameters_set_number(&reading->arena, list, name, value);
}

/* "Test case / section / section": benchmarks of one name in two sections are two. */
static const char *category_of(const struct xml_document *document, const struct xml_element *benchmark)
{
    struct arena *arena = &document->reading->arena;
    const char *path = NULL;
    for (const struct xml_element *at = benchmark->parent; at != NULL; at = at->parent) {
        if (!text_equal(at->name, "TestCase") && !text_equal(at->name, "Section"))
            continue;
        const char *name = xml_document_name(document, at, "name");
        if (name != NULL)
            path = path == NULL ? name : arena_printf(arena, "%s / %s", name, path);
    }
    return path;
}

static void tell(struct reading *reading, const struct xml_element *element, const char *name, const char *what)
{
    reading_add_problem(reading, name == NULL ? "" : name, element->line, 0, "%s", what);
}

static void add_figures(struct reading *reading, struct run *run, const struct xml_element *benchmark)
{
    const struct xml_element *deviation = xml_child(benchmark, "standardDeviation");
    struct given_figures given = GIVEN_FIGURES;
    double samples = number_of(benchmark, "samples");
    given.unit = "ns";
    given.stated.mean = number_of(xml_child(benchmark, "mean"), "value");
    given.stated.stddev = number_of(deviation, "value");
    given.stated.n = samples >= 1 && samples < 1e9 ? (int64_t)samples : COUNT_UNKNOWN;
    given.stddev_kind = STDDEV_POPULATION;
    if (isnan(given.stated.mean))
        given.stated.mean_not_finite = true;
    figures_add(reading, run, "time", &given);
}

static bool has_failed(const struct xml_element *benchmark)
{
    for (const struct xml_element *at = benchmark->parent; at != NULL; at = at->parent)
        if (text_equal(at->name, "TestCase"))
            return text_equal(xml_attribute(xml_child(at, "OverallResult"), "success"), "false");
    return false;
}

static void add_benchmark(const struct xml_document *document, const struct xml_element *benchmark)
{
    struct reading *reading = document->reading;
    const char *name = xml_document_name(document, benchmark, "name");
    const struct xml_element *failed = xml_child(benchmark, "failed");
    if (failed != NULL) {
        xml_document_private(document, failed, "message", PRIVATE_TEXT);
        const char *message = reader_text(&reading->arena, str_of(xml_attribute(failed, "message")));
        reading_add_problem(reading, name == NULL ? "" : name, benchmark->line, 0, "the benchmark failed%s%s",
                            message == NULL ? "" : ": ", message == NULL ? "" : message);
        return;
    }
    if (xml_child(benchmark, "mean") == NULL) {
        tell(reading, benchmark, name, "the benchmark has no mean: it broke off");
        return;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    run->workload.task = name;
    run->workload.category = category_of(document, benchmark);
    set_number(reading, &run->setup, "iterations", number_of(benchmark, "iterations"));
    set_number(reading, &run->setup, "resamples", number_of(benchmark, "resamples"));
    if (has_failed(benchmark))
        flags_add(&reading->arena, &run->flags, "failed");
    add_figures(reading, run, benchmark);
}

/* Whatever else a test run holds: other programs' output, messages, paths of sources. */
static void visit(const struct xml_document *document, const struct xml_element *element)
{
    if (text_equal(element->name, "BenchmarkResults")) {
        add_benchmark(document, element);
        return;
    }
    xml_document_path(document, element, "filename");
    xml_document_private_gaps(document, element);
    if (text_equal(element->name, "Expression") || text_equal(element->name, "Info") ||
        text_equal(element->name, "Warning") || text_equal(element->name, "Failure") ||
        text_equal(element->name, "StdOut") || text_equal(element->name, "StdErr") ||
        text_equal(element->name, "Exception") || text_equal(element->name, "FatalErrorCondition"))
        xml_document_private_text(document, element, PRIVATE_TEXT);
    for (const struct xml_element *child = element->first; child != NULL; child = child->next)
        visit(document, child);
}

static int read_root(struct xml_document *document, struct reading_list *into, struct err *err)
{
    int r = xml_document_open(document, err);
    if (r < 0)
        return r;
    struct arena *arena = &document->reading->arena;
    document->reading->tool_version = reader_text(arena, str_of(xml_attribute(document->root, "catch2-version")));
    visit(document, document->root);
    return xml_document_close(document, 0, "the test run holds no benchmark", into, err);
}

static int read_catch2_xml(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return xml_documents_read(&format_catch2_xml, input, roots, read_root, into, err);
}

const struct format format_catch2_xml = {
    .name = "catch2-xml",
    .tool = "Catch2",
    .summary = "Catch2's XML reporter (-r xml) with benchmarks",
    .version = 1,
    .detect = detect,
    .read = read_catch2_xml,
};
