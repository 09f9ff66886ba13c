/* example_results_*.json of the VLM partitioner's run_all_examples.py: by mode,
 * whether it went well, how long the whole process took, and all that it
 * printed. Of that only the memory figures are read; the rest is private. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/formats/printed.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/tool_json.h"
#include "schema/formats/vlm_partitioner.h"

static bool mentions(struct str object)
{
    bool mode = str_has(object, "\"original\"") || str_has(object, "\"split_native\"") ||
                str_has(object, "\"run_onnx\"") || str_has(object, "\"convert_onnx\"") ||
                str_has(object, "\"save_standalone\"");
    return mode && str_has(object, "\"success\"") && str_has(object, "\"timestamp\"") && str_has(object, "\"error\"");
}

static bool is_document(const struct json *root)
{
    for (const struct json *mode = json_first(root); mode != NULL; mode = json_next(mode))
        if (vlm_is_mode(json_key(mode)) && json_is(json_get(mode, "success"), JSON_BOOLEAN))
            return true;
    return false;
}

/* ---------------------------------------------------------------- what a mode printed */

static const struct {
    const char *label, *metric;
} memories[] = {
    {"CPU Memory:", "memory_increase"},
    {"GPU Memory:", "gpu_memory_increase"},
    {"GPU Peak:", "gpu_peak_memory"},
};

struct printed_memory {
    double values[ARRAY_LENGTH(memories)]; /* the last of each kind: that of the whole mode */
};

/* Pictographs, as they are or as \uXXXX, and blanks. */
static struct str behind_symbols(struct str line)
{
    while (line.len > 0) {
        size_t length = (unsigned char)line.data[0] >= 0x80 || line.data[0] == ' ' ? 1 : 0;
        if (length == 0 && line.len >= 6 && line.data[0] == '\\' && line.data[1] == 'u')
            length = 6;
        if (length == 0)
            break;
        line = str_slice(line.data + length, line.len - length);
    }
    return line;
}

/* "CPU Memory: 150.25 MB" */
static bool take_memory(struct str line, struct printed_memory *memory)
{
    line = behind_symbols(line);
    for (size_t i = 0; i < ARRAY_LENGTH(memories); i++)
        if (printed_figure(line, memories[i].label, "MB", &memory->values[i]))
            return true;
    return false;
}

static bool is_rule(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] != '=')
            return false;
    return true;
}

/* Lines of a literal end with the escape \n. */
static void read_output(const struct tool_document *document, const struct json *value, struct reading *reading,
                        struct printed_memory *memory)
{
    size_t offset = 0, length = 0;
    if (document->closed || !json_span(document->parsed, value, &offset, &length))
        return;
    struct str rest = str_slice(document->text.data + offset, length);
    while (rest.len > 0) {
        size_t end = 0;
        while (end < rest.len && !(rest.data[end] == '\\' && end + 1 < rest.len && rest.data[end + 1] == 'n'))
            end += rest.data[end] == '\\' && end + 1 < rest.len ? 2 : 1;
        struct str line = str_slice(rest.data, end);
        if (!is_rule(line) && !take_memory(line, memory))
            reading_add_private(reading, document->begin + (size_t)(line.data - document->text.data), line.len,
                                PRIVATE_TEXT);
        size_t next = end + 2 < rest.len ? end + 2 : rest.len;
        rest = str_slice(rest.data + next, rest.len - next);
    }
}

static void hide(const struct tool_document *document, const struct json *value, struct reading *reading)
{
    size_t offset = 0, length = 0;
    if (!document->closed && json_span(document->parsed, value, &offset, &length) && length > 0)
        reading_add_private(reading, document->begin + offset, length, PRIVATE_TEXT);
}

/* ---------------------------------------------------------------- modes */

static int read_mode(const struct tool_document *document, const struct json *mode, const char *path,
                     struct reading *reading, struct err *err)
{
    struct printed_memory memory = {{MISSING, MISSING, MISSING}};
    double duration = MISSING;
    bool not_finite = false;
    const char *timestamp = NULL;
    int code = json_member_string(mode, path, "timestamp", JSON_OPTIONAL, &timestamp, err);
    if (code == 0)
        code = reader_member_figure(mode, path, "duration", &duration, &not_finite, err);
    hide(document, json_get(mode, "error"), reading);
    read_output(document, json_get(mode, "output"), reading, &memory);
    if (code < 0)
        return code;
    if (!json_boolean(json_get(mode, "success"), false)) {
        reading_add_problem(reading, path, 0, 0, "this mode failed: nothing was measured");
        return 0;
    }
    if (isnan(duration) && !not_finite) {
        reading_add_problem(reading, path, 0, 0, "mode left out: it states no duration");
        return 0;
    }
    struct run *run = vlm_add_run(reading, path);
    if (run == NULL)
        return 0;
    run->workload.task = "example";
    if (timestamp != NULL && !reader_set_time(&reading->arena, run, timestamp))
        reading_add_problem(reading, path, 0, 0, "\"%.40s\" is not a time", timestamp);
    figure_add_value(reading, run, "duration", "s", not_finite ? (double)INFINITY : duration);
    for (size_t i = 0; i < ARRAY_LENGTH(memories); i++)
        if (!isnan(memory.values[i]))
            figure_add_value(reading, run, memories[i].metric, "MiB", memory.values[i]);
    return 0;
}

static int read_document(const struct tool_document *document, struct reading *reading, struct err *err)
{
    int code = 0;
    for (const struct json *mode = json_first(document->root); code == 0 && mode != NULL; mode = json_next(mode)) {
        char path[84];
        text_copy(path, sizeof path, json_key(mode));
        if (json_is(mode, JSON_OBJECT))
            code = read_mode(document, mode, path, reading, err);
        else
            reading_add_problem(reading, path, 0, 0, "field left out: it is no mode of the tool");
    }
    vlm_finish(reading, document->input->name);
    return code;
}

static const struct tool_json tool = {
    .format = &format_vlm_partitioner_examples,
    .mentions = mentions,
    .is_document = is_document,
    .read = read_document,
};

static int detect(const struct format_input *input)
{
    return mentions(input->text) && tool_json_mentioned(&tool, input->text) ? 86 : 0;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return tool_json_read(&tool, input, into, err);
}

const struct format format_vlm_partitioner_examples = {
    .name = "vlm-partitioner-examples-json",
    .tool = VLM_PARTITIONER_TOOL,
    .summary = "the durations of the VLM partitioner's examples",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
