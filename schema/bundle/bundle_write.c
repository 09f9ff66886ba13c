#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/bundle/base64.h"
#include "schema/bundle/bundle.h"
#include "schema/bundle/fields.h"
#include "schema/bundle/parts_json.h"
#include "schema/json/json_write.h"

/* Top-level members and runs begin a line of their own, for people who read what is sent. */
static void new_line(struct json_writer *writer)
{
    if (writer->need_comma)
        buf_addc(writer->out, ',');
    writer->need_comma = false;
    buf_addc(writer->out, '\n');
}

static void top_key(struct json_writer *writer, const char *key)
{
    new_line(writer);
    json_write_key(writer, key);
}

static void optional_string(struct json_writer *writer, const char *key, const char *text)
{
    if (text != NULL)
        json_pair_string(writer, key, text);
}

static void write_fields(struct json_writer *writer, const void *object, const struct field *fields)
{
    for (const struct field *field = fields; field->key != NULL; field++) {
        switch (field->type) {
        case FIELD_NAME:
            optional_string(writer, field->key, field_name_of(object, field));
            break;
        case FIELD_COUNT:
            if (field_count_of(object, field) != COUNT_UNKNOWN)
                json_pair_int(writer, field->key, field_count_of(object, field));
            break;
        case FIELD_NUMBER:
            if (isfinite(field_number_of(object, field)))
                json_pair_number(writer, field->key, field_number_of(object, field));
            break;
        }
    }
}

static int compare_parameters(const void *a, const void *b)
{
    return strcmp(((const struct parameter *)a)->name, ((const struct parameter *)b)->name);
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(((const struct label *)a)->name, ((const struct label *)b)->name);
}

static void write_parameters(struct json_writer *writer, const char *key, const struct parameter_list *list)
{
    if (list->count == 0)
        return;
    struct parameter sorted[BUNDLE_PARAMETERS_MAX];
    size_t count = list->count < ARRAY_LENGTH(sorted) ? list->count : ARRAY_LENGTH(sorted);
    memcpy(sorted, list->items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_parameters);
    json_write_key(writer, key);
    json_begin_object(writer);
    for (size_t i = 0; i < count; i++)
        parameter_write_json(writer, &sorted[i]);
    json_end_object(writer);
}

static void write_labels(struct json_writer *writer, const struct label_list *list)
{
    if (list->count == 0)
        return;
    struct label sorted[BUNDLE_PARAMETERS_MAX];
    size_t count = list->count < ARRAY_LENGTH(sorted) ? list->count : ARRAY_LENGTH(sorted);
    memcpy(sorted, list->items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_labels);
    json_write_key(writer, "labels");
    json_begin_object(writer);
    for (size_t i = 0; i < count; i++)
        json_pair_string(writer, sorted[i].name, sorted[i].text);
    json_end_object(writer);
}

static void write_flags(struct json_writer *writer, const struct flag_list *flags)
{
    if (flags->count == 0)
        return;
    json_write_key(writer, "flags");
    json_begin_array(writer);
    for (size_t i = 0; i < flags->count; i++)
        json_write_string(writer, flags->items[i]);
    json_end_array(writer);
}

static void write_device(struct json_writer *writer, const struct device *device)
{
    json_begin_object(writer);
    write_fields(writer, device, device_fields);
    if (device->core_kind_count > 0) {
        json_write_key(writer, "core_kinds");
        json_begin_array(writer);
        for (size_t i = 0; i < device->core_kind_count; i++) {
            json_begin_object(writer);
            write_fields(writer, &device->core_kinds[i], core_kind_fields);
            json_end_object(writer);
        }
        json_end_array(writer);
    }
    if (device->chip_count > 0) {
        json_write_key(writer, "chips");
        json_begin_array(writer);
        for (size_t i = 0; i < device->chip_count; i++) {
            json_begin_object(writer);
            write_fields(writer, &device->chips[i], device_chip_fields);
            json_end_object(writer);
        }
        json_end_array(writer);
    }
    write_parameters(writer, "extra", &device->extra);
    json_end_object(writer);
}

static void write_measurement(struct json_writer *writer, const struct measurement *measurement)
{
    json_begin_object(writer);
    write_fields(writer, measurement, measurement_fields);
    optional_string(writer, "direction", direction_word(measurement->direction));
    optional_string(writer, "stddev_kind", stddev_kind_word(measurement->stddev_kind));
    if (measurement->sample_count > 0) {
        json_write_key(writer, "samples");
        json_begin_array(writer);
        for (size_t i = 0; i < measurement->sample_count; i++)
            json_write_number(writer, measurement->samples[i]);
        json_end_array(writer);
    }
    write_flags(writer, &measurement->flags);
    json_end_object(writer);
}

static void write_run(struct json_writer *writer, const struct run *run)
{
    json_begin_object(writer);
    if (run->chip_name != NULL || run->chip_count != 1) {
        json_write_key(writer, "chip");
        json_begin_object(writer);
        optional_string(writer, "name", run->chip_name);
        json_pair_int(writer, "count", run->chip_count);
        json_end_object(writer);
    }
    json_write_key(writer, "workload");
    json_begin_object(writer);
    write_fields(writer, &run->workload, workload_fields);
    write_parameters(writer, "parameters", &run->workload.parameters);
    json_end_object(writer);
    optional_string(writer, "variant", run->variant);
    optional_string(writer, "ran_at", run->ran_at);
    write_parameters(writer, "setup", &run->setup);
    write_parameters(writer, "conditions", &run->conditions);
    write_labels(writer, &run->labels);
    json_write_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < run->measurement_count; i++)
        write_measurement(writer, &run->measurements[i]);
    json_end_array(writer);
    write_flags(writer, &run->flags);
    json_end_object(writer);
}

static bool is_plain_text(struct str text)
{
    return utf8_is_valid(text) && memchr(text.data, '\0', text.len) == NULL;
}

static int write_original_text(struct json_writer *writer, struct str text, struct err *err)
{
    bool plain = text.len == 0 || is_plain_text(text);
    json_pair_string(writer, "encoding", plain ? "utf-8" : "base64");
    json_write_key(writer, "text");
    if (plain) {
        json_write_slice(writer, text);
        return 0;
    }
    autobuf struct buf encoded = BUF(BUNDLE_BYTES_MAX * 2);
    base64_encode(text, &encoded);
    if (encoded.failed == ERR_LIMIT) { /* it would not fit anyway: let the document fail the same way */
        writer->out->failed = ERR_LIMIT;
        return 0;
    }
    json_write_slice(writer, str_slice(encoded.data, encoded.len));
    return buf_check(&encoded, err);
}

static int write_original(struct json_writer *writer, const struct bundle_original *original, const char *omitted,
                          struct err *err)
{
    if (original->text.data == NULL && omitted == NULL)
        return 0;
    top_key(writer, "original");
    json_begin_object(writer);
    optional_string(writer, "omitted", omitted);
    json_write_key(writer, "removed");
    json_begin_object(writer);
    for (int kind = 0; kind < REDACT_KINDS; kind++)
        if (original->removed.of[kind] > 0)
            json_pair_int(writer, redact_kind_word((enum private_kind)kind), original->removed.of[kind]);
    json_end_object(writer);
    int result = omitted == NULL ? write_original_text(writer, original->text, err) : 0;
    json_end_object(writer);
    return result;
}

static void write_head(struct json_writer *writer, const struct bundle *bundle)
{
    const struct reading *reading = bundle->reading;
    json_pair_string(writer, "crosschip", BUNDLE_VERSION);
    top_key(writer, "consent");
    json_begin_object(writer);
    json_pair_string(writer, "licence", bundle->licence != NULL ? bundle->licence : BUNDLE_LICENCE);
    json_pair_string(writer, "text", bundle->consent != NULL ? bundle->consent : bundle_consent);
    json_end_object(writer);
    new_line(writer);
    optional_string(writer, "withdraw", bundle->withdraw);
    optional_string(writer, "replaces", bundle->replaces);
    optional_string(writer, "run_id", bundle->run_id);
    json_write_key(writer, "format");
    json_begin_object(writer);
    json_pair_string(writer, "name", reading->format);
    json_pair_int(writer, "reader", reading->reader_version);
    json_end_object(writer);
    if (reading->tool != NULL || reading->tool_version != NULL) {
        top_key(writer, "tool");
        json_begin_object(writer);
        optional_string(writer, "name", reading->tool);
        optional_string(writer, "version", reading->tool_version);
        json_end_object(writer);
    }
    optional_string(writer, "note", bundle->note);
    optional_string(writer, "cooling", bundle->cooling);
}

static int write_document(const struct bundle *bundle, const char *omitted, struct buf *into, struct err *err)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    write_head(&writer, bundle);
    top_key(&writer, "device");
    write_device(&writer, &bundle->reading->device);
    top_key(&writer, "runs");
    json_begin_array(&writer);
    for (size_t i = 0; i < bundle->reading->run_count; i++) {
        new_line(&writer);
        write_run(&writer, &bundle->reading->runs[i]);
    }
    json_end_array(&writer);
    int result = write_original(&writer, &bundle->original, omitted, err);
    buf_addc(into, '\n');
    json_end_object(&writer);
    buf_addc(into, '\n');
    return result < 0 ? result : buf_check(into, err);
}

/* What was written must be what the other side takes: the same reader decides. */
static int check_written(struct str bytes, struct err *err)
{
    autobundle struct bundle back = {0};
    int result = bundle_read(bytes, &back, err);
    if (result == -ERR_LIMIT)
        return err_hint(err, "send the results in parts: fewer runs or without their samples");
    return result;
}

int bundle_write(const struct bundle *bundle, struct buf *into, struct err *err)
{
    int result = bundle_validate(bundle, err);
    if (result < 0)
        return result;
    size_t room = into->max > into->len ? into->max - into->len : 0;
    autobuf struct buf document = BUF(room < BUNDLE_BYTES_MAX ? room : BUNDLE_BYTES_MAX);
    result = write_document(bundle, bundle->original.omitted, &document, err);
    if (result == -ERR_LIMIT && bundle->original.text.data != NULL) {
        buf_reset(&document);
        result = write_document(bundle, "size", &document, err);
    }
    if (result == -ERR_LIMIT)
        return err_hint(err, "send the results in parts: fewer runs or without their samples");
    if (result < 0)
        return result;
    result = check_written(str_slice(document.data, document.len), err);
    if (result < 0)
        return result;
    buf_add(into, document.data, document.len);
    return buf_check(into, err);
}
