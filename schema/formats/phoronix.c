/* composite.xml (and test-N.xml) of the Phoronix Test Suite: <System> says what a machine is, <Result> what was
 * measured on it, an <Entry> for each system. Systems of equal hardware and software are one machine; each machine is a
 * reading. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/phoronix.h"
#include "schema/formats/reader.h"

#define SAMPLES_MAX ((size_t)100000)

static const char *const roots[] = {"PhoronixTestSuite", NULL};

static int detect(const struct format_input *input)
{
    /* Test profiles and suites have the same root, and no result. */
    if (xml_documents_find(input->text, 0, roots) == SIZE_MAX)
        return 0;
    return str_find(input->text, STR("<Result>"), 0) != SIZE_MAX ? 95 : 0;
}

/* ---------------------------------------------------------------- one entry */

/* Half of the last decimal that a number was printed with. */
static double rounding_of(const char *text)
{
    const char *point = strchr(text, '.');
    double half = 0.5;
    for (const char *at = point == NULL ? "" : point + 1; *at >= '0' && *at <= '9'; at++)
        half /= 10;
    return half;
}

/* "30.27:29.61:29.64", of graphs over time with commas: the samples in their order. */
static void take_samples(struct reading *reading, const char *raw, struct stated_figures *stated)
{
    size_t capacity = 0, count = 0;
    double *samples = NULL;
    struct str rest = str_of(raw), field;
    while (count < SAMPLES_MAX && str_next_field(&rest, ':', &field)) {
        double value = MISSING;
        if (str_trim(field).len == 0)
            continue;
        if (!whole_number(field, &value))
            return;
        samples = arena_grow(&reading->arena, samples, &capacity, count + 1, sizeof *samples);
        if (samples == NULL)
            return;
        samples[count++] = value;
    }
    stated->samples = samples;
    stated->sample_count = count;
}

static enum direction direction_of(const struct xml_element *result)
{
    const char *proportion = xml_child_text(result, "Proportion");
    return text_equal_ignore_case(proportion, "HIB")   ? DIRECTION_HIGHER
           : text_equal_ignore_case(proportion, "LIB") ? DIRECTION_LOWER
                                                       : DIRECTION_UNKNOWN;
}

/* The samples bear the value out as far as it was printed: then theirs is the exact mean. */
static bool is_rounded_mean(const struct stated_figures *stated, const char *value)
{
    double mean = 0;
    for (size_t i = 0; i < stated->sample_count; i++)
        mean += stated->samples[i] / (double)stated->sample_count;
    return stated->sample_count > 0 && fabs(mean - stated->mean) <= rounding_of(value) * (1 + 1e-9);
}

static const char *plain(struct reading *reading, const struct xml_element *element, const char *child)
{
    return reader_text(&reading->arena, str_of(xml_child_text(element, child)));
}

static void set_workload(struct reading *reading, struct run *run, const struct xml_element *result)
{
    const char *identifier = plain(reading, result, "Identifier");
    const char *title = plain(reading, result, "Title");
    const char *version = plain(reading, result, "AppVersion"), *arguments = plain(reading, result, "Arguments");
    run->workload.task = identifier != NULL ? identifier : title;
    run->workload.category = plain(reading, result, "Description");
    if (title != NULL)
        labels_add(&reading->arena, &run->labels, "title", title);
    if (version != NULL)
        (void)parameters_set_word(&reading->arena, &run->workload.parameters, "version", version);
    if (arguments != NULL)
        (void)parameters_set_word(&reading->arena, &run->workload.parameters, "arguments", arguments);
}

static void add_figures(struct reading *reading, struct run *run, const struct xml_element *result, double value,
                        const struct xml_element *entry)
{
    struct given_figures given = GIVEN_FIGURES;
    const char *scale = plain(reading, result, "Scale");
    const char *metric = phoronix_metric_of(scale, &given.unit);
    given.direction = direction_of(result);
    given.stated.mean = value;
    given.stddev_kind = STDDEV_SAMPLE;
    take_samples(reading, xml_child_text(entry, "RawString"), &given.stated);
    if (is_rounded_mean(&given.stated, xml_child_text(entry, "Value")))
        given.stated.mean = MISSING;
    if (metric == NULL)
        metric = given.direction == DIRECTION_HIGHER && scale != NULL ? "score" : "value";
    struct measurement *measurement = figures_add(reading, run, metric, &given);
    if (measurement == NULL)
        return;
    if (measurement->original_unit != NULL || !text_equal(given.unit, scale)) {
        measurement->original_unit = scale;
        measurement->original_value = value;
    }
    if (given.direction != DIRECTION_UNKNOWN && measurement->direction != given.direction)
        flags_add(&reading->arena, &run->flags, "direction_contradicts_unit");
    if (measurement->direction == DIRECTION_UNKNOWN)
        reading_add_problem(reading, run->workload.task, result->line, 0,
                            "the file does not say which direction of %s is better", *given.unit ? given.unit : "it");
}

static void add_entry(const struct xml_document *document, const struct phoronix_machine *machine,
                      const struct xml_element *result, const struct xml_element *entry)
{
    struct reading *reading = document->reading;
    if (xml_child(entry, "JSON") != NULL) /* options of a compiler hold paths */
        xml_document_private_text(document, xml_child(entry, "JSON"), PRIVATE_TEXT);
    const char *text = xml_child_text(entry, "Value"), *name = xml_child_text(result, "Identifier");
    double value = MISSING;
    if (!whole_number(str_of(text), &value)) {
        reading_add_problem(reading, *name != '\0' ? name : xml_child_text(result, "Title"), entry->line, 0, "%s",
                            str_trim(str_of(text)).len == 0
                                ? "no value: the test failed or was not run"
                                : "the value is no number: a graph, a picture or a verdict");
        return;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    const struct xml_element *system = phoronix_system_of(machine, xml_child_text(entry, "Identifier"));
    const char *identifier = plain(reading, entry, "Identifier");
    set_workload(reading, run, result);
    if (identifier != NULL)
        labels_add(&reading->arena, &run->labels, "identifier", identifier);
    if (system != NULL)
        (void)reader_set_time(&reading->arena, run, xml_child_text(system, "TimeStamp"));
    phoronix_set_software(reading, run, system);
    add_figures(reading, run, result, value, entry);
}

/* ---------------------------------------------------------------- one machine */

/* What of the file belongs to other machines, and what people wrote, stays. */
static void hide(const struct xml_document *document, const struct phoronix_machine *machine)
{
    static const char *const people[] = {"Title",        "Description", "Notes",
                                         "InternalTags", "ReferenceID", "PreSetEnvironmentVariables"};
    const struct xml_element *generated = xml_child(document->root, "Generated");
    for (size_t i = 0; i < ARRAY_LENGTH(people); i++)
        if (xml_child(generated, people[i]) != NULL)
            xml_document_private_text(document, xml_child(generated, people[i]), PRIVATE_TEXT);
    for (const struct xml_element *system = xml_child(document->root, "System"); system != NULL;
         system = xml_sibling(system, "System")) {
        if (!phoronix_has_system(machine, system)) {
            xml_document_private_element(document, system);
            continue;
        }
        const struct xml_element *user = xml_child(system, "User"), *notes = xml_child(system, "Notes"),
                                 *json = xml_child(system, "JSON");
        if (user != NULL)
            xml_document_private_text(document, user, PRIVATE_USER);
        if (notes != NULL)
            xml_document_private_text(document, notes, PRIVATE_TEXT);
        if (json != NULL)
            xml_document_private_text(document, json, PRIVATE_TEXT);
    }
}

static void read_results(const struct xml_document *document, const struct phoronix_machine *machine)
{
    for (const struct xml_element *result = xml_child(document->root, "Result"); result != NULL;
         result = xml_sibling(result, "Result")) {
        const struct xml_element *data = xml_child(result, "Data");
        for (const struct xml_element *entry = xml_child(data, "Entry"); entry != NULL;
             entry = xml_sibling(entry, "Entry")) {
            if (machine->systems[0] != NULL && phoronix_system_of(machine, xml_child_text(entry, "Identifier")) == NULL)
                xml_document_private_element(document, entry);
            else
                add_entry(document, machine, result, entry);
        }
    }
}

static int read_machine(struct xml_document *document, const struct phoronix_machine *machine,
                        struct reading_list *into, struct err *err)
{
    int r = xml_document_open(document, err);
    if (r < 0)
        return r;
    struct reading *reading = document->reading;
    phoronix_set_device(reading, machine->systems[0]);
    reading->tool_version =
        phoronix_version(reading, xml_child_text(xml_child(document->root, "Generated"), "TestClient"));
    if (reading->tool_version == NULL)
        reading->tool_version = plain(reading, machine->systems[0], "TestClientVersion");
    hide(document, machine);
    read_results(document, machine);
    return xml_document_close(document, 0, "the file holds no result", into, err);
}

static int read_root(struct xml_document *document, struct reading_list *into, struct err *err)
{
    struct phoronix_machine *machines = NULL;
    size_t count = 0;
    int r = phoronix_machines(document->root, document->tree, &machines, &count, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        r = read_machine(document, &machines[i], into, err);
    return r;
}

static int read_phoronix(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return xml_documents_read(&format_phoronix_composite, input, roots, read_root, into, err);
}

const struct format format_phoronix_composite = {
    .name = "phoronix-composite",
    .tool = "Phoronix Test Suite",
    .summary = "composite.xml of the Phoronix Test Suite",
    .version = 1,
    .detect = detect,
    .read = read_phoronix,
};
