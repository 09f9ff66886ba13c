/* mlperf_log_detail.txt of loadgen since v0.7: a line `:::MLLOG {…}` an entry. Values may hold line ends, and the
 * time of early errors is 2^64 less a little: only entries with known keys are looked at. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/mlperf.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"
#include "schema/json/json.h"

#define MARK ":::MLLOG"

/* The detail log of versions 0.5 and 0.7: settings and errors, a line each, and no figures. */
static bool is_old(struct str text)
{
    return str_starts_with(text, STR("\"pid\": ")) && str_has(text, "ns : LoadgenVersionInfo:");
}

static int detect(const struct format_input *input)
{
    if (is_old(input->text))
        return 95;
    return str_has(input->text, MARK " {") || str_has(input->text, MARK "{") ? 95 : 0;
}

struct detail {
    struct text_log log;
    struct run *run;
    struct mlperf_result result;
    size_t errors;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    struct detail *detail = context;
    size_t begin = (size_t)(detail->log.line.data - detail->log.text.data);
    reading_add_private(detail->log.reading, begin + offset, length, kind);
}

/* The entry of the current line stays; the source file that it names may lie below a home folder. */
static void keep(struct detail *detail)
{
    text_log_keep(&detail->log);
    reader_find_private(detail->log.line, mark, detail);
}

static void take_word(struct detail *detail, const struct json *value, char *target, size_t size)
{
    const char *text = json_string(value);
    if (text == NULL || reader_is_placeholder(text))
        return;
    mlperf_copy(target, size, str_of(text));
    keep(detail);
}

static int take_figure(struct detail *detail, const char *name, const struct json *value, struct err *err)
{
    if (!json_is(value, JSON_NUMBER) && !json_is(value, JSON_NOT_FINITE)) {
        err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(value)));
        err_path(err, "value");
        return err_at(err, detail->log.number, 0);
    }
    mlperf_set(&detail->result, name, json_number(value));
    keep(detail);
    return 0;
}

static int take_entry(struct detail *detail, const char *key, const struct json *entry, struct err *err)
{
    struct mlperf_result *result = &detail->result;
    const struct json *value = json_get(entry, "value");
    char name[sizeof result->figures[0].name];
    if (strcmp(key, "effective_scenario") == 0) {
        take_word(detail, value, result->scenario, sizeof result->scenario);
    } else if (strcmp(key, "effective_test_mode") == 0) {
        take_word(detail, value, result->mode, sizeof result->mode);
    } else if (strcmp(key, "result_validity") == 0) {
        take_word(detail, value, result->validity, sizeof result->validity);
    } else if (strcmp(key, "loadgen_version") == 0 && json_string(value) != NULL) {
        detail->log.reading->tool_version = reader_text(&detail->log.reading->arena, str_of(json_string(value)));
        keep(detail);
    } else if (strcmp(key, "test_datetime") == 0 && json_string(value) != NULL) {
        reader_set_time(&detail->log.reading->arena, detail->run, json_string(value));
        keep(detail);
    } else if (text_starts_with(key, "result_") &&
               mlperf_figure_name(str_of(key + strlen("result_")), name, sizeof name)) {
        return take_figure(detail, name, value, err);
    } else if (text_starts_with(key, "effective_") && json_is(value, JSON_NUMBER) && strstr(key, "seed") == NULL) {
        parameters_set_number(&detail->log.reading->arena, &detail->run->setup, key + strlen("effective_"),
                              json_number(value));
        keep(detail);
    }
    return 0;
}

/* Errors of the configuration and of the run, as loadgen calls them. */
static void count_error(struct detail *detail, const char *key)
{
    struct reading *reading = detail->log.reading;
    if (detail->errors++ < 20)
        reading_add_problem(reading, "", detail->log.number, 0, "loadgen reports the error %.60s", key);
    flags_add(&reading->arena, &detail->run->flags, "errors");
    keep(detail);
}

static bool is_wanted(struct str key)
{
    return str_starts_with(key, STR("result_")) || str_starts_with(key, STR("effective_")) ||
           str_equal(key, STR("loadgen_version")) || str_equal(key, STR("test_datetime"));
}

static int read_entry(struct detail *detail, struct err *err)
{
    struct str line = detail->log.line, value, key;
    size_t open = str_find(line, STR("{"), 0), at = 0;
    if (open == SIZE_MAX)
        return 0;
    struct str object = str_slice(line.data + open, line.len - open);
    if (!raw_json_member(object, "key", &value) || !raw_json_next_string(value, &at, &key) || key.len > 80)
        return 0;
    char name[81];
    mlperf_copy(name, sizeof name, key);
    if (str_has(object, "\"is_error\": true") || str_has(object, "\"is_error\":true")) {
        count_error(detail, name);
        return 0;
    }
    if (!is_wanted(key))
        return 0;
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    struct err inner = {0};
    if (json_read_tolerant(object, &offset, &json_limits_tool, &document, &inner) <= 0) {
        err_set(err, ERR_SYNTAX, "the entry %.60s breaks off or is not valid JSON", name);
        return err_at(err, detail->log.number, 0);
    }
    return take_entry(detail, name, json_root(document), err);
}

static int read_detail(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct detail detail = {0};
    int result = text_log_open(&detail.log, &format_mlperf_detail, input, into, err);
    if (result < 0)
        return result;
    struct reading *reading = detail.log.reading;
    detail.run = reading_add_run(reading);
    if (detail.run == NULL)
        return mem_error(err);
    while (result == 0 && text_log_next(&detail.log))
        if (str_starts_with(detail.log.line, STR(MARK)))
            result = read_entry(&detail, err);
    if (is_old(input->text)) {
        reading->run_count = 0;
        reading_add_problem(
            reading, "", 0, 0,
            "a detail log of loadgen 0.5 or 0.7 states no figures: send mlperf_log_summary.txt beside it");
    } else if (mlperf_measure(reading, detail.run, &detail.result))
        mlperf_set_place(reading, detail.run, input);
    else
        reading->run_count = 0;
    reader_tell_no_chip(reading);
    int closed = text_log_close(&detail.log, NULL, result < 0 ? NULL : err);
    return result < 0 ? result : closed;
}

const struct format format_mlperf_detail = {
    .name = "mlperf-detail",
    .tool = MLPERF_TOOL,
    .summary = "mlperf_log_detail.txt of loadgen",
    .version = 1,
    .detect = detect,
    .read = read_detail,
};
