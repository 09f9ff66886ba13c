/* systems/<name>.json of an MLPerf submission: the device, without results. Read so that who sends it alone learns
 * why there is nothing to send; with results beside it, it says what they ran on. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/mlperf.h"
#include "schema/formats/reader.h"
#include "schema/formats/records.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "\"accelerator_model_name\"") && str_has(input->text, "\"submitter\"") ? 96 : 0;
}

static const char *text_of(struct record_reader *reader, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    if (text == NULL || text_equal_ignore_case(text, "N/A") || reader_is_placeholder(text))
        return NULL;
    return reader_text(&reader->reading->arena, str_of(text));
}

/* A count, a number or a string of one; COUNT_UNKNOWN. */
static int64_t count_of(const struct json *object, const char *key)
{
    const struct json *value = json_get(object, key);
    double number = MISSING;
    if (json_is(value, JSON_NUMBER))
        number = json_number(value);
    else if (!json_is(value, JSON_STRING) || !number_parse_loose(str_of(json_string(value)), &number))
        return COUNT_UNKNOWN;
    return number >= 1 && number < 1e6 && number_is_integer(number) ? (int64_t)number : COUNT_UNKNOWN;
}

/* "1.5TiB", "192 GB"; NAN when the unit is not stated. */
static double bytes_of(const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    double number = MISSING;
    struct str unit;
    char name[16];
    if (text == NULL || !text_quantity(str_of(text), &number, &unit) || unit.len == 0 || unit.len >= sizeof name)
        return MISSING;
    mlperf_copy(name, sizeof name, unit);
    return number * catalog_unit_factor(name, "B");
}

static void set_chips(struct record_reader *reader, const struct json *object)
{
    struct reading *reading = reader->reading;
    struct device *device = &reading->device;
    const char *accelerator = text_of(reader, object, "accelerator_model_name");
    device->chip = text_of(reader, object, "host_processor_model_name");
    device->cpu_count = count_of(object, "host_processors_per_node");
    if (accelerator == NULL)
        return;
    device->chips = arena_alloc(&reading->arena, 1, sizeof *device->chips);
    if (device->chips == NULL)
        return;
    int64_t count = count_of(object, "accelerators_per_node");
    device->chip_count = 1;
    device->chips[0] = (struct device_chip){
        .name = accelerator,
        .kind = "gpu",
        .count = count == COUNT_UNKNOWN ? 1 : count,
        .cores = COUNT_UNKNOWN,
        .memory_bytes = bytes_of(object, "accelerator_memory_capacity"),
    };
}

static int read_system(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    (void)err;
    if (json_get(object, "accelerator_model_name") == NULL)
        return 0;
    struct device *device = &reader->reading->device;
    set_chips(reader, object);
    device->memory_bytes = bytes_of(object, "host_memory_capacity");
    device->os_name = text_of(reader, object, "operating_system");
    reading_add_problem(reader->reading, path, 0, 0,
                        "a system description without results: send it with the logs of its runs");
    static const char *const used[] = {
        "accelerator_model_name",      "host_processor_model_name", "host_memory_capacity", "operating_system",
        "accelerator_memory_capacity", "host_processors_per_node",  "accelerators_per_node"};
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        bool is_used = false;
        for (size_t i = 0; i < ARRAY_LENGTH(used); i++)
            is_used |= strcmp(json_key(member), used[i]) == 0;
        if (!is_used)
            record_hide(reader, member);
    }
    return 0;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return records_read(&format_mlperf_system, input, into, read_system, err);
}

const struct format format_mlperf_system = {
    .name = "mlperf-system",
    .tool = MLPERF_TOOL,
    .summary = "systems/<name>.json of an MLPerf submission: the device",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
