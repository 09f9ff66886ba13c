#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/bundle/bundle.h"
#include "schema/bundle/fields.h"
#include "schema/proof/hash.h"

static int refuse(struct err *err, const char *path, const char *key, const char *text)
{
    (void)err_set(err, ERR_DATA, "%s", text);
    return err_path(err, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
}

/* A text of one or (notes) several lines without characters that act; NULL is fine. */
static int check_text(struct err *err, const char *path, const char *key, const char *text, bool note)
{
    if (text == NULL)
        return 0;
    size_t length = strlen(text), points = 0;
    if (length > (note ? BUNDLE_NOTE_BYTES_MAX : BUNDLE_NAME_BYTES_MAX))
        return refuse(err, path, key, note ? "a text of more than 4096 bytes" : "a name of more than 128 bytes");
    int combining = 0;
    for (const char *at = text, *end = text + length; at < end; points++) {
        uint32_t point = 0;
        if (*at >= ' ' && *at < 0x7F) { /* most of them */
            combining = 0;
            at++;
            continue;
        }
        size_t size = utf8_decode(at, end, &point);
        if (size == 0 || (utf8_is_unsafe(point) && !(note && point == '\n')))
            return refuse(err, path, key, "a character that is not allowed here");
        combining = utf8_is_combining(point) ? combining + 1 : 0;
        if (combining > BUNDLE_COMBINING_MAX)
            return refuse(err, path, key, "more than 8 combining marks in a row");
        at += size;
    }
    if (!note && points > BUNDLE_NAME_POINTS_MAX)
        return refuse(err, path, key, "a name of more than 64 characters");
    return 0;
}

static int check_fields(struct err *err, const char *path, const struct field *fields, const void *object)
{
    int result = 0;
    for (const struct field *field = fields; result == 0 && field->key != NULL; field++) {
        if (field->type == FIELD_NAME)
            result = check_text(err, path, field->key, field_name_of(object, field), false);
        else if (field->type == FIELD_COUNT && field_count_of(object, field) < COUNT_UNKNOWN)
            result = refuse(err, path, field->key, "a count below zero");
    }
    return result;
}

static int check_member_name(struct err *err, const char *path, const char *name)
{
    if (text_is_empty(name) || strlen(name) > BUNDLE_KEY_BYTES_MAX)
        return refuse(err, path, "", "a member name that is empty or longer than 64 bytes");
    return check_text(err, path, "", name, false);
}

/* Words obey parameters_set_word; here only what another writer of the list could break. */
static int check_parameters(struct err *err, const char *path, const struct parameter_list *list)
{
    if (list->count > BUNDLE_PARAMETERS_MAX)
        return refuse(err, path, "", "more than 256 entries");
    int result = 0;
    for (size_t i = 0; result == 0 && i < list->count; i++) {
        const struct parameter *parameter = &list->items[i];
        result = check_member_name(err, path, parameter->name);
        if (result == 0 && parameter->type == PARAMETER_WORD)
            result = check_text(err, path, parameter->name, parameter->word, false);
        if (result == 0 && parameter->type == PARAMETER_NUMBER && !isfinite(parameter->number))
            result = refuse(err, path, parameter->name, "a number that is not finite");
    }
    return result;
}

static int check_labels(struct err *err, const char *path, const struct label_list *list)
{
    if (list->count > BUNDLE_PARAMETERS_MAX)
        return refuse(err, path, "", "more than 256 entries");
    int result = 0;
    for (size_t i = 0; result == 0 && i < list->count; i++) {
        result = check_member_name(err, path, list->items[i].name);
        for (size_t k = 0; result == 0 && k < i; k++)
            if (text_equal(list->items[i].name, list->items[k].name))
                result = refuse(err, path, list->items[i].name, "the same label twice");
        if (result == 0)
            result = check_text(err, path, list->items[i].name, list->items[i].text, true);
    }
    return result;
}

static int check_flags(struct err *err, const char *path, const struct flag_list *flags)
{
    if (flags->count > BUNDLE_PARAMETERS_MAX)
        return refuse(err, path, "flags", "more than 256 entries");
    int result = 0;
    for (size_t i = 0; result == 0 && i < flags->count; i++)
        result = check_text(err, path, "flags", flags->items[i], false);
    return result;
}

static int check_measurement(struct err *err, const char *path, const struct measurement *measurement)
{
    if (text_is_empty(measurement->metric))
        return refuse(err, path, "name", "a metric without a name");
    int result = check_fields(err, path, measurement_fields, measurement);
    return result < 0 ? result : check_flags(err, path, &measurement->flags);
}

/* RFC 3339; a time without zone is read as if it were UTC, for its form only. */
static int check_time(struct err *err, const char *path, const struct run *run)
{
    if (run->ran_at == NULL)
        return 0;
    char text[CLOCK_TEXT_SIZE + 4];
    (void)snprintf(text, sizeof text, "%.38s%s", run->ran_at, run->ran_at_local ? "Z" : "");
    int64_t time = 0;
    if (strlen(run->ran_at) > 38 || !clock_parse(str_of(text), &time))
        return refuse(err, path, "ran_at", "expected a time such as 2026-11-21T07:48:00Z");
    return 0;
}

static int check_run(struct err *err, const char *path, const struct run *run)
{
    char inner[64];
    (void)snprintf(inner, sizeof inner, "%s.workload", path);
    int result = run->chip_count >= 1 ? 0 : refuse(err, path, "chip.count", "a count below one");
    if (result == 0)
        result = check_text(err, path, "chip.name", run->chip_name, false);
    if (result == 0)
        result = check_fields(err, inner, workload_fields, &run->workload);
    (void)snprintf(inner, sizeof inner, "%s.workload.parameters", path);
    if (result == 0)
        result = check_parameters(err, inner, &run->workload.parameters);
    if (result == 0)
        result = check_text(err, path, "variant", run->variant, false);
    if (result == 0)
        result = check_time(err, path, run);
    (void)snprintf(inner, sizeof inner, "%s.setup", path);
    if (result == 0)
        result = check_parameters(err, inner, &run->setup);
    (void)snprintf(inner, sizeof inner, "%s.conditions", path);
    if (result == 0)
        result = check_parameters(err, inner, &run->conditions);
    (void)snprintf(inner, sizeof inner, "%s.labels", path);
    if (result == 0)
        result = check_labels(err, inner, &run->labels);
    return result < 0 ? result : check_flags(err, path, &run->flags);
}

static int check_measurements(struct err *err, const char *path, const struct run *run)
{
    if (run->measurement_count > BUNDLE_METRICS_MAX)
        return refuse(err, path, "metrics", "more than 1000 entries");
    int result = 0;
    for (size_t i = 0; result == 0 && i < run->measurement_count; i++) {
        char inner[64];
        (void)snprintf(inner, sizeof inner, "%s.metrics[%zu]", path, i);
        result = check_measurement(err, inner, &run->measurements[i]);
    }
    return result;
}

static int check_runs(struct err *err, const struct reading *reading)
{
    if (reading->run_count == 0)
        return refuse(err, "", "runs", "no run: nothing was measured");
    if (reading->run_count > BUNDLE_RUNS_MAX) {
        (void)err_set(err, ERR_LIMIT, "more than %zu runs", BUNDLE_RUNS_MAX);
        return err_path(err, "runs");
    }
    int result = 0;
    for (size_t i = 0; result == 0 && i < reading->run_count; i++) {
        char path[32];
        (void)snprintf(path, sizeof path, "runs[%zu]", i);
        result = check_run(err, path, &reading->runs[i]);
        if (result == 0)
            result = check_measurements(err, path, &reading->runs[i]);
    }
    return result;
}

static int check_device(struct err *err, const struct device *device)
{
    int result = check_fields(err, "device", device_fields, device);
    if (result == 0 && (device->core_kind_count > BUNDLE_CHIPS_MAX || device->chip_count > BUNDLE_CHIPS_MAX))
        result = refuse(err, "device", "chips", "more than 256 entries");
    for (size_t i = 0; result == 0 && i < device->core_kind_count; i++)
        result = check_fields(err, "device.core_kinds", core_kind_fields, &device->core_kinds[i]);
    for (size_t i = 0; result == 0 && i < device->chip_count; i++)
        result = check_fields(err, "device.chips", device_chip_fields, &device->chips[i]);
    return result < 0 ? result : check_parameters(err, "device.extra", &device->extra);
}

static int check_binding(struct err *err, const struct bundle *bundle)
{
    struct sha256 commitment, replaced;
    unsigned char run_id[16];
    if (bundle->licence != NULL && !text_equal(bundle->licence, BUNDLE_LICENCE))
        return refuse(err, "consent", "licence", "expected the licence " BUNDLE_LICENCE);
    if (bundle->consent != NULL && bundle->consent[0] == '\0')
        return refuse(err, "consent", "text", "no words of consent");
    if (bundle->withdraw != NULL && !sha256_parse_hex(str_of(bundle->withdraw), &commitment))
        return refuse(err, "", "withdraw", "expected 64 lower-case hexadecimal digits");
    if (bundle->replaces != NULL && !sha256_parse_id(str_of(bundle->replaces), &replaced))
        return refuse(err, "", "replaces", "expected sha256: and 64 lower-case hexadecimal digits");
    if (bundle->run_id != NULL && !hex_decode(str_of(bundle->run_id), run_id, sizeof run_id))
        return refuse(err, "", "run_id", "expected 32 lower-case hexadecimal digits");
    return check_text(err, "consent", "text", bundle->consent, true);
}

static int check_words(struct err *err, const struct bundle *bundle)
{
    const struct reading *reading = bundle->reading;
    if (text_is_empty(reading->format))
        return refuse(err, "format", "name", "no format");
    int result = check_text(err, "format", "name", reading->format, false);
    if (result == 0)
        result = check_text(err, "tool", "name", reading->tool, false);
    if (result == 0)
        result = check_text(err, "tool", "version", reading->tool_version, false);
    if (result == 0)
        result = check_text(err, "", "note", bundle->note, true);
    if (result == 0)
        result = check_text(err, "", "cooling", bundle->cooling, false);
    if (result == 0 && bundle->original.omitted != NULL && !text_equal(bundle->original.omitted, "size"))
        result = refuse(err, "original", "omitted", "expected \"size\"");
    return result;
}

int bundle_validate(const struct bundle *bundle, struct err *err)
{
    int result = check_binding(err, bundle);
    if (result == 0)
        result = check_words(err, bundle);
    if (result == 0)
        result = check_device(err, &bundle->reading->device);
    return result < 0 ? result : check_runs(err, bundle->reading);
}
