#include "schema/formats/formats.h"

#include <string.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/formats/foreign.h"
#include "schema/formats/no_result.h"
#include "schema/formats/quoted_output.h"
#include "schema/formats/readers.h"
#include "schema/formats/several_tools.h"
#include "schema/json/json.h"

const struct format *const formats_all[] = {
#define READER(name) &(name),
#include "schema/formats/group_llm.inc"
#include "schema/formats/group_seeds.inc"
#include "schema/formats/group_general.inc"
#undef READER
    NULL,
};

void reading_list_done(struct reading_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        reading_free(list->items[i]);
    free(list->items);
    *list = (struct reading_list){0};
}

int reading_list_add(struct reading_list *list, struct reading *reading, struct err *err)
{
    if (reading == NULL)
        return mem_error(err);
    int result = mem_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items);
    if (result < 0) {
        reading_free(reading);
        return mem_error(err);
    }
    list->items[list->count++] = reading;
    return 0;
}

const struct format *formats_by_name(const char *name)
{
    for (size_t i = 0; formats_all[i] != NULL; i++)
        if (strcmp(formats_all[i]->name, name) == 0)
            return formats_all[i];
    return NULL;
}

/* The surest one; how sure each is, in the order of formats_all. */
static const struct format *detect(const struct format_input *input, int *confidences)
{
    const struct format *surest = NULL;
    int most = 0;
    for (size_t i = 0; formats_all[i] != NULL; i++) {
        confidences[i] = formats_all[i]->detect(input);
        if (confidences[i] > most) {
            most = confidences[i];
            surest = formats_all[i];
        }
    }
    return surest;
}

const struct format *formats_detect(const struct format_input *input)
{
    int confidences[ARRAY_LENGTH(formats_all)];
    return detect(input, confidences);
}

/* A file that was cut off early often lacks the fields by which its format is known: where the JSON breaks then
 * tells more than that nothing was recognised. 0 when the text is whole JSON, or does not begin as JSON. */
static int broken_json(struct str text, struct err *err)
{
    const size_t begin = (size_t)(str_trim(text).data - text.data);
    size_t offset = begin;
    int found = 1;
    for (bool first = true; found == 1; first = false) {
        struct json_document *document autojson = NULL;
        found = json_read_tolerant(text, &offset, &json_limits_tool, &document, err);
        if (first && found < 0 && offset != begin)
            return 0;
    }
    if (found == 0)
        return 0;
    return err_hint(err, "it looks like a part of a file: run the benchmark again, or copy its output whole");
}

#define QUOTED_HINT "take it out and send that: jq -r '%s' FILE | crosschip-submit send -"

/* A format was seen through the escapes of a string, and nothing could be read. */
static void tell_of_quoted(struct str text, const struct reading_list *list, size_t before)
{
    struct quoted_output quoted;
    for (size_t i = before; i < list->count; i++)
        if (list->items[i]->run_count > 0)
            return;
    if (list->count > before && quoted_output_find(text, &quoted))
        reading_add_problem(list->items[before], quoted.path, 0, 0,
                            "this string holds what a benchmark printed (%s): " QUOTED_HINT, quoted.format,
                            quoted.path);
}

static int unknown_input(struct str text, struct err *err)
{
    if (str_trim(text).len == 0) {
        err_set(err, ERR_DATA, "the file is empty");
        return err_hint(err, "give the output of a benchmark program; `crosschip-submit formats` lists the known ones");
    }
    if (no_result_explain(text, err))
        return -ERR_DATA;
    const char first = str_trim(text).data[0];
    if ((first == '{' || first == '[') && broken_json(text, err) < 0)
        return err == NULL ? -ERR_SYNTAX : -(int)err->code;
    struct quoted_output quoted;
    if (quoted_output_find(text, &quoted)) {
        err_set(err, ERR_DATA, "a string of this JSON (%s) holds what a benchmark printed (%s)", quoted.path,
                quoted.format);
        return err_hint(err, QUOTED_HINT, quoted.path);
    }
    if (foreign_explain(text, err))
        return -ERR_DATA;
    err_set(err, ERR_DATA, "no known benchmark output was recognised");
    return err_hint(
        err,
        "`crosschip-submit formats` lists what can be read; `crosschip-submit send --format NAME` takes one of them");
}

int formats_read(const char *file_path, struct str decoded, const char *format_name, const struct format **ret_format,
                 struct reading_list *into, struct err *err)
{
    struct format_input input = {.path = file_path, .text = decoded};
    input.name = file_path != NULL ? file_base_name(file_path) : NULL;
    int confidences[ARRAY_LENGTH(formats_all)];
    const struct format *format = NULL;
    if (format_name != NULL) {
        format = formats_by_name(format_name);
        if (format == NULL) {
            err_set(err, ERR_USAGE, "no format is named %.60s", format_name);
            return err_hint(err, "`crosschip-submit formats` lists the names");
        }
    } else {
        format = detect(&input, confidences);
    }
    if (format == NULL)
        return unknown_input(decoded, err);
    *ret_format = format;
    const size_t before = into->count;
    int result = format->read(&input, into, err);
    if (result < 0 || format_name != NULL)
        return result;
    result = several_tools_read(&input, format, confidences, into, err);
    tell_of_quoted(decoded, into, before);
    return result;
}
